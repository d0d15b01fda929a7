"""Checks of a chosen folder: read as an input, or written as an output; in words where it can't be used.

Every job asks here before it looks at anything.  Nothing here is made or changed, and no path, however odd, raises.
"""

from __future__ import annotations

import os

from image_sync.base import paths
from image_sync.base.errors import reason


def real(folder: str) -> str:
    """The absolute, real path; ``folder`` itself where it is no name of a folder at all."""
    try:
        return os.path.realpath(folder)
    except (OSError, ValueError):
        return folder


def is_file(path: str) -> bool:
    """Whether a regular file is there; no name, however odd, raises."""
    try:
        return os.path.isfile(path)
    except ValueError:
        return False


def unreadable(folder: str, called: str = "") -> str:
    """Reason why ``folder`` can't be looked through; empty when it can.  ``called`` is what the folder is to the
    job."""
    shown = f"{called} {paths.display(folder)}".lstrip()
    try:
        if not os.path.lexists(folder):
            return f"{shown} is not there; is its disk connected, or has it yet to be made?"
        if not os.path.isdir(folder):
            return f"{shown} is not a folder"
        with os.scandir(folder) as entries:
            next(entries, None)
    except ValueError:
        return f"{shown} is no name of a folder"
    except OSError as error:
        return f"{shown} can't be read: {reason(error)}"
    return ""


def unwritable(folder: str) -> str:
    """Reason why nothing can be written in ``folder``, which is made where it is missing; empty when all is well."""
    shown = paths.display(folder)
    try:
        if os.path.lexists(folder):
            return unreadable(folder) or _closed(folder)
        standing = os.path.realpath(folder)
        while not os.path.isdir(standing) and os.path.dirname(standing) != standing:
            if os.path.lexists(standing):
                return f"{shown} can't be made: {paths.display(standing)} is not a folder"
            standing = os.path.dirname(standing)
    except ValueError:
        return f"{shown} is no name of a folder"
    except OSError as error:
        return f"{shown} can't be read: {reason(error)}"
    return _closed(standing)


def immovable(folder: str) -> str:
    """Reason why no file can leave ``folder``, neither it nor any folder in it; empty when one may.

    A card with its write protection on, a disk that belongs to somebody else.
    """
    try:
        with os.scandir(folder) as entries:
            inner = (entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
            if any(not _closed(place) for place in (folder, *inner)):
                return ""
    except (OSError, ValueError):
        return ""  # that is for ``unreadable`` to say
    return (
        f"Nothing can be moved out of {paths.display(folder)}: it is read-only, or permission is missing; copy instead"
    )


def _closed(folder: str) -> str:
    if os.access(folder, os.W_OK | os.X_OK):
        return ""
    return f"Nothing can be written in {paths.display(folder)}: it is read-only, or permission is missing"
