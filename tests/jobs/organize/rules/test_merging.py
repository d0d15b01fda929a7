"""The rules of merging as tables: statements of copies in, what the picture that stays gets out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.base.model import Action, FileKind, Group, Maker, Member, PictureFate, Sameness
from image_sync.base.stated import NOTHING, Fact, Position, Stated
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.merging import Gain, Merge, Merging, copies_by_keeper, gained
from image_sync.jobs.organize.rules.plan import Standing, make_plan
from image_sync.jobs.transfer import Transfer
from tests.values import picture, record

NOON = datetime(2019, 7, 4, 12, 0, 0)
HERE, NEARBY, FAR = Position(52.5, 13.4), Position(52.5005, 13.4005, 34), Position(48.1, 11.6)
LEAVE, ASIDE, KEEP = PictureFate.LEAVE, PictureFate.SET_ASIDE, PictureFate.KEEP

ROWS: dict[str, tuple[Stated, list[Stated], Stated, dict[int, tuple[Fact, ...]]]] = {
    "nothing anywhere": (NOTHING, [NOTHING], NOTHING, {}),
    "what is missing": (
        Stated(title="own"),
        [Stated(taken=NOON, offset=120, position=HERE, rating=3, caption="c", artists=("x",), copyright="y")],
        Stated(taken=NOON, offset=120, position=HERE, rating=3, caption="c", artists=("x",), copyright="y"),
        {},
    ),
    "the first copy counts": (
        NOTHING, [Stated(title="one"), Stated(title="two")], Stated(title="one"), {2: (Fact.TITLE,)}
    ),
    "one from each": (NOTHING, [Stated(rating=2), Stated(title="two")], Stated(rating=2, title="two"), {}),
    "its own stays": (
        Stated(taken=NOON, position=HERE, rating=5, title="a", caption="b", artists=("c",), copyright="d"),
        [Stated(datetime(2020, 1, 1), None, FAR, 1, title="z", caption="z", artists=("z",), copyright="z")],
        NOTHING,
        {1: (Fact.TAKEN, Fact.POSITION, Fact.RATING, Fact.TITLE, Fact.CAPTION, Fact.ARTISTS, Fact.COPYRIGHT)},
    ),
    "the same is no contradiction": (
        Stated(taken=NOON, offset=0, position=HERE, rating=5, title="a"),
        [Stated(taken=NOON.replace(microsecond=5), offset=0, position=NEARBY, rating=5, title="a")],
        NOTHING,
        {},
    ),
    "one moment on two clocks": (
        Stated(taken=NOON, offset=120), [Stated(taken=datetime(2019, 7, 4, 10), offset=0)], NOTHING, {}
    ),
    "two moments on two clocks": (
        Stated(taken=NOON, offset=120), [Stated(taken=NOON, offset=0)], NOTHING, {1: (Fact.TAKEN,)}
    ),
    "the zone of the same date": (Stated(taken=NOON), [Stated(taken=NOON, offset=60)], Stated(offset=60), {}),
    "no zone of another date": (
        Stated(taken=NOON), [Stated(taken=datetime(2020, 1, 1), offset=60)], NOTHING, {1: (Fact.TAKEN,)}
    ),
    "a date that can't be true stays": (Stated(doubtful=True), [Stated(taken=NOON)], NOTHING, {1: (Fact.TAKEN,)}),
    "keywords come together": (
        Stated(keywords=("a", "b")), [Stated(keywords=("b", "c")), Stated(keywords=("c", "d"))],
        Stated(keywords=("c", "d")), {},
    ),
    "across the date line": (
        Stated(position=Position(1, 179.9999)), [Stated(position=Position(1, -179.9999))], NOTHING, {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_a_picture_gets(name: str) -> None:
    own, copies, added, others = ROWS[name]
    gain, differing = gained(own, enumerate(copies, 1))
    assert (gain.added, differing) == (added, others)


def test_it_is_known_who_gave_what() -> None:
    copies = [Stated(rating=2, keywords=("a",)), Stated(title="two", keywords=("b",))]
    gain, _ = gained(NOTHING, enumerate(copies, 7))
    assert gain.givers == {Fact.RATING: (7,), Fact.KEYWORDS: (7, 8), Fact.TITLE: (8,)}


STATED = st.builds(
    Stated,
    st.sampled_from([None, NOON, datetime(2020, 1, 1)]),
    st.sampled_from([None, 0, 120]),
    st.sampled_from([None, HERE, FAR]),
    st.integers(0, 5),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "a", "b"]),
    st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    st.sampled_from([(), ("a",), ("b",)]),
    st.sampled_from(["", "a", "b"]),
    st.booleans(),
)


@settings(deadline=None)
@given(own=STATED, copies=st.lists(STATED, max_size=4))
def test_nothing_of_its_own_is_ever_given_again(own: Stated, copies: list[Stated]) -> None:
    own = replace(own, doubtful=own.doubtful and own.taken is None, offset=own.offset if own.taken else None)
    gain, others = gained(own, enumerate(copies))
    added = gain.added
    assert not set(own.facts) & (set(added.facts) - {Fact.KEYWORDS})
    assert not set(own.keywords) & set(added.keywords)
    assert not (own.doubtful and added.taken)
    assert set(gain.givers) == set(added.facts) | ({Fact.OFFSET} & set(gain.givers))
    together = {fact for copy in copies for fact in copy.facts} - {Fact.OFFSET}
    lacking = together - set(own.facts) - ({Fact.TAKEN} if own.doubtful else set())
    assert lacking <= set(added.facts)
    assert set(added.keywords) | set(own.keywords) >= {word for copy in copies for word in copy.keywords}
    assert all(facts for facts in others.values())


# --- which copies go where --------------------------------------------------------------------------------------------


def group(*members: Member) -> Group:
    return Group(members, "beach", "more pixels")


def member(index: int, fate: PictureFate | None = None, **more: object) -> Member:
    sameness = Sameness.SIMILAR if index else Sameness.IDENTICAL_FILE
    return Member(index, **{"sameness": sameness, "score": 0.9, "fate": fate, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "kept", "gathered"),
    [
        ([member(0), member(1), member(2)], {0: [1, 2]}, {0: [1, 2]}),
        ([member(0), member(1, LEAVE), member(2, KEEP)], {}, {0: [2]}),
        ([member(0, ASIDE), member(1, KEEP), member(2)], {1: [0, 2]}, {1: [0, 2]}),
        ([member(0, LEAVE), member(1, ASIDE)], {0: [1]}, {0: [1]}),  # one is always kept
        ([member(0), member(1, sameness=Sameness.SERIES), member(2, copy_of=1)], {1: [2]}, {1: [2]}),
        ([member(0, LEAVE), member(1, LEAVE)], {}, {}),
    ],
)
def test_copies_go_to_the_picture_that_stays_for_them(
    members: list[Member], kept: dict[int, list[int]], gathered: dict[int, list[int]]
) -> None:
    pictures = [picture(f"{index}.jpg") for index in range(3)]
    assert copies_by_keeper([group(*members)], pictures, Handling.KEEP_BEST) == kept
    assert copies_by_keeper([group(*members)], pictures, Handling.GATHER) == gathered


def test_a_copy_in_a_reference_folder_gives_nothing_since_it_stays() -> None:
    pictures = [picture("0.jpg"), picture("1.jpg", reference=True), picture("2.jpg")]
    found = copies_by_keeper([group(member(0), member(1), member(2))], pictures, Handling.KEEP_BEST)
    assert found == {0: [2]}


# --- the plan ---------------------------------------------------------------------------------------------------------

SIDECAR = record("a.xmp", kind=FileKind.SIDECAR, size=10)
PICTURES = [picture("a.jpg", companions=(SIDECAR,)), picture("b.jpg", root="/two")]
GAIN = Gain(Stated(rating=4, title="x"), {Fact.RATING: (1,), Fact.TITLE: (1,)})
EMPTY = Standing()
PAIR = [group(member(0), member(1))]
TOLD = "gets the rating and the title of “b.jpg”"


def planned(merge: Merge, standing: Standing = EMPTY, **changes: object) -> list[tuple[object, ...]]:
    request = OrganizeRequest(("/one", "/two"), "/out", **changes)  # type: ignore[arg-type]
    merging = Merging({0: merge}, {1: (0, (Fact.CAPTION, Fact.TAKEN))})
    plan = make_plan(PICTURES, PAIR, request, replace(standing, merging=merging))
    return [(one.action, one.source, one.destination, one.follows, one.reason) for one in plan.operations]


def test_the_best_is_completed_where_it_stays_after_its_copies_went() -> None:
    assert planned(Merge(GAIN, Maker.STATED), handling=Handling.KEEP_BEST) == [
        (
            Action.MOVE, "/two/b.jpg", "/out/duplicates/two/b.jpg", None,
            "90 % similar to a.jpg, very likely; states another caption and capture date than “a.jpg”, which keeps its "
            "own",
        ),
        (Action.MERGE, "/one/a.jpg", "/one/a.jpg", None, TOLD),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("merge", "last"),
    [
        (Merge(GAIN, Maker.STATED), (Action.MERGE, "/out/similar_beach/a.jpg", "/out/similar_beach/a.jpg", 0, TOLD)),
        (
            Merge(GAIN, Maker.STATED_XMP, SIDECAR),
            (Action.MERGE, "/out/similar_beach/a.xmp", "/out/similar_beach/a.xmp", 1, f"{TOLD} for a.jpg"),
        ),
        (
            Merge(GAIN, Maker.NEW_XMP),
            (Action.CONVERT, "/out/similar_beach/a.jpg", "/out/similar_beach/a.jpg.xmp", 0, TOLD),
        ),
    ],
    ids=["into the picture", "into its sidecar", "into a new sidecar"],
)
@pytest.mark.parametrize("transfer", list(Transfer))
def test_what_is_gathered_is_completed_at_its_new_place(
    merge: Merge, last: tuple[object, ...], transfer: Transfer
) -> None:
    operations = planned(merge, transfer=transfer)
    assert (len(operations), operations[-1]) == (4, last)


def test_a_completed_copy_of_an_earlier_run_is_known_by_its_time() -> None:
    stamps = {
        "similar_beach/a.jpg": replace(PICTURES[0].record.stamp, size=777),
        "similar_beach/b.jpg": PICTURES[1].record.stamp,
    }
    standing = Standing(frozenset({"similar_beach"}), stamps)
    assert planned(Merge(GAIN, Maker.STATED), standing, transfer=Transfer.COPY) == []
    other = {**stamps, "similar_beach/a.jpg": replace(PICTURES[0].record.stamp, mtime_ns=1)}
    assert planned(Merge(GAIN, Maker.STATED), replace(standing, files=other), transfer=Transfer.COPY)


def test_what_was_not_merged_is_named() -> None:
    request = OrganizeRequest(("/one", "/two"), "/out", handling=Handling.KEEP_BEST)
    merging = Merging(unchanged=(0,), others={1: (0, (Fact.RATING,))})
    plan = make_plan(PICTURES, PAIR, request, Standing(merging=merging))
    assert plan.notes == (
        "1 copy states something else than the best one, which keeps its own: named at each of them.",
        "Not completed with what their copies state, since a reference folder is never changed: “a.jpg”.",
    )
