"""Formatting of numbers, sizes and times for a person, the same in every front.

Pure text: nothing here prints, draws, or touches a disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB")
_MINUTE = 60
_HOUR = 3600
DAY_S = 86400
BRIEF_S = 9.95
"""Seconds below which a span is told with a decimal."""
SECOND_NS = 1_000_000_000
"""Nanoseconds of a second."""


def count(number: int, one: str, many: str = "") -> str:
    """``1 file``, ``2 files``, ``12,480 files``; ``many`` where the plural isn't made by an ``s``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(amount: int) -> str:
    """Bytes in binary units: ``812 bytes``, ``3.4 KiB``, ``2.1 GiB``, ``312 MiB``."""
    value, unit = scaled(amount)
    if not unit:
        return count(amount, "byte")
    return f"{value:.{decimals(value)}f} {unit}"


def scaled(amount: int) -> tuple[float, str]:
    """Bytes in the binary unit that suits them; the unit of less than a kibibyte is empty."""
    if abs(amount) < 1024:
        return amount, ""
    value = float(amount)
    for unit in _UNITS:
        value /= 1024
        if abs(value) < 999.5 or unit == _UNITS[-1]:
            break
    return value, unit


def decimals(value: float) -> int:
    """Decimals of a value in a binary unit: one below a hundred."""
    return 0 if abs(value) >= 99.95 else 1


def duration(seconds: float) -> str:
    """A span of time in its two largest units: ``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 4 min``, ``1 d 3 h``."""
    if seconds < BRIEF_S:
        return f"{max(seconds, 0.0):.1f} s"
    return _in_units(span(round(seconds)))


def span(whole: int) -> tuple[tuple[int, str], ...]:
    """Whole seconds as numbers of their two largest units: ``s``, ``min``, ``h``, ``d``."""
    if whole < _MINUTE:
        return ((whole, "s"),)
    if whole < _HOUR:
        return (whole // _MINUTE, "min"), (whole % _MINUTE, "s")
    if whole < DAY_S:
        return (whole // _HOUR, "h"), (whole % _HOUR // _MINUTE, "min")
    return (whole // DAY_S, "d"), (whole % DAY_S // _HOUR, "h")


def left(seconds: float) -> str:
    """An estimate of what is left, no finer than it can be: ``about 20 s left``, ``about 3 min left``."""
    rounded = span_left(seconds)
    return f"about {_in_units(rounded)} left" if rounded else "nearly done"


def span_left(seconds: float) -> tuple[tuple[int, str], ...]:
    """Time left as numbers of units, rounded as an estimate is; empty where it is nearly nothing."""
    if seconds < 1:
        return ()
    if seconds < _MINUTE:
        rounded = round(seconds) if seconds < 10 else round(seconds / 5) * 5
        return ((rounded, "s"),) if rounded < _MINUTE else ((1, "min"),)
    if seconds < _HOUR - 30:
        return ((round(seconds / _MINUTE), "min"),)
    return span(round(seconds / _MINUTE) * _MINUTE)


def _in_units(spans: Iterable[tuple[int, str]]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in spans)


def rate(items_a_second: float) -> str:
    """``412/s``; below ten with one decimal, below one in a minute's worth: ``3.2/s``, ``6/min``."""
    number, digits, unit = paced(items_a_second)
    return f"{number:,.{digits}f}/{unit}"


def paced(items_a_second: float) -> tuple[float, int, str]:
    """A rate as a number, its decimals and its unit of time, ``s`` or ``min``."""
    if items_a_second >= 9.95:
        return items_a_second, 0, "s"
    if items_a_second >= 1:
        return items_a_second, 1, "s"
    return items_a_second * _MINUTE, 0, "min"


def percent(share: float) -> str:
    """A share (0-1) in whole per cent, rounded down: what is not quite the same never reads ``100 %``."""
    return f"{whole_percent(share)} %"


def whole_percent(share: float) -> int:
    """A share (0-1) in whole per cent, rounded down."""
    return int(share * 100 + 1e-6)


def moment(local: str) -> str:
    """An ISO time of the local zone as ``2025-11-20 08:30``; what is no time is given back as it came."""
    try:
        return datetime.fromisoformat(local).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return local


def listing(parts: list[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def few(names: list[str], most: int = 3) -> str:
    """``“a”, “b” and 4 more``: the first of some names, and how many more there are."""
    shown = [f"“{name}”" for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most:,} more")
    return listing(shown)


def sentences(texts: Iterable[str]) -> str:
    """``texts`` one after the other, each with the full stop that it lacks."""
    return " ".join(text if text.endswith((".", "?", "!", "…")) else f"{text}." for text in texts)
