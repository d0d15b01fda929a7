"""Room for what a plan writes: bytes needed and free, for each file system that it writes to.

Every job and the window ask here.  Pure: which file system a folder is on and what is free there is told by functions
(``apply.disk.device``, ``apply.disk.room``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.base.model import Plan
from image_sync.base.said import Size
from image_sync.jobs.reasons import Room as Told

SPARE = 1 << 20
"""Bytes beyond the files themselves: folders and the file system's own notes take some."""

Device = Callable[[str], int | None]
"""The file system that a folder is on, or would be on; ``None`` when nobody knows."""
Free = Callable[[str], int | None]
"""Bytes that are free for us there; ``None`` when nobody knows."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room on a file system: what is ``needed`` and what is ``free`` there, in bytes (``None``: unknown); ``roots``
    are the chosen folders on it that something is written to."""

    needed: int = 0
    free: int | None = None
    roots: tuple[str, ...] = ()

    @property
    def short(self) -> bool:
        """Whether it can't fit."""
        return self.needed > 0 and self.free is not None and self.needed + SPARE > self.free


def written(plan: Plan, device: Device) -> dict[str, int]:
    """Bytes that the plan writes, by the root it writes them to: what is copied, made, or moved to another file system.

    What is replaced is kept and frees nothing.
    """
    from image_sync.apply.action_table import row_of

    roots = sorted({root for root in plan.roots.values() if root}, key=len, reverse=True)
    devices = {root: device(root) for root in roots}
    result = dict.fromkeys(roots, 0)
    for operation in plan.operations:
        row = row_of(operation)
        target = _root_of(operation.destination, roots) if row.writes or row.renames else ""
        if target and (row.writes or devices.get(_root_of(operation.source, roots)) != devices[target]):
            result[target] += operation.size
    return result


def _root_of(path: str, roots: list[str]) -> str:
    """The innermost root that holds ``path``; ``roots`` come longest first."""
    return next((root for root in roots if path and paths.is_inside(path, root)), "")


def rooms(plan: Plan, device: Device, free: Free) -> Iterator[Room]:
    """The room on each file system that holds a root of the plan, in the order of the roots."""
    needed = written(plan, device)
    together: defaultdict[object, list[str]] = defaultdict(list)
    for root in dict.fromkeys(filter(None, plan.roots.values())):
        place = device(root)
        together[root if place is None else place].append(root)
    for roots in together.values():
        known = [amount for root in roots if (amount := free(root)) is not None]
        total = sum(needed[root] for root in roots)
        yield Room(total, min(known, default=None), tuple(root for root in roots if needed[root]))


def room_at(root: str, plan: Plan, device: Device, free: Free) -> Room:
    """The room on the file system of one root."""
    place, amount = device(root), free(root)
    needed = written(plan, device)
    return Room(sum(size for other, size in needed.items() if other == root or device(other) == place), amount, (root,))


def too_little(plan: Plan, device: Device, free: Free) -> Iterator[str]:
    """A note for each file system on which the plan does not fit."""
    for room in rooms(plan, device, free):
        if room.short:
            yield Told.MAY_NOT_FIT(needed=Size(room.needed), free=Size(room.free or 0))


def refusal(plan: Plan, device: Device, free: Free) -> str:
    """Reason why the plan can't be carried out as a whole, in words; empty when it fits or nobody knows."""
    for room in rooms(plan, device, free):
        if room.short:
            where = tuple(map(paths.display, room.roots))
            return Told.TOO_LITTLE(folders=where, needed=Size(room.needed), free=Size(room.free or 0))
    return ""
