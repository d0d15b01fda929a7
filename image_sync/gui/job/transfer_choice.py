"""How files get to the output, one button a way; a page says which ways it offers and what they are called."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Iterable

import ttkbootstrap as ttk

from image_sync.gui.widgets.theme import px
from image_sync.jobs.transfer import Transfer


class TransferChoice(ttk.Frame):
    """Buttons of which one is pressed; ``chosen`` is called with the way that the user takes."""

    def __init__(
        self,
        master: tkinter.Misc,
        ways: Iterable[Transfer],
        words: Callable[[Transfer], str],
        meaning: Callable[[Transfer], str],
        first: Transfer,
        chosen: Callable[[Transfer], None],
    ) -> None:
        super().__init__(master)
        self._way = tkinter.StringVar(self, first.value)
        self.buttons = {way: self._button(way, words(way), meaning(way), chosen) for way in ways}

    def _button(self, way: Transfer, words: str, meaning: str, chosen: Callable[[Transfer], None]) -> ttk.Radiobutton:
        button = ttk.Radiobutton(
            self, text=words, value=way.value, variable=self._way, command=lambda: chosen(Transfer(self._way.get()))
        )
        button.pack(side="left", padx=(0, px(self, 8)))
        ttk.ToolTip(button, text=meaning)
        return button
