"""Agreement and cover of the part that two pictures have in common: the verification of edited pictures.

A crop, a border or a caption leaves most blocks of the common part as they were, and leaves one of the two pictures
wholly inside the other.  Neighbouring views of one place have a common part too, but each shows what the other does
not; so the verdict asks for both, agreement and cover.

Scores are on the scale of the hashes' similarity, on which unrelated pictures have a half: half, plus half the share of
the blocks that agree.  At the default threshold of 0.85 seven blocks of ten must.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import alignment, detail, parts
from image_sync.matching.detail import Bytes, Floats

VERSION = 2
"""Raised whenever a pair would get another verdict."""
FEWEST_BLOCKS = 8
"""Blocks that must show something in the common part for their agreement to say anything."""
FEWEST_INSIDE = 4
"""The same inside of a frame that both have, where the rest has spoken already."""
LEAST_SHARE = 0.5
"""Share of the blocks that must agree whatever the threshold."""
LEAST_COVER = 0.9
"""Share of one of the two pictures that must lie inside the other: a crop lies there wholly, a map that is found to a
pixel or two loses some at the rim; neighbouring views of one place have a half or two thirds in common."""
PLAIN_SCORE = 0.9
"""The score that is enough however plain the ground: of different pages and screens no more than 0.76 of the blocks
agree, which is a score of 0.88."""
HOPELESS = 0.3
"""Share below which two parts are of different pictures: no two photos with near hashes have more."""


class Common(NamedTuple):
    """The common part of pairs: ``blocks`` (n,) that show something there, the ``share`` of them that agrees, and how
    much of one of the two lies inside the other (``cover``), and of the other in it (``least_cover``)."""

    blocks: NDArray[np.int64]
    share: Floats
    cover: Floats
    least_cover: Floats


def scores(common: Common) -> Floats:
    """The pairs' similarities (n,) from half to one; 0 where too little is common for a verdict."""
    enough = (common.blocks >= FEWEST_BLOCKS) & (common.share >= LEAST_SHARE) & (common.cover >= LEAST_COVER)
    return np.where(enough, 0.5 + common.share / 2, np.float32(0)).astype(np.float32)


def score_wanted(first: Bytes, second: Bytes, threshold: float) -> Floats:
    """The scores (n,) that pairs of small pictures must reach at ``threshold``: more where both have a plain ground."""
    plain = np.minimum(detail.plainness(first), detail.plainness(second))
    strict = max(threshold, PLAIN_SCORE)
    return np.minimum(threshold + np.maximum(plain - detail.PLAIN, 0) / 2, strict).astype(np.float32)


def common_part(first: Bytes, second: Bytes) -> Common:
    """The common part of pairs (n, 64, 64) that lie nearly as they should; the rest is found by alignment."""
    found = [
        _common(first[s : s + detail.PAIRS_TOGETHER], second[s : s + detail.PAIRS_TOGETHER], None)
        for s in range(0, len(first), detail.PAIRS_TOGETHER)
    ]
    return _joined(found)


def common_under(first: Bytes, second: Bytes, mapping: Floats) -> Common:
    """The common part of pairs (n, 64, 64) under maps (n, 2, 3) from the first to the second (see ``alignment``)."""
    found = [
        _common(
            first[s : s + detail.PAIRS_TOGETHER],
            second[s : s + detail.PAIRS_TOGETHER],
            mapping[s : s + detail.PAIRS_TOGETHER],
        )
        for s in range(0, len(first), detail.PAIRS_TOGETHER)
    ]
    return _joined(found)


def only_frames(first: Bytes, second: Bytes) -> NDArray[np.bool_]:
    """A mask of the pairs (n, 64, 64) that seem the same, but only share a plain frame around different pictures.

    The edges of a frame agree whatever it is around.  Where it ends is known to a pixel or two, so the insides are
    compared as each frame has it and as both have it.
    """
    alike, boxes = parts.framed_alike(first, second)
    which = np.flatnonzero(alike)
    one, other, boxes = first[which], second[which], boxes[which]
    insides = (
        common_part(parts.cropped(one, boxes), parts.cropped(other, boxes)),
        common_part(parts.cropped(one, parts.framed(one)[1]), parts.cropped(other, parts.framed(other)[1])),
    )
    agree = [(inside.share >= HOPELESS) & (inside.blocks >= FEWEST_INSIDE) for inside in insides]
    alike[which] = ~(agree[0] | agree[1])
    return alike


def _joined(found: list[Common]) -> Common:
    if not found:
        return Common(np.empty(0, np.int64), *(np.empty(0, np.float32) for _ in range(3)))
    return Common(*map(np.concatenate, zip(*found, strict=True)))


def _common(first: Bytes, second: Bytes, mapping: Floats | None) -> Common:
    one, other = first.astype(np.float32), second.astype(np.float32)
    there = alignment.maps(one, other) if mapping is None else mapping
    back = alignment.maps(other, one) if mapping is None else alignment.inverse(mapping)
    forth, home = _one_way(one, other, there), _one_way(other, one, back)
    better = (home.share > forth.share) & (home.blocks >= FEWEST_BLOCKS) | (forth.blocks < FEWEST_BLOCKS)
    return Common(
        np.where(better, home.blocks, forth.blocks),
        np.where(better, home.share, forth.share),
        np.maximum(forth.cover, home.cover),
        np.minimum(forth.cover, home.cover),
    )


def _one_way(first: Floats, second: Floats, mapping: Floats) -> Common:
    """The second seen through the map: its detail is that of what is seen, so that an enlarged part shows none it has
    not."""
    seen, inside = alignment.warped(second, mapping)
    agreement = detail.agreement(detail.detail(first), detail.detail(seen), inside)
    cover = inside.mean(axis=(1, 2), dtype=np.float32)
    return Common(agreement.blocks, agreement.share, cover, cover)
