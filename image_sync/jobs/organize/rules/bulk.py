"""Rules by which the kept picture of many groups is chosen at once: reasons in an order that the user sets.

Pure.  The first rule that tells two pictures apart decides; where none does, the one that is better anyway stays.  Of a
series each shot keeps one, and pictures of a reference folder always stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from image_sync.base import paths
from image_sync.base.model import Group, Member, Picture, PictureFate
from image_sync.jobs.holdings import HOLDINGS
from image_sync.jobs.organize.request import Preference
from image_sync.jobs.organize.rules.decisions import Decisions, is_reviewed, shot_of
from image_sync.jobs.organize.rules.ranking import figure


class Trait(Enum):
    """Trait of a picture that a rule prefers."""

    UNDAMAGED = "undamaged"
    WHOLE = "whole"
    RESOLUTION = "resolution"
    RICHEST = "richest"
    SHARPNESS = "sharpness"
    FORMAT = "format"
    LARGEST = "largest"
    OLDEST = "oldest"
    NEWEST = "newest"
    NAME = "name"
    FOLDER = "folder"


AT_FIRST = (Trait.UNDAMAGED, Trait.WHOLE, Trait.RESOLUTION, Trait.RICHEST)
"""The rules until the user chooses others."""


@dataclass(frozen=True, slots=True)
class BulkRules:
    """Rules in the order in which they count; ``folder`` is the one that ``Trait.FOLDER`` prefers."""

    traits: tuple[Trait, ...] = AT_FIRST
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Outcome of rules: ``groups`` decided, pictures ``kept`` and set ``aside`` with their ``size`` in bytes.

    ``reviewed`` are groups that are left as the user decided them, ``damaged`` kept pictures that are damaged though a
    whole one is set aside.
    """

    groups: int = 0
    kept: int = 0
    aside: int = 0
    size: int = 0
    reviewed: int = 0
    damaged: int = 0


def _age(picture: Picture) -> tuple[bool, str, int]:
    """By the capture date where there is one, else by the file's own time."""
    known = picture.fingerprint.captured
    return not known, known, picture.record.mtime_ns


def _youth(picture: Picture) -> tuple[bool, list[int], int]:
    known = picture.fingerprint.captured
    return not known, [-ord(character) for character in known], -picture.record.mtime_ns


_FIGURES: Mapping[Trait, Callable[[Picture], Any]] = {
    Trait.UNDAMAGED: lambda picture: bool(picture.damage),
    Trait.WHOLE: lambda picture: picture.shows_less,
    Trait.RESOLUTION: lambda picture: figure(picture, Preference.PIXELS),
    Trait.RICHEST: lambda picture: (
        *(criterion.judge(picture) for criterion in HOLDINGS),
        figure(picture, Preference.METADATA),
    ),
    Trait.SHARPNESS: lambda picture: figure(picture, Preference.SHARPNESS),
    Trait.FORMAT: lambda picture: figure(picture, Preference.QUALITY),
    Trait.LARGEST: lambda picture: -picture.record.size,
    Trait.OLDEST: _age,
    Trait.NEWEST: _youth,
    Trait.NAME: lambda picture: figure(picture, Preference.NAME),
}


def kept(group: Group, pictures: Sequence[Picture], rules: BulkRules) -> frozenset[int]:
    """The pictures of a group that the rules keep: one of each shot, and all of reference folders."""
    shots: dict[int, list[Member]] = {}
    for member in group.members:
        shots.setdefault(shot_of(member, group), []).append(member)
    winners = {_winner(members, pictures, rules) for members in shots.values()}
    references = {member.picture for member in group.members if pictures[member.picture].reference}
    return frozenset(winners | references)


def _winner(members: Sequence[Member], pictures: Sequence[Picture], rules: BulkRules) -> int:
    def key(member: Member) -> tuple[Any, ...]:
        picture = pictures[member.picture]
        return (not picture.reference, *(_judged(picture, trait, rules.folder) for trait in rules.traits))

    return min(members, key=key).picture


def _judged(picture: Picture, trait: Trait, folder: str) -> Any:
    if trait is Trait.FOLDER:
        return not (folder and paths.is_inside(picture.record.path, folder))
    return _FIGURES[trait](picture)


def apply_rules(
    groups: Iterable[Group],
    pictures: Sequence[Picture],
    rules: BulkRules,
    decisions: Decisions,
    *,
    reviewed_too: bool = False,
) -> tuple[Decisions, Tally]:
    """Decisions as the rules make them about ``groups``, and what that comes to.

    Groups that the user looked through stay as they are unless ``reviewed_too``; those that are decided here count as
    looked through.
    """
    fates, seen, tally = dict(decisions.fates), set(decisions.reviewed), Tally()
    for group in groups:
        if not reviewed_too and is_reviewed(group, pictures, decisions):
            tally = replace(tally, reviewed=tally.reviewed + 1)
            continue
        stay = kept(group, pictures, rules)
        for member in group.members:
            path = pictures[member.picture].record.path
            fates[path] = PictureFate.KEEP if member.picture in stay else PictureFate.SET_ASIDE
        seen.add(pictures[group.best.picture].record.path)
        tally = _counted(tally, group, pictures, stay)
    return replace(decisions, fates=fates, reviewed=frozenset(seen)), tally


def _counted(tally: Tally, group: Group, pictures: Sequence[Picture], stay: frozenset[int]) -> Tally:
    aside = [pictures[member.picture] for member in group.members if member.picture not in stay]
    whole = any(not picture.damage for picture in aside)
    return replace(
        tally,
        groups=tally.groups + 1,
        kept=tally.kept + len(stay),
        aside=tally.aside + len(aside),
        size=tally.size + sum(picture.record.size for picture in aside),
        damaged=tally.damaged + sum(bool(pictures[one].damage) for one in stay if whole),
    )
