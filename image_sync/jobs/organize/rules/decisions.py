"""Decisions of the user about groups: which picture leads, what becomes of each, which groups a run is about.

Pure.  Decisions are kept by the paths of the pictures, so that they outlive a new plan and another scan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from image_sync.base.model import Group, Match, Member, Picture, PictureFate, Sameness

CHOSEN = "chosen by you"


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions of the user so far.

    ``fates`` are by path, ``best`` are the paths of pictures that lead their groups, ``reviewed`` those of pictures
    whose groups were looked through.  ``only_reviewed`` plans those groups alone; the rest stays for later.
    """

    fates: Mapping[str, PictureFate] = field(default_factory=dict)
    best: frozenset[str] = frozenset()
    reviewed: frozenset[str] = frozenset()
    only_reviewed: bool = False

    def __bool__(self) -> bool:
        return bool(self.fates or self.best or self.reviewed or self.only_reviewed)


def decided(
    groups: Sequence[Group], pictures: Sequence[Picture], matches: Sequence[Match], decisions: Decisions
) -> tuple[Group, ...]:
    """The groups as they were decided: the chosen picture first, each member with its fate.

    Groups that no decision is about are left as they are.
    """
    if not decisions:
        return tuple(groups)
    members = {member.picture: pictures[member.picture].record.path for group in groups for member in group.members}
    about = {index for index, path in members.items() if path in decisions.fates}
    chosen = {index for index, path in members.items() if path in decisions.best}
    known = _pairs(matches, chosen) if chosen else {}
    return tuple(_decided(group, pictures, decisions, about, chosen, known) for group in groups)


def is_reviewed(group: Group, pictures: Sequence[Picture], decisions: Decisions) -> bool:
    """Whether a group was looked through."""
    return any(pictures[member.picture].record.path in decisions.reviewed for member in group.members)


def for_this_run(groups: Sequence[Group], pictures: Sequence[Picture], decisions: Decisions) -> tuple[Group, ...]:
    """The groups, those that are to stay for later with every member left where it is."""
    if not decisions.only_reviewed:
        return tuple(groups)
    return tuple(one if is_reviewed(one, pictures, decisions) else _left_alone(one) for one in groups)


def _left_alone(group: Group) -> Group:
    return replace(group, members=tuple(replace(member, fate=PictureFate.LEAVE) for member in group.members))


_Pairs = Mapping[tuple[int, int], Match]


def _pairs(matches: Sequence[Match], chosen: set[int]) -> _Pairs:
    """The matches of chosen pictures, by both their members."""
    return {
        pair: match
        for match in matches
        if match.first in chosen or match.second in chosen
        for pair in ((match.first, match.second), (match.second, match.first))
    }


def _decided(
    group: Group,
    pictures: Sequence[Picture],
    decisions: Decisions,
    about: set[int],
    chosen: set[int],
    known: _Pairs,
) -> Group:
    leader = next((member for member in group.members if member.picture in chosen), group.best)
    if leader is not group.best:
        group = _led_by(group, leader, known)
    if not any(member.picture in about for member in group.members):
        return group
    members = tuple(
        replace(member, fate=decisions.fates.get(pictures[member.picture].record.path)) for member in group.members
    )
    return replace(group, members=members)


def _led_by(group: Group, leader: Member, known: _Pairs) -> Group:
    """The group with another picture first; how the others match it is what is known of the pair."""
    first = replace(leader, sameness=Sameness.IDENTICAL_FILE, score=1.0, turn=0)
    first = replace(first, copy_of=None)
    shot = shot_of(leader, group)
    others = [member for member in group.members if member is not leader]
    same = [replace(_seen_from(leader, one, known), copy_of=None) for one in others if shot_of(one, group) == shot]
    rest = [_of_another_shot(one, group, leader) for one in others if shot_of(one, group) != shot]
    return replace(group, members=(first, *sorted(same, key=lambda one: -one.score), *rest), why_best=CHOSEN)


def shot_of(member: Member, group: Group) -> int:
    """The picture of ``group`` that stands for the shot which a member is, or is a copy of."""
    if member.copy_of is not None:
        return member.copy_of
    return group.best.picture if member.sameness.is_copy else member.picture


def _of_another_shot(member: Member, group: Group, leader: Member) -> Member:
    """A member where another shot of the series leads, or what it is shown within: the best of its own shot is of the
    series, the others copies."""
    shot = shot_of(member, group)
    if member.picture == shot:
        shown = Sameness.WITHIN in (member.sameness, leader.sameness)
        return replace(member, sameness=Sameness.WITHIN if shown else Sameness.SERIES, copy_of=None)
    return replace(member, copy_of=shot)


def _seen_from(leader: Member, member: Member, known: _Pairs) -> Member:
    match = known.get((leader.picture, member.picture))
    if match is not None and match.sameness.is_copy:
        return replace(member, sameness=match.sameness, score=match.score, turn=match.turn)
    identical = (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_FILE)
    if (leader.sameness, member.sameness) == identical:
        return member
    # They matched through the picture that led before.
    return replace(member, sameness=Sameness.SIMILAR, score=min(leader.score, member.score))
