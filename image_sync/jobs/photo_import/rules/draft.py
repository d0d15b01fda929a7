"""An import's plan in the making: operations so far, which names they take, and where each file will stand.

What decides stands in ``photo_import`` and ``import_after``; here a decision about a unit becomes operations on its
files, so that none of them is forgotten and none ends on a place that is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.model import Action, FileRecord, Operation, Stamp
from image_sync.base.said import Common
from image_sync.jobs.photo_import.model import Arrival, World
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.duplicates import same_folder
from image_sync.jobs.photo_import.rules.slots import Slot, Slots
from image_sync.jobs.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Product:
    """A file as it will stand in the library, at ``target`` below the output.

    ``operation`` brings it there (``None``: it stands there already), ``arrival`` is the index of its arrival.
    """

    record: FileRecord
    target: str
    operation: int | None = None
    arrival: int | None = None

    @property
    def folder(self) -> str:
        """The folder below the output."""
        return paths.parent(self.target)

    @property
    def name(self) -> str:
        """Its name there."""
        return paths.name(self.target)


class Draft:
    """Operations, names and products of one plan."""

    def __init__(self, world: World, request: ImportRequest) -> None:
        self.world, self.request = world, request
        self.action = Action.COPY if request.transfer is Transfer.COPY else Action.MOVE
        self.operations: list[Operation] = []
        self.products: list[Product] = []
        self.notes: list[str] = []
        self.rearranged: set[str] = set()
        self._slots: Slots | None = None

    @property
    def slots(self) -> Slots:
        """The names of the library; read at first use, since a plan without operations needs none."""
        if self._slots is None:
            inside = (self.below(record.path) for one in self.world.arrivals if one.inside for record in one.files)
            library = (record.relative for record in self.world.library)
            self._slots = Slots((*library, *inside, *self.world.folders, *self.world.others))
        return self._slots

    def below(self, path: str) -> str:
        """An absolute path in the output as a place below it."""
        return path[len(self.request.output.rstrip(paths.SEPARATOR)) + 1 :]

    def absolute(self, place: str) -> str:
        """A place below the output as an absolute path."""
        return paths.join(self.request.output, place)

    # --- units ---

    def bring(
        self, index: int, arrival: Arrival, folders: Sequence[str], reason: str, names: Sequence[str] = ()
    ) -> Slot:
        """Bring the files of an arrival to ``folders`` (one a file), under other ``names`` where they are given; those
        that are there already stay.

        The targets of the slot are those of all its files, empty for each that stays.
        """
        files = arrival.files
        names = names or [record.name for record in files]
        staying = [
            arrival.inside and record.name == name and same_folder(arrival.folder, folder)
            for record, name, folder in zip(files, names, folders, strict=True)
        ]
        going = [place for place, stays in enumerate(staying) if not stays]
        targets = [""] * len(files)
        slot = Slot(0, ())
        if going:
            slot = self._carry(
                [files[place] for place in going],
                [folders[place] for place in going],
                self.action,
                reason,
                names=[names[place] for place in going],
                arrival=index,
                leads=going[0] == 0,
            )
            for place, target in zip(going, slot.targets, strict=True):
                targets[place] = target
        self.stay(index, (record for record, stays in zip(files, staying, strict=True) if stays))
        return Slot(slot.number, tuple(targets))

    def stay(self, index: int, files: Iterable[FileRecord]) -> None:
        """Files of an arrival that stand in their place."""
        if self.request.convert or self.request.set_dates:
            self.products += [Product(record, self.below(record.path), None, index) for record in files]

    def set_aside(self, files: Sequence[FileRecord], folders: Sequence[str], reason: str) -> Slot:
        """Move a unit of the library to ``folders`` (one a file)."""
        return self._carry(files, folders, Action.MOVE, reason)

    def rearrange(self, files: Sequence[FileRecord], folders: Sequence[str], reason: str) -> Slot:
        """Move a unit of the library to other ``folders`` of it (one a file)."""
        slot = self._carry(files, folders, Action.MOVE, reason)
        self.rearranged.update(record.path for record in files)
        first = len(self.operations) - len(files)
        for number, (record, target) in enumerate(zip(files, slot.targets, strict=True)):
            self.products.append(Product(record, target, first + number))
        return slot

    def _carry(
        self,
        files: Sequence[FileRecord],
        folders: Sequence[str],
        action: Action,
        reason: str,
        *,
        names: Sequence[str] = (),
        arrival: int | None = None,
        leads: bool = True,
    ) -> Slot:
        slot = self.slots.free(names or [record.name for record in files], folders)
        self.slots.take(slot.targets)
        first = len(self.operations)
        for number, (record, target) in enumerate(zip(files, slot.targets, strict=True)):
            follows = slot.after if number == 0 else first if leads else None
            words = reason if number == 0 or not leads else Common.BELONGS_TO(name=paths.display(files[0].name))
            how = Action.EXTRACT if record.member else action
            at = self.add(how, record.path, target, words, expected=record.stamp, follows=follows, member=record.member)
            if arrival is not None:
                self.products.append(Product(record, target, at, arrival))
        return slot

    # --- operations ---

    def add(
        self,
        action: Action,
        source: str,
        target: str,
        reason: str,
        *,
        expected: Stamp | None,
        follows: int | None = None,
        member: ArchiveMember | None = None,
    ) -> int:
        """Add an operation from ``source`` (absolute) to ``target`` (below the output); its index is returned."""
        self.operations.append(
            Operation(action, source, self.absolute(target), reason, expected, follows=follows, member=member)
        )
        number = len(self.operations) - 1
        if action is Action.MOVE and paths.is_inside(source, self.request.output):
            self.slots.vacate(self.below(source), number)
        return number
