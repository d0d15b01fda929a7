"""Names that can't stand side by side everywhere, and the names that *keep both* gives.

Where a file system takes two names for one (they differ only in case, or in Unicode form), neither is copied over the
other: both stay where they are, and that is said.  Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone

from image_sync.base import paths
from image_sync.jobs.sync.model import COPY_TO, RENAME_IN, Decision, Side, Situation, ancestors
from image_sync.jobs.sync.rules.changes import Case
from image_sync.jobs.sync.rules.reasons import Place, Reason, place_of
from image_sync.jobs.sync.rules.table import RENAME_ONE, problem, shown

_CREATING = frozenset(COPY_TO.values()) | frozenset(RENAME_IN.values())
_NUMBERS = {Side.SOURCE: 1, Side.TARGET: 2}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def without_meetings(decisions: Iterable[Decision], situation: Situation) -> Iterator[Decision]:
    """The decisions, with a problem in the place of each that would make two names meet."""
    if not (situation.source.folds or situation.target.folds):
        yield from decisions
        return
    spellings = _spellings(situation)
    for decision in decisions:
        met = _met(decision, spellings) if decision.kind in _CREATING else ""
        yield _meeting(decision, met, situation) if met else decision


def _spellings(situation: Situation) -> Mapping[str, set[str]]:
    """Every way in which a name is written on the two sides, by what a folding file system makes of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for half in (situation.source, situation.target):
        for path in half.entries:
            found[paths.folded(path)].add(path)
    return found


def _met(decision: Decision, spellings: Mapping[str, set[str]]) -> str:
    """Another spelling of the path, or of a folder on the way to it; empty when there is none."""
    for place in (decision.path, *ancestors(decision.path)):
        others = spellings.get(paths.folded(place), set()) - {place}
        if place == decision.path:
            others = others - {decision.earlier}
        if others:
            return min(others)
    return ""


def _meeting(decision: Decision, met: str, situation: Situation) -> Decision:
    sides = [place_of(side) for side in Side if situation.half(side).folds]
    place = sides[0] if len(sides) == 1 else Place.BOTH
    why = Reason.NAMES_MEET(place=place, other=shown(met))
    one = Case(decision.path, decision.source, decision.target, None)
    return problem(one, why, RENAME_ONE)


def conflict_name(path: str, side: Side, mtime_ns: int, is_taken: Callable[[str], bool]) -> str:
    """``trip/a.jpg`` of the target, last changed on 2024-08-15, to ``trip/a (conflict 2 2024-08-15).jpg``.

    ``is_taken`` tells whether a path is taken on either side; then a number follows the date.  The name stays within
    ``paths.NAME_LIMIT`` bytes.
    """
    folder, name = paths.parent(path), paths.name(path)
    mark = f" (conflict {_NUMBERS[side]} {_date(mtime_ns)}"
    number = 1
    while True:
        end = f" {number})" if number > 1 else ")"
        candidate = paths.join(folder, paths.numbered(name, number, _literal(mark + end)))
        if not is_taken(candidate):
            return candidate
        number += 1


def _literal(text: str) -> str:
    """``text`` as a pattern of ``str.format`` that stands for itself."""
    return text.replace("{", "{{").replace("}", "}}")


def _date(mtime_ns: int) -> str:
    try:
        return (_EPOCH + timedelta(microseconds=mtime_ns // 1000)).astimezone().strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return "undated"
