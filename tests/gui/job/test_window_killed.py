"""A review whose program is killed, or whose display goes away: what was decided is there again in the next window."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from image_sync.gui.job.state import State
from image_sync.gui.preferences import Preferences, preferences_path
from tests.gui.driver import PATIENCE, Driver
from tests.gui.job.test_window_reviews import FIELDS, OpenWindow, page_of, pictures, real_port, settle
from tests.trees import snapshot
from tests.virtual_display import can_start, virtual_display

__all__ = ["pictures"]
ROOT = Path(__file__).resolve().parents[3]
WINDOW = """
import sys
from image_sync.gui.pages import registry
specs = registry.page_specs
registry.page_specs = lambda: tuple(sorted(specs(), key=lambda spec: spec.key != sys.argv[1]))
from image_sync.gui.app.launch import open_window
sys.exit(open_window())
"""
KEYS = {
    "organize": ("Home", "a"),
    "sync": ("ctrl+a", "t"),
    "import": ("Escape", "ctrl+a", "Return"),
}
pytestmark = pytest.mark.skipif(not can_start(), reason="Xvfb is not installed")


def reviews() -> list[Path]:
    folder = Path(os.environ["XDG_STATE_HOME"], "image-sync", "reviews")
    return sorted(folder.glob("*.json"))


def wait(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.05)


@pytest.fixture
def display_of_its_own() -> Iterator[str]:
    with virtual_display() as name:
        yield name


def opened(job: str, display: str, pictures: Path) -> subprocess.Popen[bytes]:
    """A window in a process of its own, with the folders of a last run filled in."""
    folders = {name: (os.fspath(pictures / folder),) for name, folder in FIELDS[job].items()}
    remembered = replace(Preferences(), greeted=True, view="table", last={job: folders})
    place = Path(preferences_path())
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(asdict(remembered)))
    command = [sys.executable, "-c", WINDOW, job]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DISPLAY": display})


def keys(display: str, *names: str) -> None:
    subprocess.run(["xdotool", "key", *names], env={**os.environ, "DISPLAY": display}, check=False, capture_output=True)


def typed(display: str, text: str) -> None:
    command = ["xdotool", "type", "--delay", "5", "--", text]
    subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=False, capture_output=True)


def log() -> str:
    folder = Path(os.environ["XDG_STATE_HOME"], "image-sync", "logs")
    return "".join(path.read_text(errors="replace") for path in folder.glob("*.log"))


def decided(job: str, display: str) -> None:
    """Scan and decide by keys alone, until a decision is on the disk; keys that came too early are pressed again."""
    wait(lambda: "Tk " in log(), "the window")
    end = time.monotonic() + PATIENCE
    while "Asked to scan" not in log():
        keys(display, "ctrl+Return")
        time.sleep(0.3)
        assert time.monotonic() < end, log()
    wait(lambda: "The job finished" in log(), "the scan to end")
    end = time.monotonic() + PATIENCE
    while not reviews():
        keys(display, *KEYS[job])
        if job == "import":
            time.sleep(1.5)
            keys(display, "ctrl+a")
            typed(display, "2019-07-24")
            keys(display, "Return")
        time.sleep(0.3)
        assert time.monotonic() < end, log()


@pytest.mark.slow
@pytest.mark.parametrize("job", FIELDS)
def test_what_was_decided_survives_a_kill(
    job: str, open_window: OpenWindow, pictures: Path, display_of_its_own: str
) -> None:
    before = snapshot(pictures)
    process = opened(job, display_of_its_own, pictures)
    try:
        decided(job, display_of_its_own)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert snapshot(pictures) == before
    restored(job, open_window, pictures)


@pytest.mark.slow
def test_what_was_decided_survives_the_display(open_window: OpenWindow, pictures: Path) -> None:
    with virtual_display() as display:
        process = opened("organize", display, pictures)
        try:
            decided("organize", display)
        except BaseException:
            process.kill()
            raise
    assert process.wait(PATIENCE) != 0, "a window without a screen ends"
    restored("organize", open_window, pictures)


def restored(job: str, open_window: OpenWindow, pictures: Path) -> None:
    """Open the next window, scan the folders that it has filled in, and find what was decided."""
    driver: Driver = open_window(real_port())
    page = page_of(driver, job)
    assert [field.path for field in page.model.form.fields if field.path] == [
        os.fspath(pictures / folder) for folder in FIELDS[job].values()
    ]
    settle(driver, page)
    driver.keys("ctrl+Return")
    driver.until(lambda: page.model.state is State.REVIEW, f"the review ({page.model.message})")
    driver.until(lambda: bool(page.model.history.now), "what was decided")
    settle(driver, page)
    driver.until_reads("taken over; Ctrl+Z forgets")
    assert page.model.can_apply or page.model.stale == ""
