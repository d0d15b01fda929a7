"""Showing a widget and taking it away without forgetting its place.

Tk now and then leaves a widget unmapped that was taken out of its grid and put back before the grid was laid out in
between (seen with 8.6.13 when a job begins and ends within some 50 ms).  So it is looked at once more a little later.
"""

from __future__ import annotations

import tkinter
from weakref import WeakKeyDictionary

SOON = 30
"""Milliseconds after which a grid has surely been laid out."""
TRIES = 5


def show(widget: tkinter.Misc, visible: bool) -> None:
    """Grid a widget where it was before, or take it out."""
    if not visible:
        widget.grid_remove()  # type: ignore[attr-defined]
    elif not widget.winfo_manager():
        widget.grid()  # type: ignore[attr-defined]
        widget.after(SOON, _make_sure, widget, TRIES)


def _make_sure(widget: tkinter.Misc, tries: int) -> None:
    """Have the grid laid out anew while the widget is in it and not on the screen."""
    if not tries or not widget.winfo_exists() or not widget.winfo_manager() or widget.winfo_ismapped():
        return
    grid = widget.nametowidget(widget.winfo_parent())
    if grid.winfo_ismapped():
        grid.columnconfigure(0, weight=int(grid.columnconfigure(0)["weight"]))
        widget.after(SOON, _make_sure, widget, tries - 1)


def restyle(widget: tkinter.Widget, **look: str) -> None:
    """Give a widget another look where it has another one: each change is a style, of which every widget is told."""
    known = _looks.setdefault(widget, {})
    if any(known.get(name) != value for name, value in look.items()):
        known.update(look)
        widget.configure(**look)


_looks: WeakKeyDictionary[tkinter.Widget, dict[str, str]] = WeakKeyDictionary()
