"""Recording date of a movie: QuickTime, MP4 and 3GP boxes, and AVI chunks.

Apple writes the camera's own time with its offset; everybody else writes UTC into the movie header, which has to be
shown in some zone.  Only headers are read; the pictures and the sound are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from image_sync.pictures.metadata.boxes import boxes, child
from image_sync.pictures.metadata.containers import riff_chunks
from image_sync.pictures.metadata.dates import (
    UNIX_EPOCH,
    Moment,
    Precision,
    believable,
    from_unix,
    is_day,
    settled,
    spelled,
)
from image_sync.pictures.metadata.name_dates import month_number
from image_sync.pictures.metadata.reading import Window

CREATION_DATE = b"com.apple.quicktime.creationdate"
CONTENT_IDENTIFIER = b"com.apple.quicktime.content.identifier"
FROM_1904_TO_1970 = 2_082_844_800
"""Seconds between the epochs of QuickTime and Unix (ISO/IEC 14496-12 counts from midnight, 1 January 1904, UTC)."""
_KEYS_LIMIT = 64 * 1024
_KEY_LIMIT = 1_000
_VALUE_LIMIT = 1_024
_A_YEAR = 366 * 86_400
_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
"""What QuickTime and MPEG-4 files begin with."""


def apple_creation_date(file: Window, zone: tzinfo | None) -> Moment | None:
    """The date that an iPhone or iPad writes, on the camera's own clock; ``None`` when there is none."""
    value = apple_value(file, CREATION_DATE) or _user_data_date(file)
    moment = spelled(value)
    return settled(moment, zone) if moment else None


def header_date(file: Window, zone: tzinfo | None) -> Moment | None:
    """The creation time of the movie header (UTC), shown in ``zone``; ``None`` when it is blank or not believable.

    Times before 1970 are taken for seconds since 1970, which some recorders write; a clock that was never set (within
    a year of either epoch) is no date.
    """
    seconds = _header_seconds(file)
    return from_unix(seconds, zone) if seconds > _A_YEAR else None


def unbelievable_header_date(file: Window) -> str:
    """The day (UTC) that a movie header states and that can't be true, as ``2099-01-01``; empty when there is none."""
    seconds = _header_seconds(file)
    if seconds <= _A_YEAR or from_unix(seconds, None):
        return ""
    try:
        return str((UNIX_EPOCH + timedelta(seconds=seconds)).date())
    except OverflowError:
        return "a year beyond 9999"


def _header_seconds(file: Window) -> int:
    """The creation time of the movie header in seconds since 1970; 0 or less when there is none."""
    header = child(file, b"moov", b"mvhd")
    if header is None:
        return 0
    seconds = header.number(4, 8 if header.number(0, 1) == 1 else 4)
    return seconds - FROM_1904_TO_1970 if seconds >= FROM_1904_TO_1970 else seconds


def ends_early(file: Window) -> bool:
    """Whether a movie is shorter than its own parts say: it was cut off when it was copied or recorded.

    A file that is not made of such parts at all is not judged.
    """
    head = file.read(0, 12)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return 8 + file.number(4, 4, "little") > file.size + 1
    if head[4:8] not in _FIRST_BOXES:
        return False
    end = 0
    for box in boxes(file):
        end = box.at + box.size
    return end > file.size


def apple_value(file: Window, key: bytes) -> str:
    """The text that Apple's movie metadata (``moov/meta``) has under ``key``; empty when there is none."""
    meta = child(file, b"moov", b"meta")
    if meta is None:
        return ""
    if meta.read(4, 4) != b"hdlr":
        meta = meta.part(4)  # MPEG-4 puts a version in front of the boxes, QuickTime does not
    number = next((index for index, name in _keys(child(meta, b"keys")) if name == key), None)
    items = child(meta, b"ilst")
    if number is None or items is None:
        return ""
    for item in boxes(items):
        if int.from_bytes(item.type, "big") == number:
            data = child(item.body, b"data")
            return data.read(8, _VALUE_LIMIT).decode("utf-8", "replace").strip() if data else ""
    return ""


def _keys(keys: Window | None) -> Iterator[tuple[int, bytes]]:
    if keys is None:
        return
    data = keys.read(0, _KEYS_LIMIT)
    at = 8
    for number in range(1, _KEY_LIMIT):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:
            return
        yield number, data[at + 8 : at + size]
        at += size


def _user_data_date(file: Window) -> str:
    """The date under ``©day`` in ``moov/udta``, where older iPhones write it: length, language, text."""
    day = child(file, b"moov", b"udta", b"\xa9day")
    return day.read(4, _VALUE_LIMIT).decode("utf-8", "replace").strip() if day else ""


# --- AVI ------------------------------------------------------------------------------------------------------------

_LETTERED = re.compile(
    r"\s*[A-Za-z]{3}\s+(?P<month>[A-Za-z]{3})\s+(?P<day>[0-9]{1,2})\s+"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})\s+(?P<year>[0-9]{4})"
)


def avi_date(file: Window) -> Moment | None:
    """The date of digitization (``IDIT``) of an AVI, else that of its creation (``ICRD``) to the second, on the
    camera's own clock; ``None`` when there is neither.

    An ``ICRD`` without a time is what editors write on the day they save.
    """
    created = None
    for part in riff_chunks(file, 12):
        wanted = _AVI_DATES.get(part.body.read(0, 4)) if part.type == b"LIST" else None
        for chunk in riff_chunks(part.body, 4) if wanted else ():
            if chunk.type == wanted:
                text = chunk.body.read(0, 64).decode("latin-1").strip("\0\n ")
                moment = spelled(text) or _lettered(text)
                if wanted == b"IDIT":
                    return moment or created
                if moment and moment.precision is Precision.SECOND:
                    created = created or moment
    return created


_AVI_DATES = {b"hdrl": b"IDIT", b"INFO": b"ICRD"}
"""The lists of an AVI that hold a date, and the chunk that is one."""


def _lettered(text: str) -> Moment | None:
    """``Fri Mar 14 12:30:35 2003``, as C's ``asctime`` writes it."""
    match = _LETTERED.match(text)
    if not match:
        return None
    year, month, day = int(match["year"]), month_number(match["month"]) or 0, int(match["day"])
    clock = (int(match["hour"]), int(match["minute"]), int(match["second"]))
    if not is_day(year, month, day) or not believable(year) or clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    return Moment(datetime(year, month, day, *clock))
