"""Outlook on an undo or a resume: its steps, place by place, before it is asked for.

Only the journal is read, and trusted no more than it will be then; nothing is looked at and nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from image_sync.apply import journal, trust
from image_sync.apply.action_table import leaves_folder, row_of
from image_sync.apply.replay import JournalReplay
from image_sync.base import paths
from image_sync.base.model import Action, Operation


@dataclass(frozen=True, slots=True)
class Outlook:
    """Operations of one action from one folder to another; either is empty where there is none."""

    action: Action
    origin: str
    target: str
    number: int
    size: int


def of_undo(run: str) -> tuple[Outlook, ...]:
    """Outlook on undoing ``run``.  Raises ``Refused`` when the journal can't be read or trusted."""
    story = _trusted(run, undoing=True)
    return _together(_taken_back(story, number) for number in reversed(story.done) if number not in story.undone)


def of_resume(run: str) -> tuple[Outlook, ...]:
    """Outlook on resuming ``run``.  Raises ``Refused`` when the journal can't be read or trusted."""
    story = _trusted(run, undoing=False)
    done = set(story.done)
    return _together(
        _place(operation, operation.source, operation.destination)
        for number, operation in sorted(story.operations.items())
        if number not in done
    )


def _trusted(run: str, undoing: bool) -> JournalReplay:
    story = journal.load(run)
    trust.check(run, story, undoing=undoing)
    return story


def _taken_back(story: JournalReplay, number: int) -> Outlook | None:
    operation, result = story.operations.get(number), story.results[number]
    if operation is None or result.already:
        return None
    row = row_of(operation)
    if result.version or row.renames:
        target = operation.source if row.leaves else operation.destination
        return _place(operation, result.version or operation.destination, target)
    if leaves_folder(operation):
        return _place(operation, "", operation.source)
    return _place(operation, operation.destination, "")


def _place(operation: Operation, origin: str, target: str) -> Outlook:
    return Outlook(operation.action, paths.parent(origin), paths.parent(target), 1, operation.size)


def _together(found: Iterator[Outlook | None]) -> tuple[Outlook, ...]:
    """Places alike as one, in the order in which each comes first."""
    together: dict[tuple[Action, str, str], Outlook] = {}
    for one in found:
        if one is not None:
            key = (one.action, one.origin, one.target)
            before = together.get(key)
            size, number = (before.size, before.number) if before else (0, 0)
            together[key] = replace(one, number=number + 1, size=size + one.size)
    return tuple(together.values())
