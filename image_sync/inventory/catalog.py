"""Catalog of measured files: an SQLite database with one row per file and one row per content.

The catalog is a cache and a notebook.  Deleting it costs time, never correctness; one that is damaged or was written by
a newer version is set aside and begun anew.  A file is known again by its path, size and modification time, or, after
it was moved, by its inode, size and modification time.  The notebook part holds what the user decided ("not a match").

A database that the user names and that is not a catalog of ours is refused, never set aside: it may be anything.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from image_sync.base import paths, places
from image_sync.base.model import FileRecord, Fingerprint, Problem, Refused
from image_sync.inventory.catalog_file import ONLY_A_CACHE, NewerCatalog, connect, prepare, refuse_foreign, set_aside
from image_sync.inventory.keys import Refusal, RefusedPair, SearchRule, VerdictRule
from image_sync.inventory.schema import CONTENT, SELECT, fingerprint_of
from image_sync.inventory.tables import BATCH

SEARCHES = 8
"""Searches of a rule that are remembered: one for each pair of folders that somebody sorts now and then."""
_SCORE_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """One file's entry in the catalog.

    ``content`` is the row of its content; ``fingerprint`` comes without its small picture (see ``Catalog.smalls``).
    ``mark`` and ``digest`` tell its bytes from others (``pictures.measure.Identity``), ``pixels`` its decoded pixels;
    ``traced`` tells whether an earlier compression was sought.  ``problem`` is there instead of a fingerprint when
    the content could not be read as a picture.
    """

    content: int | None
    fingerprint: Fingerprint | None
    digest: str | None = None
    pixels: str | None = None
    problem: Problem | None = None
    mark: str | None = None
    traced: bool = False


class Catalog:
    """An open catalog.  All methods may be called from any thread, one at a time."""

    def __init__(self, connection: sqlite3.Connection, notes: Sequence[str] = (), place: str = "") -> None:
        self._connection = connection
        self._place = place
        self._lock = threading.RLock()
        self.notes = tuple(notes)

    # --- opening ---

    @classmethod
    def open(cls, path: str | None = None) -> Catalog:
        """Open (or begin) the catalog at ``path``, by default in the user's data folder.

        Raises ``Refused`` when ``path`` names something that is no catalog of ours.  When the default one can't be
        used at all, the catalog lives in memory for this run and ``notes`` says so.
        """
        place = path or places.catalog_path()
        if path and os.path.lexists(path):
            refuse_foreign(path)
        try:
            if path:
                os.makedirs(os.path.dirname(os.path.abspath(place)), exist_ok=True)
            else:
                places.make_private(os.path.dirname(place))
            return cls._open_or_renew(place)
        except (OSError, sqlite3.Error) as error:
            if path:
                raise Refused(f"The catalog {paths.display(path)} can't be opened: {error}. {ONLY_A_CACHE}") from error
            note = f"The catalog {paths.display(place)} can't be used ({error}); nothing will be remembered."
            return cls(prepare(sqlite3.connect(":memory:", check_same_thread=False)), [note])

    @classmethod
    def _open_or_renew(cls, place: str) -> Catalog:
        try:
            return cls(prepare(connect(place)), place=place)
        except (NewerCatalog, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            aside = set_aside(place)
            why = "was written by a newer version" if isinstance(error, NewerCatalog) else "is damaged"
            note = f"The catalog {why}; it was set aside as {paths.display(aside)} and begun anew."
            return cls(prepare(connect(place)), [note], place)

    def renewed(self) -> Catalog:
        """A new catalog in the place of this one, which was found to be damaged and is set aside.

        Where that can't be done it lives in memory; ``notes`` say so.
        """
        self.close()
        damaged = f"The catalog {paths.display(self._place)} is damaged"
        try:
            aside = set_aside(self._place) if self._place else ""
            note = f"{damaged}; it was set aside as {paths.display(aside)} and begun anew."
            return Catalog(prepare(connect(self._place)), [note], self._place)
        except (OSError, sqlite3.Error) as error:
            note = f"{damaged} and can't be set aside ({error}); nothing will be remembered."
            return Catalog(prepare(sqlite3.connect(":memory:", check_same_thread=False)), [note])

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    # --- files and their contents ---

    def lookup(self, records: Sequence[FileRecord], version: int) -> list[Known | None]:
        """The entry of each record, ``None`` where there is none (or it was measured by another ``version``)."""
        with self._lock:
            by_path = self._rows_by_path(records, version)
            known: list[Known | None] = []
            for record in records:
                row = by_path.get(os.fsencode(record.path))
                known.append(_known(row) if row and _unchanged(row, record) else None)
            missing = [index for index, entry in enumerate(known) if entry is None]
            for index, entry in self._moved([records[index] for index in missing], version):
                known[missing[index]] = entry
        return known

    def _rows_by_path(self, records: Sequence[FileRecord], version: int) -> dict[bytes, tuple[Any, ...]]:
        rows: dict[bytes, tuple[Any, ...]] = {}
        for root in {record.root for record in records}:
            low = os.fsencode(root.rstrip(paths.SEPARATOR) + paths.SEPARATOR)
            high = low[:-1] + bytes([low[-1] + 1])
            query = f"{SELECT} WHERE f.path >= ? AND f.path < ? AND f.version = ?"
            for row in self._connection.execute(query, (low, high, version)):
                rows[row[0]] = row
        return rows

    def _moved(self, records: Sequence[FileRecord], version: int) -> Iterator[tuple[int, Known]]:
        """Files that stand elsewhere now: same device, inode, size and modification time."""
        query = f"{SELECT} WHERE f.inode = ? AND f.size = ? AND f.mtime_ns = ? AND f.version = ?"
        for index, record in enumerate(records):
            if not record.inode:
                continue
            values = (str(record.inode), record.size, record.change_key, version)
            for row in self._connection.execute(query, values):
                if row[-1] == str(record.device):
                    yield index, _known(row)
                    break

    def store(self, entries: Iterable[tuple[FileRecord, Known]], version: int) -> list[int | None]:
        """Remember what was measured, in one transaction; the content's row of each entry is returned.

        An entry whose ``content`` is known already gets no second row of it.  A failure to write (a full disk) is no
        reason to stop: the entry keeps what it has and the next run measures it again.
        """
        with self._lock, self._transaction():
            return [self._store(record, known, version) for record, known in entries]

    def _store(self, record: FileRecord, known: Known, version: int) -> int | None:
        content = known.content
        if content is None and known.fingerprint is not None:
            content = self._store_content(known.fingerprint, known.pixels)
        problem = known.problem
        self._connection.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                os.fsencode(record.path),
                record.size,
                record.change_key,
                str(record.device),
                str(record.inode),
                version,
                known.mark,
                known.digest,
                content,
                problem and problem.what,
                problem and problem.why,
                problem and problem.hint,
            ),
        )
        return content

    def _store_content(self, fingerprint: Fingerprint, pixels: str | None) -> int:
        cursor = self._connection.execute(
            f"INSERT INTO content ({CONTENT}, pixels) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                fingerprint.format,
                fingerprint.width,
                fingerprint.height,
                fingerprint.frames,
                fingerprint.codes,
                fingerprint.texture,
                fingerprint.sharpness,
                fingerprint.jpeg_quality,
                fingerprint.has_exif,
                fingerprint.has_gps,
                fingerprint.captured,
                fingerprint.camera,
                pixels,
            ),
        )
        content = cursor.lastrowid
        assert content is not None
        self._connection.execute("INSERT INTO small VALUES (?, ?)", (content, fingerprint.small))
        self._store_extras(content, fingerprint)
        return content

    def _store_extras(self, content: int, fingerprint: Fingerprint) -> None:
        found = fingerprint.extras
        self._connection.execute(
            "INSERT OR REPLACE INTO extras VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                content,
                found.tones.value,
                found.bits,
                found.alpha,
                found.wide,
                found.movie,
                found.gain_map,
                found.further,
                found.described.value,
                fingerprint.chroma,
            ),
        )

    def forget(self, places: Iterable[str]) -> None:
        """Forget files (absolute paths) that got another content and kept their time, so that they seem unchanged."""
        with self._lock, self._transaction():
            self._connection.executemany("DELETE FROM file WHERE path = ?", [(os.fsencode(place),) for place in places])

    def store_pixels(self, digests: Mapping[int, str]) -> None:
        """Remember the digest of the decoded pixels, by content row."""
        with self._lock, self._transaction():
            self._connection.executemany(
                "UPDATE content SET pixels = ? WHERE id = ?", [(digest, content) for content, digest in digests.items()]
            )

    def store_traces(self, traces: Mapping[int, int | None]) -> None:
        """Remember the earlier compression that was found for contents, by their rows; ``None``: none was found."""
        with self._lock, self._transaction():
            self._connection.executemany(
                "UPDATE content SET earlier = ? WHERE id = ?", [(found or 0, row) for row, found in traces.items()]
            )

    def marked_sizes(self, sizes: Iterable[int]) -> set[int]:
        """The ``sizes`` that some known file with a mark has."""
        query = "SELECT DISTINCT size FROM file WHERE mark IS NOT NULL AND size IN ({})"
        return {size for (size,) in self._in_parts(query, sizes)}

    def by_mark(self, size: int, mark: str, version: int) -> Known | None:
        """The entry of a content by its size and mark, wherever a file with it was seen."""
        query = f"{SELECT} WHERE f.size = ? AND f.mark = ? AND f.version = ? AND f.content IS NOT NULL LIMIT 1"
        with self._lock:
            row = self._connection.execute(query, (size, mark, version)).fetchone()
        return _known(row) if row else None

    def _in_parts(self, query: str, values: Iterable[int], *before: object) -> Iterator[tuple[Any, ...]]:
        """The rows of ``query``, whose ``{}`` takes the values, as many at a time as a statement carries; ``before``
        are its parameters before them."""
        wanted = list(dict.fromkeys(values))
        with self._lock:
            for start in range(0, len(wanted), BATCH):
                part = wanted[start : start + BATCH]
                yield from self._connection.execute(query.format(",".join("?" * len(part))), (*before, *part))

    def smalls(self, contents: Iterable[int]) -> dict[int, bytes]:
        """The small grey pictures (64x64 bytes) of the given content rows."""
        return dict(self._in_parts("SELECT id, data FROM small WHERE id IN ({})", contents))

    def chromas(self, contents: Iterable[int]) -> dict[int, bytes]:
        """The colours (``pictures.colour``) of the given content rows."""
        return dict(self._in_parts("SELECT id, chroma FROM extras WHERE id IN ({})", contents))

    def frames(self, contents: Iterable[int], version: int) -> dict[int, bytes]:
        """The small pictures of further frames of the given content rows, of those that were examined before."""
        query = "SELECT id, data FROM frames WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_frames(self, frames: Mapping[int, bytes], version: int) -> None:
        """Remember the small pictures of further frames, by content row."""
        self._store_looks("frames", frames, version)

    def damage(self, contents: Iterable[int], version: int) -> dict[int, str]:
        """The damage of the given content rows, in words (empty: nothing), of those that were examined before."""
        query = "SELECT id, words FROM damage WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_damage(self, damage: Mapping[int, str], version: int) -> None:
        """Remember what is damaged, by content row."""
        self._store_looks("damage", damage, version)

    def _store_looks(self, table: str, found: Mapping[int, bytes | str], version: int | str) -> None:
        """Remember what was seen in contents, by their rows, in a table of row, version and data."""
        with self._lock, self._transaction():
            self._connection.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)",
                [(row, version, data) for row, data in found.items()],
            )

    # --- verdicts on pairs ---

    def verdicts(self, firsts: Iterable[int], rule: VerdictRule) -> dict[tuple[int, int], bool]:
        """Verdicts of earlier runs on pairs of contents, by their rows: those whose first is among ``firsts``."""
        return {rows: bool(same) for rows, same in self._decided(firsts, rule)}

    def store_verdicts(self, verdicts: Mapping[tuple[int, int], bool], rule: VerdictRule) -> None:
        """Remember verdicts, by the rows of the two contents."""
        self._decide(verdicts, rule)

    def confirmed(self, firsts: Iterable[int], rule: VerdictRule) -> list[tuple[int, int]]:
        """The pairs whose ``verdicts`` are true."""
        return [rows for rows, _ in self._decided(firsts, rule, only="AND same")]

    def scores(self, firsts: Iterable[int], rule: VerdictRule) -> dict[tuple[int, int], float]:
        """Similarities that earlier runs found, else like ``verdicts``; 0 for those that don't match."""
        return {rows: same / _SCORE_STEPS for rows, same in self._decided(firsts, rule)}

    def store_scores(self, scores: Mapping[tuple[int, int], float], rule: VerdictRule) -> None:
        """Remember scores (0-1, to four places), by the rows of the two contents."""
        self._decide({rows: round(score * _SCORE_STEPS) for rows, score in scores.items()}, rule)

    def alike(self, firsts: Iterable[int], rule: VerdictRule) -> dict[tuple[int, int], float]:
        """The ``scores`` that are not 0."""
        return {rows: same / _SCORE_STEPS for rows, same in self._decided(firsts, rule, only="AND same")}

    def _decided(
        self, firsts: Iterable[int], rule: VerdictRule, only: str = ""
    ) -> Iterator[tuple[tuple[int, int], int]]:
        query = f"SELECT first, second, same FROM verdict WHERE turn = ? AND rule = ? {only} AND first IN ({{}})"
        for first, second, same in self._in_parts(query, firsts, rule.turn, rule.key()):
            yield (first, second), same

    def _decide(self, verdicts: Mapping[tuple[int, int], int], rule: VerdictRule) -> None:
        with self._lock, self._transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)",
                [(*rows, rule.turn, rule.key(), same) for rows, same in verdicts.items()],
            )

    # --- searches ---

    def searched(self, rule: SearchRule) -> list[frozenset[int]]:
        """Content rows that were searched together by ``rule``, newest first: of each search, every pair that the
        rule proposes among them has its score."""
        query = "SELECT contents FROM searched WHERE rule = ? ORDER BY id DESC"
        with self._lock:
            return [frozenset(array("q", data)) for (data,) in self._connection.execute(query, (rule.key(),))]

    def store_searched(self, contents: Iterable[int], rule: SearchRule) -> None:
        """Remember that these content rows were searched together; what that makes superfluous is forgotten."""
        now, key = frozenset(contents), rule.key()
        with self._lock, self._transaction():
            rows = self._connection.execute("SELECT id, rule, contents FROM searched ORDER BY id DESC").fetchall()
            others = [(row, frozenset(array("q", data))) for row, of_rule, data in rows if of_rule == key]
            covered = [row for row, known in others if known <= now]
            kept = [row for row, known in others if not known <= now]
            gone = [(row,) for row in (*covered, *kept[SEARCHES - 1 :])]
            self._connection.executemany("DELETE FROM searched WHERE id = ?", gone)
            values = (key, array("q", sorted(now)).tobytes())
            self._connection.execute("INSERT INTO searched (rule, contents) VALUES (?, ?)", values)

    def views(self, contents: Iterable[int], version: str, begin: int, length: int) -> dict[int, bytes]:
        """``length`` bytes from ``begin`` on of the views (``edited_views``) of those content rows that have them."""
        query = "SELECT id, substr(data, ?, ?) FROM views WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, begin + 1, length, version))

    def store_views(self, views: Mapping[int, bytes], version: str) -> None:
        """Remember views, by content row."""
        self._store_looks("views", views, version)

    # --- corners ---

    def corners(self, contents: Iterable[int], version: int) -> dict[int, bytes]:
        """The corners (``matching.features``) of the given content rows, of those that were described before."""
        query = "SELECT id, data FROM corners WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_corners(self, corners: Mapping[int, bytes], version: int) -> None:
        """Remember corners, by content row."""
        self._store_looks("corners", corners, version)

    # --- decisions ---

    def refuse(self, pair: RefusedPair, files: tuple[str, str] | None = None) -> None:
        """Remember for ever that two contents are no match, and the ``files`` that it was said of."""
        with self._lock, self._transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO refused VALUES (?, ?, ?)", (*pair.key(), time.strftime("%Y-%m-%dT%H:%M:%S"))
            )
            if files is not None:
                self._connection.execute(
                    "INSERT OR REPLACE INTO refused_files VALUES (?, ?, ?, ?)", (*pair.key(), *map(os.fsencode, files))
                )

    def refused(self) -> frozenset[RefusedPair]:
        """All pairs that are no match."""
        with self._lock:
            rows = self._connection.execute("SELECT first, second FROM refused")
            return frozenset(RefusedPair(first, second) for first, second in rows)

    def refusals(self) -> list[Refusal]:
        """All pairs that are no match, with when and of which files that was said, the newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT first, second, decided, path, other FROM refused LEFT JOIN refused_files USING (first, second) "
                "ORDER BY decided DESC, first, second"
            ).fetchall()
        return [
            Refusal(RefusedPair(first, second), decided, (os.fsdecode(path or b""), os.fsdecode(other or b"")))
            for first, second, decided, path, other in rows
        ]

    def forget_refused(self, pair: RefusedPair) -> bool:
        """Forget that two contents are no match; whether it was remembered."""
        where = "WHERE first = ? AND second = ?"
        with self._lock, self._transaction():
            self._connection.execute(f"DELETE FROM refused_files {where}", pair.key())
            return self._connection.execute(f"DELETE FROM refused {where}", pair.key()).rowcount > 0

    def clear_refused(self) -> int:
        """Forget every "not a match"; the number of them is returned."""
        with self._lock, self._transaction():
            self._connection.execute("DELETE FROM refused_files")
            return self._connection.execute("DELETE FROM refused").rowcount

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with self._connection:
                yield
        except sqlite3.DatabaseError as error:
            raise CatalogUnwritable(str(error)) from error


class CatalogUnwritable(Exception):
    """The catalog could not take an entry (full disk, locked by another process); the work goes on without it."""


def _unchanged(row: tuple[Any, ...], record: FileRecord) -> bool:
    return bool(row[1] == record.size and row[2] == record.change_key)


def _known(row: Sequence[Any]) -> Known:
    path, _, _, digest, content, what, why, hint, *facts, earlier, pixels, mark, _ = row
    problem = Problem(os.fsdecode(path), what, why, hint or "") if what else None
    fingerprint = None if content is None else fingerprint_of(facts, earlier or None)
    return Known(content, fingerprint, digest, pixels, problem, mark, traced=earlier is not None)
