"""The job *sync*: two folders that hold the same afterwards; the locks, the memory and the log that its parts share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from image_sync.apply.locks import hold_roots
from image_sync.base import paths
from image_sync.base.model import Plan, Problem, Refused, RunResult, RunState, Stopped
from image_sync.base.progress import Reporter
from image_sync.base.said import said_by
from image_sync.inventory.context import RunContext
from image_sync.jobs.job import Job
from image_sync.jobs.sync import apply as carrying_out
from image_sync.jobs.sync import checks, earlier_runs
from image_sync.jobs.sync import scan as stages
from image_sync.jobs.sync.disks import disk_of
from image_sync.jobs.sync.identity import Identity, identities
from image_sync.jobs.sync.log import PLANNED, SyncLog
from image_sync.jobs.sync.memory import SyncMemory
from image_sync.jobs.sync.model import Answer, Side, SyncReview
from image_sync.jobs.sync.request import NAME, SyncRequest
from image_sync.jobs.sync.rules.reasons import Noted
from image_sync.jobs.sync.scan import SyncScan
from image_sync.jobs.sync.scanned import Scanned

FINISHED, STOPPED, REFUSED, FAILED = "finished", "stopped", "refused", "failed"


class SyncJob(Job[SyncRequest, SyncReview]):
    """One *sync*, from its scan to its end.

    ``at_once`` tells that ``apply`` follows the scan without anybody's leave: then the folders are held from the
    beginning, and the log is written whatever comes.
    """

    name = NAME
    review_type = SyncReview
    stages = 4

    def __init__(self, request: SyncRequest, *, at_once: bool = False) -> None:
        self.request = request
        self.at_once = at_once and not request.dry_run
        self._held = contextlib.ExitStack()
        self._memory: SyncMemory | None = None
        self._identities: Mapping[Side, Identity] = {}
        self._scanned: Scanned | None = None
        self._review: SyncReview | None = None
        self._resolver: stages.Resolver | None = None
        self._log = SyncLog(request.log_file)
        self._log.dry_run = request.dry_run
        self._written = ""
        self._logs = self.at_once or (request.dry_run and bool(request.log_file))

    @staticmethod
    def check(request: SyncRequest) -> dict[str, str]:
        """Mistakes of a request, by the name of its field (``source``, ``target`` …)."""
        return checks.check(request)

    # --- the two halves ---

    def scan(self, context: RunContext) -> SyncReview:
        """From the request to a review.  Raises ``Refused`` and ``Stopped``."""
        reporter = context.reporter
        with self._logged(reporter):
            self.request = checks.resolved(self.request)
            self._log.roots = {side.value: getattr(self.request, side.value) for side in Side}
            self._check_log(reporter)
            if self.at_once:
                self._hold()
            memory = self._open_memory(context.place)
            earlier_runs.take_account(memory)
            scan = SyncScan(self.request, memory, context, self._identities, self.at_once)
            review = scan.run()
            self._scanned, self._review, self._log.review = scan.scanned, review, review
        if self.request.dry_run:
            self._write_log(PLANNED, review.refusal, reporter)
        return review

    def replan(self, review: SyncReview, request: SyncRequest, choices: object = None) -> SyncReview:
        """The review after the user's answers: ``choices`` is a mapping of ``Answer`` by path.

        Nothing is looked at again but the room on the disks.  An answer to a row that is no conflict turns it round.
        What is not answered is as the rules and the request's ``resolution`` have it.  Raises ``Refused`` for another
        request, which needs another scan.
        """
        stages.check_unchanged(review, request)
        if self._resolver is None or not self._resolver.fits(review):
            self._resolver = stages.Resolver(review)
        self._review = self._log.review = self._resolver.resolved(review, _answers(choices))
        return self._review

    def apply(self, plan: Plan, context: RunContext) -> RunResult:
        """Carry out the plan of this job's review.  Raises ``Refused`` before anything is touched."""
        reporter = context.reporter
        with self._logged(reporter):
            if not self.at_once:
                self._logs = True
                self._check_log(reporter)
                self._hold()
            if self._review is not None and self._review.refusal:
                raise Refused(self._review.refusal)
            if self._scanned is not None:
                stages.check_roots(self._scanned)
                earlier_runs.clear_leftovers(self._scanned.listings.values())
            result = self._carry_out(plan, context)
            self._add_problems(result.problems)
        self._write_log(FINISHED if result.state is RunState.FINISHED else STOPPED, "", reporter)
        self._held.close()
        return result

    @classmethod
    def apply_saved(cls, plan: Plan, context: RunContext) -> RunResult:
        """Carry out a plan that was saved; log it, and remember of it what is certain.  Raises ``Refused``."""
        roots = {side.value: plan.roots.get(side.value, "") for side in Side}
        if set(roots) != set(plan.roots) or not all(roots.values()):
            raise Refused("The plan of a sync has two folders, the source and the target. Nothing was done.")
        if refusal := stages.refusal(plan):
            raise Refused(refusal)
        job = cls(SyncRequest(roots[Side.SOURCE.value], roots[Side.TARGET.value]))
        job._log.roots, job._log.plan = roots, plan
        try:
            return job.apply(plan, context)
        finally:
            job.close()

    def _carry_out(self, plan: Plan, context: RunContext) -> RunResult:
        memory = self._open_memory(context.place)
        result = carrying_out.carry_out(plan, memory, self._log, context, scanned=self._scanned, review=self._review)
        context.notes.say(*memory.notes)
        self._log.notes += memory.notes
        return result

    def owns(self, plan: Plan) -> bool:
        """Whether a plan was made from this job's review."""
        return self._review is not None and plan.roots == self._review.plan.roots

    @property
    def log_place(self) -> str:
        """Path of the written log; empty as long as it was not."""
        return self._written

    def close(self) -> None:
        """End the job: what was begun and never carried out is logged as stopped."""
        if self.at_once:
            self._write_log(STOPPED, "", None)
        self._held.close()
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    # --- what the parts share ---

    def _hold(self) -> None:
        self._held.enter_context(hold_roots(self._log.roots.values()))

    def _open_memory(self, place: str | None) -> SyncMemory:
        if self._memory is None:
            roots = {side: str(getattr(self.request, side.value)) for side in Side}
            who = self._identities = identities(roots, {side: disk_of(root) for side, root in roots.items()})
            self._memory = SyncMemory.open(place, who[Side.SOURCE].key, who[Side.TARGET].key)
            self._memory.notes += [one.note for one in who.values() if one.note]
        return self._memory

    # --- the log ---

    @contextlib.contextmanager
    def _logged(self, reporter: Reporter) -> Iterator[None]:
        """Log why it ended when it ends here, and let go of the folders."""
        try:
            yield
        except BaseException as error:
            self._add_problems(reporter.problems)
            if isinstance(error, Stopped):
                self._write_log(STOPPED, "", reporter)
            else:
                self._write_log(REFUSED if isinstance(error, Refused) else FAILED, _words(error), reporter)
            self._held.close()
            raise
        self._add_problems(reporter.problems)

    def _add_problems(self, problems: tuple[Problem, ...]) -> None:
        self._log.problems += [one for one in problems if one not in self._log.problems]

    def _check_log(self, reporter: Reporter) -> None:
        """Raise ``Refused`` when the log that the user named can't be written; of the usual one it is only said."""
        if not self._logs:
            return
        try:
            self._log.check()
        except Refused as refusal:
            self._logs = False
            if self._log.named:
                raise
            reporter.note(said_by(refusal))

    def _write_log(self, status: str, error: str, reporter: Reporter | None) -> None:
        """Write the log once, when the job has come to its end."""
        if self._logs:
            self._logs = False
            failure = self._log.write(status, error)
            self._written = "" if failure else self._log.place
            if reporter is not None:
                reporter.note(failure or Noted.LOG(path=paths.display(self._log.place)))


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _answers(choices: object) -> Mapping[str, Answer]:
    """The user's answers by path; none where nothing was decided in the review."""
    if choices is None:
        return {}
    if not isinstance(choices, Mapping):
        raise TypeError(f"answers by path are wanted, not {choices!r}")
    return choices


JOB = SyncJob
