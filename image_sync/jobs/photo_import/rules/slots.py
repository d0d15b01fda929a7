"""Taken names of the library, and the smallest number under which a whole unit is free.

Names are compared as the most forgiving file system does: two that differ in case or Unicode form only are one.  A name
that the plan vacates is free from there on, for an operation that waits for the one that vacates it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from image_sync.base import naming, paths

PATTERN = "({})"


@dataclass(frozen=True, slots=True)
class Slot:
    """Free places for the files of a unit under ``number`` (0: under their own names).

    ``after`` is the operation that vacates the first of them, if it is not free yet.
    """

    number: int
    targets: tuple[str, ...]
    after: int | None = None


class Slots:
    """The places of one library, below its root."""

    def __init__(self, standing: Iterable[str]) -> None:
        self._taken = set(map(paths.folded, standing))
        self._vacated: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def free(self, names: Sequence[str], folders: Sequence[str]) -> Slot:
        """The first number that leaves every name free in its folder; the names after the first are called after it."""
        first = paths.folded(paths.join(folders[0], names[0]))
        for number in itertools.count(self._numbers.get(first, 0)):
            renamed = naming.unit_names(names, number, PATTERN)
            targets = tuple(paths.join(folder, name) for folder, name in zip(folders, renamed, strict=True))
            keys = [paths.folded(target) for target in targets]
            if self._taken.isdisjoint(keys) and len(set(keys)) == len(keys):
                self._numbers[first] = number
                return Slot(number, targets, self._vacated.get(keys[0]))
        raise AssertionError("counting never ends")

    def take(self, targets: Iterable[str]) -> None:
        """These places are taken from here on, and so are the names of the folders on the way."""
        for target in targets:
            key = paths.folded(target)
            while key and key not in self._taken:
                self._taken.add(key)
                key = paths.parent(key)

    def vacate(self, place: str, operation: int) -> None:
        """``operation`` takes away what stands at ``place``."""
        key = paths.folded(place)
        self._taken.discard(key)
        self._vacated[key] = operation
        self._numbers.clear()
