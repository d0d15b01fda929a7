"""Decisions in the review without a display: keys and clicks as steps, the way back, and that one is always kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import PictureFate
from image_sync.gui.organize.decisions import Deciding, DecisionHistory, NoneKept
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.decisions import Decisions, decided
from image_sync.jobs.organize.rules.fates import fates_of
from tests.jobs.organize.rules.test_decisions import GROUPS, MATCHES, PATHS, PICTURES

KEEP, ASIDE, LEAVE = PictureFate
STEPS = ("toggle", "only", "all", "leave", "best", "reviewed", "undo", "redo")


def deciding(now: Decisions, handling: Handling = Handling.KEEP_BEST) -> Deciding:
    return Deciding(decided(GROUPS, PICTURES, MATCHES, now), PICTURES, handling, now)


def fates(now: Decisions, group: int = 0, handling: Handling = Handling.KEEP_BEST) -> dict[int, PictureFate]:
    return deciding(now, handling).fates(group)


def test_space_keeps_and_sets_aside() -> None:
    now = deciding(Decisions()).toggled(0, [1])
    assert fates(now) == {0: KEEP, 1: KEEP, 2: ASIDE}
    assert fates(deciding(now).toggled(0, [0, 2])) == {0: ASIDE, 1: KEEP, 2: KEEP}


def test_only_this_all_and_leave() -> None:
    assert fates(deciding(Decisions()).only(0, [2])) == {0: ASIDE, 1: ASIDE, 2: KEEP}
    assert fates(deciding(Decisions()).all_kept(0)) == {0: KEEP, 1: KEEP, 2: KEEP}
    assert fates(deciding(Decisions()).with_fates(0, {2: LEAVE})) == {0: KEEP, 1: ASIDE, 2: LEAVE}


def test_the_last_kept_picture_can_not_go() -> None:
    with pytest.raises(NoneKept, match="One picture of every group is kept"):
        deciding(Decisions()).toggled(0, [0])
    with pytest.raises(NoneKept):
        deciding(Decisions()).with_fates(1, {3: ASIDE, 4: LEAVE})


def test_a_group_may_be_left_alone_altogether() -> None:
    assert set(fates(deciding(Decisions()).with_fates(1, {3: LEAVE, 4: LEAVE}), 1).values()) == {LEAVE}


def test_another_best_is_kept_and_the_rest_depends_on_it() -> None:
    now = deciding(deciding(Decisions()).only(0, [0])).led_by(0, 2)
    assert fates(now) == {2: KEEP, 1: ASIDE, 0: ASIDE}
    assert fates(deciding(now).led_by(0, 1)) == {1: KEEP, 0: ASIDE, 2: ASIDE}


def test_a_reference_is_never_set_aside() -> None:
    pictures = (*PICTURES[:2], replace(PICTURES[2], reference=True), *PICTURES[3:])
    asked = Deciding(GROUPS, pictures, Handling.KEEP_BEST, Decisions())
    assert PATHS[2] not in asked.only(0, [1]).fates or asked.only(0, [1]).fates[PATHS[2]] is not KEEP
    told = asked.toggled(0, [0])
    assert told.fates[PATHS[0]] is ASIDE, "the reference is the copy that is kept"


def test_steps_are_taken_back_and_again_with_what_they_were() -> None:
    history = DecisionHistory()
    first = deciding(history.now).only(0, [1])
    assert history.take("first", first)
    assert not history.take("nothing", first)
    second = deciding(first).led_by(1, 4)
    history.take("second", second)
    assert (history.undo().words, history.now) == ("second", first)  # type: ignore[union-attr]
    assert (history.undo().words, history.now) == ("first", Decisions())  # type: ignore[union-attr]
    assert history.undo() is None
    assert (history.redo().words, history.now) == ("first", first)  # type: ignore[union-attr]
    history.take("other", deciding(first).all_kept(1))
    assert history.redo() is None


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.sets(st.integers(0, 2), min_size=1, max_size=3)),
        max_size=25,
    ),
    handling=st.sampled_from([Handling.KEEP_BEST, Handling.GATHER]),
)
def test_no_sequence_leaves_a_group_without_a_kept_picture(
    steps: list[tuple[str, int, set[int]]], handling: Handling
) -> None:
    history = DecisionHistory()
    for name, group, places in steps:
        asked = deciding(history.now, handling)
        members = [member.picture for member in asked.groups[group].members]
        chosen = [members[place] for place in sorted(places) if place < len(members)] or members[:1]
        try:
            match name:
                case "toggle":
                    history.take(name, asked.toggled(group, chosen))
                case "only":
                    history.take(name, asked.only(group, chosen))
                case "all":
                    history.take(name, asked.all_kept(group))
                case "leave":
                    history.take(name, asked.with_fates(group, dict.fromkeys(chosen, LEAVE)))
                case "best":
                    history.take(name, asked.led_by(group, chosen[0]))
                case "reviewed":
                    history.take(name, asked.reviewed(group))
                case "undo":
                    history.undo()
                case "redo":
                    history.redo()
        except NoneKept:
            pass
        for found in decided(GROUPS, PICTURES, MATCHES, history.now):
            told = set(fates_of(found, handling))
            assert KEEP in told or told == {LEAVE}
