"""Toning between two versions of a picture: the curve that takes the grey levels of one to those of the other.

A copy may be brighter, harder or equalised, so levels are compared after the curve.  The curve must be that of the
whole picture: a level that occurs in one place only says nothing, since that place may be what differs.  Needs OpenCV.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Places = NDArray[np.intp]

CELLS = 12
"""Cells along a side over which a level must be spread to have a say."""
SPREAD = 8
"""Cells in which it must occur."""
CELL_PIXELS = 6
"""Pixels of a cell that have a say in a level."""
_BINS = 32


def curve(source: Grey, wanted: Grey, lines: int = 1) -> Grey:
    """The rising curve (256,) from the levels of ``source`` to those of ``wanted``; both show the same, pixel by pixel.

    ``lines`` is in how many rows and columns of cells a level must occur.
    """
    bins = _bins(source)
    places = _first_places(*source.shape) + bins
    counts = _counts(places)
    spread = _spread(counts, lines)
    if spread.sum() < 2:
        return np.arange(256, dtype=np.uint8)
    # Each cell has the same say in a level, so that one large even part does not outvote all others.
    share = (np.minimum(counts, CELL_PIXELS) / np.maximum(counts, 1)).ravel().take(places)
    both = (bins << 8) + wanted.ravel()
    joint = np.bincount(both, weights=share, minlength=_BINS * 256).reshape(_BINS, 256)
    total = joint.sum(axis=1)
    median = (joint.cumsum(axis=1) >= np.maximum(total[:, None], 1e-9) / 2).argmax(axis=1)
    share *= source.ravel()
    sums = np.bincount(bins, weights=share, minlength=_BINS)
    levels = (sums / np.maximum(total, 1e-9))[spread]
    return _through(levels, _rising(median[spread].astype(np.float64), total[spread]))


def richness(grey: Grey) -> int:
    """Number of 32 steps of grey occur all over the picture."""
    return int(_spread(_counts(_first_places(*grey.shape) + _bins(grey)), 1).sum())


def strength(toned: Grey, source: Grey) -> float:
    """The levels by which a curve changes the pixels of a picture, in the mean."""
    changes = np.abs(toned.astype(np.int16) - np.arange(256))
    return float((changes * histogram(source)).sum() / source.size)


def histogram(grey: Grey) -> NDArray[np.int64]:
    """The number of pixels of each level (256,)."""
    import cv2

    counts = cv2.calcHist([grey], [0], None, [256], [0, 256])
    return np.asarray(counts, np.int64).ravel()


def _bins(grey: Grey) -> Places:
    """The bin of each pixel, row after row."""
    return (grey.ravel() >> 3).astype(np.intp)


@lru_cache(maxsize=2)
def _first_places(height: int, width: int) -> Places:
    """The place of the first bin of each pixel's cell among those of all cells.  Kept: the curves between two pictures
    are asked for in both directions, and most are compared at few sizes."""
    rows, columns = (np.arange(side) * CELLS // side * _BINS for side in (height, width))
    return (rows[:, None] * CELLS + columns[None]).ravel()


def _counts(places: Places) -> NDArray[np.int64]:
    """The pixels of each bin in each cell (rows, columns, bins)."""
    return np.bincount(places, minlength=CELLS * CELLS * _BINS).reshape(CELLS, CELLS, _BINS)


def _spread(counts: NDArray[np.int64], lines: int) -> NDArray[np.bool_]:
    """The bins of levels that occur all over the picture."""
    occurs = counts >= 2
    enough = occurs.sum(axis=(0, 1)) >= SPREAD
    along = [occurs.any(axis=axis).sum(axis=0) >= lines for axis in (0, 1)]
    return np.asarray(enough & along[0] & along[1])


def _rising(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest values that never fall (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            high, low = pools.pop(), pools.pop()
            both = high[1] + low[1]
            pools.append(((high[0] * high[1] + low[0] * low[1]) / both, both, high[2] + low[2]))
    return np.concatenate([np.full(count, value) for value, _, count in pools])


def _through(levels: NDArray[np.float64], values: NDArray[np.float64]) -> Grey:
    """The curve through those points; beyond the outermost it goes on in parallel to none."""
    scale = np.arange(256.0)
    found = np.interp(scale, levels, values)
    found[scale < levels[0]] += scale[scale < levels[0]] - levels[0]
    found[scale > levels[-1]] += scale[scale > levels[-1]] - levels[-1]
    rounded: Grey = np.rint(np.clip(found, 0, 255)).astype(np.uint8)
    return rounded
