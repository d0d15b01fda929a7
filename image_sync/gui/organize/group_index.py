"""Index of the groups of a review: their names, members and size, and where each file is; reckoned once.

Every decision makes another review of the same files.  What a decision can't change is taken over from the index before
it: of thousands of groups it would take longer than a person waits for a key.  No tkinter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from image_sync.base.model import Group
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.model import OrganizeReview


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """Index of one way to group the files of one scan.

    ``members`` are the pictures of each group, the best first.  ``homes`` are the groups by the paths of their files.
    No two ``names`` are the same.  ``size`` is that of all files of all groups, in bytes.
    """

    groups: tuple[Group, ...]
    members: list[list[int]]
    homes: dict[str, int]
    names: list[str]
    size: int

    def reviewed(self, review: OrganizeReview) -> set[int]:
        """The groups that were looked through."""
        return {self.homes[path] for path in review.decisions.reviewed if path in self.homes}


def index_of(
    review: OrganizeReview, known: OrganizeReview | None = None, before: GroupIndex | None = None
) -> GroupIndex:
    """The index of a review; ``before`` is that of the review ``known``."""
    if before is not None and known is not None and _has_same_files(known, review) and _is_alike(before, review):
        return before
    pictures = review.pictures
    members = [[member.picture for member in group.members] for group in review.groups]
    return GroupIndex(
        groups=review.groups,
        members=members,
        homes={pictures[picture].record.path: group for group, some in enumerate(members) for picture in some},
        names=_names(review),
        size=sum(pictures[picture].record.size for some in members for picture in some),
    )


def _has_same_files(known: OrganizeReview, review: OrganizeReview) -> bool:
    one, other = known.pictures, review.pictures
    return one is other or (
        len(one) == len(other) and all(a.record is b.record for a, b in zip(one, other, strict=True))
    )


def _is_alike(before: GroupIndex, review: OrganizeReview) -> bool:
    """Whether the groups have the same files in the same order, whatever was decided about them."""
    if len(before.groups) != len(review.groups):
        return False
    pairs = zip(before.groups, review.groups, before.members, strict=True)
    return all(
        old is new or (old.context == new.context and some == [member.picture for member in new.members])
        for old, new, some in pairs
    )


def _names(review: OrganizeReview) -> list[str]:
    """A name for each group: its context, where others have that too with its best picture's name, and a number where
    that is not enough."""
    contexts = Counter(group.context for group in review.groups)
    names: list[str] = []
    used = Counter[str]()
    for index, group in enumerate(review.groups):
        if not group.context:
            name = _("Group {number}").format(number=index + 1)
        elif contexts[group.context] == 1:
            name = shown(group.context)
        else:
            name = f"{shown(group.context)} · {shown(review.pictures[group.best.picture].record.name)}"
        used[name] += 1
        names.append(name if used[name] == 1 else f"{name} ({used[name]})")
    return names
