"""Registration of two pictures in detail: the affine map that lays the second over the first.

``alignment`` finds a map from 64x64 pixels; here it is refined on a quarter of a megapixel by the enhanced correlation
coefficient (Evangelidis and Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient
Maximization", 2008).  Needs OpenCV.  Nothing here decides anything.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import alignment
from image_sync.pictures.code_layout import SIDE

Grey = NDArray[np.uint8]
Mapping = NDArray[np.float32]

LONG_SIDE = 240
"""Pixels of the long side on which the map is refined: there it is found to a tenth of a pixel."""
STEPS = 25
CLOSE = 1e-4
WELL = 0.97
"""Correlation from which on no other beginning is tried."""
_RIM = 7
# Pixels at the edge of what the second picture shows that are not compared: they are interpolated.


class Laid(NamedTuple):
    """The second picture laid over the first, of its size, and where it shows something."""

    mapping: Mapping
    inside: Grey


def registered(first: Grey, second: Grey) -> Laid | None:
    """The second picture laid over the first; both have one size.  ``None`` when they have nothing in common."""
    import cv2

    mapping = _refined(first, second)
    if mapping is None:
        return None
    ones = np.ones_like(second)
    height, width = first.shape
    in_pixels = _scaled(mapping, width, height)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    inside = cv2.warpAffine(ones, in_pixels, (width, height), flags=flags)
    inside = cv2.erode(inside, np.ones((_RIM, _RIM), np.uint8), borderValue=1)
    return Laid(in_pixels, np.asarray(inside, np.uint8))


def seen(picture: Grey, mapping: Mapping) -> Grey:
    """A picture, grey or in colour, seen through a map in pixels."""
    import cv2

    height, width = picture.shape[:2]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    through = cv2.warpAffine(picture, mapping, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(through, np.uint8)


def small(grey: Grey) -> NDArray[np.float32]:
    """The 64x64 of a grey picture."""
    import cv2

    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _refined(first: Grey, second: Grey) -> Mapping | None:
    """The map between places from -1 to 1; begun at that of the small pictures, then at none."""
    import cv2

    height, width = first.shape
    share = min(1.0, LONG_SIDE / max(width, height))
    size = (max(16, round(width * share)), max(16, round(height * share)))
    one, other = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (first, second))
    beginnings = (alignment.maps(small(first)[None], small(second)[None])[0], alignment.straight(1)[0])
    ends = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, CLOSE)
    best, found = -1.0, None
    for beginning in beginnings:
        try:
            correlation, in_pixels = cv2.findTransformECC(
                one, other, _scaled(beginning, *size), cv2.MOTION_AFFINE, ends
            )
        except cv2.error:  # It does not converge: these two have too little in common from there.
            continue
        if correlation > best:
            best, found = correlation, _unscaled(np.asarray(in_pixels), *size)
        if best >= WELL:
            break
    return found


def _pixels(width: int, height: int) -> NDArray[np.float64]:
    """The matrix that takes places from -1 to 1 to pixels."""
    return np.array([[width / 2, 0, width / 2 - 0.5], [0, height / 2, height / 2 - 0.5], [0, 0, 1]])


def _scaled(mapping: Mapping, width: int, height: int) -> Mapping:
    to_pixels = _pixels(width, height)
    whole = np.vstack([mapping, [0, 0, 1]])
    return np.asarray((to_pixels @ whole @ np.linalg.inv(to_pixels))[:2], np.float32)


def _unscaled(in_pixels: NDArray[np.floating], width: int, height: int) -> Mapping:
    to_pixels = _pixels(width, height)
    whole = np.vstack([in_pixels, [0, 0, 1]])
    return np.asarray((np.linalg.inv(to_pixels) @ whole @ to_pixels)[:2], np.float32)
