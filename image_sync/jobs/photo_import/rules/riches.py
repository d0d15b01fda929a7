"""Riches of a unit: which of two units that show the same holds more, and on which day a camera took it.

A unit with further pictures or movies is richer than one without; of those that show just the same, the one whose file
holds more (a motion photo, a brightness map, words of a person).  Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import.model import CAMERA_SOURCES, Look, World

CONTENT = (FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE)

Contents = frozenset[int | str]
"""Contents of a unit: a number for each picture and movie that has twins, the path of each that has none."""


@dataclass(frozen=True, slots=True)
class Riches:
    """Riches of a unit: ``contents`` that it shows, and what it ``lacks`` beside them (see ``Look``); nothing where
    that is not known."""

    contents: Contents
    lacks: tuple[int, ...] = ()

    def holds(self, other: Riches) -> bool:
        """Whether it shows all that another one does."""
        return other.contents <= self.contents

    def surpasses(self, other: Riches, whole: bool) -> bool:
        """Whether it is richer than another one: it shows more, or (unless only ``whole`` pictures and movies count)
        its file holds more."""
        if self.contents != other.contents:
            return other.contents < self.contents
        return not whole and bool(self.lacks) and bool(other.lacks) and self.lacks < other.lacks


def riches_of(files: Sequence[FileRecord], contents: Mapping[str, int], looks: Mapping[str, Look]) -> Riches:
    """Riches of a unit of these files, its picture first."""
    own = (record.path for record in files if record.kind in CONTENT)
    shown = frozenset(contents.get(path, path) for path in own)
    look = looks.get(files[0].path)
    if look is None or not look.lacks:
        return Riches(shown)
    described = any(paths.suffix(record.name) == ".xmp" for record in files)
    return Riches(shown, (*look.lacks, not described))


_A_DAY = timedelta(days=1)
"""Copies of a picture may differ by that: their clocks were set to another zone."""


def days_taken(world: World) -> dict[int, date]:
    """The day on which a camera took each content that stands twice; none where the copies contradict each other."""
    found: dict[int, set[date]] = defaultdict(set)
    for one in world.arrivals:
        number = world.contents.get(one.path)
        if number is not None and one.captured is not None and one.captured.source in CAMERA_SOURCES:
            found[number].add(one.captured.when.date())
    for path, look in world.looks.items():
        if look.taken is not None and path in world.contents:
            found[world.contents[path]].add(look.taken)
    return {number: min(days) for number, days in found.items() if max(days) - min(days) <= _A_DAY}
