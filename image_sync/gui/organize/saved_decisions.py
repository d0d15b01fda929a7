"""Decisions of an *organize* review on the disk: written as soon as they are made, taken over by the next scan.

One file per set of folders in the state folder.  What is read back is not trusted: a decision counts only for a
picture that the scan found at that path, with that size and time.  No tkinter.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from image_sync.base.model import Picture, PictureFate
from image_sync.base.places import state_folder
from image_sync.jobs.organize.request import NAME, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions

LAYOUT = 1
_FATES = {fate.value: fate for fate in PictureFate}


def place_of(request: OrganizeRequest) -> str:
    """Path of the decisions about these folders."""
    folders = "\0".join(sorted(os.path.realpath(folder) for folder in request.folders if folder))
    name = hashlib.blake2b(os.fsencode(folders), digest_size=8).hexdigest()
    return os.path.join(state_folder(), "reviews", f"{NAME}-{name}.json")


def save(request: OrganizeRequest, decisions: Decisions, pictures: Sequence[Picture]) -> None:
    """Write the decisions whole or not at all; none of them removes the file.  Raises ``OSError``."""
    place = place_of(request)
    if not decisions:
        with contextlib.suppress(FileNotFoundError):
            os.remove(place)
        return
    stamps = {one.record.path: [one.record.size, one.record.mtime_ns] for one in pictures}
    about = {*decisions.fates, *decisions.best, *decisions.reviewed}
    document = {
        "format": LAYOUT,
        "stamps": {path: stamps[path] for path in sorted(about) if path in stamps},
        "fates": {path: fate.value for path, fate in decisions.fates.items()},
        "best": sorted(decisions.best),
        "reviewed": sorted(decisions.reviewed),
        "only_reviewed": decisions.only_reviewed,
    }
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".review-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            json.dump(document, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(temporary)
        raise


def load(request: OrganizeRequest, pictures: Sequence[Picture]) -> Decisions:
    """The decisions about pictures that are as they were; none where nothing can be read."""
    try:
        with open(place_of(request), encoding="ascii") as stream:
            document = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return Decisions()
    if not isinstance(document, dict) or document.get("format") != LAYOUT:
        return Decisions()
    known = _unchanged(document.get("stamps"), pictures)
    fates = document.get("fates")
    told = fates.items() if isinstance(fates, dict) else ()
    return Decisions(
        {path: _FATES[fate] for path, fate in told if path in known and isinstance(fate, str) and fate in _FATES},
        _paths(document.get("best")) & known,
        _paths(document.get("reviewed")) & known,
        document.get("only_reviewed") is True,
    )


def _unchanged(stamps: Any, pictures: Sequence[Picture]) -> frozenset[str]:
    """The paths of pictures that have the size and time that were written down."""
    if not isinstance(stamps, Mapping):
        return frozenset()
    return frozenset(
        one.record.path for one in pictures if stamps.get(one.record.path) == [one.record.size, one.record.mtime_ns]
    )


def _paths(found: Any) -> frozenset[str]:
    return frozenset(path for path in found if isinstance(path, str)) if isinstance(found, list) else frozenset()
