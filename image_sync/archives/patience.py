"""Patience with storage that fails for a moment: a network share that is away, a disk that has to wake up.

What fails in another way (no such file, no permission) fails the same the next time and is not tried again.  Where one
file after another fails, the storage is gone, and waiting for each of them would take the day: then nobody waits.
"""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable
from typing import TypeVar

PAUSES = (0.1, 0.6)
"""Seconds before each further try."""
GONE_AFTER = 8
"""Files that failed one after another, all tries of them, after which the storage is taken for gone."""
_NAMES = (
    *("EIO", "EAGAIN", "EBUSY", "ESTALE", "ETIMEDOUT", "ECONNRESET", "ECONNABORTED", "ENETDOWN", "ENETUNREACH"),
    *("ENETRESET", "EHOSTDOWN", "EHOSTUNREACH", "EREMOTEIO", "ENOTCONN", "ESHUTDOWN"),
)
PASSING = frozenset(number for name in _NAMES if (number := getattr(errno, name, None)) is not None)
"""Errors of storage that may be over in a moment."""

Value = TypeVar("Value")


class _Failures:
    """The files that failed one after another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0

    @property
    def gone(self) -> bool:
        """Whether the storage is taken for gone."""
        return self._number >= GONE_AFTER

    def count(self, failed: bool) -> None:
        """One more file was read, or failed."""
        with self._lock:
            self._number = self._number + 1 if failed else 0


_failures = _Failures()


def patiently(read: Callable[[], Value], wait: Callable[[float], None] = time.sleep) -> Value:
    """The result of ``read``, tried again when it fails for the moment.  Raises what it raises at last; an ``OSError``
    then has a note of how often it was tried (``tries_of``)."""
    tries = 0
    while True:
        tries += 1
        try:
            value = read()
        except OSError as error:
            if error.errno not in PASSING:
                raise
            if tries <= len(PAUSES) and not _failures.gone:
                wait(PAUSES[tries - 1])
                continue
            _failures.count(failed=True)
            error.tries = tries  # type: ignore[attr-defined]
            raise
        _failures.count(failed=False)
        return value


def tries_of(error: OSError) -> int:
    """Number of tries of what failed with ``error``."""
    return int(getattr(error, "tries", 1))
