"""Ranking of several copies: the best one, and why, in words.

``rank`` gives each picture a key of its own, so that the order of all is total and the same whatever the order they are
met in.  Figures that are measured or estimated are compared in steps: noise must not decide.  Nothing is read here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from image_sync.base import paths
from image_sync.base.copy_names import is_copy_name
from image_sync.base.extras import Described
from image_sync.base.model import FileKind, FileRecord, Fingerprint, Match, Picture, Sameness
from image_sync.base.said import Share, Value, few
from image_sync.jobs.holdings import HOLDINGS
from image_sync.jobs.organize.request import Preference
from image_sync.jobs.organize.rules.reasons import Altered, Best, Data
from image_sync.pictures.formats import FORMAT_OF_SUFFIX

GOOD_ENOUGH = 92
"""From this JPEG quality on nothing is lost that shows; a higher number says more about the program than the picture.
It is the quality that most cameras save with; an editor that saves their picture at 95 makes it no better."""
_SHARPNESS_STEP = math.log(1.25)
"""Sharpness counts when it differs by about a quarter: re-encoding at quality 75 changes it by 3 % at most, a blur with
a radius of two pixels of twelve megapixels by 30."""
_LEAST_ENLARGED, _MOST_ENLARGED = 1.1, 4.0
"""By how much an enlarged copy is wider: less is hardly worth it, and of more nothing shows in the smaller picture."""
_SAME_SHAPE = 0.02
_AGE_STEP = 2_000_000_000
"""Nanoseconds; a copy on a FAT disk keeps even seconds only."""

_FORMATS = frozenset(FORMAT_OF_SUFFIX.values())
_LOSSLESS = frozenset({"PNG", "TIFF", "BMP"})
_HEIC, _RAW = GOOD_ENOUGH + 1, GOOD_ENOUGH + 2
"""What the camera itself wrote comes before what is made of it: RAW before HEIC, and both before JPEG and PNG."""
_WEB_COPY = 60
"""The quality that WebP and AVIF are taken for: they don't tell, and are made for the web from a better picture."""
_FEW_COLOURS = 40
"""The quality that a GIF, of at most 256 colours, is taken for."""

_NAMED_COPIES = 2
"""Copies that are named in the reason for a best one."""
_TELLING_SHARE = 0.01
"""Share of fine detail from which on it is told as a number."""
_WORDS = {
    Described.RATING: Data.RATING,
    Described.CAPTION: Data.CAPTION,
    Described.KEYWORDS: Data.KEYWORDS,
}

_EDITED_NAME = re.compile(
    r"(?i)[ _-](?:edited|edit|bearbeitet|modifi[eé]|editado|modificato|bewerkt|effects|export)\d*$|^img_e\d+$"
)
"""Names that editors and phones give to what was made of a picture, in the languages that are common among them."""
_CHAT_NAME = re.compile(
    r"""(?ix) ^ (?: whatsapp | signal-\d | telegram | photo_\d{4}-\d\d-\d\d_ | fb_img_ | received_\d | messenger
      | viber | wechat | mmexport | snapchat | screenshot | bildschirmfoto | image\d* $ | unnamed | download | thumb )
      | -wa\d{4} (?: \D | $ )"""
)
"""Names that chat programs, browsers and screenshots give."""


def rank(picture: Picture, order: Sequence[Preference], preferred: str) -> tuple[Any, ...]:
    """A sort key; the smaller, the better.  What is damaged comes last; then references come first, the ``preferred``
    folder, what shows the whole picture, what holds more (``holdings``), what was not altered, then the preferences in
    their ``order``; the path makes the order total."""
    return (
        bool(picture.damage),
        not picture.reference,
        not _is_preferred(picture, preferred),
        picture.shows_less,
        *(criterion.judge(picture) for criterion in HOLDINGS),
        bool(picture.altered),
        *(_JUDGES[preference](picture) for preference in order),
        paths.folded(picture.record.path),
        picture.record.path,
    )


def why_best(best: Picture, others: Sequence[Picture], order: Sequence[Preference], preferred: str) -> str:
    """The reason why ``best`` ranks before each of ``others``: against the next best one first, as in ``more pixels:
    4000 × 3000 against 1024 × 768``, then what others lack for another reason; empty when there are no others."""
    if not others:
        return ""
    ranked = sorted(others, key=lambda picture: rank(picture, order, preferred))
    reasons: dict[str, tuple[str, list[Picture]]] = {}
    for other in ranked:
        kind, words = _reason(best, other, order, preferred)
        reasons.setdefault(kind, (words, []))[1].append(other)
    (why, _), *further = reasons.values()
    for words, lesser in further:
        why = Best.ONE_AND_MORE(first=why, further=Best.AGAINST(names=_named(lesser), why=words))
    return why


def _named(pictures: Sequence[Picture]) -> tuple[Value, ...]:
    """The names of a few pictures, and how many more there are."""
    return few((paths.display(picture.record.name) for picture in pictures), _NAMED_COPIES)


def _reason(best: Picture, other: Picture, order: Sequence[Preference], preferred: str) -> tuple[str, str]:
    """Reason of the first difference that puts ``best`` before ``other``: its kind, and the words for it."""
    if bool(best.damage) != bool(other.damage):
        return "damage", Best.WHOLE(damage=other.damage or best.damage)
    if best.reference != other.reference:
        return "reference", Best.REFERENCE()
    if _is_preferred(best, preferred) != _is_preferred(other, preferred):
        return "preferred", Best.PREFERRED()
    if best.shows_less != other.shows_less:
        return "shows", Best.SHOWS_MORE()
    for number, criterion in enumerate(HOLDINGS):
        if criterion.judge(best) != criterion.judge(other):
            return f"holding {number}", criterion.words(best, other)
    if bool(best.altered) != bool(other.altered):
        return f"altered {other.altered}", Best.NOT_ALTERED(how=_altered(other))
    for preference in order:
        if _JUDGES[preference](best) != _JUDGES[preference](other):
            return preference.value, _REASONS[preference](best, other)
    if best.damage:
        return "path", Best.BOTH_DAMAGED()
    if _alike(best, other):
        return "path", Best.ALIKE()
    return "path", Best.NO_MATTER(difference=_little(best, other))


def _alike(best: Picture, other: Picture) -> bool:
    """Whether nothing that was measured differs."""
    bare = (replace(picture.fingerprint, small=b"", chroma=b"") for picture in (best, other))
    return next(bare) == next(bare)


def _little(best: Picture, other: Picture) -> str:
    """The small difference between two copies of the same rank, in words."""
    one, theirs = _saved_as(best), _saved_as(other)
    return Best.DIFFERENT_FORMATS(one=one, other=theirs) if one != theirs else Best.SOME_PIXELS(one=one)


def _altered(picture: Picture) -> Value:
    return next((one for one in Altered if one.value == picture.altered), picture.altered)


def _is_preferred(picture: Picture, preferred: str) -> bool:
    return bool(preferred) and paths.is_inside(picture.record.path, preferred)


# --- what each preference looks at (smaller is better) ----------------------------------------------------------------


def _by_pixels(picture: Picture) -> tuple[int, bool]:
    enlarged = picture.enlarged_from > 0
    return -(picture.enlarged_from if enlarged else picture.fingerprint.pixels), enlarged


def _by_quality(picture: Picture) -> int:
    return -compression_quality(picture)


def _by_sharpness(picture: Picture) -> int:
    return -_sharpness_steps(picture)


def _sharpness_steps(picture: Picture) -> int:
    return math.floor(math.log(max(_sharpness(picture), 1.0)) / _SHARPNESS_STEP)


def _sharpness(picture: Picture) -> float:
    """A sharpened picture shows no more than the one that it was made from."""
    return picture.sharpened_from or picture.fingerprint.sharpness


def _by_metadata(picture: Picture) -> tuple[int, int, bool, int]:
    known = picture.fingerprint
    words = known.extras.described.value.bit_count()
    return -camera_data(picture), -words, not _sidecars(picture), -len(picture.companions)


def camera_data(picture: Picture) -> int:
    """Number of the four kinds of camera data that a picture has."""
    known = picture.fingerprint
    return sum(map(bool, (known.has_exif, known.captured, known.camera, known.has_gps)))


def _sidecars(picture: Picture) -> list[FileRecord]:
    return [record for record in picture.companions if record.kind is FileKind.SIDECAR]


def _by_name(picture: Picture) -> tuple[bool, bool, bool]:
    stem = paths.stem(picture.record.name)
    return not has_true_suffix(picture), is_derived_name(picture), bool(_CHAT_NAME.search(stem))


def has_true_suffix(picture: Picture) -> bool:
    """Whether the suffix is one of the format that the content is of, as far as that is known."""
    known = picture.fingerprint.format
    if picture.record.kind is FileKind.RAW:
        return known not in _FORMATS
    return not known or FORMAT_OF_SUFFIX.get(paths.suffix(picture.record.name), known) == known


def _by_age(picture: Picture) -> int:
    return picture.record.mtime_ns // _AGE_STEP


_JUDGES: dict[Preference, Callable[[Picture], Any]] = {
    Preference.PIXELS: _by_pixels,
    Preference.QUALITY: _by_quality,
    Preference.SHARPNESS: _by_sharpness,
    Preference.METADATA: _by_metadata,
    Preference.NAME: _by_name,
    Preference.AGE: _by_age,
}


def figure(picture: Picture, preference: Preference) -> Any:
    """Figure of a picture by one preference alone; the smaller, the better."""
    return _JUDGES[preference](picture)


def compression_quality(picture: Picture) -> int:
    """Quality that was kept when the picture was saved, on JPEG's scale of 1-100, of which all from ``GOOD_ENOUGH`` on
    is one.

    A picture made from a JPEG is no better than that JPEG, and counts one less, in another format two.
    """
    known = picture.fingerprint
    if known.earlier_quality is not None:
        return min(known.earlier_quality, GOOD_ENOUGH) - (1 if known.jpeg_quality is not None else 2)
    if known.jpeg_quality is not None:
        return min(known.jpeg_quality, GOOD_ENOUGH)
    if picture.record.kind is FileKind.RAW:
        return _RAW
    if known.format == "HEIF" or known.format in _LOSSLESS:
        return _HEIC if known.format == "HEIF" else GOOD_ENOUGH
    return _FEW_COLOURS if known.format == "GIF" else _WEB_COPY


def doubtful(pictures: Sequence[Picture], matches: Iterable[Match]) -> list[int]:
    """Indexes of the pictures that pass for less compressed than a match of the same size, and may have been made from
    it: those that ``double_compression.earlier_quality`` should look at before they are ranked."""
    found = set()
    for match in matches:
        first, second = pictures[match.first], pictures[match.second]
        if match.sameness is not Sameness.IDENTICAL_FILE and first.fingerprint.pixels == second.fingerprint.pixels:
            lead = compression_quality(first) - compression_quality(second) or _saved_finer(first, second)
            if lead or first.fingerprint.format != second.fingerprint.format:
                found.add(match.first if _suspect(first, lead) else match.second)
    return sorted(found)


def _saved_finer(first: Picture, second: Picture) -> int:
    """By how much a first JPEG was saved at a higher quality than a second."""
    one, other = first.fingerprint.jpeg_quality, second.fingerprint.jpeg_quality
    return 0 if one is None or other is None else one - other


def _suspect(first: Picture, lead: int) -> bool:
    """Whether of two it is the first that may be made from the second: the less compressed by ``lead``, or, where both
    seem alike, the one that is no JPEG."""
    return lead > 0 if lead else first.fingerprint.jpeg_quality is None


def enlarged_suspects(pictures: Sequence[Picture], matches: Iterable[Match]) -> dict[int, int]:
    """Pictures (by index) that may be an enlarged copy of a match, and the largest match that they may be made from:
    of the same shape, with at least as much camera data."""
    found: dict[int, int] = {}
    for match in _upright_similar(matches):
        large, small = sorted((match.first, match.second), key=lambda index: -pictures[index].fingerprint.pixels)
        if _may_be_enlarged(pictures[large], pictures[small]):
            found[large] = max(found.get(large, small), small, key=lambda index: _source_key(pictures[index]))
    return found


def sharpened_suspects(pictures: Sequence[Picture], matches: Iterable[Match]) -> dict[int, int]:
    """Pictures (by index) that may be a sharpened copy of a match, and the crispest match that they may be made from:
    of the same size and quality, and of the same moment as far as is known."""
    found: dict[int, int] = {}
    for match in _upright_similar(matches):
        soft, crisp = sorted((match.first, match.second), key=lambda index: _sharpness_steps(pictures[index]))
        if _may_be_sharpened(pictures[crisp], pictures[soft]):
            found[crisp] = max(found.get(crisp, soft), soft, key=lambda index: _source_key(pictures[index]))
    return found


def _upright_similar(matches: Iterable[Match]) -> Iterable[Match]:
    return (match for match in matches if match.sameness is Sameness.SIMILAR and not match.turn)


def _source_key(picture: Picture) -> tuple[int, float, str]:
    return picture.fingerprint.pixels, picture.fingerprint.sharpness, picture.record.path


def _may_be_enlarged(large: Picture, small: Picture) -> bool:
    one, other = large.fingerprint, small.fingerprint
    across, down = one.width / other.width, one.height / other.height
    return (
        _LEAST_ENLARGED <= across <= _MOST_ENLARGED
        and abs(across / down - 1) <= _SAME_SHAPE
        and large.record.kind is not FileKind.RAW
        and camera_data(large) <= camera_data(small)
    )


def _may_be_sharpened(crisp: Picture, soft: Picture) -> bool:
    one, other = crisp.fingerprint, soft.fingerprint
    return (
        (one.width, one.height) == (other.width, other.height)
        and _sharpness_steps(crisp) > _sharpness_steps(soft)
        and compression_quality(crisp) == compression_quality(soft)
        and (one.captured == other.captured or not one.captured or not other.captured)
    )


def is_derived_name(picture: Picture) -> bool:
    """Whether the name is one that is given to a copy or to what was edited: ``a (1)``, ``a - Copy``, ``a-edited``."""
    stem = paths.stem(picture.record.name)
    return picture.copy_beside or is_copy_name(stem) or bool(_EDITED_NAME.search(stem))


# --- in words ---------------------------------------------------------------------------------------------------------


def _more_pixels(best: Picture, other: Picture) -> str:
    if other.enlarged_from:
        return Best.NOT_ENLARGED(size=_size(other.fingerprint))
    return Best.MORE_PIXELS(best=_size(best.fingerprint), other=_size(other.fingerprint))


def _less_compressed(best: Picture, other: Picture) -> str:
    return Best.LESS_COMPRESSED(best=_saved_as(best), other=_saved_as(other))


def _sharper(best: Picture, other: Picture) -> str:
    share = _sharpness(best) / max(_sharpness(other), 1.0) - 1
    if share < _TELLING_SHARE:
        return Best.A_LITTLE_SHARPER()
    return Best.SHARPER(share=Share(share)) if share < 10 else Best.MUCH_SHARPER()


def _more_data(best: Picture, other: Picture) -> str:
    mine, theirs = best.fingerprint, other.fingerprint
    missing = tuple(
        word
        for word, has, lacks in (
            (Data.DATE, mine.captured, theirs.captured),
            (Data.CAMERA, mine.camera, theirs.camera),
            (Data.PLACE, mine.has_gps, theirs.has_gps),
            (Data.EXIF, mine.has_exif, theirs.has_exif),
            *((word, kind in mine.extras.described, kind in theirs.extras.described) for kind, word in _WORDS.items()),
            (Data.SIDECAR, _sidecars(best), _sidecars(other)),
        )
        if has and not lacks
    )
    if missing:
        return Best.HAS_DATA(data=missing[:3])
    return Best.MORE_FILES() if _by_metadata(best)[:3] == _by_metadata(other)[:3] else Best.MORE_DATA()


def _better_name(best: Picture, other: Picture) -> str:
    if has_true_suffix(best) != has_true_suffix(other):
        suffix = paths.display(paths.suffix(other.record.name))
        return Best.TRUE_SUFFIX(format=best.fingerprint.format, suffix=suffix)
    named = Best.ORIGINAL_NAME if is_derived_name(other) else Best.NOT_OF_A_CHAT
    return named(name=paths.display(other.record.name))


def _older(best: Picture, other: Picture) -> str:
    seconds = (other.record.mtime_ns - best.record.mtime_ns) / 1e9
    for length, older in _AGES:
        if seconds >= length:
            return older(count=int(seconds // length))
    return Best.OLDER()


_AGES = (
    (365.25 * 86400, Best.YEARS_OLDER),
    (86400, Best.DAYS_OLDER),
    (3600, Best.HOURS_OLDER),
    (60, Best.MINUTES_OLDER),
    (1, Best.SECONDS_OLDER),
)


def _size(known: Fingerprint) -> str:
    return f"{known.width} × {known.height}"


def _saved_as(picture: Picture) -> str:
    known = picture.fingerprint
    if known.earlier_quality is not None:
        return Best.MADE_FROM(format=known.format, quality=known.earlier_quality)
    if known.jpeg_quality is not None:
        return Best.JPEG_OF_QUALITY(quality=known.jpeg_quality)
    return known.format


_REASONS: dict[Preference, Callable[[Picture, Picture], str]] = {
    Preference.PIXELS: _more_pixels,
    Preference.QUALITY: _less_compressed,
    Preference.SHARPNESS: _sharper,
    Preference.METADATA: _more_data,
    Preference.NAME: _better_name,
    Preference.AGE: _older,
}
