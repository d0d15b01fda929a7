"""Units of an import: a picture with its sidecars, its movie, its other half in RAW.

A unit is placed, numbered and set aside as a whole.  Pure: judged by names, and by what was read of Live Photos before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import.model import Staying
from image_sync.jobs.photo_import.rules.reasons import Noted
from image_sync.pictures.formats import HEIF, JPEG, NOT_READ, SIDECARS
from image_sync.pictures.sidecars import Unit, attach

_HALVES = (JPEG, HEIF)
"""What a camera stores beside a RAW file, most likely first; any other picture of its name was made from it later."""


def units_of(
    records: Iterable[FileRecord], stills: Mapping[FileRecord, FileRecord | None] | None = None
) -> tuple[list[Unit], list[FileRecord]]:
    """The units among ``records`` (files of one or many folders), and the files that belong to none.

    The first of a unit is its picture, or its movie where there is no picture.  ``stills`` are pairs of movies and
    pictures that are known to be, or not to be, one Live Photo.
    """
    units, leftovers = attach(records, movies=True, stills=stills)
    return _with_halves(units), leftovers


def _with_halves(units: Sequence[Unit]) -> list[Unit]:
    """The units, those of a RAW file joined to those of the picture that was stored with it."""
    if all(first.kind is not FileKind.RAW for first, _ in units):
        return list(units)
    halves = _halves(units)
    added: dict[FileRecord, list[FileRecord]] = defaultdict(list)
    for first, companions in units:
        half = halves.get(_place(first)) if first.kind is FileKind.RAW else None
        if half is not None:
            added[half] += (first, *companions)
    taken = {record for records in added.values() for record in records}
    return [(first, (*companions, *added[first])) for first, companions in units if first not in taken]


def _halves(units: Iterable[Unit]) -> dict[tuple[str, str, str], FileRecord]:
    found: dict[tuple[str, str, str], FileRecord] = {}
    pictures = [first for first, _ in units if first.kind is FileKind.PICTURE]
    for suffixes in _HALVES:
        for picture in sorted(pictures, key=lambda record: record.relative):
            if paths.suffix(picture.name) in suffixes:
                found.setdefault(_place(picture), picture)
    return found


def _place(record: FileRecord) -> tuple[str, str, str]:
    return record.root, record.folder, paths.folded(paths.stem(record.name))


def staying(leftover: FileRecord) -> Staying:
    """Words that are said of a file that belongs to no unit."""
    return Staying(leftover.path, paths.suffix(leftover.name) in SIDECARS)


def is_not_read(staying: Staying) -> bool:
    """Whether a file is a picture of a kind that nothing here decodes."""
    return paths.suffix(staying.path) in NOT_READ


def not_read(staying: Iterable[Staying]) -> str:
    """Words for the pictures that nothing here decodes: how many there are of each kind; empty when there are none."""
    kinds = Counter(paths.suffix(one.path) for one in staying if is_not_read(one))
    if not kinds:
        return ""
    named = [Noted.KIND(number=number, kind=_kind_words(suffix)) for suffix, number in sorted(kinds.items())]
    return Noted.NOT_READ(count=kinds.total(), kinds=tuple(named))


def _kind_words(suffix: str) -> str:
    return f"{NOT_READ[suffix]} ({suffix})" if NOT_READ[suffix] else suffix


def goes_with_movie(record: FileRecord, movies: Iterable[FileRecord]) -> bool:
    """Whether a file is one of the movies or a sidecar that is called after one: ``IMG_1.MOV.json``."""
    name = paths.folded(record.name)
    return any(record is movie or name.startswith(paths.folded(movie.name)) for movie in movies)
