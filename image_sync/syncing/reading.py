"""Reading files to know their content: SHA-256, on a few threads, never more than was asked for.

SHA-256 is in every Python, two files that differ never share it, and common processors compute it as fast as a disk
delivers.  A file that is not what the scan saw, or changes while it is read, has no digest: it is a Problem, and the
next run tries again.  Nothing is decided here.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from image_sync.control import Control
from image_sync.model import Problem, Stopped
from image_sync.progress import Reporter
from image_sync.scan import reason
from image_sync.sync_model import Side
from image_sync.syncing.looks import Look, content_size, pack

CHUNK = 1 << 20
"""Bytes that are read at a time; between two chunks a run can be paused or stopped."""
MOST_THREADS = 4
"""Threads beyond this wait for the disk or for each other."""

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be read: where it is, how it looked, and how such looks are made there (see ``looks.pack``)."""

    side: Side
    path: bytes
    place: bytes
    look: Look
    lasting: bool


@dataclass
class Found:
    """What came of reading: digests by side and path, and what could not be read."""

    digests: dict[tuple[Side, bytes], str] = field(default_factory=dict)
    unread: dict[tuple[Side, bytes], Problem] = field(default_factory=dict)


class _Changed(Exception):
    """The file is not what the scan saw."""


def read_all(
    tasks: Sequence[Task], found: Found, *, reporter: Reporter, control: Control, threads: int | None = None
) -> None:
    """Read all files into ``found``.  Raises ``Stopped``; ``found`` then holds what was read so far."""
    waiting = iter(tasks)
    lock = threading.Lock()

    def work() -> None:
        buffer = memoryview(bytearray(CHUNK))
        while True:
            with lock:
                task = next(waiting, None)
            if task is None or control.stopped:
                return
            _read_into(task, found, buffer, reporter, control)

    number = threads or min(MOST_THREADS, max(2, os.cpu_count() or 1))
    number = max(1, min(number, len(tasks)))
    if number == 1:
        work()
    else:
        with ThreadPoolExecutor(number, thread_name_prefix="digest") as pool:
            for running in [pool.submit(work) for _ in range(number)]:
                running.result()
    control.checkpoint()


def _read_into(task: Task, found: Found, buffer: memoryview, reporter: Reporter, control: Control) -> None:
    key = (task.side, task.path)
    try:
        found.digests[key] = digest(task, buffer, control.checkpoint)
    except Stopped:
        return
    except _Changed:
        found.unread[key] = _problem(task, "it changed, or is still being written", "The next run tries again.")
    except OSError as error:
        found.unread[key] = _problem(task, reason(error), "It is left as it is on both sides.")
    reporter.advance(1, content_size(task.look), os.fsdecode(task.place))


def _problem(task: Task, why: str, hint: str) -> Problem:
    return Problem(os.fsdecode(task.place), "This file could not be read", why, hint)


def digest(task: Task, buffer: memoryview, checkpoint: Callable[[], None]) -> str:
    """The SHA-256 of a file, in hexadecimal.  Raises ``OSError``, ``Stopped``, and ``_Changed``."""
    handle = os.open(task.place, _FLAGS)
    try:
        _check(handle, task)
        known = hashlib.sha256()
        left = content_size(task.look)
        while left > 0:
            count = _read(handle, buffer[: min(left, CHUNK)])
            if not count:
                raise _Changed
            known.update(buffer[:count])
            left -= count
            checkpoint()
        _check(handle, task)
    finally:
        os.close(handle)
    return known.hexdigest()


def _check(handle: int, task: Task) -> None:
    if pack(os.fstat(handle), task.lasting) != task.look:
        raise _Changed


if hasattr(os, "readv"):

    def _read(handle: int, buffer: memoryview) -> int:
        return os.readv(handle, [buffer])

else:

    def _read(handle: int, buffer: memoryview) -> int:
        data = os.read(handle, len(buffer))
        buffer[: len(data)] = data
        return len(data)
