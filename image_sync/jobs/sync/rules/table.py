"""The decision table of *sync*: what becomes of one path, from what stands on both sides and what was agreed.

Pure.  A path whose two sides can't both be known is never decided; nothing is ever decided from a thing's absence
unless it is known to be absent.  Renames, folders and names that meet are judged after this, over all paths together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from image_sync.base import paths
from image_sync.base.model import Problem
from image_sync.base.said import N_
from image_sync.jobs.sync.model import COPY_TO, DELETE_IN, UPDATE, Decision, Entry, EntryKind, Kind, Side, Situation
from image_sync.jobs.sync.request import Deletions, DifferentShots
from image_sync.jobs.sync.rules.changes import LEAVES, Case, Change, case, holds_same
from image_sync.jobs.sync.rules.reasons import Reason, place_of

NOT_SYNCED = N_("not synced")
RENAME_ONE = N_("Rename one of the two.")
_TRY_AGAIN = N_("Try again.")


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of the user: what a deletion means, how far two times may be apart and still be the same, and what
    becomes of two different pictures under one name."""

    deletions: Deletions = Deletions.RESTORE
    tolerance_ns: int = 0
    shots: DifferentShots = DifferentShots.NEWER


def decide_leaf(one: Case, choices: Choices, situation: Situation | None = None) -> Decision | None:
    """Fate of a path that is no folder on either side, or a folder on one of them and something else on the other.
    ``None`` when there is nothing to say: gone from both, not readable (which was said already), or a pipe that
    stands on one side alone."""
    source, target = one.source, one.target
    if source is None and target is None:
        return None
    if Change.UNKNOWN in (one.change(Side.SOURCE), one.change(Side.TARGET)):
        return _unknown(one)
    if source is None or target is None:
        return _one_sided(one, Side.SOURCE if target is None else Side.TARGET, choices)
    if source.kind is not target.kind:
        return _decision(one, Kind.CONFLICT, Reason.KINDS(source=source.kind, target=target.kind))
    decision = _two_sided(one, source, target, choices)
    return decision if situation is None else _of_shots(decision, choices, situation)


def _decision(one: Case, kind: Kind, why: str) -> Decision:
    return Decision(one.path, kind, why, one.source, one.target)


# --- not known -----------------------------------------------------------------------------------------------------


def _unknown(one: Case) -> Decision | None:
    entries = [entry for entry in (one.source, one.target) if entry]
    if any(entry.kind is EntryKind.UNREAD for entry in entries):
        return None
    if all(entry.kind is EntryKind.SPECIAL for entry in entries):
        return None
    side = Side.SOURCE if one.source and one.source.kind is EntryKind.SPECIAL else Side.TARGET
    return problem(one, Reason.SPECIAL(place=place_of(side)), RENAME_ONE)


def problem(one: Case, why: str, hint: str) -> Decision:
    """A path that can't be synced."""
    found = Problem(one.path, NOT_SYNCED, why, hint)
    return Decision(one.path, Kind.PROBLEM, why, one.source, one.target, problem=found)


# --- on one side only ----------------------------------------------------------------------------------------------


def _one_sided(one: Case, side: Side, choices: Choices) -> Decision:
    """It stands on ``side`` and is known not to stand on the other."""
    missing = side.other
    if one.change(missing) is Change.ABSENT:
        return _decision(one, COPY_TO[missing], Reason.ONLY(place=place_of(side)))
    if one.change(side) is not Change.SAME:
        why = Reason.PERHAPS_KEPT if one.change(side) is Change.TOUCHED else Reason.CHANGE_KEPT
        return _decision(one, COPY_TO[missing], why(gone=place_of(missing), place=place_of(side)))
    return deletion(one, side, choices.deletions)


def deletion(one: Case, side: Side, deletions: Deletions) -> Decision:
    """It stands unchanged on ``side`` and was deleted on the other."""
    missing = side.other
    gone = place_of(missing)
    if deletions is Deletions.PROPAGATE:
        return _decision(one, DELETE_IN[side], Reason.DELETED(gone=gone))
    if deletions is Deletions.ASK:
        return _decision(one, Kind.DELETION, Reason.DELETED_UNCHANGED(gone=gone, place=place_of(side)))
    return _decision(one, COPY_TO[missing], Reason.DELETED_RESTORED(gone=gone))


# --- on both sides -------------------------------------------------------------------------------------------------


def _two_sided(one: Case, source: Entry, target: Entry, choices: Choices) -> Decision:
    changes = {side: one.change(side) for side in Side}
    same = holds_same(source, target)
    untouched = all(change is Change.SAME for change in changes.values())
    if same or (same is None and untouched):
        return _decision(one, Kind.EQUAL, Reason.SAME())
    if untouched or Change.DECAYED in changes.values():
        return _decayed(one, changes)
    if same is None:
        return problem(one, Reason.NOT_COMPARED(), _TRY_AGAIN)
    return _guarded(_winner(one, source, target, changes, choices))


def _decayed(one: Case, changes: dict[Side, Change]) -> Decision:
    """A content that is not what was remembered, under a look that is: nobody wrote it, so nobody's change is it."""
    where = [side for side in Side if changes[side] is Change.DECAYED]
    why = Reason.DECAYED_IN(place=place_of(where[0])) if len(where) == 1 else Reason.DECAYED()
    return _decision(one, Kind.CONFLICT, why)


def _winner(one: Case, source: Entry, target: Entry, changes: dict[Side, Change], choices: Choices) -> Decision:
    """Different contents: the side that changed wins, and where that is both (or nobody knows) the newer one."""
    for side in Side:
        if changes[side] is Change.CHANGED and changes[side.other] is Change.SAME:
            return _decision(one, UPDATE[side.other], Reason.CHANGED(place=place_of(side)))
        if changes[side] is Change.CHANGED and changes[side.other] is Change.TOUCHED:
            why = Reason.CHANGED_TOUCHED(place=place_of(side), other=place_of(side.other))
            return _decision(one, Kind.CONFLICT, why)
    both = _both_changed(changes)
    ahead = source.mtime_ns - target.mtime_ns
    if abs(ahead) <= choices.tolerance_ns:
        return _decision(one, Kind.CONFLICT, Reason.BOTH_SAME_TIME() if both else Reason.OTHER_SAME_TIME())
    newer = Side.SOURCE if ahead > 0 else Side.TARGET
    told = Reason.BOTH_NEWER if both else Reason.OTHER_NEWER
    return _decision(one, UPDATE[newer.other], told(place=place_of(newer)))


def _of_shots(decision: Decision, choices: Choices, situation: Situation) -> Decision:
    """Two pictures that are no versions of each other, or of which nobody can tell: the newer does not simply win.

    Where the two folders meet for the first time the table stands, and it is said of which pictures.
    """
    if decision.kind not in UPDATE.values() and decision.kind is not Kind.CONFLICT:
        return decision
    if decision.path in situation.unknown_shots:
        if situation.is_first or decision.kind is Kind.CONFLICT:
            return decision
        return replace(decision, kind=Kind.CONFLICT, why=Reason.TWO_NEW_PICTURES())
    if decision.path in situation.different_shots:
        return _of_different_shots(decision, choices, situation.is_first)
    return decision


def _of_different_shots(decision: Decision, choices: Choices, is_first: bool) -> Decision:
    if choices.shots is DifferentShots.KEEP_BOTH:
        return replace(decision, kind=Kind.KEEP_BOTH, why=Reason.TWO_PICTURES(), different_shots=True)
    if decision.kind is Kind.CONFLICT or (is_first and choices.shots is DifferentShots.NEWER):
        return replace(decision, why=Reason.TWO_PICTURES_AND(why=decision.why), different_shots=True)
    why = Reason.TWO_PICTURES() if is_first else Reason.TWO_PICTURES_NEW()
    return replace(decision, kind=Kind.CONFLICT, why=why, different_shots=True)


def _both_changed(changes: dict[Side, Change]) -> bool:
    return all(change is Change.CHANGED for change in changes.values())


def _guarded(decision: Decision) -> Decision:
    """An empty file never replaces content by itself: it may be all that a crash left of it."""
    for side in Side:
        winner, loser = decision.on(side), decision.on(side.other)
        if decision.kind is UPDATE[side.other] and winner and loser and not winner.size and loser.size:
            why = Reason.EMPTY(place=place_of(side), other=place_of(side.other), why=decision.why)
            return Decision(decision.path, Kind.CONFLICT, why, decision.source, decision.target)
    return decision


# --- what the other rules ask --------------------------------------------------------------------------------------


def is_leaf_case(one: Case) -> bool:
    """Whether ``decide_leaf`` is the one to judge it: all but folders that meet folders or nothing."""
    kinds = {entry.kind for entry in (one.source, one.target) if entry}
    return not kinds <= {EntryKind.FOLDER}


def blocks(one: Case) -> bool:
    """Whether a folder on one side meets something else on the other: then nothing below it is judged by itself."""
    if one.source is None or one.target is None:
        return False
    return (one.source.kind is EntryKind.FOLDER) is not (one.target.kind is EntryKind.FOLDER)


def took_the_place(one: Case, side: Side, situation: Situation) -> bool:
    """Whether a file stands on ``side`` where both had a folder, or a folder where both had a file, and on the other
    side nothing happened, neither there nor below it.  An empty file is no such wish."""
    new, old = one.on(side), one.on(side.other)
    if new is None or old is None or {new.kind, old.kind} != {EntryKind.FILE, EntryKind.FOLDER}:
        return False
    if one.change(side) is not Change.CHANGED or one.change(side.other) is not Change.SAME:
        return False
    if old.kind is EntryKind.FILE:
        return True
    below = situation.half(side.other).below(one.path)
    return bool(new.size) and all(case(path, situation).change(side.other) is Change.SAME for path in below)


def is_deleted(one: Case, side: Side) -> bool:
    """Whether a file or link is gone from ``side`` and unchanged on the other."""
    kept = one.on(side.other)
    return (
        kept is not None
        and kept.kind in LEAVES
        and one.change(side) is Change.GONE
        and one.change(side.other) is Change.SAME
    )


def is_new(one: Case, side: Side) -> bool:
    """Whether a file or link stands on ``side`` alone and never stood on both."""
    entry = one.on(side)
    return entry is not None and entry.kind in LEAVES and one.agreed is None and one.on(side.other) is None


def shown(path: str) -> str:
    """A path within a sentence."""
    return paths.display(path)
