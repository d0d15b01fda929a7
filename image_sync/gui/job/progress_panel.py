"""The foot of a page while a job runs: bars, counts, speed, the file in hand, Pause and Stop.

Draws a ``ProgressModel``; the buttons go to the engine.
"""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.progress_model import ProgressModel
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.share_bar import ShareBar
from image_sync.gui.widgets.theme import px

NARROW = 560
"""Width at 100 % below which the buttons are icons."""


class ProgressPanel(ttk.Frame):
    """Shown while a job runs."""

    def __init__(self, master: tkinter.Misc, model: ProgressModel, engine_link: EngineLink) -> None:
        super().__init__(master)
        self._model, self._engine_link = model, engine_link
        self._narrow = False
        self._said: dict[ttk.Label, str] = {}
        self._buttons: tuple[str, str] | None = None
        gap = px(self, 8)
        self.columnconfigure(0, weight=1)
        self._stage = ttk.Label(self, font="BoldFont")
        # Labels that keep their width leave no gap to be painted when their words get shorter.
        self._stage.grid(row=0, column=0, sticky="ew")
        self._problems = ttk.Label(self, bootstyle="secondary")
        self._problems.grid(row=0, column=1, sticky="e", padx=gap)
        self._counts = ttk.Label(self)
        self._counts.grid(row=1, column=0, columnspan=2, sticky="ew")
        self.pause = ttk.Button(self, text=_("Pause"), icon="pause-fill", command=engine_link.pause_or_go_on, width=8)
        self.pause.grid(row=0, column=2, rowspan=2, padx=(gap, 0))
        self.stop = ttk.Button(self, text=_("Stop"), icon="stop-fill", command=engine_link.stop, width=8)
        self.stop.grid(row=0, column=3, rowspan=2, padx=(gap, 0))
        self.bind("<Configure>", self._resized)
        self._bar = ShareBar(self, 8, strong=True)
        self._bar.grid(row=2, column=0, columnspan=4, sticky="ew", pady=(gap / 2, 0))
        self._overall = ShareBar(self, 3, strong=False)
        self._overall.grid(row=3, column=0, columnspan=4, sticky="ew", pady=(gap / 4, 0))
        self._current = ttk.Label(self, bootstyle="secondary", font="SmallFont", width=10)
        self._current.grid(row=4, column=0, columnspan=4, sticky="ew", pady=(gap / 4, 0))

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        """Show icons alone on the buttons where there is little room."""
        narrow = event.width < px(self, NARROW)
        if event.widget is self and narrow is not self._narrow:
            self._narrow = narrow
            for button in (self.pause, self.stop):
                button.configure(compound="image" if narrow else "left", width=0 if narrow else 8)

    def draw(self) -> None:
        """Show how far it is now."""
        model, engine_link = self._model, self._engine_link
        self._say(self._stage, _("Stopping…") if engine_link.stopping else model.stage)
        self._say(self._counts, " · ".join(part for part in (model.counts, model.speed) if part))
        self._say(self._problems, formatting.problems(model.problems) if model.problems else "")
        paused = _("Paused. ") if engine_link.paused else ""
        self._say(self._current, paused + model.current)
        self._draw_bars()
        self._draw_buttons()

    def _say(self, label: ttk.Label, words: str) -> None:
        """Each call to Tk gives way to the threads that read pictures, so none is made in vain."""
        if self._said.get(label) != words:
            self._said[label] = words
            label.configure(text=words)

    def _draw_bars(self) -> None:
        if self._model.share is not None or not self._engine_link.paused:
            self._bar.show(self._model.share)
        self._overall.show(self._model.overall)

    def _draw_buttons(self) -> None:
        engine_link = self._engine_link
        words, icon = (_("Go on"), "play-fill") if engine_link.paused else (_("Pause"), "pause-fill")
        usable = "!disabled" if engine_link.busy and not engine_link.stopping else "disabled"
        if self._buttons != (words, usable):
            self._buttons = (words, usable)
            self.pause.configure(text=words, icon=icon)
            self.pause.state([usable])
            self.stop.state([usable])
