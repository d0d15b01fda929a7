"""Fine detail of small pictures and its agreement, block by block: the evidence for or against a match.

Four 64-bit hashes see light and dark masses.  Pages of text, screens of one application and skies have the same masses
and different content, which is in the detail: the small picture less its blurred self.  It is compared in 8x8 blocks of
8x8 pixels, each by its own correlation, so that brightness, contrast and tone play no part, a caption spoils its blocks
only, and a text that differs spoils all blocks that it fills.  Nothing here decides; ``verify`` does.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from image_sync.pictures.code_layout import OUTLINE_SIDE, SIDE

PLAIN = 0.3
"""From this share of plain ground on in both pictures a page or a screen is likely and more blocks must agree."""
PAIRS_TOGETHER = 128
"""Pairs that are compared together: their arrays (128 x 16 KB each) stay in the processor's cache."""

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
_Pixel = TypeVar("_Pixel", bound=np.generic)

BLOCK = 8
SEEN, FAINT = 2.0, 1.0
"""Deviation of the detail in a block, in grey levels, from which on it shows something.  What JPEG at quality 10 spoils
in a picture reduced to 64x64 stays below 1.5 in 99 of 100 blocks, at quality 30 and with a sensor's noise below 0.5; so
the faint blocks are asked only in pictures that have not ``ENOUGH`` others."""
ENOUGH = 12
AGREES = 0.8
"""Correlation from which on two blocks show the same: 99 of 100 blocks of a photo re-encoded, resized, toned, cropped
and laid over have 0.85 and more, one of a thousand of another photo has 0.8."""


class Agreement(NamedTuple):
    """``blocks`` (n,): how many of the 64 show something in either picture; ``share`` (n,): the part that agrees."""

    blocks: NDArray[np.int64]
    share: Floats


def detail(smalls: Bytes | Floats) -> Floats:
    """The detail (n, 64, 64), in grey levels: a little smoothed, less everything wider than a block."""
    smoothed = _filtered(smalls.astype(np.float32), _narrow())
    return smoothed - _filtered(smoothed, _wide())


def agreement(first: Floats, second: Floats, inside: NDArray[np.bool_] | None = None) -> Agreement:
    """The agreement of two details (n, 64, 64); blocks that are not wholly ``inside`` don't count."""
    one, other = _blocks(first), _blocks(second)
    one = one - one.mean(axis=2, keepdims=True)
    other = other - other.mean(axis=2, keepdims=True)
    energy_one, energy_other = (one * one).mean(axis=2), (other * other).mean(axis=2)
    correlation = (one * other).mean(axis=2) / np.sqrt(energy_one * energy_other + np.float32(1e-9))
    counts = _shows(np.maximum(energy_one, energy_other))
    if inside is not None:
        counts &= _blocks(inside).all(axis=2)
    blocks = counts.sum(axis=1)
    agreeing = ((correlation >= AGREES) & counts).sum(axis=1)
    return Agreement(blocks, (agreeing / np.maximum(blocks, 1)).astype(np.float32))


def _shows(energy: Floats) -> NDArray[np.bool_]:
    """A mask of the blocks (n, 64) that show something, by the variance of their detail."""
    clear = energy >= SEEN**2
    few = clear.sum(axis=1, keepdims=True) < ENOUGH
    return np.where(few, energy >= FAINT**2, clear)


def outlines(smalls: Bytes | Floats) -> Bytes:
    """A hash of 256 bits, (n, 32): which of the DCT's coefficients 1-16 by 1-16 lie above their median.

    The construction is that of PDQ (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
    Algorithm", 2019), on the small picture that is remembered.  Unrelated pictures are about 128 bits apart.
    """
    cosines = _cosines()
    values = np.matmul(np.matmul(cosines, smalls.astype(np.float32)), cosines.T).reshape(len(smalls), -1)
    return np.packbits(values > np.median(values, axis=1, keepdims=True), axis=1)


def apart(first: Bytes, second: Bytes) -> NDArray[np.int64]:
    """Hamming distances (n,) of hashes (n, 32)."""
    distances: NDArray[np.int64] = np.bitwise_count(first ^ second).sum(axis=1, dtype=np.int64)
    return distances


def plainness(smalls: Bytes | Floats) -> Floats:
    """The largest share (n,) of the pixels within 8 grey levels around one: the ground of a page or a screen."""
    count = len(smalls)
    shifted = smalls.reshape(count, -1).astype(np.int64) + 256 * np.arange(count)[:, None]
    levels = np.bincount(shifted.ravel(), minlength=256 * count).reshape(count, 256)
    below = np.cumsum(np.pad(levels, ((0, 0), (_GROUND, 0))), axis=1)
    shares: Floats = ((below[:, _GROUND:] - below[:, :-_GROUND]).max(axis=1) / SIDE**2).astype(np.float32)
    return shares


_GROUND = 17
# Grey levels that a plain ground may cover: 8 to either side of one.


def _blocks(pictures: NDArray[_Pixel]) -> NDArray[_Pixel]:
    """(n, 64 blocks, 64 pixels)."""
    across = SIDE // BLOCK
    split = pictures.reshape(len(pictures), across, BLOCK, across, BLOCK)
    return split.transpose(0, 1, 3, 2, 4).reshape(len(pictures), across**2, BLOCK**2)


def _filtered(pictures: Floats, kernel: Floats) -> Floats:
    """Each picture filtered along both axes by a matrix (64, 64)."""
    filtered: Floats = np.matmul(np.matmul(kernel, pictures), kernel.T)
    return filtered


def _binomial(times: int) -> Floats:
    """The matrix of a filter with the weights 1 2 1, applied so many times.

    Beyond the edges the picture goes on as a slope (odd reflection), so that a plain slope has no detail anywhere.
    """
    once = np.eye(SIDE) * 2 + np.eye(SIDE, k=1) + np.eye(SIDE, k=-1)
    once[0, :2] = once[-1, :-3:-1] = 4, 0
    return np.linalg.matrix_power(once / 4, times).astype(np.float32)


@cache
def _narrow() -> Floats:
    return _binomial(1)


@cache
def _wide() -> Floats:
    # Sigma 2 pixels: slopes of a sky and vignettes go, letters and edges stay.
    return _binomial(8)


@cache
def _cosines() -> Floats:
    """Rows 1-16 of the DCT-II of 64 points."""
    angles = np.pi / SIDE * np.outer(np.arange(1, OUTLINE_SIDE + 1), np.arange(SIDE) + 0.5)
    return np.cos(angles).astype(np.float32)
