"""Files to be read before anything can be decided: as few as there can be.

Sizes, times and what is remembered settle nearly all of a tree.  What is left is named here, and only that is read.
Two files that have to be compared with each other and with nothing else need no digest: they are read side by side, up
to the first difference.  Pure: nothing here reads a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from image_sync.base.control import Control
from image_sync.jobs.sync.model import Entry, EntryKind, Side, Situation
from image_sync.jobs.sync.rules.changes import Case, case, has_same_look

Wanted = tuple[Side, str]
"""A file whose content has to be known: on which side, and its path."""


def wanted_contents(situation: Situation, verify: bool = False, control: Control | None = None) -> tuple[Wanted, ...]:
    """The files whose digest has to be known, in a fixed order; those that are known already are not among them.

    ``verify`` wants every file that stands on both sides, whatever is remembered; the contents that are known are
    then taken to be forgotten.  ``control`` is asked every few milliseconds.
    """
    control = control or Control()
    wanted: set[Wanted] = set()
    cases = [case(path, situation) for path in control.watched(situation.paths())]
    for one in control.watched(cases):
        if not _is_comparable(one):
            wanted.update(_of_both(one, verify))
    wanted.update(_of_renames(cases))
    return tuple(sorted(wanted, key=lambda entry: (entry[1], entry[0].value)))


def wanted_comparisons(situation: Situation, verify: bool = False) -> tuple[str, ...]:
    """The paths whose two files have to be compared with each other, byte by byte, in a fixed order."""
    cases = (case(path, situation) for path in situation.paths())
    return tuple(sorted(one.path for one in cases if _is_comparable(one) and any(_of_both(one, verify))))


def _is_comparable(one: Case) -> bool:
    """Whether nothing can be learnt from a digest that the other file doesn't tell: none is known of this path."""
    known = (one.source and one.source.content, one.target and one.target.content, one.agreed and one.agreed.content)
    return _is_file(one.source) and _is_file(one.target) and not any(known)


def _of_both(one: Case, verify: bool) -> Iterator[Wanted]:
    """Files that must be read to compare the two sides with each other and with what they agreed on."""
    source, target = one.source, one.target
    if not (_is_file(source) and _is_file(target)):
        return
    assert source and target
    untouched = {side: _is_untouched(one, side) for side in Side}
    both = source.size == target.size and (verify or not all(untouched.values()))
    for side in Side:
        entry = one.on(side)
        assert entry is not None
        touched = not untouched[side] and _may_be_as_agreed(one, side)
        if (both or touched) and entry.size and not entry.content:
            yield side, one.path


def _is_file(entry: Entry | None) -> bool:
    return entry is not None and entry.kind is EntryKind.FILE


def _is_untouched(one: Case, side: Side) -> bool:
    now, then = one.on(side), one.agreed.on(side) if one.agreed else None
    return now is not None and then is not None and has_same_look(now, then)


def _may_be_as_agreed(one: Case, side: Side) -> bool:
    """Whether the file may hold what both agreed on although it was touched: only its content can tell."""
    now, then = one.on(side), one.agreed.on(side) if one.agreed else None
    if now is None or then is None or one.agreed is None:
        return False
    return bool(now.kind is then.kind and now.size == then.size and one.agreed.content)


def _of_renames(cases: list[Case]) -> Iterator[Wanted]:
    """Files that must be read to know a file again that has another name now, and to tell a touched file from a
    changed one when its other copy is gone: a deletion counts against the one and not against the other."""
    for side in Side:
        lost: dict[int, list[Case]] = defaultdict(list)
        for one in cases:
            kept = one.on(side.other)
            if one.on(side) is not None or kept is None or kept.kind is not EntryKind.FILE or not kept.size:
                continue
            if _is_untouched(one, side.other):
                lost[kept.size].append(one)
            elif _may_be_as_agreed(one, side.other):
                lost[kept.size].append(one)
                if not kept.content:
                    yield side.other, one.path
        yield from _of_same_size(side, [one for one in cases if _is_new_file(one, side)], lost)


def _is_new_file(one: Case, side: Side) -> bool:
    """Whether a file may have come by a rename: alone under its name, where it met another new one, or where both had a
    folder."""
    other = one.on(side.other)
    if one.agreed is not None:
        return _is_file(one.on(side)) and one.agreed.on(side).kind is EntryKind.FOLDER
    return _is_file(one.on(side)) and (other is None or _is_file(other))


def _of_same_size(side: Side, new: list[Case], lost: dict[int, list[Case]]) -> Iterator[Wanted]:
    met: set[int] = set()
    for one in new:
        entry = one.on(side)
        if entry and entry.size in lost:
            met.add(entry.size)
            if not entry.content:
                yield side, one.path
    for size in met:
        for one in lost[size]:
            kept = one.on(side.other)
            if kept and not kept.content and not (one.agreed and one.agreed.content):
                yield side.other, one.path
