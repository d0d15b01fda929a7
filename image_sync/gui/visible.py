"""Showing a widget and taking it away without forgetting its place."""

from __future__ import annotations

import tkinter


def show(widget: tkinter.Misc, visible: bool) -> None:
    """Grid a widget where it was before, or take it out."""
    if visible:
        widget.grid()  # type: ignore[attr-defined]
    else:
        widget.grid_remove()  # type: ignore[attr-defined]
