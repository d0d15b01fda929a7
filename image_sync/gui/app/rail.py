"""The rail on the left: the pages of the window, the one in front marked by a filled block and not by colour alone."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Sequence

import ttkbootstrap as ttk

from image_sync.gui.pages.page import PageSpec
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.theme import px

ICON = 16
WIDTH = 150
"""Room for a count beside the name, so that nothing moves when the first problem is met."""
REST, FRONT = "Rail.@chrome.Ghost.TButton", "Rail.primary.TButton"


class Rail(ttk.Frame):
    """One button a page; job pages stand above a line."""

    def __init__(self, master: tkinter.Misc, specs: Sequence[PageSpec], show: Callable[[str], None]) -> None:
        super().__init__(master, bootstyle="@chrome", padding=px(master, 6))
        self._spread = ttk.Frame(self, bootstyle="@chrome", width=px(self, WIDTH))
        self._spread.pack()
        style = ttk.Style.get_instance()
        for name in (REST, FRONT):
            style.configure(name, anchor="w", padding=(px(self, 10), px(self, 7)))
        self._specs = {spec.key: spec for spec in specs}
        self._words = {spec.key: spec.title for spec in specs}
        self._narrow = False
        self._tips: list[ttk.ToolTip] = []
        self.buttons: dict[str, ttk.Button] = {}
        jobs = [spec for spec in specs if spec.job]
        for spec in specs:
            if jobs and spec is specs[len(jobs)]:
                ttk.Separator(self).pack(fill="x", pady=px(self, 8))
            self.buttons[spec.key] = self._button(spec, show)

    def mark(self, front: str) -> None:
        """Fill the button of the page in front."""
        for key, button in self.buttons.items():
            button.configure(style=FRONT if key == front else REST)

    def count(self, key: str, number: int) -> None:
        """Add a number to a page's name: ``Problems (2)``."""
        title = self._specs[key].title
        self._words[key] = f"{title} ({formatting.count(number)})" if number else title
        self._draw(key)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone, with the names as tips, where the window is narrow."""
        if narrow is not self._narrow:
            self._narrow = narrow
            self._spread.configure(width=1 if narrow else px(self, WIDTH))
            if narrow and not self._tips:
                self._tips = [ttk.ToolTip(button, text=self._specs[key].title) for key, button in self.buttons.items()]
            for key in self.buttons:
                self._draw(key)

    def _draw(self, key: str) -> None:
        self.buttons[key].configure(text=self._words[key], compound="image" if self._narrow else "left")

    def _button(self, spec: PageSpec, show: Callable[[str], None]) -> ttk.Button:
        button = ttk.Button(
            self,
            text=f" {spec.title}",
            style=REST,
            icon=spec.icon,
            icon_size=ICON,
            command=lambda: show(spec.key),
        )
        button.configure(text=spec.title)
        button.pack(fill="x", pady=px(self, 2))
        button.bind("<Up>", lambda _event: self._step(spec.key, -1))
        button.bind("<Down>", lambda _event: self._step(spec.key, 1))
        return button

    def _step(self, key: str, step: int) -> str:
        keys = list(self.buttons)
        self.buttons[keys[(keys.index(key) + step) % len(keys)]].focus_set()
        return "break"
