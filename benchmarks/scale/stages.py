"""One job in a process of its own, its stages measured: ``python -m benchmarks.scale.stages JOB FOLDERS…``.

What a stage costs is taken between two events of the engine: wall time, processor time, and the highest resident memory
while it ran (Linux only; elsewhere memory is that at its end).  Prints one JSON document.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import queue
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from image_sync.base.events import Ending, Event, Finished, StageBegan
from image_sync.engine import Engine


@dataclass(slots=True)
class Sample:
    """What the process had used when a stage began."""

    name: str
    wall: float
    cpu: float
    rest: float
    peak: float = 0.0


@dataclass(frozen=True, slots=True)
class StageCost:
    """Cost of one stage: seconds, and memory in MB above that of the process before its first."""

    name: str
    wall: float
    cpu: float
    peak: float
    rest: float


@dataclass(slots=True)
class Stages(queue.Queue):  # type: ignore[type-arg]
    """The engine's queue, which samples as stages begin."""

    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        queue.Queue.__init__(self)

    def put(self, item: Event, *_: Any, **__: Any) -> None:
        """Take an event; a stage that begins ends the one before."""
        if isinstance(item, StageBegan | Finished):
            self.sample(item.stage.value if isinstance(item, StageBegan) else "end")
        if isinstance(item, Finished):
            queue.Queue.put(self, item)

    def sample(self, name: str) -> None:
        """Take the figures of this moment."""
        resident, peak = memory()
        if self.samples:
            self.samples[-1].peak = peak
        self.samples.append(Sample(name, time.perf_counter(), time.process_time(), resident))
        forget_peak()

    def costs(self) -> list[StageCost]:
        """The stages that ended, those of one name together, and the whole."""
        first, last = self.samples[0], self.samples[-1]
        found: dict[str, StageCost] = {}
        for one, after in zip(self.samples, self.samples[1:], strict=False):
            known = found.get(one.name, StageCost(one.name, 0.0, 0.0, 0.0, 0.0))
            found[one.name] = StageCost(
                one.name,
                known.wall + after.wall - one.wall,
                known.cpu + after.cpu - one.cpu,
                max(known.peak, one.peak - first.rest),
                after.rest - first.rest,
            )
        highest = max(one.peak for one in found.values())
        whole = StageCost("all", last.wall - first.wall, last.cpu - first.cpu, highest, last.rest - first.rest)
        return [*found.values(), whole]


def memory() -> tuple[float, float]:
    """Resident memory of this process, and the highest since it was last forgotten, in MB."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:
            lines = dict(line.split(":", 1) for line in stream)
    except OSError:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return most, most
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def forget_peak() -> None:
    """Begin the highest resident memory anew."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as stream:
            stream.write("5")
    except OSError:
        pass


def job_of(options: argparse.Namespace) -> Any:
    """The job that is asked for."""
    if options.job == "organize":
        from image_sync.jobs.organize.job import OrganizeJob
        from image_sync.jobs.organize.request import Level, OrganizeRequest

        level = Level(options.level) if options.level else OrganizeRequest((), "").level
        return OrganizeJob(OrganizeRequest(tuple(options.folders), options.output, level=level))
    if options.job == "sync":
        from image_sync.jobs.sync.job import SyncJob
        from image_sync.jobs.sync.request import SyncRequest

        return SyncJob(SyncRequest(*options.folders))
    from image_sync.jobs.photo_import.job import ImportJob
    from image_sync.jobs.photo_import.request import ImportRequest
    from image_sync.jobs.transfer import Transfer

    return ImportJob(ImportRequest(options.folders[0], options.output, transfer=Transfer.COPY))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.stages")
    parser.add_argument("job", choices=("organize", "sync", "import"))
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--output", default="")
    parser.add_argument("--catalog")
    parser.add_argument("--level")
    parser.add_argument("--apply", action="store_true", help="carry the plan out too")
    parser.add_argument("--made", type=int, default=0, help="the folder holds so many files that are only made up")
    options = parser.parse_args()
    if options.made:
        from benchmarks.scale.made_rows import pretend

        pretend(options.folders[0], options.made)
    stages = Stages()
    engine = Engine(catalog=options.catalog)
    engine.events = stages
    stages.sample("begin")
    engine.start(job_of(options))
    ended = _finished(stages)
    if ended.ending is Ending.FINISHED and options.apply:
        engine.apply(ended.result.plan)  # type: ignore[union-attr]
        _finished(stages)
    costs = stages.costs()
    plan = getattr(ended.result, "plan", None)
    engine.close()
    print(
        json.dumps(
            {
                "ending": ended.ending.value,
                "failure": ended.failure + ended.details,
                "operations": len(plan.operations) if plan else 0,
                "stages": [dataclasses.asdict(cost) for cost in costs],
                "catalog": sum(_size(options.catalog + end) for end in ("", "-wal")) if options.catalog else 0,
            }
        )
    )
    return 0 if ended.ending is Ending.FINISHED else 1


def _finished(stages: Stages) -> Finished:
    ended: Finished = stages.get()
    return ended


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.exists(path) else 0


if __name__ == "__main__":
    sys.exit(main())
