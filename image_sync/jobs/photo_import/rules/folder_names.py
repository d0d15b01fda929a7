"""What a folder's name says of the pictures in it: a date, a description, or both.

``read_folder`` takes the folder of a picture relative to the input (``2004/03-05 Picnic/Swimming``) apart.  It is pure:
it never looks at the disk and knows nothing of the pictures themselves.  The library's own forms are read back to what
they were made from, which is what makes a second import of a library change nothing (``target`` makes them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from image_sync.base import paths
from image_sync.jobs.photo_import.request import DEFAULT_IGNORED, DEFAULT_PREFIX
from image_sync.pictures.dates import PartialDate, believable, is_day
from image_sync.pictures.name_dates import UUID, glued_before, month_number

TRIMMED = " -_."
"""What is cut off both ends of a description."""


class SystemFolder(Enum):
    """The folders directly below the output that the program keeps for itself; their names begin with its prefix."""

    DUPLICATES = "Duplicates"
    MOVIES = "ImageMovies"
    MIGRATED = "Migrated"
    UNDATED = "NoDate"
    SMALL = "Small"


@dataclass(frozen=True, slots=True)
class FolderRules:
    """What the user may set of how folder names are read and made.

    ``prefix`` begins the names of the system folders.  ``ignored`` are folder names that describe nothing (case does
    not matter).  ``flat_dates`` makes ``2004/Picnic`` of what is ``2004/03-05 Picnic`` otherwise.  ``latest_year`` is
    the last year that a name may mean; ``None`` for the year after this one.
    """

    prefix: str = DEFAULT_PREFIX
    ignored: tuple[str, ...] = DEFAULT_IGNORED
    flat_dates: bool = False
    latest_year: int | None = None

    def system_name(self, folder: SystemFolder) -> str:
        """What ``folder`` is called."""
        return f"{self.prefix}_{folder.value}"

    def system_folder(self, name: str) -> SystemFolder | None:
        """Which system folder is called ``name``; ``None`` for an ordinary one.  Case does not matter."""
        return _system_names(self.prefix).get(paths.folded(name))

    def describes_nothing(self, name: str) -> bool:
        """Whether the user told that ``name`` is no description."""
        return paths.folded(name) in _folded_words(self.ignored)


@lru_cache(maxsize=64)
def _system_names(prefix: str) -> dict[str, SystemFolder]:
    return {paths.folded(f"{prefix}_{folder.value}"): folder for folder in SystemFolder}


@lru_cache(maxsize=64)
def _folded_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(paths.folded, words))


@dataclass(frozen=True, slots=True)
class FolderName:
    """What was read: the date (``None`` when there is none) and the levels of description, outermost first.

    ``undated`` says that the folder lies in the library's folder for pictures without a date.
    """

    date: PartialDate | None = None
    levels: tuple[str, ...] = ()
    undated: bool = False


def read_folder(relative: str, rules: FolderRules | None = None) -> FolderName:
    """Take the folder ``relative`` apart; an empty string is the input folder itself.

    The date is the last one that the path states; all of them are left out of the description.
    """
    return _read(relative, rules or FolderRules())


@lru_cache(maxsize=1 << 16)
def _read(relative: str, rules: FolderRules) -> FolderName:
    names = paths.components(relative)
    silent = [_is_silent(name, before, rules) for before, name in zip(("", *names), names, strict=False)]
    readable = ["" if skip else name for name, skip in zip(names, silent, strict=True)]
    found = tuple(_dates("/".join(map(_searchable, readable)), rules.latest_year))
    levels = _levels(readable, found, rules)
    undated = any(rules.system_folder(name) is SystemFolder.UNDATED for name in names)
    return FolderName(found[-1].date if found else None, levels, undated)


# --- dates ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stated:
    """A date and the span of the joined path that states it."""

    start: int
    end: int
    date: PartialDate


_NOT_OF_A_WORD = r"(?!(?:st|nd|rd|th|s|er|x[0-9]+|p|i|k|m|mm|cm|km|px|mp|dpi)(?![A-Za-z]))"
"""Letters glued to a number that make something else of it than a date: ``1920x1080``, ``1990s``, ``12th``."""
_TIME = r"(?:[-_ T](?P<time>[0-2][0-9](?P<colon>[-.:]?)[0-5][0-9](?P=colon)[0-5][0-9])(?![0-9]))?"
_DAY_MONTH_WORD = re.compile(r"(?P<day>[0-9]{1,2})[-_ .](?P<word>[A-Za-z]{3,9})[-_ .](?P<year>[0-9]{4})(?![0-9])")
_EIGHT_DIGITS = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])" + _NOT_OF_A_WORD + _TIME)
_YEAR_MONTH_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?P<first>[-_ ./])(?P<month>[0-9]{1,2})(?P<second>[-_ ./])(?P<day>[0-9]{1,2})(?![0-9])"
    + _NOT_OF_A_WORD
    + _TIME
)
_YEAR_MONTH = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-_ ./])(?P<month>[0-9]{1,2})(?![0-9])" + _NOT_OF_A_WORD)
_YEAR = re.compile(r"(?P<year>[0-9]{4})(?![0-9])" + _NOT_OF_A_WORD)
_LONE_CAPITAL = re.compile(r"[A-Z](?![A-Za-z])")
"""Makes a model number of what it is glued to: ``EOS 2000D``."""
_DAY_AND_MONTH_BEFORE = re.compile(r"(?<![0-9A-Za-z])[0-9]{1,2}([-_.])[0-9]{1,2}\1\Z")
_DIGITS = re.compile(r"[0-9]+")


def _dates(text: str, latest: int | None) -> Iterator[_Stated]:
    """All dates of the path ``text``, whose levels are parted by ``/``, from left to right."""
    position = 0
    while run := _DIGITS.search(text, position):
        stated = _date_at(text, run.start(), latest) if glued_before(text, run.start()) != "?" else None
        position = stated.end if stated else run.end()
        if stated:
            yield stated


def _date_at(text: str, start: int, latest: int | None) -> _Stated | None:
    """The most exact date that begins at ``start``."""
    for read in (_day_month_word, _eight_digits, _year_month_day, _year_month, _year_alone):
        stated = read(text, start)
        if stated and believable(stated.date.year, latest):
            return stated
    return None


def _day_month_word(text: str, start: int) -> _Stated | None:
    match = _DAY_MONTH_WORD.match(text, start)
    return _day_of(match, month_number(match["word"])) if match else None


def _eight_digits(text: str, start: int) -> _Stated | None:
    match = _EIGHT_DIGITS.match(text, start)
    return _day_of(match, int(match["month"])) if match else None


def _year_month_day(text: str, start: int) -> _Stated | None:
    match = _YEAR_MONTH_DAY.match(text, start)
    if not match:
        return None
    single = len(match["month"]) == 1 or len(match["day"]) == 1
    if single and match["first"] != match["second"]:
        return None  # "2004/1.5 km" is no day; a single digit needs a form that is of one piece
    return _day_of(match, int(match["month"]))


def _day_of(match: re.Match[str], month: int | None) -> _Stated | None:
    year, day = int(match["year"]), int(match["day"])
    if month is None or not is_day(year, month, day):
        return None
    return _Stated(match.start(), match.end(), PartialDate(year, month, day))


def _year_month(text: str, start: int) -> _Stated | None:
    match = _YEAR_MONTH.match(text, start)
    if not match or not 1 <= int(match["month"]) <= 12:
        return None
    follows = text[match.end() : match.end() + 1]
    two_digits = len(match["month"]) == 2
    whole = not follows or follows == "/"
    if match["mark"] == "/" and not (whole or (two_digits and follows in TRIMMED)):
        return None  # the library's own form is "2004/03 foobar": "2004/3 kids" and "2004/03rd" are descriptions
    if match["mark"] == " " and not two_digits:
        return None
    if not two_digits and follows.isalpha():
        return None
    return _Stated(start, match.end(), PartialDate(int(match["year"]), int(match["month"])))


def _year_alone(text: str, start: int) -> _Stated | None:
    match = _YEAR.match(text, start)
    if not match or _LONE_CAPITAL.match(text, match.end()):
        return None
    before = _DAY_AND_MONTH_BEFORE.search(text, 0, start)
    # In "05-03-2004" nobody knows which is the month: only the year counts, and the rest must not come out as
    # "05-03" in front of a description, where it would be read as the fifth month.
    return _Stated(before.start() if before else start, match.end(), PartialDate(int(match["year"])))


# --- descriptions ---------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[0-9A-Za-z_+=-]{22}")
"""A UUID in base 64, as some import programs name folders; a description of that length has a space, or bad luck."""
_DATED_TOKEN = re.compile(
    r"[0-9]{4}(?:[-_][0-9]{1,2}){0,2}[-_]|[0-9]{8}[-_]|.*[-_][0-9]{4}(?:[-_][0-9]{1,2}){0,2}$|.*[-_][0-9]{8}$"
)
_CAMERA = re.compile(r"[1-9][0-9]{2}[0-9A-Z_]{5}")
"""The folders of the Design rule for Camera File system: 100-999 and five characters (``100CANON``, ``103_FUJI``)."""
_LOWER_CAMERA = re.compile(
    r"[1-9][0-9]{2}(?:canon|nikon|ncd[0-9]{2}|olymp|_fuji|_pana|msdcf|casio|pentx|sssss|ssccs|apple|andro|media|gopro|kc[0-9]{3})"
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}")


def _is_silent(name: str, before: str, rules: FolderRules) -> bool:
    """Whether the whole component says nothing, not even a date."""
    if rules.system_folder(name) or rules.describes_nothing(name):
        return True
    if _TOKEN.fullmatch(name) and not _DATED_TOKEN.match(name):
        return True
    return _is_camera_folder(name, before)


def _is_camera_folder(name: str, before: str) -> bool:
    if name.casefold() == "dcim" or (before.casefold() == "dcim" and name.casefold() == "camera"):
        return True
    if name.isdigit() or (_YEAR.match(name) and believable(int(name[:4]))):
        return False  # "20040305" and "2004TRIP" have the shape of a camera's folder, but say a date
    return bool(_CAMERA.fullmatch(name) or _LOWER_CAMERA.fullmatch(name))


def _searchable(name: str) -> str:
    """``name`` with what may hold no date blanked out, position by position."""
    return UUID.sub(lambda match: "?" * len(match[0]), name)


def _levels(names: Iterable[str], found: Iterable[_Stated], rules: FolderRules) -> tuple[str, ...]:
    levels: dict[str, str] = {}
    start = 0
    spans = [(stated.start, stated.end) for stated in found]
    for name in names:
        level = _described(name, [(first - start, last - start) for first, last in spans])
        if level and not _is_empty(level, rules):
            levels.setdefault(paths.folded(level), level)
        start += len(name) + 1
    return tuple(levels.values())


def _described(name: str, spans: Iterable[tuple[int, int]]) -> str:
    """``name`` without what lies in ``spans``, which may reach over its ends; the pieces joined by a space."""
    pieces, position, cut = [], 0, False
    for first, last in spans:
        if last > 0 and first < len(name):
            pieces.append(name[position : max(first, 0)])
            position, cut = min(last, len(name)), True
    pieces.append(name[position:])
    if not cut:
        return name.strip(TRIMMED)
    rest = " ".join(filter(None, (piece.strip(TRIMMED + ",;") for piece in pieces)))
    return _EMPTY_BRACKETS.sub("", rest).strip(TRIMMED)


def _is_empty(level: str, rules: FolderRules) -> bool:
    """Whether what is left of a component describes nothing."""
    if level.isascii() and level.isdigit():
        return True
    if _TOKEN.fullmatch(level) or _is_camera_folder(level, ""):
        return True
    return rules.describes_nothing(level) or rules.system_folder(level) is not None
