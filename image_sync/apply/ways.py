"""The way to a folder that is written to: walked name by name, by descriptors, so that no link can lead it astray.

``folders`` looks at a way before an operation; a link may appear after that look.  So the call that makes, renames or
removes a name is handed the folder itself, opened from the chosen folder down without following a link.  Systems
without such calls (Windows) get the path.  Nothing here changes anything.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Iterable, Iterator

from image_sync.base import paths

_HAS = os.name == "posix" and {os.open, os.mkdir, os.rmdir, os.unlink, os.rename, os.link, os.symlink, os.utime} <= (
    os.supports_dir_fd
)
_FOLDER = (
    getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
)  # a folder that may be written to and not be listed can be opened as a mere place
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_open = os.open
_lock = threading.Lock()
_roots: list[str] = []


@contextlib.contextmanager
def within(roots: Iterable[str]) -> Iterator[None]:
    """While a run works on ``roots``: below them no link is followed to what is written."""
    mine = [root for root in roots if root]
    with _lock:
        _roots.extend(mine)
    try:
        yield
    finally:
        with _lock:
            for root in mine:
                _roots.remove(root)


@contextlib.contextmanager
def place(path: str) -> Iterator[tuple[str, int | None]]:
    """The name of ``path`` and the open folder that holds it, for a call with ``dir_fd``.

    Outside of the chosen folders it is the path and ``None``.  Raises ``OSError``: with ``ELOOP`` when a link stands on
    the way.
    """
    folder = paths.parent(path)
    root = _root_of(folder)
    if not root:
        yield path, None
        return
    handle = _walked(root, folder)
    try:
        yield paths.name(path), handle
    finally:
        os.close(handle)


def _root_of(folder: str) -> str:
    if not _HAS or not folder:
        return ""
    with _lock:
        return max((root for root in _roots if paths.is_inside(folder, root)), key=len, default="")


def _walked(root: str, folder: str) -> int:
    handle, reached = _open(root, _FOLDER), root
    try:
        for name in paths.components(folder[len(root) :]):
            reached = paths.join(reached, name)
            inner = _inside(handle, name, reached)
            os.close(handle)
            handle = inner
    except BaseException:
        os.close(handle)
        raise
    return handle


def _inside(handle: int, name: str, path: str) -> int:
    try:
        return _open(name, _FOLDER | _NO_LINK, dir_fd=handle)
    except OSError as error:
        code = errno.ELOOP if error.errno == errno.ENOTDIR and os.path.islink(path) else error.errno or errno.EIO
        raise OSError(code, os.strerror(code), path) from error
