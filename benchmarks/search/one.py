"""One method on one file of codes, in a process of its own so that its peak memory is its own: figures as JSON.

``python -m benchmarks.search.one METHOD CODES RADIUS FOUND``; what it found goes to ``FOUND`` (``.npy``): the pairs as
``first * n + second``, ascending.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
Keys = NDArray[np.int64]
_NEW = {"one new": 1, "100 new": 100}
_TIMES = 7


def _pairs(codes: Codes, radius: int, exact: bool, accelerated: bool) -> Iterator[Keys]:
    from image_sync.matching import search

    for pairs in search.pairs_within(codes, radius, exact=exact, accelerated=accelerated):
        yield pairs.first * len(codes) + pairs.second


def _brute_force(codes: Codes, radius: int) -> Iterator[Keys]:
    """faiss alone, as its documentation has it: every code against every other."""
    import faiss

    index = faiss.IndexBinaryFlat(codes.shape[1] * 8)
    index.add(codes)
    step = 4096
    for begin in range(0, len(codes), step):
        ends, _, second = index.range_search(codes[begin : begin + step], radius + 1)
        first = begin + np.repeat(np.arange(len(ends) - 1), np.diff(ends.astype(np.int64)))
        later = first < second
        yield first[later] * len(codes) + second[later]


METHODS: dict[str, Callable[[Codes, int], Iterator[Keys]]] = {
    "exact": lambda codes, radius: _pairs(codes, radius, True, False),
    "exact, faiss": lambda codes, radius: _pairs(codes, radius, True, True),
    "nearly": lambda codes, radius: _pairs(codes, radius, False, False),
    "nearly, faiss": lambda codes, radius: _pairs(codes, radius, False, True),
    "brute force, faiss": _brute_force,
}
"""By name: what gives the keys of all pairs within a radius, in pieces."""


def _new(codes: Codes, radius: int, number: int) -> tuple[float, float, Keys]:
    """So many new codes against all others: the median of some times, in wall and processor seconds."""
    from image_sync.matching import search

    walls, cpus, found = [], [], 0
    for turn in range(_TIMES):
        new = codes[turn * number : (turn + 1) * number]
        wall, cpu = time.perf_counter(), time.process_time()
        found += sum(len(pairs.first) for pairs in search.pairs_between(new, codes, radius))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return float(np.median(walls)), float(np.median(cpus)), np.arange(found)


def main() -> int:
    method, path, radius, found = sys.argv[1:]
    codes = np.load(path)
    if method in _NEW:
        wall, cpu, keys = _new(codes, int(radius), _NEW[method])
    else:
        # Loading the libraries is no part of the search.
        list(METHODS[method](codes[:64], int(radius)))
        began, worked = time.perf_counter(), time.process_time()
        pieces = list(METHODS[method](codes, int(radius)))
        wall, cpu = time.perf_counter() - began, time.process_time() - worked
        keys = np.sort(np.concatenate(pieces)) if pieces else np.empty(0, np.int64)
    np.save(found, keys)
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": _peak(), "pairs": len(keys)}))
    return 0


def _peak() -> float:
    """Most memory that this process had, in MB.  What the system calls its peak on Linux may be that of its parent."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    sys.exit(main())
