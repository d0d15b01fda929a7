"""Pairs of a Live Photo: by the identifier that Apple writes into both halves, else by name.

Only folders that hold such movies beside pictures are looked into, headers only, and what was read is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import.registry import IDENTIFIER, Registry
from image_sync.pictures.errors import in_words
from image_sync.pictures.formats import LIVE_PHOTO_MOVIES, LIVE_PHOTO_STILLS
from image_sync.pictures.metadata.live_photo import content_identifier

Stills = dict[FileRecord, FileRecord | None]
_NO_ROOTS: Mapping[FileRecord, str] = {}


def live_pairs(
    records: Iterable[FileRecord],
    registry: Registry,
    control: Control,
    roots: Mapping[FileRecord, str] = _NO_ROOTS,
) -> Stills:
    """The movies whose picture is told by an identifier, or that are told to belong to none of their name.

    ``roots`` are other roots of some of the files: parts of an archive lie in one.
    """
    identifiers = _Identifiers(registry)
    stills: Stills = {}
    for movies, pictures in _folders(records, roots):
        control.checkpoint()
        identifiers.recall([*movies, *pictures])
        for movie in movies:
            own = identifiers.of(movie)
            if own:
                _pair(movie, own, pictures, identifiers, stills)
    identifiers.store()
    return stills


def _pair(
    movie: FileRecord, own: str, pictures: Sequence[FileRecord], identifiers: _Identifiers, stills: Stills
) -> None:
    stem = paths.folded(paths.stem(movie.name))
    named = [picture for picture in pictures if paths.folded(paths.stem(picture.name)) == stem]
    for picture in (*named, *pictures):
        if identifiers.of(picture) == own:
            stills[movie] = picture
            return
    if any(identifiers.of(picture) for picture in named):
        stills[movie] = None


def _folders(
    records: Iterable[FileRecord], roots: Mapping[FileRecord, str]
) -> Iterable[tuple[list[FileRecord], list[FileRecord]]]:
    """Movies and pictures that may be halves of Live Photos, of each folder that has both."""
    movies: dict[tuple[str, str], list[FileRecord]] = defaultdict(list)
    pictures: dict[tuple[str, str], list[FileRecord]] = defaultdict(list)
    for record in records:
        if record.kind is FileKind.MOVIE and paths.suffix(record.name) in LIVE_PHOTO_MOVIES:
            movies[roots.get(record, record.root), record.folder].append(record)
    if not movies:
        return
    for record in records:
        if record.kind is FileKind.PICTURE and paths.suffix(record.name) in LIVE_PHOTO_STILLS:
            place = roots.get(record, record.root), record.folder
            if place in movies:
                pictures[place].append(record)
    for place, found in pictures.items():
        yield movies[place], found


class _Identifiers:
    """The identifiers of files, each read once."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[FileRecord, str] = {}
        self._fresh: dict[FileRecord, str] = {}

    def recall(self, records: Sequence[FileRecord]) -> None:
        """Take in what is remembered of these files."""
        self._known.update(self._registry.facts(IDENTIFIER, records))

    def of(self, record: FileRecord) -> str:
        """The identifier of a file; empty when it has none or can't be read."""
        if record not in self._known:
            try:
                self._known[record] = self._fresh[record] = content_identifier(record.path) or ""
            except OSError:  # its unit has the same problem when it is dated, and stays
                self._known[record] = ""
            except Exception as error:
                in_words(record.path, error)
                self._known[record] = ""
        return self._known[record]

    def store(self) -> None:
        """Hand what was read to the registry."""
        self._registry.remember_facts(IDENTIFIER, self._fresh)
