"""Places of arrivals in the library and how good they are: folder names, dates and corrections in, places out.

``placement`` has the rule for one folder and one date; here it meets what else decides about a place: what the user
corrected, how small the picture is, and that movies and small pictures have trees of their own.  Nothing here knows
what the library holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from image_sync.base import paths
from image_sync.base.model import FileKind
from image_sync.jobs.photo_import.model import Arrival, Correction
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.folder_dates import DAY
from image_sync.jobs.photo_import.rules.folder_names import TRIMMED, FolderName, FolderRules, SystemFolder, read_folder
from image_sync.jobs.photo_import.rules.pattern_fields import folder_pattern, name_pattern
from image_sync.jobs.photo_import.rules.pattern_names import PatternNames
from image_sync.jobs.photo_import.rules.pattern_places import PatternFolders
from image_sync.jobs.photo_import.rules.reasons import DatedBy, Mistake
from image_sync.jobs.photo_import.rules.target import MONTH, ROUNDS, YEAR, Score, deciding_day, score, target_folder
from image_sync.jobs.photo_import.rules.units import goes_with_movie
from image_sync.pictures.metadata.dates import PartialDate, believable

BY_FOLDER = DatedBy.FOLDER.value
BY_USER = DatedBy.USER.value
_UNCORRECTED = Correction()
_NOT_IN_NAMES = str.maketrans(dict.fromkeys(map(chr, (*range(32), 127)), " "))


@dataclass(frozen=True, slots=True)
class Place:
    """A place by year and description.

    ``folder`` lies below the output or below one of its system folders.  ``day`` is the date that decided; ``dated_by``
    says where it was read where that was not the picture itself.
    """

    folder: str
    score: Score
    day: PartialDate | None = None
    dated_by: str = ""
    undated: bool = False


def folder_rules(request: ImportRequest) -> FolderRules:
    """The rules for folder names that a request asks for."""
    return FolderRules(request.prefix, request.ignored, request.flat_dates, request.albums)


class Places:
    """Places for many arrivals; equal folders and dates are worked out once."""

    def __init__(self, request: ImportRequest) -> None:
        self.request = request
        self.rules = folder_rules(request)
        self._undated = self.rules.system_name(SystemFolder.UNDATED)
        self._small = self.rules.system_name(SystemFolder.SMALL)
        self._movies = self.rules.system_name(SystemFolder.MOVIES)
        self._aside = self.rules.system_name(SystemFolder.DUPLICATES)
        self._migrated = self.rules.system_name(SystemFolder.MIGRATED)
        self.folders_by = PatternFolders(folder_pattern(request.folders), self.rules) if request.folders else None
        self.names_by = PatternNames(name_pattern(request.names)) if request.names else None
        self._known: dict[tuple[str, date | None, Correction | None, str], Place] = {}
        self._scores: dict[tuple[str, date | None], Score] = {}

    # --- the place of an arrival ---

    def of(self, arrival: Arrival, correction: Correction | None = None) -> Place:
        """The place of an arrival by year and description."""
        captured = arrival.captured
        camera = arrival.camera if self.folders_by and self.folders_by.has_camera else ""
        key = (arrival.folder, captured.when.date() if captured else None, correction, camera)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._worked_out(*key)
        return known

    def _worked_out(self, relative: str, taken: date | None, correction: Correction | None, camera: str) -> Place:
        folder = corrected(self.read(relative, camera), correction or _UNCORRECTED)
        by_user = correction is not None and correction.date is not None
        if by_user:
            taken = None
        target = self._target(folder, taken, camera)
        stated = folder.date or (folder.program_date if taken is None else None)
        by_folder = stated is not None and (bool(folder.levels) or taken is None)
        day = stated if by_folder else PartialDate.of(taken) if taken else None
        if day and by_folder and folder.range:
            day = day.cut(MONTH)  # a range gives no moment
        source = BY_USER if by_user else BY_FOLDER if by_folder else ""
        undated = paths.components(target)[0] == self._undated
        return Place(target, self.score_of(target), day, source, undated)

    def read(self, relative: str, camera: str | None = None) -> FolderName:
        """Meaning of a folder for pictures of a camera (``None``: of any)."""
        by = self.folders_by
        return by.read(relative, camera) if by is not None else read_folder(relative, self.rules)

    def words_of(self, relative: str) -> tuple[str, ...]:
        """The description that a folder has, whether a pattern of the user's keeps it or not."""
        return read_folder(relative, self.rules).levels

    def _target(self, folder: FolderName, taken: date | None, camera: str) -> str:
        """The folder below the output, by the user's pattern where there is one; it is its own place."""
        by = self.folders_by
        target = self._once(folder, taken, camera)
        for _ in range(ROUNDS if by is not None else 0):
            again = self._once(self.read(target, camera), taken, camera)
            if again == target:
                break
            target = again
        return target

    def _once(self, folder: FolderName, taken: date | None, camera: str) -> str:
        by = self.folders_by
        day = deciding_day(folder, taken) if by is not None else None
        made = by.target(day, folder.levels, camera, folder.range) if by is not None and day is not None else ""
        return made or target_folder(folder, taken, self.rules)

    def names(self, arrival: Arrival) -> tuple[str, ...]:
        """Names of the files of a unit, the picture first, before anybody asks whether they are taken."""
        if self.names_by is None:
            return tuple(record.name for record in arrival.files)
        return self.names_by.names(arrival)

    def is_named(self, arrival: Arrival) -> bool:
        """Whether a unit is called as it should be, whatever number its name bears."""
        return self.names_by is None or self.names_by.fits(arrival) or self.names(arrival)[0] == arrival.record.name

    def score_of(self, folder: str, taken: date | None = None) -> Score:
        """Score of a folder of the library as a place for what a camera took on the day ``taken``; system folders in
        front of it don't count."""
        key = (folder, taken)
        known = self._scores.get(key)
        if known is None:
            known = self._scores[key] = score(self.read(folder), taken)
        return known

    # --- the trees ---

    def is_small(self, arrival: Arrival) -> bool:
        """Whether the small filter takes the picture: both of its sides are within the limit."""
        limit = self.request.small
        if not limit or arrival.record.kind is not FileKind.PICTURE:
            return False
        return 0 < arrival.width <= limit and 0 < arrival.height <= limit

    def folders(self, arrival: Arrival, folder: str) -> tuple[str, ...]:
        """Folder of each file of the unit when its place by year and description is ``folder``."""
        number = 1 + len(arrival.companions)
        if arrival.is_movie:
            return (self.movie_tree(folder),) * number
        picture_tree = paths.join(self._small, folder) if self.is_small(arrival) else folder
        movies = [record for record in arrival.companions if record.kind is FileKind.MOVIE]
        if not movies or self.request.live_together:
            return (picture_tree,) * number
        movie_tree = self.movie_tree(folder)
        return tuple(movie_tree if goes_with_movie(record, movies) else picture_tree for record in arrival.files)

    def movie_tree(self, folder: str) -> str:
        """Folder of movies whose place by year and description is ``folder``."""
        return paths.join(self._movies, folder)

    def aside(self, folder: str) -> str:
        """Folder of duplicates that belong, or are the same as what is, in ``folder``."""
        return paths.join(self._aside, folder)

    def migrated(self, folder: str) -> str:
        """Folder of originals that were converted in ``folder``."""
        return paths.join(self._migrated, folder)

    def system_folder(self, relative: str) -> SystemFolder | None:
        """The system folder that a place below the output lies in; ``None`` for an ordinary place."""
        first = relative.split(paths.SEPARATOR, 1)[0]
        if not first.casefold().startswith(self.request.prefix.casefold()):
            return None
        return self.rules.system_folder(first)

    def plain(self, relative: str) -> str:
        """A place below the output without the system folder in front that says nothing of year and description."""
        if self.system_folder(relative) in (None, SystemFolder.UNDATED):
            return relative
        return paths.join("", *paths.components(relative)[1:])


# --- corrections ------------------------------------------------------------------------------------------------------


def corrected(found: FolderName, correction: Correction) -> FolderName:
    """Meaning of a folder after the user's correction.

    A corrected date stands for that of the folder and of the picture, as exact as the folder was: in a described folder
    without a date only its year counts, as it does for a picture's own.
    """
    levels = found.levels if correction.levels is None else correction.levels
    day = found.date
    if correction.date is not None:
        parts = found.date.parts if found.date else YEAR if levels else DAY
        day = correction.date.cut(parts)
    return replace(found, date=day, levels=levels)


def levels_of(text: str) -> tuple[str, ...]:
    """A description as the user types it, ``Trip/Day 1``, as levels; what no folder may be called is left out."""
    parts = text.translate(_NOT_IN_NAMES).replace("\\", "/").replace(paths.SEPARATOR, "/").split("/")
    return tuple(level for part in parts if (level := part.strip(TRIMMED)))


def date_of(text: str) -> PartialDate | None:
    """A date as the user types it: ``2004``, ``2004-03``, ``2004-03-05``; ``None`` for an empty text.

    Raises ``ValueError`` with words for anything else, and for a year that no photograph is of.
    """
    text = text.strip()
    if not text:
        return None
    read = read_folder(text.replace("/", "-").replace(paths.SEPARATOR, "-"))
    if read.date is None or read.levels or not believable(read.date.year) or not text[:1].isdigit():
        raise ValueError(Mistake.NO_DATE(text=repr(text)))
    return read.date
