"""Tile of a picture as the previews draw it: words and marks.  No tkinter."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TILES = 60
"""More pictures than this are counted, not drawn: the table lists them all."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of the selected group as the preview shows it."""

    picture: int
    path: str
    best: bool
    mark: str
    title: str
    lines: tuple[str, ...]
