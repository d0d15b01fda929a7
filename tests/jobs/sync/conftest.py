"""Two folders for each test, and disks that need not be waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.jobs.sync.running import Pair


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Two empty folders, side by side."""
    found = Pair(tmp_path / "one", tmp_path / "two")
    found.source.mkdir()
    found.target.mkdir()
    return found


@pytest.fixture(autouse=True)
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here cuts the power, so that waiting for the disk would prove nothing."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
