"""The naive way: decode each picture whole, call ``imagehash`` four times, compare every pair.

Run as ``python -m benchmarks.speed.naive FOLDER``.
"""

from __future__ import annotations

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagehash
import pillow_heif
from PIL import Image

HASHES = (imagehash.average_hash, imagehash.phash, imagehash.dhash, imagehash.whash)
THRESHOLD = 0.85


def hashes(path: Path) -> list[imagehash.ImageHash]:
    with Image.open(path) as picture:
        return [function(picture) for function in HASHES]


def main() -> None:
    pillow_heif.register_heif_opener()
    paths = sorted(path for path in Path(sys.argv[1]).iterdir() if not path.name.startswith("."))
    with ThreadPoolExecutor() as pool:
        known = list(pool.map(hashes, paths))
    matches = 0
    for one, other in itertools.combinations(known, 2):
        score = sum(1 - (first - second) / 64 for first, second in zip(one, other, strict=True)) / len(HASHES)
        matches += score >= THRESHOLD
    print(len(paths), matches)


if __name__ == "__main__":
    main()
