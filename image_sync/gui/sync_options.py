"""The choices of *sync* below the folders: what becomes of deleted files, which files count; the rarer under *More*.

Draws a ``SyncForm`` and writes what is chosen into it; ``changed`` is called after each change, for what is typed only
when the typing pauses.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.flow import Flow
from image_sync.gui.i18n import _
from image_sync.gui.sync_form import OFFERED, SyncForm, deletions_words
from image_sync.gui.theme import px
from image_sync.gui.visible import show
from image_sync.gui.wrapped import WrappedLabel

PAUSE = 500
"""Milliseconds without a key after which a choice counts as typed."""
GAP = 16


class SyncOptions(ttk.Frame):
    """The usual choices in as many lines as they need, and the rarer ones below when asked for."""

    def __init__(self, master: tkinter.Misc, form: SyncForm, changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._waiting = ""
        self._open = False
        self._ticks: dict[str, tkinter.BooleanVar] = {}
        self._texts: dict[str, tkinter.StringVar] = {}
        self.widgets: dict[str, ttk.Checkbutton | ttk.Combobox | ttk.Entry] = {}
        self.columnconfigure(0, weight=1)
        self._usual, self._rare = Flow(self, GAP), Flow(self, GAP)
        self._usual.grid(row=0, column=0, sticky="ew")
        self._rare.grid(row=1, column=0, sticky="ew", pady=(px(self, 6), 0))
        self._wrong = WrappedLabel(self, bootstyle="danger", icon="exclamation-triangle-fill", compound="left")
        self._wrong.grid(row=2, column=0, sticky="ew", pady=(px(self, 4), 0))
        self._make_usual()
        self._make_rare()
        self.draw()

    def draw(self) -> None:
        """Show what is wrong, and the rarer choices where they were asked for or hold what is wrong."""
        words = " ".join(f"{words.rstrip('.')}." for words in self._form.mistakes.values())
        self._wrong.configure(text=f" {words}")
        show(self._wrong, bool(words))
        show(self._rare, self._open)
        unusual = self._form.unusual
        closed = _("More ({number} set)…").format(number=unusual) if unusual else _("More…")
        words, icon = (_("Less"), "chevron-up") if self._open else (closed, "sliders")
        if words != self.more.cget("text"):
            self.more.configure(text=words, icon=icon)
            self._usual.arrange()

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not while a job runs."""
        for widget in self.widgets.values():
            widget.state(["!disabled" if enabled else "disabled"])
        self.draw()

    def take_typed(self) -> None:
        """Count what was typed from now on, without waiting for a pause."""
        if self._waiting:
            self.after_cancel(self._waiting)
            self._paused()

    # --- building ---

    def _make_usual(self) -> None:
        flow = self._usual
        parts = [
            self._make_deletions(flow),
            self._tick(
                flow,
                "images_only",
                _("Pictures only"),
                _("Pictures and movies with the files that belong to them; everything else is left alone."),
            ),
            self._tick(
                flow,
                "verify",
                _("Read every file"),
                _("Compares the content of all files again, also of those that look untouched. Takes longer."),
            ),
        ]
        self.more = ttk.Button(flow, text=_("More…"), icon="sliders", bootstyle="ghost", command=self._toggle)
        flow.show([*parts, self.more])

    def _make_deletions(self, master: tkinter.Misc) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=_("Deleted on one side"), font="BoldFont").pack(side="left", padx=(0, px(self, 8)))
        words = [deletions_words(deletions) for deletions in OFFERED]
        self.deletions = ttk.Combobox(frame, values=words, state="readonly", width=max(map(len, words)))
        self.deletions.current(OFFERED.index(self._form.deletions))
        self.deletions.bind("<<ComboboxSelected>>", self._chosen, add="+")
        self.deletions.pack(side="left")
        ttk.ToolTip(
            self.deletions,
            text=_("A file that both folders had after the last sync, and that is gone from one of them now."),
        )
        self.widgets["deletions"] = self.deletions
        return frame

    def _make_rare(self) -> None:
        flow = self._rare
        parts = [
            self._entry(
                flow, "include", _("Only these"), 20, _("Patterns such as *.jpg; 2024/*, separated by semicolons.")
            ),
            self._entry(
                flow,
                "exclude",
                _("None of these"),
                20,
                _("Patterns such as *.tmp; cache, separated by semicolons. What they match stays as it is."),
            ),
            self._tick(
                flow,
                "litter",
                _("System files too"),
                _("Also .DS_Store, Thumbs.db, desktop.ini and files like ._name."),
            ),
            self._entry(
                flow,
                "tolerance",
                _("Times are the same within"),
                6,
                _("In seconds. Empty: what both disks can tell apart, such as 2 seconds on FAT."),
                _("seconds"),
            ),
        ]
        flow.show(parts)

    def _entry(
        self, master: tkinter.Misc, name: str, words: str, width: int, meaning: str, unit: str = ""
    ) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=words).pack(side="left", padx=(0, px(self, 4)))
        variable = self._texts[name] = tkinter.StringVar(self, getattr(self._form, name))
        variable.trace_add("write", lambda *_event: self._typed(name))
        entry = ttk.Entry(frame, width=width, textvariable=variable)
        entry.pack(side="left")
        if unit:
            ttk.Label(frame, text=unit).pack(side="left", padx=(px(self, 4), 0))
        ttk.ToolTip(entry, text=meaning)
        self.widgets[name] = entry
        return frame

    def _tick(self, master: tkinter.Misc, name: str, words: str, meaning: str) -> ttk.Checkbutton:
        self._ticks[name] = tkinter.BooleanVar(self, getattr(self._form, name))
        tick = ttk.Checkbutton(
            master, text=words, variable=self._ticks[name], command=functools.partial(self._ticked, name)
        )
        ttk.ToolTip(tick, text=meaning)
        self.widgets[name] = tick
        return tick

    # --- what the user does ---

    def _toggle(self) -> None:
        self._open = not self._open
        self.draw()

    def _chosen(self, _event: object) -> None:
        self._form.deletions = OFFERED[self.deletions.current()]
        self.deletions.selection_clear()
        self._changed()

    def _ticked(self, name: str) -> None:
        setattr(self._form, name, self._ticks[name].get())
        self._changed()

    def _typed(self, name: str) -> None:
        setattr(self._form, name, self._texts[name].get())
        if self._waiting:
            self.after_cancel(self._waiting)
        self._waiting = self.after(PAUSE, self._paused)

    def _paused(self) -> None:
        self._waiting = ""
        self._changed()
