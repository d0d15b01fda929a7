"""Wholes and their parts: groups of edited pictures around the ones that show most of their scenes.

A crop of a crop lies in the whole as surely as the crop does; so whatever is a part of a part belongs to the whole,
though it was never matched with it.  Two parts that only meet in each other's margin do not: they join only through a
whole that holds both.  Nor do two pictures that are merely alike to a third: each step must lead into what shows as
much or more.

Pure; the outcome hangs on the matches and the ranks alone, not on the order in which they come.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from image_sync.base.model import Sameness


@dataclass(frozen=True, slots=True)
class Link:
    """Link to the picture at the other end; ``part`` is 1 where this one shows less than the other, -1 where the
    other shows less."""

    score: float
    strength: int
    turn: int
    sameness: Sameness
    part: int = 0

    @property
    def key(self) -> tuple[float, int, int]:
        """Greater is the better evidence, where several matches join the same two sets of copies."""
        return self.score, self.strength, -self.turn


Links = dict[int, dict[int, Link]]
Apart = Mapping[int, Collection[int]]


def back(turn: int) -> int:
    """The position that undoes ``turn`` (see ``pictures.hashes``): a mirrored one undoes itself."""
    return turn if turn >= 4 else -turn % 4


def after(first: int, second: int) -> int:
    """The position that is ``first`` and then ``second``."""
    quarters = second + (-first if second >= 4 else first)
    mirrored = (first >= 4) != (second >= 4)
    return quarters % 4 + 4 * mirrored


def stars(links: Links, order: Sequence[int], apart: Apart | None = None) -> dict[int, dict[int, Link]]:
    """By the best of each group the others and how they match it: the picture that holds most others takes them first,
    with all that is part of those.

    ``apart`` are the pictures that each must not come together with: other shots of its series.
    """
    taken: set[int] = set()
    found: dict[int, dict[int, Link]] = {}
    waiting = [(-len(_parts(picture, links, taken)), order[picture], picture) for picture in links]
    heapq.heapify(waiting)
    while waiting:
        promised, rank, whole = heapq.heappop(waiting)
        if whole in taken:
            continue
        if (number := -len(_parts(whole, links, taken))) != promised:
            heapq.heappush(waiting, (number, rank, whole))
            continue
        whole = _topmost(whole, links, taken, order)
        held = _without_rivals(whole, _held(whole, links, taken), apart or {}, order)
        taken.update((whole, *held))
        as_much = (other for other in held if _as_much(whole, other, links))
        best = min((whole, *as_much), key=order.__getitem__)
        found[best] = held if best == whole else _seen_from(best, whole, held, links)
    return dict(sorted(found.items(), key=lambda star: order[star[0]]))


def _topmost(picture: int, links: Links, taken: set[int], order: Sequence[int]) -> int:
    """The picture that shows most among those that this one is a part of, or a part of a part: what is a part of
    something else never takes the parts that it shares with that."""
    seen = {picture}
    while above := [
        other for other, link in links[picture].items() if link.part > 0 and other not in taken and other not in seen
    ]:
        picture = min(above, key=lambda other: (-len(_parts(other, links, taken)), order[other]))
        seen.add(picture)
    return picture


def _as_much(whole: int, other: int, links: Links) -> bool:
    """Whether the other shows as much as the whole."""
    link = links[whole].get(other)
    return link is not None and link.part == 0


def _parts(whole: int, links: Links, taken: set[int]) -> dict[int, Link]:
    """Parts of a picture: what matches it, shows no more than it and belongs to nobody yet."""
    return {other: link for other, link in links[whole].items() if link.part <= 0 and other not in taken}


def _held(whole: int, links: Links, taken: set[int]) -> dict[int, Link]:
    """Parts of a picture and parts of its parts that belong to nobody yet; how each matches it."""
    held = _parts(whole, links, taken)
    parts: dict[int, Link] = {}
    for part, way in held.items():
        for other, link in links[part].items():
            if link.part <= 0 and other != whole and other not in held and other not in taken:
                through = _through(way, link)
                if other not in parts or through.key > parts[other].key:
                    parts[other] = through
    return {**held, **parts}


def _without_rivals(whole: int, held: dict[int, Link], apart: Apart, order: Sequence[int]) -> dict[int, Link]:
    """Held pictures without shots of a series with what matches better."""
    if not apart:
        return held
    kept: dict[int, Link] = {}
    for other in sorted(held, key=lambda other: (*(-value for value in held[other].key), order[other])):
        rivals = apart.get(other, ())
        if whole not in rivals and kept.keys().isdisjoint(rivals):
            kept[other] = held[other]
    return kept


def _through(first: Link, second: Link) -> Link:
    """Link to a picture by way of another: as sure as the less sure of both steps."""
    less = min(first, second, key=lambda link: link.key)
    # What is at the far end is brought over the middle one, and that over the near end.
    return replace(less, turn=after(second.turn, first.turn), part=min(first.part, second.part))


def _seen_from(best: int, whole: int, held: Mapping[int, Link], links: Links) -> dict[int, Link]:
    """Links of the whole and all that it holds to the best of them."""
    way = links[best][whole]
    seen = {whole: way}
    for other, link in held.items():
        if other != best:
            seen[other] = links[best].get(other) or _through(way, link)
    return seen
