"""The memory of a pair lies in the catalog that was named, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from image_sync.base import places
from image_sync.cli import main
from tests.trees import files


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    """Two folders that hold the same file."""
    for side in ("left", "right"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.txt").write_text("a")
        os.utime(tmp_path / side / "a.txt", ns=(10**18, 10**18))
    return os.fspath(tmp_path / "left"), os.fspath(tmp_path / "right")


def sync(pair: tuple[str, str], *words: str) -> int:
    return main(["sync", *pair, "--deletions", "propagate", "--max-delete", "100", *words])


def test_a_deletion_is_known_by_the_catalog_that_was_named(pair: tuple[str, str], tmp_path: Path) -> None:
    named = os.fspath(tmp_path / "own.sqlite3")
    assert sync(pair, "--catalog", named) == 0
    assert not os.path.exists(places.catalog_path()), "the user's own catalog has no part in it"
    (tmp_path / "left" / "a.txt").unlink()
    assert sync(pair, "--catalog", named) == 0
    assert not (tmp_path / "right" / "a.txt").exists(), "the deletion was carried over"


def test_another_catalog_knows_nothing_of_it(pair: tuple[str, str], tmp_path: Path) -> None:
    assert sync(pair, "--catalog", os.fspath(tmp_path / "own.sqlite3")) == 0
    (tmp_path / "left" / "a.txt").unlink()
    assert sync(pair) == 0
    assert files(tmp_path / "left") == ["a.txt"], "without a memory it is new on the other side"
