"""Takeover of what a first release wrote into the catalog: from its tables, piece by piece, into those of this version.

A piece leaves the old tables in the transaction that brings it into the new ones.  So a takeover may be stopped, killed
or cut off by a full disk at any moment: nothing is lost or there twice, and the next one goes on.  Such a release may
write again at any time; that is taken over too.  What a person decided stands in a table that both share.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from image_sync.base import paths
from image_sync.inventory.packing import packed, packed_hex, packed_number
from image_sync.inventory.schema import CONTENT, EXTRAS, FILE

TOGETHER = 1000
"""Rows of one transaction: what a stop waits for, at most."""
_LOOKS = {"frames": "known_frames", "damage": "known_damage", "views": "known_views", "corners": "known_corners"}

Advance = Callable[[int], None]


def pending(connection: sqlite3.Connection) -> int:
    """Number of rows that are to be taken over."""
    tables = ("file", "content", "verdict", "searched")
    return sum(int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables)


def take_over(connection: sqlite3.Connection, advance: Advance) -> None:
    """Take over all there is.  ``advance`` is told the rows of each piece, and may raise to stop.

    Raises ``sqlite3.Error`` where the database can't be written.
    """
    before, connection.isolation_level = connection.isolation_level, None
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        ahead = _alone(connection, _begun)
        for step in (_contents, _files, _verdicts, _searches):
            while rows := _alone(connection, step, ahead):
                advance(rows)
        connection.execute("DELETE FROM known_takeover")
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.isolation_level = before


def shrink(connection: sqlite3.Connection, wanted: Callable[[], bool]) -> bool:
    """Write the database anew without its free pages, while ``wanted`` says so; whether that was done.

    It takes as much room beside it as it then has.  Raises nothing: a larger file is no fault.
    """
    if not wanted():
        return False
    before, connection.isolation_level = connection.isolation_level, None
    connection.set_progress_handler(lambda: 0 if wanted() else 1, 10_000)
    try:
        connection.execute("VACUUM")
    except sqlite3.Error:
        return False
    finally:
        connection.set_progress_handler(None, 0)
        connection.isolation_level = before
    return True


def _alone(connection: sqlite3.Connection, step: Callable[..., int], *arguments: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = step(connection, *arguments)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _begun(connection: sqlite3.Connection) -> int:
    """By how much the rows of the contents that are taken over lie ahead of those that they had."""
    row = connection.execute("SELECT ahead FROM known_takeover").fetchone()
    if row is None:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM known_content").fetchone()
        connection.execute("INSERT INTO known_takeover VALUES (0, ?)", row)
    return int(row[0])


def _contents(connection: sqlite3.Connection, ahead: int) -> int:
    """The last contents first: then what others write meanwhile comes behind them all."""
    query = (
        f"SELECT c.id, {CONTENT}, {EXTRAS}, pixels, earlier, data, chroma FROM content c "
        "LEFT JOIN small s ON s.id = c.id LEFT JOIN extras e ON e.id = c.id ORDER BY c.id DESC LIMIT ?"
    )
    rows = connection.execute(query, (TOGETHER,)).fetchall()
    if not rows:
        return 0
    facts = [(row + ahead, *known, packed_hex(pixels), earlier) for row, *known, pixels, earlier, _, _ in rows]
    connection.executemany(
        f"INSERT OR IGNORE INTO known_content (id, {CONTENT}, {EXTRAS}, pixels, earlier) "
        f"VALUES ({','.join('?' * len(facts[0]))})",
        facts,
    )
    smalls = [(row + ahead, packed(small, chroma or b"")) for row, *_, small, chroma in rows if small is not None]
    connection.executemany("INSERT OR IGNORE INTO known_small VALUES (?, ?)", smalls)
    last, first = rows[0][0], rows[-1][0]
    for old, new in _LOOKS.items():
        _copy(connection, f"INSERT OR IGNORE INTO {new} SELECT id + ?, * FROM", old, ahead, (first, last))
    for table in ("small", "extras", "content"):
        connection.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (first, last))
    return len(rows)


def _copy(connection: sqlite3.Connection, insert: str, table: str, ahead: int, within: tuple[int, int]) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    named = insert.replace("*", ", ".join(columns[1:]))
    connection.execute(f"{named} {table} WHERE id BETWEEN ? AND ?", (ahead, *within))
    connection.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", within)


def _files(connection: sqlite3.Connection, ahead: int) -> int:
    rows = connection.execute(f"SELECT path, {FILE} FROM file ORDER BY path LIMIT ?", (TOGETHER,)).fetchall()
    if not rows:
        return 0
    folders: dict[bytes, int] = {}
    connection.executemany(
        f"INSERT OR IGNORE INTO known_file (folder, name, {FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _as_known(connection, rows, folders, ahead),
    )
    connection.execute("DELETE FROM file WHERE path <= ?", (rows[-1][0],))
    return len(rows)


def _as_known(
    connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]], folders: dict[bytes, int], ahead: int
) -> Iterator[tuple[Any, ...]]:
    end = os.fsencode(paths.SEPARATOR)
    for path, size, mtime_ns, device, inode, version, mark, digest, content, *problem in rows:
        below, separator, name = path.rpartition(end)
        folder = below + separator
        if folder not in folders:
            connection.execute("INSERT OR IGNORE INTO known_folder (path) VALUES (?)", (folder,))
            found = connection.execute("SELECT id FROM known_folder WHERE path = ?", (folder,)).fetchone()
            folders[folder] = found[0]
        numbers = packed_number(int(device)), packed_number(int(inode))
        row = None if content is None else content + ahead
        yield (
            folders[folder],
            name,
            size,
            mtime_ns,
            *numbers,
            version,
            packed_hex(mark),
            packed_hex(digest),
            row,
            *problem,
        )


def _verdicts(connection: sqlite3.Connection, ahead: int) -> int:
    query = "SELECT rule, turn, first, second, same FROM verdict ORDER BY first, second, turn, rule LIMIT ?"
    rows = connection.execute(query, (TOGETHER,)).fetchall()
    rules = {}
    for text in {row[0] for row in rows}:
        connection.execute("INSERT OR IGNORE INTO known_rule (text) VALUES (?)", (text,))
        rules[text] = connection.execute("SELECT id FROM known_rule WHERE text = ?", (text,)).fetchone()[0]
    connection.executemany(
        "INSERT OR IGNORE INTO known_verdict VALUES (?, ?, ?, ?, ?)",
        [(rules[text], turn, first + ahead, second + ahead, same) for text, turn, first, second, same in rows],
    )
    connection.executemany(
        "DELETE FROM verdict WHERE rule = ? AND turn = ? AND first = ? AND second = ?", [row[:4] for row in rows]
    )
    return len(rows)


def _searches(connection: sqlite3.Connection, ahead: int) -> int:
    row = connection.execute("SELECT id, rule, contents FROM searched ORDER BY id LIMIT 1").fetchone()
    if row is None:
        return 0
    contents = array("q", (content + ahead for content in array("q", row[2])))
    connection.execute("INSERT INTO known_search (rule, contents) VALUES (?, ?)", (row[1], contents.tobytes()))
    connection.execute("DELETE FROM searched WHERE id = ?", (row[0],))
    return 1
