"""Making an empty folder and removing one."""

from __future__ import annotations

import contextlib
import os
import stat

from image_sync.apply import file_ops, file_state, settling
from image_sync.apply.file_state import Kind
from image_sync.apply.records import Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.base import paths
from image_sync.base.model import Operation

# --- doing ---


def make_folder(step: Step, tools: StepContext) -> Result:
    """The folder at the destination, with the permissions of the source where one is given."""
    like, folder = step.operation.source, step.operation.destination
    tools.ground.make_way(folder)
    already = folder not in tools.ground.made
    if like and (not already or folder in tools.ground.book.made):  # made for what was moved into it before
        _like(like, folder)
    tools.ground.changed.add(paths.parent(folder))
    return step.done(already=already)


def _like(folder: str, made: str) -> None:
    """Give a folder that was just made the permissions of another one, as far as that can be done; its owner may always
    write into it, or nothing could be put there."""
    with contextlib.suppress(OSError):
        there = file_state.look(folder)
        if there is not None and there.kind is Kind.FOLDER:
            os.chmod(made, there.mode | stat.S_IRWXU)


def remove_folder(step: Step, tools: StepContext) -> Result:
    """The empty folder goes; one that holds something is a problem."""
    folder = step.operation.source
    tools.ground.check_way(folder)
    file_ops.remove_folder(folder)
    tools.ground.removed(folder)
    tools.ground.changed.add(paths.parent(folder))
    return step.done()


# --- settling after a crash ---


def settle_made(step: Step, _tools: StepContext) -> Result | None:
    """Done when the folder stands."""
    if not settling.is_kind(file_state.look(step.operation.destination), Kind.FOLDER):
        return None
    return settling.done(step, already=step.operation.destination not in step.intent.folders)


def settle_removed(step: Step, _tools: StepContext) -> Result | None:
    """Done when the folder stood and is gone."""
    was_there = step.intent.source is not None
    return settling.done(step) if was_there and file_state.look(step.operation.source) is None else None


# --- undoing ---


def leave_folder(_operation: Operation, _result: Result, _tools: StepContext) -> None:
    """Nothing yet: folders that the run made go at the end of the undo, when they are empty."""


def make_again(operation: Operation, _result: Result, tools: StepContext) -> None:
    """The folder is made again; its time and mode come back at the end of the undo."""
    tools.ground.make_way(operation.source)
