"""Likes of what was asked about: the nearest first, and what holds for one of identical files holds for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.rules.likes import Like, likes

FILE, PIXELS, SIMILAR, SERIES, WITHIN = Sameness
# Of the pictures 0 and 1 it is asked, 2 to 5 are the others.
TABLE: dict[str, tuple[list[Match], dict[int, list[tuple[int, Sameness, float]]]]] = {
    "nothing": ([], {0: [], 1: []}),
    "one": ([Match(0, 2, SIMILAR, 0.9)], {0: [(2, SIMILAR, 0.9)], 1: []}),
    "identical before pixels before similar before a series": (
        [Match(0, 2, SERIES, 0.99), Match(0, 3, SIMILAR, 0.9), Match(0, 4, PIXELS, 1.0), Match(0, 5, FILE, 1.0)],
        {0: [(5, FILE, 1.0), (4, PIXELS, 1.0), (3, SIMILAR, 0.9), (2, SERIES, 0.99)], 1: []},
    ),
    "the higher score first": (
        [Match(0, 2, SIMILAR, 0.86), Match(0, 3, SIMILAR, 0.97)],
        {0: [(3, SIMILAR, 0.97), (2, SIMILAR, 0.86)], 1: []},
    ),
    "a copy of a similar one too": (
        [Match(0, 2, SIMILAR, 0.9), Match(2, 3, FILE, 1.0)],
        {0: [(2, SIMILAR, 0.9), (3, SIMILAR, 0.9)], 1: []},
    ),
    "two equal files that are asked about": (
        [Match(0, 1, FILE, 1.0), Match(0, 2, SIMILAR, 0.9)],
        {0: [(2, SIMILAR, 0.9)], 1: [(2, SIMILAR, 0.9)]},
    ),
    "and one there": ([Match(0, 1, FILE, 1.0), Match(0, 2, FILE, 1.0)], {0: [(2, FILE, 1.0)], 1: [(2, FILE, 1.0)]}),
    "those asked about are not told of one another": ([Match(0, 1, SIMILAR, 0.9)], {0: [], 1: []}),
    "nor the others": ([Match(2, 3, SIMILAR, 0.9)], {0: [], 1: []}),
    "the nearest of two ways counts": (
        [Match(0, 2, SIMILAR, 0.9), Match(0, 3, SIMILAR, 0.95), Match(2, 3, FILE, 1.0)],
        {0: [(2, SIMILAR, 0.95), (3, SIMILAR, 0.95)], 1: []},
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_likes(case: str) -> None:
    matches, expected = TABLE[case]
    found = likes(6, 2, matches)
    assert {
        one: [(like.picture, like.sameness, like.score) for like in some] for one, some in found.items()
    } == expected


def test_position_and_part_are_those_of_the_match() -> None:
    assert likes(2, 1, [Match(0, 1, SIMILAR, 0.9, 3, -1)]) == {0: [Like(1, SIMILAR, 0.9, 3, -1)]}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[int, int, list[Match]]:
    count = draw(st.integers(1, 8))
    asked = draw(st.integers(0, count))
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=12))
    matches = [
        Match(*sorted(pair), draw(st.sampled_from(Sameness)), draw(st.sampled_from([0.8, 0.9, 1.0])))
        for pair in sorted(pairs)
        if len({*pair}) > 1
    ]
    return count, asked, matches


@given(worlds(), st.randoms())
def test_every_match_is_told_whatever_the_order(world: tuple[int, int, list[Match]], random: object) -> None:
    count, asked, matches = world
    found = likes(count, asked, matches)
    for one in matches:
        if one.first < asked <= one.second:
            like = next(like for like in found[one.first] if like.picture == one.second)
            assert like.key <= Like(one.second, one.sameness, one.score).key
    shuffled = list(matches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {one: [like.key for like in some] for one, some in likes(count, asked, shuffled).items()} == {
        one: [like.key for like in some] for one, some in found.items()
    }
