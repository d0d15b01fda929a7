"""A catalog that is broken anywhere, found at whatever query, costs time only; a new one works beside a second run."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from image_sync.cli import main
from image_sync.inventory import catalog_file
from image_sync.inventory.catalog import Catalog, CatalogUnwritable
from image_sync.inventory.catalog_file import is_damage
from tests.pictures_made import edited, save, scene

ROOT = Path(__file__).resolve().parents[2]
PAGE = 4096


@pytest.fixture
def world(tmp_path: Path) -> Path:
    for number in range(12):
        save(scene(number), tmp_path / "one" / f"{number}.jpg", 1.5e9 + number)
        save(edited(scene(number)), tmp_path / "two" / f"{number}.png", 1.4e9 + number)
    return tmp_path


def organize(world: Path, catalog: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    folders = [os.fspath(world / name) for name in ("one", "two", "out")]
    code = main(["organize", *folders, "--dry-run", "--verbose", "--catalog", os.fspath(catalog)])
    return code, [line for line in capsys.readouterr().out.splitlines() if " → Output: " in line]


def test_damage_at_any_page_costs_time_only(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = world / "whole.sqlite3"
    expected = organize(world, whole, capsys)
    assert expected[0] == 0 and len(expected[1]) == 24
    pages = whole.stat().st_size // PAGE
    renewed = 0
    for page in range(pages):
        broken = world / f"broken-{page}.sqlite3"
        shutil.copy(whole, broken)
        with open(broken, "r+b") as stream:
            stream.seek(page * PAGE + (100 if page == 0 else 0))
            stream.write(b"\xa5" * (PAGE - 100))
        assert organize(world, broken, capsys) == expected, f"page {page}"
        renewed += Path(f"{broken}.set-aside-1").exists()
        assert organize(world, broken, capsys) == expected, f"page {page}, once more"
    assert renewed >= 5


def test_what_says_that_the_database_is_broken() -> None:
    assert is_damage(sqlite3.DatabaseError("database disk image is malformed"))
    assert is_damage(sqlite3.OperationalError("disk I/O error"))
    assert is_damage(sqlite3.OperationalError("no such table: small"))
    assert not is_damage(sqlite3.OperationalError("database is locked"))
    assert not is_damage(sqlite3.IntegrityError("UNIQUE constraint failed"))
    assert not is_damage(KeyError("planted"))


def test_what_a_broken_catalog_can_not_take_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog.open(os.fspath(tmp_path / "c.sqlite3"))

    class Broken:
        def __enter__(self) -> None:
            raise sqlite3.DatabaseError("database disk image is malformed")

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(catalog, "_connection", Broken())
    with pytest.raises(CatalogUnwritable, match="malformed"):
        catalog.store_pixels({1: "x"})


def test_two_at_most_are_set_aside(tmp_path: Path) -> None:
    place = tmp_path / "c.sqlite3"
    for content in (b"first", b"second", b"third", b"fourth"):
        place.write_bytes(content)
        catalog_file.set_aside(os.fspath(place))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "c.sqlite3.set-aside-1": b"third",
        "c.sqlite3.set-aside-2": b"fourth",
    }


_OPEN = """
import sys
from image_sync.inventory.catalog import Catalog
from image_sync.jobs.sync.memory import SyncMemory
sys.stdin.readline()
catalog = Catalog.open(sys.argv[1])
SyncMemory.open(sys.argv[1], "/one", "/two").close()
print(*catalog.notes)
"""


def started(place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _OPEN, os.fspath(place)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_new_catalog_works_at_once_beside_other_runs(tmp_path: Path) -> None:
    place = tmp_path / "new.sqlite3"
    others = [started(place) for _ in range(4)]
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    for other in others:
        out, err = other.communicate(timeout=60)
        assert (other.returncode, out.strip()) == (0, ""), err


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.parametrize("number", range(6))
def test_and_after_a_kill_while_it_was_made(tmp_path: Path, number: int) -> None:
    place = tmp_path / "new.sqlite3"
    killed = started(place)
    assert killed.stdin is not None
    killed.stdin.write("go\n")
    killed.stdin.flush()
    while not place.exists() and killed.poll() is None:
        pass
    time.sleep(number * 0.001)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    catalog = Catalog.open(os.fspath(place))
    assert catalog.notes == ()
    assert catalog.refused() == frozenset()
