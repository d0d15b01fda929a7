"""Names of files by a pattern of the user's own: ``{date}_{camera}_{original}``.

A file that bears such a name keeps it, so that no run renames it twice; what belongs to a picture is called after it.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from image_sync.base import paths
from image_sync.jobs.photo_import.model import Arrival
from image_sync.jobs.photo_import.rules.pattern_fields import ORIGINAL
from image_sync.jobs.photo_import.rules.patterns import Pattern, matcher, shape
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource, Precision

_ROOM = 30
"""Bytes of a name that stay free: for its number, and for what is added to the names of sidecars."""
_ANY = {
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": r"[0-9]{2}-[0-9]{2}-[0-9]{2}",
    "year": "[0-9]{4}",
    "month": "[0-9]{2}",
    "day": "[0-9]{2}",
    ORIGINAL: ".+",
}
_NUMBER = re.compile(r"(?:\([0-9]+\))+$")


@dataclass(frozen=True, slots=True)
class PatternNames:
    """Names by one pattern."""

    pattern: Pattern

    @property
    def has_camera(self) -> bool:
        """Whether cameras have a say in it."""
        return "camera" in self.pattern.fields

    def names(self, arrival: Arrival) -> tuple[str, ...]:
        """Names of the files of a unit, the picture first: as they are where the picture's fits the pattern."""
        name = arrival.record.name
        stem, suffix = paths.split_suffix(name)
        if self.fits(arrival):
            return tuple(record.name for record in arrival.files)
        values = {**_values(arrival.captured), "camera": arrival.camera}
        wanted = self._filled(values, stem, paths.NAME_LIMIT - _ROOM - len(suffix)) or stem
        return tuple(_called_after([record.name for record in arrival.files], wanted + suffix))

    def fits(self, arrival: Arrival) -> bool:
        """Whether the name of a unit is one by the pattern, whatever number it bears."""
        stem = paths.stem(arrival.record.name)
        values = _values(arrival.captured)
        known = frozenset(name for name, value in {**values, "camera": arrival.camera}.items() if value)
        for stated in (known, known - {"time"}) if "time" in known else (known, known | {"time"}):
            match = _expression(self.pattern, stated | {ORIGINAL}, arrival.camera).fullmatch(_NUMBER.sub("", stem))
            if match and all(values.get(name) in (None, "", text) for name, text in match.groupdict().items()):
                return True
        return False

    def _filled(self, values: dict[str, str], stem: str, room: int) -> str:
        """The name without its suffix; the original one is cut to what there is room for."""
        (name,) = self.pattern.filled({**values, ORIGINAL: stem}) or ("",)
        too_long = len(name.encode("utf-8", "surrogateescape")) - room
        if too_long <= 0 or ORIGINAL not in self.pattern.fields:
            return paths.shorten(name, room)
        left = len(stem.encode("utf-8", "surrogateescape")) - too_long
        (name,) = self.pattern.filled({**values, ORIGINAL: paths.shorten(stem, max(left, 1))})
        return paths.shorten(name, room)


@lru_cache(maxsize=1024)
def _expression(pattern: Pattern, present: frozenset[str], camera: str) -> re.Pattern[str]:
    return matcher(shape(pattern, present), {**_ANY, "camera": re.escape(camera)})


def _values(captured: CaptureDate | None) -> dict[str, str]:
    """Texts of a picture's date; a time that nobody knows is empty."""
    if captured is None or captured.source is DateSource.MODIFICATION_TIME:
        return {}
    when: datetime = captured.when
    texts = dict(zip(("year", "month", "day"), (f"{when:%Y}".rjust(4, "0"), f"{when:%m}", f"{when:%d}"), strict=True))
    time = f"{when:%H-%M-%S}" if captured.precision is Precision.SECOND else ""
    return {**texts, "date": "-".join(texts.values()), "time": time}


def _called_after(names: Sequence[str], wanted: str) -> Iterator[str]:
    """The names of a unit when the first becomes ``wanted``; no two are the same."""
    first, *others = names
    taken = {paths.folded(wanted)}
    yield wanted
    for other in others:
        name = _named_after(other, first, wanted)
        if paths.folded(name) in taken:
            name = f"{paths.stem(wanted)}_{other}"
        taken.add(paths.folded(name))
        yield name


def _named_after(name: str, old: str, new: str) -> str:
    for before, after in ((old, new), (paths.stem(old), paths.stem(new))):
        if name.casefold().startswith(before.casefold()):
            return after + name[len(before) :]
    suffix = paths.split_suffix(name)[1]
    return new + suffix if suffix.casefold() == ".json" else paths.stem(new) + suffix
