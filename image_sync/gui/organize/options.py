"""The choices of *organize* below the folders: what matches, how alike, turned or not, what becomes of a group.

Draws an ``OrganizeForm`` and writes what is chosen into it; ``changed`` is called after each change.
"""

from __future__ import annotations

import tkinter
import tkinter.ttk as tkinter_ttk
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.job.transfer_choice import TransferChoice
from image_sync.gui.organize.form import (
    OrganizeForm,
    handling_words,
    level_meaning,
    level_words,
    threshold_word,
    transfer_meaning,
    transfer_words,
)
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.jobs.organize.request import Handling, Level
from image_sync.jobs.transfer import Transfer
from image_sync.matching.threshold import HIGHEST_THRESHOLD, LOWEST_THRESHOLD

STEP = 0.01
SPACE = 10
NAME = 7
"""Characters that the names of the lists have room for, so that the lists stand below each other."""
NARROWER = 0.75
"""How wide the letters of words are beside the digits that a list's width is counted in."""


class OptionsBar(ttk.Frame):
    """Two short rows of choices, more where there is little room."""

    def __init__(self, master: tkinter.Misc, form: OrganizeForm, changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._enabled = True
        self._threshold = tkinter.DoubleVar(self, form.threshold)
        self._rotations = tkinter.BooleanVar(self, form.rotations)
        self.columnconfigure(0, weight=1)
        matching, treatment = Flow(self, SPACE), Flow(self, SPACE)
        matching.grid(row=0, column=0, sticky="ew")
        treatment.grid(row=1, column=0, sticky="ew", pady=(px(self, 8), 0))
        matching.show([self._make_level(matching), self._make_similarity(matching), self._make_rotations(matching)])
        treatment.show([self._make_handling(treatment), self._make_transfers(treatment)])
        self.draw()

    def draw(self) -> None:
        """Show the form as it is now."""
        form = self._form
        if round(self._threshold.get(), 2) != form.threshold:
            self._threshold.set(form.threshold)
        if form.threshold_counts:
            self._value.configure(text=f"{formatting.percent(form.threshold)} · {threshold_word(form.threshold)}")
        else:
            self._value.configure(text=_("nothing differs"))
        # Edited pictures are looked at in every position, so the tick is on, whatever stands in the form.
        self._rotations.set(form.rotations if form.rotations_count else form.level is Level.EDITED)
        self._allow(True, self.level, self.handling)
        self._allow(form.threshold_counts, self.slider)
        self._allow(form.rotations_count, self.rotations)
        self._allow(form.handling is Handling.GATHER, *self.transfers.values())

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not while a job runs."""
        self._enabled = enabled
        self.draw()

    def _allow(self, sensible: bool, *widgets: tkinter_ttk.Widget) -> None:
        for widget in widgets:
            widget.state(["!disabled" if sensible and self._enabled else "disabled"])

    def _draw_ring(self, style: str) -> None:
        self._ring.configure(bootstyle=style)
        self._ring.state(["focus"])

    # --- building ---

    def _make_level(self, master: tkinter.Misc) -> ttk.Frame:
        self.level = _list(master, _("Find"), [level_words(level) for level in Level])
        self.level.current(list(Level).index(self._form.level))
        self.level.bind("<<ComboboxSelected>>", self._leveled, add="+")
        meanings = (f"{level_words(level)}: {level_meaning(level)}" for level in Level)
        ttk.ToolTip(self.level, text="\n".join(meanings))
        return self.level.master  # type: ignore[return-value]

    def _make_similarity(self, master: tkinter.Misc) -> ttk.Frame:
        gap = px(self, 8)
        box = ttk.Frame(master)
        ttk.Label(box, text=_("Similarity"), font="BoldFont").pack(side="left", padx=(0, gap))
        # The toolkit's slider does not show that it has the keyboard.
        self._ring = ttk.Frame(box, padding=px(self, 2))
        self._ring.pack(side="left")
        self.slider = ttk.Scale(
            self._ring,
            from_=LOWEST_THRESHOLD,
            to=HIGHEST_THRESHOLD,
            variable=self._threshold,
            command=self._slid,
            length=px(self, 96),
            takefocus=True,
        )
        self.slider.pack()
        self.slider.bind("<FocusIn>", lambda _event: self._draw_ring("highlight"), add="+")
        self.slider.bind("<FocusOut>", lambda _event: self._draw_ring("default"), add="+")
        for keys, step in ((("<Left>", "<Down>"), -STEP), (("<Right>", "<Up>"), STEP)):
            for key in keys:
                self.slider.bind(key, lambda _event, step=step: self._step(step))  # type: ignore[misc]
        self._value = ttk.Label(box, width=14)
        self._value.pack(side="left", padx=(gap, 0))
        return box

    def _make_rotations(self, master: tkinter.Misc) -> ttk.Checkbutton:
        self.rotations = ttk.Checkbutton(master, text=_("Turned too"), variable=self._rotations, command=self._ticked)
        ttk.ToolTip(
            self.rotations, text=_("Also finds pictures that were turned by 90, 180 or 270 degrees, or mirrored.")
        )
        return self.rotations

    def _make_handling(self, master: tkinter.Misc) -> ttk.Frame:
        self.handling = _list(master, _("Groups"), [handling_words(handling) for handling in Handling])
        self.handling.current(list(Handling).index(self._form.handling))
        self.handling.bind("<<ComboboxSelected>>", self._handled, add="+")
        return self.handling.master  # type: ignore[return-value]

    def _make_transfers(self, master: tkinter.Misc) -> TransferChoice:
        box = TransferChoice(master, Transfer, transfer_words, transfer_meaning, self._form.transfer, self._transferred)
        self.transfers = box.buttons
        return box

    # --- what the user does ---

    def _leveled(self, _event: object) -> None:
        self._form.level = list(Level)[self.level.current()]
        self.level.selection_clear()
        self.draw()
        self._changed()

    def _slid(self, _value: str) -> None:
        before = self._form.threshold
        self._form.set_threshold(self._threshold.get())
        if self._form.threshold != before:
            self.draw()
            self._changed()

    def _step(self, step: float) -> str:
        if self._enabled and self._form.threshold_counts:
            self._threshold.set(min(HIGHEST_THRESHOLD, max(LOWEST_THRESHOLD, self._form.threshold + step)))
            self._slid("")
        return "break"

    def _ticked(self) -> None:
        self._form.rotations = self._rotations.get()
        self._changed()

    def _handled(self, _event: object) -> None:
        self._form.handling = list(Handling)[self.handling.current()]
        self.handling.selection_clear()
        self.draw()
        self._changed()

    def _transferred(self, transfer: Transfer) -> None:
        self._form.transfer = transfer
        self._changed()


def _list(master: tkinter.Misc, words: str, values: list[str]) -> ttk.Combobox:
    """A list of choices behind its name, in a frame of its own."""
    frame = ttk.Frame(master)
    ttk.Label(frame, text=words, font="BoldFont", width=NAME).pack(side="left", padx=(0, px(master, 8)))
    box = ttk.Combobox(frame, values=values, state="readonly", width=round(max(map(len, values)) * NARROWER))
    box.pack(side="left", fill="x", expand=True)
    return box
