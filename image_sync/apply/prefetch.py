"""Copies of one group made side by side, before their turn comes.

Waiting until a small file is on the disk takes longer than reading and writing it, and a disk takes many such waits at
once.  So while the group's operations are done one after the other, as ever, the copies among them that need nothing
but their source are being written under their temporary names by a few threads.  Each is published in its turn, after
all the checks of its turn; one whose source changed meanwhile is thrown away and made again.  Nothing here publishes,
and nothing is begun whose intent is not on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from image_sync.apply import file_ops, file_state
from image_sync.apply.actions import unpacking
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.step import Step, StepTools
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Operation

THREADS = 6
LARGEST = 4 << 20
"""Bytes of the largest file that is copied ahead: of a larger one the waiting is the least part, and as many as there
are threads are held in memory."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy in the making: where it is written, and how its source looked."""

    temporary: str
    before: Seen
    made: Future[str | None]


class _Quiet:
    """A watch that only lets a run be paused and stopped; what was copied is told when its turn comes."""

    def __init__(self, checkpoint: Callable[[], None]) -> None:
        self.checkpoint = checkpoint

    def moved(self, size: int) -> None:
        """Say nothing."""


class Prefetch:
    """The copies that are under way."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._copies: dict[int, _Copy] = {}

    def begin(self, steps: Iterable[Step], tools: StepTools, done: Container[int]) -> None:
        """Begin the copies that the ``steps`` of a group make; more than one, or there is nothing to be won."""
        wanted = [(step, before) for step in steps if (before := _suitable(step.operation, tools, done))]
        if len(wanted) < 2 or tools.full:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="copy")
        watch = _Quiet(tools.checkpoint)
        for step, before in wanted:
            operation, number = step.operation, step.intent.number
            temporary = tools.temporary(operation.destination, number)
            digest = operation.expected_digest
            kept: dict[str, Any] = {"before": before, "digest": digest, "sums": tools.sums}
            if operation.member is not None:
                made = self._pool.submit(unpacking.unpack, operation.member, temporary, watch, **kept)
            else:
                made = self._pool.submit(file_ops.copy, operation.source, temporary, watch, **kept)
            self._copies[number] = _Copy(temporary, before, made)

    def take(self, number: int, temporary: str, now: Seen) -> Future[str | None] | None:
        """The copy of an operation whose turn has come, as a future of its digest; ``None`` when there is none that
        would do.  ``now`` is how its source looks."""
        copy = self._copies.pop(number, None)
        if copy is None:
            return None
        if copy.temporary == temporary and file_state.is_untouched(copy.before, now):
            return copy.made
        _drop(copy)
        return None

    def drop(self) -> bool:
        """Throw away what was begun and never taken; whether there was any."""
        copies = list(self._copies.values())
        self._copies.clear()
        for copy in copies:
            copy.made.cancel()
        for copy in copies:
            _drop(copy)
        return bool(copies)

    def close(self) -> None:
        """End the threads."""
        self.drop()
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None


def _drop(copy: _Copy) -> None:
    if not copy.made.cancel() and copy.made.exception() is None:  # with an exception nothing was left
        file_ops.remove_quietly(copy.temporary)


def _suitable(operation: Operation, tools: StepTools, done: Container[int]) -> Seen | None:
    """State of the source when the copy can be made ahead of its turn: its folder stands and nothing bars it."""
    if operation.link or operation.size > LARGEST:
        return None
    if operation.follows is not None and operation.follows not in done:
        return None
    origin = operation.member.archive if operation.member else operation.source
    try:
        if operation.member is None:
            tools.ground.check_way(paths.parent(operation.source))
        tools.ground.check_way(paths.parent(operation.destination))
        now, there = file_state.look(origin), file_state.look(operation.destination)
    except (Trouble, OSError, ValueError):
        return None
    if now is None or now.kind is not Kind.FILE or (operation.member is None and now.size > LARGEST):
        return None
    free = there is None if operation.replaces is None else there is not None
    return now if free else None
