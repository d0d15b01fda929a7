"""Pictures to be timed on, made on the spot: as large on disk, and so as costly to decode, as a camera's.

Where real photos are at hand (``--photos FOLDER``) each picture is made of four parts of four of them, so that
thousands that differ come of a few; else scenes with the spectrum of photos are drawn.  Grain is added until a
twelve-megapixel JPEG has the 3-4 MB that cameras write.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

TWELVE_MEGAPIXELS = (4000, 3000)
SMALL = (640, 480)
LEAST_SIDE = 400
JPEG_SUFFIXES = {".jpg", ".jpeg"}


@dataclass(frozen=True, slots=True)
class Set:
    """``count`` pictures of ``size`` (width, height) in files with ``suffix``."""

    name: str
    suffix: str
    size: tuple[int, int]
    count: int


SETS = (
    Set("jpeg-12mp", ".jpg", TWELVE_MEGAPIXELS, 300),
    Set("jpeg-640", ".jpg", SMALL, 5000),
    Set("png-12mp", ".png", TWELVE_MEGAPIXELS, 20),
    Set("heic-12mp", ".heic", TWELVE_MEGAPIXELS, 20),
    Set("webp-12mp", ".webp", TWELVE_MEGAPIXELS, 20),
    Set("tiff-12mp", ".tif", TWELVE_MEGAPIXELS, 20),
)
_OPTIONS = {
    ".jpg": {"quality": 92},
    ".heic": {"quality": 60},
    ".webp": {"quality": 85, "method": 0},
    ".tif": {"compression": "tiff_lzw"},
    ".png": {"compress_level": 1},
}


def make(folder: Path, wanted: Set, photos: Path | None) -> Path:
    """The folder of one set, made unless it stands there whole."""
    place = folder / wanted.name
    done = place / ".complete"
    if done.exists() and done.read_text() == repr(wanted):
        return place
    place.mkdir(parents=True, exist_ok=True)
    if wanted.suffix == ".heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    for number, picture in zip(range(wanted.count), _pictures(wanted.size, photos), strict=False):
        picture.save(place / f"{number:05}{wanted.suffix}", **_OPTIONS[wanted.suffix])
    done.write_text(repr(wanted))
    return place


def sources(photos: Path) -> list[Path]:
    """The JPEG photos in a folder and below that are large enough to cut from."""
    paths = sorted(path for path in photos.rglob("*") if path.suffix.lower() in JPEG_SUFFIXES)
    return [path for path in paths if _short_side(path) >= LEAST_SIDE]


def _short_side(path: Path) -> int:
    try:
        with Image.open(path) as picture:
            return min(picture.size)
    except OSError:
        return 0


def _pictures(size: tuple[int, int], photos: Path | None) -> Iterator[Image.Image]:
    opened = [] if photos is None else [Image.open(path) for path in sources(photos)]
    number = 0
    while True:
        plain = _collage(opened, size, number) if opened else _scene(size, number)
        yield _grainy(plain, number)
        number += 1


def _collage(sources: list[Image.Image], size: tuple[int, int], number: int) -> Image.Image:
    chance = random.Random(number)
    width, height = size[0] // 2, size[1] // 2
    whole = Image.new("RGB", size)
    for place in ((0, 0), (width, 0), (0, height), (width, height)):
        whole.paste(_part(sources, (width, height), chance), place)
    return whole


def _part(sources: list[Image.Image], size: tuple[int, int], chance: random.Random) -> Image.Image:
    source = chance.choice(sources).convert("RGB")
    share = chance.uniform(0.3, 0.9)
    width, height = int(source.width * share), int(source.height * share)
    left, top = chance.randint(0, source.width - width), chance.randint(0, source.height - height)
    return source.crop((left, top, left + width, top + height)).resize(size, Image.Resampling.BICUBIC)


def _scene(size: tuple[int, int], number: int) -> Image.Image:
    """Colours whose detail falls off with its fineness as it does in photos (amplitude as one over frequency)."""
    chance = np.random.default_rng(number)
    total = np.zeros((size[1], size[0], 3), np.float32)
    cells, weight = 3, 90.0
    while cells < size[1]:
        noise = chance.normal(0, 1, (cells, cells * 4 // 3, 3)).astype(np.float32)
        for channel in range(3):
            layer = Image.fromarray(noise[:, :, channel]).resize(size, Image.Resampling.BICUBIC)
            total[:, :, channel] += weight * np.asarray(layer)
        cells, weight = cells * 2, weight * 0.55
    return Image.fromarray(np.clip(total + 128, 0, 255).astype(np.uint8))


def _grainy(picture: Image.Image, number: int) -> Image.Image:
    if picture.width < 1000:
        return picture
    chance = np.random.default_rng(number)
    grain = chance.integers(-7, 8, (picture.height, picture.width, 1), dtype=np.int16)
    return Image.fromarray(np.clip(np.asarray(picture).astype(np.int16) + grain, 0, 255).astype(np.uint8))
