"""Ctrl-C and the signals that ask a process to end, made soon and clean.

The first one is a wish: it is noted here, and whoever waits for the engine passes it on.  The second one leaves at
once; the journal is written ahead of every change, so even that loses nothing.  The handler itself does nothing that
could wait for a lock, since it may run in the middle of anything.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

from image_sync.base.model import ExitCode
from image_sync.cli.arguments import program

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
ECHO = 0.5
"""Seconds within which a second signal is taken for the echo of the first: wrappers pass on a Ctrl-C that the terminal
has sent to the whole process group already."""


class Interrupts:
    """While entered, the ending signals are counted instead of ending the process.

    A signal that the caller has set to be ignored (``nohup``, a job in the background) stays ignored.  Outside the main
    thread, where Python allows no handlers, nothing is changed.
    """

    def __init__(self, leave: Callable[[], None] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._leave = leave or _leave_at_once
        self._clock = clock
        self._first: float | None = None
        self._raising = False
        self._previous: dict[int, Any] = {}

    @property
    def asked(self) -> bool:
        """Whether the user asked to stop."""
        return self._first is not None

    @contextlib.contextmanager
    def raising(self) -> Iterator[None]:
        """Let a signal raise ``KeyboardInterrupt`` here: the one place that waits for the user and for nobody else."""
        self._raising = True
        try:
            if self.asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._raising = False

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
                if signal.getsignal(number) not in (signal.SIG_IGN, None):
                    self._previous[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._previous.clear()

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        now = self._clock()
        if self._first is None:
            self._first = now
        elif now - self._first >= ECHO:
            self._leave()
        if self._raising:
            raise KeyboardInterrupt


def _leave_at_once() -> None:
    show_cursor = b"\x1b[?25h" if os.isatty(2) else b""
    with contextlib.suppress(OSError):
        told = f"\nLeft at once. What was under way is in the journal: see '{program()} history'.\n"
        os.write(2, show_cursor + told.encode("ascii", "backslashreplace"))
    os._exit(ExitCode.STOPPED)
