"""The engine: one job at a time on a worker thread, a pool that reads pictures, events out through a queue.

A front (the window, the command line) starts a job, drains ``events`` until ``Finished`` and never waits for anything
else.  The engine knows the jobs' stages and none of their rules.  Nothing heavy is imported before a job needs it.
"""

from __future__ import annotations

import contextlib
import gc
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING

from image_sync.base import faults, words
from image_sync.base.control import Control
from image_sync.base.event_log import LoggedEvents
from image_sync.base.model import (
    Ending,
    Event,
    Finished,
    Job,
    Picture,
    Plan,
    Refused,
    RunResult,
    RunState,
    RunSummary,
    Stopped,
)
from image_sync.base.progress import Reporter
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level, OrganizeRequest
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import SyncRequest

if TYPE_CHECKING:
    from image_sync.inventory.catalog import Catalog
    from image_sync.jobs.photo_import.job import ImportSession
    from image_sync.jobs.photo_import.model import Correction, ImportReview
    from image_sync.jobs.sync.job import SyncSession
    from image_sync.jobs.sync.model import Answer, SyncReview

ORGANIZE_STAGES = {Level.EXACT: 3, Level.PIXELS: 4, Level.SAME_SHOT: 5, Level.EDITED: 7}
"""Looking, reading and planning; the levels compare and check none, one or both ways in between."""
APPLY_STAGES = 1
SYNC_STAGES = 4
IMPORT_STAGES = 5
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
        self._catalog_path, self._workers, self._executor = catalog, workers, executor
        self._catalog: Catalog | None = None
        self._control = Control()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._sync: SyncSession | None = None
        self._import: ImportSession | None = None

    # --- jobs ---

    def organize(self, request: OrganizeRequest) -> None:
        """Scan for *organize*.  ``Finished.result`` is an ``OrganizeReview``, after a stop that of what was read."""
        self._start(lambda reporter: self._organize(request, reporter), ORGANIZE_STAGES[request.level])

    def replan(self, review: OrganizeReview, request: OrganizeRequest) -> OrganizeReview:
        """The review with other choices, at once: nothing is decoded.

        A threshold below that of the scan finds no more pictures: scan again.  Raises ``Refused``.
        """
        from image_sync.jobs.organize import checks
        from image_sync.jobs.organize.review import reviewed

        return reviewed(review, checks.resolved(request), self.catalog)

    def not_a_match(self, first: Picture, second: Picture) -> None:
        """Remember for ever that the contents of two pictures are no match; ``replan`` then heeds it."""
        from image_sync.jobs.organize.review import refuse_match

        refuse_match(first, second, self.catalog)

    def clear_not_a_match(self) -> int:
        """Forget all those decisions; their number is returned."""
        return self.catalog.clear_refused()

    def sync(self, request: SyncRequest, *, at_once: bool = False) -> None:
        """Scan for *sync*.  ``Finished.result`` is a ``SyncReview``.

        ``at_once`` tells that ``apply`` follows without anybody's leave: then both folders are held from here on, and
        the log is written whatever comes.
        """
        from image_sync.jobs.sync.job import SyncSession

        if self.busy:
            raise RuntimeError("a job is running already")
        self._end_sync()
        session = self._sync = SyncSession(request, self._catalog_path, at_once)
        self._start(lambda reporter: session.scan(reporter, self._control, self._workers), SYNC_STAGES)

    def resolve(self, review: SyncReview, answers: Mapping[str, Answer], default: Answer | None = None) -> SyncReview:
        """The review with the user's answers, by path, at once; ``default`` answers every other conflict.

        An answer to a row that is no conflict turns it round.  All answers are given each time: what is not answered
        is as the rules have it.
        """
        from image_sync.jobs.sync.scan import resolved_review

        return self._sync.resolve(review, answers, default) if self._sync else resolved_review(review, answers, default)

    @property
    def sync_log(self) -> str:
        """Where the JSON log of the last sync was written; empty when none was."""
        return self._sync.log_place if self._sync else ""

    def import_photos(self, request: ImportRequest, corrections: Mapping[str, Correction] | None = None) -> None:
        """Scan for *import*.  ``Finished.result`` is an ``ImportReview``, after a stop that of what was compared.

        ``corrections`` are dates and descriptions that the user knows better, as ``replan_import`` takes them.
        """
        self._start(lambda reporter: self._import_photos(request, corrections or {}, reporter), IMPORT_STAGES)

    def replan_import(
        self, review: ImportReview, request: ImportRequest, corrections: Mapping[str, Correction]
    ) -> ImportReview:
        """The review with other choices, and with dates and descriptions that the user corrects, at once.

        ``corrections`` are by the absolute path of the picture; all are given each time.  A picture that stood in its
        place and leaves it now was compared with nothing, which a note of the plan says.  Raises ``Refused`` for
        choices that need another scan (other folders, patterns, sources of dates).
        """
        from image_sync.jobs.photo_import.job import replanned

        if self._import is None:
            return replanned(review, request, corrections)
        return self._import.replan(review, request, corrections)

    def apply(self, plan: Plan) -> None:
        """Carry out a plan.  ``Finished.result`` is a ``RunResult``."""
        from image_sync.apply import executor

        session = self._sync
        if plan.job is Job.SYNC and session is not None and session.is_about(plan):
            self._start(lambda reporter: session.apply(plan, reporter, self._control), APPLY_STAGES)
            return
        importing = self._import
        if plan.job is Job.IMPORT and importing is not None and importing.is_about(plan):
            self._start(lambda reporter: importing.apply(plan, reporter, self._control), APPLY_STAGES)
            return
        self._start(lambda reporter: executor.execute(plan, reporter=reporter, control=self._control), APPLY_STAGES)

    def undo(self, run: str = "") -> None:
        """Undo a run, by default the newest that can be.  ``Finished.result`` is a ``RunResult``."""
        from image_sync.apply import undo

        self._start(
            lambda reporter: self._remembered(undo.undo(run, reporter=reporter, control=self._control)), APPLY_STAGES
        )

    def resume(self, run: str = "") -> None:
        """Go on with a stopped or cut-off run, by default the newest.  ``Finished.result`` is a ``RunResult``."""
        from image_sync.apply import executor

        self._start(
            lambda reporter: self._remembered(executor.resume(run, reporter=reporter, control=self._control)),
            APPLY_STAGES,
        )

    def history(self) -> tuple[RunSummary, ...]:
        """All runs, newest first."""
        from image_sync.apply import journal

        return journal.history()

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
        """Stop what runs and let go of the catalog."""
        self.stop()
        if not self.join(30.0):
            return
        self._end_sync()
        self._end_import()
        if self._catalog is not None:
            self._catalog.close()
            self._catalog = None

    def _end_sync(self) -> None:
        if self._sync is not None:
            self._sync.close()
            self._sync = None

    def _end_import(self) -> None:
        if self._import is not None:
            self._import.close()
            self._import = None

    @property
    def catalog(self) -> Catalog:
        """The open catalog; opened at first use.  Raises ``Refused``."""
        from image_sync.inventory.catalog import Catalog

        with self._lock:
            if self._catalog is None:
                self._catalog = Catalog.open(self._catalog_path)
            return self._catalog

    # --- the worker thread ---

    def _start(self, work: Callable[[Reporter], object], stages: int) -> None:
        if self.busy:
            raise RuntimeError("a job is running already")
        self._control = Control()
        reporter = Reporter(self.events, stages)
        self._thread = threading.Thread(target=self._run, args=(work, reporter), name="engine", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Reporter], object], reporter: Reporter) -> None:
        self.events.put(self._ended(work, reporter))

    def _ended(self, work: Callable[[Reporter], object], reporter: Reporter) -> Finished:
        """Do the work; however it ends, that is told and never raised."""
        try:
            with _garbage_looked_for_seldom():
                result = work(reporter)
            return result if isinstance(result, Finished) else _finished(result, stopped=self._control.stopped)
        except Stopped:
            return Finished(Ending.STOPPED)
        except Refused as refusal:
            return Finished(Ending.REFUSED, failure=str(refusal))
        except BaseException as error:  # on this thread nobody else would hear of it
            fault = faults.met(error, "the engine")
            return Finished(Ending.CRASHED, failure=fault.words, details=fault.details)

    def _organize(self, request: OrganizeRequest, reporter: Reporter) -> Finished:
        from image_sync.jobs.organize.scan import OrganizeScan

        pool, workers = self._pool()
        try:
            catalog = self.catalog
            for note in catalog.notes:
                reporter.note(note)
            scan = OrganizeScan(request, catalog, pool, workers, reporter, self._control)
            try:
                return Finished(Ending.FINISHED, scan.run())
            except Stopped:
                # A second stop, while the best is made of what there is, ends that too.
                self._control = Control()
                return _finished(scan.partial(self._control), stopped=True)
        finally:
            if pool is not self._executor:
                pool.shutdown(wait=True, cancel_futures=True)

    def _remembered(self, result: RunResult) -> RunResult:
        from image_sync.jobs.photo_import.apply import forget_rewritten

        forget_rewritten(result.run, self._catalog_path)
        return result

    def _import_photos(
        self, request: ImportRequest, corrections: Mapping[str, Correction], reporter: Reporter
    ) -> Finished:
        from image_sync.jobs.photo_import.job import ImportSession

        pool, workers = self._pool()
        try:
            catalog = self.catalog
            for note in catalog.notes:
                reporter.note(note)
            self._end_import()
            session = self._import = ImportSession(catalog, self._catalog_path)
            try:
                review = session.scan(request, corrections, pool, workers, reporter, self._control)
                return Finished(Ending.FINISHED, review)
            except Stopped:
                # As with organize: a second stop ends what is made of the first.
                self._control = Control()
                return _finished(session.partial(self._control), stopped=True)
        finally:
            if pool is not self._executor:
                pool.shutdown(wait=True, cancel_futures=True)

    def _pool(self) -> tuple[Executor, int]:
        from image_sync.inventory.measuring import default_workers

        workers = self._workers or default_workers()
        if self._executor is not None:
            return self._executor, workers
        return ThreadPoolExecutor(workers, thread_name_prefix="measure"), workers


def check_organize(request: OrganizeRequest) -> dict[str, str]:
    """What is wrong with a request, by the name of its field (``folder1``, ``folder2``, ``output`` …), in words."""
    from image_sync.jobs.organize import checks

    return checks.check(request)


def check_sync(request: SyncRequest) -> dict[str, str]:
    """What is wrong with a request, by the name of its field (``source``, ``target`` …), in words."""
    from image_sync.jobs.sync import checks

    return checks.check(request)


def check_import(request: ImportRequest) -> dict[str, str]:
    """What is wrong with a request, by the name of its field (``folder1``, ``folder2``, ``output`` …), in words."""
    from image_sync.jobs.photo_import import checks

    return checks.check(request)


def describe_folder(path: str, control: Control | None = None) -> str:
    """What a folder holds, in words: ``12,480 pictures``.  Walks the whole tree: not for the window's thread."""
    from image_sync.base.errors import reason
    from image_sync.base.model import FileKind
    from image_sync.inventory.scan import Filter, scan

    try:
        listing = scan(path, Filter(kinds=frozenset({FileKind.PICTURE, FileKind.RAW})), control=control)
    except OSError as error:
        return reason(error)
    return words.count(len(listing.files), "picture")


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
