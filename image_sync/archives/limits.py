"""Limits of what an archive may unpack to: a bomb is told by its directory, before anything of it is unpacked.

Photos and movies hardly shrink when they are packed.  DEFLATE makes at most 1,032 of one; a scan on white paper as BMP
makes some hundred.  Pure.
"""

from __future__ import annotations

from image_sync.base import words

MOST_TIMES = 200
"""How many times its packed size a large file, or an archive as a whole, may unpack to."""
LARGE_MEMBER = 64 << 20
LARGE_ARCHIVE = 1 << 30
"""Bytes up to which that is of no concern."""


def is_too_dense(size: int, packed: int) -> bool:
    """Whether a member unpacks to more than any picture does."""
    return size > LARGE_MEMBER and size > MOST_TIMES * max(packed, 1)


def refusal(total: int, packed: int) -> str:
    """Reason why an archive of ``packed`` bytes is refused that would unpack to ``total``; empty when it is not."""
    if total <= LARGE_ARCHIVE or total <= MOST_TIMES * max(packed, 1):
        return ""
    times = total // max(packed, 1)
    return f"it would unpack to {words.size(total)}, {times:,} times its own size, which no photos do"
