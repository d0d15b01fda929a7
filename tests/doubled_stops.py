"""Sentences that end twice: what no message may say."""

from __future__ import annotations

import re

DOUBLED = re.compile(r"(?<=\w)\.\.(?=\s|$)|[?!…]\.(?=\s|$)|\.\?(?=\s|$)|[;:,]\.(?=\s|$)")
"""``..``, ``?.``, ``;.`` at the end of a word; three dots, and ``..`` of a path, are none."""


def doubled_stops(text: str) -> list[str]:
    """The lines of a text in which a sentence ends twice."""
    return [line for line in text.splitlines() if DOUBLED.search(line)]
