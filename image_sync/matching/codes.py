"""Codes and pairs of codes as arrays, which the parts of the search hand to one another.

A code is 32 bytes, four hashes of 64 bits (average, perceptual, difference, wavelet), as ``Fingerprint.codes`` holds
it; here also as four 64-bit numbers.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

BITS = 256
"""Bits of a code."""

Codes: TypeAlias = NDArray[np.uint8]
Indexes: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]


class Pairs(NamedTuple):
    """An array of pairs: pair k is ``first[k]``, ``second[k]``, which are ``distance[k]`` bits apart."""

    first: Indexes
    second: Indexes
    distance: NDArray[np.int16]

    def chosen(self, which: NDArray[np.bool_] | Indexes | slice) -> Pairs:
        """The pairs for which ``which`` is true, or those at its places."""
        return Pairs(self.first[which], self.second[which], self.distance[which])


NO_PAIRS = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int16))


def radius_for(threshold: float) -> int:
    """The largest summed distance (bits of 256) whose similarity is still at or above ``threshold``: 38 for 0.85."""
    return int(np.floor((1.0 - threshold) * BITS + 1e-6))


def checked(codes: NDArray[Any]) -> Codes:
    """``codes`` in one piece of memory; ValueError unless they have the shape (n, 32)."""
    if codes.ndim != 2 or codes.shape[1] * 8 != BITS:
        raise ValueError(f"codes must have the shape (n, {BITS // 8}), not {codes.shape}")
    return np.ascontiguousarray(codes, dtype=np.uint8)


def distances(first: Words, second: Words) -> NDArray[np.int16]:
    """The distance (n,) of each pair of codes, both (n, 4)."""
    # The four counts of a pair (0 to 64 each) lie side by side in 32 bits and are added there, two and two.
    counts = np.bitwise_count(first ^ second).view(np.uint32).ravel()
    two = (counts & _EVERY_OTHER) + ((counts >> np.uint32(8)) & _EVERY_OTHER)
    total: NDArray[np.int16] = ((two + (two >> np.uint32(16))) & np.uint32(0x1FF)).astype(np.int16)
    return total


_EVERY_OTHER = np.uint32(0x00FF00FF)
TELLING = (1, 2)
"""The words that tell most pairs apart: the perceptual and the difference hash."""
