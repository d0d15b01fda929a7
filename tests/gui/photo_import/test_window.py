"""The page *Import* in the real window over the real engine and real files, driven by mouse and keys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from image_sync.base.events import Ending, Finished
from image_sync.base.model import Action, RunResult, RunState
from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.job.state import Part, State
from image_sync.gui.photo_import.page import ImportPage
from image_sync.gui.photo_import.rows import ImportRows, Mark
from image_sync.jobs import registry
from image_sync.jobs.photo_import.model import Fate, Placed
from tests.archives.made import archive
from tests.gui.driver import Driver
from tests.gui.holding import Gated, HeldBack
from tests.gui.photo_import.test_models import arrival, review_of
from tests.pictures_made import save, scene
from tests.trees import files, snapshot

OpenWindow = Callable[..., Driver]
TAKEN = 0x9003
"""DateTimeOriginal in the Exif block."""


def real_port(engine: Engine) -> Port:
    return Port(lambda: engine, registry.check, describe_folder, free_space, device)


def photo(seed: int, path: Path, taken: str = "") -> Path:
    """A JPEG that says when it was taken, or does not."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[TAKEN] = taken
        exif[0x8769] = exif.get_ifd(0x8769)
    return save(scene(seed), path, exif=exif)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """An input with two days, a described folder, one without a date and one that the library has already."""
    card, library = tmp_path / "card", tmp_path / "library"
    photo(1, card / "one.jpg", "2019:07:24 11:25:40")
    photo(2, card / "two.jpg", "2019:07:24 12:00:00")
    photo(3, card / "2004-03-05 Picnic" / "three.jpg", "2004:03:05 10:00:00")
    photo(4, card / "undated.jpg")
    twin = photo(5, card / "twin.jpg", "2010:01:02 03:04:05")
    (library / "2010" / "01" / "02").mkdir(parents=True)
    (library / "2010" / "01" / "02" / "known.jpg").write_bytes(twin.read_bytes())
    photo(6, tmp_path / "phone" / "phone.jpg", "2021:12:31 23:59:59")
    return tmp_path


def import_page(driver: Driver) -> ImportPage:
    page = driver.window.pages["import"]
    assert isinstance(page, ImportPage)
    return page


def settle(driver: Driver) -> None:
    page = import_page(driver)
    driver.until(lambda: not page.model.typing, "what was typed to be looked at")
    driver.settle()


def fill_in(driver: Driver, places: Path, second: bool = False) -> ImportPage:
    driver.go_to("import")
    page = import_page(driver)
    wanted = {"folder1": "card", **({"folder2": "phone"} if second else {}), "output": "library"}
    for name, folder in wanted.items():
        driver.type_into(page.folders[name].entry, os.fspath(places / folder))
    settle(driver)
    return page


def wait_for(driver: Driver, state: State) -> None:
    model = import_page(driver).model
    driver.until(lambda: model.state is state, f"the state {state.value} (it is {model.state.value}: {model.message})")
    settle(driver)


def key_of(page: ImportPage, name: str) -> str:
    assert page.model.rows is not None
    return next(key for key, one in page.model.rows.files.items() if one.arrival.record.name == name)


def targets(page: ImportPage) -> dict[str, str]:
    assert page.model.rows is not None
    return {one.arrival.record.name: one.target for one in page.model.rows.files.values() if one.target}


def test_archives_are_chosen_together_and_imported(open_window: OpenWindow, places: Path) -> None:
    parts = []
    for number, name in enumerate(("card", "phone"), 1):
        tree = {os.path.relpath(path, places / name): path.read_bytes() for path in (places / name).rglob("*.jpg")}
        parts.append(archive(places / f"takeout-{number:03}.zip", tree))
    before = snapshot(places)
    driver = open_window(real_port(Engine()))
    driver.go_to("import")
    page = import_page(driver)
    assert page.folders["folder1"].archives is not None and page.folders["output"].archives is None
    page.drop_targets[page.folders["folder1"].entry]([*parts, os.fspath(places / "phone")])
    page.drop_targets[page.folders["output"].entry]([os.fspath(places / "library" / "2010")])
    driver.type_into(page.folders["output"].entry, os.fspath(places / "library"))
    settle(driver)
    assert page.model.request.inputs == (*parts, os.fspath(places / "phone"))
    assert "5 pictures" in page.folders["folder1"].field.holds
    driver.screenshot("import-archives-1-filled-in")
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert page.model.plan.counts() == {Action.EXTRACT: 4, Action.MOVE: 1}
    driver.screenshot("import-archives-2-reviewed")
    driver.click(page.apply)
    driver.screenshot("import-archives-3-asked")
    driver.keys("Return")
    wait_for(driver, State.DONE)
    assert "2021/12/31/phone.jpg" in files(places / "library")
    driver.screenshot("import-archives-4-done")
    page.model.undo()
    driver.until(lambda: snapshot(places) == before, "the undo")


def test_the_whole_way(open_window: OpenWindow, places: Path) -> None:
    before = snapshot(places)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, places, second=True)
    assert "5 pictures" in page.folders["folder1"].field.holds
    assert "free" in page.folders["output"].field.holds
    driver.screenshot("import-1-filled-in")

    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert snapshot(places) == before, "a scan changes nothing"
    assert targets(page) == {
        "one.jpg": "2019/07/24/one.jpg",
        "two.jpg": "2019/07/24/two.jpg",
        "three.jpg": "2004/03-05 Picnic/three.jpg",
        "undated.jpg": "ImageSync_NoDate/undated.jpg",
        "twin.jpg": "ImageSync_Duplicates/2010/01/02/twin.jpg",
        "phone.jpg": "2021/12/31/phone.jpg",
    }
    tree = page.tree.table.view
    assert tree.item("2019", "text") == "2019  (2)"
    assert "new folder" in tree.item("2019", "values")
    row = tree.item(key_of(page, "three.jpg"), "values")
    origin = os.path.join("card", "2004-03-05 Picnic", "three.jpg")
    assert row == ("2004-03-05 10:00", "EXIF, date taken", "", origin)
    driver.until(lambda: page.preview.complete, "the thumbnails")
    driver.screenshot("import-2-review")

    driver.click(page.filters.buttons[Mark.UNDATED])
    driver.until(lambda: not tree.exists("2019"), "the tree to be filtered")
    assert tree.exists(key_of(page, "undated.jpg"))
    driver.screenshot("import-3-filtered")

    driver.click_row(page.tree.table, key_of(page, "undated.jpg"))
    driver.keys("Return")
    driver.until(lambda: driver.root.focus_get() is getattr(driver.dialog, "date", None), "the field for the date")
    driver.keys("ctrl+a")
    driver._xdotool("type", "--delay", "1", "1999-13")
    dialog = driver.dialog
    driver.until_reads("is no date", dialog)
    driver.screenshot("import-4-correct-wrong")
    driver.keys("ctrl+a")
    driver._xdotool("type", "--delay", "1", "1999-12-24")
    driver.keys("Tab")
    driver._xdotool("type", "--delay", "1", "Christmas")
    driver.until_reads("1999/Christmas", dialog)
    driver.screenshot("import-4-correct")
    driver.keys("Return")
    driver.until(lambda: targets(page)["undated.jpg"] == "1999/Christmas/undated.jpg", "the plan to follow")
    settle(driver)
    driver.screenshot("import-5-corrected")

    driver.root.focus_force()
    driver.keys("ctrl+Return")
    dialog = driver.wait_for_dialog()
    said = driver.texts(dialog)
    assert "Move 6 files" in said
    assert "free" in said
    assert "undone" in said
    driver.screenshot("import-6-confirm")
    driver.keys("Return")
    wait_for(driver, State.DONE)
    driver.until_reads("Done.", page.result)
    driver.screenshot("import-7-done")
    library = {name for name in files(places / "library") if ".image-sync" not in name}
    assert {"1999/Christmas/undated.jpg", "2021/12/31/phone.jpg", "2004/03-05 Picnic/three.jpg"} <= library
    assert not (places / "card" / "one.jpg").exists()

    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until_reads("Undone: everything is back where it was.", page.result)
    settle(driver)
    driver.screenshot("import-8-undone")
    after = {name: facts for name, facts in snapshot(places).items() if ".image-sync" not in name}
    assert after == before


def test_choices_and_mistakes(open_window: OpenWindow, places: Path) -> None:
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, places)
    driver.type_into(page.options.widgets["zone"], "Mars/Phobos")  # type: ignore[arg-type]
    driver.until_reads("no time zone called 'Mars/Phobos'", page.options)
    assert not page.model.can_scan
    driver.screenshot("import-9-mistake")
    driver.type_into(page.options.widgets["zone"], "UTC")  # type: ignore[arg-type]
    driver.until(lambda: page.model.can_scan, "the mistake to be gone")
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)

    driver.click(page.options.widgets["copy"])
    driver.until(lambda: page.model.changes == 4, "the plan to follow: what is there already is not copied")
    driver.until(lambda: page.model.can_apply, "the plan to be ready")
    assert {one.action.value for one in page.model.plan.operations} <= {"copy", "make folder"}
    driver.until_reads("Apply 4 changes", page)

    driver.click(page.options.more)
    driver.until(lambda: page.options.widgets["use_mtime"].winfo_viewable(), "the rarer choices")
    driver.click(page.options.widgets["use_mtime"])
    driver.until_reads("Another source of dates needs a new scan.", page)
    assert not page.model.can_apply
    driver.click(page.options.widgets["use_mtime"])
    driver.until(lambda: page.model.can_apply, "the plan to fit again")
    settle(driver)
    driver.type_into(page.options.widgets["crowded"], "1")  # type: ignore[arg-type]
    driver.until_reads("2 folders hold more than 1 entr", page)
    driver.type_into(page.options.widgets["prefix"], "a/b")  # type: ignore[arg-type]
    driver.until_reads("No folder's name can begin with 'a/b'.", page.options)
    driver.screenshot("import-rare-choices")
    driver.type_into(page.options.widgets["prefix"], "Family")  # type: ignore[arg-type]
    driver.until_reads("This choice needs a new scan.", page)
    settle(driver)
    driver.keys("ctrl+Return")
    driver.until(lambda: page.model.request.prefix == "Family" and not page.model.stale, "another scan")
    wait_for(driver, State.REVIEW)
    assert "Family_NoDate/undated.jpg" in targets(page).values()
    driver.click(page.options.more)
    driver.until_reads("More (2 set)…", page.options)


def test_a_pattern_shows_what_it_makes_while_it_is_typed(open_window: OpenWindow, places: Path) -> None:
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, places)
    driver.click(page.options.more)
    driver.until(lambda: page.options.widgets["folders"].winfo_viewable(), "the rarer choices")
    driver.type_into(page.options.widgets["folders"], "{year}/{month} {description}")  # type: ignore[arg-type]
    driver.until_reads("→ 2019/07 Picnic · 2019/07", page.options)
    driver.type_into(page.options.widgets["names"], "{date}_{camera}_{original}")  # type: ignore[arg-type]
    driver.until_reads("→ 2019-07-04_Canon EOS 70D_IMG_1234.JPG", page.options)
    driver.screenshot("import-patterns")
    driver.type_into(page.options.widgets["names"], "{date}_{place}")  # type: ignore[arg-type]
    driver.until_reads("The pattern for names can't be used: there is no field {place}", page.options)
    assert not page.model.can_scan
    driver.screenshot("import-wrong-pattern")
    driver.type_into(page.options.widgets["names"], "{date}_{original}")  # type: ignore[arg-type]
    driver.until(lambda: page.model.can_scan, "the mistake to be gone")
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert targets(page)["three.jpg"] == "2004/03 Picnic/2004-03-05_three.jpg"
    assert targets(page)["one.jpg"] == "2019/07/2019-07-24_one.jpg"


def test_a_library_without_room_is_told_and_cannot_be_applied(
    open_window: OpenWindow, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, places)
    driver.click(page.options.widgets["copy"])
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    driver.until_reads("There is not enough room in", page)
    assert not page.model.can_apply
    driver.screenshot("import-no-room")
    driver.click(page.options.widgets["move"])
    driver.until(lambda: page.model.can_apply, "moving to need no room")
    assert page.model.refusal == ""


def test_a_whole_folder_is_corrected_and_taken_back(open_window: OpenWindow, places: Path) -> None:
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, places)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    driver.click_row(page.tree.table, "2019")
    driver.until(lambda: len(page.preview.canvas.find_withtag("frame1")) == 1, "both pictures of the folder")
    driver.click(page.correct)
    driver.until(lambda: driver.root.focus_get() is getattr(driver.dialog, "date", None), "the field for the date")
    driver.keys("Tab")
    driver._xdotool("type", "--delay", "1", "Lake")
    driver.until_reads("2019/Lake  (2 files)", driver.dialog)
    driver.keys("Return")
    driver.until(lambda: targets(page)["one.jpg"] == "2019/Lake/one.jpg", "the plan to follow")
    settle(driver)
    assert set(page.model.rows.expanded(page.tree.selected)) == {key_of(page, "one.jpg"), key_of(page, "two.jpg")}  # type: ignore[union-attr]

    driver.keys("F2")
    driver.until(lambda: driver.root.focus_get() is getattr(driver.dialog, "date", None), "the field for the date")
    driver.click(driver.dialog.buttons["back"])  # type: ignore[union-attr]
    driver.until(lambda: targets(page)["one.jpg"] == "2019/07/24/one.jpg", "the correction to be taken back")
    settle(driver)
    assert page.model.corrections == {}


def test_a_library_in_order_has_nothing_to_do(open_window: OpenWindow, places: Path) -> None:
    driver = open_window(real_port(Engine()))
    driver.go_to("import")
    page = import_page(driver)
    for name in ("folder1", "output"):
        page.model.pick_folder(name, os.fspath(places / "library"))
    settle(driver)
    driver.keys("ctrl+Return")
    wait_for(driver, State.DONE)
    driver.until_reads("There is nothing to do.", page.result)
    driver.until_reads("1 file is in its place.", page.result)
    assert not page.result.undo.winfo_ismapped()
    driver.click(page.result.again)
    driver.until(lambda: page.model.state is State.EMPTY, "the form alone")


def test_fifty_thousand_files_are_shown_bit_by_bit(open_window: OpenWindow) -> None:
    driver = open_window(real_port(Engine()))
    driver.go_to("import")
    page = import_page(driver)
    many = 50_000
    first = arrival("0.jpg", "2019-07-24T11:25:40")
    arrivals = [replace(first, record=replace(first.record, relative=f"{number}.jpg")) for number in range(many)]
    placed = [Placed(one, Fate.NEW, "", "2019/07/24", (f"2019/07/24/{one.record.name}",)) for one in arrivals]
    review = review_of(first)
    page.model.rows = ImportRows(replace(review, placed=tuple(placed)))
    page.model.state = State.REVIEW
    page._draw(*Part)
    tree = page.tree.table
    assert [tree.view.item(key, "text") for key in tree.view.get_children()] == ["2019  (50,000)"]
    tree.view.focus_set()
    beats: list[int] = []

    def beat() -> None:
        beats.append(len(tree.view.get_children("2019/07/24")) if tree.view.exists("2019/07/24") else 0)
        if beats[-1] < many:
            driver.root.after(10, beat)

    beat()
    for depth in ("2019", "2019/07", "2019/07/24"):
        driver.until(lambda depth=depth: tree.focused == depth, f"the keyboard to be on {depth}")  # type: ignore[misc]
        driver.keys("Right", "Down")
    driver.until(lambda: beats[-1] == many, "all rows")
    assert len({number for number in beats if 1 < number < many}) > 3, "the window lives on while rows are inserted"
    driver.keys("End")
    driver.until(lambda: tree.focused == tree.view.get_children("2019/07/24")[-1], "the last row")
    page.model.start_over()
    driver.settle()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """An input of twenty pictures that all differ, for a library that is not there yet."""
    for number in range(20):
        photo(100 + number, tmp_path / "card" / f"{number:02}.jpg", f"2019:07:{number + 1:02} 11:25:40")
    return tmp_path


def test_pause_go_on_and_stop_a_scan_by_the_mouse(open_window: OpenWindow, many: Path) -> None:
    executor = HeldBack(free=4)
    driver = open_window(real_port(Engine(executor=executor, workers=1)))
    engine_link = driver.window.desk.engine_link
    page = fill_in(driver, many)
    before = snapshot(many)
    try:
        driver.click(page.scan)
        driver.until(lambda: bool(page.progress.stop.winfo_viewable()), "the Stop button")
        driver.until(executor.holding.is_set, "some pictures to be compared")
        driver.click(page.progress.pause)
        driver.until(lambda: engine_link.paused, "the pause")
        driver.until_reads("Go on", page.progress)
        driver.until_reads("Paused.", page.progress)
        driver.screenshot("import-paused")
        driver.click(page.progress.pause)
        driver.until(lambda: not engine_link.paused, "the scan to go on")
        driver.click(page.progress.stop)
        driver.until_stopped()
        executor.gate.set()
        driver.until(lambda: page.model.state is not State.SCANNING, "the end of the scan")
        settle(driver)
    finally:
        executor.shutdown()
    assert page.model.state is State.REVIEW
    review = page.model.review
    assert review is not None
    assert 0 < len(review.placed) < 20
    assert snapshot(many) == before
    driver.until_reads(f"The scan was stopped: {len(review.placed)} of 20 pictures and movies had been compared", page)
    driver.screenshot("import-partial")
    driver.keys("ctrl+Return")
    driver.until_reads("The scan was stopped at", driver.wait_for_dialog())
    driver.keys("Return")
    wait_for(driver, State.DONE)
    assert len(files(many / "library")) == len(review.placed)
    assert len(files(many / "card")) == 20 - len(review.placed)


def test_pause_and_stop_an_import_by_the_mouse_then_go_on(
    open_window: OpenWindow, many: Path, gated: type[Gated]
) -> None:
    driver = open_window(real_port(Engine()))
    engine_link = driver.window.desk.engine_link
    page = fill_in(driver, many)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    gated.most = 12
    driver.click(page.apply)
    driver.click(driver.wait_for_dialog().buttons["yes"])
    driver.until(gated.held.is_set, "the import to be in its middle")
    driver.until(lambda: bool(page.progress.pause.winfo_viewable()), "the Pause button")
    driver.click(page.progress.pause)
    driver.until(lambda: engine_link.paused, "the pause")
    gated.most = None
    driver.until_reads("Paused.", page.progress)
    moved = len(files(many / "library"))
    assert moved < 20
    driver.click(page.progress.stop)
    wait_for(driver, State.DONE)
    driver.screenshot("import-stopped")
    driver.until_reads("Stopped: what was done so far is kept", page.result)
    assert len(files(many / "library")) in (moved, moved + 1), "a pause holds the files still"
    driver.click(page.result.resume)
    driver.until(lambda: not page.model.can_resume and page.model.state is State.DONE, "the rest")
    driver.until_reads("Done.", page.result)
    assert len(files(many / "library")) == 20


def test_stops_leave_words_where_there_is_nothing_to_review(open_window: OpenWindow, places: Path) -> None:
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, places)
    model = page.model
    model.state = State.SCANNING
    model.handle(Finished(Ending.STOPPED))
    assert model.state is State.EMPTY
    driver.until_reads("Stopped before all was read.", page)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    plan = model.plan
    model.state = State.APPLYING
    model.handle(Finished(Ending.PARTIAL, RunResult("", RunState.STOPPED, len(plan.operations), 0, 0)))
    assert model.state is State.REVIEW
    driver.until_reads("Stopped before anything was changed.", page)
    settle(driver)
    assert model.plan is plan
    assert model.can_apply
    model.state = State.APPLYING
    model.handle(Finished(Ending.REFUSED, failure="The disk is full."))
    driver.until_reads("The disk is full.", page)
    settle(driver)
