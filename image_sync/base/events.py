"""Events of a job: what the engine tells a front while the job runs and when it ends.

They travel through the engine's queue, so they are frozen dataclasses of values alone, as those of ``model`` are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from image_sync.base.model import Problem


class Stage(Enum):
    """The stages of a job, named for the user."""

    TAKE_OVER = "Bringing what is known up to date"
    SCAN = "Looking for files"
    MEASURE = "Reading pictures"
    MATCH = "Comparing"
    VERIFY = "Checking matches"
    DETAIL = "Comparing in detail"
    PLAN = "Planning"
    APPLY = "Applying"
    UNDO = "Undoing"


@dataclass(frozen=True, slots=True)
class StageBegan:
    """Stage ``number`` of ``of`` began; ``total`` items are expected (``None`` when nobody knows)."""

    stage: Stage
    number: int
    of: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of the running stage.  ``rate`` is items per second, ``seconds_left`` an estimate or ``None``."""

    stage: Stage
    done: int
    total: int | None
    bytes_done: int = 0
    bytes_total: int | None = None
    rate: float = 0.0
    seconds_left: float | None = None
    current: str = ""
    problems: int = 0


@dataclass(frozen=True, slots=True)
class ProblemFound:
    """A problem was met; the run goes on."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth saying once, in words."""

    text: str


class Ending(Enum):
    """The ending of a job."""

    FINISHED = "finished"
    PARTIAL = "partial"
    """The user stopped it, and there is a result of what was done by then."""
    STOPPED = "stopped"
    """The user stopped it before there was a result."""
    REFUSED = "refused"
    """It can't be done as asked."""
    CRASHED = "crashed"
    """A fault of the program ended it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The job ended.  ``result`` is what the job returns, ``None`` where its ``ending`` leaves none.

    ``failure`` is the reason in words of a refusal and of a crash, ``details`` what a developer needs of a crash (the
    traceback and what was running); else both are empty.
    """

    ending: Ending
    result: object | None = None
    failure: str = ""
    details: str = ""

    @property
    def stopped(self) -> bool:
        """Whether the user ended it early."""
        return self.ending in (Ending.PARTIAL, Ending.STOPPED)


Event = StageBegan | Progress | ProblemFound | Note | Finished
