"""Comparing every code of one range with every code of another, a block of pairs at a time.

A block is as large as stays in or near a core's cache: NumPy then spends a nanosecond on a pair, lets go of the
interpreter while it does, and so the threads of the search run side by side.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from image_sync.matching.codes import Indexes, Pairs, Words

ROWS = 64
COLUMNS = 4096
# 256 Ki pairs: 2 MB of differing bits and 0.8 MB of counts a thread.  Half and twice as many are a tenth slower.

Range = tuple[int, int]


def near_pairs(rows: Words, columns: Words, down: Range, across: Range, radius: int) -> Iterator[Pairs]:
    """The pairs of a place in ``down`` (at most ``ROWS``) and one in ``across`` within ``radius`` bits, in pieces."""
    for left in range(*across, COLUMNS):
        right = min(left + COLUMNS, across[1])
        close = _BUFFERS.close(rows, columns, down, (left, right), radius)
        if len(close):
            width = right - left
            yield _checked(rows, columns, down[0] + close // width, left + close % width, radius)


def _checked(rows: Words, columns: Words, first: Indexes, second: Indexes, radius: int) -> Pairs:
    """Of the candidates those whose whole distance is within ``radius``, with it."""
    distance = np.zeros(len(first), np.int16)
    for row, column in zip(rows, columns, strict=True):
        distance += np.bitwise_count(row[first] ^ column[second])
    return Pairs(first, second, distance).chosen(distance <= radius)


class _Buffers(threading.local):
    """Room for one block, made once a thread: allocating it anew costs as much as filling it."""

    def __init__(self) -> None:
        size = ROWS * COLUMNS
        self.bits: NDArray[np.uint64] = np.empty(size, np.uint64)
        self.count: NDArray[np.uint8] = np.empty(size, np.uint8)
        self.more: NDArray[np.uint8] = np.empty(size, np.uint8)
        self.within: NDArray[np.bool_] = np.empty(size, np.bool_)

    def close(self, rows: Words, columns: Words, down: Range, across: Range, radius: int) -> Indexes:
        """Places in the block (row by row) whose first two hashes alone are within ``radius``."""
        shape = (down[1] - down[0], across[1] - across[0])
        size = shape[0] * shape[1]
        bits, within = self.bits[:size].reshape(shape), self.within[:size]
        for word, count in ((0, self.count), (1, self.more)):
            np.bitwise_xor(rows[word][slice(*down), None], columns[word][None, slice(*across)], out=bits)
            np.bitwise_count(bits, out=count[:size].reshape(shape))
        np.add(self.count[:size], self.more[:size], out=self.count[:size])
        np.less_equal(self.count[:size], min(radius, 255), out=within)
        return np.flatnonzero(within)


_BUFFERS = _Buffers()
