"""Checks of a chosen folder: read as an input, or written as an output; in words where it can't be used.

Every job asks here before it looks at anything.  Nothing here is made or changed, and no path, however odd, raises.
"""

from __future__ import annotations

import os

from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.said import Value
from image_sync.jobs.reasons import Mistake


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


def unreadable(folder: str, called: Value = "") -> str:
    """Reason why ``folder`` can't be looked through; empty when it can.  ``called`` is what the folder is to the
    job."""
    plain = paths.display(folder)
    shown = Mistake.NAMED(called=called, folder=plain) if called else plain
    try:
        if not os.path.lexists(folder):
            return Mistake.NOT_THERE(folder=shown)
        if not os.path.isdir(folder):
            return Mistake.NO_FOLDER(folder=shown)
        with os.scandir(folder) as entries:
            next(entries, None)
    except ValueError:
        return Mistake.NO_NAME(folder=shown)
    except OSError as error:
        return Mistake.UNREADABLE(folder=shown, why=reason(error))
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
                return Mistake.CANT_BE_MADE(folder=shown, place=paths.display(standing))
            standing = os.path.dirname(standing)
    except ValueError:
        return Mistake.NO_NAME(folder=shown)
    except OSError as error:
        return Mistake.UNREADABLE(folder=shown, why=reason(error))
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
    return Mistake.IMMOVABLE(folder=paths.display(folder))


def _closed(folder: str) -> str:
    if os.access(folder, os.W_OK | os.X_OK):
        return ""
    return Mistake.CLOSED(folder=paths.display(folder))
