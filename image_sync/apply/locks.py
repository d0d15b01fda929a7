"""One run at a time on the same folders, and a sure way to tell a run that goes on from one whose process is gone.

A lock is a file in the state folder that is locked by the operating system, so it ends with its process however that
ends; nothing has to be cleaned up after a crash, and a left-over file means nothing.  Where the file system of the
state folder can't lock, the process id and start time written in the file decide.  Nothing here touches the user's
folders.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from image_sync.base import paths, places
from image_sync.base.errors import reason
from image_sync.base.model import Refused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ELSEWHERE = "IMAGE_SYNC_STATE names another place for what the program keeps."
GATE_SECONDS = 10.0
"""How long to wait for another process that is taking or giving back its locks: it needs milliseconds."""
GATE = "gate"
"""The lock under which locks are taken and given back, by one process at a time."""
_BUSY = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, getattr(errno, "EDEADLK", errno.EAGAIN)})
_FAR = 1 << 30
"""Offset of the byte that is locked on Windows, where a locked byte can't be read: far behind the text."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Holder of a lock: process id, when it began (empty where unknown), and what it holds."""

    process: int
    born: str
    root: str


class FileLock:
    """A lock on the file ``path``, which is made when it does not exist."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle = -1

    def take(self, root: str = "", patience: float = 0.0) -> bool:
        """Take the lock, waiting at most ``patience`` seconds; ``False`` when somebody still holds it then.

        Raises ``OSError`` when the file can't be made.
        """
        deadline = time.monotonic() + patience
        while not self._try(root):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        return True

    def _try(self, root: str) -> bool:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            taken = _lock(handle, self._path, exclusive=True)
            if taken:
                _write_holder(handle, Holder(os.getpid(), _born(os.getpid()), root))
        except BaseException:
            os.close(handle)
            raise
        if not taken:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def give_back(self, remove: bool = False) -> None:
        """End the lock; ``remove`` takes the file away too."""
        if self._handle < 0:
            return
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
        if remove and os.name != "nt":
            with contextlib.suppress(OSError):
                os.unlink(self._path)
        os.close(self._handle)
        self._handle = -1
        if remove and os.name == "nt":
            with contextlib.suppress(OSError):
                os.unlink(self._path)


def holder(path: str) -> Holder | None:
    """The present holder of the lock file ``path``; ``None`` when nobody holds it."""
    try:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    try:
        if _lock(handle, path, exclusive=False):
            return None
        return _read_holder(path) or Holder(0, "", "")
    except OSError:
        return None
    finally:
        os.close(handle)


@contextlib.contextmanager
def hold_roots(roots: Iterable[str]) -> Iterator[None]:
    """Hold the chosen folders while a run works on them.

    Raises ``Refused`` when another run holds one of them, or a folder inside or around one of them.
    """
    folder = os.path.join(places.state_folder(), "locks")
    wanted = sorted({os.path.normcase(os.path.realpath(root)) for root in roots if root})
    taken: list[FileLock] = []
    try:
        try:
            _take_all(folder, wanted, taken)
        except OSError as error:
            raise Refused(
                f"The folders can't be locked in {paths.display(folder)}: {reason(error)}. {ELSEWHERE}"
            ) from error
        yield
    finally:
        _give_back_all(folder, taken)


def _take_all(folder: str, wanted: list[str], taken: list[FileLock]) -> None:
    places.make_private(places.state_folder())
    places.make_private(folder)
    gate = FileLock(os.path.join(folder, GATE))
    if not gate.take(patience=GATE_SECONDS):
        raise Refused("Another run has been starting for a while; try again in a moment.")
    try:
        _refuse_held(folder, wanted)
        for root in wanted:
            lock = FileLock(os.path.join(folder, _lock_name(root)))
            if not lock.take(root):
                raise _refusal(root, 0)
            taken.append(lock)
    finally:
        gate.give_back()


def _give_back_all(folder: str, taken: list[FileLock]) -> None:
    """Give the locks back; their files are removed only under the gate, so that nobody is just opening one."""
    if not taken:
        return
    gate = FileLock(os.path.join(folder, GATE))
    try:
        alone = gate.take(patience=GATE_SECONDS)
    except OSError:
        alone = False
    for lock in taken:
        lock.give_back(remove=alone)
    gate.give_back()


def _refuse_held(folder: str, wanted: list[str]) -> None:
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".lock"):
            continue
        other = holder(os.path.join(folder, name))
        if other is None:
            continue
        for root in wanted:
            if name == _lock_name(root) or paths.is_inside(root, other.root) or paths.is_inside(other.root, root):
                raise _refusal(root, other.process)


def _refusal(root: str, process: int) -> Refused:
    who = f" (process {process})" if process else ""
    return Refused(f"Another run is working on {paths.display(root)}{who}. Wait until it has ended, or stop it.")


def _lock_name(root: str) -> str:
    return hashlib.sha256(os.fsencode(root)).hexdigest()[:32] + ".lock"


def _write_holder(handle: int, who: Holder) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps([who.process, who.born, who.root]).encode("ascii"))


def _read_holder(path: str) -> Holder | None:
    try:
        with open(path, "rb") as stream:
            process, born, root = json.loads(stream.read())
        return Holder(int(process), str(born), str(root))
    except (OSError, ValueError, TypeError):
        return None


def _lock(handle: int, path: str, exclusive: bool) -> bool:
    """Lock an open file without waiting; ``False`` when another holds it."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        who = _read_holder(path)  # no locks on this file system
        return who is None or not _is_alive(who)
    return True


def _is_alive(who: Holder) -> bool:
    if os.name == "nt" or who.process <= 0:
        return False
    try:
        os.kill(who.process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    born = _born(who.process)
    return not (born and who.born) or born == who.born


def _born(process: int) -> str:
    """Birth of a process, as a text that no later process of the same id has; empty where it can't be known."""
    try:
        with open(f"/proc/{process}/stat", "rb") as stream:
            ticks = stream.read().rpartition(b")")[2].split()[19].decode("ascii")
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:
            return f"{stream.read().strip()}/{ticks}"
    except (OSError, IndexError, ValueError):
        return ""
