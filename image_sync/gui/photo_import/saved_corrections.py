"""Corrections of an *import* review on the disk: written as soon as they are made, taken over by the next scan.

A correction counts only for a file that the scan found at that path, with that size and time.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from image_sync.gui.job import saved_review
from image_sync.gui.photo_import.correction import read_date
from image_sync.jobs.photo_import.model import Arrival, Correction
from image_sync.jobs.photo_import.request import NAME, ImportRequest


def place_of(request: ImportRequest) -> str:
    """Path of the corrections about these folders and this library."""
    return saved_review.place_of(NAME, (*sorted(request.inputs), request.output))


def save(request: ImportRequest, corrections: Mapping[str, Correction], arrivals: Iterable[Arrival]) -> None:
    """Write the corrections whole or not at all; none of them removes the file.  Raises ``OSError``."""
    saved_review.write(place_of(request), document(corrections, arrivals))


def load(request: ImportRequest, arrivals: Iterable[Arrival]) -> dict[str, Correction]:
    """The corrections about files that are as they were; none where nothing can be read."""
    return understood(saved_review.read(place_of(request)), arrivals)


def understood(document: Mapping[str, Any], arrivals: Iterable[Arrival]) -> dict[str, Correction]:
    """The corrections of a document, of those about files that are as they were."""
    known = saved_review.unchanged(document, stamps(arrivals))
    told = saved_review.mapping_in(document, "corrections").items()
    read = {path: _read(value) for path, value in told if path in known}
    return {path: correction for path, correction in read.items() if correction is not None}


def document(corrections: Mapping[str, Correction], arrivals: Iterable[Arrival]) -> dict[str, Any]:
    """The corrections as they are written; empty when there are none."""
    if not corrections:
        return {}
    about = {path: stamp for path, stamp in stamps(arrivals).items() if path in corrections}
    return {"stamps": about, "corrections": {path: _written(one) for path, one in corrections.items()}}


def stamps(arrivals: Iterable[Arrival]) -> dict[str, saved_review.Stamp]:
    """Size and time of each file, by its path."""
    return {one.path: [one.record.size, one.record.change_key] for one in arrivals}


def _written(correction: Correction) -> dict[str, Any]:
    date, levels = correction.date, correction.levels
    return {"date": None if date is None else str(date), "levels": None if levels is None else list(levels)}


def _read(value: Any) -> Correction | None:
    """The correction that was written; ``None`` for anything else."""
    if not isinstance(value, dict):
        return None
    date, levels = value.get("date"), value.get("levels")
    if levels is not None and not (isinstance(levels, list) and all(isinstance(level, str) for level in levels)):
        return None
    if date is not None and not (isinstance(date, str) and date):
        return None
    try:
        correction = Correction(read_date(date or ""), None if levels is None else tuple(levels))
    except ValueError:
        return None
    return correction if correction != Correction() else None
