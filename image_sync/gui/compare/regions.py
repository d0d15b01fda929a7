"""Regions in which two pictures of one frame differ: a map of the difference, and boxes around what shows.

Pure functions of pixels.  The noise of saving a JPEG again must not be taken for a difference: both are softened, and a
point counts only from a level on that the eye sees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

SIDE = 1024
"""Pixels of the longer side at which two pictures are compared: a region smaller than that shows in no full view."""
SOFTENED = 1.5
LEVEL = 28
"""Levels of 255 from which a difference shows.  Of 30 camera photos saved again at quality 60, 29 differ by 19 at most
after the softening; halved and enlarged again, 29 by 22.  The others have a few points above, fewer than a region."""
JOINED = 13
"""Pixels at which two differing spots are one region."""
SMALLEST = 12
"""Differing pixels below which a region is noise."""
MOST_BOXES = 40

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Regions:
    """Regions that differ: ``strength`` is the difference (0-255) at each point, ``share`` that of points that differ.

    ``boxes`` are (left, top, right, bottom) in shares of the frame, the largest first."""

    strength: Bytes
    share: float
    boxes: tuple[tuple[float, float, float, float], ...]


def comparing_size(frame: tuple[int, int], smaller: tuple[int, int]) -> tuple[int, int]:
    """The size at which pictures of a frame are compared: no larger than the ``smaller`` of them, which lacks the
    detail of the other."""
    scale = min(1.0, SIDE / max(frame), max(smaller) / max(frame))
    return max(1, round(frame[0] * scale)), max(1, round(frame[1] * scale))


def regions_of(left: Image.Image, right: Image.Image) -> Regions:
    """Regions that differ between two RGB pictures of the same size."""
    import cv2

    one, other = (
        np.asarray(picture.filter(ImageFilter.GaussianBlur(SOFTENED)), dtype=np.int16) for picture in (left, right)
    )
    strength = np.abs(one - other).max(axis=2).astype(np.uint8)
    differs = (strength >= LEVEL).astype(np.uint8)
    joined = cv2.dilate(differs, np.ones((JOINED, JOINED), np.uint8))
    count, labels, facts, _centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    inside = np.bincount(labels[differs > 0], minlength=count)
    high, wide = strength.shape
    found = sorted((number for number in range(1, count) if inside[number] >= SMALLEST), key=lambda one: -facts[one, 4])
    boxes = tuple(
        (
            float(facts[number, 0] / wide),
            float(facts[number, 1] / high),
            float((facts[number, 0] + facts[number, 2]) / wide),
            float((facts[number, 1] + facts[number, 3]) / high),
        )
        for number in found[:MOST_BOXES]
    )
    kept = np.isin(labels, found) & (differs > 0)
    return Regions(strength, float(kept.mean()), boxes)
