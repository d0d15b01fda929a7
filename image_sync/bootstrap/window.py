"""The small window that shows the first start's progress to somebody who has no terminal to read it on.

It is there before anything is installed, so it is made of the standard library's tkinter alone, and it is the one
module outside ``gui`` that imports it.  The work runs on a thread of its own; only the window's thread draws.
"""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
import tkinter
from collections.abc import Callable
from tkinter import ttk

from image_sync.base.control import Control
from image_sync.base.model import Refused
from image_sync.bootstrap import words

Say = Callable[[str], None]

TITLE = "Image Sync"
HEADING = "Setting up Image Sync"
REFRESH = 50
"""Milliseconds between two looks at what the work has said."""
FAILURE_SHOWN = 30
"""Seconds that a failure stays on the screen by itself: long enough to read it, and no start hangs for ever."""


def open_window() -> tkinter.Tk | None:
    """An empty window; ``None`` where there is no display."""
    if sys.platform == "win32":
        import ctypes

        with contextlib.suppress(AttributeError, OSError):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
    try:
        return tkinter.Tk(className="Image-sync")
    except tkinter.TclError:
        return None


class ProgressWindow:
    """Window that shows what ``work`` says, line by line; Cancel and closing it stop the work.

    ``work`` gets a function to say things with, and a control that it has to look at.
    """

    def __init__(self, root: tkinter.Tk, work: Callable[[Say, Control], None]) -> None:
        self._root = root
        self._work = work
        self._control = Control()
        self._said: queue.Queue[str] = queue.Queue()
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run_work, daemon=True)
        self._build()

    def run(self) -> None:
        """Show the window until the work is done; raises what the work raised."""
        self._thread.start()
        self._root.after(REFRESH, self._look)
        self._root.mainloop()
        self._thread.join()
        self._root.destroy()
        trouble, self._trouble = self._trouble, None
        try:
            if trouble:
                raise trouble
        finally:
            # What was raised knows this frame: were it known here as well, the window would be left to the collector,
            # which runs on any thread, and an interpreter of Tk's that ends on another than its own ends the process.
            del trouble

    def _build(self) -> None:
        self._root.title(TITLE)
        self._root.resizable(False, False)
        self._root.protocol("WM_DELETE_WINDOW", self._close)
        frame = ttk.Frame(self._root, padding=20)
        frame.grid()
        self._heading = ttk.Label(frame, text=HEADING, font=("TkDefaultFont", 14, "bold"))
        self._heading.grid(sticky="w")
        ttk.Label(frame, text=words.ONCE).grid(sticky="w", pady=(4, 12))
        self._line = ttk.Label(frame, wraplength="16c", width=72)
        self._line.grid(sticky="w", pady=(0, 12))
        self._bar = ttk.Progressbar(frame, mode="indeterminate")
        self._bar.grid(sticky="ew")
        self._bar.start(20)
        self._button = ttk.Button(frame, text="Cancel", command=self._close)
        self._button.grid(sticky="e", pady=(16, 0))
        self._root.bind("<Escape>", lambda _: self._close())

    def _run_work(self) -> None:
        try:
            self._work(self._said.put, self._control)
        except BaseException as trouble:
            self._trouble = trouble

    def _look(self) -> None:
        running = self._thread.is_alive()
        with contextlib.suppress(queue.Empty):
            while True:
                self._line.configure(text=self._said.get_nowait())
        if running:
            self._root.after(REFRESH, self._look)
        elif isinstance(self._trouble, Refused):
            self._show_failure(str(self._trouble))
        else:
            self._root.quit()

    def _show_failure(self, text: str) -> None:
        self._heading.configure(text="Image Sync could not be set up")
        self._line.configure(text=text)
        self._bar.grid_remove()
        self._button.configure(text="Close")
        self._button.focus_set()
        self._root.after(FAILURE_SHOWN * 1000, self._root.quit)

    def _close(self) -> None:
        self._control.stop()
        self._button.state(["disabled"])
        if not self._thread.is_alive():
            self._root.quit()
