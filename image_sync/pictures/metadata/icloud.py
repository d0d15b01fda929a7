"""The lists that Apple puts beside the pictures of an exported iCloud library: of all pictures, and of each album.

``Photo Details.csv`` (or ``-1.csv``) tells of all that lies beside it, ``Albums/Italy.csv`` names some of that.

A row of the first tells when a picture was taken, to the minute and in UTC, and whether it was deleted.  The columns
are ``imgName, fileChecksum, favorite, hidden, deleted, originalCreationDate, viewCount, importDate``; a date is written
``Saturday June 4,2022 12:11 PM GMT``, with quotes around it or without.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from image_sync.base import paths
from image_sync.pictures.metadata.dates import Moment, believable

LIMIT = 64 * 1024 * 1024
_NAME, _DELETED, _TAKEN = "imgname", "deleted", "originalcreationdate"
_MONTHS = {
    month: number
    for number, month in enumerate(
        (
            *("january", "february", "march", "april", "may", "june"),
            *("july", "august", "september", "october", "november", "december"),
        ),
        1,
    )
}
_DATE = re.compile(r"([A-Za-z]+) +(\d{1,2}), *(\d{4}) +(\d{1,2}):(\d{2})(?::(\d{2}))? *([AaPp][Mm])? *(?:GMT|UTC)")
_IN_ALBUMS = frozenset({"images", "imgname", "imagename"})
_YES = frozenset({"yes", "true", "1"})


class Detail(NamedTuple):
    """A row of the list; ``taken`` is UTC, ``None`` where it is missing or can't be true."""

    name: str
    taken: Moment | None
    deleted: bool


def is_photo_details(name: str) -> bool:
    """Whether a file is called as the list is."""
    folded = paths.folded(name)
    return folded.startswith("photo details") and folded.endswith(".csv")


def photo_details(text: bytes) -> list[Detail]:
    """The rows of the list; none where it is another table, or too long to be one."""
    return list(_details(iter(_rows(text))))


def album(text: bytes) -> list[str]:
    """The names of the pictures in an album's list, ``Albums/Italy.csv``; none where it is another table."""
    rows = _rows(text)
    if not rows or not rows[0] or rows[0][0].strip().lower() not in _IN_ALBUMS:
        return []
    return [row[0].strip() for row in rows[1:] if row and row[0].strip()]


def _rows(text: bytes) -> list[list[str]]:
    if len(text) > LIMIT:
        return []
    try:
        return list(csv.reader(io.StringIO(text.decode("utf-8-sig", "surrogateescape"), newline="")))
    except csv.Error:
        return []


def _details(rows: Iterator[list[str]]) -> Iterator[Detail]:
    columns = {title.strip().lower(): place for place, title in enumerate(next(rows, []))}
    if _NAME not in columns or _TAKEN not in columns:
        return
    name, taken, deleted = columns[_NAME], columns[_TAKEN], columns.get(_DELETED)
    for row in rows:
        if len(row) > max(name, taken):
            gone = deleted is not None and row[deleted].strip().lower() in _YES
            yield Detail(row[name].strip(), _moment(",".join(row[taken:])), gone)


def _moment(text: str) -> Moment | None:
    """The first date of ``text``; a date that stands without quotes is spread over two cells by its comma."""
    found = _DATE.search(text)
    month = _MONTHS.get(found[1].lower()) if found else None
    if found is None or month is None:
        return None
    hour, half = int(found[4]), (found[7] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        when = datetime(int(found[3]), month, int(found[2]), hour, int(found[5]), int(found[6] or 0))
    except ValueError:
        return None
    return Moment(when, universal=True) if believable(when.year) else None
