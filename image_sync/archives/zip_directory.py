"""Central directory of a zip file: what is in it and where, told by the directory at its end.

Only that directory is read.  The standard library's reader gives up on the whole archive for one name that is not
UTF-8 and cuts names at a NUL; here each entry stands for itself, so that one bad entry is one problem.  The layout is
that of PKWARE's APPNOTE 6.3.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from image_sync.archives.errors import LOAD_AGAIN, UNPACK_IT, ArchiveError, NoArchive

_END, _END_64, _LOCATOR, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
_FIRST = b"PK\x03\x04"
_END_LENGTH, _LOCATOR_LENGTH, _END_64_LENGTH, _ENTRY_LENGTH = 22, 20, 56, 46
_MOST_COMMENT = 0xFFFF
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
MOST_DIRECTORY = 256 << 20
"""Bytes of the largest directory that is read: some two million files."""
ENCRYPTED, _UTF_8 = 0x1, 0x800
_UNIX = 3
_ZIP_64, _TIMES, _NTFS, _UNICODE_NAME = 0x0001, 0x5455, 0x000A, 0x7075
_NTFS_EPOCH = 116_444_736_000_000_000
"""1970 in the 100 ns of NTFS, which begin in 1601."""
CUT = "it ends early, as after a download that was cut off"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the directory as it is written there.

    ``at`` is where its own header begins.  ``made_by`` is the system that made it (0: DOS and Windows, 3: Unix),
    ``mode`` its mode there.  ``mtime_ns`` is ``None`` where no time that can be is given.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int
    made_by: int
    mode: int
    mtime_ns: int | None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.name.endswith("/") or (self.made_by == 0 and self.name.endswith("\\"))


def entries(file: BinaryIO, size: int) -> Iterator[Entry]:
    """All entries of the zip file that is open as ``file`` and has ``size`` bytes.

    Raises ``NoArchive`` when it is none and ``ArchiveError`` when its directory can't be read.
    """
    place, length, shift = _directory(file, size)
    if length > MOST_DIRECTORY:
        raise ArchiveError("its directory is larger than that of any collection of photos", UNPACK_IT)
    file.seek(place)
    directory = file.read(length)
    if len(directory) < length:
        raise ArchiveError(CUT, LOAD_AGAIN)
    position = 0
    while position < length:
        if directory[position : position + 4] != _ENTRY or position + _ENTRY_LENGTH > length:
            raise ArchiveError("damaged: its directory can't be read", LOAD_AGAIN)
        entry, position = _entry(directory, position, shift)
        yield entry


def has_directory(file: BinaryIO, size: int) -> bool:
    """Whether there is a directory at the end; raises as ``entries`` does."""
    return _directory(file, size)[1] >= 0


def _directory(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """Place of the directory, its length, and what is to be added to the places in it."""
    start = max(0, size - _END_LENGTH - _MOST_COMMENT)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        file.seek(0)
        if file.read(4) == _FIRST:
            raise ArchiveError(CUT, LOAD_AGAIN)
        raise NoArchive("it is no archive, whatever it is called")
    disk, first_disk, _, number, length, offset, _ = struct.unpack("<4H2LH", tail[at + 4 : at + _END_LENGTH])
    end = start + at
    if _FULL_16 in (disk, first_disk, number) or _FULL_32 in (length, offset):
        disk, first_disk, length, offset, end = _zip_64(file, end, (disk, first_disk, length, offset))
    if disk or first_disk:
        raise ArchiveError("it is one of several pieces that make one archive together", UNPACK_IT)
    shift = end - length - offset
    if shift < 0:
        raise ArchiveError("damaged: its directory can't be found", LOAD_AGAIN)
    return end - length, length, shift


def _zip_64(file: BinaryIO, end: int, plain: tuple[int, int, int, int]) -> tuple[int, int, int, int, int]:
    file.seek(max(0, end - _LOCATOR_LENGTH))
    locator = file.read(_LOCATOR_LENGTH)
    if locator[:4] != _LOCATOR:
        return (*plain, end)
    place = end - _LOCATOR_LENGTH - _END_64_LENGTH
    file.seek(max(0, place))
    record = file.read(_END_64_LENGTH)
    if place < 0 or record[:4] != _END_64:
        raise ArchiveError("damaged: its directory can't be found", LOAD_AGAIN)
    disk, first_disk, _, _, length, offset = struct.unpack("<2L4Q", record[16:])
    return disk, first_disk, length, offset, place


def _entry(directory: bytes, position: int, shift: int) -> tuple[Entry, int]:
    fields = struct.unpack("<4x2B5H3L5H2L", directory[position : position + _ENTRY_LENGTH])
    _, made_by, _, flags, method, clock, day, crc, packed, size, *rest = fields
    name_length, extra_length, comment_length, _, _, outer, at = rest
    start = position + _ENTRY_LENGTH
    end = start + name_length + extra_length + comment_length
    if end > len(directory):
        raise ArchiveError("damaged: its directory can't be read", LOAD_AGAIN)
    raw = directory[start : start + name_length]
    parts = dict(_extras(directory[start + name_length : end - comment_length]))
    size, packed, at = _widened(parts.get(_ZIP_64, b""), size, packed, at)
    name = _name(raw, flags, parts.get(_UNICODE_NAME, b""))
    mode = outer >> 16 if made_by == _UNIX else 0
    entry = Entry(name, flags, method, crc, packed, size, at + shift, made_by, mode, _mtime(day, clock, parts))
    return entry, end


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack("<2H", extra[position : position + 4])
        yield kind, extra[position + 4 : position + 4 + length]
        position += 4 + length


def _widened(part: bytes, size: int, packed: int, at: int) -> tuple[int, int, int]:
    """The sizes and the place, with those that did not fit into 32 bits."""
    numbers = iter(struct.unpack(f"<{len(part) // 8}Q", part[: len(part) // 8 * 8]))
    return tuple(next(numbers, value) if value == _FULL_32 else value for value in (size, packed, at))  # type: ignore[return-value]


def _name(raw: bytes, flags: int, unicode_name: bytes) -> str:
    """The name: UTF-8 where it says so or is such, else the code page of DOS; bytes that are no text are kept."""
    if flags & _UTF_8:
        return raw.decode("utf-8", "surrogateescape")
    if len(unicode_name) > 5 and unicode_name[0] == 1 and unicode_name[1:5] == struct.pack("<L", zlib.crc32(raw)):
        return unicode_name[5:].decode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _mtime(day: int, clock: int, parts: dict[int, bytes]) -> int | None:
    """The modification time: NTFS's or Unix's where it is there, else that of DOS, which is local time."""
    ntfs, times = parts.get(_NTFS, b""), parts.get(_TIMES, b"")
    if len(ntfs) >= 16 and ntfs[4:8] == b"\x01\0\x18\0":
        ticks = struct.unpack("<Q", ntfs[8:16])[0] - _NTFS_EPOCH
        if 0 < ticks < 1 << 58:
            return int(ticks) * 100
    if len(times) >= 5 and times[0] & 1:
        return int(struct.unpack("<l", times[1:5])[0]) * 1_000_000_000
    month, of_month = day >> 5 & 0xF, day & 0x1F
    if not (1 <= month <= 12 and of_month):
        return None
    try:
        local = (1980 + (day >> 9), month, of_month, clock >> 11, clock >> 5 & 0x3F, (clock & 0x1F) * 2, 0, 1, -1)
        return int(time.mktime(local)) * 1_000_000_000
    except (OverflowError, ValueError):
        return None
