"""``python -m benchmarks.sync [--count N] [--size BYTES] [--rounds N] [--place FOLDER]``: the table of speeds.

Every figure is of a whole command with its start-up, on trees that are in the system's cache, the best of the rounds.
After each run both folders are read and compared with what they should hold, content and time.  Peak memory is the
largest process of the command in any of its runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.sync import peers, trees
from benchmarks.timing import Run, measured

COLUMNS = ("first", "no-op", "1000+500", "40", "diverged")
NO_OPS = 3


@dataclass
class Line:
    """What was measured of one tool."""

    seconds: dict[str, float] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    peak: float = 0.0

    def take(self, column: str, run: Run, verdict: str) -> None:
        self.seconds[column] = min(run.wall, self.seconds.get(column, run.wall))
        self.peak = max(self.peak, run.peak)
        if run.code not in (0, 1):
            verdict = f"exit code {run.code}"
        if verdict != "ok" or column not in self.verdicts:
            self.verdicts[column] = verdict


def main() -> int:
    options = _options()
    lines: dict[str, Line] = {}
    for peer in peers.field_of():
        if peer.name in options.without:
            continue
        if peer.missing:
            print(f"{peer.name}: {peer.missing}")
            continue
        lines[peer.name] = Line()
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory(dir=options.place) as place:
                _measure(peer, Path(place), options, lines[peer.name])
    _print(lines, options)
    if options.many:
        _many(options)
    return 0


def _measure(peer: peers.Peer, place: Path, options: argparse.Namespace, line: Line) -> None:
    """One tool through all columns on a tree of its own."""
    tree, memory = trees.make(place, options.count, options.size), place / "memory"
    memory.mkdir()

    def run(column: str, *, first: bool = False) -> None:
        os.sync()
        done = measured(peer.on(tree.source, tree.target, memory, first=first), peer.around(memory))
        line.take(column, done, tree.verdict())

    run("first", first=True)
    for _ in range(NO_OPS):
        run("no-op")
    share = options.count / 5000
    tree.change(round(1000 * share), round(500 * share), options.size, seed=1)
    run("1000+500")
    tree.change(round(40 * share), 0, options.size, seed=2)
    run("40")
    _diverged(peer, tree, memory, options, run)


def _diverged(
    peer: peers.Peer, tree: trees.Tree, memory: Path, options: argparse.Namespace, run: Callable[..., None]
) -> None:
    """Both sides hold nearly the same, and nobody remembers anything."""
    shutil.rmtree(memory)
    memory.mkdir()
    trees.diverge(tree)
    share = options.count / 5000
    tree.change(round(100 * share), round(50 * share), options.size, seed=3)
    run("diverged", first=peer.remembers)


def _print(lines: dict[str, Line], options: argparse.Namespace) -> None:
    print(f"\n{options.count:,} files of {options.size:,} bytes; wall seconds, best of {options.rounds}")
    print(f"{'':22}" + "".join(f"{column:>10}" for column in COLUMNS) + f"{'peak MB':>10}")
    for name, line in lines.items():
        cells = [_cell(line, column) for column in COLUMNS]
        print(f"{name:22}" + "".join(f"{cell:>10}" for cell in cells) + f"{line.peak:>10.0f}")
    for name, line in lines.items():
        for column, verdict in line.verdicts.items():
            if verdict != "ok":
                print(f"{name}, {column}: {verdict}")


def _cell(line: Line, column: str) -> str:
    mark = "" if line.verdicts.get(column, "ok") in ("ok", "times") else "!"
    return f"{line.seconds[column]:.2f}{mark}" if column in line.seconds else "-"


def _many(options: argparse.Namespace) -> None:
    """Many small files that are in step already: this program alone."""
    ours = peers.field_of()[0]
    with tempfile.TemporaryDirectory(dir=options.place) as place:
        tree, memory = trees.make(Path(place), options.many, 10), Path(place) / "memory"
        memory.mkdir()
        trees.diverge(tree)
        runs = [measured(ours.on(tree.source, tree.target, memory, first=False), ours.around(memory)) for _ in range(4)]
    best = min(runs[1:], key=lambda run: run.wall)
    print(f"\n{options.many:,} files: first look {runs[0].wall:.2f} s, no-op {best.wall:.2f} s, {best.peak:.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="files in the tree")
    parser.add_argument("--size", type=int, default=200_000, help="bytes of each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=100_000, help="files of the tree of small files; 0 for none")
    parser.add_argument("--place", type=Path, default=None, help="the folder that the trees are made in")
    parser.add_argument("--without", nargs="+", default=[], help="programs to leave out")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
