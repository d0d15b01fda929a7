"""The table of groups: one row a group, opened to its members.

Draws a ``GroupsModel``; which row is selected is told in the model's terms.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.organize.rows import SORTABLE, Column, GroupsModel, column_words
from image_sync.gui.widgets.table import TABLE_HEIGHT, TABLE_WIDTH, ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px

WIDTHS = {
    Column.NAME: 220,
    Column.FILES: 58,
    Column.SAME: 190,
    Column.SCORE: 70,
    Column.SIZE: 84,
    Column.PIXELS: 116,
    Column.FATE: 380,
    Column.FOLDER: 300,
}
RIGHT = (Column.FILES, Column.SCORE, Column.SIZE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selected row: a group, and the picture when it is a member's row."""

    group: int
    picture: int | None = None


class GroupTable(ttk.Frame):
    """Groups and their members; ``chosen`` is told when another row is selected."""

    def __init__(self, master: tkinter.Misc, chosen: Callable[[], None]) -> None:
        super().__init__(master)
        self._model: GroupsModel | None = None
        columns = [
            ColumnSpec(column.value, column_words(column), WIDTHS[column], column is Column.NAME, column in RIGHT)
            for column in Column
        ]
        # The table's columns are wider than its pane: the panes share the room, not what the columns ask for.
        self.pack_propagate(False)
        self.configure(width=px(self, TABLE_WIDTH), height=px(self, TABLE_HEIGHT))
        self.table = Table(self, columns, tree=True)
        self.table.pack(fill="both", expand=True)
        self.table.view.tag_configure("group", font="BoldFont")
        self.table.on_open(self._open)
        self.table.on_select(chosen)
        self.table.on_heading(self._sort, [column.value for column in SORTABLE])

    @property
    def chosen(self) -> Chosen | None:
        """The row that the keyboard is on, or else the first selected one."""
        selected = self.table.selected
        key = self.table.focused if self.table.focused in selected else selected[0] if selected else ""
        return _chosen(key)

    def show(self, model: GroupsModel | None) -> None:
        """Draw another review; what was open stays open and the selection stays where it was, as far as it can."""
        before = self._model
        if model is not None and before is not None and self._is_like(before, model):
            self._model = model
            self._refresh(before, model)
            return
        chosen, opened, top = self._chosen_picture(), self._opened_pictures(), self.table.view.yview()[0]
        place = self._place_of_chosen()
        self._model = model
        self._fill()
        if model is None or not len(model):
            return
        self._bring_back(model, chosen, opened, place)
        self.table.view.yview_moveto(top)
        self.table.see(self.table.focused)

    def _bring_back(self, model: GroupsModel, chosen: tuple[int, bool] | None, opened: list[int], place: int) -> None:
        """Open and select again what was, as far as it is there."""
        places = {member.picture: group for group, found in enumerate(model.review.groups) for member in found.members}
        for picture in opened:
            if picture in places:
                self._open_row(places[picture])
        self._restore(chosen, places, place)

    def _is_like(self, before: GroupsModel, model: GroupsModel) -> bool:
        """Whether the same groups stand in the same order, so that only what changed need be drawn."""
        if before.order != model.order or not self.table.filled:
            return False
        pairs = zip(before.review.groups, model.review.groups, strict=True)
        return all({one.picture for one in old.members} == {one.picture for one in new.members} for old, new in pairs)

    def _refresh(self, before: GroupsModel, model: GroupsModel) -> None:
        view = self.table.view
        for index in model.order:
            key, opened = _group_key(index), False
            row = model.group_row(index)
            if before.group_row(index) != row:
                view.item(key, text=row.cells[0], values=row.cells[1:])
            opened = bool(view.item(key, "open"))
            if opened:
                self._refresh_members(index, model)
            else:
                self.table.close(key)

    def _refresh_members(self, group: int, model: GroupsModel) -> None:
        view, selected, focused = self.table.view, self.table.selected, self.table.focused
        members = model.member_rows(group)
        keys = [_member_key(group, member.picture) for member in members]
        if list(view.get_children(_group_key(group))) == keys:
            for key, member in zip(keys, members, strict=True):
                if view.item(key, "text") != member.cells[0] or tuple(view.item(key, "values")) != member.cells[1:]:
                    view.item(key, text=member.cells[0], values=member.cells[1:])
            return
        self.table.add_children(
            _group_key(group), (Row(key, one.cells) for key, one in zip(keys, members, strict=True))
        )
        view.selection_set([key for key in selected if view.exists(key)])
        view.focus(focused if view.exists(focused) else _group_key(group))

    def _place_of_chosen(self) -> int:
        """Row number of the selected group, so that its neighbour is selected when it is gone."""
        chosen = self.chosen
        return self._model.order.index(chosen.group) if chosen is not None and self._model is not None else 0

    def choose_group(self, group: int) -> None:
        """Select a group's row."""
        self.table.select(_group_key(group))

    def at(self, x: int, y: int) -> Chosen | None:
        """The row at a place of the table."""
        if self.table.view.identify_region(x, y) not in ("tree", "cell"):
            return None
        return _chosen(self.table.view.identify_row(y))

    @property
    def several(self) -> tuple[int, list[int]] | None:
        """The group of the selection and the pictures selected in it; none when the group itself is."""
        chosen = self.chosen
        if chosen is None:
            return None
        rows = [row for key in self.table.selected if (row := _chosen(key)) is not None and row.group == chosen.group]
        return chosen.group, [row.picture for row in rows if row.picture is not None]

    def choose(self, group: int, picture: int) -> None:
        """Select a member's row, opening its group."""
        self._open_row(group)
        self.table.select(_member_key(group, picture))

    def _chosen_picture(self) -> tuple[int, bool] | None:
        """The picture that stands for the selection, and whether it is selected itself and not only its group."""
        chosen = self.chosen
        if chosen is None or self._model is None:
            return None
        best = self._model.review.groups[chosen.group].best.picture
        return (best if chosen.picture is None else chosen.picture), chosen.picture is not None

    def _opened_pictures(self) -> list[int]:
        if self._model is None:
            return []
        view, groups = self.table.view, self._model.review.groups
        opened = [_chosen(key) for key in view.get_children() if view.item(key, "open")]
        return [groups[row.group].best.picture for row in opened if row is not None]

    def _restore(self, before: tuple[int, bool] | None, places: dict[int, int], place: int) -> None:
        rows = self.table.view.get_children()
        if before is None:
            self.table.select(rows[0])
        elif before[0] not in places:
            self.table.select(rows[min(place, len(rows) - 1)])
        elif before[1] and self.table.view.item(_group_key(places[before[0]]), "open"):
            self.table.select(_member_key(places[before[0]], before[0]))
        else:
            self.table.select(_group_key(places[before[0]]))

    def _open_row(self, group: int) -> None:
        key = _group_key(group)
        if self.table.view.exists(key):
            self._open(key)
            self.table.view.item(key, open=True)

    def _fill(self) -> None:
        rows = self._model.group_rows() if self._model else []
        self.table.fill(Row(_group_key(row.index), row.cells, ("group",), opens=True) for row in rows)
        self._draw_headings()

    def _open(self, key: str) -> None:
        chosen = _chosen(key)
        if self._model is None or chosen is None or chosen.picture is not None:
            return
        members = self._model.member_rows(chosen.group)
        keys = tuple(_member_key(chosen.group, member.picture) for member in members)
        if tuple(self.table.view.get_children(key)) != keys:
            rows = (Row(name, member.cells) for name, member in zip(keys, members, strict=True))
            self.table.add_children(key, rows)

    def _sort(self, key: str) -> None:
        if self._model is None:
            return
        chosen, opened = self._chosen_picture(), self._opened_pictures()
        self._model.sort(Column(key))
        self._fill()
        self._bring_back(self._model, chosen, opened, 0)

    def _draw_headings(self) -> None:
        model = self._model
        for column in SORTABLE:
            arrow = ""
            if model is not None and model.sorted_by is column:
                arrow = " ▼" if model.descending else " ▲"
            self.table.set_heading(column.value, column_words(column) + arrow)


def _group_key(group: int) -> str:
    return f"g{group}"


def _member_key(group: int, picture: int) -> str:
    return f"g{group}p{picture}"


def _chosen(key: str) -> Chosen | None:
    group, mark, picture = key.removeprefix("g").partition("p")
    if not group.isdigit():
        return None
    return Chosen(int(group), int(picture) if mark else None)
