"""Errors of the system in words for a person: why it refused, and what to do about it.

They are numbers and jargon; every part of the program asks here for the words.  Nothing here touches a file.
"""

from __future__ import annotations

import errno
import os

from image_sync.base import paths

SCAN_AGAIN = "Scan again to see how things stand now."

_FULL = ("there is no room left on the disk", "Make room on it, then resume.")
_DENIED = ("no permission", "Check who may read and write the file and both folders.")
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
    errno.ELOOP: ("it is a link, and links are not followed here", SCAN_AGAIN),
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


def explained(error: OSError) -> tuple[str, str]:
    """The reason of an ``OSError`` and what to do about it (empty where nobody knows)."""
    known = _REASONS.get(error.errno or 0)
    return known or ((error.strerror or str(error) or type(error).__name__).lower().rstrip("."), "")


def reason(error: OSError) -> str:
    """The reason of an ``OSError``, in words without its number."""
    return explained(error)[0]


def unread(error: OSError) -> str:
    """A sentence on what the system refused to show, with its path where that is known."""
    named = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    shown = paths.display(named) if named else "What is needed"
    return f"{shown} can't be read: {reason(error)}"
