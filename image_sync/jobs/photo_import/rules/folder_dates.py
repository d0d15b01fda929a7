"""Dates in the path of a folder, in all the forms that people and programs write them.

``stated_dates`` finds every date of a path whose levels are parted by ``/``; which of them counts is told by
``folder_names``.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from image_sync.pictures.metadata.dates import PartialDate, believable, is_day
from image_sync.pictures.metadata.name_dates import glued_before, month_number

TRIMMED = " -_."
"""What is cut off both ends of a description."""
DAY = 3


@dataclass(frozen=True, slots=True)
class Stated:
    """A date and the span of the joined path that states it.

    ``left`` is what stays in the place of the span: the end of a range that begins with this date.  ``range`` tells
    that it begins one, so that it is not the day on which anything was taken.
    """

    start: int
    end: int
    date: PartialDate
    left: str = ""
    range: bool = False


_NOT_OF_A_WORD = r"(?!(?:st|nd|rd|th|s|er|x[0-9]+|p|i|k|m|mm|cm|km|px|mp|dpi)(?![A-Za-z]))"
"""Letters glued to a number that make something else of it than a date: ``1920x1080``, ``1990s``, ``12th``."""
_TIME = r"(?:[-_ T](?P<time>[0-2][0-9](?P<colon>[-.:]?)[0-5][0-9](?P=colon)[0-5][0-9])(?![0-9]))?"
_RUN_ON = r"(?:[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?"
_WORD = r"(?P<word>[^\s0-9_.,;:()\[\]{}/\\'’\"!?&+~–—年月日-]{3,})"
_OF = r"(?:(?:de|do|di|del|of|da) |d['’])?"
_END_OF_YEAR = r"(?![0-9])(?![-_.][0-9]{1,2}(?![0-9]))"

_DAY_MONTH_WORD = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|\.|º)?[-_ .]*" + _OF + _WORD + r"\.?[-_ .,]*" + _OF + r"(?P<year>[0-9]{4})"
    r"(?![0-9])"
)
_MONTH_WORD_DAY = re.compile(
    _WORD + r"\.?[-_ ]*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:[-–](?P<last>[0-9]{1,2}))?(?:,[ ]*|[ _-]+)"
    r"(?P<year>[0-9]{4})(?![0-9])"
)
_MONTH_WORD_YEAR = re.compile(_WORD + r"\.?[-_ ,./]*" + _OF + r"(?P<year>[0-9]{4})" + _END_OF_YEAR)
_YEAR_MONTH_WORD = re.compile(
    r"(?P<year>[0-9]{4})(?P<mark>[-_ ./]+)" + _WORD + r"(?:[-_ .]+(?P<day>[0-9]{1,2})(?![0-9])" + _NOT_OF_A_WORD + ")?"
)
_EIGHT_DIGITS = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})" + _RUN_ON + "(?![0-9])" + _NOT_OF_A_WORD + _TIME
)
_YEAR_MONTH_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?P<first>[-_ ./])(?P<month>[0-9]{1,2})(?P<second>[-_ ./])(?P<day>[0-9]{1,2})(?![0-9])"
    + _NOT_OF_A_WORD
    + _TIME
)
_DAY_MONTH_YEAR = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<mark>[-_ ./])[ ]?(?P<month>[0-9]{1,2})(?P=mark)[ ]?(?P<year>[0-9]{4})(?![0-9])"
    + _NOT_OF_A_WORD
)
_EAST_ASIAN = re.compile(
    r"(?P<year>[0-9]{4}) ?[年년](?: ?(?P<month>[0-9]{1,2}) ?[月월](?: ?(?P<day>[0-9]{1,2}) ?[日일号號])?)?"
)
_YEAR_MONTH = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-_ ./])(?P<month>[0-9]{1,2})(?![0-9])" + _NOT_OF_A_WORD)
_YEAR = re.compile(r"(?P<year>[0-9]{4})(?![0-9])" + _NOT_OF_A_WORD)
_LONE_CAPITAL = re.compile(r"[A-Z](?![A-Za-z])")
"""Makes a model number of what it is glued to: ``EOS 2000D``."""
_TO = r"\s*(?P<to>[-–—~〜]|(?<=\s)(?:to|bis|till|until|au|al|a|à|tot|do|po)(?=\s))\s*"
_SHORT_RANGE = re.compile(r"(?P<day>[0-9]{1,2})\.?(?:\s?(?P<month>[0-9]{1,2})\.)?" + _TO + "(?=[0-9])")
_TO_ANOTHER = re.compile(_TO)
_LAST_DAY = re.compile(r"(?P<to>[-–])(?P<day>[0-9]{1,2})(?![0-9.:hx-])" + _NOT_OF_A_WORD)
_TO_LAST_DAY = re.compile(_TO + r"(?P<day>[0-9]{1,2})(?=\Z|/)")
_TOKEN = re.compile(r"[0-9]+|" + _WORD)
_NOT_BEHIND_A_YEAR = frozenset({"march", "may", "mars", "mar", "mai", "august", "marz"})
"""Months that are words or names as well: ``2019 March for Science``."""


def stated_dates(text: str, latest: int | None) -> Iterator[Stated]:
    """All dates of the path ``text``, from left to right; ``latest`` is the last year that is believed."""
    position = 0
    while token := _TOKEN.search(text, position):
        stated = _at_token(text, token, latest)
        position = max(stated.end, token.start() + 1) if stated else token.end()
        if stated:
            yield stated


def _at_token(text: str, token: re.Match[str], latest: int | None) -> Stated | None:
    if token["word"] is not None:
        return _in_words(text, token.start(), latest)
    if glued_before(text, token.start()) == "?":
        return None
    start = _short_range(text, token.start(), latest)
    return start or _with_range(text, _date_at(text, token.start(), latest), latest)


def _date_at(text: str, start: int, latest: int | None) -> Stated | None:
    """The most exact date that begins with the number at ``start``."""
    for read in _READERS:
        stated = read(text, start)
        if stated and believable(stated.date.year, latest):
            return stated
    return None


# --- forms ------------------------------------------------------------------------------------------------------------


def _in_words(text: str, start: int, latest: int | None) -> Stated | None:
    """``July 4, 2019``, ``July 4-10, 2019`` or ``July 2019``."""
    for pattern in (_MONTH_WORD_DAY, _MONTH_WORD_YEAR):
        match = pattern.match(text, start)
        month = month_number(match["word"]) if match else None
        if match is None or month is None or not believable(int(match["year"]), latest):
            continue
        if pattern is _MONTH_WORD_YEAR:
            return Stated(start, match.end(), PartialDate(int(match["year"]), month))
        stated = _day_of(match, month)
        last = int(match["last"] or 0)
        if stated and last and is_day(stated.date.year, month, last):
            return _ranging(stated, "-", replace(stated.date, day=last))
        return _with_range(text, stated, latest) if stated and not last else None
    return None


def _day_month_word(text: str, start: int) -> Stated | None:
    match = _DAY_MONTH_WORD.match(text, start)
    return _day_of(match, month_number(match["word"])) if match else None


def _eight_digits(text: str, start: int) -> Stated | None:
    match = _EIGHT_DIGITS.match(text, start)
    return _day_of(match, int(match["month"])) if match else None


def _year_month_day(text: str, start: int) -> Stated | None:
    match = _YEAR_MONTH_DAY.match(text, start)
    if not match:
        return None
    single = len(match["month"]) == 1 or len(match["day"]) == 1
    if single and match["first"] != match["second"]:
        return None  # "2004/1.5 km" is no day; a single digit needs a form that is of one piece
    return _day_of(match, int(match["month"]))


def _day_month_year(text: str, start: int) -> Stated | None:
    """``24.12.2003``; with other marks only when it can't be read in two ways (``12/24/2003``)."""
    match = _DAY_MONTH_YEAR.match(text, start)
    if not match:
        return None
    day, month = int(match["day"]), int(match["month"])
    if match["mark"] != ".":
        if day != month and max(day, month) <= 12:
            return None
        day, month = (month, day) if month > 12 else (day, month)
    year = int(match["year"])
    return Stated(start, match.end(), PartialDate(year, month, day)) if is_day(year, month, day) else None


def _east_asian(text: str, start: int) -> Stated | None:
    match = _EAST_ASIAN.match(text, start)
    if not match:
        return None
    year, month, day = int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    if not is_day(year, month or 1, day or 1):
        return None
    return Stated(start, match.end(), PartialDate(year, month or None, day or None))


def _day_of(match: re.Match[str], month: int | None) -> Stated | None:
    year, day = int(match["year"]), int(match["day"])
    if month is None or not is_day(year, month, day):
        return None
    return Stated(match.start(), match.end(), PartialDate(year, month, day))


def _year_month_word(text: str, start: int) -> Stated | None:
    """``2019-Jul-04``, ``2019 Juli``; over levels only a month that is a level of its own."""
    match = _YEAR_MONTH_WORD.match(text, start)
    month = month_number(match["word"]) if match else None
    if match is None or month is None:
        return None
    year, day, end = int(match["year"]), int(match["day"] or 0), match.end("word")
    if day and "/" not in match["mark"] and is_day(year, month, day):
        return Stated(start, match.end(), PartialDate(year, month, day))
    follows = text[end : end + 1]
    if "/" in match["mark"] and follows not in ("", "/"):
        return None
    if follows == " " and match["word"].casefold() in _NOT_BEHIND_A_YEAR:
        return None
    return Stated(start, end, PartialDate(year, month))


def _year_month(text: str, start: int) -> Stated | None:
    match = _YEAR_MONTH.match(text, start)
    if not match or not 1 <= int(match["month"]) <= 12:
        return None
    follows = text[match.end() : match.end() + 1]
    two_digits = len(match["month"]) == 2
    whole = not follows or follows == "/"
    if match["mark"] == "/" and not (whole or (two_digits and follows in TRIMMED + ",")):
        return None  # the library's own form is "2004/03 foobar": "2004/3 kids" and "2004/03rd" are descriptions
    if match["mark"] == " " and not two_digits:
        return None
    if not two_digits and follows.isalpha():
        return None
    return Stated(start, match.end(), PartialDate(int(match["year"]), int(match["month"])))


def _year_alone(text: str, start: int) -> Stated | None:
    match = _YEAR.match(text, start)
    if not match or _LONE_CAPITAL.match(text, match.end()):
        return None
    return Stated(start, match.end(), PartialDate(int(match["year"])))


_READERS = (
    _day_month_word,
    _day_month_year,
    _eight_digits,
    _year_month_day,
    _east_asian,
    _year_month_word,
    _year_month,
    _year_alone,
)
"""From the most exact form to the least."""


_BETWEEN_PARTS = re.compile(r"[-_ .,/年月]+|(?<=^[0-9]{4})(?=[0-9])|(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")
_ROUNDS = 4


def defused(text: str, latest: int | None) -> str:
    """``text`` in which no date is more than a year: ``Sep2019-07-04`` to ``Sep+2019+07+04``."""
    for _ in range(_ROUNDS):
        exact = [stated for stated in stated_dates(text, latest) if stated.date.parts > 1]
        if not exact:
            break
        pieces, position = [], 0
        for stated in exact:
            pieces += [text[position : stated.start], _BETWEEN_PARTS.sub("+", text[stated.start : stated.end])]
            position = stated.end
        text = "".join([*pieces, text[position:]])
    return text


# --- ranges -----------------------------------------------------------------------------------------------------------


def _short_range(text: str, start: int, latest: int | None) -> Stated | None:
    """``4.-10. Juli 2019`` and ``28.06. - 04.07.2019``: a day whose month and year stand behind its range."""
    match = _SHORT_RANGE.match(text, start)
    last = _date_at(text, match.end(), latest) if match else None
    if (
        match is None
        or last is None
        or last.date.parts < DAY
        or text[match.end() : match.end() + 4] == str(last.date)[:4]
    ):
        return None
    year, month = last.date.year, int(match["month"] or last.date.month or 0)
    if not is_day(year, month, int(match["day"])):
        return None
    first = PartialDate(year, month, int(match["day"]))
    if str(first) >= str(last.date):
        return None
    return _ranging(Stated(start, last.end, first), match["to"], last.date)


def _with_range(text: str, stated: Stated | None, latest: int | None) -> Stated | None:
    """The date with the end of the range that it begins, if it does."""
    if stated is None or stated.date.parts < DAY:
        return stated
    another = _TO_ANOTHER.match(text, stated.end)
    following = (
        _date_at(text, another.end(), latest) if another and "/" not in text[stated.end : another.end()] else None
    )
    if another and following and following.date.parts == DAY and following.date != stated.date:
        return replace(stated, end=another.end(), left=another["to"], range=True)
    match = _LAST_DAY.match(text, stated.end) or _TO_LAST_DAY.match(text, stated.end)
    day = int(match["day"]) if match else 0
    date = stated.date
    if match is None or day <= (date.day or 0) or not is_day(date.year, date.month or 0, day):
        return stated
    return _ranging(replace(stated, end=match.end()), match["to"], replace(date, day=day))


def _ranging(stated: Stated, mark: str, last: PartialDate) -> Stated:
    return replace(stated, left=f"{mark} {last}", range=True)
