"""Worker processes of the program, shared by all threads that decode: one task each at a time, replaced when one ends.

They are started when they are needed, and rest between runs by ending.  A task whose process crashes is tried once more
in a fresh one, so that no file suffers for what another left behind.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from image_sync.base import faults
from image_sync.base.model import Problem
from image_sync.base.said import N_, Saying
from image_sync.base.words import duration
from image_sync.containment import messages
from image_sync.containment.limits import Limits, is_time_up, was_killed
from image_sync.containment.process import CannotStart, Ended, Process
from image_sync.containment.worker import MEMORY_EXIT
from image_sync.pictures.errors import FOR_NOW, WHAT, PictureError

_LOOK = 0.25
"""Seconds between two looks for workers that have been silent for too long."""
_STARTS = 3
"""Processes that are tried in turn when one ends before it begins."""
CRASHED = N_("the decoder crashed on it, twice")
TOO_MUCH = N_("decoding it takes more memory than one picture may")
KILLED = N_("the system ended its decoder, as it does when memory is short")
ELSEWHERE = N_("it stays where it is; if another program shows it, save it anew from there")
AGAIN = N_("it stays where it is and is tried again the next time")

Item = TypeVar("Item")
Value = TypeVar("Value")


class Overrun(Saying):
    """Reason why a worker was ended, with the time that it had."""

    TOO_LONG = "it was still not decoded after {time} of computing"
    SILENT = "its decoder gave no sign of life for {time}"


class Abandoned(Exception):
    """The run that asked for this was stopped; nobody waits for the answer."""


class Uncontainable(Exception):
    """The work can't be done in another process; it was not begun."""


@dataclass(slots=True, eq=False)
class _Talk:
    """A process with the task that it works at; ``group`` names the run."""

    process: Process
    group: object
    abandoned: bool = False


@dataclass(slots=True)
class _State:
    """State that the threads share, under one lock."""

    idle: list[Process] = field(default_factory=list)
    talks: list[_Talk] = field(default_factory=list)
    abandoned: set[object] = field(default_factory=set)
    refused: dict[tuple[str, int, int], Problem] = field(default_factory=dict)
    watched: bool = False


class Workers:
    """Worker processes for any number of threads.  ``limits`` are those of one file."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._state = _State()
        self._lock = threading.Lock()

    def do(self, work: Callable[[Item], Value], item: Item, files: Sequence[str], group: object = None) -> Value:
        """The result of ``work`` on ``item``, which reads ``files``, from a process of its own.

        Raises ``PictureError`` for a file that ended the process or outran a limit, ``Uncontainable``, ``Abandoned``,
        and ``faults.Elsewhere`` for a fault of the program.  Other errors become a ``PictureError``.
        """
        for file in files:
            if (problem := self._state.refused.get(_stamp(file))) is not None:
                raise PictureError(problem)
        task = messages.Task(_pickled(work, item), self.limits.times(len(files)))
        try:
            answer = self._answered(task, files, group)
        except _Refused as refusal:
            problem = refusal.problem
            self._state.refused[_stamp(problem.path)] = problem
            raise PictureError(problem) from None
        if isinstance(answer, messages.Done):
            value: Value = answer.value
            return value
        if isinstance(answer, messages.Unknown):
            raise Uncontainable(answer.words)
        if isinstance(answer, messages.Fault):
            raise faults.Elsewhere(answer.told, answer.trace)
        assert isinstance(answer, messages.Raised)
        raise PictureError(answer.problem)

    def abandon(self, group: object) -> None:
        """End all that is done for ``group``, now and from now on."""
        with self._lock:
            self._state.abandoned.add(group)
            talks = [talk for talk in self._state.talks if talk.group == group]
            for talk in talks:
                talk.abandoned = True
        for talk in talks:
            talk.process.kill()

    def rest(self) -> None:
        """End the processes that have nothing to do, and forget which files were refused."""
        with self._lock:
            idle, self._state.idle = self._state.idle, []
            self._state.refused.clear()
            self._state.abandoned.clear()
        for process in idle:
            process.close()

    def close(self) -> None:
        """End all processes, whatever they do."""
        self.rest()
        with self._lock:
            talks = list(self._state.talks)
        for talk in talks:
            talk.abandoned = True
            talk.process.kill()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that there are."""
        with self._lock:
            return [process.pid for process in (*self._state.idle, *(talk.process for talk in self._state.talks))]

    # --- one task ---

    def _answered(self, task: messages.Task, files: Sequence[str], group: object) -> object:
        """The worker's answer, of the second one where the first crashed."""
        for last in (False, True):
            try:
                return self._asked(task, group)
            except _Crash as crash:
                reading = crash.reading or (files[0] if files else "")
                if last or not crash.may_pass:
                    raise _Refused(self._problem(crash, reading, task)) from None
        raise AssertionError

    def _asked(self, task: messages.Task, group: object) -> object:
        talk = self._begun(group)
        process = talk.process
        usable = False
        try:
            answer = process.do(task)
            usable = not (isinstance(answer, messages.Done) and answer.last)
            return answer
        except Ended as end:
            if talk.abandoned:
                raise Abandoned from None
            process.tell_what_it_said(end.reading)
            raise _Crash(end, process.overdue) from None
        finally:
            with self._lock:
                self._state.talks.remove(talk)
                if usable:
                    self._state.idle.append(process)
            if not usable:
                process.close()

    def _begun(self, group: object) -> _Talk:
        """A process, idle or new, that works for ``group`` from now on."""
        process: Process | None = None
        while process is None:
            with self._lock:
                if group is not None and group in self._state.abandoned:
                    raise Abandoned
                found = self._state.idle.pop() if self._state.idle else None
            if found is None:
                try:
                    process = Process(self.limits)
                except CannotStart as error:
                    raise Uncontainable(str(error)) from error
            elif found.is_alive:
                process = found
            else:
                found.close()
        talk = _Talk(process, group)
        with self._lock:
            self._state.talks.append(talk)
            if group is not None and group in self._state.abandoned:
                talk.abandoned = True
                process.kill()
            if not self._state.watched:
                self._state.watched = True
                threading.Thread(target=self._watch, name="containment", daemon=True).start()
        return talk

    def _watch(self) -> None:
        """End who has been silent for too long."""
        while True:
            time.sleep(_LOOK)
            now = time.monotonic()
            with self._lock:
                if not self._state.talks and not self._state.idle:
                    self._state.watched = False
                    return
                for talk in self._state.talks:
                    deadline = talk.process.deadline
                    if deadline is not None and now > deadline:
                        talk.process.overdue = True
                        talk.process.kill()

    def _problem(self, crash: _Crash, path: str, task: messages.Task) -> Problem:
        """The end of a worker in words.  What another day may not happen is not remembered of the file."""
        if crash.overdue:
            return Problem(path, FOR_NOW, Overrun.SILENT(time=duration(task.limits.silence)), AGAIN)
        if is_time_up(crash.code):
            return Problem(path, WHAT, Overrun.TOO_LONG(time=duration(task.limits.processor)), ELSEWHERE)
        if crash.code == MEMORY_EXIT:
            return Problem(path, WHAT, TOO_MUCH, ELSEWHERE)
        if was_killed(crash.code):
            return Problem(path, FOR_NOW, KILLED, AGAIN)
        return Problem(path, WHAT, CRASHED, ELSEWHERE)


class _Crash(Exception):
    """The end of a worker in the middle of a task."""

    def __init__(self, end: Ended, overdue: bool) -> None:
        super().__init__(str(end))
        self.code, self.reading, self.overdue = end.code, end.reading, overdue

    @property
    def may_pass(self) -> bool:
        """Whether it may go well in another process; who was too slow once is not waited for twice."""
        return not (self.overdue or is_time_up(self.code) or self.code == MEMORY_EXIT)


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _pickled(work: object, item: object) -> bytes:
    """Raises ``Uncontainable`` for work that is of this process alone."""
    try:
        return pickle.dumps((work, item), pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise Uncontainable(str(error)) from error


def _stamp(path: str) -> tuple[str, int, int]:
    """A file as it is now: a changed one is another."""
    with contextlib.suppress(OSError, ValueError):
        status = os.stat(path)
        return path, status.st_size, status.st_mtime_ns
    return path, -1, -1
