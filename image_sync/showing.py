"""Which pictures show less than a match of theirs: a crop, or a copy with a border or a caption, is not the best one.

Asked for pictures that would be the best, against their matches, until one is found that shows no less; so the looks
are about as many as the pictures, and not as the pairs.  A look takes the small pictures, and the corners (see
``matching.features``) where those don't tell how one lies on the other; what it said is remembered with the contents.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.catalog import Catalog, CatalogUnwritable
from image_sync.control import Control
from image_sync.measuring import Measurement
from image_sync.model import Match, Picture, Sameness
from image_sync.settings import OrganizeRequest

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Floats = npt.NDArray[np.float32]

SIDE = 64
BLOCK = 512
"""Pairs that are looked at together: some 4 MB of small pictures."""

Smalls = Callable[[Iterable[int]], dict[int, bytes]]
Corners = Callable[[Iterable[int]], dict[int, bytes]]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look needs: small pictures and corners, by index, and where looks are remembered."""

    measured: Sequence[Measurement]
    smalls: Smalls
    corners: Corners
    catalog: Catalog
    control: Control


def shown(
    pictures: Sequence[Picture], matches: Sequence[Match], request: OrganizeRequest, sight: Sight
) -> tuple[Picture, ...]:
    """The pictures, those marked that would be the best of a group and show less than another.  Raises ``Stopped``."""
    from image_sync.pictures.quality import rank

    copies = _copies(len(pictures), matches)
    links = _links(matches, copies)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(pictures)):
        if copies[index] in links:
            members[copies[index]].append(index)
    keys = {
        copy: min(rank(pictures[index], request.best_order, request.preferred) for index in indexes)
        for copy, indexes in members.items()
    }
    lesser = _lesser(sorted(links, key=keys.__getitem__), links, _Looks(pictures, sight))
    result = list(pictures)
    for copy in lesser:
        for index in members[copy]:
            result[index] = replace(result[index], shows_less=True)
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Link:
    """A match as its one end sees it: the pictures at both ends, and the position in which the other matches."""

    one: int
    other: int
    turn: int


_Links = dict[int, dict[int, _Link]]


def _copies(count: int, matches: Iterable[Match]) -> list[int]:
    """For each picture the first of those that are identical with it."""
    first_of = list(range(count))
    for match in matches:
        if match.sameness is not Sameness.SIMILAR and match.turn == 0:
            one, other = _root(first_of, match.first), _root(first_of, match.second)
            first_of[max(one, other)] = min(one, other)
    return [_root(first_of, index) for index in range(count)]


def _root(first_of: Sequence[int], index: int) -> int:
    while first_of[index] != index:
        index = first_of[index]
    return index


def _links(matches: Iterable[Match], copies: Sequence[int]) -> _Links:
    """Who matches whom, by the first of identical copies."""
    from image_sync.pictures.hashes import back

    links: _Links = defaultdict(dict)
    for match in matches:
        one, other = copies[match.first], copies[match.second]
        if match.sameness is Sameness.SIMILAR and one != other:
            links[one].setdefault(other, _Link(match.first, match.second, match.turn))
            links[other].setdefault(one, _Link(match.second, match.first, back(match.turn)))
    return links


def _lesser(order: Sequence[int], links: _Links, looks: _Looks) -> set[int]:
    """Those that show less than a match: in each round all that would be the best are looked at together."""
    taken: set[int] = set()
    lesser: set[int] = set()
    while True:
        asked = _would_be_best(order, links, taken, lesser)
        if not asked:
            return lesser
        pairs = [links[best][other] for best, others in asked.items() for other in others]
        answers = iter(looks.at(pairs))
        for best, others in asked.items():
            # All of its answers are taken, whatever the first of them is.
            if sum(next(answers) for _ in others):
                lesser.add(best)
            else:
                taken.update((best, *others))


def _would_be_best(order: Sequence[int], links: _Links, taken: set[int], lesser: set[int]) -> dict[int, list[int]]:
    """Who would be the best of a group now, and whom it would take; groups that share a picture wait for each other."""
    asked: dict[int, list[int]] = {}
    busy: set[int] = set()
    for best in order:
        if best in taken or best in lesser:
            continue
        others = [other for other in links[best] if other not in taken and other not in lesser]
        if best not in busy and busy.isdisjoint(others) and others:
            asked[best] = others
        busy.update((best, *others))
    return asked


@dataclass(frozen=True, slots=True)
class _Looks:
    """Looks at pairs, each remembered."""

    pictures: Sequence[Picture]
    sight: Sight

    def at(self, pairs: Sequence[_Link]) -> list[bool]:
        """For each pair whether its one picture shows less than the other."""
        rule = self._rule()
        known = self.sight.catalog.verdicts(filter(None, (self._row(pair.one) for pair in pairs)), 0, rule)
        answers: dict[_Link, bool | None] = {pair: known.get(self._rows(pair)) for pair in pairs}
        fresh = [pair for pair, answer in answers.items() if answer is None]
        for start in range(0, len(fresh), BLOCK):
            self.sight.control.checkpoint()
            block = fresh[start : start + BLOCK]
            said = dict(zip(block, self._look(block), strict=True))
            answers.update(said)
            lasting = {self._rows(pair): less for pair, less in said.items() if -1 not in self._rows(pair)}
            with contextlib.suppress(CatalogUnwritable):
                self.sight.catalog.store_verdicts(lasting, 0, rule)
        return [bool(answers[pair]) for pair in pairs]

    def _look(self, pairs: Sequence[_Link]) -> list[bool]:
        from image_sync.matching import wholes
        from image_sync.pictures.hashes import turned

        smalls = self.sight.smalls({index for pair in pairs for index in (pair.one, pair.other)})
        one = _stacked(smalls[pair.one] for pair in pairs)
        other = _stacked(turned(smalls[pair.other], pair.turn) for pair in pairs)
        maps, sure = wholes.maps(one, other)
        by_corners = self._maps_by_corners([pair for pair, is_sure in zip(pairs, sure, strict=True) if not is_sure])
        for place, pair in enumerate(pairs):
            if pair in by_corners:
                maps[place], sure[place] = by_corners[pair], True
        lesser = (wholes.less(one, other, maps) == wholes.Less.FIRST) & sure
        return [bool(answer) for answer in lesser]

    def _maps_by_corners(self, pairs: Sequence[_Link]) -> Mapping[_Link, Floats]:
        """The maps of those pairs, as they stand, whose corners tell one."""
        from image_sync.matching import features

        if not features.available():
            return {}
        upright = [pair for pair in pairs if not pair.turn]
        corners = self.sight.corners({index for pair in upright for index in (pair.one, pair.other)})
        maps = {}
        for pair in upright:
            one, other = (corners.get(index, b"") for index in (pair.one, pair.other))
            found = features.map_between(one, other, (self._size(pair.one), self._size(pair.other)))
            if found:
                maps[pair] = found.mapping
        return maps

    def _size(self, index: int) -> tuple[int, int]:
        shape = self.pictures[index].fingerprint
        return shape.width, shape.height

    def _rule(self) -> str:
        from image_sync.matching import features, overlap, wholes

        how = features.VERSION if features.available() else "none"
        return f"shows less {wholes.VERSION}-{overlap.VERSION}-{how}"

    def _row(self, index: int) -> int | None:
        return self.sight.measured[index].known.content

    def _rows(self, pair: _Link) -> tuple[int, int]:
        return self._row(pair.one) or -1, self._row(pair.other) or -1


def _stacked(smalls: Iterable[bytes]) -> Bytes:
    import numpy as np

    return np.frombuffer(b"".join(smalls), np.uint8).reshape(-1, SIDE, SIDE)
