"""Guards against going on: a side that looks emptied, or a plan that doesn't fit on a disk.

A disk that was taken out leaves an empty folder behind; to take that for a wish would empty the other side or fill the
system's disk.  Pure: what is on the disks is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from image_sync.base import paths
from image_sync.jobs.sync.model import RENAME_IN, Decision, Side, Situation
from image_sync.jobs.sync.request import DEFAULT_MAX_DELETE
from image_sync.jobs.sync.rules.changes import LEAVES
from image_sync.jobs.sync.rules.reasons import From, Named, Refusal

FEWEST = 10
"""A side with fewer files than this may lose as many as it likes, but not all."""


def missing_share(situation: Situation, side: Side, decisions: Iterable[Decision]) -> tuple[int, int]:
    """Files that both sides agreed on and that are gone from ``side``, and how many there were.

    A file that only moved is not gone, nor is one that can't be known.
    """
    moved = {
        decision.path if decision.moved_to else decision.earlier
        for decision in decisions
        if decision.kind is RENAME_IN[side.other] or (decision.moved_to and decision.on(side) is None)
    }
    half = situation.half(side)
    gone = 0
    for path in situation.paths():
        agreed = situation.agreed.get(path)
        if agreed and agreed.source.kind in LEAVES and path not in moved and half.look(path) is None:
            gone += 1
    total = situation.files_agreed
    if total is None:
        total = sum(1 for agreed in situation.agreed.values() if agreed.source.kind in LEAVES)
    return gone, total


def refusal(situation: Situation, decisions: Iterable[Decision], max_delete: float | None) -> str:
    """Reason why nothing should be done, in words; empty when all is well.

    ``max_delete`` is the share of a side's files that may be gone, counted from the first file; ``None`` where the user
    said nothing: then it is half, and few files are never too many.
    """
    if not situation.agreed:
        return ""
    share, fewest = (DEFAULT_MAX_DELETE, FEWEST) if max_delete is None else (max_delete, 1)
    known = list(decisions)
    for side in Side:
        gone, total = missing_share(situation, side, known)
        shown = paths.display(situation.half(side).root)
        if gone and gone == total and share < 1 and _is_empty(situation, side):
            files = Refusal.FILES(count=total)
            return Refusal.EMPTIED(side=Named[side.name], folder=shown, files=files)
        if total >= fewest and gone > total * share:
            most = min(100, -(-gone * 100 // total))
            return Refusal.MUCH_GONE(gone=gone, total=total, gone_from=From[side.name], folder=shown, share=most)
    return ""


def _is_empty(situation: Situation, side: Side) -> bool:
    return not any(entry.kind in LEAVES for entry in situation.half(side).entries.values())
