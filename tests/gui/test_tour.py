"""Every screen of the window, from folders to undo: nothing is cut off, all is translated, all words stand out.

The window speaks the language that nobody speaks, whose words are longer and marked; photos and engine are real.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from image_sync.gui.widgets.theme import Root

ROOT = Path(__file__).resolve().parents[2]
LOOKS = {
    "100 % dark": ("--language", "pseudo", "--theme", "dark"),
    "200 %": ("--language", "pseudo", "--scale", "200"),
    "300 %": ("--language", "pseudo", "--scale", "300"),
    "small": ("--language", "pseudo", "--size", "1000x700"),
}
SCREENS = 20
"""Screens that a tour sees at the least."""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_can_be_read(look: str, display: str, tmp_path: Path) -> None:  # noqa: ARG001 - Tk is there
    if not (shutil.which("import") and shutil.which("Xvfb")):
        pytest.skip("ImageMagick and Xvfb are needed to look at the window")
    kept = tmp_path / "report.json"
    command = [sys.executable, "-m", "tests.gui.tour", str(tmp_path / "seen"), "--report", str(kept), *LOOKS[look]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, dict[str, list[str]]] = json.loads(kept.read_text(encoding="utf-8"))
    assert len(report) >= SCREENS
    wrong = {f"{name}: {kind}": found for name, kinds in report.items() for kind, found in kinds.items() if found}
    assert wrong == {}


# --- the measures themselves ------------------------------------------------------------------------------------------


@pytest.fixture
def window(tk_root: Root) -> Any:
    import ttkbootstrap as ttk

    made = ttk.Toplevel(master=tk_root)
    made.geometry("300x200+0+0")
    yield made
    made.destroy()


def shown(window: Any) -> Any:
    for _ in range(5):
        window.update()
    return window


def test_what_is_cut_off_is_seen(window: Any) -> None:
    import ttkbootstrap as ttk

    from tests.gui.seen import cut_off

    ttk.Label(window, text="short").place(x=0, y=0)
    ttk.Label(window, text="a label with many words in it").place(x=0, y=30, width=40)
    ttk.Label(window, text="narrow by its own wish", width=3).place(x=0, y=60)
    ttk.Button(window, text="half outside of the window").place(x=250, y=90)
    box = ttk.Combobox(window, values=["a choice that is far too long"], state="readonly", width=5)
    box.current(0)
    box.place(x=0, y=120)
    found = list(cut_off(shown(window)))
    assert len(found) == 4, found
    assert not any("short" in one for one in found)


def test_what_was_never_translated_is_seen(window: Any) -> None:
    import ttkbootstrap as ttk

    from tests.gui.pseudo import pseudo
    from tests.gui.seen import untranslated

    for words in (pseudo("Keep all"), pseudo("{name} is here").format(name=pseudo("the best")), "photo.jpg", "3.4 KiB"):
        ttk.Label(window, text=words).pack()
    ttk.Label(window, text="nobody gave this to a translator").pack()
    known = frozenset({"photo", "jpg", "KiB"})
    assert list(untranslated(shown(window), known)) == ["nobody gave this to a translator"]


def test_faint_words_are_seen(window: Any, tmp_path: Path) -> None:
    import ttkbootstrap as ttk
    from PIL import Image

    from tests.gui.seen import faint, ratio
    from tests.gui.tour import shoot

    if not shutil.which("import"):
        pytest.skip("ImageMagick is not installed")
    ttk.Label(window, text="plain WWWWWWW").pack()
    ttk.Label(window, text="faint WWWWWWW", foreground="#aaaaaa", background="#ffffff").pack()
    window.lift()
    shoot(shown(window), tmp_path / "window.png")
    with Image.open(tmp_path / "window.png") as picture:
        found = list(faint(window, picture.convert("RGB")))
    assert [one.split(" (")[0] for one in found] == ["TLabel 'faint WWWWWWW'"]
    assert round(ratio((0, 0, 0), (255, 255, 255)), 1) == 21.0
