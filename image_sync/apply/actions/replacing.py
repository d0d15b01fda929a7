"""A file takes the place of another, which is kept among the versions: an update, a hard link of an exact copy."""

from __future__ import annotations

import os
from collections.abc import Callable

from image_sync.apply import checks, disk, file_ops, file_state, settling, taking_back
from image_sync.apply.actions import copying
from image_sync.apply.file_state import Seen
from image_sync.apply.publishing import copy_beside, hard_link, kept, relocate, replace
from image_sync.apply.records import Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Standing, Trouble
from image_sync.base import paths
from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.model import Operation

IsNew = Callable[[Step, Seen, StepContext], bool]
"""Whether what stands at the destination is what the step was to put there."""

# --- doing ---


def update(step: Step, tools: StepContext) -> Result:
    """A copy of the source takes the place of the file that was planned on; a plain copy where none was."""
    operation, number = step.operation, step.intent.number
    if operation.replaces is None:
        return copying.copy(step, tools)
    version = step.version
    now = checks.check_source(operation, tools)
    tools.ground.check_way(paths.parent(operation.destination))
    old = checks.check_replaced(operation, operation.replaces, may_be_link=True)
    with kept(operation.destination, version, old, step, tools) as earlier:
        digest = operation.expected_digest
        temporary, left = copy_beside(operation.source, operation.destination, number, now, digest, tools)
        replace(temporary, operation.destination, old, version, tools)
    return step.done(left, earlier)


def replace_with_link(step: Step, tools: StepContext) -> Result:
    """A hard link of the source takes the place of a file with the same bytes."""
    operation, number = step.operation, step.intent.number
    version = step.version
    now = checks.check_source(operation, tools)
    tools.ground.check_way(paths.parent(operation.destination))
    old = checks.check_replaced(operation, operation.replaces)
    if old.identity == now.identity:
        return step.done(left=file_state.mark(old), already=True)
    if not file_ops.same_bytes(operation.source, operation.destination, tools.checkpoint):
        raise Trouble("the two files no longer have the same content", SCAN_AGAIN)
    temporary = tools.temporary(operation.destination, number)
    hard_link(operation.source, temporary)
    try:
        again = file_state.look(temporary)
        if again is None or not file_state.is_untouched(again, now):
            raise Trouble("it changed while it was compared", SCAN_AGAIN, operation.source)
        with kept(operation.destination, version, old, step, tools) as earlier:
            replace(temporary, operation.destination, old, version, tools)
    except BaseException:
        file_ops.remove_quietly(temporary)
        raise
    return step.done(file_state.mark(now), earlier)


# --- settling after a crash ---


def settle_update(step: Step, tools: StepContext) -> Result | None:
    """Done when a copy of the source stands at the destination and the earlier file is kept."""
    if step.operation.replaces is None:
        return copying.settle_copy(step, tools)
    return settle_replaced(step, tools, _is_copy_of_source)


def settle_replaced_with_link(step: Step, tools: StepContext) -> Result | None:
    """Done when both places are names of one file and the earlier file is kept."""
    return settle_replaced(step, tools, _is_name_of_source, same_bytes=True)


def settle_replaced(step: Step, tools: StepContext, is_new: IsNew, same_bytes: bool = False) -> Result | None:
    """The old file is kept first and replaced then: without a kept file nothing was replaced.

    ``same_bytes`` says that the new file has the content of the old one, so that only ``is_new`` tells them apart.
    """
    operation, version = step.operation, step.intent.version
    here, there = file_state.look(operation.destination), file_state.look(version) if version else None
    if there is None or not settling.is_leaf(there):
        return None
    new = here is not None and same_bytes and is_new(step, here, tools)
    if here is not None and _stands_unreplaced(step, here, there, new, tools):
        file_ops.remove(version)
        return None
    if here is not None and (new or is_new(step, here, tools)) and _is_old(step, there):
        return settling.done(step, left=file_state.mark(here), version=version, kept=file_state.mark(there))
    raise Trouble(
        "it is not clear how far this went",
        Standing.COMPARE(path=paths.display(version)),
        operation.destination,
    )


def _stands_unreplaced(step: Step, here: Seen, there: Seen, new: bool, tools: StepContext) -> bool:
    if here.identity == there.identity:
        return here.links > 1
    old = step.intent.destination
    if old is not None and old.inode and old.device == here.device:
        return here.inode == old.inode
    if new or not settling.is_copy_of(here, file_state.mark(there)):
        return False
    return file_ops.same_bytes(step.operation.destination, step.intent.version, tools.checkpoint)


def _is_copy_of_source(step: Step, here: Seen, _tools: StepContext) -> bool:
    source = step.intent.source
    return source is not None and settling.is_copy_of(here, source)


def _is_name_of_source(step: Step, here: Seen, _tools: StepContext) -> bool:
    there = file_state.look(step.operation.source)
    return there is not None and there.identity == here.identity


def _is_old(step: Step, there: Seen) -> bool:
    return step.intent.destination is not None and settling.is_copy_of(there, step.intent.destination)


# --- undoing ---


def take_back_update(operation: Operation, result: Result, tools: StepContext) -> None:
    """The earlier file back, when the original still holds what stands there now; a plain copy goes."""
    if result.version:
        restore_version(operation, result, tools, taking_back.check_original)
    else:
        copying.remove_copy(operation, result, tools)


def take_back_link(operation: Operation, result: Result, tools: StepContext) -> None:
    """The earlier file back, when what stands there now is a second name or has its bytes still."""

    def check(_operation: Operation, target: str, tools: StepContext) -> None:
        here = file_state.look(target)
        alone = here is not None and here.links < 2
        if alone and not file_ops.same_bytes(target, result.version, tools.checkpoint):
            raise taking_back.changed(target)

    restore_version(operation, result, tools, check)


def restore_version(
    operation: Operation,
    result: Result,
    tools: StepContext,
    check: Callable[[Operation, str, StepContext], None] | None = None,
) -> None:
    """The earlier file from the versions to its place, if what stands there now is what the run left and ``check``
    raises no ``Trouble``."""
    target, version = operation.destination, result.version
    file_ops.remove_quietly(tools.temporary(target, result.number))
    old, here = file_state.look(version), file_state.look(target)
    kept_mark = taking_back.known(result.kept)
    if old is None:
        if here is None or not taking_back.is_back(here, kept_mark):
            raise Trouble("it is no longer kept", "It was moved or deleted since.", version)
        return
    if not file_state.fits(old, kept_mark):
        raise Trouble("it changed since it was kept", "Compare the two files yourself.", version)
    if here is None:
        relocate(version, target, result.number, old, tools)
        taking_back.put_back(target, tools)
        return
    taking_back.check_left(target, here, taking_back.known(result.left), tools)
    if check is not None:
        check(operation, target, tools)
    tools.ground.check_way(paths.parent(target))
    _replace_by_version(version, target, result.number, old, tools)
    taking_back.put_back(target, tools)


def _replace_by_version(version: str, target: str, number: int, old: Seen, tools: StepContext) -> None:
    if old.device == os.lstat(paths.parent(target)).st_dev:
        file_ops.replace(version, target)
    else:
        temporary, _ = copy_beside(version, target, number, old, None, tools)
        file_ops.replace(temporary, target)
        disk.flush_folder(paths.parent(target))
        file_ops.remove(version)
    tools.ground.changed.update((paths.parent(version), paths.parent(target)))
