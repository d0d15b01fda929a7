"""Codes in an order in which most of those too far apart need not be compared at all.

Count the bits in which a code agrees with a fixed pattern of 256: the counts of two codes differ by no more than the
codes do.  That holds for any pattern, so a search within a radius may pass over all codes whose count lies farther
away.  It passes over most when the counts spread most, which they do for the patterns along which a library's codes
vary most: roughly "bright above, dark below" and "bright on the left, dark on the right".  With two patterns six of ten
pairs of real photos are passed over at radius 38, and never one that is within it.  (The plain number of set bits is of
no use: two of the four hashes are cut at their median and have 32 in every picture.)

By the first count the codes are cut into cells, and within a cell they are sorted by the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from image_sync.matching.codes import BITS, Codes, Indexes, Words, words_of

Patterns = NDArray[np.float32]
_Counts = NDArray[np.int64]

_SAMPLE = 2048
_ITERATIONS = 12
# Codes from which the patterns are learned, and steps: neither is of consequence for what is found.
_FEWEST = 2000
# Below so many codes the comparison takes less time than the arranging.
_LEAST_IN_CELL = 3000
_MOST_CELLS = 64
# A cell must be long enough for blocks of comparisons to be worth their overhead.
_CHUNK = 1 << 14
# Codes whose bits are spread out at a time: 16 MB.


@dataclass(frozen=True, slots=True)
class Arranged:
    """Codes in their order: ``words`` and ``count`` (the second) in it, ``index`` where each stood before.

    Cell k reaches from ``start[k]`` to ``start[k + 1]``; its first counts lie between ``low[k]`` and ``high[k]``.
    """

    words: Words
    index: Indexes
    count: _Counts
    start: Indexes
    low: _Counts
    high: _Counts

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.low)

    def cell(self, number: int) -> tuple[int, int]:
        """Where a cell begins and ends."""
        return int(self.start[number]), int(self.start[number + 1])

    def near_cells(self, low: int, high: int, radius: int) -> Indexes:
        """The cells that hold first counts within ``radius`` of ``low`` to ``high``."""
        return np.flatnonzero((self.low <= high + radius) & (self.high >= low - radius))

    def windows(self, number: int, low: _Counts, high: _Counts, radius: int) -> tuple[Indexes, Indexes]:
        """In a cell, for each range ``low`` to ``high`` of second counts: where those within ``radius`` of it stand."""
        begin, end = self.cell(number)
        counts = self.count[begin:end]
        left = np.searchsorted(counts, low - radius)
        right = np.searchsorted(counts, high + radius, side="right")
        return begin + left, begin + right


def patterns_of(codes: Codes) -> Patterns:
    """The two patterns (2, 256) of +1 and -1 along which ``codes`` vary most: the signs of the principal components."""
    if len(codes) < _FEWEST:
        return np.ones((2, BITS), np.float32)
    bits = np.unpackbits(codes[:: -(-len(codes) // _SAMPLE)], axis=1).astype(np.float32)
    bits -= bits.mean(axis=0)
    first = _component(bits)
    bits -= np.einsum("n,b->nb", np.einsum("nb,b->n", bits, first), first)
    return np.where(np.stack((_component(bits), first)) >= 0, 1, -1).astype(np.float32)


def _component(bits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The principal component (256,) of centred ``bits``, nearly, by power iteration from their farthest code.

    Written as sums and not as matrix products, for which the BLAS wakes threads that spin ten times as long.
    """
    component: NDArray[np.float32] = bits[np.argmax(np.einsum("nb,nb->n", bits, bits))]
    for _ in range(_ITERATIONS):
        component = np.einsum("nb,n->b", bits, np.einsum("nb,b->n", bits, component))
        component = component / np.float32(max(float(np.square(component).sum()) ** 0.5, 1e-9))
    return component


def arranged(codes: Codes, patterns: Patterns) -> Arranged:
    """``codes`` (n, 32) arranged by their counts."""
    first, second = _counts(codes, patterns)
    width, least = _cell_width(first), first.min(initial=BITS)
    cell = (first - least) // width
    index = np.lexsort((second, cell))
    start = np.flatnonzero(np.diff(cell[index], prepend=-1))
    low = least + cell[index[start]] * width
    return Arranged(words_of(codes[index]), index, second[index], np.append(start, len(codes)), low, low + width - 1)


def _counts(codes: Codes, patterns: Patterns) -> tuple[_Counts, _Counts]:
    """In how many bits each code agrees with each pattern."""
    counts = np.empty((2, len(codes)), np.int64)
    for begin in range(0, len(codes), _CHUNK):
        bits = np.unpackbits(codes[begin : begin + _CHUNK], axis=1).astype(np.float32)
        for count, pattern in zip(counts, patterns, strict=True):
            count[begin : begin + _CHUNK] = np.einsum("nb,b->n", bits, pattern) + (pattern < 0).sum()
    return counts[0], counts[1]


def _cell_width(counts: _Counts) -> int:
    """Counts to a cell: as few as leave the cells long."""
    if len(counts) < _FEWEST:
        return BITS + 1
    cells = min(_MOST_CELLS, max(1, len(counts) // _LEAST_IN_CELL))
    return -(-(int(np.ptp(counts)) + 1) // cells)
