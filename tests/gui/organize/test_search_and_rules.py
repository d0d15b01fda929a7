"""Search and rules in the real window, by mouse and keys, over a scripted engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from image_sync.base.model import PictureFate
from image_sync.gui.job.state import State
from image_sync.gui.organize.bulk_dialog import BulkDialog
from image_sync.gui.preferences import load_preferences
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from tests.gui.driver import Driver
from tests.gui.scripted import ScriptedEngine, picture_of, port_to, review_of

OpenWindow = Callable[..., Driver]


def found(request: OrganizeRequest) -> OrganizeReview:
    groups = {
        name: [picture_of("/one", f"{name}.jpg"), picture_of("/two", f"{name} (1).jpg", width=200)]
        for name in ("beach", "cat", "dog")
    }
    return review_of(request, groups)


@pytest.fixture
def reviewed(open_window: OpenWindow) -> Driver:
    driver = open_window(port_to(ScriptedEngine(found)))
    for name, path in (("folder1", "/one"), ("folder2", "/two"), ("output", "/out")):
        driver.organize.model.pick_folder(name, path)
    driver.settle()
    driver.keys("ctrl+Return")
    driver.until(lambda: driver.organize.model.state is State.REVIEW, "the review")
    driver.until(lambda: driver.organize.groups.table.filled, "the rows")
    driver.settle()
    return driver


def open_rules(driver: Driver) -> BulkDialog:
    """The rules, once they have the keyboard."""
    driver.until(lambda: driver.dialog is not None, "the rules")
    dialog = driver.organize.rules_dialog
    driver.until(lambda: driver.root.focus_get() is dialog.list, "the keyboard on the list")
    return dialog


def rows(driver: Driver) -> int:
    return len(driver.organize.groups.table.view.get_children())


def test_a_search_is_typed_and_left_again(reviewed: Driver) -> None:
    page = reviewed.organize
    reviewed.keys("ctrl+f")
    reviewed.until(lambda: reviewed.root.focus_get() is page.search.entry, "the keyboard in the search")
    reviewed.keys("c", "a", "t")
    reviewed.until(lambda: rows(reviewed) == 1, "one group")
    reviewed.until_reads("1 of 3 groups are shown; the others stay in the plan", page)
    reviewed.keys("Return", "a")
    reviewed.until(lambda: page.model.groups is not None and page.model.groups.reviewed == 1, "A to decide again")
    assert rows(reviewed) == 1
    reviewed.keys("ctrl+f", "Escape")
    reviewed.until(lambda: rows(reviewed) == 3, "all groups")


def test_what_is_not_understood_is_told_and_hides_nothing(reviewed: Driver) -> None:
    reviewed.type_into(reviewed.organize.search.entry, "camra:pixel")
    reviewed.until_reads("“camra:” is not known. Known are name:", reviewed.organize)
    assert rows(reviewed) == 3


def test_a_search_that_finds_nothing_leaves_the_field_there(reviewed: Driver) -> None:
    reviewed.type_into(reviewed.organize.search.entry, "zebra")
    reviewed.until(lambda: rows(reviewed) == 0, "no group")
    assert reviewed.organize.search.winfo_viewable()
    reviewed.until_reads("0 of 3 groups are shown", reviewed.organize)


def test_rules_decide_the_groups_that_are_shown_and_one_step_takes_it_back(reviewed: Driver) -> None:
    page = reviewed.organize
    reviewed.type_into(page.search.entry, "-dog")
    reviewed.until(lambda: rows(reviewed) == 2, "two groups")
    reviewed.keys("Return", "r")
    dialog = open_rules(reviewed)
    reviewed.until_reads("Keeps 2 pictures, moves 2 to the duplicates", dialog)
    reviewed.until_reads("1 group that the search hides is not touched", dialog)
    reviewed.click(dialog.buttons["yes"])
    reviewed.settle()
    fates = page.model.history.now.fates
    assert fates == {
        path: fate
        for name in ("beach", "cat")
        for path, fate in ((f"/one/{name}.jpg", PictureFate.KEEP), (f"/two/{name} (1).jpg", PictureFate.SET_ASIDE))
    }
    reviewed.keys("ctrl+z")
    reviewed.until(lambda: not page.model.history.now, "nothing decided")


def test_the_order_of_the_rules_is_the_users_and_is_remembered(reviewed: Driver) -> None:
    page = reviewed.organize
    reviewed.click(page.rules)
    dialog = open_rules(reviewed)
    for _ in range(4):
        reviewed.keys("space", "Down")
    reviewed.until_reads("Keeps 3 pictures", dialog)
    reviewed.choose(dialog.folder, 1)
    reviewed.click(dialog.buttons["yes"])
    reviewed.settle()
    kept = {path for path, fate in page.model.history.now.fates.items() if fate is PictureFate.KEEP}
    assert kept == {"/two/beach (1).jpg", "/two/cat (1).jpg", "/two/dog (1).jpg"}
    assert load_preferences().rules.split(",")[:4] == ["-undamaged", "-whole", "-resolution", "-richest"]
    assert "folder" in load_preferences().rules.split(",")


def test_cancelled_rules_decide_nothing(reviewed: Driver) -> None:
    reviewed.keys("r")
    open_rules(reviewed)
    reviewed.keys("Escape")
    reviewed.until(lambda: reviewed.dialog is None, "the dialog to go")
    assert not reviewed.organize.model.history.now
