"""Folders of a library by a pattern of the user's own, and such folders read back to what they were made from.

A folder that was made by the pattern is read by it, so that a second run leaves everything where it is; any other is
read as all folders are.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from image_sync.base import paths
from image_sync.jobs.photo_import.rules.described import Worth, worth_of
from image_sync.jobs.photo_import.rules.folder_dates import DAY, defused
from image_sync.jobs.photo_import.rules.folder_names import TRIMMED, FolderName, FolderRules, read_folder
from image_sync.jobs.photo_import.rules.pattern_fields import DATE
from image_sync.jobs.photo_import.rules.patterns import DESCRIPTION, MORE, Pattern, matcher, shape
from image_sync.pictures.metadata.dates import PartialDate, believable, is_day

_EXPRESSIONS = {
    "year": "[0-9]{4}",
    "month": "[0-9]{2}",
    "day": "[0-9]{2}",
    DESCRIPTION: "[^/]+",
    "camera": "[^/]+?",
}
ReadFolder = Callable[[str], FolderName]


@dataclass(frozen=True, slots=True)
class PatternFolders:
    """Folders by one pattern; ``rules`` are those for all other folder names."""

    pattern: Pattern
    rules: FolderRules

    @property
    def has_camera(self) -> bool:
        """Whether cameras have a say in it."""
        return "camera" in self.pattern.fields

    @property
    def describes(self) -> bool:
        """Whether the words of folders are kept."""
        return DESCRIPTION in self.pattern.fields

    # --- reading ---

    def read(self, relative: str, camera: str | None) -> FolderName:
        """Meaning of a folder for pictures of ``camera``; ``None`` for those of any."""
        plain = read_folder(relative, self.rules)
        if not relative or any(self.rules.system_folder(name) for name in paths.components(relative)[:1]):
            return self._kept(plain)
        for date, levels, named in _readings(self.pattern, relative.replace(paths.SEPARATOR, "/")):
            if plain.date is not None and plain.date.parts > date.parts:
                continue
            if len(read_folder(paths.SEPARATOR.join(levels), self.rules).levels) != len(levels):
                continue  # a program's folder, or one that repeats another, is no description
            own = named if camera is None and worth_of((named,)) <= Worth.WHOSE else camera or ""
            if self.folder(date, levels, own) == relative:
                ranging = plain.range and plain.date == date
                return replace(plain, date=date, levels=levels, program_date=None, undated=False, range=ranging)
        return self._kept(plain)

    def _kept(self, found: FolderName) -> FolderName:
        return found if self.describes else replace(found, levels=())

    # --- making ---

    def folder(self, day: PartialDate, levels: tuple[str, ...], camera: str) -> str:
        """The folder as the pattern has it."""
        texts = (f"{day.year:04}", f"{day.month or 0:02}", f"{day.day or 0:02}")
        values = dict(zip(DATE, texts[: day.parts], strict=False))
        values |= {DESCRIPTION: levels[0] if levels else "", "camera": camera}
        return paths.join(*map(_fitting, self.pattern.filled(values, levels[1:])))

    def target(self, day: PartialDate, levels: tuple[str, ...], camera: str, ranging: bool) -> str:
        """The folder for pictures of ``day``, in the first form that is read as just what it was made from; empty when
        the pattern has none."""
        stated = day.cut(len(self.pattern.fields & set(DATE)))
        for words in _ways_to_write(levels, self.rules.latest_year):
            target = self.folder(day, words, camera)
            read = self.read(target, camera)
            same = read.date == stated and bool(read.levels) == bool(levels)
            if target and same and self.folder(stated, read.levels, camera) == target:
                return target
        return self.target(day.cut(DAY - 1), levels, camera, False) if ranging and day.parts == DAY else ""


def _ways_to_write(levels: tuple[str, ...], latest: int | None) -> Iterator[tuple[str, ...]]:
    """A description, and forms of it that nobody takes for a date."""
    yield levels
    if levels:
        first, *others = levels
        yield f"({first})", *others
        plain, *rest = (defused(level, latest) for level in levels)
        yield plain, *rest
        yield f"({plain})", *rest


@lru_cache(maxsize=256)
def _shapes(pattern: Pattern) -> tuple[tuple[re.Pattern[str], int], ...]:
    """Regular expressions for the forms of a pattern in which fewer and fewer fields have a value, with how many of
    them are a date."""
    others = [name for name in (DESCRIPTION, "camera") if name in pattern.fields]
    forms = [frozenset(others), *(frozenset(others) - {name} for name in others), frozenset[str]()]
    found = []
    for parts in range(len(pattern.fields & set(DATE)), 0, -1):
        for form in dict.fromkeys(forms):
            levels = shape(pattern, form | set(DATE[:parts]))
            found.append((matcher(levels, _EXPRESSIONS), parts))
    return tuple(found)


def _readings(pattern: Pattern, relative: str) -> Iterator[tuple[PartialDate, tuple[str, ...], str]]:
    """Sources that a folder may have been made from: date, description, camera; the most exact first."""
    for expression, parts in _shapes(pattern):
        match = expression.fullmatch(relative)
        if match is None:
            continue
        found = match.groupdict()
        year, month, day = (int(found.get(name) or 0) for name in DATE)
        if not believable(year) or not is_day(year, month or 1, day or 1):
            continue
        date = PartialDate(year, month or None, day or None).cut(parts)
        more = [level for level in (found.get(MORE) or "").split("/") if level]
        levels = (found[DESCRIPTION], *more) if found.get(DESCRIPTION) else ()
        yield date, levels, found.get("camera") or ""


def _fitting(level: str) -> str:
    """``level`` cut to what one name may hold."""
    short = paths.shorten(level, paths.NAME_LIMIT)
    return level if short == level else short.rstrip(TRIMMED)
