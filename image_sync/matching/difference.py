"""Closer look at two pictures that pass for the same: is there one place in which they differ?

The hashes and the small pictures see a scene; they don't see a switch, a digit, a line of text, a colour, or who walks
through.  So two pictures are laid over one another at up to 640 pixels, tone and sharpness made alike, and what still
differs is gathered into regions.  An edit of the whole picture (compression, tone, a filter) leaves next to nothing, or
a little of it everywhere; a region that stands out is a difference of what is shown.

* In a picture with a flat ground (a screen, a chart, a page) any such region makes another picture.
* Another colour of like lightness makes another picture, unless all colours went the same way (a toning).
* In a photo, letters on both sides make another picture; what is laid over one of the two only (a watermark, a date, a
  caption) is an edit of it; all else moved: two moments of one scene.

How the limits were chosen (50 photos and parts of photos in 57 edits each, 450 made pairs of false friends, 120 pairs
of frames): of re-encoded and resized copies the weightiest region has 140 at most, of edited photos 2,900; of other
screens 90 % have 720 and more, of moved things and other texts all have 14,000 and more.

Needs OpenCV.  Nothing here reads a file.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import registration, toning

Grey = NDArray[np.uint8]
Colour = NDArray[np.uint8]

VERSION = 1
"""Raised whenever a pair would get another verdict."""
LONG_SIDE = 640
"""Pixels of the long side at which two pictures are compared, or that of the smaller one."""
FLAT = 0.3
"""Share of the pixels within two levels of one from which on a picture has a flat ground."""
FAINT, CLEAR = 14, 28
"""Grey levels by which a pixel must differ: on a flat ground, and in a photo, where edits leave more."""
SPOT, REGION = 200.0, 5000.0
"""Weight (sum of the grey levels by which they differ) of a region that is a difference: on a flat ground, and in a
photo of 640x480."""
UNTONED = 12.0
"""Levels by which a tone curve may depart from none where a spot is enough: a page with more contrast has some."""
SOFTENED = (0.8, 1.5, 2.5, 4.0)
"""Deviations of the blur, in pixels, until two pictures are as sharp as each other."""
AS_SHARP = 1.35

_AROUND = 5
_PHOTO, _LEAST = 640 * 480, 0.6
# A photo's share of that many pixels counts, and no less than the second.


class Difference(Enum):
    """What a closer look says of two pictures."""

    NONE = 0
    """They show the same."""
    OTHER = 1
    """Something small is other, and they are two pictures."""
    MOVED = 2
    """Something moved: two moments of one scene."""
    LETTERS = 3
    """Letters across a photo, other ones in either picture: edits of one photo at most."""


class _Found(NamedTuple):
    """Two pictures of one size, the second laid over the first, by how much they differ where, and how that was found.

    ``difference`` is in grey levels; ``toned`` is by how much the tone curve departs from none.
    """

    first: Colour
    second: Colour
    difference: Grey
    toned: float


class _Region(NamedTuple):
    """Pixels (rows, columns) that differ together, and the sum of the levels by which they do."""

    weight: float
    mask: NDArray[np.bool_]


def difference(first: Colour, second: Colour, rigour: float = 1.0) -> Difference:
    """What differs between two upright pictures (rows, columns, 3) in RGB, each at most ``LONG_SIDE`` long.

    ``rigour`` is 1 at the default threshold and above and falls to 0 with it, where nothing is a difference.  The
    verdict is the same whichever comes first, but for what is close to a limit.
    """
    if rigour <= 0:
        return Difference.NONE
    one, other = _of_one_size(first, second)
    flat = min(_flatness(_grey(one)), _flatness(_grey(other))) >= FLAT
    found, regions = _laid_over(one, other, flat)
    if _other_colours(found.first, found.second):
        return Difference.OTHER
    limit = _limit(found, flat) / rigour
    standing_out = [region for region in regions if region.weight >= limit]
    if not standing_out:
        return Difference.NONE
    return Difference.OTHER if flat else _in_photo(found, standing_out)


def _limit(found: _Found, flat: bool) -> float:
    if flat and found.toned <= UNTONED:
        return SPOT
    return REGION * max(_LEAST, found.difference.size / _PHOTO)


# --- one over the other -----------------------------------------------------------------------------------------------


def _of_one_size(first: Colour, second: Colour) -> tuple[Colour, Colour]:
    """Both at the size of the smaller one, in the shape of the first."""
    long = min(max(first.shape[:2]), max(second.shape[:2]), LONG_SIDE)
    share = long / max(first.shape[:2])
    size = (max(16, round(first.shape[1] * share)), max(16, round(first.shape[0] * share)))
    return _resized(first, size), _resized(second, size)


def _resized(picture: Colour, size: tuple[int, int]) -> Colour:
    import cv2

    if picture.shape[1::-1] == size:
        return picture
    shrinks = picture.shape[1] > size[0]
    resized = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(resized, np.uint8)


def _laid_over(first: Colour, second: Colour, flat: bool) -> tuple[_Found, list[_Region]]:
    """The pair as it lies, or laid over one another where they then differ less."""
    level = FAINT if flat else CLEAR
    found = _compared(first, second, flat)
    regions = _regions(found.difference, level)
    if sum(region.weight for region in regions) < SPOT:
        return found, regions
    laid = registration.registered(_grey(first), _grey(second))
    if laid is None:
        return found, regions
    again = _compared(first, registration.seen(second, laid.mapping), flat)
    again = again._replace(difference=again.difference * laid.inside)
    fewer = _regions(again.difference, level)
    if sum(region.weight for region in fewer) < sum(region.weight for region in regions):
        return again, fewer
    return found, regions


def _compared(first: Colour, second: Colour, flat: bool) -> _Found:
    import cv2

    one, other = _as_sharp(_grey(first), _grey(second))
    # On a flat ground a marked row goes across all of it, and its level must not pass for one of the whole.
    lines = _LINES if flat else 1
    there, back = toning.curve(other, one, lines), toning.curve(one, other, lines)
    # What one of the two has lost in white or black it can't be blamed for: so both ways, and the lesser counts.
    differs = cv2.min(
        _apart(one, np.asarray(cv2.LUT(other, there), np.uint8)),
        _apart(np.asarray(cv2.LUT(one, back), np.uint8), other),
    )
    toned = min(toning.strength(there), toning.strength(back))
    return _Found(first, second, np.asarray(differs, np.uint8), toned)


def _as_sharp(first: Grey, second: Grey) -> tuple[Grey, Grey]:
    """Both blurred until neither is much sharper than the other."""
    import cv2

    one, other = first, second
    for deviation in SOFTENED:
        one, other = (np.asarray(cv2.GaussianBlur(grey, (0, 0), deviation), np.uint8) for grey in (first, second))
        if 1 / AS_SHARP < _sharpness(one) / _sharpness(other) < AS_SHARP:
            break
    return one, other


def _sharpness(grey: Grey) -> float:
    import cv2

    return float(np.abs(cv2.Laplacian(grey, cv2.CV_16S)).mean()) + 0.3


def _apart(first: Grey, second: Grey) -> Grey:
    """By how much each pixel lies outside of what the other has within a pixel around: an error of the map is none."""
    import cv2

    return np.asarray(cv2.max(_outside(first, second), _outside(second, first)), np.uint8)


def _outside(first: Grey, second: Grey) -> Any:
    import cv2

    near = np.ones((3, 3), np.uint8)
    above = cv2.subtract(first, cv2.dilate(second, near))
    return cv2.max(above, cv2.subtract(cv2.erode(second, near), first))


def _regions(differs: Grey, level: int) -> list[_Region]:
    """What differs by more than ``level``, gathered across gaps of a few pixels; the weightiest first."""
    import cv2

    mask = (differs > level).astype(np.uint8)
    if not mask.any():
        return []
    number, labels = cv2.connectedComponents(cv2.dilate(mask, np.ones((_AROUND, _AROUND), np.uint8)))
    weights = np.bincount((labels * mask).ravel(), weights=differs.ravel(), minlength=number)
    order = [label for label in np.argsort(-weights).tolist() if label]
    return [_Region(float(weights[label]), (labels == label) & (mask > 0)) for label in order[:_MOST]]


_LINES = 4
_MOST = 8
# Regions that are looked at: one that stands out is enough.


# --- what it is -------------------------------------------------------------------------------------------------------

LETTERS = 0.6
"""Share of the differing pixels that are nearly white or black in either: letters across, not a thing that moved."""
EDGED = 2.0
"""How many times as steep the edge of a region is in the picture where something is laid over.  A thing that moves has
left another place, where the other picture has the edges."""
EVEN = 0.45
"""Share of a region's pixels near one level where something is laid over."""
ALIKE = 0.85
"""Correlation from which on a region shows the same, harder or through a translucent mark."""
ONE_SIDED = 0.8
"""Share of the weight of all regions that must be laid over the one picture, for it to be that one edited."""
_WHITE, _BLACK, _NEAR = 235, 20, 14


def _in_photo(found: _Found, regions: list[_Region]) -> Difference:
    one, other = _grey(found.first), _grey(found.second)
    weights = [0.0, 0.0, 0.0]
    other_things = []
    for region in regions:
        if _correlation(one[region.mask], other[region.mask]) < ALIKE:
            weights[_overlaid(one, other, region.mask)] += region.weight
            other_things.append(region.mask)
    if not other_things or max(weights[1:]) >= ONE_SIDED * sum(weights):
        return Difference.NONE
    mask = np.logical_or.reduce(other_things)
    brighter, darker = np.maximum(one, other)[mask], np.minimum(one, other)[mask]
    letters = np.mean((brighter >= _WHITE) | (darker <= _BLACK))
    return Difference.LETTERS if letters >= LETTERS else Difference.MOVED


def _overlaid(one: Grey, other: Grey, mask: NDArray[np.bool_]) -> int:
    """On which of the two something is laid over in a region: 1, 2, or 0 for neither."""
    edges = [_edges(grey, mask) for grey in (one, other)]
    for side, grey in enumerate((one, other)):
        if edges[side] >= EDGED * edges[1 - side] and _evenness(grey[mask]) >= EVEN:
            return side + 1
    return 0


def _correlation(first: Grey, second: Grey) -> float:
    one, other = (values.astype(np.float64) - values.mean() for values in (first, second))
    return float((one * other).mean() / (one.std() * other.std() + 1e-6))


def _evenness(values: Grey) -> float:
    """The share of values near the commonest."""
    counts = np.bincount(values, minlength=256)
    below = np.concatenate(([0], np.cumsum(np.pad(counts, (0, 2 * _NEAR)))))
    return float((below[2 * _NEAR + 1 :] - below[: len(below) - 2 * _NEAR - 1]).max() / len(values))


def _edges(grey: Grey, mask: NDArray[np.bool_]) -> float:
    """How steep the picture is along the edge of a region, in the mean."""
    import cv2

    near = np.ones((3, 3), np.uint8)
    inside = mask.astype(np.uint8)
    edge = cv2.dilate(inside, near) > cv2.erode(inside, near)
    steep = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, near)
    return float(steep[edge].mean()) if edge.any() else 0.0


# --- grounds and colours ----------------------------------------------------------------------------------------------


def _grey(picture: Colour) -> Grey:
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _flatness(grey: Grey) -> float:
    """The largest share of the pixels within two levels of one."""
    counts = np.bincount(grey.ravel(), minlength=256)
    return float(np.convolve(counts, np.ones(5)).max() / grey.size)


def _other_colours(first: Colour, second: Colour) -> bool:
    from image_sync.matching import colours

    return colours.differ(first, second)
