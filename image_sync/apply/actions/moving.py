"""Moving a file away from its place: to a destination, or among the versions (set aside)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import replace

from image_sync.apply import checks, file_ops, file_state, settling, taking_back
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.publishing import relocate
from image_sync.apply.records import Mark, Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Operation

# --- doing ---


def move(step: Step, tools: StepContext) -> Result:
    """The source to its destination, on whatever file system that is."""
    operation = step.operation
    now = checks.check_source(operation, tools)
    left = relocate(operation.source, operation.destination, step.intent.number, now, tools)
    return replace(step.done(left=left), mode=_lost_mode(now, operation.destination))


def set_aside(step: Step, tools: StepContext) -> Result:
    """The source among the versions."""
    version = step.version
    now = checks.check_source(step.operation, tools)
    kept = relocate(step.operation.source, version, step.intent.number, now, tools)
    return replace(step.done(kept=kept), mode=_lost_mode(now, version))


def _lost_mode(before: Seen, target: str) -> int | None:
    """The permissions that a file had, where the file system that it was moved to can't keep them."""
    now = file_state.glance(target)
    return before.mode if now is not None and now.mode != before.mode else None


# --- settling after a crash ---


def settle_move(step: Step, tools: StepContext) -> Result | None:
    """Done when the file stands at its destination only."""
    here = _settled(step, step.operation.destination, tools)
    return settling.done(step, left=here) if here else None


def settle_set_aside(step: Step, tools: StepContext) -> Result | None:
    """Done when the file stands among the versions only."""
    version = step.intent.version
    here = _settled(step, version, tools) if version else None
    return settling.done(step, version=version, kept=here) if here else None


def _settled(step: Step, target: str, tools: StepContext) -> Mark | None:
    """The mark of the file at ``target`` when it was moved there; half a move is taken back."""
    source = step.operation.source
    there, here = file_state.look(source), file_state.look(target)
    if here is None:
        return None
    if there is not None and there.identity == here.identity and file_state.is_one_entry(source, target):
        return file_state.mark(here) if paths.name(target) in os.listdir(paths.parent(target)) else None
    if step.intent.taken:
        return None
    if there is not None:
        _take_back_second(source, target, there, here, tools)
        return None
    if step.intent.source is None or not settling.is_copy_of(here, step.intent.source):
        return None
    return file_state.mark(here)


def _take_back_second(source: str, target: str, there: Seen, here: Seen, tools: StepContext) -> None:
    """Both stand: remove the second name, or the proven copy, that a move had published before its source went."""
    second_name = there.identity == here.identity and here.links > 1
    proof = file_state.mark(there)
    copied = settling.is_leaf(here) and here.identity != there.identity and settling.is_copy_of(here, proof)
    if second_name or (copied and file_ops.same_bytes(source, target, tools.checkpoint)):
        file_ops.remove(target)


# --- after a power cut ---


def is_lost(operation: Operation, result: Result, lost: Iterable[str] = ()) -> bool:
    """Whether a move that the journal calls done was taken back by a power cut: the file stands at its old place only.

    ``lost`` are the destinations of moves that were lost before: what was moved on from there is lost with them.
    """
    target, left = _where(operation, result)
    there = file_state.glance(operation.source)
    back = operation.source in lost or (there is not None and left is not None and file_state.fits(there, left))
    return back and file_state.glance(target) is None


def is_moved_again(operation: Operation, result: Result) -> bool:
    """Whether a move back that an undo told the journal of was taken back by a power cut."""
    target, left = _where(operation, result)
    here = file_state.glance(target)
    stands = here is not None and left is not None and file_state.fits(here, left)
    return stands and file_state.glance(operation.source) is None


def moved_to(operation: Operation, result: Result) -> str:
    """Place that the file was moved to."""
    return _where(operation, result)[0]


def _where(operation: Operation, result: Result) -> tuple[str, Mark | None]:
    return (result.version, result.kept) if result.version else (operation.destination, result.left)


# --- undoing ---


def move_back(operation: Operation, result: Result, tools: StepContext) -> None:
    """The file from where the run put it to its old place, if that is free."""
    target, mark = _where(operation, result)
    left, source = taking_back.known(mark), operation.source
    file_ops.remove_quietly(tools.temporary(source, result.number))
    here, there = file_state.look(target), taking_back.old_place(source, tools)
    if here is None:
        if there is None or not taking_back.is_back(there, left):
            raise Trouble("it is no longer where the run put it", "It was moved or deleted since.", target)
        taking_back.put_back(source, tools)
        return
    if there is not None and there.identity == here.identity and file_state.is_one_entry(source, target):
        if paths.name(source) not in os.listdir(paths.parent(source)):
            file_ops.respell(target, source)
        return
    taking_back.check_left(target, here, left, tools, operation.expected_digest)
    if there is None:
        tools.ground.check_way(paths.parent(target))
        relocate(target, source, result.number, here, tools)
        _set_exact_time(operation, here)
        _set_mode(source, result)
        taking_back.put_back(source, tools)
    else:
        _drop_second(source, target, there, here, tools)


def _drop_second(source: str, target: str, there: Seen, here: Seen, tools: StepContext) -> None:
    """Both stand: an undo was cut off between publishing the old place and removing the new one, or it is taken."""
    second_name = there.identity == here.identity and here.links > 1
    copied = (
        there.kind in file_state.LEAVES
        and there.identity != here.identity
        and taking_back.is_back(there, file_state.mark(here))
    )
    if not second_name and not (copied and file_ops.same_bytes(source, target, tools.checkpoint)):
        raise Trouble("its old place is taken", "Move away what stands there, then undo again.", source)
    file_ops.remove(target)
    tools.ground.changed.add(paths.parent(target))


def _set_mode(source: str, result: Result) -> None:
    """Give back the permissions that the other file system could not keep."""
    if result.mode is not None and not os.path.islink(source):
        with contextlib.suppress(OSError):
            os.chmod(source, result.mode)


def _set_exact_time(operation: Operation, here: Seen) -> None:
    """Give back the part of the time that a coarser file system had rounded off meanwhile."""
    planned = operation.expected
    if planned and here.kind is Kind.FILE and 0 < abs(planned.mtime_ns - here.mtime_ns) <= file_state.COARSEST_NS:
        accessed = os.lstat(operation.source).st_atime_ns
        os.utime(operation.source, ns=(accessed, planned.mtime_ns))
