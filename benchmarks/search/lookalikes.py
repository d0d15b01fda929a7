"""Frames of a turntable, and libraries of small photos: what makes ``edited`` and ``same`` look most, and as usual.

Each frame shows one lump on one ground a little further turned, with noise of its own: nothing is a copy, nearly
everything is near everything.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.pictures_made import scene

FRAME = (640, 480)
FRAMES_OF_ONE = 142
"""Frames of one lump, all around."""
SMALL = (320, 240)
COPIES = 10
"""One in so many photos has a copy that was saved again, and one a part of it."""
_RADIUS = 150
_NOISE = 3.0

Floats = NDArray[np.float32]


def turntable(folder: Path, count: int) -> None:
    """Write so many frames, the next lump's when one has gone around."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        lump, place = divmod(number, FRAMES_OF_ONE)
        picture = Image.fromarray(frame(lump, 360 / FRAMES_OF_ONE * place, number))
        picture.save(folder / f"frame-{number:05}.jpg", quality=88)


def frame(lump: int, degrees: float, seed: int) -> NDArray[np.uint8]:
    """A lump turned by so many degrees about its upright axis, as a sensor with noise sees it; RGB."""
    surface, ground = _surface(lump), _ground()
    height, width = ground.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x - width / 2) / _RADIUS, (y - height / 2) / (_RADIUS * 0.8)
    inside = x * x + y * y < 1
    depth = np.sqrt(np.maximum(1 - x * x - y * y, 0))
    around = (np.arctan2(x, depth) / (2 * np.pi) + degrees / 360) % 1 * surface.shape[1]
    along = (np.arcsin(np.clip(y, -1, 1)) / np.pi + 0.5) * (surface.shape[0] - 1)
    skin = cv2.remap(
        surface, around.astype(np.float32), along.astype(np.float32), cv2.INTER_LINEAR, None, cv2.BORDER_WRAP
    )
    skin = skin * (0.35 + 0.65 * depth)[..., None]
    seen = np.where(inside[..., None], skin, ground)
    noise = np.random.default_rng(seed).normal(0, _NOISE, (*seen.shape[:2], 1))
    return np.asarray(np.clip(seen + noise, 0, 255), np.uint8)


def photos(folder: Path, count: int) -> None:
    """Write so many small files: different scenes, copies of some and parts of some."""
    folder.mkdir(parents=True, exist_ok=True)
    originals = count - 2 * (count // COPIES)
    for number in range(originals):
        picture = scene(number, SMALL)
        picture.save(folder / f"photo-{number:05}.jpg", quality=90)
        if number < count // COPIES:
            picture.save(folder / f"photo-{number:05}-copy.jpg", quality=60)
            part = picture.crop((0, 0, SMALL[0] * 4 // 5, SMALL[1] * 4 // 5))
            part.save(folder / f"photo-{number:05}-part.jpg", quality=85)


@functools.cache
def _surface(lump: int) -> Floats:
    """The skin of a lump, (256, 1024, 3), that meets itself around."""
    return _mottled((256, 1024), np.random.default_rng(lump + 500), (150.0, 115.0, 70.0), (1.5, 4, 14), 16)


@functools.cache
def _ground() -> Floats:
    return _mottled((FRAME[1], FRAME[0]), np.random.default_rng(9), (95.0, 100.0, 110.0), (2, 9, 40), 8)


def _mottled(
    shape: tuple[int, int],
    chance: np.random.Generator,
    colour: Sequence[float],
    sizes: Sequence[float],
    contrast: float,
) -> Floats:
    """Spots of some sizes around one colour."""
    grey = np.zeros(shape, np.float32)
    for size in sizes:
        # Around by hand, since a filter of OpenCV can't.
        margin = round(4 * size)
        wide = np.pad(chance.normal(0, 1, shape).astype(np.float32), margin, "wrap")
        spots = cv2.GaussianBlur(wide, (0, 0), size)[margin:-margin, margin:-margin]
        grey += spots / spots.std() * contrast
    return np.asarray(grey[..., None] + np.array(colour, np.float32), np.float32)
