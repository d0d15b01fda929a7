"""``python -m benchmarks.accuracy [--packages FOLDER …] [--photos FOLDER …]``: the tables of accuracy.

Every figure is of the program as it is, run on files; the plain rules beside it judge the same hashes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy import corpus, table
from benchmarks.accuracy.edits import CROWD, EDITS, WHOLE_FAMILIES
from benchmarks.accuracy.photos import Choice, Half, Photo, photos, pictures_in, real_photos, scenes
from benchmarks.accuracy.rules import verdicts

LOOKED_AT = ("this program, `--level same`", "this program, `--level edited`")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"
GROUPS, PARTS, TRIED = (Path(__file__).with_name(name) for name in ("groups.md", "parts.md", "tried.md"))
"""What goes to the end of the document as it is: the last runs of ``benchmarks.accuracy.grouping`` and
``benchmarks.accuracy.parts``, and what did not pay, which is written by hand."""


def main() -> int:
    options = _options()
    choice = Choice(options.photos, options.packages, Half(options.half))
    chosen = photos(choice, options.sample)
    whole, quarters = real_photos(choice, options.crowd)
    crowd = [*whole, *quarters, *scenes(choice, options.crowd // 10)]
    run = _Run(options, chosen, crowd)
    print(run.title, flush=True)
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        folder, home = Path(scratch) / "corpus", Path(scratch) / "home"
        home.mkdir()
        begin = time.monotonic()
        corpus.make(folder, chosen, crowd, options.hard)
        print(f"made in {time.monotonic() - begin:.0f} s", flush=True)
        run.over(folder, home)
    text = "\n".join(_document(run))
    print(text)
    for line in _mistaken(run):
        print(line)
    if options.write:
        options.write.write_text(f"{text}\n", encoding="utf-8")
        print(f"written to {options.write}, {time.monotonic() - begin:.0f} s in all")
    return 0


@dataclass(slots=True)
class _Run:
    """One run: what is looked at, and the figures of all rules as the libraries come in."""

    options: argparse.Namespace
    chosen: Sequence[Photo]
    crowd: Sequence[Photo]
    tallies: dict[str, table.Tally] = field(default_factory=dict)
    pairs: Counter[str] = field(default_factory=Counter)

    @property
    def title(self) -> str:
        return (
            f"{len(self.chosen)} photos ({_real(self.chosen)} real) x {len(EDITS)} edits, {len(self.crowd)} "
            f"({_real(self.crowd)} real) x {len(CROWD)} edits, {self.options.hard} of each hard set"
        )

    def over(self, folder: Path, home: Path) -> None:
        """Run the program on all libraries in ``folder`` and count."""
        for library in corpus.libraries(folder):
            self._look_at(library, home, self.chosen, found=True)
        self._look_at(folder / corpus.CROWD, home, self.crowd, found=False)
        self._look_at(folder / corpus.HARD, home, self.chosen, found=False)

    def _look_at(self, library: Path, home: Path, shown: Sequence[Photo], found: bool) -> None:
        begin = time.monotonic()
        roots = [photo.root for photo in shown]
        pictures, said = verdicts(library, home)
        files = [corpus.what(picture.record.name) for picture in pictures]
        self.pairs.update(table.pairs_in(files, roots))
        for verdict in said:
            tally = self.tallies.setdefault(verdict.rule, table.Tally(verdict.rule))
            tally.add_false(verdict.same, files, roots)
            if found:
                tally.add_found(verdict.same, files)
        print(f"library {library.name}: {len(files)} files, {time.monotonic() - begin:.0f} s", flush=True)

    def figures(self) -> list[table.Figures]:
        return [tally.figures(len(self.chosen)) for tally in self.tallies.values()]


def _real(chosen: Sequence[Photo]) -> int:
    return sum(not photo.made for photo in chosen)


LEVELS = """\
## The levels

* `exact`: identical files. Of the edits below none is one, so this row and the next show that nothing else slips in.
* `pixels`: identical pixels too; only metadata or the container differ.
* `same` (default): versions of one shot. The score is the mean over four hashes of the share of bits that agree; the
  second look must confirm it, and a comparison in detail must find no place that differs: another text, switch or
  colour makes another picture, and what moved makes another shot of a series, which is not counted here.
* `edited`: parts too, in all eight positions. What is found by its parts is scored on the same scale, on which
  unrelated pictures have a half: half, plus half the share of the blocks that agree in what the two have in common. At
  0.85 seven blocks of ten must agree, more where the ground is plain, and nine tenths of one picture must lie inside
  the other.
"""


PACKAGES = (
    "fotoxx-common gcompris-qt-data kphotoalbum lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 mate-backgrounds "
    "opencv-doc plasma-workspace-wallpapers"
)
"""Debian packages that have the photos that ``photos.txt`` names."""
HALVES = {
    Half.HELD_OUT: (
        "The photos are the half of those of the packages that was held out: no limit of the program was "
        "chosen on them."
    ),
    Half.TUNED: "The limits of the program were chosen on these photos, so nothing here is held out.",
    Half.ALL: "The limits of the program were chosen on a half of these photos.",
}


def _document(run: _Run) -> Iterator[str]:
    options, found = run.options, run.figures()
    yield "# Accuracy, measured\n"
    yield (
        f"{len(run.chosen)} different photos ({_real(run.chosen)} real ones or quarters of them, the others made) in "
        f"{len(EDITS)} edits each; for the false pairs {len(run.crowd)} ({_real(run.crowd)} real ones or quarters) in "
        f"the {len(CROWD)} edits after which different photos look most alike; {options.hard} pictures of each hard "
        f"set. {HALVES[Half(options.half)]} The program is run on the files as it is, at the threshold 0.85; the plain "
        "rules judge the same hashes. Anybody can run it, with the photos of some Debian packages, which need not be "
        "installed:\n"
    )
    yield f"```\npip install -e .[benchmark]\napt-get download {PACKAGES}"
    yield "for package in *.deb; do dpkg -x $package photos; done"
    yield (
        f"python -m benchmarks.accuracy --packages photos --half {options.half} --sample {options.sample} "
        f"--crowd {options.crowd} --hard {options.hard}\n```\n"
    )
    yield LEVELS
    yield "## Found: share of the edited pictures that are matched with their original, in per cent\n"
    yield from table.recall_lines(found)
    yield "\n## False: different pictures that are matched\n"
    yield from table.false_lines(found, run.pairs)
    yield (
        "\nPairs of photos are those of different photos in whatever edit. Views are of a camera that pans by a third "
        "of its field, bursts of a hand-held camera (up to 6 % aside) while three things move through the picture.\n"
    )
    yield "## Found, edit by edit\n"
    yield from table.edit_lines([one for one in found if one.rule.startswith(("plain", "this"))])
    for part in (GROUPS, PARTS, TRIED):
        if part.exists():
            yield f"\n{part.read_text(encoding='utf-8').strip()}"


def _mistaken(run: _Run) -> Iterator[str]:
    """Which photos the program took for the same (they may be), and which edits it didn't find: to be looked at."""
    for one in run.figures():
        if one.rule in LOOKED_AT:
            for (first, second), number in sorted(one.mistaken.items()):
                yield f"{one.rule}: {first} and {second}, {number} pairs"
            for photo, edits in sorted(one.missed.items()):
                missed = ", ".join(EDITS[edit].name for edit in sorted(edits) if _promised(one.rule, edit))
                if missed:
                    yield f"{one.rule}: of {run.chosen[photo].root} ({photo}) not found: {missed}"


def _promised(rule: str, edit: int) -> bool:
    """Whether the rule should find the edit: at the default only what leaves the picture whole."""
    return rule != LOOKED_AT[0] or EDITS[edit].family in WHOLE_FAMILIES


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    folders = {"type": Path, "nargs": "+", "default": [], "metavar": "FOLDER"}
    parser.add_argument("--photos", **folders, help="folders with real photos, each another one")
    parser.add_argument("--packages", **folders, help="folders with the unpacked packages that photos.txt is about")
    parser.add_argument(
        "--half",
        choices=[half.value for half in Half],
        default=Half.HELD_OUT.value,
        help="which of the packages' photos (default: those that no limit was chosen on)",
    )
    parser.add_argument("--sample", type=int, default=80, metavar="N", help="so many photos in all edits (default: 80)")
    parser.add_argument(
        "--crowd", type=int, default=400, metavar="N", help="and so many, with their quarters, in a few (default: 400)"
    )
    parser.add_argument("--hard", type=int, default=60, metavar="N", help="so many of each hard set (default: 60)")
    parser.add_argument("--write", type=Path, default=DOCUMENT, metavar="FILE", help="where the tables go")
    parser.add_argument("--no-write", dest="write", action="store_const", const=None, help="only print them")
    parser.add_argument("--scratch", help="where the corpus is made, and removed afterwards")
    options = parser.parse_args()
    for folder in (*options.photos, *options.packages):
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
        if not pictures_in(folder):
            parser.error(f"there are no pictures in {folder}")
    if min(options.sample, options.crowd, options.hard) < 1:
        parser.error("at least one photo, one of the crowd and one hard picture are needed")
    return options


if __name__ == "__main__":
    sys.exit(main())
