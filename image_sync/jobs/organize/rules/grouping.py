"""Grouping of matches: stars around the best picture, never chains.

If A is like B and B like C, A and C may have nothing in common; so a group is not whatever hangs together but one best
picture and those that match *it*.  The best picture of all takes its matches first, then the best of the rest.

Copies that are identical (file or pixels, as they stand) count as one picture: what matches one of them matches all,
and they are never torn apart.  Shots of a series are no copies of one another: each shot takes its copies first, and
then the best of all shots takes those that are of a series with it.  A collage or a story comes to a picture that is
shown within it, never the other way round: two pictures that meet in a collage have nothing to do with one another.
The result depends on the matches and the ranks alone, not on the order or the numbering in which they come.  Which
picture is better, and which matches the user refused, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from image_sync.base.model import Group, Match, Member, Sameness
from image_sync.jobs.organize.rules import wholes
from image_sync.jobs.organize.rules.wholes import Link, Links, back

_STRENGTH = {sameness: strength for strength, sameness in enumerate(reversed(Sameness))}

CLOSE = 0.99
"""Score from which on a pair that came into no group together is named."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups (two members or more), that with the best picture first, and how many matches are in none of them;
    ``parted`` are the closest of these, one for each pair of pictures."""

    groups: tuple[Group, ...]
    left_out: int
    parted: tuple[Match, ...] = ()


def group(count: int, matches: Sequence[Match], order: Sequence[int], by_wholes: bool = False) -> Grouping:
    """Groups among ``count`` pictures.

    ``order[p]`` is the rank of picture ``p``: all different, smaller is better.  In a group the best comes first, then
    the higher score, then the better rank.  Copies of a similar picture have that picture's score and turn.
    ``by_wholes`` gathers around the pictures that show most (``wholes``), where it is known what shows less than what.
    ``left_out`` counts the pairs of pictures that match but did not come into one group.
    """
    if len(order) != count or len(set(order)) != count:
        raise ValueError(f"{count} pictures need {count} different ranks")
    files = Copies(matches, order, (Sameness.IDENTICAL_FILE,))
    copies = Copies(matches, order, (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS))
    same = [match for match in matches if match.sameness.is_copy]
    series = [match for match in matches if match.sameness is Sameness.SERIES]
    links = _links(same, copies)
    stars = wholes.stars(links, order, _apart(series, copies)) if by_wholes else _stars(links, order)
    shots = {best: _group(best, star, files, copies, order) for best, star in stars.items()}
    heads = _stars(_links_of_shots(series, shots), order)
    holders = _holders([match for match in matches if match.sameness is Sameness.WITHIN], shots, heads, order)
    found = (
        _with_others(shots, best, star, holders.get(best, {}))
        for best, star in heads.items()
        if not any(best in held for held in holders.values())
    )
    groups = tuple(one for one in found if len(one.members) > 1)
    left_out = _left_out(matches, groups)
    parted = (match for match in left_out if match.score >= CLOSE and match.sameness.is_copy)
    return Grouping(groups, len(left_out), tuple(sorted(parted, key=lambda one: (-one.score, one.first, one.second))))


class Copies:
    """Copies of one another among the pictures that match any, by the given kinds of sameness; the best of them
    stands for all."""

    def __init__(self, matches: Sequence[Match], order: Sequence[int], kinds: tuple[Sameness, ...]) -> None:
        matched = sorted({picture for match in matches for picture in (match.first, match.second)})
        self._parent = {picture: picture for picture in matched}
        for match in matches:
            if match.sameness in kinds and match.turn == 0:
                self._join(self.best_of(match.first), self.best_of(match.second), order)
        self.of: dict[int, list[int]] = {}
        for picture in matched:
            self.of.setdefault(self.best_of(picture), []).append(picture)

    def best_of(self, picture: int) -> int:
        """The best copy of ``picture``, itself included."""
        parent = self._parent
        while parent[picture] != picture:
            parent[picture] = parent[parent[picture]]
            picture = parent[picture]
        return picture

    def _join(self, one: int, other: int, order: Sequence[int]) -> None:
        better, worse = (one, other) if order[one] < order[other] else (other, one)
        self._parent[worse] = better


def _links(matches: Iterable[Match], copies: Copies) -> Links:
    """For the best of each set of copies: the best of other sets that match it, and how."""
    links: Links = {best: {} for best in copies.of}
    for match in matches:
        one, other = copies.best_of(match.first), copies.best_of(match.second)
        if one != other:
            _strengthen(links[one], other, match, match.turn, match.part)
            _strengthen(links[other], one, match, back(match.turn), -match.part)
    return links


def _strengthen(links: dict[int, Link], other: int, match: Match, turn: int, part: int) -> None:
    link = Link(match.score, _STRENGTH[match.sameness], turn, match.sameness, part)
    if other not in links or link.key > links[other].key:
        links[other] = link


def _stars(links: Links, order: Sequence[int]) -> dict[int, dict[int, Link]]:
    """From the best to the worst: whoever belongs to nobody yet takes all that match it and belong to nobody yet."""
    taken: set[int] = set()
    stars: dict[int, dict[int, Link]] = {}
    for best in sorted(links, key=order.__getitem__):
        if best not in taken:
            stars[best] = {other: link for other, link in links[best].items() if other not in taken}
            taken.update((best, *stars[best]))
    return stars


def _group(best: int, star: Mapping[int, Link], files: Copies, copies: Copies, order: Sequence[int]) -> Group:
    members = [Member(picture, _how_identical(picture, best, files), 1.0) for picture in copies.of[best]]
    for other, link in star.items():
        members += [Member(picture, link.sameness, link.score, link.turn) for picture in copies.of[other]]
    members.sort(key=lambda member: (member.picture != best, -member.score, order[member.picture]))
    return Group(tuple(members))


# --- series -----------------------------------------------------------------------------------------------------------


def _links_of_shots(series: Iterable[Match], shots: Mapping[int, Group]) -> Links:
    """For the best of each shot: the best of other shots of a series with it, and how."""
    best_of = {member.picture: best for best, group in shots.items() for member in group.members}
    links: Links = {best: {} for best in shots}
    for match in series:
        one, other = best_of[match.first], best_of[match.second]
        if one != other:
            _strengthen(links[one], other, match, match.turn, 0)
            _strengthen(links[other], one, match, back(match.turn), 0)
    return links


def _with_others(
    shots: Mapping[int, Group], best: int, series: Mapping[int, Link], holders: Mapping[int, Link]
) -> Group:
    """The shot ``best`` with its copies, then the other shots of its series and what it is shown within, each with its
    own copies."""
    members = list(shots[best].members)
    for sameness, star in ((Sameness.SERIES, series), (Sameness.WITHIN, holders)):
        for other in sorted(star, key=lambda shot: (-star[shot].score, shot)):
            first, *rest = shots[other].members
            link = star[other]
            members.append(replace(first, sameness=sameness, score=link.score, turn=link.turn))
            members += [replace(member, copy_of=other) for member in rest]
    return Group(tuple(members))


def _holders(
    within: Iterable[Match], shots: Mapping[int, Group], heads: Mapping[int, Mapping[int, Link]], order: Sequence[int]
) -> dict[int, dict[int, Link]]:
    """For the best of groups the shots that show it, or one of its own, within: each comes to one group only, to the
    one that it shows best.  What is within a collage within a collage goes with the innermost."""
    head_of = {shot: head for head, star in heads.items() for shot in (head, *star)}
    best_of = {member.picture: best for best, group in shots.items() for member in group.members}
    as_best = {
        member.picture
        for group in shots.values()
        for member in group.members
        if member.sameness in (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS)
    }
    ways: dict[int, tuple[tuple[float, int], int, Link]] = {}
    for match in within:
        holder, shown = (match.first, match.second) if match.part > 0 else (match.second, match.first)
        shot, head = best_of[holder], head_of[best_of[shown]]
        # What is a copy of something else, or of a series, stays with that.
        if holder not in as_best or head_of[shot] != shot or heads[shot] or head == shot:
            continue
        turn = match.turn if match.part < 0 else back(match.turn)
        link = Link(match.score, _STRENGTH[match.sameness], turn, match.sameness, match.part)
        key = (match.score, -order[head])
        if shot not in ways or key > ways[shot][0]:
            ways[shot] = key, head, link
    holders: dict[int, dict[int, Link]] = {}
    for shot in sorted(ways, key=order.__getitem__):
        _, head, link = ways[shot]
        seen = {shot}
        while head in ways and head not in seen:
            seen.add(head)
            head = ways[head][1]
        if head not in seen:
            holders.setdefault(head, {})[shot] = link
    return holders


def _apart(series: Iterable[Match], copies: Copies) -> dict[int, set[int]]:
    """For the best of each set of copies the others that are another shot."""
    apart: dict[int, set[int]] = {}
    for match in series:
        one, other = copies.best_of(match.first), copies.best_of(match.second)
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    return apart


def _how_identical(picture: int, best: int, files: Copies) -> Sameness:
    same_file = files.best_of(picture) == files.best_of(best)
    return Sameness.IDENTICAL_FILE if same_file else Sameness.IDENTICAL_PIXELS


def _left_out(matches: Iterable[Match], groups: Iterable[Group]) -> list[Match]:
    """The matches whose pictures are in no group together, the closest one of each pair."""
    home = {member.picture: number for number, one in enumerate(groups) for member in one.members}
    pairs: dict[tuple[int, int], Match] = {}
    for match in matches:
        pair = min(match.first, match.second), max(match.first, match.second)
        if pair not in pairs or match.score > pairs[pair].score:
            pairs[pair] = match
    return [match for (first, second), match in pairs.items() if first not in home or home[first] != home.get(second)]
