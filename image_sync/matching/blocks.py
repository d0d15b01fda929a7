"""Comparison kernels: Hamming distances of every code of one leaf to every code of others, a block of pairs at a time.

A block is as large as stays in or near a core's cache: NumPy then spends a nanosecond on a pair, lets go of the
interpreter while it does, and so the threads of the search run side by side.

Where faiss is installed (extra ``fast``) its kernel does the same in less time; ``Kernel`` is the interface of
either.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from image_sync.matching.codes import Indexes, Pairs, Words, distances
from image_sync.matching.leaf_index import LEAF, LeafIndex
from image_sync.matching.search_bounds import SearchBounds, search_bounds
from image_sync.pictures.code_layout import TELLING

COLUMNS = 4096
# Codes that a leaf is compared with at once, 256 Ki pairs: 4 MB of differing bits per thread.  Half and twice as many
# are a tenth slower.

_MANY = 30_000
# Below so many codes loading faiss takes longer than it saves.
ROOM = LEAF * COLUMNS
"""Pairs that a block has room for."""


class Kernel(Protocol):
    """Compares codes of two arrangements."""

    def near_pairs(self, row: int, columns: Indexes) -> Iterator[Pairs]:
        """The pairs of a code of leaf ``row`` and one at the places ``columns`` within the radius, as places."""
        ...


def kernel(rows: LeafIndex, columns: LeafIndex, bounds: SearchBounds, accelerated: bool | None = None) -> Kernel:
    """The kernel that compares these two; ``accelerated`` by faiss, by default where it is there and worth loading."""
    if accelerated is None:
        accelerated = min(len(rows.index), len(columns.index)) >= _MANY and accelerator_there()
    return FaissKernel(rows, columns, bounds) if accelerated else NumpyKernel(rows, columns, bounds)


@cache
def accelerator_there() -> bool:
    """Whether faiss is installed and loads."""
    try:
        import faiss  # noqa: F401
    except Exception:  # a library of another system, or one built for another NumPy, fails in ways of its own
        return False
    return True


class NumpyKernel:
    """The perceptual and the difference hash first: they tell nearly all pairs apart.

    Of 3 million pairs of different photos 0.03 % are within 38 bits in these two together, 1 to 10 % in any other two.
    """

    def __init__(self, rows: LeafIndex, columns: LeafIndex, bounds: SearchBounds) -> None:
        self._rows, self._columns, self._bounds = rows.words, columns.words, bounds
        self._row_parts = [np.ascontiguousarray(rows.words[:, word]).reshape(-1, LEAF) for word in TELLING]
        self._column_parts = [np.ascontiguousarray(columns.words[:, word]) for word in TELLING]

    def near_pairs(self, row: int, columns: Indexes) -> Iterator[Pairs]:
        """See ``Kernel``."""
        rows = [part[row] for part in self._row_parts]
        for start in range(0, len(columns), COLUMNS):
            chosen = columns[start : start + COLUMNS]
            close = _BUFFERS.close(rows, [part.take(chosen, mode="clip") for part in self._column_parts], self._bounds)
            if len(close):
                yield self._checked(row, chosen, close)

    def _checked(self, row: int, chosen: Indexes, close: Indexes) -> Pairs:
        """The pairs at places ``close`` of the block whose whole distance is within the radius."""
        down = close // len(chosen)
        across = close - down * len(chosen)
        # ``take`` that need not check its places takes a quarter of the time of indexing.
        rows = self._rows[row * LEAF : (row + 1) * LEAF].take(down, axis=0, mode="clip")
        second = chosen.take(across)
        distance = distances(rows, self._columns.take(second, axis=0, mode="clip"))
        near = np.flatnonzero(distance <= self._bounds.radius)
        return Pairs(down + row * LEAF, second, distance).chosen(near)


class _Buffers(threading.local):
    """Room for one block, made once per thread: allocating it anew costs as much as filling it."""

    def __init__(self) -> None:
        self.bits: NDArray[np.uint64] = np.empty(ROOM, np.uint64)
        self.more_bits: NDArray[np.uint64] = np.empty(ROOM, np.uint64)
        self.count: NDArray[np.uint8] = np.empty(ROOM, np.uint8)
        self.more: NDArray[np.uint8] = np.empty(ROOM, np.uint8)
        self.within: NDArray[np.bool_] = np.empty(ROOM, np.bool_)

    def close(self, rows: Sequence[Words], columns: Sequence[Words], bounds: SearchBounds) -> Indexes:
        """Places in the block (row by row) where the two parts of the codes are near enough for the whole to be
        compared.
        """
        shape = (len(rows[0]), len(columns[0]))
        size = shape[0] * shape[1]
        bits, more_bits, count = (room[:size].reshape(shape) for room in (self.bits, self.more_bits, self.count))
        within = self.within[:size]
        np.bitwise_xor(rows[0][:, None], columns[0][None, :], out=bits)
        np.bitwise_xor(rows[1][:, None], columns[1][None, :], out=more_bits)
        if bounds.either:
            np.bitwise_or(bits, more_bits, out=bits)
            np.bitwise_count(bits, out=count)
        else:
            more = self.more[:size].reshape(shape)
            np.bitwise_count(bits, out=count)
            np.bitwise_count(more_bits, out=more)
            np.add(count, more, out=count)
        np.less_equal(self.count[:size], min(bounds.limit, 255), out=within)
        return np.flatnonzero(within)


_BUFFERS = _Buffers()


def near_places(few: Words, many: Words, radius: int) -> tuple[Indexes, Indexes]:
    """Places of pairs of one of ``few`` (k, 4) and one of ``many`` (n, 4) that may be within the radius; k * n is at
    most ``ROOM``."""
    rows, columns = ([words[:, word] for word in TELLING] for words in (few, many))
    close = _BUFFERS.close(rows, columns, search_bounds(radius, exact=True))
    first = close // len(many)
    return first, close - first * len(many)


class FaissKernel:
    """The whole distance of every pair, by faiss."""

    def __init__(self, rows: LeafIndex, columns: LeafIndex, bounds: SearchBounds) -> None:
        import faiss

        self._faiss: Any = faiss
        self._rows, self._columns = (arranged.words.view(np.uint8) for arranged in (rows, columns))
        self._beyond = bounds.radius + 1

    def near_pairs(self, row: int, columns: Indexes) -> Iterator[Pairs]:
        """See ``Kernel``."""
        faiss = self._faiss
        # The number of threads is each thread's own: the search has its threads already.
        faiss.omp_set_num_threads(1)
        rows = self._rows[row * LEAF : (row + 1) * LEAF]
        for start in range(0, len(columns), COLUMNS):
            chosen = columns[start : start + COLUMNS]
            codes = self._columns.take(chosen, axis=0, mode="clip")
            found = faiss.RangeSearchResult(len(rows))
            faiss.hamming_range_search(
                faiss.swig_ptr(rows),
                faiss.swig_ptr(codes),
                len(rows),
                len(codes),
                self._beyond,
                codes.shape[1],
                found,
            )
            ends = faiss.rev_swig_ptr(found.lims, len(rows) + 1).astype(np.int64)
            if ends[-1]:
                across = faiss.rev_swig_ptr(found.labels, int(ends[-1])).astype(np.int64)
                distance = faiss.rev_swig_ptr(found.distances, int(ends[-1])).astype(np.int16)
                first = row * LEAF + np.repeat(np.arange(len(rows)), np.diff(ends))
                yield Pairs(first, chosen[across], distance)
