"""The search field above what was found: typed text becomes a query, with a line that says how much it shows."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.job.query import Query, parsed
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px

PAUSE = 150
"""Milliseconds after the last key when the search begins."""
WIDTH = 34


class SearchBar(ttk.Frame):
    """Ctrl+F comes here, Escape empties the field, Enter goes to what was found."""

    def __init__(
        self,
        master: tkinter.Misc,
        searched: Callable[[Query], None],
        leave: Callable[[], None],
        examples: str,
    ) -> None:
        super().__init__(master)
        self._searched, self._leave = searched, leave
        self._waiting = ""
        self.columnconfigure(3, weight=1)
        gap = px(self, 6)
        ttk.Label(self, text=_("Search"), icon="search", compound="left").grid(row=0, column=0, padx=(0, gap))
        self.entry = ttk.Entry(self, width=WIDTH)
        self.entry.grid(row=0, column=1)
        ttk.ToolTip(self.entry, text=examples)
        self.clear = ttk.Button(self, icon="x-lg", bootstyle="ghost", command=self.empty)
        self.clear.grid(row=0, column=2, padx=(gap // 2, gap))
        ttk.ToolTip(self.clear, text=_("Show everything again (Esc)."))
        self._told = ttk.Label(self, bootstyle="secondary", width=1)
        self._told.grid(row=0, column=3, sticky="ew")
        self.entry.bind("<KeyRelease>", lambda _event: self._typed(), add="+")
        self.entry.bind("<Escape>", lambda _event: self._escape())
        for sequence in ("<Return>", "<KP_Enter>", "<Down>"):
            self.entry.bind(sequence, lambda _event: self._go())
        self._text = ""
        self._draw(Query(), "")

    def focus_first(self) -> None:
        """Take the keyboard, with what was typed selected."""
        self.entry.focus_set()
        self.entry.selection_range(0, "end")

    def tell(self, words: str) -> None:
        """Say how much the search shows, unless it was not understood."""
        query = parsed(self._text)
        self._draw(query, words)

    def empty(self) -> None:
        """Search for nothing: everything is shown."""
        self.entry.delete(0, "end")
        self._search()
        self._leave()

    def forget(self) -> None:
        """Empty the field, without a search: what was found is gone."""
        self.entry.delete(0, "end")
        self._text = ""
        self._draw(Query(), "")

    def _typed(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
        self._waiting = self.after(PAUSE, self._search)

    def _search(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
            self._waiting = ""
        text = self.entry.get()
        if text == self._text:
            return
        self._text = text
        query = parsed(text)
        self._draw(query, "")
        if not query.mistake:
            self._searched(query)

    def _escape(self) -> str:
        if self.entry.get():
            self.empty()
        else:
            self._leave()
        return "break"

    def _go(self) -> str:
        self._search()
        self._leave()
        return "break"

    def _draw(self, query: Query, words: str) -> None:
        self._told.configure(text=query.mistake or words, bootstyle="danger" if query.mistake else "secondary")
        self.clear.state(["!disabled" if self._text else "disabled"])
