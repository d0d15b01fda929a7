"""Presets and saved reviews in the real window, by mouse and keys, for each job from folders to undo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from image_sync.base import preset_file
from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.page import JobPage
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.job.state import State
from image_sync.gui.widgets import desktop
from image_sync.jobs import registry
from tests.gui.driver import Driver
from tests.pictures_made import edited, save, scene
from tests.trees import snapshot

OpenWindow = Callable[..., Driver]
OLD, NEW = 1_600_000_000, 1_700_000_000


def real_port() -> Port:
    engine = Engine()
    return Port(lambda: engine, registry.check, describe_folder, free_space, device)


@dataclass
class Dialogs:
    """The desktop's file dialogs, played: each answers with the path that was put there."""

    saved: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def new_file(self, title: str, start: str) -> str | None:
        self.asked.append(f"{title}: {os.path.basename(start)}")
        return self.saved.pop(0) if self.saved else None

    def files(self, title: str, start: str, suffixes: object, several: bool = True) -> tuple[str, ...]:  # noqa: ARG002
        self.asked.append(title)
        return (self.opened.pop(0),) if self.opened else ()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialogs]:
    dialogs = Dialogs()
    monkeypatch.setattr(desktop, "choose_new_file", dialogs.new_file)
    monkeypatch.setattr(desktop, "choose_files", dialogs.files)
    yield dialogs


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two folders with something for each job: copies, versions, conflicts, pictures without a date."""
    left, right = tmp_path / "left", tmp_path / "right"
    for number in (1, 2, 3):
        save(scene(number), left / f"scene {number}.jpg", mtime=OLD, quality=95)
        save(edited(scene(number)), right / f"small {number}.jpg", mtime=OLD, quality=80)
    for number in (4, 5):
        save(scene(number), left / f"conflict {number}.jpg", mtime=OLD)
        save(edited(scene(number)), right / f"conflict {number}.jpg", mtime=OLD)
    return tmp_path


FIELDS = {
    "organize": {"folder1": "left", "folder2": "right", "output": "out"},
    "sync": {"source": "left", "target": "right"},
    "import": {"folder1": "left", "output": "out"},
}


def page_of(driver: Driver, job: str) -> JobPage:
    if driver.window.front != job:
        driver.go_to(job)
    page = driver.window.pages[job]
    assert isinstance(page, JobPage)
    return page


def settle(driver: Driver, page: JobPage) -> None:
    driver.until(lambda: not page.model.typing, "what was typed to be looked at")
    driver.settle()


def fill_in(driver: Driver, page: JobPage, job: str, pictures: Path) -> None:
    for name, folder in FIELDS[job].items():
        driver.type_into(page.folders[name].entry, os.fspath(pictures / folder))
    settle(driver, page)


def wait_for(driver: Driver, page: JobPage, state: State) -> None:
    driver.until(
        lambda: page.model.state is state, f"{state.value} (it is {page.model.state.value}: {page.model.message})"
    )
    settle(driver, page)


def decide(driver: Driver, page: JobPage, job: str) -> object:
    """Decide something by keys, each job in its way; what is decided then."""
    before = page.model.history.now
    page._review_view().focus_force()
    if job == "organize":
        driver.keys("Home", "a")
    elif job == "sync":
        driver.keys("ctrl+a", "t")
    else:
        driver.keys("ctrl+a", "Return")
        driver.until(lambda: driver.root.focus_get() is getattr(driver.dialog, "date", None), "the field for the date")
        driver.keys("ctrl+a")
        driver._xdotool("type", "--delay", "1", "--", "2019-07-24")
        driver.keys("Return")
    driver.until(lambda: page.model.history.now != before, "the decision")
    settle(driver, page)
    return page.model.history.now


@pytest.mark.parametrize("job", FIELDS)
def test_a_review_is_saved_by_a_key_and_opened_in_another_window(
    job: str, open_window: OpenWindow, pictures: Path, asked: Dialogs
) -> None:
    """The whole way: decide, save, lose the window and what it kept, open, apply, undo."""
    before = snapshot(pictures)
    place = os.fspath(pictures.parent / f"{job}.review.json")
    driver = open_window(real_port())
    page = page_of(driver, job)
    fill_in(driver, page, job, pictures)
    driver.keys("ctrl+Return")
    wait_for(driver, page, State.REVIEW)
    decided = decide(driver, page, job)
    asked.saved.append(place)
    driver.keys("ctrl+s")
    driver.until(lambda: "saved as" in page.model.message, "the words that it is saved")
    driver.screenshot(f"review-saved-{job}")
    assert asked.asked[0].startswith(f"Save the review: {job} 20")
    told = pictures.parent / f"{job}.html"
    asked.saved.append(os.fspath(told))
    page.review_menu.report()
    driver.until(lambda: "report is saved" in page.model.message, f"the report ({page.model.message})")
    assert "scene 1.jpg" in told.read_text(encoding="utf-8")
    driver.finish()
    for name in os.listdir(reviews := os.path.join(os.environ["XDG_STATE_HOME"], "image-sync", "reviews")):
        os.remove(os.path.join(reviews, name))

    driver = open_window(real_port())
    page = page_of(driver, job)
    assert [field.path for field in page.model.form.fields if field.path], "the last folders are filled in"
    page.model.start_over()
    for row in page.folders.values():
        driver.type_into(row.entry, "/nowhere")
    settle(driver, page)
    asked.opened.append(place)
    driver.keys("ctrl+l")
    driver.until(lambda: "Opened" in page.model.message, f"the review to be opened ({page.model.message})")
    settle(driver, page)
    assert page.model.history.now == decided
    driver.until_reads("taken over; Ctrl+Z forgets")
    driver.screenshot(f"review-opened-{job}")
    assert snapshot(pictures) == before, "opening changes nothing"

    driver.until(lambda: page.model.can_apply, "the plan")
    driver.keys("ctrl+Return")
    driver.wait_for_dialog()
    driver.keys("Return")
    wait_for(driver, page, State.DONE)
    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until_reads("Undone", page.result)
    wait_for(driver, page, State.DONE)
    assert {path: told for path, told in snapshot(pictures).items() if not path.startswith("out")} == {
        path: told for path, told in before.items() if not path.startswith("out")
    }


def test_a_broken_review_and_one_of_another_job_are_said(
    open_window: OpenWindow, pictures: Path, asked: Dialogs
) -> None:
    driver = open_window(real_port())
    page = page_of(driver, "organize")
    broken = pictures / "broken.review.json"
    broken.write_text("{")
    asked.opened += [os.fspath(broken), os.fspath(pictures / "missing.json")]
    driver.click(page.review_menu)
    driver.until(lambda: page.review_menu.menu is not None, "the menu")
    assert page.review_menu.menu is not None
    assert page.review_menu.menu.entrycget(0, "state") == "disabled", "there is nothing to save"
    assert page.review_menu.menu.entrycget(1, "state") == "disabled", "there is nothing to tell"
    driver.keys("Down", "Return")
    driver.until_reads("broken.review.json is no review that can be opened")
    driver.screenshot("review-broken")
    driver.keys("ctrl+o")
    driver.until_reads("missing.json can't be opened: it is no longer there.")


def test_a_preset_by_mouse_and_keys(open_window: OpenWindow, pictures: Path) -> None:
    driver = open_window(real_port())
    page = page_of(driver, "sync")
    driver.until_reads("Choose the folder first: Source")
    driver.screenshot("presets-1-empty")
    fill_in(driver, page, "sync", pictures)
    assert "Choose the folder first" not in driver.texts(page)
    driver.click(page.options.widgets["images_only"])  # type: ignore[attr-defined]
    driver.click(page.presets.save)
    driver.until(lambda: driver.dialog is not None, "the question for a name")
    driver.screenshot("presets-2-name")
    driver._xdotool("type", "--delay", "1", "--", "Phone to backup")
    driver.keys("Return")
    driver.until(lambda: page.presets.box.get() == "Phone to backup", "the preset in the list")
    assert preset_file.load().presets[0].values["images_only"] is True
    driver.click(page.options.widgets["images_only"])  # type: ignore[attr-defined]
    driver.until(lambda: page.presets.box.get() == "Phone to backup (changed)", "the word that it was changed")
    driver.screenshot("presets-3-changed")

    page.model.form.take({})
    driver.choose(page.presets.box, 0)
    settle(driver, page)
    assert page.model.form.request().images_only is True
    assert page.folders["source"].entry.get() == os.fspath(pictures / "left")
    assert page.options.widgets["images_only"].instate(["selected"]), "the form shows it"  # type: ignore[attr-defined]
    assert page.model.can_scan
    driver.click(page.presets.more)
    driver.until(lambda: page.presets.menu is not None, "the menu")
    driver.screenshot("presets-4-menu")
    driver.keys("Down", "Down", "Return")
    dialog = driver.wait_for_dialog()
    assert "Delete the preset “Phone to backup”?" in driver.texts(dialog)
    driver.click(dialog.buttons["yes"])
    driver.until(lambda: preset_file.load().presets == (), "the preset to be deleted")
    driver.until(lambda: page.presets.box.get() == "", "the list to be empty")
    assert page.folders["source"].entry.get() == os.fspath(pictures / "left")


def shown_rows(page: JobPage, job: str) -> int:
    """Files or groups that the search leaves in sight."""
    model = page.model
    if job == "organize":
        return len(model.groups)  # type: ignore[attr-defined]
    return len(model.rows.visible()) if job == "sync" else model.rows.shown  # type: ignore[attr-defined]


def search(driver: Driver, page: JobPage, job: str) -> None:
    """Search for something that only a part is, look at it closely where there are two of it, and show all again."""
    everything = shown_rows(page, job)
    driver.keys("ctrl+f")
    driver.until(lambda: driver.root.focus_get() is page.search.entry, "the keyboard in the search")
    driver._xdotool("type", "--delay", "1", "--", "conflict")
    driver.until(lambda: 0 < shown_rows(page, job) < everything, "what is looked for")
    driver.keys("Return", "Home")
    if job != "import":
        driver.keys("c")
        driver.until(lambda: page.comparing.view is not None, "the comparison")
        driver.screenshot(f"whole-way-compare-{job}")
        driver.keys("Escape")
        driver.until(lambda: page.comparing.view is None, "the list again")
    driver.keys("ctrl+f")
    driver.until(lambda: driver.root.focus_get() is page.search.entry, "the keyboard in the search")
    driver.keys("Escape")
    driver.until(lambda: shown_rows(page, job) == everything, "everything again")


def decide_by_rules(driver: Driver, page: JobPage) -> None:
    before = page.model.history.now
    page._review_view().focus_force()
    driver.keys("r")
    driver.until(lambda: driver.dialog is not None, "the rules")
    dialog = page.rules_dialog  # type: ignore[attr-defined]
    driver.until(lambda: driver.root.focus_get() is dialog.list, "the keyboard on the list")
    driver.click(dialog.buttons["yes"])
    driver.until(lambda: page.model.history.now != before, "what the rules decide")
    settle(driver, page)


@pytest.mark.parametrize("job", FIELDS)
def test_the_whole_way_by_keys(job: str, open_window: OpenWindow, pictures: Path) -> None:
    """From the folders to the undo: search, compare, decide one and many, take one back, apply, undo."""
    before = snapshot(pictures)
    driver = open_window(real_port())
    page = page_of(driver, job)
    fill_in(driver, page, job, pictures)
    driver.keys("ctrl+Return")
    wait_for(driver, page, State.REVIEW)
    page._review_view().focus_force()
    search(driver, page, job)
    decided = decide(driver, page, job)
    if job == "organize":
        decide_by_rules(driver, page)
    many = page.model.history.now
    page._review_view().focus_force()
    driver.keys("ctrl+z")
    driver.until(lambda: page.model.history.now != many, "the step back")
    driver.keys("ctrl+shift+z")
    driver.until(lambda: page.model.history.now == many, "the step again")
    assert decided
    settle(driver, page)
    assert snapshot(pictures) == before
    driver.until(lambda: page.model.can_apply, "the plan")
    driver.keys("ctrl+Return")
    driver.wait_for_dialog()
    driver.keys("Return")
    wait_for(driver, page, State.DONE)
    assert snapshot(pictures) != before
    driver.go_to("history")
    driver.until(lambda: driver.history.steps.filled and bool(driver.history.model.steps.visible), "the steps")
    driver.screenshot(f"whole-way-history-{job}")
    driver.go_to(job)
    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until_reads("Undone", page.result)
    wait_for(driver, page, State.DONE)
    assert {path: told for path, told in snapshot(pictures).items() if not path.startswith("out")} == before
