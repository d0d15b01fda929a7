"""Shots to be compared, and renamed files that met a new one: neither is a version of the other.

By the table the newer of two files wins, and that is right for versions of one thing.  Two cameras that count alike, or
a file that was renamed onto a name which another took, are not versions.  Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from image_sync.base.model import FileKind
from image_sync.jobs.sync.model import Decision, EntryKind, Kind, Side, Situation
from image_sync.jobs.sync.rules.changes import Case, Change, case, holds_same
from image_sync.jobs.sync.rules.reasons import Reason, place_of
from image_sync.jobs.sync.rules.renames import Content, content_of, lost_by_content
from image_sync.jobs.sync.rules.table import shown
from image_sync.pictures.formats import kind_of

_PICTURES = frozenset({FileKind.PICTURE, FileKind.RAW})


def wanted_shots(situation: Situation) -> tuple[str, ...]:
    """The paths whose two files are different pictures that the memory doesn't know, in order."""
    return tuple(sorted(path for path in situation.paths() if _is_wanted(path, situation)))


def _is_wanted(path: str, situation: Situation) -> bool:
    if kind_of(path) not in _PICTURES or path in situation.agreed:
        return False
    return _meet(case(path, situation))


def _meet(one: Case) -> bool:
    """Whether two different files with content stand under one name that the memory doesn't know."""
    source, target = one.source, one.target
    if source is None or target is None or not (source.kind is target.kind is EntryKind.FILE):
        return False
    new = one.change(Side.SOURCE) is Change.NEW and one.change(Side.TARGET) is Change.NEW
    return bool(new and source.size and target.size) and holds_same(source, target) is False


def met_renames(cases: Iterable[Case], moved: Collection[str]) -> Iterator[Decision]:
    """The conflicts of files that were renamed on one side to a name that a new file took on the other.

    ``moved`` are the paths that a plain rename has settled already.
    """
    known = [one for one in cases if one.path not in moved]
    met = [one for one in known if _meet(one)]
    if not met:
        return
    lost = {side: lost_by_content(known, side) for side in Side}
    for one in met:
        for side in Side:
            before = lost[side].get(_content(one, side))
            if before:
                place, other = place_of(side), place_of(side.other)
                why = Reason.RENAMED_ONTO(place=place, path=shown(before[0].path), other=other)
                yield Decision(one.path, Kind.CONFLICT, why, one.source, one.target)
                break


def _content(one: Case, side: Side) -> Content | None:
    return content_of(one.on(side))
