"""Whether a date can be written into a picture without touching anything else: tried in memory, nothing is written.

Where it can't, the plan has an XMP sidecar instead; so this has to be known before the plan is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from image_sync.base.errors import reason
from image_sync.base.model import FileKind, FileRecord
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import in_pool
from image_sync.jobs.photo_import.model import Arrival, Correction, World
from image_sync.pictures.exif_write import SIZE_LIMIT, CannotWrite, with_date

RAW_STAYS = "RAW files are never changed"
_ANY_DAY = datetime(2001, 2, 3, 4, 5, 6)
_PICTURES = (FileKind.PICTURE, FileKind.RAW)


def probed(world: World, corrections: Mapping[str, Correction], context: RunContext) -> World:
    """The world in which it is known of every picture that may get a date whether one can be written into it.

    Pictures whose date the user corrects count as such without a date.  Raises ``Stopped``.
    """
    wanted = {record for one in world.arrivals for record, why in _open(one, corrections) if why is None}
    answers = dict(in_pool(context, why_not, sorted(wanted, key=lambda record: record.path)))
    return replace(world, arrivals=tuple(_told(one, corrections, answers) for one in world.arrivals))


def _open(arrival: Arrival, corrections: Mapping[str, Correction]) -> Iterable[tuple[FileRecord, str | None]]:
    correction = corrections.get(arrival.path)
    if correction is None or correction.date is None:
        return arrival.dateless
    known = dict(arrival.dateless)
    return [(record, known.get(record)) for record in arrival.files if record.kind in _PICTURES]


def _told(arrival: Arrival, corrections: Mapping[str, Correction], answers: Mapping[FileRecord, str]) -> Arrival:
    known = _open(arrival, corrections)
    if not known:
        return arrival
    return replace(arrival, dateless=tuple((record, answers.get(record, why)) for record, why in known))


def why_not(record: FileRecord) -> str:
    """Why no date can be written into a picture; empty when one can.  Runs in the pool, raises nothing."""
    if record.kind is FileKind.RAW:
        return RAW_STAYS
    if record.size > SIZE_LIMIT:
        return "the file is too large to be changed safely"
    try:
        with open(record.path, "rb") as stream:
            with_date(stream.read(SIZE_LIMIT + 1), _ANY_DAY)
    except CannotWrite as error:
        return str(error)
    except OSError as error:
        return reason(error)
    return ""
