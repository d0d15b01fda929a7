"""Earlier files of one group kept before their turns come, so that they are on the disk after one flush a folder.

What an update replaces has a second name among the versions, on the disk, before the new file takes its place.  To
wait for that once a file costs more than all else that an update does.  So the second names of a whole group are made
first, and each of their folders is flushed once.  At its turn each operation still looks at everything anew; a second
name whose operation was not done is taken away again.  Nothing here replaces a file, and nothing is begun whose intent
is not on the disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable
from dataclasses import dataclass

from image_sync.apply import disk, file_ops, file_state
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.folders import PathGuard
from image_sync.apply.step import Step, StepTools
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Operation


@dataclass(frozen=True, slots=True)
class _Second:
    """The second name of a file that will be replaced, and how that file looked."""

    target: str
    version: str
    before: Seen


class BackupCopies:
    """The second names that were made for the group in hand."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Second] = {}
        self._safe: set[str] = set()
        self._made: list[str] = []

    def begin(self, steps: Iterable[Step], tools: StepTools, done: Container[int]) -> None:
        """Keep what the ``steps`` of a group, updates, will replace; more than one, or there is nothing to be won."""
        wanted = [step for step in steps if _is_suitable(step.operation, done) and step.intent.version]
        if len(wanted) < 2:
            return
        for step in wanted:
            tools.checkpoint()
            self._keep(step, tools)
        folders = {paths.parent(second.version) for second in self._waiting.values()}
        for folder in sorted(folders | set(map(paths.parent, self._made))):
            try:
                disk.flush_folder(folder)
            except OSError:  # the operations will meet it themselves, and say so
                self.drop(tools.ground)
                return
        self._safe = {second.version for second in self._waiting.values()}

    def _keep(self, step: Step, tools: StepTools) -> None:
        operation, version, ground = step.operation, step.intent.version, tools.ground
        ground.made = []
        try:
            ground.check_way(paths.parent(operation.destination))
            before = file_state.look(operation.destination)
            if before is None or before.kind is not Kind.FILE:
                return
            if operation.replaces and not file_state.is_as_planned(before, operation.replaces):
                return
            ground.make_way(paths.parent(version))
            file_ops.link(operation.destination, version)
        except (Trouble, OSError, ValueError):
            ground.take_back()
            return
        self._made += ground.made
        self._waiting[step.intent.number] = _Second(operation.destination, version, before)

    def take(self, number: int, now: Seen, ground: PathGuard) -> Seen | None:
        """The kept file of an operation whose turn has come, if it is the file that stands at the destination, which
        looks like ``now``; ``None`` when there is none that would do."""
        second = self._waiting.pop(number, None)
        if second is None:
            return None
        kept = file_state.glance(second.version)
        if kept is None or not file_state.is_untouched(kept, now):
            self._safe.discard(second.version)
            _take_away(second)
            return None
        ground.made += [folder for folder in self._made if paths.is_inside(second.version, folder)]
        return kept

    def is_safe(self, version: str) -> bool:
        """Whether a kept file is on the disk already."""
        return version in self._safe

    def settled(self, made: Iterable[str]) -> None:
        """An operation was done that names these folders among those that it made."""
        for folder in made:
            with contextlib.suppress(ValueError):
                self._made.remove(folder)

    def drop(self, ground: PathGuard) -> None:
        """Take away the second names that were never taken, and the folders that were made for them alone."""
        for second in self._waiting.values():
            _take_away(second)
        ground.made, self._made = self._made, []
        ground.take_back()
        self._waiting.clear()
        self._safe.clear()


def _take_away(second: _Second) -> None:
    # What can't be looked at is asked once more: a name that an error of the moment leaves there would be nobody's.
    now = file_state.glance(second.target) or file_state.glance(second.target)
    if now is not None and now.identity == second.before.identity:  # else it is the only name left of the old file
        file_ops.remove_quietly(second.version)


def _is_suitable(operation: Operation, done: Container[int]) -> bool:
    replaces = operation.replaces is not None
    return replaces and not operation.link and (operation.follows is None or operation.follows in done)
