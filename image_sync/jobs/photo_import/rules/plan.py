"""The rules of *import*: from what arrives and what the library holds to a Plan.

Pure: values in, values out.  Where a picture goes is told by ``import_placement``, whether the library has it already
by ``import_duplicates``; here arrivals are taken one by one, the best place first, so that the order of the scan never
matters, and what follows the import (``import_after``) is added.  Nothing existing is renamed, and nothing vanishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.model import Plan
from image_sync.base.said import Value, few
from image_sync.jobs.photo_import.model import Arrival, Conclusion, Correction, Displaced, Fate, Placed, World
from image_sync.jobs.photo_import.request import NAME, ImportRequest
from image_sync.jobs.photo_import.rules import after as import_after
from image_sync.jobs.photo_import.rules.after import SHOWN
from image_sync.jobs.photo_import.rules.draft import Draft
from image_sync.jobs.photo_import.rules.duplicates import Standing, Twins, Verdict, Wish, same_folder
from image_sync.jobs.photo_import.rules.places import Place, Places
from image_sync.jobs.photo_import.rules.reasons import DatedBy, Noted, Reason
from image_sync.jobs.photo_import.rules.target import best_first
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.capture_date import DateSource

_SOURCES: Mapping[str, Value] = {one.value: one for table in (DateSource, DatedBy) for one in table}
_NO_CORRECTIONS: Mapping[str, Correction] = {}


def conclude(
    world: World,
    request: ImportRequest,
    corrections: Mapping[str, Correction] = _NO_CORRECTIONS,
) -> Conclusion:
    """Fate of every arrival, and the plan that does it.

    ``request`` has absolute folders.  ``corrections`` are by the absolute path of the picture.
    """
    importing = _Import(world, request, corrections)
    importing.run()
    after = import_after.follow(importing.draft, importing.places, importing.placed, corrections, importing.gone)
    draft = importing.draft
    draft.notes += _uncompared(after.placed)
    draft.notes += _contradicting(after.placed)
    draft.notes += _kept_twice(after.placed, draft)
    draft.notes += _words_without_place(after.placed, importing.places)
    plan = Plan(NAME, roots_of(request), tuple(draft.operations), tuple(draft.notes))
    return Conclusion(tuple(after.placed), plan, tuple(importing.displaced), after.crowded)


def roots_of(request: ImportRequest) -> dict[str, str]:
    """The chosen places by role (``input``, ``input 2``, …); an input that is the output is named once."""
    roles = ((f"input {number}" if number > 1 else "input", place) for number, place in enumerate(request.inputs, 1))
    return {role: place for role, place in roles if place != request.output} | {"output": request.output}


def _uncompared(placed: Iterable[Placed]) -> Iterator[str]:
    """A word of caution when pictures would go to a place of which nobody knows whether it has them already."""
    number = sum(1 for one in placed if one.fate is Fate.NEW and not one.arrival.compared)
    if number:
        yield Noted.NOT_COMPARED(count=number)


def _contradicting(placed: Iterable[Placed]) -> Iterator[str]:
    """The pictures whose folder is years away from their camera's date: the folder counts, and may be wrong."""
    found = [one for one in placed if one.fate is Fate.NEW and one.years_apart]
    if found:
        yield Noted.YEARS_AWAY(count=len(found), names=few(map(_both_dates, found), SHOWN, quoted=False))


def _kept_twice(placed: Iterable[Placed], draft: Draft) -> Iterator[str]:
    """The pictures that the library has, and which come in all the same: both folders describe them as well."""
    found = [one for one in placed if one.beside]
    if found:
        named = (
            Noted.AS_WELL_AS(one=paths.display(one.target), other=paths.display(draft.below(one.twin))) for one in found
        )
        yield Noted.KEPT_TWICE(count=len(found), names=few(named, SHOWN, quoted=False))


def _words_without_place(placed: Iterable[Placed], places: Places) -> Iterator[str]:
    """The descriptions that the user's pattern has no field for."""
    if places.folders_by is None or places.folders_by.describes:
        return
    folders = dict.fromkeys(one.arrival.folder for one in placed if one.fate is Fate.NEW and not one.undated)
    lost = dict.fromkeys(paths.join("", *levels) for folder in folders if (levels := places.words_of(folder)))
    if lost:
        names = few(map(paths.display, lost), SHOWN, quoted=False)
        yield Noted.WORDS_LOST(count=len(lost), field="{description}", names=names)


def _both_dates(placed: Placed) -> str:
    name, captured = paths.display(placed.arrival.record.name), placed.arrival.captured
    if captured is None:
        return Noted.FOLDER_DATE(name=name, folder=str(placed.day))
    return Noted.BOTH_DATES(name=name, folder=str(placed.day), camera=f"{captured.when:%Y-%m-%d}")


def _in_place(arrival: Arrival, places: Places, place: Place, corrected: bool = False) -> bool:
    """Whether all files of an arrival stand where they belong, or where the user put them."""
    if not arrival.inside or arrival.aside:
        return False
    if arrival.settled and not corrected:
        return True
    if not places.is_named(arrival):
        return False
    here = arrival.folder
    if here == place.folder and not arrival.companions and not (arrival.is_movie or places.request.small):
        return True  # nearly all of a library in order
    return all(folder == here or same_folder(folder, here) for folder in places.folders(arrival, place.folder))


class _Import:
    """One plan in the making."""

    def __init__(self, world: World, request: ImportRequest, corrections: Mapping[str, Correction]) -> None:
        self.world, self.request, self.corrections = world, request, corrections
        self.places = Places(request)
        self.draft = Draft(world, request)
        self.twins = Twins(self.places, world, request.by_name, request.transfer is Transfer.MOVE)
        self.placed: list[Placed] = []
        self.displaced: list[Displaced] = []
        self.gone: set[str] = set()
        self._standing: dict[str, int] = {}
        self._folders = {paths.folded(folder) for folder in world.folders}

    def run(self) -> None:
        """Decide about all arrivals."""
        waiting: list[Wish] = []
        for index, arrival in enumerate(self.world.arrivals):
            correction = self.corrections.get(arrival.path) if self.corrections else None
            place = self.places.of(arrival, correction)
            self.placed.append(self._as_it_stands(index, arrival, place, correction))
            if self.placed[-1].fate is Fate.NEW:
                waiting.append(Wish(index, arrival, place, correction is not None))
        if waiting:
            self._know_library()
        for wish in sorted(self.twins.with_places(waiting), key=self._order):
            self._decide(wish)

    def _as_it_stands(self, index: int, arrival: Arrival, place: Place, correction: Correction | None) -> Placed:
        """Decision about an arrival by itself; a newcomer is decided about later."""
        fate, why, folder = Fate.NEW, "", place.folder
        if arrival.problem is not None:
            return Placed(arrival, Fate.STAYS, arrival.problem.why, targets=("",) * len(arrival.files))
        if _in_place(arrival, self.places, place, correction is not None):
            fate, why = Fate.IN_PLACE, Reason.IN_PLACE()
            folder = self.places.plain(arrival.folder) if arrival.settled else folder
            self.draft.stay(index, arrival.files)
        return Placed(
            arrival,
            fate,
            why,
            folder,
            targets=("",) * (1 + len(arrival.companions)),
            day=place.day,
            dated_by=place.dated_by or (arrival.captured.source.value if arrival.captured and place.day else ""),
            undated=place.undated,
            small=self.places.is_small(arrival),
            corrected=correction is not None,
        )

    def _know_library(self) -> None:
        self.twins.add_library()
        for index, placed in enumerate(self.placed):
            if placed.fate is Fate.IN_PLACE:
                arrival = placed.arrival
                self._standing[arrival.path] = index
                self.twins.add(self.twins.of_arrival(arrival, arrival.path, arrival.folder, movable=True))

    def _order(self, wish: Wish) -> tuple[object, ...]:
        """Better places first, among equal ones what holds more; the rest only makes the order one and the same."""
        arrival, place = wish.arrival, wish.place
        target = paths.join(place.folder, self.places.names(arrival)[0])
        riches = self.twins.riches_of(arrival.files)
        score = self.twins.score(place.folder, riches)
        return (
            *(best_first(score), -len(riches.contents), riches.lacks),
            *(bool(wish.lent_by), paths.folded(target), target, arrival.path),
        )

    # --- one newcomer ---

    def _decide(self, wish: Wish) -> None:
        index = wish.index
        verdict = self.twins.judge(wish)
        if verdict.twin is not None:
            self._change(index, twin=verdict.twin.path)
        if verdict.fate is Fate.KNOWN:
            self._change(index, fate=Fate.KNOWN, why=Reason.KNOWN(place=self._named(verdict.twin)))
        elif verdict.fate is Fate.DUPLICATE:
            self._set_aside(wish, verdict)
        else:
            self._take_in(wish, verdict)

    def _set_aside(self, wish: Wish, verdict: Verdict) -> None:
        index, arrival, twin = wish.index, wish.arrival, verdict.twin
        assert twin is not None
        if verdict.moves:
            by = paths.join(wish.place.folder, arrival.record.name)
            for standing in verdict.displaced:
                self._displace(standing, by)
            twin = self._give_place(twin, wish)
            self._change(index, twin=twin.path)
        why = Reason.SAME_PICTURE(place=self._named(twin))
        if arrival.stays:  # nothing is set aside out of an archive
            self._change(index, fate=Fate.KNOWN, why=Reason.KNOWN(place=self._named(twin)))
            return
        if arrival.aside:
            self._change(index, fate=Fate.DUPLICATE, why=why)
            return
        usual = self.places.folders(arrival, twin.folder)
        folders = [self.places.aside(twin.tree if folder == usual[0] else folder) for folder in usual]
        slot = self.draft.bring(index, arrival, folders, why)
        self._change(index, fate=Fate.DUPLICATE, why=why, targets=slot.targets, number=slot.number)

    def _take_in(self, wish: Wish, verdict: Verdict) -> None:
        index, arrival = wish.index, wish.arrival
        place = verdict.place or wish.place
        lender = verdict.twin.path if verdict.place and verdict.twin else wish.lent_by
        if lender:
            self._change(index, folder=place.folder, day=place.day, dated_by=place.dated_by, undated=place.undated)
            self._change(index, twin=lender, takes_over=True)
        folders = self.places.folders(arrival, place.folder)
        for standing in verdict.displaced:
            self._displace(standing, paths.join(folders[0], arrival.record.name))
        why = self._why(index)
        if lender:
            why = Reason.AS_POORER(why=why)
        slot = self.draft.bring(index, arrival, folders, why, self.places.names(arrival))
        target = slot.targets[0] or self.draft.below(arrival.path)
        self.twins.add(self.twins.of_arrival(arrival, self.draft.absolute(target), paths.parent(target), movable=False))
        if slot.number:
            why = Reason.RENAMED(why=why)
        new = paths.folded(paths.parent(target)) not in self._folders
        self._change(index, why=why, targets=slot.targets, number=slot.number, new_folder=new, beside=verdict.beside)

    def _why(self, index: int) -> str:
        placed = self.placed[index]
        dated = (
            Reason.DATED(day=str(placed.day), source=_SOURCES.get(placed.dated_by, placed.dated_by))
            if placed.day
            else Reason.UNDATED()
        )
        return Reason.SMALL(why=dated) if placed.small else dated

    def _displace(self, standing: Standing, by: str) -> None:
        """Set a unit of the library aside; it may be an arrival that stood in its place."""
        why = Reason.BETTER_PLACE(place=paths.display(by))
        folders = [self.places.aside(paths.parent(self.draft.below(record.path))) for record in standing.unit]
        slot = self.draft.set_aside(standing.unit, folders, why)
        self.twins.remove(standing)
        self.gone.update(record.path for record in standing.unit)
        index = self._standing.get(standing.path)
        if index is None:
            self.displaced.append(Displaced(standing.unit[0], slot.targets[0], by))
        else:
            self._change(index, fate=Fate.DUPLICATE, why=why, targets=slot.targets, number=slot.number)

    def _give_place(self, standing: Standing, wish: Wish) -> Standing:
        """Move a unit of the library to the better place of a newcomer that is the same and holds less."""
        by = paths.display(wish.arrival.record.name)
        why = Reason.PLACE_OF_POORER(name=by)
        unit = Arrival(standing.unit[0], standing.unit[1:], inside=True)
        slot = self.draft.rearrange(standing.unit, self.places.folders(unit, wish.place.folder), why)
        self.twins.remove(standing)
        target = slot.targets[0]
        index = self._standing.get(standing.path)
        if index is None:
            self.displaced.append(Displaced(standing.unit[0], target, wish.arrival.path, stays=True))
        else:
            new = paths.folded(paths.parent(target)) not in self._folders
            self._change(index, fate=Fate.NEW, why=why, targets=slot.targets, number=slot.number, new_folder=new)
            self._change(index, moved_up=True)
            own = self.placed[wish.index]
            self._change(index, folder=wish.place.folder, day=own.day, dated_by=own.dated_by, undated=own.undated)
        moved = self.twins.moved(standing, self.draft.absolute(target), paths.parent(target))
        self.twins.add(moved)
        return moved

    # --- small things ---

    def _named(self, twin: Standing | None) -> str:
        assert twin is not None
        return paths.display(self.draft.below(twin.path))

    def _change(self, index: int, **changes: object) -> None:
        self.placed[index] = replace(self.placed[index], **changes)  # type: ignore[arg-type]
