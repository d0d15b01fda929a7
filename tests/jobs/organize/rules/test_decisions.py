"""Decisions about groups: fates, another leader, groups for later; no group is left without a kept picture."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Action, Group, Match, Member, Picture, PictureFate, Sameness
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import CHOSEN, Decisions, decided, for_this_run
from image_sync.jobs.organize.rules.fates import fates_of
from image_sync.jobs.organize.rules.plan import Standing, make_plan
from tests.values import picture

KEEP, ASIDE, LEAVE = PictureFate
EXACT, SIMILAR = Sameness.IDENTICAL_FILE, Sameness.SIMILAR
REQUEST = OrganizeRequest(("/one", "/two"), "/out", handling=Handling.KEEP_BEST)


def pictures() -> tuple[Picture, ...]:
    """Best, its exact copy, a similar one; and a pair of their own."""
    made = [picture(root="/one" if index % 2 else "/two", relative=f"p{index}.jpg") for index in range(5)]
    made[0] = replace(made[0], digest="aa", record=replace(made[0].record, size=7))
    made[1] = replace(made[1], digest="aa", record=replace(made[1].record, size=7))
    return tuple(made)


PICTURES = pictures()
PATHS = [one.record.path for one in PICTURES]
GROUPS = (
    Group((Member(0, EXACT, 1.0), Member(1, EXACT, 1.0), Member(2, SIMILAR, 0.9)), "a", "more pixels"),
    Group((Member(3, EXACT, 1.0), Member(4, SIMILAR, 0.95)), "b"),
)
MATCHES = (Match(0, 1, EXACT, 1.0), Match(0, 2, SIMILAR, 0.9), Match(1, 2, SIMILAR, 0.91), Match(3, 4, SIMILAR, 0.95))


def moved(decisions: Decisions, handling: Handling = Handling.KEEP_BEST) -> dict[str, str]:
    """Where each file goes, below the output, by its number."""
    groups = for_this_run(decided(GROUPS, PICTURES, MATCHES, decisions), PICTURES, decisions)
    request = replace(REQUEST, handling=handling)
    plan = make_plan(PICTURES, groups, request, Standing(), complete=False)
    return {operation.source[-5]: operation.destination.removeprefix("/out/") for operation in plan.operations}


@pytest.mark.parametrize(
    ("fates", "aside"),
    [
        ({}, "124"),
        ({1: KEEP}, "24"),
        ({0: ASIDE, 2: KEEP}, "014"),
        ({2: LEAVE}, "14"),
        ({0: ASIDE}, "124"),
        ({0: ASIDE, 1: ASIDE, 2: ASIDE}, "124"),
        ({0: LEAVE, 1: LEAVE, 2: LEAVE}, "4"),
        ({3: ASIDE, 4: KEEP}, "123"),
    ],
    ids=lambda value: str(value),
)
def test_what_is_set_aside(fates: dict[int, PictureFate], aside: str) -> None:
    told = Decisions({PATHS[index]: fate for index, fate in fates.items()})
    assert "".join(sorted(moved(told))) == aside


def test_gathered_set_aside_or_left() -> None:
    told = Decisions({PATHS[1]: ASIDE, PATHS[2]: LEAVE})
    places = moved(told, Handling.GATHER)
    assert {number: place.partition("/")[0] for number, place in places.items()} == {
        "0": "similar_a",
        "1": "duplicates",
        "3": "similar_b",
        "4": "similar_b",
    }


def test_another_leader_keeps_what_is_known_of_the_pairs() -> None:
    (first, second) = decided(GROUPS, PICTURES, MATCHES, Decisions(best=frozenset({PATHS[2]})))
    assert [member.picture for member in first.members] == [2, 1, 0]
    assert [(member.sameness, member.score) for member in first.members[1:]] == [(SIMILAR, 0.91), (SIMILAR, 0.9)]
    assert first.why_best == CHOSEN
    assert second is GROUPS[1]
    assert moved(Decisions(best=frozenset({PATHS[2]}))).keys() == {"0", "1", "4"}


def test_a_copy_is_set_aside_only_while_a_kept_one_holds_its_bytes() -> None:
    told = Decisions({PATHS[0]: ASIDE, PATHS[1]: KEEP})
    groups = decided(GROUPS, PICTURES, MATCHES, told)
    plan = make_plan(PICTURES, groups, REQUEST, Standing())
    promised = {operation.source: operation.same_as for operation in plan.operations}
    assert promised == {PATHS[0]: PATHS[1], PATHS[2]: "", PATHS[4]: ""}


def test_every_picture_set_aside_names_the_one_that_stays_where_it_is_by_then() -> None:
    told = Decisions({PATHS[1]: ASIDE, PATHS[4]: ASIDE})
    plan = make_plan(PICTURES, decided(GROUPS, PICTURES, MATCHES, told), REQUEST, Standing())
    stays = {one.source: one.same_as or one.keeper for one in plan.operations if one.same_as or one.keeper}
    assert stays == {PATHS[1]: PATHS[0], PATHS[2]: PATHS[0], PATHS[4]: PATHS[3]}
    gathered = make_plan(
        PICTURES, decided(GROUPS, PICTURES, MATCHES, told), replace(REQUEST, handling=Handling.GATHER), Standing()
    )
    places = {one.source: one.destination for one in gathered.operations}
    stays = {one.source: one.same_as or one.keeper for one in gathered.operations if one.same_as or one.keeper}
    assert stays == {PATHS[1]: places[PATHS[0]], PATHS[4]: places[PATHS[3]]}


def test_links_are_made_of_what_is_neither_kept_nor_left() -> None:
    def linked(decisions: Decisions) -> list[str]:
        groups = decided(GROUPS, PICTURES, MATCHES, decisions)
        plan = make_plan(PICTURES, groups, replace(REQUEST, handling=Handling.LINK_EXACT), Standing())
        assert {operation.action for operation in plan.operations} <= {Action.REPLACE_WITH_LINK}
        return [operation.destination for operation in plan.operations]

    assert linked(Decisions()) == [PATHS[1]]
    assert linked(Decisions({PATHS[1]: KEEP})) == []
    assert linked(Decisions({PATHS[1]: LEAVE})) == []


def test_only_what_was_reviewed_is_planned() -> None:
    assert moved(Decisions(reviewed=frozenset({PATHS[4]}), only_reviewed=True)).keys() == {"4"}
    assert moved(Decisions(only_reviewed=True)) == {}
    assert moved(Decisions(reviewed=frozenset({PATHS[4]}))).keys() == {"1", "2", "4"}


@given(
    fates=st.dictionaries(st.sampled_from(PATHS), st.sampled_from(list(PictureFate))),
    best=st.frozensets(st.sampled_from(PATHS)),
    handling=st.sampled_from([Handling.KEEP_BEST, Handling.GATHER]),
)
def test_no_decision_sets_every_picture_of_a_group_aside(
    fates: dict[str, PictureFate], best: frozenset[str], handling: Handling
) -> None:
    for group in decided(GROUPS, PICTURES, MATCHES, Decisions(fates, best)):
        told = fates_of(group, handling)
        assert KEEP in told or set(told) == {LEAVE}
        assert {member.picture for member in group.members} in ({0, 1, 2}, {3, 4})
    aside = [number for number, place in moved(Decisions(fates, best), handling).items() if place[0] == "d"]
    assert not {"0", "1", "2"} <= set(aside)
    assert not {"3", "4"} <= set(aside)
