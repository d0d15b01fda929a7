"""Edits that leave less of a photo than a crop of a third does, or put it into something else.

Half or a quarter of the picture, a photo of a print or a screen, turned and cropped, a small picture in a story, in the
corner of another photo, in a collage of four.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from benchmarks.accuracy.edits import straightened

Others = Sequence[Image.Image]
Make = Callable[[Image.Image, Others, random.Random], Image.Image]


def _part(area: float) -> Make:
    """A part of so much of the area, wherever it lies."""

    def make(picture: Image.Image, _: Others, chance: random.Random) -> Image.Image:
        share = area**0.5 * chance.uniform(0.93, 1.07)
        width, height = round(picture.width * share), round(picture.height * area / share)
        left, top = chance.randint(0, picture.width - width), chance.randint(0, picture.height - height)
        return picture.crop((left, top, left + width, top + height))

    return make


def _perspective(picture: Image.Image, _: Others, chance: random.Random) -> Image.Image:
    """A photo of a print or a screen, held at an angle and cropped to it."""
    width, height = picture.size
    inner = np.array(
        [(chance.uniform(0, 0.14) * width, chance.uniform(0, 0.14) * height) for _ in range(4)], np.float32
    )
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = corners + inner * np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)], np.float32)
    mapping = cv2.getPerspectiveTransform(seen, corners)
    return Image.fromarray(cv2.warpPerspective(np.asarray(picture.convert("RGB")), mapping, (width, height)))


def _on_a_table(picture: Image.Image, _: Others, chance: random.Random) -> Image.Image:
    """A print that lies on something, with its surroundings."""
    width, height = picture.size
    ground = np.random.default_rng(chance.randrange(9999)).normal(130, 14, (height, width, 3))
    ground += np.array([chance.uniform(-50, 50) for _ in range(3)])
    base = np.clip(cv2.GaussianBlur(ground, (0, 0), 1.2), 0, 255).astype(np.uint8)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = [(chance.uniform(0.08, 0.2) * width, chance.uniform(0.08, 0.2) * height) for _ in range(4)]
    place = corners + np.array(moved, np.float32) * np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)], np.float32)
    mapping = cv2.getPerspectiveTransform(corners, place)
    flags = {"dst": base, "borderMode": cv2.BORDER_TRANSPARENT, "flags": cv2.INTER_AREA}
    return Image.fromarray(cv2.warpPerspective(np.asarray(picture.convert("RGB")), mapping, (width, height), **flags))


def _turned(degrees: float) -> Make:
    def make(picture: Image.Image, _: Others, chance: random.Random) -> Image.Image:
        return straightened(degrees * chance.choice((-1, 1)))(picture)

    return make


def _story(picture: Image.Image, _: Others, chance: random.Random) -> Image.Image:
    """An upright telephone's story: the picture small on its own blurred self or on a gradient, and a line of text."""
    if chance.random() < 0.5:
        ground = ImageOps.fit(picture.convert("RGB"), (540, 960)).filter(ImageFilter.GaussianBlur(30))
    else:
        shades = [Image.linear_gradient("L").resize((540, 960)) for _ in range(3)]
        low = [chance.randint(0, 160) for _ in range(3)]
        ground = Image.merge("RGB", [s.point(lambda v, k=k: k + v // 3) for s, k in zip(shades, low, strict=True)])
    shown = ImageOps.contain(picture, (round(540 * chance.uniform(0.6, 0.85)), 600))
    top = round(960 * chance.uniform(0.2, 0.3))
    ground.paste(shown, ((540 - shown.width) // 2, top))
    draw = ImageDraw.Draw(ground)
    draw.text((60, top - 60), "look at this!", font=ImageFont.load_default(36), fill="white")
    draw.text((20, 20), "anna · 3 h", font=ImageFont.load_default(20), fill="white")
    return ground


def _inset(picture: Image.Image, others: Others, chance: random.Random) -> Image.Image:
    """The picture in the corner of another photo."""
    around = others[0].convert("RGB").copy()
    share = chance.uniform(0.38, 0.5)
    small = ImageOps.contain(picture, (round(around.width * share), round(around.height * share)))
    gap = round(around.width * 0.03)
    left = chance.choice((gap, around.width - small.width - gap))
    top = chance.choice((gap, around.height - small.height - gap))
    around.paste(small, (left, top))
    return around


def _collage(picture: Image.Image, others: Others, chance: random.Random) -> Image.Image:
    """Four pictures, two by two, each cropped to its place."""
    width, height = 1000, 800
    result = Image.new("RGB", (width, height), "white")
    shown = [picture, *others[:3]]
    chance.shuffle(shown)
    for number, one in enumerate(shown):
        cell = ImageOps.fit(one, (width // 2 - 6, height // 2 - 6))
        result.paste(cell, (number % 2 * width // 2 + 3, number // 2 * height // 2 + 3))
    return result


FURTHER: dict[str, Make] = {
    "half the area": _part(0.5),
    "a quarter of the area": _part(0.25),
    "perspective": _perspective,
    "print on a table": _on_a_table,
    "turned by 10°, cropped": _turned(10),
    "turned by 25°, cropped": _turned(25),
    "story": _story,
    "inset": _inset,
    "collage of four": _collage,
}
IN_OTHERS = {"inset": 1, "collage of four": 3}
"""Those that show other photos beside, and how many."""
