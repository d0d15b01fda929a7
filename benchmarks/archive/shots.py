"""Small pictures and movies of known moments, made from real photos: every one has another content."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PIL import Image

_SIDE = 640
_SMALL = (240, 180)
_ORIGINAL, _MODEL, _MAKE = 0x9003, 0x0110, 0x010F
_EPOCH_OF_MOVIES = 2_082_844_800
_FEWEST_PHOTOS = 8


class Shots:
    """Makes one picture after the other out of the photos of a folder."""

    def __init__(self, photos: Path, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._scenes = list(_scenes(sorted(photos.rglob("*.jpg"))))
        if len(self._scenes) < _FEWEST_PHOTOS:
            raise SystemExit(f"{photos} has fewer than {_FEWEST_PHOTOS} JPEGs to make an archive of")
        self._number = 0

    def picture(self, taken: datetime | None = None, camera: str = "", kind: str = "JPEG") -> bytes:
        """A picture of its own, with the date that a camera would have written into it."""
        scene = self._scenes[self._number % len(self._scenes)]
        self._number += 1
        left, top = (self._random.randrange(max(1, side - 321)) for side in scene.size)
        part = scene.crop((left, top, left + 320, top + 240)).resize(_SMALL)
        target = io.BytesIO()
        exif = Image.Exif()
        if camera:
            exif[_MAKE], exif[_MODEL] = camera.split(" ", 1)[0], camera
        if taken is not None:
            exif.get_ifd(0x8769)[_ORIGINAL] = f"{taken:%Y:%m:%d %H:%M:%S}"
        more = {"exif": exif} if camera or taken else {}
        if kind == "JPEG":
            more["quality"] = 80
        part.save(target, kind, **more)
        return target.getvalue()

    def movie(self, taken: datetime | None) -> bytes:
        """A movie's frame of boxes: the header states the moment, which has its zone; the content is noise."""
        seconds = int(taken.timestamp()) + _EPOCH_OF_MOVIES if taken else 0
        header = bytes(4) + struct.pack(">II", seconds, seconds) + bytes(88)
        noise = self._random.randbytes(3000 + self._number)
        self._number += 1
        return _box(b"ftyp", b"isom" + bytes(4) + b"isom") + _box(b"moov", _box(b"mvhd", header)) + _box(b"mdat", noise)


def edited(picture: bytes) -> bytes:
    """An edited copy: lighter, smaller, and without a date."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        opened.convert("RGB").point(lambda value: min(255, value * 13 // 10)).crop((8, 8, 220, 170)).save(
            target, "JPEG"
        )
    return target.getvalue()


def _scenes(paths: Sequence[Path]) -> list[Image.Image]:
    scenes = []
    for path in paths:
        with Image.open(path) as opened:
            opened.draft("RGB", (_SIDE, _SIDE))
            whole = opened.convert("RGB")
        scale = max(_SIDE / whole.width, 480 / whole.height)
        scenes.append(whole.resize((max(_SIDE, round(whole.width * scale)), max(480, round(whole.height * scale)))))
    return scenes


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content
