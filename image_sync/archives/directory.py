"""Directory of an archive: its members by their paths, and what can't be taken out of it, each with the reason.

What an archive is, is told by its first bytes.  Of a compressed tar all is unpacked once to see what is in it, and kept
nowhere; of a zip only the directory at its end is read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from image_sync.archives import limits, zip_directory
from image_sync.archives.errors import LOAD_AGAIN, ArchiveError, NoArchive
from image_sync.archives.left_out import Checkpoint, LeftOut, Why, nothing
from image_sync.archives.names import member_path
from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember, Packing

_METHODS = {0: Packing.STORED, 8: Packing.DEFLATED, 12: Packing.BZIPPED, 14: Packing.LZMA}
_METHOD_NAMES = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 96: "JPEG", 98: "PPMd"}
_AES = 99


@dataclass(frozen=True, slots=True)
class Directory:
    """Directory of an archive: the members by their paths below it."""

    path: str
    size: int
    mtime_ns: int
    members: Mapping[str, ArchiveMember]
    left_out: tuple[LeftOut, ...] = ()


@dataclass
class _Listing:
    """A directory in the making."""

    path: str
    status: os.stat_result
    members: dict[str, ArchiveMember] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave(self, name: str, why: Why, detail: str = "") -> None:
        """A member is left out."""
        self.left_out.append(LeftOut(name, why, detail))

    def add(self, relative: str, member: ArchiveMember) -> None:
        """A member; a second one of its name gets a number unless it is the same."""
        name, number = relative, 1
        while (known := self.members.get(name)) is not None:
            if (known.size, known.crc) == (member.size, member.crc):
                return
            number += 1
            name = paths.join(paths.parent(relative), paths.numbered(paths.name(relative), number, " ({})"))
        self.members[name] = member

    def member(self, entry: zip_directory.Entry) -> ArchiveMember:
        """The member of a zip that an entry of its directory tells of."""
        status = self.status
        when = status.st_mtime_ns if entry.mtime_ns is None else entry.mtime_ns
        place = entry.at, entry.packed, entry.size, entry.crc
        return ArchiveMember(self.path, status.st_size, status.st_mtime_ns, *place, when, _METHODS[entry.method])

    def done(self) -> Directory:
        """The directory."""
        return Directory(self.path, self.status.st_size, self.status.st_mtime_ns, self.members, tuple(self.left_out))


def read(path: str, checkpoint: Checkpoint = nothing) -> Directory:
    """The directory of the archive at ``path``.

    Raises ``ArchiveError`` (``NoArchive`` where it is none), ``OSError``, and what ``checkpoint`` raises.
    """
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NoArchive("it is not a regular file")
        listing = _Listing(path, status)
        if is_tape(file):
            from image_sync.archives.tape import list_tape  # only here: loading tarfile takes its time

            for relative, name, found in list_tape(file, status, path, checkpoint):
                if isinstance(found, ArchiveMember):
                    listing.add(relative, found)
                else:
                    listing.leave(name, found)
        else:
            _list_zip(listing, file, checkpoint)
    return listing.done()


def glance(path: str) -> str:
    """Reason why the file at ``path`` is no archive that can be read, as far as its ends tell; empty when it may be."""
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return "it is not a regular file"
            if not is_tape(file):
                zip_directory.has_directory(file, status.st_size)
    except ArchiveError as error:
        return error.why
    return ""


def is_tape(file: BinaryIO) -> bool:
    """Whether an open file is a tar, compressed or not, by its first bytes."""
    file.seek(0)
    head = file.read(512)
    return head[:2] == b"\x1f\x8b" or head[257:262] == b"ustar"


# --- zip --------------------------------------------------------------------------------------------------------------


def _list_zip(listing: _Listing, file: BinaryIO, checkpoint: Checkpoint) -> None:
    size = listing.status.st_size
    entries = []
    for number, entry in enumerate(zip_directory.entries(file, size)):
        if number % 1024 == 0:
            checkpoint()
        if not entry.is_folder:
            entries.append(entry)
    overlapping = _overlapping(entries, size)
    total = 0
    for entry in entries:
        relative = member_path(entry.name, dos=entry.made_by == 0)
        why = Why.OUTSIDE if not relative else Why.OVERLAP if entry.at in overlapping else _why_not(entry)
        if why is not None:
            detail = _METHOD_NAMES.get(entry.method, f"method {entry.method}") if why is Why.METHOD else ""
            listing.leave(entry.name, why, detail)
            continue
        total += entry.size
        listing.add(relative, listing.member(entry))
    if refused := limits.refusal(total, size):
        raise ArchiveError(refused, "Nothing of it was unpacked.")


def _why_not(entry: zip_directory.Entry) -> Why | None:
    if entry.flags & zip_directory.ENCRYPTED or entry.method == _AES:
        return Why.ENCRYPTED
    if entry.mode and not stat.S_ISREG(entry.mode) and stat.S_IFMT(entry.mode):
        return Why.LINK
    if entry.method not in _METHODS:
        return Why.METHOD
    return Why.DENSE if limits.is_too_dense(entry.size, entry.packed) else None


def _overlapping(entries: Iterable[zip_directory.Entry], size: int) -> set[int]:
    """Places of those members that reach into another one: such an archive unpacks to many times what it holds."""
    found: set[int] = set()
    end = 0
    for entry in sorted(entries, key=lambda one: (one.at, one.packed)):
        if entry.at + entry.packed > size:
            raise ArchiveError(zip_directory.CUT, LOAD_AGAIN)
        if entry.at < end:
            found.add(entry.at)
        end = max(end, entry.at + 30 + entry.packed)
    return found


def names_of(found: Iterable[LeftOut]) -> Iterator[str]:
    """Names of what is left out, with the packing where that is the reason."""
    for one in found:
        yield f"{one.name} ({one.detail})" if one.detail else one.name
