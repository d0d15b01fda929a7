"""Three buttons for whoever wants to report something: copy the details, show the log, save a copy of it."""

from __future__ import annotations

import os
import shutil
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.base import log
from image_sync.base.errors import reason
from image_sync.gui.pages.page import Desk
from image_sync.gui.widgets import browse, desktop
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wording import of_error


class LogButtons(ttk.Frame):
    """*Copy details* puts what ``details`` returns on the clipboard, *Show log* opens the present log, *Save log as*
    puts a copy of it where the user wants it."""

    def __init__(self, master: tkinter.Misc, desk: Desk, details: Callable[[], str]) -> None:
        super().__init__(master)
        self._desk, self._details = desk, details
        self.copy = ttk.Button(self, text=_("Copy details"), icon="clipboard", command=self._copy)
        self.show = ttk.Button(self, text=_("Show log"), icon="file-text", command=self._show)
        self.save = ttk.Button(self, text=_("Save log as…"), icon="download", command=self._ask_to_save)
        self.copy.pack(side="left")
        self.show.pack(side="left", padx=px(self, 8))
        self.save.pack(side="left")

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._details())
        self.copy.configure(text=_("Copied"))

    def _ask_to_save(self) -> None:
        path = self._path()
        if path:
            start = os.path.join(os.path.expanduser("~"), f"image-sync {os.path.basename(path)}")
            browse.choose_new_file(self, self._desk.counter, _("Save the log"), start, lambda to: self._save(path, to))

    def _save(self, path: str, to: str) -> None:
        def failed(error: Exception) -> None:
            why = reason(error) if isinstance(error, OSError) else str(error)
            self._desk.say(_("{path} can't be written: {error}").format(path=shown(to), error=why))

        def saved(_place: str) -> None:
            self._desk.say(_("Written to {path}.").format(path=shown(to)))

        self._desk.counter.submit(lambda: shutil.copyfile(path, to), saved, failed=failed)

    def _path(self) -> str:
        """The present log; where there is none, that is said."""
        kept = log.current()
        if kept is None or not kept.path:
            self._desk.say(shown(kept.trouble) if kept else _("No log is kept."))
            return ""
        return kept.path

    def _show(self) -> None:
        path = self._path()
        if not path:
            return

        def failed(error: Exception) -> None:
            self._desk.say(_("{path} can't be opened: {error}").format(path=shown(path), error=of_error(error)))

        self._desk.counter.submit(lambda: desktop.open_file(path), lambda _nothing: None, failed=failed)
