"""Steps of the user in a review, and the way back: each is a value before and after, with words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

MOST_STEPS = 1000
"""Steps that can be taken back."""
T = TypeVar("T")
Beside = TypeVar("Beside")


@dataclass(frozen=True, slots=True)
class Step(Generic[T, Beside]):
    """One step: ``words`` say what was done; ``beside`` is what it did beside changing the value, if anything."""

    words: str
    before: T
    after: T
    beside: Beside | None = None


class StepHistory(Generic[T, Beside]):
    """The value as it stands ``now``, and the steps that led to it."""

    def __init__(self, now: T) -> None:
        self.now = now
        self._done: list[Step[T, Beside]] = []
        self._undone: list[Step[T, Beside]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._undone)

    def take(self, words: str, after: T, beside: Beside | None = None) -> bool:
        """Take a step; whether it changed anything."""
        if after == self.now and not beside:
            return False
        self._done.append(Step(words, self.now, after, beside))
        del self._done[:-MOST_STEPS]
        self._undone.clear()
        self.now = after
        return True

    def undo(self) -> Step[T, Beside] | None:
        """Take the newest step back; which it was."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self.now = step.before
        return step

    def redo(self) -> Step[T, Beside] | None:
        """Take the step again that was taken back last; which it was."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self.now = step.after
        return step
