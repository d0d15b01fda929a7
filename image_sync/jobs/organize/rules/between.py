"""Matches between folders: those of which the two pictures stand in different input folders.

Identical copies count as one picture that stands in several folders, so that they are never torn apart: of two equal
files in one folder both match a third in another.  So each member of a group that is left matches one in another
folder.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from image_sync.base.model import Group, Match, Sameness
from image_sync.jobs.organize.rules.grouping import Copies, Grouping


def between_folders(matches: Sequence[Match], folders: Sequence[str], order: Sequence[int]) -> list[Match]:
    """The matches that count, and what tells copies.

    ``folders`` are the input folders of the pictures, ``order`` their ranks, by index.
    """
    copies = Copies(matches, order, (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS))
    homes = {best: {folders[picture] for picture in same} for best, same in copies.of.items()}

    def counts(match: Match) -> bool:
        one, other = copies.best_of(match.first), copies.best_of(match.second)
        return one == other or len(homes[one] | homes[other]) > 1

    return [match for match in matches if counts(match)]


def over_folders(grouping: Grouping, folders: Sequence[str]) -> Grouping:
    """The groups with members in more than one folder: copies that found nothing elsewhere are left."""
    return replace(grouping, groups=tuple(one for one in grouping.groups if _is_over(one, folders)))


def _is_over(group: Group, folders: Sequence[str]) -> bool:
    places: Iterable[str] = (folders[member.picture] for member in group.members)
    return len({*places}) > 1
