"""One folder in, the looks of all that is below it out: as fast as the system gives them.

No file is opened, no link followed.  A folder that can't be read is unread, never empty; a name that can't be looked at
is unread, never gone.  What is no file, folder or link is named and left alone.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.errors import reason
from image_sync.base.model import Problem
from image_sync.base.said import N_, few
from image_sync.jobs.sync.filter import Choice
from image_sync.jobs.sync.packed_stats import FOLDER_LOOK, SPECIAL_LOOK, UNREAD_LOOK, Look, pack, stamp_of
from image_sync.jobs.sync.permissions import PermissionReader
from image_sync.jobs.sync.rules.reasons import Noted

SHOWN_SPECIALS = 3
_NO_FOLDER = N_("This folder could not be read")
_CONTENT_LEFT = N_("its content is left as it is on both sides")
_NOT_SEEN = N_("This could not be looked at")
_LEFT = N_("it is left as it is on both sides")
_SEPARATOR = os.fsencode(paths.SEPARATOR)
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)


@dataclass
class RawListing:
    """Listing of what is below ``root``: looks by path (below the root, in the system's bytes), targets of links by
    path.

    ``folders`` are the change times of folders.
    ``unread`` are the paths whose content is unknown, ``more`` the folders that hold something which is not listed,
    ``leftovers`` unfinished files of earlier runs.  ``permissions`` are texts of permissions, where those are asked
    for.  ``at_ns`` is when the looking began.
    """

    root: str
    looks: dict[bytes, Look] = field(default_factory=dict)
    links: dict[bytes, str] = field(default_factory=dict)
    folders: dict[bytes, int] = field(default_factory=dict)
    unread: set[bytes] = field(default_factory=set)
    more: set[bytes] = field(default_factory=set)
    leftovers: list[bytes] = field(default_factory=list)
    specials: list[bytes] = field(default_factory=list)
    permissions: dict[bytes, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    at_ns: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on what was passed over, in words."""
        if not self.specials:
            return ()
        names = few((paths.display(os.fsdecode(path)) for path in self.specials), SHOWN_SPECIALS, quoted=False)
        return (Noted.SPECIALS(count=len(self.specials), folder=paths.display(self.root), names=names),)


def scan_side(
    root: str,
    choice: Choice,
    lasting: bool,
    control: Control,
    advance: Callable[[int, str], None],
    permissions: PermissionReader | None = None,
) -> RawListing:
    """List what is below ``root``, as far as ``choice`` takes it.

    ``lasting`` tells whether inodes and change times there outlive an unmount (see ``packed_stats.pack``).
    ``advance(number, folder)`` is called once a folder.  ``permissions`` reads those of files and folders.
    Raises ``OSError`` when the root itself can't be read, and ``Stopped``.
    """
    walk = _Walk(RawListing(root, at_ns=time.time_ns()), choice, lasting, permissions)
    pending = [b""]
    while pending:
        control.checkpoint()
        folder = pending.pop()
        before = len(walk.listing.looks)
        pending += walk.folder(folder)
        advance(len(walk.listing.looks) - before, os.path.join(root, os.fsdecode(folder)))
    if not choice.whole:
        drop_folders(walk.listing)
    return walk.listing


def left_out_by_stamp(listing: RawListing, choice: Choice) -> set[bytes]:
    """The paths of files that size or time leave out."""
    out = set()
    for path, look in listing.looks.items():
        stamp = stamp_of(look)
        if stamp is not None and not choice.takes_stamp(*stamp):
            out.add(path)
    return out


def leave_out(listing: RawListing, out: set[bytes]) -> None:
    """Take these paths out of the listing: there is more in their folders than is listed."""
    for path in out & listing.looks.keys():
        del listing.looks[path]
        listing.permissions.pop(path, None)
        listing.more.add(path.rpartition(_SEPARATOR)[0])
    drop_folders(listing)


def drop_folders(listing: RawListing) -> None:
    """Drop folders where only some files count: a folder counts no more than is in it."""
    looks = listing.looks
    holding: set[bytes] = set()
    for path, look in looks.items():
        if look != FOLDER_LOOK:
            above = path.rpartition(_SEPARATOR)[0]
            while above and above not in holding:
                holding.add(above)
                above = above.rpartition(_SEPARATOR)[0]
    for path in [path for path, look in looks.items() if look == FOLDER_LOOK]:
        if path not in holding and path not in listing.unread:
            del looks[path]


class _Walk:
    """One pass over a tree."""

    def __init__(
        self, listing: RawListing, choice: Choice, lasting: bool, permissions: PermissionReader | None
    ) -> None:
        self.listing, self.choice, self.lasting, self.permissions = listing, choice, lasting, permissions
        self.root = os.fsencode(listing.root)

    def folder(self, folder: bytes) -> list[bytes]:
        """Take in what is in one folder; the folders to go on with."""
        place = os.path.join(self.root, folder) if folder else self.root
        try:
            with os.scandir(place) as entries:
                return self._entries(folder, entries)
        except OSError as error:
            if not folder:
                raise
            self._forget_below(folder)
            self.listing.unread.add(folder)
            self._problem(folder, _NO_FOLDER, error, _CONTENT_LEFT)
            return []

    def _entries(self, folder: bytes, entries: os._ScandirIterator[bytes]) -> list[bytes]:
        """This is the loop that runs once a file: what is common stands here, what is rare elsewhere."""
        below: list[bytes] = []
        looks, takes_name, lasting = self.listing.looks, self.choice.takes_name, self.lasting
        folders = self.listing.folders
        takes_all, permissions = self.choice.plain, self.permissions
        prefix = folder + _SEPARATOR if folder else b""
        form, regular, directory, link = stat.S_IFMT, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK
        for entry in entries:
            path = prefix + entry.name
            if not takes_name(entry.name):
                self._passed_over(folder, path, entry)
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                self._unseen(path, error)
                continue
            kind = form(status.st_mode)
            if kind == regular:
                if takes_all or self.choice.takes_file(path):
                    looks[path] = pack(status, lasting)
                    if permissions is not None:
                        self._permit(permissions, path, status)
                else:
                    self.listing.more.add(folder)
            elif kind == directory and not _is_junction(status):
                folders[path] = status.st_ctime_ns
                if self.choice.takes_folder(path):
                    looks[path] = FOLDER_LOOK
                    below.append(path)
                    if permissions is not None:
                        self._permit(permissions, path, status)
                else:
                    self.listing.more.add(folder)
            elif kind == link:
                self._link(folder, path, status)
            else:
                self._special(path)
        return below

    def _permit(self, permissions: PermissionReader, path: bytes, status: os.stat_result) -> None:
        self.listing.permissions[path] = permissions.text(os.path.join(self.root, path), status.st_mode)

    def _passed_over(self, folder: bytes, path: bytes, entry: os.DirEntry[bytes]) -> None:
        self.listing.more.add(folder)
        if entry.name.endswith(b".part"):
            self.listing.leftovers.append(path)

    def _link(self, folder: bytes, path: bytes, status: os.stat_result) -> None:
        if not (self.choice.plain or self.choice.takes_file(path)):
            self.listing.more.add(folder)
            return
        try:
            self.listing.links[path] = os.fsdecode(os.readlink(os.path.join(self.root, path)))
        except OSError as error:
            self._unseen(path, error)
            return
        self.listing.looks[path] = pack(status, self.lasting)

    def _special(self, path: bytes) -> None:
        self.listing.looks[path] = SPECIAL_LOOK
        self.listing.specials.append(path)

    def _unseen(self, path: bytes, error: OSError) -> None:
        self.listing.looks[path] = UNREAD_LOOK
        self.listing.unread.add(path)
        self._problem(path, _NOT_SEEN, error, _LEFT)

    def _problem(self, path: bytes, what: str, error: OSError, hint: str) -> None:
        place = os.path.join(self.listing.root, os.fsdecode(path))
        self.listing.problems.append(Problem(place, what, reason(error), hint))

    def _forget_below(self, folder: bytes) -> None:
        """Forget what was seen of a folder before reading it failed: it is not all of it."""
        start = folder + _SEPARATOR
        for path in [path for path in self.listing.looks if path.startswith(start)]:
            del self.listing.looks[path]


def _is_junction(status: os.stat_result) -> bool:
    """Whether it is a Windows junction, which is a link to a folder that looks like one."""
    return _JUNCTION is not None and getattr(status, "st_reparse_tag", 0) == _JUNCTION
