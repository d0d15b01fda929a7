"""Opening the window: from nothing to a window on the screen, as fast as the toolkit allows.

The desktop is asked about dark and size while the toolkit loads.  Neither numpy nor OpenCV is loaded here, nor the
engine: they come with the first job.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

from image_sync.base import places
from image_sync.base.model import ExitCode
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.widgets.appearance import Appearance

LOG_SIZE = 512 * 1024
GIVE_WAY = 0.0005
"""Seconds after which a thread that reads pictures lets the window's thread have the interpreter.  Each call to Tk
waits for it once; with Python's own 5 ms, making a plan of 5,000 pictures held the window up for 98 ms at the 95th
percentile, with this 34 ms, and the scan took as long."""


def open_window() -> int:
    """Show the window and stay until it is closed; the process's exit code."""
    sys.setswitchinterval(GIVE_WAY)
    appearance = Appearance()
    memory = PreferenceStore()
    from image_sync.gui.app.window import Window
    from image_sync.gui.job.port import real_port
    from image_sync.gui.pages.registry import page_specs
    from image_sync.gui.widgets import theme
    from image_sync.gui.widgets.thumbnail_decode import decode

    dark = appearance.dark()
    root = theme.make_root(memory.preferences, dark, appearance.scale())
    window = Window(
        root, page_specs(), real_port(), memory, decode, dark=lambda: dark, closed=root.destroy
    )  # fmt: skip
    interrupted = _close_on_interrupt(window.close_unasked)
    theme.place(root, memory.preferences.geometry)
    root.deiconify()
    root.after_idle(root.after, 10, _keep_log)
    root.after_idle(root.after, 20, window.started)
    root.mainloop()
    return ExitCode.STOPPED if interrupted else ExitCode.DONE


def _close_on_interrupt(close: Callable[[], None]) -> list[int]:
    """Ctrl+C in the terminal that started the window closes it cleanly; the list then holds the signal."""
    interrupted: list[int] = []

    def heard(number: int, _frame: object) -> None:
        if not interrupted:
            interrupted.append(number)
            close()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, heard)
    return interrupted


def _keep_log() -> None:
    """Write warnings and errors of the window to a small file beside the journals, where that is possible."""
    import logging.handlers

    path = os.path.join(places.state_folder(), "window.log")
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8", errors="backslashreplace", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger("image_sync").addHandler(handler)
