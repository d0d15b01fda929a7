"""Choosing a folder: the desktop's own dialog where there is one, the toolkit's otherwise."""

from __future__ import annotations

import os
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.background import Background, FaultMet


def choose_folder(
    parent: tkinter.Misc, background: Background, title: str, start: str, chosen: Callable[[str], None]
) -> None:
    """Let the user choose a folder; ``chosen`` is called with it, or not at all when they think better of it.

    The desktop's dialog is waited for in ``background``, so the window stays alive behind it.
    """
    folder = start if os.path.isdir(start) else os.path.expanduser("~")

    def done(path: str | None) -> None:
        if path:
            chosen(path)

    def failed(error: Exception) -> None:
        if isinstance(error, FaultMet):
            return
        done(ttk.Querybox.get_directory(parent, title=title, initialdir=folder))

    background.submit(
        lambda: desktop.choose_folder(title, folder),
        done,
        key=f"browse {title}",
        failed=failed,
        expects=(desktop.NoDialog,),
    )
