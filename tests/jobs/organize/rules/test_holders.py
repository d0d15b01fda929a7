"""What holds a picture within it comes to that picture, and brings nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.fates import fates_of
from image_sync.jobs.organize.rules.grouping import Grouping, group

WITHIN, SIMILAR = Sameness.WITHIN, Sameness.SIMILAR


def made(count: int, *matches: Match) -> Grouping:
    return group(count, matches, range(count), by_wholes=True)


def names(found: Grouping) -> list[list[int]]:
    return [[member.picture for member in one.members] for one in found.groups]


def holds(holder: int, shown: int, score: float = 0.95) -> Match:
    """``holder`` has the smaller or the larger number."""
    first, second = sorted((holder, shown))
    return Match(first, second, WITHIN, score, part=1 if holder == first else -1)


def test_a_collage_comes_to_a_picture_within_it() -> None:
    found = made(2, holds(1, 0))
    assert names(found) == [[0, 1]]
    assert found.groups[0].members[1].sameness is WITHIN


def test_it_is_never_the_best_though_it_ranks_first() -> None:
    assert names(made(2, holds(0, 1))) == [[1, 0]]


def test_two_pictures_that_share_a_collage_are_not_joined() -> None:
    found = made(4, holds(0, 1, 0.9), holds(0, 2, 0.97), Match(2, 3, SIMILAR, 0.99))
    assert names(found) == [[2, 3, 0]]
    assert found.left_out == 1


def test_copies_of_a_collage_come_along_as_its_own() -> None:
    found = made(4, holds(2, 0), Match(2, 3, SIMILAR, 0.99), Match(0, 1, SIMILAR, 0.98))
    assert names(found) == [[0, 1, 2, 3]]
    assert [member.copy_of for member in found.groups[0].members] == [None, None, None, 2]


def test_what_is_a_copy_of_something_else_stays_with_that() -> None:
    # 3 is the ground of the picture in picture 1, that shows 0.
    found = made(3, holds(1, 0), Match(1, 2, SIMILAR, 0.9, part=1))
    assert names(found) == [[2, 1]]


def test_a_collage_within_a_collage_goes_with_the_innermost() -> None:
    assert names(made(3, holds(1, 0), holds(2, 1))) == [[0, 1, 2]]


def test_a_holder_is_never_set_aside() -> None:
    found = made(3, holds(2, 0), Match(0, 1, SIMILAR, 0.99))
    fates = dict(
        zip(
            (member.picture for member in found.groups[0].members),
            fates_of(found.groups[0], Handling.KEEP_BEST),
            strict=True,
        )
    )
    assert [fates[picture].value for picture in (0, 1, 2)] == ["keep", "set aside", "keep"]


PAIRS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([WITHIN, SIMILAR]), st.sampled_from([-1, 0, 1])),
    max_size=16,
)


@given(PAIRS, st.permutations(range(8)))
def test_each_is_in_one_group_whatever_matches_what(
    pairs: Sequence[tuple[int, int, Sameness, int]], order: Sequence[int]
) -> None:
    matches = [
        Match(min(one, other), max(one, other), sameness, 0.9, part=part or (1 if sameness is WITHIN else 0))
        for one, other, sameness, part in pairs
        if one != other
    ]
    # A pair matches once.
    matches = list({(match.first, match.second): match for match in matches}.values())
    found = group(8, matches, order, by_wholes=True)
    members = [member.picture for one in found.groups for member in one.members]
    assert len(members) == len(set(members))
    assert all(len(one.members) > 1 for one in found.groups)
    again = group(8, matches[::-1], order, by_wholes=True)
    assert {frozenset(m.picture for m in one.members) for one in found.groups} == {
        frozenset(m.picture for m in one.members) for one in again.groups
    }
