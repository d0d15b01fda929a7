"""``python -m benchmarks.accuracy [--photos FOLDER …] [--sample N]``: the tables of accuracy.

Every figure is of the program as it is, run on files; the plain rules beside it judge the same hashes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.accuracy import corpus, table
from benchmarks.accuracy.edits import EDITS
from benchmarks.accuracy.photos import Photo, photos, pictures_in
from benchmarks.accuracy.rules import verdicts

LOOKED_AT = ("this program, `--level same`", "this program, `--level edited`")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"


def main() -> int:
    options = _options()
    chosen = photos(options.photos, options.sample)
    real = sum(not photo.root.startswith("scene ") for photo in chosen)
    print(f"{len(chosen)} photos ({real} real) x {len(EDITS)} edits, {options.hard} of each hard set", flush=True)
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        folder, home = Path(scratch) / "corpus", Path(scratch) / "home"
        home.mkdir()
        begin = time.monotonic()
        corpus.make(folder, chosen, options.hard)
        print(f"made in {time.monotonic() - begin:.0f} s", flush=True)
        found, pairs = _figures(folder, home, chosen)
    text = "\n".join(_document(options, real, found, pairs))
    print(text)
    for line in _mistaken(found, chosen):
        print(line)
    if options.write:
        options.write.write_text(f"{text}\n", encoding="utf-8")
        print(f"written to {options.write}, {time.monotonic() - begin:.0f} s in all")
    return 0


def _figures(folder: Path, home: Path, chosen: Sequence[Photo]) -> tuple[list[table.Figures], Counter[str]]:
    """The figures of all rules over all libraries, and how many pairs of different pictures these have."""
    roots = [photo.root for photo in chosen]
    tallies: dict[str, table.Tally] = {}
    pairs: Counter[str] = Counter()
    for library in corpus.libraries(folder):
        begin = time.monotonic()
        pictures, said = verdicts(library, home)
        files = [corpus.what(picture.record.name) for picture in pictures]
        pairs.update(table.pairs_in(files, roots))
        for verdict in said:
            tallies.setdefault(verdict.rule, table.Tally(verdict.rule)).add(verdict.same, files, roots)
        print(f"library {library.name}: {len(files)} files, {time.monotonic() - begin:.0f} s", flush=True)
    return [tally.figures(len(chosen)) for tally in tallies.values()], pairs


LEVELS = """\
## The levels

* `exact`: identical files. Of the edits below none is one, so this row and the next show that nothing else slips in.
* `pixels`: identical pixels too; only metadata or the container differ.
* `same` (default): versions of one shot. The score is the mean over four hashes of the share of bits that agree; the
  second look must confirm it.
* `edited`: parts too, in all eight positions. What is found by its parts is scored on the same scale, on which
  unrelated pictures have a half: half, plus half the share of the blocks that agree in what the two have in common. At
  0.85 seven blocks of ten must agree, more where the ground is plain, and nine tenths of one picture must lie inside
  the other.
"""


def _document(
    options: argparse.Namespace, real: int, found: Sequence[table.Figures], pairs: Counter[str]
) -> Iterator[str]:
    yield "# Accuracy, measured\n"
    yield (
        f"{options.sample} different photos ({real} real ones or quarters of them, the others made) in {len(EDITS)} "
        f"edits each, and {options.hard} pictures of each hard set. The program is run on the files as it is, at the "
        "threshold 0.85; the plain rules judge the same hashes. Anybody can run it:\n"
    )
    yield "```\npip install -e .[benchmark]"
    yield f"python -m benchmarks.accuracy --photos FOLDER … --sample {options.sample} --hard {options.hard}\n```\n"
    yield LEVELS
    yield "## Found: share of the edited pictures that are matched with their original, in per cent\n"
    yield from table.recall_lines(found)
    yield "\n## False: different pictures that are matched\n"
    yield from table.false_lines(found, pairs)
    yield (
        "\nPairs of photos are those of different photos in whatever edit. Views are of a camera that pans by a third "
        "of its field, bursts of a hand-held camera (up to 6 % aside) while three things move through the picture.\n"
    )
    yield "## Found, edit by edit\n"
    yield from table.edit_lines([one for one in found if one.rule.startswith(("plain", "this"))])


def _mistaken(found: Sequence[table.Figures], chosen: Sequence[Photo]) -> Iterator[str]:
    """Which photos the program took for the same (they may be), and which edits it didn't find: to be looked at."""
    for one in found:
        if one.rule in LOOKED_AT:
            for (first, second), number in sorted(one.mistaken.items()):
                names = " and ".join(f"{Path(chosen[photo].root).name} ({photo})" for photo in (first, second))
                yield f"{one.rule}: {names}, {number} pairs"
        if one.rule == LOOKED_AT[-1]:
            for photo, edits in sorted(one.missed.items()):
                missed = ", ".join(EDITS[edit].name for edit in sorted(edits))
                yield f"{one.rule}: of {Path(chosen[photo].root).name} ({photo}) not found: {missed}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--photos", type=Path, nargs="+", default=[], metavar="FOLDER", help="folders with real photos")
    parser.add_argument("--sample", type=int, default=60, metavar="N", help="so many photos (default: 60)")
    parser.add_argument("--hard", type=int, default=60, metavar="N", help="so many of each hard set (default: 60)")
    parser.add_argument("--write", type=Path, default=DOCUMENT, metavar="FILE", help="where the tables go")
    parser.add_argument("--no-write", dest="write", action="store_const", const=None, help="only print them")
    parser.add_argument("--scratch", help="where the corpus is made, and removed afterwards")
    options = parser.parse_args()
    for folder in options.photos:
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
        if not pictures_in(folder):
            parser.error(f"there are no pictures in {folder}")
    if min(options.sample, options.hard) < 1:
        parser.error("at least one photo and one hard picture are needed")
    return options


if __name__ == "__main__":
    sys.exit(main())
