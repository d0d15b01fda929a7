"""After a crash: was an operation that had been announced done, or not begun?  Nothing in between is left.

The journal tells what was about to happen, the world what did.  Half-done work is taken back, never finished: a
temporary file of ours is removed, a second name or a proven copy that was published before its source went is removed
again.  Only files that are known to exist elsewhere too are removed; where the world fits neither before nor after,
that is said and everything stays.  How each action is settled stands in its row of the table.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from image_sync.apply import file_ops
from image_sync.apply.action_table import kept_path, leaves_folder, row_of
from image_sync.apply.actions import moving
from image_sync.apply.folders import PathGuard
from image_sync.apply.records import Intent, Mark, Result
from image_sync.apply.replay import JournalReplay
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.base import paths
from image_sync.base.model import Operation, Refused, Stamp


def settle(step: Step, tools: StepContext) -> Result | None:
    """The result of an operation whose end is not in the journal, or ``None`` when it is as if it had not begun.

    Asking twice gives the same answer.  The folders that may have changed by it are to be flushed before the journal
    gets that answer.  Raises ``Trouble`` or ``OSError`` when that can't be told.
    """
    operation, intent = step.operation, step.intent
    row = row_of(operation)
    if operation.source == operation.destination and not row.in_place:
        return None
    for target in (operation.destination, intent.version):
        if target:
            file_ops.remove_quietly(tools.temporary(target, intent.number))
            tools.ground.changed.add(paths.parent(target))
    return row.settle(step, tools)


def check_roots(story: JournalReplay) -> None:
    """Raise ``Refused`` when a chosen folder is gone that stood when the run began (and that the run did not remove):
    its disk may not be connected, and what is missing there must not be taken for deleted."""
    removed = {found.source for found in story.operations.values() if leaves_folder(found)}
    for root in story.header.standing:
        if root not in removed and not os.path.isdir(root):
            raise Refused(
                f"The folder {paths.display(root)} is not there. Connect its disk, or make the folder again if it "
                "was deleted; then try again. Nothing was done."
            )


def lost_moves(story: JournalReplay) -> frozenset[int]:
    """Moves that the journal calls done and that a power cut took back: the file stands at its old place only."""
    lost: set[int] = set()
    places: set[str] = set()
    for number in story.done:
        operation, result = story.operations.get(number), story.results[number]
        if operation is not None and row_of(operation).renames and moving.is_lost(operation, result, places):
            lost.add(number)
            places.add(moving.moved_to(operation, result))
    return frozenset(lost)


def open_intents(story: JournalReplay, ground: PathGuard) -> Iterable[Intent]:
    """The intents of operations whose end is not known.

    For a damaged journal also those of the operations that it says nothing about, as they would have been.
    """
    found = dict(story.intents)
    if story.damage:
        found.update(_assumed_intents(story, ground))
    return found.values()


def _assumed_intents(story: JournalReplay, ground: PathGuard) -> dict[int, Intent]:
    found: dict[int, Intent] = {}
    for number, operation in story.operations.items():
        if number in story.intents or number in story.results:
            continue
        kept = kept_path(operation)
        found[number] = _assumed(number, operation, ground.version_wanted(operation, kept) if kept else "")
    return found


def _assumed(number: int, operation: Operation, version: str) -> Intent:
    """Assumed intent of an operation, for a journal whose lines were lost."""
    folder = Mark(0, 0, 0, 0) if leaves_folder(operation) else None
    return Intent(number, version, _as_mark(operation.expected) or folder, _as_mark(operation.replaces))


def _as_mark(stamp: Stamp | None) -> Mark | None:
    return Mark(stamp.size, stamp.mtime_ns, 0, 0, stamp.digest) if stamp else None
