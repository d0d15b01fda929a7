"""A table with scrollbars that a keyboard can use fully, and that is filled without holding up the window.

Tk 8.6.13 binds neither Home, End, Shift+arrows nor Ctrl+A on its tree view; they are bound here.
"""

from __future__ import annotations

import itertools
import tkinter
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import ttkbootstrap as ttk

from image_sync.gui.widgets.theme import line_height, px

TABLE_WIDTH = 560
"""Pixels at 100 % of a table in a page whose columns take more."""
TABLE_HEIGHT = 200
"""Height at 100 % that a table takes where it is given no more."""
BATCH = 400
"""Rows that are inserted at once (measured: 500 rows take 24-56 ms)."""
LEAST_ROOM = 3
"""Lines below which a table shows no row: its heading and a part of one."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: ``width`` in pixels at 100 %; one that may ``stretch`` takes what is left over."""

    key: str
    heading: str
    width: int
    stretch: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``key`` is unique in its table; a row with a ``child`` row can be opened."""

    key: str
    cells: Sequence[str]
    tags: tuple[str, ...] = ()
    opens: bool = False


MEASURED = 40
"""Rows by whose words the columns are made wide enough."""
PADDING = 16
"""Pixels at 100 % around the words of a cell."""


class Table(ttk.Frame):
    """A tree view with its scrollbars; with ``tree``, the first column is the one that opens and closes."""

    def __init__(
        self, master: tkinter.Misc, columns: Sequence[ColumnSpec], *, tree: bool = False, several: bool = True
    ) -> None:
        super().__init__(master)
        self._filling = ""
        self._waiting: deque[tuple[str, Iterator[Row]]] = deque()
        self._tree = columns[0].key if tree else ""
        # The tree draws its rows over its own right border, so a frame around it has the border and shows the focus.
        self._frame = ttk.Frame(self, bootstyle="highlight", padding=px(self, 2))
        self.view = ttk.Treeview(
            self._frame,
            columns=[column.key for column in columns if column.key != self._tree],
            show="tree headings" if tree else "headings",
            selectmode="extended" if several else "browse",
        )
        self._anchor = self._to_see = ""
        self._specs = columns
        self._set_columns(columns)
        self._scrollbars()
        self._keys(several)
        self.bind("<Destroy>", self._stop_filling)
        for sequence in ("<Map>", "<Configure>"):
            self.view.bind(sequence, lambda _event: self.after_idle(self._see_what_waits), add="+")

    # --- rows ---

    def fill(self, rows: Iterable[Row]) -> None:
        """Show these rows instead of the present ones, the first at once and the rest bit by bit."""
        self._stop_filling()
        self.view.delete(*self.view.get_children())
        self._waiting.append(("", iter(list(rows))))
        self._insert_some()

    def append(self, rows: Iterable[Row]) -> None:
        """Show these rows below the present ones."""
        self.append_later(iter(list(rows)))

    def append_later(self, rows: Iterator[Row], parent: str = "") -> None:
        """Show these rows below the present ones, or below those in the row ``parent``.

        They are asked for only when they are inserted, bit by bit.
        """
        self._waiting.append((parent, rows))
        if not self._filling:
            self._insert_some()

    def add_children(self, parent: str, rows: Iterable[Row]) -> None:
        """Put these rows below an opened row, instead of what is there."""
        self.view.delete(*self.view.get_children(parent))
        for row in rows:
            self._insert(row, parent)

    def close(self, parent: str) -> None:
        """Forget the rows of a closed row; they are asked for when it is opened again."""
        children = self.view.get_children(parent)
        if children and children != (f"{parent}…",):
            self.view.delete(*children)
            self.view.insert(parent, "end", iid=f"{parent}…")

    @property
    def filled(self) -> bool:
        """Whether every row is shown by now."""
        return not self._waiting

    @property
    def selected(self) -> tuple[str, ...]:
        """Keys of the selected rows."""
        return tuple(self.view.selection())

    @property
    def focused(self) -> str:
        """Key of the row that the keyboard is on; empty for none."""
        return str(self.view.focus())

    def select(self, key: str) -> None:
        """Select that row alone and bring it into sight."""
        if self.view.exists(key):
            self.view.selection_set(key)
            self.view.focus(key)
            self.see(key)
            self._anchor = key

    def see(self, key: str) -> None:
        """Bring that row into sight, at once or when the table comes into sight itself."""
        # Tk, where it has no room for rows yet, would leave the first one above the edge.
        self._to_see = "" if self._has_room() else key
        if not self._to_see and self.view.exists(key):
            self.view.see(key)

    def _has_room(self) -> bool:
        return bool(self.view.winfo_viewable()) and self.view.winfo_height() > LEAST_ROOM * line_height(self)

    def on_select(self, callback: Callable[[], None]) -> None:
        """Call back when another row is selected."""
        self.view.bind("<<TreeviewSelect>>", lambda _event: callback(), add="+")

    def on_open(self, callback: Callable[[str], None]) -> None:
        """Call back with the key of a row that is being opened."""
        self.view.bind("<<TreeviewOpen>>", lambda _event: callback(self.focused), add="+")

    def on_heading(self, callback: Callable[[str], None], keys: Iterable[str]) -> None:
        """Call back with the column whose heading was pressed."""
        names = {self._column(key): key for key in keys}
        for name, key in names.items():
            self.view.heading(name, command=lambda chosen=key: callback(chosen))  # type: ignore[misc]

        def again(event: tkinter.Event[tkinter.Misc]) -> str | None:
            """Tk hears of two quick presses as a double one, which a heading has no use for."""
            if self.view.identify_region(event.x, event.y) != "heading":
                return None
            name = self.view.identify_column(event.x)
            if name != "#0":
                name = str(self.view.column(name, "id"))
            if name in names:
                # Not in the midst of the press: the rows that Tk is about are made anew.
                self.after_idle(callback, names[name])
            return "break"

        for times in ("Double", "Triple"):
            self.view.bind(f"<{times}-Button-1>", again, add="+")

    def set_heading(self, key: str, text: str) -> None:
        """Another text for a heading, such as one with an arrow."""
        self.view.heading(self._column(key), text=text)

    def _see_what_waits(self) -> None:
        if self._to_see and self.winfo_exists():
            self.see(self._to_see)

    def _insert_some(self) -> None:
        self._filling = ""
        left = BATCH
        while self._waiting and left:
            parent, rows = self._waiting[0]
            batch = list(itertools.islice(rows, left)) if not parent or self.view.exists(parent) else []
            for row in batch:
                self._insert(row, parent)
            left -= len(batch)
            if left:
                self._waiting.popleft()
        if self._waiting:
            self._filling = self.after(1, self._insert_some)

    _measured = 0
    """Rows that the columns were made wide enough for; what comes later is as the first ones are."""

    def _make_room(self, row: Row) -> None:
        """Let the columns be as wide as the words of a row want, as far as that is no more than twice what is usual:
        the words of one language are longer than those of another."""
        for column, text in zip(self._specs, row.cells, strict=False):
            if column.stretch or not text:
                continue
            name, usual = self._column(column.key), px(self, column.width)
            wanted = int(self.tk.call("font", "measure", "TkDefaultFont", text)) + px(self, PADDING)
            room = min(wanted, usual * 2)
            if room > int(self.view.column(name, "width")):
                self.view.column(name, width=room)

    def _insert(self, row: Row, parent: str = "") -> None:
        if self._measured < MEASURED:
            self._measured += 1
            self._make_room(row)
        text, values = (row.cells[0], row.cells[1:]) if self._tree else ("", row.cells)
        self.view.insert(parent, "end", iid=row.key, text=text, values=tuple(values), tags=row.tags)
        if row.opens:
            self.view.insert(row.key, "end", iid=f"{row.key}…")

    def _stop_filling(self, event: object = None) -> None:
        if event is not None and getattr(event, "widget", self) is not self:
            return
        if self._filling:
            self.after_cancel(self._filling)
        self._filling = ""
        self._waiting.clear()

    # --- how it is put together ---

    def _column(self, key: str) -> str:
        return "#0" if key == self._tree else key

    def _set_columns(self, columns: Sequence[ColumnSpec]) -> None:
        for column in columns:
            name = self._column(column.key)
            anchor: Literal["e", "w"] = "e" if column.right else "w"
            width = px(self, column.width)
            self.view.column(
                name, width=width, minwidth=min(width, px(self, 60)), stretch=column.stretch, anchor=anchor
            )
            self.view.heading(name, text=column.heading, anchor=anchor)

    def _scrollbars(self) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._frame.grid(row=0, column=0, sticky="nsew")
        self.view.pack(fill="both", expand=True)
        down = ttk.Scrollbar(self, orient="vertical", command=self.view.yview)
        down.grid(row=0, column=1, sticky="ns")
        across = ttk.Scrollbar(self, orient="horizontal", command=self.view.xview)
        across.grid(row=1, column=0, sticky="ew")
        self.view.configure(yscrollcommand=_hiding(down), xscrollcommand=_hiding(across))

    def _keys(self, several: bool) -> None:
        for sequence, place in (("<Home>", 0), ("<End>", -1)):
            self.view.bind(sequence, lambda _event, place=place: self._go_to(place))  # type: ignore[misc]
            self.view.bind(f"<Control-{sequence[1:]}", lambda _event, place=place: self._go_to(place))  # type: ignore[misc]
        if several:
            for sequence, step in (("<Shift-Up>", -1), ("<Shift-Down>", 1)):
                self.view.bind(sequence, lambda _event, step=step: self._extend(step))  # type: ignore[misc]
            for sequence in ("<Control-a>", "<Control-A>"):
                self.view.bind(sequence, lambda _event: self._select_all())
        self.view.bind("<FocusIn>", lambda _event: self._give_focus(), add="+")
        self.view.bind("<FocusOut>", lambda _event: self._frame.state(["!focus"]), add="+")
        self.view.bind("<<TreeviewSelect>>", lambda _event: self._remember_anchor(), add="+")

    def _visible(self) -> list[str]:
        """Keys of all rows that are not in a closed one, top to bottom."""
        rows: list[str] = []
        waiting = list(reversed(self.view.get_children()))
        while waiting:
            key = waiting.pop()
            rows.append(key)
            if self.view.item(key, "open"):
                waiting.extend(reversed(self.view.get_children(key)))
        return rows

    def _go_to(self, place: int) -> str:
        rows = self._visible()
        if rows:
            self.select(rows[place])
        return "break"

    def _extend(self, step: int) -> str:
        rows = self._visible()
        focus = self.focused
        if focus in rows:
            start = rows.index(self._anchor) if self._anchor in rows else rows.index(focus)
            end = min(len(rows) - 1, max(0, rows.index(focus) + step))
            anchor = rows[start]
            self.view.selection_set(rows[min(start, end) : max(start, end) + 1])
            self.view.focus(rows[end])
            self.see(rows[end])
            self._anchor = anchor
        return "break"

    def _select_all(self) -> str:
        self.view.selection_set(self._visible())
        return "break"

    def _remember_anchor(self) -> None:
        chosen = self.selected
        if len(chosen) == 1:
            self._anchor = chosen[0]

    def _give_focus(self) -> None:
        """A table that is reached by Tab shows where it stands."""
        self._frame.state(["focus"])
        rows = self.view.get_children()
        if rows and not self.focused:
            self.select(rows[0])


def _hiding(bar: ttk.Scrollbar) -> Callable[[str, str], None]:
    """A scroll command that shows ``bar`` only where there is something to scroll."""

    def scrolled(first: str, last: str) -> None:
        if float(first) <= 0.0 and float(last) >= 1.0:
            bar.grid_remove()
        else:
            bar.grid()
        bar.set(first, last)

    return scrolled
