"""Numbers as the window says them: plurals that can be translated, scores, dimensions.

What every front says alike (sizes, rates, times) is ``base.words``; here is what only the window shows.
Pure functions without tkinter, so that every text of the window can be tested without a display.
"""

from __future__ import annotations

from image_sync.base import words
from image_sync.gui.widgets.i18n import _, ngettext

size = words.size
duration = words.duration
percent = words.percent
moment = words.moment


def count(number: int) -> str:
    """``12480`` as ``12,480``."""
    return f"{number:,}"


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


def rate(per_second: float) -> str:
    """``412/s``; an empty string when nothing moves."""
    return words.rate(per_second) if per_second > 0 else ""


def time_left(seconds: float | None) -> str:
    """``about 20 s left``; an empty string when nobody knows."""
    return words.left(seconds) if seconds is not None else ""


def score(share: float) -> str:
    """A similarity: ``97 %``; what is not quite the same never reads ``100 %``."""
    return words.percent(share)


def dimensions(width: int, height: int) -> str:
    """``4000 × 3000``; empty when nobody looked."""
    return f"{width} × {height}" if width else ""
