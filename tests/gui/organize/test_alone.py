"""Pictures without a match: which they are, what is said of each, and the result of a run in words."""

from __future__ import annotations

from dataclasses import replace

from image_sync.base.model import Action, Operation, Plan
from image_sync.gui.job.query import parsed
from image_sync.gui.organize.alone_model import fate_of, looked_for, row_of, without_match
from image_sync.gui.organize.result import sorted_words
from image_sync.gui.organize.rows import GroupsModel
from image_sync.jobs.organize.request import OrganizeRequest
from tests.gui.scripted import picture_of, review_of

REQUEST = OrganizeRequest(("/phone",), "/sorted")


def model(query: str = "") -> GroupsModel:
    groups = {"beach": [picture_of("/phone", "beach.jpg"), picture_of("/phone", "small.jpg", 200, 150)]}
    rest = [picture_of("/phone", "zebra.jpg"), picture_of("/phone", "alone.jpg")]
    made = GroupsModel(review_of(REQUEST, groups, rest))
    return made.searched(parsed(query)) if query else made


def names(made: GroupsModel) -> list[str]:
    found = looked_for(made, without_match(made.review))
    return [made.picture(index).record.name for index in found]


def test_they_stand_by_name_and_the_search_is_heard() -> None:
    assert names(model()) == ["alone.jpg", "zebra.jpg"]
    assert names(model("zebra")) == ["zebra.jpg"]


def test_the_raw_half_of_another_picture_goes_with_that() -> None:
    made = model()
    index = without_match(made.review)[0]
    pictures = list(made.review.pictures)
    pictures[index] = replace(pictures[index], half_of=pictures[0].record.path)
    assert index not in without_match(replace(made.review, pictures=tuple(pictures)))


def test_what_becomes_of_one_is_told_without_the_obvious() -> None:
    made = model()
    index = without_match(made.review)[0]
    assert fate_of(made, index) == "Moves to unique_images/zebra.jpg"
    assert row_of(made, index).cells[0] == "zebra.jpg"


def test_a_result_says_groups_and_what_was_alone() -> None:
    def moved(name: str, group: int | None) -> Operation:
        return Operation(Action.MOVE, f"/phone/{name}", f"/sorted/{name}", "", group=group)

    both = Plan("organize", {}, (moved("a", 0), moved("b", 0), moved("c", None)))
    assert list(sorted_words(both)) == ["1 group (2 files), 1 file without a match"]
    assert list(sorted_words(replace(both, operations=both.operations[:2]))) == ["1 group (2 files)"]
    assert list(sorted_words(replace(both, operations=both.operations[2:]))) == []
