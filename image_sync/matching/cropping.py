"""Crop and frame detection between two versions: which one shows less (crop, border, letterbox, caption).

Of a crop and what it was cut from the crop lies wholly inside the other; of a picture and the same in a border it is
the better one that does.  What lies around it tells them apart: a frame is plain, on opposite sides.  A caption lies on
the picture itself, as a plain band where the other shows something.

Nothing here decides whether two pictures are the same.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import alignment, overlap, parts
from image_sync.matching.detail import Bytes, Floats
from image_sync.pictures.code_layout import SIDE

VERSION = 2
"""Raised whenever a pair would get another verdict."""
MORE = 0.06
"""Share of a picture by which one must reach beyond the other to show more of the scene: two pixels of 64 at one side,
and what a map is off by."""
BORDER = 0.02
"""The same where a frame speaks for it: a border of a hundredth all around."""
AS_WELL = 0.05
"""Share of the blocks by which an aligned map must agree better than none."""
FILLED = 0.88
"""Share of what is inside a frame, and of the other picture, that lies on one another when it is that picture."""
GROUND = 0.5
"""Share of the rim inside a frame that has the frame's grey; more is a thing on a plain ground, not a frame."""
ONE_SIDED = 3
"""Lines of 64 on one side, and none on the other, that are no frame; one or two may be an error of the map."""
LEAST_BAND = 3
"""Lines of 64 from which on a band may be a caption."""
BAND_EDGE, BAND_GROUND, BAND_LEVELS = 0.8, 0.35, 4.0
"""Share of the outermost line, and of the whole of a band on one side, that is its plain ground, within so many grey
levels; the rest is text."""
BAND_INSIDE, ACROSS = 0.55, 0.95
"""Share of a line that must lie on the other picture to be none of the band's, and of the lines across that do."""
BAND_RIM = 0.3
"""Share of the line beside the band that has its grey; more is a sky that goes on."""
UNLIKE = 0.5
"""Correlation below which a line shows something else than the other picture there."""
LEAST_SHOWN, FLAT = 6.0, 3.0
"""Deviations in grey levels of a line that shows something, and of a line of a caption above or below its text."""


class ShowsLess(IntEnum):
    """The verdict on two pictures: the one that shows less, if either."""

    NEITHER = 0
    FIRST = 1
    SECOND = 2


def maps(first: Bytes, second: Bytes) -> tuple[Floats, NDArray[np.bool_]]:
    """The maps (n, 2, 3) that lay the second over the first, and which of them do so surely.

    A caption pulls at a map, and so do borders; where the two agree as they lie, they lie so.
    """
    straight = alignment.straight(len(first))
    aligned = alignment.maps(first.astype(np.float32), second.astype(np.float32))
    as_they_lie, laid = overlap.common_under(first, second, straight), overlap.common_under(first, second, aligned)
    better = laid.share > as_they_lie.share + AS_WELL
    blocks = np.where(better, laid.blocks, as_they_lie.blocks)
    sure = (blocks >= overlap.FEWEST_BLOCKS) & (np.maximum(laid.share, as_they_lie.share) >= overlap.LEAST_SHARE)
    return np.where(better[:, None, None], aligned, straight), sure


def shows_less(first: Bytes, second: Bytes, mapping: Floats) -> NDArray[np.int8]:
    """Verdicts ``ShowsLess`` (n,) on pairs of smalls (n, 64, 64) under maps (n, 2, 3) from the first to the second."""
    seen, inside = alignment.warped(second.astype(np.float32), mapping)
    within = alignment.warped(first.astype(np.float32), alignment.inverse(mapping))[1]
    farther = inside.mean(axis=(1, 2)) - within.mean(axis=(1, 2))
    verdicts = np.zeros(len(first), np.int8)
    for place in np.flatnonzero(np.abs(farther) < MORE):
        verdicts[place] = _by_caption(first[place], seen[place])
    verdicts[farther >= MORE] = ShowsLess.FIRST
    verdicts[farther <= -MORE] = ShowsLess.SECOND
    larger = np.flatnonzero(farther >= BORDER)
    verdicts[larger[_framed(second[larger], first[larger], within[larger])]] = ShowsLess.SECOND
    larger = np.flatnonzero(farther <= -BORDER)
    verdicts[larger[_framed(first[larger], second[larger], inside[larger])]] = ShowsLess.FIRST
    return verdicts


# --- frames -----------------------------------------------------------------------------------------------------------


def _framed(smalls: Bytes, others: Bytes, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask of the ``smalls`` that are the other one in a plain frame, which lies on opposite sides at least.

    Either what is inside the frame is the other picture, or all is plain that is not ``inside``, where the other lies.
    """
    box = parts.framed(smalls)[1]
    opposite = (box[:, :2] > 0) & (box[:, 2:] < 1)
    framed = np.array(
        [_lies_between(part) and _is_frame(small, part) for small, part in zip(smalls, inside, strict=True)], np.bool_
    )
    which = np.flatnonzero(opposite.any(axis=1) & ~framed)
    common = overlap.common_part(parts.cropped(smalls[which], box[which]), others[which])
    copies = (common.share >= overlap.LEAST_SHARE) & (common.blocks >= overlap.FEWEST_BLOCKS)
    copies &= common.least_cover >= FILLED
    framed[which] = [
        copy and _is_frame(smalls[place], _box_mask(box[place])) for place, copy in zip(which, copies, strict=True)
    ]
    for place in np.flatnonzero(~framed):
        framed[place] = _has_band(smalls[place], inside[place])
    return framed


def _has_band(small: Bytes, inside: NDArray[np.bool_]) -> bool:
    """Whether all that is beyond the part ``inside`` is a plain band on one side, with a text on it or without."""
    lines = [inside.mean(axis=axis) >= BAND_INSIDE for axis in (0, 1)]
    for axis, along in enumerate(lines):
        places = np.flatnonzero(along)
        if lines[1 - axis].mean() < ACROSS or not len(places):
            continue
        rows = small if axis == 1 else small.T
        # A line at either end may be an error of the map.
        before, after = places[0] > 1, places[-1] < SIDE - 2
        if after and not before:
            return _is_band(rows[places[-1] + 1 :][::-1], rows[max(places[-1] - 1, 0)])
        if before and not after:
            return _is_band(rows[: places[0]], rows[min(places[0] + 1, SIDE - 1)])
    return False


def _is_band(band: Bytes, beside: Bytes) -> bool:
    """Whether lines, the outermost first, hold one plain grey, and a line of the picture beside them another."""
    if not len(band):
        return False
    ground = np.median(band[0])
    outermost, all_lines, picture = (
        float((np.abs(part.astype(np.float32) - ground) <= BAND_LEVELS).mean()) for part in (band[0], band, beside)
    )
    return outermost >= BAND_EDGE and all_lines >= BAND_GROUND and picture <= BAND_RIM


def _lies_between(inside: NDArray[np.bool_]) -> bool:
    """Whether what is around the part ``inside`` is not on one of two opposite sides only, as it is around a corner."""
    for axis in (0, 1):
        places = np.flatnonzero(inside.any(axis=axis))
        before, after = (places[0], len(inside) - 1 - places[-1]) if len(places) else (0, 0)
        if min(before, after) == 0 and max(before, after) >= ONE_SIDED:
            return False
    return True


def _box_mask(box: Floats) -> NDArray[np.bool_]:
    left, top, right, bottom = (round(float(edge) * SIDE) for edge in box)
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[top:bottom, left:right] = True
    return mask


def _is_frame(small: Bytes, inside: NDArray[np.bool_]) -> bool:
    """Whether all around the part ``inside`` is plain, and its grey does not go on inside."""
    # Where the edge lies is known to a pixel.
    around = ~_grown(inside) if not _grown(inside).all() else ~inside
    rim = inside & ~_shrunk(_shrunk(_shrunk(inside)))
    if not around.any() or not rim.any():
        return False
    near = np.abs(small.astype(np.int16) - np.median(small[around])) <= parts.PLAIN_LEVELS
    return bool(near[around].mean() >= parts.PLAIN_SHARE and near[rim].mean() <= GROUND)


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``mask`` and a pixel around it."""
    padded = np.pad(mask, 1)
    return padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:] | mask


def _shrunk(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return ~_grown(~mask)


# --- captions ---------------------------------------------------------------------------------------------------------


def _by_caption(first: Bytes, seen: Floats) -> ShowsLess:
    """The verdict by caption: the one that hides something under a band on one side, with a text or without."""
    one = first.astype(np.float32)
    said = {_at_head(np.rot90(one, turn), np.rot90(seen, turn)) for turn in range(4)} - {ShowsLess.NEITHER}
    return said.pop() if len(said) == 1 else ShowsLess.NEITHER


def _at_head(one: Floats, other: Floats) -> ShowsLess:
    depth = _unlike_lines(one, other)
    flat = [float(picture[: max(depth, 1)].std(axis=1).min()) for picture in (one, other)]
    if not LEAST_BAND <= depth < SIDE // 2 or min(flat) > FLAT or max(flat) < LEAST_SHOWN:
        return ShowsLess.NEITHER
    return ShowsLess.FIRST if flat[0] < flat[1] else ShowsLess.SECOND


def _unlike_lines(one: Floats, other: Floats) -> int:
    """The number of lines from the head on that differ in the two, but for a few."""
    first, second = (picture - picture.mean(axis=1, keepdims=True) for picture in (one, other))
    spread = np.sort((first.std(axis=1), second.std(axis=1)), axis=0)
    like = (first * second).mean(axis=1) >= UNLIKE * spread[1] * np.maximum(spread[0], FLAT)
    unlike = ~like & (spread[1] >= LEAST_SHOWN)
    lines = np.arange(1, len(one) + 1)
    reached = np.flatnonzero(unlike & (np.cumsum(unlike) >= parts.MOSTLY * lines))
    return int(reached[-1]) + 1 if len(reached) else 0
