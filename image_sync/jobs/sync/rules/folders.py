"""Fate of folders: they follow what is in them, and only one that was empty all along is judged by itself.

A folder that is gone from one side is taken away on the other only when nothing stays in it there; whatever stays,
known or not, keeps it.  Judged anew whenever the user changes what becomes of a file.  Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from image_sync.jobs.sync.model import (
    COPY_TO,
    DELETE_IN,
    RENAME_IN,
    Decision,
    EntryKind,
    Kind,
    Side,
    Situation,
    ancestors,
)
from image_sync.jobs.sync.rules.changes import Case, Change, is_unread
from image_sync.jobs.sync.rules.permissions import with_permissions
from image_sync.jobs.sync.rules.reasons import From, Reason, place_of
from image_sync.jobs.sync.rules.table import Choices, deletion

Answered = Callable[[Decision], Decision]
"""A decision as the user has it."""


def _unanswered(decision: Decision) -> Decision:
    return decision


class Folders:
    """The folders of a situation: those on both sides may differ in permissions; the others are judged by what is in
    them."""

    def __init__(self, cases: Iterable[Case], situation: Situation, choices: Choices) -> None:
        self._situation, self._choices = situation, choices
        self._both: list[Decision] = []
        self._single: dict[Side, list[Case]] = {side: [] for side in Side}
        for one in cases:
            if one.source and one.target:
                alike = Decision(one.path, Kind.EQUAL, Reason.FOLDERS(), one.source, one.target)
                self._both.append(with_permissions(alike, one))
            elif one.source or one.target:
                self._single[Side.SOURCE if one.source else Side.TARGET].append(one)

    def decisions(self, leaves: list[Decision], answered: Answered = _unanswered) -> Iterator[Decision]:
        """Decisions about folders once ``leaves`` are those about files and links.

        ``answered`` gives each as the user has it, before the folder around it is judged.
        """
        yield from map(answered, self._both)
        for side in Side:
            if self._single[side]:
                one_sided = _OneSided(side, self._single[side], leaves, self._situation, self._choices)
                yield from one_sided.decide(answered)


class _OneSided:
    """The folders that stand on ``side`` alone."""

    def __init__(
        self, side: Side, folders: list[Case], leaves: list[Decision], situation: Situation, choices: Choices
    ) -> None:
        self.side, self.folders, self.choices = side, folders, choices
        self.half = situation.half(side)
        self.names = {one.path for one in folders}
        self.stays: set[str] = set()
        self.leaves: set[str] = set()
        self.goes_over: set[str] = set()
        self._judge_content(leaves, situation)

    def _judge_content(self, leaves: list[Decision], situation: Situation) -> None:
        """Note of each folder whether something stays in it, leaves it, or is copied from it."""
        leaving: set[str] = set()
        copied: set[str] = set()
        for decision in leaves:
            if decision.kind is DELETE_IN[self.side]:
                leaving.add(decision.path)
            elif decision.kind is RENAME_IN[self.side]:
                leaving.add(decision.earlier if decision.earlier in self.half.entries else decision.path)
            elif decision.kind is COPY_TO[self.side.other] or decision.kind is Kind.KEEP_BOTH:
                copied.update((decision.path, decision.earlier))
        for path in situation.paths():
            entry = self.half.entries.get(path)
            if entry and entry.kind is not EntryKind.FOLDER:
                self._mark(path, self.leaves if path in leaving else self.stays)
                if path in copied:
                    self._mark(path, self.goes_over)
        for path in self.half.unread:
            self._mark(path, self.stays)
            self.stays.add(path)

    def _mark(self, path: str, folders: set[str]) -> None:
        folders.update(above for above in ancestors(path) if above in self.names)

    def decide(self, answered: Answered) -> Iterator[Decision]:
        """The innermost first, since what is made again keeps the folder around it."""
        for one in sorted(self.folders, key=lambda one: one.path, reverse=True):
            decision = self._decide(one)
            if decision:
                decision = answered(decision)
                if decision.kind is COPY_TO[self.side.other]:
                    self._mark(one.path, self.goes_over)
                if decision.kind is not DELETE_IN[self.side]:
                    self._mark(one.path, self.stays)
                yield decision
            else:
                self._mark(one.path, self.stays)

    def _decide(self, one: Case) -> Decision | None:
        over = COPY_TO[self.side.other]
        emptied = one.path in self.leaves and one.path not in self.stays
        new = one.change(self.side.other) is Change.ABSENT or one.change(self.side) is not Change.SAME
        if one.path in self.goes_over or (new and not emptied):
            return self._decision(one, over, Reason.ONLY(place=place_of(self.side)))
        if one.path in self.stays or one.path in self.half.more:
            return None
        if emptied:
            gone = From.SOURCE if self.side is Side.TARGET else From.TARGET
            return self._decision(one, DELETE_IN[self.side], Reason.GONE_AND_EMPTY(gone=gone))
        return deletion(one, self.side, self.choices.deletions)

    @staticmethod
    def _decision(one: Case, kind: Kind, why: str) -> Decision:
        return Decision(one.path, kind, why, one.source, one.target)


def folder_cases(cases: Iterable[Case], blocked: Container[str]) -> list[Case]:
    """The paths that are folders where they stand at all, and stand."""
    found = []
    for one in cases:
        kinds = {entry.kind for entry in (one.source, one.target) if entry}
        hidden = is_unread(one.source) or is_unread(one.target)
        if kinds == {EntryKind.FOLDER} and not hidden and one.path not in blocked:
            found.append(one)
    return found
