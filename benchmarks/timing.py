"""Whole commands, timed from outside: wall and processor time, and the peak memory of the largest process.

Commands that are to be compared run in turn, A B A B …, so that a machine whose speed drifts slows both alike; what is
quoted is the median, and the ratio pair by pair.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds of wall and processor time, the peak of one process in MB, and its exit code."""

    wall: float
    cpu: float
    peak: float
    code: int


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, limit: float = 3600.0) -> Run:
    """Run ``command`` to its end, its output thrown away; ``limit`` is in seconds."""
    began = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, 0.0, code)


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None, limit: float = 3600.0) -> Run:
    """``run`` in a process of its own, so that the peak memory is this command's alone."""
    program = (
        "import json, resource, sys; from benchmarks.timing import run; "
        "r = run(sys.argv[2:], limit=float(sys.argv[1])); "
        "print(json.dumps([r.wall, r.cpu, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, r.code]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(limit), *command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
    )
    wall, cpu, peak, code = json.loads(answer.stdout.splitlines()[-1])
    return Run(wall, cpu, peak / (1024 * 1024 if sys.platform == "darwin" else 1024), code)


def in_turn(commands: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, list[Run]]:
    """Each command once a round, in their order, ``rounds`` times."""
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(command())
    return results


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def ratios(runs: Sequence[Run], others: Sequence[Run]) -> float:
    """The median over the pairs of how many times as long the others took."""
    return statistics.median(other.wall / run.wall for run, other in zip(runs, others, strict=True))
