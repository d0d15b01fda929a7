"""Crop windows and frame detection on small pictures: the parts that are compared when the wholes can't be.

Four hashes see a picture as a whole, so a border, a letterbox or a crop of a tenth hides what two pictures share.  Here
the whole of one is compared with a part of the other instead: the part inside a plain frame, and two dozen windows so
close to one another that every crop by a fifth or less lies near one of them.  Nothing here decides anything.

Boxes are (left, top, right, bottom) as shares of the sides, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.hashes import codes_of_many

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Boxes = NDArray[np.float32]

WHOLE = (0.0, 0.0, 1.0, 1.0)
PLAIN_LEVELS = 10
"""Grey levels by which a pixel of a frame may differ from the frame's own grey: what JPEG does beside an edge."""
PLAIN_SHARE = 0.8
"""Share of a line that must be plain for it to belong to a frame; a screenshot's bars carry a clock and symbols."""
MOSTLY = 0.8
"""Share of a frame's lines that must be plain: the line of the clock is not."""
LEAST_LEFT = 0.2
"""Share of a side that a frame must leave, else it is no frame but an empty picture.  Of an upright telephone's screen
a photo across takes a quarter."""

SAME_EDGE = 3.5 / SIDE
SAME_LEVELS = 16
"""Share of a side, and grey levels, by which two frames may differ and be the same: farther apart, their edges
don't lie over one another."""

LIKELY = 0.5
"""Share of an outermost line that is plain where there may be a frame."""

_BATCH = 256


def _windows() -> Iterator[tuple[float, float, float, float]]:
    """Crops of a tenth and of a fifth, along both sides and along one, and of 4:3 to 16:9: 26 boxes.

    Of 313 pictures cropped by a tenth (in the middle, at a corner) and by a fifth (in the middle) all were within 34
    bits of a window.  A crop of another shape may lie farther off: one of 0.80 by 0.89 of a made scene was 47 bits off.
    """
    for left in (0.0, 0.05, 0.1):
        for top in (0.0, 0.05, 0.1):
            if (left == 0.05) == (top == 0.05):
                yield left, top, left + 0.9, top + 0.9
    for left in (0.0, 0.1, 0.2):
        yield from ((left, top, left + 0.8, top + 0.8) for top in (0.0, 0.1, 0.2))
    for size, places in ((0.9, (0.0, 0.1)), (0.8, (0.0, 0.1, 0.2)), (0.75, (0.125,))):
        for place in places:
            yield place, 0.0, place + size, 1.0
            yield 0.0, place, 1.0, place + size


WINDOWS = tuple(_windows())
BANDS = ((0.0, 0.0, 1.0, 0.8), (0.0, 0.2, 1.0, 1.0))
"""What a caption at the foot or at the head leaves."""


def boxes_for(box: tuple[float, float, float, float], count: int) -> Boxes:
    """One box for ``count`` pictures, as (count, 4)."""
    return np.broadcast_to(np.array(box, np.float32), (count, 4))


def cropped(smalls: Bytes, boxes: Boxes) -> Bytes:
    """The parts of ``smalls`` (n, 64, 64) that lie in ``boxes`` (n, 4), enlarged to (n, 64, 64)."""
    parts = np.empty(smalls.shape, np.uint8)
    for start in range(0, len(smalls), _BATCH):
        batch = slice(start, start + _BATCH)
        across = _sampling(boxes[batch, 0], boxes[batch, 2])
        down = _sampling(boxes[batch, 1], boxes[batch, 3])
        values = np.matmul(np.matmul(down, smalls[batch].astype(np.float32)), across.transpose(0, 2, 1))
        parts[batch] = np.rint(np.clip(values, 0, 255))
    return parts


def codes_of_parts(smalls: Bytes, boxes: Boxes) -> Bytes:
    """The codes (n, 32) of the parts of ``smalls`` in ``boxes``."""
    return codes_of_many(cropped(smalls, boxes))


def framed(smalls: Bytes) -> tuple[NDArray[np.bool_], Boxes]:
    """A mask of the ``smalls`` (n, 64, 64) with a plain frame on one side or more, and the boxes (n, 4) inside it."""
    boxes = np.empty((len(smalls), 4), np.float32)
    values = smalls.astype(np.int16)
    for start in range(0, len(smalls), _BATCH):
        batch = values[start : start + _BATCH]
        part = boxes[start : start + _BATCH]
        for edge, lines in enumerate((batch.transpose(0, 2, 1), batch)):
            part[:, edge] = _frame(lines)
            part[:, edge + 2] = 1 - _frame(lines[:, ::-1])
    left = boxes[:, 2:] - boxes[:, :2]
    has_frame = (left.min(axis=1) >= LEAST_LEFT) & (left.min(axis=1) < 1)
    boxes[~has_frame] = WHOLE
    return has_frame, boxes


def framed_alike(first: Bytes, second: Bytes) -> tuple[NDArray[np.bool_], Boxes]:
    """A mask of the pairs of smalls (n, 64, 64) in the same plain frame, and the boxes (n, 4) inside both of the two.

    The same is a frame that lies on opposite sides, as wide and as grey in both; what is plain on one side only may be
    a sky.  The boxes leave out the line in which frame and picture are mixed.
    """
    alike, boxes = np.zeros(len(first), np.bool_), np.tile(np.array(WHOLE, np.float32), (len(first), 1))
    likely = np.flatnonzero(_likely_framed(first) & _likely_framed(second))
    alike[likely], boxes[likely] = _framed_alike(first[likely], second[likely])
    return alike, boxes


def _framed_alike(first: Bytes, second: Bytes) -> tuple[NDArray[np.bool_], Boxes]:
    inside = [framed(smalls)[1] for smalls in (first, second)]
    has = [np.concatenate((box[:, :2] > 0, box[:, 2:] < 1), axis=1) for box in inside]
    wide = np.abs(inside[0] - inside[1]) <= SAME_EDGE
    grey = np.abs(_greys(_edges(first)) - _greys(_edges(second))) <= SAME_LEVELS
    shared = has[0] & has[1] & wide & grey
    low = np.maximum(inside[0][:, :2], inside[1][:, :2])
    high = np.minimum(inside[0][:, 2:], inside[1][:, 2:])
    opposite = shared[:, :2] & shared[:, 2:] & (high - low >= LEAST_LEFT)
    seam = np.float32(1 / SIDE)
    boxes = np.concatenate((np.where(opposite, low + seam, 0), np.where(opposite, high - seam, 1)), axis=1)
    return opposite.any(axis=1), boxes.astype(np.float32)


def _likely_framed(smalls: Bytes) -> NDArray[np.bool_]:
    """A mask of the ``smalls`` that may have a frame on opposite sides: most of such an outermost line is plain.

    Nine of ten pictures have none, and the frames themselves take much longer.
    """
    edges = _edges(smalls).astype(np.int16)
    near = np.abs(edges - _greys(_edges(smalls))[:, :, None]) <= PLAIN_LEVELS
    plain = near.mean(axis=2) >= LIKELY
    return np.asarray((plain[:, :2] & plain[:, 2:]).any(axis=1))


def _edges(smalls: Bytes) -> Bytes:
    """The outermost lines (n, 4, 64): left, top, right, bottom."""
    return np.stack((smalls[:, :, 0], smalls[:, 0], smalls[:, :, -1], smalls[:, -1]), axis=1)


def _greys(edges: Bytes) -> NDArray[np.int16]:
    """The grey (n, 4) of each line: the upper median, which comes at a tenth of the cost of the mean of both."""
    return np.sort(edges, axis=2)[:, :, SIDE // 2].astype(np.int16)


def _frame(lines: NDArray[np.int16]) -> Floats:
    """The width of the frame at the beginning of ``lines`` (n, 64, 64), as a share of the side.

    The line after the last plain one is half frame, half picture in the mean.
    """
    grey = np.median(lines[:, 0], axis=1).astype(np.int16)
    near = np.abs(lines - grey[:, None, None]) <= PLAIN_LEVELS
    plain = near.mean(axis=2) >= PLAIN_SHARE
    ends = plain & (np.cumsum(plain, axis=1) >= MOSTLY * np.arange(1, SIDE + 1))
    reach = np.where(ends, np.arange(1, SIDE + 1), 0).max(axis=1)
    return np.where(reach, (reach + 0.5) / SIDE, 0).astype(np.float32)


def _sampling(low: Floats, high: Floats) -> Floats:
    """Matrices (n, 64, 64) that sample the stretch ``low`` to ``high`` (n,) of 64 pixels at 64 places, linearly."""
    places = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE
    at = low[:, None] + places * (high - low)[:, None]
    at = np.clip(at * SIDE - 0.5, 0, SIDE - 1)
    distance = np.abs(at[:, :, None] - np.arange(SIDE, dtype=np.float32))
    weights: Floats = np.maximum(1 - distance, 0).astype(np.float32, copy=False)
    return weights
