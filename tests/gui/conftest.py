"""What the tests of the real window have: a display, or a reason why not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gui.holding import Gated
from tests.virtual_display import can_start, has_display, virtual_display

if TYPE_CHECKING:
    from image_sync.gui.job.port import Port
    from image_sync.gui.widgets.theme import Root
    from tests.gui.driver import Driver


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The display to open windows on: the user's, else a virtual one; ``DISPLAY`` is set to it.

    Where tests run side by side, each process has a virtual one of its own: keys go to one window of a display only.
    Without either the test is skipped, but where the tests decide about a change (``CI=true``) it fails.
    """
    _need(_has_tkinter(), "this Python has no tkinter")
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    if has_display() and (alone or not can_start()):
        yield os.environ.get("DISPLAY", "")
        return
    _need(can_start(), "there is no display and Xvfb is not installed")
    with virtual_display() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", name)
        yield name


def _need(given: bool, reason: str) -> None:
    if given:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _has_tkinter() -> bool:
    try:
        import tkinter  # noqa: F401
    except ImportError:
        return False
    return True


@pytest.fixture(scope="session")
def tk_root(display: str) -> Iterator[Root]:  # noqa: ARG001 - it sets DISPLAY
    """The one root window of the session: Tk and the style engine want no second one in a process."""
    from image_sync.gui.preferences import Preferences
    from image_sync.gui.widgets import theme

    root = theme.make_root(Preferences(theme="light"), dark=False, desktop_scale=1.0)
    yield root
    root.destroy()


@pytest.fixture
def open_window(tk_root: Root, home: Path) -> Iterator[Callable[..., Driver]]:  # noqa: ARG001 - before the preferences
    """Opens a window on an engine's port and takes it down afterwards; a failed callback fails the test."""
    _need(shutil.which("xdotool") is not None, "xdotool is not installed")
    from image_sync.gui.widgets import theme
    from tests.gui.driver import Driver

    drivers: list[Driver] = []

    def make(port: Port, **options: object) -> Driver:
        drivers.append(Driver(tk_root, port, **options))  # type: ignore[arg-type]
        return drivers[-1]

    yield make
    try:
        for driver in reversed(drivers):
            driver.finish()
    finally:
        theme.set_theme(tk_root, "light", dark=False)


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Gated]]:
    monkeypatch.setattr("image_sync.engine.Control", Gated)
    Gated.held.clear()
    yield Gated
    Gated.most = None
