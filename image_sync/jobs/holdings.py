"""Holdings of a copy beyond another's, in the order in which they count: before pixels, names and ages.

More frames, a movie, a gain map, further pictures; colour before grey before two tones; bits of a channel, transparent
parts, a wide profile.  Each is judged by a figure of its own and told in words.  Nothing is read here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from image_sync.base.extras import Tones
from image_sync.base.model import FileKind, Picture
from image_sync.base.said import Value
from image_sync.jobs.reasons import Holds, Toning


class Criterion(NamedTuple):
    """One thing that a copy may hold more of: the smaller what ``judge`` says, the better; ``words`` tells why the
    first of two is better."""

    judge: Callable[[Picture], Any]
    words: Callable[[Picture, Picture], str]


_TONES = {Tones.TWO: Toning.TWO, Tones.GREY: Toning.GREY, Tones.COLOUR: Toning.COLOUR}
_DOCUMENTS = frozenset({"TIFF"})
_MOVING = frozenset({"GIF", "PNG", "WEBP"})


def _frames(picture: Picture) -> int:
    return picture.fingerprint.frames


def _frames_in_words(best: Picture, other: Picture) -> str:
    kind = best.fingerprint.format
    what = Holds.PAGES if kind in _DOCUMENTS else Holds.FRAMES if kind in _MOVING else Holds.PICTURES
    fewer: Value = _frames(other) if _frames(other) > 1 else Holds.ONE()
    return what(more=_frames(best), fewer=fewer)


def _movie(picture: Picture) -> bool:
    """Whether a movie of the moment comes with it: inside, or beside it as that of a Live Photo."""
    return picture.fingerprint.extras.movie or any(file.kind is FileKind.MOVIE for file in picture.companions)


def _bits(picture: Picture) -> int:
    """Bits of a channel; what was made of a JPEG has no more than that."""
    return 8 if picture.fingerprint.earlier_quality is not None else picture.fingerprint.extras.bits


def _lacking(what: Holds) -> Callable[[Picture, Picture], str]:
    return lambda _best, _other: what()


def _tones_in_words(best: Picture, other: Picture) -> str:
    return Holds.TONES(best=_TONES[best.fingerprint.extras.tones], other=_TONES[other.fingerprint.extras.tones])


def _lacks_a_half(picture: Picture) -> bool:
    return not any(file.kind is FileKind.RAW for file in picture.companions)


HOLDINGS: tuple[Criterion, ...] = (
    Criterion(_lacks_a_half, _lacking(Holds.RAW)),
    Criterion(lambda picture: -_frames(picture), _frames_in_words),
    Criterion(lambda picture: not _movie(picture), _lacking(Holds.MOVIE)),
    Criterion(lambda picture: not picture.fingerprint.extras.gain_map, _lacking(Holds.GAIN_MAP)),
    Criterion(lambda picture: -picture.fingerprint.extras.further, _lacking(Holds.FURTHER)),
    Criterion(lambda picture: -picture.fingerprint.extras.tones, _tones_in_words),
    Criterion(
        lambda picture: -_bits(picture),
        lambda best, other: Holds.SHADES(best=_bits(best), other=_bits(other)),
    ),
    Criterion(lambda picture: not picture.fingerprint.extras.alpha, _lacking(Holds.ALPHA)),
    Criterion(lambda picture: not picture.fingerprint.extras.wide, _lacking(Holds.WIDE)),
)
"""Best first."""
