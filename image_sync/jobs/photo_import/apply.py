"""Carrying an import out, and telling the catalog and the registry what stands where now.

The executor does the work and knows nothing of libraries.  What was read of a file goes with it to its new place, so
that the next run reads nothing again.  Only what was done is remembered, and only if the file is still the one that
was planned on; everything else is read by the next run.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from image_sync.apply import executor, journal
from image_sync.base import paths
from image_sync.base.model import Action, FileKind, FileRecord, Operation, Outcome, Plan, Refused, RunResult
from image_sync.inventory.catalog import Catalog, CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.scan import record_of
from image_sync.jobs.photo_import.dating import basis_of
from image_sync.jobs.photo_import.model import Arrival, Fate, ImportReview, Placed
from image_sync.jobs.photo_import.registry import DIGEST, IDENTIFIER, Dated, Registry


def carry_out(
    plan: Plan,
    review: ImportReview | None,
    registry: Registry,
    context: RunContext,
) -> RunResult:
    """Carry out ``plan`` and remember what came of it.

    ``review`` is what it was made from; without it nothing is remembered.  Raises ``Refused`` before anything is
    touched.
    """
    result = executor.execute(plan, reporter=context.reporter, control=context.control)
    if review is not None and result.run:
        with contextlib.suppress(Refused):  # a journal that can't be read costs the next run some reading
            story = journal.load(result.run)
            done = {number for number, entry in story.results.items() if entry.outcome is Outcome.DONE}
            _Remembering(plan, review, context.catalog, registry).run(done)
            _forget_rewritten(plan.operations, context.catalog, registry)
    return result


def forget_rewritten(run: str, context: RunContext) -> None:
    """After an import was undone or resumed: what was read of the pictures that it rewrote is true no longer, and
    neither their size nor their time need tell."""
    operations = journal.load(run).operations.values()
    if any(operation.action is Action.REWRITE for operation in operations):
        with contextlib.closing(Registry.open(context.place)) as registry:
            _forget_rewritten(operations, context.catalog, registry)


def _forget_rewritten(operations: Iterable[Operation], catalog: Catalog, registry: Registry) -> None:
    places = [operation.destination for operation in operations if operation.action is Action.REWRITE]
    if places:
        with contextlib.suppress(CatalogUnwritable):
            catalog.forget(places)
        registry.forget(map(os.fsencode, places))


@dataclass(frozen=True, slots=True)
class _Carried:
    """A file that a plan brought elsewhere, unchanged; ``moved`` tells that its old place is empty now."""

    before: FileRecord
    now: FileRecord
    moved: bool


class _Remembering:
    """Takes what is known of the files of a plan to their new places."""

    def __init__(self, plan: Plan, review: ImportReview, catalog: Catalog, registry: Registry) -> None:
        self._plan, self._review = plan, review
        self._catalog, self._registry = catalog, registry
        self._output = review.request.output

    def run(self, done: Iterable[int]) -> None:
        """Remember what came of the operations that were ``done``."""
        carried = self._carried([self._plan.operations[number] for number in sorted(done)])
        self._to_catalog(carried.values())
        self._facts(carried.values())
        self._dates(carried)
        self._settle(carried)
        self._registry.forget(os.fsencode(one.before.path) for one in carried.values() if one.moved)

    def _carried(self, operations: Iterable[Operation]) -> dict[str, _Carried]:
        """The files that stand elsewhere now, by the path that they had; not those that were rewritten there."""
        origins: dict[str, str] = {}
        moved: set[str] = set()
        for operation in operations:
            source = operation.source
            if operation.action is Action.MOVE and source not in origins:
                moved.add(source)
            if operation.action is Action.MOVE:
                origins[operation.destination] = origins.pop(source, source)
            elif operation.action in (Action.COPY, Action.EXTRACT):
                origins[operation.destination] = source
            elif operation.action is Action.REWRITE:
                origins.pop(operation.destination, None)
        records = {record.path: record for record in self._records()}
        carried = {}
        for place, origin in origins.items():
            now = self._look(place, records[origin]) if origin in records else None
            if now is not None:
                carried[origin] = _Carried(records[origin], now, origin in moved)
        return carried

    def _records(self) -> Iterator[FileRecord]:
        for arrival in self._review.world.arrivals:
            yield from arrival.files
        for displaced in self._review.displaced:
            yield displaced.record

    def _look(self, place: str, record: FileRecord) -> FileRecord | None:
        """The record of a file at its new place, if it looks as it was planned on."""
        try:
            status = os.lstat(place)
        except OSError:
            return None
        now = record_of(self._output, place[len(self._output.rstrip(paths.SEPARATOR)) + 1 :], status, record.kind)
        return now if now.stamp == record.stamp else None

    # --- what is remembered ---

    def _to_catalog(self, carried: Iterable[_Carried]) -> None:
        from image_sync.pictures.version import MEASURED

        pictures = [one for one in carried if one.before.kind is FileKind.PICTURE]
        known = self._catalog.lookup([one.before for one in pictures], MEASURED)
        entries = [(one.now, entry) for one, entry in zip(pictures, known, strict=True) if entry is not None]
        with contextlib.suppress(CatalogUnwritable):
            self._catalog.store(entries, MEASURED)

    def _facts(self, carried: Iterable[_Carried]) -> None:
        files = list(carried)
        for kind in (DIGEST, IDENTIFIER):
            known = self._registry.facts(kind, [one.before for one in files])
            self._registry.remember_facts(kind, {one.now: known[one.before] for one in files if one.before in known})

    def _dates(self, carried: dict[str, _Carried]) -> None:
        rows = []
        for placed in self._review.placed:
            found = carried.get(placed.arrival.path)
            if found is None or placed.makes or placed.fate is not Fate.NEW:
                continue
            others = [carried.get(record.path) for record in placed.arrival.companions]
            beside = [one.now for one in others if one is not None and one.now.folder == found.now.folder]
            basis = basis_of(self._review.request, beside)
            rows.append((os.fsencode(found.now.path), found.now, basis, _dated(placed.arrival, carried)))
        self._registry.remember_dates(rows)

    def _settle(self, carried: dict[str, _Carried]) -> None:
        """A picture whose date the user corrected stays where that put it, whatever date it states itself."""
        self._registry.settle(
            carried[placed.arrival.path].now for placed in self._review.placed if _by_hand(placed, carried)
        )


def _by_hand(placed: Placed, carried: dict[str, _Carried]) -> bool:
    return placed.corrected and placed.fate is Fate.NEW and placed.arrival.path in carried


def _dated(arrival: Arrival, carried: dict[str, _Carried]) -> Dated:
    """Known date of an arrival, whose files may have other names now."""
    names = [carried[record.path].now.name for record, _ in arrival.dateless if record.path in carried]
    return Dated(arrival.captured, arrival.doubt, tuple(names))
