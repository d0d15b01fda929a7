"""Rendering of a comparison: two pictures, a mode and a viewport in, the pixels of the screen out.

Pure functions on Pillow's pictures, called on a thread of the background; nothing here knows a widget or a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from PIL import Image, ImageDraw

from image_sync.gui.compare import viewport as viewing
from image_sync.gui.compare.regions import LEVEL, Regions, comparing_size, regions_of
from image_sync.gui.compare.viewport import Rectangle, Size, Viewport

GAP = 6
"""Pixels between two pictures beside each other, and the width of the split's line is half of it."""
MARK = (230, 30, 60)
"""What differs, and the boxes around it."""
FADED = 0.45
"""How much of the picture is left below the marks of what differs."""
LEAST_LEVEL = 128
"""Pixels of the longer side of the smallest reduction that is kept."""


class Mode(Enum):
    """The ways to compare two pictures."""

    SIDE = "side by side"
    FLICKER = "flicker"
    SPLIT = "split"
    DIFFERENCE = "difference"


class Layer:
    """One picture with its reductions by two, so that any part of it is drawn from few pixels."""

    def __init__(self, picture: Image.Image) -> None:
        self.levels = [picture]
        while max(self.levels[-1].size) > LEAST_LEVEL * 2:
            last = self.levels[-1]
            self.levels.append(last.reduce(2))

    @property
    def size(self) -> Size:
        """Width and height of the picture."""
        return self.levels[0].size

    @property
    def bytes(self) -> int:
        """Memory that the pixels take."""
        return sum(level.width * level.height * 3 for level in self.levels)

    def part(self, box: Rectangle, size: Size) -> Image.Image:
        """The part ``box`` (in pixels of the picture, within it) at another size."""
        shrunk = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])
        number = 0
        while number + 1 < len(self.levels) and shrunk >= 2 ** (number + 1):
            number += 1
        level = self.levels[number]
        across, down = level.width / self.size[0], level.height / self.size[1]
        scaled = (
            max(0.0, box[0] * across),
            max(0.0, box[1] * down),
            min(float(level.width), box[2] * across),
            min(float(level.height), box[3] * down),
        )
        # Each pixel as it is where they are seen one by one; smooth where there are more of them.
        how = Image.Resampling.NEAREST if shrunk <= 0.25 else Image.Resampling.BILINEAR
        return level.resize(size, how, box=scaled)


class Pair:
    """Two pictures in their common frame."""

    def __init__(self, left: Layer, right: Layer) -> None:
        self.left, self.right = left, right
        self.frame = viewing.frame_of(left.size, right.size)

    @cached_property
    def regions(self) -> Regions:
        """Regions in which they differ."""
        smaller = min(self.left.size, self.right.size, key=lambda size: size[0] * size[1])
        size = comparing_size(self.frame, smaller)
        whole = Viewport(min(size[0] / self.frame[0], size[1] / self.frame[1]), self.frame[0] / 2, self.frame[1] / 2)
        return regions_of(*(self._seen(layer, whole, size, (0, 0, 0)) for layer in (self.left, self.right)))

    def swapped(self) -> Pair:
        """Pair of these pictures, the other one left."""
        other = Pair(self.right, self.left)
        if "regions" in self.__dict__:
            other.__dict__["regions"] = self.regions
        return other

    def view(self, layer: Layer, view: Viewport, room: Size, ground: tuple[int, int, int]) -> Image.Image:
        """Part of one picture that is seen in a room."""
        return self._seen(layer, viewing.settled(view, self.frame, room), room, ground)

    def _seen(self, layer: Layer, view: Viewport, room: Size, ground: tuple[int, int, int]) -> Image.Image:
        canvas = Image.new("RGB", room, ground)
        left, top = view.x - room[0] / view.zoom / 2, view.y - room[1] / view.zoom / 2
        place = viewing.place_in(self.frame, layer.size)
        # In pixels of the room, whole ones: both pictures of a pair must lie on one another.
        edges = [round((place[side] - (left, top)[side % 2]) * view.zoom) for side in range(4)]
        within = (max(edges[0], 0), max(edges[1], 0), min(edges[2], room[0]), min(edges[3], room[1]))
        size = within[2] - within[0], within[3] - within[1]
        if min(size) <= 0:
            return canvas
        across = layer.size[0] / (edges[2] - edges[0])
        down = layer.size[1] / (edges[3] - edges[1])
        box = (
            (within[0] - edges[0]) * across,
            (within[1] - edges[1]) * down,
            (within[2] - edges[0]) * across,
            (within[3] - edges[1]) * down,
        )
        canvas.paste(layer.part(box, size), within[:2])
        return canvas


@dataclass(frozen=True, slots=True)
class Scene:
    """Scene that is asked for: a mode, a part of the frame, the room for it, the colour around, the split's place."""

    mode: Mode
    view: Viewport
    room: Size
    ground: tuple[int, int, int] = (32, 32, 32)
    split: float = 0.5


def room_of_one(mode: Mode, room: Size) -> Size:
    """The room that one of the pictures has."""
    return (max(1, (room[0] - GAP) // 2), room[1]) if mode is Mode.SIDE else room


def rendered(pair: Pair, scene: Scene) -> tuple[Image.Image, ...]:
    """The pictures of a scene: both for ``FLICKER`` and ``SPLIT``, which change between them at once, else one."""
    one = room_of_one(scene.mode, scene.room)
    if scene.mode is Mode.DIFFERENCE:
        return (_difference(pair, scene),)
    left, right = (pair.view(layer, scene.view, one, scene.ground) for layer in (pair.left, pair.right))
    if scene.mode is not Mode.SIDE:
        return left, right
    both = Image.new("RGB", scene.room, scene.ground)
    both.paste(left, (0, 0))
    both.paste(right, (scene.room[0] - one[0], 0))
    return (both,)


def split(left: Image.Image, right: Image.Image, at: float) -> Image.Image:
    """The left picture up to a share of the width, the right one from there on, a line between them."""
    place = round(left.width * min(max(at, 0.0), 1.0))
    both = right.copy()
    both.paste(left.crop((0, 0, place, left.height)), (0, 0))
    ImageDraw.Draw(both).rectangle((place - 1, 0, place + GAP // 2 - 2, left.height), fill=(255, 255, 255))
    return both


def _difference(pair: Pair, scene: Scene) -> Image.Image:
    """The left picture faded to grey, what differs in colour, a box around each region."""
    base = pair.view(pair.left, scene.view, scene.room, scene.ground).convert("L").convert("RGB")
    base = Image.blend(Image.new("RGB", scene.room, (255, 255, 255)), base, FADED)
    found = pair.regions
    marks = Layer(Image.fromarray(found.strength).convert("RGB"))
    strength = _in_frame(pair, marks, scene).convert("L").point(_visible)
    base.paste(Image.new("RGB", scene.room, MARK), (0, 0), strength)
    draw = ImageDraw.Draw(base)
    left, top, right, bottom = viewing.seen(scene.view, pair.frame, scene.room)
    across, down = scene.room[0] / (right - left), scene.room[1] / (bottom - top)
    for box in found.boxes:
        edges = [box[side] * pair.frame[side % 2] for side in range(4)]
        draw.rectangle(
            ((edges[0] - left) * across - 2, (edges[1] - top) * down - 2, (edges[2] - left) * across + 1,
             (edges[3] - top) * down + 1),
            outline=MARK, width=2,
        )  # fmt: skip
    return base


def _in_frame(pair: Pair, marks: Layer, scene: Scene) -> Image.Image:
    """Part that is seen of a map that fills the frame."""
    whole = Pair(Layer(Image.new("RGB", (1, 1))), marks)
    view = viewing.settled(scene.view, pair.frame, scene.room)
    scale = marks.size[0] / pair.frame[0], marks.size[1] / pair.frame[1]
    whole.frame = marks.size
    inner = Viewport(view.zoom / scale[0], view.x * scale[0], view.y * scale[1])
    return whole._seen(marks, inner, scene.room, (0, 0, 0))


def _visible(strength: int) -> int:
    """Share (0-255) of the mark's colour a difference gets: none below what shows."""
    return 0 if strength < LEVEL else min(255, 90 + strength * 2)


def loupe(pair: Pair, layer: Layer, at: tuple[float, float], size: int, zoom: float) -> Image.Image:
    """A square of one picture around a point of the frame, at a zoom of its own."""
    return pair._seen(layer, Viewport(zoom, *at), (size, size), (0, 0, 0))
