"""Pictures of kinds that are not read are counted in a note, and left alone."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from image_sync.base.control import Control
from image_sync.inventory.scan import Filter, scan
from image_sync.jobs.organize import other_kinds as module
from image_sync.jobs.organize.other_kinds import in_words, other_kinds
from image_sync.jobs.organize.places import KINDS
from tests.pictures_made import save, scene


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jxl", "b.JXL", "c.psd", "d.txt", ".e.jxl", "._f.jxl", "x/g.svg", "notes", "song.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    save(scene(1), tmp_path / "h.jpg")
    os.replace(save(scene(2), tmp_path / "i.jpg"), tmp_path / "i")
    os.replace(save(scene(3), tmp_path / "k.png"), tmp_path / "x" / "k")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "i")
    return tmp_path


def found(folder: Path, **wanted: object) -> dict[str, int]:
    chosen = Filter(kinds=KINDS, **wanted)  # type: ignore[arg-type]
    return dict(other_kinds(scan(os.fspath(folder), chosen), chosen, Control()))


def test_other_kinds_are_counted_by_their_suffix(folder: Path) -> None:
    assert found(folder) == {".jxl": 2, ".psd": 1, ".svg": 1, "": 2}


def test_what_the_user_left_out_is_not_counted(folder: Path) -> None:
    assert found(folder, exclude=("x/", "*.psd")) == {".jxl": 2, "": 1}
    assert found(folder, include=("*.jxl",)) == {".jxl": 2}
    assert found(folder, minimum_size=6) == {"": 2}


def test_only_so_many_files_without_a_suffix_are_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OPENED", 1)
    assert found(folder).get("", 0) <= 1


def test_the_note() -> None:
    assert list(in_words(Counter())) == []
    assert list(in_words(Counter({".jxl": 1}))) == [
        "1 file is a picture of kinds that are not read, and left alone: .jxl (1)."
    ]
    many = Counter({".jxl": 1200, "": 2})
    assert list(in_words(many)) == [
        "1,202 files are pictures of kinds that are not read, and left alone: .jxl (1,200) and without a suffix (2)."
    ]
    assert "and 1 more kinds" in next(in_words(Counter({f".{number}": 2 for number in range(7)})))
