"""Cell of a collage: the upright rectangle between seams to which a picture is cut that is shown there.

Of such a picture the whole is nowhere: the cell ends where the picture still goes on.  So from the corners that agree
outwards it is asked how far the two agree, and whether there, at all sides, the cell ends at a seam or at the rim of
the collage.  Two crops of one scene agree in a rectangle too, but around that the scene goes on.

Needs OpenCV.  Nothing here reads a file.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import seams
from image_sync.matching.seams import Box

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Matrix = NDArray[np.float64]

SMALLEST, LARGEST = 0.12, 0.85
"""Scales, of pictures described alike, between which a picture may be one of several: two screens of one application
that have a bar in common have it in one size."""
AGREES, AS_LIGHT = 0.7, 14.0
"""Correlation of what is around a pixel, or the levels by which it differs, from which on a pixel agrees."""
ENDS = 0.5
"""Share of the pixels of a strip that agree below which the cell has ended."""
_WINDOW = 11
_STRIP = 6
_STEEP = 9.0
# Variance of what is around a pixel, in grey levels, from which on its correlation says something.
_TRIM = 5
# Percent of the corners on each side that may be stray.
_LEAST_CORNERS = 24
# Pixels of the rectangle of agreeing corners, on either side, from which on a map can be refined.
_STEPS, _STILL = 30, 1e-4


class Cell(NamedTuple):
    """A cell's ``box`` in the collage, and the map from the collage to the picture, refined for it."""

    box: Box
    back: Matrix


def scale_of(matrix: NDArray[np.floating]) -> float:
    """The scale of a map (3, 3) that turns, scales and moves."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))


def may_be(matrix: NDArray[np.floating]) -> bool:
    """Whether by this map (3, 3) a picture may come to lie in a cell: upright, not bent, and smaller."""
    return bool(np.allclose(matrix[2], (0, 0, 1))) and SMALLEST <= scale_of(matrix) <= LARGEST


def cell(picture: Grey, holder: Grey, matrix: Matrix, witnesses: NDArray[np.float32]) -> Cell | None:
    """The cell of the holder in which the picture is shown, where the ``matrix`` (3, 3) leads from the picture to the
    holder and the ``witnesses`` (n, 2) are places in the holder that agree on it; ``None`` where there is none."""
    back = _refined(picture, holder, np.asarray(np.linalg.inv(matrix), np.float64), witnesses)
    seen, shown = _seen(picture, back, holder.shape)
    agreeing = _agreeing(holder, seen) & shown
    core = _core(witnesses, holder.shape)
    found = seams.place(holder, _grown(agreeing, shown, core))
    return None if found is None else Cell(found, back)


def _core(witnesses: NDArray[np.float32], shape: tuple[int, ...]) -> list[int]:
    """The rectangle (left, top, right, bottom) of most witnesses."""
    low, high = np.percentile(witnesses, [_TRIM, 100 - _TRIM], axis=0)
    height, width = shape
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    return [left, top, min(width, max(left + 1, round(high[0]))), min(height, max(top + 1, round(high[1])))]


def _refined(picture: Grey, holder: Grey, back: Matrix, witnesses: NDArray[np.float32]) -> Matrix:
    """The map back, better where the corners are: those tell it to a pixel, and far from them it may be some off."""
    import cv2

    left, top, right, bottom = _core(witnesses, holder.shape)
    if min(right - left, bottom - top) < _LEAST_CORNERS:
        return back
    moved = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
    begin = (back @ moved)[:2].astype(np.float32)
    ends = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, _STILL)
    try:
        _, found = cv2.findTransformECC(holder[top:bottom, left:right], picture, begin, cv2.MOTION_AFFINE, ends)
    except cv2.error:  # It does not converge.
        return back
    return np.asarray(np.vstack([found, [0, 0, 1]]) @ np.linalg.inv(moved), np.float64)


def _seen(picture: Grey, back: Matrix, shape: tuple[int, ...]) -> tuple[Grey, Mask]:
    """The picture as it would lie in the holder, and where it would."""
    import cv2

    height, width = shape
    shrink = 1 / max(scale_of(back), 1e-6)
    # What is shrunk is blurred first, else it has detail that the holder can't have.
    soft = cv2.GaussianBlur(picture, (0, 0), max(0.3, 0.5 / shrink - 0.2))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(soft, back[:2], (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    there = cv2.warpAffine(np.full_like(picture, 255), back[:2], (width, height), flags=flags)
    return np.asarray(seen, np.uint8), np.asarray(there >= 128, np.bool_)


def _agreeing(holder: Grey, seen: Grey) -> Mask:
    """Pixels around which two pictures agree, in what they show or, where that is nothing, in their level."""
    import cv2

    one, other = holder.astype(np.float32), seen.astype(np.float32)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (_WINDOW, _WINDOW)), np.float32)

    middle_one, middle_other = mean(one), mean(other)
    spread_one = mean(one * one) - middle_one**2
    spread_other = mean(other * other) - middle_other**2
    common = mean(one * other) - middle_one * middle_other
    alike = common >= AGREES * np.sqrt(np.maximum(spread_one * spread_other, 1e-6))
    tells = np.maximum(spread_one, spread_other) >= _STEEP
    return np.asarray(np.where(tells, alike, np.abs(middle_one - middle_other) <= AS_LIGHT), np.bool_)


def _grown(agreeing: Mask, shown: Mask, core: list[int]) -> Box:
    """The rectangle around the ``core`` as far as most of each strip around it agrees."""
    box = list(core)
    height, width = agreeing.shape
    limits = (0, 0, width, height)
    growing = [True] * 4
    while any(growing):
        for side in range(4):
            if not growing[side]:
                continue
            step = -1 if side < 2 else 1
            strip = list(box)
            strip[side] = int(np.clip(box[side] + step * _STRIP, 0, limits[2 + side % 2]))
            strip[(side + 2) % 4] = box[side]
            part = slice(strip[1], strip[3]), slice(strip[0], strip[2])
            there = int(shown[part].sum())
            if not there or agreeing[part].sum() < ENDS * there or there < ENDS * shown[part].size:
                growing[side] = False
                continue
            box[side] += step * min(2, abs(strip[side] - box[side]))
            growing[side] = box[side] != limits[2 + side % 2] if side >= 2 else box[side] > 0
    # What is beyond the end is in the windows of the last pixels before it.
    left, top, right, bottom = box
    more = _WINDOW // 2
    return max(0, left - more), max(0, top - more), min(width, right + more), min(height, bottom + more)
