"""Listing and reading of tar archives, plain or compressed with gzip, as Google Takeout offers them.

A tar has no directory: it is read from its beginning to its end once, and of each file the place, the size and the
check sum are taken.  Nothing of it is kept.
"""

from __future__ import annotations

import io
import os
import tarfile
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from image_sync.archives import limits
from image_sync.archives.errors import LOAD_AGAIN, ArchiveError, DamagedMember, NoArchive
from image_sync.archives.left_out import Checkpoint, Why
from image_sync.archives.names import member_path
from image_sync.archives.streams import ENDS_EARLY, GZIP, Inflating, States, Stretch
from image_sync.archives.zip_directory import CUT
from image_sync.base.archive_member import ArchiveMember, Packing

_PIECE = 1 << 20
_MOST_TAPES = 16
_lock = threading.Lock()
_states: OrderedDict[tuple[str, int, int], States] = OrderedDict()

Found = tuple[str, str, ArchiveMember | Why]


def unpacked_tape(file: BinaryIO, path: str, status: os.stat_result) -> Inflating:
    """The unpacked bytes of a compressed tar that is open as ``file``; what one reader finds out serves all."""
    key = path, status.st_size, status.st_mtime_ns
    with _lock:
        states = _states.get(key)
        if states is None:
            states = _states[key] = States(lambda: zlib.decompressobj(GZIP))
            while len(_states) > _MOST_TAPES:
                _states.popitem(last=False)
    return Inflating(Stretch(file, 0, status.st_size), states, gzip=True)


def list_tape(file: BinaryIO, status: os.stat_result, path: str, checkpoint: Checkpoint) -> Iterator[Found]:
    """Each file of the tar that is open as ``file``: its path, its name, and the member or why it is left out.

    Raises ``ArchiveError``.
    """
    file.seek(0)
    zipped = file.read(2) == b"\x1f\x8b"
    source = unpacked_tape(file, path, status) if zipped else Stretch(file, 0, status.st_size)
    stream = _Tape(source.read, status.st_size, checkpoint)
    try:
        with tarfile.open(fileobj=stream, mode="r:", encoding="utf-8", errors="surrogateescape") as tar:
            while (info := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # it would keep them all
                if not info.isdir():
                    yield _found(info, stream, status, path, zipped)
        stream.drain()
    except (tarfile.ReadError, tarfile.HeaderError, EOFError) as error:
        if "not a" in str(error) or stream.furthest <= 512:
            raise NoArchive("it is no archive, whatever it is called") from error
        raise ArchiveError(
            CUT if "end of data" in str(error) else "damaged: it can't be read to its end", LOAD_AGAIN
        ) from error
    except DamagedMember as error:
        why = CUT if error.why.endswith(ENDS_EARLY) else "damaged: it can't be unpacked to its end"
        raise ArchiveError(why, LOAD_AGAIN) from error


def _found(info: tarfile.TarInfo, stream: _Tape, status: os.stat_result, path: str, zipped: bool) -> Found:
    relative = member_path(info.name)
    if not relative:
        return "", info.name, Why.OUTSIDE
    if not info.isreg():
        return relative, info.name, Why.LINK
    if info.issparse():
        return relative, info.name, Why.METHOD
    crc = stream.sum_up(info.offset_data, info.size)
    packing = Packing.ZIPPED_TAPE if zipped else Packing.TAPE
    mtime_ns = round(info.mtime * 1_000_000_000) if abs(info.mtime) < 1 << 33 else status.st_mtime_ns
    size, changed = status.st_size, status.st_mtime_ns
    member = ArchiveMember(path, size, changed, info.offset_data, info.size, info.size, crc, mtime_ns, packing)
    return relative, info.name, member


class _Tape(io.RawIOBase):
    """The unpacked tar as a stream whose end nobody knows yet; it is never longer than a collection of photos."""

    def __init__(self, read: Callable[[int, int], bytes], packed: int, checkpoint: Checkpoint) -> None:
        super().__init__()
        self._read, self._packed, self._checkpoint = read, packed, checkpoint
        self._at = self.furthest = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is, as long as nobody asks for the end."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place from the beginning, or from here."""
        self._at = offset + (self._at if whence == io.SEEK_CUR else 0)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def read(self, count: int = -1) -> bytes:
        """``count`` bytes; fewer at the end."""
        data = self._read(self._at, min(count, _PIECE) if count >= 0 else _PIECE)
        self._at += len(data)
        if self._at > self.furthest:
            self.furthest = self._at
            if refused := limits.refusal(self.furthest, self._packed):
                raise ArchiveError(refused, "Nothing of it was kept.")
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as it goes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def sum_up(self, at: int, size: int) -> int:
        """The CRC-32 of a file in it."""
        self.seek(at)
        crc = 0
        while size > 0:
            self._checkpoint()
            piece = self.read(min(size, _PIECE))
            if not piece:
                raise ArchiveError(CUT, LOAD_AGAIN)
            crc = zlib.crc32(piece, crc)
            size -= len(piece)
        return crc

    def drain(self) -> None:
        """Read on to the very end, where gzip's own check sum stands."""
        while self.read(_PIECE):
            self._checkpoint()
