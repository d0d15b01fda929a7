"""The command line in a world of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.made import Line


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return Line(tmp_path, monkeypatch)
