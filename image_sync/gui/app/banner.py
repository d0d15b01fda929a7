"""The strip above the page that offers to finish or take back a run that was cut off."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.base.model import RunState, RunSummary
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wrapped import WrappedLabel


class Banner(ttk.Frame):
    """A sentence and three buttons; hidden until there is something to offer."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master, bootstyle="@chrome", padding=px(master, 10))
        self._answered: Callable[[str, str], None] | None = None
        self._run = ""
        self._dismissed: set[str] = set()
        self.columnconfigure(0, weight=1)
        self._words = WrappedLabel(self, bootstyle="@chrome")
        self._words.grid(row=0, column=0, sticky="ew")
        self.buttons = {}
        names = (("resume", _("Resume")), ("undo", _("Undo")), ("later", _("Later")))
        for column, (key, words) in enumerate(names, 1):
            button = ttk.Button(self, text=words, command=lambda key=key: self._answer(key))
            button.grid(row=0, column=column, padx=(px(self, 8), 0))
            self.buttons[key] = button

    def offer(self, run: RunSummary, answered: Callable[[str, str], None]) -> None:
        """Offer to finish ``run``, unless the user said *later* to it."""
        if run.run in self._dismissed:
            self.hide()
            return
        self._run, self._answered = run.run, answered
        undoing = run.state is RunState.PARTLY_UNDONE
        if undoing:
            words = _("The undo of a run of {when} was cut off.").format(when=formatting.moment(run.started))
        else:
            words = _("A run of {when} was cut off after {done} of {total} steps.").format(
                when=formatting.moment(run.started), done=formatting.count(run.done), total=formatting.count(run.total)
            )
        self._words.configure(text=words)
        self.buttons["resume"].state(["disabled" if undoing else "!disabled"])
        self.grid()

    def dismiss(self, name: str) -> None:
        """Do not offer this run again while the window is open."""
        self._dismissed.add(name)
        self.hide()

    def hide(self) -> None:
        """Nothing to offer."""
        self.grid_remove()

    def _answer(self, key: str) -> None:
        if self._answered is not None:
            self._answered(key, self._run)
