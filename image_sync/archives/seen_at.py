"""Paths as this process sees them, where the storage that they name is mounted at another place than for the asker.

A worker of a cluster is told by an environment variable, which the processes that it starts inherit.  Only the opening
of a file asks here; words and what is remembered keep the asker's paths.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache

VARIABLE = "IMAGE_SYNC_SEEN_AT"
Places = Sequence[tuple[str, str]]
"""Folders as the asker names them, each with its name here."""


def see(places: Places) -> None:
    """From here on the folders are those of ``places``, in this process and in those that it starts."""
    text = json.dumps(list(places)) if places else ""
    if os.environ.get(VARIABLE, "") != text:
        os.environ[VARIABLE] = text


def seen_at(path: str) -> str:
    """The path by which this process opens ``path``."""
    text = os.environ.get(VARIABLE)
    return mapped(path, _places(text)) if text else path


def mapped(path: str, places: Places) -> str:
    """``path`` below the first of ``places`` that holds it; else as it is."""
    for here, there in places:
        folder = here.rstrip("/\\")
        if path == here or (path.startswith(folder) and path[len(folder) : len(folder) + 1] in ("/", "\\")):
            return there.rstrip("/\\") + path[len(folder) :]
    return path


@lru_cache(1)
def _places(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((here, there) for here, there in json.loads(text))
