"""Choosing a folder or files: the desktop's own dialog where there is one, the toolkit's otherwise."""

from __future__ import annotations

import os
import tkinter
from collections.abc import Callable, Sequence

import ttkbootstrap as ttk

from image_sync.archives.names import ARCHIVES
from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.background import Background, FaultMet
from image_sync.gui.widgets.i18n import _


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


def choose_files(
    parent: tkinter.Misc, background: Background, title: str, start: str, chosen: Callable[[Sequence[str]], None]
) -> None:
    """``choose_folder`` for archives, one or several; ``start`` is the folder, or a file in it, to begin with."""
    near = start if os.path.isdir(start) else os.path.dirname(start)
    folder = near if os.path.isdir(near) else os.path.expanduser("~")

    def done(paths: Sequence[str]) -> None:
        if paths:
            chosen(paths)

    def failed(error: Exception) -> None:
        if isinstance(error, FaultMet):
            return
        from tkinter import filedialog

        kinds = [(_("Archives"), " ".join(f"*{suffix}" for suffix in ARCHIVES))]
        done(tuple(filedialog.askopenfilenames(parent=parent, title=title, initialdir=folder, filetypes=kinds)))

    background.submit(
        lambda: desktop.choose_files(title, folder, ARCHIVES),
        done,
        key=f"browse {title}",
        failed=failed,
        expects=(desktop.NoDialog,),
    )
