"""The chips above the table of *sync*: one a kind of row, pressed in while its rows are shown.

Draws the chips of ``SyncRows``; ``toggled`` is told which one was pressed.  They flow into as many lines as they need.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.sync.rows import Chip, SyncRows
from image_sync.gui.widgets.theme import px


class SyncChips(ttk.Frame):
    """A line of toggles that wraps."""

    def __init__(self, master: tkinter.Misc, toggled: Callable[[Chip], None]) -> None:
        super().__init__(master)
        self._toggled = toggled
        self._on = {chip: tkinter.BooleanVar(self, False) for chip in Chip}
        self.buttons = {chip: self._button(chip) for chip in Chip}
        self._offered: list[Chip] = []
        self._width = 0
        self.bind("<Configure>", self._resized)

    def draw(self, rows: SyncRows | None) -> None:
        """Offer the kinds that there are rows of."""
        chips = rows.chips if rows is not None else []
        for chip, words in chips:
            on = rows is not None and chip in rows.shown_chips
            self._on[chip].set(on)
            # A tick stands beside the colour: nobody has to tell two greys apart.
            self.buttons[chip].configure(text=f"✓ {words}" if on else words)
        self._offered = [chip for chip, _words in chips]
        self._flow()

    def _button(self, chip: Chip) -> ttk.Checkbutton:
        return ttk.Checkbutton(
            self,
            variable=self._on[chip],
            bootstyle="primary toolbutton",
            command=lambda: self._toggled(chip),
            padding=(px(self, 8), px(self, 3)),
        )

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self and event.width != self._width:
            self._width = event.width
            self._flow()

    def _flow(self) -> None:
        gap = px(self, 6)
        left = top = line = 0
        for chip, button in self.buttons.items():
            if chip not in self._offered:
                button.place_forget()
                continue
            wide, high = button.winfo_reqwidth(), button.winfo_reqheight()
            if left and left + wide > max(self._width, 1):
                left, top = 0, top + line + gap
            button.place(x=left, y=top)
            left, line = left + wide + gap, high
        self.configure(height=top + line)
