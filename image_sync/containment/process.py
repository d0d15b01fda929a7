"""One worker process as the program sees it: start, hand it a task, listen, end it.

One thread talks to a process at a time and blocks while it does; any other thread may ``kill`` it, which ends the talk.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from typing import IO, Any

from image_sync.containment import frozen, messages
from image_sync.containment.limits import Limits
from image_sync.pictures.memory_budget import DECODE_BUDGET

_BEGINNING = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from image_sync.containment import worker; "
_PROGRAM = _BEGINNING + "worker.main(int(sys.argv[2]))"
_SAID_AT_MOST = 4000
"""Characters of what a worker said before its end that go to the log."""
_logger = logging.getLogger(__name__)


class CannotStart(Exception):
    """No worker process can be had; the message says why."""


class Ended(Exception):
    """The worker process ended in the middle of a task.  ``reading`` is the file that it read last, if any."""

    def __init__(self, code: int, reading: str) -> None:
        super().__init__(f"exit code {code}")
        self.code, self.reading = code, reading


class Process:
    """A worker process.  Raises ``CannotStart``.

    It is a fresh interpreter and no copy of this one: copies of a process with threads are not safe, and it needs
    nothing of a script that uses the program.
    """

    def __init__(self, limits: Limits) -> None:
        if not _command(-1):
            raise CannotStart("there is no interpreter to start")
        self.deadline: float | None = None
        """When its silence will have been too long; ``None`` while nobody waits for it."""
        self.overdue = False
        """Whether it was ended for its silence."""
        self._held: list[tuple[int, AbstractContextManager[None]]] = []
        self._lifeline = -1
        try:
            self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        except OSError as error:
            raise CannotStart(str(error)) from error
        try:
            self._process = self._started()
            tasks: Any = self._process.stdin
            answers: Any = self._process.stdout
            self._tasks, self._answers = tasks, answers
        except OSError as error:
            self._said.close()
            raise CannotStart(str(error)) from error
        with contextlib.suppress(OSError):
            messages.send(self._tasks, messages.Settings(limits))

    def _started(self) -> subprocess.Popen[bytes]:
        posix = os.name == "posix"
        theirs, self._lifeline = os.pipe() if posix else (-1, -1)
        try:
            return subprocess.Popen(
                _command(theirs),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=_environ(),
                pass_fds=(theirs,) if posix else (),
                # A group of its own: keys pressed in a terminal are not meant for it.
                start_new_session=posix,
                creationflags=0 if posix else getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except BaseException:
            self._close_lifeline()
            raise
        finally:
            if posix:
                os.close(theirs)

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def do(self, task: messages.Task) -> object:
        """The worker's answer to a task.  Raises ``Ended`` when it has none."""
        reading = ""
        try:
            self._await(task.limits)
            messages.send(self._tasks, task)
            while True:
                self._await(task.limits)
                answer: Any = messages.receive(self._answers)
                self.deadline = None
                if isinstance(answer, messages.Reading):
                    reading = answer.path
                elif isinstance(answer, messages.Hold):
                    self._hold(answer.amount)
                elif isinstance(answer, messages.Free):
                    self._free(answer.amount)
                else:
                    return answer
        except (OSError, EOFError) as error:
            raise Ended(self._code(), reading) from error
        finally:
            self.deadline = None
            while self._held:
                self._held.pop()[1].__exit__(None, None, None)

    def _await(self, limits: Limits) -> None:
        self.deadline = time.monotonic() + limits.silence

    def _hold(self, amount: int) -> None:
        held = DECODE_BUDGET.holding(amount)
        held.__enter__()
        self._held.append((amount, held))
        messages.send(self._tasks, messages.Granted())

    def _free(self, amount: int) -> None:
        place = next((place for place, (held, _) in enumerate(self._held) if held == amount), None)
        if place is not None:
            self._held.pop(place)[1].__exit__(None, None, None)

    def kill(self) -> None:
        """End it at once, whatever it does."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End it and let go of all that belongs to it; only for who talks to it."""
        self.kill()
        self._code()
        for stream in (self._tasks, self._answers, self._said):
            with contextlib.suppress(OSError):
                stream.close()
        self._close_lifeline()

    def tell_what_it_said(self, path: str) -> None:
        """Write what it said on its error stream to the log."""
        with contextlib.suppress(OSError):
            self._said.seek(0, os.SEEK_END)
            self._said.seek(max(self._said.tell() - _SAID_AT_MOST, 0))
            said = self._said.read().decode("utf-8", "replace").strip()
            words = f"; it said: {said}" if said else ""
            _logger.warning("The worker process that read %s ended (%s)%s", path, self._ending(), words)

    def _ending(self) -> str:
        code = self._code()
        if code < 0:
            with contextlib.suppress(ValueError):
                return signal.Signals(-code).name
        return f"exit code {code}"

    def _code(self) -> int:
        """Its exit code; what closed its streams is ended for good."""
        try:
            return self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()

    def _close_lifeline(self) -> None:
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1


def _command(lifeline: int) -> list[str]:
    if getattr(sys, "frozen", False):
        return frozen.command(lifeline)
    program = ["-I", "-c", _PROGRAM, json.dumps([*map(str, sys.path)]), str(lifeline)]
    return [sys.executable, *program] if sys.executable else []


def _environ() -> dict[str, str]:
    """One thread for each worker: there are as many workers as there is work for."""
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
