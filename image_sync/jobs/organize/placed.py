"""Pictures of which half is left or less, that were turned, taken at an angle, or put into something else.

The last of the searches at the level *edited*.  Every picture is described by corners once (``matching.features``);
an index over all of them proposes pairs (``matching.feature_index``), and how one lies on the other is looked at
(``matching.placing``).  Looks go by rounds, the likeliest pairs of each picture first: a picture whose best pairs
come to nothing gives up, and two that are parts of a third are not asked.  So looks are about as many as pictures.

What was searched together once is not searched again: the pairs that the index proposed are remembered with their
witnesses, and so is what a look said.  The rounds are gone through anew, so that the outcome hangs on the pictures
alone and not on the runs before.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from image_sync.base.events import Stage
from image_sync.base.model import Match, Picture, Problem, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import SearchRule, VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_files
from image_sync.jobs.organize.differences import TOGETHER
from image_sync.jobs.organize.search_history import SearchHistory

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from image_sync.matching.feature_index import Proposals
    from image_sync.matching.placing import Placed

BLOCK = 12_000
"""Pictures whose corners are at hand together, twice so many where two blocks are compared: some 200 MB a block."""
MOST = 48
"""Pairs of one picture that are looked at, the likeliest first."""
GIVE_UP = 6
"""Pairs of one picture, one after another, that may come to nothing."""
_DECODED = 4
_TURNS = 4

Pair = tuple[int, int]
Corners = Callable[[Iterable[int]], dict[int, bytes]]


class PlacedSearch:
    """Matches among pictures of which one is a small part of the other, or put into it.

    ``corners_of`` gives the corners of pictures by index.
    """

    def __init__(
        self,
        pictures: Sequence[Picture],
        measured: Sequence[Measurement],
        threshold: float,
        corners_of: Corners,
        context: RunContext,
    ) -> None:
        from image_sync.matching import difference, feature_index, features, overlap, placing

        self.pictures, self.measured, self.threshold = pictures, measured, threshold
        self.corners_of, self.context = corners_of, context
        versions = (placing.VERSION, difference.VERSION, overlap.VERSION, features.version())
        self.rule = VerdictRule(VerdictKind.PLACED, versions, threshold)
        self.proposed_rule = VerdictRule(VerdictKind.PROPOSED, (feature_index.VERSION, features.version()))
        self.search_rule = SearchRule(self.proposed_rule, (), exact=False)

    def matches(self, searched: Sequence[int], found: Sequence[Match], other: set[Pair]) -> list[Match]:
        """Matches among the pictures ``searched`` (by index, ascending) that are not among those ``found`` already, nor
        among the ``other`` pairs of which is said what there is to say.

        Raises ``Stopped`` at a checkpoint.
        """
        earlier = SearchHistory(self.context.catalog, self.measured, self.search_rule)
        known = earlier.known(searched)
        compared = set(known.values())
        new = [index for index in searched if index not in compared]
        self.context.reporter.stage(Stage.MATCH, len(searched) if new else 0)
        fresh = self._proposed(searched, set(new)) if new else {}
        votes = {**self._proposed_before(known), **fresh}
        self.context.reporter.flush()
        if new and self._remember(
            {self._rows(pair): float(number) for pair, number in fresh.items()}, self.proposed_rule
        ):
            earlier.remember(searched)
        rounds = _Rounds(self._order(votes), found, other)
        placed: dict[Pair, Placed] = {}
        self.context.reporter.stage(Stage.VERIFY, len(votes))
        while pairs := rounds.next():
            verdicts = self.look(pairs)
            rounds.take({pair: verdict for pair, verdict in verdicts.items() if verdict is not None}, pairs)
            placed.update({pair: verdict for pair, verdict in verdicts.items() if verdict is not None})
            self.context.reporter.advance(len(pairs))
        self.context.reporter.flush()
        return self._as_matches({pair: placed[pair] for pair in sorted(placed)})

    def _as_matches(self, placed: Mapping[Pair, Placed]) -> list[Match]:
        from image_sync.matching.placing import Relation

        kinds = {
            Relation.ALIKE: (Sameness.SIMILAR, 0),
            Relation.FIRST_PART: (Sameness.SIMILAR, 1),
            Relation.SECOND_PART: (Sameness.SIMILAR, -1),
            Relation.FIRST_HOLDS: (Sameness.WITHIN, 1),
            Relation.SECOND_HOLDS: (Sameness.WITHIN, -1),
            Relation.MOVED: (Sameness.SERIES, 0),
            Relation.FIRST_FRAMES: (Sameness.SIMILAR, 1),
            Relation.SECOND_FRAMES: (Sameness.SIMILAR, -1),
        }
        return [
            Match(*pair, kinds[verdict.relation][0], verdict.score, verdict.turn, kinds[verdict.relation][1])
            for pair, verdict in placed.items()
        ]

    # --- what is proposed ---

    def _proposed(self, searched: Sequence[int], new: set[int]) -> dict[Pair, int]:
        """Pairs (by index) with a new picture, and how many witnesses each has; by blocks of pictures."""
        blocks = [searched[start : start + BLOCK] for start in range(0, len(searched), BLOCK)]
        votes: dict[Pair, int] = {}
        for one, other in itertools.combinations_with_replacement(range(len(blocks)), 2):
            if new.isdisjoint(blocks[one]) and new.isdisjoint(blocks[other]):
                continue
            self.context.control.checkpoint()
            across = one != other
            members = [*blocks[one], *(blocks[other] if across else ())]
            found = self._in_block(members, len(blocks[one]) if across else 0, new)
            pairs = zip(found.first.tolist(), found.second.tolist(), strict=True)
            for (first, second), number in zip(pairs, found.votes.tolist(), strict=True):
                votes[members[first], members[second]] = number
            self.context.reporter.advance(0 if across else len(members))
        return votes

    def _in_block(self, members: Sequence[int], border: int, new: set[int]) -> Proposals:
        """Proposals among these pictures, those of the first ``border`` with the others only where it is given."""
        import numpy as np

        from image_sync.matching import feature_index

        corners = self.corners_of(members)
        sizes = [self._size(index) for index in members]
        described = feature_index.described([corners.get(index, b"") for index in members], sizes)
        is_new = np.array([index in new for index in members])

        def asked(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
            self.context.control.checkpoint()
            wanted: npt.NDArray[np.bool_] = is_new[first] | is_new[second]
            if border:
                wanted &= (first < border) & (second >= border)
            return wanted

        return feature_index.proposals(described, asked)

    def _order(self, votes: Mapping[Pair, int]) -> list[Pair]:
        """The pairs, the likeliest first; of two alike the one that comes first by its pictures alone."""

        def key(pair: Pair) -> tuple[int, list[tuple[bytes, str]]]:
            ends = sorted((self.pictures[index].fingerprint.codes, self.pictures[index].record.path) for index in pair)
            return -votes[pair], ends

        return sorted(votes, key=key)

    # --- looks ---

    def look(self, pairs: Sequence[Pair]) -> dict[Pair, Placed | None]:
        """Verdicts on pairs, remembered or made now; a picture that can't be read any more is on none."""
        known = self._stored(pairs)
        verdicts: dict[Pair, Placed | None] = {
            pair: known[self._rows(pair)] for pair in pairs if self._rows(pair) in known
        }
        fresh = [pair for pair in pairs if pair not in verdicts]
        pieces = list(self._pieces(fresh))
        looked: dict[Pair, Placed | None] = {}
        work = _PlaceWork(tuple(picture.record.path for picture in self.pictures), self.threshold)
        for piece, said in on_files(self.context, work, pieces, work.path_of, self._unknown):
            if said is None:
                verdicts.update(dict.fromkeys(piece.pairs, None))
            else:
                looked.update(zip(piece.pairs, said, strict=True))
        self._remember({self._rows(pair): _value(verdict) for pair, verdict in looked.items()}, self.rule)
        return {**verdicts, **looked}

    def _pieces(self, pairs: Sequence[Pair]) -> Iterator[_Piece]:
        """Pairs in pieces that share their first picture."""
        corners = self.corners_of({index for pair in pairs for index in pair})
        by_first: defaultdict[int, list[int]] = defaultdict(list)
        for one, other in pairs:
            by_first[one].append(other)
        for one, others in by_first.items():
            for start in range(0, len(others), TOGETHER):
                part = tuple(others[start : start + TOGETHER])
                yield _Piece(
                    one,
                    part,
                    tuple(corners.get(index, b"") for index in (one, *part)),
                    tuple(self._size(index) for index in (one, *part)),
                )

    def _unknown(self, _piece: _Piece, problem: Problem) -> None:
        """Nothing is told of it here, nor remembered: it could be read when it was measured, and whoever needs it next
        tells."""

    # --- what is remembered ---

    def _proposed_before(self, known: Mapping[int, int]) -> dict[Pair, int]:
        """Pairs among pictures that are known (indexes by row), and how many witnesses each has."""
        votes: dict[Pair, int] = {}
        for (one, other), number in self.context.catalog.alike(known, self.proposed_rule).items():
            if one in known and other in known:
                first, second = sorted((known[one], known[other]))
                votes[first, second] = round(number)
        return votes

    def _stored(self, pairs: Sequence[Pair]) -> dict[Pair, Placed | None]:
        """Verdicts of earlier runs on some pairs, by their rows."""
        rows = {row for pair in pairs for row in self._rows(pair)} - {-1}
        found: dict[Pair, Placed | None] = {}
        for (one, other), value in self.context.catalog.scores(rows, self.rule).items():
            verdict = _verdict(value) if value else None
            found[one, other] = verdict
            found.setdefault((other, one), verdict and _swapped(verdict))
        return found

    def _remember(self, values: Mapping[Pair, float], rule: VerdictRule) -> bool:
        """Remember values by rows; whether all that has a row is."""
        lasting = {rows: value for rows, value in values.items() if -1 not in rows}
        try:
            self.context.catalog.store_scores(lasting, rule)
        except CatalogUnwritable:
            return False
        return True

    def _rows(self, pair: Pair) -> Pair:
        one, other = (self.measured[index].known.content for index in pair)
        return one or -1, other or -1

    def _size(self, index: int) -> tuple[int, int]:
        shape = self.pictures[index].fingerprint
        return shape.width, shape.height


def _value(verdict: Placed | None) -> float:
    """A verdict as one number, for the catalog: twice the number of relation and turn, and the score, which is 1 at
    most."""
    return 0.0 if verdict is None else 2 * (verdict.relation * _TURNS + verdict.turn) + verdict.score


def _verdict(value: float) -> Placed:
    from image_sync.matching.placing import Placed, Relation

    code = int(value // 2)
    return Placed(round(value - 2 * code, 4), Relation(code // _TURNS), code % _TURNS)


def _swapped(verdict: Placed) -> Placed:
    return verdict._replace(relation=verdict.relation.swapped, turn=-verdict.turn % _TURNS)


class _Rounds:
    """The pairs that are looked at next: of each picture the likeliest that was not yet, as long as looks succeed."""

    def __init__(self, pairs: Sequence[Pair], found: Iterable[Match], other: set[Pair]) -> None:
        self._waiting: defaultdict[int, list[Pair]] = defaultdict(list)
        for pair in reversed(pairs):
            for index in pair:
                self._waiting[index].append(pair)
        self._failed: defaultdict[int, int] = defaultdict(int)
        self._asked: set[Pair] = set()
        self._left = dict.fromkeys(self._waiting, MOST)
        self._above: defaultdict[int, set[int]] = defaultdict(set)
        self._settled = set(other)
        for match in found:
            self._match(match.first, match.second, match.part if match.sameness is Sameness.SIMILAR else None)

    def next(self) -> list[Pair]:
        """The pairs of the next round, ascending; none when all is said."""
        chosen = {pair for index in sorted(self._waiting) if (pair := self._next_of(index)) is not None}
        self._asked |= chosen
        return sorted(chosen)

    def take(self, matched: Mapping[Pair, Placed], asked: Iterable[Pair]) -> None:
        """Take in the verdicts on the pairs ``asked``."""
        from image_sync.matching.placing import Relation

        parts = {Relation.ALIKE: 0, Relation.FIRST_PART: 1, Relation.SECOND_PART: -1}
        for pair in asked:
            for index in pair:
                self._failed[index] = 0 if pair in matched else self._failed[index] + 1
        for (one, other), verdict in matched.items():
            self._match(one, other, parts.get(verdict.relation))

    def _match(self, one: int, other: int, part: int | None) -> None:
        """Two pictures match; ``part`` as ``Match`` has it, ``None`` where neither can stand for the other."""
        self._settled.add((one, other))
        if part is not None and part >= 0:
            self._above[one].add(other)
        if part is not None and part <= 0:
            self._above[other].add(one)

    def _next_of(self, index: int) -> Pair | None:
        waiting = self._waiting[index]
        while waiting and self._left[index] > 0 and self._failed[index] < GIVE_UP:
            pair = waiting.pop()
            if pair not in self._asked and not self._is_settled(pair):
                self._left[index] -= 1
                return pair
        waiting.clear()
        return None

    def _is_settled(self, pair: Pair) -> bool:
        """Whether two pictures match, or both are parts of a third: they come together without being asked."""
        one, other = pair
        return pair in self._settled or not self._above[one].isdisjoint(self._above[other])


@dataclass(frozen=True, slots=True)
class _Piece:
    """A picture and others to be compared with it (by index), with the corners and sizes of all, its own first."""

    one: int
    others: tuple[int, ...]
    corners: tuple[bytes, ...]
    sizes: tuple[tuple[int, int], ...]

    @property
    def pairs(self) -> list[Pair]:
        """The pairs that it asks about."""
        return [(self.one, other) for other in self.others]


@dataclass(frozen=True, slots=True)
class _PlaceWork:
    """Looks how one picture lies on others; runs in the pool."""

    paths: tuple[str, ...]
    threshold: float

    def __call__(self, piece: _Piece) -> list[Placed | None]:
        from image_sync.matching import placing

        decoded = lru_cache(maxsize=_DECODED)(self._decoded)
        said = []
        for number, other in enumerate(piece.others, 1):
            sizes = piece.sizes[0], piece.sizes[number]
            guesses = placing.maps(piece.corners[0], piece.corners[number], sizes)
            one_of = placing.placed(decoded(piece.one), decoded(other), guesses, self.threshold) if guesses else None
            said.append(one_of)
        return said

    def path_of(self, piece: _Piece) -> str:
        """The picture that a piece is about."""
        return self.paths[piece.one]

    def _decoded(self, index: int) -> npt.NDArray[np.uint8]:
        import numpy as np

        from image_sync.matching import features
        from image_sync.pictures.pixels import thumbnail

        return features.as_described(np.asarray(thumbnail(self.paths[index], features.LONG_SIDE).convert("RGB")))
