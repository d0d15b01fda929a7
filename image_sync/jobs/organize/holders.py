"""Wholes that are none: a story, a print on a table or a collage holds a picture, and shows no more of its scene.

A picture that seems to be a part of another may be shown within it.  So each picture in which others lie is compared
with the largest of those: where there are seams around one (``matching.seams``) it holds all that lie in it, the parts
of that one too; where there is a plain frame it is the same in a frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from image_sync.base.model import Match, Picture, Sameness

if TYPE_CHECKING:
    from image_sync.matching.placing import Placed

LARGEST = 3
"""Pictures that lie in another with which that is compared."""
Pair = tuple[int, int]
Look = Callable[[Sequence[Pair]], Mapping[Pair, "Placed | None"]]


def with_holders(matches: Sequence[Match], pictures: Sequence[Picture], look: Look) -> list[Match]:
    """The matches, those with what holds the other as ``WITHIN``, those with a plain frame around the other as a match
    with what shows less.  ``look`` tells how pairs (ascending, by index) lie on one another.  Raises ``Stopped``."""
    from image_sync.matching.placing import Relation

    holders = {
        around for match in matches if match.sameness is Sameness.WITHIN and (around := _around(match)) is not None
    }
    asked = _asked(matches, pictures, holders)
    said = look(sorted(asked))
    framed = set()
    for pair, around in asked.items():
        verdict = said.get(pair)
        first = around == pair[0]
        if verdict is None:
            continue
        if verdict.relation is (Relation.FIRST_HOLDS if first else Relation.SECOND_HOLDS):
            holders.add(around)
        elif verdict.relation is (Relation.FIRST_FRAMES if first else Relation.SECOND_FRAMES):
            framed.add(around)
    return [_as_it_is(match, holders, framed) for match in matches]


def _around(match: Match) -> int | None:
    """The picture of a match in which the other lies; ``None`` where they show as much, or it is another kind."""
    if match.sameness is Sameness.WITHIN:
        return match.first if match.part > 0 else match.second
    if match.sameness is Sameness.SIMILAR and match.part:
        return match.second if match.part > 0 else match.first
    return None


def _asked(matches: Sequence[Match], pictures: Sequence[Picture], holders: set[int]) -> dict[Pair, int]:
    """Pairs of a picture that is not known to hold others and the largest that lie in it, and which of them that is."""
    inside: defaultdict[int, list[Match]] = defaultdict(list)
    for match in matches:
        if (around := _around(match)) is not None and around not in holders:
            inside[around].append(match)

    def size(around: int, match: Match) -> tuple[int, float, str]:
        part = pictures[match.second if around == match.first else match.first]
        return -part.fingerprint.pixels, -match.score, part.record.path

    return {
        (match.first, match.second): around
        for around, found in inside.items()
        for match in sorted(found, key=partial(size, around))[:LARGEST]
    }


def _as_it_is(match: Match, holders: set[int], framed: set[int]) -> Match:
    around = _around(match)
    if around is None:
        return match
    shows_more = 1 if around == match.second else -1
    if around in holders:
        return replace(match, sameness=Sameness.WITHIN, part=-shows_more)
    return replace(match, part=-shows_more) if around in framed else match
