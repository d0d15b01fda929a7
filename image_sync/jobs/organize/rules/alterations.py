"""Altered copy of two of one size, as far as their measurements tell: toned, or perhaps blurred.

Pure: what needs the pictures themselves is named here and looked at elsewhere (``pictures.alteration``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from image_sync.base.extras import Tones
from image_sync.base.model import FileKind, Match, Picture, Sameness

TONED = "toned"
_CONTRAST, _COLOUR, _LIGHT = math.log(1.035), math.log(1.10), 3.0
"""By how much contrast and saturation (as logarithms) and the mean grey differ when one of two copies was toned.
Saving again at quality 60 changes them by 1 %, 4 % and half a level at most."""
_COLOURLESS = 0.3
"""Share of the other's saturation below which a copy has lost its colours."""
_SAME_SIZE, _SAME_SHARPNESS = 0.02, 0.02
_LEAST_SATURATION = 2.0
_CRISPER, _SAVED_AGAIN, _AS_MANY = 1.3, 0.08, 2
"""By how much a sharpened copy is crisper, by how much sharpness differs between savings of one picture, and how many
copies must be as sharp as the softer one."""


class Tone(NamedTuple):
    """Tone of a picture: mean grey (0-255), contrast (deviation of the small grey), saturation in levels."""

    light: float
    contrast: float
    saturation: float

    def is_that_of(self, other: Tone) -> bool:
        """Whether neither of two was toned from the other."""
        return (
            abs(self.light - other.light) < _LIGHT
            and abs(_log_ratio(self.contrast, other.contrast, 1.0)) < _CONTRAST
            and abs(_log_ratio(self.saturation, other.saturation, _LEAST_SATURATION)) < _COLOUR
        )


def comparable(pictures: Sequence[Picture], matches: Iterable[Match]) -> Mapping[int, set[int]]:
    """For each picture those that it may be an altered copy of, or that may be one of it: single still pictures that
    lie on one another, of one size, and both decoded from what was saved."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for match in matches:
        one, other = pictures[match.first], pictures[match.second]
        if match.sameness is Sameness.SIMILAR and not match.turn and _alike(one, other):
            found[match.first].add(match.second)
            found[match.second].add(match.first)
    return found


def _alike(one: Picture, other: Picture) -> bool:
    first, second = one.fingerprint, other.fingerprint
    return (
        (first.width, first.height) == (second.width, second.height)
        and first.frames == second.frames == 1
        and first.extras.tones == second.extras.tones is not Tones.TWO
        and FileKind.RAW not in (one.record.kind, other.record.kind)
        and not one.damage
        and not other.damage
    )


def toned(one: Tone, other: Tone, support: tuple[int, int]) -> int:
    """Toned one of two copies: 1 for the first, -1 for the second, 0 when neither was.

    ``support`` are what speaks for each: camera data, and copies that are toned like it.  Where that is equal, the one
    without colours, else the brighter, that of more contrast or of stronger colours was made from the other: that is
    what people do to a photo.
    """
    if one.is_that_of(other):
        return 0
    if support[0] != support[1]:
        return 1 if support[0] < support[1] else -1
    colour = _log_ratio(one.saturation, other.saturation, _LEAST_SATURATION)
    if abs(colour) > -math.log(_COLOURLESS):
        return -_sign(colour)
    contrast = _log_ratio(one.contrast, other.contrast, 1.0)
    if abs(one.light - other.light) >= _LIGHT:
        return _sign(one.light - other.light)
    return _sign(contrast if abs(contrast) >= _CONTRAST else colour)


def sharpened_alone(
    first: float, second: float, copies_of_first: Sequence[float], copies_of_second: Sequence[float]
) -> int | None:
    """The place of the crisper of two pictures that stands alone among their copies, by the sharpness of all; ``None``
    where none does.

    An original is saved again and converted, and its copies are as sharp as it; nobody does so with what a filter made.
    """
    place = 0 if first > second else 1
    crisp, soft = (first, second) if place == 0 else (second, first)
    like_crisp, like_soft = (copies_of_first, copies_of_second) if place == 0 else (copies_of_second, copies_of_first)
    if crisp < _CRISPER * soft or any(_as_sharp(one, crisp) for one in like_crisp):
        return None
    return place if sum(_as_sharp(one, soft) for one in like_soft) >= _AS_MANY else None


def _as_sharp(one: float, other: float) -> bool:
    return abs(one - other) <= _SAVED_AGAIN * max(one, other)


def _log_ratio(one: float, other: float, least: float) -> float:
    return math.log(max(one, least) / max(other, least))


def _sign(value: float) -> int:
    return 1 if value > 0 else -1


def saved_alike(one: Picture, other: Picture) -> bool:
    """Whether two JPEGs differ so little in quality, bytes and sharpness that neither was blurred or sharpened."""
    first, second = one.fingerprint, other.fingerprint
    return (
        first.jpeg_quality is not None
        and first.jpeg_quality == second.jpeg_quality
        and abs(one.record.size - other.record.size) <= _SAME_SIZE * max(one.record.size, other.record.size)
        and abs(first.sharpness - second.sharpness) <= _SAME_SHARPNESS * max(first.sharpness, second.sharpness)
    )
