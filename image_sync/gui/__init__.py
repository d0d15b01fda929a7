"""The window: one file per visible thing, view models without tkinter beside them.

Nothing outside this package imports tkinter, and importing this package alone does not either: ``run`` does, so that a
machine without Tk or without a display gets a sentence and not a traceback.
"""

from __future__ import annotations

import sys

from image_sync.base import own_stderr
from image_sync.base.guard import guarded

REFUSED = 2


def run() -> int:
    """Open the window and stay until it is closed; the process's exit code."""
    own_stderr.set_apart()
    return guarded(_run, "the window")


def _run() -> int:
    try:
        import tkinter
    except ImportError:
        return _refuse(
            "The window needs Python's tkinter, which is not installed here. Install the package python3-tk "
            "(Fedora: python3-tkinter, Arch: tk, Homebrew: python-tk); the commands work without it: --help lists them."
        )
    from image_sync.gui.app.launch import open_window

    try:
        return open_window(debug="--debug" in sys.argv[1:])
    except tkinter.TclError as error:
        if "display" not in str(error):
            raise
        return _refuse(f"There is no screen to open a window on ({error}). The commands need none: --help lists them.")


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return REFUSED
