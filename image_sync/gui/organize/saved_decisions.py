"""Decisions of an *organize* review on the disk: written as soon as they are made, taken over by the next scan.

A decision counts only for a picture that the scan found at that path, with that size and time.  No tkinter.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from image_sync.base.model import Picture, PictureFate
from image_sync.gui.job import saved_review
from image_sync.jobs.organize.request import NAME, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions

_FATES = {fate.value: fate for fate in PictureFate}


def place_of(request: OrganizeRequest) -> str:
    """Path of the decisions about these folders, whichever is named first."""
    return saved_review.place_of(NAME, sorted(os.path.realpath(folder) for folder in request.folders if folder))


def save(request: OrganizeRequest, decisions: Decisions, pictures: Sequence[Picture]) -> None:
    """Write the decisions whole or not at all; none of them removes the file.  Raises ``OSError``."""
    saved_review.write(place_of(request), document(decisions, pictures))


def load(request: OrganizeRequest, pictures: Sequence[Picture]) -> Decisions:
    """The decisions about pictures that are as they were; none where nothing can be read."""
    return understood(saved_review.read(place_of(request)), pictures)


def understood(document: Mapping[str, Any], pictures: Sequence[Picture]) -> Decisions:
    """The decisions of a document, of those about pictures that are as they were."""
    known = saved_review.unchanged(document, stamps(pictures))
    told = saved_review.mapping_in(document, "fates").items()
    return Decisions(
        {path: _FATES[fate] for path, fate in told if path in known and isinstance(fate, str) and fate in _FATES},
        _paths(document.get("best")) & known,
        _paths(document.get("reviewed")) & known,
        document.get("only_reviewed") is True,
    )


def document(decisions: Decisions, pictures: Sequence[Picture]) -> dict[str, Any]:
    """The decisions as they are written; empty when there are none."""
    if not decisions:
        return {}
    about = {*decisions.fates, *decisions.best, *decisions.reviewed}
    return {
        "stamps": {path: stamp for path, stamp in sorted(stamps(pictures).items()) if path in about},
        "fates": {path: fate.value for path, fate in decisions.fates.items()},
        "best": sorted(decisions.best),
        "reviewed": sorted(decisions.reviewed),
        "only_reviewed": decisions.only_reviewed,
    }


def stamps(pictures: Sequence[Picture]) -> dict[str, saved_review.Stamp]:
    """Size and time of each picture, by its path."""
    return {one.record.path: [one.record.size, one.record.mtime_ns] for one in pictures}


def _paths(found: Any) -> frozenset[str]:
    return frozenset(path for path in found if isinstance(path, str)) if isinstance(found, list) else frozenset()
