"""Local features of a picture and the maps between two: they tell an edited picture when hashes can't.

A picture is described once by corners (ORB: Rublee et al., "ORB: an efficient alternative to SIFT or SURF", 2011),
spread over it and over its scales, so that the corner of a collage has its share and a small copy the coarse ones.
Corners whose descriptors match vote for one map between the pictures (RANSAC).  Whether what then lies over one another
is the same picture is for ``overlap`` and ``placing`` to say; here only the maps and their witnesses are found.

OpenCV is loaded when it is needed and may be missing: ``available`` tells.  Nothing here reads a file.
"""

from __future__ import annotations

import functools
import importlib.util
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Records = NDArray[np.void]

VERSION = 2
"""Raised whenever the same picture would get another description."""
LONG_SIDE = 480
"""Pixels of the long side of the grey picture that is described."""
CORNERS = 600
"""Corners of a picture.  Of 60 photos in a corner of another one 58 of 100 keep 12 witnesses with 500, 72 with 600."""
LEVELS, LEVEL_STEP = 8, 1.25
"""Scales at which corners are looked for, and by how much each is smaller: down to a fifth."""
RATIO = 0.85
"""A corner whose best counterpart is not nearer than this share of the second best is no witness (Lowe, 2004)."""
REACH = 6.0
"""Pixels (of a picture with the long side above) by which a witness may miss the map."""
WITNESSES = 12
"""Corners that must agree on a map; what lies under it is judged afterwards."""

CODE_BYTES = 16
"""Bytes of a descriptor that are kept: ORB has its telling bits first, and its other half finds 2 of 100 more."""
RECORD = np.dtype([("place", np.uint16, (2,)), ("angle", np.uint8), ("level", np.uint8), ("code", np.uint8, (16,))])
"""A corner: its place (0 to 65535 across and down), its direction (256 to a turn, clockwise from the right), the
scale at which it was found, and its descriptor."""
ANGLES = 256
_FINEST = 65535
_CELLS = 8
_STRONGEST = 1500
# Corners of which those are chosen that come first in their part of the picture, cells by cells at each scale.
_FAINTEST = 7
_EDGE = 15
_MOST_ENLARGED = 3.0
_FEWEST = 4
TRIES = 1000
"""Samples of a search for the map that most witnesses agree on."""


class Map(NamedTuple):
    """An affine map (2, 3) from places in the first picture to those in the second, both from -1 to 1 across, and how
    many corners agree on it."""

    mapping: Floats
    witnesses: int


@functools.cache
def available() -> bool:
    """Whether OpenCV with its corners is there."""
    if importlib.util.find_spec("cv2") is None:
        return False
    try:
        import cv2
    except ImportError:
        return False
    return hasattr(cv2, "ORB")


def version() -> str:
    """Names how corners are found, for what is remembered of them; ``none`` where they can't be."""
    return str(VERSION) if available() else "none"


def describe(grey: NDArray[np.uint8]) -> bytes:
    """The corners of a grey picture (rows, columns), whose long side is at most ``LONG_SIDE``; 22 bytes each, at most
    600, the tellingest of each part of the picture first."""
    import cv2

    grey = _enlarged(grey)
    # A fainter corner is still one: skies with a few birds have no strong ones.
    finder: Any = cv2.ORB.create(
        nfeatures=_STRONGEST, scaleFactor=LEVEL_STEP, nlevels=LEVELS, edgeThreshold=_EDGE, fastThreshold=_FAINTEST
    )
    points = finder.detect(grey, None)
    if not points:
        return b""
    points, codes = finder.compute(grey, [points[place] for place in _spread(points, grey.shape)])
    record = np.zeros(len(points), RECORD)
    if len(points):
        size = np.array(grey.shape[::-1], np.float32)
        share = (_places(points) + 0.5) / size
        record["place"] = np.clip(np.rint(share * _FINEST), 0, _FINEST)
        angles = np.array([point.angle for point in points])
        record["angle"] = np.rint(angles * (ANGLES / 360)).astype(np.int64) % ANGLES
        record["level"] = [point.octave for point in points]
        record["code"] = codes[:, :CODE_BYTES]
    return record.tobytes()


def records(description: bytes) -> Records:
    """The corners of a description, an array of ``RECORD``."""
    return np.frombuffer(description, RECORD)


def in_pixels(corners: Records, size: tuple[int, int]) -> Floats:
    """Places (n, 2) of corners in a picture of this shape, from its upper left, with ``LONG_SIDE`` pixels along its
    longer side; ``size`` is (width, height) at any scale."""
    share = corners["place"].astype(np.float32) / np.float32(_FINEST)
    return share * shape_in_pixels(size)


def shape_in_pixels(size: tuple[int, int]) -> Floats:
    """Width and height (2,) of a picture whose longer side has ``LONG_SIDE`` pixels."""
    return np.array(size, np.float32) * np.float32(LONG_SIDE / max(size))


def as_described(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture, grey or in RGB, in the pixels in which the places of its corners are counted."""
    import cv2

    width, height = (max(1, round(float(side))) for side in shape_in_pixels((grey.shape[1], grey.shape[0])))
    if grey.shape[:2] == (height, width):
        return grey
    shrinks = width < grey.shape[1]
    resized = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


def map_between(first: bytes, second: bytes, sizes: tuple[tuple[int, int], tuple[int, int]]) -> Map | None:
    """The map on which most corners of two descriptions agree; ``None`` when too few do.

    ``sizes`` are (width, height) of the two pictures at any scale: they say how places across and down compare.
    """
    import cv2

    one, other = records(first), records(second)
    if min(len(one), len(other)) < WITNESSES:
        return None
    pairs = alike(one, other)
    if len(pairs) < WITNESSES:
        return None
    start, end = (in_pixels(part, size) for part, size in ((one, sizes[0]), (other, sizes[1])))
    middles = [shape_in_pixels(size) / 2 for size in sizes]
    cv2.setRNGSeed(0)
    found, agree = cv2.estimateAffine2D(
        start[pairs[:, 0]] - middles[0],
        end[pairs[:, 1]] - middles[1],
        method=cv2.RANSAC,
        ransacReprojThreshold=REACH,
        maxIters=TRIES,
        confidence=0.995,
    )
    if found is None or int(agree.sum()) < WITNESSES:
        return None
    return Map(_normalised(found, *middles), int(agree.sum()))


def alike(first: Records, second: Records) -> NDArray[np.int64]:
    """Places of matching corners, (n, 2): those of the first whose nearest descriptor in the second is nearest by
    far."""
    if len(second) < 2:
        return np.empty((0, 2), np.int64)
    one, other = words(first), words(second)
    apart = np.bitwise_count(one[:, None, 0] ^ other[None, :, 0])
    apart += np.bitwise_count(one[:, None, 1] ^ other[None, :, 1])
    nearest = apart.argmin(axis=1)
    two = np.partition(apart, 1, axis=1)[:, :2].astype(np.float32)
    clear = np.flatnonzero(two[:, 0] < RATIO * two[:, 1])
    return np.stack((clear, nearest[clear]), axis=1)


def words(corners: Records) -> NDArray[np.uint64]:
    """Descriptors of corners as (n, 2) words of 64 bits."""
    return np.ascontiguousarray(corners["code"]).view(np.uint64)


def _enlarged(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A small picture enlarged: what a thumbnail shows has corners at the finest scales of the picture only."""
    import cv2

    share = min(LONG_SIDE / max(grey.shape), _MOST_ENLARGED)
    if share <= 1.01:
        return grey
    size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _spread(points: Any, shape: tuple[int, ...]) -> list[int]:
    """Places of at most ``CORNERS`` corners: the strongest of each cell at each scale first, then the second of each;
    of coarser scales fewer, as they have less room."""
    place = _places(points)
    level = np.array([point.octave for point in points])
    strength = np.array([point.response for point in points], np.float32)
    cell = (place * _CELLS / np.array(shape[::-1], np.float32)).astype(np.int64).clip(0, _CELLS - 1)
    key = (cell[:, 1] * _CELLS + cell[:, 0]) * LEVELS + level
    order = np.lexsort((place[:, 0], place[:, 1], -strength, key))
    begins = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0])
    rank = np.empty(len(key), np.float32)
    rank[order] = np.arange(len(key)) - np.repeat(begins, np.diff(np.r_[begins, len(key)]))
    chosen: list[int] = np.lexsort((place[:, 0], place[:, 1], level, rank * LEVEL_STEP**level))[:CORNERS].tolist()
    return chosen


def _places(points: Any) -> Floats:
    import cv2

    return np.asarray(cv2.KeyPoint.convert(points), np.float32).reshape(-1, 2)


def _normalised(found: Any, first: NDArray[np.floating[Any]], second: NDArray[np.floating[Any]]) -> Floats:
    """A map between pixels (from the middle) as one between places from -1 to 1."""
    mapping = np.asarray(found, np.float32).copy()
    mapping[:, :2] *= first[None, :]
    mapping /= second[:, None]
    return mapping
