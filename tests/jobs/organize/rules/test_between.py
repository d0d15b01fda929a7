"""Matches between folders: which count, that copies stay together, and that every member has one elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.rules.between import between_folders, over_folders
from image_sync.jobs.organize.rules.grouping import group

FILE, PIXELS, SIMILAR, SERIES = Sameness


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
    order = range(len(folders))
    found = over_folders(group(len(folders), between_folders(matches, folders, order), order), folders)
    assert [[member.picture for member in one.members] for one in found.groups] == expected


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[str], list[Match]]:
    count = draw(st.integers(2, 9))
    folders = draw(st.lists(st.sampled_from("ABC"), min_size=count, max_size=count))
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=14))
    matches = [
        match(min(one), max(one), draw(st.sampled_from([FILE, PIXELS, SIMILAR]))) for one in pairs if len({*one}) > 1
    ]
    return folders, matches


@given(worlds())
def test_every_member_has_a_like_in_another_folder_and_nothing_between_folders_is_lost(
    world: tuple[list[str], list[Match]],
) -> None:
    folders, matches = world
    order = range(len(folders))
    counted = between_folders(matches, folders, order)
    for one in matches:
        if folders[one.first] != folders[one.second]:
            assert one in counted
    for found in over_folders(group(len(folders), counted, order), folders).groups:
        members = {member.picture for member in found.members}
        like = _likes(matches, members)
        for member in members:
            assert any(folders[other] != folders[member] for other in like[member]), "and copies are like all of them"


def _likes(matches: list[Match], members: set[int]) -> dict[int, set[int]]:
    """Each member with those that it matches, itself or through an identical copy of either."""
    copies = {member: {member} for member in members}
    for one in (match for match in matches if match.sameness in (FILE, PIXELS)):
        if {one.first, one.second} <= members:
            joined = copies[one.first] | copies[one.second]
            copies.update(dict.fromkeys(joined, joined))
    pairs = [pair for one in matches for pair in ((one.first, one.second), (one.second, one.first))]
    return {
        member: copies[member].union(
            *(copies[other] for first, other in pairs if first in copies[member] and other in members)
        )
        for member in members
    }


@given(worlds())
def test_where_each_picture_has_a_folder_of_its_own_all_matches_count(world: tuple[list[str], list[Match]]) -> None:
    _, matches = world
    assert between_folders(matches, "ABCDEFGHI", range(9)) == matches
