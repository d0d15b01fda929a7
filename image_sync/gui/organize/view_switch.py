"""The choice between tiles and the table of groups, and the size of the tiles."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.organize.strip_layout import LARGEST, SMALLEST, STEP
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.slider import Slider
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show

TILES, TABLE, ALONE = "tiles", "table", "alone"


class ViewSwitch(ttk.Frame):
    """Buttons of which one is pressed in, and a slider that is there for tiles alone."""

    def __init__(self, master: tkinter.Misc, switched: Callable[[str], None], resized: Callable[[int], None]) -> None:
        super().__init__(master)
        gap = px(self, 6)
        self.slider = Slider(self, (SMALLEST, LARGEST), STEP, resized, width=96)
        self.slider.grid(row=0, column=0, padx=(0, gap * 2))
        ttk.ToolTip(self.slider, text=_("Size of the tiles (Ctrl and the wheel)."))
        self._view = tkinter.StringVar(self, TILES)
        self.buttons: dict[str, ttk.Radiobutton] = {}
        views = (
            (TILES, _("Tiles"), "grid", _("All groups as tiles.")),
            (TABLE, _("Table"), "table", _("As columns.")),
            (ALONE, "", "image", _("The pictures without a match.")),
        )
        for column, (view, words, icon, meaning) in enumerate(views, 1):
            button = ttk.Radiobutton(
                self, text=words, icon=icon, value=view, variable=self._view, bootstyle="toolbutton",
                command=lambda view=view: switched(view),
            )  # fmt: skip
            button.grid(row=0, column=column)
            ttk.ToolTip(button, text=meaning)
            self.buttons[view] = button

    def draw(self, view: str, size: int, narrow: bool, alone: int) -> None:
        """Show which view it is, how large its tiles are, and how many pictures are without a match."""
        self._view.set(view)
        self.slider.show(size)
        show(self.slider, view == TILES)
        for button in self.buttons.values():
            button.configure(compound="image" if narrow else "left")
        words = ngettext("{count} without a match", "{count} without a match", alone)
        self.buttons[ALONE].configure(text=words.format(count=formatting.count(alone)), compound="left")
        show(self.buttons[ALONE], alone > 0)
