"""Scan of *import*: list, read dates, compare contents, decide.

Nothing is written but the catalog.  What the library holds is known from the catalog and the registry; a file that
changed behind their back has another size or time, is read again, and that is said.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from image_sync.apply import disk
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.events import Stage
from image_sync.base.model import FileKind, FileRecord
from image_sync.base.said import few
from image_sync.inventory.context import RunContext
from image_sync.jobs import room
from image_sync.jobs.job import check_replan
from image_sync.jobs.photo_import import checks, probing
from image_sync.jobs.photo_import.cameras import with_cameras
from image_sync.jobs.photo_import.contents import Comparing, Contents, looked_at
from image_sync.jobs.photo_import.dating import WHAT, Found, date_all
from image_sync.jobs.photo_import.exports import told_of
from image_sync.jobs.photo_import.joining import Joined, joined
from image_sync.jobs.photo_import.listing import Looking, in_library
from image_sync.jobs.photo_import.looks import looks_of
from image_sync.jobs.photo_import.model import Arrival, Conclusion, Correction, Fate, ImportReview, Staying, World
from image_sync.jobs.photo_import.registry import Registry
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules import plan as photo_import
from image_sync.jobs.photo_import.rules import units as import_units
from image_sync.jobs.photo_import.rules.after import SHOWN
from image_sync.jobs.photo_import.rules.folder_names import SystemFolder
from image_sync.jobs.photo_import.rules.places import Places
from image_sync.jobs.photo_import.rules.program_folders import is_google_folder
from image_sync.jobs.photo_import.rules.reasons import Noted
from image_sync.jobs.photo_import.rules.target import similar_key

STAGES = 5
_CONTENT = (FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE)
_NEARLY_ALL = 0.999
"""The share of a scan that was stopped when all was compared: it is no whole one."""
_NO_CORRECTIONS: Mapping[str, Correction] = {}
_COLLECT_AFTER = 2_000_000
"""New values after which the collector looks for garbage while a scan runs; by default it is some hundred."""


class ImportScan:
    """One scan for *import*.  Raises ``Refused`` from the start when the request can't be done as it is."""

    def __init__(
        self,
        request: ImportRequest,
        registry: Registry,
        context: RunContext,
        corrections: Mapping[str, Correction] = _NO_CORRECTIONS,
    ) -> None:
        self.request = checks.resolved(request)
        self.corrections = corrections
        self.registry, self.context = registry, context
        self.staying: list[Staying] = []
        self.library: list[FileRecord] = []
        self._unfinished: tuple[World, list[Arrival]] | None = None

    def run(self) -> ImportReview:
        """All stages.  Raises ``Refused`` and ``Stopped``; what was read by then is remembered."""
        with _patient_collector():
            return self._run()

    def partial(self, control: Control) -> ImportReview | None:
        """After ``Stopped``: the review of those arrivals that were compared by then; ``None`` when there are none."""
        self.context = self.context.with_control(control)
        with _patient_collector():
            return self._partial()

    def _run(self) -> ImportReview:
        found = Looking(self.request, self.context).run()
        self.library = found.library
        units = [
            unit for one in joined(found.entering, self.registry, self.context.control) for unit in self._units(one)
        ]
        arrivals = self._dated(units)
        if "{camera}" in self.request.folders + self.request.names:
            arrivals = with_cameras(arrivals, self.registry, self.context)
        world = World(
            tuple(arrivals),
            tuple(self.library),
            folders=tuple(found.folders),
            others=tuple(found.others),
            entries=found.entries,
            unread=frozenset(found.unread),
        )
        conclusion = photo_import.conclude(world, self.request, self.corrections)
        moving = self._moving(conclusion)
        self._unfinished = world, moving
        return self._concluded(world, moving, self._standing(world, moving), conclusion)

    def _concluded(
        self,
        world: World,
        moving: Sequence[Arrival],
        standing: Sequence[FileRecord],
        conclusion: Conclusion | None,
        share: float = 1.0,
    ) -> ImportReview:
        """Compare, and decide; ``conclusion`` is the one without comparing where there is nothing to compare."""
        if moving:
            contents = self._compared(moving, standing)
            chosen = {one.path for one in moving}
            measured = tuple(_measured(one, contents, chosen) for one in world.arrivals)
            world = replace(world, arrivals=measured, contents=contents.numbers, looks=looks_of(contents))
        told = world
        if self.request.set_dates:
            world = probing.probed(world, {}, self.context)
            told = probing.probed(world, self.corrections, self.context)
        self._report(world.arrivals)
        self.context.reporter.stage(Stage.PLAN)
        if moving or self.request.set_dates or conclusion is None:
            conclusion = photo_import.conclude(told, self.request, self.corrections)
        staying = tuple(sorted(self.staying, key=lambda one: one.path))
        bare = ImportReview(
            self.request,
            (),
            conclusion.plan,
            staying=staying,
            corrections=dict(self.corrections),
            problems=self.context.reporter.problems,
            notes=self.context.notes.texts,
            world=world,
            partial=share,
        )
        return _concluded(bare, conclusion)

    def _partial(self) -> ImportReview | None:
        """Review of the arrivals that were compared before a stop.

        Nothing may be taken in twice, so what comes from outside needs all that stands in the library looked at.
        """
        if self._unfinished is None:
            return None
        world, moving = self._unfinished
        standing = self._standing(world, moving)
        seen = [*standing, *(record for one in moving for record in one.files if record.kind in _CONTENT)]
        done = looked_at(seen, self.context.catalog, self.registry)
        here = [*standing, *(record for one in moving if one.inside for record in one.files)]
        unknown = any(record.kind in _CONTENT and record.path not in done for record in here)
        kept = [one for one in moving if (one.inside or not unknown) and _is_looked_at(one, done)]
        if not kept:
            return None
        share = min(len(kept) / len(moving), _NEARLY_ALL)
        self.context.notes.say(Noted.STOPPED(done=len(kept), count=len(moving)))
        left = {one.path for one in moving} - {one.path for one in kept}
        for one in world.arrivals:
            if one.inside and one.path in left:
                self.library += [in_library(record, self.request.output) for record in one.files]
        arrivals = tuple(one for one in world.arrivals if one.path not in left)
        world = replace(world, arrivals=arrivals, library=tuple(self.library))
        standing = [record for record in standing if record.path in done]
        return self._concluded(world, kept, standing, None, share)

    def _moving(self, conclusion: Conclusion) -> list[Arrival]:
        """The arrivals that have to be compared with all others: those that don't stand in their place.

        With the small filter nobody knows that before all are measured.
        """
        resting = (Fate.STAYS,) if self.request.small else (Fate.STAYS, Fate.IN_PLACE)
        return [one.arrival for one in conclusion.placed if one.fate not in resting]

    # --- arrivals ---

    def _units(self, found: Joined) -> Iterator[Found]:
        """The units of one input, or of one export in parts, in the order of their paths."""
        entering = found.entering
        self._leave(found.leftovers, entering.inside)
        again = self.request.rejudge and entering.inside
        places = Places(self.request)
        above = entering.prefix or _takeouts_own(entering.root)
        told = told_of(found, self.request.albums, self.context.control)
        self._note_thrown(entering.root, told.thrown)
        for first, companions in found.units:
            if first in told.thrown:
                continue
            folder = paths.join(above, first.folder) if above else first.folder
            if first in told.albums:
                folder = paths.join(folder, told.albums[first])
            aside = again and places.system_folder(folder) is SystemFolder.DUPLICATES
            yield Found(
                first, companions, folder, entering.inside, aside, found.lent.get(first, ()), told.taken.get(first)
            )

    def _leave(self, leftovers: Iterable[FileRecord], inside: bool) -> None:
        for record in leftovers:
            self.staying.append(import_units.staying(record))
            if inside:
                self.library.append(in_library(record, self.request.output))

    def _dated(self, units: Sequence[Found]) -> list[Arrival]:
        recalled = self.registry.recall(photo_import.roots_of(self.request).values())
        encoded = [os.fsencode(unit.record.path) for unit in units]
        self._notice_changes(recalled.dates, units, encoded)
        return date_all(units, encoded, self.request, self.registry, recalled, self.context)

    def _notice_changes(
        self, remembered: Mapping[bytes, tuple[Any, ...]], units: Iterable[Found], encoded: Sequence[bytes]
    ) -> None:
        """Say how the library changed since it was last seen, and forget what is gone."""
        changed, seen = [], 0
        for path, unit in zip(encoded, units, strict=True):
            row = remembered.get(path)
            if row is not None:
                seen += 1
                if row[2] != unit.record.change_key or row[1] != unit.record.size:
                    changed.append(path)
        gone = list(remembered.keys() - set(encoded)) if seen < len(remembered) else []
        if gone:
            library = {os.fsencode(record.path): record for record in self.library if record.kind in _CONTENT}
            changed += [path for path in gone if path in library and remembered[path][1:3] != _look(library[path])]
            gone = [path for path in gone if path not in library]
        output = os.fsencode(self.request.output.rstrip(paths.SEPARATOR) + paths.SEPARATOR)
        self.registry.forget([*gone, *changed])
        changed, gone = ([path for path in some if path.startswith(output)] for some in (changed, gone))
        told = [what(count=len(some)) for some, what in ((changed, Noted.CHANGED), (gone, Noted.GONE)) if some]
        if told:
            self.context.notes.say(Noted.LIBRARY_CHANGED(what=tuple(told)))

    # --- contents ---

    def _standing(self, world: World, moving: Sequence[Arrival]) -> list[FileRecord]:
        """The files that the arrivals which are ``moving`` are compared with besides each other."""
        chosen = {one.path for one in moving}
        standing = [record for one in world.arrivals if one.path not in chosen for record in one.files]
        standing += self._counting_library()
        if self.request.by_name:
            keys = {similar_key(one.record.name) for one in moving}
            standing = [record for record in standing if similar_key(record.name) in keys]
        return [record for record in standing if record.kind in _CONTENT]

    def _compared(self, moving: Sequence[Arrival], standing: Sequence[FileRecord]) -> Contents:
        """Equal contents among the arrivals that are ``moving`` and all that is there."""
        arriving = [record for one in moving for record in one.files if record.kind in _CONTENT]
        comparing = Comparing(self.registry, self.context)
        return comparing.run(arriving, standing)

    def _counting_library(self) -> Iterator[FileRecord]:
        """The library less what was set aside as a duplicate: that is no reason to set anything aside."""
        places = Places(self.request)
        for record in self.library:
            if places.system_folder(record.folder) is not SystemFolder.DUPLICATES:
                yield record

    # --- words ---

    def _note_thrown(self, root: str, thrown: Collection[FileRecord]) -> None:
        if thrown:
            names = [paths.display(record.name) for record in sorted(thrown, key=lambda one: one.path)]
            told = few(names, SHOWN, quoted=False)
            self.context.notes.say(Noted.TRASHED(count=len(names), folder=paths.display(root), names=told))

    def _report(self, arrivals: Iterable[Arrival]) -> None:
        self.context.notes.say(*self.registry.notes)
        doubtful = []
        for one in arrivals:
            if one.problem is not None:
                self.context.reporter.problem(one.problem)
            elif one.doubt:
                doubtful.append(Noted.WITH_DATE(name=paths.display(one.record.name), date=one.doubt))
        if doubtful:
            names = few(doubtful, SHOWN, quoted=False)
            self.context.notes.say(Noted.DOUBTFUL(count=len(doubtful), names=names))
        orphans = [paths.display(paths.name(one.path)) for one in self.staying if one.sidecar]
        if orphans:
            self.context.notes.say(Noted.ORPHANS(count=len(orphans), names=few(orphans, SHOWN, quoted=False)))
        if unread := import_units.not_read(self.staying):
            self.context.notes.say(unread)
        others = sum(1 for one in self.staying if not one.sidecar and not import_units.is_not_read(one))
        if others:
            self.context.notes.say(Noted.NO_PICTURES(count=others))


def _takeouts_own(root: str) -> str:
    """Name of an input that is a Takeout's folder of Google Photos: without it its albums could not be told."""
    name = paths.name(root)
    return name if is_google_folder(name) else ""


@contextlib.contextmanager
def _patient_collector() -> Iterator[None]:
    """Let Python's garbage collector wait for more: the values of 100,000 files all live, and it would walk over them
    again and again (a fifth of the time of a second run)."""
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], _COLLECT_AFTER), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _measured(arrival: Arrival, contents: Contents, compared: Collection[str]) -> Arrival:
    """The arrival with its dimensions, and with the reason why it can't be imported where there is one."""
    if arrival.problem is not None or arrival.path not in compared:
        return arrival
    for record in arrival.files if contents.problems else ():
        problem = contents.problems.get(record.path)
        if problem is not None:
            return replace(arrival, problem=replace(problem, path=record.path, what=WHAT))
    known = contents.known.get(arrival.path) if contents.known else None
    if known is None or known.fingerprint is None:
        return replace(arrival, compared=True)
    return replace(arrival, width=known.fingerprint.width, height=known.fingerprint.height, compared=True)


def _is_looked_at(arrival: Arrival, done: Collection[str]) -> bool:
    return all(record.path in done for record in arrival.files if record.kind in _CONTENT)


def _look(record: FileRecord) -> tuple[int, int]:
    return record.size, record.change_key


# --- from a world to a review, at once --------------------------------------------------------------------------------


def replanned(
    review: ImportReview,
    request: ImportRequest,
    corrections: Mapping[str, Correction],
    context: RunContext,
) -> ImportReview:
    """The review with other choices and the user's corrections, by the absolute path of each picture.

    Nothing is decoded; only when dates are to be set, pictures that may get one are tried.  Raises ``Refused`` for
    choices that need another scan.
    """
    request = checks.resolved(request)
    check_replan(review.request, request)
    world = told = review.world
    if request.set_dates:
        world = probing.probed(world, {}, context)
        told = probing.probed(world, corrections, context)
    conclusion = photo_import.conclude(told, request, corrections)
    return _concluded(replace(review, request=request, corrections=dict(corrections), world=world), conclusion)


def _concluded(review: ImportReview, conclusion: Conclusion) -> ImportReview:
    """The review with what the rules made of its world."""
    said = (*review.notes, *conclusion.plan.notes)
    return replace(
        review,
        placed=conclusion.placed,
        plan=replace(conclusion.plan, notes=said, problems=review.problems),
        displaced=conclusion.displaced,
        crowded=conclusion.crowded,
        refusal=room.refusal(conclusion.plan, disk.device, disk.room),
    )
