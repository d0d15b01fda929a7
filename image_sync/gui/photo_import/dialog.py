"""The small window in which dates and descriptions are corrected.  Draws a ``CorrectionForm``."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.photo_import.correction import CorrectionForm, Typed
from image_sync.gui.widgets.dialogs import Answer, Dialog
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.jobs.photo_import.model import Correction

Taken = Callable[[dict[str, Correction]], None]
FIELD = 40


class CorrectionDialog(Dialog):
    """Two fields, where the files go then, and what is wrong; ``taken`` gets all corrections."""

    def __init__(self, parent: tkinter.Misc, form: CorrectionForm, taken: Taken) -> None:
        answers = [Answer("cancel", _("Cancel"))]
        if form.can_take_back:
            answers.append(Answer("back", _("Take back")))
        answers.append(Answer("yes", _("Correct"), "primary", default=True))
        super().__init__(parent, _("Correct"), answers, lambda _key: None, "cancel")
        self._form, self._taken = form, taken
        self.say(_("Correct {what}").format(what=form.title), font="TitleFont")
        fields = ttk.Frame(self.body)
        fields.pack(fill="x", pady=(0, px(self, 8)))
        fields.columnconfigure(1, weight=1)
        self.date = self._field(fields, 0, _("Date"), form.start.date, _("such as 2004, 2004-03 or 2004-03-05"))
        self.description = self._field(
            fields, 2, _("Description"), form.start.description, _("such as Picnic, or Italy/Rome for a folder in it")
        )
        if form.mixed:
            self.say("\n".join(form.mixed))
        self._told = self.say("")
        self._draw()

    def answer(self, key: str) -> None:
        """Take what stands in the fields before they are gone; what is wrong can't be taken."""
        typed = self.typed
        if key == "yes" and self._form.mistake(typed):
            self.date.focus_set()
            return
        super().answer(key)
        if key == "yes":
            self._taken(self._form.corrections(typed))
        elif key == "back":
            self._taken(self._form.taken_back())

    @property
    def typed(self) -> Typed:
        """Texts of the fields."""
        return Typed(self.date.get(), self.description.get())

    def _field(self, master: tkinter.Misc, row: int, name: str, text: str, example: str) -> ttk.Entry:
        gap = px(self, 4)
        ttk.Label(master, text=name, font="BoldFont").grid(row=row, column=0, sticky="w", padx=(0, gap * 4))
        entry = ttk.Entry(master, width=FIELD)
        entry.insert(0, text)
        entry.grid(row=row, column=1, sticky="ew", pady=(gap, 0))
        ttk.Label(master, text=example, bootstyle="secondary", font="SmallFont").grid(row=row + 1, column=1, sticky="w")
        entry.bind("<KeyRelease>", lambda _event: self._draw(), add="+")
        for sequence in ("<Return>", "<KP_Enter>"):
            entry.bind(sequence, lambda _event: self.answer("yes"))
        return entry

    def _draw(self) -> None:
        wrong = self._form.mistake(self.typed)
        preview = self._form.preview(self.typed)
        goes = _("Goes to:\n{places}").format(places=preview)
        self._told.configure(text=wrong or goes, bootstyle="danger" if wrong else "default")
        self.buttons["yes"].state(["disabled" if wrong else "!disabled"])

    def _take_focus(self, tries: int) -> None:
        super()._take_focus(tries)
        if self.winfo_exists() and self.winfo_viewable():
            self.date.focus_set()
            self.date.selection_range(0, "end")


def correct(parent: tkinter.Misc, form: CorrectionForm, taken: Taken) -> CorrectionDialog:
    """Ask what is right."""
    dialog = CorrectionDialog(parent, form, taken)
    dialog.open()
    return dialog
