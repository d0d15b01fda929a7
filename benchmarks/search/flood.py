"""``python -m benchmarks.search.flood [--pictures N] [--threshold SHARE] [--seconds S]``: memory under a flood.

At a low threshold nearly every picture is a candidate of every other.  So many made pictures are put into a catalog of
their own and compared for so long; told is how many candidates got their second look, and the memory as it goes.  A
search that kept its candidates would grow.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from benchmarks.search.made_codes import _smalls
from image_sync.base.control import Control
from image_sync.base.model import FileKind, FileRecord, Fingerprint, Picture, Stopped
from image_sync.base.progress import Reporter
from image_sync.inventory.catalog import Catalog, Known
from image_sync.inventory.context import Notes, RunContext, default_workers
from image_sync.inventory.measuring import Measurement
from image_sync.jobs.organize import verification
from image_sync.jobs.organize.matches import Comparison
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.pictures.hashes import codes_of_many

_TELL = 10.0


def _memory(what: str) -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(f"{what}:")) / 1024


def _filled(catalog: Catalog, number: int) -> list[Measurement]:
    generator = np.random.default_rng(0)
    measured = []
    for begin in range(0, number, 1000):
        smalls = _smalls(min(1000, number - begin), generator)
        entries = []
        for place, (small, code) in enumerate(zip(smalls, codes_of_many(smalls), strict=True), begin):
            record = FileRecord("/made", f"{place}.jpg", 1000 + place, 0, 0, 1, place + 1, 1, 0o644, FileKind.PICTURE)
            shot = Fingerprint("JPEG", 64, 64, 1, small.tobytes(), code.tobytes(), float(small.std()), 1.0)
            entries.append((record, Known(None, shot)))
        for (record, known), row in zip(entries, catalog.store(entries, 1), strict=True):
            assert known.fingerprint is not None
            bare = replace(known.fingerprint, small=b"")
            measured.append(Measurement(record, replace(known, content=row, fingerprint=bare)))
    return measured


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search.flood", description=__doc__)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--threshold", type=float, default=0.60)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    if options.pictures < 2 or not 0.5 <= options.threshold <= 0.99 or options.seconds <= 0:
        parser.error("at least 2 pictures, a threshold of 0.50 to 0.99 and more than no seconds")
    if not sys.platform.startswith("linux"):
        parser.error("memory is read from /proc, which only Linux has")
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(default_workers()) as pool:
        catalog = Catalog.open(f"{scratch}/catalog")
        measured = _filled(catalog, options.pictures)
        pictures = [Picture(done.record, done.known.fingerprint) for done in measured if done.known.fingerprint]
        control = Control()
        request = OrganizeRequest(("/made", "/other"), "/out", threshold=options.threshold)
        reporter = Reporter()
        context = RunContext(lambda: catalog, pool, reporter, control, Notes(reporter))
        comparison = Comparison(pictures, measured, request, context)
        print(f"{options.pictures:,} pictures at {options.threshold}: {_memory('VmRSS'):.0f} MB before")
        looked = _Looks()
        verification._verdicts = looked.counted(verification._verdicts)  # type: ignore[assignment]
        timer = threading.Timer(options.seconds, control.stop)
        timer.start()
        ticker = threading.Thread(target=_tell, args=(control, looked), daemon=True)
        ticker.start()
        try:
            print(f"{len(comparison.matches(check_pixels=False)):,} matches, all of them")
        except Stopped:
            print("stopped, as wanted")
        timer.cancel()
        control.stop()
        ticker.join()
        print(f"{looked.number:,} candidates looked at, peak {_memory('VmHWM'):.0f} MB")
        catalog.close()
    return 0


class _Looks:
    """Counts the candidates that get their second look."""

    def __init__(self) -> None:
        self.number = 0

    def counted(self, plain):  # type: ignore[no-untyped-def]
        def look(one: verification._Look, threshold: float) -> list[bool]:
            self.number += len(one.distances)
            return plain(one, threshold)  # type: ignore[no-any-return]

        return look


def _tell(control: Control, looked: _Looks) -> None:
    began = time.monotonic()
    while not control.stopped:
        time.sleep(min(_TELL, 0.2 if looked.number == 0 else _TELL))
        print(
            f"{time.monotonic() - began:6.0f} s {looked.number:12,} candidates {_memory('VmRSS'):6.0f} MB", flush=True
        )


if __name__ == "__main__":
    sys.exit(main())
