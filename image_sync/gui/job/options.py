"""A job's choices below the folders: the usual ones in as many lines as they need, the rarer ones under *More*.

Draws a form and writes what is chosen into it; ``changed`` is called after each change, for what is typed only when the
typing pauses.  Which choices there are is for the job's own page.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

import ttkbootstrap as ttk

from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wrapped import WrappedLabel

PAUSE = 500
"""Milliseconds without a key after which a choice counts as typed."""
GAP = 16


class OptionsForm(Protocol):
    """What is asked of a form besides its choices."""

    @property
    def mistakes(self) -> Mapping[str, str]:
        """What is wrong, in words, by choice."""

    @property
    def unusual(self) -> int:
        """How many of the rarer choices are not as they come."""


Form = TypeVar("Form", bound=OptionsForm)


class JobOptions(ttk.Frame, Generic[Form]):
    """The usual choices in as many lines as they need, and the rarer ones below when asked for."""

    def __init__(self, master: tkinter.Misc, form: Form, changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._waiting = ""
        self._enabled = True
        self._open = False
        self._ticks: dict[str, tkinter.BooleanVar] = {}
        self._texts: dict[str, tkinter.StringVar] = {}
        self.widgets: dict[str, ttk.Checkbutton | ttk.Radiobutton | ttk.Combobox | ttk.Spinbox | ttk.Entry] = {}
        self.columnconfigure(0, weight=1)
        self._usual, self._rare = Flow(self, GAP), Flow(self, GAP)
        self._usual.grid(row=0, column=0, sticky="ew")
        self._rare.grid(row=1, column=0, sticky="ew", pady=(px(self, 6), 0))
        self._wrong = WrappedLabel(self, bootstyle="danger", icon="exclamation-triangle-fill", compound="left")
        self._wrong.grid(row=2, column=0, sticky="ew", pady=(px(self, 4), 0))
        self.more = ttk.Button(self._usual, text=_("More…"), icon="sliders", bootstyle="ghost", command=self._toggle)
        self._make_usual()
        self.more.lift()  # Tab comes to it after the others
        self._make_rare()
        self.draw()

    def draw(self) -> None:
        """Show what is wrong, and the rarer choices where they were asked for."""
        words = " ".join(f"{words.rstrip('.')}." for words in self._form.mistakes.values())
        self._wrong.configure(text=f" {words}")
        show(self._wrong, bool(words))
        show(self._rare, self._open)
        self._draw_more()

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
        """Fill ``_usual``, ``more`` at its end."""
        raise NotImplementedError

    def _make_rare(self) -> None:
        """Fill ``_rare``."""
        raise NotImplementedError

    def _entry(
        self, master: tkinter.Misc, name: str, words: str, width: int, meaning: str, unit: str = ""
    ) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=words).pack(side="left", padx=(0, px(self, 4)))
        entry = ttk.Entry(frame, width=width, textvariable=self._text(name))
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

    def _text(self, name: str) -> tkinter.StringVar:
        variable = self._texts[name] = tkinter.StringVar(self, getattr(self._form, name))
        variable.trace_add("write", lambda *_event: self._typed(name))
        return variable

    # --- what the user does ---

    def _ticked(self, name: str) -> None:
        setattr(self._form, name, self._ticks[name].get())
        self.draw()
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
