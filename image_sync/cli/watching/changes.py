"""Changes in watched folders: their state as a value, and a bell that the system rings when it may have changed.

The state decides, never the bell: where the system can't tell of changes (a network folder, no watchdog), looking every
few seconds does as well.  Nothing here changes a file.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

State = Mapping[str, tuple[int, int]]
"""Size and modification time of each file below the folders, by its path."""

BY_BELL = 30.0
"""Seconds after which one looks even if no bell rang: not every file system rings it."""
BY_LOOKING = 5.0
"""Seconds between two looks where there is no bell."""
_SILENT = frozenset({"opened", "closed_no_write"})
"""Events of readers, who change nothing."""


def state_of(places: Sequence[str]) -> State:
    """State of all files below the places (folders and archives); what can't be seen is not there."""
    found: dict[str, tuple[int, int]] = {}
    for place in places:
        for path in _files(place):
            with contextlib.suppress(OSError):
                status = os.stat(path, follow_symlinks=False)
                found[path] = (status.st_size, status.st_mtime_ns)
    return found


def _files(place: str) -> Iterator[str]:
    if os.path.isfile(place):
        yield place
    for folder, _, names in os.walk(place):
        yield from (os.path.join(folder, name) for name in names)


class Bell:
    """Waits for a sign of change in the places, or for ``every`` seconds; ``None`` for what the system can do."""

    def __init__(self, places: Sequence[str], every: float | None) -> None:
        self._places, self._asked = places, every
        self._rung = threading.Event()
        self._observer: Any = None

    def __enter__(self) -> Bell:
        if self._asked is None:
            self._observer = _observer(self._places, self._rung)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5.0)

    @property
    def every(self) -> float:
        """Seconds between two looks without a ring."""
        return self._asked if self._asked is not None else BY_BELL if self._observer is not None else BY_LOOKING

    def wait(self, sleep: Callable[[float], bool]) -> bool:
        """Wait for a ring or the time; ``False`` when ``sleep`` (seconds, whether to go on) says so."""
        left = self.every
        while left > 0 and not self._rung.is_set():
            step = min(left, 0.5)
            if not sleep(step):
                return False
            left -= step
        self._rung.clear()
        return True


def _observer(places: Sequence[str], rung: threading.Event) -> Any:
    """Observer that rings the bell; ``None`` where there is none: then one looks."""
    try:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer
    except ImportError:
        return None

    class Ringer(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.event_type not in _SILENT:
                rung.set()

    observer = Observer()
    try:
        for place in places:
            observer.schedule(Ringer(), place if os.path.isdir(place) else os.path.dirname(place), recursive=True)
        observer.start()
    except (OSError, RuntimeError):  # too many folders for the system, or one that is not there
        with contextlib.suppress(RuntimeError):
            observer.stop()
        return None
    return observer
