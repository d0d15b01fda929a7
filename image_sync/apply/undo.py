"""Taking a run back: last operation first, each step checked as if it were planned today.

A file goes back only when it is still what the run left and when its old place is free; a copy or a link goes only
when the original still stands with the same content.  Whatever has changed since stays where it is and is named as a
problem.  Each step recognises that it was done before, so an undo that was cut off is simply asked for again.  At the
end the folders that the run made are gone, those that it removed are back, and all have their times and modes.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator

from image_sync.apply import actions, disk, executor, file_ops, file_state, journal, recovery, words
from image_sync.apply.actions import KEEPING, Step, StepContext
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.folders import FolderBook, PathGuard, prune_versions
from image_sync.apply.journal import Journal, JournalLost, JournalReplay
from image_sync.apply.locks import hold_roots
from image_sync.apply.records import End, FolderState, Intent, Mark, Result
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import Action, Operation, Problem, Refused, RunResult, RunState, Stage, Stopped
from image_sync.base.progress import Reporter

_UNDOABLE = frozenset({RunState.FINISHED, RunState.STOPPED, RunState.INTERRUPTED, RunState.PARTLY_UNDONE})
_CHANGED = ("it changed since the run put it there", "It stays; move it yourself if you don't need it there.")


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
        journal.check_roots(story)
        with hold_roots(story.header.roots.values()):
            log.begin_again("undo")
            return _Undoing(log, story, reporter or Reporter(), control or Control()).carry_out()


def _newest_undoable() -> str:
    found = journal.newest(_UNDOABLE)
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
        self._tools = StepContext(self._ground, reporter, control, mark="u")
        self._began = time.monotonic()
        self._problems: list[Problem] = []
        self._undone: list[int] = []
        self._unwritten: list[int] = []
        self._touched: set[str] = set()
        self._remade: set[str] = set()
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
        intents = dict(story.intents)
        if story.damage:
            intents.update(executor.assumed_intents(story, self._ground))
        unclear = 0
        for intent in intents.values():
            operation = story.operations.get(intent.number)
            if operation is None:
                continue  # the damage was reported
            try:
                self._settled(intent, recovery.settle(Step(operation, intent), tools))
            except (Trouble, OSError) as error:
                self._report(words.back(operation, error))
                unclear += 1
        self._log.flush()
        return unclear

    def _settled(self, intent: Intent, result: Result | None) -> None:
        made = recovery.made_by(intent)
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
        self._tools.begin(words.about(operation), operation.size)
        try:
            self._take_back(operation, result)
        except (Trouble, OSError) as error:
            self._report(words.back(operation, error))
        else:
            self._undone.append(number)
            self._unwritten.append(number)
            self._size += operation.size
        self._remade.update(folder for folder in self._ground.made if folder in self._book.before)
        self._tools.finish()

    def _write_undone(self) -> None:
        """Tell the journal what was undone, once that is on the disk: so each step that it does not know stands alone,
        and can be recognised if it was done."""
        self._flush_folders(self._ground.changed)
        self._ground.changed.clear()
        self._ground.forget()
        if self._unwritten:
            self._log.add({"is": "undone", "n": self._unwritten})
            self._log.flush()
        self._unwritten = []
        self._touched = set()

    def _flush_folders(self, folders: Iterable[str]) -> None:
        for problem in disk.flush_folders(folders):
            self._report(problem)

    def _is_lost(self, number: int) -> bool:
        """Whether a move back that an undo told the journal of was taken back by a power cut."""
        operation, result = self._story.operations.get(number), self._story.results[number]
        if operation is None or operation.action not in (Action.MOVE, Action.SET_ASIDE):
            return False
        target, left = (result.version, result.kept) if result.version else (operation.destination, result.left)
        here = file_state.glance(target)
        stands = here is not None and left is not None and file_state.fits(here, left)
        return stands and file_state.glance(operation.source) is None

    def _take_back(self, operation: Operation, result: Result) -> None:
        if result.already or operation.action is Action.MAKE_FOLDER:
            return  # folders that the run made go at the end, when they are empty
        if operation.action is Action.MOVE:
            self._move_back(operation, result.number, operation.destination, _known(result.left))
        elif operation.action is Action.SET_ASIDE:
            self._move_back(operation, result.number, result.version, _known(result.kept))
        elif operation.action is Action.LINK:
            self._remove_link(operation)
        elif operation.action is Action.REMOVE_FOLDER:
            self._ground.make_way(operation.source)
            self._remade.add(operation.source)
        elif result.version:
            self._restore_version(operation, result)
        elif operation.action is Action.CONVERT:
            self._remove_made(operation, _known(result.left))
        else:
            self._remove_copy(operation, _known(result.left))

    def _move_back(self, operation: Operation, number: int, target: str, left: Mark) -> None:
        source = operation.source
        file_ops.remove_quietly(self._tools.temporary(source, number))
        here, there = file_state.look(target), self._old_place(source)
        if here is None:
            if there is None or not _is_back(there, left):
                raise Trouble("it is no longer where the run put it", "It was moved or deleted since.", target)
            return
        if there is not None and there.identity == here.identity and file_state.is_one_entry(source, target):
            if paths.name(source) not in os.listdir(paths.parent(source)):
                file_ops.respell(target, source)
            return
        self._check_left(target, here, left)
        if there is None:
            actions.relocate(target, source, number, here, self._tools)
            _set_exact_time(operation, here)
        else:
            self._drop_second(source, target, there, here)

    def _drop_second(self, source: str, target: str, there: Seen, here: Seen) -> None:
        """Both stand: an undo was cut off between publishing the old place and removing the new one, or it is taken."""
        second_name = there.identity == here.identity and here.links > 1
        copied = (
            there.kind in file_state.LEAVES
            and there.identity != here.identity
            and _is_back(there, file_state.mark(here))
        )
        if not second_name and not (copied and file_ops.same_bytes(source, target, self._tools.checkpoint)):
            raise Trouble("its old place is taken", "Move away what stands there, then undo again.", source)
        file_ops.remove(target)
        self._ground.changed.add(paths.parent(target))

    def _remove_copy(self, operation: Operation, left: Mark) -> None:
        target = operation.destination
        here = file_state.look(target)
        if here is None:
            return
        self._check_left(target, here, left)
        self._check_original(operation, target)
        file_ops.remove(target)
        self._ground.changed.add(paths.parent(target))

    def _remove_made(self, operation: Operation, left: Mark) -> None:
        """What was made goes when it is still just that, and what it was made of stands in its place."""
        target = operation.destination
        here, there = file_state.look(target), file_state.look(operation.source)
        if here is None:
            return
        self._check_left(target, here, left)
        if left.digest and not file_ops.has_digest(target, left.digest, self._tools.checkpoint):
            raise Trouble(*_CHANGED, target)
        if there is None or there.kind is not Kind.FILE:
            why = "the original is no longer there"
            raise Trouble(why, "What the run made of it stays, so that nothing is lost.", operation.source)
        file_ops.remove(target)
        self._ground.changed.add(paths.parent(target))

    def _remove_link(self, operation: Operation) -> None:
        here, there = file_state.look(operation.destination), file_state.look(operation.source)
        if here is None:
            return
        if there is None or there.identity != here.identity or here.links < 2:
            raise Trouble("it is no longer a second name of the original", "It stays, so that nothing is lost.")
        file_ops.remove(operation.destination)
        self._ground.changed.add(paths.parent(operation.destination))

    def _restore_version(self, operation: Operation, result: Result) -> None:
        target, version = operation.destination, result.version
        file_ops.remove_quietly(self._tools.temporary(target, result.number))
        old, here = file_state.look(version), file_state.look(target)
        kept = _known(result.kept)
        if old is None:
            if here is None or not _is_back(here, kept):
                raise Trouble("it is no longer kept", "It was moved or deleted since.", version)
            return
        if not file_state.fits(old, kept):
            raise Trouble("it changed since it was kept", "Compare the two files yourself.", version)
        if here is None:
            actions.relocate(version, target, result.number, old, self._tools)
            return
        self._check_left(target, here, _known(result.left))
        if operation.action is Action.UPDATE:
            self._check_original(operation, target)
        elif (
            operation.action is Action.REPLACE_WITH_LINK
            and here.links < 2
            and not file_ops.same_bytes(target, version, self._tools.checkpoint)
        ):
            raise Trouble(*_CHANGED, target)
        self._ground.check_way(paths.parent(target))
        self._replace_by_version(version, target, result.number, old)

    def _replace_by_version(self, version: str, target: str, number: int, old: Seen) -> None:
        if old.device == os.lstat(paths.parent(target)).st_dev:
            file_ops.replace(version, target)
        else:
            temporary, _ = actions.copy_beside(version, target, number, old, None, self._tools)
            file_ops.replace(temporary, target)
            disk.flush_folder(paths.parent(target))
            file_ops.remove(version)
        self._ground.changed.update((paths.parent(version), paths.parent(target)))

    # --- looking once more ---

    def _old_place(self, source: str) -> Seen | None:
        """What stands at the old place; a folder that the run made there goes when it is empty."""
        there = file_state.look(source)
        if there is None or there.kind is not Kind.FOLDER:
            return there
        inside = [folder for folder in self._book.made if paths.is_inside(folder, source)]
        for folder in sorted(inside, key=len, reverse=True):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        self._ground.forget()
        return file_state.look(source)

    def _check_left(self, target: str, here: Seen, left: Mark) -> None:
        """Raise ``Trouble`` unless the file is what the run left: by its mark, or by its digest where that is known
        and only the inode is another (a backup was played back)."""
        if file_state.fits(here, left):
            return
        alike = here.kind in file_state.LEAVES and (here.size, here.mtime_ns) == (left.size, left.mtime_ns)
        if not (alike and left.digest and file_ops.has_digest(target, left.digest, self._tools.checkpoint)):
            raise Trouble(*_CHANGED, target)

    def _check_original(self, operation: Operation, target: str) -> None:
        """Raise ``Trouble`` unless the source still holds what would be removed or replaced at ``target``."""
        there = file_state.look(operation.source)
        if there is not None and there.kind in file_state.LEAVES:
            if file_ops.same_bytes(operation.source, target, self._tools.checkpoint):
                return
            why = "the original has another content now"
        else:
            why = "the original is no longer there"
        raise Trouble(why, "What the run put here stays, so that nothing is lost.", operation.source)

    # --- folders ---

    def _bring_folders_back(self) -> None:
        for folder in sorted(self._book.made - self._book.before.keys(), key=len, reverse=True):
            with contextlib.suppress(OSError):
                os.rmdir(folder)  # not when something is in it: that is not the run's
        prune_versions(self._version_folders(), self._log.run)
        remade = self._remade | self._once_removed()
        for state in sorted(self._book.before.values(), key=lambda state: len(state.path), reverse=True):
            try:
                _restore_folder(state, remade=state.path in remade)
            except OSError as error:
                self._report(Problem(state.path, "the folder's time was not set back", *words.reason(error)))

    def _version_folders(self) -> Iterator[str]:
        for operation in self._story.operations.values():
            if operation.action in KEEPING:
                base = self._ground.versions_base(operation, words.about(operation))
                if base:
                    yield base

    def _once_removed(self) -> set[str]:
        """Folders that the run removed and that this or an earlier undo made again."""
        numbers = self._story.undone | set(self._undone)
        operations = (self._story.operations.get(number) for number in numbers)
        return {found.source for found in operations if found and found.action is Action.REMOVE_FOLDER}

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)
        self._reporter.problem(problem)


def _known(mark: Mark | None) -> Mark:
    if mark is None:
        raise Trouble("the journal does not say how it was left", "Look at the two places yourself.")
    return mark


def _is_back(now: Seen, left: Mark) -> bool:
    """Whether a file at its old place is the one that the run had moved (its inode may be another by now)."""
    coarse = not file_state.keeps_inodes(now.device) or not left.inode
    near = abs(now.mtime_ns - left.mtime_ns) <= (file_state.COARSEST_NS if coarse else 0)
    return now.kind in file_state.LEAVES and now.size == left.size and near


def _set_exact_time(operation: Operation, here: Seen) -> None:
    """Give back the part of the time that a coarser file system had rounded off meanwhile."""
    planned = operation.expected
    if planned and here.kind is Kind.FILE and 0 < abs(planned.mtime_ns - here.mtime_ns) <= file_state.COARSEST_NS:
        accessed = os.lstat(operation.source).st_atime_ns
        os.utime(operation.source, ns=(accessed, planned.mtime_ns))


def _restore_folder(state: FolderState, remade: bool) -> None:
    now = file_state.glance(state.path)
    if now is None:
        return
    if remade:
        if hasattr(os, "chown") and now.owner != state.owner:
            with contextlib.suppress(OSError):
                os.chown(state.path, *state.owner)
        os.chmod(state.path, state.mode)
    status = os.stat(state.path)
    if status.st_mtime_ns != state.mtime_ns:
        os.utime(state.path, ns=(status.st_atime_ns, state.mtime_ns))


def _lost(number: int) -> Problem:
    return Problem("", f"operation {number + 1} was not undone", "the journal no longer says what it was")
