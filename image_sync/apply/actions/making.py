"""A file that is made of another's content: beside it (convert), or in its own place (rewrite)."""

from __future__ import annotations

from image_sync.apply import checks, file_ops, file_state, settling, taking_back
from image_sync.apply.actions import replacing
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.publishing import kept, make_beside, publish, replace
from image_sync.apply.records import Mark, Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Operation

# --- doing ---


def convert(step: Step, tools: StepContext) -> Result:
    """Making of new content from the source at the destination, which is free."""
    target = step.operation.destination
    now = checks.check_source(step.operation, tools)
    checks.check_free(target)
    tools.ground.make_way(paths.parent(target))
    temporary, left = make_beside(step, now, tools)
    publish(temporary, target, tools)
    return step.done(left)


def rewrite(step: Step, tools: StepContext) -> Result:
    """Making of new content from a file in its own place."""
    operation, version = step.operation, step.version
    now = checks.check_source(operation, tools)
    old = checks.check_replaced(operation, operation.replaces)
    if old.identity != now.identity:
        raise Trouble("only a file's own content can be rewritten")
    with kept(operation.destination, version, old, step, tools) as earlier:
        temporary, left = make_beside(step, now, tools)
        replace(temporary, operation.destination, old, version, tools)
    return step.done(left, earlier)


# --- settling after a crash ---


def settle_converted(step: Step, tools: StepContext) -> Result | None:
    """Settling of a conversion: the destination is ours when the very same is made of the source again."""
    operation = step.operation
    here = file_state.look(operation.destination)
    if here is None or step.intent.taken or not settling.is_made_of(step, operation.source, tools):
        return None
    return settling.done(step, left=file_state.mark(here))


def settle_rewritten(step: Step, tools: StepContext) -> Result | None:
    """Done when what stands there is made of the earlier file, which is kept."""
    return replacing.settle_replaced(step, tools, _is_made_of_version)


def _is_made_of_version(step: Step, _here: Seen, tools: StepContext) -> bool:
    return settling.is_made_of(step, step.intent.version, tools)


# --- undoing ---


def remove_made(operation: Operation, result: Result, tools: StepContext) -> None:
    """Removal of made content while it is still just that, and what it was made of stands in its place."""
    left: Mark = taking_back.known(result.left)
    target = operation.destination
    here, there = file_state.look(target), file_state.look(operation.source)
    if here is None:
        return
    taking_back.check_left(target, here, left, tools)
    if left.digest and not file_ops.has_digest(target, left.digest, tools.checkpoint):
        raise taking_back.changed(target)
    if there is None or there.kind is not Kind.FILE:
        why = "the original is no longer there"
        raise Trouble(why, "What the run made of it stays, so that nothing is lost.", operation.source)
    file_ops.remove(target)
    tools.ground.changed.add(paths.parent(target))


def take_back_rewrite(operation: Operation, result: Result, tools: StepContext) -> None:
    """The earlier file back to its place."""
    replacing.restore_version(operation, result, tools)
