"""Duplicates in the library: the better place wins, the richer unit stays, and nothing is taken twice.

The same picture is told by equal numbers in ``World.contents``.  A unit counts as a duplicate only when all its
pictures and movies are there: a RAW file whose JPEG the library has is no duplicate, and a pair is never split.  Where
one unit holds more and another has the better place, the one that holds more gets that place.  Pure: verdicts only;
``plan`` makes operations of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import.model import Arrival, Fate, World
from image_sync.jobs.photo_import.rules.folder_names import SystemFolder
from image_sync.jobs.photo_import.rules.places import Place, Places
from image_sync.jobs.photo_import.rules.riches import Riches, days_taken, riches_of
from image_sync.jobs.photo_import.rules.target import Score, best_first, similar_key, similar_names
from image_sync.jobs.photo_import.rules.units import units_of
from image_sync.pictures.sidecars import Unit


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
    riches: Riches
    unit: tuple[FileRecord, ...] = ()
    converted: bool = False

    def is_called_like(self, name: str) -> bool:
        """Whether one of its files has a similar name: units that met in one folder may have joined."""
        return any(similar_names(name, other) for other in (paths.name(self.path), *(file.name for file in self.unit)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on a newcomer: its fate, the twin that decided, and what of the library makes way for it.

    ``place`` is the twin's where the newcomer gets that.  ``moves`` tells that the twin gets the newcomer's place.
    ``beside`` tells that both stay, each in its place.
    """

    fate: Fate
    twin: Standing | None = None
    displaced: tuple[Standing, ...] = ()
    place: Place | None = None
    moves: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A newcomer that waits for its verdict: its place, and the path of the poorer one whose place that is."""

    index: int
    arrival: Arrival
    place: Place
    corrected: bool = False
    lent_by: str = ""


_Kind = tuple[Riches, str]
"""Features of newcomers that get one and the same place lent: riches, and the name where names count."""


@dataclass
class Twins:
    """The pictures of the library by content, those that the plan adds among them."""

    places: Places
    world: World
    by_name: bool
    moving: bool
    contents: Mapping[str, int] = field(init=False)
    _days: Mapping[int, date] = field(init=False)
    _placed: dict[int | str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    _files: dict[int | str, list[FileRecord]] = field(default_factory=lambda: defaultdict(list))
    _folders: dict[str, list[FileRecord]] = field(default_factory=lambda: defaultdict(list))
    _units: dict[str, dict[FileRecord, Standing]] = field(default_factory=dict)
    _gone: set[int] = field(default_factory=set)
    _riches: dict[str, Riches] = field(default_factory=dict)
    """Those of files that are alone."""
    _arrivals: Mapping[str, Arrival] | None = None

    def __post_init__(self) -> None:
        self.contents = self.world.contents
        self._days = days_taken(self.world)

    def add_library(self) -> None:
        """Files that stand in the library; what was set aside as a duplicate before is none of it."""
        for record in self.world.library:
            tree = record.folder
            if self.places.system_folder(tree) is SystemFolder.DUPLICATES:
                continue
            self._folders[tree].append(record)
            number = self.contents.get(record.path)
            if number is not None:
                self._files[number].append(record)

    def add(self, standing: Standing) -> None:
        """A unit that the plan adds to the library, or leaves in it."""
        for number in standing.riches.contents:
            self._placed[number].append(standing)

    def remove(self, standing: Standing) -> None:
        """A unit that the plan takes out of the library, or out of its place."""
        self._gone.add(id(standing))

    def of_arrival(self, arrival: Arrival, path: str, tree: str, *, movable: bool) -> Standing:
        """An arrival as it stands, or will stand, at ``path`` (absolute) in ``tree``."""
        riches = self.riches_of(arrival.files)
        return self._standing_at(path, tree, riches, arrival.files if movable else ())

    def moved(self, standing: Standing, path: str, tree: str) -> Standing:
        """A unit of the library as it will stand at ``path`` (absolute) in ``tree``."""
        return self._standing_at(path, tree, standing.riches, ())

    def _standing_at(self, path: str, tree: str, riches: Riches, unit: tuple[FileRecord, ...]) -> Standing:
        folder = self.places.plain(tree)
        return Standing(path, tree, folder, self.score(folder, riches), riches, unit)

    def riches_of(self, files: Sequence[FileRecord]) -> Riches:
        """Riches of a unit, its picture first."""
        if len(files) > 1:
            return riches_of(files, self.contents, self.world.looks)
        path = files[0].path
        known = self._riches.get(path)
        if known is None:
            known = self._riches[path] = riches_of(files, self.contents, self.world.looks)
        return known

    def score(self, folder: str, riches: Riches) -> Score:
        """Score of a folder for a unit, whose camera may contradict it."""
        days = (self._days.get(number) for number in riches.contents if isinstance(number, int)) if self._days else ()
        return self.places.score_of(folder, min(filter(None, days), default=None))

    # --- places that are lent ---

    def with_places(self, wishes: Sequence[Wish]) -> list[Wish]:
        """The wishes, with the place of a poorer newcomer that shows the same where that one is better."""
        best: dict[_Kind, Wish] = {}
        for wish in wishes:
            kind = self._kind(wish)
            if kind is not None and (kind not in best or self._before(wish, best[kind])):
                best[kind] = wish
        lent = {kind: self._lent(kind, own, best) for kind, own in self._meeting(best).items()}
        return [self._with_place(wish, lent) for wish in wishes]

    def _kind(self, wish: Wish) -> _Kind | None:
        """``None`` for what nothing else shows."""
        riches = self.riches_of(wish.arrival.files)
        if not any(isinstance(number, int) for number in riches.contents):
            return None
        return riches, similar_key(wish.arrival.record.name) if self.by_name else ""

    def _before(self, first: Wish, second: Wish) -> bool:
        return self._wish_key(first) < self._wish_key(second)

    def _wish_key(self, wish: Wish) -> tuple[tuple[int, ...], str, str]:
        score = self.score(wish.place.folder, self.riches_of(wish.arrival.files))
        return best_first(score), paths.folded(wish.place.folder), wish.arrival.path

    @staticmethod
    def _meeting(best: Mapping[_Kind, Wish]) -> dict[_Kind, set[_Kind]]:
        """The kinds that share a content with others, each with those."""
        showing: dict[int | str, list[_Kind]] = defaultdict(list)
        for kind in best:
            for number in kind[0].contents:
                showing[number].append(kind)
        met = {kind: {other for number in kind[0].contents for other in showing[number]} for kind in best}
        return {kind: others for kind, others in met.items() if len(others) > 1}

    def _lent(self, kind: _Kind, others: Iterable[_Kind], best: Mapping[_Kind, Wish]) -> Wish:
        poorer = (best[other] for other in others if other[1] == kind[1] and self._is_richer(kind[0], other[0]))
        return min((best[kind], *poorer), key=self._wish_key)

    def _with_place(self, wish: Wish, lent: Mapping[_Kind, Wish]) -> Wish:
        kind = self._kind(wish) if lent and not wish.corrected else None
        lender = lent.get(kind) if kind is not None else None
        if kind is None or lender is None or lender.arrival.path == wish.arrival.path:
            return wish
        there = (self._as_if_in(wish, folder) for folder in (lender.place.folder, lender.arrival.folder))
        place = max(there, key=lambda one: self.score(one.folder, kind[0]))
        if not self.score(place.folder, kind[0]) > self.score(wish.place.folder, kind[0]):
            return wish
        return replace(wish, place=place, lent_by=lender.arrival.path)

    def _as_if_in(self, wish: Wish, folder: str) -> Place:
        """The place of a newcomer if it had lain in ``folder``: it would stay there in every further run."""
        return self.places.of(replace(wish.arrival, folder=folder))

    def _is_richer(self, one: Riches, other: Riches) -> bool:
        return one.surpasses(other, whole=not self.moving)

    # --- verdicts ---

    def judge(self, wish: Wish) -> Verdict:
        """Fate of a newcomer."""
        riches, place = self.riches_of(wish.arrival.files), wish.place
        score = self.score(place.folder, riches)
        candidates = sorted(self._candidates(wish.arrival, riches), key=_best_first)
        holding = [twin for twin in candidates if twin.riches.holds(riches) and not self._makes_way(twin, riches)]
        if not holding:
            return self._richer(wish, score, [twin for twin in candidates if self._makes_way(twin, riches)])
        best = holding[0]
        here = next((twin for twin in holding if same_folder(twin.folder, place.folder)), None)
        if not self.moving:
            return Verdict(Fate.KNOWN, here or best)
        converted = next((twin for twin in holding if twin.converted), None)
        if converted or score < best.score or here:
            return Verdict(Fate.DUPLICATE, best if score < best.score else here or converted)
        surpassing = [twin for twin in holding if self._is_richer(twin.riches, riches)]
        if equal := next((twin for twin in surpassing if twin.score == score), None):
            return Verdict(Fate.DUPLICATE, equal)
        worse = [twin for twin in candidates if twin.unit and riches.holds(twin.riches) and twin.score < score]
        richest = self._richest(surpassing) if score > best.score else None
        if richest and not place.undated and self._would_stay(richest, place.folder):
            others = [twin for twin in candidates if twin.unit and richest.riches.holds(twin.riches)]
            makes_way = tuple(twin for twin in others if twin.score < score and twin is not richest)
            return Verdict(Fate.DUPLICATE, richest, makes_way, moves=True)
        worse = [twin for twin in worse if twin not in surpassing]
        poorer = [twin for twin in candidates if self._makes_way(twin, riches) and twin not in worse]
        return Verdict(Fate.NEW, best, (*worse, *poorer), beside=best not in worse)

    def _richer(self, wish: Wish, score: Score, poorer: Sequence[Standing]) -> Verdict:
        """Verdict on a newcomer that no twin equals: it gets the best of their places, as if it had lain there."""
        if wish.corrected:
            return Verdict(Fate.NEW, None, tuple(twin for twin in poorer if twin.score <= score))
        twin = poorer[0] if poorer else None
        if twin is not None and twin.score > score:
            place = self._as_if_in(wish, twin.folder)
            if self.score(place.folder, self.riches_of(wish.arrival.files)) > score:
                return Verdict(Fate.NEW, twin, tuple(poorer), place=place)
        return Verdict(Fate.NEW, None, tuple(poorer))

    def _makes_way(self, twin: Standing, riches: Riches) -> bool:
        """Whether a newcomer is richer than a twin that can be moved."""
        return bool(twin.unit) and self._is_richer(riches, twin.riches)

    def _richest(self, twins: Sequence[Standing]) -> Standing | None:
        """The richest of some twins that can be moved, the one in the best place among equals."""
        found: Standing | None = None
        for twin in twins:
            if self._can_move(twin) and (found is None or self._is_richer(twin.riches, found.riches)):
                found = twin
        return found

    def _would_stay(self, twin: Standing, folder: str) -> bool:
        """Whether a unit that lay in ``folder`` would stay there: its own date may belong elsewhere."""
        if self._arrivals is None:
            self._arrivals = {arrival.path: arrival for arrival in self.world.arrivals}
        arrival = self._arrivals.get(twin.path)
        return arrival is None or same_folder(self.places.of(replace(arrival, folder=folder)).folder, folder)

    def _can_move(self, twin: Standing) -> bool:
        """Whether another place may be given to it: what lies among the small or the movies belongs there."""
        return bool(twin.unit) and self.places.system_folder(twin.tree) in (None, SystemFolder.UNDATED)

    def _candidates(self, arrival: Arrival, riches: Riches) -> Iterator[Standing]:
        seen: set[str] = set()
        for number in riches.contents:
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
        first, riches = files[0], self.riches_of(files)
        tree = folder if converted else first.folder
        score = self.score(folder, riches)
        return Standing(first.path, tree, folder, score, riches, () if converted else files, converted)


def _originals(unit: Unit, originals: Mapping[FileRecord, FileRecord]) -> tuple[FileRecord, ...]:
    first, companions = unit
    return tuple(originals[record] for record in (first, *companions))


def _best_first(standing: Standing) -> tuple[tuple[int, ...], str, str]:
    return best_first(standing.score), paths.folded(standing.path), standing.path


def same_folder(first: str, second: str) -> bool:
    """Whether two folders are one wherever case and Unicode form don't count."""
    return first == second or paths.folded(first) == paths.folded(second)
