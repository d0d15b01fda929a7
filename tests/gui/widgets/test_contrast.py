"""Contrast of the words on every widget in every state, light and dark, as they are drawn."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from image_sync.gui.widgets.theme import Root

GUI = Path(__file__).resolve().parents[3] / "image_sync" / "gui"
WITH_WORDS = ("Button", "Checkbutton", "Radiobutton", "Label", "Entry", "Combobox", "Spinbox")
STATES = {
    "Button": ("", "active", "pressed", "focus", "disabled"),
    "Checkbutton": ("", "active", "focus", "disabled", "selected", "selected disabled"),
    "Radiobutton": ("", "active", "focus", "disabled", "selected", "selected disabled"),
    "Label": ("",),
    "Entry": ("", "focus", "readonly", "disabled"),
    "Combobox": ("", "focus", "readonly", "readonly focus", "disabled", "readonly disabled"),
    "Spinbox": ("", "focus", "readonly", "disabled"),
}
WORDS = "WWWWWWWW"
"""Broad letters, so that something of their colour is left however edges are smoothed."""


def used() -> Iterator[tuple[str, str]]:
    """The kinds of widgets that the window makes, each with the look that it is given."""
    for path in sorted(GUI.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in WITH_WORDS:
                given = {one.arg: one.value for one in call.keywords}
                look = given.get("bootstyle")
                yield call.func.attr, str(look.value) if isinstance(look, ast.Constant) else ""


LOOKS = sorted({*used(), ("Button", "primary"), ("Button", "danger"), ("Label", "danger")})


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, tk_root: Root) -> Iterator[Root]:
    from image_sync.gui.widgets import theme

    if shutil.which("import") is None:
        pytest.skip("ImageMagick is not installed")
    theme.set_theme(tk_root, request.param, dark=False)
    yield tk_root
    theme.set_theme(tk_root, "light", dark=False)


def test_words_stand_out_in_every_state(themed: Root, tmp_path: Path) -> None:
    import ttkbootstrap as ttk

    from tests.gui.seen import LEAST_CONTRAST, contrast_of

    window = ttk.Toplevel(master=themed)
    window.geometry("+0+0")
    try:
        shown = dict(_gallery(window))
        for _ in range(5):
            window.update()
        window.lift()
        window.update()
        picture = _shot(window, tmp_path / "gallery.png")
        faint = {
            name: round(found, 1)
            for name, widget in shown.items()
            if (found := contrast_of(picture.crop(_words_of(widget, window)))) < LEAST_CONTRAST
        }
    finally:
        window.destroy()
    assert faint == {}


def _gallery(window: Any) -> Iterator[tuple[str, Any]]:
    import ttkbootstrap as ttk

    for row, (kind, look) in enumerate(LOOKS):
        for column, state in enumerate(STATES[kind]):
            typed = kind in ("Entry", "Combobox", "Spinbox")
            options = {"bootstyle": look} if look else {}
            widget = getattr(ttk, kind)(window, **options, **({"width": 10} if typed else {"text": WORDS}))
            if typed:
                widget.insert(0, WORDS)
            widget.state(["!alternate", *state.split()])
            widget.grid(row=row, column=column, padx=4, pady=2)
            yield f"{kind} {look} {state}".strip(), widget


def _words_of(widget: Any, window: Any) -> tuple[int, int, int, int]:
    """The part of a widget with its words and nothing else: no box before them, no arrow behind, no border."""
    left, top = widget.winfo_rootx() - window.winfo_rootx(), widget.winfo_rooty() - window.winfo_rooty()
    wide, high = widget.winfo_width(), widget.winfo_height()
    return left + wide * 3 // 8, top + 5, left + wide * 5 // 8, top + high - 5


def _shot(window: Any, path: Path) -> Image.Image:
    subprocess.run(["import", "-window", str(window.winfo_id()), str(path)], check=True, capture_output=True)
    with Image.open(path) as opened:
        return opened.convert("RGB")
