"""*Sync*: from what two folders hold, and what they held when they last agreed, to a Plan.

The face of the rules; the table itself is in ``sync_rules``.  Pure: nothing here looks at a disk.  Three steps: what
has to be read (``wanted_contents``, ``wanted_comparisons``), what is decided (``decide``), and what follows from that
and from the user's answers (``resolve``, ``make_plan``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from image_sync.jobs.sync_changes import Case, case
from image_sync.jobs.sync_conflicts import answered
from image_sync.jobs.sync_contents import wanted_comparisons, wanted_contents
from image_sync.jobs.sync_folders import folder_cases, folder_decisions
from image_sync.jobs.sync_guards import missing_share, refusal
from image_sync.jobs.sync_names import without_meetings
from image_sync.jobs.sync_plan import VERSIONS, make_plan, replaces_folder
from image_sync.jobs.sync_renames import renames
from image_sync.jobs.sync_rules import Choices, blocks, decide_leaf, is_leaf_case, problem
from image_sync.sync_model import (
    RENAME_IN,
    Answer,
    Decision,
    EntryKind,
    Kind,
    Situation,
    SyncReview,
    ancestors,
)

__all__ = [
    "VERSIONS",
    "Choices",
    "decide",
    "make_plan",
    "missing_share",
    "refusal",
    "resolve",
    "reviewed",
    "wanted_comparisons",
    "wanted_contents",
]


def decide(situation: Situation, choices: Choices) -> tuple[Decision, ...]:
    """One decision for each open path that there is anything to say of, sorted by path."""
    cases, blocked = _cases(situation)
    moves = list(renames(one for one in cases if one.path not in blocked))
    moved = {path for move in moves for path in (move.path, move.earlier)}
    leaves = [*moves]
    for one in cases:
        if is_leaf_case(one) and one.path not in moved:
            decision = decide_leaf(one, choices)
            if decision:
                leaves.append(decision)
    leaves = list(without_meetings(leaves, situation))
    return _with_folders(cases, blocked, leaves, situation, choices, {}, None)


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
    if not answers and default is None:
        return tuple(found)
    cases, blocked = _cases(situation)
    leaves = [_answered(decision, situation, answers, default) for decision in found if not decision.is_folder]
    leaves = list(without_meetings(leaves, situation))
    return _with_folders(cases, blocked, leaves, situation, choices, answers, default)


def reviewed(
    review: SyncReview, choices: Choices, answers: Mapping[str, Answer], default: Answer | None = None
) -> SyncReview:
    """The review after the user's answers, with the plan that follows from them."""
    decisions = resolve(review.found, review.situation, choices, answers, default)
    plan = make_plan(decisions, review.situation, review.plan.notes, review.problems)
    return replace(review, decisions=decisions, plan=plan)


def _cases(situation: Situation) -> tuple[list[Case], set[str]]:
    """The open paths that are judged by themselves, and the ones below which nothing is."""
    cases = [case(path, situation) for path in situation.paths()]
    blocked = {one.path for one in cases if blocks(one)}
    if blocked:
        cases = [one for one in cases if blocked.isdisjoint(ancestors(one.path))]
    return cases, blocked


def _with_folders(
    cases: Iterable[Case],
    blocked: set[str],
    leaves: list[Decision],
    situation: Situation,
    choices: Choices,
    answers: Mapping[str, Answer],
    default: Answer | None,
) -> tuple[Decision, ...]:
    folders = folder_decisions(folder_cases(cases, blocked), leaves, situation, choices)
    named = without_meetings(folders, situation)
    leaves += [_answered(decision, situation, answers, default) for decision in named]
    return tuple(sorted(leaves, key=lambda decision: decision.path))


def _answered(
    decision: Decision, situation: Situation, answers: Mapping[str, Answer], default: Answer | None
) -> Decision:
    answer = answers.get(decision.path, default if decision.kind is Kind.CONFLICT else None)
    result = answered(decision, answer)
    side = replaces_folder(result)
    if side is None:
        return result
    half = situation.half(side)
    kept = [path for path in (result.path, *half.below(result.path)) if _must_stay(path, situation, result)]
    if not kept:
        return result
    one = case(decision.path, situation)
    why = f"the folder in the {side.value} holds what is not synced, so nothing can take its place"
    return problem(one, why, "Look into it, and move or rename it yourself.")


def _must_stay(path: str, situation: Situation, decision: Decision) -> bool:
    """Whether something at ``path`` is in the way of removing the folder."""
    side = replaces_folder(decision)
    if side is None:
        return False
    half = situation.half(side)
    entry = half.entries[path]
    return path in half.unread or path in half.more or entry.kind in (EntryKind.SPECIAL, EntryKind.UNREAD)


RENAMES = frozenset(RENAME_IN.values())
"""Kinds that move a file on one side."""
