"""The choices of *organize* below the folders: how alike, turned or not, which way, what becomes of a group.

Draws an ``OrganizeForm`` and writes what is chosen into it; ``changed`` is called after each change.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui import formatting
from image_sync.gui.i18n import _
from image_sync.gui.organize_form import OrganizeForm, handling_words, threshold_word, transfer_meaning, transfer_words
from image_sync.gui.theme import px
from image_sync.settings import HIGHEST_THRESHOLD, LOWEST_THRESHOLD, Handling, Transfer

STEP = 0.01


class OptionsBar(ttk.Frame):
    """Two short rows of choices."""

    def __init__(self, master: tkinter.Misc, form: OrganizeForm, changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._threshold = tkinter.DoubleVar(self, form.threshold)
        self._rotations = tkinter.BooleanVar(self, form.rotations)
        self._transfer = tkinter.StringVar(self, form.transfer.value)
        self.columnconfigure(3, weight=1)
        self._make_similarity()
        self._make_ways()
        self.draw()

    def draw(self) -> None:
        """Show the form as it is now."""
        form = self._form
        if round(self._threshold.get(), 2) != form.threshold:
            self._threshold.set(form.threshold)
        self._value.configure(text=f"{formatting.percent(form.threshold)} · {threshold_word(form.threshold)}")
        moves = form.handling is Handling.GATHER
        for button in self.transfers.values():
            button.state(["!disabled" if moves and self._enabled else "disabled"])

    def set_narrow(self, narrow: bool) -> None:
        """Put what stands on the right below the rest."""
        if narrow is not self._narrow:
            self._narrow = narrow
            column, span = (0, 4) if narrow else (3, 1)
            self.rotations.grid(row=2 if narrow else 0, column=column, columnspan=span)
            self._ways.grid(row=3 if narrow else 1, column=column, columnspan=span)

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not while a job runs."""
        self._enabled = enabled
        for widget in (self.slider, self.rotations, self.handling):
            widget.state(["!disabled" if enabled else "disabled"])
        self.draw()

    _enabled = True
    _narrow = False

    def _make_similarity(self) -> None:
        gap = px(self, 8)
        ttk.Label(self, text=_("Similarity"), font="BoldFont").grid(row=0, column=0, sticky="w", padx=(0, gap))
        self.slider = ttk.Scale(
            self,
            from_=LOWEST_THRESHOLD,
            to=HIGHEST_THRESHOLD,
            variable=self._threshold,
            command=self._slid,
            length=px(self, 124),
            takefocus=True,
        )
        self.slider.grid(row=0, column=1, sticky="w")
        for keys, step in ((("<Left>", "<Down>"), -STEP), (("<Right>", "<Up>"), STEP)):
            for key in keys:
                self.slider.bind(key, lambda _event, step=step: self._step(step))  # type: ignore[misc]
        self._value = ttk.Label(self, width=15)
        self._value.grid(row=0, column=2, sticky="w", padx=gap)
        self.rotations = ttk.Checkbutton(
            self, text=_("Compare rotated"), variable=self._rotations, command=self._ticked
        )
        ttk.ToolTip(
            self.rotations, text=_("Also finds pictures that were turned by 90, 180 or 270 degrees, or mirrored.")
        )
        self.rotations.grid(row=0, column=3, sticky="w", padx=gap)

    def _make_ways(self) -> None:
        gap = px(self, 8)
        ttk.Label(self, text=_("Groups"), font="BoldFont").grid(
            row=1, column=0, sticky="w", padx=(0, gap), pady=(gap, 0)
        )
        self.handling = ttk.Combobox(
            self, values=[handling_words(handling) for handling in Handling], state="readonly", width=26
        )
        self.handling.current(list(Handling).index(self._form.handling))
        self.handling.bind("<<ComboboxSelected>>", self._handled, add="+")
        self.handling.grid(row=1, column=1, columnspan=2, sticky="w", pady=(gap, 0))
        box = self._ways = ttk.Frame(self)
        box.grid(row=1, column=3, sticky="w", padx=gap, pady=(gap, 0))
        self.transfers = {}
        for transfer in Transfer:
            button = ttk.Radiobutton(
                box,
                text=transfer_words(transfer),
                value=transfer.value,
                variable=self._transfer,
                command=self._transferred,
            )
            button.pack(side="left", padx=(0, gap))
            ttk.ToolTip(button, text=transfer_meaning(transfer))
            self.transfers[transfer] = button

    def _slid(self, _value: str) -> None:
        before = self._form.threshold
        self._form.set_threshold(self._threshold.get())
        if self._form.threshold != before:
            self.draw()
            self._changed()

    def _step(self, step: float) -> str:
        if self._enabled:
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

    def _transferred(self) -> None:
        self._form.transfer = Transfer(self._transfer.get())
        self._changed()
