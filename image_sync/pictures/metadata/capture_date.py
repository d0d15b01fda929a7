"""Capture date of a picture or a movie, and the source that states it.

The one door to all readers of dates.  The best source wins, in the order of the rules: what states when the picture was
*taken* (EXIF, XMP and IPTC in the file, then sidecars: XMP, Google Takeout, THM), the file's name where it states a
day, then what states less: when it was digitized, the position's date, when it was changed, and its modification time
only when asked for.  Of a movie: Apple's creation date, the movie header, then sidecars and the name.  A date that is
blank, impossible, not believable, or that of a clock which was never set, is passed over as if it were not there.
Headers only are read, and nothing is written.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from enum import Enum

from image_sync.archives.opening import modified, open_binary
from image_sync.base import paths
from image_sync.pictures.metadata.containers import XMP_LIMIT, Embedded, embedded, is_movie
from image_sync.pictures.metadata.dates import (
    Moment,
    Precision,
    believable,
    from_unix,
    is_day,
    never_set,
    settled,
    spelled,
    zone_named,
)
from image_sync.pictures.metadata.iptc import iptc_moment
from image_sync.pictures.metadata.movie_dates import (
    apple_creation_date,
    avi_date,
    header_date,
    unbelievable_header_date,
)
from image_sync.pictures.metadata.name_dates import date_in_name
from image_sync.pictures.metadata.other_movies import camcorder_date, other_movie_date
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.takeout import takeout_moment
from image_sync.pictures.metadata.tiff import ExifMoments, exif_moments, stated_dates
from image_sync.pictures.metadata.xmp import XmpMoments, xmp_moments

__all__ = ["CaptureDate", "DateSource", "Precision", "capture_date", "doubtful_date"]


class DateSource(Enum):
    """The source of a capture date, in words for the user; the better ones first."""

    EXIF_ORIGINAL = "EXIF, date taken"
    APPLE_CREATION_DATE = "movie, Apple's creation date"
    MOVIE_HEADER = "movie header"
    AVI_HEADER = "AVI header"
    EMBEDDED_XMP = "XMP in the file"
    IPTC = "IPTC, date created"
    PNG_TEXT = "PNG, creation time"
    XMP_SIDECAR = "XMP sidecar"
    TAKEOUT_JSON = "Google Takeout"
    ICLOUD_LIST = "iCloud's list"
    THUMBNAIL_SIDECAR = "THM sidecar"
    CAMCORDER_SIDECAR = "MOI sidecar"
    FILE_NAME = "file name"
    EXIF_DIGITIZED = "EXIF, date digitized"
    XMP_DIGITIZED = "XMP, date digitized"
    POSITION = "date of the GPS position"
    EXIF_MODIFIED = "EXIF, date changed"
    PNG_CHANGED = "PNG, last change"
    MODIFICATION_TIME = "file's modification time"

    @property
    def is_inside(self) -> bool:
        """Whether the picture or movie itself states the date, wherever it is moved and whatever it is called."""
        return self not in _OUTSIDE


_OUTSIDE = frozenset(
    {
        DateSource.XMP_SIDECAR,
        DateSource.TAKEOUT_JSON,
        DateSource.ICLOUD_LIST,
        DateSource.THUMBNAIL_SIDECAR,
        DateSource.CAMCORDER_SIDECAR,
        DateSource.FILE_NAME,
        DateSource.MODIFICATION_TIME,
    }
)


@dataclass(frozen=True, slots=True)
class CaptureDate:
    """A capture date with its source.

    ``when`` has no zone: it is what the camera's clock showed (for sources in UTC, what a clock in the chosen zone
    showed).  ``offset`` is that clock's distance from UTC in minutes, ``None`` where nobody knows.  With
    ``Precision.DAY`` only the day of ``when`` means something.
    """

    when: datetime
    source: DateSource
    offset: int | None = None
    precision: Precision = Precision.SECOND


def capture_date(
    path: str,
    *,
    sidecars: Sequence[str] = (),
    zone: str | None = None,
    use_mtime: bool = False,
    use_name: bool = True,
    listed: Moment | None = None,
) -> CaptureDate | None:
    """The capture date of the picture or movie at ``path``; ``None`` when nothing tells it.

    ``sidecars`` are the files that travel with it; those of other kinds, or gone by now, are passed over.
    ``listed`` is what the list of an export says of it, which counts as the last of the sidecars.
    ``zone`` is the time zone that dates in UTC are shown in (``Europe/Berlin``, ``+02:00``; ``None`` for the system's).
    ``use_mtime`` takes the file's modification time when nothing else is there.  Raises ``OSError`` when the file or
    a sidecar can't be read now and ``ValueError`` when there is no such zone.
    """
    clock = zone_named(zone)
    with open_binary(path) as stream:
        strong, weak = _inside(Window.of_stream(stream), clock)
        mtime = modified(stream) if use_mtime else 0.0
    named = date_in_name(paths.name(path)) if use_name else None
    found = _first(strong)
    if found and found.source is DateSource.MOVIE_HEADER and named:
        found = _on_local_clock(found, named)
    found = found or _first(_beside(sidecars, clock))
    if not found and listed:
        found = _dated(settled(listed, clock), DateSource.ICLOUD_LIST)
    if not found and named:
        found = _dated(settled(named, clock), DateSource.FILE_NAME)
    found = found or _first(weak)
    if not found and use_mtime:
        found = _dated(from_unix(mtime, clock), DateSource.MODIFICATION_TIME)
    return found


_QUARTER = 15 * 60
_LATE = 3 * 60
"""Seconds by which a name and a movie's header may differ from whole quarters of an hour: one tells the start, the
other at times the end."""
_FURTHEST = 14 * 3600


def _on_local_clock(found: CaptureDate, named: Moment) -> CaptureDate:
    """A movie's date (UTC, shown in some zone) on the clock that the file's name shows to the second, whose distance
    from UTC is a zone's."""
    if named.precision is not Precision.SECOND or named.universal or found.offset is None:
        return found
    utc = found.when - timedelta(minutes=found.offset)
    apart = (named.when - utc).total_seconds()
    quarters = round(apart / _QUARTER)
    if abs(apart) > _FURTHEST + _LATE or abs(apart - quarters * _QUARTER) > _LATE:
        return found
    return CaptureDate(named.when.replace(microsecond=0), found.source, quarters * 15)


_LIKE_A_DATE = re.compile(r"\s*([0-9]{4})[-:/. ]([0-9]{2})[-:/. ]([0-9]{2})")
_BLANK = re.compile(r"[0:/. -]*")


def doubtful_date(path: str) -> str:
    """A date that the picture or movie at ``path`` states and that can't be true: ``2099-01-01``, ``0012-05-06``.

    Empty when it states none, a blank one, or one that is believed.  Raises ``OSError`` when it can't be read.
    """
    with open_binary(path) as stream:
        file = Window.of_stream(stream)
        if is_movie(file):
            return unbelievable_header_date(file)
        found = embedded(file)
        texts = stated_dates(found.exif, found.exif_details) if found.exif else ()
    for text in texts:
        like = _LIKE_A_DATE.match(text)
        moment = spelled(text)
        if like and (not moment or never_set(moment.when)) and not _BLANK.fullmatch(text.strip("\0 ")):
            return "-".join(like.groups())
    return ""


def _dated(moment: Moment | None, source: DateSource) -> CaptureDate | None:
    if moment is None or (moment.precision is Precision.SECOND and never_set(moment.when)):
        return None
    return CaptureDate(moment.when, source, moment.offset, moment.precision)


def _first(dates: Iterable[CaptureDate | None]) -> CaptureDate | None:
    return next((found for found in dates if found), None)


Dates = list[CaptureDate | None]


def _inside(file: Window, zone: tzinfo | None) -> tuple[Dates, Dates]:
    """The dates that the file itself states, best first: those of when it was taken, and the weaker ones."""
    head = file.read(0, 12)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return [_dated(avi_date(file), DateSource.AVI_HEADER)], []
    if is_movie(file):
        return [
            _dated(apple_creation_date(file, zone), DateSource.APPLE_CREATION_DATE)
            or _dated(header_date(file, zone), DateSource.MOVIE_HEADER)
        ], []
    found = embedded(file)
    if found == Embedded():
        return [_dated(other_movie_date(file, zone), DateSource.MOVIE_HEADER)], []
    exif = exif_moments(found.exif, found.exif_details) if found.exif else ExifMoments()
    original = _dated(exif.original, DateSource.EXIF_ORIGINAL)
    if original:
        return [original], []
    xmp = _xmp(found.xmp, zone)
    strong = [
        _dated(xmp.taken, DateSource.EMBEDDED_XMP),
        _dated(iptc_moment(found.iptc), DateSource.IPTC) if found.iptc else None,
        _dated(_in_text(found.text_date), DateSource.PNG_TEXT),
    ]
    position = settled(exif.satellites, zone) if exif.satellites else None
    weak = [
        _dated(exif.digitized, DateSource.EXIF_DIGITIZED),
        _dated(xmp.digitized, DateSource.XMP_DIGITIZED),
        _dated(position, DateSource.POSITION),
        _dated(exif.modified, DateSource.EXIF_MODIFIED),
        _dated(_last_changed(found.changed, zone), DateSource.PNG_CHANGED),
    ]
    return strong, weak


def _last_changed(time: bytes, zone: tzinfo | None) -> Moment | None:
    """The ``tIME`` of a PNG: year in two bytes, then month, day, hour, minute, second, each in one; UTC."""
    if len(time) != 7:
        return None
    year, (month, day, hour, minute, second) = int.from_bytes(time[:2], "big"), time[2:]
    if not is_day(year, month, day) or not believable(year) or hour > 23 or minute > 59 or second > 59:
        return None
    return settled(Moment(datetime(year, month, day, hour, minute, second), universal=True), zone)


def _in_text(text: str) -> Moment | None:
    """A date as the text of a PNG has it: ISO 8601, or ``Thu, 4 Jul 2019 10:00:00 +0200`` (RFC 1123)."""
    if not text.strip() or (moment := spelled(text)):
        return moment if text.strip() else None
    with contextlib.suppress(ValueError, TypeError, IndexError):
        when = parsedate_to_datetime(text)
        if believable(when.year):
            return Moment(when.replace(tzinfo=None))
    return None


def _xmp(packet: Window | None, zone: tzinfo | None) -> XmpMoments:
    return xmp_moments(packet.read(0, XMP_LIMIT), zone) if packet and packet.size <= XMP_LIMIT else XmpMoments()


def _beside(sidecars: Sequence[str], zone: tzinfo | None) -> Iterator[CaptureDate | None]:
    """The dates that sidecars state: XMP, then Google Takeout, then the picture that a THM file is, then a
    camcorder's MOI."""
    for suffix in (".xmp", ".json", ".thm", ".moi"):
        for path in sidecars:
            if paths.suffix(path) == suffix:
                with contextlib.suppress(FileNotFoundError):
                    yield _in_sidecar(path, suffix, zone)


def _in_sidecar(path: str, suffix: str, zone: tzinfo | None) -> CaptureDate | None:
    with open_binary(path) as stream:
        file = Window.of_stream(stream)
        if suffix == ".xmp":
            moments = _xmp(file, zone)
            return _dated(moments.taken or moments.digitized, DateSource.XMP_SIDECAR)
        if suffix == ".json":
            return _dated(takeout_moment(file.read(0, file.size), zone), DateSource.TAKEOUT_JSON)
        if suffix == ".moi":
            return _dated(camcorder_date(file), DateSource.CAMCORDER_SIDECAR)
        strong, weak = _inside(file, zone)
        found = _first([*strong, *weak])
        return found and CaptureDate(found.when, DateSource.THUMBNAIL_SIDECAR, found.offset, found.precision)
