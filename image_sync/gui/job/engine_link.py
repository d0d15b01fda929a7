"""The window's side of the engine: whose job runs, and its events handed out on the window's thread.

The engine does one job at a time for all pages.  The page that starts it gets its events until ``Finished``; everyone
else only hears that the engine is busy.  Per-item snapshots are coalesced here once more, so that a page draws the
newest one at most once a drain.  No tkinter here: the window calls ``drain`` from its timer.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Protocol

from image_sync.base import faults
from image_sync.base.events import Ending, Event, Finished, Progress
from image_sync.base.faults import Fault
from image_sync.gui.job.port import EnginePort
from image_sync.gui.widgets.i18n import _

DRAIN_SECONDS = 0.008
"""How long one drain may take at most (measured: the window's lag stays below 25 ms at the 95th percentile)."""


class Listener(Protocol):
    """Listener that started a job and hears of it."""

    def handle(self, event: Event) -> None:
        """One event of the running job."""


class EngineLink:
    """One engine, made at the first need, and the listener of its running job."""

    def __init__(self, make_engine: Callable[[], EnginePort]) -> None:
        self._make_engine = make_engine
        self._engine: EnginePort | None = None
        self._listener: Listener | None = None
        self._paused = False
        self._stopping = False
        self.watchers: list[Callable[[], None]] = []
        """Called whenever the engine becomes busy, paused, stopping or free."""
        self.crash_watchers: list[Callable[[Fault], None]] = []
        """Called when a fault of the program ended a job, before its listener hears of it."""

    @property
    def engine(self) -> EnginePort:
        """The engine."""
        if self._engine is None:
            self._engine = self._make_engine()
        return self._engine

    @property
    def busy(self) -> bool:
        """Whether a job runs, from its start until its end was handed out."""
        return self._listener is not None

    @property
    def paused(self) -> bool:
        """Whether the running job is asked to wait."""
        return self._paused

    @property
    def stopping(self) -> bool:
        """Whether the running job is asked to stop."""
        return self._stopping

    def start(self, listener: Listener, job: Callable[[EnginePort], None]) -> bool:
        """Run ``job`` for ``listener``; ``False`` when another one is running."""
        if self.busy:
            return False
        self._listener = listener
        self._paused = self._stopping = False
        try:
            job(self.engine)
        except BaseException:
            self._listener = None
            raise
        self._tell()
        return True

    def pause_or_go_on(self) -> None:
        """Pause the running job, or let it go on."""
        if not self.busy or self._stopping:
            return
        self._paused = not self._paused
        if self._paused:
            self.engine.pause()
        else:
            self.engine.unpause()
        self._tell()

    def stop(self) -> None:
        """Ask the running job to stop; what was found so far comes with its last event."""
        if not self.busy or self._stopping:
            return
        self._stopping, self._paused = True, False
        self.engine.stop()
        self._tell()

    def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Hand out waiting events for about ``seconds``; of several snapshots in a row only the newest."""
        if self._engine is None:
            return
        end = time.perf_counter() + seconds
        # Asked before the queue is looked at: whatever a worker that is gone has said is in the queue by then.
        gone = self.busy and not self._engine.busy
        snapshot: Progress | None = None
        while time.perf_counter() < end:
            try:
                event = self._engine.events.get_nowait()
            except queue.Empty:
                if gone and self.busy:
                    self._hand_out(_without_a_word())
                break
            if isinstance(event, Progress):
                snapshot = event
                continue
            if snapshot is not None:
                self._hand_out(snapshot)
                snapshot = None
            self._hand_out(event)
            if isinstance(event, Finished):
                # Its listener may have started the next job, whose worker lives.
                gone = False
        if snapshot is not None:
            self._hand_out(snapshot)

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()

    def _hand_out(self, event: Event) -> None:
        listener = self._listener
        if isinstance(event, Finished):
            # The worker's thread ends right after this event; the next job must find the engine free.
            self.engine.join(5.0)
            self._listener = None
            self._paused = self._stopping = False
            if event.ending is Ending.CRASHED:
                for watcher in list(self.crash_watchers):
                    watcher(Fault(event.failure, event.details))
        if listener is not None:
            listener.handle(event)
        if isinstance(event, Finished):
            self._tell()

    def _tell(self) -> None:
        for watcher in list(self.watchers):
            watcher()


def _without_a_word() -> Finished:
    fault = faults.met(RuntimeError("the job ended without a word"), "the engine")
    words = _("{fault} What the job did is in History.").format(fault=fault.words)
    return Finished(Ending.CRASHED, failure=words, details=fault.details)
