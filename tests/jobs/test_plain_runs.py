"""Plain runs of every job say nothing beyond what was done: no note, no problem, no word too many."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from image_sync.cli import main
from tests.pictures_made import edited, save, scene

PLACES = ("one", "two", "out", "library")


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Two folders with a picture in two versions, an exact copy, and one alone in each."""
    beach = scene(1)
    save(beach, tmp_path / "one" / "beach.jpg", mtime=1_600_000_000, quality=95)
    save(edited(beach), tmp_path / "two" / "beach small.jpg", mtime=1_600_000_100, quality=85)
    save(scene(2), tmp_path / "one" / "same.jpg", mtime=1_600_000_300)
    save(scene(2), tmp_path / "two" / "same.jpg", mtime=1_600_000_300)
    save(scene(3), tmp_path / "one" / "alone.jpg", mtime=1_600_000_400)
    save(scene(4), tmp_path / "two" / "also alone.jpg", mtime=1_600_000_500)
    return tmp_path


def document(folders: Path, *words: str) -> dict[str, Any]:
    """Document of one command on these folders, which must end well."""
    target = folders / "document.json"
    places = [os.fspath(folders / word) if word in PLACES else word for word in words]
    assert main([*places, "--json", os.fspath(target)]) == 0
    return json.loads(target.read_text(encoding="utf-8"))


def remarks(document: Any) -> list[Any]:
    """Everything that stands under a name of notes and problems, however deep."""
    if isinstance(document, dict):
        named = [value for name, value in document.items() if name in ("notes", "problems", "warnings", "refusal")]
        told = [[one for one in found if not str(one).startswith("The log is")] for found in named if found]
        return [one for one in told if one] + [one for value in document.values() for one in remarks(value)]
    return [one for value in document for one in remarks(value)] if isinstance(document, list) else []


def test_organize_has_nothing_to_remark(folders: Path) -> None:
    for words in (("--dry-run",), ("--copy",)):
        assert remarks(document(folders, "organize", "one", "two", "out", *words)) == []


def test_import_has_nothing_to_remark(folders: Path) -> None:
    for place in ("one", "two", "one"):
        assert remarks(document(folders, "import", place, "library")) == []


def test_sync_remarks_on_nothing_after_its_first_run(folders: Path) -> None:
    document(folders, "sync", "one", "two")
    assert remarks(document(folders, "sync", "one", "two")) == []
    save(scene(5), folders / "one" / "new.jpg", mtime=1_600_000_600)
    assert remarks(document(folders, "sync", "one", "two")) == []


@pytest.mark.parametrize("job", ["organize", "import", "sync"])
def test_the_command_line_says_no_word_of_trouble(folders: Path, job: str, capsys: pytest.CaptureFixture[str]) -> None:
    places = [os.fspath(folders / name) for name in ("one", "two", "out")]
    assert main([job, *(places[:2] if job == "sync" else places), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert [line for line in told.err.splitlines() if not line.startswith("[")] == []
    said = told.out.casefold()
    for word in ("problem", "could not", "not compared", "partial", "note:"):
        assert word not in said, told.out
    assert job == "sync" or " 0 " not in said, "what there is nothing of is not counted"
