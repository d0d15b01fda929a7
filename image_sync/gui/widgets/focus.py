"""Keyboard of a window: which widget has it, and whether the window has it at all.

Tk has widgets of its own, such as the open list of a box of choices, which tkinter does not know and raises for.
"""

from __future__ import annotations

import tkinter


def focused(widget: tkinter.Misc) -> tkinter.Misc | None:
    """Widget that has the keyboard; ``None`` where it is one of Tk's own, or another program has it."""
    try:
        return widget.focus_get()
    except KeyError:
        return None


def has_keyboard(window: tkinter.Misc) -> bool:
    """Whether any widget of the program has the keyboard on the display of ``window``, also one of Tk's own."""
    return bool(str(window.tk.call("focus", "-displayof", str(window))))
