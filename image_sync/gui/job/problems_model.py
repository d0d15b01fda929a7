"""The problems of the last job as the window lists them: path, what, why, and what to do.

Keeps each problem once, in the order they were met; writes them to a file that a spreadsheet opens.  No tkinter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from image_sync.base.model import Problem
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import worded


class ProblemsModel:
    """A list of problems that tells its watchers when it changes."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self.watchers: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order they were met."""
        return tuple(self._problems)

    def rows(self, start: int = 0) -> list[tuple[str, str, str, str]]:
        """Path, what, why and hint of each from ``start`` on, fit to be drawn."""
        return [
            (
                shown(problem.path) or _("(no single file)"),
                worded(problem.what),
                worded(problem.why),
                worded(problem.hint),
            )
            for problem in self.problems[start:]
        ]

    def clear(self) -> None:
        """Forget them: a new job begins."""
        if self._problems:
            self._problems.clear()
            self._tell()

    def add(self, *problems: Problem) -> None:
        """Take in ``problems``; those that are known already count once."""
        before = len(self._problems)
        self._problems.update(dict.fromkeys(problems))
        if len(self._problems) != before:
            self._tell()

    def export(self, path: str) -> None:
        """Write them to ``path`` as tab-separated text in UTF-8; raises ``OSError``."""
        export(self.problems, path)

    def _tell(self) -> None:
        for watcher in list(self.watchers):
            watcher()


def export(problems: Iterable[Problem], path: str) -> None:
    """Write ``problems`` to ``path``, one a line, undecodable bytes made visible."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        stream.write(as_text(problems))


def as_text(problems: Iterable[Problem]) -> str:
    """The problems as tab-separated text, one a line below a heading."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, dialect="excel-tab")
    writer.writerow([_("Path"), _("What"), _("Why"), _("What to do")])
    for problem in problems:
        told = map(worded, (problem.what, problem.why, problem.hint))
        writer.writerow([shown(problem.path), *told])
    return stream.getvalue()
