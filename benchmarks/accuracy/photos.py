"""Different photos to be edited: from folders, from packages that ship some, and scenes made on the spot.

A large photo also gives its four quarters, which are as different as four photos of one place.  What shows nothing (the
grey of a lens cap, a clear sky) is left out and named: by rule such a picture matches nobody by its hashes.
"""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from image_sync.matching import detail
from image_sync.matching.verify import LEAST_TEXTURE
from image_sync.pictures.measure import small_of, texture_of
from tests.pictures_made import scene

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".avif"}
SHIPPED = {
    "skimage": ("data", ("astronaut", "camera", "cell", "chelsea", "coffee", "coins", "rocket", "motorcycle_left")),
    "sklearn": ("datasets/images", ("china", "flower")),
}
"""Packages that ship photos, the folder in them, and which of the pictures there are photos."""
LONG_SIDE = 800
QUARTERED = 900
LEAST = 200
LEAST_BLOCKS = 8
"""Blocks of 64 that must show something; a photo of anything has twenty and more."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to be edited; photos of one ``root`` show one place and are never counted as different."""

    root: str
    picture: Image.Image


def photos(folders: Sequence[Path], count: int) -> list[Photo]:
    """``count`` photos: real ones first, chosen at random but always the same, then scenes."""
    pillow_heif.register_heif_opener()
    paths = [path for folder in folders for path in pictures_in(folder)]
    paths += list(_shipped())
    random.Random(3).shuffle(paths)
    whole, quarters = [], []
    for path in paths:
        first, *rest = _parts(path) or [None]
        whole += [first] if first else []
        quarters += rest
        if len(whole) >= count:
            break
    random.Random(4).shuffle(quarters)
    made = (Photo(f"scene {number}", scene(number, (640, 480))) for number in range(count))
    # A fifth is made on the spot whatever is at hand: nobody has seen those before.
    real = [*whole, *quarters][: count - count // 5]
    return [*real, *(photo for photo, _ in zip(made, range(count - len(real)), strict=False))]


def pictures_in(folder: Path) -> list[Path]:
    """The files in ``folder`` and below that are pictures by their names."""
    return [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]


def _shipped() -> Iterator[Path]:
    for package, (folder, names) in SHIPPED.items():
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:
            print(f"{package} is not installed: its photos are left out")
            continue
        place = Path(found.origin).parent / folder
        yield from (path for path in sorted(place.glob("*")) if path.stem in names)


def _parts(path: Path) -> list[Photo]:
    """The photo in ``path`` and its quarters, those with some texture; none of what can't be read."""
    try:
        with Image.open(path) as opened:
            whole = ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as error:
        print(f"{path.name} is left out: {error}")
        return []
    if min(whole.size) < LEAST:
        return []
    parts = [whole]
    if min(whole.size) >= QUARTERED:
        width, height = whole.width // 2, whole.height // 2
        parts += [whole.crop((x, y, x + width, y + height)) for x in (0, width) for y in (0, height)]
    found = []
    for part in parts:
        part.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
        if _shows_something(small_of(part.convert("L"), 1)):
            found.append(Photo(str(path), part))
        elif part is whole:
            print(f"{path.name} is left out: it shows next to nothing")
            return []
    return found


def _shows_something(small: bytes) -> bool:
    seen = detail.detail(np.frombuffer(small, np.uint8).reshape(1, detail.SIDE, detail.SIDE))
    return texture_of(small) >= LEAST_TEXTURE and int(detail.agreement(seen, seen).blocks[0]) >= LEAST_BLOCKS
