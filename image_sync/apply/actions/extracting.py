"""A new file that is taken out of an archive, which stays as it is."""

from __future__ import annotations

from image_sync.apply import checks, file_ops, file_state, settling, taking_back
from image_sync.apply.actions import unpacking
from image_sync.apply.publishing import publish_member
from image_sync.apply.records import Mark, Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.base import paths
from image_sync.base.model import Operation


def extract(step: Step, tools: StepContext) -> Result:
    """Taking of a member out of its archive to the destination, which is free."""
    operation = step.operation
    member = unpacking.known(operation.member)
    now = unpacking.check_archive(member)
    checks.check_free(operation.destination)
    return step.done(left=publish_member(member, operation, step.intent.number, now, tools))


def settle_extracted(step: Step, tools: StepContext) -> Result | None:
    """Done when what stands at the destination is what the archive holds, and nothing stood there before.

    Raises ``Trouble`` when the archive is no longer there to tell.
    """
    operation, member = step.operation, unpacking.known(step.operation.member)
    here = file_state.look(operation.destination)
    planned = Mark(member.size, member.mtime_ns, 0, 0)
    if here is None or step.intent.taken or not settling.is_copy_of(here, planned):
        return None
    if not unpacking.is_unpacked(member, operation.destination, tools):
        return None
    return settling.done(step, left=file_state.mark(here))


def remove_extracted(operation: Operation, result: Result, tools: StepContext) -> None:
    """The file goes when it is still what the run left and the archive still holds it."""
    left, target = taking_back.known(result.left), operation.destination
    here = file_state.look(target)
    if here is None:
        return
    if not taking_back.is_alike(here, left):
        taking_back.check_left(target, here, left, tools)
    if not unpacking.is_unpacked(unpacking.known(operation.member), target, tools):
        raise taking_back.changed(target)
    file_ops.remove(target)
    tools.ground.changed.add(paths.parent(target))
