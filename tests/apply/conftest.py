"""Two disks for the tests of this room: real ones where the machine has them, pretended ones elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apply import trees


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder for the trees, beside nothing else."""
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder from which nothing can be renamed to ``root``: on another disk, or as if it were."""
    with trees.second_disk(tmp_path) as real:
        if real is not None:
            yield real
            return
        folder = tmp_path / "far"
        folder.mkdir()
        trees.pretend_two_disks(monkeypatch, folder)
        yield folder
