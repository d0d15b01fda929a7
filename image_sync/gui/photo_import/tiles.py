"""The selected files of *import* as the tiles that the preview draws.  No tkinter, no disk."""

from __future__ import annotations

from collections.abc import Iterable

from image_sync.base import paths
from image_sync.base.model import FileRecord
from image_sync.gui.job.preview import MOST_TILES
from image_sync.gui.organize.rows import Tile
from image_sync.gui.photo_import.rows import ImportRows, Mark, mark_words
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.photo_import.model import Placed

_TOLD = (Mark.UNDATED, Mark.DUPLICATE, Mark.SMALL, Mark.ROLLED_OVER, Mark.CORRECTED, Mark.STAYS)


def tiles_of(
    rows: ImportRows, selected: Iterable[str], focused: str
) -> tuple[list[Tile], list[FileRecord], int, int | None]:
    """The tiles of a selection, their files, how many more there are, and the number of the focused one.

    A tile's number is the place of its file among ``rows.files``.
    """
    keys = rows.expanded(selected)
    shown_keys = keys[:MOST_TILES]
    numbers = {key: number for number, key in enumerate(rows.files)} if shown_keys else {}
    tiles = [_tile(rows, key, numbers[key]) for key in shown_keys]
    records = [rows.files[key].arrival.record for key in shown_keys]
    return tiles, records, len(keys) - len(shown_keys), numbers.get(focused)


def _tile(rows: ImportRows, key: str, number: int) -> Tile:
    placed, line = rows.files[key], rows.line(key)
    dated = f"{line.date}, {line.source}" if line.source else line.date
    lines = (dated, _target_words(placed), *_size_words(placed))
    return Tile(
        number,
        shown(placed.arrival.path),
        best=False,
        mark=" · ".join(mark_words(mark) for mark in _TOLD if mark in line.marks),
        title=line.name,
        lines=tuple(one for one in lines if one),
    )


def _target_words(placed: Placed) -> str:
    if not placed.target:
        return _("stays where it is")
    return _("to {folder}").format(folder=shown(paths.parent(placed.target)) or _("the library"))


def _size_words(placed: Placed) -> tuple[str, ...]:
    arrival = placed.arrival
    size = formatting.size(arrival.record.size)
    if arrival.width and arrival.height:
        return (f"{formatting.dimensions(arrival.width, arrival.height)}, {size}",)
    return (size,)
