"""Files that got another name or another folder on one side: the other side's copy is moved, not copied again.

A file is known again by its content alone, never by its name or times.  Only a file that both sides agreed on, that is
gone from one side and unchanged on the other, can have been moved; so without a memory nothing is ever moved.  Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.jobs.sync.model import (
    CHANGED_SIDE,
    DELETE_IN,
    RENAME_IN,
    Decision,
    Entry,
    EntryKind,
    Side,
    Situation,
)
from image_sync.jobs.sync.rules.changes import Case
from image_sync.jobs.sync.rules.reasons import Reason, place_of
from image_sync.jobs.sync.rules.table import is_deleted, is_new, shown

Content = tuple[EntryKind, int, str]


def renames(cases: Iterable[Case], control: Control | None = None) -> Iterator[Decision]:
    """The moves that follow from what is gone and what is new; each path is in at most one of them.

    ``control`` is asked every few milliseconds.
    """
    control, known = control or Control(), list(cases)
    for side in Side:
        lost = lost_by_content(control.watched(known), side)
        new = _by_content((one, content_of(one.on(side))) for one in control.watched(known) if is_new(one, side))
        for content in control.watched(new.keys() & lost.keys()):
            yield from _paired(side, lost[content], new[content])


def lost_by_content(cases: Iterable[Case], side: Side) -> Mapping[Content | None, list[Case]]:
    """The files that are gone from ``side`` and unchanged on the other, by what they hold."""
    return _by_content((one, _content_of_lost(one, side)) for one in cases if is_deleted(one, side))


def _by_content(cases: Iterable[tuple[Case, Content | None]]) -> Mapping[Content | None, list[Case]]:
    result: dict[Content | None, list[Case]] = defaultdict(list)
    for one, content in cases:
        if content:
            result[content].append(one)
    return result


def content_of(entry: Entry | None) -> Content | None:
    """Content that a file is known by; nothing for an empty one, which is like all others of its kind."""
    return (entry.kind, entry.size, entry.content) if entry and entry.content and entry.size else None


def _content_of_lost(one: Case, side: Side) -> Content | None:
    kept = one.on(side.other)
    if kept is None or kept.content or one.agreed is None:
        return content_of(kept)
    return (kept.kind, kept.size, one.agreed.content) if one.agreed.content and kept.size else None


def taken_along(cases: Iterable[Case], replacements: Iterable[Decision], situation: Situation) -> Iterator[Decision]:
    """Files that went where something else stood: they come over with what took its place, so the old ones go.

    A folder that was renamed to the name of a file, or a file to that of a folder.  ``replacements`` are the decisions
    that let such things go over.
    """
    replaced = [(CHANGED_SIDE[decision.kind].other, decision.path) for decision in replacements]
    known = list(cases) if replaced else []
    for side in {side for side, _ in replaced}:
        half, new = situation.half(side), defaultdict(list)
        for path in (path for where, top in replaced if where is side for path in (top, *half.below(top))):
            content = content_of(half.entries.get(path))
            if content:
                new[content].append(Case(path, None, None, None))
        lost = lost_by_content(known, side) if new else {}
        for content in new.keys() & lost.keys():
            for before, after in _pairs(lost[content], new[content]):
                why = Reason.MOVED_TO(place=place_of(side), path=shown(after.path))
                kind = DELETE_IN[side.other]
                yield Decision(before.path, kind, why, before.source, before.target, moved_to=after.path)


def _paired(side: Side, lost: list[Case], new: list[Case]) -> Iterator[Decision]:
    for before, after in _pairs(lost, new):
        yield _moved(side, before, after)


def _pairs(lost: list[Case], new: list[Case]) -> Iterator[tuple[Case, Case]]:
    """Pair files of one content: first those that kept their name, then in the order of their paths."""
    left = {one.path: one for one in sorted(lost, key=_path, reverse=True)}
    by_name: dict[str, list[Case]] = defaultdict(list)
    for one in left.values():
        by_name[paths.name(one.path)].append(one)
    later = []
    for one in sorted(new, key=_path):
        same_name = by_name.get(paths.name(one.path))
        if same_name:
            yield left.pop(same_name.pop().path), one
        else:
            later.append(one)
    yield from zip(reversed(left.values()), later, strict=False)


def _path(one: Case) -> str:
    return one.path


def _moved(side: Side, before: Case, after: Case) -> Decision:
    """The file moved on ``side``; so it is moved on the other."""
    same_folder = paths.parent(before.path) == paths.parent(after.path)
    how = Reason.RENAMED_FROM if same_folder else Reason.MOVED_FROM
    why = how(place=place_of(side), path=shown(before.path))
    kept, there = before.on(side.other), after.on(side)
    source, target = (there, kept) if side is Side.SOURCE else (kept, there)
    return Decision(after.path, RENAME_IN[side.other], why, source, target, earlier=before.path)
