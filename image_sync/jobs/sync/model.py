"""The nouns of *sync*: what stands on a side, what both sides agreed on, what is decided, and why.

They stand beside ``model`` since nobody else needs them.  Values only: nothing here looks at a disk or knows a rule.
The two folders are the *source* and the *target*; after a run both hold the same, whichever side it came from, so the
two names say no more than which folder was named first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from image_sync.base import paths
from image_sync.base.model import Plan, Problem
from image_sync.jobs.sync.request import SyncRequest


class Side(Enum):
    """One of the two folders."""

    __hash__ = object.__hash__  # much faster than that of Enum, and looked up a hundred times a file

    SOURCE = "source"
    TARGET = "target"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.TARGET if self is Side.SOURCE else Side.SOURCE


class EntryKind(Enum):
    """Kind of an entry."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a link"
    SPECIAL = "a special file"
    """A pipe, a socket or a device: never read, never replaced."""
    UNREAD = "something that could not be read"


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry under a name when it was read.

    ``size`` is in bytes, the times in nanoseconds since 1970.  ``ctime_ns`` is 0 where it proves nothing (the file had
    changed so shortly before that another change need not show).  ``content`` is the SHA-256 of a file in hexadecimal
    where it is known, of a link always where it points to.  ``permissions`` is their text
    (``base.permission_text``) where they are to be carried, else empty.
    """

    kind: EntryKind
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    content: str = ""
    permissions: str = ""


UNREAD = Entry(EntryKind.UNREAD)
FOLDER = Entry(EntryKind.FOLDER)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Agreed state of a name: what the two sides held at the end of the last run that left them the same under it.

    ``permissions`` are those that both had when they last had the same, empty where nobody remembers.
    """

    source: Entry
    target: Entry
    permissions: str = ""

    def on(self, side: Side) -> Entry:
        """Entry of one side then."""
        return self.source if side is Side.SOURCE else self.target

    @property
    def content(self) -> str:
        """The content that both held; empty when it was never needed."""
        return self.source.content or self.target.content


@dataclass(frozen=True, slots=True)
class Half:
    """One side as it is now; paths are below ``root``.

    ``unread`` are the folders whose content is unknown, ``more`` those that hold something which is not in ``entries``
    (excluded, litter, our own).  ``folds`` tells that the file system takes names for one that differ only in case or
    Unicode form.  ``resolution_ns`` is the step in which it keeps times.
    """

    root: str
    entries: Mapping[str, Entry]
    unread: Collection[str] = frozenset()
    more: Collection[str] = frozenset()
    folds: bool = False
    resolution_ns: int = 1

    def look(self, path: str) -> Entry | None:
        """Entry at ``path``; at or below an unread folder that is unknown, which is not the same as nothing."""
        entry = self.entries.get(path)
        if entry is None and self.unread and self.is_hidden(path):
            return UNREAD
        return entry

    def is_hidden(self, path: str) -> bool:
        """Whether ``path`` lies below a folder that could not be read."""
        return any(above in self.unread for above in ancestors(path))

    def below(self, folder: str) -> Iterator[str]:
        """The paths of all that is listed below ``folder``, in order."""
        start = folder + paths.SEPARATOR
        return iter(sorted(path for path in self.entries if path.startswith(start)))


@dataclass(frozen=True, slots=True)
class Situation:
    """Situation of a sync: both sides, and what they agreed on at the end of the last run.

    ``open`` are the paths that need a decision; ``None`` for every path there is.  What is not in it stands on both
    sides as it was agreed.  ``files_agreed`` is how many files and links both sides agreed on, by default those of
    ``agreed``.  ``different_shots`` are the paths whose two pictures
    were found to be of different shots, ``unknown_shots`` those of which nobody can tell, since one can't be decoded;
    ``is_first`` tells that nothing is remembered of the two folders.
    """

    source: Half
    target: Half
    agreed: Mapping[str, Agreed] = field(default_factory=dict)
    open: Collection[str] | None = None
    files_agreed: int | None = None
    different_shots: Collection[str] = frozenset()
    unknown_shots: Collection[str] = frozenset()
    is_first: bool = True

    def half(self, side: Side) -> Half:
        """One of the two sides."""
        return self.source if side is Side.SOURCE else self.target

    def paths(self) -> Collection[str]:
        """The paths that need a decision."""
        if self.open is not None:
            return self.open
        return self.source.entries.keys() | self.target.entries.keys() | self.agreed.keys()


class Answer(Enum):
    """Answer of the user to a row; the values are what is typed on the command line."""

    SOURCE = "source"
    TARGET = "target"
    KEEP_BOTH = "keep-both"
    SKIP = "skip"


class Kind(Enum):
    """Fate of a path."""

    __hash__ = object.__hash__

    COPY_TO_TARGET = "copy to target"
    COPY_TO_SOURCE = "copy to source"
    UPDATE_TARGET = "update target"
    UPDATE_SOURCE = "update source"
    RENAME_IN_TARGET = "rename in target"
    RENAME_IN_SOURCE = "rename in source"
    DELETE_IN_TARGET = "set aside in target"
    DELETE_IN_SOURCE = "set aside in source"
    PERMIT_IN_TARGET = "change permissions in target"
    PERMIT_IN_SOURCE = "change permissions in source"
    KEEP_BOTH = "keep both"
    CONFLICT = "conflict"
    DELETION = "deletion to answer"
    """It is gone from one side, and what becomes of the other copy is asked."""
    SKIP = "left alone"
    EQUAL = "same on both sides"
    PROBLEM = "problem"


COPY_TO = {Side.SOURCE: Kind.COPY_TO_SOURCE, Side.TARGET: Kind.COPY_TO_TARGET}
UPDATE = {Side.SOURCE: Kind.UPDATE_SOURCE, Side.TARGET: Kind.UPDATE_TARGET}
RENAME_IN = {Side.SOURCE: Kind.RENAME_IN_SOURCE, Side.TARGET: Kind.RENAME_IN_TARGET}
DELETE_IN = {Side.SOURCE: Kind.DELETE_IN_SOURCE, Side.TARGET: Kind.DELETE_IN_TARGET}
PERMIT_IN = {Side.SOURCE: Kind.PERMIT_IN_SOURCE, Side.TARGET: Kind.PERMIT_IN_TARGET}
CHANGED_SIDE = {
    kind: side for table in (COPY_TO, UPDATE, RENAME_IN, DELETE_IN, PERMIT_IN) for side, kind in table.items()
}
"""Which side a kind changes."""
CHANGES = frozenset(CHANGED_SIDE) | {Kind.KEEP_BOTH}
"""Kinds that change something."""
OPEN = frozenset({Kind.CONFLICT, Kind.DELETION})
"""Kinds that wait for an answer."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Decision for one path, and why.

    ``source`` and ``target`` are what stands there now (``None``: nothing).  ``earlier`` is the path before, where a
    file was renamed or moved on the other side: there ``path`` is the new one.  ``answer`` is the user's, where there
    was one.  ``problem`` is there for ``Kind.PROBLEM``.  ``different_shots`` marks two pictures under one name that
    are no versions of each other, ``permissions`` what holds the same on both sides but for its permissions.
    ``moved_to`` is where a file went that is set aside here: a part of what took the place of something else.
    """

    path: str
    kind: Kind
    why: str
    source: Entry | None = None
    target: Entry | None = None
    earlier: str = ""
    answer: Answer | None = None
    problem: Problem | None = None
    different_shots: bool = False
    permissions: bool = False
    moved_to: str = ""

    def on(self, side: Side) -> Entry | None:
        """Entry of one side."""
        return self.source if side is Side.SOURCE else self.target

    @property
    def is_deletion_asked(self) -> bool:
        """Whether it is the question what becomes of something that is gone from one side, open or skipped."""
        alone = (self.source is None) is not (self.target is None)
        return self.kind is Kind.DELETION or (self.kind is Kind.SKIP and alone)

    @property
    def is_folder(self) -> bool:
        """Whether it is about a folder alone."""
        source, target = self.source, self.target
        if source is None:
            return target is not None and target.kind is EntryKind.FOLDER
        return source.kind is EntryKind.FOLDER and (target is None or target.kind is EntryKind.FOLDER)

    @property
    def size(self) -> int:
        """Bytes that would be copied."""
        side = CHANGED_SIDE.get(self.kind)
        entry = self.on(side.other) if side and self.kind in (COPY_TO[side], UPDATE[side]) else None
        return entry.size if entry and entry.kind is EntryKind.FILE else 0


@dataclass(frozen=True, slots=True)
class SyncReview:
    """Review that a scan for *sync* leaves.

    ``found`` is what the rules say, ``decisions`` the same after the user's answers, one for one.  ``equal`` counts the
    files and links that are the same on both sides.  ``refusal`` says in words why the plan may not be carried out
    (then nothing is); it is empty when it may.  ``partial`` is always 1.0: a comparison that was stopped says nothing.
    """

    request: SyncRequest
    situation: Situation = field(repr=False)
    found: tuple[Decision, ...]
    decisions: tuple[Decision, ...]
    plan: Plan
    equal: int = 0
    refusal: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    partial: float = 1.0

    def count(self, *kinds: Kind, folders: bool = False) -> int:
        """Number of decisions of these kinds: about files and links, or about folders alone."""
        return sum(1 for decision in self.decisions if decision.kind in kinds and decision.is_folder is folders)

    @property
    def conflicts(self) -> tuple[Decision, ...]:
        """The conflicts that wait for an answer; deletions that are asked about are none."""
        return tuple(decision for decision in self.decisions if decision.kind is Kind.CONFLICT)

    @property
    def questions(self) -> tuple[Decision, ...]:
        """Rows that wait for an answer: conflicts, and deletions that are asked about."""
        return tuple(decision for decision in self.decisions if decision.kind in OPEN)

    @property
    def left_open(self) -> tuple[Decision, ...]:
        """The conflicts and deletions that wait for an answer, and those that were skipped."""
        found = {decision.path for decision in self.found if decision.kind in OPEN}
        return tuple(
            decision
            for decision in self.decisions
            if decision.kind in OPEN or (decision.kind is Kind.SKIP and decision.path in found)
        )


def ancestors(path: str) -> Iterator[str]:
    """The folders that ``path`` lies in, the innermost first, the root (``""``) last."""
    while path:
        path = path.rpartition(paths.SEPARATOR)[0]
        yield path
