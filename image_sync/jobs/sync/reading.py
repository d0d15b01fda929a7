"""Reading files to know their content, on a few threads, never more than was asked for.

Either a file's SHA-256 is wanted (it is in every Python, two files that differ never share it, and common processors
compute it as fast as a disk delivers), or whether two files are the same: then they are read side by side, and only up
to the first difference; the SHA-256 of two that are the same is known then as well.  A file that is not what the scan
saw, or changes while it is read, is a Problem, and the next run tries again.  Nothing is decided here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from image_sync.base.control import CHUNK
from image_sync.base.errors import reason
from image_sync.base.model import Problem, Stopped
from image_sync.base.said import N_
from image_sync.inventory.context import RunContext
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import Look, content_size, pack

COMPARED = 256 << 10
"""Bytes of two files that are compared at a time: what fits in a processor's cache."""
MOST_THREADS = 4
"""Threads beyond this wait for the disk or for each other."""

_UNREAD = N_("This file could not be read")
_CHANGED = N_("it changed, or is still being written")
_NEXT_RUN = N_("The next run tries again.")
_NO_MEMORY = N_("there is not enough memory to read it")
_LEFT = N_("It is left as it is on both sides.")
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be read: where it is, how it looked, and how it was packed (see ``packed_stats.pack``)."""

    side: Side
    path: bytes
    place: bytes
    look: Look
    lasting: bool


Pair = tuple[Task, Task]
"""Two files of one path and one size that are to be compared."""


@dataclass
class Found:
    """Outcome of reading: digests by side and path, the paths whose two files differ, and what could not be read."""

    digests: dict[tuple[Side, bytes], str] = field(default_factory=dict)
    different: set[bytes] = field(default_factory=set)
    unread: dict[tuple[Side, bytes], Problem] = field(default_factory=dict)


class _Unread(Exception):
    """A file can't be read, or is not what the scan saw."""

    def __init__(self, task: Task, error: Exception | None = None) -> None:
        super().__init__()
        self.task = task
        self.error = error

    @property
    def problem(self) -> Problem:
        place = os.fsdecode(self.task.place)
        if self.error is None:
            return Problem(place, _UNREAD, _CHANGED, _NEXT_RUN)
        why = reason(self.error) if isinstance(self.error, OSError) else _NO_MEMORY
        return Problem(place, _UNREAD, why, _LEFT)


def read_all(tasks: Sequence[Task | Pair], found: Found, context: RunContext) -> None:
    """Read all files into ``found``.  Raises ``Stopped``; ``found`` then holds what was read so far."""
    waiting = iter(tasks)
    lock = threading.Lock()

    def work() -> None:
        buffer = memoryview(bytearray(CHUNK))
        while True:
            with lock:
                task = next(waiting, None)
            if task is None or context.control.stopped:
                return
            _read_into(task, found, buffer, context)

    number = context.asked_workers or min(MOST_THREADS, max(2, os.cpu_count() or 1))
    number = max(1, min(number, len(tasks)))
    if number == 1:
        work()
    else:
        with ThreadPoolExecutor(number, thread_name_prefix="digest") as pool:
            for running in [pool.submit(work) for _ in range(number)]:
                running.result()
    context.control.checkpoint()


def _read_into(task: Task | Pair, found: Found, buffer: memoryview, context: RunContext) -> None:
    first = task if isinstance(task, Task) else task[0]
    try:
        if isinstance(task, Task):
            found.digests[task.side, task.path] = digest(task, buffer, context.control.checkpoint)
        else:
            _compare_into(task, found, context.control.checkpoint)
    except Stopped:
        return
    except _Unread as unread:
        found.unread[unread.task.side, unread.task.path] = unread.problem
    except (OSError, MemoryError) as error:
        found.unread[first.side, first.path] = _Unread(first, error).problem
    size = content_size(first.look)
    context.reporter.advance(1, size if first is task else 2 * size, os.fsdecode(first.place))


def _compare_into(pair: Pair, found: Found, checkpoint: Callable[[], None]) -> None:
    shared = shared_digest(pair, checkpoint)
    if not shared:
        found.different.add(pair[0].path)
        return
    for task in pair:
        found.digests[task.side, task.path] = shared


def digest(task: Task, buffer: memoryview, checkpoint: Callable[[], None]) -> str:
    """The SHA-256 of a file, in hexadecimal.  Raises ``_Unread`` and ``Stopped``."""
    with _opened(task) as handle:
        known = hashlib.sha256()
        left = content_size(task.look)
        while left > 0:
            count = _read(handle, buffer[: min(left, CHUNK)])
            if not count:
                raise _Unread(task)
            known.update(buffer[:count])
            left -= count
            checkpoint()
    return known.hexdigest()


def shared_digest(pair: Pair, checkpoint: Callable[[], None]) -> str:
    """The SHA-256 of two files that hold the same bytes, in hexadecimal; empty when they don't.

    Raises ``_Unread`` and ``Stopped``.
    """
    one, two = pair
    known = hashlib.sha256()
    with _opened(one) as first, _opened(two) as second:
        left = content_size(one.look)
        while left > 0:
            chunk = _exactly(first, min(left, COMPARED), one)
            if chunk != _exactly(second, min(left, COMPARED), two):
                return ""
            known.update(chunk)
            left -= len(chunk)
            checkpoint()
    return known.hexdigest()


def _exactly(handle: int, size: int, task: Task) -> bytes:
    data = os.read(handle, size)
    while len(data) < size:
        more = os.read(handle, size - len(data))
        if not more:
            raise _Unread(task)
        data += more
    return data


@contextlib.contextmanager
def _opened(task: Task) -> Iterator[int]:
    """The open file, which is the one that the scan saw, before and after it is read."""
    try:
        handle = os.open(task.place, _FLAGS)
    except OSError as error:
        raise _Unread(task, error) from error
    try:
        _check(handle, task)
        yield handle
        _check(handle, task)
    except OSError as error:
        raise _Unread(task, error) from error
    finally:
        os.close(handle)


def _check(handle: int, task: Task) -> None:
    if pack(os.fstat(handle), task.lasting) != task.look:
        raise _Unread(task)


if hasattr(os, "readv"):

    def _read(handle: int, buffer: memoryview) -> int:
        return os.readv(handle, [buffer])

else:

    def _read(handle: int, buffer: memoryview) -> int:
        data = os.read(handle, len(buffer))
        buffer[: len(data)] = data
        return len(data)
