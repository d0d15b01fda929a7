"""The line of the registry that a fourth job needs."""

from __future__ import annotations

import pytest

from image_sync.jobs import registry

ENTRY = registry.JobEntry(
    "Gather", "files", "tests.jobs.fourth.job", "tests.jobs.fourth.command", "tests.jobs.fourth.page"
)


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the job, for one test."""
    monkeypatch.setitem(registry.JOBS, "gather", ENTRY)
