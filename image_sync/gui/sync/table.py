"""The table of *sync*: path, both sides, the arrow between them, and why.

Draws ``SyncRows``; answers that the user gives on it are told in the model's terms.  A click on an arrow turns it; with
the keyboard Alt and an arrow do, for all selected rows.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.app.keys import with_modifier
from image_sync.gui.sync.rows import Chip, Column, SyncRow, SyncRows, next_answer
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.table import TABLE_WIDTH, ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px
from image_sync.jobs.sync.model import Answer, Kind

WIDTHS = {Column.PATH: 200, Column.SOURCE: 214, Column.DEED: 124, Column.TARGET: 214, Column.WHY: 240}
HEIGHT = 110
KEYS = {
    "<Alt-Right>": Answer.SOURCE,
    "<Alt-Left>": Answer.TARGET,
    "<Alt-Down>": Answer.SKIP,
    "<Alt-Up>": None,
    "<Key-s>": Answer.SOURCE,
    "<Key-t>": Answer.TARGET,
    "<Key-k>": Answer.KEEP_BOTH,
    "<Key-x>": Answer.SKIP,
}
"""Alt and an arrow point to where the file goes; the letters are those of the command line.  ``None`` takes back."""
Answered = Callable[[list[SyncRow], Answer | None], None]


def column_words(column: Column) -> str:
    """The heading of a column."""
    return {
        Column.PATH: _("File"),
        Column.SOURCE: _("Source"),
        Column.DEED: _("What happens"),
        Column.TARGET: _("Target"),
        Column.WHY: _("Why"),
    }[column]


class SyncTable(ttk.Frame):
    """``chosen`` is told when another row is selected, ``answered`` what the user wants of some rows."""

    def __init__(self, master: tkinter.Misc, chosen: Callable[[], None], answered: Answered) -> None:
        super().__init__(master)
        self._rows: SyncRows | None = None
        self._shown: list[SyncRow] = []
        self._wanted = ""
        self._answered = answered
        # The table's columns are wider than its pane: the panes share the room, not what the columns ask for.
        self.pack_propagate(False)
        self.configure(width=px(self, TABLE_WIDTH), height=px(self, HEIGHT))
        self.table = Table(self, [_spec(column) for column in Column])
        self.table.pack(fill="both", expand=True)
        self.table.on_select(chosen)
        self.table.on_heading(self._sort, [column.value for column in Column])
        self._bind_keys()
        self._colour()
        self.bind("<<ThemeChanged>>", lambda _event: self._colour(), add="+")

    # --- what is selected ---

    @property
    def chosen(self) -> SyncRow | None:
        """The row that the keyboard is on, or else the first selected one."""
        selected = self.table.selected
        key = self.table.focused if self.table.focused in selected else selected[0] if selected else ""
        return self._rows.row(key) if self._rows else None

    @property
    def selected(self) -> list[SyncRow]:
        """All selected rows."""
        found = [self._rows.row(key) for key in self.table.selected] if self._rows else []
        return [row for row in found if row is not None]

    def choose(self, key: str) -> None:
        """Select a row, as soon as it is there."""
        self._wanted = key
        self.tick()

    def tick(self) -> None:
        """Select the row that was asked for, if it was inserted by now."""
        if self._wanted and (self.table.view.exists(self._wanted) or self.table.filled):
            key, self._wanted = self._wanted, ""
            self.table.select(key)

    # --- rows ---

    def show(self, rows: SyncRows | None) -> None:
        """Draw these rows; where they are those that stand there, only what changed is drawn anew."""
        before, self._rows = self._shown, rows
        self._shown = rows.visible() if rows else []
        same = [row.key for row in before] == [row.key for row in self._shown]
        if same and self.table.filled:
            for old, new in zip(before, self._shown, strict=True):
                if old is not new:
                    self.table.view.item(new.key, values=tuple(new.cells), tags=_tags(new))
        else:
            self._fill()
        self._draw_headings()

    def _fill(self) -> None:
        keep = self.table.focused or self._wanted
        scrolled = self.table.view.yview()[0]
        self.table.fill(Row(row.key, row.cells, _tags(row)) for row in self._shown)
        keys = {row.key for row in self._shown}
        self._wanted = keep if keep in keys else self._shown[0].key if self._shown else ""
        self.tick()
        if keep in keys and self.table.filled:
            self.table.view.yview_moveto(scrolled)
            # What was just inserted has its place only when Tk comes to lay it out.
            self.after_idle(self._see, keep)

    def _see(self, key: str) -> None:
        if self.table.view.exists(key):
            self.table.see(key)

    def _sort(self, key: str) -> None:
        if self._rows is not None:
            self._rows.sort(Column(key))
            self.show(self._rows)

    def _draw_headings(self) -> None:
        for column in Column:
            arrow = ""
            if self._rows is not None and self._rows.sorted_by is column:
                arrow = " ▼" if self._rows.descending else " ▲"
            self.table.set_heading(column.value, column_words(column) + arrow)

    def _colour(self) -> None:
        # The red of warnings is made readable on both themes; it never stands without its sign.
        red = str(ttk.Style.get_instance().lookup("danger.TLabel", "foreground"))
        for chip in (Chip.CONFLICT, Chip.PROBLEM):
            self.table.view.tag_configure(chip.value, foreground=red)

    # --- what the user does ---

    def _bind_keys(self) -> None:
        view = self.table.view
        view.bind("<ButtonRelease-1>", self._clicked, add="+")
        for sequence, answer in KEYS.items():
            letter = sequence.startswith("<Key-")
            view.bind(sequence, functools.partial(self._key, answer, letter))
        view.bind("<Motion>", self._point, add="+")

    def _key(self, answer: Answer | None, letter: bool, event: tkinter.Event[tkinter.Misc]) -> str | None:
        if letter and with_modifier(int(event.state)):
            return None
        self._answered(self.selected, answer)
        return "break"

    def _clicked(self, event: tkinter.Event[tkinter.Misc]) -> None:
        row = self._at_arrow(event)
        if row is not None and not _modified(event):
            self._answered([row], next_answer(row.decision))

    def _point(self, event: tkinter.Event[tkinter.Misc]) -> None:
        self.table.view.configure(cursor="hand2" if self._at_arrow(event) is not None else "")

    def _at_arrow(self, event: tkinter.Event[tkinter.Misc]) -> SyncRow | None:
        view = self.table.view
        if self._rows is None or view.identify_region(event.x, event.y) != "cell":
            return None
        if view.column(view.identify_column(event.x), "id") != Column.DEED.value:
            return None
        return self._rows.row(view.identify_row(event.y))


def _spec(column: Column) -> ColumnSpec:
    return ColumnSpec(column.value, column_words(column), WIDTHS[column], column in (Column.PATH, Column.WHY))


def _tags(row: SyncRow) -> tuple[str, ...]:
    return (Chip.CONFLICT.value if row.decision.kind is Kind.CONFLICT else row.chip.value,)


def _modified(event: tkinter.Event[tkinter.Misc]) -> bool:
    """Whether Shift or Control is held: then the click selects."""
    return bool(int(event.state) & 0x5)
