"""Cameras of arrivals, for patterns that name them: headers only, and what was read is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from image_sync.base.model import FileKind, FileRecord, Problem
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import on_files
from image_sync.jobs.photo_import.model import Arrival
from image_sync.jobs.photo_import.registry import CAMERA, Registry
from image_sync.jobs.photo_import.rules.patterns import as_value

_PICTURES = (FileKind.PICTURE, FileKind.RAW)


def with_cameras(arrivals: Sequence[Arrival], registry: Registry, context: RunContext) -> list[Arrival]:
    """The arrivals with the model that took their picture, as it may stand in a name.  Raises ``Stopped``."""
    pictures = [record for one in arrivals if (record := _picture(one)) is not None]
    known = registry.facts(CAMERA, pictures)
    fresh: dict[FileRecord, str] = {}
    try:
        missing = [record for record in pictures if record not in known]
        for record, model in on_files(context, _camera_of, missing, _path_of, _unknown):
            if model is not None:
                fresh[record] = model
    finally:
        registry.remember_facts(CAMERA, fresh)
    known |= fresh
    return [_named(one, known) for one in arrivals]


def _named(arrival: Arrival, known: dict[FileRecord, str]) -> Arrival:
    picture = _picture(arrival)
    model = as_value(known.get(picture, "")) if picture is not None else ""
    return replace(arrival, camera=model) if model else arrival


def _picture(arrival: Arrival) -> FileRecord | None:
    return _first(record for record in arrival.files if record.kind in _PICTURES)


def _first(records: Iterable[FileRecord]) -> FileRecord | None:
    return next(iter(records), None)


def _camera_of(record: FileRecord) -> str:
    from image_sync.pictures.metadata.shots import shot_of

    return shot_of(record.path).model


def _path_of(record: FileRecord) -> str:
    return record.path


def _unknown(_record: FileRecord, _problem: Problem) -> None:
    """It has the same problem when it is compared."""
