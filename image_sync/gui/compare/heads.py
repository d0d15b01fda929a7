"""Heads above the pictures of a comparison: name, folder, size, and what becomes of each."""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.gui.compare.subject import Shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.text_fit import TextFit
from image_sync.gui.widgets.theme import px


class Heads(ttk.Frame):
    """Two columns of three lines; the one that a decision is about is marked by a sign and not by colour alone."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        self._fit = TextFit(self)
        self._shown: tuple[Shown, ...] = ()
        self._active = 1
        self._pointed: int | None = None
        self._lines: list[tuple[ttk.Label, ttk.Label, ttk.Label]] = []
        for column in range(2):
            self.columnconfigure(column, weight=1, uniform="heads")
            lines = (
                ttk.Label(self, font="BoldFont", width=1),
                ttk.Label(self, width=1),
                ttk.Label(self, font="SmallFont", bootstyle="secondary", width=1),
            )
            for row, label in enumerate(lines):
                label.grid(row=row, column=column, sticky="ew", padx=(0 if column == 0 else px(self, 6), 0))
            self._lines.append(lines)
        self.bind("<Configure>", lambda _event: self._draw())

    def show(self, pictures: tuple[Shown, Shown], active: int) -> None:
        """Show the words of both; ``active`` is the one that a decision is about."""
        self._shown, self._active = pictures, active
        self._draw()

    def point(self, side: int | None) -> None:
        """Point at the one that is seen alone just now."""
        if side != self._pointed:
            self._pointed = side
            self._draw()

    def texts(self, side: int) -> tuple[str, str, str]:
        """The words of one side."""
        first, second, third = self._lines[side]
        return str(first.cget("text")), str(second.cget("text")), str(third.cget("text"))

    def _draw(self) -> None:
        room = max(self.winfo_width() // 2 - px(self, 10), 60)
        for side, (one, lines) in enumerate(zip(self._shown, self._lines, strict=False)):
            state = f"▶ {one.state}" if side == self._active else one.state
            if side == self._pointed:
                seen = _("seen now")
                state = f"{state} · {seen}"
            texts = (
                self._fit.at_end(state, "BoldFont", room),
                self._fit.in_middle(one.name, "TkDefaultFont", room),
                self._fit.at_start(f"{one.folder} · {one.facts}" if one.facts else one.folder, "SmallFont", room),
            )
            for label, text in zip(lines, texts, strict=True):
                if label.cget("text") != text:
                    label.configure(text=text)
