"""A run's context for tests that call a stage themselves."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from image_sync.base.control import Control
from image_sync.base.progress import Reporter
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.context import Notes, RunContext


@contextmanager
def run_context(
    reporter: Reporter | None = None,
    control: Control | None = None,
    workers: int | None = None,
    place: str | None = None,
) -> Iterator[RunContext]:
    """What the engine would hand to a job; the catalog is opened when it is needed."""
    opened: list[Catalog] = []

    def catalog() -> Catalog:
        if not opened:
            opened.append(Catalog.open(place))
        return opened[0]

    told = reporter or Reporter()
    with ThreadPoolExecutor(workers or 2) as pool:
        yield RunContext(catalog, pool, told, control or Control(), Notes(told), workers, place)
    for one in opened:
        one.close()
