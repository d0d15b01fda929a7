"""Narrowing of a scan to some of the files: by size and time, by depth and name, by kind, by a list.

One value for all jobs.  What it says of a path is the same whatever stands there, so that it can be asked of a path
that is only remembered; what it says of size and time needs the file.  Nothing here touches a disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from image_sync.base import paths


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The files that are meant.

    Sizes are in bytes, 0 for no limit; ``newer_ns`` and ``older_ns`` are in nanoseconds since 1970: files that were
    changed then or later, and before.  ``depth`` counts folders: 1 is the chosen one alone, 0 all below it.  Without
    ``hidden`` nothing counts whose name, or that of a folder on the way, begins with a dot.  ``suffixes`` are those of
    the kinds that are meant, ``only`` the paths (below the root); ``None`` for any.
    """

    minimum_size: int = 0
    maximum_size: int = 0
    newer_ns: int | None = None
    older_ns: int | None = None
    depth: int = 0
    hidden: bool = True
    suffixes: frozenset[str] | None = None
    only: frozenset[str] | None = None

    @property
    def by_stamp(self) -> bool:
        """Whether size or time say something."""
        return bool(self.minimum_size or self.maximum_size) or self.newer_ns is not None or self.older_ns is not None

    @property
    def by_choice(self) -> bool:
        """Whether single files are chosen, so that a folder counts no more than is in it."""
        return self.by_stamp or self.suffixes is not None or self.only is not None

    @property
    def by_folder(self) -> bool:
        """Whether whole folders are left out."""
        return bool(self.depth) or not self.hidden

    @property
    def is_any(self) -> bool:
        """Whether nothing is left out."""
        return not (self.by_choice or self.by_folder)

    def enters(self, folder: str) -> bool:
        """Whether what lies in a folder (its path below the root) may count, as far as that folder is concerned."""
        if not self.hidden and paths.name(folder).startswith("."):
            return False
        return not self.depth or len(paths.components(folder)) < self.depth

    def reaches(self, path: str) -> bool:
        """Whether a file may count by its place: not too deep, not hidden."""
        if not self.hidden and any(part.startswith(".") for part in paths.components(path)):
            return False
        return not self.depth or len(paths.components(path)) <= self.depth

    def names(self, path: str) -> bool:
        """Whether a file is one of the kinds and of the list."""
        if self.suffixes is not None and paths.suffix(path) not in self.suffixes:
            return False
        return self.only is None or path in self.only

    def fits(self, size: int, mtime_ns: int) -> bool:
        """Whether a file has the size and the time."""
        if size < self.minimum_size or (self.maximum_size and size > self.maximum_size):
            return False
        if self.newer_ns is not None and mtime_ns < self.newer_ns:
            return False
        return self.older_ns is None or mtime_ns < self.older_ns


EVERYTHING = Narrowing()
