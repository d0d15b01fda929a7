"""``python -m benchmarks.accuracy.grouping``: the groups that this program and its peers make of one library.

The library has 1,000 different photos; of 200 of them there are seven more versions, such as the default level promises
to find, and in a second library such as only the level ``edited`` does.  Two files of one group are a pair that the
program says is the same: precision is the share of those that are, recall the share of all pairs of versions that are
said.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from PIL import Image

from benchmarks.accuracy.edits import EDITS, MORE_VERSIONS
from benchmarks.accuracy.peers import groups_of, peers
from benchmarks.accuracy.photos import Choice, Half, Photo, real_photos, scenes
from benchmarks.accuracy.rules import review_of
from image_sync.jobs.organize.request import Level

VERSIONS = ("JPEG 30", "messenger, twice", "× 0.25", "gamma 0.7", "sepia", "sharpened", "4 % around")
"""Names of the edits that make the versions: one or two of each family that the default level is for."""
GROUPS = Path(__file__).with_name("groups.md")
"""What the table of accuracy takes in."""
_ORIGINAL = "original"
_NAME = re.compile(r"photo-(\d+)-")

EDITED_VERSIONS = ("10 % at a corner", "20 % around", "5 % white", "square", "white band", "90°", "mirrored")
"""The same for the level ``edited``: two crops, a border, a letterbox, a caption, two positions."""

MANY_VERSIONS = (
    "10 % around",
    "20 % around",
    "20 % at a corner",
    "30 % around",
    "white band",
    "screenshot",
    "stickers",
    "90°",
    "mirrored",
    "straightened by 2°",
    "square",
    "5 % white",
)
"""Twelve versions at once, for the level ``edited``."""
WITH_MANY = 125
"""Photos that have as many."""

Groups = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of files that are said to be the same, that are, and that are both."""

    said: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true


def main() -> int:
    options = _options()
    chosen = library_photos(Choice(options.photos, options.packages, Half(options.half)), options.count)
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        folders = [_library(Path(scratch), chosen, options.edited, names) for names in (VERSIONS, EDITED_VERSIONS)]
        lines = [*_lines(*folders, Path(scratch), options.peers_python)]
    text = "\n".join((*_head(options, chosen), *lines))
    print(text)
    if options.write:
        options.write.write_text(f"{text}\n", encoding="utf-8")
    return 0


def _real(chosen: Sequence[Photo]) -> int:
    return sum(not photo.made for photo in chosen)


def _library(scratch: Path, chosen: Sequence[Photo], edited: int, versions: Sequence[str]) -> Path:
    folder = Path(tempfile.mkdtemp(dir=scratch))
    make(folder, chosen, edited, versions)
    print(f"{len(chosen)} photos ({_real(chosen)} real or quarters), {len(list(folder.iterdir()))} files", flush=True)
    return folder


def _head(options: argparse.Namespace, chosen: Sequence[Photo]) -> Iterable[str]:
    yield "## Groups\n"
    yield (
        f"{len(chosen):,} different photos ({_real(chosen)} real ones or quarters of them, the others made), of "
        f"{options.edited} of which there are seven more versions: {', '.join(VERSIONS)}; in the last row, of another "
        f"library, {', '.join(EDITED_VERSIONS)}. Two files of one group are a pair that the program says is the same; "
        "precision is the share of those that are, recall the share of all pairs of versions that are said. Peers as "
        "they are installed, all in one run:\n"
    )
    yield f"```\npython -m benchmarks.accuracy.grouping --packages photos --half {options.half}\n```\n"
    yield "| program | groups | files in them | precision | recall | groups whose best is the original |"
    yield f"| {' | '.join(['---'] * 6)} |"


def library_photos(choice: Choice, count: int) -> list[Photo]:
    """``count`` different photos: real ones, then quarters of them, then scenes.

    All are made a little smaller: else a photo that comes as a JPEG has the traces of that in it, and the program says
    of the original that it was made from another.
    """
    whole, quarters = real_photos(choice, count)
    real = [*whole, *quarters][:count]
    return [_smaller(photo) for photo in (*real, *scenes(choice, count - len(real)))]


def _smaller(photo: Photo) -> Photo:
    size = tuple(round(side * 0.9) for side in photo.picture.size)
    return replace(photo, picture=photo.picture.resize(size, Image.Resampling.LANCZOS))


def make(folder: Path, chosen: Sequence[Photo], edited: int, versions: Sequence[str]) -> None:
    """Write all photos to ``folder``, and the versions of the first so many."""
    tasks = [
        (folder, number, photo.picture, versions if number < edited else ()) for number, photo in enumerate(chosen)
    ]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_save, tasks, chunksize=8))


def _save(task: tuple[Path, int, Image.Image, Sequence[str]]) -> None:
    folder, number, picture, versions = task
    picture.save(folder / f"photo-{number}-{_ORIGINAL}.jpg", quality=92)
    for place, edit in enumerate(edit for edit in (*EDITS, *MORE_VERSIONS) if edit.name in versions):
        edit.make(picture).save(folder / f"photo-{number}-version-{place}{edit.suffix}", **edit.options)


def score(groups: Groups, names: Iterable[str]) -> Score:
    """How right the ``groups`` of file names are among all ``names``."""
    said = {pair for group in groups for pair in combinations(sorted(set(group)), 2)}
    right = sum(_photo(one) == _photo(other) for one, other in said)
    sizes: dict[str, int] = {}
    for name in names:
        sizes[_photo(name)] = sizes.get(_photo(name), 0) + 1
    return Score(len(said), sum(size * (size - 1) // 2 for size in sizes.values()), right)


def _photo(name: str) -> str:
    match = _NAME.match(name)
    assert match, name
    return match[1]


def _lines(folder: Path, of_edited: Path, scratch: Path, python: str) -> Iterable[str]:
    for level in (Level.SAME_SHOT, Level.EDITED):
        yield _line(f"this program, `--level {level.value}`", folder, ours(scratch, level))
    for peer in peers(python):
        if peer.missing:
            yield f"| {peer.name} | {peer.missing} | | | | |"
        else:
            yield _line(peer.name, folder, lambda place, peer=peer: groups_of(peer, place, scratch))
    yield _line("this program, `--level edited`, its versions", of_edited, ours(scratch, Level.EDITED))


def ours(scratch: Path, level: Level) -> Callable[[Path], Groups]:
    """What makes the groups of a folder with this program: the names of the files, the best of a group first."""

    def groups(folder: Path) -> Groups:
        review = review_of(folder, Path(tempfile.mkdtemp(dir=scratch)), level)
        names = [picture.record.name for picture in review.pictures]
        return [[names[member.picture] for member in group.members] for group in review.groups]

    return groups


def _line(name: str, folder: Path, groups_of_folder: Callable[[Path], Groups]) -> str:
    begin = time.monotonic()
    groups = groups_of_folder(folder)
    found = score(groups, (path.name for path in folder.iterdir()))
    print(f"{name}: {found}, {time.monotonic() - begin:.0f} s", flush=True)
    files = len({file for group in groups for file in group})
    best = f"{sum(_ORIGINAL in group[0] for group in groups)}" if name.startswith("this") else "–"
    return f"| {name} | {len(groups)} | {files} | {found.precision:.4f} | {found.recall:.4f} | {best} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.grouping", description=__doc__)
    folders = {"type": Path, "nargs": "+", "default": [], "metavar": "FOLDER"}
    parser.add_argument("--photos", **folders, help="folders with real photos, each another one")
    parser.add_argument("--packages", **folders, help="folders with the unpacked packages that photos.txt is about")
    parser.add_argument("--half", choices=[half.value for half in Half], default=Half.HELD_OUT.value)
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="so many photos (default: 1000)")
    parser.add_argument("--edited", type=int, default=200, metavar="N", help="so many of them have versions")
    parser.add_argument("--peers-python", default=sys.executable, metavar="FILE", help="the Python that has the peers")
    parser.add_argument("--write", type=Path, default=GROUPS, metavar="FILE", help="where the table goes")
    parser.add_argument("--no-write", dest="write", action="store_const", const=None, help="only print it")
    parser.add_argument("--scratch", help="where the library is made, and removed afterwards")
    options = parser.parse_args()
    if not 0 < options.edited <= options.count:
        parser.error("at least one photo must have versions, and no more than there are")
    return options


if __name__ == "__main__":
    sys.exit(main())
