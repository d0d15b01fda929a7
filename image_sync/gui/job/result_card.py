"""Card of a run's result: a headline, the figures, and what can be done next.  Draws a ``CardContent``."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from typing import Protocol

import ttkbootstrap as ttk

from image_sync.gui.job.confirm_model import CardContent
from image_sync.gui.pages.page import Desk
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px

WRAP = 560
"""Of the facts at 100 %; longer ones wrap."""


class Ended(Protocol):
    """Part of a page's model that the card needs."""

    outcome: CardContent | None

    @property
    def can_undo(self) -> bool:
        """Whether the run can be undone from here."""

    @property
    def can_resume(self) -> bool:
        """Whether the run can go on from here."""

    def undo(self) -> None:
        """Bring back what was just applied."""

    def resume(self) -> None:
        """Go on with what was just stopped."""

    def start_over(self) -> None:
        """Put the result away."""


class ResultCard(ttk.Frame):
    """Shown when a run has ended."""

    def __init__(self, master: tkinter.Misc, model: Ended, desk: Desk, reveal_output: Callable[[], None]) -> None:
        super().__init__(master)
        self._model = model
        gap = px(self, 8)
        card = ttk.Frame(self, padding=gap * 2)
        card.place(relx=0.5, rely=0.35, anchor="center")
        self._headline = ttk.Label(card, font="TitleFont", icon="check-circle-fill", compound="left")
        self._headline.pack(pady=(0, gap))
        self._facts = ttk.Label(card, justify="center", wraplength=px(self, WRAP))
        self._facts.pack(pady=(0, gap * 2))
        buttons = ttk.Frame(card)
        buttons.pack()
        self.undo = ttk.Button(buttons, text=_("Undo"), icon="arrow-counterclockwise", command=model.undo)
        self.resume = ttk.Button(buttons, text=_("Go on"), icon="play-fill", command=model.resume)
        self.problems = ttk.Button(
            buttons, text=_("Problems"), icon="exclamation-triangle", command=lambda: desk.show("problems")
        )
        self.output = ttk.Button(buttons, text=_("Show the output"), icon="folder2-open", command=reveal_output)
        self.again = ttk.Button(buttons, text=_("New scan"), bootstyle="primary", command=model.start_over)
        self._buttons = (self.undo, self.resume, self.problems, self.output, self.again)

    def focus_first(self) -> None:
        """Put the keyboard on a button that is offered and changes no file: Enter may be pressed once too often."""
        harmless = (self.problems, self.output, self.again)
        first = next((button for button in harmless if button.winfo_manager()), None)
        if first is not None:
            first.focus_set()

    def draw(self) -> None:
        """Show the outcome of the model."""
        outcome = self._model.outcome
        if outcome is None:
            return
        icon, style = ("check-circle-fill", "success") if outcome.good else ("exclamation-triangle-fill", "")
        self._headline.configure(text=" " + outcome.headline, bootstyle=style or "default", icon=icon)
        self._facts.configure(text="\n".join(outcome.facts))
        wanted = {
            self.undo: self._model.can_undo,
            self.resume: self._model.can_resume,
            self.problems: not outcome.good,
            self.output: not outcome.undone,
            self.again: True,
        }
        for button in self._buttons:
            button.pack_forget()
        for button in self._buttons:
            if wanted[button]:
                button.pack(side="left", padx=px(self, 4))
