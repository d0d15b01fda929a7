"""``python -m benchmarks.accuracy.parts``: what ``edited`` finds of small parts, and of many versions at once.

One library has photos in the edits of ``further``, beside many that have none; what an inset and a collage show besides
is in no other file: each photo that fills a place is used once, else two files would truly show one picture.  A second
library has photos in twelve versions each.  Counted are the groups that the program makes: a version is found when it
is in one group with its original, and it is false when another photo is.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from benchmarks.accuracy import grouping
from benchmarks.accuracy.further import FURTHER, IN_OTHERS
from benchmarks.accuracy.photos import Choice, Half, Photo, real_photos
from benchmarks.accuracy.rules import review_of
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level

PARTS = Path(__file__).with_name("parts.md")
"""What the table of accuracy takes in."""
EVERY = 10_000
_SPACES = str.maketrans({" ": "-"})


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the library: ``found`` versions by the name of their edit, how many photos each was made of,
    ``false`` pairs of different photos in one group among so many ``pairs``, and groups whose best is no original."""

    found: Counter[str]
    photos: int
    false: int
    pairs: int
    lesser: int
    groups: int


def main() -> int:
    options = _options()
    choice = Choice(options.photos, options.packages, Half(options.half))
    inside, _ = real_photos(choice, options.crowd)
    roots = {photo.root for photo in inside}
    # Nothing is measured of what fills a place, so it may be of either half.
    outside = [photo for photo in real_photos(replace(choice, half=Half.ALL), EVERY)[0] if photo.root not in roots]
    if len(inside) < options.sample or len(outside) < options.sample * sum(IN_OTHERS.values()):
        raise SystemExit(f"{len(inside)} and {len(outside)} photos are too few for --sample {options.sample}")
    lines = list(_lines(options, inside, outside))
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _lines(options: argparse.Namespace, inside: Sequence[Photo], outside: Sequence[Photo]) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        folder = Path(scratch) / "parts"
        make(folder, inside, [photo.picture for photo in outside], options.sample)
        begin = time.process_time()
        review = review_of(folder, Path(tempfile.mkdtemp(dir=scratch)), Level.EDITED)
        took = (time.process_time() - begin) / len(review.pictures) * 1000
        counted = count(review, options.sample)
        many = Path(scratch) / "many"
        many.mkdir()
        grouping.make(many, inside, options.many, grouping.MANY_VERSIONS)
        groups = grouping.ours(Path(scratch), Level.EDITED)(many)
        score = grouping.score(groups, (path.name for path in many.iterdir()))
    yield "## Small parts, and many versions at once\n"
    yield (
        f"{counted.photos} photos in {len(FURTHER)} edits each beside {len(inside) - counted.photos} others, at the "
        "level `edited`; found is what comes into one group with its original. What an inset and a collage show "
        "besides is in no other file.\n"
    )
    yield f"```\npython -m benchmarks.accuracy.parts --packages photos --half {options.half} --sample {options.sample}"
    yield f"    --crowd {options.crowd} --many {options.many}\n```\n"
    yield "| edit | found % |\n| --- | --- |"
    for name in FURTHER:
        yield f"| {name} | {100 * counted.found[name] / counted.photos:.1f} |"
    yield (
        f"\nPairs of different photos in one group: {counted.false} of {counted.pairs:,}. Groups whose best is no "
        f"original: {counted.lesser} of {counted.groups}. The whole run took {took:.0f} ms of processor a picture.\n"
    )
    yield (
        f"Twelve versions at once ({', '.join(grouping.MANY_VERSIONS)}) of {options.many} photos among {len(inside)}: "
        f"precision {score.precision:.4f}, recall {score.recall:.4f}, {len(groups)} groups."
    )


def make(folder: Path, inside: Sequence[Photo], outside: Sequence[Image.Image], sample: int) -> None:
    """Write all photos ``inside``, and the edits of the first so many, which take what else they show from those
    ``outside``, each of them once."""
    folder.mkdir()
    for number, photo in enumerate(inside):
        photo.picture.save(folder / _name(number, "original"), quality=92)
    fillers = iter(outside)
    for number, photo in enumerate(inside[:sample]):
        for place, (name, edit) in enumerate(FURTHER.items()):
            chance = random.Random(number * 100 + place)
            others = list(itertools.islice(fillers, IN_OTHERS.get(name, 0)))
            edit(photo.picture.convert("RGB"), others, chance).save(folder / _name(number, name), quality=85)


def _name(number: int, edit: str) -> str:
    return f"photo-{number}-{edit.translate(_SPACES)}.jpg"


def count(review: OrganizeReview, sample: int) -> Found:
    """What the review found of a library that ``make`` wrote."""
    names = [picture.record.name for picture in review.pictures]
    photo = [int(name.split("-")[1]) for name in names]
    groups = [[member.picture for member in group.members] for group in review.groups]
    home = {names[picture]: number for number, group in enumerate(groups) for picture in group}
    found = Counter(
        edit
        for number in range(sample)
        for edit in FURTHER
        if (original := home.get(_name(number, "original"))) is not None and home.get(_name(number, edit)) == original
    )
    false = sum(photo[one] != photo[other] for group in groups for one in group for other in group if one < other)
    sizes = Counter(photo)
    pairs = len(names) * (len(names) - 1) // 2 - sum(size * (size - 1) // 2 for size in sizes.values())
    lesser = sum("original" not in names[group[0]] for group in groups)
    return Found(found, sample, false, pairs, lesser, len(groups))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.parts", description=__doc__)
    folders = {"type": Path, "nargs": "+", "default": [], "metavar": "FOLDER"}
    parser.add_argument("--photos", **folders, help="folders with real photos, each another one")
    parser.add_argument("--packages", **folders, help="folders with the unpacked packages that photos.txt is about")
    parser.add_argument("--half", choices=[half.value for half in Half], default=Half.HELD_OUT.value)
    parser.add_argument("--sample", type=int, default=40, metavar="N", help="so many photos have edits (default: 40)")
    parser.add_argument("--crowd", type=int, default=150, metavar="N", help="photos in all (default: 150)")
    parser.add_argument("--many", type=int, default=30, metavar="N", help="photos with twelve versions (default: 30)")
    parser.add_argument("--write", type=Path, default=PARTS, metavar="FILE", help="where the table goes")
    parser.add_argument("--no-write", dest="write", action="store_const", const=None, help="only print it")
    parser.add_argument("--scratch", help="where the libraries are made, and removed afterwards")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
