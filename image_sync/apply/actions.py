"""How each action is carried out: look once more, prepare beside it, publish in one step.

Every function here leaves the files either as they were or as the operation wants them, also when it is stopped or
fails; what a crash in the middle of it may leave behind is what ``recovery`` knows to clear up.  No function knows why
an operation was planned.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field

from image_sync.apply import checks, disk, file_ops, file_state, makers, words
from image_sync.apply.backup_copies import BackupCopies
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.folders import PathGuard
from image_sync.apply.prefetch import Prefetch
from image_sync.apply.records import Intent, Mark, Result
from image_sync.apply.words import SCAN_AGAIN, Trouble
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import Action, Operation, Outcome
from image_sync.base.progress import Reporter

KEEPING = frozenset({Action.UPDATE, Action.REPLACE_WITH_LINK, Action.SET_ASIDE, Action.REWRITE})
"""Actions that keep an earlier file in the versions."""


@dataclass(slots=True)
class StepContext:
    """What every operation works with: whom to tell and to ask, the ground, and which disks were found full.

    ``sums`` takes the SHA-256 of what is copied, by temporary name, where somebody wants to know them.
    """

    ground: PathGuard
    reporter: Reporter
    control: Control
    mark: str = ""
    current: str = ""
    untold: int = 0
    full: set[int] = field(default_factory=set)
    ahead: Prefetch = field(default_factory=Prefetch)
    keeping: BackupCopies = field(default_factory=BackupCopies)
    sums: dict[str, str] | None = None

    def checkpoint(self) -> None:
        """Pause here, or raise ``Stopped``."""
        self.control.checkpoint()

    def begin(self, path: str, size: int) -> None:
        """The work on ``path`` begins, of ``size`` bytes."""
        self.current, self.untold = path, size
        self.ground.made = []

    def moved(self, size: int) -> None:
        """Tell of ``size`` more bytes."""
        told = min(size, self.untold)
        self.untold -= told
        self.reporter.advance(0, told, self.current)

    def finish(self) -> None:
        """The work on it ended: one item more, with the bytes that were not told yet."""
        self.reporter.advance(1, self.untold, self.current)
        self.untold = 0

    def prepare(self, steps: Sequence[Step], done: Container[int]) -> None:
        """Begin of a group what can be made before its turn."""
        self.ahead.begin(steps, self, done)
        self.keeping.begin(steps, self, done)

    def drop(self) -> None:
        """Throw away what was made before a turn that did not come."""
        self.ahead.drop()
        self.keeping.drop(self.ground)

    def temporary(self, target: str, number: int) -> str:
        """The temporary name for ``target`` beside it."""
        return file_ops.temporary(paths.parent(target), self.ground.run, number, self.mark)


@dataclass(frozen=True, slots=True)
class Step:
    """An operation and what was noted before it."""

    operation: Operation
    intent: Intent


def perform(step: Step, tools: StepContext) -> Result:
    """Carry out one operation.  Raises ``Trouble`` or ``OSError`` when it can't be done, ``Stopped`` when asked to."""
    act = _ACTIONS.get(step.operation.action)
    if act is None:
        raise Trouble("this part of the program does not know how to do that")
    return act(step, tools)


def _expected_digest(operation: Operation) -> str | None:
    return operation.expected.digest if operation.expected else None


def _done(step: Step, left: Mark | None = None, kept: Mark | None = None, already: bool = False) -> Result:
    return Result(step.intent.number, Outcome.DONE, left, step.intent.version if kept else "", kept, already=already)


# --- one function for each action ---------------------------------------------------------------


def _move(step: Step, tools: StepContext) -> Result:
    operation = step.operation
    now = checks.check_source(operation, tools)
    return _done(step, left=relocate(operation.source, operation.destination, step.intent.number, now, tools))


def _set_aside(step: Step, tools: StepContext) -> Result:
    version = _version(step)
    now = checks.check_source(step.operation, tools)
    return _done(step, kept=relocate(step.operation.source, version, step.intent.number, now, tools))


def relocate(source: str, target: str, number: int, now: Seen, tools: StepContext) -> Mark:
    """Move a file that was just looked at to a free place, on whatever file system that is.  Returns its mark."""
    standing = file_state.look(target)
    respelled = standing is not None and standing.identity == now.identity and file_state.is_one_entry(source, target)
    if standing is not None and not respelled:
        checks.check_free(target)
    tools.ground.make_way(paths.parent(target))
    try:
        (file_ops.respell if respelled else file_ops.rename)(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return _relocate_by_copy(source, target, number, now, tools)
    tools.ground.renamed[now.device] = paths.parent(target)
    return file_state.mark(now)


def _relocate_by_copy(source: str, target: str, number: int, now: Seen, tools: StepContext) -> Mark:
    """To another file system: the source goes only after the verified copy stands under its name on the disk."""
    if not os.access(paths.parent(source), os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), paths.parent(source))
    left = _publish_copy(source, target, number, now, None, tools)
    try:
        disk.flush_folder(paths.parent(target))
        again = file_state.look(source)
        if again is None or not file_state.is_untouched(again, now):
            raise Trouble("it changed while it was copied", SCAN_AGAIN)
        file_ops.remove(source)
    except BaseException:
        if os.path.lexists(source):
            file_ops.remove_quietly(target)
        raise
    tools.ground.changed.add(paths.parent(source))
    return left


def _copy(step: Step, tools: StepContext) -> Result:
    operation = step.operation
    now = checks.check_source(operation, tools)
    checks.check_free(operation.destination)
    digest = _expected_digest(operation)
    return _done(
        step, left=_publish_copy(operation.source, operation.destination, step.intent.number, now, digest, tools)
    )


def _publish_copy(source: str, target: str, number: int, now: Seen, digest: str | None, tools: StepContext) -> Mark:
    tools.ground.make_way(paths.parent(target))
    temporary, left = copy_beside(source, target, number, now, digest, tools)
    try:
        file_ops.rename(temporary, target)
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise
    tools.ground.changed.add(paths.parent(target))
    return left


def copy_beside(
    source: str, target: str, number: int, now: Seen, digest: str | None, tools: StepContext
) -> tuple[str, Mark]:
    """A verified copy under a temporary name in the target's folder; returns that name and the copy's mark."""
    folder, temporary = paths.parent(target), tools.temporary(target, number)
    _check_room(folder, now.size, tools)
    try:
        known = _copied(source, temporary, number, now, digest, tools)
    except OSError as error:
        if words.is_full(error):
            tools.full.add(os.stat(folder).st_dev)
        raise
    again, written = file_state.glance(source), file_state.glance(temporary)
    if again is None or not file_state.is_untouched(again, now):
        file_ops.remove_quietly(temporary)
        raise Trouble("it changed while it was copied", SCAN_AGAIN, source)
    if written is None:
        raise Trouble("the copy vanished before it was finished", "Does another program clear up that folder?")
    return temporary, file_state.mark(written, known)


def _copied(source: str, temporary: str, number: int, now: Seen, digest: str | None, tools: StepContext) -> str | None:
    """Write the copy, or take it where it was made ahead; returns its digest where known."""
    if now.kind is Kind.LINK:
        file_ops.copy_link(source, temporary, before=now)
        return None
    try:
        ready = tools.ahead.take(number, temporary, now)
        if ready:
            return ready.result()
        return file_ops.copy(source, temporary, tools, before=now, digest=digest, sums=tools.sums)
    except OSError as error:
        if not words.is_full(error) or not tools.ahead.drop():
            raise
    # those made ahead had taken the room
    return file_ops.copy(source, temporary, tools, before=now, digest=digest, sums=tools.sums)


def _check_room(folder: str, size: int, tools: StepContext) -> None:
    """On a disk that was found full, don't begin what can't fit."""
    if not tools.full or os.stat(folder).st_dev not in tools.full:
        return
    free = disk.room(folder)
    if free is not None and free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _link(step: Step, tools: StepContext) -> Result:
    operation = step.operation
    now = checks.check_source(operation, tools)
    checks.check_free(operation.destination)
    tools.ground.make_way(paths.parent(operation.destination))
    _hard_link(operation.source, operation.destination)
    tools.ground.changed.add(paths.parent(operation.destination))
    return _done(step, left=file_state.mark(now))


def _hard_link(source: str, target: str) -> None:
    try:
        file_ops.link(source, target)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise Trouble(
                "a hard link can't reach another disk", "Choose copy or move, or a folder on the same disk."
            ) from error
        if error.errno in file_ops.NO_LINKS - {errno.EACCES, errno.EMLINK}:
            raise Trouble("that disk allows no hard link here", "Choose copy or move instead.") from error
        raise


def _update(step: Step, tools: StepContext) -> Result:
    operation, number = step.operation, step.intent.number
    if operation.replaces is None:
        return _copy(step, tools)
    version = _version(step)
    now = checks.check_source(operation, tools)
    tools.ground.check_way(paths.parent(operation.destination))
    old = checks.check_replaced(operation, operation.replaces)
    digest = _expected_digest(operation)
    with _kept(operation.destination, version, old, step, tools) as kept:
        temporary, left = copy_beside(operation.source, operation.destination, number, now, digest, tools)
        _replace(temporary, operation.destination, old, version, tools)
    return _done(step, left, kept)


def _replace_with_link(step: Step, tools: StepContext) -> Result:
    operation, number = step.operation, step.intent.number
    version = _version(step)
    now = checks.check_source(operation, tools)
    tools.ground.check_way(paths.parent(operation.destination))
    old = checks.check_replaced(operation, operation.replaces)
    if old.identity == now.identity:
        return _done(step, left=file_state.mark(old), already=True)
    if not file_ops.same_bytes(operation.source, operation.destination, tools.checkpoint):
        raise Trouble("the two files no longer have the same content", SCAN_AGAIN)
    temporary = tools.temporary(operation.destination, number)
    _hard_link(operation.source, temporary)
    try:
        again = file_state.look(temporary)
        if again is None or not file_state.is_untouched(again, now):
            raise Trouble("it changed while it was compared", SCAN_AGAIN, operation.source)
        with _kept(operation.destination, version, old, step, tools) as kept:
            _replace(temporary, operation.destination, old, version, tools)
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise
    return _done(step, file_state.mark(now), kept)


def _convert(step: Step, tools: StepContext) -> Result:
    operation = step.operation
    now = checks.check_source(operation, tools)
    target = operation.destination
    checks.check_free(target)
    tools.ground.make_way(paths.parent(target))
    temporary, left = _make_beside(step, now, tools)
    try:
        file_ops.rename(temporary, target)
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise
    tools.ground.changed.add(paths.parent(target))
    return _done(step, left)


def _rewrite(step: Step, tools: StepContext) -> Result:
    operation = step.operation
    version = _version(step)
    now = checks.check_source(operation, tools)
    old = checks.check_replaced(operation, operation.replaces)
    if old.identity != now.identity:
        raise Trouble("only a file's own content can be rewritten")
    with _kept(operation.destination, version, old, step, tools) as kept:
        temporary, left = _make_beside(step, now, tools)
        _replace(temporary, operation.destination, old, version, tools)
    return _done(step, left, kept)


def _make_beside(step: Step, now: Seen, tools: StepContext) -> tuple[str, Mark]:
    """What is made of the source, under a temporary name in the destination's folder; that name and its mark."""
    operation = step.operation
    folder, temporary = paths.parent(operation.destination), tools.temporary(operation.destination, step.intent.number)
    _check_room(folder, now.size, tools)
    try:
        digest = file_ops.make(
            operation.source,
            temporary,
            tools,
            before=now,
            maker=lambda data: makers.made(operation.maker, data, operation.argument),
            most=makers.LARGEST,
        )
    except OSError as error:
        if words.is_full(error):
            tools.full.add(os.stat(folder).st_dev)
        raise
    written = file_state.glance(temporary)
    if written is None:
        raise Trouble("what was made vanished before it was finished", "Does another program clear up that folder?")
    return temporary, file_state.mark(written, digest)


def _version(step: Step) -> str:
    if not step.intent.version:
        raise Trouble("there is no place where the earlier file could be kept", "Choose a folder that holds it.")
    return step.intent.version


@contextlib.contextmanager
def _kept(target: str, version: str, old: Seen, step: Step, tools: StepContext) -> Iterator[Mark]:
    """Keep the file at ``target`` as ``version`` while it is replaced; take that back when it is not."""
    tools.ground.make_way(paths.parent(version))
    kept = _keep(target, version, old, step, tools)
    try:
        yield kept
    except BaseException:
        now = file_state.glance(target)
        if now is not None and now.identity == old.identity:  # else the version is the only one left of the old file
            file_ops.remove_quietly(version)
        raise


def _replace(temporary: str, target: str, old: Seen, version: str, tools: StepContext) -> None:
    """Put ``temporary`` in the place of ``target``, whose file is kept at ``version``: that is on the disk first.

    At every moment one whole file stands at ``target``.
    """
    try:
        if not tools.keeping.is_safe(version):
            disk.flush_folder(paths.parent(version))
        now = file_state.look(target)
        if now is None or not file_state.is_untouched(now, old):
            raise Trouble("it changed just now", SCAN_AGAIN, target)
        file_ops.replace(temporary, target)
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise
    tools.ground.changed.add(paths.parent(target))
    if not tools.keeping.is_safe(version):
        tools.ground.changed.add(paths.parent(version))


def _keep(target: str, version: str, old: Seen, step: Step, tools: StepContext) -> Mark:
    """A second name for the old file at ``version``; a verified copy where there are no hard links."""
    ready = tools.keeping.take(step.intent.number, old, tools.ground)
    if ready is not None:
        return file_state.mark(ready)
    try:
        if old.kind is Kind.LINK:  # not every system gives a symbolic link a second name
            return _publish_copy(target, version, step.intent.number, old, None, tools)
        file_ops.link(target, version)
    except OSError as error:
        if error.errno not in file_ops.NO_LINKS | {errno.EXDEV}:
            raise
        return _publish_copy(target, version, step.intent.number, old, None, tools)
    now = file_state.look(version)
    if now is None or not file_state.is_untouched(now, old):
        file_ops.remove_quietly(version)
        raise Trouble("it changed just now", SCAN_AGAIN, target)
    return file_state.mark(now)


def _make_folder(step: Step, tools: StepContext) -> Result:
    like, folder = step.operation.source, step.operation.destination
    tools.ground.make_way(folder)
    already = folder not in tools.ground.made
    if like and not already:
        _like(like, folder)
    tools.ground.changed.add(paths.parent(folder))
    return _done(step, already=already)


def _like(folder: str, made: str) -> None:
    """Give a folder that was just made the permissions of another one, as far as that can be done; its owner may always
    write into it, or nothing could be put there."""
    with contextlib.suppress(OSError):
        there = file_state.look(folder)
        if there is not None and there.kind is Kind.FOLDER:
            os.chmod(made, there.mode | stat.S_IRWXU)


def _remove_folder(step: Step, tools: StepContext) -> Result:
    folder = step.operation.source
    tools.ground.check_way(folder)
    os.rmdir(folder)
    tools.ground.removed(folder)
    tools.ground.changed.add(paths.parent(folder))
    return _done(step)


_ACTIONS: dict[Action, Callable[[Step, StepContext], Result]] = {
    Action.MOVE: _move,
    Action.COPY: _copy,
    Action.LINK: _link,
    Action.REPLACE_WITH_LINK: _replace_with_link,
    Action.UPDATE: _update,
    Action.SET_ASIDE: _set_aside,
    Action.MAKE_FOLDER: _make_folder,
    Action.REMOVE_FOLDER: _remove_folder,
    Action.CONVERT: _convert,
    Action.REWRITE: _rewrite,
}
