"""Different photos to be edited: from packages that ship some, from folders, and scenes made on the spot.

``photos.txt`` names the photos of the packages: each was looked at, and none is a drawing or shows what another shows.
Half of them the limits of the program were chosen on, half of them nobody looked at before the figures were taken;
which photo is in which half is decided by its name alone.

A large photo also gives its four quarters, which are as different as four photos of one place.  What shows nothing (the
grey of a lens cap, a clear sky) is left out and named: by rule such a picture matches nobody by its hashes.
"""

from __future__ import annotations

import importlib.util
import io
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from benchmarks.accuracy import bundles
from image_sync.matching import detail
from image_sync.matching.verify import LEAST_TEXTURE
from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.measure import small_of, texture_of
from tests.pictures_made import scene

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".avif"}
BUNDLE = ".rcc"
LISTED = Path(__file__).with_name("photos.txt")
SHIPPED = {
    "skimage": ("data", ("astronaut", "camera", "cell", "chelsea", "coffee", "coins", "rocket", "motorcycle_left")),
    "sklearn": ("datasets/images", ("china", "flower")),
}
"""Python packages that ship photos, the folder in them, and which of the pictures there are photos."""
LONG_SIDE = 800
QUARTERED = 900
LEAST = 200
LEAST_BLOCKS = 8
"""Blocks of 64 that must show something; a photo of anything has twenty and more."""
UNSEEN_SCENES = 10_000
"""Number of the first scene of the half that is held out."""


class Half(Enum):
    """Which photos: those that limits were chosen on, those held out, or all."""

    TUNED = "tuned"
    HELD_OUT = "held-out"
    ALL = "all"

    def has(self, name: str) -> bool:
        """Whether the photo of the packages with this name belongs to it."""
        return self is Half.ALL or (zlib.crc32(name.encode()) % 2 == 1) is (self is Half.HELD_OUT)


@dataclass(frozen=True, slots=True)
class Source:
    """A file with a picture, or the part of a bundle that is one."""

    name: str
    path: Path
    part: tuple[int, int] | None = None

    def opened(self) -> Image.Image:
        """The picture, upright."""
        with open(self.path, "rb") as stream:
            if self.part:
                stream.seek(self.part[0])
            data = stream.read(self.part[1] if self.part else -1)
        with Image.open(io.BytesIO(data)) as picture:
            return ImageOps.exif_transpose(picture).convert("RGB")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to be edited; photos of one ``root`` show one place and are never counted as different."""

    root: str
    picture: Image.Image
    made: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Where photos are taken from: ``folders`` with nothing but photos, ``packages`` of which ``LISTED`` tells which
    pictures are, and which ``half`` of those."""

    folders: Sequence[Path] = ()
    packages: Sequence[Path] = ()
    half: Half = Half.ALL


def photos(choice: Choice, count: int) -> list[Photo]:
    """``count`` photos: real ones first, chosen at random but always the same, then quarters of them, then scenes."""
    real, quarters = real_photos(choice, count)
    random.Random(4).shuffle(quarters)
    # A fifth is made on the spot whatever is at hand: nobody has seen those before.
    real = [*real, *quarters][: count - count // 5]
    return [*real, *scenes(choice, count - len(real))]


def scenes(choice: Choice, count: int) -> list[Photo]:
    """Pictures made on the spot; those of the held-out half are others than those that limits were chosen on."""
    first = UNSEEN_SCENES if choice.half is Half.HELD_OUT else 0
    return [Photo(f"scene {number}", scene(number, (640, 480)), made=True) for number in range(first, first + count)]


def real_photos(choice: Choice, count: int) -> tuple[list[Photo], list[Photo]]:
    """At most ``count`` real photos, and the quarters of those that are large."""
    pillow_heif.register_heif_opener()
    found = list(sources(choice))
    random.Random(3).shuffle(found)
    whole: list[Photo] = []
    quarters: list[Photo] = []
    for source in found:
        if len(whole) >= count:
            break
        first, *rest = _parts(source) or [None]
        whole += [first] if first else []
        quarters += rest
    return whole, quarters


def sources(choice: Choice) -> Iterator[Source]:
    """All pictures of the choice, each once."""
    for folder in choice.folders:
        yield from pictures_in(folder)
    listed = {name for name in LISTED.read_text(encoding="utf-8").split("\n") if choice.half.has(name)}
    for folder in choice.packages:
        yield from (source for source in pictures_in(folder) if source.name in listed)
    # The limits were chosen on these when there were no others.
    if choice.half is not Half.HELD_OUT:
        yield from _shipped()


def pictures_in(folder: Path) -> list[Source]:
    """The pictures in ``folder`` and below, by their names, those in bundles too."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and not path.is_symlink():
            found.append(Source(path.relative_to(folder).as_posix(), path))
        elif path.suffix == BUNDLE:
            parts = (entry for entry in bundles.entries(path) if Path(entry.name).suffix in SUFFIXES)
            found += [Source(entry.name, path, (entry.start, entry.length)) for entry in parts]
    return found


def _shipped() -> Iterator[Source]:
    for package, (folder, names) in SHIPPED.items():
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:
            print(f"{package} is not installed: its photos are left out")
            continue
        place = Path(found.origin).parent / folder
        yield from (Source(path.name, path) for path in sorted(place.glob("*")) if path.stem in names)


def _parts(source: Source) -> list[Photo]:
    """The photo of ``source`` and its quarters, those with some texture; none of what can't be read."""
    try:
        whole = source.opened()
    except Exception as error:
        print(f"{source.name} is left out: {error}")
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
            found.append(Photo(source.name, part))
        elif part is whole:
            print(f"{source.name} is left out: it shows next to nothing")
            return []
    return found


def _shows_something(small: bytes) -> bool:
    seen = detail.detail(np.frombuffer(small, np.uint8).reshape(1, SIDE, SIDE))
    return texture_of(small) >= LEAST_TEXTURE and int(detail.agreement(seen, seen).blocks[0]) >= LEAST_BLOCKS
