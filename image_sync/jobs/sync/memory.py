"""What two folders held when they last agreed, remembered: tables of sync's own in the catalog's database.

One row a path: how it looked on each side, and the digest where it was ever needed.  Besides, the digests of files
that don't agree, so that a conflict is not read again in each run.  A row is written only when the files stand; losing
rows costs reading and makes a deletion look like a new file on the other side, never the other way round.

The memory is a notebook and decides nothing.  Paths and looks are kept as bytes, whatever they are.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from image_sync.base import paths, places
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.tables import BATCH, Tables
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import Look

RUNS_KEPT = 50

_TABLES = Tables(
    "sync",
    1,
    ("sync_pair", "sync_agreed", "sync_digest", "sync_run"),
    """
CREATE TABLE sync_pair (id INTEGER PRIMARY KEY, low BLOB NOT NULL, high BLOB NOT NULL, UNIQUE (low, high));
CREATE TABLE sync_agreed (pair INTEGER NOT NULL, path BLOB NOT NULL, low BLOB NOT NULL, high BLOB NOT NULL,
    content BLOB, PRIMARY KEY (pair, path)) WITHOUT ROWID;
CREATE TABLE sync_digest (root BLOB NOT NULL, path BLOB NOT NULL, look BLOB NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (root, path)) WITHOUT ROWID;
CREATE TABLE sync_run (pair INTEGER NOT NULL, run TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (pair, run))
    WITHOUT ROWID;
""",
)


@dataclass(frozen=True, slots=True)
class Row:
    """What is remembered of a path that both sides held alike; ``content`` is a digest or where a link points to."""

    path: bytes
    source: Look
    target: Look
    content: str = ""


class SyncMemory:
    """The memory of one pair of folders, whichever of them is called the source.

    Use it from one thread at a time.  Where the database can't be used there is no memory; ``notes`` then say so, and
    what is written goes nowhere.
    """

    def __init__(self, connection: sqlite3.Connection, source: str, target: str, notes: Sequence[str] = ()) -> None:
        self._connection = connection
        self.notes = list(notes)
        self._roots = {Side.SOURCE: os.fsencode(source), Side.TARGET: os.fsencode(target)}
        self._turned = self._roots[Side.SOURCE] > self._roots[Side.TARGET]
        self._pair = self._known_pair()

    @classmethod
    def open(cls, path: str | None, source: str, target: str) -> SyncMemory:
        """The memory of ``source`` and ``target`` in the catalog at ``path``, by default the user's.

        Raises ``Refused`` when ``path`` names something that is no catalog of ours.
        """
        place = path or places.catalog_path()
        catalog = Catalog.open(path)  # makes it, or sets a damaged one aside
        notes = catalog.notes
        catalog.close()
        try:
            return cls(_TABLES.opened(place), source, target, notes)
        except sqlite3.Error as error:
            note = f"What the two folders held is not remembered: {paths.display(place)} can't be used ({error})."
            return cls(_TABLES.nowhere(), source, target, [*notes, note])

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    # --- reading ---

    def rows(self) -> list[tuple[bytes, Look, Look]]:
        """All paths with their looks in the source and in the target; without contents, since few are needed."""
        if self._pair is None:
            return []
        first, second = self._columns()
        query = f"SELECT path, {first}, {second} FROM sync_agreed WHERE pair = ?"
        try:
            return self._connection.execute(query, (self._pair,)).fetchall()
        except sqlite3.Error as error:
            self._lost(error)
            return []

    def contents(self, wanted: Sequence[bytes]) -> dict[bytes, str]:
        """The contents that both sides agreed on, where they are known."""
        found: dict[bytes, str] = {}
        if self._pair is None:
            return found
        query = "SELECT path, content FROM sync_agreed WHERE pair = ? AND content IS NOT NULL AND path IN ({})"
        for path, content in self._select(query, (self._pair,), wanted):
            found[path] = _text(content)
        return found

    def digests(self, side: Side, looks: Mapping[bytes, Look]) -> dict[bytes, str]:
        """The digests of files of one side that still look as they did when they were read."""
        found: dict[bytes, str] = {}
        query = "SELECT path, look, content FROM sync_digest WHERE root = ? AND path IN ({})"
        for path, look, content in self._select(query, (self._roots[side],), list(looks)):
            if looks[path] == look:
                found[path] = _text(content)
        return found

    def _select(self, query: str, fixed: tuple[object, ...], wanted: Sequence[bytes]) -> list[tuple[bytes, ...]]:
        rows: list[tuple[bytes, ...]] = []
        try:
            for start in range(0, len(wanted), BATCH):
                part = wanted[start : start + BATCH]
                rows += self._connection.execute(query.format(",".join("?" * len(part))), (*fixed, *part))
        except sqlite3.Error as error:
            self._lost(error)
            return []
        return rows

    # --- writing ---

    def agree(self, rows: Iterable[Row], forgotten: Iterable[bytes] = ()) -> None:
        """Remember what both sides hold alike, and forget what neither holds any more."""
        kept, gone = list(rows), list(forgotten)
        if not kept and not gone:
            return
        pair = self._own_pair()
        settled = [row.path for row in kept if row.content]
        self._write(
            ("INSERT OR REPLACE INTO sync_agreed VALUES (?, ?, ?, ?, ?)", [self._values(pair, row) for row in kept]),
            ("DELETE FROM sync_agreed WHERE pair = ? AND path = ?", [(pair, path) for path in gone]),
            (
                "DELETE FROM sync_digest WHERE root = ? AND path = ?",
                [(root, path) for root in self._roots.values() for path in settled],
            ),
        )

    def _values(self, pair: int, row: Row) -> tuple[object, ...]:
        low, high = (row.target, row.source) if self._turned else (row.source, row.target)
        return pair, row.path, low, high, _blob(row.content)

    def read(self, side: Side, digests: Mapping[bytes, tuple[Look, str]]) -> None:
        """Remember the digests of files that were read, under the look that they had."""
        rows = [(self._roots[side], path, look, _blob(content)) for path, (look, content) in digests.items()]
        if rows:
            self._write(("INSERT OR REPLACE INTO sync_digest VALUES (?, ?, ?, ?)", rows))

    def forget(self, forgotten: Iterable[bytes]) -> None:
        """Forget paths: nobody knows how they came to be what they are."""
        self.agree((), forgotten)

    # --- runs ---

    def runs(self) -> dict[str, int]:
        """The runs that are taken account of, with the size that their journal had."""
        if self._pair is None:
            return {}
        try:
            return dict(self._connection.execute("SELECT run, size FROM sync_run WHERE pair = ?", (self._pair,)))
        except sqlite3.Error as error:
            self._lost(error)
            return {}

    def account(self, run: str, size: int) -> None:
        """Take account of a run whose journal has ``size`` bytes now; only the newest runs are kept."""
        pair = self._own_pair()
        self._write(
            ("INSERT OR REPLACE INTO sync_run VALUES (?, ?, ?)", [(pair, run, size)]),
            (
                "DELETE FROM sync_run WHERE pair = ? AND run NOT IN "
                "(SELECT run FROM sync_run WHERE pair = ? ORDER BY run DESC LIMIT ?)",
                [(pair, pair, RUNS_KEPT)],
            ),
        )

    # --- within ---

    def _columns(self) -> tuple[str, str]:
        return ("high", "low") if self._turned else ("low", "high")

    def _ordered(self) -> tuple[bytes, bytes]:
        low, high = sorted(self._roots.values())
        return low, high

    def _known_pair(self) -> int | None:
        query = "SELECT id FROM sync_pair WHERE low = ? AND high = ?"
        row = self._connection.execute(query, self._ordered()).fetchone()
        return row[0] if row else None

    def _own_pair(self) -> int:
        """The number of this pair; it gets one when something is first remembered of it."""
        if self._pair is None:
            self._write(("INSERT OR IGNORE INTO sync_pair (low, high) VALUES (?, ?)", [self._ordered()]))
            with contextlib.suppress(sqlite3.Error):
                self._pair = self._known_pair()
        return self._pair if self._pair is not None else -1

    def _write(self, *statements: tuple[str, Sequence[tuple[object, ...]]]) -> None:
        """One transaction; a failure (full disk, another process) is said once and costs the next run some reading."""
        try:
            with self._connection:
                for statement, values in statements:
                    self._connection.executemany(statement, values)
        except sqlite3.Error as error:
            self._lost(error)

    def _lost(self, error: sqlite3.Error) -> None:
        note = f"The memory of earlier runs can't be used ({error}); both folders are compared as they are."
        if note not in self.notes:
            self.notes.append(note)


def _blob(content: str) -> bytes | None:
    return os.fsencode(content) if content else None


def _text(blob: bytes) -> str:
    return os.fsdecode(blob)
