"""Pictures that met under one name, looked at: versions of one shot, two different pictures, or nobody can tell.

Only files that differ and are both new to the memory are decoded, and nothing that does it is loaded before there are
two that can be.  Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.model import FileKind, Problem
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import on_pictures
from image_sync.jobs.sync.model import Side, Situation
from image_sync.pictures.formats import kind_of
from image_sync.pictures.identify import known_format

_HEAD = 64
"""Bytes that tell the format of a picture."""
Two = tuple[tuple[str, int], tuple[str, int]]
"""The places and sizes of two files."""


def with_shots(situation: Situation, wanted: Sequence[str], context: RunContext) -> Situation:
    """The situation with what was seen of the two pictures at each of the ``wanted`` paths.  Raises ``Stopped``."""
    pairs = {path: _two(situation, path) for path in wanted}
    seen = [path for path, two in pairs.items() if all(_is_picture(place) for place, _ in two)]
    told = on_pictures(context, _are_one_shot, [pairs[path] for path in seen], _both_of, _unknown)
    verdicts = {path: same for path, (_, same) in zip(seen, told, strict=True)}
    return replace(
        situation,
        different_shots=frozenset(path for path, same in verdicts.items() if same is False),
        unknown_shots=frozenset(path for path in wanted if verdicts.get(path) is None),
    )


def _two(situation: Situation, path: str) -> Two:
    source, target = (situation.half(side) for side in Side)
    return (
        (paths.join(source.root, path), source.entries[path].size),
        (paths.join(target.root, path), target.entries[path].size),
    )


def _both_of(two: Two) -> tuple[str, str]:
    return two[0][0], two[1][0]


def _unknown(_two: Two, _problem: Problem) -> None:
    """No verdict on what can't be read now: it may be another shot, and the situation says that it is not known."""


def _is_picture(place: str) -> bool:
    """Whether it begins like a picture; of a RAW file only the name tells that."""
    if kind_of(place) is FileKind.RAW:
        return True
    try:
        with open(place, "rb") as stream:
            return known_format(stream.read(_HEAD)) is not None
    except OSError:
        return False


def _are_one_shot(two: Two) -> bool | None:
    """Whether two files are versions of one shot; ``None`` where one of them can't be decoded."""
    from image_sync.matching.one_shot import are_one_shot
    from image_sync.pictures.measure import measure

    first, second = (measure(place, size, False).fingerprint for place, size in two)
    return None if first is None or second is None else are_one_shot(first, second)
