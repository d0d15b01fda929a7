"""Probe of a picture for a date to be written without touching anything else: in memory, nothing is written.

Where it can't, the plan has an XMP sidecar instead; so this has to be known before the plan is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from image_sync.archives.opening import open_binary
from image_sync.base.model import FileKind, FileRecord, Problem
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import on_files
from image_sync.jobs.photo_import.dating import WHAT
from image_sync.jobs.photo_import.model import Arrival, Correction, World
from image_sync.pictures.metadata.exif_write import SIZE_LIMIT, CannotWrite, with_date

RAW_STAYS = "RAW files are never changed"
_ANY_DAY = datetime(2001, 2, 3, 4, 5, 6)
_PICTURES = (FileKind.PICTURE, FileKind.RAW)


def probed(world: World, corrections: Mapping[str, Correction], context: RunContext) -> World:
    """The world in which it is known of every picture that may get a date whether one can be written into it.

    Pictures whose date the user corrects count as such without a date.  A unit with one that can't be read now has a
    problem: it stays, and nothing is decided for it.  Raises ``Stopped``.
    """
    wanted = {record for one in world.arrivals for record, why in _open(one, corrections) if why is None}
    ordered = sorted(wanted, key=lambda record: record.path)
    answers = dict(on_files(context, why_not, ordered, _path_of, _unknown))
    return replace(world, arrivals=tuple(_told(one, corrections, answers) for one in world.arrivals))


def _open(arrival: Arrival, corrections: Mapping[str, Correction]) -> Iterable[tuple[FileRecord, str | None]]:
    correction = corrections.get(arrival.path)
    if correction is None or correction.date is None:
        return arrival.dateless
    known = dict(arrival.dateless)
    return [(record, known.get(record)) for record in arrival.files if record.kind in _PICTURES]


def _told(
    arrival: Arrival, corrections: Mapping[str, Correction], answers: Mapping[FileRecord, str | Problem]
) -> Arrival:
    known = _open(arrival, corrections)
    if not known:
        return arrival
    told = [(record, answers.get(record, why)) for record, why in known]
    unread = next((answer for _, answer in told if isinstance(answer, Problem)), None)
    if unread is not None:
        return replace(arrival, problem=arrival.problem or unread)
    return replace(arrival, dateless=tuple((record, why) for record, why in told if not isinstance(why, Problem)))


def why_not(record: FileRecord) -> str:
    """Reason why no date can be written into a picture; empty when one can.  Runs in the pool.

    Raises ``OSError`` and whatever a damaged file provokes: then it is not known.
    """
    if record.kind is FileKind.RAW:
        return RAW_STAYS
    if record.size > SIZE_LIMIT:
        return "the file is too large to be changed safely"
    try:
        with open_binary(record.path) as stream:
            with_date(stream.read(SIZE_LIMIT + 1), _ANY_DAY)
    except CannotWrite as error:
        return str(error)
    return ""


def _path_of(record: FileRecord) -> str:
    return record.path


def _unknown(_record: FileRecord, problem: Problem) -> Problem:
    return replace(problem, what=WHAT)
