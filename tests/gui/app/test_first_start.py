from __future__ import annotations

import gc
import importlib
import os
import shutil
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from image_sync.base.control import Control
from image_sync.base.model import Refused, Stopped
from image_sync.bootstrap import words
from tests import door_made

Say = Callable[[str], None]


def all_below(widget: Any) -> list[Any]:
    """``widget`` and everything in it."""
    return [widget, *(found for child in widget.winfo_children() for found in all_below(child))]


def texts(root: Any) -> list[str]:
    """What can be read in the window."""
    return [str(widget.cget("text")) for widget in all_below(root) if "text" in set(widget.keys())]


def press(root: Any, text: str) -> None:
    """Press the button that says ``text``."""
    (button,) = [widget for widget in all_below(root) if "Button" in type(widget).__name__]
    assert button.cget("text") == text
    button.invoke()


class Watch:
    """Looks at a window while it runs, and acts as soon as ``seen`` can be read in it."""

    def __init__(self, root: Any, seen: str, act: Callable[[], None]) -> None:
        self._root, self._seen, self._act = root, seen, act
        self._root.after(10, self._look)

    def _look(self) -> None:
        if self._seen in texts(self._root):
            self._act()
        else:
            self._root.after(10, self._look)


@pytest.fixture
def window(display: str) -> ModuleType:
    """The module of the window; it can be imported where ``display`` has found a tkinter."""
    assert display or os.name == "nt" or sys.platform == "darwin"
    return importlib.import_module("image_sync.bootstrap.window")


@pytest.fixture
def root(window: ModuleType) -> Any:
    opened = window.open_window()
    assert opened is not None
    return opened


def test_the_window_shows_the_steps_and_closes_by_itself(window: ModuleType, root: Any) -> None:
    shown: list[list[str]] = []
    control = Control()

    def work(say: Say, _: Control) -> None:
        say("one step")
        while not control.stopped:
            time.sleep(0.01)

    def look() -> None:
        shown.append(texts(root))
        control.stop()

    Watch(root, "one step", look)
    window.ProgressWindow(root, work).run()
    assert {window.HEADING, words.ONCE, "one step", "Cancel"} <= set(shown[0])
    with pytest.raises(Exception, match="application has been destroyed"):
        root.winfo_exists()


def test_a_failure_stays_to_be_read(window: ModuleType, root: Any) -> None:
    def work(_: Say, __: Control) -> None:
        raise Refused("The disk is full.")

    Watch(root, "The disk is full.", lambda: press(root, "Close"))
    with pytest.raises(Refused, match="The disk is full"):
        window.ProgressWindow(root, work).run()


def test_a_failure_that_nobody_reads_goes_away(window: ModuleType, root: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "FAILURE_SHOWN", 0)

    def work(_: Say, __: Control) -> None:
        raise Refused("The disk is full.")

    with pytest.raises(Refused, match="The disk is full"):
        window.ProgressWindow(root, work).run()


def test_a_window_that_is_gone_is_not_left_to_the_collector(window: ModuleType) -> None:
    def work(_: Say, __: Control) -> None:
        raise Refused("The disk is full.")

    opened = window.open_window()
    opened.after(10, opened.quit)
    gone = weakref.ref(opened)
    gc.disable()
    try:
        with pytest.raises(Refused):
            window.ProgressWindow(opened, work).run()
        del opened
        assert gone() is None
    finally:
        gc.enable()


def test_cancel_stops_the_work(window: ModuleType, root: Any) -> None:
    def work(say: Say, control: Control) -> None:
        say("working")
        while True:
            control.checkpoint()
            time.sleep(0.01)

    Watch(root, "working", lambda: press(root, "Cancel"))
    with pytest.raises(Stopped):
        window.ProgressWindow(root, work).run()


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="keys are pressed through X here")
def test_a_start_without_a_terminal_shows_the_window_and_escape_ends_it(
    window: ModuleType, display: str, tmp_path: Path
) -> None:
    if not shutil.which("xdotool"):
        pytest.skip("xdotool is not installed")
    door = door_made.door(tmp_path / "door")
    env = door_made.environ(door_made.wheels(tmp_path / "wheels"), DISPLAY=display, PIP_DEFAULT_TIMEOUT="60")
    del env["PIP_NO_INDEX"]
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(60)
        env["PIP_INDEX_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}/simple"
        command = [sys.executable, os.fspath(door / "main.py")]
        pipe = subprocess.PIPE
        first = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
        # pip runs now and waits for an answer that never comes.
        connection, _ = server.accept()
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{window.TITLE}$"]
        subprocess.run([*search, "windowfocus", "--sync", "key", "Escape"], env=env, check=True, timeout=60)
        output, errors = first.communicate(timeout=60)
        connection.close()
    assert (first.returncode, output, errors) == (130, "", words.STOPPED + "\n")
