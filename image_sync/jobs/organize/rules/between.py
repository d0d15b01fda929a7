"""Groups over folders: a picture takes part where a match of it stands in another input folder.

Two matches within one folder bring no group about.  Where another folder has the picture too, all versions of it belong
to one group, as ever around the best of them; but each must match a member that stands in another folder.  Identical
copies count as one picture that stands in several folders, and are never torn apart.  Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from image_sync.base.model import Group, Match, Member, Sameness
from image_sync.jobs.organize.rules.grouping import Copies, Grouping

Grouper = Callable[[Sequence[Match]], Grouping]


def grouped_over_folders(
    matches: Sequence[Match], folders: Sequence[str], order: Sequence[int], group: Grouper
) -> Grouping:
    """The groups of pictures that have a match in another folder.

    ``folders`` are the input folders of the pictures, ``order`` their ranks, by index; ``group`` makes groups of
    matches.  What a group can't keep, since its match in another folder went elsewhere, is grouped anew: of two
    pictures of different folders that match one at least is in a group.
    """
    sets = _Sets(matches, folders, order)
    found: list[Group] = []
    left = matches
    while left := sets.with_match_elsewhere(left):
        kept = [one for one in map(sets.kept, group(left).groups) if len(one.members) > 1]
        taken = {member.picture for one in kept for member in one.members}
        left = [match for match in left if match.first not in taken and match.second not in taken]
        found += kept
        if not kept:
            break
    return Grouping(tuple(found), sets.left_out(matches, found))


class _Sets:
    """Sets of identical copies, the folders in which each stands, and which sets match."""

    def __init__(self, matches: Sequence[Match], folders: Sequence[str], order: Sequence[int]) -> None:
        self._folders = folders
        self._copies = Copies(matches, order, (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS))
        self._homes = {best: {folders[picture] for picture in same} for best, same in self._copies.of.items()}
        self._linked = {best: {best} for best in self._homes}
        for match in matches:
            one, other = self._ends(match)
            self._linked[one].add(other)
            self._linked[other].add(one)

    def with_match_elsewhere(self, matches: Iterable[Match]) -> list[Match]:
        """The matches of pictures each of which has a match in another folder."""
        matches = list(matches)
        some = {end for match in matches if self._is_over(match) for end in self._ends(match)}
        return [match for match in matches if some.issuperset(self._ends(match))]

    def kept(self, group: Group) -> Group:
        """The group without the members that match none of it in another folder."""
        present: dict[int, set[str]] = {}
        for member in group.members:
            present.setdefault(self._copies.best_of(member.picture), set()).add(self._folders[member.picture])
        stay = {
            best for best in present if len(set().union(*(present.get(one, set()) for one in self._linked[best]))) > 1
        }
        if stay:
            # The whole that holds two parts leads them, also where it matches one of its own folder only.
            stay.add(self._copies.best_of(group.best.picture))
        members = [member for member in group.members if self._copies.best_of(member.picture) in stay]
        there = {member.picture for member in members}
        return replace(group, members=tuple(_on_its_own(member, there) for member in members))

    def left_out(self, matches: Iterable[Match], groups: Iterable[Group]) -> int:
        """The number of pairs that match over folders and are in no group together."""
        home = {member.picture: number for number, one in enumerate(groups) for member in one.members}
        pairs = {tuple(sorted((match.first, match.second))) for match in matches if self._is_over(match)}
        return sum(first not in home or home[first] != home.get(second) for first, second in pairs)

    def _is_over(self, match: Match) -> bool:
        one, other = self._ends(match)
        return len(self._homes[one] | self._homes[other]) > 1

    def _ends(self, match: Match) -> tuple[int, int]:
        return self._copies.best_of(match.first), self._copies.best_of(match.second)


def _on_its_own(member: Member, there: set[int]) -> Member:
    """A copy of a shot that is not in the group stands for that shot of the series."""
    if member.copy_of is None or member.copy_of in there:
        return member
    return replace(member, sameness=Sameness.SERIES, copy_of=None)
