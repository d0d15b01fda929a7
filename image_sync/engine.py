"""The engine: one job at a time on a worker thread, a pool that reads pictures, events out through a queue.

A front (the window, the command line) starts a job, drains ``events`` until ``Finished`` and never waits for anything
else.  The engine knows what every job can do (``jobs.job``) and none of them by name.  Nothing heavy is imported before
a job needs it.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from image_sync.base import faults
from image_sync.base.control import Control
from image_sync.base.event_log import LoggedEvents
from image_sync.base.events import Ending, Event, Finished
from image_sync.base.model import Plan, Refused, RunResult, RunState, RunSummary, Stopped
from image_sync.base.progress import Reporter
from image_sync.base.said import Common, said_by

if TYPE_CHECKING:
    from image_sync.apply.outlook import Outlook
    from image_sync.inventory.catalog import Catalog
    from image_sync.inventory.context import RunContext
    from image_sync.jobs.job import Job, JobT, RequestT, ReviewT

APPLY_STAGES = 1
_logger = logging.getLogger(__name__)
_NEW_OBJECTS = 100_000
"""More new objects than that are looked through for garbage; Python itself takes 700."""


class Engine:
    """Runs jobs for one front.  All public methods may be called from the front's thread; none of them blocks for long.

    ``catalog`` is the catalog's file (default: in the user's data folder), ``workers`` the number of pictures read at
    once (default: the cores), ``executor`` another ``concurrent.futures.Executor`` to read them with, such as a
    cluster's; it is not shut down.
    """

    def __init__(
        self, *, catalog: str | None = None, workers: int | None = None, executor: Executor | None = None
    ) -> None:
        self.events: queue.Queue[Event] = LoggedEvents()
        self._catalog_path, self._executor = catalog, executor
        self.workers = workers
        """Number of pictures read at once from the next run on; ``None`` for the cores."""
        self._catalog: Catalog | None = None
        self._control = Control()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._jobs: dict[str, Job[Any, Any]] = {}

    # --- jobs ---

    def start(self, job: Job[Any, Any]) -> None:
        """Scan for a job.  ``Finished.result`` is its review, after a stop that of what was read (or ``None``).

        The engine keeps the newest job of each name until ``close``: for other plans, and for what belongs to it.
        """
        self._check_idle()
        former = self._jobs.pop(job.name, None)
        if former is not None:
            former.close()
        self._jobs[job.name] = job
        self._start(lambda context: self._despite_damage(lambda: self._scanned(job, context)), job.stages)

    def call(self, work: Callable[[RunContext], object], stages: int = APPLY_STAGES) -> None:
        """Do any work on the engine's thread, with all that a job has; ``Finished.result`` is what it returns.

        Where the catalog is found damaged on the way the work is done once more, with another one.
        """
        self._start(lambda context: self._despite_damage(lambda: work(context)), stages)

    def replan(self, review: ReviewT, request: RequestT, choices: object = None) -> ReviewT:
        """The review with other choices, at once: nothing is decoded.

        ``choices`` are what the user decided in the review itself, as the job takes them; all are given each time.
        Raises ``Refused``, also for what needs another scan.
        """
        from image_sync.jobs.job import SCAN_AGAIN

        job = self._jobs.get(review.plan.job)
        if job is None:
            raise Refused(SCAN_AGAIN)
        replanned: ReviewT = job.replan(review, request, choices)
        return replanned

    def job(self, kind: type[JobT]) -> JobT:
        """The newest job of a kind, for what only that kind can do.  Raises ``LookupError`` when none was started."""
        found = self._jobs[kind.name]
        assert isinstance(found, kind)
        return found

    def apply(self, plan: Plan) -> None:
        """Carry out a plan.  ``Finished.result`` is a ``RunResult``."""
        job = self._jobs.get(plan.job)
        if job is not None and job.owns(plan):
            self._start(lambda context: job.apply(plan, context), APPLY_STAGES)
        else:
            self._start(lambda context: _executed(plan, context), APPLY_STAGES)

    def undo(self, run: str = "") -> None:
        """Undo a run, by default the newest that can be.  ``Finished.result`` is a ``RunResult``."""
        from image_sync.apply import undo

        self._start(
            lambda context: _remembered(undo.undo(run, reporter=context.reporter, control=context.control), context),
            APPLY_STAGES,
        )

    def resume(self, run: str = "") -> None:
        """Go on with a stopped or cut-off run, by default the newest.  ``Finished.result`` is a ``RunResult``."""
        from image_sync.apply import executor

        self._start(
            lambda context: _remembered(
                executor.resume(run, reporter=context.reporter, control=context.control), context
            ),
            APPLY_STAGES,
        )

    def history(self) -> tuple[RunSummary, ...]:
        """All runs, newest first."""
        from image_sync.apply import journal

        return journal.history()

    def outlook(self, run: str, *, undo: bool) -> tuple[Outlook, ...]:
        """Outlook on an undo, or a resume, of ``run`` by place.  Raises ``Refused`` for a journal without trust."""
        from image_sync.apply import outlook

        return outlook.of_undo(run) if undo else outlook.of_resume(run)

    # --- while one runs ---

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return self._thread is not None and self._thread.is_alive()

    def pause(self) -> None:
        """Wait at the next checkpoint."""
        self._control.pause()

    def unpause(self) -> None:
        """Go on."""
        self._control.resume()

    def stop(self) -> None:
        """Stop at the next checkpoint; what was found so far is kept."""
        self._control.stop()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the job, at most ``timeout`` seconds; whether it ended."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.busy

    def close(self) -> None:
        """Stop what runs and let go of the jobs and the catalog."""
        self.stop()
        if not self.join(30.0):
            return
        while self._jobs:
            self._jobs.popitem()[1].close()
        if self._catalog is not None:
            self._catalog.close()
            self._catalog = None

    @property
    def catalog(self) -> Catalog:
        """The open catalog; opened at first use.  Raises ``Refused``."""
        from image_sync.inventory.catalog import Catalog

        with self._lock:
            if self._catalog is None:
                self._catalog = Catalog.open(self._catalog_path)
            return self._catalog

    # --- the worker thread ---

    def _check_idle(self) -> None:
        if self.busy:
            raise RuntimeError("a job is running already")

    def _start(self, work: Callable[[RunContext], object], stages: int) -> None:
        self._check_idle()
        self._control = Control()
        reporter = Reporter(self.events, stages)
        self._thread = threading.Thread(target=self._run, args=(work, reporter), name="engine", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[RunContext], object], reporter: Reporter) -> None:
        self.events.put(self._ended(work, reporter))

    def _ended(self, work: Callable[[RunContext], object], reporter: Reporter) -> Finished:
        """Do the work; however it ends, that is told and never raised."""
        try:
            with _garbage_looked_for_seldom(), self._context(reporter) as context:
                result = work(context)
            return result if isinstance(result, Finished) else _finished(result, stopped=self._control.stopped)
        except Stopped:
            return Finished(Ending.STOPPED)
        except Refused as refusal:
            return Finished(Ending.REFUSED, failure=said_by(refusal))
        except BaseException as error:  # on this thread nobody else would hear of it
            fault = faults.met(error, "the engine")
            return Finished(Ending.CRASHED, failure=fault.words, details=fault.details)

    @contextlib.contextmanager
    def _context(self, reporter: Reporter) -> Iterator[RunContext]:
        """Context that the stages of one run share; its pool starts no thread before it gets work."""
        from image_sync.inventory.context import Notes, RunContext, default_workers

        notes = Notes(reporter)

        def opened() -> Catalog:
            catalog = self.catalog
            notes.say(*catalog.notes)
            return catalog

        pool = self._executor or ThreadPoolExecutor(self.workers or default_workers(), thread_name_prefix="measure")
        try:
            yield RunContext(opened, pool, reporter, self._control, notes, self.workers, self._catalog_path)
        finally:
            if pool is not self._executor:
                # After a stop what its threads still do is of no use to anybody, and touches nothing but what it reads.
                pool.shutdown(wait=not self._control.stopped, cancel_futures=True)
            _let_workers_rest()

    def _despite_damage(self, work: Callable[[], object]) -> object:
        """Do the work; a catalog that is found damaged on the way, wherever that is, costs the time of another
        beginning."""
        from image_sync.inventory.catalog_file import is_damage

        try:
            return work()
        except Exception as error:
            if not is_damage(error):
                raise
            _logger.warning("The catalog is damaged", exc_info=error)
        with self._lock:
            assert self._catalog is not None
            self._catalog = self._catalog.renewed()
        return work()

    def _scanned(self, job: Job[Any, Any], context: RunContext) -> Finished:
        """The end of a scan.  It touches nothing, so what the system refuses, and no file of its own answers for, is a
        refusal."""
        from image_sync.base.errors import unread

        try:
            return Finished(Ending.FINISHED, job.scan(context))
        except OSError as error:
            _logger.warning("The scan was ended by the system", exc_info=error)
            raise Refused(Common.NOTHING_TOUCHED(why=unread(error))) from error
        except Stopped:
            # A second stop, while the best is made of what there is, ends that too.
            self._control = Control()
            return _finished(job.partial(context.with_control(self._control)), stopped=True)


def _let_workers_rest() -> None:
    """End the worker processes of a run, if it needed any."""
    shared = sys.modules.get("image_sync.containment.shared")
    if shared is not None:
        shared.rest()


def _executed(plan: Plan, context: RunContext) -> RunResult:
    """Carry out a plan that no job of this engine made."""
    from image_sync.apply import executor
    from image_sync.jobs import registry

    try:
        job = registry.job_class(plan.job)
    except LookupError:
        return executor.execute(plan, reporter=context.reporter, control=context.control)
    return job.apply_saved(plan, context)


def _remembered(result: RunResult, context: RunContext) -> RunResult:
    """Let the job of a run that was undone or resumed put right what is remembered of its files."""
    from image_sync.apply import journal
    from image_sync.jobs import registry

    # A journal that can't be read, or of a job that this version does not know, is no reason to lose the result.
    with contextlib.suppress(Refused, LookupError):
        if result.run:
            registry.job_class(journal.find(result.run).job).after_undo(result.run, context)
    return result


def describe_folder(path: str, control: Control | None = None) -> str:
    """Description of a folder, or an archive, in words: ``12,480 pictures``.  Reads all of its names: not for the
    window's thread."""
    from image_sync.archives.errors import ArchiveError
    from image_sync.base.errors import reason
    from image_sync.base.model import FileKind
    from image_sync.inventory.archive_scan import scan_archive
    from image_sync.inventory.scan import Filter, scan

    pictures = Filter(kinds=frozenset({FileKind.PICTURE, FileKind.RAW}))
    try:
        if os.path.isfile(path):
            listing = scan_archive(path, pictures, control=control).listing
        else:
            listing = scan(path, pictures, control=control)
    except OSError as error:
        return reason(error)
    except ArchiveError as error:
        return error.why
    return Common.PICTURES(count=len(listing.files))


def _finished(result: object | None, *, stopped: bool) -> Finished:
    """The end of a job that has come to ``result``, whether or not the user asked it to stop on the way."""
    complete = isinstance(result, RunResult) and result.state in (RunState.FINISHED, RunState.UNDONE)
    if not stopped or complete:
        return Finished(Ending.FINISHED, result)
    return Finished(Ending.STOPPED if result is None else Ending.PARTIAL, result)


@contextlib.contextmanager
def _garbage_looked_for_seldom() -> Iterator[None]:
    """A job makes records by the hundred thousand and no circles of them; looking for some in all that is alive, again
    and again as it grows, takes a sixth of a run over known pictures."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
