"""What a first release knew is taken over whole, whatever cuts it off; that release finds nothing to set aside."""

from __future__ import annotations

import itertools
import os
import sqlite3
from array import array
from contextlib import closing
from pathlib import Path

import pytest

from image_sync.base.model import Stopped
from image_sync.inventory import catalog as catalog_module
from image_sync.inventory import takeover
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.catalog_file import APPLICATION_ID
from image_sync.inventory.keys import SearchRule, VerdictKind, VerdictRule
from image_sync.inventory.schema import FIRST, LATER
from tests.values import record

SHOTS = VerdictRule(VerdictKind.SAME, (2,), 0.85)
SEARCH = SearchRule(SHOTS, (1, 1), exact=True)
VERSION = 4
COUNT = 50


def small(number: int) -> bytes:
    return bytes((number * 7 + place) % 256 for place in range(4096))


def chroma(number: int) -> bytes:
    return bytes([number]) * 512


def written_by_a_first_release(place: Path, count: int = COUNT, begin: int = 0) -> None:
    """A catalog as such a release writes it, or more of its rows in one that is there."""
    with closing(sqlite3.connect(place)) as connection, connection:
        if not connection.execute("PRAGMA user_version").fetchone()[0]:
            connection.executescript(FIRST + LATER)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA user_version = 1")
        for row in range(1, count + 1):
            number = begin + row
            connection.execute(
                "INSERT INTO content VALUES (?, 'JPEG', ?, 300, 1, ?, 50.0, 9.5, 85, 1, 0, '2020', 'X', NULL, NULL)",
                (row, 400 + number, bytes([number]) * 32),
            )
            connection.execute("INSERT INTO small VALUES (?, ?)", (row, small(number)))
            connection.execute("INSERT INTO extras VALUES (?, 2, 8, 0, 0, 0, 0, 0, 0, ?)", (row, chroma(number)))
            connection.execute("INSERT INTO views VALUES (?, 'one', ?)", (row, bytes([number])))
            connection.execute(
                "INSERT INTO file VALUES (?, 1000, ?, '1', ?, ?, ?, ?, ?, NULL, NULL, NULL)",
                (path_of(number), 10**18, str(number + 100), VERSION, f"{number:032x}", f"{number:032x}", row),
            )
            connection.execute("INSERT INTO verdict VALUES (?, ?, 0, ?, 1)", (row, row + 1, SHOTS.key()))
        connection.execute(
            "INSERT INTO searched (rule, contents) VALUES (?, ?)",
            (SEARCH.key(), array("q", range(1, count + 1)).tobytes()),
        )


def path_of(number: int) -> bytes:
    return b"/one/%d/\xff%d.jpg" % (number % 3, number)


def knows_all(catalog: Catalog, numbers: range) -> None:
    records = [record(os.fsdecode(path_of(number))[5:], inode=number + 100) for number in numbers]
    known = catalog.lookup(records, VERSION)
    contents = []
    for number, entry in zip(numbers, known, strict=True):
        assert entry is not None, number
        assert entry.fingerprint is not None
        assert entry.content is not None
        assert (entry.digest, entry.mark) == (f"{number:032x}", f"{number:032x}")
        assert (entry.fingerprint.width, entry.fingerprint.codes) == (400 + number, bytes([number]) * 32)
        assert entry.fingerprint.extras.tones.value == 2
        assert catalog.smalls([entry.content]) == {entry.content: small(number)}
        assert catalog.chromas([entry.content]) == {entry.content: chroma(number)}
        assert catalog.views([entry.content], "one", 0, 1) == {entry.content: bytes([number])}
        contents.append(entry.content)
    pairs = set(itertools.pairwise(contents))
    assert pairs <= catalog.verdicts(contents, SHOTS).keys()
    assert set(contents) in [set(found) for found in catalog.searched(SEARCH)]


def test_all_that_a_first_release_knew_is_taken_over(tmp_path: Path) -> None:
    place = tmp_path / "c"
    written_by_a_first_release(place)
    catalog = Catalog.open(os.fspath(place))
    assert catalog.notes == ()
    assert catalog.pending == 0
    knows_all(catalog, range(1, COUNT + 1))


def test_what_such_a_release_writes_later_comes_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "c"
    written_by_a_first_release(place)
    Catalog.open(os.fspath(place)).close()
    written_by_a_first_release(place, 30, begin=COUNT)
    catalog = Catalog.open(os.fspath(place))
    knows_all(catalog, range(1, COUNT + 1))
    knows_all(catalog, range(COUNT + 1, COUNT + 31))


@pytest.mark.parametrize("pieces", range(0, 26, 3))
def test_a_takeover_that_is_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    monkeypatch.setattr(takeover, "TOGETHER", 7)
    monkeypatch.setattr(catalog_module, "AT_ONCE", 0)
    place = tmp_path / "c"
    written_by_a_first_release(place)
    left = pieces

    def advance(_rows: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped

    catalog = Catalog.open(os.fspath(place))
    if pieces < 24:
        with pytest.raises(Stopped):
            catalog.take_over(advance)
    catalog.close()
    # Meanwhile somebody else remembers something.
    other = Catalog.open(os.fspath(place))
    other.store_views({10**6: b"x"}, "one")
    other.close()
    catalog = Catalog.open(os.fspath(place))
    catalog.take_over()
    assert catalog.pending == 0
    knows_all(catalog, range(1, COUNT + 1))


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog_module, "AT_ONCE", 0)
    place = tmp_path / "c"
    written_by_a_first_release(place)
    catalog = Catalog.open(os.fspath(place))
    pages = catalog._connection.execute("PRAGMA page_count").fetchone()[0]
    catalog._connection.execute(f"PRAGMA max_page_count = {pages}")
    catalog.take_over()
    assert "could be taken over" in catalog.notes[0]
    catalog.close()
    catalog = Catalog.open(os.fspath(place))
    catalog.take_over()
    assert catalog.notes == ()
    knows_all(catalog, range(1, COUNT + 1))


def free_pages(catalog: Catalog) -> int:
    return int(catalog._connection.execute("PRAGMA freelist_count").fetchone()[0])


def test_the_room_is_given_back(tmp_path: Path) -> None:
    place = tmp_path / "c"
    written_by_a_first_release(place, 200)
    catalog = Catalog.open(os.fspath(place))
    catalog._connection.execute("CREATE TABLE junk AS SELECT randomblob(200000) AS data")
    catalog._connection.execute("DROP TABLE junk")
    assert free_pages(catalog) > 0
    catalog.shrink(lambda: False)
    assert free_pages(catalog) > 0, "it was not wanted any more"
    catalog.shrink()
    assert free_pages(catalog) == 0
    catalog.close()
    again = Catalog.open(os.fspath(place))
    assert again.notes == ()
    knows_all(again, range(1, 201))


def test_a_first_release_reads_a_catalog_of_this_one(tmp_path: Path) -> None:
    place = tmp_path / "c"
    Catalog.open(os.fspath(place)).close()
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        connection.executescript(LATER)
        assert connection.execute("SELECT count(*) FROM (SELECT 1 FROM file LIMIT 1)").fetchone() == (0,)
    written_by_a_first_release(place, 5)
