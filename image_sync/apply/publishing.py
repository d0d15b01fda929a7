"""The moves and copies that actions are made of: prepare beside the place, publish in one step.

Every function leaves the files either as they were or as the caller wants them, also when it is stopped or fails; what
a crash in the middle of it may leave behind is what settling knows to clear up.  No function knows an action, nor why
an operation was planned.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from image_sync.apply import checks, disk, file_ops, file_state, makers
from image_sync.apply.actions import unpacking
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.records import Mark
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.errors import SCAN_AGAIN, is_full
from image_sync.base.model import Operation


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
    left = publish_copy(source, target, number, now, None, tools)
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


def publish_copy(source: str, target: str, number: int, now: Seen, digest: str | None, tools: StepContext) -> Mark:
    """A verified copy at ``target``, a free place; returns its mark."""
    tools.ground.make_way(paths.parent(target))
    temporary, left = copy_beside(source, target, number, now, digest, tools)
    publish(temporary, target, tools)
    return left


def publish_member(member: ArchiveMember, operation: Operation, number: int, now: Seen, tools: StepContext) -> Mark:
    """A member of an archive at the operation's destination, a free place; returns its mark.

    ``now`` is how the archive looks.
    """
    target, digest = operation.destination, operation.expected_digest
    folder, temporary = paths.parent(target), tools.temporary(target, number)
    tools.ground.make_way(folder)
    _check_room(folder, member.size, tools)
    try:
        ready = tools.ahead.take(number, temporary, now)
        if ready:
            known = ready.result()
        else:
            known = unpacking.unpack(member, temporary, tools, before=now, digest=digest, sums=tools.sums)
    except OSError as error:
        if is_full(error):
            tools.full.add(os.stat(folder).st_dev)
            tools.ahead.drop()
        raise
    written = file_state.glance(temporary)
    if written is None:
        raise Trouble("the copy vanished before it was finished", "Does another program clear up that folder?")
    publish(temporary, target, tools)
    return file_state.mark(written, known)


def publish(temporary: str, target: str, tools: StepContext) -> None:
    """Give what was made its name; it goes when that fails."""
    try:
        file_ops.rename(temporary, target)
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise
    tools.ground.changed.add(paths.parent(target))


def copy_beside(
    source: str, target: str, number: int, now: Seen, digest: str | None, tools: StepContext
) -> tuple[str, Mark]:
    """A verified copy under a temporary name in the target's folder; returns that name and the copy's mark."""
    folder, temporary = paths.parent(target), tools.temporary(target, number)
    _check_room(folder, now.size, tools)
    try:
        known = _copied(source, temporary, number, now, digest, tools)
    except OSError as error:
        if is_full(error):
            tools.full.add(os.stat(folder).st_dev)
        raise
    with _or_removed(temporary):
        again, written = file_state.look(source), file_state.look(temporary)
        if again is None or not file_state.is_untouched(again, now):
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
        if not is_full(error) or not tools.ahead.drop():
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


def hard_link(source: str, target: str) -> None:
    """A second name of ``source`` at a free place; raises ``Trouble`` in words where the disk allows none."""
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


def make_beside(step: Step, now: Seen, tools: StepContext) -> tuple[str, Mark]:
    """New content made of the source, under a temporary name in the destination's folder; that name and its mark."""
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
        if is_full(error):
            tools.full.add(os.stat(folder).st_dev)
        raise
    with _or_removed(temporary):
        written = file_state.look(temporary)
        if written is None:
            raise Trouble("what was made vanished before it was finished", "Does another program clear up that folder?")
        return temporary, file_state.mark(written, digest)


@contextlib.contextmanager
def _or_removed(temporary: str) -> Iterator[None]:
    """Take away what was prepared when it comes to nothing."""
    try:
        yield
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise


@contextlib.contextmanager
def kept(target: str, version: str, old: Seen, step: Step, tools: StepContext) -> Iterator[Mark]:
    """Keep the file at ``target`` as ``version`` while it is replaced; take that back when it is not."""
    tools.ground.make_way(paths.parent(version))
    mark = _keep(target, version, old, step, tools)
    try:
        yield mark
    except BaseException:
        if _stands(target, old):  # else the version is the only one left of the old file
            file_ops.remove_quietly(version)
        raise


def _stands(target: str, old: Seen) -> bool:
    """Whether the old file is at its place.  What can't be looked at is asked once more: the error may have been of
    the moment, and the name that it leaves in the versions would be nobody's."""
    now = file_state.glance(target) or file_state.glance(target)
    return now is not None and now.identity == old.identity


def replace(temporary: str, target: str, old: Seen, version: str, tools: StepContext) -> None:
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
            return publish_copy(target, version, step.intent.number, old, None, tools)
        file_ops.link(target, version)
    except OSError as error:
        if error.errno not in file_ops.NO_LINKS | {errno.EXDEV}:
            raise
        return publish_copy(target, version, step.intent.number, old, None, tools)
    with _or_removed(version):  # the old file has its own name still
        now = file_state.look(version)
        if now is None or not file_state.is_untouched(now, old):
            raise Trouble("it changed just now", SCAN_AGAIN, target)
        return file_state.mark(now)
