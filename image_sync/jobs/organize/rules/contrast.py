"""Contrast of a copy with the keeper of its group: what it lacks, what it has more, how it was changed; as codes.

Pure.  The fronts word the codes; nothing here decides which copy is the best (``ranking``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from image_sync.base.extras import Tones
from image_sync.base.model import FileKind, Member, Picture, Sameness
from image_sync.jobs.organize.rules.ranking import compression_quality, is_derived_name

_ROUNDED = 0.02
"""Share by which sides may differ without a word: rounding of a copy's sides, a trimmed row."""
MIRRORED = 4
"""From this position on a picture is mirrored as well as turned (``pictures.hashes``)."""


class Difference(Enum):
    """One difference between a copy and the keeper."""

    DAMAGED = "damaged"
    CROPPED = "cropped"
    SMALLER = "smaller"
    LARGER = "larger"
    ENLARGED = "enlarged"
    BLURRED = "blurred"
    SHARPENED = "sharpened"
    TONED = "toned"
    GREY = "grey"
    TWO_TONES = "two tones"
    COMPRESSED = "compressed"
    FEWER_FRAMES = "fewer frames"
    NO_MOVIE = "no movie"
    NO_GAIN_MAP = "no gain map"
    NO_ALPHA = "no alpha"
    FEWER_SHADES = "fewer shades"
    ROTATED = "rotated"
    MIRRORED = "mirrored"
    NO_DATE = "no date"
    NO_PLACE = "no place"
    NO_CAMERA = "no camera"
    MORE_DATE = "more date"
    MORE_PLACE = "more place"
    OTHER_FORMAT = "other format"
    NAMED_COPY = "named copy"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One difference, and the value that goes with it: the format, the quarter turns clockwise, the words of damage."""

    difference: Difference
    value: str = ""


def contrast(picture: Picture, keeper: Picture, member: Member) -> tuple[Contrast, ...]:
    """Differences of a copy from the keeper of its group, the gravest first.

    Identical files differ in nothing; of a picture that is the keeper itself only its own damage is told.
    """
    damage = (Contrast(Difference.DAMAGED, picture.damage),) if picture.damage else ()
    # What shows the keeper within it is another picture.
    if picture is keeper or member.sameness is Sameness.WITHIN:
        return damage
    named = is_derived_name(picture) and not is_derived_name(keeper)
    name = (Contrast(Difference.NAMED_COPY),) if named else ()
    if member.sameness is Sameness.IDENTICAL_FILE or not (picture.fingerprint.width and keeper.fingerprint.width):
        return (*damage, *name)
    of_pixels = () if member.sameness is Sameness.IDENTICAL_PIXELS else tuple(_of_pixels(picture, keeper))
    # Another shot of a series has a moment and a place of its own: it lacks none of the keeper's.
    of_data = () if member.sameness is Sameness.SERIES else tuple(_of_data(picture, keeper))
    return (*damage, *of_pixels, *_of_position(member), *_of_holdings(picture, keeper), *of_data, *name)


def _of_pixels(picture: Picture, keeper: Picture) -> Iterator[Contrast]:
    mine, best = picture.fingerprint, keeper.fingerprint
    if picture.shows_less and not keeper.shows_less:
        yield Contrast(Difference.CROPPED)
    if picture.enlarged_from:
        yield Contrast(Difference.ENLARGED)
    elif mine.pixels < best.pixels * (1 - _ROUNDED):
        yield Contrast(Difference.SMALLER, f"{mine.pixels / best.pixels:.4f}")
    elif mine.pixels > best.pixels * (1 + _ROUNDED):
        yield Contrast(Difference.LARGER, f"{mine.pixels / best.pixels:.4f}")
    altered = {one.value: one for one in (Difference.BLURRED, Difference.SHARPENED, Difference.TONED)}
    if picture.altered in altered:
        yield Contrast(altered[picture.altered])
    elif picture.sharpened_from:
        yield Contrast(Difference.SHARPENED)
    tones = mine.extras.tones
    if tones < best.extras.tones:
        yield Contrast(Difference.TWO_TONES if tones is Tones.TWO else Difference.GREY)
    if compression_quality(picture) < compression_quality(keeper) and picture.record.kind is not FileKind.RAW:
        yield Contrast(Difference.COMPRESSED, "" if mine.jpeg_quality is None else str(mine.jpeg_quality))


def _of_position(member: Member) -> Iterator[Contrast]:
    if member.turn % MIRRORED:
        yield Contrast(Difference.ROTATED, str(member.turn % MIRRORED))
    if member.turn >= MIRRORED:
        yield Contrast(Difference.MIRRORED)


def _of_holdings(picture: Picture, keeper: Picture) -> Iterator[Contrast]:
    mine, best = picture.fingerprint, keeper.fingerprint
    if mine.frames < best.frames:
        yield Contrast(Difference.FEWER_FRAMES, str(mine.frames))
    if best.extras.movie and not mine.extras.movie:
        yield Contrast(Difference.NO_MOVIE)
    if best.extras.gain_map and not mine.extras.gain_map:
        yield Contrast(Difference.NO_GAIN_MAP)
    if best.extras.alpha and not mine.extras.alpha:
        yield Contrast(Difference.NO_ALPHA)
    if mine.extras.bits < best.extras.bits:
        yield Contrast(Difference.FEWER_SHADES, str(mine.extras.bits))


def _of_data(picture: Picture, keeper: Picture) -> Iterator[Contrast]:
    mine, best = picture.fingerprint, keeper.fingerprint
    if best.has_gps and not mine.has_gps:
        yield Contrast(Difference.NO_PLACE)
    if mine.has_gps and not best.has_gps:
        yield Contrast(Difference.MORE_PLACE)
    if best.captured and not mine.captured:
        yield Contrast(Difference.NO_DATE)
    if mine.captured and not best.captured:
        yield Contrast(Difference.MORE_DATE)
    if best.camera and not mine.camera:
        yield Contrast(Difference.NO_CAMERA)
    if mine.format and mine.format != best.format:
        yield Contrast(Difference.OTHER_FORMAT, mine.format)
