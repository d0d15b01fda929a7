"""Small pictures that the catalog let go of are made again, the same to the byte; what may be asked for stays."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from image_sync.base.events import Ending, Finished
from image_sync.engine import Engine
from image_sync.inventory import catalog as catalog_module
from image_sync.inventory.catalog import Catalog, Known
from image_sync.inventory.keys import VerdictKind, VerdictRule
from image_sync.inventory.packing import packed, packed_hex, packed_number, unpacked, unpacked_hex
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.request import Level, OrganizeRequest
from tests.pictures_made import edited, save, scene
from tests.values import fingerprint, record

VERSION = 1


@pytest.mark.parametrize("seed", range(8))
def test_packing_loses_nothing(seed: int) -> None:
    chance = random.Random(seed)
    small = bytes(chance.randrange(256) if seed % 2 else (place // 64 + seed) % 256 for place in range(4096))
    chroma = chance.randbytes(512 if seed % 3 else 0)
    assert unpacked(packed(small, chroma)) == (small, chroma)


def test_damage_is_seen() -> None:
    data = bytearray(packed(bytes(4096), b"xy"))
    data[2000] ^= 1
    with pytest.raises(ValueError, match="checksum"):
        unpacked(bytes(data))


def test_packing_takes_what_is_no_picture() -> None:
    assert unpacked(packed(b"", b"xy")) == (b"", b"xy")
    assert unpacked(packed(b"abc", b"")) == (b"abc", b"")


@pytest.mark.parametrize("text", [None, "", "d1", "abc", "D1", "0" * 32, "not hex"])
def test_digests_come_back(text: str | None) -> None:
    assert unpacked_hex(packed_hex(text)) == text


@pytest.mark.parametrize("number", [0, 1, 2**63 - 1, 2**63, 2**64 - 1, 2**100 + 5])
def test_numbers_of_files_fit_the_database(number: int) -> None:
    assert -(2**63) <= packed_number(number) < 2**63
    assert packed_number(number) % 2**64 == number % 2**64


def test_what_may_be_asked_for_again_stays(tmp_path: Path) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c"))
    shots = [replace(fingerprint(), small=bytes([number]) * 4096) for number in range(12)]
    shots[2] = replace(shots[2], texture=1.0)
    rows = catalog.store([(record(f"{n}.jpg"), Known(None, shot)) for n, shot in enumerate(shots)], VERSION)
    blank, first, second, twin, parts, pixels = (row for row in rows[2:8] if row is not None)
    catalog.store_verdicts({(first, second): False}, VerdictRule(VerdictKind.SAME, (1,), 0.85))
    catalog.store([(record("twin.jpg"), Known(twin, shots[5]))], VERSION)
    catalog.store_views({parts: b"x"}, "1")
    catalog.store_pixels({pixels: "d1"})
    newest = [row for row in rows[-3:] if row is not None]
    assert catalog.let_go_of_smalls(6.0, lambda: True, kept=3) == len(rows) - 6 - 3
    every = [row for row in rows if row is not None]
    assert set(catalog.smalls(every)) == {blank, first, second, twin, parts, pixels, *newest}
    assert catalog.let_go_of_smalls(6.0, lambda: True, kept=3) == 0, "nothing came since"


def scanned(engine: Engine, folders: tuple[Path, ...], **more: Any) -> Any:
    out = os.fspath(folders[0].parent / "out")
    engine.start(OrganizeJob(OrganizeRequest(tuple(map(os.fspath, folders)), out, **more)))
    while not isinstance(event := engine.events.get(timeout=120), Finished):
        pass
    engine.join(60)
    assert event.ending is Ending.FINISHED, event.failure + event.details
    return event.result


def without_smalls(catalog: Catalog) -> None:
    with catalog._connection:
        catalog._connection.execute("DELETE FROM known_small")


@pytest.mark.parametrize("level", [Level.SAME_SHOT, Level.EDITED])
def test_they_are_made_again_when_something_looks_like_them(tmp_path: Path, level: Level) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for number in range(8):
        save(scene(number), one / f"{number}.jpg", 1.5e9 + number)
        if number % 2:
            save(edited(scene(number)), two / f"{number}.png", 1.4e9 + number)
    whole = Engine(catalog=os.fspath(tmp_path / "whole"), workers=1)
    expected = scanned(whole, (one, two), level=level)
    whole.close()
    engine = Engine(catalog=os.fspath(tmp_path / "c"), workers=1)
    scanned(engine, (one,))
    without_smalls(engine.catalog)
    found = scanned(engine, (one, two), level=level)
    assert found.groups == expected.groups
    assert found.plan == expected.plan
    assert found.problems == ()
    engine.close()


def test_one_that_is_gone_is_a_problem_and_matches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    save(scene(1), one / "1.jpg", 1.5e9)
    engine = Engine(catalog=os.fspath(tmp_path / "c"), workers=1)
    scanned(engine, (one,))
    without_smalls(engine.catalog)
    save(edited(scene(1)), two / "1.png", 1.4e9)
    lookup = catalog_module.Catalog.lookup

    def then_gone(self: Catalog, *arguments: Any) -> Any:
        found = lookup(self, *arguments)
        (one / "1.jpg").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(catalog_module.Catalog, "lookup", then_gone)
    review = scanned(engine, (one, two))
    assert review.groups == ()
    assert [problem.path for problem in review.problems] == [os.fspath(one / "1.jpg")]
    engine.close()
