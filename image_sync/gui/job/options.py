"""Option bar of a job: the usual choices in lines below the folders, the rarer ones behind *More*.

Draws a ``JobForm`` from what its request declares and writes what is chosen into it; ``changed`` is called after each
change, for what is typed only when the typing pauses.  How one kind of option is drawn is in ``option_widgets``.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Sequence
from typing import Any

import ttkbootstrap as ttk

from image_sync.base.options import Declared, Place
from image_sync.gui.job.form import JobForm
from image_sync.gui.job.option_widgets import OptionWidget, make_widget
from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wording import sentences
from image_sync.gui.widgets.wrapped import WrappedLabel

PAUSE = 500
"""Milliseconds without a key after which a choice counts as typed."""
GAP = 14


class OptionBar(ttk.Frame):
    """The usual choices in as many lines as they need, and the rarer ones below when asked for."""

    def __init__(self, master: tkinter.Misc, form: JobForm[Any], changed: Callable[[], None]) -> None:
        super().__init__(master)
        self._form, self._changed = form, changed
        self._waiting = ""
        self._enabled = True
        self._open = False
        self.parts: dict[str, OptionWidget] = {}
        """What draws each option, by the name of the request's field."""
        self.columnconfigure(0, weight=1)
        usual = [declared for declared in form.options if declared.option.place is Place.USUAL]
        rare = [declared for declared in form.options if declared.option.place is Place.RARE]
        rows = sorted({declared.option.row for declared in usual})
        self._lines = [Flow(self, GAP) for _row in rows]
        for number, (row, line) in enumerate(zip(rows, self._lines, strict=True)):
            line.grid(row=number, column=0, sticky="ew", pady=(px(self, 8) if number else 0, 0))
            self._fill(line, [declared for declared in usual if declared.option.row == row])
        self._rare = Flow(self, GAP)
        self._rare.grid(row=len(rows), column=0, sticky="ew", pady=(px(self, 6), 0))
        self._wrong = WrappedLabel(self, bootstyle="danger", icon="exclamation-triangle-fill", compound="left")
        self._wrong.grid(row=len(rows) + 1, column=0, sticky="ew", pady=(px(self, 4), 0))
        self.more = ttk.Button(
            self._lines[-1], text=_("More…"), icon="sliders", bootstyle="ghost", command=self._toggle
        )
        if rare:
            last = self._lines[-1]
            last.show([*(self.parts[one.name] for one in usual if one.option.row == rows[-1]), self.more])
        self._fill(self._rare, rare)
        self.draw()

    @property
    def widgets(self) -> dict[str, Any]:
        """The toolkit's widgets that take the keys, by the name of their value; for a flag its word."""
        return {name: widget for part in self.parts.values() for name, widget in part.inputs.items()}

    def draw(self) -> None:
        """Show the form as it is now: what counts, what is wrong, and the rarer choices where they were asked for."""
        form = self._form
        idle, implied = form.idle, form.implied
        for name, part in self.parts.items():
            part.draw(idle=name in idle, implied=name in implied, enabled=self._enabled)
        mistakes = sentences(form.mistakes.values())
        self._wrong.configure(text=f" {mistakes}")
        show(self._wrong, bool(mistakes))
        show(self._rare, self._open)
        self._draw_more()

    def _draw_more(self) -> None:
        unusual = self._form.unusual
        closed = _("More ({number} set)…").format(number=unusual) if unusual else _("More…")
        words, icon = (_("Less"), "chevron-up") if self._open else (closed, "sliders")
        if words != self.more.cget("text"):
            self.more.configure(text=words, icon=icon)
            self._lines[-1].arrange()

    def set_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not while a job runs."""
        self._enabled = enabled
        self.draw()

    def take_typed(self) -> None:
        """Count what was typed from now on, without waiting for a pause."""
        if self._waiting:
            self.after_cancel(self._waiting)
            self._paused()

    def _fill(self, flow: Flow, options: Sequence[Declared]) -> None:
        for declared in options:
            self.parts[declared.name] = make_widget(flow, declared, self._form, self._picked, self._typed)
        flow.show([self.parts[declared.name] for declared in options])

    # --- what the user does ---

    def _picked(self) -> None:
        self.draw()
        self._changed()

    def _typed(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
        self._waiting = self.after(PAUSE, self._paused)

    def _paused(self) -> None:
        self._waiting = ""
        self._changed()

    def _toggle(self) -> None:
        self._open = not self._open
        self.draw()
        self._lines[-1].arrange()
