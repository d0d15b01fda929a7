"""``python -m benchmarks.accuracy.grouping``: the groups that this program and its peers make of one library.

The library has 1,000 different photos; of 200 of them there are seven more versions, such as the default level promises
to find.  Two files of one group are a pair that the program says is the same: precision is the share of those that are,
recall the share of all pairs of versions that are said.
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
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from PIL import Image

from benchmarks.accuracy.edits import EDITS, Edit
from benchmarks.accuracy.peers import Peer, groups_of, peers
from benchmarks.accuracy.photos import Choice, Half, Photo, real_photos, scenes
from benchmarks.accuracy.rules import review_of
from image_sync.settings import Level

VERSIONS = ("JPEG 30", "messenger, twice", "× 0.25", "gamma 0.7", "sepia", "sharpened", "4 % around")
"""Names of the edits that make the versions: one or two of each family that the default level is for."""
GROUPS = Path(__file__).with_name("groups.md")
"""What the table of accuracy takes in."""
_NAME = re.compile(r"photo-(\d+)-")

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
        folder = Path(scratch) / "library"
        folder.mkdir()
        make(folder, chosen, options.edited)
        names = sorted(path.name for path in folder.iterdir())
        print(f"{len(chosen)} photos ({_real(chosen)} real or quarters), {len(names)} files", flush=True)
        lines = [*_lines(folder, Path(scratch), names, options.peers_python)]
    text = "\n".join((*_head(options, chosen, len(names)), *lines))
    print(text)
    if options.write:
        options.write.write_text(f"{text}\n", encoding="utf-8")
    return 0


def _real(chosen: Sequence[Photo]) -> int:
    return sum(not photo.made for photo in chosen)


def _head(options: argparse.Namespace, chosen: Sequence[Photo], files: int) -> Iterable[str]:
    yield "## Groups\n"
    yield (
        f"{len(chosen):,} different photos ({_real(chosen)} real ones or quarters of them, the others made), of "
        f"{options.edited} of which there are seven more versions ({', '.join(VERSIONS)}): {files:,} files. Two files of "
        "one group are a pair that the program says is the same; precision is the share of those pairs that are, recall "
        "the share of all pairs of versions that are said. Peers as they are installed, all in one run:\n"
    )
    yield f"```\npython -m benchmarks.accuracy.grouping --packages photos --half {options.half}\n```\n"
    yield f"| program | groups | files in them | precision | recall |\n| {' | '.join(['---'] * 5)} |"


def library_photos(choice: Choice, count: int) -> list[Photo]:
    """``count`` different photos: real ones, then quarters of them, then scenes."""
    whole, quarters = real_photos(choice, count)
    real = [*whole, *quarters][:count]
    return [*real, *scenes(choice, count - len(real))]


def make(folder: Path, chosen: Sequence[Photo], edited: int) -> None:
    """Write all photos to ``folder``, and the versions of the first so many."""
    tasks = [(folder, number, photo.picture, number < edited) for number, photo in enumerate(chosen)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_save, tasks, chunksize=8))


def _save(task: tuple[Path, int, Image.Image, bool]) -> None:
    folder, number, picture, edited = task
    picture.save(folder / f"photo-{number}-original.jpg", quality=92)
    for place, edit in enumerate(_versions() if edited else ()):
        edit.make(picture).save(folder / f"photo-{number}-version-{place}{edit.suffix}", **edit.options)


def _versions() -> list[Edit]:
    return [edit for edit in EDITS if edit.name in VERSIONS]


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


def _lines(folder: Path, scratch: Path, names: Sequence[str], python: str) -> Iterable[str]:
    home = scratch / "home"
    home.mkdir()
    for level in (Level.SAME_SHOT, Level.EDITED):
        yield _line(f"this program, `--level {level.value}`", lambda level=level: ours(folder, home, level), names)
    for peer in peers(python):
        yield _peer_line(peer, folder, scratch, names)


def ours(folder: Path, home: Path, level: Level) -> Groups:
    """The groups that this program makes, by the names of the files."""
    review = review_of(folder, home, level)
    names = [picture.record.name for picture in review.pictures]
    return [[names[member.picture] for member in group.members] for group in review.groups]


def _peer_line(peer: Peer, folder: Path, scratch: Path, names: Sequence[str]) -> str:
    if peer.missing:
        return f"| {peer.name} | {peer.missing} | | | |"
    return _line(peer.name, lambda: groups_of(peer, folder, scratch), names)


def _line(name: str, groups_by: Callable[[], Groups], names: Sequence[str]) -> str:
    begin = time.monotonic()
    groups = groups_by()
    found = score(groups, names)
    print(f"{name}: {found}, {time.monotonic() - begin:.0f} s", flush=True)
    files = len({file for group in groups for file in group})
    return f"| {name} | {len(groups)} | {files} | {found.precision:.4f} | {found.recall:.4f} |"


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
