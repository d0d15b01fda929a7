"""What hard links replaced is kept where ``versions`` shows and frees it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from image_sync.apply import versions
from image_sync.apply.undo import undo
from image_sync.base.own_files import OWN_FOLDER, VERSIONS
from image_sync.cli import main
from tests.pictures_made import save, scene
from tests.trees import snapshot

EARLIER = ("20250815-143022-3f2a", "20250815-143022-3f2a-2")
"""Folders of a run and of one that found a file in its way, as they were named when links kept beside ``versions``."""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders that hold one picture each, the same to the byte."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, name in ((one, "x.jpg"), (two, "y.jpg")):
        folder.mkdir()
        save(scene(1, (64, 48)), folder / name)
    return one, two


def link_exact(one: Path, two: Path) -> None:
    words = ("organize", one, two, one.parent / "out", "--link-exact", "--yes", "--quiet")
    assert main([os.fspath(word) for word in words]) == 0


def test_what_links_replace_is_kept_shown_and_freed(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = folders
    size = (two / "y.jpg").stat().st_size
    link_exact(one, two)
    assert (one / "x.jpg").samefile(two / "y.jpg")
    (found,) = (*versions.kept(os.fspath(one)), *versions.kept(os.fspath(two)))
    assert (found.files, found.size) == (1, size)
    assert found.folder.startswith(os.path.join(found.root, VERSIONS) + os.sep)
    capsys.readouterr()
    assert main(["versions", os.fspath(one), os.fspath(two), "--clear", "--all", "--yes"]) == 0
    assert "Cleared: 1 file" in capsys.readouterr().out
    assert not (one / OWN_FOLDER).exists() and not (two / OWN_FOLDER).exists()
    assert (one / "x.jpg").samefile(two / "y.jpg")


def test_undo_brings_it_back_from_there(folders: tuple[Path, Path]) -> None:
    one, two = folders
    before = snapshot(one.parent)
    link_exact(one, two)
    assert undo().problems == ()
    assert snapshot(one.parent) == before


def test_what_was_kept_beside_the_versions_before_is_found_too(folders: tuple[Path, Path]) -> None:
    one, _ = folders
    for name in (*EARLIER, "my own"):
        (one / OWN_FOLDER / name).mkdir(parents=True)
        (one / OWN_FOLDER / name / "x.jpg").write_bytes(b"old")
    found = versions.kept(os.fspath(one))
    assert sorted(each.run for each in found) == list(EARLIER)
    assert versions.clear(found) == ()
    assert sorted(os.listdir(one / OWN_FOLDER)) == ["my own"]
