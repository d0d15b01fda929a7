"""Shots of a camera that stored a RAW file and a picture of it: they are one, and never parted.

The picture stands for the shot, and the RAW file is among its companions.  Two shots match only when both halves that
they have in common do, so a RAW file never goes anywhere on the word of its picture alone.  Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord, Group, Match, Picture, PictureFate, Sameness
from image_sync.base.said import few
from image_sync.jobs.organize.rules.fates import shot_of
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.jobs.organize.rules.wholes import back

_WEAKNESS = {sameness: weakness for weakness, sameness in enumerate(Sameness)}
_UNREAD = -1
"""In the place of a RAW file that could not be read: whether two are the same is not known."""


Companions = Mapping[FileRecord, tuple[FileRecord, ...]]


def with_shots(
    pictures: Sequence[Picture], halves: Mapping[FileRecord, FileRecord], companions: Companions
) -> tuple[Picture, ...]:
    """The pictures, each RAW file of a shot marked as such and among the companions of the picture of it.

    ``halves`` are RAW files with the pictures that they belong to, ``companions`` what belongs to each of both.  Where
    only the RAW file can be read, it stands for the shot.
    """
    if not halves:
        return tuple(pictures)
    read = {picture.record for picture in pictures}
    more: dict[FileRecord, list[FileRecord]] = defaultdict(list)
    for raw, record in halves.items():
        first, second = (record, raw) if record in read else (raw, record)
        more[first] += (second, *companions.get(second, ()))
    return tuple(
        replace(picture, half_of=halves[picture.record].path)
        if halves.get(picture.record) in read
        else replace(picture, companions=(*picture.companions, *more.get(picture.record, ())))
        for picture in pictures
    )


def within_shots(pictures: Sequence[Picture]) -> frozenset[tuple[int, int]]:
    """Pairs (smaller index first) of the halves of one shot, which are no match of one another."""
    places = {picture.record.path: index for index, picture in enumerate(pictures)}
    pairs = ((index, places[one.half_of]) for index, one in enumerate(pictures) if one.half_of)
    return frozenset((min(pair), max(pair)) for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Shot:
    """The content of a shot: its picture and its RAW file, each by the first of identical files; ``None`` for none."""

    picture: int | None
    raw: int | None

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts that are there."""
        return tuple(part for part in (self.picture, self.raw) if part is not None)


def between_shots(pictures: Sequence[Picture], matches: Sequence[Match]) -> list[Match]:
    """The matches of pictures as those of shots: each between the pictures that stand for them."""
    if not any(_has_raw(picture) and picture.record.kind is not FileKind.RAW for picture in pictures):
        return list(matches)
    first = _firsts(matches)
    shots: dict[_Shot, list[int]] = defaultdict(list)
    raws = {picture.half_of: index for index, picture in enumerate(pictures) if picture.half_of}
    touched = {index for match in matches for index in (match.first, match.second)}
    places = {picture.record.path: index for index, picture in enumerate(pictures)}
    for index in sorted({places.get(pictures[index].half_of, index) for index in touched}):
        shots[_shot(index, pictures[index], raws, first)].append(index)
    found = [
        Match(some[0], other, Sameness.IDENTICAL_FILE, 1.0)
        for shot, some in shots.items()
        if shot.raw != _UNREAD
        for other in some[1:]
    ]
    known = _by_parts(matches, first)
    for one, other in _pairs(shots, known):
        link = _link(one, other, known)
        if link is not None:
            here, there = shots[one][0], shots[other][0]
            found.append(_between(here, there, link))
    return sorted(found, key=lambda match: (match.first, match.second))


def _shot(index: int, picture: Picture, raws: Mapping[str, int], first: Mapping[int, int]) -> _Shot:
    own = first.get(index, index)
    if picture.record.kind is FileKind.RAW:
        return _Shot(None, own)
    raw = raws.get(picture.record.path)
    unread = raw is None and _has_raw(picture)
    return _Shot(own, _UNREAD if unread else None if raw is None else first.get(raw, raw))


def _firsts(matches: Iterable[Match]) -> dict[int, int]:
    """The first of the identical files that a picture is one of."""
    return {match.second: match.first for match in matches if match.sameness is Sameness.IDENTICAL_FILE}


def _by_parts(matches: Iterable[Match], first: Mapping[int, int]) -> dict[tuple[int, int], Match]:
    """The strongest match of two contents, seen from both."""
    found: dict[tuple[int, int], Match] = {}
    for match in matches:
        if match.sameness is Sameness.IDENTICAL_FILE:
            continue
        here, there = first.get(match.first, match.first), first.get(match.second, match.second)
        if (here, there) not in found or _strength(match) > _strength(found[here, there]):
            found[here, there] = match
            found[there, here] = _back(match)
    return found


def _strength(match: Match) -> tuple[float, int]:
    return match.score, -_WEAKNESS[match.sameness]


def _back(match: Match) -> Match:
    return replace(match, first=match.second, second=match.first, turn=back(match.turn), part=-match.part)


def _pairs(shots: Iterable[_Shot], known: Iterable[tuple[int, int]]) -> Iterator[tuple[_Shot, _Shot]]:
    """Pairs of shots that have a content in common, or contents that match; each once."""
    holding: dict[int, list[_Shot]] = defaultdict(list)
    for shot in shots:
        for part in shot.parts:
            if part != _UNREAD:
                holding[part].append(shot)
    seen: set[frozenset[_Shot]] = set()
    alike = (pair for some in holding.values() for pair in combinations(some, 2))
    matching = ((one, other) for here, there in known for one in holding[here] for other in holding[there])
    for one, other in (*alike, *list(matching)):
        pair = frozenset((one, other))
        if one != other and pair not in seen:
            seen.add(pair)
            yield one, other


def _link(one: _Shot, other: _Shot, known: Mapping[tuple[int, int], Match]) -> Match | None:
    """The match of two shots: of both halves that they have in common, the weaker one; ``None`` where one is not."""
    both = [
        (mine, theirs)
        for mine, theirs in ((one.picture, other.picture), (one.raw, other.raw))
        if mine is not None and theirs is not None
    ]
    if not both:
        both = [(mine, theirs) for mine in one.parts for theirs in other.parts]
    links = [_of_parts(mine, theirs, known) for mine, theirs in both]
    if any(link is None for link in links):
        return None
    found = [link for link in links if link is not None]
    weakest = max(found, key=lambda match: (_WEAKNESS[match.sameness], -match.score))
    return replace(found[0], sameness=weakest.sameness, score=min(match.score for match in found))


def _of_parts(mine: int, theirs: int, known: Mapping[tuple[int, int], Match]) -> Match | None:
    if _UNREAD in (mine, theirs):
        return None
    if mine == theirs:
        return Match(mine, theirs, Sameness.IDENTICAL_FILE, 1.0)
    return known.get((mine, theirs))


def _between(here: int, there: int, link: Match) -> Match:
    """The link between two pictures, the smaller index first."""
    if here < there:
        return replace(link, first=here, second=there)
    return _back(replace(link, first=here, second=there))


# --- fates ------------------------------------------------------------------------------------------------------------


def _has_raw(picture: Picture) -> bool:
    """Whether there is a RAW file of the shot: it is one, or one belongs to it."""
    return picture.record.kind is FileKind.RAW or any(one.kind is FileKind.RAW for one in picture.companions)


def with_raw_kept(groups: Sequence[Group], pictures: Sequence[Picture]) -> tuple[Group, ...]:
    """The groups, with copies left alone that have a RAW file which the picture that stays has not.

    Where the user decided about a copy, that holds.
    """
    return tuple(_with_raw_kept(group, pictures) for group in groups)


def _with_raw_kept(group: Group, pictures: Sequence[Picture]) -> Group:
    if not any(_has_raw(pictures[member.picture]) for member in group.members):
        return group
    members = tuple(
        replace(member, fate=PictureFate.LEAVE)
        if member is not group.best
        and member.fate is None
        and member.sameness.is_copy
        and _has_raw(pictures[member.picture])
        and not _has_raw(pictures[shot_of(member, group)])
        else member
        for member in group.members
    )
    return replace(group, members=members) if members != group.members else group


def raw_kept_in_words(before: Sequence[Group], after: Sequence[Group], pictures: Sequence[Picture]) -> Iterator[str]:
    """The note that names them."""
    names = [
        pictures[new.picture].record.name
        for one, other in zip(before, after, strict=True)
        for old, new in zip(one.members, other.members, strict=True)
        if old.fate is not new.fate
    ]
    if names:
        yield Noted.RAW_KEPT(names=few(paths.display(name) for name in names))
