"""The review as rows: groups, their members, how each is the same, and what would become of it.

Turns an ``OrganizeReview`` into values that a table draws as they are; it holds no rule and imports no tkinter.
Members are made when a group is opened, so that 12,000 groups cost 12,000 rows.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from image_sync.base import paths
from image_sync.base.model import Group, Member, Operation, Picture, PictureFate, Sameness
from image_sync.gui.job.confirm_model import row_of
from image_sync.gui.job.query import Query
from image_sync.gui.job.tile import Tile
from image_sync.gui.organize.facts import facts_of
from image_sync.gui.organize.group_index import GroupIndex, index_of
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.wording import worded
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.fates import fates_of


class Column(Enum):
    """The columns of the table of groups, in order; the first one is the tree itself."""

    NAME = "name"
    FILES = "files"
    SAME = "same"
    SCORE = "score"
    SIZE = "size"
    PIXELS = "pixels"
    FATE = "fate"
    FOLDER = "folder"


def column_words(column: Column) -> str:
    """The heading of a column."""
    return {
        Column.NAME: _("Group / picture"),
        Column.FILES: _("Files"),
        Column.SAME: _("How the same"),
        Column.SCORE: _("Score"),
        Column.SIZE: _("Size"),
        Column.PIXELS: _("Pixels"),
        Column.FATE: _("What happens, and why"),
        Column.FOLDER: _("Folder"),
    }[column]


def sameness_words(sameness: Sameness) -> str:
    """Words for how two pictures are the same."""
    return {
        Sameness.IDENTICAL_FILE: _("identical file"),
        Sameness.IDENTICAL_PIXELS: _("identical pixels"),
        Sameness.SIMILAR: _("similar"),
        Sameness.SERIES: _("series"),
        Sameness.WITHIN: _("shows it within"),
    }[sameness]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group; ``cells`` are the texts of the columns in their order."""

    index: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One picture of a group; ``best`` tells whether it is the one that the others are compared with."""

    group: int
    picture: int
    best: bool
    cells: tuple[str, ...]


SYMBOLS = {PictureFate.KEEP: "✔", PictureFate.SET_ASIDE: "→", PictureFate.LEAVE: "○"}
"""Signs before a picture's name: never colour alone."""


def fate_words(fate: PictureFate, handling: Handling) -> str:
    """Fate of a picture, in a word or two."""
    if fate is PictureFate.SET_ASIDE:
        return _("Link") if handling is Handling.LINK_EXACT else _("Duplicates")
    return {PictureFate.KEEP: _("Keep"), PictureFate.LEAVE: _("Leave")}[fate]


class GroupsModel:
    """The rows of one review that the search lets through, in the order of the plan or sorted by a column."""

    index: GroupIndex
    _by_file: dict[str, Operation]
    _gains: dict[str, str]

    def __init__(self, review: OrganizeReview, before: GroupsModel | None = None) -> None:
        self.review = review
        self.handling = review.request.handling
        self._fates: dict[int, dict[int, PictureFate]] = {}
        known = before.review if before is not None else None
        self.index = index_of(review, known, before.index if before is not None else None)
        self._reviewed = self.index.reviewed(review)
        same_plan = before is not None and known is not None and known.plan is review.plan
        self._by_file = before._by_file if same_plan and before is not None else _operations_by_file(review)
        self._gains = before._gains if same_plan and before is not None else _gains_by_file(review)
        self.query: Query = before.query if before is not None else Query()
        self.sorted_by: Column | None = before.sorted_by if before is not None else None
        self.descending: bool = before is not None and before.descending
        self._arrange()

    @property
    def order(self) -> tuple[int, ...]:
        """The groups as they are shown, by their index."""
        return tuple(self._order)

    @property
    def reviewed(self) -> int:
        """Number of groups that were looked through."""
        return len(self._reviewed)

    @property
    def hidden(self) -> int:
        """Number of groups that the search hides."""
        return len(self.review.groups) - len(self._order)

    def searched(self, query: Query) -> GroupsModel:
        """The rows of the groups that have a picture which ``query`` looks for."""
        found = copy.copy(self)
        found.query = query
        found._arrange()
        return found

    def next_open(self, group: int) -> int | None:
        """The next group below ``group`` that was not looked through, else the first such; ``None`` for none."""
        place = self._order.index(group) if group in self._order else -1
        return next((one for one in self._order[place + 1 :] + self._order[:place] if one not in self._reviewed), None)

    def state(self, group: int, picture: int) -> PictureFate:
        """The fate of one picture of a group."""
        if group not in self._fates:
            found = self.review.groups[group]
            fates = zip(found.members, fates_of(found, self.handling), strict=True)
            self._fates[group] = {member.picture: fate for member, fate in fates}
        return self._fates[group][picture]

    def is_reviewed(self, group: int) -> bool:
        """Whether a group was looked through."""
        return group in self._reviewed

    def name(self, group: int) -> str:
        """Name of a group; no other group has the same."""
        return self.index.names[group]

    # --- rows ---

    def __len__(self) -> int:
        return len(self._order)

    @property
    def files(self) -> int:
        """Pictures in all groups together."""
        return sum(len(group.members) for group in self.review.groups)

    def group_rows(self, start: int = 0, end: int | None = None) -> list[GroupRow]:
        """Rows ``start`` to ``end`` in the present order."""
        return [self._group_row(index) for index in self._order[start:end]]

    def group_row(self, index: int) -> GroupRow:
        """The row of one group."""
        return self._group_row(index)

    def member_rows(self, group: int) -> list[MemberRow]:
        """The members of a group, the best first."""
        members = self.review.groups[group].members
        return [self._member_row(group, member, position == 0) for position, member in enumerate(members)]

    def tiles(self, group: int) -> list[Tile]:
        """The members of a group as the preview shows them."""
        members = self.review.groups[group].members
        return [self._tile(group, member, position == 0) for position, member in enumerate(members)]

    def picture(self, index: int) -> Picture:
        """The picture of that index."""
        return self.review.pictures[index]

    def sort(self, column: Column) -> None:
        """Sort by ``column``; the second time the other way round, the third time back to the plan's order."""
        if self.sorted_by is not column:
            self.sorted_by, self.descending = column, column in _LARGEST_FIRST
        elif self.descending is (column in _LARGEST_FIRST):
            self.descending = not self.descending
        else:
            self.sorted_by = None
        self._arrange()

    def _arrange(self) -> None:
        self._order = [index for index in range(len(self.review.groups)) if self._is_looked_for(index)]
        if self.sorted_by is not None:
            self._order.sort(key=self._sort_key(self.sorted_by), reverse=self.descending)

    def _is_looked_for(self, index: int) -> bool:
        if not self.query:
            return True
        group = self.review.groups[index]
        fates = zip(group.members, fates_of(group, self.handling), strict=True)
        return any(
            self.query.holds(facts_of(self.picture(member.picture), member, fate, index in self._reviewed))
            for member, fate in fates
        )

    # --- words above the table ---

    @property
    def headline(self) -> str:
        """``318 groups · 413 files · 2.1 GiB``, or that nothing matches."""
        if not self.review.groups:
            return _("No two of {pictures} are the same.").format(pictures=formatting.pictures(self.review.shots))
        size = self.index.size
        found, files = formatting.groups(len(self.review.groups)), formatting.files(self.files)
        return f"{found} · {files} · {formatting.size(size)}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks for the user: a partial scan, matches that were left out, notes of the plan."""
        remarks = []
        if self.review.partial < 1.0:
            share = formatting.percent(self.review.partial)
            remarks.append(_("Partial: the scan was stopped at {share}.").format(share=share))
        if self.review.left_out:
            count = formatting.count(self.review.left_out)
            words = ngettext(
                "{count} picture resembles a member of a group but not its best one; it stays where it is.",
                "{count} pictures resemble a member of a group but not its best one; they stay where they are.",
                self.review.left_out,
            )
            remarks.append(words.format(count=count))
        return (*remarks, *map(worded, self.review.plan.notes))

    # --- how it is put together ---

    def _group_row(self, index: int) -> GroupRow:
        group = self.review.groups[index]
        others = group.members[1:]
        lowest = min((member.score for member in others), default=1.0)
        name = self.name(index)
        cells = (
            f"✓ {name}" if index in self._reviewed else name,
            formatting.count(len(group.members)),
            sameness_summary(others),
            formatting.score(lowest),
            formatting.size(self._group_size(group)),
            "",
            "",
            "",
        )
        return GroupRow(index, cells)

    def _member_row(self, group: int, member: Member, best: bool) -> MemberRow:
        picture = self.review.pictures[member.picture]
        fingerprint = picture.fingerprint
        state = self.state(group, member.picture)
        cells = (
            f"{SYMBOLS[state]} {shown(picture.record.name)}",
            "",
            _("best of the group") if best else sameness_words(member.sameness),
            "" if best else formatting.score(member.score),
            formatting.size(picture.record.size),
            formatting.dimensions(fingerprint.width, fingerprint.height),
            self.fate(picture, self.review.groups[group].why_best if best else ""),
            shown(paths.parent(picture.record.path)),
        )
        return MemberRow(group, member.picture, best, cells)

    def fate(self, picture: Picture, why_best: str = "") -> str:
        """Fate of a picture, and why, in words."""
        operation = self._by_file.get(picture.record.path)
        gain = self._gains.get(picture.record.path, "")
        stays = _("Stays where it is, and is completed") if gain else _("Stays where it is")
        words = stays if operation is None else self._operation_words(operation)
        reasons = [operation.reason if operation and operation.reason else why_best, gain]
        if picture.reference:
            reasons.append(_("in a reference folder, never changed"))
        said = "; ".join(dict.fromkeys(worded(reason) for reason in reasons if reason))
        return f"{words}: {said}" if said else words

    def _operation_words(self, operation: Operation) -> str:
        place = shown(self._below_output(operation.destination))
        told = row_of(operation.action).words
        if not told.fate:
            return str(operation.action.value)
        return _(told.fate).format(place=place, name=shown(paths.name(operation.source)))

    def _below_output(self, path: str) -> str:
        output = self.review.plan.roots.get("output", "")
        if output and paths.is_inside(path, output):
            return path[len(output.rstrip(paths.SEPARATOR)) + 1 :]
        return path

    def _tile(self, number: int, member: Member, best: bool) -> Tile:
        group = self.review.groups[number]
        picture = self.review.pictures[member.picture]
        fingerprint = picture.fingerprint
        measures = (formatting.dimensions(fingerprint.width, fingerprint.height), formatting.size(picture.record.size))
        facts = [
            " · ".join(filter(None, measures)),
            self.fate(picture, group.why_best if best else ""),
        ]
        same = f"{sameness_words(member.sameness)} · {formatting.score(member.score)}"
        state = self.state(number, member.picture)
        said = _("Best") if best else same
        mark = f"{SYMBOLS[state]} {fate_words(state, self.handling)} · {said}"
        return Tile(member.picture, picture.record.path, best, mark, shown(picture.record.name), tuple(facts))

    def _group_size(self, group: Group) -> int:
        return sum(self.review.pictures[member.picture].record.size for member in group.members)

    def _sort_key(self, column: Column) -> Callable[[int], tuple[object, int]]:
        groups = self.review.groups

        def value(index: int) -> object:
            group = groups[index]
            if column is Column.FILES:
                return len(group.members)
            if column is Column.SIZE:
                return self._group_size(group)
            if column is Column.SCORE:
                return min((member.score for member in group.members[1:]), default=1.0)
            if column is Column.SAME:
                return sameness_summary(group.members[1:])
            return paths.folded(group.context)

        return lambda index: (value(index), index)


def _operations_by_file(review: OrganizeReview) -> dict[str, Operation]:
    """The first operation about each file, but those that complete one."""
    found: dict[str, Operation] = {}
    for operation in review.plan.operations:
        if operation.maker is not None:
            continue
        subject = operation.destination if row_of(operation.action).about_destination else operation.source
        found.setdefault(subject, operation)
    return found


def _gains_by_file(review: OrganizeReview) -> dict[str, str]:
    """Words for what each picture gets of what its copies state, by its path."""
    return {
        _completed(operation, review): operation.reason
        for operation in review.plan.operations
        if operation.maker is not None
    }


def _completed(operation: Operation, review: OrganizeReview) -> str:
    """Path of the picture that an operation gives what its copies state, to itself or to a sidecar of it."""
    first = operation if operation.follows is None else review.plan.operations[operation.follows]
    members = review.groups[operation.group].members if operation.group is not None else ()
    for member in members:
        picture = review.pictures[member.picture]
        if any(record.path == first.source for record in picture.companions):
            return picture.record.path
    return first.source


_LARGEST_FIRST = (Column.FILES, Column.SIZE, Column.SCORE)
SORTABLE = (Column.NAME, Column.FILES, Column.SAME, Column.SCORE, Column.SIZE)


def sameness_summary(members: tuple[Member, ...]) -> str:
    """``similar``, or ``2 identical, 1 similar`` when a group has several."""
    kinds = Counter(member.sameness for member in members)
    if len(kinds) == 1:
        return sameness_words(next(iter(kinds)))
    short = {
        Sameness.IDENTICAL_FILE: _("{count} identical"),
        Sameness.IDENTICAL_PIXELS: _("{count} same pixels"),
        Sameness.SIMILAR: _("{count} similar"),
        Sameness.SERIES: _("{count} of a series"),
        Sameness.WITHIN: _("{count} with it within"),
    }
    return ", ".join(words.format(count=kinds[kind]) for kind, words in short.items() if kind in kinds)
