"""Different pictures that look alike to hashes: pages of text, screens of one application, skies, night, blank paper.

Two seeds never give the same picture; within a family they share their layout, as scans of one letter-writer and
screenshots of one telephone do.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

TEXT = (
    "the of and to in is that for it as was with be by on not he his but at are this have from or had an they "
    "which one you were all her she there would their we him been has when who will no more if out so up said "
    "what its about than into them can only other time new some could these two may first then do any like my "
    "now over such our man "
)
WORDS = TEXT.split()


def page(seed: int, ground: int = 250, ink: int = 20) -> Image.Image:
    """A page of text with margins, in paragraphs."""
    chance = random.Random(seed)
    picture = Image.new("L", (850, 1100), ground)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(18)
    top = 80
    while top < 1000:
        lines = chance.randint(3, 9)
        for line in range(lines):
            words = " ".join(chance.choices(WORDS, k=14 if line < lines - 1 else chance.randint(2, 9)))
            draw.text((80, top), words[:78], font=font, fill=ink)
            top += 27
        top += 27
    return picture


def dark_page(seed: int) -> Image.Image:
    """The same in a dark colour scheme."""
    return page(seed + 5000, ground=24, ink=220)


def settings_screen(seed: int) -> Image.Image:
    """A screen of rows, each with a round icon at the same place and two lines of text."""
    chance = random.Random(seed)
    picture = Image.new("L", (540, 1100), 18)
    draw = ImageDraw.Draw(picture)
    draw.text((30, 35), "Settings", font=ImageFont.load_default(34), fill=240)
    for top in range(110, 1045, 85):
        draw.ellipse((20, top + 10, 70, top + 60), fill=chance.randint(60, 255))
        title, subtitle = (" ".join(chance.choices(WORDS, k=chance.randint(*span))) for span in ((1, 3), (3, 7)))
        draw.text((90, top + 8), title.title(), font=ImageFont.load_default(24), fill=235)
        draw.text((90, top + 40), subtitle, font=ImageFont.load_default(16), fill=150)
    return picture


def chat_screen(seed: int) -> Image.Image:
    """A screen of one messenger: the same frame, other bubbles."""
    chance = random.Random(seed)
    picture = Image.new("L", (540, 1100), 245)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 540, 90), fill=90)
    draw.rectangle((0, 1030, 540, 1100), fill=255)
    top = 110
    while top < 940:
        width, lines = chance.randint(120, 380), chance.randint(1, 3)
        left = chance.choice((20, 520 - width))
        draw.rounded_rectangle((left, top, left + width, top + 26 * lines + 20), 14, fill=225 if left > 20 else 255)
        for line in range(lines):
            words = " ".join(chance.choices(WORDS, k=max(1, width // 60)))
            draw.text((left + 12, top + 8 + 26 * line), words, font=ImageFont.load_default(18), fill=30)
        top += 26 * lines + 20 + chance.randint(8, 24)
    return picture


def _places() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    down, across = np.mgrid[0:480, 0:640]
    return down / 480, across / 640


def _photo(values: NDArray[np.float64], noise: float, seed: int) -> Image.Image:
    noisy = values + np.random.default_rng(seed).normal(0, noise, values.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def sky(seed: int) -> Image.Image:
    """A clear sky: a slope from one grey to another, a little tilted, with a sensor's noise."""
    generator = np.random.default_rng(seed)
    down, across = _places()
    tilt = generator.normal(0, 0.25)
    slope = down * np.cos(tilt) + across * np.sin(tilt)
    slope = (slope - slope.min()) / np.ptp(slope)
    top, bottom = generator.uniform(60, 150), generator.uniform(160, 245)
    return _photo(top + (bottom - top) * slope ** generator.uniform(0.6, 1.8), generator.uniform(0.5, 3), seed)


def night(seed: int) -> Image.Image:
    """Darkness with a few lamps."""
    generator = np.random.default_rng(seed)
    down, across = _places()
    values = np.full(down.shape, generator.uniform(2, 12))
    for _ in range(generator.integers(1, 15)):
        y, x, radius = generator.uniform(0, 1), generator.uniform(0, 1), generator.uniform(0.003, 0.02)
        values += generator.uniform(80, 255) * np.exp(-((down - y) ** 2 + (across - x) ** 2) / (2 * radius**2))
    return _photo(values, generator.uniform(1, 4), seed)


def blank(seed: int) -> Image.Image:
    """An empty page under a lamp, now and then with the scanner's edge."""
    generator = np.random.default_rng(seed)
    down, across = _places()
    lamp = (across - generator.uniform(0.2, 1.1)) ** 2 + (down - generator.uniform(0.2, 0.8)) ** 2
    values = generator.uniform(200, 252) - generator.uniform(0, 14) * lamp
    if seed % 3 == 0:
        values[:, : generator.integers(2, 8)] -= 60
    return _photo(values, generator.uniform(0.5, 3), seed)


FAMILIES: dict[str, Callable[[int], Image.Image]] = {
    "pages": page,
    "dark pages": dark_page,
    "settings": settings_screen,
    "chats": chat_screen,
    "skies": sky,
    "nights": night,
    "blanks": blank,
}
