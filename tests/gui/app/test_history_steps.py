"""The steps of a run on the page *History*: listed, searched, and what a person can do with them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.apply import journal
from image_sync.apply.executor import execute
from image_sync.apply.replay import RunStep, StepState
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Problem
from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.pages.steps_model import StepsModel, action_word, cells
from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.background import Background
from image_sync.jobs import registry
from tests.apply.trees import operation, plan, put
from tests.gui.driver import Driver

OpenWindow = Callable[..., Driver]


def test_every_action_has_a_word() -> None:
    assert all(action_word(action) for action in Action)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (RunStep(0, Action.MOVE, "/a", "/b", "", 1, StepState.DONE), ("Move", "/a", "/b", "done")),
        (RunStep(0, Action.REWRITE, "/a", "/a", "", 1, StepState.DONE), ("Write date", "/a", "", "done")),
        (
            RunStep(0, Action.MAKE_FOLDER, "", "/b", "", 0, StepState.TAKEN_BACK),
            ("Make folder", "/b", "", "taken back"),
        ),
        (
            RunStep(0, Action.COPY, "/a\n", "/b", "", 1, StepState.FAILED, Problem("/a", "not copied", "it changed")),
            ("Copy", "/a\\n", "/b", "not copied: it changed"),
        ),
    ],
)
def test_a_step_as_a_row(step: RunStep, told: tuple[str, ...]) -> None:
    assert cells(step) == told


def test_a_path_begins_with_the_name_of_its_root_and_keeps_its_own() -> None:
    long = "/media/disk/photos/" + "deep/" * 30 + "IMG_1.jpg"
    step = RunStep(0, Action.MOVE, long, "/media/disk/photosets/a.jpg", "", 1, StepState.DONE)
    _action, source, destination, _state = cells(step, ["/media/disk/photos"])
    assert source.startswith("photos/deep/") and "…" in source and source.endswith("/IMG_1.jpg")
    assert destination == "/media/disk/photosets/a.jpg", "it lies beside the root"


@pytest.fixture
def run(tmp_path: Path) -> str:
    """A run that moved thirty files and updated one."""
    files = [put(tmp_path / "in" / f"IMG_{number:02}.jpg", str(number)) for number in range(30)]
    moves = [operation(Action.MOVE, path, tmp_path / "out" / os.path.basename(path)) for path in files]
    new, old = put(tmp_path / "in" / "new.jpg", "new"), put(tmp_path / "out" / "Übersicht.jpg", "old")
    update = operation(Action.UPDATE, new, old, versions=str(tmp_path / ".image-sync" / "versions"))
    return execute(plan(*moves, update, root=tmp_path)).run


def steps_of(run: str) -> tuple[StepsModel, Background]:
    background = Background()
    model = StepsModel(background, lambda: None)
    model.show(journal.find(run))
    settle(background)
    return model, background


def settle(background: Background) -> None:
    while not background.idle:
        background.deliver()


def test_steps_are_searched_by_every_word(run: str) -> None:
    model, background = steps_of(run)
    assert model.headline == "31 steps"
    assert model.kept_words.startswith("Earlier versions that it keeps: 1 file, ")
    for query, number in (
        ("img_07", 1),
        ("move", 30),
        ("update übersicht", 1),
        ("move done img_1", 10),
        ("nothing", 0),
    ):
        model.search(query)
        assert len(model.visible) == number, query
    assert model.headline == "0 of 31 steps"
    model.search("")
    assert len(model.visible) == 31
    undo(run)
    model.show(journal.find(run))
    settle(background)
    model.search("taken back")
    assert len(model.visible) == 31, "a run that went on meanwhile is read anew"
    assert model.kept_words == ""
    background.close()


def test_where_a_file_is_now(run: str, tmp_path: Path) -> None:
    model, background = steps_of(run)
    assert model.path_of(3) == os.fspath(tmp_path / "out" / "IMG_03.jpg")
    undo(run)
    model.show(journal.find(run))
    settle(background)
    assert model.path_of(3) == os.fspath(tmp_path / "in" / "IMG_03.jpg")
    assert model.path_of(99) == ""
    background.close()


def test_a_journal_that_is_gone_is_said(run: str) -> None:
    summary = journal.find(run)
    background = Background()
    model = StepsModel(background, lambda: None)
    model.show(replace(summary, run="20200101-000000-aaaa"))
    settle(background)
    assert "There is no run" in model.headline and not model.visible
    model.show(None)
    assert model.headline == ""
    background.close()


@pytest.mark.usefixtures("run")
def test_the_steps_in_the_window(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    revealed: list[str] = []
    monkeypatch.setattr(desktop, "reveal", revealed.append)
    engine = Engine()
    driver = open_window(Port(lambda: engine, registry.check, describe_folder, free_space, device))
    driver.go_to("history")
    page = driver.history
    driver.until_reads("31 steps · Earlier versions that it keeps: 1 file", page)
    driver.until(lambda: len(page.steps.view.get_children()) == 31, "the steps")
    driver.screenshot("history-steps")
    page.table.view.focus_force()
    driver.keys("ctrl+f")
    driver.until(lambda: driver.root.focus_get() is page.search, "the keyboard in the search")
    driver._xdotool("type", "--delay", "1", "--", "img_07")
    driver.until(lambda: len(page.steps.view.get_children()) == 1, "the step")
    driver.until_reads("1 of 31 steps", page)
    driver.keys("Return", "Down", "ctrl+shift+o")
    driver.until(lambda: bool(revealed), "the file manager")
    assert revealed[0].endswith("out/IMG_07.jpg")
    driver.screenshot("history-steps-searched")
    page.search.focus_force()
    driver.keys("Escape")
    driver.until(lambda: len(page.steps.view.get_children()) == 31, "all steps again")
    driver.click(page.undo)
    driver.wait_for_dialog()
    driver.keys("Return")
    driver.until(lambda: "Undone" in driver.texts(page), "the undo")
    driver.until(
        lambda: page.steps.view.exists("s0") and page.steps.view.item("s0", "values")[-1] == "taken back",
        "the steps as they are now",
    )
