"""The one loop that reads the engine's events: it draws, it gathers, it passes a stop on.

It is the only place that waits for the engine, and it never waits for long without looking at whether the user asked to
stop.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import TYPE_CHECKING

from image_sync.base.events import Ending, Event, Finished, Note, ProblemFound, Progress, StageBegan
from image_sync.cli.document import Record
from image_sync.cli.interrupts import Interrupts
from image_sync.cli.views import View

if TYPE_CHECKING:
    from image_sync import Engine

_POLL = 0.1
"""Seconds between two looks at whether the user asked to stop."""
_PATIENCE = 50
"""Looks at an idle engine that has said nothing of its end before it is given up."""

_ENOUGH = 30
"""Looks after which a stop is said again: the first lets the engine make something of what it has read so far."""


class Following:
    """Follows one job from its start to its ``Finished``, with what it draws on and where it gathers."""

    def __init__(
        self, engine: Engine, view: View, interrupts: Interrupts, record: Record, tell: Callable[[Event], None]
    ) -> None:
        self._engine, self._view = engine, view
        self._interrupts, self._record, self._tell = interrupts, record, tell
        self._looks_since_stop = 0
        self._idle = 0

    def to_the_end(self) -> Finished:
        """Wait for the end of the job; it is the engine's word, or a crash when there never comes one."""
        while True:
            self._pass_stop_on()
            try:
                event = self._engine.events.get(timeout=_POLL)
            except queue.Empty:
                self._idle = 0 if self._engine.busy else self._idle + 1
                if self._idle > _PATIENCE:
                    from image_sync.base import faults

                    fault = faults.met(RuntimeError("the work ended without a word"), "the engine")
                    return Finished(Ending.CRASHED, failure=fault.words, details=fault.details)
                continue
            if isinstance(event, Finished):
                return event
            self._take(event)

    def _pass_stop_on(self) -> None:
        if not self._interrupts.asked:
            return
        if not self._looks_since_stop:
            self._view.say("Stopping cleanly; once more to leave at once.")
        if self._looks_since_stop % _ENOUGH == 0:
            self._engine.stop()
        self._looks_since_stop += 1

    def _take(self, event: Event) -> None:
        self._tell(event)
        if isinstance(event, StageBegan):
            self._view.began(event)
        elif isinstance(event, Progress):
            self._view.progress(event)
        elif isinstance(event, ProblemFound):
            self._record.add_problems((event.problem,))
        elif isinstance(event, Note):
            self._record.add_notes((event.text,))
