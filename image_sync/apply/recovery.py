"""After a crash: was an operation that had been announced done, or not begun?  Nothing in between is left.

The journal tells what was about to happen, the world what did.  Half-done work is taken back, never finished: a
temporary file of ours is removed, a second name or a proven copy that was published before its source went is removed
again.  Only files that are known to exist elsewhere too are removed; where the world fits neither before nor after,
that is said and everything stays.
"""

from __future__ import annotations

import os

from image_sync.apply import file_ops, file_state, makers
from image_sync.apply.actions import KEEPING, Step, StepContext
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.journal import JournalReplay
from image_sync.apply.records import Intent, Mark, Result
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Action, Operation, Outcome, Stamp


def settle(step: Step, tools: StepContext) -> Result | None:
    """The result of an operation whose end is not in the journal, or ``None`` when it is as if it had not begun.

    Asking twice gives the same answer.  Raises ``Trouble`` or ``OSError`` when that can't be told.
    """
    operation, intent = step.operation, step.intent
    if operation.source == operation.destination and operation.action is not Action.REWRITE:
        return None
    for target in (operation.destination, intent.version):
        if target:
            file_ops.remove_quietly(tools.temporary(target, intent.number))
    action = operation.action
    if action is Action.MOVE:
        return _settle_move(step, operation.destination, tools)
    if action is Action.SET_ASIDE:
        return _settle_move(step, intent.version, tools) if intent.version else None
    if action is Action.COPY or (action is Action.UPDATE and operation.replaces is None):
        return _settle_copy(step, tools)
    if action is Action.LINK:
        return _settle_link(step)
    if action is Action.CONVERT:
        return _settle_converted(step, tools)
    if action in KEEPING:
        return _settle_replaced(step, tools)
    if action is Action.MAKE_FOLDER:
        return _settle_made(step)
    return _settle_removed(step)


def made_by(intent: Intent) -> tuple[str, ...]:
    """The folders that were missing before the operation and stand now, the outermost first."""
    return tuple(folder for folder in reversed(intent.folders) if _is(file_state.glance(folder), Kind.FOLDER))


def lost_moves(story: JournalReplay) -> frozenset[int]:
    """Moves that the journal calls done and that a power cut took back: the file stands at its old place only.

    A move of a file that an earlier lost one had put there is lost with it.
    """
    lost: set[int] = set()
    places: set[str] = set()
    for number in story.done:
        operation, result = story.operations.get(number), story.results[number]
        if operation is None or operation.action not in (Action.MOVE, Action.SET_ASIDE):
            continue
        target, left = (result.version, result.kept) if result.version else (operation.destination, result.left)
        there = file_state.glance(operation.source)
        back = operation.source in places or (there is not None and left is not None and file_state.fits(there, left))
        if back and file_state.glance(target) is None:
            lost.add(number)
            places.add(target)
    return frozenset(lost)


def assumed(number: int, operation: Operation, version: str) -> Intent:
    """What the intent of an operation would have said, for a journal whose lines were lost."""
    folder = Mark(0, 0, 0, 0) if operation.action is Action.REMOVE_FOLDER else None
    return Intent(number, version, _as_mark(operation.expected) or folder, _as_mark(operation.replaces))


def _settle_move(step: Step, target: str, tools: StepContext) -> Result | None:
    source = step.operation.source
    there, here = file_state.look(source), file_state.look(target)
    if here is None:
        return None
    if there is not None and there.identity == here.identity and file_state.is_one_entry(source, target):
        return _moved(step, here, target) if paths.name(target) in os.listdir(paths.parent(target)) else None
    if step.intent.taken:
        return None
    if there is not None:
        _take_back_second(source, target, there, here, tools)
        return None
    if step.intent.source is None or not _is_copy_of(here, step.intent.source):
        return None
    return _moved(step, here, target)


def _moved(step: Step, here: Seen, target: str) -> Result:
    left = file_state.mark(here)
    if step.operation.action is Action.SET_ASIDE:
        return _done(step, version=target, kept=left)
    return _done(step, left=left)


def _take_back_second(source: str, target: str, there: Seen, here: Seen, tools: StepContext) -> None:
    """Both stand: remove the second name, or the proven copy, that a move had published before its source went."""
    second_name = there.identity == here.identity and here.links > 1
    copied = _is_leaf(here) and here.identity != there.identity and _is_copy_of(here, file_state.mark(there))
    if second_name or (copied and file_ops.same_bytes(source, target, tools.checkpoint)):
        file_ops.remove(target)


def _settle_copy(step: Step, tools: StepContext) -> Result | None:
    operation, intent = step.operation, step.intent
    here, there = file_state.look(operation.destination), file_state.look(operation.source)
    if here is None or intent.taken or intent.source is None or not _is_copy_of(here, intent.source):
        return None
    if there is not None and (there.identity == here.identity or not _is_leaf(there)):
        return None
    if there is not None and not file_ops.same_bytes(operation.source, operation.destination, tools.checkpoint):
        return None
    return _done(step, left=file_state.mark(here))


def _settle_link(step: Step) -> Result | None:
    here, there = file_state.look(step.operation.destination), file_state.look(step.operation.source)
    if here is None or there is None or step.intent.taken or here.identity != there.identity or here.links < 2:
        return None
    return _done(step, left=file_state.mark(here))


def _settle_converted(step: Step, tools: StepContext) -> Result | None:
    """What stands at the destination is ours when the very same is made of the source again."""
    operation = step.operation
    here = file_state.look(operation.destination)
    if here is None or step.intent.taken or not _is_made_of(step, operation.source, tools):
        return None
    return _done(step, left=file_state.mark(here))


def _is_made_of(step: Step, origin: str, tools: StepContext) -> bool:
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


def _settle_replaced(step: Step, tools: StepContext) -> Result | None:
    """The old file is kept first and replaced then: without a kept file nothing was replaced."""
    operation, version = step.operation, step.intent.version
    here, kept = file_state.look(operation.destination), file_state.look(version) if version else None
    if kept is None or not _is_leaf(kept):
        return None
    if here is not None and _stands_unreplaced(step, here, kept, tools):
        file_ops.remove(version)
        return None
    if here is not None and _is_new(step, here, tools) and _is_old(step, kept):
        return _done(step, left=file_state.mark(here), version=version, kept=file_state.mark(kept))
    raise Trouble(
        "it is not clear how far this went",
        f"The earlier file is {paths.display(version)}; compare the two.",
        operation.destination,
    )


def _stands_unreplaced(step: Step, here: Seen, kept: Seen, tools: StepContext) -> bool:
    if here.identity == kept.identity:
        return here.links > 1
    old = step.intent.destination
    if old is not None and old.inode and old.device == here.device:
        return here.inode == old.inode
    if step.operation.action is Action.REPLACE_WITH_LINK and _is_new(step, here, tools):
        return False
    if not _is_copy_of(here, file_state.mark(kept)):
        return False
    return file_ops.same_bytes(step.operation.destination, step.intent.version, tools.checkpoint)


def _is_new(step: Step, here: Seen, tools: StepContext) -> bool:
    source = step.intent.source
    if step.operation.action is Action.REWRITE:
        return _is_made_of(step, step.intent.version, tools)
    if step.operation.action is Action.REPLACE_WITH_LINK:
        there = file_state.look(step.operation.source)
        return there is not None and there.identity == here.identity
    return source is not None and _is_copy_of(here, source)


def _is_old(step: Step, kept: Seen) -> bool:
    return step.intent.destination is not None and _is_copy_of(kept, step.intent.destination)


def _settle_made(step: Step) -> Result | None:
    if not _is(file_state.look(step.operation.destination), Kind.FOLDER):
        return None
    return _done(step, already=step.operation.destination not in step.intent.folders)


def _settle_removed(step: Step) -> Result | None:
    was_there = step.intent.source is not None
    return _done(step) if was_there and file_state.look(step.operation.source) is None else None


def _done(
    step: Step, left: Mark | None = None, version: str = "", kept: Mark | None = None, already: bool = False
) -> Result:
    return Result(step.intent.number, Outcome.DONE, left, version, kept, made_by(step.intent), already)


def _is_copy_of(now: Seen, original: Mark) -> bool:
    """Whether size and time are those of ``original``, as far as the file system that holds the copy keeps times."""
    if now.kind not in file_state.LEAVES or now.size != original.size:
        return False
    return abs(now.mtime_ns - original.mtime_ns) <= (
        0 if file_state.keeps_inodes(now.device) else file_state.COARSEST_NS
    )


def _is(now: Seen | None, kind: Kind) -> bool:
    return now is not None and now.kind is kind


def _is_leaf(now: Seen | None) -> bool:
    return now is not None and now.kind in file_state.LEAVES


def _as_mark(stamp: Stamp | None) -> Mark | None:
    return Mark(stamp.size, stamp.mtime_ns, 0, 0, stamp.digest) if stamp else None
