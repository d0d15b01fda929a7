"""Reserved names: those that the program gives below the user's folders, and those that systems leave there."""

from __future__ import annotations

import re

from image_sync.base import paths

OWN_FOLDER = ".image-sync"
"""The program's own folder below a root; never scanned."""
VERSIONS = paths.join(OWN_FOLDER, "versions")
"""Below a root: where replaced and set-aside files are kept, a folder per run."""
KEPT_DAYS = 30
"""Versions younger than this are left when old ones are cleared."""
TEMPORARY_PREFIX = ".image-sync-"
"""Names of files that are being written; never scanned."""
BINS = frozenset(
    {
        *(".trashes", ".trash", "$recycle.bin", "recycler", "#recycle", "@recycle", ".@recycle", "lost.dir"),
        *("lost+found", "found.000", ".thumbnails", ".thumbnail", ".thumbs", "@eadir", ".@__thumb", "@__thumb"),
        *(".spotlight-v100", ".fseventsd", ".documentrevisions-v100", ".temporaryitems", "system volume information"),
        *("#snapshot", "@recently-snapshot", ".stversions", ".appledouble"),
    }
)
"""Folders of bins, thumbnails and a disk's own housekeeping, in lower case: what is in them is nobody's collection."""
LITTER = BINS | {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "ehthumbs_vista.db"}
"""Names that systems leave behind, in lower case."""
BIN_PREFIXES = (".trash-", ".trashed-", ".pending-")
"""How the names begin of what was thrown away (``.Trash-1000``, Android's ``.trashed-…``) or is half there
(``.pending-…``), in lower case."""
LITTER_PREFIXES = ("._", *BIN_PREFIXES)
"""How the names of litter begin, in lower case; macOS keeps a file's extra attributes under ``._``."""

RUN_TIME = "%Y%m%d-%H%M%S"
"""How a run's name begins: its local time."""
_RUN_FOLDER = re.compile(r"(\d{8}-\d{6})-[0-9a-f]+(?:-\d+)?")


def run_time(folder: str) -> str:
    """The time in the name of a folder of versions (``20260815-143022-3f2a``, ``…-2`` where that was blocked), as
    ``RUN_TIME``; empty for any other name."""
    match = _RUN_FOLDER.fullmatch(folder)
    return match[1] if match else ""


def is_bin(name: str) -> bool:
    """Whether a folder of that name is a bin or the like, which no job reads."""
    folded = name.casefold()
    return folded in BINS or folded.startswith(BIN_PREFIXES)


def is_thrown_away(name: str) -> bool:
    """Whether a file of that name is in a phone's bin, or was never finished."""
    return name[:1] == "." and name.casefold().startswith(BIN_PREFIXES)


def is_litter(name: str) -> bool:
    """Whether a file or folder of that name is what a system leaves behind, or throws away."""
    folded = name.casefold()
    return folded in LITTER or folded.startswith(LITTER_PREFIXES)
