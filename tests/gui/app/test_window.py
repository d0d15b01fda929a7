"""The real window over a scripted engine, driven by mouse and keys: tables, choices, pages, closing, faults."""

from __future__ import annotations

import gc
import json
import logging
import os
import shlex
import threading
import time
import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import font as tkfont

import pytest
import ttkbootstrap as ttk

from image_sync.base import places
from image_sync.base.model import Problem, RunState, RunSummary
from image_sync.gui import preferences
from image_sync.gui.job.state import State
from image_sync.gui.organize.form import OrganizeForm
from image_sync.gui.widgets import theme
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest
from tests.gui.driver import Driver
from tests.gui.scripted import ScriptedEngine, picture_of, port_to, review_of

OpenWindow = Callable[..., Driver]
GROUPS = 30


def found(request: OrganizeRequest) -> OrganizeReview:
    groups = {
        f"Group {number:02}": [picture_of("/one", f"{number:02}-{member}.jpg") for member in range(3)]
        for number in range(GROUPS)
    }
    return review_of(request, groups, problems=[Problem("/one/broken.jpg", "can't be read", "it ends too early")])


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine(found)


@pytest.fixture
def driver(open_window: OpenWindow, engine: ScriptedEngine) -> Driver:
    return open_window(port_to(engine))


@pytest.fixture
def filled_in(driver: Driver) -> Driver:
    for name, path in (("folder1", "/one"), ("folder2", "/two"), ("output", "/out")):
        driver.organize.model.pick_folder(name, path)
    driver.settle()
    return driver


@pytest.fixture
def reviewed(filled_in: Driver) -> Driver:
    filled_in.keys("ctrl+Return")
    filled_in.until(lambda: filled_in.organize.model.state is State.REVIEW, "the review")
    filled_in.until(lambda: filled_in.organize.groups.table.filled, "the rows")
    filled_in.settle()
    return filled_in


def run_summary(run: str, state: RunState) -> RunSummary:
    return RunSummary(run, "organize", "2026-11-20T08:35:58", state, 900, 120, 2048, {"output": "/out"}, 0)


# --- the table of groups ----------------------------------------------------------------------------------------------


def test_the_keys_of_the_table(reviewed: Driver) -> None:
    table = reviewed.organize.groups.table
    table.view.focus_force()
    rows = list(table.view.get_children())
    reviewed.keys("End")
    reviewed.until(lambda: table.selected == (rows[-1],), "the last row")
    reviewed.keys("Home")
    reviewed.until(lambda: table.selected == (rows[0],), "the first row")
    reviewed.keys("Down", "Down")
    reviewed.until(lambda: table.selected == (rows[2],), "the third row")
    reviewed.keys("shift+Down", "shift+Down")
    reviewed.until(lambda: table.selected == tuple(rows[2:5]), "three rows")
    reviewed.keys("shift+Up", "shift+Up", "shift+Up")
    reviewed.until(lambda: table.selected == tuple(rows[1:3]), "the range on the other side")
    reviewed.keys("ctrl+a")
    reviewed.until(lambda: table.selected == tuple(rows), "all rows")
    reviewed.keys("Home", "Right")
    reviewed.until(lambda: bool(table.view.item(rows[0], "open")), "the group to be open")
    assert len(table.view.get_children(rows[0])) == 3
    reviewed.keys("End", "Home", "Left")
    reviewed.until(lambda: not table.view.item(rows[0], "open"), "the group to be closed")


def test_the_first_group_is_in_sight_after_the_first_scan(reviewed: Driver) -> None:
    table = reviewed.organize.groups.table
    first = table.view.get_children()[0]
    assert table.selected == (first,)
    reviewed.until(lambda: bool(table.view.bbox(first)), "the first row below the upper edge")


def test_dimensions_of_a_large_camera_are_not_cut_off(reviewed: Driver) -> None:
    view = reviewed.organize.groups.table.view
    room = int(view.column("pixels", "width"))
    assert tkfont.nametofont("TkDefaultFont", root=reviewed.root).measure("12000 × 9000") < room - 12


def test_a_heading_sorts_and_shows_how(reviewed: Driver) -> None:
    groups = reviewed.organize.groups
    view = groups.table.view

    def press_name_heading() -> None:
        reviewed.click_at(view, 60, 12)

    first = view.get_children()[0]
    press_name_heading()
    reviewed.until(lambda: view.heading("#0", "text").endswith("▲"), "an arrow")
    press_name_heading()
    reviewed.until(lambda: view.heading("#0", "text").endswith("▼"), "the other arrow")
    assert view.item(view.get_children()[0], "text") == f"Group {GROUPS - 1:02}"
    press_name_heading()
    reviewed.until(lambda: view.get_children()[0] == first, "the plan's order")
    assert view.heading("#0", "text") == "Group / picture"


def test_what_is_open_and_selected_stays_when_the_plan_is_made_anew(reviewed: Driver) -> None:
    page = reviewed.organize
    page.groups.choose(4, 13)
    page.groups.table.view.focus_force()
    reviewed.keys("n")
    reviewed.until(lambda: len(page.model.groups.review.groups[4].members) == 2, "the member to be gone")  # type: ignore[union-attr]
    reviewed.settle()
    view = page.groups.table.view
    assert view.item("g4", "open")
    page.groups.choose(4, 14)
    reviewed.click(page.options.widgets["copy"])
    reviewed.settle()
    reviewed.until(
        lambda: page.groups.chosen is not None and page.groups.chosen.picture == 14, "the member to stay selected"
    )
    assert "Copied to" in view.set("g4p14", "fate")


def test_letters_are_no_commands_while_typing(reviewed: Driver, engine: ScriptedEngine) -> None:
    page = reviewed.organize
    reviewed.type_into(page.folders["output"].entry, "/nnpp")
    reviewed.settle()
    assert engine.refused == []
    assert not reviewed.window.desk.engine_link.paused
    assert page.model.state is State.REVIEW


def test_a_letter_with_ctrl_or_alt_is_no_command(reviewed: Driver, engine: ScriptedEngine) -> None:
    page = reviewed.organize
    page.groups.choose(4, 13)
    page.groups.table.view.focus_force()
    reviewed.keys("ctrl+n", "alt+n", "ctrl+p")
    reviewed.settle()
    assert engine.refused == []
    reviewed.keys("n")
    reviewed.until(lambda: bool(engine.refused), "the plain letter to be heard")


# --- choices ----------------------------------------------------------------------------------------------------------


def test_the_slider_by_keys_says_its_value_and_a_word(reviewed: Driver, engine: ScriptedEngine) -> None:
    page = reviewed.organize
    page.options.widgets["threshold"].focus_force()
    reviewed.until_reads("85 % · balanced", page.options)
    reviewed.keys(*["Right"] * 6)
    reviewed.until_reads("91 % · strict", page.options)
    reviewed.settle()
    assert [name for name, _ in engine.calls].count("organize") == 1
    reviewed.until_reads("Another similarity needs a new scan.", page)
    assert page.apply.instate(["disabled"])
    assert page.scan.cget("text") == "Scan again"
    reviewed.keys(*["Left"] * 6)
    reviewed.until_reads("85 % · balanced", page.options)
    reviewed.settle()
    assert page.model.can_apply


def test_the_slider_by_mouse(filled_in: Driver) -> None:
    slider = filled_in.organize.options.widgets["threshold"]
    filled_in.click_at(slider, 3, slider.winfo_height() // 2, times=40)
    filled_in.until(lambda: filled_in.organize.model.form.threshold < 0.85, "a lower threshold")
    assert "permissive" in filled_in.texts(filled_in.organize.options) or "balanced" in filled_in.texts(
        filled_in.organize.options
    )


def test_what_becomes_of_groups_is_chosen_from_a_list(reviewed: Driver) -> None:
    page = reviewed.organize
    reviewed.choose(page.options.widgets["handling"], 1)
    reviewed.until(lambda: page.model.form.handling is Handling.KEEP_BEST, "the second choice")
    reviewed.settle()
    assert page.options.widgets["move"].instate(["disabled"]), "it always sets aside"
    assert page.apply.cget("text") == f"Apply {GROUPS * 2} changes…"


def test_the_tick_and_rotations_reach_the_request(filled_in: Driver, engine: ScriptedEngine) -> None:
    page = filled_in.organize
    tick = page.folders["folder2"].tick
    assert tick is not None
    filled_in.click(tick)
    filled_in.click(page.options.widgets["rotations"])
    filled_in.until(lambda: page.model.form.rotations and page.model.form.folder2.reference, "both ticks")
    filled_in.settle()
    filled_in.click(page.scan)
    filled_in.until(lambda: bool(engine.calls), "the scan")
    request = engine.calls[0][1]
    assert isinstance(request, OrganizeRequest)
    assert (request.references, request.rotations) == (("/two",), True)


@pytest.mark.parametrize(
    ("level", "slider", "rotations", "ticked", "words"),
    [
        (Level.EXACT, "disabled", "disabled", False, "nothing differs"),
        (Level.PIXELS, "disabled", "disabled", False, "nothing differs"),
        (Level.SAME_SHOT, "!disabled", "!disabled", False, "85 % · balanced"),
        (Level.EDITED, "!disabled", "disabled", True, "85 % · balanced"),
    ],
)
def test_a_level_by_keys_locks_what_it_makes_meaningless(
    filled_in: Driver, engine: ScriptedEngine, level: Level, slider: str, rotations: str, ticked: bool, words: str
) -> None:
    page = filled_in.organize
    filled_in.choose(page.options.widgets["level"], list(Level).index(level))
    filled_in.until(lambda: page.model.form.level is level, "the level")
    filled_in.until_reads(words, page.options)
    assert page.options.widgets["threshold"].instate([slider])
    assert page.options.widgets["rotations"].instate([rotations, "selected" if ticked else "!selected"])
    filled_in.settle()
    filled_in.click(page.scan)
    filled_in.until(lambda: bool(engine.calls), "the scan")
    request = engine.calls[0][1]
    assert isinstance(request, OrganizeRequest)
    assert (request.level, request.threshold, request.rotations) == (level, 0.85, False)


def test_the_list_of_levels_by_mouse_and_the_next_window_remembers(filled_in: Driver, engine: ScriptedEngine) -> None:
    page = filled_in.organize
    box = page.options.widgets["level"]
    filled_in.click(box)
    entries = str(box.tk.call("ttk::combobox::PopdownWindow", str(box))) + ".f.l"
    filled_in.until(lambda: bool(int(box.tk.call("winfo", "viewable", entries))), "the list of levels to be open")
    box.tk.call("update")
    x, y, width, height = (int(part) for part in box.tk.splitlist(box.tk.call(entries, "bbox", 3)))
    left, top = (int(box.tk.call("winfo", place, entries)) for place in ("rootx", "rooty"))
    filled_in.click_at(filled_in.root, left + x + width // 2 - filled_in.root.winfo_rootx(),
                       top + y + height // 2 - filled_in.root.winfo_rooty())  # fmt: skip
    filled_in.until(lambda: page.model.form.level is Level.EDITED, "the level")
    filled_in.screenshot("level-edited")
    filled_in.settle()
    filled_in.keys("ctrl+Return")
    filled_in.until(lambda: bool(engine.calls), "the scan")
    assert preferences.load_preferences().choices["organize"]["level"] == Level.EDITED.value
    assert OrganizeForm(preferences.load_preferences()).level is Level.EDITED


def test_another_level_needs_another_scan(reviewed: Driver) -> None:
    page = reviewed.organize
    reviewed.choose(page.options.widgets["level"], 0)
    reviewed.settle()
    reviewed.until_reads("To find other pictures, scan again.", page)
    assert page.apply.instate(["disabled"])
    reviewed.choose(page.options.widgets["level"], 2)
    reviewed.settle()
    reviewed.until(lambda: page.apply.instate(["!disabled"]), "Apply to be offered again")


def test_recent_folders_are_offered(open_window: OpenWindow, engine: ScriptedEngine) -> None:
    path = Path(preferences.preferences_path())
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"recent": {"folder1": ["/last", "/before"]}}), encoding="utf-8")
    driver = open_window(port_to(engine))
    entry = driver.organize.folders["folder1"].entry
    entry.configure(postcommand="")
    driver.organize.folders["folder1"]._offer()
    driver.choose(entry, 1)
    driver.settle()
    assert driver.organize.model.form.folder1.path == "/before"
    assert driver.organize.model.form.folder1.holds == "12 pictures"


def test_browse_asks_the_desktop_and_the_window_lives_on(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "chosen by hand"
    gate = tmp_path / "gate"
    programs = tmp_path / "bin"
    programs.mkdir()
    script = programs / "zenity"
    script.write_text(
        f"#!/bin/sh\nwhile [ ! -e {shlex.quote(str(gate))} ]; do sleep 0.02; done\necho {shlex.quote(str(chosen))}\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("image_sync.gui.widgets.desktop._folder_dialogs", _only_zenity)
    driver.click(driver.organize.folders["folder1"].browse)
    driver.go_to_while_busy("help")
    assert driver.window.front == "help", "the window answers while the dialog is open"
    driver.keys("F1")
    gate.touch()
    driver.until(lambda: driver.organize.model.form.folder1.path == str(chosen), "the folder")
    driver.until(lambda: driver.organize.folders["folder1"].entry.get() == str(chosen), "the folder in its field")


def _only_zenity(title: str, start: str) -> list[list[str]]:
    return [["zenity", "--file-selection", "--directory", f"--title={title}", f"--filename={start}/"]]


@pytest.mark.parametrize(("code", "path"), [(1, ""), (0, "")])
def test_a_dialog_that_is_left_changes_nothing(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, path: str
) -> None:
    script = tmp_path / "zenity"
    script.write_text(f"#!/bin/sh\nexit {code}\n")
    script.chmod(0o755)
    monkeypatch.setattr("image_sync.gui.widgets.desktop._folder_dialogs", lambda _title, _start: [[str(script)]])
    driver.click(driver.organize.folders["output"].browse)
    driver.settle()
    assert driver.organize.model.form.output.text == path


def test_without_a_desktop_dialog_the_toolkits_own_is_shown(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("image_sync.gui.widgets.desktop._folder_dialogs", lambda _title, _start: [])
    asked: list[dict[str, object]] = []

    def get_directory(_parent: object, **options: object) -> str:
        asked.append(options)
        return "/chosen"

    monkeypatch.setattr(ttk.Querybox, "get_directory", get_directory)
    driver.click(driver.organize.folders["folder2"].browse)
    driver.until(lambda: driver.organize.model.form.folder2.path == "/chosen", "the folder")
    assert asked[0]["initialdir"] == os.path.expanduser("~")


def test_a_folder_can_be_dropped_on_its_field(driver: Driver, tmp_path: Path) -> None:
    pytest.importorskip("tkinterdnd2")
    folder = tmp_path / "dropped {here} $x"
    folder.mkdir()
    entry = driver.organize.folders["folder2"].entry
    driver.until(lambda: "<<Drop>>" in entry.tk.splitlist(entry.tk.call("bind", str(entry))), "the drop target")
    script = str(entry.tk.call("bind", str(entry), "<<Drop>>"))
    data = entry.tk.call("list", str(folder))
    entry.tk.call(*[data if part == "%D" else part for part in entry.tk.splitlist(script)])
    driver.until(lambda: driver.organize.model.form.folder2.path == str(folder), "the folder")


def test_a_dialog_gives_the_keyboard_back(driver: Driver) -> None:
    """Who works by keys goes on where they were, whatever they answered."""
    from image_sync.gui.widgets import dialogs

    entry = driver.organize.folders["folder2"].entry
    entry.focus_force()
    driver.until(lambda: driver.root.focus_get() is entry, "the keyboard in the field")
    dialogs.tell(driver.root, "News", "Something happened.")
    driver.wait_for_dialog()
    driver.keys("Escape")
    driver.until(lambda: driver.dialog is None and driver.root.focus_get() is entry, "the keyboard back in the field")


def test_folders_can_be_dropped_anywhere_on_the_page(driver: Driver, tmp_path: Path) -> None:
    """They go where one is missing; the output is never one of several."""
    pytest.importorskip("tkinterdnd2")
    page, form = driver.organize, driver.organize.model.form
    driver.until(lambda: "<<Drop>>" in page.tk.splitlist(page.tk.call("bind", str(page))), "the drop target")

    def drop(*names: str) -> None:
        for name in names:
            (tmp_path / name).mkdir(exist_ok=True)
        script = str(page.tk.call("bind", str(page), "<<Drop>>"))
        data = page.tk.call("list", *(str(tmp_path / name) for name in names))
        page.tk.call(*[data if part == "%D" else part for part in page.tk.splitlist(script)])
        driver.settle()

    drop("one", "two", "three")
    assert [field.path for field in form.fields] == [str(tmp_path / name) for name in ("one", "two", "three")] + [""]
    assert len(page.folders) == 4, "a row was added"
    drop("out")
    assert form.field("output").path == str(tmp_path / "out")
    drop("four")
    assert form.inputs[3].path == str(tmp_path / "four")
    page._dropped_anywhere([])
    page._dropped_anywhere([str(tmp_path / "nothing")])
    assert len(form.inputs) == 4


def test_a_folder_dropped_when_all_are_chosen_is_answered_in_words(driver: Driver, tmp_path: Path) -> None:
    driver.go_to("sync")
    page = driver.window.pages["sync"]
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        page._dropped_anywhere([str(tmp_path / str(number))])  # type: ignore[attr-defined]
    driver.until_reads("All folders are chosen.")
    assert [field.path[-1] for field in page.model.form.fields] == ["0", "1"]  # type: ignore[attr-defined]


def test_a_folder_that_is_not_there_is_told_once(open_window: OpenWindow, engine: ScriptedEngine) -> None:
    driver = open_window(port_to(engine, check=lambda *_given: {"folder1": "/one is not there"}))
    driver.organize.model.pick_folder("folder1", "/one")
    driver.organize.model.pick_folder("folder2", "/two")
    driver.settle()
    driver.until_reads("/one is not there", driver.organize)
    assert driver.texts(driver.organize).count("12 pictures") == 1, "that of the other folder"


# --- running ----------------------------------------------------------------------------------------------------------


def test_progress_pause_and_stop(filled_in: Driver, engine: ScriptedEngine) -> None:
    page = filled_in.organize
    engine.gate.clear()
    engine.problems = [Problem("/one/a.jpg", "what", "why")]
    filled_in.click(page.scan)
    filled_in.until(lambda: page.model.progress.share not in (None, 0.0), "the second stage")
    filled_in.until_reads("1 problem", page.progress)
    said = filled_in.texts(page.progress)
    assert "Reading pictures · 2 of 2" in said
    assert "of 5,000" in said
    assert filled_in.root.title().endswith("Reading pictures – Image Sync")
    assert filled_in.root.title()[0].isdigit()
    assert page.scan.instate(["disabled"])
    assert page.folders["folder1"].entry.instate(["disabled"])
    page.groups.focus_force()
    filled_in.keys("p")
    filled_in.until_reads("Paused.", page.progress)
    assert page.progress.pause.cget("text") == "Go on"
    filled_in.keys("p")
    filled_in.until(lambda: "Paused." not in filled_in.texts(page.progress), "the pause to end")
    filled_in.keys("Escape")
    filled_in.until(lambda: page.model.state is State.REVIEW, "the end")
    filled_in.settle()
    filled_in.until_reads("Partial: the scan was stopped at 62 %.", page)
    assert not page.progress.winfo_ismapped()
    assert filled_in.root.title() == "Image Sync"


def test_letters_are_heard_in_a_scan_that_was_started_from_a_field(filled_in: Driver, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    page, engine_link = filled_in.organize, filled_in.window.desk.engine_link
    filled_in.click_at(page.folders["output"].entry, 20, 10)
    filled_in.keys("ctrl+Return")
    filled_in.until(lambda: bool(page.progress.pause.winfo_viewable()), "the Pause button")
    filled_in.until(lambda: filled_in.root.focus_get() is page.progress.pause, "the keyboard to be there")
    filled_in.keys("p")
    filled_in.until(lambda: engine_link.paused, "the pause")
    filled_in.keys("p", "Escape")
    filled_in.until(lambda: page.model.state is State.REVIEW, "what was found so far")
    assert page.folders["output"].entry.get() == "/out"


def test_another_page_can_be_looked_at_while_a_job_runs(filled_in: Driver, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    filled_in.click(filled_in.organize.scan)
    filled_in.until(lambda: filled_in.organize.model.progress.share not in (None, 0.0), "the second stage")
    filled_in.go_to("history")
    assert "Reading pictures" in filled_in.root.title(), "the title goes on telling"
    engine.gate.set()
    filled_in.until(lambda: filled_in.organize.model.state is State.REVIEW, "the review")
    filled_in.go_to("organize")
    filled_in.until(lambda: len(filled_in.organize.groups.table.view.get_children()) == GROUPS, "the groups")


def test_many_groups_are_inserted_bit_by_bit(open_window: OpenWindow, engine: ScriptedEngine) -> None:
    members = [picture_of("/one", f"{n}.jpg") for n in range(2)]
    engine.found = lambda request: review_of(request, {f"g{n}": members for n in range(3000)})
    driver = open_window(port_to(engine))
    for name, path in (("folder1", "/one"), ("folder2", "/two"), ("output", "/out")):
        driver.organize.model.pick_folder(name, path)
    driver.keys("ctrl+Return")
    table = driver.organize.groups.table
    driver.until(lambda: bool(table.view.get_children()), "the first rows")
    driver.until(lambda: table.filled, "all rows")
    assert len(table.view.get_children()) == 3000
    table.view.focus_force()
    driver.keys("End")
    driver.until(lambda: table.selected == ("g2999",), "the last row")


# --- closing ----------------------------------------------------------------------------------------------------------


def test_closing_while_nothing_runs_just_closes(driver: Driver) -> None:
    driver.window.close()
    assert driver.closed
    assert driver.dialog is None
    assert json.loads(Path(preferences.preferences_path()).read_text(encoding="utf-8"))["geometry"].startswith(
        "1180x780"
    )


def test_closing_while_a_job_runs_asks_and_stops_cleanly(filled_in: Driver, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    filled_in.click(filled_in.organize.scan)
    filled_in.until(lambda: filled_in.organize.model.progress.share not in (None, 0.0), "the second stage")
    filled_in.window.close()
    dialog = filled_in.wait_for_dialog()
    filled_in.until_reads("A scan is running.", dialog)
    filled_in.screenshot("closing")
    filled_in.keys("Escape")
    filled_in.until(lambda: filled_in.dialog is None, "the dialog to close")
    assert engine.busy
    filled_in.window.close()
    dialog = filled_in.wait_for_dialog()
    filled_in.click(dialog.buttons["stop"])
    filled_in.until(lambda: filled_in.closed, "the window to close")
    assert engine.closed
    assert not engine.busy


def test_a_job_that_does_not_stop_can_be_left(filled_in: Driver, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    engine.stop = lambda: None  # type: ignore[method-assign]
    filled_in.click(filled_in.organize.scan)
    filled_in.until(lambda: filled_in.organize.model.progress.share not in (None, 0.0), "the second stage")
    filled_in.window.close_unasked()
    assert not filled_in.closed
    filled_in.window.close()
    dialog = filled_in.wait_for_dialog()
    filled_in.until_reads("has not stopped yet", dialog)
    filled_in.keys("Escape")
    filled_in.until(lambda: filled_in.dialog is None, "the dialog to close")
    assert not filled_in.closed
    filled_in.window.close()
    dialog = filled_in.wait_for_dialog()
    filled_in.click(dialog.buttons["leave"])
    filled_in.until(lambda: filled_in.closed, "the window to close")
    engine.gate.set()
    engine.join(10.0)


def test_the_close_button_of_the_frame_is_heard(driver: Driver) -> None:
    driver.root.tk.call(*driver.root.tk.splitlist(str(driver.root.protocol("WM_DELETE_WINDOW"))))
    assert driver.closed


# --- pages ------------------------------------------------------------------------------------------------------------


def test_f1_shows_the_sheet_and_back(driver: Driver) -> None:
    driver.keys("F1")
    driver.until(lambda: driver.window.front == "help", "the sheet")
    driver.until_reads("Ctrl+Enter")
    driver.keys("F1")
    driver.until(lambda: driver.window.front == "organize", "the page before")
    driver.keys("F1", "Escape")
    driver.until(lambda: driver.window.front == "organize", "the page before")


def test_the_rail_by_keys(driver: Driver) -> None:
    driver.window.rail.buttons["history"].focus_force()
    driver.keys("Down", "space")
    driver.until(lambda: driver.window.front == "problems", "the page of problems")
    driver.keys("Up", "Return")
    driver.window.rail.buttons["problems"].focus_force()
    driver.keys("Up", "Return")
    driver.until(lambda: driver.window.front == "history", "the page of runs")


def test_a_narrow_window_shows_icons_and_folds_the_folders(reviewed: Driver) -> None:
    page = reviewed.organize
    wide = reviewed.window.rail.winfo_width()
    assert page._form.winfo_ismapped()
    reviewed.root.minsize(1, 1)
    reviewed.root.geometry("800x560")
    reviewed.until(lambda: reviewed.window.rail.winfo_width() < wide / 2, "the narrow rail")
    reviewed.until(lambda: not page._form.winfo_ismapped(), "the folders to be folded")
    assert page.groups.winfo_height() > 150
    reviewed.screenshot("narrow")
    reviewed.click(page.fold)
    reviewed.until(lambda: bool(page._form.winfo_ismapped()), "the folders to be unfolded")
    reviewed.root.geometry("1180x880")
    reviewed.until(lambda: reviewed.window.rail.winfo_width() == wide, "the wide rail")
    reviewed.until(lambda: bool(page._form.winfo_ismapped()), "the folders")


def test_history_offers_undo_and_asks(driver: Driver, engine: ScriptedEngine) -> None:
    engine.runs = (run_summary("new", RunState.FINISHED), run_summary("old", RunState.UNDONE))
    driver.go_to("history")
    page = driver.history
    driver.until(lambda: len(page.table.view.get_children()) == 2, "two runs")
    driver.click_row(page.table, "old")
    assert page.undo.instate(["disabled"])
    driver.click_row(page.table, "new")
    driver.until(lambda: page.undo.instate(["!disabled"]), "Undo to be offered")
    driver.click(page.undo)
    dialog = driver.wait_for_dialog()
    driver.until_reads("120 steps of 2026-11-20 08:35", dialog)
    driver.screenshot("history-undo")
    driver.keys("Escape")
    driver.until(lambda: driver.dialog is None, "the dialog to close")
    assert ("undo", "new") not in engine.calls
    page.table.view.focus_force()
    driver.keys("ctrl+z")
    driver.wait_for_dialog()
    driver.keys("Return")
    driver.until(lambda: ("undo", "new") in engine.calls, "the undo")
    driver.until_reads("Undone: everything is back where it was.", page)


@pytest.mark.parametrize(
    ("answer", "called"), [("resume", ("resume", "cut")), ("undo", ("undo", "cut")), ("later", None)]
)
def test_a_run_that_was_cut_off_is_offered_at_the_start(
    open_window: OpenWindow, engine: ScriptedEngine, answer: str, called: tuple[str, str] | None
) -> None:
    engine.runs = (run_summary("done", RunState.FINISHED), run_summary("cut", RunState.INTERRUPTED))
    driver = open_window(port_to(engine))
    banner = driver.window._banner
    driver.until(lambda: bool(banner.winfo_viewable()), "the offer")
    driver.until_reads("cut off after 120 of 900 steps", banner)
    driver.click(banner.buttons[answer])
    driver.until(lambda: not banner.winfo_viewable(), "the offer to go")
    if called:
        driver.until(lambda: called in engine.calls, "what was chosen")
        assert driver.window.front == "history"
    driver.window.desk.history.refresh()
    driver.settle()
    assert not banner.winfo_viewable(), "it is not offered twice"


def test_settings_change_the_look_at_once_and_are_kept(driver: Driver) -> None:
    driver.go_to("settings")
    page = driver.settings
    light = theme.colors().bg
    driver.choose(page.theme, 2)
    driver.until(lambda: driver.root.theme_use() == theme.DARK, "the dark theme")
    assert theme.colors().bg != light
    assert preferences.load_preferences().theme == "dark"
    driver.screenshot("settings-dark")
    driver.choose(page.scale, 1)
    driver.until(lambda: preferences.load_preferences().scale == 100, "the size to be kept")
    driver.until_reads("from the next start", page)


def test_the_order_of_reasons_is_changed_by_buttons(driver: Driver) -> None:
    driver.go_to("settings")
    page = driver.settings
    driver.click(page.down)
    driver.until(lambda: page.order.item(page.order.get_children()[1], "text").endswith("More pixels"), "one down")
    driver.click(page.down)
    driver.click(page.up)
    driver.until(
        lambda: preferences.load_preferences().best_order.startswith("less compressed,more pixels,"), "the order"
    )
    request = driver.organize.model.request
    assert [preference.value for preference in request.best_order[:2]] == ["less compressed", "more pixels"]


def test_what_a_scan_leaves_out_is_typed(driver: Driver) -> None:
    driver.go_to("settings")
    page = driver.settings
    driver.type_into(page.smallest, "20")
    driver.type_into(page.exclude, "*.gif; thumbs/*")
    driver.until(lambda: preferences.load_preferences().exclude == "*.gif; thumbs/*", "the patterns to be kept")
    driver.type_into(page.include, "*.jpg")
    driver.until(lambda: preferences.load_preferences().include == "*.jpg", "the patterns to be kept")
    assert driver.organize.model.request.include == ("*.jpg",)
    page.exact_search.focus_force()
    driver.until(lambda: driver.root.focus_get() is page.exact_search, "the keyboard to be on the tick")
    driver.keys("space")
    driver.until(lambda: preferences.load_preferences().exact_search, "the tick to be kept")
    assert driver.organize.model.request.exact_search
    assert preferences.load_preferences().minimum_size == 20 * 1024
    driver.type_into(page.smallest, "many")
    driver.until_reads("a whole number", page)
    assert preferences.load_preferences().minimum_size == 20 * 1024


def test_not_a_match_can_be_forgotten(reviewed: Driver, engine: ScriptedEngine) -> None:
    reviewed.organize.model.not_a_match(0, [2])
    reviewed.settle()
    assert len(engine.refused) == 1
    reviewed.go_to("settings")
    reviewed.click(reviewed.settings.forget_all)
    reviewed.until_reads("1 pair was forgotten.", reviewed.settings)
    assert engine.refused == []


def test_how_many_pictures_are_read_at_a_time(driver: Driver, engine: ScriptedEngine) -> None:
    driver.go_to("settings")
    driver.choose(driver.settings.workers, 2)
    driver.until(lambda: engine.workers == 2, "the engine to know")
    assert preferences.load_preferences().workers == 2
    driver.choose(driver.settings.workers, 0)
    driver.until(lambda: engine.workers is None, "as many as there are cores")


def test_what_is_kept_is_counted_and_what_nobody_needs_is_cleared(driver: Driver) -> None:
    log = Path(places.state_folder()) / "logs" / "old.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("a line\n" * 1000)
    driver.go_to("settings")
    page = driver.settings
    driver.until_reads("no longer needed", page)
    page.clear.focus_set()
    driver.until(lambda: driver.root.focus_get() is page.clear, "the keyboard on the button")
    driver.keys("space")
    dialog = driver.wait_for_dialog()
    driver.click(dialog.buttons["yes"])
    driver.until_reads("Cleared.", page)
    assert not log.exists()


def test_open_and_reveal_go_to_the_desktop(reviewed: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[str, str]] = []
    monkeypatch.setattr("image_sync.gui.widgets.desktop.open_file", lambda path: opened.append(("open", path)))
    monkeypatch.setattr("image_sync.gui.widgets.desktop.reveal", lambda path: opened.append(("reveal", path)))
    reviewed.organize.groups.choose(2, 7)
    reviewed.organize.groups.table.view.focus_force()
    reviewed.keys("ctrl+o", "ctrl+shift+o")
    reviewed.until(lambda: len(opened) == 2, "both")
    path = os.path.join("/one", "02-1.jpg")
    assert sorted(opened) == [("open", path), ("reveal", path)]


def test_what_can_not_be_opened_is_said(reviewed: Driver) -> None:
    reviewed.organize.groups.table.view.focus_force()
    reviewed.keys("ctrl+o")
    reviewed.until_reads("can't be opened")


def test_what_tk_made_is_let_go_of_on_the_windows_thread(driver: Driver) -> None:
    gone: list[threading.Thread] = []

    class Noted(tkinter.StringVar):
        def __del__(self) -> None:
            gone.append(threading.current_thread())
            super().__del__()

    variable = Noted(driver.root)
    variable.itself = variable  # type: ignore[attr-defined]
    del variable

    kept: list[list[int]] = []
    threading.Thread(target=lambda: kept.extend([number] for number in range(5 * gc.get_threshold()[0]))).start()
    driver.until(lambda: bool(gone), "the variable to go")
    assert gone == [threading.main_thread()]
    driver.window.close()
    assert gc.isenabled()


# --- faults -----------------------------------------------------------------------------------------------------------


def test_an_error_in_a_callback_is_logged_and_said(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    driver.root.report_callback_exception = driver.window.report
    with caplog.at_level(logging.ERROR, logger="image_sync"):
        driver.root.after(1, lambda: 1 // 0)
        dialog = driver.wait_for_dialog()
        driver.root.after(1, lambda: [][0])
        driver.until(lambda: "IndexError" in caplog.text, "the second error in the log")
    assert "ZeroDivisionError" in caplog.text
    driver.until_reads("ZeroDivisionError: integer division", dialog)
    driver.screenshot("fault")
    driver.keys("Return")
    driver.until(lambda: driver.dialog is None, "the dialog to close")
    assert driver.organize.winfo_viewable(), "the window goes on"


def test_one_failing_page_does_not_stop_the_timer(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[BaseException] = []
    driver.root.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
    monkeypatch.setattr(driver.organize, "tick", lambda: 1 // 0)
    driver.until(lambda: len(errors) >= 3, "the timer to go on")


def test_the_window_stays_responsive_while_events_pour_in(filled_in: Driver, engine: ScriptedEngine) -> None:
    """Far more events than can be drawn: the timer's turns stay short, since each drain is bounded."""
    engine.gate.clear()
    filled_in.click(filled_in.organize.scan)
    filled_in.until(lambda: filled_in.organize.model.progress.share not in (None, 0.0), "the second stage")
    from image_sync.base.events import Note, ProblemFound

    for number in range(4000):
        engine.events.put(ProblemFound(Problem(f"/one/{number}.jpg", "what", "why")))
        engine.events.put(Note(f"note {number}"))
    turns: list[float] = []
    drain = filled_in.window.desk.engine_link.drain

    def timed() -> None:
        began = time.perf_counter()
        drain()
        turns.append(time.perf_counter() - began)

    filled_in.window.desk.engine_link.drain = timed  # type: ignore[method-assign,assignment]
    filled_in.until(lambda: len(filled_in.window.desk.problems) >= 4000, "all problems")
    assert len(turns) > 1, "they did not all come in one turn"
    engine.gate.set()
    filled_in.until(lambda: filled_in.organize.model.state is State.REVIEW, "the review")
    filled_in.until_reads("3,993 further remarks", filled_in.organize)
