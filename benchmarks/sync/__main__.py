"""``python -m benchmarks.sync [--only NAME…] [--count N] [--size BYTES] [--rounds N] [--place FOLDER] [--keep FILE]``.

The table of speeds.  Every figure is of a whole command with its start-up, on trees that are in the system's cache, the
best of the rounds.  After each run both folders are read and compared with what they should hold, content and time.
Peak memory is the largest process of the command in any of its runs.  With ``--keep`` what is measured is added to a
file, so that a table can be put together from several sittings; ``--only`` chooses who is measured in this one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.sync import flushes, peers, trees
from benchmarks.timing import Run, measured

COLUMNS = ("first", "no-op", "1000+500", "40", "diverged")
NO_OPS = 3
MANY, FLUSHES = "many", "flushes"
"""What can be measured besides the tools: many small files that are in step, and the disk alone."""


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


@dataclass
class Table:
    """Everything that was measured so far; ``notes`` are lines that stand below it."""

    lines: dict[str, Line] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, place: Path | None) -> Table:
        """The table as it was kept, or an empty one."""
        if place is None or not place.exists():
            return cls()
        kept = json.loads(place.read_text())
        return cls({name: Line(**line) for name, line in kept["lines"].items()}, kept["notes"])

    def keep(self, place: Path | None) -> None:
        if place is not None:
            place.write_text(json.dumps(asdict(self), indent=1))


def main() -> int:
    options = _options()
    table = Table.read(options.keep)
    with tempfile.TemporaryDirectory(dir=options.place) as place:
        for peer in _chosen(peers.field_of(), options.only):
            if peer.missing:
                table.notes[peer.name] = f"{peer.name}: {peer.missing}"
                continue
            _measure_rounds(peer, Path(place), options, table)
        if FLUSHES in options.only or not options.only:
            table.notes[FLUSHES] = flushes.words(Path(place), options.count * 3 // 10, options.size)
        if MANY in options.only or not options.only:
            table.notes[MANY] = _many(Path(place), options.many)
        table.keep(options.keep)
    _print(table, options)
    return 0


def _chosen(field_of: tuple[peers.Peer, ...], only: list[str]) -> list[peers.Peer]:
    return [peer for peer in field_of if not only or peer.name in only]


def _measure_rounds(peer: peers.Peer, place: Path, options: argparse.Namespace, table: Table) -> None:
    original = trees.make(place / "original", options.count, options.size)
    for number in range(options.rounds):
        here = place / f"{number}"
        _measure(peer, here, trees.copied(original, here), options, table.lines.setdefault(peer.name, Line()))
        table.keep(options.keep)
        shutil.rmtree(here)
    shutil.rmtree(place / "original")


def _measure(peer: peers.Peer, place: Path, tree: trees.Tree, options: argparse.Namespace, line: Line) -> None:
    """One tool through all columns on a tree of its own."""
    memory = place / "memory"
    memory.mkdir()
    _compile(peer, memory)

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


def _compile(peer: peers.Peer, memory: Path) -> None:
    """Compile our own modules, as is done once when they are installed."""
    if "PYTHONPYCACHEPREFIX" in peer.environment:
        subprocess.run([sys.executable, "-m", "compileall", "-q", "image_sync"], env=os.environ | peer.around(memory))


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


def _many(place: Path, count: int) -> str:
    """Many small files that are in step already: this program alone."""
    ours = peers.field_of()[0]
    tree, memory = trees.make(place / MANY, count, 10), place / "memory"
    memory.mkdir()
    _compile(ours, memory)
    trees.diverge(tree)
    runs = [measured(ours.on(tree.source, tree.target, memory, first=False), ours.around(memory)) for _ in range(4)]
    best, peak = min(run.wall for run in runs[1:]), max(run.peak for run in runs[1:])
    first = f"first look {runs[0].wall:.2f} s ({runs[0].peak:.0f} MB)"
    return f"{count:,} files: {first}, no-op {best:.2f} s ({peak:.0f} MB)"


def _print(table: Table, options: argparse.Namespace) -> None:
    print(f"\n{options.count:,} files of {options.size:,} bytes; wall seconds, best of all rounds")
    print(f"{'':22}" + "".join(f"{column:>10}" for column in COLUMNS) + f"{'peak MB':>10}")
    for name, line in table.lines.items():
        cells = [_cell(line, column) for column in COLUMNS]
        print(f"{name:22}" + "".join(f"{cell:>10}" for cell in cells) + f"{line.peak:>10.0f}")
    for name, line in table.lines.items():
        for column, verdict in line.verdicts.items():
            if verdict != "ok":
                print(f"{name}, {column}: {verdict}")
    for note in table.notes.values():
        print(note)


def _cell(line: Line, column: str) -> str:
    mark = "" if line.verdicts.get(column, "ok") in ("ok", "times") else "!"
    return f"{line.seconds[column]:.2f}{mark}" if column in line.seconds else "-"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="files in the tree")
    parser.add_argument("--size", type=int, default=200_000, help="bytes of each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=100_000, help="files of the tree of small files")
    parser.add_argument("--place", type=Path, default=None, help="the folder that the trees are made in")
    names = [peer.name for peer in peers.field_of()]
    parser.add_argument("--only", nargs="+", default=[], choices=[*names, FLUSHES, MANY], help="default: everything")
    parser.add_argument("--keep", type=Path, default=None, help="add what is measured to this file")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
