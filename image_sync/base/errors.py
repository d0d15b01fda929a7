"""Errors of the system in words for a person: why it refused, and what to do about it.

They are numbers and jargon; every part of the program asks here for the words.  Nothing here touches a file.
"""

from __future__ import annotations

import errno
import os

from image_sync.base import paths
from image_sync.base.said import N_, Common

SCAN_AGAIN = N_("Scan again to see how things stand now.")

_FULL = (N_("there is no room left on the disk"), N_("Make room on it, then resume."))
_DENIED = (N_("no permission"), N_("Check who may read and write the file and both folders."))
_GONE = (N_("it is no longer there"), SCAN_AGAIN)
_AWAY = (N_("the disk or network folder is no longer connected"), N_("Connect it again, then resume."))
_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: (N_("the disk can only be read"), N_("Take off its write protection, or choose another folder.")),
    errno.ENAMETOOLONG: (N_("the name or the path is too long for that disk"), N_("Use a shorter name or folder.")),
    errno.ENOENT: _GONE,
    errno.ENOTDIR: (N_("a file stands where a folder is needed"), N_("Rename or move that file.")),
    errno.EISDIR: (N_("a folder stands where a file is needed"), N_("Rename or move that folder.")),
    errno.EEXIST: (N_("something of that name is there now"), SCAN_AGAIN),
    errno.ENOTEMPTY: (N_("the folder is not empty"), N_("Look at what is in it.")),
    errno.EIO: (N_("the disk reported an error"), N_("It may be failing: back it up before anything else.")),
    errno.EFBIG: (N_("the file is too large for that disk"), N_("FAT disks hold files up to 4 GB only.")),
    errno.EBUSY: (N_("another program is using it"), N_("Close that program and try again.")),
    errno.ELOOP: (N_("it is a link, and links are not followed here"), SCAN_AGAIN),
    errno.EXDEV: (N_("the two places are on different disks"), N_("Choose copy or move instead.")),
    errno.EMLINK: (N_("that disk allows no further link to the file"), N_("Choose copy or move instead.")),
    errno.EINVAL: (N_("that disk can't hold such a name"), N_("Rename the file.")),
    errno.EMFILE: (N_("too many files are open"), N_("Close other programs and try again.")),
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
    if named:
        return Common.CANT_BE_READ(path=paths.display(named), why=reason(error))
    return Common.NOT_READ(why=reason(error))
