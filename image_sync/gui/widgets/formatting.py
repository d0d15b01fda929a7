"""Numbers, sizes, times and dates as the window says them, in the language that it speaks.

How far a number is rounded is ``base.words``, the same for every front; signs, units and the order of a date are those
of the language.  Pure functions without tkinter, so that every text of the window can be tested without a display.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from image_sync.base import words
from image_sync.gui.widgets.i18n import _, language, ngettext


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of a language: between thousands, before decimals, of per cent, and the order of a date."""

    thousands: str = ","
    decimal: str = "."
    percent: str = "{number} %"
    day: str = "%Y-%m-%d"


SIGNS = {
    "de": Signs(".", ",", "{number} %", "%d.%m.%Y"),
    "ja": Signs(",", ".", "{number}%", "%Y/%m/%d"),
}
"""Signs of every language that has others than English (CLDR, by which a test holds them); a day is ISO 8601 there."""
_TIME, _EXACT = "%H:%M", "%H:%M:%S"


def signs() -> Signs:
    """The signs of the language that the window speaks."""
    return SIGNS.get(language(), Signs())


def number(value: float, digits: int = 0) -> str:
    """``12480`` as ``12,480``, ``3.14`` with one decimal as ``3.1``."""
    known = signs()
    whole, _point, rest = f"{value:,.{digits}f}".partition(".")
    whole = whole.replace(",", known.thousands)
    return f"{whole}{known.decimal}{rest}" if rest else whole


def count(amount: int) -> str:
    """``12480`` as ``12,480``."""
    return number(amount)


def size(amount: int) -> str:
    """Bytes in binary units: ``812 bytes``, ``3.4 KiB``, ``2.1 GiB``, ``312 MiB``."""
    value, unit = words.scaled(amount)
    if not unit:
        return ngettext("{count} byte", "{count} bytes", amount).format(count=count(amount))
    return f"{number(value, words.decimals(value))} {unit}"


def duration(seconds: float) -> str:
    """A span of time in its two largest units: ``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 4 min``, ``1 d 3 h``."""
    if seconds < words.BRIEF_S:
        return _("{number} s").format(number=number(max(seconds, 0.0), 1))
    return _spans(words.span(round(seconds)))


def time_left(seconds: float | None) -> str:
    """``about 20 s left``; an empty string when nobody knows."""
    if seconds is None:
        return ""
    spans = words.span_left(seconds)
    return _("about {time} left").format(time=_spans(spans)) if spans else _("nearly done")


def _spans(spans: tuple[tuple[int, str], ...]) -> str:
    units = {"s": _("{number} s"), "min": _("{number} min"), "h": _("{number} h"), "d": _("{number} d")}
    return " ".join(units[unit].format(number=count(amount)) for amount, unit in spans)


def rate(per_second: float) -> str:
    """``412/s``; an empty string when nothing moves."""
    if per_second <= 0:
        return ""
    amount, digits, unit = words.paced(per_second)
    return (_("{number}/s") if unit == "s" else _("{number}/min")).format(number=number(amount, digits))


def percent(share: float) -> str:
    """A share (0-1) in whole per cent, rounded down: what is not quite the same never reads ``100 %``."""
    return per_cent(words.whole_percent(share))


def per_cent(amount: float, digits: int = 0) -> str:
    """``62`` as ``62 %``."""
    return signs().percent.format(number=number(amount, digits))


def day(when: date) -> str:
    """A day: ``2025-11-20``."""
    # Years before 1000 are not padded by every C library.
    return when.strftime(signs().day.replace("%Y", f"{when.year:04}"))


def moment(local: str) -> str:
    """An ISO time of the local zone as ``2025-11-20 08:30``; what is no time is given back as it came."""
    try:
        return clock(datetime.fromisoformat(local))
    except ValueError:
        return local


def clock(when: datetime, *, exact: bool = False) -> str:
    """A day and a time: ``2025-11-20 08:30``, with seconds where it is ``exact``."""
    return f"{day(when)} {when.strftime(_EXACT if exact else _TIME)}"


def and_(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{many} and {last}").format(many=_(", ").join(parts[:-1]), last=parts[-1])


def files(number: int) -> str:
    """``1 file``, ``413 files``."""
    return ngettext("{count} file", "{count} files", number).format(count=count(number))


def pictures(number: int) -> str:
    """``1 picture``, ``12,480 pictures``."""
    return ngettext("{count} picture", "{count} pictures", number).format(count=count(number))


def groups(number: int) -> str:
    """``1 group``, ``318 groups``."""
    return ngettext("{count} group", "{count} groups", number).format(count=count(number))


def problems(number: int) -> str:
    """``no problems``, ``1 problem``, ``2 problems``."""
    if number == 0:
        return _("no problems")
    return ngettext("{count} problem", "{count} problems", number).format(count=count(number))


def score(share: float) -> str:
    """A similarity: ``97 %``; what is not quite the same never reads ``100 %``."""
    return percent(share)


def dimensions(width: int, height: int) -> str:
    """``4000 × 3000``; empty when nobody looked."""
    return f"{width} × {height}" if width else ""
