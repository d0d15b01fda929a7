"""Answers of the user to a row: which side wins, both are kept, or it is left alone.

A conflict waits for an answer; every other row may be turned round as well.  Pure.
"""

from __future__ import annotations

from dataclasses import replace

from image_sync.jobs.sync.model import (
    COPY_TO,
    DELETE_IN,
    PERMIT_IN,
    RENAME_IN,
    UPDATE,
    Answer,
    Decision,
    Kind,
    Side,
)
from image_sync.jobs.sync.rules.reasons import Reason

_WINNER = {Answer.SOURCE: Side.SOURCE, Answer.TARGET: Side.TARGET}
_CHOSEN = {
    Answer.SOURCE: Reason.CHOSE_SOURCE,
    Answer.TARGET: Reason.CHOSE_TARGET,
    Answer.KEEP_BOTH: Reason.CHOSE_BOTH,
    Answer.SKIP: Reason.LEFT_ALONE,
}
_UNANSWERABLE = frozenset({Kind.EQUAL, Kind.PROBLEM})


def answered(decision: Decision, answer: Answer | None) -> Decision:
    """The decision after the user's answer; where none can be given it stays as it is."""
    if answer is None or decision.kind in _UNANSWERABLE:
        return decision
    kind = _kind(decision, answer)
    if kind is decision.kind:
        return replace(decision, answer=answer)
    return replace(decision, kind=kind, answer=answer, why=_CHOSEN[answer](why=decision.why))


def _kind(decision: Decision, answer: Answer) -> Kind:
    if answer is Answer.SKIP or (decision.permissions and answer is Answer.KEEP_BOTH):
        return Kind.SKIP  # a file has one set of permissions on each side, and keeps it
    if decision.permissions:
        return PERMIT_IN[_WINNER[answer].other]
    if answer is Answer.KEEP_BOTH:
        return _both(decision)
    winner = _WINNER[answer]
    if decision.earlier:
        return RENAME_IN[winner.other]
    here, there = decision.on(winner), decision.on(winner.other)
    if here is None:
        return DELETE_IN[winner.other]
    if there is None:
        return COPY_TO[winner.other]
    return UPDATE[winner.other]


def _both(decision: Decision) -> Kind:
    if decision.earlier or (decision.source and decision.target):
        return Kind.KEEP_BOTH
    return COPY_TO[Side.TARGET] if decision.source else COPY_TO[Side.SOURCE]
