"""The events of the engine in the log: the queue from the engine to a front, which writes down what passes through.

The one place that listens, so that no job and no front has to.  Progress is not written; its last snapshot tells how
much a stage has done when the next one begins.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable

from image_sync.base import log, words
from image_sync.base.events import Ending, Event, Finished, Note, ProblemFound, Progress, StageBegan
from image_sync.base.model import Plan, Problem, RunResult

_logger = logging.getLogger(__name__)
_LEVELS = {Ending.REFUSED: logging.WARNING, Ending.CRASHED: logging.ERROR}


class LoggedEvents(queue.Queue[Event]):
    """A queue of events; ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._guard = threading.Lock()
        self._forget()

    def put(self, item: Event, block: bool = True, timeout: float | None = None) -> None:
        """Write ``item`` down, then queue it."""
        with self._guard:
            self._take(item)
        super().put(item, block, timeout)

    def _forget(self) -> None:
        """Another job begins."""
        self._stage: StageBegan | None = None
        self._progress: Progress | None = None
        self._since = self._clock()
        self._known: set[Problem] = set()

    def _take(self, event: Event) -> None:
        match event:
            case Progress():
                self._progress = event
            case StageBegan():
                self._end_stage()
                self._begin_stage(event)
            case ProblemFound(problem):
                self._tell_problems((problem,))
            case Note(text):
                _logger.info("Note: %s", text)
            case Finished():
                self._end_stage()
                self._end_job(event)
                self._forget()

    def _begin_stage(self, began: StageBegan) -> None:
        if kept := log.current():
            kept.tell_libraries()
        self._stage, self._progress, self._since = began, None, self._clock()
        expected = "" if began.total is None else f", {words.count(began.total, 'item')}"
        _logger.info("Stage %d of %d: %s%s", began.number, began.of, began.stage.value, expected)

    def _end_stage(self) -> None:
        """The work done in the stage that ends, as far as it has told."""
        if self._stage is None:
            return
        done = self._progress if self._progress and self._progress.stage is self._stage.stage else None
        counted = f"{words.count(done.done, 'item')}, {words.size(done.bytes_done)}, " if done else ""
        _logger.info("%s: %s%.3f s", self._stage.stage.value, counted, self._clock() - self._since)
        self._stage = None

    def _tell_problems(self, problems: Iterable[Problem]) -> None:
        """Each once a job: what a stage met comes again with the result."""
        for problem in problems:
            if problem not in self._known:
                self._known.add(problem)
                _logger.warning("Problem: %s", problem)

    def _end_job(self, end: Finished) -> None:
        plan = getattr(end.result, "plan", None)
        self._tell_problems(getattr(end.result, "problems", ()))
        if isinstance(plan, Plan):
            self._tell_problems(plan.problems)
            counts = ", ".join(f"{action.value} {number:,}" for action, number in plan.counts().items())
            _logger.info("Plan of %s: %s, %s", plan.job, counts or "nothing", words.size(plan.size))
        if isinstance(end.result, RunResult):
            _logger.info("Run %s", _run(end.result))
        _logger.log(_LEVELS.get(end.ending, logging.INFO), "The job %s. %s", _ENDED[end.ending], end.failure)


_ENDED = {
    Ending.FINISHED: "finished",
    Ending.PARTIAL: "was stopped with a part of its result",
    Ending.STOPPED: "was stopped",
    Ending.REFUSED: "was refused",
    Ending.CRASHED: "crashed",
}


def _run(result: RunResult) -> str:
    done = f"{result.done:,} of {words.count(result.total, 'operation')}, {words.size(result.size)}"
    return f"{result.run or 'of no name'}: {result.state.value}, {done}, {result.seconds:.3f} s"
