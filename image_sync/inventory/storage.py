"""The database under the catalog: one connection, one at a time, and what it can't take.

The tables are ``schema``'s; which rows mean what is told by ``notebook`` and ``catalog``.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from image_sync.inventory.tables import BATCH


class CatalogUnwritable(Exception):
    """The catalog could not take an entry (full disk, locked by another process); the work goes on without it."""


class Storage:
    """An open database.  All methods may be called from any thread, one at a time."""

    def __init__(self, connection: sqlite3.Connection, notes: Sequence[str] = (), place: str = "") -> None:
        self._connection = connection
        self._place = place
        self._lock = threading.RLock()
        self.notes = tuple(notes)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with self._connection:
                yield
        except sqlite3.DatabaseError as error:
            raise CatalogUnwritable(str(error)) from error

    def _in_parts(self, query: str, values: Iterable[int], *before: object) -> Iterator[tuple[Any, ...]]:
        """The rows of ``query``, whose ``{}`` takes the values, as many at a time as a statement carries; ``before``
        are its parameters before them."""
        wanted = list(dict.fromkeys(values))
        with self._lock:
            for start in range(0, len(wanted), BATCH):
                part = wanted[start : start + BATCH]
                yield from self._connection.execute(query.format(",".join("?" * len(part))), (*before, *part))

    def _store_looks(self, table: str, found: Mapping[int, bytes | str], version: int | str) -> None:
        """Remember what was seen in contents, by their rows, in a table of row, version and data."""
        with self._lock, self._transaction():
            self._connection.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)",
                [(row, version, data) for row, data in found.items()],
            )
