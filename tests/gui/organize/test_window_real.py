"""The real window over the real engine and real files, driven by mouse and keys: the whole way, and stopping on it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.job.state import State
from image_sync.jobs import registry
from tests.gui.driver import Driver
from tests.gui.holding import Gated, HeldBack
from tests.pictures_made import edited, save, scene
from tests.trees import files, snapshot

OpenWindow = Callable[..., Driver]


def real_port(engine: Engine) -> Port:
    return Port(lambda: engine, registry.check, describe_folder, free_space, device)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Two folders: a scene in three versions, one in two exact copies, two alone, two files that are no pictures."""
    phone, backup = tmp_path / "phone", tmp_path / "backup"
    beach, cat = scene(1), scene(2)
    save(beach, phone / "2021" / "Beach at dawn.jpg", mtime=1_600_000_000, quality=95)
    save(edited(beach), backup / "beach small.jpg", mtime=1_600_000_100, quality=85)
    save(beach, backup / "beach again.png", mtime=1_600_000_200)
    copied = save(cat, phone / "Cat on the roof.jpg", mtime=1_600_000_300, quality=90)
    (backup / "deep").mkdir(parents=True)
    (backup / "deep" / "Cat on the roof.jpg").write_bytes(copied.read_bytes())
    save(scene(3), phone / "alone.jpg")
    save(scene(4), backup / "also alone.jpg")
    (phone / "not a picture.jpg").write_text("this is text")
    (backup / "cut off.jpg").write_bytes(copied.read_bytes()[:1500])
    return tmp_path


def fill_in(driver: Driver, folders: Path) -> None:
    for name, folder in (("folder1", "phone"), ("folder2", "backup"), ("output", "sorted")):
        driver.type_into(driver.organize.folders[name].entry, os.fspath(folders / folder))
    driver.settle()


def wait_for(driver: Driver, state: State) -> None:
    driver.until(lambda: driver.organize.model.state is state, f"the state {state.value}")
    driver.settle()


def test_the_whole_way_by_keyboard(open_window: OpenWindow, folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageTk

    made_on: set[threading.Thread] = set()
    make_image = ImageTk.PhotoImage

    def make(*arguments: object, **options: object) -> ImageTk.PhotoImage:
        made_on.add(threading.current_thread())
        return make_image(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ImageTk, "PhotoImage", make)
    before = snapshot(folders)
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    fill_in(driver, folders)
    assert "4 pictures" in page.folders["folder1"].field.holds
    driver.screenshot("keyboard-1-filled-in")

    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert model.groups is not None
    assert sorted(len(group.members) for group in model.groups.review.groups) == [2, 3]
    assert snapshot(folders) == before, "a scan changes nothing"
    driver.until(lambda: page.preview.complete, "the thumbnails")
    assert made_on == {threading.current_thread()}
    driver.screenshot("keyboard-2-review")

    page.groups.table.view.focus_set()
    driver.keys("Home", "Right", "Down")
    driver.until(lambda: page.groups.chosen is not None and page.groups.chosen.picture is not None, "a member")

    driver.keys("ctrl+Return")
    dialog = driver.wait_for_dialog()
    said = driver.texts(dialog)
    assert "Move 7 files" in said
    assert os.fspath(folders / "sorted") in said
    assert "free" in said
    assert "2 files could not be read" in said
    driver.screenshot("keyboard-3-confirm")
    driver.keys("Return")
    wait_for(driver, State.DONE)
    driver.screenshot("keyboard-4-done")
    driver.until_reads("Done.", page.result)
    driver.until(lambda: driver.root.focus_get() is page.result.output, "the keyboard on what changes no file")
    moved = files(folders / "sorted")
    assert len(moved) == 7
    assert sum(name.startswith("similar_") for name in moved) == 5
    assert sum(name.startswith("unique_images") for name in moved) == 2
    assert files(folders / "phone") == ["not a picture.jpg"]

    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until(lambda: model.state is State.UNDOING or "Undone" in driver.texts(page.result), "the undo")
    wait_for(driver, State.DONE)
    driver.screenshot("keyboard-5-undone")
    driver.until_reads("Undone: everything is back where it was.", page.result)
    assert not page.result.output.winfo_ismapped(), "the output is gone again"
    assert snapshot(folders / "phone") == snapshot_below(before, "phone")
    assert snapshot(folders / "backup") == snapshot_below(before, "backup")
    assert files(folders) == sorted(name for name in files(folders) if not name.startswith("sorted"))


def snapshot_below(whole: dict[str, tuple[object, ...]], folder: str) -> dict[str, tuple[object, ...]]:
    start = folder + os.sep
    return {name.removeprefix(start): facts for name, facts in whole.items() if name.startswith(start)}


def test_three_folders_from_the_list_to_the_undo(open_window: OpenWindow, folders: Path) -> None:
    """Rows are added and taken away by mouse and keys; a third folder takes the way of the two, and comes back."""
    save(scene(1), folders / "card" / "DCIM" / "IMG_0001.jpg", quality=70)
    before = snapshot(folders)
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    assert [*page.folders] == ["folder1", "folder2", "output"]
    fill_in(driver, folders)
    driver.click(page.add)
    driver.until(lambda: "folder3" in page.folders, "a third row")
    driver.until(lambda: driver.root.focus_get() is page.folders["folder3"].entry, "the keyboard in the new row")
    driver.keys("Tab", "Tab", "Tab", "Tab")
    driver.until(lambda: driver.root.focus_get() is page.add, "the keys go on to Add a folder")
    driver.keys("space")
    driver.until(lambda: "folder4" in page.folders, "a fourth row")
    driver.type_into(page.folders["folder4"].entry, os.fspath(folders / "card"))
    driver.settle()
    page.drop_targets[page.folders["folder3"].entry]([os.fspath(folders / "phone")])
    driver.settle()
    assert page.folders["folder3"].field.mistake == "This is the same folder as Folder 1; choose another one"
    driver.screenshot("three-1-twice")
    driver.click(page.folders["folder3"].remove)
    driver.until(lambda: "folder4" not in page.folders, "the row to go")
    driver.settle()
    assert page.folders["folder3"].field.path == os.fspath(folders / "card")
    assert page.folders["folder3"].entry.get() == os.fspath(folders / "card")
    assert "1 picture" in page.folders["folder3"].field.holds
    driver.click(page.folders["folder3"].tick)
    driver.settle()
    driver.screenshot("three-2-filled-in")

    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    review = model.review
    assert review is not None and len(review.request.folders) == 3
    assert sorted(len(group.members) for group in review.groups) == [2, 4]
    driver.screenshot("three-3-review")
    driver.keys("ctrl+Return")
    driver.wait_for_dialog()
    driver.keys("Return")
    wait_for(driver, State.DONE)
    assert files(folders / "card") == ["DCIM/IMG_0001.jpg"], "never changed"
    assert len(files(folders / "sorted")) == 7
    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until(lambda: model.state is State.UNDOING or "Undone" in driver.texts(page.result), "the undo")
    wait_for(driver, State.DONE)
    assert snapshot(folders) == before
    driver.screenshot("three-4-undone")


def test_the_whole_way_by_mouse(open_window: OpenWindow, folders: Path) -> None:
    before = snapshot(folders)
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    fill_in(driver, folders)
    driver.click(page.options.widgets["copy"])
    driver.until(lambda: model.form.transfer is model.form.transfer.COPY, "Copy to be chosen")
    driver.until(lambda: model.can_scan, "Scan to be offered")
    driver.click(page.scan)
    wait_for(driver, State.REVIEW)

    keys = page.groups.table.view.get_children()
    driver.click_row(page.groups.table, keys[1])
    driver.until(lambda: page.preview.complete, "the thumbnails")
    x, y = page.preview.tile_place(1)
    driver.click_at(page.preview.canvas, x, y)
    driver.until(lambda: page.groups.chosen is not None and page.groups.chosen.picture is not None, "the tile's row")

    driver.click(page.apply)
    dialog = driver.wait_for_dialog()
    driver.until_reads("Your originals stay where they are.", dialog)
    driver.click(dialog.buttons["cancel"])
    driver.until(lambda: driver.dialog is None, "the dialog to close")
    assert model.state is State.REVIEW
    assert snapshot(folders) == before

    driver.click(page.apply)
    dialog = driver.wait_for_dialog()
    driver.click(dialog.buttons["yes"])
    wait_for(driver, State.DONE)
    assert len(files(folders / "sorted")) == 7
    for folder in ("phone", "backup"):
        assert snapshot(folders / folder) == snapshot_below(before, folder), "a copy leaves the originals alone"

    driver.click(page.result.undo)
    driver.until_reads("Undone", page.result)
    assert files(folders) == sorted(name for name, facts in before.items() if isinstance(facts[0], str))
    driver.click(page.result.again)
    wait_for(driver, State.EMPTY)


def test_stop_in_the_middle_of_a_scan_keeps_what_was_found(open_window: OpenWindow, tmp_path: Path) -> None:
    picture = scene(5)
    for number in range(40):
        save(picture, tmp_path / "phone" / f"same {number:02}.jpg", quality=60 + number % 30)
    save(scene(6), tmp_path / "backup" / "other.jpg")
    before = snapshot(tmp_path)
    executor = HeldBack(free=1)
    driver = open_window(real_port(Engine(executor=executor)))
    page, model = driver.organize, driver.organize.model
    try:
        fill_in(driver, tmp_path)
        driver.click(page.scan)
        driver.until(lambda: model.state is State.SCANNING, "the scan")
        driver.until(lambda: bool(page.progress.stop.winfo_viewable()), "the Stop button")
        driver.until_reads("Reading pictures", page.progress)
        driver.screenshot("stop-1-scanning")
        assert "Reading pictures" in driver.root.title() or "%" in driver.root.title()
        driver.click(page.progress.stop)
        driver.until_stopped()
        executor.gate.set()
        driver.until(lambda: model.state is not State.SCANNING, "the end of the scan")
        driver.settle()
    finally:
        executor.shutdown()
    driver.screenshot("stop-2-partial")
    assert model.state is State.REVIEW
    assert model.groups is not None
    assert model.groups.review.partial < 1.0
    driver.until_reads("Partial: the scan was stopped at", page)
    assert snapshot(tmp_path) == before


def reviewed(driver: Driver, folders: Path) -> None:
    fill_in(driver, folders)
    driver.click(driver.organize.scan)
    wait_for(driver, State.REVIEW)


def apply_until_held(driver: Driver) -> None:
    driver.keys("ctrl+Return")
    driver.wait_for_dialog()
    driver.keys("Return")
    driver.until(Gated.held.is_set, "the run to be in its middle")
    driver.until(lambda: bool(driver.organize.progress.stop.winfo_viewable()), "the Stop button")


def test_stop_in_the_middle_of_applying_then_go_on(open_window: OpenWindow, folders: Path, gated: type[Gated]) -> None:
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    reviewed(driver, folders)
    gated.most = 5
    apply_until_held(driver)
    driver.screenshot("apply-1-running")
    driver.keys("Escape")
    wait_for(driver, State.DONE)
    gated.most = None
    driver.screenshot("apply-2-stopped")
    driver.until_reads("Stopped: what was done so far is kept", page.result)
    assert 0 < len(files(folders / "sorted")) < 7
    driver.click(page.result.resume)
    driver.until(lambda: not model.can_resume and model.state is State.DONE, "the rest")
    driver.until_reads("Done.", page.result)
    assert len(files(folders / "sorted")) == 7


def test_stop_before_the_first_step_leaves_the_plan(open_window: OpenWindow, folders: Path, gated: type[Gated]) -> None:
    before = snapshot(folders)
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    reviewed(driver, folders)
    gated.most = 0
    apply_until_held(driver)
    driver.click(page.progress.stop)
    driver.until(lambda: not model.working, "the end")
    gated.most = None
    assert model.state is State.REVIEW
    driver.until_reads("Stopped before anything was changed.", page)
    assert snapshot(folders) == before
    driver.until(lambda: model.can_apply, "Apply to be offered again")


def test_problems_are_counted_listed_and_exported(open_window: OpenWindow, folders: Path) -> None:
    driver = open_window(real_port(Engine()))
    fill_in(driver, folders)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert driver.window.rail.buttons["problems"].cget("text") == "Problems (2)"
    driver.go_to("problems")
    table = driver.problems.table
    paths = [table.view.set(key, "path") for key in table.view.get_children()]
    assert sorted(os.path.basename(path) for path in paths) == ["cut off.jpg", "not a picture.jpg"]
    assert all(table.view.set(key, "why") for key in table.view.get_children())
    driver.click_row(table, "p1")
    assert paths[1] in driver.texts(driver.problems)
    driver.screenshot("problems")
    target = folders / "problems.tsv"
    driver.problems.export_to(os.fspath(target))
    assert target.read_text(encoding="utf-8").count("\n") == 3
    driver.problems.export_to(os.fspath(folders / "no such folder" / "x.tsv"))
    driver.root.update()
    driver.until_reads("can't be written")


def test_mistakes_are_said_in_words_and_scan_is_not_offered(open_window: OpenWindow, folders: Path) -> None:
    driver = open_window(real_port(Engine()))
    page = driver.organize
    fill_in(driver, folders)
    driver.until(lambda: page.model.can_scan, "Scan to be offered")
    for name, text in (("folder2", "/no/such/folder"), ("output", os.fspath(folders / "phone"))):
        right = page.folders[name].entry.get()
        driver.type_into(page.folders[name].entry, text)
        driver.settle()
        driver.until(lambda name=name: bool(page.model.form.field(name).mistake), "the mistake")  # type: ignore[misc]
        assert page.model.form.field(name).mistake in driver.texts(page)
        assert page.scan.instate(["disabled"])
        driver.screenshot(f"mistake-{name}")
        driver.keys("ctrl+Return")
        driver.settle()
        assert page.model.state is State.EMPTY
        driver.type_into(page.folders[name].entry, right)
        driver.settle()
    driver.until(lambda: page.scan.instate(["!disabled"]), "Scan to be offered again")


def test_not_a_match_by_key_is_kept_in_the_next_scan(open_window: OpenWindow, folders: Path) -> None:
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    fill_in(driver, folders)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert model.groups is not None
    three = next(n for n, group in enumerate(model.groups.review.groups) if len(group.members) == 3)
    out = model.groups.review.groups[three].members[-1].picture
    path = model.groups.picture(out).record.path
    page.groups.choose(three, out)
    page.groups.table.view.focus_force()
    driver.keys("n")
    driver.until(lambda: [len(g.members) for g in model.groups.review.groups] == [2, 2], "the group to be smaller")  # type: ignore[union-attr]
    driver.settle()
    driver.keys("F5", "ctrl+Return")
    dialog = driver.wait_for_dialog()
    driver.click(dialog.buttons["cancel"])
    before = model.groups
    driver.click(page.scan)
    driver.until(lambda: model.groups is not before and model.groups is not None, "a new scan")
    wait_for(driver, State.REVIEW)
    grouped = {
        model.groups.picture(member.picture).record.path
        for group in model.groups.review.groups
        for member in group.members
    }
    assert path not in grouped


def test_names_of_every_kind_go_through_the_window(open_window: OpenWindow, tmp_path: Path) -> None:
    picture = scene(7)
    names = [
        "party \U0001f389.jpg",
        "two\nlines.jpg",
        "brace } and { $dollar [bracket] \\.jpg",
        "-dash.jpg",
        "%D %W.jpg",
    ]
    try:
        undecodable = os.fsdecode(b"caf\xe9.jpg")
        save(picture, tmp_path / "phone" / "probe.jpg")
        os.rename(tmp_path / "phone" / "probe.jpg", tmp_path / "phone" / undecodable)
        names.append(undecodable)
    except OSError:
        pass  # Not every file system holds such a name.
    for name in names[:5]:
        save(picture, tmp_path / "phone" / name)
    save(edited(picture), tmp_path / "backup" / "plain.jpg")
    driver = open_window(real_port(Engine()))
    page, model = driver.organize, driver.organize.model
    fill_in(driver, tmp_path)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert model.groups is not None
    assert model.groups.files == len(names) + 1
    page.groups.table.view.focus_force()
    driver.keys("Home", "Right")
    driver.until(lambda: len(page.groups.table.view.get_children("g0")) == len(names) + 1, "the members")
    driver.until(lambda: page.preview.complete, "the thumbnails")
    for _ in range(len(names) + 1):
        driver.keys("Down")
    driver.screenshot("names")
    drawn = {page.groups.table.view.item(key, "text") for key in page.groups.table.view.get_children("g0")}
    assert "✔ party ⟨party popper⟩.jpg" in drawn
    assert "✔ two\\nlines.jpg" in drawn
    assert "✔ brace } and { $dollar [bracket] \\.jpg" in drawn
    driver.keys("ctrl+Return")
    driver.wait_for_dialog()
    driver.keys("Return")
    wait_for(driver, State.DONE)
    assert len(files(tmp_path / "sorted")) == len(names) + 1


def test_a_second_scan_follows_the_settings(open_window: OpenWindow, folders: Path) -> None:
    driver = open_window(real_port(Engine()))
    memory = driver.window.desk.memory
    memory.save(replace(memory.preferences, exclude="*.png"))
    fill_in(driver, folders)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    groups = driver.organize.model.groups
    assert groups is not None
    assert sorted(len(group.members) for group in groups.review.groups) == [2, 2]


def test_what_a_level_can_do_without_its_library_is_said(
    open_window: OpenWindow, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("image_sync.matching.features.available", lambda: False)
    driver = open_window(real_port(Engine()))
    fill_in(driver, folders)
    driver.choose(driver.organize.options.widgets["level"], 3)
    driver.settle()
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    driver.until_reads("OpenCV is not there", driver.organize)
    driver.screenshot("notes")


def test_pictures_that_were_told_apart_are_listed_and_forgotten_one_by_one(
    open_window: OpenWindow, folders: Path
) -> None:
    engine = Engine()
    driver = open_window(real_port(engine))
    fill_in(driver, folders)
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    model = driver.organize.model
    assert model.groups is not None
    number = len(model.groups)
    pairs = next(index for index, group in enumerate(model.review.groups) if len(group.members) == 2)
    model.not_a_match(pairs, [])
    driver.until(lambda: model.groups is not None and len(model.groups) == number - 1, "the group to go")
    driver.go_to("settings")
    driver.click(driver.settings.show_apart)
    driver.until(lambda: driver.dialog is not None, "the list")
    dialog = driver.settings.told_apart
    driver.until(lambda: len(dialog.model.rows) == 1, "the pair")
    assert dialog.model.rows[0].cells[:2] == ("Cat on the roof.jpg", "Cat on the roof.jpg")
    driver.until(lambda: dialog.preview.complete and len(dialog.preview._wishes) == 2, "both pictures")
    driver.click(dialog.forget_chosen)
    driver.until_reads("1 pair was forgotten. No pictures were called “not the same”.", dialog)
    assert engine.catalog.refused() == frozenset()
    driver.keys("Escape")
    driver.until(lambda: driver.dialog is None, "the list to go")
