"""Scan of the chosen folders for regular files: folders in, FileRecords and the problems met out.

The scan reads directory entries and their status only; no file is opened.  Links are not followed, what is not a
regular file is left alone, and names come out in one order whatever the file system gives.  It decides nothing: what
a file means to a job is the job's own rule.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.errors import reason
from image_sync.base.model import FileKind, FileRecord, Problem, Stamp
from image_sync.base.own_files import OWN_FOLDER, TEMPORARY_PREFIX, is_bin, is_litter
from image_sync.base.patterns import Patterns
from image_sync.inventory.narrowing import EVERYTHING, Narrowing
from image_sync.pictures.formats import kind_of


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of one folder.

    ``unread`` are the folders (below the root) whose content is unknown.  ``folders`` are all that there are below the
    root, entered or not; ``others`` is what stands there besides: links, special files, files that don't count.
    """

    root: str
    files: tuple[FileRecord, ...]
    unread: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    folders: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """The filter of a scan: which files count.  Patterns are those of ``base.patterns``.

    An empty ``include`` takes all.  ``minimum_size`` is in bytes.  ``skip`` are absolute folders that are not entered.
    ``narrowing`` are the user's other choices.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    minimum_size: int = 0
    kinds: frozenset[FileKind] = frozenset(FileKind)
    skip: frozenset[str] = frozenset()
    litter: bool = False
    narrowing: Narrowing = EVERYTHING
    _include: Patterns = field(init=False, repr=False, compare=False)
    _exclude: Patterns = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_include", Patterns(self.include))
        object.__setattr__(self, "_exclude", Patterns(self.exclude))

    def takes_folder(self, relative: str, name: str) -> bool:
        """Whether the folder is entered; a bin never is."""
        if name == OWN_FOLDER or is_bin(name) or (not self.litter and is_litter(name)):
            return False
        return self.narrowing.enters(relative) and not self._exclude.match(relative, folder=True)

    def takes_file(self, relative: str, name: str, stamp: Stamp, kind: FileKind) -> bool:
        """Whether the file is listed.

        Size, time, kinds, lists and ``include`` speak of pictures, never of what travels with them.
        """
        if name.startswith(TEMPORARY_PREFIX) or kind not in self.kinds:
            return False
        if not self.litter and is_litter(name):
            return False
        if self._exclude.match(relative) or not self.narrowing.reaches(relative):
            return False
        if kind in (FileKind.SIDECAR, FileKind.MOVIE):
            return True
        if stamp.size < self.minimum_size or not self.narrowing.fits(stamp.size, stamp.mtime_ns):
            return False
        return self.narrowing.names(relative) and (not self._include or self._include.match(relative))


def scan(
    root: str,
    wanted: Filter | None = None,
    *,
    control: Control | None = None,
    advance: Callable[[int, str], None] | None = None,
) -> Listing:
    """List the files below ``root`` that ``wanted`` takes, sorted by path.

    ``advance(number, folder)`` is called once per folder with the number of files taken in it.  Raises ``OSError`` when
    ``root`` itself can't be read and ``Stopped`` at a checkpoint; a folder or file below it that can't is a Problem.
    """
    walk = _Walk(root, wanted or Filter(), control, advance)
    files = list(walk.files())
    files.sort(key=lambda record: record.relative)
    unread, problems = tuple(walk.unread), tuple(walk.problems)
    return Listing(root, tuple(files), unread, problems, tuple(sorted(walk.folders)), tuple(sorted(walk.others)))


class _Walk:
    """One pass over a tree, with an explicit stack so that depth is no limit."""

    def __init__(
        self,
        root: str,
        wanted: Filter,
        control: Control | None,
        advance: Callable[[int, str], None] | None,
    ) -> None:
        self.root, self.wanted, self.control, self.advance = root, wanted, control, advance
        self.unread: list[str] = []
        self.problems: list[Problem] = []
        self.folders: list[str] = []
        self.others: list[str] = []

    def files(self) -> Iterator[FileRecord]:
        pending = [""]
        while pending:
            if self.control:
                self.control.checkpoint()
            relative = pending.pop()
            taken = 0
            for entry in self._entries(relative):
                below = paths.join(relative, entry.name)
                record = self._record_or_descend(entry, below, pending)
                if record:
                    taken += 1
                    yield record
            if self.advance:
                self.advance(taken, paths.join(self.root, relative))

    def _entries(self, relative: str) -> list[os.DirEntry[str]]:
        folder = paths.join(self.root, relative)
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            if not relative:
                raise
            self.unread.append(relative)
            self.problems.append(
                Problem(folder, "This folder could not be read", reason(error), "its content is left as it is")
            )
            return []

    def _record_or_descend(self, entry: os.DirEntry[str], below: str, pending: list[str]) -> FileRecord | None:
        try:
            if entry.is_symlink() or is_junction(entry):
                self.others.append(below)
                return None
            if entry.is_dir(follow_symlinks=False):
                self.folders.append(below)
                if self.wanted.takes_folder(below, entry.name) and entry.path not in self.wanted.skip:
                    pending.append(below)
                return None
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.problems.append(Problem(entry.path, "This file could not be looked at", reason(error)))
            self.others.append(below)
            return None
        kind = kind_of(entry.name)
        stamp = Stamp(status.st_size, status.st_mtime_ns)
        if not stat.S_ISREG(status.st_mode) or not self.wanted.takes_file(below, entry.name, stamp, kind):
            self.others.append(below)
            return None
        return record_of(self.root, below, status, kind)


def record_of(root: str, relative: str, status: os.stat_result, kind: FileKind) -> FileRecord:
    """The record of the file ``relative`` below ``root`` whose status was read."""
    return FileRecord(
        root,
        relative,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_dev,
        status.st_ino,
        status.st_nlink,
        stat.S_IMODE(status.st_mode),
        kind,
    )


def is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether the entry is a Windows junction, which is a link to a folder under another name."""
    test = getattr(entry, "is_junction", None)
    return bool(test and test())
