"""Steps after an import in the same plan: dates set, HEIC made JPEG, emptied folders removed, full ones named.

Pure.  Each is a switch of the request.  Dates and JPEGs are made of the files as the library will have them, never of
the files in the input; originals and earlier versions are kept, so that undo brings everything back.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from image_sync.base import paths
from image_sync.base.model import Action, FileKind, Maker, Operation
from image_sync.base.said import few
from image_sync.jobs.photo_import.model import Correction, Fate, Placed
from image_sync.jobs.photo_import.rules.draft import Draft, Product
from image_sync.jobs.photo_import.rules.folder_dates import DAY
from image_sync.jobs.photo_import.rules.folder_names import SystemFolder
from image_sync.jobs.photo_import.rules.places import Places
from image_sync.jobs.photo_import.rules.reasons import Noted, Reason
from image_sync.pictures.metadata.capture_date import DateSource
from image_sync.pictures.metadata.dates import PartialDate

JPEG_QUALITY = 95
_KEPT = frozenset({SystemFolder.DUPLICATES, SystemFolder.MIGRATED, SystemFolder.MOVIES})
"""Where nothing is converted."""
_UNCOUNTED = frozenset({SystemFolder.DUPLICATES, SystemFolder.MIGRATED})
"""Where nobody looks for a picture, so that a full folder is no trouble."""
SHOWN = 5
"""Names that a note lists; the rest is counted."""


@dataclass(frozen=True, slots=True)
class After:
    """The decisions with what follows from them, and the folders with more entries than the user wants."""

    placed: Sequence[Placed]
    crowded: tuple[tuple[str, int], ...] = ()


def follow(
    draft: Draft,
    places: Places,
    placed: Sequence[Placed],
    corrections: Mapping[str, Correction],
    gone: Collection[str],
) -> After:
    """Add what follows the import to ``draft``; ``gone`` are files of the library (absolute) that made way."""
    rest = _Rest(draft, places, list(placed), corrections, gone)
    if draft.request.set_dates:
        rest.find_dates()
    if draft.request.convert:
        rest.convert()
    rest.set_dates()
    crowded = _audit(draft, places) if draft.request.audit else ()
    return After(rest.placed, crowded)


class _Rest:
    """The files of the library as the plan so far leaves them, and what is still to be done to them."""

    def __init__(
        self,
        draft: Draft,
        places: Places,
        placed: list[Placed],
        corrections: Mapping[str, Correction],
        gone: Collection[str],
    ) -> None:
        self.draft, self.places, self.placed = draft, places, placed
        self.corrections, self.gone = corrections, gone
        self.dates: dict[str, tuple[datetime, str]] = {}
        self.unwritten = 0
        moved = draft.rearranged
        draft.products = [one for one in draft.products if one.operation is not None or one.record.path not in moved]

    # --- dates ---

    def find_dates(self) -> None:
        """Dates that pictures will get: by the path (absolute) of each, with why it can't be written inside."""
        for placed in self.placed:
            if placed.fate not in (Fate.NEW, Fate.IN_PLACE) or placed.arrival.aside:
                continue
            correction = self.corrections.get(placed.arrival.path)
            when = _moment(placed, correction)
            if when is None:
                continue
            for record, why in placed.arrival.dateless:
                self.dates[record.path] = (when, why or "")

    def set_dates(self) -> None:
        """Write the dates that were found into the library's copies, or beside them."""
        for product in list(self.draft.products) if self.dates else ():
            found = self.dates.pop(product.record.path, None)
            if found is None or product.record.path in self.gone:
                continue
            when, why = found
            if why or product.record.kind is FileKind.RAW:
                self._write_sidecar(product, when)
            else:
                self._rewrite(product, when)
        if self.unwritten:
            self.draft.notes.append(Noted.SIDECARS_LEFT(count=self.unwritten))

    def _rewrite(self, product: Product, when: datetime) -> None:
        place = self.draft.absolute(product.target)
        stamp = product.record.stamp
        self.draft.operations.append(
            Operation(
                Action.REWRITE,
                place,
                place,
                Reason.DATE_SET(day=f"{when:%Y-%m-%d}"),
                expected=stamp,
                replaces=stamp,
                follows=product.operation,
                maker=Maker.DATED,
                argument=when.isoformat(),
            )
        )

    def _write_sidecar(self, product: Product, when: datetime) -> None:
        name = product.name + ".xmp"
        slot = self.draft.slots.free((name,), (product.folder,))
        if slot.number:
            self.unwritten += 1
            return
        reason = Reason.STATES_DATE(name=paths.display(product.name), day=f"{when:%Y-%m-%d}")
        self._make(product, slot.targets[0], reason, Maker.XMP, when.isoformat(), product.operation)

    # --- conversion ---

    def convert(self) -> None:
        """Make a JPEG of each picture that the user wants converted; the original goes to a folder of its own."""
        standing = [*self.draft.products, *self._library()]
        sidecars = defaultdict(list)
        for product in standing:
            if product.record.kind is FileKind.SIDECAR:
                sidecars[product.folder].append(product)
        wanted = [product for product in standing if self._is_wanted(product)]
        migrated = [self._convert(product) for product in sorted(wanted, key=_by_target)]
        for product, converted, target in migrated:
            self._keep_original(product, converted, target, sidecars[product.folder])

    def _library(self) -> Iterator[Product]:
        for record in self.draft.world.library:
            if record.path not in self.gone and record.path not in self.draft.rearranged:
                yield Product(record, record.relative)

    def _is_wanted(self, product: Product) -> bool:
        record = product.record
        if record.kind is not FileKind.PICTURE or record.path in self.gone:
            return False
        if paths.suffix(record.name) not in self.draft.request.convert_suffixes:
            return False
        return self.places.system_folder(product.target) not in _KEPT

    def _convert(self, product: Product) -> tuple[Product, int, str]:
        name = paths.split_suffix(product.name)[0] + ".jpg"
        slot = self.draft.slots.free((name,), (product.folder,))
        when, _ = self.dates.pop(product.record.path, (None, ""))
        argument = f"{JPEG_QUALITY} {when.isoformat()}" if when else str(JPEG_QUALITY)
        reason = Reason.A_JPEG(name=paths.display(product.name))
        number = self._make(product, slot.targets[0], reason, Maker.JPEG, argument, product.operation)
        return product, number, slot.targets[0]

    def _make(
        self, product: Product, target: str, reason: str, maker: Maker, argument: str, follows: int | None
    ) -> int:
        """Add an operation that makes ``target`` of a product."""
        draft = self.draft
        draft.slots.take((target,))
        draft.operations.append(
            Operation(
                Action.CONVERT,
                draft.absolute(product.target),
                draft.absolute(target),
                reason,
                expected=product.record.stamp,
                follows=follows,
                maker=maker,
                argument=argument,
            )
        )
        if product.arrival is not None:
            placed = self.placed[product.arrival]
            self.placed[product.arrival] = replace(placed, makes=(*placed.makes, target))
        return len(draft.operations) - 1

    def _keep_original(self, product: Product, converted: int, target: str, sidecars: Iterable[Product]) -> None:
        """Move an original aside once its JPEG stands, and name those of its sidecars after the JPEG that bear its
        whole name."""
        start = paths.folded(product.name) + "."
        for sidecar in sidecars:
            if paths.folded(sidecar.name).startswith(start) and sidecar.record.path not in self.gone:
                renamed = paths.name(target) + sidecar.name[len(product.name) :]
                self._move(sidecar, product.folder, renamed, Reason.BELONGS_NOW(name=paths.display(target)), converted)
        folder = self.places.migrated(product.folder)
        self._move(product, folder, product.name, Reason.ORIGINAL(), converted)

    def _move(self, product: Product, folder: str, name: str, reason: str, follows: int) -> None:
        slot = self.draft.slots.free((name,), (folder,))
        self.draft.slots.take(slot.targets)
        source = self.draft.absolute(product.target)
        self.draft.add(Action.MOVE, source, slot.targets[0], reason, expected=product.record.stamp, follows=follows)


def _by_target(product: Product) -> tuple[str, str]:
    return paths.folded(product.target), product.target


def _moment(placed: Placed, correction: Correction | None) -> datetime | None:
    """The date that may be written into a picture: one that is known to the day."""
    if correction is not None and correction.date is not None:
        return _midnight(correction.date)
    captured = placed.arrival.captured
    if captured is not None and captured.source is not DateSource.MODIFICATION_TIME:
        return captured.when.replace(microsecond=0)
    return _midnight(placed.day) if placed.day is not None and captured is None else None


def _midnight(day: PartialDate) -> datetime | None:
    if day.parts < DAY:
        return None
    return datetime(day.year, day.month or 1, day.day or 1)


# --- audit ------------------------------------------------------------------------------------------------------------


def _audit(draft: Draft, places: Places) -> tuple[tuple[str, int], ...]:
    """Remove the folders that the plan empties, and count what the others will hold."""
    world, request = draft.world, draft.request
    entries = _Entries(dict(world.entries), {*request.inputs, request.output})
    for operation in draft.operations:
        entries.take_in(operation)
    for folder in entries.emptied(world.unread):
        draft.operations.append(Operation(Action.REMOVE_FOLDER, folder, "", Reason.EMPTIED()))
    crowded = []
    for folder, number in entries.count.items():
        if number > request.crowded and paths.is_inside(folder, request.output):
            below = draft.below(folder)
            if places.system_folder(below) not in _UNCOUNTED:
                crowded.append((below, number))
    crowded.sort()
    if crowded:
        draft.notes.append(_crowded_in_words(crowded, request.crowded))
    return tuple(crowded)


def _crowded_in_words(crowded: Sequence[tuple[str, int]], most: int) -> str:
    named = (
        Noted.FOLDER_OF(folder=paths.display(folder), number=number) if folder else Noted.OUTPUT_ITSELF(number=number)
        for folder, number in crowded
    )
    return Noted.CROWDED(count=len(crowded), most=most, names=few(named, SHOWN, quoted=False))


class _Entries:
    """Number of entries of each folder (absolute) while a plan is carried out."""

    def __init__(self, count: dict[str, int], roots: Collection[str]) -> None:
        self.count, self._roots = count, roots
        self._left: set[str] = set()

    def take_in(self, operation: Operation) -> None:
        """Count what an operation takes and puts."""
        if operation.action is Action.MOVE:
            folder = paths.parent(operation.source)
            if folder in self.count:
                self.count[folder] -= 1
                self._left.add(folder)
        if operation.action is not Action.REWRITE:
            self._put(paths.parent(operation.destination))

    def _put(self, folder: str) -> None:
        while folder not in self.count:
            self.count[folder] = 1
            if folder in self._roots or paths.parent(folder) == folder:
                return
            folder = paths.parent(folder)
        self.count[folder] += 1

    def emptied(self, unread: Collection[str]) -> Iterator[str]:
        """The folders that were left and hold nothing any more, those inside others first; never a chosen one."""
        waiting = [(-len(folder), folder) for folder in self._left]
        heapq.heapify(waiting)
        while waiting:
            folder = heapq.heappop(waiting)[1]
            if self.count.get(folder, 1) > 0 or folder in self._roots or folder in unread:
                continue
            self.count.pop(folder)
            yield folder
            above = paths.parent(folder)
            if above in self.count:
                self.count[above] -= 1
                heapq.heappush(waiting, (-len(above), above))
