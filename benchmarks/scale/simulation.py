"""``python -m benchmarks.scale.simulation [--workers N …]``: many workers, from what was measured of two.

The one that asks hands out tasks and takes their results in order, as ``inventory.pool.in_pool`` does; the scheduler
and the storage serve one after another; workers differ by chance.  Nothing is read, and nothing waits.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections import deque
from dataclasses import dataclass, replace

TOGETHER = 16
UNDER_WAY = 8


@dataclass(frozen=True, slots=True)
class Constants:
    """Seconds, measured by ``benchmarks.scale.many`` (docs/scale.md), and the size of a picture.

    ``picture`` is a worker's work on one; ``asking`` and ``scheduling`` are what one task costs the one that asks and
    the scheduler, ``taking`` what one picture's result costs the first: it is unpacked and goes into the catalog.
    ``storage`` is in bytes a second.
    """

    picture: float
    size: float
    taking: float = 0.00015
    asking: float = 0.005
    scheduling: float = 0.009
    latency: float = 0.001
    storage: float = 1.2e9
    spread: float = 0.3


SMALL = Constants(picture=0.0015, size=75e3)
LARGE = Constants(picture=0.0324, size=3.1e6)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Pictures a second, and the shares of the time in which each of the three was busy."""

    rate: float
    workers: float
    asking: float
    storage: float


def simulated(constants: Constants, threads: int, pictures: int, seed: int = 0) -> Outcome:
    """A first run over so many pictures with so many threads of workers."""
    chance = random.Random(seed)
    free = [0.0] * threads
    ahead = max(2 * threads, UNDER_WAY * threads // TOGETHER)
    client = scheduler = storage = busy = asked = served = 0.0
    waiting: deque[float] = deque()
    left = pictures // TOGETHER
    while left or waiting:
        while left and len(waiting) < ahead:
            left -= 1
            client += constants.asking
            asked += constants.asking
            scheduler = max(scheduler, client) + constants.scheduling
            begin = max(scheduler + constants.latency, heapq.heappop(free))
            read = TOGETHER * constants.size / constants.storage
            storage = max(storage, begin) + read
            served += read
            work = TOGETHER * constants.picture * chance.lognormvariate(0.0, constants.spread)
            end = max(begin + work, storage)
            busy += end - begin
            heapq.heappush(free, end)
            waiting.append(end + constants.latency)
        took = TOGETHER * constants.taking
        client = max(client, waiting.popleft()) + took
        asked += took
    return Outcome(pictures / client, busy / client / threads, asked / client, served / client)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.simulation", description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 16, 100, 1000], help="threads of all workers")
    parser.add_argument("--pictures", type=int, default=200_000)
    parser.add_argument("--storage", type=float, nargs="+", default=[0.12, 1.2, 12.0], help="GB a second")
    options = parser.parse_args()
    print(f"{'picture':>10}{'storage':>10}{'threads':>9}{'a second':>10}{'workers':>9}{'asker':>7}{'storage':>9} busy")
    for name, constants in (("640x480", SMALL), ("12 MP", LARGE)):
        for storage in options.storage:
            for threads in options.workers:
                one = simulated(replace(constants, storage=storage * 1e9), threads, options.pictures)
                print(
                    f"{name:>10}{storage:8.2f}GB{threads:9}{one.rate:10,.0f}"
                    f"{one.workers:9.0%}{one.asking:7.0%}{one.storage:9.0%}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
