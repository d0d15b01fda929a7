"""Tables that a job keeps for itself in the catalog's database, made when they are missing or of another layout.

A job names its tables and how they are laid out; what stands in them is its own.  Nothing here knows a job, and what is
lost with the tables costs time only.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

BUSY_SECONDS = 10.0
BATCH = 500
"""Parameters that one statement carries; below the limit of every SQLite that Python ships."""


@contextlib.contextmanager
def alone(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction in which nobody else can read or write; what fails in it did not happen."""
    before, connection.isolation_level = connection.isolation_level, None
    try:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
    finally:
        connection.isolation_level = before


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of the job ``owner``: their ``names``, the ``schema`` that makes them, the ``number`` of that layout.

    The number stands in a table ``<owner>_layout`` of its own.  ``steps`` are the statements that bring an earlier
    layout, by its number, to the next; without them its tables are begun anew.
    """

    owner: str
    number: int
    names: tuple[str, ...]
    schema: str
    steps: Mapping[int, str] = field(default_factory=dict)

    def opened(self, place: str) -> sqlite3.Connection:
        """The database at ``place`` with these tables; those of another layout are begun anew.

        Raises ``sqlite3.Error``.
        """
        connection = sqlite3.connect(place, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            if self._layout_in(connection) != self.number:
                self._make(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self, connection: sqlite3.Connection) -> None:
        """Make the tables, unless another process did so just now."""
        with alone(connection):
            known = self._layout_in(connection)
            if known is not None and known < self.number and all(n in self.steps for n in range(known, self.number)):
                self._bring_on(connection, known)
            elif known != self.number:
                drops = [f"DROP TABLE IF EXISTS {table}" for table in (*self.names, self._layout)]
                made = [*self.schema.split(";"), f"CREATE TABLE {self._layout} (number INTEGER)"]
                for statement in (*drops, *made, f"INSERT INTO {self._layout} VALUES ({self.number})"):
                    connection.execute(statement)

    def _bring_on(self, connection: sqlite3.Connection, known: int) -> None:
        for number in range(known, self.number):
            for statement in self.steps[number].split(";"):
                connection.execute(statement)
        connection.execute(f"UPDATE {self._layout} SET number = {self.number}")

    def nowhere(self) -> sqlite3.Connection:
        """The tables, empty, in a database that is gone when it is closed."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.executescript(self.schema)
        return connection

    @property
    def _layout(self) -> str:
        return f"{self.owner}_layout"

    def _layout_in(self, connection: sqlite3.Connection) -> int | None:
        try:
            row = connection.execute(f"SELECT number FROM {self._layout}").fetchone()
        except sqlite3.OperationalError:
            return None
        return row[0] if row else None
