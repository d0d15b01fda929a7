"""Button with the menu of the review as a file: save it, open one, tell of it in a report."""

from __future__ import annotations

import os
import tkinter
from datetime import datetime
from typing import Any

import ttkbootstrap as ttk

from image_sync.gui.job.model import JobModel
from image_sync.gui.widgets import browse, menus
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.menus import Entry


class ReviewMenu(ttk.Button):
    """Pressed, it offers to save what is reviewed and to open what was saved."""

    def __init__(self, master: tkinter.Misc, model: JobModel[Any, Any, Any], counter: Background) -> None:
        super().__init__(master, text=_("Review"), icon="chevron-down", compound="right", bootstyle="ghost")
        self.configure(command=self._show)
        ttk.ToolTip(self, text=_("Save the review with all decisions, open one, or save a page that tells of it."))
        self._model, self._counter = model, counter
        self._folder = os.path.expanduser("~")
        self.menu: tkinter.Menu | None = None
        """The menu that was asked for last."""

    def entries(self) -> list[Entry | None]:
        """Entries of the menu as things are now."""
        return [
            Entry(_("Save the review…"), self.save, _("Ctrl+S"), enabled=self._model.can_save),
            Entry(_("Save a report…"), self.report, enabled=self._model.can_report),
            Entry(_("Open a review…"), self.open, _("Ctrl+L"), enabled=not self._model.working),
        ]

    def save(self) -> None:
        """Ask where to, and save the review there."""
        from image_sync.gui.job import review_file

        if self._model.can_save:
            start = os.path.join(self._folder, review_file.named(self._model.key))
            browse.choose_new_file(self, self._counter, _("Save the review"), start, self._save)

    def report(self) -> None:
        """Ask where to, and write a page with pictures there."""
        if self._model.can_report:
            start = os.path.join(self._folder, f"{self._model.key} {datetime.now():%Y-%m-%d %H.%M}.html")
            browse.choose_new_file(self, self._counter, _("Save a report"), start, self._save_report)

    def open(self) -> None:
        """Ask which review, and open it."""
        from image_sync.gui.job import review_file

        if not self._model.working:
            files = browse.Files(_("Reviews"), (review_file.SUFFIX, ".json"))
            browse.choose_files(self, self._counter, _("Open a review"), self._folder, self._open, files)

    def _save(self, place: str) -> None:
        self._folder = os.path.dirname(place)
        self._model.save_review(place)

    def _save_report(self, place: str) -> None:
        self._folder = os.path.dirname(place)
        self._model.save_report(place)

    def _open(self, places: tuple[str, ...]) -> None:
        self._folder = os.path.dirname(places[0])
        self._model.open_review(places[0])

    def _show(self) -> None:
        self.menu = menus.pop_up_below(self, self.entries())
