"""Names of copies: what file managers, phones and people's languages make of a name when they copy a file.

One place says what a copy's name is; ranking, naming and the search by name ask here.  Pure: a name is taken apart,
nothing is looked up.  What stands beside it is told where it matters: ``IMG_1 2`` is a copy only beside ``IMG_1``.
"""

from __future__ import annotations

import re
from collections.abc import Container

from image_sync.base import paths

_WORD = (
    r"(?:(?:another |\d+(?:st|nd|rd|th) )?copy|kopie|copie|copia|cópia|kopia|kopi|kopio|kopya|másolat|копия|копія"
    r"|コピー|副本|拷贝|複製|복사본|사본)"
)
_OF = (
    r"(?:copy (?:\(\d{1,3}\) )?of|kopie (?:\(\d{1,3}\) )?(?:von|van)|copie (?:\(\d{1,3}\) )?de"
    r"|c[oó]pia (?:\(\d{1,3}\) )?d[ei]|kopia av|kopi a[vf]|копия|копія)"
)
_CAMERA = r"(?:img|dsc|dscn|dscf|pict|mvi|p)"
_AFTER = re.compile(
    r"(?i)(?:"
    r"[ _-]*\(\d{1,3}\)"  # IMG_1 (2), IMG_1(1)
    r"|~\d{1,3}"
    rf"|[ _–—-]+{_WORD}(?:[ _-]*\d{{1,3}})?"  # IMG_1 copy, IMG_1 - Copy 3
    rf"|[ _-]*\({_WORD}(?: \d{{1,3}})?\)"  # IMG_1 (copy)
    r"|(?:の|的)(?:コピー|副本|拷贝)(?: ?\d{1,3})?"
    r")$"
)
_BEFORE = re.compile(rf"(?i)^{_OF}[ _-]+")
_COUNTED = re.compile(rf"(?i)^(?:{_CAMERA}_?\d+_|{_CAMERA}_?\d{{4,}}-)(?<=[_-])(?P<number>[1-9]\d?)$")
"""Behind a camera's own number a second one is a copy's: ``IMG_1_1``, ``IMG_1234-2``."""
_BESIDE = re.compile(r"(?: | - |[_-])[1-9]\d{0,2}$")
"""The mark of a copy only where what is named without it stands beside."""


def original_stem(stem: str, beside: Container[str] = ()) -> str:
    """The name (without suffix) that ``stem`` was copied from; ``stem`` itself where it is no copy's name.

    ``beside`` are the folded stems (``paths.folded``) of what stands in the same folder.
    """
    while (shorter := _without_a_mark(stem, beside)) != stem:
        stem = shorter
    return stem


def is_copy_name(stem: str, beside: Container[str] = ()) -> bool:
    """Whether a name (without suffix) is one that is given to a copy: ``a (1)``, ``a - Copy``, ``Kopie von a``."""
    return original_stem(stem, beside) != stem


def _without_a_mark(stem: str, beside: Container[str]) -> str:
    """``stem`` without its outermost mark; never without all that it is."""
    for mark in (_AFTER, _BEFORE):
        shorter = mark.sub("", stem).strip(" ")
        if shorter and shorter != stem.strip(" "):
            return shorter
    if counted := _COUNTED.match(stem):
        return stem[: counted.start("number") - 1]
    shorter = _BESIDE.sub("", stem)
    return shorter if shorter and paths.folded(shorter) in beside else stem
