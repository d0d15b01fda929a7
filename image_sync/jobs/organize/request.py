"""Request of *organize*: everything the user chose for one run, each option declared here once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from image_sync.base.options import N_, Kind, Option, Place, Value, option
from image_sync.jobs.filters import MINIMUM_SIZE, FileFilters
from image_sync.jobs.transfer import TREATMENT, Transfer, exclude, include
from image_sync.matching.threshold import DEFAULT_THRESHOLD, HIGHEST_THRESHOLD, LOWEST_THRESHOLD

NAME = "organize"
"""The job's name in plans, journals and documents."""


class Level(Enum):
    """Level of likeness: how much two pictures may differ and still match; each finds what those before it find."""

    EXACT = "exact"
    """Identical files."""
    PIXELS = "pixels"
    """Identical pixels too: only metadata or the container differ."""
    SAME_SHOT = "same"
    """One shot re-encoded, resized, toned, filtered, slightly cropped, at or above the threshold."""
    EDITED = "edited"
    """Cropped to a quarter, framed, captioned, turned, mirrored, taken at an angle or put into something else too."""


class Handling(Enum):
    """Fate of a group."""

    GATHER = "gather"
    """All members go to ``similar_<context>/``, the rest to ``unique_images/``."""
    KEEP_BEST = "keep best"
    """The best stays where it is, the others go to ``duplicates/`` in the output."""
    LINK_EXACT = "link exact"
    """Exact copies become hard links of the best; nothing else is touched."""


class Preference(Enum):
    """One reason to call a picture better than another; their order is the user's."""

    PIXELS = "more pixels"
    QUALITY = "less compressed"
    SHARPNESS = "sharper"
    METADATA = "has camera data"
    NAME = "original name"
    AGE = "older file"


_MATCHING = "which pictures match"
_CHOICE = "which files, and which is best"
_OTHER_PICTURES = N_("To find other pictures, scan again.")
_PLAN_ONLY = "Groups and their best stay as they are; only what is done with them is another plan."

_LEVEL = Option(
    kind=Kind.CHOICE,
    group=_MATCHING,
    flag="--level",
    metavar="LEVEL",
    help="how much they may differ: exact (identical files), pixels (identical pixels), same (one shot re-encoded, "
    "resized, toned: the default), edited (cropped, framed, captioned, turned)",
    words=N_("Match"),
    place=Place.USUAL,
    values={
        Level.EXACT: Value(
            N_("Identical files"), N_("Copies that are alike to the last byte, whatever they are called.")
        ),
        Level.PIXELS: Value(
            N_("Identical pictures"),
            N_("Every pixel is the same; only what is written about the picture or its format may differ."),
        ),
        Level.SAME_SHOT: Value(
            N_("Same photo"), N_("One shot, also resized, saved again, brightened or slightly cropped.")
        ),
        Level.EDITED: Value(
            N_("Edited versions too"),
            N_("Also a part of it, with a border or a caption, turned or mirrored, in a story or a collage. Slower."),
        ),
    },
    again=_OTHER_PICTURES,
)
_THRESHOLD = Option(
    kind=Kind.SHARE,
    group=_MATCHING,
    flag="--threshold",
    metavar="SHARE",
    help="how similar they must be, 0.50 to 0.99 or 50%% to 99%% (default: %(default).2f)",
    words=N_("Similarity"),
    place=Place.USUAL,
    least=LOWEST_THRESHOLD,
    most=HIGHEST_THRESHOLD,
    step=0.01,
    # At 80 % a border or crop is still found and false pairs triple, from 91 % on only re-encoded and resized copies
    # are left (the measured table in docs/accuracy.md).
    bands=((0.0, N_("permissive")), (0.80, N_("balanced")), (0.91, N_("strict"))),
    idle=N_("nothing differs"),
    again=N_("Another similarity needs a new scan."),
)
_ROTATIONS = Option(
    kind=Kind.SWITCH,
    group=_MATCHING,
    flag="--rotations",
    help="compare rotated and mirrored pictures too",
    words=N_("Include rotated and mirrored"),
    meaning=N_("Also finds pictures that were turned by 90, 180 or 270 degrees, or mirrored."),
    place=Place.USUAL,
    again=N_("Comparing rotated pictures needs a new scan."),
)
_SERIES = Option(
    kind=Kind.SWITCH,
    group=_MATCHING,
    flag="--series",
    help="take the shots of a series (a burst) for copies of one another too",
    words=N_("Series are copies"),
    meaning=N_("Shots that one camera took one after another count as copies, so that all but the best are set aside."),
    place=Place.ELSEWHERE,
    no_scan=N_("Which shots are a series is known; only what is done with them is another plan."),
)
_BETWEEN = Option(
    kind=Kind.SWITCH,
    group=_MATCHING,
    flag="--between",
    help="count only matches between different input folders",
    words=N_("Between folders only"),
    meaning=N_("Pictures of one folder count as copies of each other only where another folder has them too."),
    place=Place.RARE,
    no_scan=N_("All matches are known; which of them count is another plan."),
)
_GROUPS_FROM = Option(
    kind=Kind.TEXT,
    group=_MATCHING,
    flag="--groups-from",
    metavar="FILE",
    help="take the matches that czkawka (JSON) or dupeGuru (.dupeguru) found instead of looking for any",
    again=_OTHER_PICTURES,
    remembered=False,
)
_EXACT_SEARCH = Option(
    kind=Kind.SWITCH,
    group=_MATCHING,
    flag="--exact-search",
    help="miss no pair among more than 200,000 pictures either; takes longer",
    words=N_("Search exactly, however long it takes"),
    place=Place.ELSEWHERE,
    again=_OTHER_PICTURES,
)
_CHECK = Option(
    kind=Kind.SWITCH,
    group=_CHOICE,
    flag="--check",
    help="look at every picture for damage, not only at those that match another one",
    words=N_("Check all for damage"),
    meaning=N_("Also finds damaged pictures that match no other one. Each JPEG is read once more."),
    place=Place.RARE,
    again=N_("Checking all pictures for damage needs a new scan."),
)
_TRANSFER = Option(
    kind=Kind.FLAGS,
    group=TREATMENT,
    flag="--transfer",
    place=Place.USUAL,
    row=1,
    values={
        Transfer.MOVE: Value(
            N_("Move"),
            N_("Pictures go to the output folder; nothing stays where it was."),
            "move files to OUTPUT (default)",
        ),
        Transfer.COPY: Value(
            N_("Copy"),
            N_("Pictures are copied to the output folder; the originals stay."),
            "copy them, change nothing in the input folders",
        ),
        Transfer.LINK: Value(
            N_("Link"),
            N_("Hard links in the output folder: the originals stay, and no room is used (same disk only)."),
            "hard links instead of copies: no room, same disk",
        ),
    },
    no_scan=_PLAN_ONLY,
)
_HANDLING = Option(
    kind=Kind.CHOICE,
    group=TREATMENT,
    flag="--handling",
    metavar="HOW",
    words=N_("Result"),
    place=Place.USUAL,
    row=1,
    values={
        Handling.GATHER: Value(
            N_("One folder per group"), help="one folder for each group, one for the rest (default)"
        ),
        Handling.KEEP_BEST: Value(
            N_("Keep the best, set the rest aside"), help="leave the best where it is, set the others aside"
        ),
        Handling.LINK_EXACT: Value(
            N_("Replace exact copies by hard links"), help="make exact copies hard links, touch nothing else"
        ),
    },
    no_scan=_PLAN_ONLY,
)
_MERGE = Option(
    kind=Kind.SWITCH,
    group=TREATMENT,
    flag="--merge",
    help="give the best what only its copies state: capture date, place, rating, title, caption, keywords, artist, "
    "copyright",
    words=N_("Merge what copies state"),
    meaning=N_(
        "The best of a group gets the capture date, place, rating, title, caption, keywords, artist and copyright that "
        "only its copies have. What it has itself stays."
    ),
    place=Place.RARE,
    again=N_("What the copies state is read by a scan: scan again."),
)
_MINIMUM_SIZE = replace(MINIMUM_SIZE, words=N_("Files below"), place=Place.ELSEWHERE)
_REFERENCES = Option(
    kind=Kind.FOLDERS,
    group=_CHOICE,
    flag="--reference",
    metavar="FOLDER",
    help="an input folder that is never changed (may be repeated)",
    words=N_("Reference (read only)"),
    place=Place.ELSEWHERE,
    again=N_("Which folder is never changed decides which picture is the best: scan again."),
    remembered=False,
)
_PREFERRED = Option(
    kind=Kind.FOLDER,
    group=_CHOICE,
    flag="--prefer",
    metavar="FOLDER",
    help="the input folder whose pictures are best",
    words=N_("Preferred folder"),
    place=Place.ELSEWHERE,
    again=N_("Another preferred folder needs a new scan."),
)
_BEST_ORDER = Option(
    kind=Kind.ORDER,
    group=_CHOICE,
    flag="--best-order",
    metavar="WORDS",
    help="what makes a picture the best, in order",
    words=N_("Reasons, in order"),
    place=Place.ELSEWHERE,
    values={
        Preference.PIXELS: Value(N_("More pixels")),
        Preference.QUALITY: Value(N_("Less compressed")),
        Preference.SHARPNESS: Value(N_("Sharper")),
        Preference.METADATA: Value(N_("Has camera data")),
        Preference.NAME: Value(N_("Original name")),
        Preference.AGE: Value(N_("Older file")),
    },
    again=N_("Another order of reasons needs a new scan: whether a picture is whole is asked of those that lead it."),
)


@dataclass(frozen=True, slots=True)
class OrganizeRequest(FileFilters):
    """Choices of the user for *organize*.  Folders are as typed; ``minimum_size`` is in bytes.

    ``folders`` are the input folders, one or more, in any sequence; after the first one they may be empty.
    ``references`` are those of them that are never changed.  ``include`` and ``exclude`` are glob
    patterns on the path below the input folder (and on the name alone).  ``preferred`` is the input folder whose
    pictures are called best before any other reason; empty for none.  ``level`` is how much two pictures may differ;
    the threshold and ``rotations`` matter from ``SAME_SHOT`` on, ``EDITED`` looks at all positions anyway.
    ``series`` takes the shots of a series for copies.  ``between`` counts only matches between different folders.
    ``groups_from`` is the result of another program, whose groups count instead of what would be found; empty for none.
    ``exact_search`` searches more than 200,000 pictures exactly too, which fewer always are.  ``merge`` gives the best
    what only its copies state.  ``check`` looks for damage in every picture, not only in those that match another one.
    """

    folders: tuple[str, ...]
    output: str
    level: Level = option(Level.SAME_SHOT, _LEVEL)
    threshold: float = option(DEFAULT_THRESHOLD, _THRESHOLD)
    rotations: bool = option(False, _ROTATIONS)
    series: bool = option(False, _SERIES)
    between: bool = option(False, _BETWEEN)
    exact_search: bool = option(False, _EXACT_SEARCH)
    groups_from: str = option("", _GROUPS_FROM)
    handling: Handling = option(Handling.GATHER, _HANDLING)
    transfer: Transfer = option(Transfer.MOVE, _TRANSFER)
    merge: bool = option(False, _MERGE)
    check: bool = option(False, _CHECK)
    include: tuple[str, ...] = option((), include(_CHOICE, Place.ELSEWHERE))
    exclude: tuple[str, ...] = option((), exclude(_CHOICE, Place.ELSEWHERE))
    minimum_size: int = option(0, _MINIMUM_SIZE)
    references: tuple[str, ...] = option((), _REFERENCES)
    preferred: str = option("", _PREFERRED)
    best_order: tuple[Preference, ...] = option(tuple(Preference), _BEST_ORDER)

    def __post_init__(self) -> None:
        if not isinstance(self.level, Level):
            raise TypeError("the input folders are one sequence: OrganizeRequest((folder1, folder2), output)")
        object.__setattr__(self, "folders", _sequence(self.folders))

    @property
    def idle(self) -> frozenset[str]:
        """Names of the options that mean nothing beside the others."""
        identical = self.level in (Level.EXACT, Level.PIXELS)
        names = {"threshold", "exact_search", "series"} if identical else set()
        if self.level is not Level.SAME_SHOT:
            names.add("rotations")
        if self.handling is not Handling.GATHER:
            names.add("transfer")
        if self.handling is Handling.LINK_EXACT:
            names.add("merge")
        return frozenset(names)

    @property
    def implied(self) -> frozenset[str]:
        """Names of the idle switches that are on all the same."""
        return frozenset({"rotations"}) if self.level is Level.EDITED else frozenset()


def _sequence(folders: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    """The folders as texts; one alone may stand for itself."""
    several = [folders] if isinstance(folders, str | os.PathLike) else folders
    return tuple(os.fspath(folder) for folder in several)
