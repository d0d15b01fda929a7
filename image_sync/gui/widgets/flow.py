"""A frame whose children stand beside each other, in as many lines as its width needs."""

from __future__ import annotations

import tkinter
from collections.abc import Sequence

import ttkbootstrap as ttk

from image_sync.gui.widgets.theme import px


class Flow(ttk.Frame):
    """Give it its width from outside (``sticky="ew"``); its height follows.  ``gap`` is in pixels at 100 %."""

    def __init__(self, master: tkinter.Misc, gap: float = 6) -> None:
        super().__init__(master)
        self._gap = px(self, gap)
        self._line_gap = px(self, 6)
        self._shown: Sequence[tkinter.Widget] = ()
        self._width = 0
        self._watched: dict[tkinter.Widget, int] = {}
        """The width that each child asked for when it was last put in its place."""
        self.bind("<Configure>", self._resized)

    def show(self, widgets: Sequence[tkinter.Widget]) -> None:
        """Show these children, in this order, and no others."""
        for widget in self._shown:
            if widget not in widgets:
                widget.place_forget()
        for widget in widgets:
            if widget not in self._watched:
                widget.bind("<Configure>", self._child_resized, add="+")
                self._watched[widget] = 0
        self._shown = widgets
        self.arrange()

    def arrange(self) -> None:
        """Put all in their places anew, after one of them changed its size."""
        top = 0
        for line in self._lines():
            left, height = 0, max(widget.winfo_reqheight() for widget in line)
            for widget in line:
                # What is wider than the whole line gives way: an empty width is what the widget wants.
                wide = self._width if 1 < self._width < widget.winfo_reqwidth() else ""
                widget.place(x=left, y=top + (height - widget.winfo_reqheight()) // 2, width=wide)
                left += widget.winfo_reqwidth() + self._gap
                self._watched[widget] = widget.winfo_reqwidth()
            top += height + self._line_gap
        self.configure(height=max(top - self._line_gap, 1))

    def _lines(self) -> list[list[tkinter.Widget]]:
        lines: list[list[tkinter.Widget]] = []
        left = 0
        for widget in self._shown:
            wide = widget.winfo_reqwidth()
            if not lines or left + wide > max(self._width, 1):
                lines.append([])
                left = 0
            lines[-1].append(widget)
            left += wide + self._gap
        return lines

    def _child_resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        """A child that asks for another width moves those behind it."""
        widget = event.widget
        known = self._watched.get(widget) if isinstance(widget, tkinter.Widget) and widget in self._shown else None
        if known is not None and known != widget.winfo_reqwidth():
            self.arrange()

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self and event.width != self._width:
            self._width = event.width
            self.arrange()
