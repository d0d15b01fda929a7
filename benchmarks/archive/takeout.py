"""A Takeout in three zip files beside its unpacked folders: the same library, and what each costs."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date
from pathlib import Path

from benchmarks.archive.family import ZONE, Family, zipped
from benchmarks.archive.shots import Shots
from benchmarks.archive.truth import Known
from benchmarks.timing import measured


def compare(folder: Path, shots: Shots, count: int) -> int:
    """Make a Takeout of ``count`` files, import it both ways, say what differs; 0 when nothing does."""
    family = Family(folder / "in", shots)
    pictures = count // 2
    for number, when in enumerate(family.moments(date(2012, 1, 1), date(2021, 1, 1), pictures)):
        stated = number % 3 != 0
        data = shots.picture(when if stated else None, "Google Pixel 3" if stated else "")
        place, name = f"takeout/Takeout/Google Photos/Photos from {when.year}", f"IMG_{number:05}.jpg"
        family._upload(place, name, data, when, Known(when.date()))
    source = folder / "in" / "takeout"
    archives = [os.fspath(path) for path in zipped(source, folder, 3)]
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    print(f"{count:,} files, {size / 1e6:.1f} MB, in {len(archives)} zip files")
    found = {}
    for name, inputs in (("folders", [os.fspath(source)]), ("zip files", archives)):
        library = folder / name.replace(" ", "-")
        command = [sys.executable, "-m", "image_sync", "import", *inputs, os.fspath(library), "--quiet", "--copy"]
        command += ["--timezone", ZONE, "--catalog", os.fspath(folder / f"{library.name}.db")]
        plan = measured([*command, "--dry-run"])
        done = measured([*command, "--yes"])
        print(
            f"{name}: plan {plan.wall:.1f} s, {plan.cpu / count * 1000:.2f} ms CPU a file, {plan.peak:.0f} MB; "
            f"applied {done.wall:.1f} s, {done.cpu / count * 1000:.2f} ms CPU a file, {done.peak:.0f} MB"
        )
        found[name] = _content(library)
        shutil.rmtree(library)
    same = found["folders"] == found["zip files"]
    print(f"libraries: {'the same' if same else 'DIFFERENT'}, {len(found['folders']):,} files")
    return 0 if same else 1


def _content(library: Path) -> dict[str, bytes]:
    files = (path for path in library.rglob("*") if path.is_file())
    return {path.relative_to(library).as_posix(): path.read_bytes() for path in files}
