"""The page *Problems*: path, what, why and what to do of each problem of the last job; draws a ``ProblemsModel``."""

from __future__ import annotations

import os
import tkinter

import ttkbootstrap as ttk

from image_sync.gui.app.keys import Command
from image_sync.gui.job.problems_model import as_text
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.widgets import desktop, formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.table import ColumnSpec, Row, Table
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wording import capital, of_error, of_problem
from image_sync.gui.widgets.wrapped import WrappedLabel


class ProblemsPage(Page):
    """A table of problems with Reveal and Export, and the selected one in full below it."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        gap = px(self, 12)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        head = ttk.Frame(self)
        head.grid(row=0, column=0, sticky="ew", padx=gap, pady=gap)
        head.columnconfigure(0, weight=1)
        self._headline = ttk.Label(head, font="TitleFont")
        self._headline.grid(row=0, column=0, sticky="w")
        self.reveal = ttk.Button(head, text=_("Show in file manager"), icon="folder2-open", command=self._reveal)
        self.reveal.grid(row=0, column=1, padx=gap / 2)
        self.copy = ttk.Button(head, text=_("Copy"), icon="clipboard", command=self._copy)
        self.copy.grid(row=0, column=3, padx=(gap / 2, 0))
        ttk.ToolTip(self.copy, text=_("All problems as text, to be put into a mail or a spreadsheet."))
        self.export = ttk.Button(head, text=_("Export…"), icon="download", command=self._ask_export)
        self.export.grid(row=0, column=2)
        self.table = Table(self, _columns(), several=False)
        self.table.grid(row=1, column=0, sticky="nsew", padx=gap)
        self.table.on_select(self._draw_detail)
        self._detail = WrappedLabel(self)
        self._detail.grid(row=2, column=0, sticky="ew", padx=gap, pady=gap)
        self._drawn = 0
        self._pending = ""
        desk.problems.watchers.append(self._changed)
        self._draw()

    def entered(self) -> None:
        """Come to the front with the keyboard on the list."""
        self.table.view.focus_set()

    def perform(self, command: Command) -> bool:
        """Performs what a key asked for."""
        if command is not Command.REVEAL:
            return False
        self._reveal()
        return True

    def _changed(self) -> None:
        if not self._pending:
            self._pending = self.after_idle(self._draw)

    def _draw(self) -> None:
        self._pending = ""
        number = len(self.desk.problems)
        self._headline.configure(text=capital(formatting.problems(number)))
        if number < self._drawn or not number:
            self.table.fill([])
            self._drawn = 0
        rows = self.desk.problems.rows(self._drawn)
        self.table.append(Row(f"p{self._drawn + offset}", cells) for offset, cells in enumerate(rows))
        if rows and not self._drawn:
            self.table.select("p0")
        self._drawn = number
        for button in (self.export, self.copy):
            button.state(["!disabled" if number else "disabled"])
        self._draw_detail()

    def _draw_detail(self) -> None:
        problem = self._selected
        self.reveal.state(["!disabled" if problem is not None and problem.path else "disabled"])
        words = of_problem(problem) if problem else _("All went well so far.") if not self._drawn else ""
        self._detail.configure(text=words)

    @property
    def _selected(self):  # type: ignore[no-untyped-def]
        selected = self.table.selected
        number = int(selected[0][1:]) if selected else -1
        problems = self.desk.problems.problems
        return problems[number] if 0 <= number < len(problems) else None

    def _reveal(self) -> None:
        problem = self._selected
        if problem is None or not problem.path:
            return

        def failed(error: Exception) -> None:
            self.desk.say(_("{path} can't be shown: {error}").format(path=shown(problem.path), error=of_error(error)))

        self.desk.counter.submit(lambda: desktop.reveal(problem.path), lambda _nothing: None, failed=failed)

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(as_text(self.desk.problems.problems))
        number = len(self.desk.problems)
        words = ngettext("{count} problem is on the clipboard.", "{count} problems are on the clipboard.", number)
        self.desk.say(words.format(count=formatting.count(number)))

    def _ask_export(self) -> None:
        path = ttk.Querybox.get_save_filename(
            self,
            title=_("Export the problems"),
            initialdir=os.path.expanduser("~"),
            initialfile="image-sync-problems.tsv",
            defaultextension=".tsv",
        )
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write the list to ``path`` and say so."""
        try:
            self.desk.problems.export(path)
        except OSError as error:
            self.desk.say(_("{path} can't be written: {error}").format(path=shown(path), error=of_error(error)))
        else:
            self.desk.say(_("Written to {path}.").format(path=shown(path)))


def _columns() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("path", _("Path"), 240, stretch=True),
        ColumnSpec("what", _("What"), 200),
        ColumnSpec("why", _("Why"), 230),
        ColumnSpec("hint", _("What to do"), 220),
    )
