"""Packed status of a file, so that 100,000 of them are compared in a blink.

A look is what tells an untouched file from one that was written to: kind, size, modification time, change time, inode.
Two equal looks are the same untouched file, unless the change time is 0, which equals nothing.  Here is also the way
back from looks to the entries that the rules judge.  Nothing here touches a disk.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterator, Mapping
from dataclasses import replace

from image_sync.base.words import SECOND_NS
from image_sync.jobs.sync.model import FOLDER, UNREAD, Entry, EntryKind

Look = bytes
"""A packed look; of a folder, a special file or something unread the kind alone."""

_FORMAT = struct.Struct("<BQqqQ")
_FILE, _FOLDER, _LINK, _SPECIAL, _UNREAD = range(5)
FOLDER_LOOK = bytes([_FOLDER])
SPECIAL_LOOK = bytes([_SPECIAL])
UNREAD_LOOK = bytes([_UNREAD])
_KINDS = {_FILE: EntryKind.FILE, _LINK: EntryKind.LINK}
_BARE = {FOLDER_LOOK: FOLDER, SPECIAL_LOOK: Entry(EntryKind.SPECIAL), UNREAD_LOOK: UNREAD}
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_INODES = 2**64 - 1

TICK_NS = 30_000_000
"""A file that is written to twice within the system's clock tick (at most 10 ms on common systems) may have one change
time for both: only after this time a change time proves that nothing came later."""
COARSE_TICK_NS = 2_000_000_000
"""The same where times are kept in whole seconds, or in steps of two."""


def pack(status: os.stat_result, lasting: bool) -> Look:
    """The look of a regular file or a link.

    ``lasting`` tells that inodes and change times outlive an unmount.  Where they don't, the inode is left out, and a
    change time that only repeats the modification time (so it is after a mount) says nothing.
    """
    link = stat.S_ISLNK(status.st_mode)
    mtime, ctime, inode = status.st_mtime_ns, status.st_ctime_ns, status.st_ino
    if not lasting:
        inode, ctime = 0, ctime if ctime - mtime > COARSE_TICK_NS else 1
    try:
        return _FORMAT.pack(_LINK if link else _FILE, status.st_size, mtime, ctime, inode)
    except struct.error:
        times = [min(max(time, _LOWEST), _HIGHEST) for time in (mtime, ctime)]
        return _FORMAT.pack(_LINK if link else _FILE, status.st_size, *times, inode & _INODES)


def is_leaf(look: Look) -> bool:
    """Whether it is the look of a file or a link."""
    return len(look) > 1


def unsettled(look: Look) -> Look:
    """The look without its change time: next time the content has to be looked at again."""
    if not is_leaf(look):
        return look
    kind, size, mtime, _, inode = _FORMAT.unpack(look)
    return _FORMAT.pack(kind, size, mtime, 0, inode)


def with_stamp(look: Look, size: int, mtime_ns: int) -> Look:
    """The look of a file with another size and time, as it may have been before; its change time is not known."""
    kind, _, _, _, inode = _FORMAT.unpack(look)
    return _FORMAT.pack(kind, size, mtime_ns, 0, inode)


def settled(look: Look, at_ns: int) -> Look:
    """The look as it may be remembered when it was seen at ``at_ns`` (and the content read after that)."""
    if not is_leaf(look):
        return look
    ctime = _FORMAT.unpack(look)[3]
    return look if ctime <= 1 or at_ns - ctime > tick(ctime) else unsettled(look)


def tick(ctime_ns: int) -> int:
    """Time after a change time within which another change may still carry the same one, in nanoseconds."""
    return COARSE_TICK_NS if ctime_ns % SECOND_NS == 0 else TICK_NS


def content_size(look: Look) -> int:
    """Bytes of the file."""
    size: int = _FORMAT.unpack(look)[1] if is_leaf(look) else 0
    return size


def stamp_of(look: Look) -> tuple[int, int] | None:
    """Size in bytes and modification time in nanoseconds of a regular file; ``None`` for anything else."""
    if not is_leaf(look):
        return None
    kind, size, mtime, _, _ = _FORMAT.unpack(look)
    return (size, mtime) if kind == _FILE else None


def same_but_renamed(first: Look, second: Look) -> bool:
    """Whether two looks differ in nothing but the change time, as they do after a rename."""
    return is_leaf(first) and is_leaf(second) and unsettled(first) == unsettled(second)


def is_set_back(look: Look, remembered: Look) -> bool:
    """Whether the same file changed last before the change that is remembered of it: a clock never does that to it."""
    if not (is_leaf(look) and is_leaf(remembered)):
        return False
    ctime, inode = _FORMAT.unpack(look)[3:]
    then, inode_then = _FORMAT.unpack(remembered)[3:]
    return bool(inode and inode == inode_then and 1 < ctime < then)


def entry(look: Look, content: str = "") -> Entry:
    """The entry that a look stands for."""
    if not is_leaf(look):
        return _BARE[look]
    kind, size, mtime, ctime, inode = _FORMAT.unpack(look)
    return Entry(_KINDS[kind], size, mtime, ctime, inode, content)


class Entries(Mapping[str, Entry]):
    """A listing as the rules want it: entries by path, made when they are first asked for and kept.

    ``contents`` are the digests of files and the targets of links that are known.  ``compared`` are marks for files
    that were only compared with the other side's: equal marks stand for equal contents.  ``permissions`` are texts of
    permissions, where they are to be carried.
    """

    def __init__(
        self,
        looks: Mapping[bytes, Look],
        contents: Mapping[bytes, str],
        compared: Mapping[bytes, str],
        permissions: Mapping[bytes, str] | None = None,
    ) -> None:
        self._looks, self._contents, self._compared = looks, contents, compared
        self._permissions = permissions or {}
        self._made: dict[str, Entry] = {}

    def __getitem__(self, path: str) -> Entry:
        found = self.get(path)
        if found is None:
            raise KeyError(path)
        return found

    def get(self, path: str, default: Entry | None = None) -> Entry | None:  # type: ignore[override]
        """The entry at ``path``, or ``default``."""
        known = self._made.get(path)
        if known is not None:
            return known
        key = os.fsencode(path)
        look = self._looks.get(key)
        if look is None:
            return default
        made = entry(look, self._content(key))
        if self._permissions:
            made = replace(made, permissions=self._permissions.get(key, ""))
        self._made[path] = made
        return made

    def _content(self, key: bytes) -> str:
        return self._contents.get(key) or self._compared.get(key, "")

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and os.fsencode(path) in self._looks

    def __iter__(self) -> Iterator[str]:
        return map(os.fsdecode, self._looks)

    def __len__(self) -> int:
        return len(self._looks)
