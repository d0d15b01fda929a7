"""Taking a run back: last operation first, each step checked as if it were planned today.

A file goes back only when it is still what the run left and when its old place is free; a copy or a link goes only
when the original still stands with the same content.  Whatever has changed since stays where it is and is named as a
problem.  Each step recognises that it was done before, so an undo that was cut off is simply asked for again.  At the
end the folders that the run made are gone, those that it removed are back, and all have their times and modes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator

from image_sync.apply import (
    action_table,
    disk,
    executor,
    file_ops,
    file_state,
    journal,
    recovery,
    settling,
    trust,
    ways,
)
from image_sync.apply.action_table import kept_path, leaves_folder, row_of
from image_sync.apply.actions import moving
from image_sync.apply.folders import FolderBook, PathGuard, prune_versions
from image_sync.apply.journal import Journal, JournalLost
from image_sync.apply.locks import hold_roots
from image_sync.apply.records import End, FolderState, Intent, Result, undone_line
from image_sync.apply.replay import JournalReplay
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.errors import explained
from image_sync.base.events import Stage
from image_sync.base.model import Problem, Refused, RunResult, RunState, Stopped
from image_sync.base.progress import Reporter

_STAYS = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""Errors of a folder that is gone already, or that holds or has become what is not the run's: it is left as it is."""


def undo(run: str = "", *, reporter: Reporter | None = None, control: Control | None = None) -> RunResult:
    """Take back ``run``, or the newest one that can be undone when it is empty.

    ``total`` of the result is what there was to undo, ``done`` what was undone.  A run that was undone before gives a
    result of nothing.  Raises ``Refused`` when there is no such run, when it is still going on, or when its journal
    can't be written.
    """
    chosen = run or _newest_undoable()
    if journal.find(chosen).state is RunState.UNDONE:
        return RunResult(chosen, RunState.UNDONE, 0, 0, 0)
    with journal.reopen(chosen) as log:
        story = journal.load(chosen)
        trust.check(chosen, story, undoing=True)
        recovery.check_roots(story)
        with hold_roots(story.header.roots.values()), ways.within(story.header.roots.values()):
            log.begin_again("undo")
            return _Undoing(log, story, reporter or Reporter(), control or Control()).carry_out()


def _newest_undoable() -> str:
    found = journal.newest(lambda run: run.can_be_undone)
    if found is None:
        raise Refused("There is no run to undo: none is known, or all were undone.")
    return found.run


class _Undoing:
    """One undo while it goes on."""

    def __init__(self, log: Journal, story: JournalReplay, reporter: Reporter, control: Control) -> None:
        file_state.forget_mounts()
        self._log = log
        self._story = story
        self._reporter = reporter
        self._cut_off = story.end is None and story.undo_begun
        self._book = FolderBook(story.folders, story.made)
        self._ground = PathGuard(log.run, story.header.roots.values(), self._book)
        self._tools = StepContext(self._ground, reporter, control, mark="u", back=dict(story.back))
        self._began = time.monotonic()
        self._problems: list[Problem] = []
        self._undone: list[int] = []
        self._unwritten: list[int] = []
        self._touched: set[str] = set()
        self._remade: set[str] = set()
        self._waiting: set[str] = set()
        self._total = 0
        self._size = 0

    # --- the undo as a whole ---

    def carry_out(self) -> RunResult:
        """Undo what can be undone, and end the journal."""
        try:
            state = self._go()
            story = self._story
            size = sum(story.operations[number].size for number in story.done if number in story.operations)
            self._log.end(End(state, len(story.done), size, len(self._problems)))
        except JournalLost as error:
            state = RunState.PARTLY_UNDONE
            self._report(executor.journal_lost(error))
        self._reporter.flush()
        seconds = time.monotonic() - self._began
        problems = tuple(self._problems)
        return RunResult(self._log.run, state, self._total, len(self._undone), self._size, problems, seconds)

    def _go(self) -> RunState:
        for problem in self._story.damage:
            self._report(problem)
        try:
            unclear = self._settle()
            numbers = [number for number in reversed(self._story.done) if number not in self._story.undone]
            self._begin_stage(numbers, unclear)
            try:
                for number in reversed(self._story.done) if self._cut_off else numbers:
                    self._tools.checkpoint()
                    if number not in self._story.undone:
                        self._undo_one(number)
                    elif self._is_lost(number):
                        self._total += 1
                        self._undo_one(number)
            finally:
                self._write_undone()
                self._flush_folders(self._ground.renamed.values())
        except Stopped:
            return RunState.PARTLY_UNDONE
        self._bring_folders_back()
        return RunState.UNDONE if len(self._undone) == self._total else RunState.PARTLY_UNDONE

    def _begin_stage(self, numbers: list[int], unclear: int) -> None:
        self._total = len(numbers) + unclear
        sizes = [self._story.operations[number].size for number in numbers if number in self._story.operations]
        self._reporter.stage(Stage.UNDO, len(numbers), sum(sizes))

    def _settle(self) -> int:
        """Find out how the last operations ended; returns of how many that can't be told."""
        story = self._story
        tools = StepContext(self._ground, self._reporter, self._tools.control)
        unclear = 0
        for intent in recovery.open_intents(story, self._ground):
            operation = story.operations.get(intent.number)
            if operation is None:
                continue  # the damage was reported
            try:
                self._settled(intent, recovery.settle(Step(operation, intent), tools))
            except (Trouble, OSError) as error:
                self._report(action_table.back(operation, error))
                unclear += 1
        self._flush_changed()
        self._log.flush()
        return unclear

    def _settled(self, intent: Intent, result: Result | None) -> None:
        made = settling.made_by(intent)
        self._book.made.update(made)
        if result is None:
            self._log.settled((), [intent.number], made)
        else:
            self._log.settled([result])
            self._story.results[intent.number] = result

    # --- one operation ---

    def _undo_one(self, number: int) -> None:
        operation, result = self._story.operations.get(number), self._story.results[number]
        if operation is None:
            self._report(_lost(number))
            return
        own = {path for path in (operation.source, operation.destination, result.version) if path}
        if len(self._unwritten) >= executor.GROUP or not self._touched.isdisjoint(own):
            self._write_undone()
        self._touched |= own
        self._tools.begin(action_table.about(operation), operation.size)
        try:
            if operation.destination in self._waiting:
                raise Trouble("what was done to it later could not be undone yet", "Undo the run once more.")
            if not result.already:
                row_of(operation).take_back(operation, result, self._tools)
        except (Trouble, OSError) as error:
            self._report(action_table.back(operation, error))
            if isinstance(error, OSError) or operation.destination in self._waiting:
                self._waiting |= own  # what brought these files about stays until the system lets this be undone
        else:
            self._undone.append(number)
            self._unwritten.append(number)
            self._size += operation.size
        self._remade.update(folder for folder in self._ground.made if folder in self._book.before)
        self._tools.finish()

    def _write_undone(self) -> None:
        """Tell the journal what was undone, once that is on the disk: so each step that it does not know stands alone,
        and can be recognised if it was done."""
        self._flush_changed()
        self._ground.forget()
        if self._unwritten:
            fresh = {path: mark for path, mark in self._tools.back.items() if self._story.back.get(path) != mark}
            self._story.back.update(fresh)
            self._log.add(undone_line(self._unwritten, fresh))
            self._log.flush()
        self._unwritten = []
        self._touched = set()

    def _flush_changed(self) -> None:
        self._flush_folders(self._ground.changed)
        self._ground.changed.clear()

    def _flush_folders(self, folders: Iterable[str]) -> None:
        for problem in disk.flush_folders(folders):
            self._report(problem)

    def _is_lost(self, number: int) -> bool:
        """Whether a move back that an undo told the journal of was taken back by a power cut."""
        operation = self._story.operations.get(number)
        if operation is None or not row_of(operation).renames:
            return False
        return moving.is_moved_again(operation, self._story.results[number])

    # --- folders ---

    def _bring_folders_back(self) -> None:
        removed: set[str] = set()
        for folder in sorted(self._book.made - self._book.before.keys(), key=len, reverse=True):
            try:
                file_ops.remove_folder(folder)
                removed.add(folder)
            except OSError as error:
                if error.errno not in _STAYS:
                    self._report(Problem(folder, "the folder that the run made was not removed", *explained(error)))
        removed.update(prune_versions(self._version_folders(), self._log.run))
        self._flush_folders({paths.parent(folder) for folder in removed} - removed)
        remade = self._remade | self._once_removed()
        for state in sorted(self._book.before.values(), key=lambda state: len(state.path), reverse=True):
            try:
                _restore_folder(state, remade=state.path in remade)
            except OSError as error:
                self._report(Problem(state.path, "the folder's time was not set back", *explained(error)))

    def _version_folders(self) -> Iterator[str]:
        for operation in self._story.operations.values():
            kept = kept_path(operation)
            if kept and (base := self._ground.versions_base(operation, kept)):
                yield base

    def _once_removed(self) -> set[str]:
        """Folders that the run removed and that this or an earlier undo made again."""
        numbers = self._story.undone | set(self._undone)
        operations = (self._story.operations.get(number) for number in numbers)
        return {found.source for found in operations if found and leaves_folder(found)}

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)
        self._reporter.problem(problem)


def _restore_folder(state: FolderState, remade: bool) -> None:
    """Bring back owner and permissions of a folder that was made again, and the times of any."""
    with contextlib.suppress(FileNotFoundError), ways.place(state.path) as (name, at):
        follow = at is None  # a chosen folder, or one around it, may be reached through a link
        status = os.stat(name, dir_fd=at, follow_symlinks=follow)
        if not stat.S_ISDIR(status.st_mode):
            return
        if remade:
            if hasattr(os, "chown") and (status.st_uid, status.st_gid) != state.owner:
                with contextlib.suppress(OSError):
                    os.chown(name, *state.owner, dir_fd=at, follow_symlinks=follow)
            os.chmod(name, state.mode, dir_fd=at)
        if status.st_mtime_ns != state.mtime_ns:
            os.utime(name, ns=(status.st_atime_ns, state.mtime_ns), dir_fd=at, follow_symlinks=follow)


def _lost(number: int) -> Problem:
    return Problem("", f"operation {number + 1} was not undone", "the journal no longer says what it was")
