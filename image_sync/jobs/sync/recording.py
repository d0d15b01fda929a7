"""Recording of outcomes: what both folders are known to hold alike afterwards.

A path is remembered only when both files stand, are the ones that were planned on or written, and their change times
prove it; everything else is left for the next run to look at.  Nothing here changes a file.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from image_sync.apply.action_table import row_of
from image_sync.apply.records import Mark, Result
from image_sync.base import paths
from image_sync.base.model import Operation, Outcome, Plan, Stamp
from image_sync.jobs.sync import left_roots
from image_sync.jobs.sync.disks import disk_of
from image_sync.jobs.sync.log import SyncLog
from image_sync.jobs.sync.memory import Row, SyncMemory
from image_sync.jobs.sync.model import Kind, Side, SyncReview
from image_sync.jobs.sync.packed_stats import (
    FOLDER_LOOK,
    TICK_NS,
    Look,
    entry,
    is_leaf,
    same_but_renamed,
    settled,
    unsettled,
    with_stamp,
)
from image_sync.jobs.sync.scanned import Scanned
from image_sync.jobs.sync.stat_reader import look_at

SPARE_NS = 2_000_000
"""What is waited beyond a tick, in nanoseconds."""


@dataclass(slots=True)
class _Waiting:
    """A path that both sides hold alike now, if they still do when its change times have settled.

    ``planned`` is how files looked that were to stay as they are, ``moved`` how one looked that got this name;
    ``copied`` tells that
    ``content`` is what was copied from the one to the other.
    ``expected`` is said of the source of a copy where no look is known; ``left`` is what was written.
    """

    path: bytes
    since_ns: int
    planned: dict[Side, Look] = field(default_factory=dict)
    moved: dict[Side, Look] = field(default_factory=dict)
    expected: dict[Side, Stamp] = field(default_factory=dict)
    left: dict[Side, Mark] = field(default_factory=dict)
    content: str = ""
    copied: bool = False


class Recorder:
    """Takes outcomes in and writes them to the memory and the log."""

    def __init__(self, plan: Plan, memory: SyncMemory, log: SyncLog, scanned: Scanned | None) -> None:
        self._plan, self._memory, self._log, self._scanned = plan, memory, log, scanned
        self._roots = {side: plan.roots[side.value] for side in Side}
        self._lasting = {side: disk_of(root).lasting for side, root in self._roots.items()}
        self._waiting: list[_Waiting] = []
        self._taken: dict[bytes, None] = {}
        self._changed: set[bytes] = set()

    # --- what is known without doing anything ---

    def settle(self, review: SyncReview) -> None:
        """Remember what was found to be the same, and forget what is gone from both sides."""
        assert self._scanned is not None
        alike = [one for one in review.found if one.kind is Kind.EQUAL or one.permissions]
        known = [self._row(os.fsencode(one.path)) for one in alike]
        gone = [path for path in self._scanned.rows if self._is_gone(path, review)]
        self._memory.agree(filter(self._is_news, known), gone)
        self._memory.permit(dict(self._alike_permissions()))

    def _alike_permissions(self) -> Iterator[tuple[bytes, str]]:
        """Permissions that both sides have and nobody remembers yet."""
        assert self._scanned is not None
        here, there = (self._scanned.listings[side].permissions for side in Side)
        known = self._scanned.agreed_permissions
        looks = [self._scanned.listings[side].looks for side in Side]
        for path, text in here.items():
            if text and there.get(path) == text != known.get(path) and all(path in listed for listed in looks):
                yield path, text

    def _is_gone(self, path: bytes, review: SyncReview) -> bool:
        """Whether nothing stands there on either side, as far as both can be seen."""
        text = os.fsdecode(path)
        return all(review.situation.half(side).look(text) is None for side in Side)

    def _is_news(self, row: Row) -> bool:
        """Whether a row says more than what is remembered already."""
        assert self._scanned is not None
        known = self._scanned.agreed_contents.get(row.path, "")
        return (row.source, row.target) != self._scanned.rows.get(row.path) or row.content != known

    def _row(self, path: bytes) -> Row:
        assert self._scanned is not None
        looks = [settled(self._scanned.listings[side].looks[path], self._scanned.listings[side].at_ns) for side in Side]
        known = [self._scanned.contents[side].get(path, "") for side in Side]
        return Row(path, looks[0], looks[1], known[0] or known[1] or self._scanned.agreed_contents.get(path, ""))

    # --- outcomes ---

    def take(self, results: Sequence[Result]) -> None:
        """Take in how some operations ended, all of which stand on the disk."""
        for result in results:
            operation = self._plan.operations[result.number]
            problem = result.problem
            error = f"{problem.what}: {problem.why}" if problem else ""
            self._log.done(result.number, result.outcome.value, error, result.sum)
            if result.outcome is Outcome.DONE:
                self._note(operation, result)
        self._remember(lambda waiting: time.time_ns() - waiting.since_ns > TICK_NS)

    def finish(self) -> None:
        """The run has ended: remember the rest, and forget what it took from both sides."""
        if self._waiting:
            left = max(waiting.since_ns for waiting in self._waiting) + TICK_NS + SPARE_NS - time.time_ns()
            time.sleep(min(max(left, 0), 2 * TICK_NS) / 1e9)
        self._remember(lambda _: True)
        self._forget_gone()

    def leave(self) -> None:
        """Remember how the two roots are left, whether or not the run changed anything."""
        if self._scanned is not None:
            left_roots.leave(self._memory, self._scanned, self._changed, bool(self._plan.operations))

    def _note(self, operation: Operation, result: Result) -> None:
        """Expect both sides to hold alike what the operation brought about, and nobody what it took away."""
        row = row_of(operation)
        for place in filter(None, (operation.source, operation.destination)):
            self._changed.add(os.path.dirname(self._where(place)[1]))
        if row.leaves:
            self._taken[self._where(operation.source)[1]] = None
        side, path = self._where(operation.destination)
        if side is None:
            return
        waiting = _Waiting(path, time.time_ns())
        if row.permits:
            self._permitted(waiting, side)
        elif row.writes:
            self._written(waiting, side, operation, result)
        elif row.renames:
            self._moved(waiting, side, operation)
        elif not row.on_folders:
            return
        self._waiting.append(waiting)

    def _written(self, waiting: _Waiting, side: Side, operation: Operation, result: Result) -> None:
        look = self._look(side.other, waiting.path)
        if look is not None:
            waiting.planned[side.other] = look
        elif operation.expected:
            waiting.expected[side.other] = operation.expected
        if result.left:
            waiting.left[side] = result.left
        waiting.copied = bool(result.sum)
        waiting.content = result.sum or self._content(side.other, waiting.path)

    def _permitted(self, waiting: _Waiting, side: Side) -> None:
        """Permissions of a file changed: what it holds agrees with the other side as before, where it did."""
        looks = {one: self._look(one, waiting.path) for one in Side}
        here, there = looks[side], looks[side.other]
        if here is None or there is None or self._scanned is None:
            return
        waiting.moved[side], waiting.planned[side.other] = here, there
        known = self._content(side.other, waiting.path) or self._content(side, waiting.path)
        waiting.content = known or self._scanned.agreed_contents.get(waiting.path, "")

    def _moved(self, waiting: _Waiting, side: Side, operation: Operation) -> None:
        """A file was moved to the name that the other side had for its content already (else it agrees with nobody)."""
        before = self._where(operation.source)[1]
        look, there = self._look(side, before), self._look(side.other, waiting.path)
        if look is None or there is None or self._scanned is None:
            return
        waiting.moved[side], waiting.planned[side.other] = look, there
        known = self._content(side.other, waiting.path) or self._content(side, before)
        waiting.content = known or self._scanned.agreed_contents.get(before, "")

    def _look(self, side: Side, path: bytes) -> Look | None:
        return self._scanned.listings[side].looks.get(path) if self._scanned else None

    def _where(self, place: str) -> tuple[Side | None, bytes]:
        for side, root in self._roots.items():
            if place and paths.is_inside(place, root):
                return side, os.fsencode(place[len(root.rstrip(paths.SEPARATOR)) + 1 :])
        return None, b""

    def _content(self, side: Side, path: bytes) -> str:
        return self._scanned.contents[side].get(path, "") if self._scanned else ""

    # --- to the memory ---

    def _remember(self, is_due: Callable[[_Waiting], bool]) -> None:
        due = [waiting for waiting in self._waiting if is_due(waiting)]
        self._waiting = [waiting for waiting in self._waiting if not is_due(waiting)]
        self._memory.agree((row for waiting in due if (row := self._agreed(waiting))), run=self._log.run)

    def _agreed(self, waiting: _Waiting) -> Row | None:
        """The row of a path, when both files stand and are what they should be."""
        now = time.time_ns()
        looks = {}
        for side, root in self._roots.items():
            seen = look_at(os.path.join(os.fsencode(root), waiting.path), self._lasting[side])
            if seen is None:
                return None
            looks[side] = seen
        if all(look == FOLDER_LOOK for look in looks.values()):
            return Row(waiting.path, FOLDER_LOOK, FOLDER_LOOK, permissions=self._permissions(waiting.path))
        if not all(map(is_leaf, looks.values())):
            return None
        for side in Side:
            checked = self._checked(side, looks[side], waiting)
            if checked is None and waiting.copied:
                checked = self._as_copied(side, looks[side], waiting)
            if checked is None:
                return None
            looks[side] = settled(checked, now)
        permissions = self._permissions(waiting.path)
        return Row(waiting.path, looks[Side.SOURCE], looks[Side.TARGET], waiting.content, permissions)

    def _permissions(self, path: bytes) -> str:
        """Permissions that both sides have now, where they are carried and alike; else empty."""
        reader = self._scanned.permissions if self._scanned else None
        if reader is None:
            return ""
        here, there = (reader.read(os.path.join(os.fsencode(root), path)) for root in self._roots.values())
        return here if here == there else ""

    @staticmethod
    def _as_copied(side: Side, now: Look, waiting: _Waiting) -> Look | None:
        """State of a file when it was copied or written, where it has changed since: that both held the same then
        tells the next run whose change it is."""
        if side in waiting.planned:
            return unsettled(waiting.planned[side])
        left = waiting.left.get(side)
        return with_stamp(now, left.size, left.mtime_ns) if left else None

    @staticmethod
    def _checked(side: Side, look: Look, waiting: _Waiting) -> Look | None:
        """The look if it is of the very file that was planned on or written; without its change time where that proves
        nothing; ``None`` if it is another."""
        if side in waiting.left:
            return look if _is_left(look, waiting.left[side]) else None
        if side in waiting.planned:
            return look if look == waiting.planned[side] else None
        if side in waiting.moved:
            return look if same_but_renamed(look, waiting.moved[side]) else None
        if side in waiting.expected:
            seen = entry(look)
            return unsettled(look) if Stamp(seen.size, seen.mtime_ns) == waiting.expected[side] else None
        return None

    def _forget_gone(self) -> None:
        """Forget what an operation took from both sides."""
        gone = [path for path in self._taken if not any(self._stands(side, path) for side in Side)]
        self._memory.forget(gone, self._log.run)

    def _stands(self, side: Side, path: bytes) -> bool:
        return os.path.lexists(os.path.join(os.fsencode(self._roots[side]), path))


def _is_left(look: Look, left: Mark) -> bool:
    """Whether it is the look of the file that the run left."""
    seen = entry(look)
    same_inode = not left.inode or not seen.inode or left.inode == seen.inode
    return same_inode and (seen.size, seen.mtime_ns) == (left.size, left.mtime_ns)
