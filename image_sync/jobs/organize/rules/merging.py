"""Merging of statements: the picture that stays gets from its copies what they state and it lacks.

Which copies go to which picture follows from the groups and the fates; what a picture lacks follows from the statements
of both.  Nothing is ever taken from the one that stays: where a copy states something else, that is told and left.
Pure: the statements come in as values, and how they are written is decided by who can look at the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import reduce

from image_sync.base import paths
from image_sync.base.model import FileRecord, Group, Maker, Picture, PictureFate, Problem
from image_sync.base.said import Value, few
from image_sync.base.stated import NOTHING, Fact, Position, Stated
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.fates import fates_of, kept_for
from image_sync.jobs.organize.rules.reasons import Another, Reason

NEAR = 0.001
"""Degrees within which two positions are one: about a hundred metres, as programs round them."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Statements that a picture will get: ``added``, and the copies (by index) that each kind comes from."""

    added: Stated = NOTHING
    givers: Mapping[Fact, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge:
    """Way in which a gain is written: by ``maker`` into the picture, its ``sidecar``, or a new one beside it."""

    gain: Gain
    maker: Maker
    sidecar: FileRecord | None = None


@dataclass(frozen=True, slots=True)
class Merging:
    """The merges of a plan by the picture (its index) that stays; ``others`` are the kinds of statements by the copy
    that makes them and the picture that keeps its own; ``unchanged`` are pictures that lack something and are in a
    reference folder; ``problems`` are what could not be read or can't be written."""

    merges: Mapping[int, Merge] = field(default_factory=dict)
    others: Mapping[int, tuple[int, tuple[Fact, ...]]] = field(default_factory=dict)
    unchanged: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


NO_MERGING = Merging()


def copies_by_keeper(groups: Iterable[Group], pictures: Sequence[Picture], handling: Handling) -> dict[int, list[int]]:
    """The copies (by index) whose statements go to each picture that stays, in the order of their group.

    Where the others are set aside these are they; where a group is gathered they are all copies of its best (or of
    their own shot).  What is left alone gives nothing and gets nothing.
    """
    found: dict[int, list[int]] = {}
    for group in groups:
        fates = dict(zip((member.picture for member in group.members), fates_of(group, handling), strict=True))
        for member in group.members:
            if fates[member.picture] is PictureFate.LEAVE or pictures[member.picture].reference:
                continue
            keeper = kept_for(member, group, fates)
            is_copy = member is not group.best and member.sameness.is_copy
            given = fates[member.picture] is PictureFate.SET_ASIDE or (handling is Handling.GATHER and is_copy)
            if given and keeper != member.picture and fates[keeper] is PictureFate.KEEP:
                found.setdefault(keeper, []).append(member.picture)
    return found


def gained(own: Stated, copies: Iterable[tuple[int, Stated]]) -> tuple[Gain, dict[int, tuple[Fact, ...]]]:
    """The gain of a picture that states ``own``, the first copy first; and by copy what it states otherwise."""
    now, added = own, NOTHING
    givers: dict[Fact, list[int]] = {}
    others: dict[int, tuple[Fact, ...]] = {}
    for index, copy in copies:
        news, differing = _news(now, copy)
        for fact in news.facts:
            givers.setdefault(fact, []).append(index)
        now, added = _joined(now, news), _joined(added, news)
        if differing:
            others[index] = differing
    return Gain(added, {fact: tuple(found) for fact, found in givers.items()}), others


def _news(own: Stated, copy: Stated) -> tuple[Stated, tuple[Fact, ...]]:
    """Statements that ``copy`` makes and ``own`` lacks, and what both state in different ways."""
    news = NOTHING
    differing: list[Fact] = []
    if copy.taken is not None:
        if own.taken is None and not own.doubtful:
            news = replace(news, taken=copy.taken, offset=copy.offset)
        elif not _same_moment(own, copy):
            differing.append(Fact.TAKEN)
        elif own.offset is None:
            news = replace(news, offset=copy.offset)
    if copy.position is not None:
        if own.position is None:
            news = replace(news, position=copy.position)
        elif not _same_place(own.position, copy.position):
            differing.append(Fact.POSITION)
    for fact, name in _SINGLE.items():
        mine, theirs = getattr(own, name), getattr(copy, name)
        if theirs and not mine:
            news = replace(news, **{name: theirs})
        elif theirs and theirs != mine:
            differing.append(fact)
    news = replace(news, keywords=tuple(word for word in copy.keywords if word not in own.keywords))
    return news, tuple(differing)


_SINGLE = {
    Fact.RATING: "rating",
    Fact.TITLE: "title",
    Fact.CAPTION: "caption",
    Fact.ARTISTS: "artists",
    Fact.COPYRIGHT: "copyright",
}
"""The fields that one value stands in; keywords are put together."""


def _same_moment(own: Stated, copy: Stated) -> bool:
    """Whether two dates are one to the second: on the same clock, or at the same time where both clocks are known."""
    if own.taken is None or copy.taken is None:
        return False
    here, there = own.taken.replace(microsecond=0), copy.taken.replace(microsecond=0)
    if own.offset is None or copy.offset is None:
        return here == there
    return here - timedelta(minutes=own.offset) == there - timedelta(minutes=copy.offset)


def _same_place(one: Position, other: Position) -> bool:
    east = abs(one.longitude - other.longitude) % 360
    return abs(one.latitude - other.latitude) <= NEAR and min(east, 360 - east) <= NEAR


def _joined(first: Stated, more: Stated) -> Stated:
    return Stated(
        taken=first.taken or more.taken,
        offset=more.offset if first.offset is None else first.offset,
        position=first.position or more.position,
        rating=first.rating or more.rating,
        title=first.title or more.title,
        caption=first.caption or more.caption,
        keywords=(*first.keywords, *more.keywords),
        artists=first.artists or more.artists,
        copyright=first.copyright or more.copyright,
        doubtful=first.doubtful,
    )


# --- in words ---------------------------------------------------------------------------------------------------------


def gain_in_words(gain: Gain, pictures: Sequence[Picture]) -> str:
    """``the place and keywords of “b.jpg”, the caption of “c.jpg”``."""
    together: dict[tuple[int, ...], list[Fact]] = {}
    for fact in gain.added.facts:
        together.setdefault(gain.givers.get(fact, ()), []).append(fact)
    first, *more = (
        Reason.FACTS_OF(facts=tuple(facts), names=_named(givers, pictures)) for givers, facts in together.items()
    )
    return reduce(lambda said, part: Reason.AND(first=said, second=part), more, first)


def others_in_words(facts: Sequence[Fact], keeper: Picture) -> str:
    """``states another caption and rating than “a.jpg”, which keeps its own``."""
    kinds = tuple(Another[fact.name] for fact in facts)
    return Reason.STATES_OTHER(facts=kinds, name=paths.display(keeper.record.name))


def _named(indexes: Sequence[int], pictures: Sequence[Picture]) -> tuple[Value, ...]:
    return few(paths.display(pictures[index].record.name) for index in indexes)
