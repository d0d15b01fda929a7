"""*Sync*: from what two folders hold, and what they held when they last agreed, to a Plan.

The face of the rules; the table itself is in ``sync_rules``.  Pure: nothing here looks at a disk.  Three steps: what
has to be read (``wanted_contents``, ``wanted_comparisons``), what is decided (``decide``), and what follows from that
and from the user's answers (``resolve``, ``make_plan``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from image_sync.base.control import Control
from image_sync.base.said import N_
from image_sync.jobs.sync.model import (
    CHANGED_SIDE,
    DELETE_IN,
    OPEN,
    RENAME_IN,
    UPDATE,
    Answer,
    Decision,
    EntryKind,
    Kind,
    Side,
    Situation,
    SyncReview,
    ancestors,
)
from image_sync.jobs.sync.rules.changes import Case, case
from image_sync.jobs.sync.rules.conflicts import answered
from image_sync.jobs.sync.rules.folders import Folders, folder_cases
from image_sync.jobs.sync.rules.guards import missing_share, refusal
from image_sync.jobs.sync.rules.names import without_meetings
from image_sync.jobs.sync.rules.permissions import with_permissions
from image_sync.jobs.sync.rules.plan import Copies, is_replacement, make_plan, replaces_folder
from image_sync.jobs.sync.rules.reasons import Reason, place_of
from image_sync.jobs.sync.rules.renames import renames, taken_along
from image_sync.jobs.sync.rules.shots import met_renames, wanted_shots
from image_sync.jobs.sync.rules.table import (
    Choices,
    blocks,
    decide_leaf,
    deletion,
    is_leaf_case,
    problem,
    took_the_place,
)
from image_sync.jobs.sync.rules.to_read import wanted_comparisons, wanted_contents

__all__ = [
    "Answering",
    "Choices",
    "decide",
    "make_plan",
    "missing_share",
    "refusal",
    "resolve",
    "reviewed",
    "wanted_comparisons",
    "wanted_contents",
    "wanted_shots",
]

_LOOK_YOURSELF = N_("Look into it, and move or rename it yourself.")


def decide(situation: Situation, choices: Choices, control: Control | None = None) -> tuple[Decision, ...]:
    """One decision for each open path that there is anything to say of, sorted by path.

    ``control`` is asked every few milliseconds.
    """
    control = control or Control()
    cases, blocked = _cases(situation, control.watched(situation.paths()))
    moves = list(renames((one for one in cases if one.path not in blocked), control))
    moved = {path for move in moves for path in (move.path, move.earlier)}
    met = list(met_renames((one for one in cases if one.path not in blocked), moved))
    moved |= {one.path for one in met}
    leaves = [*moves, *met]
    for one in control.watched(cases):
        if is_leaf_case(one) and one.path not in moved:
            decision = decide_leaf(one, choices, situation)
            if decision:
                leaves.append(with_permissions(_gone_through(decision, one, situation), one))
    known = (one for one in cases if one.path not in moved and one.path not in blocked)
    along = {one.path: one for one in taken_along(known, filter(is_replacement, leaves), situation)}
    leaves = [along.get(one.path, one) for one in leaves]
    leaves = list(without_meetings(control.watched(leaves), situation))
    folders = Folders(folder_cases(control.watched(cases), blocked), situation, choices)
    leaves += without_meetings(folders.decisions(leaves), situation)
    return tuple(sorted(leaves, key=attrgetter("path")))


def _gone_through(decision: Decision, one: Case, situation: Situation) -> Decision:
    """A file that took the place of a folder, or the other way round, goes over where the other side did nothing."""
    if decision.kind is not Kind.CONFLICT:
        return decision
    for side in Side:
        if took_the_place(one, side, situation):
            new, old = decision.on(side), decision.on(side.other)
            assert new is not None and old is not None
            why = Reason.TOOK_THE_PLACE(new=new.kind, old=old.kind, place=place_of(side))
            gone = replace(decision, kind=UPDATE[side.other], why=why)
            return gone if not _kept_by(gone, situation) else decision
    return decision


def resolve(
    found: Sequence[Decision],
    situation: Situation,
    choices: Choices,
    answers: Mapping[str, Answer],
    default: Answer | None = None,
) -> tuple[Decision, ...]:
    """The decisions after the user's answers, by path; ``default`` answers every conflict that has none of its own.

    Folders are judged anew, since they follow what is in them.
    """
    return Answering(found, situation, choices).resolve(answers, default)


def reviewed(
    review: SyncReview, choices: Choices, answers: Mapping[str, Answer], default: Answer | None = None
) -> SyncReview:
    """The review after the user's answers, with the plan that follows from them."""
    return Answering(review.found, review.situation, choices).reviewed(review, answers, default)


class Answering:
    """Decisions while a user answers, one row after the other: only what an answer changes is judged anew.

    Of 50,000 rows one answer changes one and perhaps the folders around it.
    """

    def __init__(self, found: Sequence[Decision], situation: Situation, choices: Choices) -> None:
        self.found = tuple(found)
        self._situation, self._choices = situation, choices
        self._leaves: list[Decision] = []
        self._now: list[Decision] = []
        self._places: dict[str, list[int]] = {}
        self._open: list[str] = []
        self._answers: dict[str, Answer] = {}
        self._default: Answer | None = None
        self._folders: Folders | None = None
        self._copies: Copies = {}

    def reviewed(self, review: SyncReview, answers: Mapping[str, Answer], default: Answer | None) -> SyncReview:
        """The review after the answers (always all of them), with the plan that follows from them."""
        decisions = self.resolve(answers, default)
        plan = make_plan(decisions, self._situation, review.plan.notes, review.problems, self._copies)
        return replace(review, decisions=decisions, plan=plan)

    def resolve(self, answers: Mapping[str, Answer], default: Answer | None) -> tuple[Decision, ...]:
        """The decisions after the answers (always all of them)."""
        if not answers and default is None:
            return self.found
        self._prepare()
        assert self._folders is not None
        for path in self._changed(answers, default):
            for place in self._places.get(path, ()):
                self._now[place] = _answered(self._leaves[place], self._situation, answers, default)
        self._answers, self._default = dict(answers), default
        leaves = [self._still_moved(decision) for decision in self._now]
        leaves = list(without_meetings(leaves, self._situation))
        folders = self._folders.decisions(leaves, lambda one: _answered(one, self._situation, answers, default))
        leaves += without_meetings(folders, self._situation)
        return tuple(sorted(leaves, key=attrgetter("path")))

    def _still_moved(self, decision: Decision) -> Decision:
        """Decision on a file that went along with what took another's place: a deletion where the user stops that."""
        if not decision.moved_to or decision.kind not in _DELETIONS:
            return decision
        side = CHANGED_SIDE[decision.kind]
        if any(is_replacement(one) and CHANGED_SIDE[one.kind] is side for one in self._around(decision.moved_to)):
            return decision
        one = case(decision.path, self._situation)
        alone = deletion(one, side, self._choices.deletions)
        return _answered(alone, self._situation, self._answers, self._default)

    def _around(self, path: str) -> Iterator[Decision]:
        """The decisions about ``path`` and about what it lies in, as they are now."""
        for above in (path, *ancestors(path)):
            yield from (self._now[place] for place in self._places.get(above, ()))

    def _prepare(self) -> None:
        """Sort out once what is a folder and what is not."""
        if self._folders is not None:
            return
        self._leaves = [decision for decision in self.found if not decision.is_folder]
        self._now = list(self._leaves)
        for place, decision in enumerate(self._leaves):
            self._places.setdefault(decision.path, []).append(place)
        self._open = [decision.path for decision in self._leaves if decision.kind in OPEN]
        cases, blocked = _cases(self._situation, _paths_of_folders(self._situation))
        self._folders = Folders(folder_cases(cases, blocked), self._situation, self._choices)

    def _changed(self, answers: Mapping[str, Answer], default: Answer | None) -> set[str]:
        """The paths whose answer is another now."""
        paths = answers.keys() | self._answers.keys()
        changed = {path for path in paths if answers.get(path) is not self._answers.get(path)}
        return changed | set(self._open) if default is not self._default else changed


def _paths_of_folders(situation: Situation) -> list[str]:
    """The open paths that are a folder on either side."""
    source, target = situation.source.entries.get, situation.target.entries.get
    folder = EntryKind.FOLDER
    return [
        path
        for path in situation.paths()
        if ((one := source(path)) and one.kind is folder) or ((two := target(path)) and two.kind is folder)
    ]


def _cases(situation: Situation, places: Iterable[str] | None = None) -> tuple[list[Case], set[str]]:
    """The open paths (or ``places`` alone) that are judged by themselves, and the ones below which nothing is."""
    cases = [case(path, situation) for path in (situation.paths() if places is None else places)]
    blocked = {one.path for one in cases if blocks(one)}
    if blocked:
        cases = [one for one in cases if blocked.isdisjoint(ancestors(one.path))]
    return cases, blocked


def _answered(
    decision: Decision, situation: Situation, answers: Mapping[str, Answer], default: Answer | None
) -> Decision:
    answer = answers.get(decision.path, default if decision.kind in OPEN else None)
    result = answered(decision, answer)
    side = replaces_folder(result)
    if side is None:
        return result
    if not _kept_by(result, situation):
        return result
    one = case(decision.path, situation)
    return problem(one, Reason.HOLDS_MORE(place=place_of(side)), _LOOK_YOURSELF)


def _kept_by(decision: Decision, situation: Situation) -> bool:
    """Whether something that is not synced keeps the folder that would be replaced."""
    side = replaces_folder(decision)
    if side is None:
        return False
    below = situation.half(side).below(decision.path)
    return any(_must_stay(path, situation, decision) for path in (decision.path, *below))


def _must_stay(path: str, situation: Situation, decision: Decision) -> bool:
    """Whether something at ``path`` is in the way of removing the folder."""
    side = replaces_folder(decision)
    if side is None:
        return False
    half = situation.half(side)
    entry = half.entries[path]
    return path in half.unread or path in half.more or entry.kind in (EntryKind.SPECIAL, EntryKind.UNREAD)


_DELETIONS = frozenset(DELETE_IN.values())
RENAMES = frozenset(RENAME_IN.values())
"""Kinds that move a file on one side."""
