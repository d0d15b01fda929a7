"""Memory of what two folders held when they last agreed: tables of sync's own in the catalog's database.

One row a path: how it looked on each side, and the digest where it was ever needed.  Besides, the digests of files
that don't agree, so that a conflict is not read again in each run.  A row is written only when the files stand; losing
rows costs reading and makes a deletion look like a new file on the other side, never the other way round.  What a row
was before a run changed it is kept for the undo of that run.

It belongs to two roots by their identities, wherever they are (see ``identity``).  The memory is a notebook and decides
nothing.  Paths and looks are kept as bytes, whatever they are.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from image_sync.base import paths, places
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.tables import BATCH, Tables
from image_sync.jobs.sync.memory_history import AGREED, PERMISSIONS, Statement
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import Look
from image_sync.jobs.sync.rules.reasons import Noted

RUNS_KEPT = 50

_PERMISSIONS = """
DROP TABLE IF EXISTS sync_permissions;
DROP TABLE IF EXISTS sync_permissions_before;
CREATE TABLE sync_permissions (pair INTEGER NOT NULL, path BLOB NOT NULL, permissions TEXT NOT NULL,
    PRIMARY KEY (pair, path)) WITHOUT ROWID;
CREATE TABLE sync_permissions_before (pair INTEGER NOT NULL, number INTEGER NOT NULL, path BLOB NOT NULL,
    permissions TEXT, PRIMARY KEY (pair, number, path)) WITHOUT ROWID;
"""
_TABLES = Tables(
    "sync",
    3,
    (
        *("sync_pair", "sync_agreed", "sync_digest", "sync_run", "sync_root", "sync_witness", "sync_before"),
        *("sync_permissions", "sync_permissions_before"),
    ),
    """
CREATE TABLE sync_pair (id INTEGER PRIMARY KEY, low BLOB NOT NULL, high BLOB NOT NULL, UNIQUE (low, high));
CREATE TABLE sync_agreed (pair INTEGER NOT NULL, path BLOB NOT NULL, low BLOB NOT NULL, high BLOB NOT NULL,
    content BLOB, PRIMARY KEY (pair, path)) WITHOUT ROWID;
CREATE TABLE sync_digest (root BLOB NOT NULL, path BLOB NOT NULL, look BLOB NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (root, path)) WITHOUT ROWID;
CREATE TABLE sync_run (pair INTEGER NOT NULL, run TEXT NOT NULL, size INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (pair, run)) WITHOUT ROWID;
CREATE TABLE sync_root (pair INTEGER NOT NULL, root BLOB NOT NULL, place BLOB NOT NULL, token TEXT NOT NULL,
    PRIMARY KEY (pair, root)) WITHOUT ROWID;
CREATE TABLE sync_witness (pair INTEGER NOT NULL, root BLOB NOT NULL, path BLOB NOT NULL, inode BLOB NOT NULL,
    ctime INTEGER NOT NULL, PRIMARY KEY (pair, root, path)) WITHOUT ROWID;
CREATE TABLE sync_before (pair INTEGER NOT NULL, number INTEGER NOT NULL, path BLOB NOT NULL, low BLOB, high BLOB,
    content BLOB, PRIMARY KEY (pair, number, path)) WITHOUT ROWID;
"""
    + _PERMISSIONS,
    {2: _PERMISSIONS},
)


@dataclass(frozen=True, slots=True)
class Row:
    """Remembered facts of a path that both sides held alike; ``content`` is a digest or where a link points to.

    ``permissions`` are those that both have, where they are carried and alike.
    """

    path: bytes
    source: Look
    target: Look
    content: str = ""
    permissions: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A folder and its change time at the end of a run: on the same root that never goes back.

    ``path`` is below the root, which is ``b""`` itself.
    """

    path: bytes
    inode: int
    ctime_ns: int


class SyncMemory:
    """The memory of one pair of folders, whichever of them is called the source.

    ``source`` and ``target`` are the keys of their identities.  Use it from one thread at a time.  Where the
    database can't be used there is no memory; ``notes`` then say so, and what is written goes nowhere.
    """

    def __init__(self, connection: sqlite3.Connection, source: str, target: str, notes: Sequence[str] = ()) -> None:
        self._connection = connection
        self.notes = list(notes)
        self._roots = {Side.SOURCE: os.fsencode(source), Side.TARGET: os.fsencode(target)}
        self._turned = self._roots[Side.SOURCE] > self._roots[Side.TARGET]
        self._pair = self._known_pair()
        self._doubted = False
        self._permits = self._has_permissions()

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
            note = Noted.NOT_REMEMBERED(path=paths.display(place), why=str(error))
            return cls(_TABLES.nowhere(), source, target, [*notes, note])

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    # --- reading ---

    def rows(self) -> list[tuple[bytes, Look, Look]]:
        """All paths with their looks in the source and in the target; without contents, since few are needed."""
        if self._pair is None or self._doubted:
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
        if self._pair is None or self._doubted:
            return found
        query = "SELECT path, content FROM sync_agreed WHERE pair = ? AND content IS NOT NULL AND path IN ({})"
        for path, content in self._select(query, (self._pair,), wanted):
            found[path] = _text(content)
        return found

    def permissions(self) -> dict[bytes, str]:
        """The permissions that both sides had alike, by path."""
        if not self._permits or self._doubted:
            return {}
        return dict(self._all("SELECT path, permissions FROM sync_permissions WHERE pair = ?", (self._pair,)))

    def _has_permissions(self) -> bool:
        return bool(self._all("SELECT 1 FROM sync_permissions WHERE pair = ? LIMIT 1", (self._pair,)))

    def digests(self, side: Side, looks: Mapping[bytes, Look]) -> dict[bytes, str]:
        """The digests of files of one side that still look as they did when they were read."""
        found: dict[bytes, str] = {}
        if self._doubted:
            return found
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

    def agree(self, rows: Iterable[Row], forgotten: Iterable[bytes] = (), run: str = "") -> None:
        """Remember what both sides hold alike, and forget what neither holds any more.

        Where ``run`` brought that about, what was remembered before is kept for its undo.
        """
        kept, gone = list(rows), list(forgotten)
        if not kept and not gone:
            return
        pair = self._own_pair()
        settled = [row.path for row in kept if row.content]
        self._write(
            *(AGREED.kept(pair, run, [*(row.path for row in kept), *gone]) if run else ()),
            ("INSERT OR REPLACE INTO sync_agreed VALUES (?, ?, ?, ?, ?)", [self._values(pair, row) for row in kept]),
            AGREED.forgotten(pair, gone),
            *self._permitted(pair, kept, gone, run),
            (
                "DELETE FROM sync_digest WHERE root = ? AND path = ?",
                [(root, path) for root in self._roots.values() for path in settled],
            ),
        )

    def _permitted(self, pair: int, kept: Sequence[Row], gone: Sequence[bytes], run: str) -> Iterator[Statement]:
        """Statements on permissions; those of what a run wrote without telling its permissions are forgotten."""
        known = [row for row in kept if row.permissions]
        unknown = [row.path for row in kept if not row.permissions] if run else []
        if not self._permits and not known:
            return
        if run:
            yield from PERMISSIONS.kept(pair, run, [*(row.path for row in kept), *gone])
        yield PERMISSIONS.forgotten(pair, [*unknown, *gone])
        yield self._with_permissions(pair, {row.path: row.permissions for row in known})

    def permit(self, alike: Mapping[bytes, str]) -> None:
        """Remember permissions that were found to be alike on both sides."""
        if alike:
            self._write(self._with_permissions(self._own_pair(), alike))

    def _with_permissions(self, pair: int, alike: Mapping[bytes, str]) -> Statement:
        self._permits = self._permits or bool(alike)
        rows = [(pair, path, text) for path, text in alike.items()]
        return "INSERT OR REPLACE INTO sync_permissions VALUES (?, ?, ?)", rows

    def _values(self, pair: int, row: Row) -> tuple[object, ...]:
        low, high = (row.target, row.source) if self._turned else (row.source, row.target)
        return pair, row.path, low, high, _blob(row.content)

    def read(self, side: Side, digests: Mapping[bytes, tuple[Look, str]]) -> None:
        """Remember the digests of files that were read, under the look that they had."""
        rows = [(self._roots[side], path, look, _blob(content)) for path, (look, content) in digests.items()]
        if rows:
            self._write(("INSERT OR REPLACE INTO sync_digest VALUES (?, ?, ?, ?)", rows))

    def forget(self, forgotten: Iterable[bytes], run: str = "") -> None:
        """Forget paths that ``run`` took from both sides."""
        self.agree((), forgotten, run)

    def take_back(self, run: str) -> None:
        """Remember again what was remembered before ``run``, which was undone."""
        if self._pair is not None:
            self._write(*AGREED.taken_back(self._pair, run), *PERMISSIONS.taken_back(self._pair, run))
            self._permits = self._has_permissions()

    # --- the two roots ---

    @property
    def is_known(self) -> bool:
        """Whether anything is remembered of this pair."""
        return self._pair is not None and not self._doubted

    def doubt(self) -> None:
        """Take nothing from the memory any more: it is of another disk, or of one that was set back.

        It is kept until something else is remembered in its place.
        """
        self._doubted = True

    def witnesses(self, side: Side) -> list[Witness]:
        """The folders of one side whose change times are remembered."""
        query = "SELECT path, inode, ctime FROM sync_witness WHERE pair = ? AND root = ?"
        rows = self._all(query, (self._pair, self._roots[side]))
        return [Witness(path, int(inode), ctime) for path, inode, ctime in rows]

    def token(self, side: Side) -> str:
        """The last token of a side's mark at the end of the last run; empty where it had none."""
        rows = self._all("SELECT token FROM sync_root WHERE pair = ? AND root = ?", (self._pair, self._roots[side]))
        return rows[0][0] if rows else ""

    def was_another_at(self, places_now: Mapping[Side, str]) -> Side | None:
        """A side in whose place another root stood when it was last synced with the other side."""
        if self._pair is not None:
            return None
        for side in Side:
            other = self._roots[side.other]
            query = (
                "SELECT COUNT(*) FROM sync_root AS here JOIN sync_root AS there ON here.pair = there.pair "
                "WHERE here.place = ? AND here.root NOT IN (?, ?) AND (there.root = ? OR there.place = ?)"
            )
            place, place_of_other = os.fsencode(places_now[side]), os.fsencode(places_now[side.other])
            rows = self._all(query, (place, self._roots[side], other, other, place_of_other))
            if rows and rows[0][0]:
                return side
        return None

    def end_run(self, side: Side, place: str, token: str, witnesses: Sequence[Witness]) -> None:
        """Remember how one side was left, where it is and by what it will be known again; nothing is written twice."""
        pair, root = self._own_pair(), self._roots[side]
        known = self._all("SELECT place, token FROM sync_root WHERE pair = ? AND root = ?", (pair, root))
        if known == [(os.fsencode(place), token)] and sorted(self.witnesses(side), key=_path) == sorted(
            witnesses, key=_path
        ):
            return
        rows = [(pair, root, one.path, b"%d" % one.inode, one.ctime_ns) for one in witnesses]
        self._write(
            ("INSERT OR REPLACE INTO sync_root VALUES (?, ?, ?, ?)", [(pair, root, os.fsencode(place), token)]),
            ("DELETE FROM sync_witness WHERE pair = ? AND root = ?", [(pair, root)]),
            ("INSERT INTO sync_witness VALUES (?, ?, ?, ?, ?)", rows),
        )

    def _all(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._lost(error)
            return []

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
            (
                "INSERT INTO sync_run VALUES (?1, ?2, ?3, "
                "(SELECT COALESCE(MAX(number), 0) + 1 FROM sync_run WHERE pair = ?1)) "
                "ON CONFLICT (pair, run) DO UPDATE SET size = excluded.size",
                [(pair, run, size)],
            ),
            (
                "DELETE FROM sync_run WHERE pair = ? AND run NOT IN "
                "(SELECT run FROM sync_run WHERE pair = ? ORDER BY number DESC LIMIT ?)",
                [(pair, pair, RUNS_KEPT)],
            ),
            AGREED.trimmed(pair),
            PERMISSIONS.trimmed(pair),
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
        """The number of this pair; it gets one when something is first remembered of it.

        What was doubted is forgotten then.
        """
        if self._doubted and self._pair is not None:
            tables = ("agreed", "run", "root", "witness", "before", "permissions", "permissions_before")
            self._write(*((f"DELETE FROM sync_{table} WHERE pair = ?", [(self._pair,)]) for table in tables))
        self._doubted = False
        if self._pair is None:
            self._write(("INSERT OR IGNORE INTO sync_pair (low, high) VALUES (?, ?)", [self._ordered()]))
            with contextlib.suppress(sqlite3.Error):
                self._pair = self._known_pair()
        return self._pair if self._pair is not None else -1

    def _write(self, *statements: Statement) -> None:
        """One transaction; a failure (full disk, another process) is said once and costs the next run some reading."""
        try:
            with self._connection:
                for statement, values in statements:
                    self._connection.executemany(statement, values)
        except sqlite3.Error as error:
            self._lost(error)

    def _lost(self, error: sqlite3.Error) -> None:
        note = Noted.NO_MEMORY(why=str(error))
        if note not in self.notes:
            self.notes.append(note)


def _path(one: Witness) -> bytes:
    return one.path


def _blob(content: str) -> bytes | None:
    return os.fsencode(content) if content else None


def _text(blob: bytes) -> str:
    return os.fsdecode(blob)
