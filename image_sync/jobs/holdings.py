"""Holdings of a copy beyond another's, in the order in which they count: before pixels, names and ages.

More frames, a movie, a gain map, further pictures; colour before grey before two tones; bits of a channel, transparent
parts, a wide profile.  Each is judged by a figure of its own and told in words.  Nothing is read here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from image_sync.base.extras import Tones
from image_sync.base.model import FileKind, Picture


class Criterion(NamedTuple):
    """One thing that a copy may hold more of: the smaller what ``judge`` says, the better; ``words`` tells why the
    first of two is better."""

    judge: Callable[[Picture], Any]
    words: Callable[[Picture, Picture], str]


_TONES = {Tones.TWO: "in two tones", Tones.GREY: "without colour", Tones.COLOUR: "in colour"}
_DOCUMENTS = frozenset({"TIFF"})
_MOVING = frozenset({"GIF", "PNG", "WEBP"})


def _frames(picture: Picture) -> int:
    return picture.fingerprint.frames


def _frames_in_words(best: Picture, other: Picture) -> str:
    kind = best.fingerprint.format
    what = "page" if kind in _DOCUMENTS else "frame" if kind in _MOVING else "picture"
    has, lacks = _frames(best), _frames(other)
    return f"has {has} {what}s: the other has {lacks if lacks > 1 else 'one'}"


def _movie(picture: Picture) -> bool:
    """Whether a movie of the moment comes with it: inside, or beside it as that of a Live Photo."""
    return picture.fingerprint.extras.movie or any(file.kind is FileKind.MOVIE for file in picture.companions)


def _bits(picture: Picture) -> int:
    """Bits of a channel; what was made of a JPEG has no more than that."""
    return 8 if picture.fingerprint.earlier_quality is not None else picture.fingerprint.extras.bits


def _lacking(what: str) -> Callable[[Picture, Picture], str]:
    return lambda _best, _other: f"has {what}, which the other lacks"


def _tones_in_words(best: Picture, other: Picture) -> str:
    return f"{_TONES[best.fingerprint.extras.tones]}: the other is {_TONES[other.fingerprint.extras.tones]}"


def _lacks_a_half(picture: Picture) -> bool:
    return not any(file.kind is FileKind.RAW for file in picture.companions)


HOLDINGS: tuple[Criterion, ...] = (
    Criterion(_lacks_a_half, _lacking("the RAW file beside the picture")),
    Criterion(lambda picture: -_frames(picture), _frames_in_words),
    Criterion(lambda picture: not _movie(picture), _lacking("the movie of the moment")),
    Criterion(
        lambda picture: not picture.fingerprint.extras.gain_map, _lacking("the brightness map for better screens")
    ),
    Criterion(lambda picture: -picture.fingerprint.extras.further, _lacking("further pictures of the shot")),
    Criterion(lambda picture: -picture.fingerprint.extras.tones, _tones_in_words),
    Criterion(
        lambda picture: -_bits(picture),
        lambda best, other: f"finer shades: {_bits(best)} bits a channel against {_bits(other)}",
    ),
    Criterion(lambda picture: not picture.fingerprint.extras.alpha, _lacking("transparent parts")),
    Criterion(lambda picture: not picture.fingerprint.extras.wide, _lacking("a profile of more colours")),
)
"""Best first."""
