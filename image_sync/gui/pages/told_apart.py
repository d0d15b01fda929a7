"""The window with the pictures that a person called *not the same*: seen, and forgotten one by one or all."""

from __future__ import annotations

import os
import tkinter

import ttkbootstrap as ttk

from image_sync.gui.job.preview import Preview
from image_sync.gui.pages.page import Desk
from image_sync.gui.pages.told_apart_model import ToldApartModel
from image_sync.gui.widgets.dialogs import Answer, Dialog
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.table import ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px

LOOK = 60
"""Milliseconds between two looks for thumbnails that were decoded."""
WIDTH, HEIGHT = 500, 320


class ToldApartDialog(Dialog):
    """Pairs on the left, the pictures of the selected one on the right."""

    def __init__(self, parent: tkinter.Misc, desk: Desk) -> None:
        answers = (Answer("close", _("Close"), "primary", default=True),)
        super().__init__(parent, _("Not the same"), answers, lambda _key: None, "close")
        self._desk = desk
        self.say(_("Pictures that you called “not the same”"), font="TitleFont")
        self.say(
            _("They are kept apart in every scan, whatever they are called. What is forgotten may be found again.")
        )
        box = ttk.Frame(self.body)
        box.pack(fill="both", expand=True)
        self.table = Table(box, _columns())
        self.table.configure(width=px(self, WIDTH), height=px(self, HEIGHT))
        self.table.pack_propagate(False)
        self.table.pack(side="left", fill="both", expand=True)
        self.preview = Preview(box, desk.thumbnails, lambda _number: None, _("Select a pair to see its pictures."))
        self.preview.configure(width=self.preview.width_of(2), height=px(self, HEIGHT))
        self.preview.pack_propagate(False)
        self.preview.pack(side="left", fill="y", padx=(px(self, 8), 0))
        line = ttk.Frame(self.body)
        line.pack(fill="x", pady=(px(self, 10), 0))
        self.forget_chosen = ttk.Button(line, text=_("Forget the selected"), icon="arrow-repeat", command=self._forget)
        self.forget_chosen.pack(side="left")
        self._news = ttk.Label(line)
        self._news.pack(side="left", padx=px(self, 12))
        self.table.on_select(self._select)
        self.bind("<Delete>", lambda _event: self._forget())
        self.model = ToldApartModel(desk.background, lambda: desk.engine_link.engine.catalog, self._draw)
        self.model.read()
        self._draw()
        self._tick()

    def _draw(self) -> None:
        if not self.winfo_exists():
            return
        rows = self.model.rows
        self.table.fill(Row(row.key, row.cells) for row in rows)
        if rows:
            self.table.select(rows[0].key)
        self._news.configure(text=self.model.news)
        self._select()

    def _select(self) -> None:
        chosen = self.table.selected
        self.forget_chosen.state(["!disabled" if chosen else "disabled"])
        tiles = self.model.tiles(self.table.focused) if chosen else []
        self.preview.show_files(tiles, [(tile.path, _mtime(tile.path)) for tile in tiles])

    def _forget(self) -> None:
        self.model.forget(self.table.selected)

    def _tick(self) -> None:
        if self.winfo_exists():
            self.preview.tick()
            self.after(LOOK, self._tick)


def _mtime(path: str) -> int:
    """Time of a file in nanoseconds, which a thumbnail of it is known by; 0 where it is gone."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _columns() -> list[ColumnSpec]:
    return [
        ColumnSpec("first", _("Picture"), 170, stretch=True),
        ColumnSpec("second", _("Other picture"), 170, stretch=True),
        ColumnSpec("decided", _("Since"), 150),
    ]
