"""Codes and pairs of them as arrays: what the parts of the search hand to one another.

A code is the hashes of a picture as ``Fingerprint.codes`` holds them (see ``pictures.code_layout``); here also as one
64-bit number for each hash.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from image_sync.pictures.code_layout import CODE_BITS, Hash

Codes: TypeAlias = NDArray[np.uint8]
Indexes: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]


class Pairs(NamedTuple):
    """Some pairs: pair k is ``first[k]``, ``second[k]``, which are ``distance[k]`` bits apart."""

    first: Indexes
    second: Indexes
    distance: NDArray[np.int16]

    def chosen(self, which: NDArray[np.bool_] | Indexes | slice) -> Pairs:
        """Those pairs for which ``which`` is true, or those at its places."""
        return Pairs(self.first[which], self.second[which], self.distance[which])


NO_PAIRS = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int16))


def radius_for(threshold: float) -> int:
    """The largest summed distance (bits of 256) whose similarity is still at or above ``threshold``: 38 for 0.85."""
    return int(np.floor((1.0 - threshold) * CODE_BITS + 1e-6))


def checked(codes: NDArray[Any]) -> Codes:
    """``codes`` in one piece of memory; ValueError unless they have the shape (n, 32)."""
    if codes.ndim != 2 or codes.shape[1] * 8 != CODE_BITS:
        raise ValueError(f"codes must have the shape (n, {CODE_BITS // 8}), not {codes.shape}")
    return np.ascontiguousarray(codes, dtype=np.uint8)


def distances(first: Words, second: Words) -> NDArray[np.int16]:
    """The distance (n,) of each pair of codes, both (n, number of hashes)."""
    counts = np.bitwise_count(first ^ second)
    return _summed_as_one(counts) if len(Hash) == _AS_ONE else summed(counts)


def summed(counts: NDArray[np.uint8]) -> NDArray[np.int16]:
    """The sums (n,) of the counts of each pair, however many hashes there are."""
    total: NDArray[np.int16] = counts.sum(axis=1, dtype=np.int16)
    return total


def _summed_as_one(counts: NDArray[np.uint8]) -> NDArray[np.int16]:
    """``summed`` for four counts of a pair, in a third of the time."""
    # They (0 to 64 each) lie side by side in 32 bits and are added there, two and two.
    four = counts.view(np.uint32).ravel()
    two = (four & _EVERY_OTHER) + ((four >> np.uint32(8)) & _EVERY_OTHER)
    total: NDArray[np.int16] = ((two + (two >> np.uint32(16))) & np.uint32(0x1FF)).astype(np.int16)
    return total


_AS_ONE = 4
_EVERY_OTHER = np.uint32(0x00FF00FF)
