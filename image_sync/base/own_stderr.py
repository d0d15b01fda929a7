"""Standard error of our own, apart from the descriptor that libraries written in C write to.

libtiff tells each bad code word of a damaged file to descriptor 2, hundreds of lines for one picture.  A front that
called ``set_apart`` writes its own words to a copy of that descriptor, so that it can be led nowhere while such a
library is at work (``HUSHED``) and no word of ours is lost.  Where nobody called it (a program that imports this one)
nothing is ever led away.  The front of every start calls this: it imports next to nothing.
"""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock

_STDERR = 2


def set_apart() -> None:
    """Have ``sys.stderr`` write to a descriptor of its own, if it is that of the process."""
    stream, first = sys.stderr, sys.__stderr__
    if stream is None or first is None:  # a process without a console has none
        return
    try:
        if HUSHED.possible or stream is not first or first.fileno() != _STDERR:
            return
        stream.flush()
        encoding, errors = stream.encoding, stream.errors
        own = os.dup(_STDERR)
    except (OSError, ValueError):  # it is closed
        return
    sys.stderr = open(own, "w", buffering=1, encoding=encoding, errors=errors)  # noqa: SIM115
    HUSHED.possible = True


class _Hushed:
    """The time in which what C libraries write to standard error goes nowhere; many threads may be in it at once."""

    def __init__(self) -> None:
        self.possible = False
        self._lock = allocate_lock()
        self._inside = 0
        self._kept = -1

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self.possible and self._inside == 1:
                self._lead_away()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._kept >= 0 and not self._inside:
                os.dup2(self._kept, _STDERR)
                os.close(self._kept)
                self._kept = -1

    def _lead_away(self) -> None:
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
        except OSError:  # a few lines too many are no reason not to read a picture
            return
        try:
            self._kept = os.dup(_STDERR)
            os.dup2(nowhere, _STDERR)
        except OSError:
            pass
        finally:
            os.close(nowhere)


HUSHED = _Hushed()
"""Of this process."""
