"""The choices of *import* below the folders; the rarer ones stand under *More*.

Draws an ``ImportForm`` and writes what is chosen into it; ``changed`` is called after each change, for what is typed
only when the typing pauses.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.flow import Flow
from image_sync.gui.i18n import _
from image_sync.gui.import_form import OFFERED, ImportForm, local_zone, transfer_meaning, transfer_words
from image_sync.gui.theme import px
from image_sync.gui.transfer_choice import TransferChoice
from image_sync.gui.visible import show
from image_sync.gui.wrapped import WrappedLabel
from image_sync.settings import Transfer

PAUSE = 500
"""Milliseconds without a key after which a choice counts as typed."""
GAP = 16
ZONES = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo")
"""Offered as examples; any other can be typed."""


class ImportOptions(ttk.Frame):
    """The usual choices in as many lines as they need, and the rarer ones below when asked for."""

    def __init__(self, master: tkinter.Misc, form: ImportForm, changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._waiting = ""
        self._enabled = True
        self._open = False
        self._ticks: dict[str, tkinter.BooleanVar] = {}
        self._texts: dict[str, tkinter.StringVar] = {}
        self.widgets: dict[str, ttk.Checkbutton | ttk.Radiobutton | ttk.Combobox | ttk.Spinbox | ttk.Entry] = {}
        self.columnconfigure(0, weight=1)
        self._usual = Flow(self, GAP)
        self._usual.grid(row=0, column=0, sticky="ew")
        self._rare = Flow(self, GAP)
        self._rare.grid(row=1, column=0, sticky="ew", pady=(px(self, 6), 0))
        self._wrong = WrappedLabel(self, bootstyle="danger", icon="exclamation-triangle-fill", compound="left")
        self._wrong.grid(row=2, column=0, sticky="ew", pady=(px(self, 4), 0))
        self._make_usual()
        self._make_rare()
        self.draw()

    def draw(self) -> None:
        """Show what is wrong, and the rarer choices where they were asked for."""
        words = " ".join(f"{words.rstrip('.')}." for words in self._form.mistakes.values())
        self._wrong.configure(text=f" {words}")
        show(self._wrong, bool(words))
        show(self._rare, self._open)
        self._draw_more()
        for name, needed in (("small_limit", self._form.small), ("crowded", self._form.audit)):
            self.widgets[name].state(["!disabled" if self._enabled and needed else "disabled"])

    def _draw_more(self) -> None:
        unusual = self._form.unusual
        closed = _("More ({number} set)…").format(number=unusual) if unusual else _("More…")
        words, icon = (_("Less"), "chevron-up") if self._open else (closed, "sliders")
        if words != self.more.cget("text"):
            self.more.configure(text=words, icon=icon)
            self._usual.arrange()

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not while a job runs."""
        self._enabled = enabled
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
        small = ttk.Frame(flow)
        parts = [
            self._make_transfers(flow),
            small,
            self._tick(flow, "convert", _("HEIC to JPEG"), _("Makes a JPEG of each HEIC; the original is kept.")),
            self._tick(
                flow,
                "set_dates",
                _("Write dates"),
                _("Writes the date into pictures that have none, in the library only; the image itself stays."),
            ),
            self._make_zone(flow),
            self._tick(
                flow,
                "flat_dates",
                _("Year only before descriptions"),
                _("“2004/Picnic” instead of “2004/03-05 Picnic”."),
            ),
            self._tick(
                flow,
                "live_together",
                _("Live Photos together"),
                _("Keeps the movie of a Live Photo beside its picture, not among the movies."),
            ),
        ]
        self._tick(
            small,
            "small",
            _("Small apart, up to"),
            _("Pictures with both sides this small go to a folder of their own."),
        ).pack(side="left")
        box = ttk.Spinbox(small, from_=16, to=4096, increment=20, width=5, textvariable=self._text("small_limit"))
        box.pack(side="left", padx=px(self, 4))
        self.widgets["small_limit"] = box
        ttk.Label(small, text=_("pixels")).pack(side="left")
        self.more = ttk.Button(flow, text=_("More…"), icon="sliders", bootstyle="ghost", command=self._toggle)
        flow.show([*parts, self.more])

    def _make_transfers(self, master: tkinter.Misc) -> TransferChoice:
        box = TransferChoice(master, OFFERED, transfer_words, transfer_meaning, self._form.transfer, self._transferred)
        self.widgets |= {way.value: button for way, button in box.buttons.items()}
        return box

    def _make_zone(self, master: tkinter.Misc) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=_("Time zone")).pack(side="left", padx=(0, px(self, 4)))
        box = ttk.Combobox(frame, values=[local_zone(), *ZONES], width=16, textvariable=self._text("zone"))
        box.pack(side="left")
        ttk.ToolTip(
            box,
            text=_("Movies state their date in UTC; the day is told in this zone, such as Europe/Berlin or +02:00."),
        )
        self.widgets["zone"] = box
        return frame

    def _make_rare(self) -> None:
        flow = self._rare
        rare = {
            "use_mtime": (
                _("File's own time as last resort"),
                _("Takes the time of the last change for the date when nothing else tells it. Often wrong."),
            ),
            "by_name": (
                _("Duplicates by similar name only"),
                _("Compares only pictures whose names are alike. By default all are compared."),
            ),
            "rejudge": (
                _("Judge duplicates again"),
                _("Looks once more at what was set aside as a duplicate before."),
            ),
            "audit": (
                _("Remove emptied folders"),
                _("Removes folders that this import leaves empty, and warns of crowded ones."),
            ),
        }
        crowded = ttk.Frame(flow)
        ttk.Label(crowded, text=_("and warn from")).pack(side="left", padx=(0, px(self, 4)))
        box = ttk.Spinbox(crowded, from_=10, to=100000, increment=10, width=6, textvariable=self._text("crowded"))
        box.pack(side="left", padx=(0, px(self, 4)))
        ttk.Label(crowded, text=_("files in a folder")).pack(side="left")
        self.widgets["crowded"] = box
        prefix, ignored = (
            self._entry(
                flow,
                "prefix",
                _("Own folders begin with"),
                14,
                _("“ImageSync” makes ImageSync_NoDate and the like. Keep it the same for a library."),
            ),
            self._entry(
                flow,
                "ignored",
                _("Folder names that say nothing"),
                28,
                _("Never taken for a description; separated by semicolons."),
            ),
        )
        flow.show([*(self._tick(flow, name, *words) for name, words in rare.items()), crowded, prefix, ignored])

    def _entry(self, master: tkinter.Misc, name: str, words: str, width: int, meaning: str) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=words).pack(side="left", padx=(0, px(self, 4)))
        entry = ttk.Entry(frame, width=width, textvariable=self._text(name))
        entry.pack(side="left")
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

    def _text(self, name: str) -> tkinter.StringVar:
        variable = self._texts[name] = tkinter.StringVar(self, getattr(self._form, name))
        variable.trace_add("write", lambda *_event: self._typed(name))
        return variable

    # --- what the user does ---

    def _ticked(self, name: str) -> None:
        setattr(self._form, name, self._ticks[name].get())
        self.draw()
        self._changed()

    def _transferred(self, transfer: Transfer) -> None:
        self._form.transfer = transfer
        self._changed()

    def _typed(self, name: str) -> None:
        setattr(self._form, name, self._texts[name].get())
        if self._waiting:
            self.after_cancel(self._waiting)
        self._waiting = self.after(PAUSE, self._paused)

    def _paused(self) -> None:
        self._waiting = ""
        self._changed()

    def _toggle(self) -> None:
        self._open = not self._open
        self.draw()
        self._usual.arrange()
