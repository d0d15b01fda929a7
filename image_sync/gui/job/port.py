"""What the window needs of the rest of the program, and nothing more.

The window is written against these signatures; the real ones are looked up when they are first needed, so that the
first window does not wait for an import, and a test can put a scripted engine in their place.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from image_sync.base.control import Control
from image_sync.base.model import Event, Picture, Plan, RunSummary
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.model import Answer, SyncReview
from image_sync.jobs.sync.request import SyncRequest

if TYPE_CHECKING:
    from image_sync.jobs.photo_import.model import Correction, ImportReview


class EnginePort(Protocol):
    """The engine as the window sees it: one job at a time, events out through a queue."""

    events: queue.Queue[Event]

    @property
    def busy(self) -> bool:
        """Whether a job runs."""

    def organize(self, request: OrganizeRequest) -> None:
        """Scan; ``Finished.result`` is an ``OrganizeReview``."""

    def replan(self, review: OrganizeReview, request: OrganizeRequest) -> OrganizeReview:
        """The review under other options, nothing decoded."""

    def sync(self, request: SyncRequest) -> None:
        """Compare two folders; ``Finished.result`` is a ``SyncReview``."""

    def resolve(self, review: SyncReview, answers: Mapping[str, Answer], default: Answer | None = None) -> SyncReview:
        """The review with all of the user's answers, by path, nothing read."""

    @property
    def sync_log(self) -> str:
        """Where the JSON log of the last sync was written; empty when none was."""

    def import_photos(self, request: ImportRequest) -> None:
        """Scan for *import*; ``Finished.result`` is an ``ImportReview``."""

    def replan_import(
        self, review: ImportReview, request: ImportRequest, corrections: Mapping[str, Correction]
    ) -> ImportReview:
        """The review with other choices and all of the user's corrections, by the absolute path of the picture."""

    def apply(self, plan: Plan) -> None:
        """Carry out; ``Finished.result`` is a ``RunResult``."""

    def undo(self, run: str = "") -> None:
        """Bring a run back; ``Finished.result`` is a ``RunResult``."""

    def resume(self, run: str = "") -> None:
        """Go on with an unfinished run; ``Finished.result`` is a ``RunResult``."""

    def history(self) -> tuple[RunSummary, ...]:
        """All runs, newest first."""

    def not_a_match(self, first: Picture, second: Picture) -> None:
        """Remember for ever that the two are different."""

    def clear_not_a_match(self) -> int:
        """Forget all such decisions; how many there were."""

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


def _check_sync(request: SyncRequest) -> dict[str, str]:
    from image_sync.engine import check_sync

    return check_sync(request)


def _check_import(request: ImportRequest) -> dict[str, str]:
    from image_sync.engine import check_import

    return check_import(request)


@dataclass(frozen=True, slots=True)
class Port:
    """The functions behind the window.  All but ``make_engine`` may touch slow disks: never call them on its thread."""

    make_engine: Callable[[], EnginePort]
    check_organize: Callable[[OrganizeRequest], dict[str, str]]
    describe_folder: Callable[[str, Control], str]
    free_space: Callable[[str], int | None]
    device: Callable[[str], int | None]
    check_sync: Callable[[SyncRequest], dict[str, str]] = _check_sync
    check_import: Callable[[ImportRequest], dict[str, str]] = _check_import


def real_port() -> Port:
    """The port to the real engine."""
    return Port(_make_engine, _check_organize, _describe_folder, free_space, device)


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


def _check_organize(request: OrganizeRequest) -> dict[str, str]:
    from image_sync.engine import check_organize

    return check_organize(request)


def _describe_folder(path: str, control: Control) -> str:
    from image_sync.engine import describe_folder

    return describe_folder(path, control)
