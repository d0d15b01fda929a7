"""Names that the program gives below the user's folders, and names that systems leave there: one spelling for all."""

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
LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".spotlight-v100", ".trashes", "$recycle.bin"})
"""Names that systems leave behind, in lower case."""

RUN_TIME = "%Y%m%d-%H%M%S"
"""How a run's name begins: its local time."""
_RUN_FOLDER = re.compile(r"(\d{8}-\d{6})-[0-9a-f]+(?:-\d+)?")


def run_time(folder: str) -> str:
    """The time in the name of a folder of versions (``20260815-143022-3f2a``, ``…-2`` where that was blocked), as
    ``RUN_TIME``; empty for any other name."""
    match = _RUN_FOLDER.fullmatch(folder)
    return match[1] if match else ""
