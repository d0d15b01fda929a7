"""Choosing a folder or files: the desktop's own dialog where there is one, the toolkit's otherwise."""

from __future__ import annotations

import os
import tkinter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Files:
    """Kind of files that can be chosen: what they are called, how their names end, whether several at once."""

    words: str
    suffixes: tuple[str, ...]
    several: bool = False


def choose_files(
    parent: tkinter.Misc,
    background: Background,
    title: str,
    start: str,
    chosen: Callable[[tuple[str, ...]], None],
    files: Files,
) -> None:
    """``choose_folder`` for files; ``start`` is the folder, or a file in it, to begin with."""
    near = start if os.path.isdir(start) else os.path.dirname(start)
    folder = near if os.path.isdir(near) else os.path.expanduser("~")

    def done(paths: Sequence[str]) -> None:
        if paths:
            chosen(tuple(paths))

    def failed(error: Exception) -> None:
        if isinstance(error, FaultMet):
            return
        from tkinter import filedialog

        kinds = [(files.words, " ".join(f"*{suffix}" for suffix in files.suffixes))]
        ask = filedialog.askopenfilenames if files.several else filedialog.askopenfilename
        found = ask(parent=parent, title=title, initialdir=folder, filetypes=kinds)
        done((found,) if isinstance(found, str) and found else tuple(found))

    background.submit(
        lambda: desktop.choose_files(title, folder, files.suffixes, files.several),
        done,
        key=f"browse {title}",
        failed=failed,
        expects=(desktop.NoDialog,),
    )


def choose_new_file(
    parent: tkinter.Misc, background: Background, title: str, start: str, chosen: Callable[[str], None]
) -> None:
    """``choose_folder`` for a file to be written, which is asked about where it is there; ``start`` is its path."""

    def done(path: str | None) -> None:
        if path:
            chosen(path)

    def failed(error: Exception) -> None:
        if isinstance(error, FaultMet):
            return
        from tkinter import filedialog

        folder, name = os.path.split(start)
        done(filedialog.asksaveasfilename(parent=parent, title=title, initialdir=folder, initialfile=name))

    background.submit(
        lambda: desktop.choose_new_file(title, start),
        done,
        key=f"browse {title}",
        failed=failed,
        expects=(desktop.NoDialog,),
    )
