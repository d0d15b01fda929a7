"""Capture date in a file's name: the forms that cameras, phones and messengers write.

A name is weak evidence, so only whole forms count: a day of the calendar, never a part of a longer number, of a UUID
or of another token.  What is not sure is no date.  Folder names have rules of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from image_sync.base import paths
from image_sync.pictures.metadata.dates import Moment, Precision, believable, is_day, microseconds
from image_sync.pictures.metadata.month_words import MONTH_WORDS

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{16,}(?![0-9A-Za-z])", re.IGNORECASE)
_DATE = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<year>[0-9]{4})(?P<mark>[-_. :]?)(?P<month>[0-9]{2})(?P=mark)(?P<day>[0-9]{2})"
    r"|(?<![0-9][-_.])(?P<year1>[0-9]{4})(?P<mark1>[-_.])(?P<month1>[0-9]{1,2})(?P=mark1)(?P<day1>[0-9]{1,2})(?![0-9])"
    r"|(?P<day2>[0-9]{1,2})[-_ .](?P<month2>[A-Za-z]{3,9})[-_ .](?P<year2>[0-9]{4})(?![0-9])"
    r")"
)
_RUN_ON_TIME = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2,3})?(?![0-9])")
_COMPACT_TIME = re.compile(r"[-_ T]([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{3})?(?![0-9])")
_SPLIT_TIME = re.compile(
    r"(?:[-_ T]|\s[A-Za-z]{1,3}\s|,\s)(?P<hour>[0-9]{1,2})(?P<mark>[-.:_])(?P<minute>[0-9]{2})(?P=mark)"
    r"(?P<second>[0-9]{2})(?![0-9])(?:[-.](?P<part>[0-9]{3})(?![0-9]))?(?:\s?(?P<half>[AaPp])\.?[Mm])?"
)


def date_in_name(name: str) -> Moment | None:
    """The moment that the file name ``name`` states, on the camera's own clock; ``None`` when it states no day.

    Read are ``IMG_20190304_120102``, ``20190304_120102``, ``PXL_20190304_120102123``, ``IMG-20190304-WA0001``,
    ``Screenshot_2019-04-16-11-19-37``, ``signal-2020-10-26-163832``, ``…BURST20190216172030``, ``2019-03-04 12.01.02``,
    ``27-Sep-1961``.  The precision is that of a day unless a valid time follows.
    """
    text = _SUFFIX.sub("", name)
    text = _HEXADECIMAL.sub(_blank, UUID.sub(_blank, text))
    position = 0
    universal = text[:4].upper() == "PXL_"
    while match := _DATE.search(text, position):
        moment = _moment(text, match)
        if moment:
            return replace(moment, universal=universal and moment.precision is Precision.SECOND)
        position = match.start() + 1
    return _short_year(text)


_SHORT_YEAR = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][-_.])([0-9]{2})([-_.]?)([0-9]{2})\2([0-9]{2})[-_ T]"
    r"([0-9]{2})([-_.]?)([0-9]{2})\6([0-9]{2})(?![0-9])(?![-_.][0-9])"
)
_FIRST_SHORT_YEAR = 70
"""``70`` is 1970, ``69`` is 2069."""


def _short_year(text: str) -> Moment | None:
    """``190704_183045``, ``19-07-04 18.30.45``: a year of two digits counts only where a full moment stands."""
    match = _SHORT_YEAR.search(text)
    if not match:
        return None
    year = int(match[1]) + (1900 if int(match[1]) >= _FIRST_SHORT_YEAR else 2000)
    if not is_day(year, int(match[3]), int(match[4])) or not believable(year):
        return None
    return _at(datetime(year, int(match[3]), int(match[4])), match[5], match[7], match[8], "")


def month_number(word: str) -> int | None:
    """``Sep``, ``sept`` or ``September`` to 9, in any language of CLDR; ``None`` for any other word."""
    return _month_numbers().get(paths.folded(word))


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    return {word: number for number, words in enumerate(MONTH_WORDS, 1) for word in words.split()}


def glued_before(text: str, start: int) -> str:
    """The letters that stand directly before ``start``; ``?`` when they are no word of their own.

    ``IMG20190304`` has a word before it.  One letter alone makes a model number of what follows (``D2000``), and
    letters after a digit are a piece of a token.
    """
    first = start
    while first and text[first - 1].isascii() and text[first - 1].isalpha():
        first -= 1
    word = text[first:start]
    if word and (len(word) == 1 or (first and text[first - 1].isdigit())):
        return "?"
    return word


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _moment(text: str, match: re.Match[str]) -> Moment | None:
    day = _day(match)
    before = glued_before(text, match.start())
    if day is None or before == "?":
        return None
    compact = match["year"] is not None and not match["mark"]
    if compact and text[match.end() : match.end() + 1].isdigit():
        return _run_on(text, match.end(), day)
    if compact and not _ends_well(text, match.end(), before):
        return None
    if not compact and text[match.end() : match.end() + 1].isdigit():
        return None
    return _timed(text, match.end(), day) or Moment(day, precision=Precision.DAY)


def _day(match: re.Match[str]) -> datetime | None:
    for ending in ("", "1"):
        if match["year" + ending] is not None:
            year, month, day = (int(match[part + ending]) for part in ("year", "month", "day"))
            break
    else:
        year, month, day = int(match["year2"]), month_number(match["month2"]) or 0, int(match["day2"])
    return datetime(year, month, day) if is_day(year, month, day) and believable(year) else None


def _run_on(text: str, end: int, day: datetime) -> Moment | None:
    """Date and time in one run of 14 digits, of 16 or 17 with the part of a second."""
    time = _RUN_ON_TIME.match(text, end)
    if not time:
        return None
    return _at(day, time[1], time[2], time[3], time[4] or "")


def _ends_well(text: str, end: int, before: str) -> bool:
    """Whether the eight digits that end here are a number of their own and no piece of a token."""
    word = re.compile(r"[A-Za-z]*").match(text, end)
    letters = word[0] if word else ""
    if not letters or _COMPACT_TIME.match(text, end) or _SPLIT_TIME.match(text, end):
        return True
    follows = text[end + len(letters) : end + len(letters) + 1]
    return not before and len(letters) > 2 and not follows.isdigit() and not re.fullmatch("[A-Fa-f]+", letters)


def _timed(text: str, end: int, day: datetime) -> Moment | None:
    if time := _COMPACT_TIME.match(text, end):
        return _at(day, time[1], time[2], time[3], time[4] or "")
    if time := _SPLIT_TIME.match(text, end):
        hour = int(time["hour"])
        if time["half"]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if time["half"] in "Pp" else 0)
        return _at(day, str(hour), time["minute"], time["second"], time["part"] or "")
    return None


def _at(day: datetime, hour: str, minute: str, second: str, part: str) -> Moment | None:
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    return Moment(day.replace(hour=int(hour), minute=int(minute), second=int(second), microsecond=microseconds(part)))
