"""One row of the form: a folder to type, pick from the last ten, browse for or drop; what it holds; what is wrong.

Draws a ``FolderField``; what is typed goes to the callbacks.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show

MISTAKE_WIDTH = 620


@dataclass(frozen=True, slots=True)
class FolderCallbacks:
    """Callbacks of a row: text typed or chosen from the list, Browse pressed, the tick changed, the row taken away,
    the button for archives pressed (``None``: there is no such tick or button)."""

    typed: Callable[[str, str], None]
    browse: Callable[[str], None]
    reference: Callable[[str, bool], None] | None = None
    remove: Callable[[str], None] | None = None
    archives: Callable[[str], None] | None = None


class FolderRow:
    """The widgets of one folder in row ``row`` of ``master``'s grid and the two below it.

    A row that can be taken away offers that while ``removable``.
    """

    def __init__(self, master: tkinter.Misc, row: int, field: FolderField, callbacks: FolderCallbacks) -> None:
        self.field, self._callbacks = field, callbacks
        self._drawing = False
        self._gap = px(master, 4)
        self.removable = False
        self._text = tkinter.StringVar(master, field.text)
        self._reference = tkinter.BooleanVar(master, field.reference)
        self._label = ttk.Label(master, text=field.label, font="BoldFont")
        self.entry = ttk.Combobox(master, textvariable=self._text, width=20, postcommand=self._offer)
        self.browse = ttk.Button(
            master, text=_("Browse…"), icon="folder2-open", command=lambda: callbacks.browse(field.name)
        )
        self.archives = self._make_archives(master) if callbacks.archives else None
        self._holds = ttk.Label(master, width=15, bootstyle="secondary")
        self.tick = self._make_tick(master) if callbacks.reference else None
        self.remove = self._make_remove(master) if callbacks.remove else None
        self._mistake = ttk.Label(
            master, icon="exclamation-triangle-fill", compound="left", bootstyle="danger", justify="left"
        )
        self._mistake.configure(wraplength=px(master, MISTAKE_WIDTH))
        self._remark = ttk.Label(master, bootstyle="secondary", justify="left", wraplength=px(master, MISTAKE_WIDTH))
        self._row, self._narrow = row, False
        self.place(row)
        self._text.trace_add("write", self._typed)
        self.entry.bind("<<ComboboxSelected>>", self._chosen, add="+")
        self.draw()

    @property
    def widgets(self) -> tuple[ttk.Combobox | ttk.Button | ttk.Checkbutton, ...]:
        """Widgets that a running job locks."""
        more = (*((self.tick,) if self.tick else ()), *((self.remove,) if self.remove else ()))
        return (self.entry, self.browse, *((self.archives,) if self.archives else ()), *more)

    def place(self, row: int) -> None:
        """Put the widgets in row ``row`` and the two below it; the keys reach them after those of the rows before."""
        self._row, gap = row, self._gap
        self._label.grid(row=row, column=0, sticky="w", padx=(0, gap * 3))
        self.entry.grid(row=row, column=1, sticky="ew", pady=gap)
        self.browse.grid(row=row, column=2, padx=gap * 2, sticky="ew")
        for words in (self._mistake, self._remark):
            words.grid(row=row + 2, column=1, columnspan=4, sticky="w", pady=(0, gap))
        if self.remove is not None:
            self.remove.grid(row=row, column=5, sticky="e")
        self._place_beside()
        for widget in self.widgets:
            widget.lift()

    def _place_beside(self) -> None:
        narrow = self._narrow
        if self.archives is not None:
            self.archives.grid(row=self._row, column=3, padx=(0, self._gap * 2), sticky="w")
        self._holds.grid(row=self._row + narrow, column=1 if narrow else 4 if self.archives else 3, sticky="w")
        if self.tick is not None:
            self.tick.grid(row=self._row + narrow, column=1 if narrow else 4, sticky="e" if narrow else "w")

    def destroy(self) -> None:
        """Take the row away for good."""
        for widget in (self._label, self._holds, self._mistake, self._remark, *self.widgets):
            widget.destroy()

    def draw(self) -> None:
        """Show the field as it is now."""
        self._drawing = True
        if self._text.get() != self.field.text:
            self._text.set(self.field.text)
            self.entry.xview_moveto(1.0)
        if self._reference.get() != self.field.reference:
            self._reference.set(self.field.reference)
        self._drawing = False
        # Of a folder that is not there the mistake tells already.
        self._holds.configure(text="" if self.field.mistake else self.field.holds)
        self._mistake.configure(text=" " + self.field.mistake)
        if self.remove is not None:
            show(self.remove, self.removable)
        self._remark.configure(text=self.field.remark)
        told = self._mistake if self.field.mistake else self._remark if self.field.remark else None
        for words in (self._mistake, self._remark):
            if words is told:
                words.grid()
            else:
                words.grid_remove()

    def set_narrow(self, narrow: bool) -> None:
        """Put what the folder holds and the tick below the field, and the icon alone on Browse."""
        if narrow is self._narrow:
            return
        self._narrow = narrow
        for button in filter(None, (self.browse, self.archives)):
            button.configure(compound="image" if narrow else "left")
        self._place_beside()

    def set_enabled(self, enabled: bool) -> None:
        """Let the user change the field, or not while a job runs."""
        for widget in self.widgets:
            widget.state(["!disabled" if enabled else "disabled"])

    def _make_tick(self, master: tkinter.Misc) -> ttk.Checkbutton:
        tick = ttk.Checkbutton(master, text=_("Reference (read only)"), variable=self._reference, command=self._ticked)
        ttk.ToolTip(
            tick, text=_("A reference folder: its pictures are compared and kept, and nothing in it is touched.")
        )
        return tick

    def _make_archives(self, master: tkinter.Misc) -> ttk.Button:
        def choose() -> None:
            assert self._callbacks.archives is not None
            self._callbacks.archives(self.field.name)

        button = ttk.Button(master, text=_("Archive…"), icon="file-earmark-zip", command=choose)
        ttk.ToolTip(button, text=_("A zip or tgz file, or all parts of an export; nothing is moved out of it."))
        return button

    def _make_remove(self, master: tkinter.Misc) -> ttk.Button:
        def remove() -> None:
            if self._callbacks.remove is not None:
                self._callbacks.remove(self.field.name)

        button = ttk.Button(master, text=_("Leave out"), icon="x-lg", bootstyle="ghost", compound="image")
        button.configure(command=remove)
        ttk.ToolTip(button, text=_("Take this folder off the list; nothing in it is touched."))
        return button

    def _typed(self, *_event: object) -> None:
        if not self._drawing:
            self._callbacks.typed(self.field.name, self._text.get())

    def _chosen(self, _event: object) -> None:
        self.entry.selection_clear()
        self.entry.icursor("end")

    def _ticked(self) -> None:
        if self._callbacks.reference is not None:
            self._callbacks.reference(self.field.name, self._reference.get())

    def _offer(self) -> None:
        self.entry.configure(values=self.field.choices)
