"""A label whose lines follow its width: it wraps where its place ends, however the window is resized."""

from __future__ import annotations

import tkinter
from typing import Any

import ttkbootstrap as ttk


class WrappedLabel(ttk.Label):
    """Give it its width from outside (``sticky="ew"``); its height follows the text."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(master, justify="left", **options)
        self._wrapped = 0
        self.bind("<Configure>", self._resized, add="+")

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.width != self._wrapped:
            self._wrapped = event.width
            self.configure(wraplength=max(event.width - 4, 80))
