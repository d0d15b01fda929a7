"""``python -m benchmarks.speed.warm [--count N] [--rounds N]``: what a second run over unchanged pictures takes.

The pictures are small, since none is opened; what counts is their number.  Beside it stands what the system itself
takes to list the same tree and to stat each file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.timing import Run, in_turn, measured, median

IN_A_FOLDER = 500
WALK = """
import os, sys
def walk(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)
            else:
                yield entry.stat(follow_symlinks=False)
print(sum(1 for _ in walk(sys.argv[1])))
"""


def make(place: Path, count: int) -> None:
    """``count`` different pictures of 64 x 48 in folders of 500."""
    chance = np.random.default_rng(1)
    for number in range(count):
        folder = place / f"{number // IN_A_FOLDER:04}"
        if number % IN_A_FOLDER == 0:
            folder.mkdir(parents=True)
        coarse = Image.fromarray(chance.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        coarse.resize((64, 48), Image.Resampling.BICUBIC).save(folder / f"{number:06}.jpg", quality=80)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.warm", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "pictures"
        make(place, options.count)
        (Path(scratch) / "empty").mkdir()
        catalog = Path(scratch) / "catalog"
        ours = (
            *(sys.executable, "-m", "image_sync", "organize", str(place), f"{scratch}/empty", f"{scratch}/output"),
            *("--dry-run", "--quiet", "--catalog", str(catalog)),
        )
        cold = measured(ours)
        time.sleep(1)
        runs = in_turn(
            {"walk": lambda: measured((sys.executable, "-c", WALK, str(place))), "warm": lambda: measured(ours)},
            options.rounds,
        )
        _print("first run", [cold])
        _print("scandir and stat", runs["walk"])
        _print("second run", runs["warm"])
        limit = 2 * median([run.wall for run in runs["walk"]]) + 1
        print(f"twice the walk and a second: {limit:.2f} s; catalog {os.path.getsize(catalog) / 1e6:.1f} MB")
    return 0


def _print(name: str, runs: list[Run]) -> None:
    wall, cpu = median([run.wall for run in runs]), median([run.cpu for run in runs])
    print(f"{name:20}{wall:8.2f} s wall{cpu:8.2f} s CPU{max(run.peak for run in runs):8.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
