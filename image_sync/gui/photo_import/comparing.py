"""Duplicates of *import* as they are compared: what arrives left, the same picture that is there already right.

What becomes of a duplicate is the import's rule, so nothing is decided here but looked at.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from image_sync.base import paths
from image_sync.gui.compare.subject import Comparison, Deed, Shown
from image_sync.gui.photo_import.rows import ImportRows
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import worded
from image_sync.jobs.photo_import.model import Placed


class Tree(Protocol):
    """The tree whose files are compared."""

    @property
    def focused(self) -> str:
        """The key of the row that the keyboard is on."""

    def choose(self, *keys: str) -> None:
        """Select these files."""


class DuplicateSubject:
    """The chosen file and its twin; other duplicates by the arrows."""

    def __init__(self, rows: Callable[[], ImportRows | None], tree: Tree) -> None:
        self._rows, self._tree = rows, tree
        self._key = ""

    @property
    def comparison(self) -> Comparison | None:
        """The file and the same picture elsewhere; ``None`` where it has none."""
        rows = self._rows()
        if rows is None:
            return None
        key = self._key or self._tree.focused
        placed = rows.files.get(key)
        if placed is None or not placed.twin:
            return None
        keys = self._duplicates(rows)
        place = _("duplicate {number} of {all}").format(
            number=formatting.count(keys.index(key) + 1), all=formatting.count(len(keys))
        )
        record = placed.arrival.record
        size = formatting.size(record.size)
        return Comparison(
            title=shown(record.name),
            place=place,
            left=_shown(placed.arrival.path, record.mtime_ns, _("Arrives"), size),
            right=_twin(rows, placed),
            active=-1,
            sentence=worded(placed.why),
        )

    def step_picture(self, step: int) -> None:
        """The next duplicate, as there are but two pictures to each."""
        self.step_group(step)

    def step_group(self, step: int) -> None:
        """The next duplicate, or the one before."""
        rows = self._rows()
        key = self._key or self._tree.focused
        keys = self._duplicates(rows) if rows is not None else []
        if key in keys:
            self._key = keys[min(max(keys.index(key) + step, 0), len(keys) - 1)]
            self._tree.choose(self._key)

    @property
    def coming(self) -> Sequence[Shown]:
        """The next duplicate and its twin."""
        rows = self._rows()
        keys = self._duplicates(rows) if rows is not None else []
        key = self._key or self._tree.focused
        if rows is None or key not in keys or key == keys[-1]:
            return ()
        placed = rows.files[keys[keys.index(key) + 1]]
        record = placed.arrival.record
        return [_shown(placed.arrival.path, record.mtime_ns, "", ""), _twin(rows, placed)]

    @property
    def deeds(self) -> Sequence[Deed]:
        """The way through the duplicates."""
        return (
            Deed(_("Previous"), "chevron-up", _("Up"), (), lambda: self.step_group(-1)),
            Deed(_("Next"), "chevron-down", _("Down"), (), lambda: self.step_group(1)),
        )

    @staticmethod
    def _duplicates(rows: ImportRows) -> list[str]:
        return [key for key, placed in rows.files.items() if _is_compared(placed)]


def _twin(rows: ImportRows, placed: Placed) -> Shown:
    """Twin of a picture: one that arrives too and goes where the twin will be, else what stands there."""
    library = rows.review.plan.roots["output"]
    others = (one for one in rows.files.values() if one is not placed and one.target)
    other = next((one for one in others if paths.join(library, one.target) == placed.twin), None)
    if other is None:
        return _shown(placed.twin, 0, _("There already"), "")
    record = other.arrival.record
    return _shown(other.arrival.path, record.mtime_ns, _("Arrives too"), formatting.size(record.size))


def _is_compared(placed: Placed) -> bool:
    return bool(placed.twin)


def _shown(path: str, mtime_ns: int, state: str, facts: str) -> Shown:
    return Shown(path, mtime_ns, shown(paths.name(path)), shown(paths.parent(path)), state, facts)
