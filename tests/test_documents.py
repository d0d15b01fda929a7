"""The documents name files and folders that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMED = re.compile(r"`((?:image_sync|tests|docs|benchmarks)/[\w./-]*\w(?:\.\w+)?/?)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name in NAMED.findall(text) if not (ROOT / name).exists()] == []
    assert [link for link in LINK.findall(text) if not (path.parent / link).exists()] == []


def test_the_names_are_seen() -> None:
    assert NAMED.findall("`image_sync/base/words.py`, `tests/jobs/<job>/` and `docs/`") == ["image_sync/base/words.py"]
    assert LINK.findall("[a](docs/a.md#part) [b](https://b) [c](#d)") == ["docs/a.md"]
