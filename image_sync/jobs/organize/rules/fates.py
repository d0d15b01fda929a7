"""Fates of the pictures of a group: what becomes of each, and which one stays in its place.

Pure; plan, merging and the window ask here.
"""

from __future__ import annotations

from collections.abc import Mapping

from image_sync.base.model import Group, Member, PictureFate
from image_sync.jobs.organize.request import Handling


def fates_of(group: Group, handling: Handling) -> tuple[PictureFate, ...]:
    """The fate of each member: as it was decided, else as the handling has it.

    One is always kept: where nothing was to be, it is the best.  A group that is left alone altogether stays so.
    """
    usual = PictureFate.KEEP if handling is Handling.GATHER else PictureFate.SET_ASIDE
    stay = (group.best, *(member for member in group.members if not member.sameness.is_copy))
    fates = [member.fate or (PictureFate.KEEP if member in stay else usual) for member in group.members]
    if PictureFate.KEEP not in fates and PictureFate.SET_ASIDE in fates:
        fates[0] = PictureFate.KEEP
    return tuple(fates)


def by_fate(group: Group, handling: Handling) -> dict[PictureFate, list[Member]]:
    """The members by their fate."""
    fates = fates_of(group, handling)
    return {fate: [one for one, own in zip(group.members, fates, strict=True) if own is fate] for fate in PictureFate}


def shot_of(member: Member, group: Group) -> int:
    """The picture that a member is a copy of."""
    return group.best.picture if member.copy_of is None else member.copy_of


def kept_for(member: Member, group: Group, fates: Mapping[int, PictureFate]) -> int:
    """The picture that stays in the place of a member: what it is a copy of, else the first that is not set aside."""
    own = shot_of(member, group)
    if fates[own] is not PictureFate.SET_ASIDE:
        return own
    others = (one.picture for one in group.members if fates[one.picture] is not PictureFate.SET_ASIDE)
    return next(others, own)
