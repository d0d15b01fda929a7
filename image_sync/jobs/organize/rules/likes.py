"""Likes of the pictures that were asked about: which other pictures are the same, and how.  Pure.

Of identical files only one is compared, so what was found about it holds for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from image_sync.base.model import Match, Sameness

STRENGTH: Mapping[Sameness, int] = {sameness: place for place, sameness in enumerate(Sameness)}


@dataclass(frozen=True, slots=True)
class Like:
    """A picture (by index) that is the same as the one that was asked about, in the way ``sameness``.

    ``score``, ``turn`` and ``part`` are those of a ``Match`` of which the picture asked about is the first.
    """

    picture: int
    sameness: Sameness
    score: float
    turn: int = 0
    part: int = 0

    @property
    def key(self) -> tuple[int, float]:
        """The order of likes: the stronger way first, then the higher score."""
        return STRENGTH[self.sameness], -self.score


def likes(count: int, asked: int, matches: Iterable[Match]) -> Mapping[int, Sequence[Like]]:
    """For each of the first ``asked`` of ``count`` pictures those of the others that are like it, the nearest first."""
    matches = list(matches)
    copies = _copies(count, matches)
    found: dict[int, dict[int, Like]] = {index: {} for index in range(asked)}

    def add(first: int, like: Like) -> None:
        known = found[first].get(like.picture)
        if known is None or like.key < known.key:
            found[first][like.picture] = like

    for same in {id(same): same for same in copies}.values():
        for one in (index for index in same if index < asked):
            for other in (index for index in same if index >= asked):
                add(one, Like(other, Sameness.IDENTICAL_FILE, 1.0))
    for match in (match for match in matches if match.sameness is not Sameness.IDENTICAL_FILE):
        for one in (index for index in copies[match.first] if index < asked):
            for other in (index for index in copies[match.second] if index >= asked):
                add(one, Like(other, match.sameness, match.score, match.turn, match.part))
    return {one: sorted(some.values(), key=lambda like: (*like.key, like.picture)) for one, some in found.items()}


def _copies(count: int, matches: Iterable[Match]) -> list[list[int]]:
    """For each picture all of its content, itself included; pictures of one content share one list."""
    same = [[index] for index in range(count)]
    for match in matches:
        if match.sameness is Sameness.IDENTICAL_FILE and same[match.first] is not same[match.second]:
            joined, more = same[match.first], same[match.second]
            joined += more
            for index in more:
                same[index] = joined
    return same
