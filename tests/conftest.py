"""What every test has: a home of its own, pictures made on the spot, and the real ones where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own state, data, config and cache folders, so that nothing of the user's is touched."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", os.fspath(folder))
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", os.fspath(folder / name.lower()))
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real photos; the test is skipped where it is not at hand."""
    if not SHARED.is_dir():
        pytest.skip(f"the real photos are not at {SHARED}")
    return SHARED
