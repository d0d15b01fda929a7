"""Locations of the program's own files: journals, logs, catalog.

The places follow the system's conventions (XDG variables are honoured), so that a test or a second library gives each
run a home of its own.
"""

from __future__ import annotations

import contextlib
import os
import stat

import platformdirs

APPLICATION = "image-sync"


def state_folder() -> str:
    """The folder of journals and logs."""
    return os.environ.get("IMAGE_SYNC_STATE") or platformdirs.user_state_dir(APPLICATION, appauthor=False)


def make_private(folder: str) -> None:
    """Make ``folder``, and what is missing on the way to it, the user's alone; so is one that stands already.

    Raises ``OSError``.
    """
    missing = []
    above = folder
    while above and not os.path.isdir(above) and os.path.dirname(above) != above:
        missing.append(above)
        above = os.path.dirname(above)
    for one in reversed(missing):
        with contextlib.suppress(FileExistsError):
            os.mkdir(one, 0o700)
    if os.name == "posix" and stat.S_IMODE(os.stat(folder).st_mode) & 0o077:
        os.chmod(folder, 0o700)


def catalog_path() -> str:
    """The path of the catalog unless ``--catalog`` says otherwise."""
    return os.path.join(platformdirs.user_data_dir(APPLICATION, appauthor=False), "catalog.sqlite3")


def presets_path() -> str:
    """The path of the file of presets."""
    return os.path.join(platformdirs.user_config_dir(APPLICATION, appauthor=False), "presets.toml")
