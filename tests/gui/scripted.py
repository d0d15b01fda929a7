"""An engine that follows a script, for tests of the window and its view models without a single picture decoded.

It runs on a thread of its own and sends the real events, so that pausing, stopping and draining are the real thing;
what it finds is told beforehand.  ``gate`` holds it at the middle of its work until a test lets it go on.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from image_sync.base.control import Control
from image_sync.base.events import Ending, Event, Finished, Stage
from image_sync.base.model import (
    FileKind,
    FileRecord,
    Group,
    Member,
    Picture,
    Plan,
    Problem,
    RunResult,
    RunState,
    RunSummary,
    Sameness,
    Stopped,
)
from image_sync.base.progress import Reporter
from image_sync.gui.job.port import Port, device, free_space
from image_sync.inventory.catalog import Catalog
from image_sync.jobs.job import Job, JobT
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions, decided, for_this_run
from image_sync.jobs.organize.rules.plan import Standing, make_plan
from tests.values import fingerprint, record

STEPS = 40


def picture_of(root: str, relative: str, width: int = 400, height: int = 300) -> Picture:
    """A picture for a file that exists, or made up when it does not."""
    path = os.path.join(root, relative)
    if not os.path.exists(path):
        return Picture(record(relative, root=root), fingerprint(width=width, height=height))
    found = os.stat(path)
    made = FileRecord(
        root, relative, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_dev, found.st_ino, 1, 0o644,
        FileKind.PICTURE,
    )  # fmt: skip
    return Picture(made, fingerprint(width=width, height=height))


def review_of(
    request: OrganizeRequest,
    groups: Mapping[str, Sequence[Picture]],
    rest: Sequence[Picture] = (),
    scores: Sequence[float] = (0.97, 0.9, 0.86),
    problems: Sequence[Problem] = (),
) -> OrganizeReview:
    """A review whose groups are told: context to members, the best first; member n has the score ``scores[n - 1]``."""
    pictures: list[Picture] = []
    made = []
    for context, members in groups.items():
        first = len(pictures)
        pictures += members
        kinds = [Sameness.IDENTICAL_FILE] + [
            Sameness.IDENTICAL_FILE if scores[n % len(scores)] == 1.0 else Sameness.SIMILAR
            for n in range(len(members) - 1)
        ]
        shares = [1.0, *(scores[n % len(scores)] for n in range(len(members) - 1))]
        made.append(
            Group(
                tuple(Member(first + n, kinds[n], shares[n]) for n in range(len(members))),
                context=context,
                why_best="more pixels",
            )
        )
    pictures += rest
    plan = make_plan(pictures, made, request, Standing())
    return OrganizeReview(request, tuple(pictures), tuple(made), plan, problems=tuple(problems))


class ScriptedEngine:
    """The engine's interface; ``found`` makes the review for a request, ``runs`` is the history."""

    workers: int | None = None

    def __init__(self, found: Callable[[OrganizeRequest], OrganizeReview], runs: Sequence[RunSummary] = ()) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.found = found
        self.runs = tuple(runs)
        self.gate = threading.Event()
        self.gate.set()
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        """Said in the middle of whatever runs."""
        self.failure = ""
        self.calls: list[tuple[str, object]] = []
        self.refused: list[tuple[Picture, Picture]] = []
        self.closed = False
        self.pretends = False
        """Whether it says that it is busy without running anything: events are then put by the test."""
        self.items = 5000
        self._control = Control()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self.pretends or (self._thread is not None and self._thread.is_alive())

    def start(self, job: Job[Any, Any]) -> None:
        request = job.request
        self.calls.append((job.name, request))

        def work(reporter: Reporter) -> object:
            self._walk(reporter, Stage.SCAN, None)
            self._walk(reporter, Stage.MEASURE, self.items)
            return self.found(request)

        self._start(work, partial=lambda: replace(self.found(request), partial=0.62))

    def replan(self, review: Any, request: Any, choices: object = None) -> Any:
        self.calls.append(("replan", request))
        groups = []
        refused = {frozenset((a.record.path, b.record.path)) for a, b in self.refused}
        for group in review.groups:
            best = review.pictures[group.best.picture].record.path
            kept = tuple(
                member
                for member in group.members
                if member.score >= request.threshold
                and frozenset((best, review.pictures[member.picture].record.path)) not in refused
            )
            if len(kept) > 1:
                groups.append(replace(group, members=kept))
        told = choices if isinstance(choices, Decisions) else Decisions()
        made = decided(groups, review.pictures, review.matches, told)
        planned = for_this_run(made, review.pictures, told)
        plan = make_plan(review.pictures, planned, request, Standing(), complete=not told.only_reviewed)
        return replace(review, groups=made, undecided=tuple(groups), decisions=told, plan=plan)

    def apply(self, plan: Plan) -> None:
        self.calls.append(("apply", plan))
        self._start(lambda reporter: self._carry_out(reporter, Stage.APPLY, RunState.FINISHED, len(plan.operations)))

    def undo(self, run: str = "") -> None:
        self.calls.append(("undo", run))
        self._start(lambda reporter: self._carry_out(reporter, Stage.UNDO, RunState.UNDONE, 3))

    def resume(self, run: str = "") -> None:
        self.calls.append(("resume", run))
        self._start(lambda reporter: self._carry_out(reporter, Stage.APPLY, RunState.FINISHED, 3))

    def history(self) -> tuple[RunSummary, ...]:
        return self.runs

    def match_again(self, first: Picture, second: Picture) -> None:
        self.refused.remove((first, second))

    def not_a_match(self, first: Picture, second: Picture) -> None:
        self.refused.append((first, second))

    def job(self, kind: type[JobT]) -> JobT:
        """What only *organize* can do, and its catalog, are played by the engine itself."""
        assert kind.name == "organize"
        return cast(JobT, self)

    @property
    def catalog(self) -> Catalog:
        return cast(Catalog, self)

    def clear_refused(self) -> int:
        number = len(self.refused)
        self.refused.clear()
        return number

    def pause(self) -> None:
        self._control.pause()

    def unpause(self) -> None:
        self._control.resume()

    def stop(self) -> None:
        self._control.stop()
        self.gate.set()

    def join(self, timeout: float | None = None) -> bool:
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.busy

    def close(self) -> None:
        self.stop()
        self.join(5.0)
        self.closed = True

    # --- the script ---

    def _start(self, work: Callable[[Reporter], object], partial: Callable[[], object] = lambda: None) -> None:
        assert not self.busy
        self._control = Control()
        reporter = Reporter(self.events, 2)

        def run() -> None:
            try:
                self.events.put(self._ended(work, reporter))
            except Stopped:
                self.events.put(Finished(Ending.PARTIAL, partial()))

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def _ended(self, work: Callable[[Reporter], object], reporter: Reporter) -> Finished:
        if self.failure:
            return Finished(Ending.REFUSED, failure=self.failure)
        result = work(reporter)
        return Finished(Ending.PARTIAL if self._control.stopped else Ending.FINISHED, result)

    def _walk(self, reporter: Reporter, stage: Stage, total: int | None) -> None:
        reporter.stage(stage, total)
        for note in self.notes:
            reporter.note(note)
        items = self.items
        for step in range(STEPS):
            self._control.checkpoint()
            reporter.advance(items // STEPS, current=f"/photos/{stage.name.lower()}/IMG_{step:04}.JPG")
            if step == STEPS // 2:
                reporter.flush()
                for problem in self.problems if stage is Stage.MEASURE else ():
                    reporter.problem(problem)
                if stage is not Stage.SCAN:
                    self.gate.wait(30.0)
        reporter.flush()

    def _carry_out(self, reporter: Reporter, stage: Stage, state: RunState, total: int) -> RunResult:
        try:
            self._walk(reporter, stage, total)
        except Stopped:
            return RunResult("run-1", RunState.STOPPED, total, total // 2, 1000, reporter.problems, 1.5)
        return RunResult("run-1", state, total, total, 2000, reporter.problems, 2.5)


def port_to(
    engine: ScriptedEngine,
    check: Callable[[Any], dict[str, str]] = lambda _request: {},
    describe: Callable[[str, Control], str] = lambda _path, _control: "12 pictures",
) -> Port:
    """The window's port to a scripted engine."""
    return Port(lambda: engine, lambda _name, request: check(request), describe, free_space, device)
