"""Units of all inputs: what was exported in parts is one tree again before its files are told which belong together.

Google Takeout and iCloud spread one export over several archives, a picture in one and its JSON in another.  The parts
of one export, told by their names, are taken as one folder.  A sidecar that finds no picture in its own input is then
offered to those of the others that lie in the same folder there.  Names alone decide, and what the scan read of Live
Photos.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from image_sync.archives.names import ARCHIVES
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import FileRecord
from image_sync.jobs.photo_import.listing import Entering
from image_sync.jobs.photo_import.live_pairs import live_pairs
from image_sync.jobs.photo_import.registry import Registry
from image_sync.jobs.photo_import.rules import units as import_units
from image_sync.pictures.sidecars import Unit, attach, lent_sidecars

_PART = re.compile(r"(?:[-_ ]*\((?:\d{1,3})\)|[-_ ]+\d{1,4}|[-_ ]+\w{2,9} \d{1,3} \w{1,4} \d{1,3})$")
"""How the name of a part ends: ``takeout-20240101T000000Z-1-001``, ``iCloud Photos Part 1 of 5``, `` (1)``."""


@dataclass
class Joined:
    """The units of one input or of the parts of one export, and what belongs to none.

    ``lent`` are sidecars of others that tell of a picture too.
    """

    entering: Entering
    units: list[Unit] = field(default_factory=list)
    leftovers: list[FileRecord] = field(default_factory=list)
    lent: Mapping[FileRecord, tuple[FileRecord, ...]] = field(default_factory=dict)


def joined(inputs: Sequence[Entering], registry: Registry, control: Control) -> list[Joined]:
    """The units of all inputs."""
    sets: dict[str, list[Entering]] = defaultdict(list)
    for entering in inputs:
        sets[export_of(entering.root) if entering.archive else f"{entering.root}/"].append(entering)
    found = [_as_one(parts, registry, control) for parts in sets.values()]
    outside = [one for one in found if not one.entering.inside]
    if len(outside) > 1:
        _exchange(outside)
    return found


def export_of(path: str) -> str:
    """The name that the parts of one export share."""
    name = paths.name(path).lower()
    stem = next((name[: -len(suffix)] for suffix in ARCHIVES if name.endswith(suffix)), name)
    while (shorter := _PART.sub("", stem)) and shorter != stem:
        stem = shorter
    return stem


def _as_one(parts: Sequence[Entering], registry: Registry, control: Control) -> Joined:
    """The parts of an export as one folder; a file whose name another part has too lies in a folder of its own."""
    records = [record for part in parts for record in part.records]
    place = _layers(records) if len(parts) > 1 else {}
    stills = live_pairs(records, registry, control, place)
    result = Joined(parts[0])
    if not place:
        units, leftovers = import_units.units_of(records, stills)
        result.units, result.leftovers, result.lent = units, leftovers, lent_sidecars(units)
        return result
    real = {replace(record, root=root): record for record, root in place.items()}
    virtual = {record: one for one, record in real.items()}
    pairs = {virtual[movie]: virtual[still] if still else None for movie, still in stills.items()}
    units, leftovers = import_units.units_of(real, pairs)
    result.units = [(real[first], tuple(real[one] for one in companions)) for first, companions in units]
    result.leftovers = [real[one] for one in leftovers]
    lent = lent_sidecars(units)
    result.lent = {real[first]: tuple(real[one] for one in others) for first, others in lent.items()}
    return result


def _layers(records: Iterable[FileRecord]) -> dict[FileRecord, str]:
    """The folder that each file of the parts lies in when they are unpacked into one; a second file of a name lies in a
    second one."""
    seen: dict[str, int] = defaultdict(int)
    layers = {}
    for record in records:
        layers[record] = f"{seen[record.relative]}"
        seen[record.relative] += 1
    return layers


def _exchange(found: Sequence[Joined]) -> None:
    """Give the sidecars that found no picture to those of other inputs in the same folder that have none."""
    sidecars = [record for one in found for record in one.leftovers if _is_json(record) and record.folder]
    if not sidecars:
        return
    wanting = {
        first
        for one in found
        for first, companions in one.units
        if first.folder and not any(map(_is_json, companions)) and first not in one.lent
    }
    real = {replace(record, root=""): record for record in (*wanting, *sidecars)}
    given: dict[FileRecord, list[FileRecord]] = defaultdict(list)
    for first, companions in attach(real, movies=True)[0]:
        if real[first] in wanting:
            given[real[first]] += (real[one] for one in companions if _is_json(one))
    taken = {record for records in given.values() for record in records}
    for one in found:
        one.units = [(first, (*companions, *given.get(first, ()))) for first, companions in one.units]
        one.leftovers = [record for record in one.leftovers if record not in taken]


def _is_json(record: FileRecord) -> bool:
    return paths.suffix(record.name) == ".json"
