"""Who of a crowd of look-alikes is compared with whom, and that copies in a crowd are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from image_sync.base.control import Control
from image_sync.base.model import FileKind, FileRecord, Fingerprint, Match, Picture, Sameness
from image_sync.base.progress import Reporter
from image_sync.inventory.context import Notes
from image_sync.jobs.organize import nearness
from image_sync.jobs.organize.differences import CloserLook, _Looked
from image_sync.jobs.organize.nearness import Turns, in_a_crowd, nearest_first
from image_sync.matching.difference import Difference

pytest.importorskip("cv2")


def links(pairs: Mapping[tuple[int, int], float]) -> dict[int, dict[int, Match]]:
    found: dict[int, dict[int, Match]] = {}
    for (one, other), score in pairs.items():
        match = Match(one, other, Sameness.SIMILAR, score)
        found.setdefault(one, {})[other] = match
        found.setdefault(other, {})[one] = match
    return found


def test_a_crowd_is_who_matches_more_than_a_photo_has_versions() -> None:
    hub = links({(0, other): 0.9 for other in range(1, nearness.CROWD + 2)})
    assert in_a_crowd(hub) == {0}
    del hub[0][1]
    assert in_a_crowd(hub) == frozenset()


def test_the_likest_come_first() -> None:
    chance = np.random.default_rng(5)
    base = chance.integers(40, 200, (64, 64))
    smalls = {
        place: np.clip(base + amount * chance.normal(0, 1, (64, 64)), 0, 255).astype(np.uint8).tobytes()
        for place, amount in enumerate((0, 60, 5, 25))
    }
    found = nearest_first(
        links({(0, 1): 0.99, (0, 2): 0.9, (0, 3): 0.95}), [0], lambda some: {k: smalls[k] for k in some}
    )
    assert found == {0: [2, 3, 1]}


@pytest.mark.parametrize(
    ("same", "asked"),
    [
        (set(), [[(0, 1), (0, 2)], []]),
        ({(0, 1)}, [[(0, 1), (0, 2)], [(0, 3), (0, 4)], []]),
        ({(0, 2), (0, 4)}, [[(0, 1), (0, 2)], [(0, 3), (0, 4)], [(0, 5)], []]),
    ],
    ids=["none is the same", "the first is", "the last of each two is"],
)
def test_one_of_a_crowd_goes_on_while_it_finds_what_it_shows(
    same: set[tuple[int, int]], asked: list[list[tuple[int, int]]]
) -> None:
    turns = Turns({0: [1, 2, 3, 4, 5]}, {0})
    for pairs in asked:
        assert turns.next() == pairs
        turns.take(same & set(pairs))


def test_all_others_ask_all_at_once() -> None:
    turns = Turns({0: [1, 2, 3, 4, 5]}, set())
    assert len(turns.next()) == 5
    turns.take({(0, 1)})
    assert turns.next() == []


class Looks(CloserLook):
    """A closer look that knows the answers: pictures of one ``shot`` are the same, all others as ``otherwise`` says."""

    def __init__(self, shots: list[int], otherwise: Difference, smalls: list[bytes]) -> None:
        record = FileRecord("/one", "a.jpg", 1, 0, 0, 1, 1, 1, 0o644, FileKind.PICTURE)
        print_of = Fingerprint("JPEG", 64, 64, 1, b"", b"", 30.0, 1.0)
        pictures = [
            Picture(replace(record, relative=f"{place:03}.jpg"), replace(print_of, codes=bytes([place % 256] * 32)))
            for place in range(len(shots))
        ]
        reporter = Reporter()
        context: Any = SimpleNamespace(
            pool=None, io_workers=0, reporter=reporter, control=Control(), workers=1, notes=Notes(reporter)
        )
        super().__init__(pictures, (), 0.85, False, context, lambda some: {place: smalls[place] for place in some})
        self.shots, self.otherwise = shots, otherwise
        self.number = 0

    def _look(self, pairs: Sequence[_Looked]) -> dict[_Looked, Difference]:
        for pair in pairs:
            if self._answer(pair) is None:
                self.number += 1
                same = self.shots[pair.one] == self.shots[pair.other]
                self._answers[pair] = Difference.NONE if same else self.otherwise
        return {pair: self._answers.get(pair) or self._answers[pair.reversed] for pair in pairs}


def crowd(shots: list[int]) -> tuple[list[bytes], list[Match]]:
    """Small pictures of shots that drift a little from one to the next, and a match for each pair."""
    chance = np.random.default_rng(3)
    base, drift = chance.integers(60, 180, (64, 64)), chance.normal(0, 40, (200, 64, 64))
    smalls = []
    for shot in shots:
        seen = base + drift[shot] + chance.normal(0, 2, (64, 64))
        smalls.append(np.clip(seen, 0, 255).astype(np.uint8).tobytes())
    every = range(len(shots))
    return smalls, [Match(one, other, Sameness.SIMILAR, 0.95) for one in every for other in every if one < other]


@pytest.mark.parametrize("otherwise", [Difference.MOVED, Difference.OTHER, Difference.LETTERS])
@pytest.mark.parametrize("copies", [1, 2, 5, 60], ids=lambda number: f"{number} of each")
def test_of_a_crowd_few_are_looked_at_and_all_copies_found(copies: int, otherwise: Difference) -> None:
    shots = [place // copies for place in range(120)]
    smalls, matches = crowd(shots)
    look = Looks(shots, otherwise, smalls)
    told = look.told(matches)
    same = {(match.first, match.second) for match in told.matches if match.sameness is Sameness.SIMILAR}
    assert same == {(one, other) for one, other in map(ends, matches) if shots[one] == shots[other]}
    apart = {pair for pair in map(ends, matches) if pair not in same}
    series = {ends(match) for match in told.matches if match.sameness is Sameness.SERIES}
    assert series == (apart if otherwise is Difference.MOVED else set())
    assert told.other == (apart if otherwise is Difference.OTHER else set())
    assert look.number <= 6 * len(shots)


def test_what_is_no_crowd_is_looked_at_pair_by_pair() -> None:
    shots = list(range(nearness.CROWD))
    smalls, matches = crowd(shots)
    look = Looks(shots, Difference.MOVED, smalls)
    look.told(matches)
    assert look.number == len(matches)


def ends(match: Match) -> tuple[int, int]:
    return match.first, match.second
