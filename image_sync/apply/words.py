"""Why an operation could not be done, in words for a person.

Errors of the operating system are numbers and jargon; a person needs the reason and what to do about it.  Everything
in this room that gives up on one file raises ``Trouble`` or lets an ``OSError`` through, and only the functions here
turn either into a ``Problem``.  Nothing here touches a file.
"""

from __future__ import annotations

import errno
import os

from image_sync.base import paths
from image_sync.base.model import Problem

SCAN_AGAIN = "Scan again to see how things stand now."


class Trouble(Exception):
    """One operation can't be done; nothing of it was done.

    ``why`` and ``hint`` are those of the ``Problem``; ``path`` is the place in question where it is another than the
    operation's own.
    """

    def __init__(self, why: str, hint: str = "", path: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint
        self.path = path


_FULL = ("there is no room left on the disk", "Make room on it, then resume.")
_DENIED = ("permission is missing", "Check who may write to the file and to both folders.")
_GONE = ("it is no longer there", SCAN_AGAIN)
_AWAY = ("the disk or network folder is no longer connected", "Connect it again, then resume.")
_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: ("the disk can only be read", "Take off its write protection, or choose another folder."),
    errno.ENAMETOOLONG: ("the name or the path is too long for that disk", "Use a shorter name or folder."),
    errno.ENOENT: _GONE,
    errno.ENOTDIR: ("a file stands where a folder is needed", "Rename or move that file."),
    errno.EISDIR: ("a folder stands where a file is needed", "Rename or move that folder."),
    errno.EEXIST: ("something of that name is there now", SCAN_AGAIN),
    errno.ENOTEMPTY: ("the folder is not empty", "Look at what is in it."),
    errno.EIO: ("the disk reported an error", "It may be failing: back it up before anything else."),
    errno.EFBIG: ("the file is too large for that disk", "FAT disks hold files up to 4 GB only."),
    errno.EBUSY: ("another program is using it", "Close that program and try again."),
    errno.ELOOP: ("it is a link now, and links are not followed", SCAN_AGAIN),
    errno.EXDEV: ("the two places are on different disks", "Choose copy or move instead."),
    errno.EMLINK: ("that disk allows no further link to the file", "Choose copy or move instead."),
    errno.EINVAL: ("that disk can't hold such a name", "Rename the file."),
    errno.EMFILE: ("too many files are open", "Close other programs and try again."),
    errno.ENODEV: _AWAY,
    errno.ENXIO: _AWAY,
    getattr(errno, "ESTALE", errno.ENODEV): _AWAY,
    getattr(errno, "ENOTCONN", errno.ENODEV): _AWAY,
    getattr(errno, "EHOSTDOWN", errno.ENODEV): _AWAY,
}


def is_full(error: BaseException) -> bool:
    """Whether ``error`` says that a disk or a quota is full."""
    return isinstance(error, OSError) and _REASONS.get(error.errno or 0) is _FULL


def reason(error: OSError) -> tuple[str, str]:
    """Why and hint for an error of the operating system."""
    known = _REASONS.get(error.errno or 0)
    if known:
        return known
    return (error.strerror or str(error) or type(error).__name__, "")


def problem(path: str, what: str, error: Trouble | OSError) -> Problem:
    """What could not be done with ``path``, and why; another path in question is named."""
    if isinstance(error, Trouble):
        why, hint, place = error.why, error.hint, error.path
    else:
        (why, hint), place = reason(error), _place(error)
    if place and place != path and paths.display(place) not in what:
        why = f"{paths.display(place)}: {why}"
    return Problem(path, what, why, hint)


def _place(error: OSError) -> str:
    name = error.filename
    return os.fsdecode(name) if isinstance(name, (str, bytes)) else ""
