"""A process that is killed at a chosen moment: before or after its n-th change of the disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from image_sync.apply import executor, file_ops

CHANGES = (
    "write",
    "fsync",
    "link",
    "unlink",
    "replace",
    "rename",
    "mkdir",
    "rmdir",
    "utime",
    "chmod",
    "open",
    "ftruncate",
)
GROUP = 5


class _Countdown:
    def __init__(self, moment: int) -> None:
        self.left = moment
        self.count = 0

    def around(self, plain: Callable[..., object]) -> Callable[..., object]:
        """Kill before an odd moment's call, after an even one's."""

        def call(*arguments: object, **more: object) -> object:
            self.count += 1
            mine = self.count
            if self.left == 2 * mine - 1:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return plain(*arguments, **more)
            finally:
                if self.left == 2 * mine:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call


def run(work: Callable[[], object], moment: int) -> int | None:
    """Do ``work`` in a child that is killed at ``moment`` (from 1).

    Returns ``None`` when it was killed, else how many moments there were.  Any other end of the child is an error.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _child(work, moment, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read().decode()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    if os.WEXITSTATUS(status) != 0:
        raise AssertionError(f"the child ended by itself: {said}")
    return int(said)


def _child(work: Callable[[], object], moment: int, writing: int) -> None:
    countdown = _Countdown(moment)
    say = os.write
    try:
        exclusive = file_ops._exclusive_rename()
        for name in CHANGES:
            plain = getattr(os, name)
            watched = countdown.around(plain)
            for capable in (os.supports_fd, os.supports_follow_symlinks):
                if plain in capable:
                    capable.add(watched)
            setattr(os, name, watched)
        if exclusive is not None:
            watched_rename = countdown.around(exclusive)
            file_ops._exclusive_rename = lambda: watched_rename  # type: ignore[assignment]
        executor.GROUP = GROUP
        work()
        say(writing, str(2 * countdown.count).encode())
        os._exit(0)
    except BaseException as error:
        say(writing, repr(error).encode())
        os._exit(1)
