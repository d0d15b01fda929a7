"""Reserved names: those that the program gives below the user's folders, and those that systems leave there."""

from __future__ import annotations

OWN_FOLDER = ".image-sync"
"""Where versions are kept below a root; never scanned."""
VERSIONS_FOLDER = "versions"
"""The folder in ``OWN_FOLDER`` that holds replaced and set-aside files, a folder per run."""
TEMPORARY_PREFIX = ".image-sync-"
"""Names of files that are being written; never scanned."""
LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".spotlight-v100", ".trashes", "$recycle.bin"})
"""Names that systems leave behind, in lower case."""
