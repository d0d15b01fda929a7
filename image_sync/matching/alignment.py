"""Image alignment: the affine map that lays one small picture over another (crop, straightened horizon, shifted frame).

Two versions of one shot often differ by a few per cent of framing, and a comparison pixel by pixel then sees two
different pictures.  Here the affine map that lays the second over the first is found (Lucas-Kanade in its inverse
compositional form, see Baker and Matthews, "Lucas-Kanade 20 Years On", 2004), coarse to fine, for many pairs at once.
Whether what then lies over one another is the same picture is for others to say: a map comes out for any two pictures.

Coordinates run from -1 to 1 across the picture, so that one map holds at every size.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FARTHEST = 0.25
"""No entry of a map leaves that of the identity by more: a crop of 20 % is found, a wild stretch is not."""

_STEPS = ((16, 8), (32, 8))
# Side of the reduced pictures and iterations there.  At 32 a map is found to a fraction of a pixel, which blocks of 8
# pixels of 64 don't notice; beginning at 8 leads astray more often than it helps.
_RIM = 0.07
# Share of a side that is left out all around: there stand frames, and what one of the two doesn't have.
_LARGEST_ERROR = 1.0
# In standard deviations; what is farther off (a caption, a stamp) pulls no harder than that.
_DAMPING = 1e-3
_LONGEST_STEP = 0.08
# Share of the Hessian's mean diagonal that is added to it, and the greatest change of an entry in one iteration: both
# keep pictures with little texture, or with nothing in common, from running away.


def maps(first: Floats, second: Floats) -> Floats:
    """For each pair of pictures (n, 64, 64) the map (n, 2, 3) that takes a place in the first to that in the second."""
    found = straight(len(first))
    for side, iterations in _STEPS:
        _improve(_standardised(_reduced(first, side)), _standardised(_reduced(second, side)), found, iterations)
    return found


def warped(pictures: Floats, mapping: Floats) -> tuple[Floats, Mask]:
    """``pictures`` (n, s, s) as seen through the maps, and where they had something to show."""
    side = pictures.shape[1]
    x, y = _places(mapping, side)
    values, inside = _sampled(pictures, x, y)
    return values.reshape(pictures.shape), inside.reshape(pictures.shape)


def straight(count: int) -> Floats:
    """``count`` identity maps (n, 2, 3), which take each place to itself."""
    return np.broadcast_to(_identity(), (count, 2, 3)).copy()


def inverse(mapping: Floats) -> Floats:
    """The maps (n, 2, 3) that lead back."""
    turn = np.linalg.inv(mapping[:, :, :2])
    return np.concatenate((turn, -turn @ mapping[:, :, 2:]), axis=2).astype(np.float32)


@cache
def _identity() -> Floats:
    return np.array([[1, 0, 0], [0, 1, 0]], np.float32)


@cache
def _grid(side: int) -> Floats:
    """The places of all pixels, row by row, as (3, side²): x, y, 1."""
    across = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(across, across)
    return np.stack((x.ravel(), y.ravel(), np.ones(side * side, np.float32)))


@cache
def _core(side: int) -> Floats:
    """1 within, 0 on the rim, row by row."""
    rim = round(_RIM * side)
    core = np.zeros((side, side), np.float32)
    core[rim : side - rim, rim : side - rim] = 1
    return core.ravel()


def _places(mapping: Floats, side: int) -> tuple[Floats, Floats]:
    """Columns and rows (n, side²) in pixels where the maps take the pixels of a picture."""
    places = ((mapping @ _grid(side)) + 1) * (side / 2) - 0.5
    return places[:, 0], places[:, 1]


def _sampled(pictures: Floats, x: Floats, y: Floats) -> tuple[Floats, Mask]:
    """Bilinear values (n, k) at columns ``x`` and rows ``y``; outside, the nearest edge's."""
    count, side, _ = pictures.shape
    last = side - 1
    inside = (np.abs(x - last / 2) <= last / 2 + 0.5) & (np.abs(y - last / 2) <= last / 2 + 0.5)
    x, y = np.clip(x, 0, last - 1e-3), np.clip(y, 0, last - 1e-3)
    column, row = x.astype(np.int32), y.astype(np.int32)
    x -= column
    y -= row
    corner = row * side + column + (np.arange(count, dtype=np.int32) * (side * side))[:, None]
    flat = pictures.reshape(-1)
    upper, lower = flat[corner], flat[corner + side]
    upper += (flat[corner + 1] - upper) * x
    lower += (flat[corner + side + 1] - lower) * x
    upper += (lower - upper) * y
    return upper, inside


def _reduced(pictures: Floats, side: int) -> Floats:
    factor = pictures.shape[1] // side
    reduced: Floats = pictures.reshape(len(pictures), side, factor, side, factor).mean(axis=(2, 4))
    return reduced


def _standardised(pictures: Floats) -> Floats:
    """Mean 0 and deviation 1, so that neither brightness nor contrast pulls at the map."""
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    standardised: Floats = centred / (centred.std(axis=(1, 2), keepdims=True) + np.float32(1e-3))
    return standardised


def _improve(first: Floats, second: Floats, found: Floats, iterations: int) -> None:
    """Better the maps ``found`` in place."""
    count, side, _ = first.shape
    target = first.reshape(count, -1)
    steepest = _steepest(first)
    solver = _solver(steepest)
    for _ in range(iterations):
        values, inside = _sampled(second, *_places(found, side))
        error = np.clip((values - target) * inside, -_LARGEST_ERROR, _LARGEST_ERROR)
        step = np.matmul(solver, np.matmul(steepest, error[:, :, None]))[:, :, 0]
        np.clip(step, -_LONGEST_STEP, _LONGEST_STEP, out=step)
        found[:] = _composed(found, _inverse(step.reshape(count, 2, 3)))
        np.clip(found, _identity() - FARTHEST, _identity() + FARTHEST, out=found)


def _steepest(pictures: Floats) -> Floats:
    """The steepest-descent images (n, 6, side²): each pixel's change with the map's six entries; none on the rim."""
    count, side, _ = pictures.shape
    down, across = np.gradient(pictures, axis=(1, 2))
    gradients = np.stack((across.reshape(count, -1), down.reshape(count, -1)), axis=1) * np.float32(side / 2)
    steepest: Floats = (gradients[:, :, None, :] * (_grid(side) * _core(side))[None, None]).astype(
        np.float32, copy=False
    )
    return steepest.reshape(count, 6, -1)


def _solver(steepest: Floats) -> Floats:
    """The inverse of the damped Gauss-Newton Hessian, (n, 6, 6)."""
    hessian: Floats = np.matmul(steepest, steepest.transpose(0, 2, 1))
    diagonal = np.einsum("nii->ni", hessian)
    diagonal += _DAMPING * diagonal.mean(axis=1, keepdims=True) + np.float32(1e-3)
    return np.linalg.inv(hessian).astype(np.float32, copy=False)


def _inverse(step: Floats) -> Floats:
    """The map that undoes identity + ``step``."""
    a, b, c = (step[:, 0, k] for k in range(3))
    d, e, f = (step[:, 1, k] for k in range(3))
    a, e = a + 1, e + 1
    scale = 1 / (a * e - b * d)
    rows = (e * scale, -b * scale, (b * f - e * c) * scale, -d * scale, a * scale, (d * c - a * f) * scale)
    return np.stack(rows, axis=1, dtype=np.float32).reshape(-1, 2, 3)


def _composed(outer: Floats, inner: Floats) -> Floats:
    """The map that goes through ``inner`` and then ``outer``."""
    product: Floats = np.matmul(outer[:, :, :2], inner)
    product[:, :, 2] += outer[:, :, 2]
    return product
