"""Request of *sync*: everything the user chose for one run, each option declared here once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from image_sync.base.options import N_, Kind, Option, Place, Value, option
from image_sync.jobs.filters import MINIMUM_SIZE, FileFilters
from image_sync.jobs.transfer import TREATMENT, WHICH_FILES, exclude, include

NAME = "sync"
"""The job's name in plans, journals and documents."""

DEFAULT_MAX_DELETE = 0.5


class Deletions(Enum):
    """Rule for a file that was deleted on one side since the last run and is unchanged on the other."""

    RESTORE = "restore"
    """It is copied back."""
    PROPAGATE = "propagate"
    """The other copy is set aside too."""
    ASK = "ask"
    """It is asked what becomes of the other copy."""


_OTHER_FILES = N_("Another choice of files: scan again.")


class DifferentShots(Enum):
    """Rule for two different pictures under one name, both of which a sync meets for the first time."""

    NEWER = "newer"
    """The newer wins where nothing is remembered of the two folders; else it is a conflict."""
    KEEP_BOTH = "keep-both"
    """Both are kept, one under another name."""
    ASK = "ask"
    """It is a conflict."""


_DELETIONS = Option(
    kind=Kind.CHOICE,
    group=TREATMENT,
    flag="--deletions",
    metavar="WAY",
    help="a file deleted on one side: restore (default), propagate or ask",
    words=N_("Deleted on one side"),
    meaning=N_("A file that both folders had after the last sync, and that is gone from one of them now."),
    place=Place.USUAL,
    values={
        Deletions.ASK: Value(N_("Ask")),
        Deletions.RESTORE: Value(N_("Copy it back")),
        Deletions.PROPAGATE: Value(N_("Delete the other copy too")),
    },
    asks=True,
    again=N_("Another choice for deleted files: scan again."),
)
_DIFFERENT_SHOTS = Option(
    kind=Kind.CHOICE,
    group=TREATMENT,
    flag="--different-shots",
    metavar="WAY",
    help="two different pictures of one name: newer (default), keep-both or ask",
    words=N_("Different pictures of one name"),
    meaning=N_("Two pictures that are no versions of one shot, both new here. The newer wins only the first time."),
    place=Place.RARE,
    values={
        DifferentShots.NEWER: Value(N_("The newer wins")),
        DifferentShots.KEEP_BOTH: Value(N_("Keep both")),
        DifferentShots.ASK: Value(N_("Ask")),
    },
    again=N_("Another choice for different pictures: scan again."),
)
_RESOLUTION = Option(
    kind=Kind.TEXT,
    group=TREATMENT,
    flag="--auto-resolve",
    metavar="WAY",
    help="answer every conflict: source, target, keep-both or skip",
    one_of=("source", "target", "keep-both", "skip"),
)
_PERMISSIONS = Option(
    kind=Kind.SWITCH,
    group=TREATMENT,
    flag="--permissions",
    help="also carry changed permissions and user attributes",
    words=N_("Permissions too"),
    meaning=N_("Who may read, write and run a file, and your own attributes, where both disks can keep them."),
    place=Place.RARE,
    again=N_("To compare permissions, scan again."),
)
_MAX_DELETE = Option(
    kind=Kind.SHARE,
    group=TREATMENT,
    flag="--max-delete",
    metavar="PERCENT",
    help="refuse when more of a side's files are gone (default: 50)",
    least=0.0,
    most=1.0,
)
_TOLERANCE = Option(
    kind=Kind.SECONDS,
    group=TREATMENT,
    flag="--mtime-tolerance",
    metavar="SECONDS",
    help="times this near are the same (default: what the disks can tell)",
    words=N_("Times are the same within"),
    meaning=N_("In seconds. Empty: what both disks can tell apart, such as 2 seconds on FAT."),
    unit=N_("seconds"),
    place=Place.RARE,
    most=86_400,
    width=6,
    again=N_("Times are told apart otherwise: scan again."),
)
_VERIFY = Option(
    kind=Kind.SWITCH,
    group=TREATMENT,
    flag="--verify",
    help="read every file again",
    words=N_("Verify contents (slow)"),
    meaning=N_("Compares the content of all files again, also of those that look untouched. Takes longer."),
    place=Place.USUAL,
    again=N_("To verify contents, scan again."),
    remembered=False,
)
_LOG_FILE = Option(kind=Kind.TEXT, group=TREATMENT, flag="--log-file", metavar="FILE", help="where the JSON log goes")
_IMAGES_ONLY = Option(
    kind=Kind.SWITCH,
    group=WHICH_FILES,
    flag="--images-only",
    help="pictures and movies, with their sidecars",
    words=N_("Pictures only"),
    meaning=N_("Pictures and movies with the files that belong to them; everything else is left alone."),
    place=Place.USUAL,
    again=_OTHER_FILES,
)
_LITTER = Option(
    kind=Kind.SWITCH,
    group=WHICH_FILES,
    flag="--litter",
    help="also .DS_Store, Thumbs.db and the like",
    words=N_("System files too"),
    meaning=N_("Also .DS_Store, Thumbs.db, desktop.ini and files like ._name."),
    place=Place.RARE,
    again=_OTHER_FILES,
)
_DRY_RUN = Option(kind=Kind.SWITCH, group="", remembered=False)


@dataclass(frozen=True, slots=True)
class SyncRequest(FileFilters):
    """Choices of the user for *sync*.  Folders are as typed.

    ``different_shots`` speaks of two pictures under one name that are no versions of each other.  ``resolution``
    answers every conflict: ``source``, ``target``, ``keep-both`` or ``skip``; empty to leave them open.
    ``include`` and ``exclude`` are glob patterns on the path below the folder and on the name alone.  ``images_only``
    takes pictures and movies with their sidecars, ``litter`` also what systems leave behind (``.DS_Store``).
    ``verify`` reads every file again.  ``tolerance_ns`` is how far two times may be apart and still be the same;
    ``None`` for what the two file systems can tell apart.  ``max_delete`` is the share (0-1) of the files of a side
    that may be gone since the last run; ``None`` for half of them, and of fewer than ten for any.  ``log_file`` is
    where the JSON log goes; empty for the state folder.  A ``dry_run`` will not be applied.
    """

    source: str
    target: str
    deletions: Deletions = option(Deletions.RESTORE, _DELETIONS)
    different_shots: DifferentShots = option(DifferentShots.NEWER, _DIFFERENT_SHOTS)
    resolution: str = option("", _RESOLUTION)
    include: tuple[str, ...] = option((), include(WHICH_FILES, Place.RARE))
    exclude: tuple[str, ...] = option((), exclude(WHICH_FILES, Place.RARE, "nothing like this"))
    images_only: bool = option(False, _IMAGES_ONLY)
    litter: bool = option(False, _LITTER)
    minimum_size: int = option(0, MINIMUM_SIZE)
    verify: bool = option(False, _VERIFY)
    permissions: bool = option(False, _PERMISSIONS)
    tolerance_ns: int | None = option(None, _TOLERANCE)
    max_delete: float | None = option(None, _MAX_DELETE)
    log_file: str = option("", _LOG_FILE)
    dry_run: bool = option(False, _DRY_RUN)
