"""The job *import*: photos into a library by year and description; the registry, and which review a plan is of."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from image_sync.base.control import Control
from image_sync.base.model import Plan, Refused, RunResult
from image_sync.base.progress import Reporter
from image_sync.inventory.context import RunContext
from image_sync.jobs.job import Job
from image_sync.jobs.photo_import import apply as applying
from image_sync.jobs.photo_import import checks
from image_sync.jobs.photo_import import scan as stages
from image_sync.jobs.photo_import.model import Correction, ImportReview
from image_sync.jobs.photo_import.registry import Registry
from image_sync.jobs.photo_import.request import NAME, ImportRequest

_NO_CORRECTIONS: Mapping[str, Correction] = {}
_PROBES = 2
"""Pictures that are tried at once when a plan is made anew."""


class ImportJob(Job[ImportRequest, ImportReview]):
    """One *import*, from its scan to its end.

    ``corrections`` are dates and descriptions that the user knows better, by the absolute path of the picture.
    """

    name = NAME
    review_type = ImportReview
    stages = stages.STAGES

    def __init__(self, request: ImportRequest, corrections: Mapping[str, Correction] = _NO_CORRECTIONS) -> None:
        self.request = request
        self._corrections = corrections
        self._context: RunContext | None = None
        self._registry: Registry | None = None
        self._scan: stages.ImportScan | None = None
        self._review: ImportReview | None = None

    @staticmethod
    def check(request: ImportRequest) -> dict[str, str]:
        """Mistakes of a request, by the name of its field (``folder1``, ``folder2``, ``output`` …)."""
        return checks.check(request)

    def scan(self, context: RunContext) -> ImportReview:
        """From the request to a review.  Raises ``Refused`` and ``Stopped``."""
        self._context = context
        self._registry = Registry.open(context.place)
        self._scan = stages.ImportScan(self.request, self._registry, context, self._corrections)
        self._review = self._scan.run()
        self._scan = None
        return self._review

    def partial(self, context: RunContext) -> ImportReview | None:
        """The review of those arrivals that were compared before the stop."""
        scan, self._scan = self._scan, None
        self._review = scan.partial(context.control) if scan is not None else None
        return self._review

    def replan(self, review: ImportReview, request: ImportRequest, choices: object = None) -> ImportReview:
        """The review with other choices, and with dates and descriptions that the user corrects.

        ``choices`` is a mapping of ``Correction`` by the absolute path of the picture.  A picture that stood in its
        place and leaves it now was compared with nothing, which a note of the plan says.  Raises ``Refused`` for
        choices that need another scan (other folders, patterns, sources of dates).
        """
        assert self._context is not None, "nothing was scanned"
        with ThreadPoolExecutor(_PROBES, thread_name_prefix="probe") as pool:  # not started where nothing is tried
            beside = replace(self._context, pool=pool, asked_workers=_PROBES, reporter=Reporter(), control=Control())
            self._review = stages.replanned(review, request, _corrections(choices), beside)
        return self._review

    def owns(self, plan: Plan) -> bool:
        """Whether ``plan`` is that of this job's last review."""
        return self._review is not None and self._review.plan is plan

    def apply(self, plan: Plan, context: RunContext) -> RunResult:
        """Carry out the plan of this job's review.  Raises ``Refused`` before anything is touched."""
        assert self._registry is not None, "nothing was scanned"
        if self._review is not None and self._review.refusal:
            raise Refused(self._review.refusal)
        return applying.carry_out(plan, self._review, self._registry, context)

    @staticmethod
    def after_undo(run: str, context: RunContext) -> None:
        """Forget what was read of the pictures that the run rewrote: it is true no longer."""
        applying.forget_rewritten(run, context)

    def close(self) -> None:
        """Let go of the registry."""
        if self._registry is not None:
            self._registry.close()
            self._registry = None


def _corrections(choices: object) -> Mapping[str, Correction]:
    """The user's corrections by path; none where nothing was corrected."""
    if choices is None:
        return _NO_CORRECTIONS
    if not isinstance(choices, Mapping):
        raise TypeError(f"corrections by path are wanted, not {choices!r}")
    return choices


JOB = ImportJob
