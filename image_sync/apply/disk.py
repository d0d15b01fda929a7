"""Services of the disk itself: holding what was written, and how much more it can take.

Nothing here changes a file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Iterator

from image_sync.base import paths
from image_sync.base.errors import explained
from image_sync.base.model import Problem

NO_SUCH_CALL = frozenset(
    {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, getattr(errno, "EOPNOTSUPP", errno.ENOTSUP), errno.ENOTTY}
)
"""Errors by which a system says that it can't do at all what it was asked for."""
_NO_FOLDER_FLUSH = NO_SUCH_CALL | {errno.EACCES, errno.EPERM, errno.EBADF, errno.EISDIR}


def flush(handle: int) -> None:
    """Have the content of an open file on the disk."""
    os.fsync(handle)


def flush_folder(folder: str) -> None:
    """Have the names in a folder on the disk, where the system can be asked for that."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return  # gone again, or not readable: there is nothing to hold on to
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_FLUSH:
            raise
    finally:
        os.close(handle)


def flush_folders(folders: Iterable[str]) -> Iterator[Problem]:
    """``flush_folder`` for each; a problem for each that the disk refused."""
    for folder in sorted(folders):
        try:
            flush_folder(folder)
        except OSError as error:
            yield Problem(folder, "what was done here may not be safe on the disk yet", *explained(error))


def forget_cached(handle: int) -> None:
    """Ask the system to drop its cached pages of a flushed file, so that reading it again asks the disk."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def room(folder: str) -> int | None:
    """Bytes that are free for us where ``folder`` is or would be made; ``None`` when nobody knows."""
    import shutil

    try:
        return shutil.disk_usage(standing(folder)).free
    except (OSError, ValueError):
        return None


def device(folder: str) -> int | None:
    """The file system that holds ``folder`` or would hold it; ``None`` when nobody knows."""
    try:
        return os.stat(standing(folder)).st_dev
    except (OSError, ValueError):
        return None


def standing(folder: str) -> str:
    """``folder``, or the nearest one around it that exists."""
    while not os.path.exists(folder) and paths.parent(folder) not in ("", folder):
        folder = paths.parent(folder)
    return folder
