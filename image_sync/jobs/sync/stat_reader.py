"""One look at one place, as it is compared and remembered."""

from __future__ import annotations

import os
import stat

from image_sync.jobs.sync.packed_stats import FOLDER_LOOK, SPECIAL_LOOK, Look, pack


def look_at(place: bytes, lasting: bool) -> Look | None:
    """Status of a place, links not followed; ``None`` when nothing is there, or nobody can say."""
    try:
        status = os.lstat(place)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return FOLDER_LOOK
    if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
        return pack(status, lasting)
    return SPECIAL_LOOK
