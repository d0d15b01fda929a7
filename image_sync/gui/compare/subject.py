"""Subject of a comparison, as a page gives it: which pictures, what can be decided, what comes next.  No tkinter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a comparison: its file as it was at ``mtime_ns`` (0 where nobody looked), turned and mirrored by
    ``turn`` (0-7) so that it lies as the other one; ``state`` says what becomes of it."""

    path: str
    mtime_ns: int
    name: str
    folder: str
    state: str
    facts: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two pictures and the words above them; ``active`` is the one (0 left, 1 right) that a decision is about."""

    title: str
    place: str
    left: Shown
    right: Shown
    active: int = 1
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """A button below the pictures: words, glyph, the key as a person names it and as Tk does (empty where the window
    hears it already)."""

    words: str
    icon: str
    key: str
    sequences: tuple[str, ...]
    do: Callable[[], object]


class Subject(Protocol):
    """Subject that a page lets be compared."""

    @property
    def comparison(self) -> Comparison | None:
        """The two pictures; ``None`` when there are none any more."""

    @property
    def deeds(self) -> Sequence[Deed]:
        """Decisions that can be made."""

    @property
    def coming(self) -> Sequence[Shown]:
        """Pictures that are likely to be compared next, the likeliest first."""

    def step_picture(self, step: int) -> None:
        """Compare with the next picture, or the one before."""

    def step_group(self, step: int) -> None:
        """Go to the next group, conflict or duplicate, or the one before."""
