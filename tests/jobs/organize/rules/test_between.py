"""Matches between folders: which count, that copies stay together, and that every member has one elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.rules.between import grouped_over_folders
from image_sync.jobs.organize.rules.grouping import Grouping, group

FILE, PIXELS, SIMILAR, SERIES, WITHIN = Sameness


def match(first: int, second: int, sameness: Sameness = SIMILAR) -> Match:
    return Match(first, second, sameness, 0.9 if sameness in (SIMILAR, SERIES) else 1.0)


TABLE: dict[str, tuple[str, list[Match], list[list[int]]]] = {
    "a pair in one folder": ("AA", [match(0, 1)], []),
    "a pair in two": ("AB", [match(0, 1)], [[0, 1]]),
    "identical files in one folder": ("AA", [match(0, 1, FILE)], []),
    "a series in one folder": ("AA", [match(0, 1, SERIES)], []),
    "a series over two": ("AB", [match(0, 1, SERIES)], [[0, 1]]),
    "the third folder joins": ("ABC", [match(0, 1), match(0, 2)], [[0, 1, 2]]),
    "a neighbour in the own folder does not": ("AAB", [match(0, 1), match(0, 2)], [[0, 2]]),
    "unless it matches the other folder's too": ("AAB", [match(0, 1), match(0, 2), match(1, 2)], [[0, 1, 2]]),
    "whose match went elsewhere is grouped anew": (
        "AABB",
        [match(0, 1), match(0, 2), match(1, 3)],
        [[0, 2], [1, 3]],
    ),
    "the best that matches at home only leads nobody": ("AAB", [match(0, 1), match(1, 2)], [[1, 2]]),
    "two equal files match a third elsewhere, both": ("AAB", [match(0, 1, FILE), match(0, 2)], [[0, 1, 2]]),
    "equal files in two folders": ("AAB", [match(0, 1, FILE), match(0, 2, FILE)], [[0, 1, 2]]),
    "equal pixels count as equal files do": ("AAB", [match(0, 1, PIXELS), match(1, 2)], [[0, 1, 2]]),
    "who is like the copies elsewhere joins": ("AAB", [match(0, 1), match(1, 2, FILE)], [[0, 1, 2]]),
    "copies of a home pair stay at home": ("AAA", [match(0, 1, FILE), match(1, 2)], []),
}


@pytest.mark.parametrize("case", TABLE)
def test_which_groups_are_left(case: str) -> None:
    folders, matches, expected = TABLE[case]
    assert sorted([member.picture for member in one.members] for one in over(folders, matches).groups) == expected


def over(folders: Sequence[str], matches: Sequence[Match]) -> Grouping:
    order = range(len(folders))
    return grouped_over_folders(matches, folders, order, lambda some: group(len(folders), some, order))


def test_what_is_left_out_is_counted_between_folders_only() -> None:
    assert over("AAAB", [match(0, 1), match(1, 2), match(0, 3), match(2, 3)]).left_out == 1
    assert over("AA", [match(0, 1)]).left_out == 0


def test_a_copy_of_a_shot_that_stays_away_stands_for_the_shot() -> None:
    """3 is a copy of the shot 2 in one folder, and only it is of a series with what stands in the other: what 2 matches
    elsewhere, 4, is the same as 1."""
    matches = [match(0, 3, SERIES), match(1, 4), match(2, 3), match(2, 4)]
    pair = [(1, FILE, None), (4, SIMILAR, None)]
    assert _told(group(5, matches, range(5))) == [[(0, FILE, None), (2, SERIES, None), (3, SIMILAR, 2)], pair]
    assert _told(over("BCAAB", matches)) == [[(0, FILE, None), (3, SERIES, None)], pair]
    assert _told(over("BCDAB", matches)) == [[(0, FILE, None), (2, SERIES, None), (3, SIMILAR, 2)], pair]


def _told(found: Grouping) -> list[list[tuple[int, Sameness, int | None]]]:
    return [[(one.picture, one.sameness, one.copy_of) for one in group.members] for group in found.groups]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[str], list[Match]]:
    count = draw(st.integers(2, 9))
    folders = draw(st.lists(st.sampled_from("ABC"), min_size=count, max_size=count))
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=14))
    matches = [
        match(min(one), max(one), draw(st.sampled_from([FILE, PIXELS, SIMILAR, SERIES])))
        for one in pairs
        if len({*one}) > 1
    ]
    return folders, matches


@given(worlds())
def test_every_member_matches_one_of_another_folder_and_no_match_between_folders_is_lost(
    world: tuple[list[str], list[Match]],
) -> None:
    folders, matches = world
    groups = over(folders, matches).groups
    grouped = [member.picture for one in groups for member in one.members]
    assert len(grouped) == len(set(grouped))
    for one in matches:
        if folders[one.first] != folders[one.second]:
            assert {one.first, one.second} & {*grouped}
    for found in groups:
        members = {member.picture for member in found.members}
        like = _likes(matches, members)
        for member in members:
            assert any(folders[other] != folders[member] for other in like[member]), "and copies are like all of them"
        for member in found.members:
            assert member.copy_of is None or member.copy_of in members


def _likes(matches: list[Match], members: set[int]) -> dict[int, set[int]]:
    """Each member with those that it matches, itself or through an identical copy of either."""
    copies = {one: {one} for match in matches for one in (match.first, match.second)}
    for one in (match for match in matches if match.sameness in (FILE, PIXELS)):
        joined = copies[one.first] | copies[one.second]
        copies.update(dict.fromkeys(joined, joined))
    pairs = [pair for one in matches for pair in ((one.first, one.second), (one.second, one.first))]
    return {
        member: members & copies[member].union(*(copies[other] for first, other in pairs if first in copies[member]))
        for member in members
    }


@given(worlds())
def test_where_each_picture_has_a_folder_of_its_own_the_groups_are_those_of_all(
    world: tuple[list[str], list[Match]],
) -> None:
    _, matches = world
    assert over("ABCDEFGHI", matches) == group(9, matches, range(9))
