"""Resolution of a folder's file system: which times, names and files after an unmount it keeps apart.

Found out by looking alone; nothing is ever written for it.  Where the kind of file system can't be known, the answer
is the careful one: the inode and change time are trusted (a wrong one costs a read, never a file), and times are taken
to be coarse only when every one of them is.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from image_sync.base.words import SECOND_NS
from image_sync.jobs.sync.packed_stats import Look, entry, is_leaf

_RESOLUTIONS = {
    **dict.fromkeys(("vfat", "msdos", "fat", "umsdos"), 2 * SECOND_NS),
    **dict.fromkeys(("hfs", "hfsplus", "ext2", "ext3", "minix"), SECOND_NS),
    "exfat": 10_000_000,
    **dict.fromkeys(("ntfs", "ntfs3", "fuseblk", "cifs", "smb3"), 100),
}
"""The steps in which file systems keep modification times, in nanoseconds; all others are taken to keep each."""
_PASSING = frozenset({"vfat", "msdos", "fat", "exfat", "fuseblk", "ntfs", "cifs", "smb3", "fuse", "9p", "vboxsf"})
"""File systems that make up inode numbers or change times when they are mounted."""
_FOLDING = frozenset({"vfat", "msdos", "fat", "exfat"})
_EVIDENCE = 20
"""Times that must all be coarse before an unknown file system is called so."""
_PROBES = 5


@dataclass(frozen=True, slots=True)
class Disk:
    """File system of a folder, as far as it is known; ``kind`` is its name, empty where unknown.

    ``device`` and ``inode`` are the folder's own: when they change, another folder stands in its place.
    """

    device: int
    kind: str
    lasting: bool
    inode: int = 0


def disk_of(root: str) -> Disk:
    """File system of a folder, before it is listed."""
    kind = _kind(root)
    # A listing on Windows tells no inodes.
    lasting = os.name != "nt" and kind not in _PASSING and not kind.startswith("fuse.")
    status = os.stat(root)
    return Disk(status.st_dev, kind, lasting, status.st_ino)


def resolution_ns(disk: Disk, looks: Mapping[bytes, Look]) -> int:
    """The step in which times are kept there."""
    if disk.kind:
        return _RESOLUTIONS.get(disk.kind, 1)
    times = [entry(look).mtime_ns for look in looks.values() if is_leaf(look)]
    if len(times) >= _EVIDENCE:
        for step in (2 * SECOND_NS, SECOND_NS, 100):
            if all(time % step == 0 for time in times):
                return step
    return 1


def folds(disk: Disk, root: str, names: Iterable[bytes]) -> bool:
    """Whether two names that differ only in case or Unicode form are one name there.

    A few of the listed ``names`` are looked up in another spelling.  Without any to try it is known from the kind of
    file system, or from what is usual on the system.
    """
    listed = names if isinstance(names, Mapping | set | frozenset) else set(names)
    tried = 0
    for name in listed:
        other = _other_spelling(name)
        if other is None or other in listed:
            continue
        tried += 1
        if _is_same_entry(os.path.join(os.fsencode(root), name), os.path.join(os.fsencode(root), other)):
            return True
        if tried >= _PROBES:
            return False
    if tried:
        return False
    return disk.kind in _FOLDING if disk.kind else sys.platform in ("darwin", "win32")


def _other_spelling(path: bytes) -> bytes | None:
    """The path with its last name in the other case; ``None`` where case changes nothing."""
    folder, separator, name = os.fsdecode(path).rpartition(os.sep)
    swapped = name.swapcase()
    if swapped == name or unicodedata.normalize("NFC", swapped.casefold()) != unicodedata.normalize(
        "NFC", name.casefold()
    ):
        return None
    try:
        return os.fsencode(folder + separator + swapped)
    except UnicodeEncodeError:
        return None


def _is_same_entry(first: bytes, second: bytes) -> bool:
    try:
        return os.path.samestat(os.lstat(first), os.lstat(second))
    except (OSError, ValueError):
        return False


def _kind(root: str) -> str:
    """The name of the file system that holds ``root``; empty where it can't be known."""
    if sys.platform != "linux":
        return ""
    here = os.fsencode(os.path.realpath(root))
    best, kind = b"", b""
    try:
        with open("/proc/self/mountinfo", "rb") as stream:
            for line in stream:
                before, _, after = line.partition(b" - ")
                place = _unescaped(before.split()[4])
                inside = here == place or here.startswith(place.rstrip(b"/") + b"/")
                if inside and len(place) >= len(best):
                    best, kind = place, after.split()[0]
    except (OSError, IndexError):
        return ""
    return kind.decode("ascii", "replace")


def _unescaped(place: bytes) -> bytes:
    """A mount point as it is: the list writes blanks and the like in octal."""
    parts = place.split(b"\\")
    return parts[0] + b"".join(bytes([int(part[:3], 8)]) + part[3:] for part in parts[1:])
