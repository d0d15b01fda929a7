"""Duplicates in the library: the better place wins, and nothing is taken twice.

The same picture is told by equal numbers in ``World.contents``.  A unit counts as a duplicate only when all its
pictures and movies are there: a RAW file whose JPEG the library has is no duplicate, and a pair is never split.  Pure:
verdicts only; ``photo_import`` makes operations of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import.model import Arrival, Fate
from image_sync.jobs.photo_import.rules.folder_names import SystemFolder
from image_sync.jobs.photo_import.rules.places import Place, Places
from image_sync.jobs.photo_import.rules.target import Score, best_first, similar_names
from image_sync.jobs.photo_import.rules.units import units_of
from image_sync.pictures.sidecars import Unit

_CONTENT = (FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE)

Contents = frozenset[int | str]
"""What a unit shows: a number for each picture and movie that has twins, the path of each that has none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit that stands in the library, or will when the plan so far is done.

    ``path`` is that of its picture (absolute), ``tree`` the folder it is in, ``folder`` the same less a system folder.
    ``unit`` are its files where they may be moved.  ``converted`` tells that it is an original whose JPEG stands there.
    """

    path: str
    tree: str
    folder: str
    score: Score
    contents: Contents
    unit: tuple[FileRecord, ...] = ()
    converted: bool = False

    def is_called_like(self, name: str) -> bool:
        """Whether one of its files has a similar name: units that met in one folder may have joined."""
        return any(similar_names(name, other) for other in (paths.name(self.path), *(file.name for file in self.unit)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on a newcomer: its fate, the twin that decided, and what of the library makes way for it."""

    fate: Fate
    twin: Standing | None = None
    displaced: tuple[Standing, ...] = ()


@dataclass
class Twins:
    """The pictures of the library by content, those that the plan adds among them."""

    places: Places
    contents: Mapping[str, int]
    by_name: bool
    moving: bool
    _placed: dict[int | str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    _files: dict[int | str, list[FileRecord]] = field(default_factory=lambda: defaultdict(list))
    _folders: dict[str, list[FileRecord]] = field(default_factory=lambda: defaultdict(list))
    _units: dict[str, dict[FileRecord, Standing]] = field(default_factory=dict)
    _gone: set[int] = field(default_factory=set)

    def add_library(self, records: Iterable[FileRecord]) -> None:
        """Files that stand in the library; what was set aside as a duplicate before is none of it."""
        for record in records:
            tree = record.folder
            if self.places.system_folder(tree) is SystemFolder.DUPLICATES:
                continue
            self._folders[tree].append(record)
            number = self.contents.get(record.path)
            if number is not None:
                self._files[number].append(record)

    def add(self, standing: Standing) -> None:
        """A unit that the plan adds to the library, or leaves in it."""
        for number in standing.contents:
            self._placed[number].append(standing)

    def remove(self, standing: Standing) -> None:
        """A unit that the plan takes out of the library."""
        self._gone.add(id(standing))

    def of_arrival(self, arrival: Arrival, path: str, tree: str, *, movable: bool) -> Standing:
        """An arrival as it stands, or will stand, at ``path`` (absolute) in ``tree``."""
        folder = self.places.plain(tree)
        unit = arrival.files if movable else ()
        return Standing(path, tree, folder, self.places.score_of(folder), self.contents_of(arrival.files), unit)

    def contents_of(self, files: Iterable[FileRecord]) -> Contents:
        """Contents of the pictures and movies of a unit."""
        own = (record.path for record in files if record.kind in _CONTENT)
        return frozenset(self.contents.get(path, path) for path in own)

    # --- verdicts ---

    def judge(self, arrival: Arrival, place: Place) -> Verdict:
        """Fate of an arrival whose place is ``place``."""
        contents = self.contents_of(arrival.files)
        candidates = sorted(self._candidates(arrival, contents), key=_best_first)
        holding = [twin for twin in candidates if contents <= twin.contents]
        if not holding:
            return Verdict(Fate.NEW, None, tuple(self._worse(candidates, contents, place)))
        best = holding[0]
        here = next((twin for twin in holding if same_folder(twin.folder, place.folder)), None)
        if not self.moving:
            return Verdict(Fate.KNOWN, here or best)
        converted = next((twin for twin in holding if twin.converted), None)
        if converted or place.score < best.score or here:
            decided = best if place.score < best.score else here or converted
            return Verdict(Fate.DUPLICATE, decided)
        return Verdict(Fate.NEW, best, tuple(self._worse(candidates, contents, place)))

    def _worse(self, candidates: Iterable[Standing], contents: Contents, place: Place) -> Iterator[Standing]:
        """Twins that hold nothing that the newcomer has not, and stand in a worse place or beside it with less."""
        for twin in candidates if self.moving else ():
            poorer = twin.contents < contents and same_folder(twin.folder, place.folder)
            if twin.unit and twin.contents <= contents and (poorer or twin.score < place.score):
                yield twin

    def _candidates(self, arrival: Arrival, contents: Contents) -> Iterator[Standing]:
        seen: set[str] = set()
        for number in contents:
            for twin in (*self._placed.get(number, ()), *map(self._standing, self._files.get(number, ()))):
                if id(twin) in self._gone or twin.path in seen or twin.path == arrival.path:
                    continue
                seen.add(twin.path)
                if not self.by_name or twin.is_called_like(arrival.record.name):
                    yield twin

    # --- units of the library ---

    def _standing(self, record: FileRecord) -> Standing:
        """The unit that a file of the library belongs to: a movie may belong to a still in another tree."""
        system = self.places.system_folder(record.folder)
        if system is SystemFolder.MOVIES:
            found = self._units_in(self.places.plain(record.folder)).get(record)
            if found is not None:
                return found
        return self._units_in(record.folder)[record]

    def _units_in(self, tree: str) -> dict[FileRecord, Standing]:
        if tree not in self._units:
            self._units[tree] = dict(self._read_units(tree))
        return self._units[tree]

    def _read_units(self, tree: str) -> Iterator[tuple[FileRecord, Standing]]:
        """The files of a folder with the units they belong to; the movies of its Live Photos stand in another tree,
        that of a converted original may stand beside its JPEG."""
        system = self.places.system_folder(tree)
        folder = self.places.plain(tree)
        originals = {record: record for record in self._folders.get(tree, ())}
        beside = self._folders.get(folder, ()) if system is SystemFolder.MIGRATED else ()
        movies = (record for record in beside if record.kind is FileKind.MOVIE)
        for record in (*self._folders.get(self.places.movie_tree(folder), ()), *movies):
            originals[replace(record, relative=paths.join(tree, record.name))] = record
        units, _ = units_of(originals)
        for unit in units:
            standing = self._unit_standing(_originals(unit, originals), folder, system is SystemFolder.MIGRATED)
            for member in unit[1] + unit[:1]:
                yield originals[member], standing

    def _unit_standing(self, files: tuple[FileRecord, ...], folder: str, converted: bool) -> Standing:
        first = files[0]
        return Standing(
            first.path,
            folder if converted else first.folder,
            folder,
            self.places.score_of(folder),
            self.contents_of(files),
            () if converted else files,
            converted,
        )


def _originals(unit: Unit, originals: Mapping[FileRecord, FileRecord]) -> tuple[FileRecord, ...]:
    first, companions = unit
    return tuple(originals[record] for record in (first, *companions))


def _best_first(standing: Standing) -> tuple[tuple[int, ...], str, str]:
    return best_first(standing.score), paths.folded(standing.path), standing.path


def same_folder(first: str, second: str) -> bool:
    """Whether two folders are one wherever case and Unicode form don't count."""
    return first == second or paths.folded(first) == paths.folded(second)
