"""Drawings of what each job does, for the first start: photos, folders and arrows in the colours of the theme.

Drawn, not stored: sharp at every scale, right in light and dark.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from image_sync.gui.widgets.theme import between, colors, px

WIDTH, HEIGHT = 236, 118
"""Size of a drawing at 100 %."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Pen on a canvas: lengths at 100 %, colours of the theme."""

    canvas: tkinter.Canvas

    def at(self, *lengths: float) -> list[int]:
        """Lengths in pixels."""
        return [px(self.canvas, length) for length in lengths]

    def photo(self, x: float, y: float, width: float, sky: str, faded: bool = False) -> None:
        """A photo of hills under a sun; a faded one is a copy."""
        palette, height = colors(), width * 0.72
        paper = palette.inputbg
        shade = (lambda colour: between(colour, paper, 0.4)) if faded else (lambda colour: colour)
        edge = between(palette.fg, palette.bg, 0.3 if faded else 0.55)
        left, top, right, bottom = self.at(x, y, x + width, y + height)
        self.canvas.create_rectangle(left, top, right, bottom, fill=paper, outline=edge)
        margin = width * 0.07
        inner = self.at(x + margin, y + margin, x + width - margin, y + height - margin)
        self.canvas.create_rectangle(*inner, fill=shade(between(sky, paper, 0.45)), outline="")
        sun, radius = (x + width * 0.72, y + height * 0.32), width * 0.08
        round_sun = self.at(sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius)
        self.canvas.create_oval(*round_sun, fill=shade(palette.warning), outline="")
        floor = y + height - margin
        hills = [(0.07, 0.75), (0.32, 0.38), (0.52, 0.72), (0.66, 0.55), (0.93, 0.8), (0.93, 1.0), (0.07, 1.0)]
        points = [(x + width * across, min(floor, y + height * down)) for across, down in hills]
        self.canvas.create_polygon(*self.at(*(value for point in points for value in point)), fill=shade(sky))

    def folder(self, x: float, y: float, width: float, colour: str) -> None:
        """A folder with its tab."""
        palette, height = colors(), width * 0.74
        front, edge = between(colour, palette.bg, 0.35), between(colour, palette.fg, 0.8)
        tab = [(0, 0), (0.38, 0), (0.46, 0.14), (1, 0.14), (1, 1), (0, 1)]
        points = [(x + width * across, y + height * down) for across, down in tab]
        self.canvas.create_polygon(*self.at(*(value for point in points for value in point)), fill=front, outline=edge)
        self.canvas.create_line(*self.at(x, y + height * 0.28, x + width, y + height * 0.28), fill=edge)

    def arrow(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """An arrow in the colour of what is to be done."""
        self.canvas.create_line(
            *self.at(x, y, to_x, to_y),
            fill=colors().primary,
            width=px(self.canvas, 3),
            arrow="last",
            arrowshape=(px(self.canvas, 9), px(self.canvas, 10), px(self.canvas, 5)),
            capstyle="round",
        )

    def line(self, *places: float) -> None:
        """A thin line."""
        palette = colors()
        self.canvas.create_line(*self.at(*places), fill=between(palette.fg, palette.bg, 0.5))

    def words(self, x: float, y: float, text: str) -> None:
        """Small words."""
        left, top = self.at(x, y)
        self.canvas.create_text(left, top, text=text, anchor="w", font="SmallFont", fill=colors().fg)


def _organize(pen: Pen) -> None:
    """Scattered photos; beside them the best of each group, its copies behind it."""
    palette = colors()
    pen.photo(4, 10, 42, palette.info)
    pen.photo(40, 34, 42, palette.success)
    pen.photo(10, 58, 42, palette.info, faded=True)
    pen.photo(52, 76, 42, palette.success, faded=True)
    pen.arrow(108, 60, 136, 60)
    for y, sky in ((10, palette.info), (66, palette.success)):
        pen.photo(172, y + 8, 44, sky, faded=True)
        pen.photo(152, y, 50, sky)


def _sync(pen: Pen) -> None:
    """Two folders, each with what the other has."""
    palette = colors()
    pen.folder(10, 26, 78, palette.info)
    pen.folder(148, 26, 78, palette.info)
    for x in (20, 158):
        pen.photo(x, 50, 28, palette.success)
        pen.photo(x + 30, 50, 28, palette.info)
    pen.arrow(97, 44, 139, 44)
    pen.arrow(139, 66, 97, 66)


def _import(pen: Pen) -> None:
    """Photos that go into folders of years."""
    palette = colors()
    pen.photo(6, 16, 46, palette.info)
    pen.photo(26, 42, 46, palette.success)
    pen.photo(10, 70, 46, palette.warning)
    pen.arrow(92, 60, 124, 60)
    for number, (year, sky) in enumerate(
        (("2019", palette.info), ("2021", palette.success), ("2024", palette.warning))
    ):
        y = 8 + number * 37
        pen.folder(140, y, 34, palette.info)
        pen.words(180, y + 13, year)
        pen.photo(214, y + 4, 20, sky)


DRAWINGS: Mapping[str, Callable[[Pen], None]] = {"organize": _organize, "sync": _sync, "import": _import}
"""The drawing of each job, by its name; a job without one has its icon alone."""


class Drawing(tkinter.Canvas):
    """The drawing of a job, drawn anew when the theme changes."""

    def __init__(self, master: tkinter.Misc, job: str) -> None:
        super().__init__(
            master, width=px(master, WIDTH), height=px(master, HEIGHT), highlightthickness=0, borderwidth=0
        )
        self._draw_job = DRAWINGS.get(job, _organize)
        self.bind("<<ThemeChanged>>", lambda _event: self.draw(), add="+")
        self.draw()

    def draw(self) -> None:
        """Draw it in the colours of the theme."""
        self.delete("all")
        self.configure(background=colors().bg)
        self._draw_job(Pen(self))
