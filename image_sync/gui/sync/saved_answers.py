"""Answers of a *sync* review on the disk: written as soon as they are given, taken over by the next comparison.

An answer counts only for a name under which both sides hold what they held.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from image_sync.gui.job import saved_review
from image_sync.jobs.sync.model import Answer, Decision, Entry
from image_sync.jobs.sync.request import NAME, SyncRequest

_ANSWERS = {answer.value: answer for answer in Answer}


def place_of(request: SyncRequest) -> str:
    """Path of the answers about these folders."""
    return saved_review.place_of(NAME, (request.source, request.target))


def save(request: SyncRequest, answers: Mapping[str, Answer], decisions: Iterable[Decision]) -> None:
    """Write the answers whole or not at all; none of them removes the file.  Raises ``OSError``."""
    saved_review.write(place_of(request), document(answers, decisions))


def load(request: SyncRequest, decisions: Iterable[Decision]) -> dict[str, Answer]:
    """The answers about names that are as they were; none where nothing can be read."""
    return understood(saved_review.read(place_of(request)), decisions)


def understood(document: Mapping[str, Any], decisions: Iterable[Decision]) -> dict[str, Answer]:
    """The answers of a document, of those about names that are as they were."""
    known = saved_review.unchanged(document, stamps(decisions))
    told = saved_review.mapping_in(document, "answers").items()
    return {
        path: _ANSWERS[answer]
        for path, answer in told
        if path in known and isinstance(answer, str) and answer in _ANSWERS
    }


def document(answers: Mapping[str, Answer], decisions: Iterable[Decision]) -> dict[str, Any]:
    """The answers as they are written; empty when there are none."""
    if not answers:
        return {}
    about = {path: stamp for path, stamp in stamps(decisions).items() if path in answers}
    return {"stamps": about, "answers": {path: answer.value for path, answer in answers.items()}}


def stamps(decisions: Iterable[Decision]) -> dict[str, list[Any]]:
    """Kind, size and time of both sides, by the name that they share."""
    return {one.path: [_stamp(one.source), _stamp(one.target)] for one in decisions}


def _stamp(entry: Entry | None) -> list[Any] | None:
    return None if entry is None else [entry.kind.name, entry.size, entry.mtime_ns]
