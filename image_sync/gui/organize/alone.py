"""The pictures without a match: a list with what becomes of each, and the selected ones as thumbnails beside it."""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.gui.job.preview import Preview
from image_sync.gui.job.tile import MOST_TILES
from image_sync.gui.organize.alone_model import column_words, looked_for, row_of, tile_of, without_match
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.table import TABLE_HEIGHT, TABLE_WIDTH, ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.thumbnails import ThumbnailLoader

WIDTHS = {"name": 220, "size": 84, "pixels": 116, "fate": 280, "folder": 300}
LEAST = 360
"""Width at 100 % that the list keeps beside the thumbnails."""


class AloneView(ttk.Panedwindow):
    """Shows a review's pictures without a match; nothing is decided here."""

    def __init__(self, master: tkinter.Misc, loader: ThumbnailLoader) -> None:
        super().__init__(master, orient="horizontal")
        self._model: GroupsModel | None = None
        self._shown: tuple[int, ...] = ()
        self._shared = 0
        holder = ttk.Frame(self, width=px(self, TABLE_WIDTH), height=px(self, TABLE_HEIGHT))
        holder.pack_propagate(False)
        columns = [
            ColumnSpec(key, words, WIDTHS[key], stretch=key == "fate", right=key == "size")
            for key, words in column_words()
        ]
        self.table = Table(holder, columns)
        self.table.pack(fill="both", expand=True)
        self.table.on_select(self._selected)
        self.preview = Preview(self, loader, self._picked, _("Select pictures to see them."))
        self.add(holder, weight=3)
        self.add(self.preview, weight=1)
        self.bind("<Configure>", lambda _event: self._share())

    @property
    def path(self) -> str:
        """The selected picture's file; empty when there is none."""
        selected = self.table.selected
        key = self.table.focused if self.table.focused in selected else selected[0] if selected else ""
        return self._model.picture(int(key)).record.path if key and self._model is not None else ""

    def show(self, model: GroupsModel | None) -> None:
        """Show the pictures of this review; what was selected stays so where it is still there."""
        before = self.table.focused
        self._model = model
        self._shown = tuple(looked_for(model, without_match(model.review))) if model is not None else ()
        self.table.fill(Row(str(index), row_of(model, index).cells) for index in self._shown if model is not None)
        if self._shown:
            kept = before if before.isdigit() and int(before) in self._shown else str(self._shown[0])
            self.after_idle(self._choose, kept)

    def tick(self) -> None:
        """Thumbnails that were decoded meanwhile."""
        self.preview.tick()

    def _choose(self, key: str) -> None:
        if self.table.view.exists(key):
            self.table.select(key)
        self._selected()

    def _selected(self) -> None:
        model = self._model
        if model is None:
            self.preview.show_tiles([], [])
            return
        chosen = [int(key) for key in self.table.selected]
        tiles = [tile_of(model, index) for index in chosen[:MOST_TILES]]
        records = [model.picture(index).record for index in chosen[:MOST_TILES]]
        focused = self.table.focused
        marked = int(focused) if focused.isdigit() and int(focused) in chosen else None
        self.preview.show_tiles(tiles, records, max(len(chosen) - MOST_TILES, 0), marked)

    def _picked(self, picture: int) -> None:
        self.table.select(str(picture))
        self.table.view.focus_set()

    def _share(self) -> None:
        """Give the thumbnails one column where the list keeps enough, else none."""
        width = self.winfo_width()
        if self._shared == width or width <= 1 or not self.winfo_ismapped():
            return
        self._shared = width
        left = width - self.preview.width_of(1)
        self.sashpos(0, left if left >= px(self, LEAST) else width)
