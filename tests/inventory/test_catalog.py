"""The catalog: what it remembers, and how it bears damage."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.base import places
from image_sync.base.model import Fingerprint, Problem, Refused
from image_sync.inventory.catalog import SEARCHES, Catalog, CatalogUnwritable, Known
from image_sync.inventory.keys import RefusedPair, SearchRule, VerdictKind, VerdictRule
from tests.values import fingerprint, record

VERSION = 1


def bare(full: Fingerprint) -> Fingerprint:
    return replace(full, small=b"")


def remembered(path: Path) -> Catalog:
    """A catalog in which one picture and one damaged file are known."""
    catalog = Catalog.open(os.fspath(path))
    catalog.store([(record("a.jpg", inode=5), Known(None, fingerprint(camera="X"), "d1"))], VERSION)
    problem = Problem("/one/bad.jpg", "can't be read", "it is text")
    catalog.store([(record("bad.jpg", inode=6), Known(None, None, problem=problem))], VERSION)
    return catalog


def test_a_file_is_known_again_after_the_catalog_was_closed(tmp_path: Path) -> None:
    remembered(tmp_path / "c").close()
    good, bad = Catalog.open(os.fspath(tmp_path / "c")).lookup([record("a.jpg"), record("bad.jpg")], VERSION)
    assert good is not None
    assert bad is not None
    assert (good.fingerprint, good.digest) == (bare(fingerprint(camera="X")), "d1")
    assert bad.fingerprint is None
    assert bad.problem == Problem("/one/bad.jpg", "can't be read", "it is text")


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, True),
        ({"size": 1001}, False),
        ({"mtime_ns": 10**18 + 1}, False),
        ({"relative": "moved/b.jpg"}, True),
        ({"relative": "moved/b.jpg", "root": "/elsewhere"}, True),
        ({"relative": "moved/b.jpg", "inode": 7}, False),
        ({"relative": "moved/b.jpg", "device": 2}, False),
        ({"relative": "moved/b.jpg", "size": 1001}, False),
    ],
)
def test_a_file_is_known_by_its_path_or_its_inode_while_unchanged(
    tmp_path: Path, changes: dict[str, object], known: bool
) -> None:
    catalog = remembered(tmp_path / "c")
    looked_up = replace(record("a.jpg", inode=5), **changes)
    assert (catalog.lookup([looked_up], VERSION)[0] is not None) is known


def test_what_another_version_measured_is_not_known(tmp_path: Path) -> None:
    assert remembered(tmp_path / "c").lookup([record("a.jpg", inode=5)], VERSION + 1) == [None]


def test_small_pictures_are_given_on_demand(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    pictures = [replace(fingerprint(), small=bytes([number % 256]) * 4096) for number in range(1200)]
    rows = catalog.store([(record(f"{n}.jpg"), Known(None, shot)) for n, shot in enumerate(pictures)], VERSION)
    assert None not in rows
    smalls = catalog.smalls(row for row in rows if row is not None)
    assert [smalls[row] for row in rows if row is not None] == [shot.small for shot in pictures]


def test_undecodable_paths_are_known(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    odd = record(os.fsdecode(b"\xff\n.jpg"), root=os.fsdecode(b"/\xfe"))
    catalog.store([(odd, Known(None, fingerprint()))], VERSION)
    assert catalog.lookup([odd], VERSION)[0] is not None


def test_not_a_match_is_remembered_whatever_the_order(tmp_path: Path) -> None:
    catalog = remembered(tmp_path / "c")
    catalog.refuse(RefusedPair.of("b", "a"))
    catalog.refuse(RefusedPair.of("a", "b"))
    catalog.close()
    again = Catalog.open(os.fspath(tmp_path / "c"))
    assert again.refused() == {RefusedPair("a", "b")}
    assert again.clear_refused() == 1
    assert again.refused() == frozenset()


@pytest.mark.parametrize("damage", ["garbage", "torn", "newer", "empty"])
def test_a_damaged_or_newer_default_catalog_is_set_aside(damage: str) -> None:
    place = Path(places.catalog_path())
    Catalog.open().close()
    if damage == "garbage":
        place.write_bytes(b"no database at all " * 500)
    elif damage == "torn":
        place.write_bytes(place.read_bytes()[:5000])
    elif damage == "newer":
        with sqlite3.connect(place) as connection:
            connection.execute("PRAGMA user_version = 999")
        connection.close()
    else:
        place.write_bytes(b"")
    before = place.read_bytes()
    catalog = Catalog.open()
    catalog.store([(record("a.jpg"), Known(None, fingerprint()))], VERSION)
    assert catalog.lookup([record("a.jpg")], VERSION)[0] is not None
    aside = sorted(path for path in place.parent.iterdir() if "set-aside" in path.name and path.suffix != "-shm")
    if damage == "empty":
        assert aside == []
        assert catalog.notes == ()
    else:
        assert aside[0].read_bytes() == before, "nothing of it is lost"
        assert "set aside" in catalog.notes[0]


def test_a_file_that_is_no_catalog_is_refused_and_untouched(tmp_path: Path) -> None:
    photo, foreign = tmp_path / "photo.jpg", tmp_path / "digikam4.db"
    photo.write_bytes(b"\xff\xd8 a photo")
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE images (id)")
    connection.close()
    for path in (photo, foreign):
        before = path.read_bytes()
        with pytest.raises(Refused, match="is not a catalog of Image Sync"):
            Catalog.open(os.fspath(path))
        assert path.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["digikam4.db", "photo.jpg"]


def test_a_catalog_of_ours_with_a_damaged_page_is_set_aside_even_when_named(tmp_path: Path) -> None:
    place = tmp_path / "mine.sqlite3"
    remembered(place).close()
    content = bytearray(place.read_bytes())
    content[200:] = b"\xff" * (len(content) - 200)
    place.write_bytes(content)
    catalog = Catalog.open(os.fspath(place))
    assert catalog.lookup([record("a.jpg", inode=5)], VERSION) == [None]
    assert "damaged" in catalog.notes[0]


def test_a_catalog_that_can_not_be_made_lives_in_memory() -> None:
    place = Path(places.catalog_path())
    place.parent.parent.mkdir(parents=True, exist_ok=True)
    place.parent.write_bytes(b"a file where the folder should be")
    catalog = Catalog.open()
    catalog.store([(record("a.jpg"), Known(None, fingerprint()))], VERSION)
    assert catalog.lookup([record("a.jpg")], VERSION)[0] is not None
    assert "nothing will be remembered" in catalog.notes[0]


def test_a_catalog_that_another_process_holds_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("image_sync.inventory.catalog_file.BUSY_SECONDS", 0.05)
    catalog = remembered(tmp_path / "c")
    other = sqlite3.connect(tmp_path / "c", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CatalogUnwritable):
        catalog.refuse(RefusedPair.of("a", "b"))
    other.execute("COMMIT")
    other.close()
    catalog.refuse(RefusedPair.of("a", "b"))
    assert catalog.refused() == {RefusedPair("a", "b")}


SHOTS = VerdictRule(VerdictKind.SAME, (2,), 0.85)
EDITS = VerdictRule(VerdictKind.EDITED, (2, 1), 0.85)
RULE, ANOTHER, THIRD = (SearchRule(SHOTS, (version, 1), exact=True) for version in (1, 2, 3))


def test_searches_are_remembered_newest_first_and_superfluous_ones_forgotten(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    catalog.store_searched({3, 1}, RULE)
    catalog.store_searched({9}, ANOTHER)
    catalog.store_searched({1, 2**40}, RULE)
    assert catalog.searched(RULE) == [{1, 2**40}, {1, 3}]
    catalog.store_searched([1, 3, 5], RULE)
    assert catalog.searched(RULE) == [{1, 3, 5}, {1, 2**40}]
    assert catalog.searched(ANOTHER) == [{9}]
    assert catalog.searched(THIRD) == []


def test_no_more_searches_are_remembered_than_there_is_room_for(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    for number in range(SEARCHES + 3):
        catalog.store_searched({number, number + 1}, RULE)
    assert catalog.searched(RULE) == [{number, number + 1} for number in range(SEARCHES + 2, 2, -1)]


def test_views_are_given_in_part_and_by_version(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    first, second = catalog.store(
        [(record(f"{n}.jpg"), Known(None, replace(fingerprint(), small=bytes([n]) * 4096))) for n in range(2)], VERSION
    )
    assert first is not None
    assert second is not None
    catalog.store_views({first: b"abcdef", second: b"ghijkl"}, "1")
    assert catalog.views([first, second, 77], "1", 0, 2) == {first: b"ab", second: b"gh"}
    assert catalog.views([second], "1", 4, 2) == {second: b"kl"}
    assert catalog.views([second], "2", 0, 2) == {}


def test_scores_of_what_is_alike(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    catalog.store_scores({(1, 2): 0.9, (1, 3): 0.0, (4, 2): 0.8751}, SHOTS)
    assert catalog.alike([1, 4, 5], SHOTS) == {(1, 2): 0.9, (4, 2): 0.8751}
    assert catalog.alike([1, 4], EDITS) == {}


def test_a_new_catalog_is_known_as_ours_beside_the_run_that_makes_it(tmp_path: Path) -> None:
    place = os.fspath(tmp_path / "new.sqlite3")
    first = Catalog.open(place)
    second = Catalog.open(place)
    assert (first.notes, second.notes) == ((), ())
    second.close()
    first.close()


def test_of_what_is_no_match_the_files_are_known_and_one_can_be_forgotten(tmp_path: Path) -> None:
    catalog = remembered(tmp_path / "c")
    odd = os.fsdecode(b"/one/\xff.jpg")
    catalog.refuse(RefusedPair.of("b", "a"), (odd, "/two/b.jpg"))
    catalog.refuse(RefusedPair.of("c", "a"))
    found = {refusal.pair: refusal.files for refusal in catalog.refusals()}
    assert found == {RefusedPair("a", "b"): (odd, "/two/b.jpg"), RefusedPair("a", "c"): ("", "")}
    assert all(refusal.decided.startswith("20") for refusal in catalog.refusals())
    assert catalog.forget_refused(RefusedPair("a", "b"))
    assert not catalog.forget_refused(RefusedPair("a", "b"))
    assert [refusal.pair for refusal in catalog.refusals()] == [RefusedPair("a", "c")]
    assert catalog.clear_refused() == 1
    assert catalog.refusals() == []
