"""``python -m benchmarks.speed [--sets …] [--rounds N] [--peers …] [--peer-python PYTHON]``: the table of speeds.

Every figure is of a whole command with its start-up, cold, the files in the system's cache.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.speed import corpus, peers
from benchmarks.timing import Run, in_turn, measured, median, ratios


def main() -> int:
    options = _options()
    chosen = [entry for entry in corpus.SETS if entry.name in options.sets]
    known = peers.peers(options.peer_python)
    field = [peers.ours(), *(peer for peer in known if not options.peers or peer.name in options.peers)]
    for peer in field:
        if peer.missing:
            print(f"{peer.name}: {peer.missing}")
    if options.peers and (lost := set(options.peers) - {peer.name for peer in field if not peer.missing}):
        print(f"can't be run: {', '.join(sorted(lost))}", file=sys.stderr)
        return 2
    field = [peer for peer in field if not peer.missing]
    for entry in chosen:
        if options.count:
            entry = corpus.Set(entry.name, entry.suffix, entry.size, options.count)
        folder = corpus.make(options.corpus, entry, options.photos)
        _row(folder, entry, field, options.rounds)
    return 0


def _row(folder: Path, entry: corpus.Set, field: list[peers.Peer], rounds: int) -> None:
    print(f"\n{entry.name}: {entry.count} pictures, median of {rounds}")
    print(f"{'':16}{'wall s':>9}{'CPU s':>9}{'per s':>9}{'CPU ms':>9}{'peak MB':>9}{'ours is':>10}")
    for path in folder.iterdir():
        path.read_bytes()
    with tempfile.TemporaryDirectory() as scratch:
        commands = {peer.name: lambda peer=peer: measured(peer.on(folder, Path(scratch))) for peer in field}
        results = in_turn(commands, rounds)
    for name, runs in results.items():
        _print(name, runs, results[field[0].name], entry.count)
    if entry.suffix == ".jpg":
        _print_limit(folder, entry)


def _print(name: str, runs: list[Run], ours: list[Run], count: int) -> None:
    wall, cpu = median([run.wall for run in runs]), median([run.cpu for run in runs])
    failed = "" if all(run.code in (0, 1) for run in runs) else f"  exit code {runs[-1].code}"
    print(
        f"{name:16}{wall:9.2f}{cpu:9.2f}{count / wall:9.1f}{cpu / count * 1000:9.2f}"
        f"{max(run.peak for run in runs):9.0f}{ratios(ours, runs):9.1f}x{failed}"
    )


def _print_limit(folder: Path, entry: corpus.Set) -> None:
    """What reading every coefficient costs: ``djpeg -scale 1/8`` on the same files, where it is installed."""
    files = sorted(folder.glob("*.jpg"))[:50]
    script = f'for file in "$@"; do djpeg -scale 1/8 -grayscale -outfile {os.devnull} "$file" || exit 3; done'
    try:
        subprocess.run(["djpeg", "-version"], capture_output=True, check=False)
    except OSError:
        print("djpeg: not installed")
        return
    run = measured(["sh", "-c", script, "sh", *map(str, files)])
    print(f"{'djpeg 1/8':16}{'':27}{run.cpu / len(files) * 1000:9.2f}   ({entry.name}, a process a file)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path(tempfile.gettempdir()) / "image-sync-corpus")
    parser.add_argument("--photos", type=Path, help="a folder of JPEG photos to make the corpus of")
    parser.add_argument("--sets", nargs="+", default=[entry.name for entry in corpus.SETS])
    parser.add_argument("--count", type=int, help="fewer pictures in each set")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-python", default=sys.executable, help="the interpreter that has the peers' packages")
    parser.add_argument("--peers", nargs="+", help="the programs to run beside this one, by default all there are")
    options = parser.parse_args()
    if options.photos is not None and not options.photos.is_dir():
        parser.error(f"there is no folder {options.photos}")
    if options.photos is not None and not corpus.sources(options.photos):
        parser.error(f"there are no JPEG photos of 400 pixels and more in {options.photos}")
    unknown = set(options.sets) - {entry.name for entry in corpus.SETS}
    if unknown:
        parser.error(f"unknown sets: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
