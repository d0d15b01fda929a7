"""Opening of files, and of the members of archives by the path below the archive: ``/x/takeout.zip/Takeout/a.jpg``.

Whoever reads pictures opens them here and needn't know which of the two it is.  An archive's directory is read once in
a process and known as long as the archive is the same file.
"""

from __future__ import annotations

import os
import stat
import threading
import zlib
from collections import OrderedDict
from typing import BinaryIO, cast

from image_sync.archives import directory
from image_sync.archives.directory import Directory
from image_sync.archives.errors import ArchiveError, ChangedArchive, DamagedMember
from image_sync.archives.left_out import Checkpoint, nothing
from image_sync.archives.seen_at import seen_at
from image_sync.archives.streams import (
    RAW_DEFLATE,
    Inflating,
    MemberStream,
    Source,
    States,
    Stretch,
    bzip_source,
    lzma_source,
)
from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember, Packing

_MOST_KNOWN = 256
_LOCAL_HEADER, _LOCAL_LENGTH = b"PK\x03\x04", 30
_FEWEST_CHECKPOINTS = 64
_known: OrderedDict[str, Directory] = OrderedDict()
_lock = threading.Lock()


def listed(path: str, checkpoint: Checkpoint = nothing) -> Directory:
    """The directory of the archive at ``path`` as it is now.  Raises ``ArchiveError`` and ``OSError``."""
    status = os.stat(path)
    with _lock:
        known = _known.get(path)
    if known is not None and _is_same(known.size, known.mtime_ns, status):
        return known
    found = directory.read(path, checkpoint)
    with _lock:
        _known[path] = found
        _known.move_to_end(path)
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
    return found


def open_binary(path: str) -> BinaryIO:
    """The file at ``path``, or the member of an archive that it names, open for reading without a buffer.

    Raises ``OSError``, and ``ArchiveError`` for a member.
    """
    path = seen_at(path)
    try:
        return open(path, "rb", buffering=0)
    except (NotADirectoryError, FileNotFoundError) as error:
        if isinstance(error, FileNotFoundError) and os.name != "nt":
            raise
        member = member_at(path)
        if member is None:
            raise
        return open_member(member)


def modified(stream: BinaryIO) -> float:
    """Modification time of what ``open_binary`` opened, in seconds since 1970."""
    if isinstance(stream, MemberStream):
        return stream.mtime_ns / 1e9
    return os.fstat(stream.fileno()).st_mtime


def member_at(path: str) -> ArchiveMember | None:
    """The member that ``path`` names; ``None`` where it names none.

    Raises ``ChangedArchive`` when the archive is another one than was listed.
    """
    archive = paths.parent(path)
    while archive and not os.path.lexists(archive) and paths.parent(archive) != archive:
        archive = paths.parent(archive)
    if not os.path.isfile(archive):
        return None
    with _lock:
        known = _known.get(archive)
    if known is None:
        known = listed(archive)
    elif not _is_same(known.size, known.mtime_ns, os.stat(archive)):
        raise ChangedArchive
    return known.members.get(path[len(archive) + 1 :])


def open_member(member: ArchiveMember) -> BinaryIO:
    """A member, open for reading.  Raises ``OSError`` and ``ArchiveError``."""
    file = open(member.archive, "rb", buffering=0)  # noqa: SIM115 - the stream closes it
    try:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or not _is_same(member.archive_size, member.archive_mtime_ns, status):
            raise ChangedArchive
        source = _source(cast(BinaryIO, file), member, status)
    except BaseException:
        file.close()
        raise
    return cast(BinaryIO, MemberStream(source, member.size, member.crc, member.mtime_ns, file.close))


def _is_same(size: int, mtime_ns: int, status: os.stat_result) -> bool:
    return (size, mtime_ns) == (status.st_size, status.st_mtime_ns)


def _source(file: BinaryIO, member: ArchiveMember, status: os.stat_result) -> Source:
    if member.packing is Packing.TAPE:
        return Stretch(file, member.at, member.size)
    if member.packing is Packing.ZIPPED_TAPE:
        from image_sync.archives.tape import unpacked_tape

        return _Part(unpacked_tape(file, member.archive, status), member.at, member.size)
    packed = Stretch(file, _begin_of(file, member), member.packed)
    if member.packing is Packing.STORED:
        return packed
    if member.packing is Packing.DEFLATED:
        return Inflating(packed, States(lambda: zlib.decompressobj(RAW_DEFLATE)))
    if member.packing is Packing.BZIPPED:
        return bzip_source(packed)
    return lzma_source(packed, member.packed)[0]


def _begin_of(file: BinaryIO, member: ArchiveMember) -> int:
    """Place where a zip's member begins, behind its own header; a name may be longer there than in the directory."""
    file.seek(member.at)
    header = file.read(_LOCAL_LENGTH)
    if len(header) < _LOCAL_LENGTH or header[:4] != _LOCAL_HEADER:
        raise DamagedMember("its header is not where the directory says")
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    return member.at + _LOCAL_LENGTH + name + extra


class _Part:
    """A part of the unpacked bytes of an archive."""

    def __init__(self, whole: Inflating, start: int, size: int) -> None:
        self._whole, self._start, self._size = whole, start, size

    def read(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at``, fewer at the end."""
        count = min(count, self._size - at)
        return self._whole.read(self._start + at, count) if count > 0 else b""


def forget(path: str) -> None:
    """Forget the directory of an archive."""
    with _lock:
        _known.pop(path, None)


__all__ = ["ArchiveError", "forget", "listed", "member_at", "modified", "open_binary", "open_member"]
