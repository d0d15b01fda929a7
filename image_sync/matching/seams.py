"""Seams in a picture: straight edges at which one picture ends and another, or a ground, begins.

Around a crop the scene goes on in the picture that it was cut from; around a small picture in a story or a collage it
ends, and along all of its edge what is on either side has nothing in common.  Across each piece of an edge the levels
on both sides are compared, in the mean of some pixels, so that texture cancels out; the same a few pixels beside says
how much is usual there.

Needs OpenCV.  Nothing here reads a file.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

SEAM = 2.5
"""Times as steep as beside it that an edge must be, for the end of a place in a collage."""
SEAM_AROUND = 2.0
"""The same for the middle one of the edges around a small picture: of 480 parts of photos all have less, of 270 small
pictures on a ground or in another photo 19 of 20 have more."""
_REACH, _NEAR = 9, 2
# Pixels to either side that are compared, and those where the edge itself may be.
_PIECE = 12
_LEAST_LENGTH = 24
_USUAL = 1.0
_RIM = 4
# Pixels at the rim of the picture where an edge is its own.
_SHOWN = 0.3
# Share of an edge that must lie in the picture.
_AS_STEEP = 0.6
_ROUNDS = 2
_SOUGHT = 8.0
# Pixels around a side of a box in which its seam is.


def around(picture: Grey, corners: Points) -> bool:
    """Whether there are seams along the quadrilateral with these ``corners`` (4, 2), where it lies in the picture."""
    found = [_steepness(picture, *ends) for ends in _edges_inside(picture, corners)]
    told = [one for one in found if one is not None]
    return bool(told) and float(np.median(told)) >= SEAM_AROUND


def place(picture: Grey, about: Box) -> Box | None:
    """The place (left, top, right, bottom) that ends at seams near the sides of the box ``about`` it, or where the
    picture itself does; ``None`` where there is none."""
    box = list(about)
    seams_found = [False] * 4
    for _ in range(_ROUNDS):
        for side in range(4):
            axis, outwards = side % 2, 1 if side >= 2 else -1
            across = (box[1 - axis], box[3 - axis])
            found = _steepest(
                picture, axis, (about[side] + outwards * _SOUGHT, about[side] - outwards * _SOUGHT), across
            )
            seams_found[side] = found is not None
            box[side] = about[side] if found is None else found
    rim = (0.0, 0.0, float(picture.shape[1]), float(picture.shape[0]))
    ends = [seam or abs(box[side] - rim[side]) <= _RIM for side, seam in enumerate(seams_found)]
    if not any(seams_found) or not all(ends) or box[2] - box[0] < _LEAST_LENGTH or box[3] - box[1] < _LEAST_LENGTH:
        return None
    return box[0], box[1], box[2], box[3]


def _steepest(picture: Grey, axis: int, between: tuple[float, float], across: tuple[float, float]) -> float | None:
    """The steepest line, or one nearly as steep that is nearer to the second of ``between``, along which there is a
    seam; ``axis`` 0 for upright lines."""
    grey = picture if axis == 0 else picture.T
    outer, inner = (int(np.clip(round(at), 0, grey.shape[1] - 1)) for at in between)
    low, high = max(0, round(across[0]) + _RIM), min(grey.shape[0], round(across[1]) - _RIM)
    first, last = max(min(outer, inner), _RIM), min(max(outer, inner), grey.shape[1] - 1 - _RIM)
    if high - low < _LEAST_LENGTH or last - first < 1:
        return None
    begin, end = max(0, first - _REACH - 1), min(grey.shape[1], last + _REACH + 2)
    values = grey[low:high, begin:end].astype(np.float32)
    change = values[:, 2:] - values[:, :-2]
    pieces = len(change) // _PIECE
    steep = np.abs(change[: pieces * _PIECE].reshape(pieces, _PIECE, -1).mean(axis=1)).mean(axis=0)
    ratio = steep / (np.median(steep) + _USUAL)
    lines = np.arange(begin + 1, begin + 1 + len(steep))
    there = (lines >= first) & (lines <= last) & (ratio >= SEAM)
    if not there.any():
        return None
    there = np.flatnonzero(there & (ratio >= _AS_STEEP * ratio[there].max()))
    nearest = there[np.argmin(np.abs(lines[there] - inner))]
    # The picture ends a pixel before its seam.
    return float(lines[nearest] + (-1 if inner <= outer else 1))


def _edges_inside(picture: Grey, corners: Points) -> list[tuple[Points, Points]]:
    height, width = picture.shape
    edges = []
    for k in range(4):
        points = corners[k] + (corners[(k + 1) % 4] - corners[k]) * np.linspace(0, 1, 50)[:, None]
        inside = (points >= _RIM).all(axis=1) & (points < (width - _RIM - 1, height - _RIM - 1)).all(axis=1)
        if inside.mean() >= _SHOWN:
            which = np.flatnonzero(inside)
            edges.append((points[which[0]], points[which[-1]]))
    return edges


def _steepness(picture: Grey, start: Points, end: Points) -> float | None:
    """Times as steep as beside it that the picture is across the line; ``None`` where it is too short to tell."""
    import cv2

    length = float(np.linalg.norm(end - start))
    if length < _LEAST_LENGTH:
        return None
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    line = start + along * np.arange(2, length - 2)[:, None]
    places = line[None] + across * np.arange(-_REACH - 1, _REACH + 2)[:, None, None]
    values = cv2.remap(
        picture,
        places[..., 0].astype(np.float32),
        places[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    change = values[2:] - values[:-2]
    pieces = change.shape[1] // _PIECE
    steep = np.abs(change[:, : pieces * _PIECE].reshape(len(change), pieces, _PIECE).mean(axis=2)).mean(axis=1)
    near = slice(_REACH - _NEAR, _REACH + _NEAR + 1)
    beside = np.concatenate((steep[: _REACH - _NEAR - 1], steep[_REACH + _NEAR + 2 :]))
    return float(steep[near].max() / (np.median(beside) + _USUAL))
