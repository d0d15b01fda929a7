"""Capture date of a picture or a movie, and the source that states it.

The one door to all readers of dates.  The best source wins, in the order of the rules: EXIF (original, digitized,
modified), embedded XMP, sidecars (XMP, Google Takeout, THM), the file's name, and its modification time only when asked
for.  Of a movie: Apple's creation date, the movie header, then the same.  A date that is blank, impossible or not
believable is passed over as if it were not there; nothing is guessed.  Headers only are read, and nothing is written.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum

from image_sync.base import paths
from image_sync.pictures.containers import XMP_LIMIT, Embedded, embedded, is_movie
from image_sync.pictures.dates import Moment, Precision, from_unix, spelled, zone_named
from image_sync.pictures.movie_dates import apple_creation_date, avi_date, header_date, unbelievable_header_date
from image_sync.pictures.name_dates import date_in_name
from image_sync.pictures.reading import Window
from image_sync.pictures.takeout import takeout_moment
from image_sync.pictures.tiff import exif_moments, stated_dates
from image_sync.pictures.xmp import xmp_moment

__all__ = ["CaptureDate", "DateSource", "Precision", "capture_date", "doubtful_date"]


class DateSource(Enum):
    """The source of a capture date, in words for the user."""

    EXIF_ORIGINAL = "EXIF, date taken"
    EXIF_DIGITIZED = "EXIF, date digitized"
    EXIF_MODIFIED = "EXIF, date changed"
    APPLE_CREATION_DATE = "movie, Apple's creation date"
    MOVIE_HEADER = "movie header"
    AVI_HEADER = "AVI header"
    EMBEDDED_XMP = "XMP in the file"
    XMP_SIDECAR = "XMP sidecar"
    TAKEOUT_JSON = "Google Takeout"
    THUMBNAIL_SIDECAR = "THM sidecar"
    FILE_NAME = "file name"
    MODIFICATION_TIME = "file's modification time"

    @property
    def is_inside(self) -> bool:
        """Whether the picture or movie itself states the date, wherever it is moved and whatever it is called."""
        return self not in _OUTSIDE


_OUTSIDE = frozenset(
    {
        DateSource.XMP_SIDECAR,
        DateSource.TAKEOUT_JSON,
        DateSource.THUMBNAIL_SIDECAR,
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
) -> CaptureDate | None:
    """The capture date of the picture or movie at ``path``; ``None`` when nothing tells it.

    ``sidecars`` are the files that travel with it; those of other kinds, or gone by now, are passed over.
    ``zone`` is the time zone that dates in UTC are shown in (``Europe/Berlin``, ``+02:00``; ``None`` for the system's).
    ``use_mtime`` takes the file's modification time when nothing else is there.  Raises ``OSError`` when the file or
    a sidecar can't be read now and ``ValueError`` when there is no such zone.
    """
    clock = zone_named(zone)
    with open(path, "rb", buffering=0) as stream:
        found = _first(_inside(Window.of_stream(stream), clock))
        mtime = os.fstat(stream.fileno()).st_mtime if use_mtime and not found else 0.0
    if found:
        return found
    found = _first(_beside(sidecars, clock))
    if not found and use_name:
        found = _dated(date_in_name(paths.name(path)), DateSource.FILE_NAME)
    if not found and use_mtime:
        found = _dated(from_unix(mtime, clock), DateSource.MODIFICATION_TIME)
    return found


_LIKE_A_DATE = re.compile(r"\s*([0-9]{4})[-:/. ]([0-9]{2})[-:/. ]([0-9]{2})")
_BLANK = re.compile(r"[0:/. -]*")


def doubtful_date(path: str) -> str:
    """A date that the picture or movie at ``path`` states and that can't be true: ``2099-01-01``, ``0012-05-06``.

    Empty when it states none, a blank one, or one that is believed.  Raises ``OSError`` when it can't be read.
    """
    with open(path, "rb", buffering=0) as stream:
        file = Window.of_stream(stream)
        if is_movie(file):
            return unbelievable_header_date(file)
        found = embedded(file)
        texts = stated_dates(found.exif, found.exif_details) if found.exif else ()
    for text in texts:
        like = _LIKE_A_DATE.match(text)
        if like and not spelled(text) and not _BLANK.fullmatch(text.strip("\0 ")):
            return "-".join(like.groups())
    return ""


def _dated(moment: Moment | None, source: DateSource) -> CaptureDate | None:
    return CaptureDate(moment.when, source, moment.offset, moment.precision) if moment else None


def _first(dates: Iterable[CaptureDate | None]) -> CaptureDate | None:
    return next((found for found in dates if found), None)


def _inside(file: Window, zone: tzinfo | None) -> Iterator[CaptureDate | None]:
    """The dates that the file itself states, best first."""
    head = file.read(0, 12)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        yield _dated(avi_date(file), DateSource.AVI_HEADER)
    elif is_movie(file):
        yield _dated(apple_creation_date(file, zone), DateSource.APPLE_CREATION_DATE)
        yield _dated(header_date(file, zone), DateSource.MOVIE_HEADER)
    else:
        found = embedded(file)
        yield from _exif(found)
        yield _dated(_xmp(found.xmp, zone), DateSource.EMBEDDED_XMP)


def _exif(found: Embedded) -> Iterator[CaptureDate | None]:
    if found.exif is None:
        return
    moments = exif_moments(found.exif, found.exif_details)
    yield _dated(moments.original, DateSource.EXIF_ORIGINAL)
    yield _dated(moments.digitized, DateSource.EXIF_DIGITIZED)
    yield _dated(moments.modified, DateSource.EXIF_MODIFIED)


def _xmp(packet: Window | None, zone: tzinfo | None) -> Moment | None:
    return xmp_moment(packet.read(0, XMP_LIMIT), zone) if packet and packet.size <= XMP_LIMIT else None


def _beside(sidecars: Sequence[str], zone: tzinfo | None) -> Iterator[CaptureDate | None]:
    """The dates that sidecars state: XMP, then Google Takeout, then the picture that a THM file is."""
    for suffix in (".xmp", ".json", ".thm"):
        for path in sidecars:
            if paths.suffix(path) == suffix:
                with contextlib.suppress(FileNotFoundError):
                    yield _in_sidecar(path, suffix, zone)


def _in_sidecar(path: str, suffix: str, zone: tzinfo | None) -> CaptureDate | None:
    with open(path, "rb", buffering=0) as stream:
        file = Window.of_stream(stream)
        if suffix == ".xmp":
            return _dated(_xmp(file, zone), DateSource.XMP_SIDECAR)
        if suffix == ".json":
            return _dated(takeout_moment(file.read(0, file.size), zone), DateSource.TAKEOUT_JSON)
        found = _first(_exif(embedded(file)))
        return found and CaptureDate(found.when, DateSource.THUMBNAIL_SIDECAR, found.offset, found.precision)
