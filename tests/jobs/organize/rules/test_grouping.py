"""Groups are stars around the best: no chains, copies together, the same whatever the order and the numbering."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.rules.grouping import Grouping, group

FILE, PIXELS, SIMILAR, SERIES, WITHIN = Sameness
Shape = list[list[tuple[int, Sameness, float, int]]]


def similar(first: int, second: int, score: float = 0.9, turn: int = 0) -> Match:
    return Match(first, second, SIMILAR, score, turn)


def copy(first: int, second: int, sameness: Sameness = FILE) -> Match:
    return Match(first, second, sameness, 1.0)


def shape(grouping: Grouping) -> Shape:
    return [
        [(member.picture, member.sameness, member.score, member.turn) for member in found.members]
        for found in grouping.groups
    ]


def pictures(grouping: Grouping) -> list[list[int]]:
    return [[member.picture for member in found.members] for found in grouping.groups]


# --- the rules as a table: matches among pictures 0, 1, 2, … of which 0 is the best -----------------------------------

TABLE: dict[str, tuple[int, list[Match], list[list[int]], int]] = {
    "nothing matches": (3, [], [], 0),
    "no pictures": (0, [], [], 0),
    "a pair": (3, [similar(0, 2)], [[0, 2]], 0),
    "a chain is cut at the best": (3, [similar(0, 1), similar(1, 2)], [[0, 1]], 1),
    "the middle of a chain keeps both ends when it is the best": (3, [similar(0, 1), similar(0, 2)], [[0, 1, 2]], 0),
    "a triangle": (3, [similar(0, 1), similar(0, 2), similar(1, 2)], [[0, 1, 2]], 0),
    "a longer chain falls into pairs": (4, [similar(0, 1), similar(1, 2), similar(2, 3)], [[0, 1], [2, 3]], 1),
    "who was taken takes nobody": (4, [similar(0, 1), similar(1, 2), similar(1, 3)], [[0, 1]], 2),
    "the higher score comes first": (3, [similar(0, 1, 0.86), similar(0, 2, 0.95)], [[0, 2, 1]], 0),
    "the better rank comes first": (3, [similar(0, 2), similar(0, 1)], [[0, 1, 2]], 0),
    "copies": (3, [copy(0, 1), copy(1, 2)], [[0, 1, 2]], 0),
    "a copy goes where its picture goes": (3, [similar(0, 1), copy(1, 2)], [[0, 1, 2]], 0),
    "a copy of the best too": (3, [similar(1, 2), copy(0, 1)], [[0, 1, 2]], 0),
    "equal pixels too": (3, [similar(1, 2), copy(0, 1, PIXELS)], [[0, 1, 2]], 0),
    "copies are no bridge": (4, [similar(0, 1), copy(1, 2), similar(2, 3)], [[0, 1, 2]], 1),
    "a copy is not torn away": (4, [copy(1, 3), similar(1, 2), similar(0, 3)], [[0, 1, 3]], 1),
    "a match that is told twice counts once": (3, [similar(0, 1), similar(1, 2), similar(2, 1)], [[0, 1]], 1),
}


# --- series: (picture, how it belongs to the group, whose copy it is where that is not the best) ----------------------


def of_series(first: int, second: int, score: float = 0.9) -> Match:
    return Match(first, second, SERIES, score)


SERIES_TABLE: dict[str, tuple[list[Match], list[list[tuple[int, Sameness, int | None]]]]] = {
    "two shots": ([of_series(0, 1)], [[(0, FILE, None), (1, SERIES, None)]]),
    "a copy of the best": (
        [of_series(0, 1), similar(0, 2), of_series(1, 2)],
        [[(0, FILE, None), (2, SIMILAR, None), (1, SERIES, None)]],
    ),
    "a copy of another shot": (
        [of_series(0, 1), similar(1, 2), of_series(0, 2)],
        [[(0, FILE, None), (1, SERIES, None), (2, SIMILAR, 1)]],
    ),
    "a copy that is found with its own shot only": (
        [of_series(0, 1), copy(1, 2)],
        [[(0, FILE, None), (1, SERIES, None), (2, FILE, 1)]],
    ),
    "a series is no chain": ([of_series(0, 1), of_series(1, 2)], [[(0, FILE, None), (1, SERIES, None)]]),
}


@pytest.mark.parametrize("name", SERIES_TABLE)
def test_series(name: str) -> None:
    matches, wanted = SERIES_TABLE[name]
    for told in (matches, matches[::-1]):
        grouping = group(3, told, range(3))
        found = [
            [(member.picture, member.sameness, member.copy_of) for member in one.members] for one in grouping.groups
        ]
        assert found == wanted


@pytest.mark.parametrize("name", TABLE)
def test_table(name: str) -> None:
    count, matches, wanted, left_out = TABLE[name]
    grouping = group(count, matches, range(count))
    assert pictures(grouping) == wanted
    assert grouping.left_out == left_out


def test_the_rank_decides_who_is_best_not_the_number() -> None:
    assert pictures(group(3, [similar(0, 1), similar(1, 2)], [7, 3, 5])) == [[1, 2, 0]]


def test_groups_come_by_the_rank_of_their_best() -> None:
    assert pictures(group(4, [similar(0, 1), similar(2, 3)], [3, 2, 1, 0])) == [[3, 2], [1, 0]]


def test_members_tell_how_they_match_the_best() -> None:
    matches = [copy(0, 1), copy(1, 2, PIXELS), similar(2, 3, 0.9, turn=5), copy(3, 4), copy(4, 5, PIXELS)]
    assert shape(group(6, matches, range(6))) == [
        [
            (0, FILE, 1.0, 0),
            (1, FILE, 1.0, 0),
            (2, PIXELS, 1.0, 0),
            (3, SIMILAR, 0.9, 5),
            (4, SIMILAR, 0.9, 5),
            (5, SIMILAR, 0.9, 5),
        ]
    ]


@pytest.mark.parametrize(("turn", "back"), [(0, 0), (1, 3), (2, 2), (3, 1), (4, 4), (5, 5), (6, 6), (7, 7)])
def test_the_turn_is_that_of_the_member_whichever_came_first(turn: int, back: int) -> None:
    match = [similar(0, 1, 0.9, turn)]
    assert shape(group(2, match, [0, 1]))[0][1] == (1, SIMILAR, 0.9, turn)
    assert shape(group(2, match, [1, 0]))[0][1] == (0, SIMILAR, 0.9, back)


def test_of_several_matches_the_best_counts() -> None:
    matches = [
        similar(0, 1, 0.88, turn=1),
        similar(0, 1, 0.97, turn=2),
        similar(0, 1, 0.97, turn=6),
        similar(0, 1, 0.9),
    ]
    assert shape(group(2, matches, [0, 1])) == [[(0, FILE, 1.0, 0), (1, SIMILAR, 0.97, 2)]]


def test_a_copy_in_another_position_is_a_match_like_others() -> None:
    turned = Match(0, 1, PIXELS, 1.0, turn=1)
    assert shape(group(2, [turned], [0, 1])) == [[(0, FILE, 1.0, 0), (1, PIXELS, 1.0, 1)]]
    assert pictures(group(3, [turned, similar(1, 2)], range(3))) == [[0, 1]]


@pytest.mark.parametrize("ranks", [[0, 1], [0, 1, 1], [0, 1, 2, 3]])
def test_ranks_must_be_different_and_one_for_each(ranks: list[int]) -> None:
    with pytest.raises(ValueError, match="different ranks"):
        group(3, [], ranks)


# --- what holds for all -----------------------------------------------------------------------------------------------

scores = st.sampled_from([0.85, 0.9, 0.95, 1.0])
World = tuple[int, list[Match], list[int]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Some pictures, matches among them, and ranks."""
    count = draw(st.integers(2, 12))
    pairs = draw(st.lists(st.sampled_from(list(combinations(range(count), 2))), max_size=25))
    matches = []
    for first, second in pairs:
        sameness = draw(st.sampled_from([SIMILAR, SIMILAR, SIMILAR, FILE, PIXELS]))
        turned = sameness is SIMILAR and draw(st.booleans())
        score = draw(scores) if sameness is SIMILAR else 1.0
        matches.append(Match(first, second, sameness, score, draw(st.integers(0, 7)) if turned else 0))
    return count, matches, draw(st.permutations(range(count)))


def families(count: int, matches: list[Match]) -> list[frozenset[int]]:
    """For each picture all its copies, itself included (by repeated merging, unlike the code under test)."""
    family = [frozenset((picture,)) for picture in range(count)]
    for match in matches * count:
        if match.sameness is not SIMILAR:
            whole = family[match.first] | family[match.second]
            for picture in whole:
                family[picture] = whole
    return family


@settings(deadline=None)
@given(worlds())
def test_every_member_matches_the_best_itself(world: World) -> None:
    count, matches, ranks = world
    family = families(count, matches)
    for found in group(count, matches, ranks).groups:
        best = family[found.best.picture]
        for member in found.members:
            if member.picture in best:
                assert (member.score, member.turn) == (1.0, 0)
                continue
            direct = [
                match.score
                for match in matches
                if {match.first, match.second} & best and {match.first, match.second} & family[member.picture]
            ]
            assert max(direct) == member.score


@settings(deadline=None)
@given(worlds())
def test_groups_are_apart_and_copies_together(world: World) -> None:
    count, matches, ranks = world
    family = families(count, matches)
    groups = [set(members) for members in pictures(group(count, matches, ranks))]
    assert sum(map(len, groups)) == len(set().union(*groups))
    for members in groups:
        assert len(members) > 1
        assert all(family[picture] <= members for picture in members)
    alone = set(range(count)) - set().union(*groups)
    assert all(len(family[picture]) == 1 for picture in alone)


@settings(deadline=None)
@given(worlds())
def test_who_is_alone_matches_only_those_that_a_better_one_took(world: World) -> None:
    count, matches, ranks = world
    family = families(count, matches)
    groups = group(count, matches, ranks).groups
    best_of = {member.picture: found.best.picture for found in groups for member in found.members}
    for match in matches:
        for one, other in ((match.first, match.second), (match.second, match.first)):
            if one not in best_of:
                assert other not in family[best_of[other]]
                assert ranks[best_of[other]] < ranks[other]


@pytest.mark.slow
@settings(deadline=None)
@given(worlds())
def test_the_best_that_matches_anybody_is_the_best_of_the_first_group(world: World) -> None:
    count, matches, ranks = world
    best = min((ranks[picture] for match in matches for picture in (match.first, match.second)), default=None)
    groups = group(count, matches, ranks).groups
    assert [ranks[found.best.picture] for found in groups[:1]] == ([] if best is None else [best])


@settings(deadline=None)
@given(worlds())
def test_left_out_are_the_pairs_that_did_not_come_into_one_group(world: World) -> None:
    count, matches, ranks = world
    grouping = group(count, matches, ranks)
    together = {frozenset(pair) for members in pictures(grouping) for pair in combinations(members, 2)}
    assert grouping.left_out == len({frozenset((match.first, match.second)) for match in matches} - together)


@settings(deadline=None)
@given(worlds())
def test_members_are_ordered(world: World) -> None:
    count, matches, ranks = world
    for found in group(count, matches, ranks).groups:
        assert ranks[found.best.picture] == min(
            ranks[member.picture] for member in found.members if member.score == 1.0 and member.sameness is not SIMILAR
        )
        rest = [(-member.score, ranks[member.picture]) for member in found.members[1:]]
        assert rest == sorted(rest)


@settings(deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_neither_order_nor_numbering_matters(world: World, shuffler: random.Random) -> None:
    count, matches, ranks = world
    names = list(range(count))
    shuffler.shuffle(names)
    renamed = [_renamed(match, names) for match in matches]
    shuffler.shuffle(renamed)
    renamed_ranks = [0] * count
    for picture, name in enumerate(names):
        renamed_ranks[name] = ranks[picture]
    before, after = group(count, matches, ranks), group(count, renamed, renamed_ranks)
    assert [[(names[p], *rest) for p, *rest in members] for members in shape(before)] == [
        [tuple(member) for member in members] for members in shape(after)
    ]
    assert before.left_out == after.left_out


def _renamed(match: Match, names: list[int]) -> Match:
    """The same match between the renamed pictures; the smaller name comes first, so the turn may have to be undone."""
    first, second = names[match.first], names[match.second]
    if first < second:
        return Match(first, second, match.sameness, match.score, match.turn)
    undone = match.turn if match.turn >= 4 else -match.turn % 4
    return Match(second, first, match.sameness, match.score, undone)


def test_the_closest_of_the_matches_left_out_are_told_once() -> None:
    matches = [similar(0, 1), similar(1, 2, 0.98), similar(2, 1, 0.993), similar(3, 1, 0.995), similar(2, 3, 0.97)]
    found = group(4, matches, range(4))
    assert pictures(found) == [[0, 1], [2, 3]]
    assert [(match.first, match.second, match.score) for match in found.parted] == [(3, 1, 0.995), (2, 1, 0.993)]
    assert found.left_out == 2
    assert group(3, [similar(0, 1), Match(1, 2, SERIES, 0.999)], range(3)).parted == ()
