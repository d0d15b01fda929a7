"""Evidence for settling a step after a crash: the journal tells what was about to happen, the world what did.

Nothing here removes a file, and nothing knows an action.
"""

from __future__ import annotations

from image_sync.apply import file_ops, file_state, makers
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.records import Intent, Mark, Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base.model import Outcome


def done(
    step: Step, left: Mark | None = None, version: str = "", kept: Mark | None = None, already: bool = False
) -> Result:
    """The result of a step of which the world shows that it was done."""
    return Result(step.intent.number, Outcome.DONE, left, version, kept, made_by(step.intent), already)


def made_by(intent: Intent) -> tuple[str, ...]:
    """The folders that were missing before the operation and stand now, the outermost first.

    One that can't be looked at counts: all that is ever done with it is to remove it while it is empty.
    """
    return tuple(folder for folder in reversed(intent.folders) if _may_stand(folder))


def _may_stand(folder: str) -> bool:
    try:
        return is_kind(file_state.look(folder), Kind.FOLDER)
    except OSError:
        return True


def is_copy_of(now: Seen, original: Mark) -> bool:
    """Whether size and time are those of ``original``, as far as the file system that holds the copy keeps times."""
    if now.kind not in file_state.LEAVES or now.size != original.size:
        return False
    return abs(now.mtime_ns - original.mtime_ns) <= (
        0 if file_state.keeps_inodes(now.device) else file_state.COARSEST_NS
    )


def is_kind(now: Seen | None, kind: Kind) -> bool:
    """Whether something of that kind was seen."""
    return now is not None and now.kind is kind


def is_leaf(now: Seen | None) -> bool:
    """Whether a file or a link was seen."""
    return now is not None and now.kind in file_state.LEAVES


def is_made_of(step: Step, origin: str, tools: StepContext) -> bool:
    """Whether the destination holds what is made of ``origin``."""
    operation = step.operation
    there, here = file_state.look(origin), file_state.look(operation.destination)
    if there is None or here is None or there.kind is not Kind.FILE or here.kind is not Kind.FILE:
        return False
    try:
        data = file_ops.content(origin, tools, before=there, most=makers.LARGEST)
        made = makers.made(operation.maker, data, operation.argument)
    except Trouble:
        return False
    if here.size != len(made):
        return False
    return file_ops.content(operation.destination, tools, before=here, most=len(made)) == made
