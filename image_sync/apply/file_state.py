"""Looking at the world: what stands at a path, and whether it is still what was planned or left there.

Looking never follows a link and never changes anything.  What was seen is a value, so that a decision can be made on
one look and be tested without a disk.
"""

from __future__ import annotations

import os
import stat
import sys
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from image_sync.apply.records import Mark
from image_sync.base import paths
from image_sync.base.model import Stamp

COARSEST_NS = 2_000_000_000
"""The coarsest time that a common file system keeps (FAT: 2 s), in nanoseconds."""

_KEEPS_INODES = frozenset(
    {"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "tmpfs", "ramfs", "overlay"}
    | {"nfs", "nfs4", "apfs", "hfsplus"}
)
"""File systems whose inode numbers outlive an unmount (a FAT disk that is plugged in again has new ones)."""


class Kind(Enum):
    """Kind of what stands at a path."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a link"
    OTHER = "a special file"


LEAVES = frozenset({Kind.FILE, Kind.LINK})
"""What is moved, copied and kept; folders and special files are not."""


class Seen(NamedTuple):
    """One look at a path; times in nanoseconds since 1970, ``mode`` the permission bits, ``owner`` user and group.

    A tuple, since a dozen are made for each file and a frozen dataclass takes five times as long to make.
    """

    kind: Kind
    size: int
    mtime_ns: int
    mode: int
    device: int
    inode: int
    links: int
    owner: tuple[int, int]

    @property
    def identity(self) -> tuple[int, int]:
        """Identity of a file, equal for all its names while it is mounted."""
        return (self.device, self.inode)


def seen(status: os.stat_result) -> Seen:
    """The value of a ``stat`` result."""
    return Seen(
        _kind(status),
        status.st_size,
        status.st_mtime_ns,
        stat.S_IMODE(status.st_mode),
        status.st_dev,
        status.st_ino,
        status.st_nlink,
        (status.st_uid, status.st_gid),
    )


def look(path: str) -> Seen | None:
    """State of ``path``, or ``None``; links are not followed.  Raises ``OSError`` where one can't look."""
    try:
        return seen(os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def glance(path: str) -> Seen | None:
    """``look``, except that a place which can't be looked at counts as empty: for notes, never for decisions."""
    try:
        return look(path) if path else None
    except (OSError, ValueError):
        return None


def _kind(status: os.stat_result) -> Kind:
    if stat.S_ISREG(status.st_mode):
        return Kind.FILE
    junction = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    if stat.S_ISLNK(status.st_mode) or junction:
        return Kind.LINK
    return Kind.FOLDER if stat.S_ISDIR(status.st_mode) else Kind.OTHER


def is_as_planned(now: Seen, planned: Stamp) -> bool:
    """Whether size and time are still those of the plan, to the nanosecond (its digest costs a read: see copies)."""
    return now.size == planned.size and now.mtime_ns == planned.mtime_ns


def is_untouched(now: Seen, before: Seen) -> bool:
    """Whether two looks, moments apart, saw the same unchanged file."""
    return now.identity == before.identity and (now.size, now.mtime_ns) == (before.size, before.mtime_ns)


def mark(now: Seen, digest: str | None = None) -> Mark:
    """Mark that the journal remembers of a file; its inode only where that number means something next week."""
    kept = now.inode if keeps_inodes(now.device) else 0
    return Mark(now.size, now.mtime_ns, now.device, kept, digest)


def fits(now: Seen, left: Mark) -> bool:
    """Whether the file seen now is the one that was marked.

    Where inodes are trusted on both sides, size, time and inode must be equal.  Elsewhere the time may differ by what
    a coarse file system rounds off when it is mounted again.
    """
    if now.kind not in LEAVES or now.size != left.size:
        return False
    if left.inode and left.device == now.device:
        return now.inode == left.inode and now.mtime_ns == left.mtime_ns
    return abs(now.mtime_ns - left.mtime_ns) <= (0 if left.inode else COARSEST_NS)


def is_one_entry(first: str, second: str) -> bool:
    """Whether two spellings are one directory entry, on a file system that folds case or Unicode form.

    Two hard links of one file whose names differ only in case are two entries, and renaming one of them onto the other
    would lose a name: so the folder is read.
    """
    if first == second:
        return True
    folder, other = paths.parent(first), paths.parent(second)
    if paths.folded(paths.name(first)) != paths.folded(paths.name(second)):
        return False
    if folder != other and not os.path.samefile(folder, other):
        return False
    names = set(os.listdir(folder))
    return not (paths.name(first) in names and paths.name(second) in names)


def keeps_inodes(device: int) -> bool:
    """Whether the inode numbers of a mounted file system are worth remembering (known on Linux only)."""
    return _file_system_type(device) in _KEEPS_INODES


def forget_mounts() -> None:
    """Forget what was mounted: called once a run, since disks come and go."""
    _file_system_type.cache_clear()


@lru_cache(maxsize=64)
def _file_system_type(device: int) -> str:
    if sys.platform != "linux":
        return ""
    wanted = f"{os.major(device)}:{os.minor(device)}".encode()
    try:
        with open("/proc/self/mountinfo", "rb") as stream:
            for line in stream:
                before, _, after = line.partition(b" - ")
                if before.split()[2:3] == [wanted]:
                    return after.split()[0].decode("ascii", "replace")
    except (OSError, IndexError):
        return ""
    return ""
