"""The second look at what the search proposes, while it proposes: verdicts remembered, fresh ones in the pool.

Candidates are never all at hand: at a low threshold there are thousands a picture.  So many as have room wait until the
search is through, and are then a stage of their own; with more, those waiting get their look in between.

What is a match is decided in ``matching.verify``; here is only who is looked at, when, and what is remembered of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from image_sync.base.events import Stage
from image_sync.base.model import Match, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import in_pool
from image_sync.pictures.code_layout import CODE_BITS, SIDE

if TYPE_CHECKING:
    from image_sync.matching.search import Pairs

WAITING = 1 << 20
"""Candidates that may wait for the end of the search: 19 MB."""
BLOCK = 2048
"""Candidates whose verdicts are looked up together: 16 MB of small pictures."""
TOGETHER = 128
"""Candidates that a worker gets together: a tenth of a second of work, 1 MB of small pictures."""

Smalls = Callable[[Iterable[int]], dict[int, bytes]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Two pictures (by index) that the hashes propose, so many bits of 256 apart."""

    first: int
    second: int
    distance: int


@dataclass(frozen=True, slots=True)
class _Look:
    """Batch of candidates to be compared: small pictures one after another, the second as the turn has it."""

    first: bytes
    second: bytes
    distances: tuple[int, ...]


class Verification:
    """Thins candidates to matches.  ``smalls`` gives the small pictures of pictures by index."""

    def __init__(
        self,
        measured: Sequence[Measurement],
        threshold: float,
        smalls: Smalls,
        context: RunContext,
    ) -> None:
        from image_sync.matching.verify import VERSION

        self.measured, self.threshold, self.smalls, self.context = measured, threshold, smalls, context
        self.rule = VerdictRule(VerdictKind.SAME, (VERSION,), threshold)
        self.forgotten = False
        """Whether a verdict could not be remembered."""

    def matches(self, places: Sequence[int], candidates: Iterable[tuple[int, Pairs]]) -> Iterator[Match]:
        """The matches among ``candidates``: each with the position in which the second was looked at, and pairs of
        places in ``places``, which holds pictures by index.  Begins the stage of checking.  Raises ``Stopped``."""
        waiting: list[tuple[int, Pairs]] = []
        number = 0
        for turn, pairs in candidates:
            waiting.append((turn, pairs))
            number += len(pairs.first)
            if number >= WAITING:
                yield from self._look_through(places, waiting, lambda _: None)
                waiting, number = [], 0
        self.context.reporter.flush()
        self.context.reporter.stage(Stage.VERIFY, number)
        yield from self._look_through(places, waiting, self.context.reporter.advance)
        self.context.reporter.flush()

    def remembered(self, known: Mapping[int, int], turns: int) -> Iterator[Match]:
        """The matches among pictures (indexes by content row) all of whose pairs were looked at before, in so many
        positions."""
        from image_sync.pictures.hashes import distance, inverse_turn, turned_codes

        for turn in range(turns):
            pairs = set()
            for one, other in self.context.catalog.confirmed(known, self.rule.turned(turn)):
                if one in known and other in known:
                    ahead = known[one] < known[other]
                    pairs.add(
                        (known[one], known[other], turn) if ahead else (known[other], known[one], inverse_turn(turn))
                    )
            smalls = self.smalls({second for _, second, _ in pairs}) if turn else {}
            for first, second, position in sorted(pairs):
                codes = turned_codes(smalls[second], position) if turn else self._codes(second)
                yield Match(
                    first, second, Sameness.SIMILAR, 1.0 - distance(self._codes(first), codes) / CODE_BITS, position
                )

    def _look_through(
        self, places: Sequence[int], waiting: Iterable[tuple[int, Pairs]], advance: Callable[[int], None]
    ) -> Iterator[Match]:
        for turn, pairs in waiting:
            for start in range(0, len(pairs.first), BLOCK):
                self.context.control.checkpoint()
                block = pairs.chosen(slice(start, start + BLOCK))
                found = [
                    _Candidate(places[first], places[second], distance)
                    for first, second, distance in zip(*(part.tolist() for part in block), strict=True)
                ]
                yield from self._confirmed(found, turn, advance)

    def _confirmed(
        self, candidates: Sequence[_Candidate], turn: int, advance: Callable[[int], None]
    ) -> Iterator[Match]:
        """The matches among some candidates; a pair that an earlier run looked at is not looked at again."""
        rows = filter(None, (self._row(pair.first) for pair in candidates))
        known = self.context.catalog.verdicts(rows, self.rule.turned(turn))
        verdicts = {pair: known.get(self._rows(pair)) for pair in candidates}
        fresh = [pair for pair, same in verdicts.items() if same is None]
        advance(len(candidates) - len(fresh))
        looked: dict[tuple[int, int], bool] = {}
        try:
            for pairs, sure in self._looked_at(fresh, turn):
                verdicts.update(zip(pairs, sure, strict=True))
                looked.update(zip(map(self._rows, pairs), sure, strict=True))
                advance(len(pairs))
        finally:
            self._remember(looked, turn)
        for pair, same in verdicts.items():
            if same:
                yield Match(pair.first, pair.second, Sameness.SIMILAR, 1.0 - pair.distance / CODE_BITS, turn)

    def _looked_at(
        self, candidates: Sequence[_Candidate], turn: int
    ) -> Iterator[tuple[Sequence[_Candidate], list[bool]]]:
        """The verdicts, some at a time, as the pool gives them."""
        parts = [candidates[start : start + TOGETHER] for start in range(0, len(candidates), TOGETHER)]
        smalls = self.smalls({index for pair in candidates for index in (pair.first, pair.second)})
        looks = (_look_of(part, smalls, turn) for part in parts)
        work = partial(_verdicts, threshold=self.threshold)
        for part, (_, sure) in zip(parts, in_pool(self.context, work, looks), strict=True):
            yield part, sure

    def _codes(self, index: int) -> bytes:
        fingerprint = self.measured[index].known.fingerprint
        assert fingerprint is not None
        return fingerprint.codes

    def _row(self, index: int) -> int | None:
        return self.measured[index].known.content

    def _rows(self, pair: _Candidate) -> tuple[int, int]:
        return self._row(pair.first) or -1, self._row(pair.second) or -1

    def _remember(self, verdicts: dict[tuple[int, int], bool], turn: int) -> None:
        lasting = {rows: same for rows, same in verdicts.items() if -1 not in rows}
        if lasting:
            try:
                self.context.catalog.store_verdicts(lasting, self.rule.turned(turn))
            except CatalogUnwritable:
                self.forgotten = True


def _look_of(candidates: Sequence[_Candidate], smalls: dict[int, bytes], turn: int) -> _Look:
    from image_sync.pictures.hashes import turned

    return _Look(
        b"".join(smalls[pair.first] for pair in candidates),
        b"".join(turned(smalls[pair.second], turn) if turn else smalls[pair.second] for pair in candidates),
        tuple(pair.distance for pair in candidates),
    )


def _verdicts(look: _Look, threshold: float) -> list[bool]:
    """The second look at some pairs.  Runs in the pool."""
    import numpy as np

    from image_sync.matching import verify

    one, other = (np.frombuffer(side, np.uint8).reshape(-1, SIDE, SIDE) for side in (look.first, look.second))
    sure = verify.confirm_many(one, other, np.array(look.distances, np.int16), threshold)
    return [bool(same) for same in sure]
