"""Certainty of a match, in words with a meaning that can be counted.

A score says how like two pictures are, not how often such a match is wrong.  ``benchmarks.accuracy.calibration`` counts
that, on photos that no limit was chosen on; ``docs/accuracy.md`` says how far the limits below were counted.  Bytes and
pixels that are equal prove themselves.
"""

from __future__ import annotations

from enum import Enum

from image_sync.base.model import Sameness


class Certainty(Enum):
    """Certainty of a match, surest first."""

    CERTAIN = "certain"
    """Proved, byte by byte or pixel by pixel."""
    ALMOST_CERTAIN = "almost certain"
    """Of a thousand such matches one is wrong at most."""
    VERY_LIKELY = "very likely"
    """Of a hundred such matches one is wrong at most."""
    LIKELY = "likely"
    """More are wrong, or too few were counted to say."""


ALMOST_CERTAIN_FROM = {Sameness.SIMILAR: 0.95}
"""Scores from which on a match is almost certain; of a kind that is not here none is."""
VERY_LIKELY_FROM = {Sameness.SIMILAR: 0.85, Sameness.SERIES: 0.85, Sameness.WITHIN: 0.85}
"""The same for what is very likely; nothing was counted below the default threshold."""
PROVED = (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS)


def certainty_of(sameness: Sameness, score: float) -> Certainty:
    """Certainty of a match of this kind and score."""
    if sameness in PROVED:
        return Certainty.CERTAIN
    if score >= ALMOST_CERTAIN_FROM.get(sameness, 2.0):
        return Certainty.ALMOST_CERTAIN
    return Certainty.VERY_LIKELY if score >= VERY_LIKELY_FROM.get(sameness, 2.0) else Certainty.LIKELY
