"""Places of group strips and their tiles on an endless sheet: which are in sight, which is under the mouse.

Pure arithmetic in pixels; no tkinter.  Strips stand beside each other where they fit, so that a wide window is filled;
a strip of more tiles than fit beside each other has several rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST, LARGEST, STEP = 96, 400, 16
"""Pixels at 100 % of a tile's picture, and the steps between its sizes."""
MOST_WIDENED = 1.3
"""How much wider a tile may be than its picture needs, so that a line of tiles ends where the window does."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of one size of tiles, in pixels: a tile with its words is ``cell_width`` by ``cell_height``; ``head`` is
    the height of a strip's words, ``pad`` the room inside its frame, ``gap`` the room between strips."""

    cell_width: int
    cell_height: int
    head: int
    pad: int
    gap: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first pixel beside it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first pixel below it."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Hit:
    """Place under the mouse: a strip, and the tile in it where there is one."""

    strip: int
    tile: int | None = None


class StripLayout:
    """The strips of ``sizes`` tiles each on a sheet ``width`` pixels wide, in their order."""

    def __init__(self, sizes: Sequence[int], width: int, measures: Measures) -> None:
        self.sizes, self.width, self.measures = sizes, width, measures
        room = width - 2 * (measures.gap + measures.pad)
        self.most_columns = max(1, room // measures.cell_width)
        self._boxes: list[Box] = []
        self._line_tops: list[int] = []
        self._line_starts: list[int] = []
        self.height = self._place() if sizes else 0

    def _place(self) -> int:
        gap, most = self.measures.gap, self.most_columns
        top, start, used, tallest = gap, 0, gap, 0
        for strip, size in enumerate(self.sizes):
            columns = min(size, most)
            wide = columns * self.measures.cell_width + 2 * self.measures.pad
            if strip > start and used + wide + gap > self.width:
                self._close_line(start, strip, top, tallest)
                top, start, used, tallest = top + tallest + gap, strip, gap, 0
            used += wide + gap
            rows = -(-size // most)
            tallest = max(tallest, self.measures.head + rows * self.measures.cell_height + self.measures.pad)
        self._close_line(start, len(self.sizes), top, tallest)
        return top + tallest + gap

    def _close_line(self, start: int, end: int, top: int, height: int) -> None:
        """Place the strips of one line; what room is left over widens all of them alike."""
        gap, measures = self.measures.gap, self.measures
        wanted = [
            min(size, self.most_columns) * measures.cell_width + 2 * measures.pad for size in self.sizes[start:end]
        ]
        left_over = max(0, self.width - gap - sum(wide + gap for wide in wanted))
        if end == len(self.sizes):
            # The last line is as wide as it must be: one strip of two need not fill the sheet.
            left_over = min(left_over, measures.cell_width // 2 * len(wanted))
        left = gap
        self._line_tops.append(top)
        self._line_starts.append(start)
        for number, wide in enumerate(wanted):
            more = left_over * (number + 1) // len(wanted) - left_over * number // len(wanted)
            self._boxes.append(Box(left, top, wide + more, height))
            left += wide + more + gap

    # --- where things are ---

    def strip(self, strip: int) -> Box:
        """The frame of a strip."""
        return self._boxes[strip]

    def columns(self, strip: int) -> int:
        """Tiles beside each other in a strip."""
        return min(self.sizes[strip], self.most_columns)

    def tile(self, strip: int, tile: int) -> Box:
        """The place of a tile."""
        box, measures, columns = self._boxes[strip], self.measures, self.columns(strip)
        wide = self._pitch(strip)
        left = box.left + measures.pad + tile % columns * wide
        top = box.top + measures.head + tile // columns * measures.cell_height
        return Box(left, top, wide, measures.cell_height)

    def _pitch(self, strip: int) -> int:
        """Pixels from one tile to the next: tiles share what room their strip has left, within reason."""
        wide = (self._boxes[strip].width - 2 * self.measures.pad) // self.columns(strip)
        return max(self.measures.cell_width, min(wide, round(self.measures.cell_width * MOST_WIDENED)))

    def strips_between(self, top: int, bottom: int) -> range:
        """The strips of which a pixel lies between two heights."""
        if not self._boxes:
            return range(0)
        first = max(0, bisect_right(self._line_tops, top) - 1)
        last = max(first, bisect_right(self._line_tops, bottom) - 1)
        end = self._line_starts[last + 1] if last + 1 < len(self._line_starts) else len(self._boxes)
        return range(self._line_starts[first], end)

    def tiles_between(self, strip: int, top: int, bottom: int) -> range:
        """The tiles of a strip of which a pixel lies between two heights."""
        columns, height = self.columns(strip), self.measures.cell_height
        begin = self._boxes[strip].top + self.measures.head
        first = max(0, (top - begin) // height)
        last = max(0, (bottom - begin) // height + 1)
        return range(min(first * columns, self.sizes[strip]), min(last * columns, self.sizes[strip]))

    def hit(self, x: int, y: int) -> Hit | None:
        """The strip and tile at a place."""
        for strip in self.strips_between(y, y):
            box = self._boxes[strip]
            if box.left <= x < box.right and box.top <= y < box.bottom:
                return Hit(strip, self._tile_at(strip, x, y))
        return None

    def _tile_at(self, strip: int, x: int, y: int) -> int | None:
        box, measures, columns = self._boxes[strip], self.measures, self.columns(strip)
        column = (x - box.left - measures.pad) // self._pitch(strip)
        row = (y - box.top - measures.head) // measures.cell_height
        if not 0 <= column < columns or row < 0:
            return None
        tile = row * columns + column
        return tile if tile < self.sizes[strip] else None


def flowed(widths: Sequence[int], room: int, lines: int, gap: int, more: int) -> tuple[int, list[tuple[int, int]]]:
    """Number of things of these widths that are shown in a few lines, and their places (from the left, line).

    Where not all fit, one place more is for a thing of the width ``more`` that counts those left out."""
    for number in range(len(widths), -1, -1):
        places = _in_lines(widths if number == len(widths) else [*widths[:number], more], room, gap)
        if not places or places[-1][1] < lines:
            return number, places
    return 0, []


def _in_lines(widths: Sequence[int], room: int, gap: int) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    x, line = 0, 0
    for wide in widths:
        if x and x + wide > room:
            x, line = 0, line + 1
        places.append((x, line))
        x += wide + gap
    return places
