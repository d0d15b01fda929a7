"""Memory budget that all decoders share, so that a few enormous pictures met at once don't exhaust the machine.

It knows nothing of pictures: who decodes says how many bytes that takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from image_sync.pictures.errors import Failing, TooLarge

MOST = 800 * 2**20
"""Bytes that one picture may take while it is decoded: 209 million pixels in colour.  With what the program and its
workers take themselves, a run stays below one gibibyte."""
TOGETHER = 2**29
"""Bytes that all threads may take together; a picture that needs more waits until it is alone."""

FREE = 2**21
"""Bytes that are not worth counting: the scaled decode of a JPEG of twelve megapixels takes a tenth of it."""


class MemoryBudget:
    """Bytes that are taken and given back; who asks for more than is left waits."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._taken = 0
        self._changed = threading.Condition()
        self._lender: Callable[[int], AbstractContextManager[None]] | None = None

    def take_from(self, lender: Callable[[int], AbstractContextManager[None]]) -> None:
        """Take every byte from ``lender`` from now on: in a worker process, from the program's own budget."""
        self._lender = lender

    @contextmanager
    def holding(self, amount: int) -> Iterator[None]:
        """Hold ``amount`` bytes for the length of a ``with``; a little is free."""
        if amount <= FREE:
            yield
            return
        if self._lender is not None:
            with self._lender(amount):
                yield
            return
        with self._changed:
            self._changed.wait_for(lambda: self._taken == 0 or self._taken + amount <= self._total)
            self._taken += amount
        try:
            yield
        finally:
            with self._changed:
                self._taken -= amount
                self._changed.notify_all()


DECODE_BUDGET = MemoryBudget(TOGETHER)


def affordable(width: int, height: int, cost: int) -> None:
    """Raise ``TooLarge`` when a picture of ``width`` x ``height`` takes more than ``MOST`` bytes to decode."""
    if cost > MOST:
        millions = width * height / 1e6
        raise TooLarge(Failing.TOO_LARGE(millions=round(millions), size=f"{width} × {height}"))
