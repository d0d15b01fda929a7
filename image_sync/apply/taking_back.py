"""The last look before a step is taken back: whether each place still holds what the run left there.

Each function raises ``Trouble`` in words when it does not; none of them removes a file or knows an action.
"""

from __future__ import annotations

import contextlib

from image_sync.apply import file_ops, file_state
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.records import Mark
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.model import Operation


def changed(target: str) -> Trouble:
    """A file is no longer what the run left."""
    why = "it changed since the run put it there"
    return Trouble(why, "It stays; move it yourself if you don't need it there.", target)


def known(mark: Mark | None) -> Mark:
    """The mark, if the journal has one."""
    if mark is None:
        raise Trouble("the journal does not say how it was left", "Look at the two places yourself.")
    return mark


def is_back(now: Seen, left: Mark) -> bool:
    """Whether a file at its old place is the one that the run had moved (its inode may be another by now)."""
    coarse = not file_state.keeps_inodes(now.device) or not left.inode
    near = abs(now.mtime_ns - left.mtime_ns) <= (file_state.COARSEST_NS if coarse else 0)
    return now.kind in file_state.LEAVES and now.size == left.size and near


def old_place(source: str, tools: StepContext) -> Seen | None:
    """State of the old place; a folder that the run made there goes when it is empty."""
    there = file_state.look(source)
    if there is None or there.kind is not Kind.FOLDER:
        return there
    inside = [folder for folder in tools.ground.book.made if paths.is_inside(folder, source)]
    for folder in sorted(inside, key=len, reverse=True):
        with contextlib.suppress(OSError):
            file_ops.remove_folder(folder)
    tools.ground.forget()
    return file_state.look(source)


def put_back(path: str, tools: StepContext) -> None:
    """Remember how a file lies that was put back at ``path``; an earlier operation may have left it there."""
    now = file_state.glance(path)
    if now is not None and now.kind in file_state.LEAVES:
        tools.back[path] = file_state.mark(now)


def check_left(target: str, here: Seen, left: Mark, tools: StepContext, digest: str | None = None) -> None:
    """Raise ``Trouble`` unless the file is what the run left.

    By its mark; where only the inode is another, by being what this undo put back there itself, or by its digest, that
    of the mark or of the plan (a backup was played back).
    """
    if file_state.fits(here, left):
        return
    own = tools.back.get(target)
    if own is not None and file_state.fits(here, own) and is_back(here, left):
        return
    known_digest = left.digest or digest
    if not (is_alike(here, left) and known_digest and file_ops.has_digest(target, known_digest, tools.checkpoint)):
        raise changed(target)


def is_alike(here: Seen, left: Mark) -> bool:
    """Whether size and time are those of the mark, so that only the inode is another."""
    return here.kind in file_state.LEAVES and (here.size, here.mtime_ns) == (left.size, left.mtime_ns)


def check_original(operation: Operation, target: str, tools: StepContext) -> None:
    """Raise ``Trouble`` unless the source still holds what would be removed or replaced at ``target``."""
    there = file_state.look(operation.source)
    if there is not None and there.kind in file_state.LEAVES:
        if file_ops.same_bytes(operation.source, target, tools.checkpoint):
            return
        why = "the original has another content now"
    else:
        why = "the original is no longer there"
    raise Trouble(why, "What the run put here stays, so that nothing is lost.", operation.source)
