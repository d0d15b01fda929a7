"""``python -m benchmarks.faults``: attack runs, undos and resumes of real plans, and count what comes of it.

Kills at changes of the disk, errors of the system at calls, power cuts, and from outside signals, two processes and
random jobs; damaged input for all parsers.  Everything is seeded and happens in folders that are made for it; the long
form is ``--points 10000 --errors 5000 --power 2000 --rounds 60 --minutes 60 --parsers 1000000``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults import errors, kills, outside, parsers, power
from benchmarks.faults.score import Score, shares
from benchmarks.faults.worlds import KINDS, World, command, made


def main() -> int:
    """Attack, print the table; 1 when anything was found."""
    chosen = _arguments()
    score = Score(say=lambda words: print(words, file=sys.stderr, flush=True))
    began = time.monotonic()
    with _two_disks() as (near, far):
        kinds = [kind for kind in KINDS if chosen.only == kind.name]
        kinds = kinds or [kind for kind in KINDS if chosen.only in kind.name]
        if not kinds:
            print(f"image-sync: there is no world called {chosen.only}", file=sys.stderr)
            return 2
        for kind in kinds:
            with made(kind, near, far) as world:
                _attack(world, score, chosen, len(kinds))
        outside.attack(near, score, rounds=chosen.rounds, minutes=chosen.minutes, seed=chosen.seed)
    if chosen.parsers:
        parsers.attack(score, chosen.parsers, chosen.seed)
    _print(score, time.monotonic() - began)
    return 1 if score.faults else 0


def _attack(world: World, score: Score, chosen: argparse.Namespace, worlds: int) -> None:
    if chosen.points:
        for mode in kills.MODES:
            kills.Kills(world, score, chosen.seed).attack(mode, shares(chosen.points, worlds, len(kills.MODES)))
    if chosen.errors:
        for mode in errors.MODES:
            errors.Errors(world, score, chosen.seed).attack(mode, shares(chosen.errors, worlds, len(errors.MODES)))
    if chosen.commands:
        attacked = errors.CommandErrors(world, score, chosen.seed, command(world))
        attacked.attack(shares(chosen.commands, worlds, 1))
    if chosen.power:
        for mode in power.MODES:
            power.PowerCuts(world, score, chosen.seed).attack(mode, shares(chosen.power, worlds, len(power.MODES)))


@contextmanager
def _two_disks() -> Iterator[tuple[Path, Path]]:
    """Folders on two file systems, where there are two: one in memory, one where temporary files go."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    near = Path(tempfile.mkdtemp(prefix="image-sync-faults-", dir=memory))
    far = Path(tempfile.mkdtemp(prefix="image-sync-faults-"))
    before = os.environ.copy()
    try:
        yield near, far
    finally:
        os.environ.clear()
        os.environ.update(before)
        for folder in (near, far):
            shutil.rmtree(folder, ignore_errors=True)


def _print(score: Score, seconds: float) -> None:
    for row, number in sorted(score.points.items()):
        print(f"{row:48} {number:7,}")
    print(f"{'all':48} {sum(score.points.values()):7,}")
    print()
    for row, number in sorted(score.notes.items()):
        print(f"{row:48} {number:7,}")
    print(f"\n{len(score.faults)} found, in {seconds:,.0f} s")
    for words in score.faults:
        print(f"  {words}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--points", type=int, default=400, help="kills (0: none)")
    parser.add_argument("--errors", type=int, default=300, help="errors of the system in runs, undos and resumes")
    parser.add_argument("--commands", type=int, default=80, help="errors of the system in whole commands")
    parser.add_argument("--power", type=int, default=200, help="states after a power cut")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of signals, and of two processes at once")
    parser.add_argument("--minutes", type=float, default=0.0, help="of random jobs, with memory and handles watched")
    parser.add_argument("--parsers", type=int, default=0, help="damaged inputs for the parsers of the program")
    parser.add_argument("--seed", type=int, default=1, help="which moments")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="the world of this name, or those with it in theirs"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
