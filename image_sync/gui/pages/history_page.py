"""The page *History*: every run, how it stands, its steps one by one, and the way back; draws a ``HistoryModel``."""

from __future__ import annotations

import tkinter
from collections.abc import Sequence

import ttkbootstrap as ttk

from image_sync.base.model import RunSummary
from image_sync.gui.app.keys import Command
from image_sync.gui.job.progress_panel import ProgressPanel
from image_sync.gui.pages.history_model import HistoryModel, cells, details
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.widgets import desktop, dialogs, formatting
from image_sync.gui.widgets.dialogs import Answer
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.table import ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wording import of_error
from image_sync.gui.widgets.wrapped import WrappedLabel

SEARCH_WIDTH = 34
SEARCH_PAUSE = 150
"""Milliseconds after the last key when the search begins."""


class HistoryPage(Page):
    """A table of runs with Undo and Resume."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.model: HistoryModel = desk.history
        gap = px(self, 12)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        head = ttk.Frame(self)
        head.grid(row=0, column=0, sticky="ew", padx=gap, pady=gap)
        head.columnconfigure(0, weight=1)
        ttk.Label(head, text=_("History"), font="TitleFont").grid(row=0, column=0, sticky="w")
        self.undo = ttk.Button(head, text=_("Undo…"), icon="arrow-counterclockwise", command=self._ask_undo)
        self.undo.grid(row=0, column=1, padx=gap / 2)
        self.resume = ttk.Button(head, text=_("Resume"), icon="play-fill", command=self._resume)
        self.resume.grid(row=0, column=2)
        self._panes = ttk.Panedwindow(self, orient="vertical")
        self._panes.grid(row=1, column=0, sticky="nsew", padx=gap)
        self.table = Table(self._panes, _columns(), several=False)
        self.table.on_select(self._draw_selected)
        self._panes.add(self.table, weight=2)
        self._panes.add(self._make_steps(gap), weight=3)
        self._news = WrappedLabel(self)
        self._news.grid(row=2, column=0, sticky="ew", padx=gap, pady=gap)
        self.progress = ProgressPanel(self, self.model.progress, desk.engine_link)
        self.progress.grid(row=3, column=0, sticky="ew", padx=gap, pady=(0, gap))
        self._shown: tuple[RunSummary, ...] = ()
        self._listed: Sequence[object] = ()
        self._pending = self._waiting = ""
        self.model.watchers.append(self._changed)
        desk.engine_link.watchers.append(self._changed)
        self._draw()

    def _make_steps(self, gap: int) -> ttk.Frame:
        """The steps of the chosen run below a field to search in them."""
        frame = ttk.Frame(self._panes)
        frame.columnconfigure(2, weight=1)
        frame.rowconfigure(1, weight=1)
        ttk.Label(frame, text=_("Search"), icon="search", compound="left").grid(row=0, column=0, padx=(0, gap / 2))
        self.search = ttk.Entry(frame, width=SEARCH_WIDTH)
        self.search.grid(row=0, column=1, pady=gap / 2)
        ttk.ToolTip(self.search, text=_("A part of a name or a folder, what was done, or what became of it."))
        self._told = ttk.Label(frame, bootstyle="secondary")
        self._told.grid(row=0, column=2, sticky="w", padx=gap)
        self.steps = Table(frame, _step_columns(), several=False)
        self.steps.grid(row=1, column=0, columnspan=3, sticky="nsew")
        self.search.bind("<KeyRelease>", lambda _event: self._typed(), add="+")
        self.search.bind("<Escape>", lambda _event: self._search_nothing())
        for sequence in ("<Return>", "<KP_Enter>", "<Down>"):
            self.search.bind(sequence, lambda _event: self.steps.view.focus_set())
        return frame

    def entered(self) -> None:
        """Read the list anew."""
        self.model.refresh()
        self.table.view.focus_set()

    def perform(self, command: Command) -> bool:
        """Performs what a key asked for."""
        if command is Command.UNDO:
            self._ask_undo()
        elif command is Command.STOP:
            self.desk.engine_link.stop()
        elif command is Command.PAUSE:
            self.desk.engine_link.pause_or_go_on()
        elif command is Command.REFRESH:
            self.model.refresh()
        elif command is Command.FIND:
            self.search.focus_set()
            self.search.selection_range(0, "end")
        elif command is Command.REVEAL:
            self._reveal()
        else:
            return False
        return True

    @property
    def title(self) -> str:
        """Percent and stage for the title bar."""
        return self.model.progress.title if self.model.working else ""

    @property
    def news(self) -> str:
        """Words for what just ended."""
        return self.model.failure or (self.model.outcome.headline if self.model.outcome else "")

    @property
    def work(self) -> str:
        """Work that closing the window would stop."""
        return (
            _("A run is being undone or gone on with. It can be finished later from here.")
            if self.model.working
            else ""
        )

    @property
    def _run(self) -> RunSummary | None:
        selected = self.table.selected
        return self.model.run(selected[0]) if selected else None

    def _changed(self) -> None:
        if not self._pending:
            self._pending = self.after_idle(self._draw)

    def _draw(self) -> None:
        self._pending = ""
        if self.model.runs != self._shown:
            before = self.table.selected
            self._shown = self.model.runs
            self.table.fill(Row(run.run, cells(run)) for run in self.model.runs)
            if self.model.runs:
                kept = [key for key in before if self.model.run(key)]
                self.table.select(kept[0] if kept else self.model.runs[0].run)
        self._draw_selected()
        self._draw_steps()
        if self.model.working:
            self.progress.grid()
            self.progress.draw()
        else:
            self.progress.grid_remove()

    def _draw_buttons(self) -> None:
        self.undo.state(["!disabled" if self.model.can_undo(self._run) else "disabled"])
        self.resume.state(["!disabled" if self.model.can_resume(self._run) else "disabled"])

    def _draw_selected(self) -> None:
        """Another run is chosen, or the chosen one is another by now."""
        self._draw_buttons()
        self._draw_news()
        self.model.steps.show(self._run)

    def _draw_steps(self) -> None:
        steps = self.model.steps
        if steps.visible is not self._listed:
            self._listed = steps.visible
            self.steps.fill(())
            self.steps.append_later(Row(f"s{number}", cells) for number, cells in steps.rows())
        self._told.configure(text=" · ".join(filter(None, (steps.headline, steps.kept_words))))

    def _typed(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
        self._waiting = self.after(SEARCH_PAUSE, self._search)

    def _search(self) -> None:
        self._waiting = ""
        self.model.steps.search(self.search.get())

    def _search_nothing(self) -> str:
        self.search.delete(0, "end")
        self._search()
        self.steps.view.focus_set()
        return "break"

    def _reveal(self) -> None:
        selected = self.steps.selected
        path = self.model.steps.path_of(int(selected[0][1:])) if selected else ""
        if not path:
            return

        def failed(error: Exception) -> None:
            self.desk.say(_("{path} can't be shown: {error}").format(path=shown(path), error=of_error(error)))

        self.desk.counter.submit(lambda: desktop.reveal(path), lambda _nothing: None, failed=failed)

    def _draw_news(self) -> None:
        outcome = self.model.outcome
        if self.model.failure:
            words = self.model.failure
        elif outcome is not None and (self._run is None or self._run.run == self.model.outcome_of):
            words = " ".join((outcome.headline, *outcome.facts))
        elif not self.model.runs:
            words = _("Nothing was applied so far. Every run will be listed here, with a way back.")
        else:
            words = ""
        told = [words, details(self._run) if self._run is not None else ""]
        self._news.configure(text="\n".join(part for part in told if part))

    def _ask_undo(self) -> None:
        run = self._run
        if run is None or not self.model.can_undo(run):
            return
        words = _("{done} steps of {when} are taken back: {size} return to where they were.").format(
            done=formatting.count(run.done), when=formatting.moment(run.started), size=formatting.size(run.size)
        )
        answers = (Answer("cancel", _("Cancel")), Answer("undo", _("Undo"), "primary", default=True))
        dialogs.ask(
            self, _("Undo this run?"), words, answers, lambda key: self._undo(run.run) if key == "undo" else None
        )

    def _undo(self, name: str) -> None:
        self.model.undo(name)

    def _resume(self) -> None:
        if self._run is not None:
            self.model.resume(self._run.run)


def _step_columns() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("action", _("What"), 130),
        ColumnSpec("source", _("File"), 300, stretch=True),
        ColumnSpec("destination", _("Where to"), 300, stretch=True),
        ColumnSpec("state", _("State"), 160),
    )


def _columns() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("started", _("When"), 164),
        ColumnSpec("job", _("What"), 90),
        ColumnSpec("state", _("State"), 110),
        ColumnSpec("done", _("Steps"), 150, right=True),
        ColumnSpec("size", _("Size"), 90, right=True),
        ColumnSpec("problems", _("Problems"), 90, right=True),
        ColumnSpec("roots", _("Folders"), 240, stretch=True),
    )
