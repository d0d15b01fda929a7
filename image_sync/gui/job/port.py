"""Port: everything that the window needs of the rest of the program, and nothing more.

The window is written against these signatures; the real ones are looked up when they are first needed, so that the
first window does not wait for an import, and a test can put a scripted engine in their place.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from image_sync.base.control import Control
from image_sync.base.events import Event
from image_sync.base.model import Plan, RunSummary
from image_sync.jobs import registry

if TYPE_CHECKING:
    from image_sync.inventory.catalog import Catalog
    from image_sync.jobs.job import Job, JobT, RequestT, ReviewT


class EnginePort(Protocol):
    """The engine as the window sees it: one job at a time, events out through a queue."""

    workers: int | None
    """Number of pictures read at once from the next run on; ``None`` for the cores."""

    events: queue.Queue[Event]

    @property
    def busy(self) -> bool:
        """Whether a job runs."""

    @property
    def catalog(self) -> Catalog:
        """The open catalog.  Raises ``Refused``."""

    def start(self, job: Job[Any, Any]) -> None:
        """Scan for a job; ``Finished.result`` is its review."""

    def replan(self, review: ReviewT, request: RequestT, choices: object = None) -> ReviewT:
        """The review with other choices and with all that was decided in it, nothing decoded."""

    def job(self, kind: type[JobT]) -> JobT:
        """The newest job of a kind, for what only that kind can do."""

    def apply(self, plan: Plan) -> None:
        """Carry out; ``Finished.result`` is a ``RunResult``."""

    def undo(self, run: str = "") -> None:
        """Bring a run back; ``Finished.result`` is a ``RunResult``."""

    def resume(self, run: str = "") -> None:
        """Go on with an unfinished run; ``Finished.result`` is a ``RunResult``."""

    def history(self) -> tuple[RunSummary, ...]:
        """All runs, newest first."""

    def pause(self) -> None:
        """Wait at the next checkpoint."""

    def unpause(self) -> None:
        """Go on."""

    def stop(self) -> None:
        """Stop at the next checkpoint, keeping what was found."""

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the running job; whether it ended."""

    def close(self) -> None:
        """Stop and let go of everything."""


@dataclass(frozen=True, slots=True)
class Port:
    """The functions behind the window.  All but ``make_engine`` may touch slow disks: never call them on its thread."""

    make_engine: Callable[[], EnginePort]
    check: Callable[[str, object], dict[str, str]]
    """What is wrong with a request for the job of that name, by its field."""
    describe_folder: Callable[[str, Control], str]
    free_space: Callable[[str], int | None]
    device: Callable[[str], int | None]


def real_port() -> Port:
    """The port to the real engine."""
    return Port(_make_engine, registry.check, _describe_folder, free_space, device)


def free_space(path: str) -> int | None:
    """Bytes that are free where ``path``, as it was typed, is or would be made; ``None`` when that can't be told."""
    from image_sync.apply import disk

    return disk.room(_typed(path))


def device(path: str) -> int | None:
    """The file system that holds ``path``, as it was typed, or would hold it; ``None`` when that can't be told."""
    from image_sync.apply import disk

    return disk.device(_typed(path))


def _typed(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))


def _make_engine() -> EnginePort:
    from image_sync.engine import Engine

    return Engine()


def _describe_folder(path: str, control: Control) -> str:
    from image_sync.engine import describe_folder

    return describe_folder(path, control)
