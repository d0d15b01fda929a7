"""``python -m benchmarks.scale [--counts N …] [--runs NAME …] [--json FILE]``: each stage of each job at several sizes.

Prints wall and processor time, memory above that of the empty process, and the catalog's size; between two sizes the
exponent with which processor time and memory grow.  Each run is a process of its own, with a state of its own.  The
libraries are made once in ``--place`` and stay there.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.scale.library import make

Result = dict[str, Any]
MEASURED = ("wall", "cpu", "peak")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000, 30_000])
    parser.add_argument("--runs", nargs="+", choices=RUNS, default=list(RUNS))
    parser.add_argument("--place", type=Path, default=Path(tempfile.gettempdir()) / "image-sync-scale")
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    options = parser.parse_args()
    found: dict[str, dict[int, Result]] = {name: {} for name in options.runs}
    for count in sorted(options.counts):
        with tempfile.TemporaryDirectory(dir=options.place.parent) as scratch:
            world = World(count, options.place, Path(scratch))
            for name in RUNS:
                if name in options.runs:
                    found[name][count] = RUNS[name](world)
                    _show(name, count, found[name])
                    if options.json:
                        options.json.write_text(json.dumps(found, indent=1))
    return 0


class World:
    """The library of one size, and a place for the state of the runs."""

    def __init__(self, count: int, place: Path, scratch: Path) -> None:
        self.count, self._place, self.scratch = count, place, scratch

    @property
    def library(self) -> Path:
        """The pictures."""
        return make(self._place / str(self.count), self.count)

    @property
    def made(self) -> Path:
        """The catalog of the made-up library."""
        return self.scratch / "made"

    def job(self, *arguments: object) -> Result:
        """Run one job in a process of its own."""
        command = [sys.executable, "-m", "benchmarks.scale.stages", *map(str, arguments)]
        home = {name: str(self.scratch / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **home}, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        answer: Result = json.loads(done.stdout)
        return answer


def organize(world: World) -> Result:
    """A first run."""
    return world.job("organize", world.library, "--output", world.scratch / "out", "--catalog", world.scratch / "known")


def organize_again(world: World) -> Result:
    """A second run, nothing changed."""
    if not (world.scratch / "known").exists():
        organize(world)
    return organize(world)


def organize_made(world: World) -> Result:
    """A first search over files that are only made up: rows of a catalog, and a listing that agrees with them."""
    from benchmarks.scale.made_rows import fill

    if not world.made.exists():
        fill(str(world.made), str(world.scratch / "made-up"), world.count)
    return world.job(
        *("organize", world.scratch / "made-up", "--output", world.scratch / "out", "--catalog", world.made),
        *("--made", world.count),
    )


def made_again(world: World) -> Result:
    """A second run over them, nothing changed."""
    if not world.made.exists():
        organize_made(world)
    return organize_made(world)


def sync(world: World) -> Result:
    """A first sync of the library into an empty folder, carried out."""
    target = world.scratch / "target"
    target.mkdir()
    return world.job("sync", world.library, target, "--catalog", world.scratch / "known", "--apply")


def sync_again(world: World) -> Result:
    """A sync with nothing to do."""
    if not (world.scratch / "target").exists():
        sync(world)
    return world.job("sync", world.library, world.scratch / "target", "--catalog", world.scratch / "known", "--apply")


def photo_import(world: World) -> Result:
    """A first import of the library into an empty one, carried out."""
    return world.job(
        *("import", world.library, "--output", world.scratch / "photos", "--catalog", world.scratch / "known"),
        "--apply",
    )


def import_again(world: World) -> Result:
    """An import of what was imported before."""
    if not (world.scratch / "photos").exists():
        photo_import(world)
    again = photo_import(world)
    shutil.rmtree(world.scratch / "photos", ignore_errors=True)
    return again


RUNS: dict[str, Callable[[World], Result]] = {
    "organize": organize,
    "organize-again": organize_again,
    "made": organize_made,
    "made-again": made_again,
    "sync": sync,
    "sync-again": sync_again,
    "import": photo_import,
    "import-again": import_again,
}


def _show(name: str, count: int, results: dict[int, Result]) -> None:
    now = results[count]
    before = results[sorted(results)[-2]] if len(results) > 1 else None
    print(f"\n{name}, {count:,} pictures: {now['catalog'] / count:,.0f} bytes of catalog each")
    print(f"{'':22}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'bytes each':>12}   exponents of wall, CPU, memory")
    for stage in now["stages"]:
        line = f"{stage['name']:22}{stage['wall']:9.2f}{stage['cpu']:9.2f}{stage['peak']:9.0f}"
        print(f"{line}{stage['peak'] * 2**20 / count:12,.0f}   {_exponents(stage, before, count, results)}", flush=True)


def _exponents(stage: Result, before: Result | None, count: int, results: dict[int, Result]) -> str:
    if before is None:
        return ""
    earlier = next((one for one in before["stages"] if one["name"] == stage["name"]), None)
    if earlier is None:
        return ""
    span = math.log(count / sorted(results)[-2])
    return "  ".join(_exponent(earlier[key], stage[key], span) for key in MEASURED)


def _exponent(one: float, other: float, span: float) -> str:
    return f"{math.log(other / one) / span:.2f}" if one > 0.02 and other > 0.02 else "-"


if __name__ == "__main__":
    sys.exit(main())
