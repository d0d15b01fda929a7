"""Trust in a journal, or a saved plan, that was read back: it stays within its own folders.

Every path in it lies, with all links on the way resolved, inside one of the chosen folders.  Of a journal nobody else
changed it, and modes, owners and times are ones that a file can have.  Else it is refused in words, before anything is
touched.  Nothing here changes anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from image_sync.apply import journal
from image_sync.apply.action_table import row_of
from image_sync.apply.records import FolderState, Mark
from image_sync.apply.replay import JournalReplay
from image_sync.apply.seal import Seals
from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.model import Operation, Plan, Refused

_MOST_MODE = 0o7777
_MOST_OWNER = 2**32 - 1
_MOST_TIME = 2**63 - 1
"""Nanoseconds, as file systems and the system's calls count them."""


def check(run: str, story: JournalReplay, *, undoing: bool = False) -> None:
    """Raise ``Refused`` when the journal of ``run`` can't be trusted.

    ``undoing`` asks for the paths of what may have been done only: what a link was in the way of is not touched again.
    """
    if story.seals is Seals.BROKEN:
        why = "something else than this program changed it, it comes from another computer, or its key was lost"
        raise _refused(run, why)
    within = _Within(story.header.roots.values())
    for path in _paths(story, undoing):
        if not within.holds(path):
            raise _refused(run, within.why_not(path))
    for folder in _folders(story):
        if not (within.holds(folder) or within.is_around(folder)):
            raise _refused(run, within.why_not(folder))
    for state in story.folders.values():
        if not _is_possible(state):
            raise _refused(run, f"the mode, owner or time that it gives {paths.display(state.path)} can't be")
    if any(not 0 <= (result.mode or 0) <= _MOST_MODE for result in story.results.values()):
        raise _refused(run, "it gives a file a mode that can't be")
    if any(not _is_member(operation.member) for operation in story.operations.values() if operation.member):
        raise _refused(run, "it gives a file in an archive a place that can't be")
    if any(not _is_mark(mark) for mark in _marks(story)):
        raise _refused(run, "it gives a file a size or a time that can't be")


def check_plan(plan: Plan) -> None:
    """Raise ``Refused`` when a plan that was saved, and maybe edited, would leave its own folders or leave out checks.

    Every file that it takes carries the size and time that it was planned on.
    """
    within = _Within(plan.roots.values(), "of the plan")
    for number, operation in enumerate(plan.operations, start=1):
        wrong = _lacking(operation) or next(
            (within.why_not(path) for path in _places(operation) if not within.holds(path)), ""
        )
        if wrong:
            raise Refused(f"The plan is not carried out: operation {number}: {wrong}. Nothing was done.")


def _lacking(operation: Operation) -> str:
    """Part of an operation without which it is not done, in words; empty when all is there."""
    row = row_of(operation)
    if row.needs_source and not operation.source:
        return "it has no source"
    if row.needs_destination and not operation.destination:
        return "it has no destination"
    on_file = row.needs_source and not (row.on_folders or row.permits or operation.member)
    if on_file and operation.expected is None:
        return f"it does not say how {paths.display(operation.source)} was when it was planned"
    return ""


def _places(operation: Operation) -> Iterator[str]:
    """Every path that an operation names."""
    archive = operation.member.archive if operation.member else ""
    named = (operation.source, operation.destination, operation.versions, operation.same_as, operation.keeper, archive)
    yield from filter(None, named)


def _refused(run: str, why: str) -> Refused:
    place = paths.display(os.path.join(journal.runs_folder(), run))
    return Refused(f"The journal of {run} is not trusted: {why}. Nothing was done. It lies in {place}.")


class _Within:
    """The chosen folders of a run, or of a plan."""

    def __init__(self, roots: Iterable[str], whose: str = "of that run") -> None:
        self._whose = whose
        self._roots = [root for root in roots if root and _is_plain(root)]
        self._real = [os.path.realpath(root) for root in self._roots]
        self._known: dict[str, bool] = {}

    def holds(self, path: str) -> bool:
        """Whether ``path`` lies in a chosen folder, as it is written and with all links above it resolved."""
        if not self._reads_inside(path):
            return False
        if path in self._roots:
            return True
        folder = paths.parent(path)
        if folder not in self._known:
            real = os.path.realpath(folder)
            self._known[folder] = any(paths.is_inside(real, root) for root in self._real)
        return self._known[folder]

    def why_not(self, path: str) -> str:
        """The reason why a path is not held, in words."""
        why = f"it names {paths.display(path)}, which lies outside of the folders {self._whose}"
        if self._reads_inside(path):
            why += ": a link leads there. If you moved that folder, put it back in the place of the link and try again"
        return why

    def _reads_inside(self, path: str) -> bool:
        return _is_plain(path) and any(paths.is_inside(path, root) for root in self._roots)

    def is_around(self, folder: str) -> bool:
        """Whether a chosen folder lies in ``folder``: it was changed, or made, when that was made."""
        return _is_plain(folder) and any(paths.is_inside(root, folder) for root in self._roots)


def _is_plain(path: str) -> bool:
    """Whether a path is absolute and leads nowhere back."""
    return os.path.isabs(path) and os.path.normpath(path) == path and "\0" not in path


def _paths(story: JournalReplay, undoing: bool) -> Iterator[str]:
    """Every path of a file that the journal names; with ``undoing`` those of what may have been done."""
    found: list[str] = []
    for number, operation in story.operations.items():
        if undoing and not story.may_be_done(number):
            continue
        found += _places(operation)
    found += (intent.version for intent in story.intents.values())
    found += (result.version for result in story.results.values())
    found += story.back
    return (path for path in dict.fromkeys(found) if path)


def _folders(story: JournalReplay) -> Iterator[str]:
    """Every folder that the run made or noted."""
    yield from story.folders
    yield from story.made
    for intent in story.intents.values():
        yield from intent.folders


def _is_possible(state: FolderState) -> bool:
    owners = all(0 <= number <= _MOST_OWNER for number in state.owner)
    return owners and 0 <= state.mode <= _MOST_MODE and abs(state.mtime_ns) <= _MOST_TIME


def _marks(story: JournalReplay) -> Iterator[Mark]:
    found: list[Mark | None] = []
    for intent in story.intents.values():
        found += (intent.source, intent.destination)
    for result in story.results.values():
        found += (result.left, result.kept)
    found += story.back.values()
    return (mark for mark in found if mark is not None)


def _is_member(member: ArchiveMember) -> bool:
    numbers = (member.archive_size, member.at, member.packed, member.size, member.crc)
    return all(0 <= number <= _MOST_TIME for number in numbers) and abs(member.mtime_ns) <= _MOST_TIME


def _is_mark(mark: Mark) -> bool:
    return mark.size >= 0 and abs(mark.mtime_ns) <= _MOST_TIME
