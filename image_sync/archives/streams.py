"""Streams of members: any place of a member can be read without unpacking what lies before it twice.

A stored member is a stretch of the archive.  A deflated one is unpacked as it is read; every now and then the state of
the unpacking is kept, so that a look back begins there.  What is kept does not grow with the archive: at most
``MOST_STATES`` of some forty KiB.  Nothing is written to the disk.
"""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import threading
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, BinaryIO, Protocol

from image_sync.archives.errors import DamagedMember

MOST_STATES = 256
SPACING = 1 << 20
"""Unpacked bytes between two kept states; it is doubled whenever there would be more than ``MOST_STATES``."""
_PACKED_PIECE, _UNPACKED_PIECE = 64 << 10, 256 << 10
GZIP = 31
RAW_DEFLATE = -15
"""``zlib``'s window bits for a gzip file and for the bare stream of a zip's member."""
_GZIP_MAGIC = b"\x1f\x8b"
_NOT_PLAIN = "its packed data can't be understood"
ENDS_EARLY = "it ends early"


class Source(Protocol):
    """Bytes that can be read from anywhere."""

    def read(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at``, fewer at the end."""


class Stretch:
    """A stretch of an open file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size

    def read(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at``, fewer at the end."""
        count = min(count, self._size - at)
        if count <= 0:
            return b""
        self._file.seek(self._start + at)
        return self._file.read(count)


class States:
    """Kept states of one unpacking, for all who read it; they may be asked from any thread."""

    def __init__(self, begin: Callable[[], Any], spacing: int = SPACING) -> None:
        self._lock = threading.Lock()
        self._begin = begin
        self._spacing = spacing
        self._places: list[int] = []
        self._kept: dict[int, tuple[int, Any]] = {}

    def near(self, place: int) -> tuple[int, int, Any]:
        """The nearest state before ``place``: unpacked place, packed place, and an unpacker that may be used up."""
        with self._lock:
            found = bisect_right(self._places, place)
            if not found:
                return 0, 0, self._begin()
            at = self._places[found - 1]
            packed, state = self._kept[at]
            return at, packed, state.copy()

    def is_far(self, here: int, place: int) -> bool:
        """Whether a kept state is nearer to ``place`` than ``here``, which lies before it."""
        with self._lock:
            found = bisect_right(self._places, place)
            return found > 0 and self._places[found - 1] > here + self._spacing

    def offer(self, place: int, packed: int, state: Any) -> None:
        """Keep the state at ``place`` when it is far enough behind the last one."""
        with self._lock:
            last = self._places[-1] if self._places else 0
            if place < last + self._spacing:
                return
            self._places.append(place)
            self._kept[place] = packed, state.copy()
            if len(self._places) > MOST_STATES:
                self._spacing *= 2
                for gone in self._places[::2]:
                    del self._kept[gone]
                self._places = self._places[1::2]


class Inflating:
    """The unpacked bytes of a deflated stretch, read from anywhere by one thread.

    ``states`` are shared with the others who read the same stretch.  A gzip file may hold several streams, one after
    the other.
    """

    def __init__(self, packed: Source, states: States, *, gzip: bool = False) -> None:
        self._packed, self._states, self._gzip = packed, states, gzip
        self._place, self._fed, self._unpacker = states.near(0)
        self._held, self._held_at = b"", self._place
        self._over = False

    def read(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at``, fewer at the end.  Raises ``DamagedMember``."""
        found: list[bytes] = []
        if not self._held_at <= at <= self._place:
            self._go_to(at)
        while count > 0:
            inside = at - self._held_at
            part = self._held[inside : inside + count] if inside >= 0 else b""
            if part:
                found.append(part)
                at += len(part)
                count -= len(part)
            elif not self._forward():
                break
        return b"".join(found)

    def _go_to(self, at: int) -> None:
        if at < self._held_at or self._states.is_far(self._place, at):
            self._place, self._fed, self._unpacker = self._states.near(at)
            self._over = False
            self._held, self._held_at = b"", self._place
        while self._place < at and self._forward():
            pass

    def _forward(self) -> bool:
        """Unpack some more; whether there was more."""
        while not self._over:
            piece = self._unpacked()
            if piece:
                self._held, self._held_at = piece, self._place
                self._place += len(piece)
                if not self._over and not self._unpacker.eof:
                    self._states.offer(self._place, self._fed, self._unpacker)
                return True
        return False

    def _unpacked(self) -> bytes:
        if self._unpacker.eof:
            self._begin_next()
            return b""
        packed = self._packed.read(self._fed, _PACKED_PIECE)
        try:
            piece: bytes = self._unpacker.decompress(packed, _UNPACKED_PIECE)
        except zlib.error as error:
            raise DamagedMember(_NOT_PLAIN) from error
        self._fed += len(packed) - len(self._unpacker.unconsumed_tail) - len(self._unpacker.unused_data)
        if not packed and not piece and not self._unpacker.eof:
            raise DamagedMember(ENDS_EARLY)
        return piece

    def _begin_next(self) -> None:
        """Go on with the next stream of a gzip file; what else follows is padding."""
        if self._gzip and self._packed.read(self._fed, 2) == _GZIP_MAGIC:
            self._unpacker = zlib.decompressobj(GZIP)
        else:
            self._over = True


class Unpacking:
    """The unpacked bytes of a stretch in a rarer packing: a look back begins at the start again."""

    def __init__(self, packed: Source, begin: Callable[[], Any]) -> None:
        self._packed, self._begin = packed, begin
        self._restart()

    def _restart(self) -> None:
        self._unpacker = self._begin()
        self._fed = self._place = self._held_at = 0
        self._held = b""

    def read(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at``, fewer at the end.  Raises ``DamagedMember``."""
        if at < self._held_at:
            self._restart()
        found = []
        while count > 0:
            inside = at - self._held_at
            part = self._held[inside : inside + count] if inside < len(self._held) else b""
            if part:
                found.append(part)
                at += len(part)
                count -= len(part)
            elif not self._forward():
                break
        return b"".join(found)

    def _forward(self) -> bool:
        while not self._unpacker.eof:
            packed = self._packed.read(self._fed, _PACKED_PIECE) if self._unpacker.needs_input else b""
            if self._unpacker.needs_input and not packed:
                raise DamagedMember(ENDS_EARLY)
            self._fed += len(packed)
            try:
                piece = self._unpacker.decompress(packed, _UNPACKED_PIECE)
            except (OSError, lzma.LZMAError, EOFError, ValueError) as error:
                raise DamagedMember(_NOT_PLAIN) from error
            if piece:
                self._held, self._held_at = piece, self._place
                self._place += len(piece)
                return True
        return False


def lzma_source(packed: Source, count: int) -> tuple[Unpacking, int]:
    """Unpacked bytes of an LZMA member of a zip, and the length of its header (APPNOTE 5.8.8)."""
    head = packed.read(0, 4)
    length = struct.unpack("<H", head[2:4])[0] if len(head) == 4 else 0
    properties = packed.read(4, length)
    if len(properties) < 5:
        raise DamagedMember(_NOT_PLAIN)
    lclppb, size = properties[0], struct.unpack("<L", properties[1:5])[0]
    chosen = {
        "id": lzma.FILTER_LZMA1,
        "dict_size": min(size, 1 << 28),
        "lc": lclppb % 9,
        "lp": lclppb // 9 % 5,
        "pb": lclppb // 45,
    }
    skipped = 4 + length

    class _Behind:
        def read(self, at: int, wanted: int) -> bytes:
            return packed.read(at + skipped, min(wanted, count - skipped - at))

    def begin() -> Any:
        try:
            return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chosen])
        except (lzma.LZMAError, ValueError) as error:
            raise DamagedMember(_NOT_PLAIN) from error

    return Unpacking(_Behind(), begin), skipped


def bzip_source(packed: Source) -> Unpacking:
    """Unpacked bytes of a bzip2 member."""
    return Unpacking(packed, bz2.BZ2Decompressor)


class MemberStream(io.RawIOBase):
    """A member as a binary stream for one thread: never longer than the archive says, and checked when it was read from
    its first byte to its last.  Raises ``DamagedMember``."""

    def __init__(self, source: Source, size: int, crc: int, mtime_ns: int, close: Callable[[], None]) -> None:
        super().__init__()
        self.size, self.mtime_ns = size, mtime_ns
        self._source, self._crc, self._close = source, crc, close
        self._at = 0
        self._summed, self._sum = 0, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is read for that."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def read(self, count: int = -1) -> bytes:
        """``count`` bytes, all that are left for a negative number; fewer only at the end."""
        left = max(0, self.size - self._at)
        wanted = left if count is None or count < 0 else min(count, left)
        data = self._source.read(self._at, wanted) if wanted else b""
        if len(data) < wanted:
            raise DamagedMember(ENDS_EARLY)
        if self._at == self._summed:
            self._sum = zlib.crc32(data, self._sum)
            self._summed += len(data)
            if self._summed == self.size and data and self._sum != self._crc:
                raise DamagedMember("its check sum is wrong")
        self._at += len(data)
        return data

    def readall(self) -> bytes:
        """The rest, whole."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as it goes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def pieces(self, count: int) -> Iterator[bytes]:
        """The rest, in pieces of ``count`` bytes."""
        while piece := self.read(count):
            yield piece

    def close(self) -> None:
        """Let go of the archive."""
        if not self.closed:
            self._close()
        super().close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
