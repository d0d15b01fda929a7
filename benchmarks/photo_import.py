"""``python -m benchmarks.photo_import``: what an import costs, measured on made photos or on copies of yours.

Four figures: the dates of some thousand photos that were never seen (processor time a file), the whole plan for them,
carrying it out on one file system (which must be renames alone), and a second run over a large library in order (wall
time of the whole command).  The files are in the system's cache.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.timing import measured, median
from image_sync.base.control import Control
from image_sync.base.progress import Reporter
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.context import Notes, RunContext, default_workers
from image_sync.inventory.scan import scan
from image_sync.jobs.photo_import.dating import Found, date_all
from image_sync.jobs.photo_import.registry import Registry
from image_sync.jobs.photo_import.request import ImportRequest

DATES_LIMIT = 1.0
"""Milliseconds of processor time that the date of one photo may cost."""
AGAIN_LIMIT = 3.0
"""Seconds that a second run over an unchanged library of 100,000 may take."""
_KINDS = 40


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="image-sync-import-", dir=options.scratch))
    try:
        for name in ("DATA", "STATE", "CONFIG", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = os.fspath(folder / "home")
        dates = _dates(folder, options.count, options.photos)
        _plan_and_apply(folder, options.count)
        again = _again(folder, options.library, options.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if dates <= DATES_LIMIT and again * 100_000 / options.library <= AGAIN_LIMIT else 1


# --- the three measurements -------------------------------------------------------------------------------------------


def _dates(folder: Path, count: int, photos: Path | None) -> float:
    """Processor milliseconds a photo for its date alone, cold."""
    source = folder / "in"
    made = _copied(source, photos, count) if photos else _made(source, count)
    units = [Found(record, (), record.folder, False, False) for record in scan(os.fspath(source)).files]
    encoded = [os.fsencode(unit.record.path) for unit in units]
    request = ImportRequest(os.fspath(source), os.fspath(folder / "lib"))
    registry = Registry.open(None)
    workers = default_workers()
    with ThreadPoolExecutor(workers) as pool:
        reporter = Reporter()
        context = RunContext(Catalog.open, pool, reporter, Control(), Notes(reporter), workers)
        began, cpu = time.perf_counter(), time.process_time()
        recalled = registry.recall([request.folder1])
        found = date_all(units, encoded, request, registry, recalled, context)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    registry.forget(encoded)
    registry.close()
    each = cpu / len(found) * 1000
    dated = sum(1 for one in found if one.captured)
    print(
        f"{made}: {dated:,} of {len(found):,} dated; {each:.3f} ms CPU a file "
        f"(limit {DATES_LIMIT} ms), {wall:.2f} s in all"
    )
    return each


def _plan_and_apply(folder: Path, count: int) -> None:
    """The whole command, cold: the plan alone, then with the moves; every file keeps its inode."""
    source, library = os.fspath(folder / "in"), os.fspath(folder / "lib")
    command = [sys.executable, "-m", "image_sync", "import", source, library, "--quiet"]
    plan = measured([*command, "--dry-run"])
    print(f"plan of {count:,} cold: {plan.wall:.1f} s, {plan.cpu / count * 1000:.2f} ms CPU a file, {plan.peak:.0f} MB")
    before = set(_inodes(folder / "in"))
    moved = measured([*command, "--yes"])
    after = set(_inodes(folder / "lib"))
    print(
        f"plan known, moved: {moved.wall:.1f} s; renamed {len(before & after):,}, written anew {len(after - before):,}"
    )


def _again(folder: Path, count: int, rounds: int) -> float:
    """Seconds of a second run over a library in order, whole command."""
    library = folder / "library"
    _in_order(library, count)
    command = [sys.executable, "-m", "image_sync", "import", os.fspath(library), os.fspath(library), "--quiet"]
    first = measured(command)
    runs = [measured(command) for _ in range(rounds)]
    wall, cpu = median([run.wall for run in runs]), median([run.cpu for run in runs])
    print(f"library of {count:,}: first run {first.wall:.1f} s")
    print(
        f"library of {count:,}, second run: {wall:.2f} s wall, {cpu:.2f} s CPU, {max(run.peak for run in runs):.0f} MB "
        f"(median of {rounds}, limit {AGAIN_LIMIT} s)"
    )
    return wall


def _inodes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.stat().st_ino


# --- files ------------------------------------------------------------------------------------------------------------


def _made(folder: Path, count: int) -> str:
    """Photos of some tens of kilobytes, all different, with EXIF as a camera writes it (a large maker note first)."""
    bodies = [_jpeg(number) for number in range(_KINDS)]
    for number in range(count):
        body = bodies[number % _KINDS]
        path = folder / f"{number % 50:02}" / f"IMG_{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        stamp = f"20{number % 20:02}:{number % 12 + 1:02}:{number % 28 + 1:02} 12:00:{number % 60:02}"
        path.write_bytes(body[:20] + _exif(stamp) + body[20:] + number.to_bytes(4, "big"))
    return f"{count:,} made JPEGs"


def _jpeg(seed: int) -> bytes:
    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(seed).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    target = io.BytesIO()
    Image.fromarray(noise).resize((900, 600), Image.Resampling.BICUBIC).save(target, "JPEG", quality=85)
    return target.getvalue()


def _exif(moment: str) -> bytes:
    """An APP1 segment: maker and model, then an EXIF directory with a maker note of 8 kB and the three dates."""
    text = moment.encode() + b"\0"
    main = [(0x010F, 2, b"Camera works\0"), (0x0110, 2, b"Model 1\0\0\0"), (0x0132, 2, text)]
    inner = [(0x9003, 2, text), (0x9004, 2, text), (0x927C, 7, bytes(8000))]
    at = 8 + 2 + 12 * (len(main) + 1) + 4
    values = b""
    first = struct.pack("<H", len(main) + 1)
    for tag, kind, value in main:
        first += struct.pack("<HHII", tag, kind, len(value), at + len(values))
        values += value
    below = at + len(values)
    first += struct.pack("<HHII", 0x8769, 4, 1, below) + bytes(4)
    second = struct.pack("<H", len(inner))
    place = below + 2 + 12 * len(inner) + 4
    more = b""
    for tag, kind, value in inner:
        second += struct.pack("<HHII", tag, kind, len(value), place + len(more))
        more += value
    block = b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + values + second + bytes(4) + more
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block


def _copied(folder: Path, photos: Path, count: int) -> str:
    found = sorted(path for path in photos.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    for number in range(count):
        path = folder / f"{number % 50:02}" / f"IMG_{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[number % len(found)], path)
    return f"{count:,} copies of {len(found)} photos"


def _in_order(folder: Path, count: int) -> None:
    """A library in order: small photos in folders by day, and one in five by description."""
    body = _jpeg(0)[:2000]
    for number in range(count):
        day = (2000 + number // 30 % 20, number // 600 % 12 + 1, number // 7200 % 28 + 1)
        place = (
            f"{day[0]}/{day[1]:02}/{day[2]:02}"
            if number % 5
            else f"{day[0]}/{day[1]:02}-{day[2]:02} Trip {number // 600}"
        )
        path = folder / place / f"IMG_{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        stamp = f"{day[0]}:{day[1]:02}:{day[2]:02} 12:00:00"
        path.write_bytes(body[:20] + _exif(stamp) + number.to_bytes(4, "big"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photo_import", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="photos that arrive (default: 10,000)")
    parser.add_argument("--library", type=int, default=100_000, help="photos of the library (default: 100,000)")
    parser.add_argument("--photos", type=Path, help="a folder of JPEGs to make copies of instead of made ones")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scratch", type=Path, help="where the files are made (about 2 GB)")
    options = parser.parse_args()
    if options.photos is not None and not options.photos.is_dir():
        parser.error(f"there is no folder {options.photos}")
    return options


if __name__ == "__main__":
    sys.exit(main())
