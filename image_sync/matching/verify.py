"""Verification of the pairs that the hashes propose: whether they are the same picture.

The hashes see where a picture is light and where it is dark.  That is enough for most photos and misleads with pages
of text, screens of one application, skies, night and blank paper.  So a pair at or above the user's threshold is
verified on the small pictures that are remembered of it: does what they show in detail agree, block by block, with the
second laid over the first (``alignment``, ``detail``)?

The threshold keeps its meaning.  From the default upwards verification is what was measured best; below it it
grows laxer in proportion and at the lowest threshold there is none, so that who asks for more candidates gets them.
Only one guard never yields: a picture with hardly any texture matches nobody by hashes.

How the limits were chosen (309 photos, parts of photos and made scenes in 53 edits each; 3.1 million pairs of different
photos; made pages, screens, skies): of re-encoded, resized, filtered, slightly cropped or straightened pictures 99 of
100 agree in 0.8 of their blocks or more, of violently toned ones in 0.67; of different photos with near hashes none
agree in more than 0.3, of different pages and screens none in more than 0.75.

Nothing here reads a file; a pair's verdict is the same whichever of the two comes first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.base.model import Fingerprint
from image_sync.matching import alignment, detail, parts
from image_sync.matching.detail import Agreement, Bytes, Floats
from image_sync.matching.search import radius_for
from image_sync.matching.threshold import DEFAULT_THRESHOLD, LOWEST_THRESHOLD
from image_sync.pictures.code_layout import CODE_BITS, OUTLINE_BITS, SIDE
from image_sync.pictures.hashes import turned

VERSION = 2
"""Raised whenever a pair would get another verdict: those that are remembered of older ones are void then."""
LEAST_TEXTURE = 6.0
"""Standard deviation of the small picture below which it matches nobody by hashes: all blank pages and most night shots
are below it, no real photo with something on it is."""
AGREEING = 0.8
"""Share of the blocks that must agree where nothing else speaks for the pair."""
AGREEING_IN_OUTLINE = 0.5
"""Share that is enough when the finer hash agrees as well: a caption or a watermark may hide the rest."""
OUTLINE = 90
"""Bits of 256 by which the finer hash may differ to speak for the pair (``detail.outlines``); ORGANIZE's default."""
FEWEST_BLOCKS = 4
"""Blocks that must show something for their agreement to say anything."""
SAME_GREY = 1.5
"""Root mean square difference, in grey levels, within which small pictures that show nothing are the same."""


Verdicts = NDArray[np.bool_]


def confirm(first: Fingerprint, second: Fingerprint, score: float, threshold: float, turn: int = 0) -> bool:
    """Whether two pictures whose codes are ``score`` similar are the same at ``threshold``.

    ``turn`` is the position (0-7, see ``pictures.hashes``) in which the second is compared with the first.
    """
    distance = np.array([round((1 - score) * CODE_BITS)])
    other = _as_array(turned(second.small, turn))
    return bool(confirm_many(_as_array(first.small), other, distance, threshold)[0])


def confirm_many(first: Bytes, second: Bytes, distances: NDArray[np.integer[Any]], threshold: float) -> Verdicts:
    """``confirm`` for many pairs at once.

    ``first`` and ``second`` are small pictures (n, 64, 64), the second in the position in which they are compared;
    ``distances`` (n,) are those of their codes, in bits.
    """
    limits = _limits(threshold)
    verdicts = np.asarray(distances) <= radius_for(threshold)
    candidates = np.flatnonzero(verdicts)
    for start in range(0, len(candidates), detail.PAIRS_TOGETHER):
        batch = candidates[start : start + detail.PAIRS_TOGETHER]
        verdicts[batch] = _verified(first[batch], second[batch], limits)
    return verdicts


def has_texture(fingerprint: Fingerprint) -> bool:
    """Whether the picture has enough texture for its hashes to say anything."""
    return fingerprint.texture >= LEAST_TEXTURE


# --- limits -----------------------------------------------------------------------------------------------------------


class _Limits(NamedTuple):
    """The limits that a pair must reach; see the constants."""

    agreeing: float
    agreeing_in_outline: float
    outline: float
    same_grey: float


def _limits(threshold: float) -> _Limits:
    rigour = (threshold - LOWEST_THRESHOLD) / (DEFAULT_THRESHOLD - LOWEST_THRESHOLD)
    rigour = min(1.0, max(0.0, rigour))
    return _Limits(
        agreeing=AGREEING * rigour,
        agreeing_in_outline=AGREEING_IN_OUTLINE * rigour,
        outline=OUTLINE + (OUTLINE_BITS - OUTLINE) * (1 - rigour),
        same_grey=SAME_GREY / rigour if rigour else np.inf,
    )


# --- verification -----------------------------------------------------------------------------------------------------


def _verified(first: Bytes, second: Bytes, limits: _Limits) -> Verdicts:
    """Verdicts on pairs whose hashes agree.

    Two pictures in the same plain frame agree in its edges whatever they show, so what is inside must agree as well.
    """
    pair = _Pair.of(first, second)
    agreement = _as_they_lie(pair)
    showing = agreement.blocks >= FEWEST_BLOCKS
    textured = np.minimum(_texture(first), _texture(second)) >= LEAST_TEXTURE
    same = np.where(showing, _agrees(pair, agreement, textured, limits), _same_grey(pair, limits)) & textured
    _reject_shared_frames(first, second, same, limits)
    return same


def _reject_shared_frames(first: Bytes, second: Bytes, same: Verdicts, limits: _Limits) -> None:
    """Take back the verdicts on pairs that are the ``same`` by their frames only."""
    found = np.flatnonzero(same)
    framed, boxes = parts.framed_alike(first[found], second[found])
    found, boxes = found[framed], boxes[framed]
    if len(found):
        pair = _Pair.of(parts.cropped(first[found], boxes), parts.cropped(second[found], boxes))
        agreement = _as_they_lie(pair)
        same[found] = _agrees(pair, agreement, agreement.blocks >= FEWEST_BLOCKS, limits)


def _as_they_lie(pair: _Pair) -> Agreement:
    return detail.agreement(pair.detail_first, pair.detail_second)


def _agrees(pair: _Pair, agreement: Agreement, asked: Verdicts, limits: _Limits) -> Verdicts:
    """Verdicts by the detail, on the pairs ``asked`` for: as they lie, which settles most, then more closely."""
    same = agreement.share >= limits.agreeing
    unsettled = np.flatnonzero(asked & (agreement.blocks >= FEWEST_BLOCKS) & ~same)
    if len(unsettled):
        chosen = Agreement(agreement.blocks[unsettled], agreement.share[unsettled])
        same[unsettled] = _verified_aligned(pair.chosen(unsettled), chosen, limits)
    return same & asked


def _verified_aligned(pair: _Pair, as_they_lie: Agreement, limits: _Limits) -> Verdicts:
    """Verdicts on pairs of which too few blocks agree as they lie: the finer hash is asked, then the maps."""
    wanted = _share_wanted(pair, as_they_lie.blocks, limits)
    same = as_they_lie.share >= wanted
    unsettled = np.flatnonzero(~same)
    if len(unsettled):
        same[unsettled] = _share_laid_over(pair.chosen(unsettled)) >= wanted[unsettled]
    return same


class _Pair(NamedTuple):
    """Pairs of small pictures (n, 64, 64), grey and in detail."""

    first: Floats
    second: Floats
    detail_first: Floats
    detail_second: Floats

    @classmethod
    def of(cls, first: Bytes, second: Bytes) -> _Pair:
        one, other = first.astype(np.float32), second.astype(np.float32)
        return cls(one, other, detail.detail(one), detail.detail(other))

    def chosen(self, which: NDArray[np.int64]) -> _Pair:
        return _Pair(*(part[which] for part in self))

    def swapped(self) -> _Pair:
        return _Pair(self.second, self.first, self.detail_second, self.detail_first)


def _texture(smalls: Bytes) -> Floats:
    deviation: Floats = smalls.reshape(len(smalls), -1).std(axis=1, dtype=np.float32)
    return deviation


def _share_wanted(pair: _Pair, blocks: NDArray[np.int64], limits: _Limits) -> Floats:
    """The share of blocks (n,) that must agree: less where the finer hash speaks for the pair too."""
    plain = np.minimum(detail.plainness(pair.first), detail.plainness(pair.second))
    fewer = limits.agreeing_in_outline + np.maximum(plain - detail.PLAIN, 0)
    outlined = detail.apart(detail.outlines(pair.first), detail.outlines(pair.second)) <= limits.outline
    outlined &= blocks >= detail.ENOUGH
    return np.where(outlined, np.minimum(fewer, limits.agreeing), limits.agreeing).astype(np.float32)


def _same_grey(pair: _Pair, limits: _Limits) -> Verdicts:
    difference = (pair.first - pair.second).reshape(len(pair.first), -1)
    near: Verdicts = np.mean(difference * difference, axis=1) <= limits.same_grey**2
    return near


def _share_laid_over(pair: _Pair) -> Floats:
    """The share of blocks that agree with the second laid over the first, or the first over the second if that is more.

    A map found in one direction only is common: the side with the border, or with less of the scene, leads it astray.
    """
    return np.maximum(_share_one_way(pair), _share_one_way(pair.swapped()))


def _share_one_way(pair: _Pair) -> Floats:
    seen, inside = alignment.warped(pair.detail_second, alignment.maps(pair.first, pair.second))
    agreement = detail.agreement(pair.detail_first, seen, inside)
    return np.where(agreement.blocks >= FEWEST_BLOCKS, agreement.share, np.float32(0))


def _as_array(small: bytes) -> Bytes:
    return np.frombuffer(small, np.uint8).reshape(1, SIDE, SIDE)
