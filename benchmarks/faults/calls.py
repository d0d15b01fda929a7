"""Every system call of a run, handed to a watch that may kill, fail, halve or remember it.

The calls are put in the place of those of ``os`` in a child process that ends afterwards; nothing is put back.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from image_sync.apply import executor, file_ops

CHANGING = frozenset(
    {
        *("write", "fsync", "link", "symlink", "unlink", "replace", "rename", "mkdir", "rmdir"),
        *("utime", "chmod", "chown", "open", "ftruncate", "setxattr", "removexattr"),
    }
)
"""Calls that change the disk; ``open`` only where it makes a file."""
READING = frozenset(
    {"stat", "lstat", "fstat", "read", "readlink", "scandir", "listdir", "listxattr", "getxattr", "statvfs", "lseek"}
)
EXCLUSIVE = "exclusive rename"
"""The system's rename that replaces nothing; it is no function of ``os`` and returns an error number."""
BUILTIN = "builtin open"
DRESSING = frozenset({"chmod", "chown", "setxattr", "getxattr", "listxattr", "removexattr"})
"""Calls for what not every disk can carry, which is why most errors of theirs only mean that this one can't."""
GROUP = 5
"""Operations in a group of a run that is attacked: more boundaries of groups in small plans."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its number in the process (from 1), its name, what it was given."""

    number: int
    name: str
    given: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)

    @property
    def makes(self) -> bool:
        """Whether a file may come into being by it."""
        return self.name == "open" and bool(self.given[1] & os.O_CREAT)


Watch = Callable[[Call, Callable[[], Any]], Any]
"""Gets a call and what does it; returns (or raises) what the caller gets."""


class Counter:
    """Counts the calls that ``wanted`` lets through and hands each to the watch, one at a time."""

    def __init__(self, watch: Watch, *, reads: bool = False) -> None:
        self.count = 0
        self._watch = watch
        self._reads = reads
        self._lock = threading.RLock()

    def install(self) -> None:
        """Put the calls in their places, for the rest of this process."""
        exclusive = file_ops._exclusive_rename()
        for name in sorted(CHANGING | (READING if self._reads else frozenset())):
            plain = getattr(os, name, None)
            if plain is not None:
                self._put(name, plain)
        if exclusive is not None:
            watched = self._around(EXCLUSIVE, exclusive)
            file_ops._exclusive_rename = lambda: watched  # type: ignore[assignment]
        if self._reads:
            builtins.open = io.open = self._around(BUILTIN, builtins.open)
        executor.GROUP = GROUP

    def _put(self, name: str, plain: Callable[..., Any]) -> None:
        watched = self._around(name, plain)
        for capable in (os.supports_fd, os.supports_follow_symlinks, os.supports_dir_fd):
            if plain in capable:
                capable.add(watched)
        setattr(os, name, watched)

    def _around(self, name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            if name == "open" and not self._reads and not given[1] & os.O_CREAT:
                return self._seen(name, plain, given, named)
            with self._lock:
                self.count += 1
                return self._watch(Call(self.count, name, given, named), lambda: plain(*given, **named))

        return call

    def _seen(self, name: str, plain: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """A file that is opened and not made: no change of the disk, but a watch may want to know of it."""
        if not given[1] & (os.O_WRONLY | os.O_RDWR):
            return plain(*given, **named)
        with self._lock:
            return self._watch(Call(0, name, given, named), lambda: plain(*given, **named))


def end() -> None:
    """End this process as a kill does."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(number: int, half: bool) -> Watch:
    """A watch that ends the process before call ``number``, or when it is ``half`` done (half of what it writes is
    written; what has no half is done)."""
    write = os.write

    def watch(call: Call, do: Callable[[], Any]) -> Any:
        if call.number != number:
            return do()
        if half and call.name == "write":
            handle, data = call.given
            write(handle, bytes(data)[: len(data) // 2])
        elif half:
            try:
                do()
            finally:
                end()
        end()
        return None

    return watch


def failing_at(number: int, error: int, onward: bool) -> Watch:
    """A watch that lets call ``number`` fail with ``error``, or all from there on; for ``DRESSING`` the disk fails."""

    def watch(call: Call, do: Callable[[], Any]) -> Any:
        if not call.number or call.number < number or (call.number > number and not onward):
            return do()
        if call.name == EXCLUSIVE:
            return error
        code = error if call.name not in DRESSING or error == errno.EROFS else errno.EIO
        raise OSError(code, os.strerror(code), next((one for one in call.given if isinstance(one, str)), None))

    return watch
