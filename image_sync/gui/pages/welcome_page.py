"""The page of the first start: what the program can do, as one card per job; pressed, it opens that job's page."""

from __future__ import annotations

import tkinter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ttkbootstrap as ttk

from image_sync.gui.pages.drawings import DRAWINGS, Drawing
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.jobs import registry

COLUMN = 268
"""Width at 100 % that a card needs at least; where there is less room, they stand below each other."""


@dataclass(frozen=True, slots=True)
class Card:
    """Words of a card."""

    question: str
    answer: str


def cards() -> dict[str, Card]:
    """The cards, by the names of the jobs."""
    return {
        "organize": Card(
            _("Find copies and similar pictures"),
            _("Groups what is the same, also smaller, cropped or edited. You decide what is kept."),
        ),
        "sync": Card(
            _("Keep two folders the same"),
            _("Phone and backup, laptop and disk: what is new goes both ways, and you are asked where both changed."),
        ),
        "import": Card(
            _("File photos by date"),
            _("From a card, a phone or an export into folders by year; what the library has already is left out."),
        ),
    }


class WelcomePage(Page):
    """Cards beside each other, and below them what holds for all."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        gap = px(self, 12)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.rowconfigure(2, weight=2)
        inner = self._inner = ttk.Frame(self)
        inner.grid(row=1, column=0, sticky="ew", padx=gap * 2)
        ttk.Label(inner, text=_("What would you like to do?"), font="TitleFont").grid(
            row=0, column=0, columnspan=3, pady=(0, gap * 2)
        )
        self.buttons: dict[str, ttk.Button] = {}
        """The button of each card, by the name of its job."""
        known = cards()
        self._cards = [self._card(inner, job, known[job]) for job in registry.JOBS if job in known]
        self._calm = WrappedLabel(inner, anchor="center", bootstyle="secondary")
        self._calm.configure(
            justify="center",
            text=_(
                "Nothing is changed before you have seen every step and pressed Apply.\n"
                "Whatever was done can be undone, at once or from History."
            ),
        )
        self._columns = 0
        self.bind("<Configure>", self._resized)
        self._arrange(len(self._cards))

    def entered(self) -> None:
        """The first card has the keyboard."""
        next(iter(self.buttons.values())).focus_set()

    def _card(self, master: tkinter.Misc, job: str, words: Card) -> ttk.Frame:
        gap = px(self, 12)
        card = ttk.Frame(master, padding=gap)
        if job in DRAWINGS:
            Drawing(card, job).pack(pady=(0, gap))
        heading = WrappedLabel(card, text=words.question, font="BoldFont", anchor="center")
        heading.configure(justify="center")
        heading.pack(fill="x")
        answer = WrappedLabel(card, text=words.answer, anchor="center")
        answer.configure(justify="center")
        answer.pack(fill="x", pady=(gap / 2, gap), expand=True, anchor="n")
        entry = registry.JOBS[job]
        button = ttk.Button(
            card, text=_(entry.title), icon=entry.symbol, bootstyle="primary", command=lambda: self._begin(job)
        )
        button.pack(side="bottom")
        button.bind("<Right>", lambda _event: self._step(job, 1))
        button.bind("<Left>", lambda _event: self._step(job, -1))
        self.buttons[job] = button
        return card

    def _begin(self, job: str) -> None:
        memory = self.desk.memory
        memory.save(replace(memory.preferences, greeted=True))
        self.desk.show(job)

    def _step(self, job: str, step: int) -> str:
        jobs: Sequence[str] = tuple(self.buttons)
        self.buttons[jobs[(jobs.index(job) + step) % len(jobs)]].focus_set()
        return "break"

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            self._arrange(max(1, min(len(self._cards), event.width // px(self, COLUMN))))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number in range(len(self._cards)):
            self._inner.columnconfigure(
                number, weight=1 if number < columns else 0, uniform="card" if number < columns else ""
            )
        for number, card in enumerate(self._cards):
            card.grid(row=1 + number // columns, column=number % columns, sticky="nsew", padx=px(self, 6))
        self._calm.grid(row=2 + len(self._cards), column=0, columnspan=3, sticky="ew", pady=(px(self, 24), 0))
