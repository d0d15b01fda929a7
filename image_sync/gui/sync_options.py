"""The choices of *sync* below the folders: what becomes of deleted files, which files count, whether all are read.

Draws a ``SyncForm`` and writes what is chosen into it; ``changed`` is called after each change.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.i18n import _
from image_sync.gui.sync_form import OFFERED, SyncForm, deletions_words
from image_sync.gui.theme import px


class SyncOptions(ttk.Frame):
    """One row of choices, two where there is little room."""

    def __init__(self, master: tkinter.Misc, form: SyncForm, changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._images_only = tkinter.BooleanVar(self, form.images_only)
        self._verify = tkinter.BooleanVar(self, form.verify)
        gap = px(self, 8)
        self.columnconfigure(2, weight=1)
        ttk.Label(self, text=_("Deleted on one side"), font="BoldFont").grid(row=0, column=0, padx=(0, gap))
        words = [deletions_words(deletions) for deletions in OFFERED]
        self.deletions = ttk.Combobox(self, values=words, state="readonly", width=max(map(len, words)))
        self.deletions.current(OFFERED.index(form.deletions))
        self.deletions.bind("<<ComboboxSelected>>", self._chosen, add="+")
        self.deletions.grid(row=0, column=1, sticky="ew")
        ttk.ToolTip(
            self.deletions,
            text=_("A file that both folders had after the last sync, and that is gone from one of them now."),
        )
        self._ticks = ttk.Frame(self)
        self._ticks.grid(row=0, column=2, sticky="w", padx=gap * 2)
        self.images_only = self._tick(
            _("Pictures only"),
            self._images_only,
            _("Pictures and movies with the files that belong to them; everything else is left alone."),
        )
        self.verify = self._tick(
            _("Read every file"),
            self._verify,
            _("Compares the content of all files again, also of those that look untouched. Takes longer."),
        )

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not while a job runs."""
        for widget in (self.deletions, self.images_only, self.verify):
            widget.state(["!disabled" if enabled else "disabled"])

    def set_narrow(self, narrow: bool) -> None:
        """Put the ticks below the list, and let the list shrink."""
        self.columnconfigure(1, weight=int(narrow))
        self.columnconfigure(2, weight=int(not narrow))
        row, column, padding = (1, 0, 0) if narrow else (0, 2, px(self, 16))
        self._ticks.grid(row=row, column=column, columnspan=3 if narrow else 1, padx=padding)

    def _tick(self, words: str, variable: tkinter.BooleanVar, meaning: str) -> ttk.Checkbutton:
        tick = ttk.Checkbutton(self._ticks, text=words, variable=variable, command=self._ticked)
        tick.pack(side="left", padx=(0, px(self, 16)))
        ttk.ToolTip(tick, text=meaning)
        return tick

    def _chosen(self, _event: object) -> None:
        self._form.deletions = OFFERED[self.deletions.current()]
        self.deletions.selection_clear()
        self._changed()

    def _ticked(self) -> None:
        self._form.images_only, self._form.verify = self._images_only.get(), self._verify.get()
        self._changed()
