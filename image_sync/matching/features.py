"""Corners of two pictures laid over one another: what tells an edited picture from another one when hashes can't.

A picture is described once by its strongest corners (ORB: Rublee et al., "ORB: an efficient alternative to SIFT or
SURF", 2011).  Corners that look alike in two pictures vote for one affine map between them (RANSAC).  Whether what then
lies over one another is the same picture is for ``verify`` to say; here only the map and its witnesses are found.

OpenCV is loaded when it is needed and may be missing: ``available`` tells.  Nothing here reads a file.
"""

from __future__ import annotations

import functools
import importlib.util
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

VERSION = 1
"""Raised whenever the same picture would get another description."""
LONG_SIDE = 320
"""Pixels of the long side of the grey picture that is described."""
CORNERS = 400
RATIO = 0.85
"""A corner whose best counterpart is not nearer than this share of the second best is no witness (Lowe, 2004)."""
REACH = 4.0
"""Pixels (of a picture with the long side above) by which a witness may miss the map."""
WITNESSES = 12
"""Corners that must agree on a map; what lies under it is judged afterwards."""

_RECORD = np.dtype([("place", np.float32, (2,)), ("code", np.uint8, (32,))])
_FEWEST = 4
_TRIES = 1000


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
    """The corners of a grey picture (rows, columns), whose long side is ``LONG_SIDE``; 40 bytes each, at most 400."""
    import cv2

    # A fainter corner is still one: skies with a few birds have no strong ones.
    finder: Any = cv2.ORB.create(nfeatures=CORNERS, scaleFactor=1.2, nlevels=6, edgeThreshold=15, fastThreshold=7)
    points, codes = finder.detectAndCompute(grey, None)
    record = np.zeros(len(points), _RECORD)
    if len(points):
        size = np.array(grey.shape[::-1], np.float32)
        record["place"] = (np.array([point.pt for point in points], np.float32) + 0.5) / size * 2 - 1
        record["code"] = codes
    return record.tobytes()


def map_between(first: bytes, second: bytes, sizes: tuple[tuple[int, int], tuple[int, int]]) -> Map | None:
    """The map on which most corners of two descriptions agree; ``None`` when too few do.

    ``sizes`` are (width, height) of the two pictures at any scale: they say how places across and down compare.
    """
    import cv2

    one, other = (np.frombuffer(data, _RECORD) for data in (first, second))
    if min(len(one), len(other)) < WITNESSES:
        return None
    pairs = _alike(one["code"], other["code"])
    if len(pairs) < WITNESSES:
        return None
    scales = [np.array(size, np.float32) * np.float32(LONG_SIDE / 2 / max(size)) for size in sizes]
    start, end = one["place"][pairs[:, 0]] * scales[0], other["place"][pairs[:, 1]] * scales[1]
    cv2.setRNGSeed(0)
    found, agree = cv2.estimateAffine2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=REACH, maxIters=_TRIES, confidence=0.995
    )
    if found is None or int(agree.sum()) < WITNESSES:
        return None
    return Map(_normalised(found, *scales), int(agree.sum()))


def _alike(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Places of corners that look alike, (n, 2): the nearest to each other by far."""
    import cv2

    matches: Any = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(first, second, k=2)
    clear = [
        (pair[0].queryIdx, pair[0].trainIdx)
        for pair in matches
        if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance
    ]
    return np.array(clear, np.int64).reshape(-1, 2)


def _normalised(found: Any, first: NDArray[np.floating[Any]], second: NDArray[np.floating[Any]]) -> Floats:
    """A map between pixels (from the middle) as one between places from -1 to 1."""
    mapping = np.asarray(found, np.float32).copy()
    mapping[:, :2] *= first[None, :]
    mapping /= second[:, None]
    return mapping
