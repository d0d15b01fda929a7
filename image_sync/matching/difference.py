"""Detailed comparison of two pictures that pass for the same, for one place in which they differ.

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

from image_sync.matching import colours, registration, toning

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
SPOT, REGION = 150.0, 5000.0
"""Weight (sum of the grey levels by which they differ) of a region that is a difference: on a flat ground, and in a
photo of 640x480."""
UNTONED, HARD_TONE = 4.0, 15.0
"""Levels by which a tone curve may change a picture in the mean where a spot is enough: a page with more contrast has
some; a photo that its curve changes by the second must differ twice as much."""
SOFTENED = (0.8, 1.5, 2.5, 4.0)
"""Deviations of the blur, in pixels, until two pictures are as sharp as each other."""
AS_SHARP = 1.35

_AROUND = 5
_PHOTO, _LEAST = 640 * 480, 0.6
# A photo's share of that many pixels counts, and no less than the second.


class Difference(Enum):
    """Outcome of a detailed comparison."""

    NONE = 0
    """They show the same."""
    OTHER = 1
    """Something small is other, and they are two pictures."""
    MOVED = 2
    """Something moved: two moments of one scene."""
    LETTERS = 3
    """Letters across a photo, other ones in either picture: edits of one photo at most."""
    FIRST_COVERED = 4
    """The same photo, with something laid over the first: a mark, a sticker, a band."""
    SECOND_COVERED = 5

    @property
    def is_same(self) -> bool:
        """Whether both are one picture."""
        return self in (Difference.NONE, Difference.FIRST_COVERED, Difference.SECOND_COVERED)

    @property
    def swapped(self) -> Difference:
        """The outcome with the second picture first."""
        covered = {
            Difference.FIRST_COVERED: Difference.SECOND_COVERED,
            Difference.SECOND_COVERED: Difference.FIRST_COVERED,
        }
        return covered.get(self, self)


class _Found(NamedTuple):
    """Two pictures of one size, the second laid over the first, by how much they differ where, and how that was found.

    ``difference`` is in grey levels; ``toned`` is by how many levels the tone curve changes it.
    """

    first: Colour
    second: Colour
    difference: Grey
    toned: float


class _Region(NamedTuple):
    """Pixels (rows, columns) that differ together, and the sum of the levels by which they do."""

    weight: float
    mask: NDArray[np.bool_]


class _Regions(NamedTuple):
    """Weights of the regions, the weightiest first, with their ``labels`` in the picture of all (``gathered``)."""

    weights: list[float]
    labels: list[int]
    gathered: NDArray[np.int32]

    @property
    def weight(self) -> float:
        """The weight of all of them."""
        return sum(self.weights)

    def from_weight(self, limit: float) -> list[_Region]:
        """The regions that weigh so much at least."""
        return [
            _Region(weight, self.gathered == label)
            for weight, label in zip(self.weights, self.labels, strict=True)
            if weight >= limit
        ]


def difference(first: Colour, second: Colour, rigour: float = 1.0, edits: bool = False) -> Difference:
    """Difference between two upright pictures (rows, columns, 3) in RGB, each at most ``LONG_SIDE`` long.

    ``rigour`` is 1 at the default threshold and above and falls to 0 with it, where nothing is a difference.  Where
    ``edits`` are asked for, more passes for something that is laid over one of the two.  The verdict is the same
    whichever comes first, but for what is close to a limit.
    """
    if rigour <= 0:
        return Difference.NONE
    one, other = _of_one_size(first, second)
    flat = min(_flatness(_grey(one)), _flatness(_grey(other))) >= FLAT
    found, regions = _laid_over(one, other, flat)
    limit = _limit(found, flat) / rigour
    standing_out = regions.from_weight(limit)
    if standing_out and flat:
        return Difference.OTHER
    said = _in_photo(found, standing_out, EDGED_IN_EDITS if edits else EDGED)
    return Difference.OTHER if said.is_same and colours.differ(found.first, found.second) else said


def _limit(found: _Found, flat: bool) -> float:
    if flat and found.toned <= UNTONED:
        return SPOT
    return REGION * max(_LEAST, found.difference.size / _PHOTO) * (1 + found.toned / HARD_TONE)


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


def _laid_over(first: Colour, second: Colour, flat: bool) -> tuple[_Found, _Regions]:
    """The pair as it lies, or laid over one another where they then differ less."""
    level = FAINT if flat else CLEAR
    found = _compared(first, second, flat)
    regions = _regions(found.difference, level)
    if regions.weight < SPOT:
        return found, regions
    laid = registration.registered(_grey(first), _grey(second))
    if laid is None:
        return found, regions
    again = _compared(first, registration.seen(second, laid.mapping), flat)
    again = again._replace(difference=again.difference * laid.inside)
    fewer = _regions(again.difference, level)
    if fewer.weight < regions.weight:
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
    toned = min(toning.strength(there, other), toning.strength(back, one))
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


def _regions(differs: Grey, level: int) -> _Regions:
    """Pixels that differ by more than ``level``, gathered across gaps of a few pixels."""
    import cv2

    mask = (differs > level).astype(np.uint8)
    if not mask.any():
        return _Regions([], [], np.zeros(differs.shape, np.int32))
    number, labels = cv2.connectedComponents(cv2.dilate(mask, np.ones((_AROUND, _AROUND), np.uint8)))
    gathered = np.asarray(labels * mask, np.int32)
    weights = np.bincount(gathered.ravel(), weights=differs.ravel(), minlength=number)
    order = [label for label in np.argsort(-weights).tolist() if label][:_MOST]
    return _Regions(weights[order].tolist(), order, gathered)


_LINES = 4
_MOST = 8
# Regions that are kept: one that stands out is enough.


# --- what it is -------------------------------------------------------------------------------------------------------

LETTERS = 0.5
"""Share of the differing pixels that are nearly white or black in either: letters across, not a thing that moved."""
TEXT = 0.4
"""Weight per pixel of the picture from which on letters are a text and not a number or a mark: of 50 photos with other
texts across 48 have 0.43 and more, of one photo with another figure in the middle all less than 0.39."""
EDGED, EDGED_IN_EDITS = 2.0, 1.4
"""Times as steep as in the other picture that the edges of all regions are, in the mean, where something is laid over;
the second where edits are asked for.  A thing that moves has left another place, where the other picture has the
edges."""
AGAINST, LITTLE = 0.35, 0.08
"""Logarithm of how much steeper one picture is in a region that speaks for it, or the other in one that speaks against
it; and the share of the weight that other regions may have."""
EVEN = 0.45
"""Share of the pixels near one level, in the mean of the regions, where something is laid over."""
ALIKE = 0.85
"""Correlation from which on a region shows the same, harder or through a translucent mark."""
_WHITE, _BLACK, _NEAR = 235, 20, 14


def _in_photo(found: _Found, regions: list[_Region], edged: float) -> Difference:
    if not regions:
        return Difference.NONE
    one, other = _grey(found.first), _grey(found.second)
    things = [region for region in regions if _correlation(one[region.mask], other[region.mask]) < ALIKE]
    if not things:
        return Difference.NONE
    mask = np.logical_or.reduce([region.mask for region in things])
    brighter, darker = np.maximum(one, other)[mask], np.minimum(one, other)[mask]
    letters = np.mean((brighter >= _WHITE) | (darker <= _BLACK))
    if letters >= LETTERS:
        weight = sum(region.weight for region in things) / mask.size
        return Difference.LETTERS if weight >= TEXT else Difference.NONE
    return _laid_over_one(one, other, things, edged)


def _laid_over_one(one: Grey, other: Grey, regions: list[_Region], edged: float) -> Difference:
    """The one of the two that all that differs was laid over: there it has edges and few levels; else it moved."""
    weights = [region.weight for region in regions]
    steeper = _steeper(one, other, regions)
    lead = float(np.average(steeper, weights=weights))
    # Where copies are set aside, every region must speak for it; where edits are asked for, none against it.
    least = -AGAINST if edged < EDGED else AGAINST
    against = sum(weight for weight, log in zip(weights, steeper, strict=True) if log * np.sign(lead) < least)
    if abs(lead) < np.log(edged) or against > LITTLE * sum(weights):
        return Difference.MOVED
    grey = other if lead > 0 else one
    even = [_evenness(grey[region.mask]) for region in regions]
    if np.average(even, weights=weights) < EVEN:
        return Difference.MOVED
    return Difference.SECOND_COVERED if lead > 0 else Difference.FIRST_COVERED


def _correlation(first: Grey, second: Grey) -> float:
    one, other = (values.astype(np.float64) - values.mean() for values in (first, second))
    return float((one * other).mean() / (one.std() * other.std() + 1e-6))


def _evenness(values: Grey) -> float:
    """The share of values near the commonest."""
    counts = np.bincount(values, minlength=256)
    below = np.concatenate(([0], np.cumsum(np.pad(counts, (0, 2 * _NEAR)))))
    return float((below[2 * _NEAR + 1 :] - below[: len(below) - 2 * _NEAR - 1]).max() / len(values))


def _steeper(one: Grey, other: Grey, regions: list[_Region]) -> list[float]:
    """Steepness of the second picture over that of the first along the edge of each region, in the mean; logarithms."""
    import cv2

    near = np.ones((3, 3), np.uint8)
    steep = [cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, near) for grey in (one, other)]
    found = []
    for region in regions:
        inside = region.mask.astype(np.uint8)
        edge = cv2.dilate(inside, near) > cv2.erode(inside, near)
        first, second = (float(each[edge].mean()) if edge.any() else 0.0 for each in steep)
        found.append(float(np.log((second + 1) / (first + 1))))
    return found


# --- grounds and colours ----------------------------------------------------------------------------------------------


def _grey(picture: Colour) -> Grey:
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _flatness(grey: Grey) -> float:
    """The largest share of the pixels within two levels of one."""
    return float(np.convolve(toning.histogram(grey), np.ones(5)).max() / grey.size)
