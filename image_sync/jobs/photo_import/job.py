"""One import from its request to its end: the registry, and which review a plan belongs to.

``scan`` may be followed by any number of ``replan`` and by ``apply``; ``close`` ends it however far it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor

from image_sync.base.control import Control
from image_sync.base.model import Plan, RunResult
from image_sync.base.progress import Reporter
from image_sync.inventory.catalog import Catalog
from image_sync.jobs.photo_import import apply as applying
from image_sync.jobs.photo_import import scan as stages
from image_sync.jobs.photo_import.model import Correction, ImportReview
from image_sync.jobs.photo_import.registry import Registry
from image_sync.jobs.photo_import.request import ImportRequest


class ImportSession:
    """One import.  ``place`` is the catalog's file (``None`` for the user's own)."""

    def __init__(self, catalog: Catalog, place: str | None = None) -> None:
        self._catalog = catalog
        self._registry = Registry.open(place)
        self._scan: stages.ImportScan | None = None
        self._review: ImportReview | None = None

    def scan(
        self,
        request: ImportRequest,
        corrections: Mapping[str, Correction],
        pool: Executor,
        workers: int,
        reporter: Reporter,
        control: Control,
    ) -> ImportReview:
        """From the request to a review.  Raises ``Refused`` and ``Stopped``."""
        scan = self._scan = stages.ImportScan(
            request, self._catalog, self._registry, pool, workers, reporter, control, corrections
        )
        self._review = scan.run()
        return self._review

    def partial(self, control: Control) -> ImportReview | None:
        """After ``scan`` raised ``Stopped``: the review of what was compared by then, ``None`` when that is nothing."""
        self._review = self._scan.partial(control) if self._scan is not None else None
        return self._review

    def replan(
        self, review: ImportReview, request: ImportRequest, corrections: Mapping[str, Correction]
    ) -> ImportReview:
        """The review with other choices and corrections; raises ``Refused`` for those that need another scan."""
        self._review = replanned(review, request, corrections)
        return self._review

    def is_about(self, plan: Plan) -> bool:
        """Whether ``plan`` is that of this session's last review."""
        return self._review is not None and self._review.plan is plan

    def apply(self, plan: Plan, reporter: Reporter, control: Control) -> RunResult:
        """Carry out the plan of this session's review.  Raises ``Refused`` before anything is touched."""
        return applying.carry_out(plan, self._review, self._catalog, self._registry, reporter=reporter, control=control)

    def close(self) -> None:
        """Let go of the registry."""
        self._registry.close()


def replanned(review: ImportReview, request: ImportRequest, corrections: Mapping[str, Correction]) -> ImportReview:
    """``scan.replanned`` with a pool of its own, which is not even started where nothing has to be tried."""
    with ThreadPoolExecutor(2, thread_name_prefix="probe") as pool:
        return stages.replanned(review, request, corrections, pool, 2)
