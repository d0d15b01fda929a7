"""Permissions of what holds the same on both sides: the side that changed them wins, as it does with contents.

Without a memory of them nobody knows which side changed: then it is a conflict, never a guess.  Where one side changed
the content and the other the permissions it is one too, since the update would take the other's along.  Pure.
"""

from __future__ import annotations

from dataclasses import replace

from image_sync.base import permission_text
from image_sync.jobs.sync.model import CHANGED_SIDE, PERMIT_IN, UPDATE, Decision, Kind, Side, Situation
from image_sync.jobs.sync.rules.changes import Case
from image_sync.jobs.sync.rules.reasons import Reason, place_of

_UPDATES = frozenset(UPDATE.values())


def with_permissions(decision: Decision, one: Case) -> Decision:
    """The decision about a path, with what its permissions have to say; those that are not known say nothing."""
    if _known(one) is None:
        return decision
    if decision.kind is Kind.EQUAL:
        return _alone(decision, one)
    if decision.kind in _UPDATES:
        return _beside_content(decision, one)
    return decision


def _known(one: Case) -> tuple[str, str] | None:
    """Permissions of both sides where they are known and differ."""
    if one.source is None or one.target is None or one.source.kind is not one.target.kind:
        return None
    here, there = one.source.permissions, one.target.permissions
    return (here, there) if here and there and here != there else None


def _changed(one: Case) -> list[Side]:
    """The sides whose permissions are not those that both had; none where nobody remembers."""
    then = one.agreed.permissions if one.agreed else ""
    return [side for side in Side if then and (now := one.on(side)) and now.permissions != then]


def _alone(decision: Decision, one: Case) -> Decision:
    changed = _changed(one)
    if len(changed) == 1:
        side = changed[0]
        changes = Reason.ATTRIBUTES_CHANGED if _of_attributes(one) else Reason.PERMISSIONS_CHANGED
        why = _from_to(changes(place=place_of(side)), one, side)
        kind = PERMIT_IN[side.other]
        return replace(decision, kind=kind, why=why, permissions=True)
    if changed:
        told = Reason.ATTRIBUTES_BOTH if _of_attributes(one) else Reason.PERMISSIONS_BOTH
    else:
        told = Reason.ATTRIBUTES_OTHER if _of_attributes(one) else Reason.PERMISSIONS_OTHER
    return replace(decision, kind=Kind.CONFLICT, why=told(), permissions=True)


def _beside_content(decision: Decision, one: Case) -> Decision:
    side = CHANGED_SIDE[decision.kind]
    if side not in _changed(one):
        return decision
    told = Reason.ATTRIBUTES_AND_CONTENT if _of_attributes(one) else Reason.PERMISSIONS_AND_CONTENT
    return replace(decision, kind=Kind.CONFLICT, why=told(place=place_of(side), other=place_of(side.other)))


def _of_attributes(one: Case) -> bool:
    """Whether attributes are all that differs."""
    here, there = _known(one) or ("", "")
    return permission_text.bits_of(here) == permission_text.bits_of(there)


def _from_to(why: str, one: Case, side: Side) -> str:
    old, new = one.on(side.other), one.on(side)
    assert old is not None and new is not None
    before, after = permission_text.words(old.permissions), permission_text.words(new.permissions)
    return Reason.FROM_TO(why=why, before=before, after=after) if before != after else why


def of_moved(decision: Decision, situation: Situation) -> Side | None:
    """The side that changed the permissions of a file that was renamed as well; ``None`` where none did, or both."""
    agreed = situation.agreed.get(decision.earlier)
    one = Case(decision.path, decision.source, decision.target, agreed)
    changed = _changed(one) if _known(one) else []
    return changed[0] if len(changed) == 1 else None


def is_closing(permissions: str) -> bool:
    """Whether a folder with these permissions is one that its owner can't work in as in any other."""
    return permission_text.bits_of(permissions) & 0o700 != 0o700


def is_more_than_made(permissions: str) -> bool:
    """Whether a folder that was made like another one does not have these permissions yet."""
    return is_closing(permissions) or bool(permission_text.attributes_of(permissions))
