"""Fields of the patterns for folders and names: which there are, what is wrong with a pattern, and what it makes.

The examples are for whoever is typing one.  Pure.
"""

from __future__ import annotations

from image_sync.jobs.photo_import.rules.patterns import DESCRIPTION, Pattern, parsed
from image_sync.jobs.photo_import.rules.reasons import Mistake

DATE = ("year", "month", "day")
FOLDER_FIELDS = (*DATE, DESCRIPTION, "camera")
ORIGINAL = "original"
NAME_FIELDS = ("date", "time", *DATE, "camera", ORIGINAL)

_CAMERA = "Canon EOS 70D"
_DAY = {"year": "2019", "month": "07", "day": "04"}


def folder_pattern(text: str) -> Pattern:
    """The pattern ``text`` for folders.  Raises ``ValueError`` with the reason in words."""
    pattern = parsed(text, FOLDER_FIELDS, levels=True)
    if "year" not in pattern.fields:
        raise ValueError(Mistake.NEEDS_YEAR(year="{year}"))
    if "day" in pattern.fields and "month" not in pattern.fields:
        raise ValueError(Mistake.NEEDS_MONTH(day="{day}", month="{month}"))
    return pattern


def name_pattern(text: str) -> Pattern:
    """The pattern ``text`` for names.  Raises ``ValueError`` with the reason in words."""
    pattern = parsed(text, NAME_FIELDS, levels=False)
    if not pattern.fields:
        raise ValueError(Mistake.NO_FIELD())
    return pattern


def folder_example(text: str) -> str:
    """``2019/07-04 Picnic`` for a pattern of folders, and what it makes of a picture without a description.

    Raises ``ValueError`` with the reason in words.
    """
    if not text:
        return ""
    pattern = folder_pattern(text)
    made = ("/".join(pattern.filled({**_DAY, DESCRIPTION: words, "camera": _CAMERA})) for words in ("Picnic", ""))
    return " \N{MIDDLE DOT} ".join(dict.fromkeys(made))


def name_example(text: str) -> str:
    """``2019-07-04_Canon EOS 70D_IMG_1234.JPG`` for a pattern of names.

    Raises ``ValueError`` with the reason in words.
    """
    if not text:
        return ""
    values = {**_DAY, "date": "2019-07-04", "time": "18-30-45", "camera": _CAMERA, ORIGINAL: "IMG_1234"}
    return "".join(name_pattern(text).filled(values)) + ".JPG"
