"""Faults of the program in the window: a dialog with the details, the log on the help page, and exit code 3."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from image_sync.base import faults, log
from image_sync.base.events import Ending, Finished
from image_sync.base.model import Plan
from image_sync.gui.app.fault_dialog import FaultDialog
from image_sync.gui.job.state import State
from image_sync.gui.pages.help_page import HelpPage
from image_sync.gui.widgets import desktop
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from tests.gui.driver import Driver
from tests.gui.scripted import ScriptedEngine, port_to
from tests.logs import logged, logs

ROOT = Path(__file__).resolve().parents[3]
Open = Callable[..., Driver]
SENTENCE = "This is a fault of the program (KeyError: 'planted'); the details are in "


def planted(*_given: object) -> dict[str, str]:
    raise KeyError("planted")


@pytest.fixture(autouse=True)
def kept(home: Path) -> Iterator[log.Log]:  # noqa: ARG001 - the log lies in it
    with log.started("Window") as made, faults.caught_everywhere():
        yield made


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine(lambda _request: OrganizeReview((), (), Plan("organize", {}, ())))


@pytest.fixture
def driver(open_window: Open, engine: ScriptedEngine) -> Driver:
    made = open_window(port_to(engine))
    made.root.report_callback_exception = made.window.report
    return made


def fault_shown(driver: Driver) -> FaultDialog:
    dialog = driver.wait_for_dialog()
    assert isinstance(dialog, FaultDialog)
    driver.until_reads(f"{SENTENCE}{logs()[-1]}.", dialog)
    assert "in planted" in logged()
    return dialog


def fill_in(driver: Driver) -> None:
    for name, path in (("folder1", "/one"), ("folder2", "/two"), ("output", "/out")):
        driver.organize.model.pick_folder(name, path)


def test_in_a_callback_its_details_can_be_copied(driver: Driver) -> None:
    driver.root.after(1, planted)
    dialog = fault_shown(driver)
    driver.screenshot("fault")
    driver.click(dialog.log.copy)
    driver.until_reads("Copied", dialog)
    copied = driver.root.clipboard_get()
    assert "in planted" in copied and "Image Sync " in copied and os.fspath(logs()[-1]) in copied
    driver.keys("Escape")
    driver.until(lambda: driver.dialog is None, "the dialog to close")
    assert driver.organize.winfo_viewable(), "the window goes on"


def test_the_same_again_is_a_line_at_the_foot(driver: Driver) -> None:
    driver.root.after(1, planted)
    fault_shown(driver)
    driver.keys("Escape")
    driver.until(lambda: driver.dialog is None, "the dialog to close")
    driver.root.after(1, planted)
    driver.until_reads(SENTENCE, driver.window.frame)
    assert driver.dialog is None


def test_in_a_thread(driver: Driver) -> None:
    threading.Thread(target=planted).start()
    fault_shown(driver)


def test_in_a_question_in_the_background(open_window: Open, engine: ScriptedEngine) -> None:
    driver = open_window(port_to(engine, check=planted))
    fill_in(driver)
    fault_shown(driver)
    assert not driver.organize.model.can_scan
    driver.until_reads(SENTENCE, driver.organize)


def test_in_the_engine(driver: Driver, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_in(driver)
    driver.settle()
    engine.gate.clear()
    driver.organize.model.scan()
    driver.until(lambda: driver.organize.model.state is State.SCANNING, "the scan")
    words = f"{SENTENCE}/the/log."
    engine.events.put(Finished(Ending.CRASHED, failure=words, details="what a developer needs"))
    monkeypatch.setattr(engine, "join", lambda _timeout=None: True)
    dialog = driver.wait_for_dialog()
    assert isinstance(dialog, FaultDialog)
    driver.until_reads(words, dialog)
    driver.click(dialog.log.copy)
    driver.until(lambda: driver.root.clipboard_get() == "what a developer needs", "the details")
    assert driver.organize.model.state is State.EMPTY and driver.organize.model.message == words
    engine.stop()


@pytest.mark.parametrize("ending", [Ending.REFUSED, Ending.STOPPED])
def test_what_is_no_fault_is_no_dialog(driver: Driver, engine: ScriptedEngine, ending: Ending) -> None:
    fill_in(driver)
    driver.settle()
    driver.organize.model._begin(State.SCANNING)
    driver.window.desk.engine_link._listener = driver.organize.model
    driver.window.desk.engine_link._engine = engine
    engine.pretends = True
    engine.events.put(Finished(ending, failure="The disk is gone." if ending is Ending.REFUSED else ""))
    driver.until(lambda: driver.organize.model.state is State.EMPTY, "the end")
    engine.pretends = False
    assert driver.dialog is None
    assert driver.organize.model.message == (
        "The disk is gone." if ending is Ending.REFUSED else driver.organize.model._stopped_words()
    )


# --- the log ----------------------------------------------------------------------------------------------------------


def test_help_shows_the_log_and_copies_the_details(
    driver: Driver, kept: log.Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(desktop, "open_file", opened.append)
    driver.keys("F1")
    page = driver.window.pages["help"]
    assert isinstance(page, HelpPage)
    driver.until_reads(kept.path, page)
    driver.screenshot("help")
    page.log.show.invoke()
    driver.until(lambda: opened == [kept.path], "the log to be opened")
    page.log.copy.invoke()
    copied = driver.root.clipboard_get()
    assert "numpy" in copied and kept.path in copied and "Window: Image Sync" in copied


def test_a_log_that_can_not_be_opened_is_said(driver: Driver) -> None:
    driver.keys("F1")
    driver.until(lambda: driver.window.front == "help", "the help")
    page = driver.window.pages["help"]
    assert isinstance(page, HelpPage)
    for path in logs():
        path.unlink()
    page.log.show.invoke()
    driver.until_reads("can't be opened: the file is no longer there", driver.window.frame)


def test_what_was_asked_is_in_the_log(driver: Driver, engine: ScriptedEngine) -> None:
    fill_in(driver)
    driver.settle()
    driver.keys("ctrl+Return")
    driver.until(lambda: bool(engine.calls), "the scan")
    driver.until(lambda: not driver.window.desk.engine_link.busy, "its end")
    request = engine.calls[0][1]
    assert isinstance(request, OrganizeRequest)
    assert f"Asked to scan: {request!r}" in logged()


# --- as a process -----------------------------------------------------------------------------------------------------

PLANT = {
    "a callback": "self.root.after(1, lambda: {}['planted']); self.root.after(300, self.close_unasked)",
    "a thread": (
        "import threading; threading.Thread(target=lambda: {}['planted']).start();"
        "self.root.after(300, self.close_unasked)"
    ),
    "before it is seen": "",
}


def window(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys\nfrom image_sync.gui.app import launch, window\n{code}\n"
         "from image_sync.gui import run\nsys.exit(run())"],
        cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.usefixtures("display")
@pytest.mark.parametrize("where", PLANT)
def test_the_process_ends_with_code_3(where: str) -> None:
    if PLANT[where]:
        code = f"def started(self):\n    {PLANT[where]}\nwindow.Window.started = started"
    else:
        code = "def build(self, specs): {}['planted']\nwindow.Window._build = build"
    ran = window(code)
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr and "KeyError: 'planted'" in logged()
    # The process of the tests has logs of its own in this folder.
    told = [[]] if PLANT[where] else [[f"image-sync: {SENTENCE}{log}."] for log in logs()]
    assert ran.stderr.splitlines() in told


@pytest.mark.usefixtures("display")
def test_a_window_without_a_log_opens_and_says_so(home: Path) -> None:
    place = home / "elsewhere"
    place.write_text("a file stands here")
    code = (
        "said = []\nsay = window.Window.say\n"
        "def heard(self, words):\n    print(words)\n    say(self, words)\n    self.root.after(1, self.close_unasked)\n"
        "window.Window.say = heard"
    )
    ran = window(code, IMAGE_SYNC_STATE=os.fspath(place))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("The log can't be written in ")
