"""The engine that the tests of *import* drive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from image_sync.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine, closed at the end."""
    made = Engine(workers=2)
    yield made
    made.close()
