"""The filters above the tree of *import*: one a mark, pressed in while it picks out.

Draws the filters of ``ImportRows``; ``toggled`` is told which one was pressed.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.photo_import.rows import ImportRows, Mark
from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px


class ImportFilters(Flow):
    """A line of toggles that wraps."""

    def __init__(self, master: tkinter.Misc, toggled: Callable[[Mark], None]) -> None:
        super().__init__(master)
        self._toggled = toggled
        self._label = ttk.Label(self, text=_("Only"), font="BoldFont", padding=(0, px(self, 3)))
        self._on = {mark: tkinter.BooleanVar(self, False) for mark in Mark}
        self.buttons = {mark: self._button(mark) for mark in Mark}

    def draw(self, rows: ImportRows | None) -> None:
        """Offer the marks that files have."""
        offered = rows.offered if rows is not None else []
        for mark, words in offered:
            on = rows is not None and mark in rows.filters
            self._on[mark].set(on)
            # A tick stands beside the colour: nobody has to tell two greys apart.
            self.buttons[mark].configure(text=f"✓ {words}" if on else words)
        self.show([self._label, *(self.buttons[mark] for mark, _words in offered)] if offered else [])

    def _button(self, mark: Mark) -> ttk.Checkbutton:
        return ttk.Checkbutton(
            self,
            variable=self._on[mark],
            bootstyle="primary outline toolbutton",
            command=lambda: self._toggled(mark),
            padding=(px(self, 8), px(self, 3)),
        )
