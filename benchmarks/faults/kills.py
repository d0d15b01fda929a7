"""Kills at every change of the disk: in a run, in its undo, in its resume, once and twice, before a call and in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benchmarks.faults.calls import killed_at
from benchmarks.faults.children import attacked
from benchmarks.faults.score import Score, sample, settle
from benchmarks.faults.trees import harm
from benchmarks.faults.worlds import RUN, World
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo

NEVER = -1
MODES = ("run", "undo", "resume", "run and undo", "run and resume", "undo twice")
_TWO_KILLS = frozenset({"run and undo", "run and resume", "undo twice"})


class Kills:
    """The attack on one world; every point begins with fresh trees."""

    def __init__(self, world: World, score: Score, seed: int) -> None:
        self._world, self._score = world, score
        self._choice = random.Random(f"{seed} {world.name}")
        self._half = 0
        self._lengths: dict[str, int] = {}

    def attack(self, mode: str, points: int) -> None:
        """Kill at ``points`` moments of ``mode``, or at all there are; where there is a second kill, so often."""
        for moment in self._moments(mode, points):
            self._score.count(f"killed: {mode}")
            where = f"{self._world.name}, {mode}, moment {moment}"
            self._world.fresh()
            self._POINTS[mode](self, moment, where)
            self._whole(where)
            settle(self._world, where, self._score, resuming=moment % 3 == 0 and "undo" not in mode)

    def _moments(self, mode: str, points: int) -> Iterator[int]:
        count = 2 * self._length(mode.split()[0])
        yield from sample(count, points, self._choice)
        if mode in _TWO_KILLS:
            for _ in range(points - count):
                yield self._choice.randrange(1, count + 1)

    # --- one point ---

    def _run(self, moment: int, where: str) -> None:
        self._kill(self._execute, moment, where)

    def _undo(self, moment: int, where: str) -> None:
        self._execute()
        self._kill(lambda: undo(RUN), moment, where)

    def _resume(self, moment: int, where: str) -> None:
        self._broken_off()
        self._kill(lambda: resume(RUN), moment, where)

    def _run_and_undo(self, moment: int, where: str) -> None:
        self._kill(self._execute, moment, where)
        self._again(lambda: undo(RUN), where)

    def _run_and_resume(self, moment: int, where: str) -> None:
        self._kill(self._execute, moment, where)
        self._again(lambda: resume(RUN), where)

    def _undo_twice(self, moment: int, where: str) -> None:
        self._undo(moment, where)
        self._again(lambda: undo(RUN), where)

    _POINTS = {  # noqa: RUF012 - a table
        "run": _run,
        "undo": _undo,
        "resume": _resume,
        "run and undo": _run_and_undo,
        "run and resume": _run_and_resume,
        "undo twice": _undo_twice,
    }

    def _again(self, work: Callable[[], object], where: str) -> None:
        """A second kill, at any moment of what follows the first."""
        self._whole(where + ", after the first")
        self._kill(work, self._choice.randrange(1, 2 * self._length("undo")), where + ", second", may_end=True)

    def _kill(self, work: Callable[[], object], moment: int, where: str, *, may_end: bool = False) -> None:
        ended = attacked(work, killed_at((moment + 1) // 2, half=moment % 2 == 0))
        if ended.fault:
            self._score.fault(where, ended.fault)
        elif not ended.killed and not may_end:
            self._score.notes["ended before its moment"] += 1  # copies made ahead come in another order each time

    def _whole(self, where: str) -> None:
        self._score.check(where, harm(self._world.before, self._world.after, self._world.now()))

    # --- how long ---

    def _execute(self) -> object:
        return execute(self._world.plan, run=RUN)

    def _broken_off(self) -> None:
        half = self._length("run") // 2
        attacked(self._execute, killed_at(half, half=False))

    def _length(self, work: str) -> int:
        """Changes of the disk in a run, an undo or the resume of a run that was killed in its middle."""
        if work not in self._lengths:
            self._world.fresh()
            if work == "undo":
                self._execute()
            elif work == "resume":
                self._broken_off()
            deeds: dict[str, Callable[[], object]] = {
                "run": self._execute,
                "undo": lambda: undo(RUN),
                "resume": lambda: resume(RUN),
            }
            ended = attacked(deeds[work], killed_at(NEVER, half=False))
            if ended.fault or ended.refused:
                raise RuntimeError(ended.fault or ended.refused)
            self._lengths[work] = ended.calls
        return self._lengths[work]
