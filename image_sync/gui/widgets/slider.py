"""A small slider of two rectangles on a canvas: it may be redrawn with every pixel that it is dragged.

The toolkit's own is drawn from translucent images: 25 to 48 ms a redraw on X11, beside 0.1 ms here.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.widgets.focus import focused
from image_sync.gui.widgets.theme import between, colors, px

HEIGHT, KNOB, BAR = 22, 10, 4


class Slider(ttk.Canvas):
    """A whole number from ``low`` to ``high`` in steps; ``moved`` is told each new one."""

    def __init__(
        self, master: tkinter.Misc, bounds: tuple[int, int], step: int, moved: Callable[[int], None], width: int = 120
    ) -> None:
        super().__init__(master, width=px(master, width), height=px(master, HEIGHT), takefocus=True)
        self._low, self._high = bounds
        self._step, self._moved = step, moved
        self._value = self._low
        self._bar = self.create_rectangle(0, 0, 0, 0, width=0)
        self._knob = self.create_rectangle(0, 0, 0, 0, width=px(self, 1))
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw(), add="+")
        for sequence in ("<Button-1>", "<B1-Motion>"):
            self.bind(sequence, self._dragged)
        for sequence, steps in (("<Left>", -1), ("<Down>", -1), ("<Right>", 1), ("<Up>", 1)):
            self.bind(sequence, lambda _event, steps=steps: self.take(self._value + steps * self._step))  # type: ignore[misc]
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.bind(sequence, lambda _event: self._draw(), add="+")

    @property
    def value(self) -> int:
        """The number that is chosen."""
        return self._value

    def show(self, value: int) -> None:
        """Show a number without telling of it."""
        self._value = self._nearest(value)
        self._draw()

    def take(self, value: int) -> str:
        """Take the step that is nearest to ``value``, and tell of it."""
        nearest = self._nearest(value)
        if nearest != self._value:
            self.show(nearest)
            self._moved(nearest)
        return "break"

    def _nearest(self, value: int) -> int:
        within = min(max(value, self._low), self._high)
        return min(self._high, self._low + round((within - self._low) / self._step) * self._step)

    def _dragged(self, event: tkinter.Event[tkinter.Misc]) -> None:
        self.focus_set()
        knob = px(self, KNOB)
        room = max(self.winfo_width() - knob, 1)
        self.take(round(self._low + (event.x - knob / 2) / room * (self._high - self._low)))

    def _draw(self) -> None:
        palette, knob = colors(), px(self, KNOB)
        width, middle, thick = self.winfo_width(), self.winfo_height() / 2, px(self, BAR) / 2
        left = (self._value - self._low) / max(self._high - self._low, 1) * max(width - knob, 0)
        has_it = focused(self) is self
        self.coords(self._bar, knob / 2, middle - thick, width - knob / 2, middle + thick)
        self.coords(self._knob, left + 1, middle - px(self, 8), left + knob - 1, middle + px(self, 8))
        self.itemconfigure(self._bar, fill=between(palette.fg, palette.bg, 0.35))
        self.itemconfigure(self._knob, fill=palette.primary, outline=palette.fg if has_it else palette.primary)
