"""The icon in all its forms, drawn from one list of shapes: ``python3 packaging/icons/draw.py``.

Two photos, one on the other, that show the same: a sun above a hill.  The list below is the source; the SVG, the PNGs,
the ICO of Windows and the ICNS of macOS beside this script are made from it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).resolve().parent
SIDE = 64
"""The square that the shapes are drawn in."""
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
FINER = 8
"""Each pixel is drawn as a square of so many, and then reduced."""

BACK, FRAME, SKY, HILL, FAR_HILL, SUN = "#8aa6c1", "#ffffff", "#3f8fd2", "#2f6b4f", "#5a9a72", "#ffd34d"
EDGE = "#2b4a66"


@dataclass(frozen=True)
class Box:
    """A rectangle with round corners."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Disc:
    """A full circle."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Corners:
    """A polygon."""

    points: tuple[tuple[float, float], ...]
    colour: str


Shape = Box | Disc | Corners
SHAPES: tuple[Shape, ...] = (
    Box(4, 6, 46, 44, 5, EDGE),
    Box(6, 8, 44, 42, 3.5, BACK),
    Box(16, 18, 62, 59, 5, EDGE),
    Box(18, 20, 60, 57, 3.5, FRAME),
    Box(21, 23, 57, 54, 1.5, SKY),
    Disc(47, 31.5, 4.5, SUN),
    Corners(((34, 52), (46, 38), (57, 50), (57, 54), (34, 54)), FAR_HILL),
    Corners(((21, 49), (32, 34), (47, 54), (21, 54)), HILL),
)


def picture(size: int) -> Image.Image:
    """The icon as pixels, ``size`` a side, on nothing."""
    scale = size * FINER / SIDE
    drawn = Image.new("RGBA", (size * FINER, size * FINER))
    pen = ImageDraw.Draw(drawn)
    for shape in SHAPES:
        if isinstance(shape, Box):
            edges = [value * scale for value in (shape.left, shape.top, shape.right, shape.bottom)]
            pen.rounded_rectangle([edges[0], edges[1], edges[2] - 1, edges[3] - 1], shape.radius * scale, shape.colour)
        elif isinstance(shape, Disc):
            pen.circle((shape.x * scale, shape.y * scale), shape.radius * scale, shape.colour)
        else:
            pen.polygon([(x * scale, y * scale) for x, y in shape.points], shape.colour)
    return drawn.resize((size, size), Image.Resampling.BOX)


def vector() -> str:
    """The icon as SVG."""
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">', "  <title>Image Sync</title>"]
    for shape in SHAPES:
        if isinstance(shape, Box):
            place = f'x="{shape.left:g}" y="{shape.top:g}"'
            size = f'width="{shape.right - shape.left:g}" height="{shape.bottom - shape.top:g}"'
            lines.append(f'  <rect {place} {size} rx="{shape.radius:g}" fill="{shape.colour}"/>')
        elif isinstance(shape, Disc):
            lines.append(f'  <circle cx="{shape.x:g}" cy="{shape.y:g}" r="{shape.radius:g}" fill="{shape.colour}"/>')
        else:
            points = " ".join(f"{x:g},{y:g}" for x, y in shape.points)
            lines.append(f'  <polygon points="{points}" fill="{shape.colour}"/>')
    return "\n".join([*lines, "</svg>", ""])


def write(folder: Path) -> None:
    """Write all forms into ``folder``."""
    (folder / "image-sync.svg").write_text(vector(), encoding="utf-8")
    pictures = {size: picture(size) for size in SIZES}
    for size, drawn in pictures.items():
        drawn.save(folder / f"image-sync-{size}.png", optimize=True)
    small = [pictures[size] for size in (16, 24, 32, 48, 64, 128)]
    pictures[256].save(
        folder / "image-sync.ico", append_images=small, sizes=[one.size for one in (*small, pictures[256])]
    )
    pictures[512].save(folder / "image-sync.icns", append_images=[pictures[size] for size in (32, 64, 128, 256)])


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else HERE)
