"""The last look before an action: whether the world is still as the operation was planned on.

Each function raises ``Trouble`` in words when it is not; none of them changes anything.
"""

from __future__ import annotations

import os

from image_sync.apply import file_ops, file_state
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.step import StepTools
from image_sync.apply.words import Standing, Trouble
from image_sync.base import paths
from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.model import Operation, Stamp


def check_name(path: str) -> None:
    """Raise ``Trouble`` for a path that the system has no bytes for."""
    try:
        impossible = b"\0" in os.fsencode(path)
    except UnicodeEncodeError:
        impossible = True
    if impossible:
        raise Trouble("the system can't hold such a name", "Choose another name.")


def check_source(operation: Operation, tools: StepTools) -> Seen:
    """The source, if it is still the file (or the link) that was planned on, and the same as its twin if it has one."""
    tools.ground.check_way(paths.parent(operation.source))
    now = file_state.look(operation.source)
    if now is None:
        raise Trouble("it is no longer there", SCAN_AGAIN)
    if now.kind is not (Kind.LINK if operation.link else Kind.FILE):
        raise Trouble(Standing.IS_THERE(what=now.kind), SCAN_AGAIN)
    if operation.expected and not file_state.is_as_planned(now, operation.expected):
        raise Trouble("it changed since it was looked at", SCAN_AGAIN)
    if operation.keeper:
        _check_keeper(operation, now)
    if operation.same_as:
        _check_twin(operation, now, tools)
    return now


def _check_keeper(operation: Operation, now: Seen) -> None:
    """The time may differ by what a coarse file system rounds off, since the keeper may have been moved before."""
    keeper, promised = file_state.look(operation.keeper), operation.keeps
    if keeper is None or keeper.kind is not Kind.FILE:
        raise Trouble("the file that stays in its place is no longer there", SCAN_AGAIN, operation.keeper)
    if keeper.identity == now.identity:
        raise Trouble(
            "the file that stays in its place is that very file by another path", SCAN_AGAIN, operation.keeper
        )
    if promised and not (
        keeper.size == promised.size and abs(keeper.mtime_ns - promised.mtime_ns) <= file_state.COARSEST_NS
    ):
        raise Trouble("the file that stays in its place changed since it was looked at", SCAN_AGAIN, operation.keeper)


def _check_twin(operation: Operation, now: Seen, tools: StepTools) -> None:
    twin = file_state.look(operation.same_as)
    if twin is None or twin.kind is not Kind.FILE:
        raise Trouble("the file that it is a copy of is no longer there", SCAN_AGAIN, operation.same_as)
    if twin.identity == now.identity:
        raise Trouble("it is that very file by another path, not a copy of it", SCAN_AGAIN, operation.same_as)
    if not file_ops.same_bytes(operation.source, operation.same_as, tools.checkpoint):
        raise Trouble("it no longer has the content of the file that it was a copy of", SCAN_AGAIN, operation.same_as)


def check_replaced(operation: Operation, replaces: Stamp | None, may_be_link: bool = False) -> Seen:
    """The file (or the link) that is to be replaced, if it is still the one that was planned on.

    A link is replaced only where that ``may_be``, and by a plan that has its very stamp.
    """
    now = file_state.look(operation.destination)
    place = operation.destination
    if now is None:
        raise Trouble("what was to be replaced is no longer there", SCAN_AGAIN, place)
    planned_link = may_be_link and replaces is not None and file_state.is_as_planned(now, replaces)
    if now.kind is not Kind.FILE and not (now.kind is Kind.LINK and planned_link):
        raise Trouble(Standing.IS_THERE(what=now.kind), SCAN_AGAIN, place)
    if replaces and not file_state.is_as_planned(now, replaces):
        raise Trouble("what was to be replaced changed since it was looked at", SCAN_AGAIN, place)
    return now


def check_free(target: str) -> None:
    """Raise ``Trouble`` when anything stands at ``target``, be it a dangling link."""
    now = file_state.look(target)
    if now is not None:
        raise Trouble(Standing.OF_THAT_NAME(what=now.kind), SCAN_AGAIN, target)
