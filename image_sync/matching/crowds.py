"""Classes of pictures with equal codes, so that thousands of equal ones don't become millions of pairs.

The search runs over the different codes only; here its pairs, and those of equal codes, are written out to pairs of
pictures again, no more of them than asked for, and a piece at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from image_sync.base.control import Control
from image_sync.matching.codes import Codes, Indexes, Pairs

PIECE = 1 << 18
# Pairs that are written out at once: writing out takes ten times their memory.


@dataclass(frozen=True, slots=True)
class Rectangles:
    """Sets of pairs: all of ``rows[k]`` places from ``top[k]`` on with all of ``columns[k]`` from ``left[k]`` on.

    The rows' places are those of ``down``, the columns' those of ``across``; where both are one, each pair is meant
    once and none of a place with itself.
    """

    down: Indexes
    across: Indexes
    top: Indexes
    rows: Indexes
    left: Indexes
    columns: Indexes
    distance: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Crowds:
    """Codes sorted so that equal ones stand together: class k is ``order[start[k] : start[k] + size[k]]``, ascending.

    Where a place in ``order`` is meant, class k's places all come before those of class k + 1.
    """

    order: Indexes
    start: Indexes
    size: Indexes

    @property
    def representatives(self) -> Indexes:
        """One picture of each class, in the order of the classes."""
        return self.order[self.start]

    def within(self, crowd: int) -> Rectangles:
        """The pairs of equal codes."""
        many = np.flatnonzero(self.size > 1)
        start, size = self.start[many], self.size[many]
        return Rectangles(
            self.order, self.order, start, np.minimum(size, crowd), start, size, np.zeros(len(many), np.int16)
        )

    def between(self, pairs: Pairs, crowd: int) -> Rectangles:
        """The pairs that a pair of classes stands for: one's first with all of the other, its rest with the other's
        first.
        """
        return self.across(self, pairs, crowd)

    def across(self, other: Crowds, pairs: Pairs, crowd: int) -> Rectangles:
        """``between`` for pairs of a class of these and a class of ``other``."""
        top, rows = self.start[pairs.first], self.size[pairs.first]
        left, columns = other.start[pairs.second], other.size[pairs.second]
        first_rows, first_columns = np.minimum(rows, crowd), np.minimum(columns, crowd)
        return Rectangles(
            self.order,
            other.order,
            np.concatenate((top, top + first_rows)),
            np.concatenate((first_rows, rows - first_rows)),
            np.concatenate((left, left)),
            np.concatenate((columns, first_columns)),
            np.concatenate((pairs.distance, pairs.distance)),
        )


def crowds_of(codes: Codes) -> Crowds:
    """The classes of equal codes."""
    words = codes.view(np.uint64)
    order = np.lexsort(words.T)
    new = np.ones(len(order), np.bool_)
    new[1:] = np.any(words[order[1:]] != words[order[:-1]], axis=1)
    start = np.flatnonzero(new)
    return Crowds(order, start, np.diff(start, append=len(order)))


def written_out(rectangles: Rectangles, control: Control | None) -> Iterator[Pairs]:
    """The single pairs of all rectangles, in pieces."""
    ends = np.cumsum(rectangles.rows * rectangles.columns)
    total = int(ends[-1]) if len(ends) else 0
    for begin in range(0, total, PIECE):
        if control:
            control.checkpoint()
        pair = np.arange(begin, min(begin + PIECE, total))
        which = np.searchsorted(ends, pair, side="right")
        within = pair - (ends - rectangles.rows * rectangles.columns)[which]
        row = rectangles.top[which] + within // rectangles.columns[which]
        column = rectangles.left[which] + within % rectangles.columns[which]
        yield from _pieces(rectangles, which, row, column)


def _pieces(rectangles: Rectangles, which: Indexes, row: Indexes, column: Indexes) -> Iterator[Pairs]:
    """The pairs at these places, of the rectangles ``which``; no piece when there is none."""
    if rectangles.down is not rectangles.across:
        yield Pairs(rectangles.down[row], rectangles.across[column], rectangles.distance[which])
        return
    once = row < column
    one, other = rectangles.down[row[once]], rectangles.down[column[once]]
    if len(one):
        yield Pairs(np.minimum(one, other), np.maximum(one, other), rectangles.distance[which[once]])
