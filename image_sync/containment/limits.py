"""Limits of one file in a worker process: processor time, silence and memory.  Set inside that process.

Processor time tells a decoder that hangs from a slow disk and a busy machine; only a decoder that sleeps is met by the
limit on silence.  Windows knows none of the calls used here: there silence alone is watched, by the parent.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from dataclasses import dataclass

from image_sync.pictures.memory_budget import MOST

_MOST_SAID = 2**28
"""Bytes that a worker may write anywhere: what its libraries say of one file on the error stream."""
_SAID_BEFORE = 2**16
"""Bytes on the error stream from which on it begins anew with the next file."""
LEAKED = 2**28
"""Bytes beyond its start that a worker may hold on to between two files before another takes its place."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``processor`` are seconds of computing, ``silence`` seconds without a sign of life, ``memory`` bytes beside what
    the process takes when it begins and what was granted to it; each for one file."""

    processor: float = 60.0
    silence: float = 300.0
    memory: int = 2**29

    def times(self, files: int) -> Limits:
        """The limits of one piece of work on so many files; memory is that of one, for they are read in turn."""
        return Limits(self.processor * max(files, 1), self.silence * max(files, 1), self.memory)


class Memory:
    """Bounds of what this process may take from now on, as far as the system can hold it; no core is dumped."""

    def __init__(self, limits: Limits) -> None:
        self._at_first = _data_in_use()
        self._most = limits.memory
        self._granted = 0
        self.peak = peak() + limits.memory + MOST
        """What it may take at most with all that can be granted."""
        if sys.platform != "win32":
            import resource

            _bound(resource.RLIMIT_CORE, 0)
            _bound(resource.RLIMIT_FSIZE, _MOST_SAID)
        self.grant(0)

    def grant(self, amount: int) -> None:
        """Allow so many bytes more, or fewer."""
        self._granted += amount
        if sys.platform != "win32" and self._at_first:
            import resource

            _bound(resource.RLIMIT_DATA, self._at_first + self._most + self._granted)


def _bound(kind: int, value: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(kind)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value if most == resource.RLIM_INFINITY else min(value, most), most))


def begin_file(limits: Limits) -> None:
    """Start the clock of one file: when its processor time is up, the system ends the process."""
    with contextlib.suppress(OSError):
        if os.lseek(2, 0, os.SEEK_CUR) > _SAID_BEFORE:
            os.lseek(2, 0, os.SEEK_SET)
            os.ftruncate(2, 0)
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, limits.processor)


def end_file() -> None:
    """Stop that clock."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def is_time_up(code: int) -> bool:
    """Whether an exit code of a process tells that its processor time was up."""
    return sys.platform != "win32" and code == -signal.SIGPROF


def was_killed(code: int) -> bool:
    """Whether an exit code tells of a kill, as the system deals out when memory is short, and of no crash."""
    return sys.platform != "win32" and code in (-signal.SIGKILL, -signal.SIGTERM)


def resident() -> int:
    """Bytes of memory that this process takes now, 0 where the system does not tell."""
    return _pages(1)


def peak() -> int:
    """Bytes of memory that this process has taken at most, 0 where the system does not tell.  On Linux the common way
    to ask counts what the parent took before it, and what may be taken is held by the system."""
    if sys.platform in ("win32", "linux"):
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _data_in_use() -> int:
    return _pages(5)


def _pages(place: int) -> int:
    """A number of Linux's ``statm``, in bytes."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as stream:
            return int(stream.read(200).split()[place]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
