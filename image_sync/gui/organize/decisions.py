"""Decisions in the review of *organize* without widgets: what a key or a click does to them, and the way back.

Whatever is done, one picture of every group is kept; a step that would keep none is refused in words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from image_sync.base.model import Group, Picture, PictureFate
from image_sync.gui.job.step_history import StepHistory
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.decisions import Decisions, decided
from image_sync.jobs.organize.rules.fates import fates_of

Pair = tuple[Picture, Picture]


class DecisionHistory(StepHistory[Decisions, tuple[Pair, ...]]):
    """The decisions as they stand, and the steps that led to them; beside them go the pairs that were told apart."""

    def __init__(self, decisions: Decisions | None = None) -> None:
        super().__init__(decisions or Decisions())


class NoneKept(Exception):
    """The step would keep no picture of a group; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """Decisions that are possible about the groups of one review; each follows from ``now``."""

    groups: Sequence[Group]
    pictures: Sequence[Picture]
    handling: Handling
    now: Decisions

    def path(self, picture: int) -> str:
        """The path of a picture."""
        return self.pictures[picture].record.path

    def fates(self, group: int) -> dict[int, PictureFate]:
        """The fate of each member of a group, by its picture."""
        found = self.groups[group]
        return {one.picture: fate for one, fate in zip(found.members, fates_of(found, self.handling), strict=True)}

    def toggled(self, group: int, chosen: Iterable[int]) -> Decisions:
        """Kept pictures are set aside, the others kept.  Raises ``NoneKept``."""
        fates = self.fates(group)
        kept = PictureFate.KEEP
        return self.with_fates(
            group, {one: PictureFate.SET_ASIDE if fates[one] is kept else kept for one in chosen if one in fates}
        )

    def only(self, group: int, chosen: Iterable[int]) -> Decisions:
        """The chosen pictures are kept, the others of the group set aside.  Raises ``NoneKept``."""
        wanted = set(chosen)
        members = (member.picture for member in self.groups[group].members)
        return self.with_fates(
            group, {one: PictureFate.KEEP if one in wanted else PictureFate.SET_ASIDE for one in members}
        )

    def all_kept(self, group: int) -> Decisions:
        """Every picture of the group is kept."""
        return self.with_fates(group, {one.picture: PictureFate.KEEP for one in self.groups[group].members})

    def with_fates(self, group: int, fates: dict[int, PictureFate]) -> Decisions:
        """The fates of some members; the group counts as reviewed.  Raises ``NoneKept``."""
        fates = {one: fate for one, fate in fates.items() if not self.pictures[one].reference}
        after = self.fates(group) | fates
        kept = [one for one, fate in after.items() if fate is PictureFate.KEEP or self.pictures[one].reference]
        if not kept and set(after.values()) != {PictureFate.LEAVE}:
            raise NoneKept(_("One picture of every group is kept. Keep another one first."))
        told = {**self.now.fates, **{self.path(one): fate for one, fate in after.items()}}
        return replace(self.reviewed(group), fates=told)

    def led_by(self, group: int, picture: int) -> Decisions:
        """Another picture leads the group; it is kept, and what the others are depends on it as before."""
        members = {self.path(member.picture) for member in self.groups[group].members}
        own = self.path(picture)
        fates = {path: fate for path, fate in self.now.fates.items() if path not in members}
        return replace(self.reviewed(group), best=(self.now.best - members) | {own}, fates=fates)

    def reviewed(self, group: int, on: bool = True) -> Decisions:
        """The group was looked through, or is to be looked at again."""
        members = {self.path(member.picture) for member in self.groups[group].members}
        seen = self.now.reviewed | {self.path(self.groups[group].best.picture)} if on else self.now.reviewed - members
        return replace(self.now, reviewed=seen)


def with_decisions(review: OrganizeReview, now: Decisions, homes: Mapping[str, int]) -> OrganizeReview:
    """The review as it is decided now, its plan as it was; only the groups are decided anew that another decision is
    about.  ``homes`` are the groups by the paths of their files."""
    before, undecided = review.decisions, review.undecided or review.groups
    paths = before.best ^ now.best
    paths |= {path for path, fate in now.fates.items() if before.fates.get(path) is not fate}
    paths |= before.fates.keys() - now.fates.keys()
    groups = list(review.groups)
    for group in {homes[path] for path in paths if path in homes}:
        groups[group] = decided((undecided[group],), review.pictures, review.matches, now)[0]
    return replace(review, groups=tuple(groups), undecided=undecided, decisions=now)
