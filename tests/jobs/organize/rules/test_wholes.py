"""Groups around wholes: parts of parts belong, what only meets in a margin does not, whatever the order."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.rules.grouping import group
from image_sync.jobs.organize.rules.wholes import after, back
from image_sync.pictures.hashes import turned


def part_of(part: int, whole: int, score: float = 0.9, turn: int = 0) -> Match:
    """A match of which one shows less; ``turn`` is that of the greater number."""
    first, second = sorted((part, whole))
    return Match(first, second, Sameness.SIMILAR, score, turn, part=1 if part == first else -1)


def as_much(one: int, other: int, score: float = 0.9) -> Match:
    return Match(*sorted((one, other)), Sameness.SIMILAR, score)  # type: ignore[misc, arg-type]


TABLE: dict[str, tuple[list[Match], list[list[int]]]] = {
    "a part": ([part_of(0, 1)], [[1, 0]]),
    "a part of a part": ([part_of(1, 0), part_of(2, 1)], [[0, 1, 2]]),
    "parts of one whole": ([part_of(0, 2), part_of(1, 2)], [[2, 0, 1]]),
    "parts that meet in the margin": ([part_of(1, 0), part_of(1, 2)], [[0, 1]]),
    "versions that show as much": ([as_much(0, 1), as_much(0, 2)], [[0, 1, 2]]),
    "the better of those that show as much": ([as_much(0, 1), part_of(2, 1), part_of(3, 1)], [[0, 1, 2, 3]]),
    "two wholes with a part each": ([part_of(2, 0), part_of(3, 1)], [[0, 2], [1, 3]]),
    "three steps are too many": ([part_of(1, 0), part_of(2, 1), part_of(3, 2)], [[0, 1, 2]]),
}


@pytest.mark.parametrize("name", TABLE)
def test_table(name: str) -> None:
    matches, wanted = TABLE[name]
    for told in (matches, matches[::-1]):
        found = group(4, told, range(4), by_wholes=True)
        assert [[one.picture for one in members.members] for members in found.groups] == wanted


def test_shots_of_a_series_do_not_come_together_by_a_copy_of_both() -> None:
    matches = [as_much(0, 1), as_much(1, 2), Match(0, 2, Sameness.SERIES, 0.9)]
    (found,) = group(3, matches, range(3), by_wholes=True).groups
    assert [(one.picture, one.sameness) for one in found.members][1:] == [(1, Sameness.SIMILAR), (2, Sameness.SERIES)]


def test_a_part_of_a_part_is_as_sure_as_the_less_sure_step() -> None:
    found = group(3, [part_of(1, 0, 0.97), part_of(2, 1, 0.88)], range(3), by_wholes=True)
    assert [member.score for member in found.groups[0].members] == [1.0, 0.97, 0.88]


SMALL = bytes(range(256)) * 16


@pytest.mark.parametrize(("first", "second"), [*product(range(8), repeat=2)])
def test_positions_one_after_another(first: int, second: int) -> None:
    assert turned(turned(SMALL, first), second) == turned(SMALL, after(first, second))
    assert after(first, back(first)) == 0


def test_the_position_of_a_part_of_a_part_is_that_of_both_steps() -> None:
    found = group(3, [part_of(1, 0, turn=1), part_of(2, 1, turn=6)], range(3), by_wholes=True)
    assert [member.turn for member in found.groups[0].members] == [0, 1, after(6, 1)]


pairs = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1])


@given(st.dictionaries(pairs, st.sampled_from([-1, 0, 1])), st.permutations(range(7)), st.randoms())
def test_the_order_of_matches_and_the_numbering_are_of_no_consequence(
    parts: dict[tuple[int, int], int], numbers: list[int], chance: random.Random
) -> None:
    matches = [Match(one, other, Sameness.SIMILAR, 0.9, part=part) for (one, other), part in parts.items()]
    renamed = []
    for match in matches:
        one, other = numbers[match.first], numbers[match.second]
        part = match.part if one < other else -match.part
        renamed.append(Match(min(one, other), max(one, other), Sameness.SIMILAR, 0.9, part=part))
    chance.shuffle(renamed)
    ranks = [numbers.index(number) for number in range(7)]
    plain = group(7, matches, range(7), by_wholes=True)
    other = group(7, renamed, ranks, by_wholes=True)
    assert [[numbers[one.picture] for one in found.members] for found in plain.groups] == [
        [one.picture for one in found.members] for found in other.groups
    ]
    for found in plain.groups:
        assert len({member.picture for member in found.members}) == len(found.members)
