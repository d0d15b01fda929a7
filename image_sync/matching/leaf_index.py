"""Index of codes in leaves, so that most pairs that are too far apart need not be compared at all.

Count the set bits of a code where a fixed pattern of 256 has +1, less those where it has -1: the counts of two codes
differ by no more than the codes do.  That holds for any pattern, so a search within a radius may pass over all codes
whose count lies farther away.  It passes over most when the counts spread most, which they do for the patterns along
which a library's codes vary most: roughly "bright above, dark below" and "bright on the left, dark on the right".  So
two thirds of the pairs of real photos are passed over at radius 38, and never one that is within it.  (The plain number
of set bits is of no use: two of the four hashes are cut at their median and have 32 in every picture.)

The codes are halved again and again where their counts vary most, down to leaves of equal size; a leaf knows the range
of its counts.  Which codes can be near to one of a leaf is told from its ranges alone.  More patterns than there are
here help no more: a leaf has a narrow range along a few of them only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from image_sync.matching.codes import Codes, Indexes, Words
from image_sync.pictures.code_layout import CODE_BITS

LEAF = 64
"""Codes in a leaf."""

Patterns = NDArray[np.float32]
_Counts = NDArray[np.int16]

_SAMPLE = 2048
_ITERATIONS = 12
# Codes from which the patterns are learned, and steps: neither is of consequence for what is found.
_FEWEST = 2000
# Below so many codes the comparison takes less time than the arranging.
_PATTERNS = 3
_MANY = 500_000
# From so many codes on the leaves are narrow along one pattern more.
_CHUNK = 1 << 14
# Codes whose bits are spread out at a time: 16 MB.
_LARGE = 1 << 14
# A part of so many codes takes long enough to ask before it is halved whether to go on.


@dataclass(frozen=True, slots=True)
class LeafIndex:
    """``words`` (m, 4) are the codes in their order, ``index`` (n,) where each stood before, n <= m.

    m is a whole number of leaves: places from n on only fill up the last one.  Leaf k holds places ``LEAF * k`` to
    ``LEAF * (k + 1)``; ``counts`` are (patterns, leaves, LEAF).  Those of leaf k along pattern p lie between
    ``low[p, k]`` and ``high[p, k]``.
    """

    words: Words
    index: Indexes
    counts: _Counts
    low: _Counts
    high: _Counts

    @property
    def leaves(self) -> int:
        """The number of leaves."""
        return int(self.low.shape[1])

    def near(self, low: _Counts, high: _Counts, slack: int, begin: int = 0) -> Indexes:
        """The places, from leaf ``begin`` on, of which no count is farther than ``slack`` from ``low`` to ``high``."""
        low, high = low - np.int16(slack), high + np.int16(slack)
        reachable = np.ones(self.leaves - begin, np.bool_)
        for pattern in range(len(low)):
            reachable &= self.low[pattern, begin:] <= high[pattern]
            reachable &= self.high[pattern, begin:] >= low[pattern]
        leaves = np.flatnonzero(reachable) + begin
        within = np.ones((len(leaves), LEAF), np.bool_)
        for pattern in range(len(low)):
            above = self.counts[pattern].take(leaves, axis=0, mode="clip") - low[pattern]
            # As a number without a sign what lies below is large too: one comparison instead of two.
            within &= above.view(np.uint16) <= np.uint16(high[pattern] - low[pattern])
        places = np.flatnonzero(within)
        places += ((leaves - np.arange(len(leaves))) * LEAF).take(places // LEAF, mode="clip")
        return places[: np.searchsorted(places, len(self.index))]


def patterns_of(codes: Codes) -> Patterns:
    """The patterns (k, 256) of +1 and -1 along which ``codes`` vary most: the signs of the principal components."""
    if len(codes) < _FEWEST:
        return np.ones((1, CODE_BITS), np.float32)
    bits = np.unpackbits(codes[:: -(-len(codes) // _SAMPLE)], axis=1).astype(np.float32)
    bits -= bits.mean(axis=0)
    components = []
    for _ in range(_PATTERNS if len(codes) < _MANY else _PATTERNS + 1):
        components.append(_component(bits))
        bits -= np.einsum("n,b->nb", np.einsum("nb,b->n", bits, components[-1]), components[-1])
    return np.where(np.stack(components) >= 0, 1, -1).astype(np.float32)


def _component(bits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The principal component (256,) of centred ``bits``, nearly, by power iteration from their farthest code.

    Written as sums and not as matrix products, for which the BLAS wakes threads that spin ten times as long.
    """
    component: NDArray[np.float32] = bits[np.argmax(np.einsum("nb,nb->n", bits, bits))]
    for _ in range(_ITERATIONS):
        component = np.einsum("nb,n->b", bits, np.einsum("nb,b->n", bits, component))
        component = component / np.float32(max(float(np.square(component).sum()) ** 0.5, 1e-9))
    return component


def leaf_index_of(codes: Codes, patterns: Patterns, checkpoint: Callable[[], None] = lambda: None) -> LeafIndex:
    """``codes`` (n, 32) arranged by their counts.  ``checkpoint`` is called now and then and may raise."""
    counts = _counts(codes, patterns)
    index = _halved(counts, checkpoint) if len(codes) >= _FEWEST else np.arange(len(codes))
    filled = np.append(index, np.repeat(index[-1:], -len(index) % LEAF))
    counts = counts[:, filled].reshape(len(patterns), -1, LEAF)
    return LeafIndex(codes.view(np.uint64)[filled], index, counts, counts.min(axis=2), counts.max(axis=2))


def _counts(codes: Codes, patterns: Patterns) -> _Counts:
    """The counts (k, n): of the set bits of each code those where the pattern has +1, less those where it has -1."""
    counts = np.empty((len(patterns), len(codes)), np.int16)
    for begin in range(0, len(codes), _CHUNK):
        bits = np.unpackbits(codes[begin : begin + _CHUNK], axis=1).astype(np.float32)
        for count, pattern in zip(counts, patterns, strict=True):
            count[begin : begin + _CHUNK] = np.einsum("nb,b->n", bits, pattern)
    return counts


def _halved(counts: _Counts, checkpoint: Callable[[], None]) -> Indexes:
    """The order of the codes with these counts (k, n) in which every leaf has narrow ranges."""
    order = np.arange(counts.shape[1])
    waiting = [(0, len(order))]
    while waiting:
        begin, end = waiting.pop()
        if end - begin <= LEAF:
            continue
        if end - begin >= _LARGE:
            checkpoint()
        part = order[begin:end]
        spread = counts[:, part[:: max(1, len(part) // _SAMPLE)]].var(axis=1, dtype=np.float32)
        middle = -(-(len(part) // 2) // LEAF) * LEAF
        order[begin:end] = part[np.argpartition(counts[int(spread.argmax()), part], middle)]
        waiting += [(begin + middle, end), (begin, begin + middle)]
    return order
