"""Comparing in the real window: every mode, zoom, swap and decision by keys, on the pages of all three jobs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import ImageDraw

from image_sync.base.model import PictureFate
from image_sync.engine import Engine
from image_sync.gui.compare.rendering import Mode
from image_sync.gui.compare.view import CompareView
from image_sync.gui.job.page import JobPage
from image_sync.gui.job.state import State
from tests.gui.driver import Driver
from tests.gui.organize.test_strips_window import fates, found_in, opened
from tests.gui.organize.test_window_real import real_port
from tests.pictures_made import save, scene

OpenWindow = Callable[..., Driver]
KEEP, ASIDE = PictureFate.KEEP, PictureFate.SET_ASIDE


def compare(driver: Driver, page: JobPage) -> CompareView:
    """Press C, and wait until both pictures are seen."""
    driver.keys("c")
    driver.until(lambda: page.comparing.view is not None, "the comparison")
    view = page.comparing.view
    assert view is not None
    driver.until(lambda: view.complete, "both pictures")
    driver.until(lambda: driver.root.focus_get() is view.stage, "the keyboard on the pictures")
    return view


@pytest.fixture
def driver(open_window: OpenWindow, tmp_path: Path) -> Driver:
    return opened(open_window, found_in(tmp_path, groups=6))


def test_every_mode_by_its_key(driver: Driver) -> None:
    driver.organize.strips.canvas.focus_set()
    view = compare(driver, driver.organize)
    assert driver.organize.strips.several == [(0, [1])], "of a group the picture beside its best"
    for key, mode in (("f", Mode.FLICKER), ("s", Mode.SPLIT), ("d", Mode.DIFFERENCE), ("v", Mode.SIDE)):
        driver.keys(key)
        driver.until(lambda mode=mode: view.mode is mode and view.complete, mode.value)  # type: ignore[misc]
        driver.screenshot(f"compare-{mode.name.lower()}")
    driver.keys("f")
    driver.until(lambda: view.stage.images == 2, "both pictures ready")
    driver.until(lambda: view.stage.second, "the right one")
    driver.until(lambda: not view.stage.second, "and the left one again")


def test_zoom_is_of_both_and_comes_back(driver: Driver) -> None:
    driver.organize.strips.canvas.focus_set()
    view = compare(driver, driver.organize)
    whole = view.stage.zoom
    driver.keys("z")
    driver.until(lambda: view.stage.zoom == 1.0, "pixel by pixel")
    driver.keys("plus")
    driver.until(lambda: view.stage.zoom == pytest.approx(1.25), "larger")
    before = view.stage.view.x
    driver.keys("shift+Right")
    driver.until(lambda: view.stage.view.x != before or view.stage.zoom < 1.3, "moved")
    driver.keys("0")
    driver.until(lambda: view.stage.zoom == pytest.approx(whole), "whole again")
    x, y = view.stage.winfo_width() // 4, view.stage.winfo_height() // 2
    driver._xdotool("mousemove", str(view.stage.winfo_rootx() + x), str(view.stage.winfo_rooty() + y))
    driver._xdotool("click", "4")
    driver.until(lambda: view.stage.zoom > whole, "the wheel to zoom")
    driver.keys("g")
    driver._xdotool("mousemove_relative", "7", "3")
    driver.until(lambda: len(view.stage.find_withtag("loupe")) == 3, "the loupe over both")


def test_swap_and_metadata(driver: Driver) -> None:
    driver.organize.strips.canvas.focus_set()
    view = compare(driver, driver.organize)
    names = view.heads.texts(0)[1], view.heads.texts(1)[1]
    assert "▶" in view.heads.texts(1)[0], "what a decision is about has a sign"
    facts = {fact.name: (fact.left, fact.right) for fact in view.facts}
    assert facts["Name"] == names
    driver.keys("w")
    driver.until(lambda: (view.heads.texts(1)[1], view.heads.texts(0)[1]) == names, "the other one left")
    assert "▶" in view.heads.texts(0)[0], "the sign goes with its picture"
    assert {fact.name: (fact.right, fact.left) for fact in view.facts} == facts
    shown = bool(view.details.winfo_manager())
    driver.keys("i")
    driver.until(lambda: bool(view.details.winfo_manager()) is not shown, "the metadata")


def test_decide_inside_with_the_keys_of_the_page(driver: Driver) -> None:
    page = driver.organize
    page.strips.canvas.focus_set()
    view = compare(driver, page)
    driver.keys("Right")
    driver.until(lambda: page.strips.several == [(0, [2])], "the third picture")
    driver.keys("space")
    driver.until(lambda: fates(driver, 0) == [KEEP, ASIDE, KEEP], "it to be kept")
    driver.until(lambda: "✔ Keep" in view.heads.texts(1)[0], "its head to say so")
    driver.keys("k")
    driver.until(lambda: fates(driver, 0) == [ASIDE, ASIDE, KEEP], "only this")
    driver.keys("ctrl+z")
    driver.until(lambda: fates(driver, 0) == [KEEP, ASIDE, KEEP], "it taken back")
    driver.keys("Return")
    driver.until(lambda: page.strips.several == [(1, [4])], "the next group, its second picture")
    driver.until(lambda: view.complete and view.heads.texts(1)[1].startswith("01-1"), "its pictures")
    driver.keys("Down")
    driver.until(lambda: page.strips.several == [(2, [7])], "the next group")
    driver.keys("Escape")
    driver.until(lambda: page.comparing.view is None, "the page again")
    driver.until(lambda: driver.root.focus_get() is page.strips.canvas, "the keyboard on the tiles")
    assert page.model.state is State.REVIEW
    driver.settle()


def test_what_comes_next_is_decoded_before_it_is_asked_for(driver: Driver) -> None:
    page = driver.organize
    page.strips.canvas.focus_set()
    view = compare(driver, page)
    coming = view._subject.coming
    assert [one.name.split(" ")[0] for one in coming] == ["00-2", "01-0", "01-1"]
    driver.until(lambda: all(map(view._layers.knows, coming)), "the next pictures")
    driver.keys("Down")
    driver.until(lambda: view.complete and view.heads.texts(1)[1].startswith("01-1"), "the next group")


def test_a_file_that_is_no_picture_is_told(driver: Driver) -> None:
    page = driver.organize
    page.strips.choose(*next(_broken(page)))
    page.strips.canvas.focus_set()
    driver.keys("c")
    driver.until(lambda: page.comparing.view is not None and page.comparing.view.complete, "the comparison")
    assert page.comparing.view is not None
    assert "can't be shown" in page.comparing.view.stage.itemcget("all", "text")


def _broken(page):  # type: ignore[no-untyped-def]
    for group, found in enumerate(page.model.groups.review.groups):
        for member in found.members:
            if page.model.groups.picture(member.picture).record.name.endswith("broken.jpg"):
                yield group, member.picture


def test_a_scan_closes_the_comparison(driver: Driver) -> None:
    page = driver.organize
    page.strips.canvas.focus_set()
    compare(driver, page)
    page.model.start_over()
    driver.until(lambda: page.comparing.view is None, "the comparison to go")


def test_conflicts_of_sync(open_window: OpenWindow, tmp_path: Path) -> None:
    picture = scene(1)
    other = picture.copy()
    ImageDraw.Draw(other).rectangle((40, 40, 90, 90), fill=(255, 0, 255))
    for name in ("a.jpg", "b.jpg"):
        save(picture, tmp_path / "one" / name, mtime=1_600_000_000)
        save(other, tmp_path / "two" / name, mtime=1_600_000_500)
    driver = open_window(real_port(Engine()))
    driver.go_to("sync")
    page = driver.window.pages["sync"]
    assert isinstance(page, JobPage)
    for field, folder in zip(page.model.form.fields, ("one", "two"), strict=False):
        page.model.pick_folder(field.name, os.fspath(tmp_path / folder))
    driver.until(lambda: page.model.can_scan, "the comparison of folders to be offered")
    page.model.scan()
    driver.until(lambda: page.model.state is State.REVIEW, "the review")
    driver.settle()
    page.table.choose(page.model.rows.visible()[0].key)  # type: ignore[attr-defined]
    page.table.table.view.focus_set()  # type: ignore[attr-defined]
    view = compare(driver, page)
    driver.keys("d")
    driver.until(lambda: view.mode is Mode.DIFFERENCE and view.complete, "the difference")
    assert view._pair is not None
    assert len(view._pair.regions.boxes) == 1
    driver.screenshot("compare-sync")
    driver.keys("alt+Right")
    driver.until(lambda: len(page.model.answers) == 1, "the answer")  # type: ignore[attr-defined]
    driver.settle()
    driver.keys("Escape")
    driver.until(lambda: page.comparing.view is None, "the page again")


def test_duplicates_of_import(open_window: OpenWindow, tmp_path: Path) -> None:
    save(scene(1), tmp_path / "card" / "IMG_1.jpg")
    (tmp_path / "card" / "IMG_2.jpg").write_bytes((tmp_path / "card" / "IMG_1.jpg").read_bytes())
    (tmp_path / "library").mkdir()
    driver = open_window(real_port(Engine()))
    driver.go_to("import")
    page = driver.window.pages["import"]
    assert isinstance(page, JobPage)
    page.model.pick_folder("folder1", os.fspath(tmp_path / "card"))
    page.model.pick_folder("output", os.fspath(tmp_path / "library"))
    driver.until(lambda: page.model.can_scan, "the scan to be offered")
    page.model.scan()
    driver.until(lambda: page.model.state is State.REVIEW, "the review")
    driver.settle()
    rows = page.model.rows  # type: ignore[attr-defined]
    duplicate = next(key for key, placed in rows.files.items() if placed.twin)
    page.tree.choose(duplicate)  # type: ignore[attr-defined]
    driver.until(lambda: page.tree.focused == duplicate, "the row")  # type: ignore[attr-defined]
    page.tree.table.view.focus_set()  # type: ignore[attr-defined]
    view = compare(driver, page)
    assert {view.heads.texts(side)[1] for side in range(2)} == {"IMG_1.jpg", "IMG_2.jpg"}
    assert [fact.name for fact in view.facts if fact.differs][:1] == ["Name"]
