"""The review as rows, tiles and words."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from image_sync.base.model import Group, Member, Picture, Sameness
from image_sync.gui.organize.rows import SORTABLE, Column, GroupsModel, column_words, sameness_words
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.transfer import Transfer
from tests.gui.scripted import picture_of, review_of

REQUEST = OrganizeRequest(("/one", "/two"), "/out")


def picture(root: str, relative: str, size: int = 1000, width: int = 400) -> Picture:
    made = picture_of(root, relative, width=width)
    return replace(made, record=replace(made.record, size=size))


def review(request: OrganizeRequest = REQUEST) -> OrganizeReview:
    return review_of(
        request,
        {
            "Beach at dawn": [picture("/one", "2021/beach.jpg", 3000), picture("/two", "beach (1).jpg", 2000)],
            "Cat": [
                picture("/one", "cat.jpg", 900),
                picture("/two", "cat.jpg", 800),
                picture("/two", "cat-2.jpg", 700),
            ],
        },
        rest=[picture("/one", "alone.jpg")],
    )


def test_a_group_is_one_row() -> None:
    model = GroupsModel(review())
    rows = model.group_rows()
    assert [row.cells[:5] for row in rows] == [
        ("Beach at dawn", "2", "similar", "97 %", "4.9 KiB"),
        ("Cat", "3", "similar", "90 %", "2.3 KiB"),
    ]
    assert all(len(row.cells) == len(Column) for row in rows)
    assert model.group_rows(1, 2) == rows[1:]


def test_members_say_how_and_where_and_why() -> None:
    best, other = GroupsModel(review()).member_rows(0)
    assert best.best
    assert best.cells == (
        "✔ beach.jpg", "", "best of the group", "", "2.9 KiB", "400 × 300",
        f"Moves to {os.path.join('similar_Beach at dawn', 'beach.jpg')}: best of 2: more pixels", "/one/2021",
    )  # fmt: skip
    assert not other.best
    assert other.cells[2:4] == ("similar", "97 %")
    assert other.cells[6].endswith("97 % similar to beach.jpg, almost certain")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (replace(REQUEST, transfer=Transfer.COPY), "Copied to "),
        (replace(REQUEST, transfer=Transfer.LINK), "Linked at "),
        (replace(REQUEST, handling=Handling.KEEP_BEST), "Stays where it is: more pixels"),
    ],
)
def test_the_fate_follows_the_plan(request_: OrganizeRequest, words: str) -> None:
    assert GroupsModel(review(request_)).member_rows(0)[0].cells[6].startswith(words)


def test_a_copy_that_becomes_a_link_is_found_by_its_own_path() -> None:
    pictures = [replace(picture("/one", name), digest="d" * 32) for name in ("a.jpg", "b.jpg")]
    made = review_of(replace(REQUEST, handling=Handling.LINK_EXACT), {"a": pictures}, scores=(1.0,))
    kept, linked = GroupsModel(made).member_rows(0)
    assert kept.cells[6] == "Stays where it is: more pixels"
    assert linked.cells[6].startswith("Becomes a hard link of a.jpg")
    assert linked.cells[2] == "identical file"


def test_a_reference_picture_says_so() -> None:
    pictures = [replace(picture("/one", "a.jpg"), reference=True), picture("/two", "a.jpg")]
    rows = GroupsModel(review_of(REQUEST, {"a": pictures})).member_rows(0)
    assert rows[0].cells[6] == "Stays where it is: more pixels; in a reference folder, never changed"


def test_several_ways_of_being_the_same_are_counted() -> None:
    made = review_of(REQUEST, {"a": [picture("/one", f"{n}.jpg") for n in range(4)]}, scores=(1.0, 0.9, 0.88))
    assert GroupsModel(made).group_rows()[0].cells[2] == "1 identical, 2 similar"


def test_the_headline_counts_groups_files_and_bytes() -> None:
    assert GroupsModel(review()).headline == "2 groups · 5 files · 7.2 KiB"
    empty = review_of(REQUEST, {}, rest=[picture("/one", "a.jpg")])
    assert GroupsModel(empty).headline == "No two of 1 picture are the same."
    assert len(GroupsModel(empty)) == 0


def test_the_remarks_tell_a_partial_scan_and_what_was_left_out() -> None:
    made = review()
    made = replace(made, partial=0.62, left_out=3, plan=replace(made.plan, notes=("A folder was skipped.",)))
    first, second, third = GroupsModel(made).remarks
    assert "62 %" in first
    assert second.startswith("3 pictures resemble")
    assert third == "A folder was skipped."
    assert GroupsModel(review()).remarks == ()


def test_sorting_three_times_comes_back_to_the_plan() -> None:
    model = GroupsModel(review())
    plain = model.group_rows()
    model.sort(Column.FILES)
    assert [row.cells[1] for row in model.group_rows()] == ["3", "2"], "the most files first"
    model.sort(Column.FILES)
    assert [row.cells[1] for row in model.group_rows()] == ["2", "3"]
    model.sort(Column.FILES)
    assert model.group_rows() == plain
    assert model.sorted_by is None
    model.sort(Column.NAME)
    assert [row.cells[0] for row in model.group_rows()] == ["Beach at dawn", "Cat"], "names from A on"


@pytest.mark.parametrize("column", SORTABLE)
def test_every_sortable_column_sorts_and_keeps_all_groups(column: Column) -> None:
    model = GroupsModel(review())
    for _ in range(3):
        model.sort(column)
        assert sorted(row.index for row in model.group_rows()) == [0, 1]
        assert model.member_rows(1)[0].cells[0] == "✔ cat.jpg", "members go by the group's own number"


def test_tiles_mark_the_best() -> None:
    best, other = GroupsModel(review()).tiles(0)
    assert (best.best, best.mark, best.title) == (True, "✔ Keep · Best", "beach.jpg")
    assert (other.best, other.mark) == (False, "✔ Keep · similar · 97 %")
    assert best.lines[0] == "400 × 300 · 2.9 KiB"


def test_names_of_any_kind_are_fit_to_be_shown() -> None:
    nasty = os.fsdecode(b"emoji \xf0\x9f\x8e\x89 and\nnewline \xff.jpg")
    model = GroupsModel(review_of(REQUEST, {"x": [picture("/one", nasty), picture("/two", "b.jpg")]}))
    drawn = "emoji ⟨party popper⟩ and\\nnewline \\xff.jpg"
    assert model.member_rows(0)[0].cells[0] == f"✔ {drawn}"
    assert model.tiles(0)[0].title == drawn
    assert model.tiles(0)[0].path.endswith(nasty), "the path itself is left as it is"


def test_a_group_without_a_context_has_a_number() -> None:
    made = review()
    bare = replace(made, groups=(Group((Member(0, Sameness.SIMILAR, 1.0), Member(1, Sameness.SIMILAR, 0.9))),))
    assert GroupsModel(bare).group_rows()[0].cells[0] == "Group 1"


def test_every_column_and_sameness_has_words() -> None:
    assert len({column_words(column) for column in Column}) == len(Column)
    assert len({sameness_words(sameness) for sameness in Sameness}) == len(Sameness)
