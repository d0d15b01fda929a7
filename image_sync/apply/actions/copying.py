"""A new file beside its source: a copy, or a hard link."""

from __future__ import annotations

from image_sync.apply import checks, file_ops, file_state, settling, taking_back
from image_sync.apply.publishing import hard_link, publish_copy
from image_sync.apply.records import Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Operation

# --- doing ---


def copy(step: Step, tools: StepContext) -> Result:
    """A verified copy of the source at the destination, which is free."""
    operation, number = step.operation, step.intent.number
    now = checks.check_source(operation, tools)
    checks.check_free(operation.destination)
    digest = operation.expected_digest
    return step.done(left=publish_copy(operation.source, operation.destination, number, now, digest, tools))


def link(step: Step, tools: StepContext) -> Result:
    """A hard link of the source at the destination, which is free."""
    operation = step.operation
    now = checks.check_source(operation, tools)
    checks.check_free(operation.destination)
    tools.ground.make_way(paths.parent(operation.destination))
    hard_link(operation.source, operation.destination)
    tools.ground.changed.add(paths.parent(operation.destination))
    return step.done(left=file_state.mark(now))


# --- settling after a crash ---


def settle_copy(step: Step, tools: StepContext) -> Result | None:
    """Done when what stands at the destination is a copy, and not what stood there before."""
    operation, intent = step.operation, step.intent
    here, there = file_state.look(operation.destination), file_state.look(operation.source)
    if here is None or intent.taken or intent.source is None or not settling.is_copy_of(here, intent.source):
        return None
    if there is not None and (there.identity == here.identity or not settling.is_leaf(there)):
        return None
    if there is not None and not file_ops.same_bytes(operation.source, operation.destination, tools.checkpoint):
        return None
    return settling.done(step, left=file_state.mark(here))


def settle_link(step: Step, _tools: StepContext) -> Result | None:
    """Done when both places are names of one file."""
    here, there = file_state.look(step.operation.destination), file_state.look(step.operation.source)
    if here is None or there is None or step.intent.taken or here.identity != there.identity or here.links < 2:
        return None
    return settling.done(step, left=file_state.mark(here))


# --- undoing ---


def remove_copy(operation: Operation, result: Result, tools: StepContext) -> None:
    """The copy goes when it is still what the run left and the original stands with the same content."""
    left, target = taking_back.known(result.left), operation.destination
    here = file_state.look(target)
    if here is None:
        return
    if not taking_back.is_alike(here, left):  # where it is alike, the original proves its content
        taking_back.check_left(target, here, left, tools)
    taking_back.check_original(operation, target, tools)
    file_ops.remove(target)
    tools.ground.changed.add(paths.parent(target))


def remove_link(operation: Operation, _result: Result, tools: StepContext) -> None:
    """The link goes when it still is a second name of the original."""
    here, there = file_state.look(operation.destination), file_state.look(operation.source)
    if here is None:
        return
    if there is None or there.identity != here.identity or here.links < 2:
        raise Trouble("it is no longer a second name of the original", "It stays, so that nothing is lost.")
    file_ops.remove(operation.destination)
    tools.ground.changed.add(paths.parent(operation.destination))
