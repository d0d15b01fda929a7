"""A library and an input as values, and an executor that carries out a plan on them: *import* without a disk.

It is as strict as the real one: an operation on something that is not there, onto something that stands (whatever the
case of its name), out of order, or a folder removed that holds something raises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from image_sync.base import paths
from image_sync.base.model import Action, FileKind, FileRecord, Operation
from image_sync.jobs.photo_import.model import Arrival, Conclusion, Correction, Look, World
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules import plan as photo_import
from image_sync.jobs.photo_import.rules import units as import_units
from image_sync.jobs.photo_import.rules.folder_names import FolderRules, SystemFolder
from image_sync.pictures.formats import kind_of
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource
from image_sync.pictures.metadata.name_dates import date_in_name

INPUT, OUTPUT = "/in", "/lib"
RULES = FolderRules(prefix="S")


@dataclass(frozen=True)
class File:
    """A file: ``look`` are its pixels (or its text), ``taken`` the day that it states itself, ``number`` tells it from
    all others; ``side`` is the length of both sides in pixels, ``more`` what it holds beside its pixels."""

    look: str
    taken: str = ""
    number: int = 0
    side: int = 1000
    more: int = 0


@dataclass
class Disk:
    """All files by absolute path, and all folders."""

    files: dict[str, File]
    folders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for path in self.files:
            self._make_way(paths.parent(path))

    def _make_way(self, folder: str) -> None:
        while folder not in self.folders and folder != "/":
            self.folders.add(folder)
            folder = paths.parent(folder)

    # --- to the rules ---

    def world(self, request: ImportRequest, order: int = 0) -> World:
        """What a scan would find; ``order`` turns the order of the arrivals."""
        entering = [path for path in sorted(self.files) if _enters(path, request)]
        records = [_record(path, self.files[path], request) for path in entering]
        units, leftovers = import_units.units_of(records)
        arrivals = [self._arrival(first, companions, request) for first, companions in units]
        if arrivals:
            turn = order % len(arrivals)
            arrivals = arrivals[turn:] + arrivals[:turn]
            arrivals = arrivals[::-1] if order % 2 else arrivals
        taken = {record.path for one in arrivals for record in one.files}
        inside = [path for path in self.files if paths.is_inside(path, request.output) and path not in taken]
        assert all(not paths.is_inside(record.path, request.output) or record.path in inside for record in leftovers)
        contents = self._contents(request)
        return World(
            tuple(arrivals),
            tuple(_at(path, self.files[path], request.output) for path in sorted(inside)),
            contents,
            tuple(
                sorted(_below(folder, request.output) for folder in self.folders if _is_below(folder, request.output))
            ),
            (),
            self._entries(),
            looks={path: self._look(self.files[path]) for path in contents if kind_of(path) is FileKind.PICTURE},
        )

    @staticmethod
    def _look(file: File) -> Look:
        return Look((-file.more,), date.fromisoformat(file.taken) if file.taken else None)

    def _arrival(self, first: FileRecord, companions: tuple[FileRecord, ...], request: ImportRequest) -> Arrival:
        inside = paths.is_inside(first.path, request.output)
        folder = paths.parent(_below(first.path, request.output if inside else first.root))
        file = self.files[first.path]
        known = [(one.kind is FileKind.MOVIE, found) for one in (first, *companions) if (found := self._date(one))]
        ranked = sorted(known, key=lambda one: (one[0], list(DateSource).index(one[1].source)))
        captured = ranked[0][1] if ranked else None
        return Arrival(first, companions, folder, inside, captured, file.side, file.side)

    def _date(self, record: FileRecord) -> CaptureDate | None:
        if record.kind not in (FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE):
            return None
        taken = self.files[record.path].taken
        if taken:
            return CaptureDate(datetime.fromisoformat(taken), DateSource.EXIF_ORIGINAL)
        moment = date_in_name(record.name)
        return CaptureDate(moment.when, DateSource.FILE_NAME) if moment else None

    def _contents(self, request: ImportRequest) -> dict[str, int]:
        """Equal numbers for equal looks, but of what was set aside before."""
        looks: dict[tuple[str, FileKind], list[str]] = {}
        for path, file in self.files.items():
            if kind_of(path) in (FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE) and not _is_aside(path, request):
                looks.setdefault((file.look, kind_of(path)), []).append(path)
        return {path: number for number, same in enumerate(looks.values()) if len(same) > 1 for path in same}

    def _entries(self) -> dict[str, int]:
        counts = Counter(map(paths.parent, (*self.files, *self.folders)))
        return {folder: counts[folder] for folder in self.folders}

    # --- carrying out ---

    def carry_out(self, conclusion: Conclusion) -> None:
        """Do the plan's operations in their order."""
        for number, operation in enumerate(conclusion.plan.operations):
            assert operation.follows is None or operation.follows < number
            self._do(operation)

    def _do(self, operation: Operation) -> None:
        if operation.action is Action.REMOVE_FOLDER:
            start = operation.source + paths.SEPARATOR
            assert not any(path.startswith(start) for path in (*self.files, *self.folders)), operation
            self.folders.remove(operation.source)
            return
        assert operation.source in self.files, operation
        assert operation.destination not in self.folders, operation
        file = self.files.pop(operation.source) if operation.action is Action.MOVE else self.files[operation.source]
        if operation.action is Action.REWRITE:
            self.files[operation.source] = replace(file, taken=operation.argument)
            return
        taken = {paths.folded(path) for path in self.files}
        assert paths.folded(operation.destination) not in taken, operation
        self._make_way(paths.parent(operation.destination))
        if operation.action is Action.CONVERT:
            file = replace(file, look=f"{operation.maker} of {file.look}", number=-file.number)
        self.files[operation.destination] = file


def concluded(
    disk: Disk,
    request: ImportRequest,
    corrections: Mapping[str, Correction] | None = None,
    order: int = 0,
) -> Conclusion:
    """What the rules make of a disk."""
    return photo_import.conclude(disk.world(request, order), request, corrections or {})


def _enters(path: str, request: ImportRequest) -> bool:
    root = next((folder for folder in request.inputs if paths.is_inside(path, folder)), "")
    if not root or (root != request.output and _hides(path, root, request.output)):
        return False
    system = RULES.system_folder(_top(path, root))
    return system is None or (root == request.output and system is SystemFolder.UNDATED)


def _hides(path: str, root: str, output: str) -> bool:
    """Whether a file of an input lies in the output, which is inside that input."""
    return paths.is_inside(output, root) and paths.is_inside(path, output)


def _is_aside(path: str, request: ImportRequest) -> bool:
    inside = paths.is_inside(path, request.output)
    return inside and RULES.system_folder(_top(path, request.output)) is SystemFolder.DUPLICATES


def _top(path: str, root: str) -> str:
    parts = paths.components(_below(path, root))
    return parts[0] if len(parts) > 1 else ""


def _below(path: str, root: str) -> str:
    return path[len(root) + 1 :]


def _is_below(path: str, root: str) -> bool:
    return path != root and paths.is_inside(path, root)


def _record(path: str, file: File, request: ImportRequest) -> FileRecord:
    root = next(folder for folder in request.inputs if paths.is_inside(path, folder))
    return _at(path, file, root)


def _at(path: str, file: File, root: str) -> FileRecord:
    return FileRecord(root, _below(path, root), 10, 20, 20, 1, file.number + 1, 1, 0o644, kind_of(path))
