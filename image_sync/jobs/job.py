"""The protocols of a job and of its review: what the engine and the fronts may ask of any job.

A job is one thing: it stands for one request, from the scan to the end of its run.  Who adds a job writes a class with
these members, in ``jobs/<folder>/job.py``, and one line in ``registry``; the engine needs no change.  What only one job
has (a log, a decision that is remembered for ever) are members of its own, which its own front asks for.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, runtime_checkable

from image_sync.base.model import Plan, Problem, Refused, RunResult
from image_sync.base.options import needing_scan

if TYPE_CHECKING:
    from image_sync.inventory.context import RunContext

SCAN_AGAIN = "These choices need another scan."
RequestT = TypeVar("RequestT")
RequestT_co = TypeVar("RequestT_co", covariant=True)


@runtime_checkable
class Review(Protocol[RequestT_co]):
    """Review that a scan leaves: a frozen value."""

    @property
    def request(self) -> RequestT_co:
        """The request, with absolute folders."""

    @property
    def plan(self) -> Plan:
        """The plan, with its notes."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of what could not be read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes that the user should know of the scan."""

    @property
    def partial(self) -> float:
        """The share of the scan that was done: 1.0 unless it was stopped."""


ReviewT = TypeVar("ReviewT", bound=Review[object])


@runtime_checkable
class Job(Protocol[RequestT, ReviewT]):
    """One job for one request.

    The engine calls ``scan``, after a stop ``partial``, and ``apply`` on its own thread, ``replan`` on any; ``close``
    ends the job however far it came.
    """

    name: ClassVar[str]
    """The job's name in plans, journals and documents, and of its command."""
    review_type: ClassVar[type]
    """What ``scan`` returns."""
    request: RequestT

    @property
    @abstractmethod
    def stages(self) -> int:
        """Number of stages of its scan."""

    @staticmethod
    @abstractmethod
    def check(request: RequestT) -> dict[str, str]:
        """Mistakes of a request, in words, by the name of its field.  May touch slow disks.

        One of several in a field has its number: ``folder2`` is the second of ``folders``.
        """

    @abstractmethod
    def scan(self, context: RunContext) -> ReviewT:
        """From the request to a review; nothing is written but the catalog.  Raises ``Refused`` and ``Stopped``."""

    def partial(self, context: RunContext) -> ReviewT | None:  # noqa: ARG002 - for a job that can say something
        """After ``scan`` raised ``Stopped``: the review of what was read by then; ``None`` when that says nothing."""
        return None

    @abstractmethod
    def replan(self, review: ReviewT, request: RequestT, choices: object = None) -> ReviewT:
        """The review with other choices, at once: nothing is decoded.

        ``choices`` are what the user decided in the review itself, in the job's own terms; all are given each time.
        Raises ``Refused`` for choices that need another scan.
        """

    def apply(self, plan: Plan, context: RunContext) -> RunResult:
        """Carry out a plan of this job.  Raises ``Refused`` before anything is touched."""
        from image_sync.apply import executor

        return executor.execute(plan, reporter=context.reporter, control=context.control)

    @classmethod
    def apply_saved(cls, plan: Plan, context: RunContext) -> RunResult:
        """Carry out a plan of such a job that no review at hand stands behind: it was saved, and read back.

        Raises ``Refused`` before anything is touched.
        """
        from image_sync.apply import disk, executor
        from image_sync.jobs import room

        if refusal := room.refusal(plan, disk.device, disk.room):
            raise Refused(refusal)
        result = executor.execute(plan, reporter=context.reporter, control=context.control)
        if result.run:
            cls.after_undo(result.run, context)
        return result

    def owns(self, plan: Plan) -> bool:
        """Whether ``plan`` is that of this job's review, so that ``apply`` knows what it was made from."""
        return plan.job == self.name

    @staticmethod
    def after_undo(run: str, context: RunContext) -> None:  # noqa: ARG004 - for a job that remembers something
        """A run of such a job was undone, gone on with, or of a saved plan: put right what is remembered of its
        files."""
        return None  # noqa: RET501 - not abstract: few remember anything

    def close(self) -> None:
        """Let go of what the job holds."""
        return None  # noqa: RET501 - not abstract: many a job holds nothing


def check_replan(scanned: object, wanted: object) -> None:
    """Raise ``Refused`` unless a review of ``scanned`` tells the plan of ``wanted`` too; folders are absolute."""
    if needing_scan(scanned, wanted):
        raise Refused(SCAN_AGAIN)


JobT = TypeVar("JobT", bound=Job[Any, Any])
