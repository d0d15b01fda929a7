"""Garbage collection on the window's thread alone, for as long as the window is open.

Only the thread that made a Tk object may let go of it.  Anywhere else a variable waits for the window's thread, for
ever where that waits as well, and the end of an interpreter ends the process.  Python collects on whatever thread makes
the next object; so it is told not to, and the window's timer collects instead.  No tkinter.
"""

from __future__ import annotations

import gc
import time

SELDOM = 50
"""A full collection waits that many times as long as the last one took, for it holds up all threads."""
FULL = 2


class Collector:
    """Stands for Python's own collector from its making to ``close``."""

    def __init__(self) -> None:
        self._was_enabled = gc.isenabled()
        self._full_from = 0.0
        gc.disable()

    def turn(self) -> None:
        """Collect what is due by Python's own thresholds, the oldest generation of those that are."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        now = time.monotonic()
        for generation in (FULL, 1, 0):
            due = counts[generation] > thresholds[generation] > 0
            if due and (generation != FULL or now >= self._full_from):
                gc.collect(generation)
                if generation == FULL:
                    ended = time.monotonic()
                    self._full_from = ended + SELDOM * (ended - now)
                return

    def close(self) -> None:
        """Leave it to Python again, where it was before."""
        if self._was_enabled:
            gc.collect()
            gc.enable()
