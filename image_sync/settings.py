"""The options of each job, and where the program keeps what it remembers.

A request is everything the user chose for one run, as a frozen value: a front fills it in, the engine and the rules
read it.  Preferences are what the window remembers between launches.  The places follow the system's conventions
(XDG variables are honoured), so that a test or a second library gives each run a home of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum

import platformdirs

APPLICATION = "image-sync"
DEFAULT_THRESHOLD = 0.85
LOWEST_THRESHOLD = 0.50
HIGHEST_THRESHOLD = 0.99
RECENT_FOLDERS = 10
DEFAULT_MAX_DELETE = 0.5
DEFAULT_PREFIX = "ImageSync"
"""Begins the names of the folders that an import keeps for itself."""
DEFAULT_IGNORED = ("Pictures", "Dropbox", "scans")
"""Folder names that describe nothing; the user edits the list."""
DEFAULT_SMALL = 360
DEFAULT_CROWDED = 100


class Level(Enum):
    """How much two pictures may differ and still match; each level finds what those before it find."""

    EXACT = "exact"
    """Identical files."""
    PIXELS = "pixels"
    """Identical pixels too: only metadata or the container differ."""
    SAME_SHOT = "same"
    """One shot re-encoded, resized, toned, filtered, slightly cropped, at or above the threshold."""
    EDITED = "edited"
    """Cropped by up to a fifth, framed, captioned, turned and mirrored too."""


class Transfer(Enum):
    """How a picture gets to the output folder."""

    MOVE = "move"
    COPY = "copy"
    LINK = "link"


class Handling(Enum):
    """What becomes of a group."""

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


@dataclass(frozen=True, slots=True)
class OrganizeRequest:
    """What the user chose for *organize*.  Folders are as typed; ``minimum_size`` is in bytes.

    ``references`` are those of the two input folders that are never changed.  ``include`` and ``exclude`` are glob
    patterns on the path below the input folder (and on the name alone).  ``preferred`` is the input folder whose
    pictures are called best before any other reason; empty for none.  ``level`` is how much two pictures may differ;
    the threshold and ``rotations`` matter from ``SAME_SHOT`` on, ``EDITED`` looks at all positions anyway.
    ``exact_search`` searches more than 200,000 pictures exactly too, which fewer always are.
    """

    folder1: str
    folder2: str
    output: str
    threshold: float = DEFAULT_THRESHOLD
    transfer: Transfer = Transfer.MOVE
    handling: Handling = Handling.GATHER
    rotations: bool = False
    references: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    minimum_size: int = 0
    best_order: tuple[Preference, ...] = tuple(Preference)
    preferred: str = ""
    level: Level = Level.SAME_SHOT
    exact_search: bool = False


class Deletions(Enum):
    """What a sync does about a file that was deleted on one side since the last run and is unchanged on the other."""

    RESTORE = "restore"
    """It is copied back."""
    PROPAGATE = "propagate"
    """The other copy is set aside too."""
    ASK = "ask"
    """It is a conflict."""


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What the user chose for *sync*.  Folders are as typed.

    ``resolution`` answers every conflict: ``source``, ``target``, ``keep-both`` or ``skip``; empty to leave them open.
    ``include`` and ``exclude`` are glob patterns on the path below the folder and on the name alone.  ``images_only``
    takes pictures and movies with their sidecars, ``litter`` also what systems leave behind (``.DS_Store``).
    ``verify`` reads every file again.  ``tolerance_ns`` is how far two times may be apart and still be the same;
    ``None`` for what the two file systems can tell apart.  ``max_delete`` is the share (0-1) of the files of a side
    that may be gone since the last run.  ``log_file`` is where the JSON log goes; empty for the state folder.  A
    ``dry_run`` will not be applied.
    """

    source: str
    target: str
    deletions: Deletions = Deletions.RESTORE
    resolution: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    images_only: bool = False
    litter: bool = False
    verify: bool = False
    tolerance_ns: int | None = None
    max_delete: float = DEFAULT_MAX_DELETE
    log_file: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the user chose for *import*.  Folders are as typed; ``folder2`` is empty unless there are two inputs.

    ``small`` is the most pixels that both sides of a small picture have; 0 for no such folder.  ``convert`` makes JPEGs
    of pictures whose names end in one of ``convert_suffixes``.  ``set_dates`` writes dates into pictures that have
    none.  ``zone`` is the time zone that dates in UTC are shown in; empty for the system's.  ``use_mtime`` takes a
    file's modification time when nothing else tells its date.  ``flat_dates`` leaves month and day out of described
    folders.  ``live_together`` keeps the movie of a Live Photo beside its still.  ``by_name`` looks for duplicates
    among similar names only.  ``prefix`` begins the names of the system folders, ``ignored`` are folder names that
    describe nothing.  ``audit`` removes folders that the import emptied and warns of those with more than ``crowded``
    entries.  ``rejudge`` looks at what was set aside as a duplicate once more.  ``include`` and ``exclude`` are glob
    patterns on the path below the input folder and on the name alone.
    """

    folder1: str
    output: str
    folder2: str = ""
    transfer: Transfer = Transfer.MOVE
    small: int = 0
    convert: bool = False
    convert_suffixes: tuple[str, ...] = (".heic", ".heif", ".hif")
    set_dates: bool = False
    zone: str = ""
    use_mtime: bool = False
    flat_dates: bool = False
    live_together: bool = False
    by_name: bool = False
    prefix: str = DEFAULT_PREFIX
    ignored: tuple[str, ...] = DEFAULT_IGNORED
    audit: bool = True
    crowded: int = DEFAULT_CROWDED
    rejudge: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input folders: one or two."""
        return (self.folder1, self.folder2) if self.folder2 else (self.folder1,)


def state_folder() -> str:
    """Where journals and logs live."""
    return os.environ.get("IMAGE_SYNC_STATE") or platformdirs.user_state_dir(APPLICATION, appauthor=False)


def catalog_path() -> str:
    """Where the catalog lives unless ``--catalog`` says otherwise."""
    return os.path.join(platformdirs.user_data_dir(APPLICATION, appauthor=False), "catalog.sqlite3")


def preferences_path() -> str:
    """Where the window's preferences live."""
    return os.path.join(platformdirs.user_config_dir(APPLICATION, appauthor=False), "preferences.json")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the window remembers.

    ``recent`` maps a field's name to the folders last used in it, newest first.  ``scale`` is the size of everything in
    percent, 0 for what the system says.  ``best_order`` holds values of ``Preference``, separated by commas.
    ``exclude`` and ``include`` hold glob patterns, separated by semicolons.  ``preferred`` is the name of an input
    folder's field.  ``level`` is a value of ``Level``.  ``importing`` and ``syncing`` hold the choices of the last
    import and of the last sync by the names of their fields.
    """

    recent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: str = "system"
    geometry: str = ""
    scale: int = 0
    threshold: float = DEFAULT_THRESHOLD
    transfer: str = Transfer.MOVE.value
    handling: str = Handling.GATHER.value
    rotations: bool = False
    best_order: str = ""
    exclude: str = ""
    minimum_size: int = 0
    preferred: str = ""
    level: str = Level.SAME_SHOT.value
    importing: Mapping[str, str | bool] = field(default_factory=dict)
    include: str = ""
    syncing: Mapping[str, str | bool] = field(default_factory=dict)
    exact_search: bool = False

    def with_recent(self, name: str, folder: str) -> Preferences:
        """The same preferences with ``folder`` first among the recent ones of field ``name``."""
        others = [known for known in self.recent.get(name, ()) if known != folder]
        return replace(self, recent={**self.recent, name: (folder, *others)[:RECENT_FOLDERS]})


def load_preferences(path: str | None = None) -> Preferences:
    """The saved preferences; what is missing, damaged or of another type falls back to its default."""
    try:
        with open(path or preferences_path(), encoding="utf-8", errors="surrogateescape") as stream:
            saved = json.load(stream)
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(saved, dict):
        return Preferences()
    default = asdict(Preferences())
    known = {key: value for key, value in saved.items() if key in default and isinstance(value, type(default[key]))}
    known["recent"] = {
        key: tuple(folder for folder in folders if isinstance(folder, str))
        for key, folders in known.get("recent", {}).items()
        if isinstance(folders, list)
    }
    return Preferences(**known)


def save_preferences(preferences: Preferences, path: str | None = None) -> None:
    """Write the preferences whole or not at all; a failure is of no importance and is passed over."""
    target = path or preferences_path()
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".preferences-")
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
            json.dump(asdict(preferences), stream, indent=1, ensure_ascii=False)
        os.replace(temporary, target)
