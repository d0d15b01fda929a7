"""Carrying out a plan, or going on with one that was stopped or cut off.

The order is what makes it safe: the whole plan is in the journal before anything is touched; operations go in groups;
of each group the intents are on the disk before its first operation begins, and its outcomes are written only when
what it did is on the disk.  A group never holds two operations on the same path, so after a crash each of them can be
judged by itself.  The executor knows no rule of any job: whatever the plan says is checked, done or named as a problem.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from image_sync.apply import action_table, checks, disk, file_state, journal, recovery, settling, trust, ways
from image_sync.apply.action_table import kept_path, leaves_folder, row_of
from image_sync.apply.file_state import Kind
from image_sync.apply.folders import FolderBook, PathGuard
from image_sync.apply.journal import Journal, JournalLost
from image_sync.apply.locks import hold_roots
from image_sync.apply.records import End, Intent, Result, folder_line, intent_line
from image_sync.apply.replay import JournalReplay
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Standing, Trouble
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.events import Stage
from image_sync.base.model import Operation, Outcome, Plan, Problem, Refused, RunResult, RunState, Stopped
from image_sync.base.progress import Reporter


@dataclass(frozen=True, slots=True)
class Follower:
    """A caller that follows a run while it goes on.

    ``settled`` is called with the results of each group of operations once they are on the disk.  ``held`` says that
    the caller holds the plan's folders already (see ``locks.hold_roots``).  ``sums`` asks for the SHA-256 of what is
    copied, in those results.
    """

    settled: Callable[[Sequence[Result]], None] | None = None
    held: bool = False
    sums: bool = False


NOBODY = Follower()
GROUP = 256
"""Operations whose intents are flushed together: few enough to look at after a crash, enough to make a flush cheap."""
GROUP_BYTES = 256 << 20
"""Bytes after which a group ends early, since after a crash its copies are compared with their sources."""


def execute(
    plan: Plan,
    *,
    reporter: Reporter | None = None,
    control: Control | None = None,
    run: str = "",
    follower: Follower = NOBODY,
) -> RunResult:
    """Carry out ``plan``.  ``run`` is the id of the run; a new one is made when it is empty.

    Every operation that can't be done is a problem of the result and changes nothing; the others are done.  A stop
    leaves the operation in hand undone or done, never half.  Raises ``Refused``, before anything is touched, when the
    journal can't be written or when another run works on the same folders; ``ValueError`` for a plan that is none.
    """
    _check_plan(plan)
    if not plan.operations:
        return RunResult("", RunState.FINISHED, 0, 0, 0)
    holding = contextlib.nullcontext() if follower.held else hold_roots(plan.roots.values())
    with holding, ways.within(plan.roots.values()), journal.create(plan, run) as log:
        session = _Execution(log, dict(enumerate(plan.operations)), plan.roots, reporter, control)
        session.let_follow(follower)
        return session.carry_out()


def resume(run: str = "", *, reporter: Reporter | None = None, control: Control | None = None) -> RunResult:
    """Go on with a run that was stopped or cut off (when ``run`` is empty the newest such, else the newest of which
    something failed).

    What was done stays done, what was half done is taken back and done afresh, what failed is tried again.  Raises
    ``Refused`` when there is nothing to go on with.
    """
    chosen = run or _newest_unfinished()
    with journal.reopen(chosen) as log:
        story = journal.load(chosen)
        trust.check(chosen, story)
        if story.undo_begun:
            raise Refused(f"The run {chosen} is being undone; it can be undone to the end, not resumed.")
        recovery.check_roots(story)
        with hold_roots(story.header.roots.values()), ways.within(story.header.roots.values()):
            log.begin_again("resume")
            session = _Execution(log, story.operations, story.header.roots, reporter, control, story)
            return session.carry_out(story)


def _newest_unfinished() -> str:
    found = journal.newest(lambda run: run.state.can_be_resumed) or journal.newest(lambda run: run.can_be_resumed)
    if found is None:
        raise Refused("There is no run to resume: all that are known ended or were undone.")
    return found.run


def _check_plan(plan: Plan) -> None:
    for number, operation in enumerate(plan.operations):
        if operation.follows is not None and not 0 <= operation.follows < number:
            raise ValueError(f"operation {number} follows {operation.follows}, which does not come before it")
        row = row_of(operation)
        for needed, path in ((row.needs_source, operation.source), (row.needs_destination, operation.destination)):
            if needed and not os.path.isabs(path):
                raise ValueError(f"operation {number} has no absolute path: {path!r}")


class _Execution:
    """One run while it goes on: what it works with and how far it is."""

    def __init__(
        self,
        log: Journal,
        operations: Mapping[int, Operation],
        roots: Mapping[str, str],
        reporter: Reporter | None,
        control: Control | None,
        story: JournalReplay | None = None,
    ) -> None:
        file_state.forget_mounts()
        made = [*story.made, *_pending_folders(story)] if story else []
        self._book = FolderBook(story.folders if story else None, made)
        self._ground = PathGuard(log.run, roots.values(), self._book)
        self._log = log
        self._operations = operations
        self._total = story.header.total if story else len(operations)
        self._reporter = reporter or Reporter()
        self._tools = StepContext(self._ground, self._reporter, control or Control())
        self._follower = NOBODY
        self._done: set[int] = set()
        self._size = 0
        self._problems: list[Problem] = []
        self._began = time.monotonic()

    # --- the run as a whole ---

    def let_follow(self, follower: Follower) -> None:
        """Tell ``follower`` of results from here on."""
        self._follower = follower
        self._tools.sums = {} if follower.sums else None

    def carry_out(self, story: JournalReplay | None = None) -> RunResult:
        """Do what is still to be done (all of it without a ``story``), in order, and end the journal."""
        try:
            state = self._go(story)
            self._flush_folders(self._ground.renamed.values())
            self._log.end(End(state, len(self._done), self._size, len(self._problems)))
        except JournalLost as error:
            state = RunState.INTERRUPTED
            self._report(journal_lost(error))
        finally:
            self._tools.ahead.close()
        self._reporter.flush()
        seconds = time.monotonic() - self._began
        return RunResult(self._log.run, state, self._total, len(self._done), self._size, tuple(self._problems), seconds)

    def _go(self, story: JournalReplay | None) -> RunState:
        try:
            numbers = self._settle(story) if story else list(self._operations)
            self._reporter.stage(Stage.APPLY, len(numbers), sum(self._operations[number].size for number in numbers))
            for group in self._groups(numbers):
                self._log.flush()
                self._do_group(group)
        except Stopped:
            return RunState.STOPPED
        return RunState.FINISHED

    def _settle(self, story: JournalReplay) -> list[int]:
        """Take in what an earlier process did; returns the numbers of the operations that are still to be done."""
        for problem in story.damage:
            self._report(problem)
        lost = recovery.lost_moves(story) if story.end is None else frozenset()
        for number in story.done:
            if number not in lost:
                self._count(story.results[number])
        intents = recovery.open_intents(story, self._ground)
        unclear = {intent.number for intent in intents if not self._settle_one(intent)}
        self._flush_changed()
        self._log.flush()
        return [number for number in sorted(self._operations) if number not in self._done | unclear]

    def _settle_one(self, intent: Intent) -> bool:
        """Whether it is clear now how the operation ended."""
        operation = self._operations.get(intent.number)
        if operation is None:
            return False
        try:
            result = recovery.settle(Step(operation, intent), self._tools)
        except (Trouble, OSError) as error:
            self._report(action_table.forward(operation, error))
            return False
        if result is None:
            self._log.settled((), [intent.number], settling.made_by(intent))
        else:
            self._log.settled([result])
            self._count(result)
        return True

    # --- groups ---

    def _groups(self, numbers: Iterable[int]) -> Iterator[list[Step]]:
        """Groups of operations that touch different paths; a group is made when the one before it is done.

        Nor does a group hold an operation below a path that another one leaves: a file may give way to a folder.
        """
        group: list[Step] = []
        touched: set[str] = set()
        left: set[str] = set()
        weight = 0
        for number in numbers:
            operation = self._operations[number]
            own = {path for path in (operation.source, operation.destination) if path}
            full = len(group) >= GROUP or weight >= GROUP_BYTES
            below_left = bool(left) and any(not left.isdisjoint(_above(paths.parent(path))) for path in own)
            if group and (full or below_left or not touched.isdisjoint(own)):
                yield group
                group, touched, left, weight = [], set(), set(), 0
            group.append(self._announce(number, operation))
            touched |= own
            if row_of(operation).leaves:
                left.add(operation.source)
            weight += operation.size if row_of(operation).writes else 0
        if group:
            yield group

    def _announce(self, number: int, operation: Operation) -> Step:
        """Note what an operation is about to change, and tell the journal."""
        kept = kept_path(operation)
        version = self._ground.version_of(operation, kept) if kept else ""
        there, here = file_state.glance(operation.source), file_state.glance(operation.destination)
        if there and (there.kind is Kind.FOLDER) != leaves_folder(operation):
            there = None  # not what the operation is about: it will not be done
        intent = Intent(
            number,
            version,
            file_state.mark(there) if there else None,
            file_state.mark(here) if here else None,
            here is not None,
            tuple(self._note_folders(operation, version)),
            row_of(operation).notes(operation),
        )
        self._log.add(intent_line(intent))
        return Step(operation, intent)

    def _note_folders(self, operation: Operation, version: str) -> list[str]:
        """Note the folders that will change; returns those that will have to be made, the outermost last."""
        missing: list[str] = []
        if row_of(operation).leaves:
            self._note(paths.parent(operation.source))
        if leaves_folder(operation):
            self._note(operation.source)
        elif row_of(operation).on_folders:
            missing += self._note(operation.destination)
        elif operation.destination and not row_of(operation).permits:
            missing += self._note(paths.parent(operation.destination))
        if version:
            missing += self._note(paths.parent(version))
        return missing

    def _note(self, folder: str) -> list[str]:
        states, missing = self._book.note(folder)
        for state in states:
            if self._ground.is_reached(state.path):
                self._log.add(folder_line(state))
        return missing

    def _do_group(self, group: list[Step]) -> None:
        """Do a group whose intents are on the disk; its outcomes are written whatever ends it."""
        self._ground.forget()
        results: list[Result] = []
        try:
            ahead = [step for step in group if row_of(step.operation).made_ahead]
            self._tools.ahead.begin(ahead, self._tools, self._done)
            kept = [step for step in group if row_of(step.operation).kept_ahead]
            self._tools.keeping.begin(kept, self._tools, self._done)
            for step in group:
                self._tools.checkpoint()
                results.append(self._do(step))
                self._count(results[-1])
        except Stopped:
            self._tools.drop()
            self._log.settled((), [step.intent.number for step in group[len(results) :]])
            raise
        finally:
            self._tools.drop()
            self._flush_changed()
            self._log.settled(results)
            self._log.write()
            if self._follower.settled and results:
                self._follower.settled(results)

    def _do(self, step: Step) -> Result:
        operation, tools = step.operation, self._tools
        tools.begin(action_table.about(operation), operation.size)
        try:
            result = self._try(step)
        except BaseException:
            self._ground.take_back()
            raise
        tools.finish()
        if result.problem:
            self._ground.take_back()
            self._report(result.problem)
        return result

    def _try(self, step: Step) -> Result:
        operation, number = step.operation, step.intent.number
        if operation.follows is not None and operation.follows not in self._done:
            return Result(
                number, Outcome.SKIPPED, problem=action_table.forward(operation, self._left_behind(operation))
            )
        try:
            for path in (operation.source, operation.destination, operation.versions):
                checks.check_name(path)
            if operation.source == operation.destination and not row_of(operation).in_place:
                raise Trouble("it is there already")
            result = row_of(operation).do(step, self._tools)
            self._tools.keeping.settled(self._ground.made)
        except (Trouble, OSError) as error:
            return Result(number, Outcome.FAILED, problem=action_table.forward(operation, error))
        return replace(result, made=tuple(self._ground.made), sum=self._sum(operation, number))

    def _sum(self, operation: Operation, number: int) -> str:
        if not self._tools.sums or not operation.destination:
            return ""
        return self._tools.sums.pop(self._tools.temporary(operation.destination, number), "")

    def _left_behind(self, operation: Operation) -> Trouble:
        leader = self._operations.get(operation.follows if operation.follows is not None else -1)
        name = paths.display(action_table.about(leader)) if leader else "the file"
        return Trouble(Standing.GOES_WITH(name=name), "See the problem of that one first.")

    # --- bookkeeping ---

    def _flush_changed(self) -> None:
        self._flush_folders(self._ground.changed)
        self._ground.changed.clear()

    def _flush_folders(self, folders: Iterable[str]) -> None:
        """Have the names of what was done on the disk before the journal says so."""
        for problem in disk.flush_folders(folders):
            self._report(problem)

    def _count(self, result: Result) -> None:
        if result.outcome is Outcome.DONE:
            self._done.add(result.number)
            operation = self._operations.get(result.number)
            self._size += operation.size if operation else 0

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)
        self._reporter.problem(problem)


@lru_cache(maxsize=1024)
def _above(folder: str) -> frozenset[str]:
    """``folder`` and all folders around it."""
    above = paths.parent(folder)
    return frozenset({folder}) if above == folder else _above(above) | {folder}


def _pending_folders(story: JournalReplay) -> Iterator[str]:
    """Folders that an operation may have made before its process ended."""
    for intent in story.intents.values():
        yield from settling.made_by(intent)


def journal_lost(error: JournalLost) -> Problem:
    """Problem of a journal that could no longer be written."""
    return Problem(
        journal.runs_folder(),
        "the run was ended early",
        Standing.NO_JOURNAL(why=str(error)),
        "Make room for it, then resume or undo the run.",
    )
