"""Count of the program's faults in this process: its exit code hangs on it.

A module of its own, and an empty one nearly, since the guard around a start loads nothing that only a fault needs.
"""

from __future__ import annotations

_met = 0


def add() -> None:
    """One more was met."""
    global _met
    _met += 1


def met() -> int:
    """The number so far."""
    return _met
