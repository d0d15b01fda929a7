"""Thresholds of similarity: the default and the bounds that a user may set."""

from __future__ import annotations

DEFAULT_THRESHOLD = 0.85


LOWEST_THRESHOLD = 0.50


HIGHEST_THRESHOLD = 0.99


def rigour_of(threshold: float) -> float:
    """Rigour of a verification: 1 at the default threshold and above, falling to 0 with it."""
    return min(1.0, max(0.0, (threshold - LOWEST_THRESHOLD) / (DEFAULT_THRESHOLD - LOWEST_THRESHOLD)))
