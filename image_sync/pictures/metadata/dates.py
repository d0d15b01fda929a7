"""Dates as pictures state them: parsing, plausibility and time zones.

Every reader of a date (EXIF, XMP, movies, names, folders) agrees here on what a believable date is and on how a zone
is applied, so that a date is judged once and the same way everywhere.  Nothing here reads a file.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST_YEAR = 1826
"""The year of the oldest photograph that is known to survive; nothing was captured before."""
MINUTES_A_DAY = 24 * 60
UNIX_EPOCH = datetime(1970, 1, 1)


class Precision(Enum):
    """The precision to which a moment is known."""

    DAY = "day"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as some clock showed it: ``when`` has no zone, ``offset`` is that clock's distance from UTC in minutes.

    ``offset`` is ``None`` where the source does not tell.  With ``Precision.DAY`` the time of ``when`` is midnight and
    means nothing.  ``universal`` says that ``when`` is UTC and no camera's clock: ``settled`` makes it local.
    """

    when: datetime
    offset: int | None = None
    precision: Precision = Precision.SECOND
    universal: bool = False


def latest_year() -> int:
    """The last believable year: the next one, as a clock in another zone may be ahead by a few hours."""
    return datetime.now().year + 1


def believable(year: int, latest: int | None = None) -> bool:
    """Whether a photograph may be of that ``year``; ``latest`` is the last that may (``latest_year()`` by default)."""
    return EARLIEST_YEAR <= year <= (latest_year() if latest is None else latest)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the three make a day of the calendar."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


_NEVER_SET = frozenset({(1904, 1, 1), (1969, 12, 31), (1970, 1, 1), (1979, 11, 30), (1979, 12, 31), (1980, 1, 1)})
"""Days on which clocks begin that count seconds (QuickTime, Unix, DOS, each with the day before for zones)."""
_FIRST_MINUTES = frozenset({(2000, 1, 1, 0, 0), (2001, 1, 1, 0, 0), (2002, 12, 8, 12, 0)})
"""Minutes at which the clocks of cameras begin when their battery was out."""


def never_set(when: datetime) -> bool:
    """Whether a clock that shows ``when`` was most likely never set."""
    day = (when.year, when.month, when.day)
    return day in _NEVER_SET or (*day, when.hour, when.minute) in _FIRST_MINUTES


_SPELLED = re.compile(
    r"[\s\0]*(?P<year>[0-9]{4})(?P<mark>[-:/.])(?P<month>[ 0-9][0-9])(?P=mark)(?P<day>[ 0-9][0-9])(?![0-9])"
    r"(?:[T ]\s*(?P<hour>[ 0-9]?[0-9]):(?P<minute>[ 0-9][0-9])(?::(?P<second>[ 0-9][0-9])(?:[.,](?P<part>[0-9]+))?)?"
    r"\s*(?P<zone>Z|[-+][0-9]{2}:?[0-9]{2})?)?",
    re.ASCII,
)


def spelled(text: str) -> Moment | None:
    """Read ``2011:01:13 14:33:39`` (EXIF) and ``2019-07-24T11:25:40.5+03:00`` (ISO 8601: XMP, QuickTime).

    A date that is blank, is not in the calendar or not believable is ``None``, and so is one without a day.  A time
    that is missing or impossible leaves a moment of ``Precision.DAY``.
    """
    match = _SPELLED.match(text[:64])
    if not match:
        return None
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    if not is_day(year, month, day) or not believable(year):
        return None
    if match["hour"] is None:
        return Moment(datetime(year, month, day), precision=Precision.DAY)
    clock = (int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return Moment(datetime(year, month, day), precision=Precision.DAY)
    when = datetime(year, month, day, *clock, microsecond=microseconds(match["part"] or ""))
    return Moment(when, offset_minutes(match["zone"] or ""), universal=match["zone"] == "Z")


def microseconds(digits: str) -> int:
    """The part of a second that ``digits`` after the point say; 0 for anything but digits (EXIF SubSecTime)."""
    digits = digits.strip(" \0")
    return int(digits[:6].ljust(6, "0")) if digits.isascii() and digits.isdigit() else 0


def offset_minutes(text: str) -> int | None:
    """``+03:00``, ``-0400`` or ``Z`` in minutes east of UTC; ``None`` for anything else."""
    text = text.strip(" \0")
    if text == "Z":
        return 0
    match = re.fullmatch(r"([-+])([0-9]{2}):?([0-9]{2})", text, re.ASCII)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes >= MINUTES_A_DAY or int(match[3]) > 59:
        return None
    return -minutes if match[1] == "-" else minutes


@lru_cache(maxsize=64)
def zone_named(name: str | None) -> tzinfo | None:
    """The zone called ``name`` (``Europe/Berlin``, ``UTC``, ``+02:00``); ``None`` stands for the system's own.

    Raises ``ValueError`` with words for a name that nobody knows.
    """
    if name is None:
        return None
    minutes = offset_minutes(name)
    if minutes is not None:
        return timezone(timedelta(minutes=minutes))
    try:
        return timezone.utc if name.upper() == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone called {name!r}; write it like Europe/Berlin or +02:00") from error


def localized(utc: datetime, zone: tzinfo | None, precision: Precision = Precision.SECOND) -> Moment:
    """The naive UTC moment ``utc`` on a clock in ``zone`` (the system's for ``None``), with that clock's offset."""
    try:
        local = utc.replace(tzinfo=timezone.utc).astimezone(zone)
    except (OverflowError, OSError, ValueError):
        return Moment(utc, 0, precision)
    distance = local.utcoffset() or timedelta()
    return Moment(local.replace(tzinfo=None), round(distance.total_seconds() / 60), precision)


def settled(moment: Moment, zone: tzinfo | None) -> Moment:
    """``moment`` on a local clock: unchanged, unless it is a universal one, which is shown in ``zone``."""
    return localized(moment.when, zone) if moment.universal else moment


def from_unix(seconds: float, zone: tzinfo | None) -> Moment | None:
    """Seconds since 1970 (UTC) on a clock in ``zone``; ``None`` when that is no believable date."""
    try:
        utc = UNIX_EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
    return localized(utc, zone) if believable(utc.year) else None


# --- dates that may lack a month or a day: folders ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """``2004``, ``2004-03`` or ``2004-03-05``."""
        texts = (f"{self.year:04}", f"{self.month or 0:02}", f"{self.day or 0:02}")
        return "-".join(texts[: self.parts])

    @property
    def parts(self) -> int:
        """The number of its parts: 1 for a year, 2 for a month, 3 for a day."""
        return 1 + (self.month is not None) + (self.month is not None and self.day is not None)

    def cut(self, parts: int) -> PartialDate:
        """This date, no more exact than ``parts``."""
        return PartialDate(self.year, self.month if parts > 1 else None, self.day if parts > 2 else None)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The day of a ``date`` or ``datetime``."""
        return cls(day.year, day.month, day.day)
