"""Target of a picture in the library, how good a place is, and which names are alike.

All of it follows from names and dates: values in, relative paths out.  Nothing here looks at the disk, so nothing here
knows what is taken; ``photo_import`` asks that and numbers the names.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from image_sync.base import paths
from image_sync.base.copy_names import original_stem
from image_sync.jobs.photo_import.rules.described import Worth, worth_of
from image_sync.jobs.photo_import.rules.folder_dates import DAY, defused
from image_sync.jobs.photo_import.rules.folder_names import TRIMMED, FolderName, FolderRules, SystemFolder, read_folder
from image_sync.pictures.metadata.dates import PartialDate

YEAR, MONTH = 1, 2
ROUNDS = 8


def target_folder(folder: FolderName, captured: date | None = None, rules: FolderRules | None = None) -> str:
    """The folder below the output for a picture that comes from ``folder`` and was ``captured`` on that day.

    With a description: ``YYYY/<levels>``, the year that of the folder, else of the picture; the folder's month and day
    stay in front of the description (``2004/03-05 Picnic``) unless ``rules.flat_dates``.  Without: by the picture's
    date, else the folder's, as exact as the input folder was (none counts as a day): ``2004``, ``2004/03``,
    ``2004/03/05``.  Without any date below the folder for undated pictures.

    The result is its own target: an import of the library into itself leaves every picture where it is.
    """
    rules = rules or FolderRules()
    target = _once(folder, captured, rules)
    for _ in range(ROUNDS):  # a description such as "12 Monkeys" turns into a month behind a year
        again = _once(read_folder(target, rules), captured, rules)
        if again == target:
            break
        target = again
    return target


def _once(folder: FolderName, captured: date | None, rules: FolderRules) -> str:
    day = deciding_day(folder, captured)
    if day is None:
        return paths.join(rules.system_name(SystemFolder.UNDATED), *map(_fitting, folder.levels))
    if not folder.levels:
        return paths.join(*_by_date(day))
    return _described(day.cut(YEAR) if rules.flat_dates else day, folder, rules)


def deciding_day(folder: FolderName, captured: date | None) -> PartialDate | None:
    """The date by which pictures of a folder that were ``captured`` on a day are placed, as exact as it counts.

    With a description the folder's, else the picture's year; without one the picture's, no more exact than the
    folder's.
    """
    taken = PartialDate.of(captured) if captured else None
    if not folder.levels:
        day = taken or folder.date or folder.program_date
        return day.cut(folder.date.parts if folder.date else DAY) if day else None
    year = taken or folder.program_date
    return folder.date or (year.cut(YEAR) if year else None)


def _described(day: PartialDate, folder: FolderName, rules: FolderRules) -> str:
    """The folder of a date and a description, in the first form that reads as just that date.

    A description that begins with a number would make a month of a year behind it, and a day of a month: behind a
    comma it does not.  Dates of the description that would count instead are taken apart.
    """
    levels = folder.levels
    front = _front(day)
    plain = _path(day, f"{front} {levels[0]}".strip(), levels[1:])
    for target in (plain, _path(day, f"{front or f'{day.year:04}'}, {levels[0]}", levels[1:])):
        read = read_folder(target, rules)
        if read.date == day and len(read.levels) == len(levels) and levels[0].startswith(read.levels[0]):
            return target
    day = day.cut(MONTH) if folder.range else day
    front = _front(day)
    first, *others = (defused(level, rules.latest_year) for level in levels)
    own = front or f"{day.year:04}"
    for head in (f"{own}, {first}", f"{front} ({first})".strip(), f"{own}, ({first})"):
        target = _path(day, head, others)
        read = read_folder(target, rules)
        if read.date == day and read.levels:
            return target
    return plain


def _front(day: PartialDate) -> str:
    return "-".join(_by_date(day)[1:])


def _path(day: PartialDate, first: str, others: Iterable[str]) -> str:
    return paths.join(f"{day.year:04}", *map(_fitting, (first, *others)))


def _by_date(day: PartialDate) -> tuple[str, ...]:
    names = (f"{day.year:04}", f"{day.month or 0:02}", f"{day.day or 0:02}")
    return names[: day.parts]


def _fitting(level: str) -> str:
    """``level`` cut to what one name may hold."""
    short = paths.shorten(level, paths.NAME_LIMIT)
    return level if short == level else short.rstrip(TRIMMED)


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """Score of a place; the greater one is the better place.  The order of the fields is the order of the rule.

    ``worth`` is that of the description, ``agrees`` tells that the folder's date and the camera's don't contradict
    each other.
    """

    worth: Worth
    agrees: bool
    dated: bool
    exactness: int
    levels: int
    outside_undated: bool


def best_first(value: Score) -> tuple[int, ...]:
    """A key by which better places sort before worse ones."""
    fields = (value.worth, value.agrees, value.dated, value.exactness, value.levels, value.outside_undated)
    return tuple(-int(field) for field in fields)


def score(folder: FolderName, taken: date | None = None) -> Score:
    """The score of the place that reads as ``folder``, for a picture that a camera took on the day ``taken``.

    Read the folder from the target (``read_folder(target)``).
    """
    return Score(
        worth=worth_of(folder.levels),
        agrees=agrees(folder.date, taken),
        dated=folder.date is not None,
        exactness=folder.date.parts if folder.date else 0,
        levels=len(folder.levels),
        outside_undated=not folder.undated,
    )


ONE_EVENT = timedelta(days=31)
"""So long after the day that its folder states, or before, a picture may still be of that event."""


def agrees(day: PartialDate | None, taken: date | None) -> bool:
    """Whether a picture of the day ``taken`` may be of the event that a folder dates; so it is where nobody knows."""
    if day is None or taken is None:
        return True
    first = date(day.year, day.month or 1, day.day or 1)
    last_month = day.month or 12
    last = date(day.year, last_month, day.day or calendar.monthrange(day.year, last_month)[1])
    return first - taken <= ONE_EVENT and taken - last <= ONE_EVENT


# --- names ----------------------------------------------------------------------------------------------------------

_SAME_SUFFIX = {".jpeg": ".jpg", ".tiff": ".tif"}
_NUMBER = re.compile(r"(?:\s*\([0-9]+\)|_[0-9]{1,3})$")
_PASSED_OVER = re.compile(r"[0-9_()]")
_KEPT_WHOLE = 5


def similar_key(filename: str) -> str:
    """A key that is equal for similar names: ``DSC4711.jpg`` and ``DSC4711(1).JPEG``, not ``47122`` and ``47123``.

    The suffix counts (``jpg`` is ``jpeg``, ``tif`` is ``tiff``), case does not; what makes it a copy's name
    (``base.copy_names``) and a trailing ``(n)`` or ``_n`` go; then the first five characters count whole and the rest
    without digits, ``_``, ``(`` and ``)``.
    """
    stem, suffix = paths.split_suffix(paths.folded(filename))
    while (shorter := _NUMBER.sub("", original_stem(stem))) and shorter != stem:
        stem = shorter
    rest = _PASSED_OVER.sub("", stem[_KEPT_WHOLE:])
    return stem[:_KEPT_WHOLE] + rest + _SAME_SUFFIX.get(suffix, suffix)


def similar_names(first: str, second: str) -> bool:
    """Whether two file names may be those of the same picture."""
    return similar_key(first) == similar_key(second)


def numbered(filename: str, number: int) -> str:
    """``photo.jpg`` with 2 to ``photo(2).jpg``; 0 leaves the name as it is."""
    return paths.numbered(filename, number, "({})") if number else filename
