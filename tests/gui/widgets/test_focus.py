"""The keyboard in the real window, also while it is with a widget of Tk's own."""

from __future__ import annotations

import tkinter
from pathlib import Path

import ttkbootstrap as ttk

from image_sync.gui.widgets import focus
from image_sync.gui.widgets.slider import Slider
from tests.gui.job.test_window_reviews import OpenWindow, real_port

WINDOW = Path(focus.__file__).resolve().parents[1]


def test_while_a_list_of_choices_is_open(open_window: OpenWindow) -> None:
    driver = open_window(real_port())
    box = next(child for child in _below(driver.root) if isinstance(child, ttk.Combobox) and child.winfo_viewable())
    driver.click_at(box, box.winfo_width() - 8, box.winfo_height() // 2)
    driver.until(lambda: "popdown" in str(driver.root.tk.call("focus")), "the list of choices to be open")
    assert focus.focused(driver.root) is None
    assert focus.has_keyboard(driver.root)
    for slider in (child for child in _below(driver.root) if isinstance(child, Slider)):
        slider.event_generate("<<ThemeChanged>>")
    driver.keys("Escape")
    driver.until(lambda: focus.focused(driver.root) is box, "the field to have the keyboard again")


def test_nothing_asks_tk_but_here() -> None:
    asking = {path.name for path in WINDOW.rglob("*.py") if ".focus_get(" in path.read_text(encoding="utf-8")}
    assert asking == {"focus.py"}


def _below(widget: tkinter.Misc) -> list[tkinter.Misc]:
    return [each for child in widget.winfo_children() for each in (child, *_below(child))]
