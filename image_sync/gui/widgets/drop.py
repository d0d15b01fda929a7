"""Folders and files dropped on the window, where the package tkinterdnd2 is installed; else nothing happens."""

from __future__ import annotations

import contextlib
import logging
import os
import tkinter
from collections.abc import Callable, Sequence

from image_sync.archives.names import is_archive

Dropped = Callable[[Sequence[str]], None]
logger = logging.getLogger(__name__)


def accept_drops(root: tkinter.Tk, targets: dict[tkinter.Misc, Dropped]) -> bool:
    """Let folders and files be dropped on each widget; its function gets their paths.  ``False`` where that is not
    possible."""
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


def _drop(root: tkinter.Tk, data: str, dropped: Dropped) -> str:
    dropped(root.tk.splitlist(data))
    return "copy"


def places_of(paths: Sequence[str]) -> tuple[str, ...]:
    """The folders and archives among what was dropped; where there is neither, the folder that holds the first file."""
    found = tuple(path for path in paths if os.path.isdir(path) or (is_archive(path) and os.path.isfile(path)))
    return found or tuple(filter(None, (folder_of(paths),)))


def folder_of(paths: Sequence[str]) -> str:
    """The first folder among what was dropped; of a file, the folder that holds it; empty when there is none."""
    for path in paths:
        if os.path.isdir(path):
            return path
        if os.path.isfile(path):
            return os.path.dirname(path)
    return ""
