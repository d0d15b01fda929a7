"""``python -m benchmarks.accuracy.keepers FOLDER …``: whether the original is the best of its copies.

Parts of photos of cameras are saved as the last of their names, with copies that come before them by name: saved again,
enlarged, sharpened, blurred, toned, cropped, framed, captioned, stripped, without colour, in other formats and smaller.
Half of the originals have camera data, and so have half of their copies.
"""

from __future__ import annotations

import argparse
import io
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from benchmarks.accuracy.edits import captioned, cropped, framed
from benchmarks.accuracy.photos import pictures_in
from benchmarks.accuracy.rules import review_of
from image_sync.jobs.organize.request import Level

SIZE = (900, 675)
ORIGINAL = "z original.jpg"
Copy = tuple[str, Callable[[Image.Image], Image.Image], dict[str, Any]]


def _scaled(share: float) -> Callable[[Image.Image], Image.Image]:
    return lambda picture: picture.resize(tuple(round(side * share) for side in picture.size), Image.Resampling.BICUBIC)


def _same(picture: Image.Image) -> Image.Image:
    return picture


def _sharpened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(2, 120, 2))


COPIES: dict[str, Copy] = {
    "saved again": ("a.jpg", _same, {"quality": 97}),
    "enlarged": ("b.jpg", _scaled(1.5), {"quality": 93}),
    "sharpened": ("c.jpg", _sharpened, {"quality": 93}),
    "blurred": ("d.jpg", lambda picture: picture.filter(ImageFilter.GaussianBlur(1.5)), {"quality": 93}),
    "saturated": ("e.jpg", lambda picture: ImageEnhance.Color(picture).enhance(1.4), {"quality": 93}),
    "more contrast": ("f.jpg", lambda picture: ImageEnhance.Contrast(picture).enhance(1.25), {"quality": 93}),
    "cropped": ("g.jpg", cropped(0.04, 0.04, 0.04, 0.04), {"quality": 95}),
    "framed": ("h.jpg", framed(0.03, "white"), {"quality": 95}),
    "captioned": ("i.jpg", captioned(1 / 9), {"quality": 95}),
    "without colour": ("j.jpg", ImageOps.grayscale, {"quality": 95}),
    "as PNG": ("k.png", _same, {}),
    "as TIFF": ("l.tif", _same, {}),
    "halved": ("m.jpg", _scaled(0.5), {"quality": 95}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.keepers", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="photos as cameras saved them")
    parser.add_argument("--count", type=int, default=100, metavar="N", help="so many originals (default: 100)")
    parser.add_argument("--level", choices=[level.value for level in Level], default=Level.SAME_SHOT.value)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lines = list(_judged(Path(scratch), options.folders, options.count, Level(options.level)))
    print("\n".join(lines))
    return 0


def _judged(scratch: Path, folders: Sequence[Path], count: int, level: Level) -> Iterator[str]:
    number = make(scratch / "pictures", folders, count)
    review = review_of(scratch / "pictures", Path(tempfile.mkdtemp(dir=scratch)), level)
    best, found = Counter[str](), 0
    suffixes = {copy[0]: name for name, copy in COPIES.items()}
    for group in review.groups:
        records = [review.pictures[member.picture].record for member in group.members]
        if not any(record.name == ORIGINAL for record in records):
            continue
        found += 1
        name = records[0].name
        best[suffixes.get(name, "the original")] += 1
        if name != ORIGINAL:
            yield f"{records[0].relative} is the best: {group.why_best}"
    yield f"{number} originals, {found} with copies; the best is {dict(best.most_common())}"


def make(folder: Path, folders: Sequence[Path], count: int) -> int:
    """Write so many originals and their copies, a folder each; the number of those there were photos for."""
    made = 0
    for source, part in _parts(folders):
        if made >= count:
            break
        place = folder / f"{made:03d}"
        place.mkdir(parents=True)
        _write(place, part, source, made)
        made += 1
    return made


def _write(place: Path, part: Image.Image, exif: bytes, number: int) -> None:
    chance = random.Random(number)
    described = {"exif": exif} if number % 2 and exif else {}
    stream = io.BytesIO()
    part.save(stream, "JPEG", quality=chance.choice((80, 86, 90, 92, 94)), **described)
    (place / ORIGINAL).write_bytes(stream.getvalue())
    original = Image.open(stream).convert("RGB")
    for name, edit, options in COPIES.values():
        kept = described if chance.random() < 0.5 and name.endswith(".jpg") else {}
        edit(original).save(place / name, **options, **kept)


def _parts(folders: Sequence[Path]) -> Iterator[tuple[bytes, Image.Image]]:
    """Parts of photos and their camera data: the middle of each photo first, then its upper left."""
    for corner in (0.5, 0.0, 1.0):
        for folder in folders:
            for source in pictures_in(folder):
                try:
                    with Image.open(source.path) as opened:
                        exif = opened.info.get("exif", b"")
                    picture = source.opened()
                except OSError:
                    continue
                if picture.width < SIZE[0] * 1.3 or picture.height < SIZE[1] * 1.3:
                    continue
                left, top = (round((whole - side) * corner) for whole, side in zip(picture.size, SIZE, strict=True))
                part = picture.crop((left, top, left + SIZE[0], top + SIZE[1]))
                yield exif, part


if __name__ == "__main__":
    raise SystemExit(main())
