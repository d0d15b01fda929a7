"""Small questions answered off the window's thread: what a folder holds, whether a form is right, a new plan.

A disk may sleep and a network may hang; the window may not.  Work goes to a few threads, answers wait in a queue until
the window asks for them with ``deliver``, so a callback always runs on the window's thread.  Under one key only the
latest question counts: older ones are dropped, begun or not.  Jobs that run for minutes belong to the engine instead.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from image_sync.base import faults
from image_sync.base.model import Refused, Stopped

Answer = TypeVar("Answer")
EXPECTED = (OSError, Refused, Stopped)
"""What the user or a disk may bring about in any question."""
logger = logging.getLogger(__name__)


class FaultMet(Exception):
    """A fault of the program kept a question from being answered; the message is for the user."""


@dataclass(frozen=True, slots=True)
class _Question:
    key: str
    number: int
    work: Callable[[], object]
    done: Callable[[object], None]
    failed: Callable[[Exception], None]
    expects: tuple[type[Exception], ...]
    due: float = 0.0


class Background:
    """``threads`` workers, started when first needed; they never keep the program from ending."""

    def __init__(self, threads: int = 1, name: str = "background") -> None:
        self._limit = threads
        self._name = name
        self._threads: list[threading.Thread] = []
        self._waiting: deque[_Question] = deque()
        self._wake = threading.Condition()
        self._answers: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._latest: dict[str, int] = {}
        self._number = 0
        self._open = 0
        self._closed = False

    @property
    def idle(self) -> bool:
        """Whether every question was answered and delivered."""
        with self._wake:
            return self._open == 0

    def submit(
        self,
        work: Callable[[], Answer],
        done: Callable[[Answer], None],
        *,
        key: str = "",
        failed: Callable[[Exception], None] | None = None,
        expects: tuple[type[Exception], ...] = (),
        delay: float = 0.0,
    ) -> None:
        """Do ``work`` on a thread and hand its answer to ``done``, an exception to ``failed`` (by default to the log).

        An exception that is neither of those that ``expects`` names, nor the disk's, a refusal or a stop, is a fault of
        the program; ``failed`` is then told its sentence.  With a ``key``, an unanswered question of the same key is
        forgotten.  It is begun ``delay`` seconds from now at the earliest: while a person types key after key, work
        that takes the interpreter from the window is done for the last of them alone.
        """
        with self._wake:
            if self._closed:
                return
            self._number += 1
            if key:
                self._latest[key] = self._number
                dropped = [question for question in self._waiting if question.key == key]
                self._waiting = deque(question for question in self._waiting if question.key != key)
                self._open -= len(dropped)
            due = time.monotonic() + delay
            self._waiting.append(_Question(key, self._number, work, done, failed or _logged, expects, due))  # type: ignore[arg-type]
            self._open += 1
            if len(self._threads) < min(self._limit, self._open):
                self._start_thread()
            self._wake.notify()

    def deliver(self, seconds: float = 0.004) -> None:
        """Run the callbacks of the answers that came in, on the caller's thread, for about ``seconds`` at most."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            try:
                answer = self._answers.get_nowait()
            except queue.Empty:
                return
            answer()

    def close(self) -> None:
        """Forget all questions; nothing is delivered any more."""
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify_all()

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run, name=f"{self._name}-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while True:
            with self._wake:
                question = self._next()
                while question is None and not self._closed:
                    self._wake.wait(self._until_due())
                    question = self._next()
                if self._closed or question is None:
                    return
                self._waiting.remove(question)
            self._answers.put(self._answer(question))

    def _next(self) -> _Question | None:
        """The first question whose time has come."""
        now = time.monotonic()
        return next((question for question in self._waiting if question.due <= now), None)

    def _until_due(self) -> float | None:
        """Seconds until the next question's time; ``None`` when none waits."""
        dues = [question.due for question in self._waiting]
        return max(min(dues) - time.monotonic(), 0.001) if dues else None

    def _answer(self, question: _Question) -> Callable[[], None]:
        try:
            answer = question.work()
        except Exception as error:
            caught = _judged(error, question)
            return lambda: self._deliver_one(question, lambda: question.failed(caught))
        return lambda: self._deliver_one(question, lambda: question.done(answer))

    def _deliver_one(self, question: _Question, callback: Callable[[], None]) -> None:
        with self._wake:
            self._open -= 1
            wanted = not self._closed and (not question.key or self._latest.get(question.key) == question.number)
        if wanted:
            callback()


def _judged(error: Exception, question: _Question) -> Exception:
    """Error that is told for ``error``: itself when it may come, the sentence of a fault when it may not."""
    if isinstance(error, (*EXPECTED, *question.expects)):
        logger.debug("A question in the background failed: %s", question.key, exc_info=error)
        return error
    fault = faults.met(error, f"the background ({question.key or 'a question'})")
    faults.announce(fault)
    return FaultMet(fault.words)


def _logged(error: Exception) -> None:
    if not isinstance(error, FaultMet):
        logger.error("A question in the background failed", exc_info=error)
