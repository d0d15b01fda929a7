"""The nouns of *import*: what comes in, when it was taken, where it goes, and why.

They stand beside ``model`` since nobody else needs them.  Values only: nothing here looks at a disk or knows a rule.
All places are paths below the output, with the system's separator, unless they are said to be absolute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord, Plan, Problem
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource
from image_sync.pictures.metadata.dates import PartialDate

CAMERA_SOURCES = frozenset(
    {
        DateSource.EXIF_ORIGINAL,
        DateSource.APPLE_CREATION_DATE,
        DateSource.MOVIE_HEADER,
        DateSource.AVI_HEADER,
    }
)
"""Dates that a camera writes at the moment of the picture."""
YEARS_APART = 2
"""From here on a folder and a camera contradict each other."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Correction by the user against all evidence; ``None`` leaves what was found.

    ``date`` may be a year or a month only.  ``levels`` are the description, outermost first; an empty one says that
    there is none.
    """

    date: PartialDate | None = None
    levels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A picture or a movie with all that belongs to it, as it was found: one unit that is never split.

    ``companions`` are the other half of a RAW+JPEG pair, the movie of a Live Photo, and sidecars.  ``folder`` is where
    it lies below its input (below the output, where the input lies in that).  ``inside`` tells that it lies in the
    output already.  ``width`` and ``height`` are those of the upright picture, 0 where they were not needed.
    ``doubt`` is a date that the file states and that can't be true, as it is written there.  ``dateless`` are the
    pictures among its files that state no date themselves, each with the reason why none can be written into it (empty
    when one can, ``None`` while nobody looked).  ``problem`` tells why it can't be imported.  ``settled`` tells that
    the user put it where it is against its date, ``aside`` that it was set aside as a duplicate before, ``compared``
    that its content was compared with all others.  ``camera`` is the name of the model that took it, where that counts.
    """

    record: FileRecord
    companions: tuple[FileRecord, ...] = ()
    folder: str = ""
    inside: bool = False
    captured: CaptureDate | None = None
    width: int = 0
    height: int = 0
    doubt: str = ""
    dateless: tuple[tuple[FileRecord, str | None], ...] = ()
    problem: Problem | None = None
    settled: bool = False
    aside: bool = False
    compared: bool = True
    camera: str = ""

    @property
    def files(self) -> tuple[FileRecord, ...]:
        """All files of the unit, the picture first."""
        return (self.record, *self.companions)

    @property
    def path(self) -> str:
        """The absolute path of the picture."""
        return self.record.path

    @property
    def is_movie(self) -> bool:
        """Whether it is a movie on its own."""
        return self.record.kind is FileKind.MOVIE

    @property
    def stays(self) -> bool:
        """Whether its files stay where they are whatever becomes of it: nothing is moved out of an archive."""
        return self.record.member is not None


@dataclass(frozen=True, slots=True)
class Look:
    """Measurements of a picture that others show too.

    ``lacks`` are figures in the order in which they count; the smaller they are, the more the file holds beside its
    pixels.  ``taken`` is the day of its EXIF date.
    """

    lacks: tuple[int, ...] = ()
    taken: date | None = None


@dataclass(frozen=True, slots=True)
class World:
    """World of an import: everything that the rules are told.

    ``library`` is what stands in the output and is no arrival, of whatever kind.  ``contents`` gives a number to the
    absolute paths of pictures and movies that are the same as others: equal numbers, same picture; ``looks`` tells more
    of those pictures.  ``folders`` are those that stand in the output, ``others`` what stands there besides folders and
    files.  ``entries`` counts what each folder (absolute) of the inputs and the output holds; those that could not be
    read are in ``unread``.
    """

    arrivals: tuple[Arrival, ...]
    library: tuple[FileRecord, ...] = ()
    contents: Mapping[str, int] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    looks: Mapping[str, Look] = field(default_factory=dict)


class Fate(Enum):
    """Fate of an arrival."""

    NEW = "new"
    """It goes to its place."""
    IN_PLACE = "in its place"
    """It stands there already."""
    DUPLICATE = "duplicate"
    """The library has the same picture; this one is set aside."""
    KNOWN = "already in the library"
    """The same, where nothing is set aside: it is not copied."""
    STAYS = "stays"
    """It can't be read."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Decision for one arrival, and why.

    ``folder`` is its place by year and description, ``targets`` the places of its files, in their order, as they will
    be when the plan is done (empty for a file that stays where it is).  ``day`` is the date that counted for the place
    and ``dated_by`` says in words where that was read.  ``number`` is what its name gets when another holds it, else 0.
    ``twin`` is the path of the same picture (absolute) where there is one; ``beside`` tells that both stay, since each
    is described as well as the other, ``takes_over`` that it gets the twin's place, since it holds more.  ``moved_up``
    tells that it stood in the library and gets the better place of one that is the same and holds less.  ``makes`` are
    files made of it: a JPEG, an XMP sidecar.
    """

    arrival: Arrival
    fate: Fate
    why: str
    folder: str = ""
    targets: tuple[str, ...] = ()
    day: PartialDate | None = None
    dated_by: str = ""
    number: int = 0
    new_folder: bool = False
    undated: bool = False
    small: bool = False
    corrected: bool = False
    twin: str = ""
    beside: bool = False
    takes_over: bool = False
    moved_up: bool = False
    makes: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """The place of the picture itself; empty when it stays where it is."""
        return self.targets[0] if self.targets else ""

    @property
    def duplicate(self) -> bool:
        """Whether the library has it already."""
        return self.fate in (Fate.DUPLICATE, Fate.KNOWN)

    @property
    def movie(self) -> bool:
        """Whether it is a movie on its own."""
        return self.arrival.is_movie

    @property
    def years_apart(self) -> int:
        """By how many years the folder that decided differs from what the camera says; 0 where they agree, where a
        year is no wonder (New Year's Eve), and where one of them says nothing."""
        captured = self.arrival.captured
        if self.day is None or self.corrected or captured is None or captured.source not in CAMERA_SOURCES:
            return 0
        apart = abs(self.day.year - captured.when.year)
        return apart if apart >= YEARS_APART else 0

    @property
    def rolled_over(self) -> bool:
        """Whether it gets another name since its own is taken."""
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Displaced:
    """A picture of the library that is set aside since a newcomer is the same and has a better place.

    One that holds more than the newcomer ``stays``: it goes to the better place itself, and ``target`` is there.
    """

    record: FileRecord
    target: str
    by: str
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Staying:
    """A file that is no picture and belongs to none: it stays where it is.  ``sidecar`` tells that it looks like one
    whose picture is not there."""

    path: str
    sidecar: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Conclusion of the rules about a world: the fate of each arrival (in the order of the arrivals), and the plan.

    ``crowded`` are folders with more entries than the user wants, with their number.
    """

    placed: tuple[Placed, ...]
    plan: Plan
    displaced: tuple[Displaced, ...] = ()
    crowded: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReview:
    """Review that a scan for *import* leaves.

    ``placed`` tells of every picture and movie where it goes and why; ``displaced`` are those of the library that make
    way; ``staying`` is what is left alone.  ``corrections`` are the user's, by the absolute path of the picture.
    ``world`` is what all follows from.  ``partial`` is the share of what had to be compared that was (1.0 unless the
    scan was stopped); the rest is in no place of the review.  ``refusal`` says in words why the plan may not be carried
    out; empty when it may.
    """

    request: ImportRequest
    placed: tuple[Placed, ...]
    plan: Plan
    displaced: tuple[Displaced, ...] = ()
    staying: tuple[Staying, ...] = ()
    crowded: tuple[tuple[str, int], ...] = ()
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    world: World = field(default_factory=lambda: World(()), repr=False)
    partial: float = 1.0
    refusal: str = ""

    def count(self, *fates: Fate) -> int:
        """Number of pictures and movies that have one of these fates."""
        return sum(1 for placed in self.placed if placed.fate in fates)


@dataclass(frozen=True, slots=True)
class Branch:
    """One folder of the destination as a tree: ``direct`` pictures and movies in it, ``total`` with those below.

    ``new`` tells that the folder is not there yet.
    """

    path: str
    direct: int
    total: int
    new: bool
    children: tuple[Branch, ...] = ()

    @property
    def name(self) -> str:
        """Name of the folder."""
        return paths.name(self.path)
