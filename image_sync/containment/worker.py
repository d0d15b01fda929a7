"""The worker process: takes one task after the other from its standard input, and answers.

It starts with the standard library alone, loads the decoders once, and ends with the program that started it, however
that ended.  It writes nothing: what libraries print goes to the error stream that the parent gave it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from image_sync.base import faults
from image_sync.containment import limits, messages
from image_sync.pictures import content
from image_sync.pictures.errors import in_words
from image_sync.pictures.memory_budget import DECODE_BUDGET, MOST

_WATCH = 0.5
"""Seconds between two looks at the memory that is taken."""
MEMORY_EXIT = 87
"""Exit code of a worker that took too much memory, where the system does not hold it back."""


def main(lifeline: int) -> None:
    """Work until there is no more; ``lifeline`` is a descriptor that closes when the program ends, or -1."""
    _end_with_the_program(lifeline)
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the program's, which ends its workers
    tasks, answers = _own_streams()
    settings: messages.Settings = messages.receive(tasks)
    from image_sync.pictures import measure  # noqa: F401 - the decoders, before memory is bounded

    worker = _Worker(tasks, answers, limits.Memory(settings.limits))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while worker.work():
            pass


def _end_with_the_program(lifeline: int) -> None:
    """End when the other end of ``lifeline`` is closed: by a signal where the system has that, which no decoder that
    holds Python's lock can keep off, and by a thread elsewhere."""
    if lifeline < 0:
        return
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import fcntl

        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    threading.Thread(target=_wait_for_the_end, args=(lifeline,), daemon=True).start()


def _wait_for_the_end(lifeline: int) -> None:
    with contextlib.suppress(OSError):
        os.read(lifeline, 1)
    os._exit(0)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for messages alone: what a library prints must not get between them."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return tasks, answers


class _HandedOn(BaseException):
    """A fault of the program on its way to the parent, past whatever takes in the errors of a file."""

    def __init__(self, told: str, trace: str) -> None:
        super().__init__(told)
        self.told, self.trace = told, trace


class _Worker:
    """One worker's side of the talk."""

    def __init__(self, tasks: BinaryIO, answers: BinaryIO, memory: limits.Memory) -> None:
        """Let the rest of the program know that it runs in a worker."""
        self._tasks, self._answers, self._memory = tasks, answers, memory
        self._at_first = limits.resident()
        self._path = ""
        self._held = self._lent = 0
        faults.hand_on(_handed_on)
        content.tell_of_reading(self._reading)
        DECODE_BUDGET.take_from(self._holding)
        if limits.peak():
            threading.Thread(target=_watch_memory, args=(memory.peak,), daemon=True).start()

    def work(self) -> bool:
        """Do one task; whether there may be another.  Raises ``EOFError`` when there is none any more."""
        task: messages.Task = messages.receive(self._tasks)
        try:
            work, item = pickle.loads(task.pickled)
        except (ImportError, AttributeError) as error:
            messages.send(self._answers, messages.Unknown(repr(error)))
            return True
        limits.begin_file(task.limits)
        answer = self._answer(work, item)
        limits.end_file()
        last = limits.resident() > self._at_first + limits.LEAKED
        if isinstance(answer, messages.Done):
            answer = messages.Done(answer.value, last)
        self._memory.grant(MOST)  # a picture that goes to the program is there twice, and once more in pieces
        try:
            messages.send(self._answers, answer)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            messages.send(self._answers, messages.Unknown(repr(error)))
        finally:
            self._memory.grant(-MOST - self._lent)
            self._lent = 0
        return not last

    def _answer(self, work: object, item: object) -> object:
        assert callable(work)
        self._path = ""
        try:
            try:
                return messages.Done(work(item))
            except Exception as error:
                return messages.Raised(in_words(self._path, error))
        except _HandedOn as fault:
            return messages.Fault(fault.told, fault.trace)

    def _reading(self, path: str) -> None:
        self._path = path
        messages.send(self._answers, messages.Reading(path))

    @contextlib.contextmanager
    def _holding(self, amount: int) -> Iterator[None]:
        """Hold a part of the program's budget.  The bound on this process goes up with it, and stays there to the end
        of the file: what a decoder has let go of, the C library may not have given back yet."""
        messages.send(self._answers, messages.Hold(amount))
        messages.receive(self._tasks)
        self._held += amount
        if self._held > self._lent:
            self._memory.grant(self._held - self._lent)
            self._lent = self._held
        try:
            yield
        finally:
            self._held -= amount
            messages.send(self._answers, messages.Free(amount))


def _handed_on(error: BaseException, _where: str) -> NoReturn:
    raise _HandedOn(faults.told(error), "".join(traceback.format_exception(error)).rstrip())


def _watch_memory(most: int) -> None:
    """End the process when it takes more than ``most``, for systems that let it."""
    while True:
        time.sleep(_WATCH)
        if limits.peak() > most:
            os._exit(MEMORY_EXIT)
