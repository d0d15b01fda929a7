"""Two buttons for whoever wants to report something: copy the details, show the log."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.base import log
from image_sync.gui.pages.page import Desk
from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wording import of_error


class LogButtons(ttk.Frame):
    """*Copy details* puts what ``details`` returns on the clipboard, *Show log* opens the present log."""

    def __init__(self, master: tkinter.Misc, desk: Desk, details: Callable[[], str]) -> None:
        super().__init__(master)
        self._desk, self._details = desk, details
        self.copy = ttk.Button(self, text=_("Copy details"), icon="clipboard", command=self._copy)
        self.show = ttk.Button(self, text=_("Show log"), icon="file-text", command=self._show)
        self.copy.pack(side="left")
        self.show.pack(side="left", padx=px(self, 8))

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._details())
        self.copy.configure(text=_("Copied"))

    def _show(self) -> None:
        kept = log.current()
        if kept is None or not kept.path:
            self._desk.say(shown(kept.trouble) if kept else _("No log is kept."))
            return
        path = kept.path

        def failed(error: Exception) -> None:
            self._desk.say(_("{path} can't be opened: {error}").format(path=shown(path), error=of_error(error)))

        self._desk.counter.submit(lambda: desktop.open_file(path), lambda _nothing: None, failed=failed)
