"""The file of a catalog: made, opened, told from foreign ones, and set aside when it is damaged.

What stands in it is ``catalog``'s; nothing here reads a row.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3

from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.model import Refused
from image_sync.inventory.schema import FIRST, KNOWN, LATER
from image_sync.inventory.tables import BUSY_SECONDS, alone

APPLICATION_ID = 0x496D5379
"""``ImSy``: tells our databases from all others."""
SCHEMA_VERSION = 1
"""Of the tables that every release reads; those of this one have names of their own (``schema``)."""
ONLY_A_CACHE = "It is only a cache: delete it, or name another file with --catalog."


class NewerCatalog(Exception):
    """The catalog was written by a newer version."""


def connect(place: str) -> sqlite3.Connection:
    """The database; a new one is the user's alone, as its side files are then."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    return sqlite3.connect(place, timeout=BUSY_SECONDS, check_same_thread=False)


def prepare(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Set the connection up and bring the schema to this version; the connection is closed when that fails."""
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if _version(connection) == 0:
            _make_tables(connection)
        if _version(connection) > SCHEMA_VERSION:
            raise NewerCatalog
        # Not before the tables: until the first checkpoint the file itself would not say whose it is.  Another process
        # that is just beginning the same catalog holds it for a moment: then that one switches.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM (SELECT 1 FROM file LIMIT 1)").fetchone()
        connection.executescript(LATER + KNOWN)
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _make_tables(connection: sqlite3.Connection) -> None:
    """The tables, unless another process made them just now."""
    with alone(connection):
        if _version(connection) == 0:
            for statement in FIRST.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def refuse_foreign(path: str) -> None:
    """Raise ``Refused`` unless ``path`` is an empty file or a database of ours, damaged or not."""
    try:
        with open(path, "rb") as stream:
            head = stream.read(100)
    except OSError as error:
        raise Refused(f"The catalog {paths.display(path)} can't be read: {reason(error)}. {ONLY_A_CACHE}") from error
    if head and (not head.startswith(b"SQLite format 3\0") or int.from_bytes(head[68:72], "big") != APPLICATION_ID):
        raise Refused(f"{paths.display(path)} is not a catalog of Image Sync; choose another file for --catalog")


def set_aside(place: str) -> str:
    """Rename a catalog that can't be used, with its side files; the new name is returned.

    Two at most are kept: the last that was set aside, and the one before it.  The side files go first: a log of the old
    database must never stand beside a new one.
    """
    older, newer = (f"{place}.set-aside-{number}" for number in (1, 2))
    aside = newer if os.path.lexists(older) else older
    if os.path.lexists(newer):
        _rename_all(newer, older)
    _rename_all(place, aside)
    return aside


def _rename_all(place: str, to: str) -> None:
    for end in ("-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            os.unlink(to + end)
        with contextlib.suppress(OSError):
            os.rename(place + end, to + end)
    os.replace(place, to)


def is_damage(error: BaseException) -> bool:
    """Whether an error, met at any query, says that the database itself is broken.

    Its methods let such an error through where they read; what they can't write is ``CatalogUnwritable``.
    """
    if isinstance(error, sqlite3.OperationalError):
        return any(words in str(error) for words in ("disk I/O error", "no such table", "no such column"))
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.NotSupportedError)
    )
