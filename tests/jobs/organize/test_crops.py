"""Who shows less than a match: who is asked, what follows for identical copies, and that no look is taken twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize import crops
from image_sync.pictures.hashes import inverse_turn

Pair = tuple[int, int]


@dataclass
class Told:
    """Looks whose answers are given: pairs (one, other) of which the one shows less."""

    less: set[Pair]
    asked: list[Pair] = field(default_factory=list)

    def at(self, pairs: Sequence[crops._Link]) -> list[int]:
        self.asked += [(pair.one, pair.other) for pair in pairs]
        return [((pair.one, pair.other) in self.less) - ((pair.other, pair.one) in self.less) for pair in pairs]


def similar(first: int, second: int, turn: int = 0) -> Match:
    return Match(first, second, Sameness.SIMILAR, 0.9, turn)


def lesser(count: int, matches: Iterable[Match], told: Told) -> set[int]:
    matches = list(matches)
    links = crops._links(matches, crops._copies(count, matches))
    return crops._lesser(sorted(links), links, told)  # type: ignore[arg-type]


STAR = [similar(0, 1), similar(0, 2), similar(0, 3)]


@pytest.mark.parametrize(
    ("matches", "less", "expected"),
    [
        (STAR, set(), set()),
        # The best in a border; the next is whole.
        ([*STAR, similar(1, 2)], {(0, 1)}, {0}),
        # Two borders before the whole.
        ([*STAR, similar(1, 2), similar(1, 3), similar(2, 3)], {(0, 2), (1, 2)}, {0, 1}),
        # What is not going to be the best is not asked.
        (STAR, {(1, 0), (2, 0), (3, 0)}, set()),
        # Two groups on their own.
        ([similar(0, 1), similar(2, 3)], {(0, 1), (2, 3)}, {0, 2}),
        # One look erred: two that show less speak for the best.
        ([*STAR, similar(1, 2), similar(1, 3)], {(0, 1), (2, 0), (3, 0)}, set()),
        # A crop that lies in a border as well does not speak for the border.
        ([*STAR, similar(1, 2), similar(1, 3)], {(0, 1), (2, 0), (2, 1), (3, 1)}, {0}),
    ],
)
def test_who_shows_less(matches: list[Match], less: set[Pair], expected: set[int]) -> None:
    assert lesser(4, matches, Told(less)) == expected


def test_identical_copies_are_one() -> None:
    copies = crops._copies(4, [Match(0, 2, Sameness.IDENTICAL_FILE, 1.0), Match(2, 3, Sameness.IDENTICAL_PIXELS, 1.0)])
    assert copies == [0, 1, 0, 0]


def test_the_position_is_that_of_the_other_end() -> None:
    links = crops._links([similar(0, 1, turn=1)], [0, 1])
    assert (links[0][1].turn, links[1][0].turn) == (1, inverse_turn(1))


@given(st.data())
def test_it_ends_and_leaves_a_best_in_every_group(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 9))
    every = [(one, other) for one in range(count) for other in range(one + 1, count)]
    pairs = data.draw(st.lists(st.sampled_from(every), unique=True))
    both = [*pairs, *((other, one) for one, other in pairs)]
    told = Told(set(data.draw(st.lists(st.sampled_from(both), unique=True))) if both else set())
    found = lesser(count, [similar(*pair) for pair in pairs], told)
    # Who shows less than nobody is never passed over.
    assert found <= {one for one, _ in told.less}


def test_shots_of_a_series_are_no_copies_of_one_another() -> None:
    series = Match(0, 1, Sameness.SERIES, 0.9)
    assert crops._copies(2, [series]) == [0, 1]
    assert crops._copies(2, [Match(0, 1, Sameness.IDENTICAL_PIXELS, 1.0)]) == [0, 0]
