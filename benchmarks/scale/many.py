"""``python -m benchmarks.scale.many [--count N]``: one machine's threads beside two workers of a cluster on loopback.

Each is the whole first run of *organize*, in turn.  What counts is the processor time of all processes together, since
both have the same two cores; and that of the one that asks, since it is alone however many workers there are.
"""

from __future__ import annotations

import argparse
import os
import queue
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.scale.library import make
from image_sync.base.events import Finished
from image_sync.cluster.request import Cluster
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.request import OrganizeRequest


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.many", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--place", type=Path, default=Path(tempfile.gettempdir()) / "image-sync-scale")
    parser.add_argument("--only-workers", action="store_true", help="without the threads")
    parser.add_argument("--scheduler", help="read with this one, once, and say what it took")
    options = parser.parse_args()
    library = make(options.place / str(options.count), options.count)
    if options.scheduler is not None:
        _asked(library, options.scheduler)
        return 0
    for _ in range(options.rounds):
        if not options.only_workers:
            _show("threads", library, "")
        with tempfile.TemporaryDirectory() as place, _Workers(Path(place)) as workers:
            _show("two workers", library, str(workers.file), workers)
    return 0


class _Workers:
    """A scheduler and two workers of one thread each."""

    def __init__(self, place: Path) -> None:
        self.file = place / "scheduler.json"
        common = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(self.file))
        self.processes = [_started("scheduler", *common, "--port", "0")]
        while not self.file.exists():
            time.sleep(0.05)
        for number in range(2):
            where = ("--nthreads", "1", "--no-nanny", "--local-directory", str(place / str(number)))
            self.processes.append(_started("worker", *common, *where))

    def __enter__(self) -> _Workers:
        import distributed

        with distributed.Client(scheduler_file=str(self.file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.terminate()
            process.wait()

    @property
    def cpu(self) -> list[float]:
        """Processor seconds so far: the scheduler's, and each worker's."""
        return [_cpu(process.pid) for process in self.processes]


def _started(what: str, *arguments: str) -> subprocess.Popen[bytes]:
    program = f"from distributed.cli.dask_{what} import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _show(name: str, library: Path, scheduler: str, workers: _Workers | None = None) -> None:
    before = workers.cpu if workers else []
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    own = ("--place", str(library.parent), "--count", library.name, "--scheduler", scheduler)
    subprocess.run([sys.executable, "-m", "benchmarks.scale.many", *own], check=True)
    wall = time.perf_counter() - start
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    asked = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    others = [after - earlier for earlier, after in zip(before, workers.cpu, strict=True)] if workers else []
    told = ", ".join(f"{one:.2f}" for one in others)
    print(
        f"{name:12}{wall:8.2f} s wall{asked + sum(others):8.2f} s CPU in all, {asked:.2f} of the one that asks; {told}"
    )


def _asked(library: Path, scheduler: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        cluster = Cluster(scheduler) if scheduler else None
        engine = Engine(catalog=os.path.join(place, "known"), workers=2, cluster=cluster)
        engine.events = queue.Queue()
        engine.start(OrganizeJob(OrganizeRequest((str(library),), os.path.join(place, "out"))))
        while not isinstance(event := engine.events.get(), Finished):
            pass
        engine.close()
        assert event.result is not None, event


if __name__ == "__main__":
    sys.exit(main())
