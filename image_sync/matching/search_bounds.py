"""Bounds of a search: which codes it may pass over uncompared, and which it compares in full.

An exact search passes over only what is certainly too far apart.  A nearly exact one also what almost never is near:
a code that differs from another in 38 bits could differ in 38 bits of one pattern, in one direction; it does not.
"""

from __future__ import annotations

from dataclasses import dataclass

EXACT_UP_TO = 200_000
"""Codes up to which a search is always exact."""

_SLACK = 30 / 38
_LIMIT = 34 / 38
# Of 379,591 pairs within 38 bits among 313 photos in 53 edits each, 0.002 % lie farther apart than 30 along one of the
# patterns, and none differ in more than 34 of the 64 places; of made codes (benchmarks/search) 0.04 % and none.  At 27
# a fifth of the time is saved and 0.06 and 0.4 % are lost.
_MOST = 40
# Of unrelated codes 48 of the 64 places differ, more or less: a limit near that lets too many through.


@dataclass(frozen=True, slots=True)
class SearchBounds:
    """``radius`` is what is asked for, in bits of 256.

    ``slack`` is how far the counts of two codes along a pattern may be apart.  Of the two hashes that tell most pairs
    apart ``limit`` bits may differ in all; with ``either``, so many of the 64 places in one hash or the other.
    """

    radius: int
    slack: int
    limit: int
    either: bool


def search_bounds(radius: int, exact: bool) -> SearchBounds:
    """The bounds of a search within ``radius`` bits of 256."""
    slack, limit = (radius, radius) if exact else (round(radius * _SLACK), round(radius * _LIMIT))
    if exact or limit > _MOST:
        return SearchBounds(radius, slack, radius, either=False)
    return SearchBounds(radius, slack, limit, either=True)
