"""Catalog of measured files: an SQLite database with one row per file and one row per content.

The catalog is a cache and a notebook.  Deleting it costs time, never correctness; one that is damaged or was written by
a newer version is set aside and begun anew.  A file is known again by its path, size and modification time, or, after
it was moved, by its inode, size and modification time.  The notebook part holds what the user decided ("not a match").

A database that the user names and that is not a catalog of ours is refused, never set aside: it may be anything.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from image_sync.base import paths, places
from image_sync.base.model import FileRecord, Fingerprint, Problem, Refused
from image_sync.inventory import takeover
from image_sync.inventory.catalog_file import (
    ONLY_A_CACHE,
    NewerCatalog,
    connect,
    is_damage,
    prepare,
    refuse_foreign,
    set_aside,
)
from image_sync.inventory.notebook import SEARCHES, Notebook
from image_sync.inventory.packing import packed, packed_hex, packed_number, unpacked, unpacked_hex
from image_sync.inventory.schema import CONTENT, EXTRAS, FACTS, FILE, JOINED, columns_of, fingerprint_of
from image_sync.inventory.storage import CatalogUnwritable

__all__ = ["SEARCHES", "Catalog", "CatalogUnwritable", "Known"]

AT_ONCE = 5000
"""Rows of a first release that are taken over as the catalog is opened; more of them want a progress bar."""
KEPT_SMALLS = 10_000
"""Small pictures that are kept whatever they look like: 47 MB, and no library of that size ever makes one again."""
_LET_GO = 1000
_SHORT = 19
# Letters of a word that many pictures may share: the name of a camera or a format.  A date has 19.
_UNASKED = """
SELECT id FROM known_small WHERE id <= (SELECT max(id) FROM known_content) - ?
AND id IN (SELECT id FROM known_content WHERE texture >= ? AND pixels IS NULL)
AND id NOT IN (SELECT first FROM known_verdict UNION SELECT second FROM known_verdict)
AND id NOT IN (SELECT id FROM known_views)
AND id NOT IN (SELECT content FROM known_file WHERE content IS NOT NULL GROUP BY content HAVING count(*) > 1)
"""
ONE_BY_ONE = 8
"""Files of a folder that are looked up one by one; of more the whole folder is read."""


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


class Catalog(Notebook):
    """An open catalog.  All methods may be called from any thread, one at a time."""

    _fresh_smalls = 0
    """Small pictures that came since the last time that some were let go."""

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
            catalog = cls(prepare(connect(place)), place=place)
            catalog._take_over_few()
            return catalog
        except (NewerCatalog, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.OperationalError) and not is_damage(error):
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

    # --- what first releases wrote ---

    @property
    def pending(self) -> int:
        """Number of rows of a first release that are to be taken over."""
        with self._lock:
            return takeover.pending(self._connection)

    def _take_over_few(self) -> None:
        """Take over what is done in a moment."""
        try:
            if 0 < self.pending <= AT_ONCE:
                self.take_over()
        except BaseException:
            self.close()
            raise

    def take_over(self, advance: Callable[[int], None] = lambda _: None) -> None:
        """Take over what a first release wrote.  ``advance`` is told of rows as they come, and may raise to stop: then,
        and where the disk is full, the next time goes on.
        """
        with self._lock:
            self._fresh_smalls += self.pending
            try:
                takeover.take_over(self._connection, advance)
            except sqlite3.OperationalError as error:
                if is_damage(error):
                    raise
                more = f"Not all that an earlier version knew could be taken over ({error}); the next run goes on."
                self.notes = (*self.notes, more)

    def shrink(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """Give back the room that a takeover left, while ``wanted`` says so."""
        with self._lock:
            takeover.shrink(self._connection, wanted)

    # --- files and their contents ---

    def lookup(self, records: Sequence[FileRecord], version: int) -> list[Known | None]:
        """The entry of each record, ``None`` where there is none (or it was measured by another ``version``)."""
        known: list[Known | None] = [None] * len(records)
        wanted = _Wanted(records, version, known)
        folders: defaultdict[str, list[int]] = defaultdict(list)
        for index, record in enumerate(records):
            folders[paths.join(record.root, record.folder)].append(index)
        with self._lock:
            for folder, indexes in folders.items():
                number = self._folder(folder)
                if number is not None:
                    self._look_up(number, indexes, wanted)
            for index, entry in enumerate(known):
                if entry is None:
                    known[index] = self._moved(records[index], version)
        return known

    def _look_up(self, folder: int, indexes: Sequence[int], wanted: _Wanted) -> None:
        """Take the entries of files in one folder: with all of it where many are asked for, else one by one."""
        query = f"SELECT f.name, f.size, f.mtime_ns, {FACTS} FROM {JOINED} WHERE f.folder = ? AND f.version = ?"
        names = {os.fsencode(wanted.records[index].name): index for index in indexes}
        if len(indexes) > ONE_BY_ONE:
            wanted.take(self._connection.execute(query, (folder, wanted.version)), names)
            return
        for name in names:
            wanted.take(self._connection.execute(f"{query} AND f.name = ?", (folder, wanted.version, name)), names)

    def _moved(self, record: FileRecord, version: int) -> Known | None:
        """A file that stands elsewhere now: same device, inode, size and modification time."""
        if not record.inode:
            return None
        where = "f.inode = ? AND f.size = ? AND f.mtime_ns = ? AND f.device = ? AND f.version = ? LIMIT 1"
        file = (packed_number(record.inode), record.size, record.change_key, packed_number(record.device), version)
        row = self._connection.execute(f"SELECT {FACTS} FROM {JOINED} WHERE {where}", file).fetchone()
        return _known(row, record.path) if row else None

    def _folder(self, folder: str) -> int | None:
        """The row of a folder that is known."""
        query = "SELECT id FROM known_folder WHERE path = ?"
        row = self._connection.execute(query, (_in_bytes(folder),)).fetchone()
        return row[0] if row else None

    def _kept_folder(self, folder: str, seen: dict[str, int]) -> int:
        """The row of a folder, made where there is none; ``seen`` are those that were asked for just now."""
        number = seen.get(folder) or self._folder(folder)
        if number is None:
            cursor = self._connection.execute("INSERT INTO known_folder (path) VALUES (?)", (_in_bytes(folder),))
            number = cursor.lastrowid
            assert number is not None
        seen[folder] = number
        return number

    def store(self, entries: Iterable[tuple[FileRecord, Known]], version: int) -> list[int | None]:
        """Remember what was measured, in one transaction; the content's row of each entry is returned.

        An entry whose ``content`` is known already gets no second row of it.  A failure to write (a full disk) is no
        reason to stop: the entry keeps what it has and the next run measures it again.
        """
        seen: dict[str, int] = {}
        with self._lock, self._transaction():
            return [self._store(record, known, version, seen) for record, known in entries]

    def _store(self, record: FileRecord, known: Known, version: int, seen: dict[str, int]) -> int | None:
        content = known.content
        if content is None and known.fingerprint is not None:
            content = self._store_content(known.fingerprint, known.pixels)
        problem = known.problem
        self._connection.execute(
            f"INSERT OR REPLACE INTO known_file (folder, name, {FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._kept_folder(paths.join(record.root, record.folder), seen),
                os.fsencode(record.name),
                record.size,
                record.change_key,
                packed_number(record.device),
                packed_number(record.inode),
                version,
                packed_hex(known.mark),
                packed_hex(known.digest),
                content,
                problem and problem.what,
                problem and problem.why,
                problem and problem.hint,
            ),
        )
        return content

    def _store_content(self, fingerprint: Fingerprint, pixels: str | None) -> int:
        values = (*columns_of(fingerprint), packed_hex(pixels))
        cursor = self._connection.execute(
            f"INSERT INTO known_content ({CONTENT}, {EXTRAS}, pixels) VALUES ({','.join('?' * len(values))})", values
        )
        content = cursor.lastrowid
        assert content is not None
        self._fresh_smalls += 1
        self._connection.execute(
            "INSERT INTO known_small VALUES (?, ?)", (content, packed(fingerprint.small, fingerprint.chroma))
        )
        return content

    def forget(self, places: Iterable[str]) -> None:
        """Forget files (absolute paths) that got another content and kept their time, so that they seem unchanged."""
        with self._lock, self._transaction():
            self._connection.executemany(
                "DELETE FROM known_file WHERE folder = (SELECT id FROM known_folder WHERE path = ?) AND name = ?",
                [(_in_bytes(os.path.dirname(place)), os.fsencode(os.path.basename(place))) for place in places],
            )

    def store_pixels(self, digests: Mapping[int, str]) -> None:
        """Remember the digest of the decoded pixels, by content row."""
        with self._lock, self._transaction():
            self._connection.executemany(
                "UPDATE known_content SET pixels = ? WHERE id = ?",
                [(packed_hex(digest), content) for content, digest in digests.items()],
            )

    def store_traces(self, traces: Mapping[int, int | None]) -> None:
        """Remember the earlier compression that was found for contents, by their rows; ``None``: none was found."""
        with self._lock, self._transaction():
            self._connection.executemany(
                "UPDATE known_content SET earlier = ? WHERE id = ?",
                [(found or 0, row) for row, found in traces.items()],
            )

    def marked_sizes(self, sizes: Iterable[int]) -> set[int]:
        """The ``sizes`` that some known file with a mark has."""
        query = "SELECT DISTINCT size FROM known_file WHERE mark IS NOT NULL AND size IN ({})"
        return {size for (size,) in self._in_parts(query, sizes)}

    def by_mark(self, size: int, mark: str, version: int) -> Known | None:
        """The entry of a content by its size and mark, wherever a file with it was seen."""
        where = "f.size = ? AND f.mark = ? AND f.version = ? AND f.content IS NOT NULL LIMIT 1"
        query = f"SELECT {FACTS} FROM {JOINED} WHERE {where}"
        with self._lock:
            row = self._connection.execute(query, (size, packed_hex(mark), version)).fetchone()
        return _known(row, "") if row else None

    def smalls(self, contents: Iterable[int]) -> dict[int, bytes]:
        """The small grey pictures (64x64 bytes) of the given content rows, of those that are kept."""
        return {row: small for row, (small, _) in self._kept_smalls(contents)}

    def chromas(self, contents: Iterable[int]) -> dict[int, bytes]:
        """The colours (``pictures.colour``) of the given content rows, of those that are kept."""
        return {row: chroma for row, (_, chroma) in self._kept_smalls(contents)}

    def _kept_smalls(self, contents: Iterable[int]) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
        for row, data in self._in_parts("SELECT id, data FROM known_small WHERE id IN ({})", contents):
            try:
                yield row, unpacked(data)
            except ValueError as error:
                raise sqlite3.DatabaseError(f"a small picture is damaged: {error}") from error

    def store_smalls(self, looks: Mapping[int, tuple[bytes, bytes]]) -> None:
        """Remember small pictures and colours that were made again, by content row."""
        with self._lock, self._transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO known_small VALUES (?, ?)",
                [(row, packed(small, chroma)) for row, (small, chroma) in looks.items()],
            )

    def let_go_of_smalls(self, texture: float, wanted: Callable[[], bool], kept: int = KEPT_SMALLS) -> int:
        """Let go of the small pictures that hardly any run asks for again, and give back their room, while ``wanted``
        says so; the number of them is returned.

        What stays: the newest ``kept``, blank pictures (below ``texture``), whatever a verdict was given on, what
        several files hold, and what was seen in parts.  Nothing is done before enough came since the last time.
        """
        if self._fresh_smalls < kept // 4:
            return 0
        with self._lock, self._transaction():
            gone = [row for (row,) in self._connection.execute(_UNASKED, (kept, texture))]
        for start in range(0, len(gone), _LET_GO):
            if not wanted():
                return start
            part = [(row,) for row in gone[start : start + _LET_GO]]
            with self._lock, self._transaction():
                self._connection.executemany("DELETE FROM known_small WHERE id = ?", part)
        self._fresh_smalls = 0
        self._give_back(wanted)
        return len(gone)

    def _give_back(self, wanted: Callable[[], bool]) -> None:
        """Give free pages back to the system where they are a good part of all."""
        with self._lock:
            free, pages = (
                self._connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("freelist_count", "page_count")
            )
            if free > pages // 3:
                takeover.shrink(self._connection, wanted)

    def frames(self, contents: Iterable[int], version: int) -> dict[int, bytes]:
        """The small pictures of further frames of the given content rows, of those that were examined before."""
        query = "SELECT id, data FROM known_frames WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_frames(self, frames: Mapping[int, bytes], version: int) -> None:
        """Remember the small pictures of further frames, by content row."""
        self._store_looks("known_frames", frames, version)

    def damage(self, contents: Iterable[int], version: int) -> dict[int, str]:
        """The damage of the given content rows, in words (empty: nothing), of those that were examined before."""
        query = "SELECT id, words FROM known_damage WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_damage(self, damage: Mapping[int, str], version: int) -> None:
        """Remember what is damaged, by content row."""
        self._store_looks("known_damage", damage, version)

    def views(self, contents: Iterable[int], version: str, begin: int, length: int) -> dict[int, bytes]:
        """``length`` bytes from ``begin`` on of the views (``edited_views``) of those content rows that have them."""
        query = "SELECT id, substr(data, ?, ?) FROM known_views WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, begin + 1, length, version))

    def store_views(self, views: Mapping[int, bytes], version: str) -> None:
        """Remember views, by content row."""
        self._store_looks("known_views", views, version)

    def inner_codes(self, contents: Iterable[int], version: int) -> dict[int, bytes]:
        """The codes of the inner parts (``organize.trimmed``) of those content rows that have them."""
        query = "SELECT id, data FROM known_inner WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_inner_codes(self, codes: Mapping[int, bytes], version: int) -> None:
        """Remember codes of inner parts, by content row."""
        self._store_looks("known_inner", codes, version)

    def corners(self, contents: Iterable[int], version: int) -> dict[int, bytes]:
        """The corners (``matching.features``) of the given content rows, of those that were described before."""
        query = "SELECT id, data FROM known_corners WHERE version = ? AND id IN ({})"
        return dict(self._in_parts(query, contents, version))

    def store_corners(self, corners: Mapping[int, bytes], version: int) -> None:
        """Remember corners, by content row."""
        self._store_looks("known_corners", corners, version)


class _Wanted:
    """The records of a lookup, and what is known of them so far.

    Words that many pictures share (a camera, a format) are at hand once.
    """

    def __init__(self, records: Sequence[FileRecord], version: int, known: list[Known | None]) -> None:
        self.records, self.version, self.known = records, version, known
        self._words: dict[str, str] = {}

    def take(self, rows: Iterable[tuple[Any, ...]], names: Mapping[bytes, int]) -> None:
        """Take the entries among ``rows`` whose files, by their names, are unchanged."""
        for name, size, change_key, *facts in rows:
            index = names.get(name)
            if index is not None:
                record = self.records[index]
                if size == record.size and change_key == record.change_key:
                    self.known[index] = _known([self._once(fact) for fact in facts], record.path)

    def _once(self, fact: Any) -> Any:
        """The fact; of a short word the one that is at hand already."""
        return self._words.setdefault(fact, fact) if type(fact) is str and len(fact) < _SHORT else fact


def _in_bytes(folder: str) -> bytes:
    """A folder as the catalog knows it: its bytes, ending in the separator."""
    return os.fsencode(folder.rstrip(paths.SEPARATOR) + paths.SEPARATOR)


def _known(row: Sequence[Any], path: str) -> Known:
    digest, content, what, why, hint, *facts, earlier, pixels, mark = row
    problem = Problem(path, what, why, hint or "") if what else None
    if content is not None and facts[0] is None:
        raise sqlite3.DatabaseError("a content that a file names is not there")
    fingerprint = None if content is None else fingerprint_of(facts, earlier or None)
    return Known(
        content,
        fingerprint,
        unpacked_hex(digest),
        unpacked_hex(pixels),
        problem,
        unpacked_hex(mark),
        traced=earlier is not None,
    )
