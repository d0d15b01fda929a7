"""Files whose decoder does harm, and the workers that meet it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from image_sync.containment import shared
from image_sync.containment.limits import Limits
from image_sync.containment.workers import Workers

PLANTED = Path(__file__).parent / "planted"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1"
SOON = Limits(processor=0.6, silence=20.0, memory=192 << 20)
"""Limits that are met soon."""


def plant(path: Path, deed: str) -> str:
    """A HEIC file at ``path`` whose decoder does ``deed``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEIC + b"PLANTED " + deed.encode())
    return os.fspath(path)


@contextmanager
def workers_with(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """The workers that everybody shares, within ``limits``, with the harmful decoder."""
    monkeypatch.syspath_prepend(os.fspath(PLANTED))
    workers = Workers(limits)
    monkeypatch.setattr(shared, "_shared", [workers])
    try:
        yield workers
    finally:
        workers.close()
