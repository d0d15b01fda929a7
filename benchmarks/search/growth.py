"""``python -m benchmarks.search.growth``: processor time of *edited* beside *same*, as the pictures become more.

Each size and level is a command of its own with a catalog of its own.  First frames of a turntable, of which nearly
every pair is near (``lookalikes``), then small photos of which a tenth has a copy and a part.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.search import lookalikes
from benchmarks.timing import measured

LEVELS = ("same", "edited")
_LINE = "{:>20} {:>8} {:>12} {:>12} {:>8} {:>10}"


def main() -> int:
    options = _options()
    print(_LINE.format("library", "files", "same CPU s", "edited CPU s", "times", "peak MB"))
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        for kind, make, sizes in (
            ("turntable", lookalikes.turntable, options.frames),
            ("photos", lookalikes.photos, options.sizes),
        ):
            for size in sizes:
                folder = Path(scratch) / f"{kind}-{size}"
                make(folder, size)
                _row(kind, size, folder, options.limit)
    return 0


def _row(kind: str, size: int, folder: Path, limit: float) -> None:
    seconds, peak = [], 0.0
    for level in LEVELS:
        with tempfile.TemporaryDirectory() as home:
            command = [sys.executable, "-m", "image_sync", "organize", str(folder), f"{home}/out", "--dry-run"]
            command += ["--level", level, "--catalog", f"{home}/catalog", "--quiet"]
            run = measured(command, limit=limit)
        if run.code not in (0, 1):
            raise SystemExit(f"organize --level {level} ended with {run.code} on {size} {kind}")
        seconds.append(run.cpu)
        peak = max(peak, run.peak)
    times = seconds[1] / seconds[0]
    print(
        _LINE.format(kind, f"{size:,}", f"{seconds[0]:.1f}", f"{seconds[1]:.1f}", f"{times:.1f}", f"{peak:.0f}"),
        flush=True,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search.growth", description=__doc__)
    numbers = {"type": int, "nargs": "*", "metavar": "N"}
    parser.add_argument("--frames", **numbers, default=[426], help="frames of a turntable (default: 426)")
    parser.add_argument("--sizes", **numbers, default=[500, 1000, 2000, 4000], help="small photos")
    parser.add_argument("--limit", type=float, default=3600, help="seconds that a run may take")
    parser.add_argument("--scratch", help="where the libraries are made, and removed afterwards")
    options = parser.parse_args()
    if any(size < 2 for size in (*options.frames, *options.sizes)):
        parser.error("a size must be 2 or more")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
