"""Crops, borders and captions: a picture that shows less than a match of its own is not the best one.

Asked for pictures that would be the best, against their matches, until one is found that shows no less; so the looks
are about as many as the pictures, and not as the pairs.  A look takes the small pictures, and the corners (see
``matching.features``) where those don't tell how one lies on the other; what it said is remembered with the contents.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from image_sync.base.model import Match, Picture, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.pictures.code_layout import SIDE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Floats = npt.NDArray[np.float32]

BLOCK = 512
"""Pairs that are looked at together: some 4 MB of small pictures."""

Smalls = Callable[[Iterable[int]], dict[int, bytes]]
Corners = Callable[[Iterable[int]], dict[int, bytes]]


@dataclass(frozen=True, slots=True)
class CropContext:
    """Context of a comparison: small pictures and corners (where any are described), by index."""

    measured: Sequence[Measurement]
    smalls: Smalls
    corners: Corners | None
    context: RunContext
    parts: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """What is known already, by pair (ascending): 1 where the first shows less, -1 where the second does."""

    def part(self, one: int, other: int) -> int:
        """1 where it is known that the one shows less, -1 where the other does, 0 where nothing is."""
        return self.parts.get((one, other), 0) if one < other else -self.parts.get((other, one), 0)


def shown(
    pictures: Sequence[Picture], matches: Sequence[Match], request: OrganizeRequest, sight: CropContext
) -> tuple[Picture, ...]:
    """The pictures, those marked that would be the best of a group and show less than another.  Raises ``Stopped``."""
    from image_sync.jobs.organize.rules.ranking import rank

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


def related(pictures: Sequence[Picture], matches: Sequence[Match], sight: CropContext) -> list[Match]:
    """The matches, each with which of the two shows less.  Raises ``Stopped``."""
    similar = [match for match in matches if match.sameness is Sameness.SIMILAR]
    links = [_Link(match.first, match.second, match.turn) for match in similar]
    parts = dict(zip(links, _Looks(pictures, sight).at(links), strict=True))
    return [
        replace(match, part=parts[_Link(match.first, match.second, match.turn)])
        if match.sameness is Sameness.SIMILAR and not match.part
        else match
        for match in matches
    ]


class _Link(NamedTuple):
    """A match as its one end sees it: the pictures at both ends, and the position in which the other matches."""

    one: int
    other: int
    turn: int

    @property
    def reversed(self) -> _Link:
        """This link as the other end sees it."""
        from image_sync.pictures.hashes import inverse_turn

        return _Link(self.other, self.one, inverse_turn(self.turn))


_Links = dict[int, dict[int, _Link]]


def _copies(count: int, matches: Iterable[Match]) -> list[int]:
    """For each picture the first of those that are identical with it."""
    first_of = list(range(count))
    for match in matches:
        if match.sameness in (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS) and match.turn == 0:
            one, other = _root(first_of, match.first), _root(first_of, match.second)
            first_of[max(one, other)] = min(one, other)
    return [_root(first_of, index) for index in range(count)]


def _root(first_of: Sequence[int], index: int) -> int:
    while first_of[index] != index:
        index = first_of[index]
    return index


def _links(matches: Iterable[Match], copies: Sequence[int]) -> _Links:
    """Links of who matches whom, by the first of identical copies."""
    links: _Links = defaultdict(dict)
    for match in matches:
        one, other = copies[match.first], copies[match.second]
        if match.sameness is Sameness.SIMILAR and one != other:
            link = _Link(match.first, match.second, match.turn)
            links[one].setdefault(other, link)
            links[other].setdefault(one, link.reversed)
    return links


def _lesser(order: Sequence[int], links: _Links, looks: _Looks) -> set[int]:
    """Pictures that show less than a match: in each round all that would be the best are compared together.

    A look may err; so a picture gives way only to one that shows more than it, and that more of its own matches agree
    on: by how many show less than it, less those that show more.
    """
    taken: set[int] = set()
    lesser: set[int] = set()
    while asked := _would_be_best(order, links, taken, lesser):
        said = _said(asked, links, looks)
        above = {best: [other for other, less in said[best].items() if less > 0] for best in asked}
        rivals = {rival for best in asked for rival in above[best]} - asked.keys()
        wanted = {rival: [other for other in links[rival] if other not in taken | lesser] for rival in rivals}
        said.update(_said(wanted, links, looks))
        lead = {picture: -sum(answers.values()) for picture, answers in said.items()}
        for best, others in asked.items():
            if any(lead[rival] > lead[best] for rival in above[best]):
                lesser.add(best)
            else:
                taken.update((best, *others))
    return lesser


def _said(wanted: Mapping[int, Sequence[int]], links: _Links, looks: _Looks) -> dict[int, dict[int, int]]:
    """Verdicts on pictures and others: 1 where the picture shows less, -1 where the other does, 0 else."""
    answers = iter(looks.at([links[one][other] for one, others in wanted.items() for other in others]))
    return {one: {other: next(answers) for other in others} for one, others in wanted.items()}


def _would_be_best(order: Sequence[int], links: _Links, taken: set[int], lesser: set[int]) -> dict[int, list[int]]:
    """Pictures that would be the best of a group now, and whom each would take; groups that share a picture wait for
    each other."""
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
    sight: CropContext

    def at(self, pairs: Sequence[_Link]) -> list[int]:
        """For each pair 1 where its one picture shows less, -1 where the other does, else 0."""
        rule = self._rule()
        told = {pair: part for pair in pairs if (part := self.sight.part(pair.one, pair.other))}
        wanted = dict.fromkeys(min(pair, pair.reversed) for pair in pairs if pair not in told)
        rows = {row for pair in wanted for row in self._rows(pair)}
        known = self.sight.context.catalog.verdicts(rows, rule)
        answers = {pair: _difference(known, self._rows(pair)) for pair in wanted}
        fresh = [pair for pair, answer in answers.items() if answer is None]
        for start in range(0, len(fresh), BLOCK):
            self.sight.context.control.checkpoint()
            block = fresh[start : start + BLOCK]
            said = dict(zip(block, self._look(block), strict=True))
            answers.update(said)
            self._remember(said, rule)
        return [told.get(pair) or _answer(answers, pair) for pair in pairs]

    def _remember(self, said: Mapping[_Link, int], rule: VerdictRule) -> None:
        """A row for each direction: whether the first shows less than the second."""
        lasting = {}
        for pair, less in said.items():
            one, other = self._rows(pair)
            if -1 not in (one, other):
                lasting[one, other], lasting[other, one] = less > 0, less < 0
        with contextlib.suppress(CatalogUnwritable):
            self.sight.context.catalog.store_verdicts(lasting, rule)

    def _look(self, pairs: Sequence[_Link]) -> list[int]:
        from image_sync.matching import cropping
        from image_sync.pictures.hashes import turned

        smalls = self.sight.smalls({index for pair in pairs for index in (pair.one, pair.other)})
        one = _stacked(smalls[pair.one] for pair in pairs)
        other = _stacked(turned(smalls[pair.other], pair.turn) for pair in pairs)
        maps, sure = cropping.maps(one, other)
        by_corners = self._maps_by_corners([pair for pair, is_sure in zip(pairs, sure, strict=True) if not is_sure])
        for place, pair in enumerate(pairs):
            if pair in by_corners:
                maps[place], sure[place] = by_corners[pair], True
        signs = {cropping.ShowsLess.FIRST: 1, cropping.ShowsLess.SECOND: -1, cropping.ShowsLess.NEITHER: 0}
        verdicts = cropping.shows_less(one, other, maps).tolist()
        return [signs[verdict] if is_sure else 0 for verdict, is_sure in zip(verdicts, sure, strict=True)]

    def _maps_by_corners(self, pairs: Sequence[_Link]) -> Mapping[_Link, Floats]:
        """The maps of those pairs, as they stand, whose corners tell one."""
        from image_sync.matching import features

        if self.sight.corners is None or not features.available():
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

    def _rule(self) -> VerdictRule:
        from image_sync.matching import cropping, features, overlap

        corners = "small" if self.sight.corners is None else features.version()
        return VerdictRule(VerdictKind.SHOWS_LESS, (cropping.VERSION, overlap.VERSION, corners))

    def _row(self, index: int) -> int | None:
        return self.sight.measured[index].known.content

    def _rows(self, pair: _Link) -> tuple[int, int]:
        return self._row(pair.one) or -1, self._row(pair.other) or -1


def _answer(answers: Mapping[_Link, int | None], pair: _Link) -> int:
    return answers[pair] or 0 if pair in answers else -(answers[pair.reversed] or 0)


def _difference(known: Mapping[tuple[int, int], bool], rows: tuple[int, int]) -> int | None:
    """Remembered difference of two contents, by both directions; ``None`` when nothing is."""
    one, other = known.get(rows), known.get((rows[1], rows[0]))
    return None if one is None or other is None or -1 in rows else int(one) - int(other)


def _stacked(smalls: Iterable[bytes]) -> Bytes:
    import numpy as np

    return np.frombuffer(b"".join(smalls), np.uint8).reshape(-1, SIDE, SIDE)
