"""The job *organize*: groups of the same and similar pictures of any folders, sorted into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from image_sync.base.model import Picture
from image_sync.inventory.context import RunContext
from image_sync.jobs.job import Job, check_replan
from image_sync.jobs.organize import checks
from image_sync.jobs.organize.merging import Statements
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import NAME, Level, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions

if TYPE_CHECKING:
    from image_sync.inventory.catalog import Catalog
    from image_sync.jobs.organize.scan import OrganizeScan

_STAGES = {Level.EXACT: 3, Level.PIXELS: 4, Level.SAME_SHOT: 6, Level.EDITED: 10}
"""Looking, reading and planning; the levels compare and check none, one way after another in between."""


class OrganizeJob(Job[OrganizeRequest, OrganizeReview]):
    """One *organize*, from its scan to its end."""

    name = NAME
    review_type = OrganizeReview

    def __init__(self, request: OrganizeRequest) -> None:
        self.request = request
        self._scan: OrganizeScan | None = None
        self._context: RunContext | None = None
        self._statements = Statements()

    @property
    def stages(self) -> int:
        """The stages of a scan at the level of the request."""
        return _STAGES[self.request.level]

    @staticmethod
    def check(request: OrganizeRequest) -> dict[str, str]:
        """Mistakes of a request, by the name of its field (``folder1`` and so on, ``output`` …)."""
        return checks.check(request)

    def scan(self, context: RunContext) -> OrganizeReview:
        """Look, read, compare, check, plan.  Raises ``Refused`` and ``Stopped``."""
        from image_sync.jobs.organize.scan import OrganizeScan

        self._context = context
        self._statements = Statements()
        self._scan = OrganizeScan(self.request, context, self._statements)
        review = self._scan.run()
        self._scan = None
        return review

    def partial(self, context: RunContext) -> OrganizeReview | None:
        """The review of the pictures that were measured before the stop."""
        scan, self._scan = self._scan, None
        return scan.partial(context.control) if scan is not None else None

    def replan(self, review: OrganizeReview, request: OrganizeRequest, choices: object = None) -> OrganizeReview:
        """The review with other choices and ``Decisions``, at once; raises ``Refused`` for what needs another scan."""
        from image_sync.jobs.organize.review import reviewed

        wanted = checks.resolved(request)
        check_replan(review.request, wanted)
        decisions = choices if isinstance(choices, Decisions) else Decisions()
        return reviewed(review, wanted, self._catalog, decisions, self._statements.merging)

    def not_a_match(self, first: Picture, second: Picture) -> None:
        """Remember for ever that the contents of two pictures are no match; ``replan`` then heeds it."""
        from image_sync.jobs.organize.review import refuse_match

        refuse_match(first, second, self._catalog)

    def match_again(self, first: Picture, second: Picture) -> None:
        """Forget that the contents of two pictures are no match; ``replan`` then heeds it."""
        from image_sync.jobs.organize.review import allow_match

        allow_match(first, second, self._catalog)

    @property
    def _catalog(self) -> Catalog:
        assert self._context is not None, "nothing was scanned"
        return self._context.catalog


JOB = OrganizeJob
