"""The JSON file that Google Takeout puts beside a picture: capture date, place, caption, whether it lay in the bin.

Which file belongs to which picture is told by its name (``sidecars``); only the content is read here.
"""

from __future__ import annotations

import json
from datetime import tzinfo
from typing import Any

from image_sync.base.stated import Position, Stated
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


def takeout_stated(text: bytes) -> Stated:
    """Place and caption of ``text``; the place as the user set it before that of the camera."""
    if len(text) > _LIMIT:
        return Stated()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Stated()
    if not isinstance(found, dict):
        return Stated()
    caption = found.get("description")
    places = (_position(found.get(name)) for name in ("geoData", "geoDataExif"))
    return Stated(
        position=next(filter(None, places), None), caption=caption.strip() if isinstance(caption, str) else ""
    )


def is_trashed(text: bytes) -> bool:
    """Whether ``text`` says that the picture lay in the bin when the library was exported."""
    if len(text) > _LIMIT or b'"trashed"' not in text:
        return False
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("trashed") is True


def _position(place: Any) -> Position | None:
    """A position; nought degrees by nought are what stands there where none is known."""
    try:
        north, east, height = (float(place[name]) for name in ("latitude", "longitude", "altitude"))
    except (TypeError, KeyError, ValueError):
        return None
    if not (north or east) or not (abs(north) <= 90 and abs(east) <= 180):
        return None
    return Position(north, east, height or None)
