"""Context of a run as one value: where things are remembered, who measures, who listens, who stops it.

The engine makes one for each run and hands it to the job, which passes it on whole.  Nothing is decided here.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.base.control import Control
from image_sync.base.progress import Reporter

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from image_sync.inventory.catalog import Catalog


class Notes:
    """The notes of one run: each is kept once, and reported once when it is first said."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._texts: dict[str, None] = {}

    def say(self, *texts: str) -> None:
        """Keep and report what was not said yet."""
        for text in texts:
            if text not in self._texts:
                self._texts[text] = None
                self._reporter.note(text)

    @property
    def texts(self) -> tuple[str, ...]:
        """All notes so far, in the order in which they were said."""
        return tuple(self._texts)


@dataclass(frozen=True, slots=True)
class RunContext:
    """Context that the stages of one run share.

    ``open_catalog`` gives the catalog, opened at the first need: raises ``Refused`` where it can't be.  ``place`` is
    the catalog's file, ``None`` for that in the user's data folder.  ``pool`` measures; ``asked_workers`` is how many
    files are measured at once, ``io_workers`` how many are read ahead of that, if the user said so.
    """

    open_catalog: Callable[[], Catalog]
    pool: Executor
    reporter: Reporter
    control: Control
    notes: Notes
    asked_workers: int | None = None
    place: str | None = None
    io_workers: int | None = None

    @property
    def catalog(self) -> Catalog:
        """The open catalog.  Raises ``Refused``."""
        return self.open_catalog()

    @property
    def workers(self) -> int:
        """Files that are measured at once: as many as the user said, else one per core."""
        return self.asked_workers or default_workers()

    def with_control(self, control: Control) -> RunContext:
        """This run under another control: what is made of it after a stop must not stop at once."""
        return replace(self, control=control)


def default_workers() -> int:
    """One worker per core that this process may use."""
    with contextlib.suppress(AttributeError, OSError):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
