"""Recording date of movies in containers that are no QuickTime: Matroska and WebM, Windows Media, AVCHD.

Only the first part of a file is read.  Matroska and Windows Media state UTC; AVCHD the camera's own clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from image_sync.pictures.metadata.dates import Moment, believable, is_day, settled
from image_sync.pictures.metadata.reading import Window

_HEAD = 256 * 1024
"""Bytes that are searched: the headers stand before the first pictures, and AVCHD repeats its date with each."""
_MATROSKA = b"\x1a\x45\xdf\xa3"
_MATROSKA_INFO = b"\x15\x49\xa9\x66"
_MATROSKA_DATE = b"\x44\x61\x88"
"""``DateUTC``: nanoseconds since the first moment of 2001, eight bytes."""
_WINDOWS_MEDIA = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_WINDOWS_MEDIA_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
"""The file properties object: GUID, size, file's GUID and size, then the creation date in 100 ns since 1601."""
_AVCHD_DATE = b"MDPM"
"""``MDPM`` among the user data of H.264: a count, then tags of one byte with four bytes each."""
_PACKET = 188


def other_movie_date(file: Window, zone: tzinfo | None) -> Moment | None:
    """The date of a movie that is no QuickTime and no AVI; ``None`` for anything else, or when it states none."""
    head = file.read(0, 16)
    if head[:4] == _MATROSKA:
        return _matroska(file.read(0, _HEAD), zone)
    if head == _WINDOWS_MEDIA:
        return _windows_media(file.read(0, _HEAD), zone)
    if file.read(0, 1) == b"G" and file.read(_PACKET, 1) == b"G":
        return _avchd(file.read(0, _HEAD))
    if file.read(4, 1) == b"G" and file.read(4 + _PACKET + 4, 1) == b"G":
        return _avchd(file.read(0, _HEAD))
    return None


def _matroska(data: bytes, zone: tzinfo | None) -> Moment | None:
    info = data.find(_MATROSKA_INFO)
    at = data.find(_MATROSKA_DATE, info) if info >= 0 else -1
    value = data[at + 3 : at + 11]
    if at < 0 or len(value) < 8:
        return None
    return _universal(datetime(2001, 1, 1), int.from_bytes(value, "big", signed=True) / 1e9, zone)


def _windows_media(data: bytes, zone: tzinfo | None) -> Moment | None:
    at = data.find(_WINDOWS_MEDIA_FILE)
    value = data[at + 48 : at + 56]
    if at < 0 or len(value) < 8:
        return None
    return _universal(datetime(1601, 1, 1), int.from_bytes(value, "little") / 1e7, zone)


def _universal(epoch: datetime, seconds: float, zone: tzinfo | None) -> Moment | None:
    try:
        when = epoch + timedelta(seconds=round(seconds))
    except (OverflowError, ValueError):
        return None
    known = believable(when.year) and when != epoch
    return settled(Moment(when, universal=True), zone) if known else None


def _avchd(data: bytes) -> Moment | None:
    """Tag 0x18: zone, century, year, month; tag 0x19: day, hour, minute, second; each a byte of two decimal digits."""
    at = data.find(_AVCHD_DATE)
    if at < 0:
        return None
    values = data[at + 5 : at + 5 + 10]
    if len(values) < 10 or values[0] != 0x18 or values[5] != 0x19:
        return None
    digits = values[2:5] + values[6:10]
    if any(byte >> 4 > 9 or byte & 15 > 9 for byte in digits):
        return None
    century, year, month, day, hour, minute, second = ((byte >> 4) * 10 + (byte & 15) for byte in digits)
    if not is_day(century * 100 + year, month, day) or hour > 23 or minute > 59 or second > 59:
        return None
    when = datetime(century * 100 + year, month, day, hour, minute, second)
    return Moment(when) if believable(when.year) else None
