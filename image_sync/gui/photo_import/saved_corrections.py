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
    stamps = {path: stamp for path, stamp in _stamps(arrivals).items() if path in corrections}
    told = {path: _written(correction) for path, correction in corrections.items()}
    saved_review.write(place_of(request), {"stamps": stamps, "corrections": told} if corrections else {})


def load(request: ImportRequest, arrivals: Iterable[Arrival]) -> dict[str, Correction]:
    """The corrections about files that are as they were; none where nothing can be read."""
    document = saved_review.read(place_of(request))
    known = saved_review.unchanged(document, _stamps(arrivals))
    told = saved_review.mapping_in(document, "corrections").items()
    read = {path: _read(value) for path, value in told if path in known}
    return {path: correction for path, correction in read.items() if correction is not None}


def _stamps(arrivals: Iterable[Arrival]) -> dict[str, saved_review.Stamp]:
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
