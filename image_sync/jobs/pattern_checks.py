"""Check of a request's patterns, asked alike by every job."""

from __future__ import annotations

from collections.abc import Iterable

from image_sync.base.patterns import unreadable


def unreadable_patterns(include: Iterable[str], exclude: Iterable[str]) -> dict[str, str]:
    """Mistakes of the patterns of a request, in words, by the name of its field."""
    told = {"include": unreadable(include), "exclude": unreadable(exclude)}
    return {field: words for field, words in told.items() if words}
