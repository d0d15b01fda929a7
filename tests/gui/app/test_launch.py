"""The window as a process of its own: how it opens, what it loads before it is seen, how it ends, how it refuses."""

from __future__ import annotations

import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync import gui
from image_sync.gui.widgets.theme_names import CLASS_NAME
from tests.virtual_display import virtual_display

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
RUN = "import sys; from image_sync.gui import run; sys.exit(run())"
PROBE = """
import sys
from image_sync.gui.app import launch, window
started = window.Window.started
def probe(self):
    names = "numpy", "cv2", "scipy", "imagehash", "pillow_heif", "image_sync.engine"
    heavy = [name for name in names if name in sys.modules]
    print("seen", bool(self.root.winfo_viewable()), "loaded", heavy, flush=True)
    started(self)
    self.root.after(200, self.close)
window.Window.started = probe
sys.exit(launch.open_window())
"""


def python(code: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.02)


def xdotool(display: str, *command: str) -> str:
    environ = {**os.environ, "DISPLAY": display}
    return subprocess.run(
        ["xdotool", *command], env=environ, capture_output=True, text=True, check=False
    ).stdout.strip()


@pytest.mark.slow
def test_it_opens_under_its_class_and_closes_when_asked() -> None:
    """On a display of its own, so that no other window of the class is there; closed as a user does, by Alt+F4."""
    missing = [name for name in ("xdotool", "Xvfb", "openbox") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    with virtual_display() as name:
        process = python(RUN, DISPLAY=name)
        try:
            found: list[str] = []

            def seen() -> bool:
                assert process.poll() is None, process.communicate()
                found[:] = xdotool(name, "search", "--onlyvisible", "--class", CLASS_NAME).split()
                return bool(found)

            wait(seen, "the window")
            assert xdotool(name, "getwindowname", found[-1]) == "Image Sync"

            def closed() -> bool:
                # The window manager gives the keyboard when it is ready to; until then a key goes nowhere.
                xdotool(name, "windowactivate", found[-1], "key", "alt+F4")
                return process.poll() is not None

            wait(closed, "the end of the process")
            said = process.communicate()
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
    assert process.returncode == 0, said
    assert said == ("", "")


@pytest.mark.usefixtures("display")
def test_nothing_heavy_is_loaded_before_the_window_is_seen_and_it_ends_well(home: Path) -> None:
    process = python(PROBE)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert out.strip() == "seen True loaded []"
    assert err == ""
    assert (home / "config" / "image-sync" / "preferences.json").is_file(), "where it stood is remembered"


@pytest.mark.usefixtures("display")
def test_ctrl_c_in_the_terminal_ends_it() -> None:
    process = python(PROBE.replace("self.root.after(200, self.close)", "print('up', flush=True)"))
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert lines[1].strip() == "up"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen here")
def test_without_a_display_it_says_so_and_refuses() -> None:
    process = python(RUN, DISPLAY="")
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "There is no screen to open a window on" in err
    assert "--help lists them" in err


def test_without_tkinter_it_names_the_package_and_refuses() -> None:
    hide = "import sys; sys.modules['tkinter'] = None\n"
    process = python(hide + RUN)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "python3-tk" in err


VIEWS = {
    "app.banner",
    "app.fault_dialog",
    "app.rail",
    "app.window",
    "compare.details",
    "compare.heads",
    "compare.stage",
    "compare.toolbar",
    "compare.view",
    "job.comparing",
    "job.folder_row",
    "job.form_page",
    "job.options",
    "job.option_widgets",
    "job.page",
    "job.preset_row",
    "job.preview",
    "job.progress_panel",
    "job.result_card",
    "job.review_menu",
    "job.search_bar",
    "organize.decision_bar",
    "organize.bulk_dialog",
    "organize.enlarged",
    "organize.page",
    "organize.strip_hands",
    "organize.strip_menu",
    "organize.strip_painter",
    "organize.strips",
    "organize.table",
    "organize.view_switch",
    "organize.alone",
    "organize.views",
    "pages.drawings",
    "pages.help_page",
    "pages.history_page",
    "pages.log_buttons",
    "pages.page",
    "pages.problems_page",
    "pages.registry",
    "pages.settings_page",
    "pages.told_apart",
    "pages.welcome_page",
    "photo_import.dialog",
    "photo_import.filters",
    "photo_import.page",
    "photo_import.timeline",
    "photo_import.tree",
    "sync.chips",
    "sync.page",
    "sync.table",
    "sync.versions",
    "widgets.browse",
    "widgets.dialogs",
    "widgets.drop",
    "widgets.flow",
    "widgets.focus",
    "widgets.menus",
    "widgets.share_bar",
    "widgets.slider",
    "widgets.table",
    "widgets.text_fit",
    "widgets.theme",
    "widgets.visible",
    "widgets.wrapped",
}
PIXELS = {"compare.regions", "compare.rendering"}
"""Work on pixels, loaded when two pictures are compared."""


def test_view_models_import_no_tkinter() -> None:
    """Every module of the window that is not one of its visible things works without a display."""
    modules = {
        module.name.removeprefix("image_sync.gui.") for module in pkgutil.walk_packages(gui.__path__, "image_sync.gui.")
    }
    assert modules >= VIEWS
    assert modules >= PIXELS
    models = sorted(modules - VIEWS - PIXELS)
    assert "organize.page_model" in models
    lines = [f"import image_sync.gui.{name}" for name in models]
    code = "import sys\n" + "\n".join(lines) + "\nprint([name for name in ('tkinter', 'numpy') if name in sys.modules])"
    process = python(code)
    out, err = process.communicate(timeout=PATIENCE)
    assert out.strip() == "[]", err
