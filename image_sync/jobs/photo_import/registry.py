"""Registry of what was read of a library and its inputs: tables of import's own in the catalog.

One row a file, good as long as path, size and modification time are the same: its date with its source, the digest of
what the catalog has no fingerprint of (movies, RAW), the identifier of a Live Photo, and whether the user put it where
it is.  Losing rows costs reading and no more, save that a picture which the user dated by hand is placed by its own
date again.  The registry decides nothing.  Paths are kept as bytes, whatever they are.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from image_sync.base import paths, places
from image_sync.base.model import FileRecord
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.tables import BATCH, Tables
from image_sync.jobs.photo_import.rules.reasons import Noted
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource
from image_sync.pictures.metadata.dates import Precision

_TABLES = Tables(
    "import",
    1,
    ("import_date", "import_fact", "import_settled"),
    """
CREATE TABLE import_date (path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    basis INTEGER NOT NULL, taken TEXT, source TEXT, clock INTEGER, to_the_day INTEGER, doubt TEXT, dateless BLOB)
    WITHOUT ROWID;
CREATE TABLE import_fact (path BLOB NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (path, kind)) WITHOUT ROWID;
CREATE TABLE import_settled (path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL) WITHOUT ROWID;
""",
)
DIGEST, IDENTIFIER, CAMERA = "digest", "identifier", "camera"
"""The kinds of facts."""

_SOURCES = {source.value: source for source in DateSource}


class Dated(NamedTuple):
    """Date of a unit as it was read.

    ``captured`` is the date, ``doubt`` one that is stated and can't be true, ``dateless`` are the names of those of
    its pictures that state none.
    """

    captured: CaptureDate | None = None
    doubt: str = ""
    dateless: tuple[str, ...] = ()


NOTHING = Dated()


@dataclass(frozen=True, slots=True)
class Recalled:
    """Remembered rows below some folders, by path: dates, not yet read, and the files the user settled."""

    dates: Mapping[bytes, tuple[Any, ...]]
    settled: Mapping[bytes, tuple[int, int]]

    def date_of(self, path: bytes, record: FileRecord, basis: int) -> Dated | None:
        """The date of a file that was read from the same ``basis`` and is unchanged since; ``None`` when unknown."""
        row = self.dates.get(path)
        if row is None or row[2] != record.change_key or row[1] != record.size or row[3] != basis:
            return None
        return _dated(row)

    def is_settled(self, path: bytes, record: FileRecord) -> bool:
        """Whether the user put the file where it is."""
        return bool(self.settled) and self.settled.get(path) == (record.size, record.change_key)


class Registry:
    """The open registry.  Use it from one thread at a time.

    Where the database can't be used nothing is remembered; ``notes`` then say so.
    """

    def __init__(self, connection: sqlite3.Connection, notes: Sequence[str] = ()) -> None:
        self._connection = connection
        self.notes = list(notes)

    @classmethod
    def open(cls, path: str | None) -> Registry:
        """The registry in the catalog at ``path``, by default the user's.

        Raises ``Refused`` when ``path`` names something that is no catalog of ours.
        """
        place = path or places.catalog_path()
        Catalog.open(path).close()  # makes it, or sets a damaged one aside
        try:
            return cls(_TABLES.opened(place))
        except sqlite3.Error as error:
            note = Noted.NOT_REMEMBERED(path=paths.display(place), why=str(error))
            return cls(_TABLES.nowhere(), [note])

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    # --- reading ---

    def recall(self, roots: Iterable[str]) -> Recalled:
        """Remembered rows of the files below ``roots``."""
        dates: dict[bytes, tuple[Any, ...]] = {}
        settled: dict[bytes, tuple[int, int]] = {}
        for low, high in map(_range, roots):
            rows = self._select("SELECT * FROM import_date WHERE path >= ? AND path < ?", (low, high))
            dates.update({row[0]: row for row in rows})
            rows = self._select("SELECT * FROM import_settled WHERE path >= ? AND path < ?", (low, high))
            settled.update((row[0], (row[1], row[2])) for row in rows)
        return Recalled(dates, settled)

    def facts(self, kind: str, records: Sequence[FileRecord]) -> dict[FileRecord, str]:
        """Remembered facts of unchanged files; an empty value says that there is none."""
        wanted = {os.fsencode(record.path): record for record in records}
        found: dict[FileRecord, str] = {}
        keys = list(wanted)
        for start in range(0, len(keys), BATCH):
            part = keys[start : start + BATCH]
            marks = ",".join("?" * len(part))
            query = f"SELECT path, size, mtime_ns, value FROM import_fact WHERE kind = ? AND path IN ({marks})"
            for path, size, mtime_ns, value in self._select(query, (kind, *part)):
                record = wanted[path]
                if (record.size, record.change_key) == (size, mtime_ns):
                    found[record] = value
        return found

    def _select(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._lost(error)
            return []

    # --- writing ---

    def remember_dates(self, rows: Iterable[tuple[bytes, FileRecord, int, Dated]]) -> None:
        """Remember dates: the path of each picture, its record, the basis, what was read."""
        self._write(
            "INSERT OR REPLACE INTO import_date VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_row(path, record, basis, dated) for path, record, basis, dated in rows],
        )

    def remember_facts(self, kind: str, facts: Mapping[FileRecord, str]) -> None:
        """Remember what was read of some files."""
        self._write(
            "INSERT OR REPLACE INTO import_fact VALUES (?, ?, ?, ?, ?)",
            [
                (os.fsencode(record.path), kind, record.size, record.change_key, value)
                for record, value in facts.items()
            ],
        )

    def settle(self, records: Iterable[FileRecord]) -> None:
        """Remember that the user put these files where they are."""
        self._write(
            "INSERT OR REPLACE INTO import_settled VALUES (?, ?, ?)",
            [(os.fsencode(record.path), record.size, record.change_key) for record in records],
        )

    def forget(self, places: Iterable[bytes]) -> None:
        """Forget files that are no longer there."""
        rows = [(place,) for place in places]
        for table in _TABLES.names:
            self._write(f"DELETE FROM {table} WHERE path = ?", rows)

    def _write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            with self._writing():
                self._connection.executemany(statement, rows)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; a failure (full disk, another process) is said once and costs the next run some reading."""
        try:
            with self._connection:
                yield
        except sqlite3.Error as error:
            self._lost(error)

    def _lost(self, error: sqlite3.Error) -> None:
        note = Noted.NO_REGISTRY(why=str(error))
        if note not in self.notes:
            self.notes.append(note)


def _range(root: str) -> tuple[bytes, bytes]:
    """The bounds of all paths below ``root``."""
    low = os.fsencode(root.rstrip(paths.SEPARATOR) + paths.SEPARATOR)
    return low, low[:-1] + bytes([low[-1] + 1])


def _row(path: bytes, record: FileRecord, basis: int, dated: Dated) -> tuple[Any, ...]:
    captured = dated.captured
    return (
        path,
        record.size,
        record.change_key,
        basis,
        captured.when.isoformat() if captured else None,
        captured.source.value if captured else None,
        captured.offset if captured else None,
        captured.precision is Precision.DAY if captured else None,
        dated.doubt or None,
        os.fsencode("/".join(dated.dateless)) or None,
    )


def _dated(row: tuple[Any, ...]) -> Dated | None:
    taken, source, clock, to_the_day, doubt, dateless = row[4:]
    captured = None
    if taken is not None:
        known = _SOURCES.get(str(source))
        if known is None:
            return None
        precision = Precision.DAY if to_the_day else Precision.SECOND
        captured = CaptureDate(
            datetime.fromisoformat(str(taken)), known, clock if isinstance(clock, int) else None, precision
        )
    elif doubt is None and dateless is None:
        return NOTHING
    names = tuple(os.fsdecode(dateless).split("/")) if isinstance(dateless, bytes) else ()
    return Dated(captured, str(doubt or ""), names)
