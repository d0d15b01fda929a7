"""Rules that choose the kept picture of many groups at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Group, Member, Picture, PictureFate, Sameness
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.bulk import AT_FIRST, BulkRules, Tally, Trait, apply_rules, kept
from image_sync.jobs.organize.rules.decisions import Decisions, decided
from image_sync.jobs.organize.rules.fates import fates_of
from tests.values import picture

KEEP, ASIDE = PictureFate.KEEP, PictureFate.SET_ASIDE
FIRST, SIMILAR, SERIES = Sameness.IDENTICAL_FILE, Sameness.SIMILAR, Sameness.SERIES


def shot(number: int, **changes: object) -> Picture:
    """A picture with changes to itself, its file or what was measured."""
    made = picture(root="/one", relative=f"p{number}.jpg")
    for part in ("record", "fingerprint"):
        known = getattr(made, part)
        own = {name: value for name, value in changes.items() if hasattr(known, name) and not hasattr(made, name)}
        made = replace(made, **{part: replace(known, **own)})
    return replace(made, **{name: value for name, value in changes.items() if hasattr(made, name)})


def group_of(*members: Member) -> Group:
    return Group((Member(0, FIRST, 1.0), *members), "a")


PAIR = group_of(Member(1, SIMILAR, 0.9))


@pytest.mark.parametrize(
    ("trait", "worse", "better"),
    [
        (Trait.UNDAMAGED, {"damage": "cut off"}, {}),
        (Trait.WHOLE, {"shows_less": True}, {}),
        (Trait.RESOLUTION, {"width": 400, "height": 300}, {"width": 800, "height": 600}),
        (Trait.RICHEST, {}, {"has_gps": True}),
        (Trait.RICHEST, {"frames": 1}, {"frames": 3}),
        (Trait.SHARPNESS, {"sharpness": 100.0}, {"sharpness": 500.0}),
        (Trait.FORMAT, {"jpeg_quality": 40}, {"jpeg_quality": 90}),
        (Trait.LARGEST, {"size": 10}, {"size": 20}),
        (Trait.OLDEST, {"captured": "2019-05-01T10:00:00"}, {"captured": "2018-05-01T10:00:00"}),
        (Trait.OLDEST, {"mtime_ns": 9}, {"mtime_ns": 3}),
        (Trait.OLDEST, {"mtime_ns": 1}, {"captured": "2018-05-01T10:00:00", "mtime_ns": 3}),
        (Trait.NEWEST, {"captured": "2018-05-01T10:00:00"}, {"captured": "2019-05-01T10:00:00"}),
        (Trait.NEWEST, {"mtime_ns": 3}, {"mtime_ns": 9}),
        (Trait.NAME, {"relative": "IMG_1 (2).jpg"}, {"relative": "IMG_1.jpg"}),
        (Trait.FOLDER, {"root": "/two"}, {"root": "/three/sub"}),
    ],
    ids=lambda value: str(value),
)
def test_each_rule_keeps_what_it_prefers(trait: Trait, worse: dict[str, object], better: dict[str, object]) -> None:
    rules = BulkRules((trait,), folder="/three")
    assert kept(PAIR, [shot(0, **worse), shot(1, **better)], rules) == {1}
    assert kept(PAIR, [shot(0, **better), shot(1, **worse)], rules) == {0}


def test_the_first_rule_that_tells_them_apart_decides_and_else_the_best_stays() -> None:
    small_old = shot(1, width=400, height=300, mtime_ns=1)
    large_new = shot(0, width=800, height=600, mtime_ns=9)
    both = [large_new, small_old]
    assert kept(PAIR, both, BulkRules((Trait.OLDEST, Trait.RESOLUTION))) == {1}
    assert kept(PAIR, both, BulkRules((Trait.RESOLUTION, Trait.OLDEST))) == {0}
    assert kept(PAIR, both, BulkRules(())) == {0}


def test_a_reference_always_stays_and_wins() -> None:
    pictures = [shot(0, size=99), shot(1, size=1, reference=True)]
    assert kept(PAIR, pictures, BulkRules((Trait.LARGEST,))) == {1}
    decisions, _ = apply_rules([PAIR], pictures, BulkRules((Trait.LARGEST,)), Decisions())
    assert decisions.fates == {"/one/p0.jpg": ASIDE, "/one/p1.jpg": KEEP}


def test_of_a_series_each_shot_keeps_one() -> None:
    group = group_of(Member(1, SIMILAR, 0.9), Member(2, SERIES, 0.9), Member(3, SIMILAR, 0.9, copy_of=2))
    pictures = [shot(0, size=1), shot(1, size=2), shot(2, size=3), shot(3, size=4)]
    assert kept(group, pictures, BulkRules((Trait.LARGEST,))) == {1, 3}


def test_what_was_looked_through_stays_unless_it_is_meant_too() -> None:
    pictures = [shot(0), shot(1)]
    before = Decisions({"/one/p0.jpg": KEEP, "/one/p1.jpg": KEEP}, reviewed=frozenset({"/one/p1.jpg"}))
    after, tally = apply_rules([PAIR], pictures, BulkRules(), before)
    assert (after, tally) == (before, Tally(reviewed=1))
    after, tally = apply_rules([PAIR], pictures, BulkRules(), before, reviewed_too=True)
    assert after.fates == {"/one/p0.jpg": KEEP, "/one/p1.jpg": ASIDE}
    assert tally.groups == 1


def test_what_it_comes_to_is_counted() -> None:
    pictures = [shot(0, size=10, damage="cut off"), shot(1, size=7)]
    decisions, tally = apply_rules([PAIR], pictures, BulkRules((Trait.LARGEST,)), Decisions())
    assert tally == Tally(groups=1, kept=1, aside=1, size=7, damaged=1)
    assert decisions.reviewed == {"/one/p0.jpg"}
    _, tally = apply_rules([PAIR], pictures, BulkRules(), Decisions())
    assert tally == Tally(groups=1, kept=1, aside=1, size=10)


@given(
    st.lists(
        st.builds(
            dict,
            size=st.integers(0, 3),
            mtime_ns=st.integers(0, 3),
            damage=st.sampled_from(["", "cut off"]),
            reference=st.booleans(),
            captured=st.sampled_from(["", "2018-05-01T10:00:00", "2019-05-01T10:00:00"]),
        ),
        min_size=2,
        max_size=6,
    ),
    st.permutations(Trait),
    st.integers(0, len(Trait)),
    st.sampled_from(Handling),
)
def test_every_group_keeps_a_picture_and_the_plan_agrees(
    facts: list[dict[str, object]], traits: list[Trait], number: int, handling: Handling
) -> None:
    pictures = [shot(place, **one) for place, one in enumerate(facts)]
    group = group_of(*(Member(place, SIMILAR, 0.9) for place in range(1, len(pictures))))
    rules = BulkRules(tuple(traits[:number]))
    decisions, tally = apply_rules([group], pictures, rules, Decisions())
    (after,) = decided([group], pictures, (), decisions)
    stay = kept(group, pictures, rules)
    assert stay
    assert tally.kept + tally.aside == len(pictures)
    for member, fate in zip(after.members, fates_of(after, handling), strict=True):
        assert (fate is KEEP) is (member.picture in stay)


def test_the_first_rules_never_prefer_damage() -> None:
    assert AT_FIRST[0] is Trait.UNDAMAGED
