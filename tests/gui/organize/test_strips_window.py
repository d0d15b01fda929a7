"""Group strips in the real window: drawn as far as in sight, driven by keys, mouse and wheel."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.base.model import PictureFate
from image_sync.gui.job.state import State
from image_sync.gui.organize.strips import StripView
from image_sync.gui.preferences import load_preferences
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from tests.gui.driver import Driver
from tests.gui.scripted import ScriptedEngine, picture_of, port_to, review_of
from tests.pictures_made import save, scene

OpenWindow = Callable[..., Driver]
GROUPS = 30


def found_in(folder: Path, groups: int = GROUPS) -> Callable[[OrganizeRequest], OrganizeReview]:
    """A review of groups of three: pictures of different shapes, and one file that is none."""
    for number in range(6):
        save(scene(number), folder / f"{number}.jpg")
    (folder / "broken.jpg").write_bytes(b"no picture at all")
    names = [*(f"{number}.jpg" for number in range(6)), "broken.jpg"]

    def found(request: OrganizeRequest) -> OrganizeReview:
        made = {}
        for group in range(groups):
            files = [f"{group:02}-{place} {names[(group + place) % len(names)]}" for place in range(3)]
            for place, name in enumerate(files):
                if not (folder / name).exists():
                    os.link(folder / names[(group + place) % len(names)], folder / name)
            made[f"Group of {group}"] = [picture_of(os.fspath(folder), name) for name in files]
        return review_of(request, made)

    return found


def opened(open_window: OpenWindow, found: Callable[[OrganizeRequest], OrganizeReview], **options: object) -> Driver:
    driver = open_window(port_to(ScriptedEngine(found)), view="tiles", **options)
    page = driver.organize
    page.strips.resize(112)
    for name, path in (("folder1", "/one"), ("folder2", "/two"), ("output", "/out")):
        page.model.pick_folder(name, path)
    page.model.form.handling = Handling.KEEP_BEST
    driver.settle()
    page.model.scan()
    driver.until(lambda: page.model.state is State.REVIEW, "the review")
    driver.settle()
    driver.until(lambda: page.strips.complete and bool(page.strips.tiles), "the tiles")
    return driver


@pytest.fixture
def driver(open_window: OpenWindow, tmp_path: Path) -> Driver:
    return opened(open_window, found_in(tmp_path))


def fates(driver: Driver, group: int) -> list[PictureFate]:
    groups = driver.organize.model.groups
    assert groups is not None
    return [groups.state(group, member.picture) for member in groups.review.groups[group].members]


KEEP, ASIDE, LEAVE = PictureFate.KEEP, PictureFate.SET_ASIDE, PictureFate.LEAVE


def test_only_what_is_in_sight_is_drawn(driver: Driver) -> None:
    strips = driver.organize.strips
    driver.screenshot("strips-1")
    assert 0 < len(strips.tiles) < GROUPS * 3
    items = len(strips.canvas.find_all())
    strips.canvas.yview_moveto(0.5)
    driver.until(lambda: 0 not in {key.group for key in strips.tiles}, "other groups")
    strips.canvas.yview_moveto(1.0)
    driver.until(lambda: GROUPS - 1 in {key.group for key in strips.tiles}, "the last group")
    assert len(strips.canvas.find_all()) < 2 * items, "what is out of sight was taken away"
    driver.until(lambda: strips.complete, "the pictures")


def test_a_file_that_is_no_picture_says_so_on_its_tile(driver: Driver) -> None:
    strips = driver.organize.strips
    strips.choose_group(5)
    driver.until(lambda: 5 in strips.heads and strips.complete, "the group")
    broken = [tile for tile in strips.tiles.values() if tile.card.name.endswith("broken.jpg")]
    assert broken
    told = strips.canvas.itemcget(broken[0].picture, "text")
    assert told.startswith("can't be shown: ")
    assert len(told) > 20, "with the reason that the scan gives"


def test_decisions_by_keys(driver: Driver) -> None:
    page, strips = driver.organize, driver.organize.strips
    strips.canvas.focus_set()
    driver.keys("Home", "Right", "Right")
    driver.until(lambda: strips.chosen is not None and strips.chosen.picture == 1, "the second picture")
    assert fates(driver, 0) == [KEEP, ASIDE, ASIDE]
    driver.keys("space")
    driver.until(lambda: fates(driver, 0) == [KEEP, KEEP, ASIDE], "it to be kept")
    tile = next(tile for key, tile in strips.tiles.items() if (key.group, key.picture) == (0, 1))
    assert tile.card.state == "✔ Keep", "the tile follows at once"
    driver.keys("k")
    driver.until(lambda: fates(driver, 0) == [ASIDE, KEEP, ASIDE], "only this")
    driver.keys("Right", "Right")
    driver.until(lambda: strips.chosen is not None and strips.chosen.group == 1, "the next group's first picture")
    driver.keys("l")
    driver.until(lambda: fates(driver, 1)[0] is LEAVE or bool(page.model.message), "it to be left, or refused in words")
    driver.keys("Down", "3")
    driver.until(lambda: fates(driver, 2) == [ASIDE, ASIDE, KEEP], "the third alone")
    driver.keys("ctrl+z", "ctrl+z")
    driver.until(lambda: fates(driver, 2) == [KEEP, ASIDE, ASIDE], "it taken back")
    driver.keys("Return")
    driver.until(lambda: strips.chosen is not None and strips.chosen.group == 3, "the next group that is open")
    driver.settle()
    assert page.model.groups is not None
    assert page.model.groups.is_reviewed(2)


def test_a_group_is_decided_with_two_keys_at_most(driver: Driver) -> None:
    """A thousand groups in a quarter of an hour leave nine tenths of a second for a group."""
    page, strips = driver.organize, driver.organize.strips
    strips.canvas.focus_set()
    driver.keys("Home")
    keys, decided = [], 12
    for number in range(decided):
        keys += ["2", "Down"] if number % 3 == 0 else ["k", "Down"] if number % 3 == 1 else ["Return"]
    driver.keys(*keys)
    driver.settle()
    assert page.model.groups is not None
    assert all(page.model.groups.is_reviewed(group) for group in range(decided))
    assert fates(driver, 0) == [ASIDE, KEEP, ASIDE]
    assert fates(driver, 1) == [KEEP, ASIDE, ASIDE]
    assert len(keys) / decided <= 2
    assert strips.chosen is not None
    assert strips.chosen.group == decided


def test_several_tiles_by_mouse_and_one_decision_for_all(driver: Driver) -> None:
    strips = driver.organize.strips
    driver.click_at(strips.canvas, *strips.place_of(0, 1))
    driver.until(lambda: strips.several == [(0, [1])], "one tile")
    driver._xdotool("keydown", "ctrl")
    try:
        driver.click_at(strips.canvas, *strips.place_of(1, 4))
        driver.until(lambda: strips.several == [(1, [4]), (0, [1])], "two tiles in two groups")
    finally:
        driver._xdotool("keyup", "ctrl")
    driver.keys("space")
    driver.until(lambda: fates(driver, 0)[1] is KEEP and fates(driver, 1)[1] is KEEP, "both to be kept")
    driver.keys("ctrl+z")
    driver.until(lambda: fates(driver, 0)[1] is ASIDE and fates(driver, 1)[1] is ASIDE, "both as before, by one step")
    driver.settle()


def test_the_wheel_with_ctrl_sizes_the_tiles_and_the_size_is_remembered(driver: Driver) -> None:
    strips = driver.organize.strips
    before = strips.tile_size
    x, y = strips.place_of(0, 0)
    driver._xdotool("mousemove", str(strips.canvas.winfo_rootx() + x), str(strips.canvas.winfo_rooty() + y))
    driver._xdotool("keydown", "ctrl")
    try:
        driver._xdotool("click", "4")
        driver.until(lambda: strips.tile_size > before, "larger tiles")
    finally:
        driver._xdotool("keyup", "ctrl")
    assert load_preferences().tile == strips.tile_size
    driver.until(lambda: strips.complete, "the larger pictures")
    image = next(iter(strips.tiles.values())).wish
    assert image.box == strips.tile_size
    driver.organize.switch.slider.focus_set()
    driver.keys("Left", "Left")
    driver.until(lambda: strips.tile_size == before - 16, "smaller tiles")


def test_the_table_is_a_switch_that_is_remembered_and_keeps_the_place(driver: Driver) -> None:
    page = driver.organize
    page.strips.choose(4, 13)
    driver.click(page.switch.buttons["table"])
    driver.until(lambda: bool(page.groups.winfo_viewable()), "the table")
    assert load_preferences().view == "table"
    assert page.groups.chosen is not None
    assert (page.groups.chosen.group, page.groups.chosen.picture) == (4, 13)
    driver.click(page.switch.buttons["tiles"])
    driver.until(lambda: bool(page.strips.winfo_viewable()), "the tiles")
    assert page.strips.chosen is not None
    assert page.strips.chosen.picture == 13


def test_what_is_looked_at_stays_when_another_plan_comes(driver: Driver) -> None:
    """Another threshold parts groups above and chosen ones; the reader is not thrown to the top."""
    page, strips = driver.organize, driver.organize.strips
    strips.choose_group(0)
    strips.canvas.yview_moveto(0.6)
    driver.until(lambda: 0 not in strips.heads and strips.complete, "other groups in sight")
    picture, height = strips._anchor()  # type: ignore[misc]
    page.model.not_a_match(0, [1])
    page.model.not_a_match(1, [4])
    driver.settle()
    driver.until(lambda: strips.complete, "the strips")
    assert page.model.groups is not None
    assert len(page.model.groups.review.groups[0].members) == 2
    assert strips._anchor()[0] == picture, "the same group is the uppermost"  # type: ignore[index]
    assert abs(strips._anchor()[1] - height) <= 24, "within a step of the canvas"  # type: ignore[index]
    page.model.not_a_match(0, [2])
    driver.settle()
    assert strips.selection.group is not None, "what took the place of a group that is gone is chosen"


def test_the_menu_of_a_tile_and_of_a_group(driver: Driver) -> None:
    page, strips = driver.organize, driver.organize.strips
    x, y = strips.place_of(0, 2)
    driver._xdotool("mousemove", str(strips.canvas.winfo_rootx() + x), str(strips.canvas.winfo_rooty() + y))
    driver._xdotool("click", "3")
    driver.until(lambda: page.menu is not None and bool(page.menu.winfo_viewable()), "the menu")
    assert strips.several == [(0, [2])], "what is under the mouse is what it is about"
    words = [page.menu.entrycget(index, "label") for index in (2, 3, 4)]
    assert words == ["Keep, or move aside", "Keep only this", "Leave where it is"]
    page.menu.invoke(3)
    page.menu.unpost()
    driver.until(lambda: fates(driver, 0) == [ASIDE, ASIDE, KEEP], "only this")
    driver.settle()


def test_the_table_has_the_same_menu_and_compares_too(driver: Driver) -> None:
    page = driver.organize
    page.show_view("table")
    driver.until(lambda: bool(page.groups.winfo_viewable()), "the table")
    page.groups.choose(0, 1)
    driver.root.update()
    view = page.groups.table.view
    x, y, _width, height = view.bbox("g0p1")
    driver._xdotool("mousemove", str(view.winfo_rootx() + x + 60), str(view.winfo_rooty() + y + height // 2))
    driver._xdotool("click", "3")
    driver.until(lambda: page.menu is not None and bool(page.menu.winfo_viewable()), "the menu")
    page.menu.unpost()
    driver.until(lambda: not page.menu.winfo_viewable(), "the menu to go")
    driver.click_at(view, x + 60, y + height // 2, times=2)
    driver.until(lambda: page.comparing.view is not None and page.comparing.view.complete, "the comparison")
    driver.keys("Escape")
    driver.until(lambda: page.comparing.view is None, "the table again")


def test_the_mouse_that_rests_enlarges(driver: Driver) -> None:
    strips = driver.organize.strips
    x, y = strips.place_of(0, 0)
    driver._xdotool("mousemove", str(strips.canvas.winfo_rootx() + x), str(strips.canvas.winfo_rooty() + y))
    driver._xdotool("mousemove_relative", "1", "1")
    driver.until(lambda: strips.enlarged.shown, "the enlarged picture")
    driver.screenshot("strips-2-enlarged")
    strips.canvas.focus_set()
    driver.keys("Right")
    driver.until(lambda: not strips.enlarged.shown, "it to go")


def test_another_theme_and_another_width_keep_the_group_in_sight(driver: Driver) -> None:
    from image_sync.gui.widgets import theme

    strips: StripView = driver.organize.strips
    strips.choose_group(12)
    driver.until(lambda: 12 in {key.group for key in strips.tiles}, "the group")
    before = strips.canvas.winfo_width()
    driver.root.geometry("900x700+20+20")
    driver.until(lambda: strips.canvas.winfo_width() < before and strips.complete, "the narrow window")
    assert 12 in {key.group for key in strips.tiles}
    theme.set_theme(driver.root, "dark", dark=False)
    driver.until(lambda: strips.complete and 12 in {key.group for key in strips.tiles}, "the dark window")
    driver.screenshot("strips-3-dark")
    assert strips.canvas.itemcget(strips.heads[12].items[0], "fill") != "#ffffff"


def test_a_group_of_thousands(open_window: OpenWindow, tmp_path: Path) -> None:
    save(scene(1), tmp_path / "one.jpg")
    one = picture_of(os.fspath(tmp_path), "one.jpg")
    many = [replace(one, record=replace(one.record, relative=f"{number}.jpg")) for number in range(5000)]
    driver = opened(open_window, lambda request: review_of(request, {"Many": many}))
    strips = driver.organize.strips
    assert len(strips.tiles) < 100
    strips.canvas.focus_set()
    strips.choose(0, 4999)
    driver.until(lambda: (0, 4999) in {(key.group, key.picture) for key in strips.tiles}, "the last picture")
    driver.keys("Left")
    driver.until(lambda: strips.chosen is not None and strips.chosen.picture == 4998, "the one before")


def test_words_on_tiles_can_be_read_in_both_themes(driver: Driver) -> None:
    from image_sync.gui.organize.strip_painter import look
    from image_sync.gui.widgets import theme
    from tests.gui.widgets.test_theme import _contrast as contrast

    try:
        for choice in ("light", "dark"):
            theme.set_theme(driver.root, choice, dark=False)
            seen = look()
            for ground in (
                *seen.states.values(),
                seen.chip,
                seen.lesser,
                seen.grave,
                seen.strip,
                seen.tile,
                seen.chosen,
            ):
                assert contrast(seen.words, ground) >= 4.5, (choice, ground)
            for ground in (seen.strip, seen.tile, seen.chosen):
                assert contrast(seen.faint, ground) >= 4.5, (choice, ground)
    finally:
        theme.set_theme(driver.root, "light", dark=False)
