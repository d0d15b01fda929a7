"""The table of *sync* without its widget: one row a path, the chips that filter them, the counters each way.

Made from a ``SyncReview``; a review after other answers keeps the keys of the rows, so that a widget redraws only what
changed.  No tkinter, no disk.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import overload

from image_sync.base import paths
from image_sync.gui.job.confirm_model import changes, row_of
from image_sync.gui.job.query import Query
from image_sync.gui.sync.facts import facts_of
from image_sync.gui.sync.words import side_cell
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.wording import worded
from image_sync.jobs.sync.model import CHANGED_SIDE, OPEN, Answer, Decision, EntryKind, Kind, Side, SyncReview


class Chip(Enum):
    """A kind of row that can be shown or hidden."""

    __hash__ = object.__hash__  # looked up for each of 50,000 rows

    CONFLICT = "conflict"
    COPY = "copy"
    UPDATE = "update"
    RENAME = "rename"
    DELETE = "delete"
    PERMISSIONS = "permissions"
    SHOTS = "different pictures"
    BOTH = "keep both"
    ALONE = "left alone"
    PROBLEM = "problem"
    EQUAL = "equal"


CHIP_OF = {
    Kind.COPY_TO_TARGET: Chip.COPY,
    Kind.COPY_TO_SOURCE: Chip.COPY,
    Kind.UPDATE_TARGET: Chip.UPDATE,
    Kind.UPDATE_SOURCE: Chip.UPDATE,
    Kind.RENAME_IN_TARGET: Chip.RENAME,
    Kind.RENAME_IN_SOURCE: Chip.RENAME,
    Kind.DELETE_IN_TARGET: Chip.DELETE,
    Kind.DELETE_IN_SOURCE: Chip.DELETE,
    Kind.PERMIT_IN_TARGET: Chip.PERMISSIONS,
    Kind.PERMIT_IN_SOURCE: Chip.PERMISSIONS,
    Kind.KEEP_BOTH: Chip.BOTH,
    Kind.CONFLICT: Chip.CONFLICT,
    Kind.DELETION: Chip.DELETE,
    Kind.SKIP: Chip.ALONE,
    Kind.EQUAL: Chip.EQUAL,
    Kind.PROBLEM: Chip.PROBLEM,
}
HIDDEN_AT_FIRST = frozenset({Chip.EQUAL})
ARROW = {Side.TARGET: "→", Side.SOURCE: "←"}
FIXED = frozenset({Kind.EQUAL, Kind.PROBLEM})
"""Kinds that no answer changes."""
_NUMBERS = itertools.count()


def chip_of(decision: Decision) -> Chip:
    """The kind of row: two different pictures of one name are what they are, whatever comes of them."""
    if decision.different_shots:
        return Chip.SHOTS
    return CHIP_OF[decision.kind]


def chip_words(chip: Chip) -> str:
    """Words of a chip."""
    return {
        Chip.CONFLICT: _("Conflict"),
        Chip.COPY: _("Copy"),
        Chip.UPDATE: _("Update"),
        Chip.RENAME: _("Rename"),
        Chip.DELETE: _("Delete"),
        Chip.PERMISSIONS: _("Permissions"),
        Chip.SHOTS: _("≠ Different pictures"),
        Chip.BOTH: _("Keep both"),
        Chip.ALONE: _("Left alone"),
        Chip.PROBLEM: _("Problem"),
        Chip.EQUAL: _("Equal"),
    }[chip]


def sign(decision: Decision) -> str:
    """The arrow of a row and what it stands for, never one without the other; a tick where the user chose it.

    Two different pictures of one name are marked as that, whatever comes of them.
    """
    mark = "≠ " if decision.different_shots and decision.kind is not Kind.CONFLICT else ""
    tick = "  ✓" if decision.answer is not None else ""
    return f"{mark}{_sign(decision)}{tick}"


def _sign(decision: Decision) -> str:
    side = CHANGED_SIDE.get(decision.kind)
    if side is not None:
        return f"{ARROW[side]}  {_deed(CHIP_OF[decision.kind], decision.is_folder)}"
    return {
        Kind.KEEP_BOTH: _("⇄  keep both"),
        Kind.CONFLICT: _("≠  conflict"),
        Kind.DELETION: _("?  delete"),
        Kind.SKIP: _("–  left alone"),
        Kind.EQUAL: _("=  equal"),
        Kind.PROBLEM: _("!  problem"),
    }[decision.kind]


def _deed(chip: Chip, folder: bool) -> str:
    if chip is Chip.COPY:
        return _("make") if folder else _("copy")
    return {
        Chip.UPDATE: _("update"),
        Chip.RENAME: _("rename"),
        Chip.DELETE: _("delete"),
        Chip.PERMISSIONS: _("permissions"),
    }[chip]


def next_answer(decision: Decision) -> Answer:
    """Answer that a click on the arrow of a row turns it to: the ways there are, one after the other, deleting last."""
    if decision.source is None:
        order = [Answer.TARGET, Answer.SKIP, Answer.SOURCE]
    elif decision.target is None:
        order = [Answer.SOURCE, Answer.SKIP, Answer.TARGET]
    else:
        order = [Answer.SOURCE, Answer.TARGET, Answer.SKIP]
    side = CHANGED_SIDE.get(decision.kind)
    now = Answer.SKIP if decision.kind is Kind.SKIP else None
    if side is not None:
        now = Answer.SOURCE if side is Side.TARGET else Answer.TARGET
    return order[(order.index(now) + 1) % len(order)] if now else order[0]


class Column(Enum):
    """A column of the table."""

    PATH = "path"
    SOURCE = "source"
    DEED = "deed"
    TARGET = "target"
    WHY = "why"


class Cells(Sequence[str]):
    """Cells of a row, put into words when it is first drawn: of 50,000 rows a person sees forty."""

    __slots__ = ("_decision", "_words")

    def __init__(self, decision: Decision) -> None:
        self._decision = decision
        self._words: tuple[str, ...] = ()

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if not self._words:
            self._words = _cells(self._decision)
        return self._words[place]

    def __len__(self) -> int:
        return len(Column)


@dataclass(frozen=True, slots=True)
class SyncRow:
    """One row: ``key`` stays the same whatever is answered."""

    key: str
    decision: Decision
    chip: Chip
    cells: Cells


@dataclass(frozen=True, slots=True)
class Way:
    """Way to one side: ``files`` that are copied or updated, their ``size`` in bytes."""

    files: int = 0
    size: int = 0


class SyncRows:
    """The rows of one review."""

    def __init__(self, review: SyncReview, before: SyncRows | None = None) -> None:
        self.review = review
        self.shown_chips = set(Chip) - HIDDEN_AT_FIRST
        self.query = Query()
        self.sorted_by, self.descending = Column.PATH, False
        self._keys: dict[tuple[str, str], str] = before._keys if before else {}
        self._before: dict[str, SyncRow] = before.by_key if before else {}
        self._rows = self._made(review, before)
        self._before = {}
        self.by_key: dict[str, SyncRow] = {row.key: row for row in self._rows}
        self._equal: list[SyncRow] | None = before._equal if before else None
        self._counts = Counter(row.chip for row in self._rows)
        self.ways = ways(review)

    def follow(self, before: SyncRows) -> None:
        """Show and sort as ``before`` does now."""
        self.shown_chips, self.query = set(before.shown_chips), before.query
        self.sorted_by, self.descending = before.sorted_by, before.descending

    # --- rows ---

    def visible(self) -> list[SyncRow]:
        """The rows whose chips are on and that are looked for, in order."""
        rows = [row for row in self._rows if row.chip in self.shown_chips]
        if Chip.EQUAL in self.shown_chips:
            rows = list(heapq.merge(rows, self._unopened(), key=lambda row: row.decision.path))
        if self.query:
            rows = [row for row in rows if self.query.holds(facts_of(row.decision, row.chip.value))]
        if self.sorted_by is not Column.PATH:
            rows.sort(key=_order(self.sorted_by))
        return rows[::-1] if self.descending else rows

    def row(self, key: str) -> SyncRow | None:
        """The row of that key."""
        return self.by_key.get(key)

    def sort(self, column: Column) -> None:
        """Sort by ``column``; by the same once more, the other way round."""
        self.descending = not self.descending if column is self.sorted_by else False
        self.sorted_by = column

    def next_conflict(self, after: str) -> str:
        """The key of the open conflict that comes after the row ``after``, from the top if need be; empty if none."""
        keys = [row.key for row in self.visible() if row.decision.kind in OPEN or row.key == after]
        if after in keys:
            place = keys.index(after)
            keys = keys[place + 1 :] + keys[:place]
        return keys[0] if keys else ""

    def _made(self, review: SyncReview, before: SyncRows | None) -> list[SyncRow]:
        """A row for each decision; most are the very rows of before."""
        if before is None or len(before._rows) != len(review.decisions):
            return [self._row(decision) for decision in review.decisions]
        pairs = zip(before._rows, review.decisions, strict=True)
        return [row if row.decision is decision else self._row(decision) for row, decision in pairs]

    def _row(self, decision: Decision) -> SyncRow:
        name = (decision.path, decision.earlier)
        key = self._keys.get(name) or self._keys.setdefault(name, f"r{next(_NUMBERS)}")
        known = self._before.get(key)
        if known is not None and known.decision == decision:
            return known
        return SyncRow(key, decision, chip_of(decision), Cells(decision))

    def _unopened(self) -> list[SyncRow]:
        """Entries of both sides that are as they were agreed: the rules were never asked about them."""
        if self._equal is None:
            self._equal = [self._row(decision) for decision in _agreed(self.review)]
        self.by_key.update((row.key, row) for row in self._equal)
        return self._equal

    # --- chips and counters ---

    def toggle(self, chip: Chip) -> None:
        """Show or hide a kind of row."""
        self.shown_chips ^= {chip}

    def count(self, chip: Chip) -> int:
        """Number of rows of a kind."""
        return self.review.equal if chip is Chip.EQUAL else self._counts[chip]

    @property
    def chips(self) -> list[tuple[Chip, str]]:
        """The chips that there are rows for, each with its words and count."""
        counted = [(chip, self.count(chip)) for chip in Chip]
        return [(chip, f"{chip_words(chip)}  {formatting.count(number)}") for chip, number in counted if number]

    @property
    def counters(self) -> str:
        """``→ 15 files, 2.1 GiB   ← 2 files, 3.0 MiB``."""
        parts = []
        for side in (Side.TARGET, Side.SOURCE):
            way = self.ways[side]
            amount = f", {formatting.size(way.size)}" if way.files else ""
            parts.append(f"{ARROW[side]} {formatting.files(way.files)}{amount}")
        return "     ".join(parts)

    @property
    def one_of_two_pictures(self) -> list[SyncRow]:
        """Rows of two different pictures under one name that would not both be kept."""
        rows = (row for row in self._rows if row.chip is Chip.SHOTS)
        return [row for row in rows if row.decision.kind is not Kind.KEEP_BOTH]

    @property
    def nothing_to_do(self) -> bool:
        """Whether both folders hold the same already, as far as they could be compared."""
        idle = {Chip.EQUAL, Chip.PROBLEM}
        return not self.review.plan.operations and not set(self._counts) - idle

    @property
    def headline(self) -> str:
        """Headline of the table."""
        questions = open_questions(self.review)
        if questions:
            return questions
        number = changes(self.review.plan)
        if number:
            return ngettext("{count} change", "{count} changes", number).format(count=formatting.count(number))
        return _("Nothing to do")


def open_questions(review: SyncReview) -> str:
    """Open questions in words: conflicts and deletions that wait for an answer; empty when none does."""
    conflicts = len(review.conflicts)
    asked = len(review.questions) - conflicts
    parts = []
    if conflicts:
        parts.append(ngettext("{count} conflict is open", "{count} conflicts are open", conflicts))
    if asked:
        parts.append(ngettext("{count} deletion is open", "{count} deletions are open", asked))
    numbers = [number for number in (conflicts, asked) if number]
    return ", ".join(part.format(count=formatting.count(number)) for part, number in zip(parts, numbers, strict=True))


def ways(review: SyncReview) -> dict[Side, Way]:
    """Copies to each side by the plan."""
    root = review.plan.roots.get(Side.SOURCE.value, "").rstrip(paths.SEPARATOR) + paths.SEPARATOR
    back: list[int] = []
    there: list[int] = []
    for operation in review.plan.operations:
        if row_of(operation.action).writes:
            (back if operation.destination.startswith(root) else there).append(operation.size)
    return {Side.SOURCE: Way(len(back), sum(back)), Side.TARGET: Way(len(there), sum(there))}


def _agreed(review: SyncReview) -> Iterator[Decision]:
    source, target = review.situation.source.entries, review.situation.target.entries
    if review.situation.open is None:
        return
    for path in sorted(path for path in source if path not in review.situation.open):
        here, there = source.get(path), target.get(path)
        if here is not None and there is not None and here.kind is not EntryKind.FOLDER:
            yield Decision(path, Kind.EQUAL, _("unchanged since the last run"), here, there)


def _cells(decision: Decision) -> tuple[str, str, str, str, str]:
    path = shown(decision.path)
    if decision.earlier:
        path = _("{new}  (before: {old})").format(new=path, old=shown(decision.earlier))
    return (
        path,
        side_cell(decision, Side.SOURCE),
        sign(decision),
        side_cell(decision, Side.TARGET),
        worded(decision.why),
    )


def _order(column: Column) -> Callable[[SyncRow], tuple[object, str]]:
    sides = {Column.SOURCE: Side.SOURCE, Column.TARGET: Side.TARGET}
    chips = list(Chip)

    def key(row: SyncRow) -> tuple[object, str]:
        path = row.decision.path
        if column in sides:
            entry = row.decision.on(sides[column])
            return (entry.size if entry else -1), path
        if column is Column.DEED:
            return (chips.index(row.chip), row.cells[2]), path
        return (row.decision.why if column is Column.WHY else ""), path

    return key
