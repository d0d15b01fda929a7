"""Errors of the system in words for a person."""

from __future__ import annotations

import errno


def reason(error: OSError) -> str:
    """The reason of an ``OSError``, in words without its number."""
    known = {
        errno.EACCES: "no permission",
        errno.EPERM: "no permission",
        errno.ENOENT: "it is not there any more",
        errno.ENOTDIR: "it is not a folder",
        errno.ENOSPC: "the disk is full",
        errno.EROFS: "the disk is read-only",
        errno.EIO: "the disk reports a read error",
        errno.ENAMETOOLONG: "the name is too long",
        errno.ELOOP: "its links run in a circle",
    }
    return known.get(error.errno or 0, (error.strerror or str(error)).lower())
