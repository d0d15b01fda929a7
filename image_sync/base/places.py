"""Locations of the program's own files: journals, logs, catalog.

The places follow the system's conventions (XDG variables are honoured), so that a test or a second library gives each
run a home of its own.
"""

from __future__ import annotations

import os

import platformdirs

APPLICATION = "image-sync"


def state_folder() -> str:
    """The folder of journals and logs."""
    return os.environ.get("IMAGE_SYNC_STATE") or platformdirs.user_state_dir(APPLICATION, appauthor=False)


def catalog_path() -> str:
    """The path of the catalog unless ``--catalog`` says otherwise."""
    return os.path.join(platformdirs.user_data_dir(APPLICATION, appauthor=False), "catalog.sqlite3")
