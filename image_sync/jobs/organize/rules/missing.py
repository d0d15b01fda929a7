"""Reasons why a file is missing in other places: nothing alike is there, or only something less than the file itself.

At ``EXACT`` and ``PIXELS`` only what is identical counts as there; from ``SAME_SHOT`` on a similar picture does too,
unless it is smaller or damaged.  What shows a part only, or lacks frames, an embedded movie or colours that the file
has, never does, nor does another shot of its series.  Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from image_sync.base.model import Picture, Sameness
from image_sync.base.words import percent
from image_sync.jobs.holdings import HOLDINGS, Criterion
from image_sync.jobs.organize.request import Level


class Why(Enum):
    """Reason why a file counts as missing, the gravest first."""

    NOTHING_ALIKE = "nothing alike"
    OTHER_BYTES = "no identical file"
    ITSELF = "the file itself"
    SERIES = "another shot"
    DAMAGED = "damaged copy"
    PART = "a part"
    WITHIN = "within another picture"
    LESS = "a copy with less"
    SMALLER = "smaller copy"
    NOT_IDENTICAL = "not identical"


@dataclass(frozen=True, slots=True)
class Near:
    """A picture there that is like the one that is sought, and how (see ``Like``)."""

    picture: Picture
    sameness: Sameness
    score: float
    part: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on one picture: ``why`` it is missing (``None``: it is there) and the nearest that is there, if any."""

    why: Why | None
    near: Near | None = None


def verdict(picture: Picture, nears: Sequence[Near], level: Level) -> Verdict:
    """Whether a ``picture`` is there, ``nears`` being what is like it there, the nearest first."""
    best: Verdict | None = None
    for near in nears:
        why = _lack(picture, near, level)
        if why is None:
            return Verdict(None, near)
        if best is None or _gravity(why) > _gravity(best.why):
            best = Verdict(why, near)
    return best or Verdict(Why.OTHER_BYTES if level is Level.EXACT else Why.NOTHING_ALIKE)


def words_of(why: Why, picture: Picture, near: Near | None) -> str:
    """The reason as a sentence without its end, and without the path of what is near."""
    if why is Why.SMALLER and near is not None:
        return f"only a smaller copy is there ({_pixels(near.picture)}, here {_pixels(picture)})"
    if why is Why.NOT_IDENTICAL and near is not None:
        return f"a similar one is there ({percent(near.score)}), no identical one"
    if why is Why.LESS and near is not None and (less := _lacking(picture, near.picture)):
        return f"only a copy with less is there: this one {less.words(picture, near.picture)}"
    return _WORDS[why]


_WORDS = {
    Why.NOTHING_ALIKE: "nothing alike is there",
    Why.OTHER_BYTES: "no file there has the same bytes",
    Why.ITSELF: "only this very file is there, by another path",
    Why.SERIES: "only another shot of its series is there",
    Why.DAMAGED: "only a damaged copy is there",
    Why.PART: "only a part of it is there",
    Why.WITHIN: "only a picture that shows it within is there",
}


def _lack(picture: Picture, near: Near, level: Level) -> Why | None:
    """Reason why ``near`` does not count as the picture; ``None`` when it does."""
    if near.sameness is Sameness.IDENTICAL_FILE:
        return None
    if near.sameness is Sameness.SERIES:
        return Why.SERIES
    if near.sameness is Sameness.WITHIN and near.part >= 0:
        return Why.WITHIN
    if near.picture.damage:
        return Why.DAMAGED
    if near.part < 0 or near.picture.shows_less:
        return Why.PART
    if _lacking(picture, near.picture):
        return Why.LESS
    if near.sameness is Sameness.IDENTICAL_PIXELS:
        return None
    if _area(near.picture) < _area(picture):
        return Why.SMALLER
    return None if level in (Level.SAME_SHOT, Level.EDITED) else Why.NOT_IDENTICAL


def _lacking(picture: Picture, near: Picture) -> Criterion | None:
    """The first thing that the picture holds more of than what is near: frames, a movie, colour, …"""
    return next((one for one in HOLDINGS if one.judge(picture) < one.judge(near)), None)


def _gravity(why: Why | None) -> int:
    return -1 if why is None else [*Why].index(why)


def _area(picture: Picture) -> int:
    return picture.fingerprint.width * picture.fingerprint.height


def _pixels(picture: Picture) -> str:
    return f"{picture.fingerprint.width}×{picture.fingerprint.height}"
