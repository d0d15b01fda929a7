"""Metadata of both pictures beside each other, what differs marked by a sign and in bold."""

from __future__ import annotations

import tkinter
from collections.abc import Sequence

import ttkbootstrap as ttk

from image_sync.gui.compare.facts import Fact
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.table import ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wrapped import WrappedLabel

WIDTH = 420


class Details(ttk.Frame):
    """A table of three columns, and a choice to see only what differs."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master, width=px(master, WIDTH))
        self.grid_propagate(False)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._facts: Sequence[Fact] = ()
        self._only = tkinter.BooleanVar(self, False)
        self.only = ttk.Checkbutton(self, text=_("Only what differs"), variable=self._only, command=self._draw)
        self.only.grid(row=0, column=0, sticky="w", pady=(0, px(self, 6)))
        ttk.ToolTip(self.only, text=_("≠: they differ.  ◂ ▸: only the left or the right one says so."))
        self._count = ttk.Label(self, bootstyle="secondary", font="SmallFont")
        self._count.grid(row=0, column=0, sticky="e")
        columns = [
            ColumnSpec("name", _("What"), 140),
            ColumnSpec("left", _("Left"), 124, stretch=True),
            ColumnSpec("right", _("Right"), 124, stretch=True),
        ]
        self.table = Table(self, columns)
        self.table.grid(row=1, column=0, sticky="nsew")
        self.table.view.tag_configure("differs", font="BoldFont")
        self._whole = WrappedLabel(self, font="SmallFont", width=1)
        self._whole.grid(row=2, column=0, sticky="ew", pady=(px(self, 6), 0))
        self.table.on_select(self._tell_whole)

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these facts."""
        self._facts = facts
        self._draw()

    def _draw(self) -> None:
        differing = [fact for fact in self._facts if fact.differs]
        words = ngettext("{count} difference", "{count} differences", len(differing))
        self._count.configure(text=words.format(count=formatting.count(len(differing))) if self._facts else "")
        told = self._told = differing if self._only.get() else self._facts
        self._whole.configure(text="")
        self.table.fill(
            Row(
                f"f{number}",
                (
                    f"{fact.sign} {fact.name}" if fact.differs else f"   {fact.name}",
                    fact.left or "–",
                    fact.right or "–",
                ),
                ("differs",) if fact.differs else (),
            )
            for number, fact in enumerate(told)
        )

    _told: Sequence[Fact] = ()

    def _tell_whole(self) -> None:
        """Say the selected line in full, below the table: its columns are too narrow for a sentence."""
        number = self.table.focused.removeprefix("f")
        if not number.isdigit() or int(number) >= len(self._told):
            return
        fact = self._told[int(number)]
        values = (fact.left or "–", fact.right or "–")
        told = (
            values[0] if not fact.differs else _("left {left}, right {right}").format(left=values[0], right=values[1])
        )
        self._whole.configure(text=f"{fact.name}: {told}")
