"""Counts of an attack: how many points, and what was found, by what was attacked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.faults.trees import difference, harm
from benchmarks.faults.worlds import RUN, World
from image_sync.apply import journal
from image_sync.apply.executor import resume
from image_sync.apply.undo import undo
from image_sync.base.model import Refused, RunResult, RunState


@dataclass
class Score:
    """Points by row of the table, and everything that went wrong."""

    points: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    say: Callable[[str], None] = lambda _: None

    def count(self, row: str) -> None:
        self.points[row] += 1

    def fault(self, where: str, what: str) -> None:
        """Take in that something is wrong, and say it at once."""
        self.faults.append(f"{where}: {what}")
        self.say(f"FAULT {where}: {what}")

    def check(self, where: str, what: str) -> bool:
        """Whether ``what``, a difference in words, is empty."""
        if what:
            self.fault(where, what)
        return not what


def sample(count: int, wanted: int, choice: random.Random) -> Iterator[int]:
    """``wanted`` of the numbers from 1 to ``count``, spread evenly and jittered; all where there are no more."""
    if wanted >= count:
        yield from range(1, count + 1)
        return
    step = count / max(wanted, 1)
    for number in range(wanted):
        yield min(count, 1 + int(number * step + choice.random() * step))


def shares(total: int, worlds: int, modes: int) -> int:
    """Points for each mode of each world."""
    return max(1, total // (worlds * modes))


UNCLEAR = "an undo names what is not clear, reordering"
"""What is not promised: where a file system keeps no order of renames, a later change may be on the disk without the
move that came before it.  Then both files stay, and a problem names them."""


def settle(
    world: World, where: str, score: Score, *, resuming: bool, strict: bool = True, unclear: bool = False
) -> None:
    """End what was broken off, by ``undo`` or first by ``resume``: the one tree, then the other.

    ``strict`` compares the times of folders too, and lets no unfinished file be left.  ``unclear`` lets an undo name
    what can't be told; still nothing may be lost.
    """
    if not journal.history():
        score.check(where + ", nothing begun", difference(world.before, world.now(), folder_times=strict))
        return
    try:
        if resuming and journal.find(RUN).can_be_resumed:
            result = resume(RUN)
            if not (unclear and result.problems):
                _check_resumed(world, where, score, result, strict)
        result = undo(RUN)
    except Refused as refusal:
        score.fault(where, f"refused: {refusal}")
        return
    if unclear and result.problems:
        score.notes[UNCLEAR] += 1
        score.check(where + ", undone", harm(world.before, world.after, world.now()))
        return
    if result.state is not RunState.UNDONE or result.problems:
        score.fault(where + ", undo", f"{result.state.value}, {result.problems[:1]}")
    score.check(where + ", undone", difference(world.before, world.now(), folder_times=strict, litter=not strict))


def _check_resumed(world: World, where: str, score: Score, result: RunResult, strict: bool) -> None:
    if result.state is not RunState.FINISHED or result.problems or result.done != result.total:
        said = f"{result.state.value}, {result.done} of {result.total}, {result.problems[:1]}"
        score.fault(where + ", resume", said)
    found = difference(world.after, world.now(), folder_times=False, litter=not strict)
    score.check(where + ", resumed", found)
