"""Atomic writing of a small file of the program's own: it is there as a whole or as it was before.

For settings, presets and reviews; the user's pictures go another way (``apply.file_ops``).
"""

from __future__ import annotations

import contextlib
import os
import tempfile

from image_sync.base.own_files import TEMPORARY_PREFIX
from image_sync.base.places import make_private


def write_whole(path: str, content: bytes) -> None:
    """Write the file at once, for the user alone where it is new; a link is followed, missing folders are made.

    Raises ``OSError``; what stood there stands as it was then.
    """
    place = os.path.realpath(path)
    folder = os.path.dirname(place)
    if not os.path.isdir(folder):
        make_private(folder)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=TEMPORARY_PREFIX)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):
            os.chmod(temporary, os.stat(place).st_mode & 0o7777)
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(temporary)
        raise
