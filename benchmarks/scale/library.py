"""Libraries of small pictures, made on the spot: as many files as are asked for, each with a date of its own.

The pictures are small since what is measured is what their number costs, not their pixels.  Of a hundred one is an
exact copy of an earlier one and one the same picture compressed harder, so that every stage has something to find, and
the share is the same at every size.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

IN_A_FOLDER = 500
SIZE = (96, 72)
_BEGIN = datetime(2005, 1, 1)
_TAKEN = 0x9003
_EXIF_IFD = 0x8769


def make(place: Path, count: int) -> Path:
    """The library of ``count`` files at ``place``, made unless it stands there whole."""
    done = place / ".complete"
    if done.exists() and done.read_text() == str(count):
        return place
    copied: list[bytes] = []
    for number in range(count):
        folder = place / f"{number // IN_A_FOLDER:05}"
        if number % IN_A_FOLDER == 0:
            folder.mkdir(parents=True, exist_ok=True)
        if number % 100 == 98:
            data = copied[number % len(copied)]
        elif number % 100 == 99:
            data = _encoded(number - 2, quality=60)
        else:
            data = _encoded(number, quality=85)
        if number % 100 == 50:
            copied = [*copied[-19:], data]
        (folder / f"IMG_{number:07}.jpg").write_bytes(data)
    done.write_text(str(count))
    return place


def _encoded(number: int, quality: int) -> bytes:
    # Each has its own chance, so that a larger library begins with the smaller ones.
    chance = np.random.default_rng(number)
    coarse = Image.fromarray(chance.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    picture = coarse.resize(SIZE, Image.Resampling.BICUBIC)
    exif = Image.Exif()
    taken = _BEGIN + timedelta(minutes=97 * number)
    exif.get_ifd(_EXIF_IFD)[_TAKEN] = taken.strftime("%Y:%m:%d %H:%M:%S")
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, exif=exif)
    return stream.getvalue()
