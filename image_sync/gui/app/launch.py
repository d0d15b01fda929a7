"""Opening the window: from nothing to a window on the screen, as fast as the toolkit allows.

The desktop is asked about dark and size while the toolkit loads.  Neither numpy nor OpenCV is loaded here, nor the
engine: they come with the first job.
"""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from image_sync.base import faults, log
from image_sync.base.log import Log
from image_sync.base.model import ExitCode
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.widgets import i18n
from image_sync.gui.widgets.appearance import Appearance
from image_sync.gui.widgets.drawable_text import shown

if TYPE_CHECKING:
    from image_sync.gui.app.window import Window

GIVE_WAY = 0.0005
"""Seconds after which a thread that reads pictures lets the window's thread have the interpreter.  Each call to Tk
waits for it once; with Python's own 5 ms, making a plan of 5,000 pictures held the window up for 98 ms at the 95th
percentile, with this 34 ms, and the scan took as long."""


_logger = logging.getLogger(__name__)


def open_window(debug: bool = False) -> int:
    """Show the window and stay until it is closed; the process's exit code.  ``debug`` logs more."""
    with log.started("Window", sys.argv[1:], debug=debug) as kept, faults.caught_everywhere():
        return _open_window(kept)


def _open_window(kept: Log) -> int:
    sys.setswitchinterval(GIVE_WAY)
    appearance = Appearance()
    memory = PreferenceStore()
    i18n.speak(memory.preferences.language)
    from image_sync.gui.app.window import Window
    from image_sync.gui.job.port import real_port
    from image_sync.gui.pages.registry import page_specs
    from image_sync.gui.widgets import theme
    from image_sync.inventory.thumbnail import decode

    # The window's timer collects; after it none does, and so nothing of Tk's is let go of on a thread that still ends.
    gc.disable()
    dark = appearance.dark()
    root = theme.make_root(memory.preferences, dark, appearance.scale())
    theme.speak(root, i18n.language())
    window = Window(
        root, page_specs(), real_port(), memory, decode, dark=lambda: dark, closed=root.destroy
    )  # fmt: skip
    interrupted = _close_on_interrupt(window.close_unasked)
    theme.place(root, memory.preferences.geometry)
    root.deiconify()
    root.after_idle(root.after, 10, _tell_log, window, kept)
    root.after_idle(root.after, 20, window.started)
    root.mainloop()
    _logger.info("The window is closed")
    return ExitCode.STOPPED if interrupted else ExitCode.DONE


def _tell_log(window: Window, kept: Log) -> None:
    """Write what the window runs on; say once that the log can't be written."""
    _logger.info("Tk %s on %s", window.root.tk.call("info", "patchlevel"), window.root.tk.call("tk", "windowingsystem"))
    if kept.trouble:
        window.say(shown(f"{kept.trouble[:1].upper()}{kept.trouble[1:]}."))


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
