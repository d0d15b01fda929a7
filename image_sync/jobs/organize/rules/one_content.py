"""Identical files are one content: what was found out about one of them holds for all.

Only one of identical files is compared with other pictures.  Without its findings another copy of an altered picture
would pass for an original, and come before it.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from image_sync.base.model import Match, Picture, Sameness


def with_findings_shared(pictures: Sequence[Picture], matches: Iterable[Match]) -> tuple[Picture, ...]:
    """The pictures, each identical copy with what was found about the first of its content."""
    result = list(pictures)
    for match in matches:
        if match.sameness is Sameness.IDENTICAL_FILE:
            found, copy = result[match.first], result[match.second]
            earlier = found.fingerprint.earlier_quality
            if copy.fingerprint.earlier_quality != earlier:
                copy = replace(copy, fingerprint=replace(copy.fingerprint, earlier_quality=earlier))
            result[match.second] = replace(
                copy,
                enlarged_from=found.enlarged_from,
                sharpened_from=found.sharpened_from,
                altered=found.altered,
            )
    return tuple(result)
