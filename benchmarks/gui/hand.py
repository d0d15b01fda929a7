"""A hand on a real window: opened, kept alive, its event loop timed."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from image_sync.gui.app.launch import GIVE_WAY
from image_sync.gui.app.window import Window
from image_sync.gui.job.port import Port
from image_sync.gui.pages.registry import page_specs
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import theme
from image_sync.inventory.thumbnail import decode

GEOMETRY = "1400x900+0+0"
TICK = 10
"""Milliseconds between two ticks of the event loop that are timed."""


@dataclass(slots=True)
class Ticks:
    """By how many milliseconds each tick came late."""

    late: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ranked = sorted(self.late)
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def _failed(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """A benchmark of a window that fails tells nothing."""
    traceback.print_exception(kind, error, trace)  # type: ignore[arg-type]
    os._exit(3)


class Hand:
    """One window of the program."""

    def __init__(self, port: Port) -> None:
        sys.setswitchinterval(GIVE_WAY)
        self.root = theme.make_root(Preferences(theme="light"), False, 1.0)
        memory = PreferenceStore()
        memory.preferences = Preferences(theme="light", greeted=True)
        self.window = Window(self.root, page_specs(), port, memory, decode, dark=lambda: False, closed=lambda: None)
        self.root.report_callback_exception = _failed
        self.root.geometry(GEOMETRY)
        self.root.deiconify()
        self.until(lambda: bool(self.root.winfo_viewable()))
        self.window.started()

    @property
    def page(self) -> Any:
        return self.window.pages["organize"]

    def until(self, condition: Callable[[], bool], patience: float = 120.0) -> float:
        """Let the window live until ``condition`` holds; the seconds that it took."""
        began = time.perf_counter()
        while not condition():
            self.root.update()
            time.sleep(0.001)
            if time.perf_counter() - began > patience:
                raise TimeoutError("the window did not get there")
        return time.perf_counter() - began

    def live(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() >= end)

    def timed(self, condition: Callable[[], bool], patience: float = 600.0) -> Ticks:
        """Run the real event loop until ``condition`` holds, and time its ticks."""
        ticks = Ticks()
        due = time.perf_counter() + TICK / 1000
        end = time.perf_counter() + patience

        def tick() -> None:
            nonlocal due
            now = time.perf_counter()
            ticks.late.append(max(0.0, (now - due) * 1000))
            if condition() or now > end:
                self.root.quit()
                return
            due = time.perf_counter() + TICK / 1000
            self.root.after(TICK, tick)

        self.root.after(TICK, tick)
        self.root.mainloop()
        return ticks

    def close(self) -> None:
        self.window.close_unasked()
        self.root.destroy()
