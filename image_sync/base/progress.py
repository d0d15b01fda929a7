"""Progress reporting: events from the workers to a front, coalesced so that a front never drowns.

Rare events (a stage began, a problem, the end) go to the queue at once.  Per-item progress becomes at most
``SNAPSHOTS_A_SECOND`` snapshots; the rate is taken over the last ``RATE_WINDOW`` seconds and the time left over the
last ``LEFT_WINDOW``, so that neither jumps.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable

from image_sync.base.events import Event, Note, ProblemFound, Progress, Stage, StageBegan
from image_sync.base.model import Problem

SNAPSHOTS_A_SECOND = 20
RATE_WINDOW = 4.0
LEFT_WINDOW = 60.0


class Reporter:
    """The reporter to which a job tells its progress, problems and notes.  Safe to call from several threads."""

    def __init__(
        self, events: queue.Queue[Event] | None = None, stages: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._events: queue.Queue[Event] = events if events is not None else queue.Queue()
        self._stages = stages
        self._number = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._problems: list[Problem] = []
        self._begin(Stage.SCAN, None, None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems so far, in the order they were met."""
        with self._lock:
            return tuple(self._problems)

    def stage(self, stage: Stage, total: int | None = None, bytes_total: int | None = None) -> None:
        """Begin the next stage, of ``total`` items or an unknown number."""
        with self._lock:
            self._number += 1
            self._stages = max(self._stages, self._number)
            self._begin(stage, total, bytes_total)
            self._events.put(StageBegan(stage, self._number, self._stages, total))

    def advance(self, items: int = 1, size: int = 0, current: str = "") -> None:
        """``items`` more are done, of ``size`` bytes; ``current`` is the path in hand."""
        with self._lock:
            self._done += items
            self._bytes += size
            now = self._clock()
            if now - self._shown >= 1 / SNAPSHOTS_A_SECOND:
                self._events.put(self._snapshot(now, current))

    def flush(self) -> None:
        """Send the last snapshot of the stage, so that a front ends on the true count."""
        with self._lock:
            self._events.put(self._snapshot(self._clock(), ""))

    def problem(self, problem: Problem) -> None:
        """Something went wrong with one path."""
        with self._lock:
            self._problems.append(problem)
        self._events.put(ProblemFound(problem))

    def note(self, text: str) -> None:
        """Something worth saying once."""
        self._events.put(Note(text))

    def _begin(self, stage: Stage, total: int | None, bytes_total: int | None) -> None:
        self._stage, self._total, self._bytes_total = stage, total, bytes_total
        self._done = self._bytes = 0
        self._shown = self._clock()
        self._history: deque[tuple[float, int, int]] = deque([(self._shown, 0, 0)])

    def _snapshot(self, now: float, current: str) -> Progress:
        self._shown = now
        self._history.append((now, self._done, self._bytes))
        while len(self._history) > 2 and now - self._history[0][0] > LEFT_WINDOW:
            self._history.popleft()
        return Progress(
            stage=self._stage,
            done=self._done,
            total=self._total,
            bytes_done=self._bytes,
            bytes_total=self._bytes_total,
            rate=self._rate(now),
            seconds_left=self._left(now),
            current=current,
            problems=len(self._problems),
        )

    def _rate(self, now: float) -> float:
        start = next((entry for entry in self._history if now - entry[0] <= RATE_WINDOW), self._history[-1])
        elapsed = now - start[0]
        return (self._done - start[1]) / elapsed if elapsed > 0 else 0.0

    def _left(self, now: float) -> float | None:
        if self._total is None or now - self._history[0][0] < 0.5:
            return None
        start, items, size = self._history[0]
        if self._bytes_total:
            speed, rest = (self._bytes - size) / (now - start), self._bytes_total - self._bytes
        else:
            speed, rest = (self._done - items) / (now - start), self._total - self._done
        return max(rest, 0) / speed if speed > 0 else None
