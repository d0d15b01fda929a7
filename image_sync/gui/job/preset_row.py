"""Row of the presets above the folders: a list to take one from, and what can be done with them.

Draws a ``PresetsModel``.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.base.places import presets_path
from image_sync.gui.job.presets_model import PresetsModel
from image_sync.gui.widgets import dialogs, menus
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.menus import Entry
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wrapped import WrappedLabel

WIDTH = 32


class PresetRow:
    """The widgets of the presets in the first row of a form's grid."""

    def __init__(self, master: tkinter.Misc, model: PresetsModel, reveal: Callable[[str], None]) -> None:
        self._master, self._model, self._reveal = master, model, reveal
        gap = px(master, 4)
        ttk.Label(master, text=_("Preset"), font="BoldFont").grid(row=0, column=0, sticky="w", padx=(0, gap * 3))
        line = self.line = ttk.Frame(master)
        """The row; there is room at its end."""
        line.grid(row=0, column=1, columnspan=5, sticky="ew", pady=gap)
        self.box = ttk.Combobox(line, width=WIDTH, state="readonly", postcommand=self._offer)
        self.box.pack(side="left")
        self.box.bind("<<ComboboxSelected>>", self._chosen, add="+")
        ttk.ToolTip(self.box, text=_("Folders and choices under a name; the command line has them too (--preset)."))
        self.save = ttk.Button(line, text=_("Save as…"), icon="bookmark-plus", command=self.ask_for_name)
        self.save.pack(side="left", padx=(gap * 2, 0))
        self.more = ttk.Button(line, icon="three-dots", bootstyle="ghost", command=self._show_menu)
        self.more.pack(side="left", padx=(gap, 0))
        ttk.ToolTip(self.more, text=_("Change, rename or delete the preset"))
        self._beside = WrappedLabel(line, bootstyle="secondary", width=1)
        self._beside.pack(side="left", fill="x", expand=True, padx=(gap * 3, 0))
        self.menu: tkinter.Menu | None = None
        """The menu that was asked for last."""
        self._enabled = True

    def draw(self, enabled: bool, beside: str) -> None:
        """Show which preset is taken; ``beside`` are choices of it that nothing else shows."""
        self._enabled = enabled
        taken, changed = self._model.taken, self._model.changed
        words = _("{name} (changed)").format(name=shown(taken)) if changed else shown(taken)
        if self.box.get() != words:
            self.box.set(words)
        names = [shown(name) for name in self._model.names]
        if list(self.box.cget("values")) != names:
            self.box.configure(values=names)
        self.box.state(["!disabled" if enabled else "disabled", "readonly"])
        self.save.state(["!disabled" if enabled else "disabled"])
        if self._beside.cget("text") != beside:
            self._beside.configure(text=shown(beside))

    def ask_for_name(self) -> None:
        """Ask for the name to save what is chosen under."""
        words = _("The folders and choices of this page, to be taken up again here or with --preset.")
        title = _("Save as a preset")
        dialogs.ask_text(self._master, title, words, dialogs.Text(self._model.taken, _("Save")), self._save_as)

    def _save_as(self, name: str) -> None:
        taken = next((one for one in self._model.names if one == " ".join(name.split())), "")
        if not taken or taken == self._model.taken:
            self._model.save(name)
            return
        self._sure(
            _("Replace the preset “{name}”?").format(name=shown(taken)),
            _("What it holds now is replaced by the folders and choices of this page."),
            _("Replace"),
            lambda: self._model.save(name),
        )

    # --- the menu ---

    def _show_menu(self) -> None:
        self.menu = menus.pop_up_below(self.more, self.entries())

    def entries(self) -> list[Entry | None]:
        """Entries of the menu, about the preset that is taken."""
        name = shown(self._model.taken)
        possible = bool(name) and self._enabled
        return [
            Entry(
                _("Save the changes in “{name}”").format(name=name) if name else _("Save the changes"),
                lambda: self._model.save(self._model.taken),
                enabled=possible and self._model.changed,
            ),
            Entry(_("Rename…"), self._ask_to_rename, enabled=possible),
            Entry(_("Delete…"), self._ask_to_delete, enabled=possible),
            None,
            Entry(_("Read the presets again"), self._model.load),
            Entry(_("Show the file of the presets"), lambda: self._reveal(presets_path())),
        ]

    def _ask_to_rename(self) -> None:
        words = _("Commands that use it by its name have to be changed too.")
        text = dialogs.Text(self._model.taken, _("Rename"))
        dialogs.ask_text(self._master, _("Rename the preset"), words, text, self._model.rename)

    def _ask_to_delete(self) -> None:
        self._sure(
            _("Delete the preset “{name}”?").format(name=shown(self._model.taken)),
            _("Folders and pictures are not touched, and what is filled in here stays."),
            _("Delete"),
            self._model.delete,
        )

    def _sure(self, title: str, words: str, verb: str, deed: Callable[[], None]) -> None:
        def answered(key: str) -> None:
            if key == "yes":
                deed()

        answers = (dialogs.Answer("no", _("Cancel"), default=True), dialogs.Answer("yes", verb, "primary"))
        dialogs.ask(self._master, title, words, answers, answered)

    # --- the list ---

    def _offer(self) -> None:
        self._model.load()

    def _chosen(self, _event: object) -> None:
        self.box.selection_clear()
        number = self.box.current()
        if 0 <= number < len(self._model.names):
            self._model.take(self._model.names[number])
