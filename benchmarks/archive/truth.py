"""What is true of a content, and whether a place in a library says so."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

_OWN = re.compile(r"ImageSync_(ImageMovies|Small)/")
_NUMBERS = re.compile(r"(\d\d)(?:-(\d\d))?(?=\D|$)")


class Dated(Enum):
    """How the date of a place is."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Event:
    """An event as its folder tells of it; ``parts`` is how exact its date is, ``words`` are those of its name."""

    folder: str
    begins: date
    parts: int
    words: tuple[str, ...]


@dataclass
class Known:
    """What is true of one content: when it was taken (to ``parts``; ``None``: nobody can tell), its event, where it
    lay."""

    when: date | None
    parts: int = 3
    event: Event | None = None
    places: list[str] = field(default_factory=list)
    in_bins: int = 0

    @property
    def only_thrown_away(self) -> bool:
        """Whether it lay in bins alone."""
        return self.in_bins == len(self.places)

    def dated(self, place: str) -> Dated:
        """Whether a place below the library states the right date, as exact as it can."""
        folders = _OWN.sub("", place).split("/")[:-1]
        if not folders or not folders[0].isdigit():
            return Dated.NONE
        if self.event is not None:
            return Dated.RIGHT if self._fits_event(folders, self.event) else Dated.WRONG
        if self.when is None:
            return Dated.WRONG
        true = [self.when.year, self.when.month, self.when.day]
        described = not all(part.isdigit() for part in folders)
        stated = _NUMBERS.match(folders[1]) if described and len(folders) > 1 else None
        shown = folders[:1] + [number for number in stated.groups() if number] if stated else folders
        parts = [int(part) for part in shown if part.isdigit()]
        # Below a description the library has the year alone, unless its folder had a date: that is its rule.
        exact = described or len(parts) >= self.parts
        return Dated.RIGHT if parts == true[: len(parts)] and exact else Dated.WRONG

    def _fits_event(self, folders: list[str], event: Event) -> bool:
        years = {event.begins.year} | ({self.when.year} if self.when else set())
        if int(folders[0]) not in years:
            return False
        stated = _NUMBERS.match(folders[1]) if len(folders) > 1 and event.parts > 1 else None
        if stated is None:
            return event.parts == 1 or (self.when is not None and len(folders) == 4)
        month, day = stated[1], stated[2]
        return int(month) == event.begins.month and (not day or int(day) == event.begins.day)

    def keeps_event(self, place: str) -> bool:
        """Whether a place has all words of its event."""
        assert self.event is not None
        folded = place.casefold()
        return all(word.casefold() in folded for word in self.event.words)


def digest(data: bytes) -> str:
    """By what a content is known."""
    return hashlib.sha256(data).hexdigest()


def contents_of(folder: Path) -> dict[str, list[str]]:
    """The places of each content below a folder, but for what the program keeps apart for undo."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.relative_to(folder).parts[0].startswith("."):
            found.setdefault(digest(path.read_bytes()), []).append(path.relative_to(folder).as_posix())
    return found
