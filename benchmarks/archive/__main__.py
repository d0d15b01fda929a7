"""``python -m benchmarks.archive --photos FOLDER``: a family's archive imported, and how much of it came out right.

The archive is made from the JPEGs of a folder, some 2,800 files, with the truth about each.  Each source is imported
into one library after the other, by moves, the Takeout as zip files; then all runs are undone.  ``--takeout N`` instead
compares a Takeout of so many files in three zip files with its unpacked folders, and what each costs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.archive.family import SOURCES, ZONE, Family, zipped
from benchmarks.archive.shots import Shots
from benchmarks.archive.takeout import compare
from benchmarks.archive.truth import Dated, Known, contents_of
from benchmarks.timing import run

DATES, TWICE, EVENTS = 0.995, 0.01, 0.995
"""The shares that are aimed at: dates right and events kept at least, contents that stand twice at most."""
DUPLICATES = "ImageSync_Duplicates/"


@dataclass
class Judged:
    """What became of the contents of an archive."""

    contents: int
    dates: Counter[Dated]
    undatable: Counter[Dated]
    twice: list[list[str]]
    copied: int
    events: int
    lost_events: list[str]
    thrown: list[str]
    wrong: list[str]
    lost: list[list[str]]

    @property
    def good(self) -> bool:
        """Whether every aim is reached."""
        readable = sum(self.dates.values())
        return (
            self.dates[Dated.RIGHT] >= DATES * readable
            and len(self.twice) <= TWICE * self.copied
            and self.events - len(self.lost_events) >= EVENTS * self.events
            and not self.thrown
            and not self.lost
        )


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="image-sync-archive-", dir=options.scratch))
    try:
        for name in ("DATA", "STATE", "CONFIG", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = os.fspath(folder / "home")
        if options.takeout:
            return compare(folder, Shots(options.photos), options.takeout)
        return _family(folder, options)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"kept in {folder}")


def _family(folder: Path, options: argparse.Namespace) -> int:
    family = Family(folder / "in", Shots(options.photos))
    family.build()
    counted = family.count()
    print(f"{sum(counted.values()):,} files: " + ", ".join(f"{name} {number:,}" for name, number in counted.items()))
    if not options.unpacked:
        zipped(folder / "in" / "takeout", folder / "in", 3)
        shutil.rmtree(folder / "in" / "takeout")
    before = _tree(folder / "in")
    library = folder / "library"
    library.mkdir()
    imports = [_inputs(folder / "in", name) for name in options.order]
    imports = [[place for one in imports for place in one]] if options.together else imports
    for inputs in imports:
        done = run([*_command(), "import", *inputs, os.fspath(library), "--yes", "--timezone", ZONE, "--quiet"])
        print(
            f"  {', '.join(os.path.basename(place) for place in inputs)}: exit code {done.code}, {done.cpu:.1f} s CPU"
        )
    judged = judge(family.known, contents_of(library))
    show(judged, options.verbose)
    for _ in imports:
        run([*_command(), "undo", "--yes", "--quiet"])
    exact = _tree(folder / "in") == before and not any(library.rglob("*"))
    print(f"undo: {'exact' if exact else 'NOT exact'}")
    return 0 if judged.good and exact else 1


def _inputs(root: Path, name: str) -> list[str]:
    if name == "takeout" and not (root / name).exists():
        return [os.fspath(path) for path in sorted(root.glob("takeout-*.zip"))]
    return [os.fspath(root / name)]


def _command() -> list[str]:
    return [sys.executable, "-m", "image_sync"]


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- judging ----------------------------------------------------------------------------------------------------------


def judge(known: dict[str, Known], library: dict[str, list[str]]) -> Judged:
    """What is true beside what the library says."""
    judged = Judged(0, Counter(), Counter(), [], 0, 0, [], [], [], [])
    for content, truth in known.items():
        places = [place for place in library.get(content, []) if not place.startswith(DUPLICATES)]
        if truth.only_thrown_away:
            judged.thrown += places
            continue
        if not _is_picture(truth.places[0]):
            continue
        judged.contents += 1
        judged.copied += len(truth.places) > 1
        if not places:
            judged.lost.append(truth.places)
            continue
        if len(places) > 1:
            judged.twice.append(places)
        verdicts = [truth.dated(place) for place in places]
        worst = next((verdict for verdict in (Dated.WRONG, Dated.NONE) if verdict in verdicts), Dated.RIGHT)
        (judged.dates if truth.when else judged.undatable)[worst] += 1
        if truth.when and worst is not Dated.RIGHT:
            judged.wrong.append(f"{truth.when} {worst.value}: {' = '.join(truth.places)} → {places}")
        if truth.event is not None:
            judged.events += 1
            if not any(truth.keeps_event(place) for place in places):
                judged.lost_events.append(f"{truth.event.folder}: {' = '.join(truth.places)} → {places}")
    return judged


def _is_picture(place: str) -> bool:
    return place.lower().endswith((".jpg", ".png", ".mov", ".mp4"))


def show(judged: Judged, verbose: bool) -> None:
    """The table."""
    readable, events = sum(judged.dates.values()), judged.events
    right, kept = judged.dates[Dated.RIGHT], events - len(judged.lost_events)
    print(f"contents: {judged.contents:,}, of which {judged.copied:,} lay in several places; lost {len(judged.lost)}")
    print(
        f"dates: {right:,} of {readable:,} right ({right / readable:.2%}), {judged.dates[Dated.WRONG]} wrong, "
        f"{judged.dates[Dated.NONE]} none; of {sum(judged.undatable.values())} that nobody can date "
        f"{judged.undatable[Dated.NONE]} without a date"
    )
    print(
        f"twice in the library: {len(judged.twice)} ({len(judged.twice) / judged.copied:.2%} of those that lay twice)"
    )
    print(f"events kept: {kept:,} of {events:,} ({kept / events:.2%})")
    print(f"from bins: {len(judged.thrown)}")
    for title, found in (
        ("date", judged.wrong),
        ("twice", [" = ".join(places) for places in judged.twice]),
        ("event", judged.lost_events),
        ("bin", judged.thrown),
        ("lost", [" = ".join(places) for places in judged.lost]),
    ):
        for line in found if verbose else found[:5]:
            print(f"  {title}: {line}")


def _options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEGs to make the archive of")
    parser.add_argument("--scratch", type=Path, help="where the archive is made (default: the temporary folder)")
    parser.add_argument("--order", nargs="+", choices=SOURCES, default=list(SOURCES), help="what is imported, in order")
    parser.add_argument("--together", action="store_true", help="one import of all sources")
    parser.add_argument("--unpacked", action="store_true", help="import the Takeout as a folder")
    parser.add_argument("--takeout", type=int, default=0, metavar="N", help="a Takeout of N files, zipped and unpacked")
    parser.add_argument("--keep", action="store_true", help="leave the archive where it is")
    parser.add_argument("-v", "--verbose", action="store_true", help="name all that is not right")
    return parser.parse_args(argv)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
