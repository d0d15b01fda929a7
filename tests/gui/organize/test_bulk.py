"""The rules for many groups and the search as the page has them, without a display."""

from __future__ import annotations

import pytest

from image_sync.gui.job.query import parsed
from image_sync.gui.organize.bulk import RuleList, folders_of, tally_words
from image_sync.gui.organize.rows import Column, GroupsModel
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.bulk import AT_FIRST, BulkRules, Tally, Trait
from tests.gui.organize.test_rows import review


def test_the_list_begins_with_the_usual_rules() -> None:
    rules = RuleList()
    assert rules.rules("") == BulkRules(AT_FIRST)
    assert set(rules.order) == set(Trait)
    assert rules.lines()[0] == "✓ 1.  not damaged"
    assert rules.lines()[len(AT_FIRST)].startswith("      ")


def test_a_list_comes_back_as_it_was_written_down() -> None:
    rules = RuleList()
    rules.toggle(rules.order.index(Trait.NEWEST))
    rules.toggle(0)
    assert rules.shift(rules.order.index(Trait.NEWEST), -100) == 0
    again = RuleList(rules.saved)
    assert (again.order, again.on) == (rules.order, rules.on)
    assert again.rules("/one").traits == (Trait.NEWEST, *AT_FIRST[1:])
    assert again.lines()[0].startswith("✓ 1.  newest")


@pytest.mark.parametrize("saved", ["", "nonsense", ",,,", "-", "oldest,oldest,-oldest,later"])
def test_a_damaged_list_still_has_every_rule_once(saved: str) -> None:
    assert sorted(trait.value for trait in RuleList(saved).order) == sorted(trait.value for trait in Trait)


def test_a_rule_stays_within_the_list() -> None:
    rules = RuleList()
    last = len(Trait) - 1
    assert rules.shift(last, 1) == last
    assert rules.shift(0, -1) == 0


def test_folders_that_can_be_preferred() -> None:
    found = folders_of(["/one/a.jpg", "/one/x/y/b.jpg", "/two/z/c.jpg", "/twofold/d/e.jpg"], ["/one", "/two"])
    assert found == ["/one", "/two", "/one/x", "/two/z"]
    assert folders_of(["/a/b.jpg"], ["/", ""]) == ["/", "/a"]


def test_what_rules_would_do_is_said() -> None:
    tally = Tally(groups=3, kept=3, aside=4, size=2048, reviewed=1, damaged=1)
    lines = tally_words(tally, Handling.KEEP_BEST)
    assert lines == (
        "Keeps 3 pictures, moves 4 to the duplicates (2.0 KiB).",
        "1 group that you reviewed stays as it is.",
        "1 kept picture is damaged, though a whole one would go: let “not damaged” come first.",
    )
    assert "makes 4 links" in tally_words(tally, Handling.LINK_EXACT)[0]
    assert tally_words(Tally(reviewed=2), Handling.GATHER)[0].startswith("There is nothing left")


def test_a_search_shows_the_groups_with_a_picture_that_is_looked_for() -> None:
    model = GroupsModel(review())
    for text, shown in (("cat", [1]), ("beach", [0]), ("folder:2021", [0]), (">2900", [0]), ("score<91", [1])):
        model = model.searched(parsed(text))
        assert (text, list(model.order)) == (text, shown)
        assert model.hidden == 1
    model = model.searched(parsed("is:aside"))
    assert not len(model)
    assert model.next_open(0) is None
    model = model.searched(parsed(""))
    assert list(model.order) == [0, 1]


def test_search_and_order_outlive_another_plan() -> None:
    model = GroupsModel(review()).searched(parsed("jpg"))
    model.sort(Column.FILES)
    again = GroupsModel(review(), model)
    assert again.query is model.query
    assert (again.sorted_by, again.order) == (Column.FILES, model.order)
    assert model.order == (1, 0)


@pytest.mark.parametrize(
    ("text", "number"),
    [("kind:jpeg", 2), ("kind:jpg", 2), ("kind:raw", 0), ("is:kept", 2), ("is:identical", 2), ("is:open", 2),
     ("is:reviewed", 0), ("is:reference", 0), ("is:similar is:kept", 2), ("is:damaged", 0), ("pixels>1MP", 0)],
)  # fmt: skip
def test_what_a_search_can_ask_of_a_picture(text: str, number: int) -> None:
    model = GroupsModel(review()).searched(parsed(text))
    assert len(model) == number
