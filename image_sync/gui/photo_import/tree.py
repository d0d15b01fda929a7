"""The tree of *import*: years and folders with their numbers, and when one is opened, the files in it.

Draws ``ImportRows``.  A folder's rows are inserted when it is first opened, and a large one bit by bit, so that a
library of any size is shown at once.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Iterator

import ttkbootstrap as ttk

from image_sync.gui.photo_import.rows import FileLine, FolderLine, ImportRows, Mark
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.table import ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px

WIDTH, HEIGHT = 520, 120
FEW = 60
"""A tree with at most so many files is opened as a whole."""
WARNING = "warning"
NEW = "new"


class ImportTree(ttk.Frame):
    """``chosen`` is told when another row is selected, ``corrected`` that Enter or a double click asks for a change."""

    def __init__(self, master: tkinter.Misc, chosen: Callable[[], None], corrected: Callable[[], None]) -> None:
        super().__init__(master)
        self._rows: ImportRows | None = None
        self._opened: set[str] = set()
        self._open_ones: set[str] = set()
        self._wanted: tuple[str, ...] = ()
        # The table's columns are wider than its pane: the panes share the room, not what the columns ask for.
        self.pack_propagate(False)
        self.configure(width=px(self, WIDTH), height=px(self, HEIGHT))
        self.table = Table(self, _columns(), tree=True)
        self.table.pack(fill="both", expand=True)
        self.table.on_select(chosen)
        self.table.on_open(self._open)
        for key in ("<Return>", "<KP_Enter>", "<F2>"):
            self.table.view.bind(key, lambda _event: corrected(), add="+")
        # With Ctrl they are the window's: without these a plain Enter would be heard here too.
        for key in ("<Control-Return>", "<Control-KP_Enter>"):
            self.table.view.bind(key, "# the window's")
        self._colour()
        self.bind("<<ThemeChanged>>", lambda _event: self._colour(), add="+")

    # --- what is selected ---

    @property
    def selected(self) -> list[str]:
        """Keys of all selected rows."""
        return list(self.table.selected) if self._rows is not None else []

    @property
    def focused(self) -> str:
        """The key of the selected row that the keyboard is on, or else of the first selected one."""
        selected = self.table.selected
        return self.table.focused if self.table.focused in selected else selected[0] if selected else ""

    def choose(self, *keys: str) -> None:
        """Open the folders of these files and select them, as soon as they are there."""
        for key in keys:
            for folder in self._rows.way_to(key) if self._rows else ():
                self.open(folder)
        self._wanted = keys
        self.tick()

    def open(self, key: str) -> None:
        """Open a folder."""
        if self.table.view.exists(key):
            self._open(key)
            self.table.view.item(key, open=True)

    def tick(self) -> None:
        """Select the rows that were asked for, if they were inserted by now."""
        if not self._wanted or not (self.table.filled or all(map(self.table.view.exists, self._wanted))):
            return
        keys = [key for key in self._wanted if self.table.view.exists(key)]
        self._wanted = ()
        if keys:
            self.table.select(keys[0])
            self.table.view.selection_set(keys)

    # --- rows ---

    def show(self, rows: ImportRows | None, *, unfold: bool = False) -> None:
        """Draw this tree; folders that were open and rows that were selected stay so.

        ``unfold`` opens all folders where there are few files.
        """
        self._remember_open()
        selected, focused = self.selected, self.table.focused
        self._rows, self._opened = rows, set()
        if rows is None:
            self._open_ones.clear()
            self.table.fill(())
            return
        self.table.fill(_folder_row(line) for line in rows.folders)
        folders = list(_all_folders(rows))
        if unfold and len(rows.expanded(folders)) <= FEW:
            self._open_ones.update(folders)
        for key in folders:
            if key in self._open_ones:
                self.open(key)
        keep = [key for key in selected if rows.way_to(key) or self.table.view.exists(key)]
        keep.sort(key=lambda key: key != focused)
        self.choose(*(keep or [line.key for line in rows.folders[:1]]))

    def _open(self, key: str) -> None:
        if self._rows is None or key in self._opened or key in self._rows.files:
            return
        self._opened.add(key)
        self.table.add_children(key, [_folder_row(line) for line in self._rows.below(key)])
        self.table.append_later((_file_row(line) for line in self._rows.in_folder(key)), key)

    def _remember_open(self) -> None:
        """Remember which of the folders that can be seen stand open; those that a filter hides stay as they were."""
        view = self.table.view
        waiting = list(view.get_children())
        while waiting:
            key = waiting.pop()
            if view.item(key, "open"):
                self._open_ones.add(key)
                waiting.extend(view.get_children(key))
            else:
                self._open_ones.discard(key)

    def _colour(self) -> None:
        # The red of warnings is made readable on both themes; it never stands without its words.
        style = ttk.Style.get_instance()
        self.table.view.tag_configure(WARNING, foreground=str(style.lookup("danger.TLabel", "foreground")))
        self.table.view.tag_configure(NEW, font="BoldFont")


def _columns() -> list[ColumnSpec]:
    return [
        ColumnSpec("place", _("Where it goes"), 250, stretch=True),
        ColumnSpec("date", _("Date"), 164),
        ColumnSpec("source", _("Date read from"), 150),
        ColumnSpec("note", _("Notes"), 210),
        ColumnSpec("origin", _("Where it is now"), 180),
    ]


def _all_folders(rows: ImportRows) -> Iterator[str]:
    waiting = [line.key for line in rows.folders]
    while waiting:
        key = waiting.pop(0)
        yield key
        waiting.extend(line.key for line in rows.below(key))


def _folder_row(line: FolderLine) -> Row:
    cells = (f"{line.name}  ({line.number})", "", "", line.note, "")
    return Row(line.key, cells, (NEW,) if line.new else (), opens=True)


def _file_row(line: FileLine) -> Row:
    warns = line.marks & {Mark.UNDATED, Mark.STAYS, Mark.CONTRADICTS}
    cells = (line.name, line.date, line.source, line.note, line.origin)
    return Row(line.key, cells, (WARNING,) if warns else ())
