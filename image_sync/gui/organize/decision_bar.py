"""Bar of decisions above the groups: what the keys do, as buttons, and which groups a run is about."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from typing import Protocol

import ttkbootstrap as ttk

from image_sync.gui.organize.page_model import OrganizeModel
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.visible import show

GAP = 4


class Deeds(Protocol):
    """Deeds of the page with the selection."""

    def toggle(self) -> None:
        """Keep, or move aside."""

    def keep_only(self) -> None:
        """Keep only this."""

    def keep_all(self) -> None:
        """Keep all."""

    def leave(self) -> None:
        """Leave where it is."""

    def make_best(self) -> None:
        """Make it the best."""

    def not_the_same(self) -> None:
        """Take it out of its group."""

    def accept(self) -> None:
        """The group is reviewed."""

    def compare(self) -> None:
        """Compare with the best."""


class DecisionBar(ttk.Frame):
    """One button for each decision, its key in the tooltip."""

    def __init__(self, master: tkinter.Misc, model: OrganizeModel, deeds: Deeds) -> None:
        super().__init__(master)
        self._model = model
        self.columnconfigure(0, weight=1)
        flow = self._flow = Flow(self, GAP)
        flow.grid(row=0, column=0, sticky="ew")
        self.buttons: dict[str, ttk.Button] = {}
        self._button(
            "reviewed", _("Reviewed"), "check-lg", deeds.accept, _("As it is shown, and on to the next (Enter).")
        )
        self._button(
            "toggle", _("Keep / aside"), "arrow-left-right", deeds.toggle, _("Keep it, or move it aside (Space).")
        )
        self._button(
            "only", _("Only this"), "1-circle", deeds.keep_only, _("Keep only this one of the group (K; 1 … 9).")
        )
        self._button("all", _("Keep all"), "check-all", deeds.keep_all, _("Keep every picture of the group (A)."))
        self._button(
            "leave", _("Leave"), "circle", deeds.leave, _("It stays where it is; this run leaves it alone (L).")
        )
        self._button("best", _("Best"), "star", deeds.make_best, _("The others are compared with this one (B)."))
        self._button(
            "not the same",
            _("Not the same"),
            "x-circle",
            deeds.not_the_same,
            _("The selected pictures leave their group, now and in every later scan (N)."),
        )
        self._button("compare", _("Compare"), "layout-split", deeds.compare, _("Beside the best of its group (C)."))
        self._button(
            "undo", _("Back"), "arrow-counterclockwise", model.undo, _("Take the last decision back (Ctrl+Z).")
        )
        self._only = tkinter.BooleanVar(self, False)
        self.only_reviewed = ttk.Checkbutton(
            flow, text="", variable=self._only, command=lambda: model.set_only_reviewed(self._only.get())
        )
        ttk.ToolTip(self.only_reviewed, text=_("Apply what was reviewed and leave the rest for later."))
        flow.show([*self.buttons.values(), self.only_reviewed])

    def draw(self) -> None:
        """Show what can be done now, and how many groups were reviewed."""
        groups, history = self._model.groups, self._model.history
        self.buttons["undo"].state(["!disabled" if history.can_undo else "disabled"])
        self._only.set(history.now.only_reviewed)
        if groups is not None:
            words = _("Only reviewed groups ({done} of {all})").format(
                done=formatting.count(groups.reviewed), all=formatting.count(len(groups.review.groups))
            )
            if self.only_reviewed.cget("text") != words:
                self.only_reviewed.configure(text=words)
                self._flow.arrange()
        show(self.only_reviewed, True)

    def _button(self, name: str, words: str, icon: str, deed: Callable[[], object], meaning: str) -> None:
        button = ttk.Button(self._flow, text=words, icon=icon, bootstyle="ghost", command=deed)
        ttk.ToolTip(button, text=meaning)
        self.buttons[name] = button
