"""What the disk alone asks for the flushes of a run: the same files written with and without waiting for the disk.

Nothing of this program runs here.  Files are written beside each other by a few threads, as a run does, each under a
temporary name that is renamed then; with the flushes each file is flushed before that, and each folder once at the end
of a group of 64.  The difference of the two times is what is meant by *the flushes*.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

THREADS, GROUP, ROUNDS = 6, 64, 5


def words(place: Path, count: int, size: int) -> str:
    """The difference in words, the median of some pairs."""
    pairs = [
        (_written(place, count, size, flush=False), _written(place, count, size, flush=True)) for _ in range(ROUNDS)
    ]
    bare, flushed = (statistics.median(pair[index] for pair in pairs) for index in range(2))
    difference = statistics.median(second - first for first, second in pairs)
    return (
        f"the disk alone, {count:,} files of {size:,} bytes on {THREADS} threads: {bare:.2f} s unflushed, "
        f"{flushed:.2f} s flushed; the flushes take {difference:.2f} s"
    )


def _written(place: Path, count: int, size: int, *, flush: bool) -> float:
    """Seconds for ``count`` files."""
    folder, data = place / "flushes", os.urandom(size)
    folder.mkdir()
    os.sync()
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, count, GROUP):
            numbers = range(start, min(count, start + GROUP))
            list(pool.map(lambda number: _write(folder, number, data, flush), numbers))
            if flush:
                _flush_folder(folder)
    seconds = time.perf_counter() - began
    shutil.rmtree(folder)
    return seconds


def _write(folder: Path, number: int, data: bytes, flush: bool) -> None:
    temporary = os.fspath(folder / f".{number}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        os.write(handle, data)
        if flush:
            os.fsync(handle)
    finally:
        os.close(handle)
    os.rename(temporary, os.fspath(folder / f"{number}.jpg"))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
