"""Rows of *sync* as they are compared: the source left, the target right, answered as in the table.

Only rows with a picture on both sides are compared.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from image_sync.base import paths
from image_sync.gui.compare.subject import Comparison, Deed, Shown
from image_sync.gui.sync.rows import SyncRow, SyncRows
from image_sync.gui.sync.versions_model import PictureFile, picture_on
from image_sync.gui.sync.words import answer_words, side_words
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import worded
from image_sync.jobs.sync.model import Answer, Side


class Rows(Protocol):
    """The table whose rows are compared."""

    @property
    def chosen(self) -> SyncRow | None:
        """The row that the keyboard is on."""

    def choose(self, key: str) -> None:
        """Select a row."""


class RowSubject:
    """The chosen row; ``answered`` is told what the user wants of it."""

    def __init__(
        self, rows: Callable[[], SyncRows | None], table: Rows, answered: Callable[[list[SyncRow], Answer | None], None]
    ) -> None:
        self._rows, self._table, self._answered = rows, table, answered

    @property
    def comparison(self) -> Comparison | None:
        """Both versions of the row."""
        rows, row = self._rows(), self._table.chosen
        if rows is None or row is None:
            return None
        left, right = (picture_on(row.decision, rows.review, side) for side in Side)
        if left is None or right is None:
            return None
        keys = self._comparable(rows)
        place = _("row {number} of {all}").format(
            number=formatting.count(keys.index(row.key) + 1 if row.key in keys else 1), all=formatting.count(len(keys))
        )
        return Comparison(
            title=shown(row.decision.path),
            place=place,
            left=self._shown(row, Side.SOURCE, left),
            right=self._shown(row, Side.TARGET, right),
            active=-1,
            sentence=worded(row.decision.why),
        )

    def step_picture(self, step: int) -> None:
        """The next row, as there are but two pictures in each."""
        self.step_group(step)

    def step_group(self, step: int) -> None:
        """The next row with a picture on both sides, or the one before."""
        rows, row = self._rows(), self._table.chosen
        if rows is None or row is None:
            return
        keys = self._comparable(rows)
        if row.key in keys:
            self._table.choose(keys[min(max(keys.index(row.key) + step, 0), len(keys) - 1)])

    @property
    def coming(self) -> Sequence[Shown]:
        """Both versions of the next row."""
        rows, row = self._rows(), self._table.chosen
        keys = self._comparable(rows) if rows is not None else []
        if rows is None or row is None or row.key not in keys or row.key == keys[-1]:
            return ()
        following = rows.row(keys[keys.index(row.key) + 1])
        if following is None:
            return ()
        files = ((side, picture_on(following.decision, rows.review, side)) for side in Side)
        return [self._shown(following, side, file) for side, file in files if file is not None]

    @property
    def deeds(self) -> Sequence[Deed]:
        """The answers, by the keys of the table; S is the split's here."""
        return (
            self._deed(Answer.SOURCE, "arrow-right", "Alt+→", ("<Alt-Right>",)),
            self._deed(Answer.TARGET, "arrow-left", "Alt+←", ("<Alt-Left>",)),
            self._deed(Answer.KEEP_BOTH, "files", "K", ("<Key-k>", "<Key-K>")),
            self._deed(Answer.SKIP, "dash", "Alt+↓", ("<Alt-Down>",)),
            Deed(
                _("Take the choice back"), "arrow-counterclockwise", "Alt+↑", ("<Alt-Up>",), lambda: self._answer(None)
            ),
            Deed(_("Previous"), "chevron-up", _("Up"), (), lambda: self.step_group(-1)),
            Deed(_("Next"), "chevron-down", _("Down"), (), lambda: self.step_group(1)),
        )

    def _deed(self, answer: Answer, icon: str, key: str, sequences: tuple[str, ...]) -> Deed:
        return Deed(answer_words(None, answer), icon, key, sequences, lambda: self._answer(answer))

    def _answer(self, answer: Answer | None) -> None:
        row = self._table.chosen
        if row is not None:
            self._answered([row], answer)

    @staticmethod
    def _comparable(rows: SyncRows) -> list[str]:
        return [
            row.key
            for row in rows.visible()
            if all(picture_on(row.decision, rows.review, side) is not None for side in Side)
        ]

    @staticmethod
    def _shown(row: SyncRow, side: Side, file: PictureFile) -> Shown:
        entry = row.decision.on(side)
        size = formatting.size(entry.size) if entry is not None else ""
        chosen = {Answer.SOURCE: Side.SOURCE, Answer.TARGET: Side.TARGET}.get(row.decision.answer or Answer.SKIP)
        used = _("used")
        state = f"{side_words(side)} · ✔ {used}" if chosen is side else side_words(side)
        name, folder = paths.name(file.path), paths.parent(file.path)
        return Shown(file.path, file.mtime_ns, shown(name), shown(folder), state, size)
