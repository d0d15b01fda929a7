"""Pause and stop of a running job: the one switch that a front and the worker share.

Whoever works calls ``checkpoint`` between files, between chunks of a copy and between blocks of a search; nothing else
in the program blocks on the user.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

from image_sync.base.model import Stopped

ValueT = TypeVar("ValueT")

CHUNK = 1 << 20
"""Bytes of a file that are read at a time; between two chunks a run can be paused or stopped."""
STRIDE = 1024
"""Values that are worked through at a time where each takes microseconds."""


class Control:
    """A switch with three positions: going, paused, stopped.  Stopping is final and ends a pause."""

    def __init__(self) -> None:
        self._going = threading.Event()
        self._going.set()
        self._stopped = threading.Event()

    def pause(self) -> None:
        """Let the worker wait at its next checkpoint."""
        self._going.clear()

    def resume(self) -> None:
        """End a pause."""
        self._going.set()

    def stop(self) -> None:
        """Let the worker raise ``Stopped`` at its next checkpoint."""
        self._stopped.set()
        self._going.set()

    @property
    def paused(self) -> bool:
        """Whether the worker is asked to wait."""
        return not self._going.is_set()

    @property
    def stopped(self) -> bool:
        """Whether the worker is asked to stop."""
        return self._stopped.is_set()

    def checkpoint(self) -> None:
        """Wait while paused; raise ``Stopped`` once stopped."""
        if not self._going.is_set():
            self._going.wait()
        if self._stopped.is_set():
            raise Stopped

    def watched(self, values: Iterable[ValueT]) -> Iterator[ValueT]:
        """The values, with a checkpoint before every ``STRIDE`` of them."""
        for number, value in enumerate(values):
            if not number % STRIDE:
                self.checkpoint()
            yield value
