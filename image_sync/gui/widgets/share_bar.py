"""Bar of a share that changes often: two rectangles on a canvas, drawn only when a pixel of it changes.

The toolkit's own bar is drawn from translucent images: 28 to 70 ms a redraw on X11, beside 0.1 ms here.
"""

from __future__ import annotations

import time
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.widgets.theme import colors, px

A_SECOND = 4
"""Redraws in a second at the most."""
PIECE = 0.2
"""Share of the bar that runs along it while nobody knows how far it is."""
STEP = 0.05


class ShareBar(ttk.Canvas):
    """A bar of ``height`` pixels at 100 %; ``show`` takes a share (0-1), or ``None`` while that is not known."""

    def __init__(
        self, master: tkinter.Misc, height: int, strong: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(master, height=px(master, height), takefocus=False)
        self._strong, self._clock = strong, clock
        self._share: float | None = 0.0
        self._place = 0.0
        self._drawn: tuple[int, int, int] | None = None
        self._at = 0.0
        self._late = ""
        self._block = self.create_rectangle(0, 0, 0, 0, width=0)
        self._recolour()
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolour(), add="+")
        self.bind("<Destroy>", lambda _event: self._cancel(), add="+")

    @property
    def share(self) -> float | None:
        """The share that is shown, or will be within a quarter of a second."""
        return self._share

    def show(self, share: float | None) -> None:
        """Take a share; it is drawn at once unless the last drawing was just now."""
        if share is None and self._share is None:
            self._place = (self._place + STEP) % 1.0
        self._share = share
        wait = self._at + 1 / A_SECOND - self._clock()
        if wait <= 0:
            self._draw()
        elif not self._late:
            self._late = self.after(round(wait * 1000) + 1, self._draw)

    def _cancel(self) -> None:
        if self._late:
            self.after_cancel(self._late)
            self._late = ""

    def _recolour(self) -> None:
        palette = colors()
        self.configure(background=palette.border, highlightthickness=0, borderwidth=0)
        self.itemconfigure(self._block, fill=palette.primary if self._strong else palette.secondary)

    def _draw(self) -> None:
        self._cancel()
        self._at = self._clock()
        width, height = self.winfo_width(), self.winfo_height()
        if self._share is None:
            left = int(self._place * width)
            right = min(width, left + int(PIECE * width))
        else:
            left, right = 0, int(min(max(self._share, 0.0), 1.0) * width)
        if self._drawn != (left, right, height):
            self._drawn = (left, right, height)
            self.coords(self._block, left, 0, right, height)
