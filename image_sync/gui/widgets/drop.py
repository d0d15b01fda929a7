"""Folders dropped on the window, where the optional package tkinterdnd2 is installed.  Without it nothing happens."""

from __future__ import annotations

import contextlib
import logging
import os
import tkinter
from collections.abc import Callable

logger = logging.getLogger(__name__)


def accept_drops(root: tkinter.Tk, targets: dict[tkinter.Misc, Callable[[str], None]]) -> bool:
    """Let folders be dropped on each widget; its function gets the path.  ``False`` where that is not possible."""
    try:
        from tkinterdnd2 import DND_FILES, TkinterDnD

        TkinterDnD.require(root)
    except (ImportError, RuntimeError, AttributeError) as error:
        logger.info("no drag and drop: %s", error)
        return False
    for widget, dropped in targets.items():
        with contextlib.suppress(tkinter.TclError):
            root.tk.call("tkdnd::drop_target", "register", str(widget), DND_FILES)
            command = root.register(lambda data, dropped=dropped: _drop(root, data, dropped))
            root.tk.call("bind", str(widget), "<<Drop>>", f"{command} %D")
    return True


def _drop(root: tkinter.Tk, data: str, dropped: Callable[[str], None]) -> str:
    path = folder_of(root.tk.splitlist(data))
    if path:
        dropped(path)
    return "copy"


def folder_of(paths: tuple[str, ...]) -> str:
    """The first folder among what was dropped; of a file, the folder that holds it; empty when there is none."""
    for path in paths:
        if os.path.isdir(path):
            return path
        if os.path.isfile(path):
            return os.path.dirname(path)
    return ""
