"""Every error of the system at every call, once and from there on, in runs, undos, resumes and whole commands."""

from __future__ import annotations

import errno
import os
import random
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from benchmarks.faults.calls import failing_at, killed_at
from benchmarks.faults.children import Ended, attacked
from benchmarks.faults.score import Score, sample, settle
from benchmarks.faults.trees import difference, harm
from benchmarks.faults.worlds import RUN, World
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base.model import RunResult, RunState

CODES = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE, errno.EROFS)
MODES = ("run", "undo", "resume")
_NEVER = 1 << 60


class Errors:
    """The attack on one world; every point begins with fresh trees."""

    def __init__(self, world: World, score: Score, seed: int) -> None:
        self._world, self._score = world, score
        self._choice = random.Random(f"{seed} {world.name}")

    def attack(self, mode: str, points: int) -> None:
        """Let calls fail at ``points`` moments of ``mode``: each error in turn, once and onward in turn."""
        count = self._prepared(mode, failing_at(_NEVER, errno.EIO, onward=False)).calls
        for turn, number in enumerate(sample(count, points, self._choice)):
            code, onward = CODES[turn % len(CODES)], turn // len(CODES) % 2 == 1
            self._score.count(f"errors: {mode}, {'from there on' if onward else 'once'}")
            where = f"{self._world.name}, {mode}, {errno.errorcode[code]} at call {number}{' and on' if onward else ''}"
            ended = self._prepared(mode, failing_at(number, code, onward))
            self._words(ended, where)
            self._score.check(where, harm(self._world.before, self._world.after, self._world.now()))
            if _is_told(ended):
                self._score.notes["an ended undo says what it could not put right"] += 1
            else:
                settle(self._world, where, self._score, resuming=turn % 3 == 0 and mode != "undo", strict=False)

    def _prepared(self, mode: str, watch: Callable[..., Any]) -> Ended:
        self._world.fresh()
        deeds: dict[str, Callable[[], object]] = {
            "run": lambda: execute(self._world.plan, run=RUN),
            "undo": lambda: undo(RUN),
            "resume": lambda: resume(RUN),
        }
        if mode == "undo":
            deeds["run"]()
        elif mode == "resume":
            attacked(deeds["run"], killed_at(60, half=False))
        return attacked(deeds[mode], watch, reads=True)

    def _words(self, ended: Ended, where: str) -> None:
        """No fault of the program, and each problem in words."""
        if ended.fault:
            self._score.fault(where, ended.fault)
        if ended.killed:
            self._score.fault(where, "it was killed")
        if isinstance(ended.result, RunResult):
            for problem in ended.result.problems:
                if not problem.why.strip() or "Errno" in problem.why or "Traceback" in problem.why:
                    self._score.fault(where, f"no words: {problem}")
        said = "refused" if ended.refused else "with problems" if _has_problems(ended) else "without problems"
        self._score.notes[f"an error ends a run {said}"] += 1


def _is_told(ended: Ended) -> bool:
    """Whether an undo has come to its end and names what stays, as an empty folder or the time of one."""
    return _has_problems(ended) and ended.result.state is RunState.UNDONE


def _has_problems(ended: Ended) -> bool:
    return isinstance(ended.result, RunResult) and bool(ended.result.problems)


class CommandErrors:
    """The attack on whole commands: their scan too, what they print, and the code that they end with."""

    def __init__(self, world: World, score: Score, seed: int, argv: list[str]) -> None:
        self._world, self._score, self._argv = world, score, argv
        self._choice = random.Random(f"{seed} {world.name} commands")

    def attack(self, points: int) -> None:
        """Let calls fail at ``points`` moments of the command."""
        count = self._command(failing_at(_NEVER, errno.EIO, onward=False))[0].calls
        for turn, number in enumerate(sample(count, points, self._choice)):
            code, onward = CODES[turn % len(CODES)], turn // len(CODES) % 2 == 1
            self._score.count("errors: whole commands")
            when = f"{errno.errorcode[code]} at call {number}{' and on' if onward else ''}"
            where = f"command {self._world.name}, {when}"
            ended, said = self._command(failing_at(number, code, onward))
            if ended.fault or ended.killed or ended.result not in (0, 1, 2) or "Traceback" in said:
                self._score.fault(where, f"code {ended.result}: {ended.fault or said[-1500:]}")
            self._score.notes[f"a command with an error ends with code {ended.result}"] += 1
            now = self._world.now()
            lost = {one.content for one in self._world.before.values() if one.kind == "file"}
            lost -= {one.content for one in now.values()}
            self._score.check(where, f"lost: {len(lost)} contents" if lost else "")
            self._taken_back(where)

    def _taken_back(self, where: str) -> None:
        from image_sync.apply import journal

        for run in journal.history():
            if run.can_be_undone:
                result = undo(run.run)
                if result.problems:
                    self._score.fault(where, f"undo: {result.problems[:1]}")
        self._score.check(where, difference(self._world.before, self._world.now(), folder_times=False, litter=True))

    def _command(self, watch: Callable[..., Any]) -> tuple[Ended, str]:
        from image_sync.cli import main

        self._world.fresh()
        with tempfile.TemporaryFile() as said, open(os.devnull, encoding="ascii") as nobody:

            def work() -> int:
                for handle in (1, 2):
                    os.dup2(said.fileno(), handle)
                sys.stdin = nobody
                return main(self._argv)

            home = self._world.near / "home"
            for name in ("DATA", "CONFIG", "CACHE"):
                os.environ[f"XDG_{name}_HOME"] = os.fspath(home / name)
            ended = attacked(work, watch, reads=True)
            said.seek(0)
            return ended, said.read().decode("utf-8", "replace")
