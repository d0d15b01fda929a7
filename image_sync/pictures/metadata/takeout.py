"""Capture date in the JSON file that Google Takeout puts beside a picture.

Which file belongs to which picture is told by its name (``sidecars``); only the content is read here.
"""

from __future__ import annotations

import json
from datetime import tzinfo

from image_sync.pictures.metadata.dates import Moment, from_unix

_LIMIT = 4 * 1024 * 1024


def takeout_moment(text: bytes, zone: tzinfo | None = None) -> Moment | None:
    """``photoTakenTime`` of ``text``, which is UTC, shown in ``zone``; ``None`` when it is not there or blank.

    ``creationTime`` is when the picture was uploaded and never counts.
    """
    if len(text) > _LIMIT:
        return None
    try:
        taken = json.loads(text)["photoTakenTime"]["timestamp"]
        seconds = int(taken)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, OverflowError):
        return None
    return from_unix(seconds, zone) if seconds else None
