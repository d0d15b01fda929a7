"""Plant faults and see whether the tests notice: ``python -m benchmarks.mutants --number 400 --seed 1``.

First ``python -m benchmarks.mutants --learn FOLDER`` writes down which tests run which lines (it needs ``coverage``);
with ``--known FOLDER/covering.json`` a fault is then tried against just these.  Every fault is planted in a copy of the
project, never in the project itself.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants.covering import PACKAGE, ROOT, Covering, learn
from benchmarks.mutants.mutation import Mutation, mutations

PATIENCE = 600
"""Seconds after which the tests hang."""
_COPIED = (
    PACKAGE,
    "tests",
    "benchmarks",
    "main.py",
    "setup.py",
    "pyproject.toml",
    "requirements.txt",
    "docs",
    "README.md",
)
_NO_TESTS = 5
"""What pytest ends with when it ran no test."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One fault and what became of it: ``noticed``, ``lives``, ``hangs`` (as good as noticed, where the machine is not
    too busy for its tests), or ``no test`` runs its line."""

    module: str
    mutation: Mutation
    fate: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.fate:8} {self.module}:{self.mutation.line} {self.mutation} ({self.seconds:.0f} s)"


def main() -> int:
    """Plant and try; the share that was noticed is printed by folder."""
    chosen = _arguments()
    if chosen.learn:
        print(learn(Path(chosen.learn), chosen.tests))
        return 0
    covering = Covering(Path(chosen.known) if chosen.known else None, chosen.most)
    tried = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = _copied(Path(folder))
        for module, mutation in _picked(chosen):
            tried.append(_try(copy, module, mutation, covering))
            print(tried[-1], flush=True)
    _print_shares(tried)
    return 0


def _picked(chosen: argparse.Namespace) -> Iterator[tuple[str, Mutation]]:
    """The faults to plant: all of one line, or a number of any."""
    if chosen.at:
        module, _colon, line = chosen.at.rpartition(":")
        for mutation in mutations((ROOT / module).read_text(encoding="utf-8")):
            if mutation.line == int(line):
                yield module, mutation
        return
    modules = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / chosen.below).rglob("*.py"))
    every = [(module, one) for module in modules for one in mutations((ROOT / module).read_text(encoding="utf-8"))]
    yield from random.Random(chosen.seed).sample(every, min(chosen.number, len(every)))


def _copied(folder: Path) -> Path:
    """A copy of the project that faults can be planted in."""
    for name in _COPIED:
        source, target = ROOT / name, folder / "project" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    shared = ROOT.parent / "shared"
    if shared.is_dir():
        os.symlink(shared, folder / "shared")
    return folder / "project"


def _try(copy: Path, module: str, mutation: Mutation, covering: Covering) -> Tried:
    began, place = time.monotonic(), copy / module
    tests = covering.tests_of(module, mutation.line)
    source = place.read_text(encoding="utf-8")
    try:
        place.write_text(mutation.applied(source), encoding="utf-8")
        fate = _fate(copy, tests) if tests else "no test"
    finally:
        place.write_text(source, encoding="utf-8")
    return Tried(module, mutation, fate, time.monotonic() - began)


def _fate(copy: Path, tests: Sequence[str]) -> str:
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": os.fspath(copy)}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if done.returncode == _NO_TESTS:
        return "no test"
    return "lives" if done.returncode == 0 else "noticed"


def _print_shares(tried: Sequence[Tried]) -> None:
    folders = Counter(_folder(one.module) for one in tried)
    noticed = Counter(_folder(one.module) for one in tried if one.fate in ("noticed", "hangs"))
    for folder, number in sorted(folders.items()):
        print(f"{folder:40} {noticed[folder]:4} of {number:4}  {noticed[folder] / number:4.0%}")
    total = sum(noticed.values())
    if tried:
        print(f"{'all':40} {total:4} of {len(tried):4}  {total / len(tried):4.0%}")


def _folder(module: str) -> str:
    return "/".join(module.split("/")[1:3][: max(1, module.count("/") - 1)])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--number", type=int, default=40, help="faults to plant")
    parser.add_argument("--seed", type=int, default=1, help="which of them")
    parser.add_argument("--below", default=PACKAGE, metavar="FOLDER", help="only in this folder of the program")
    parser.add_argument("--at", default="", metavar="FILE:LINE", help="all faults of one line")
    parser.add_argument("--known", default="", metavar="FILE", help="what --learn wrote")
    parser.add_argument("--most", type=int, default=0, help="tests for each fault, the smallest first (0: all)")
    parser.add_argument("--learn", default="", metavar="FOLDER", help="write down which tests run which lines")
    parser.add_argument("tests", nargs="*", help="with --learn: the tests to run (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
