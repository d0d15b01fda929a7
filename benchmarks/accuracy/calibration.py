"""``python -m benchmarks.accuracy.calibration``: how many matches of each kind and score are right.

One library for each half of the photos: photos in a spread of edits, small parts, and all hard sets.  A match is right
when both are of one photo, or for a series of one scene.  The words of ``jobs/organize/rules/certainty`` were given on
the tuned half; the held-out half tells whether they hold.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pillow_heif

from benchmarks.accuracy.edits import EDITS
from benchmarks.accuracy.further import FURTHER, IN_OTHERS
from benchmarks.accuracy.hard import BURSTS, VIEWS, hard_pictures
from benchmarks.accuracy.photos import Choice, Half, Photo, real_photos
from benchmarks.accuracy.rules import review_of
from image_sync.base.model import Sameness
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level

EVERY = 4
"""One edit of so many is made, another one in each photo."""
BANDS = (0.98, 0.95, 0.92, 0.89, 0.85, 0.0)
LEVELS = (Level.SAME_SHOT, Level.EDITED)


class Kind(NamedTuple):
    """Matches that are counted together: of one level and sameness, with a score from ``least`` on."""

    level: str
    sameness: str
    least: float


def main() -> int:
    options = _options()
    for half in options.half:
        photos, _ = real_photos(Choice((), options.packages, Half(half)), options.sample)
        with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
            folder, home = Path(scratch) / "library", Path(scratch) / "home"
            home.mkdir()
            make(folder, photos, options.hard)
            told: Counter[Kind] = Counter()
            right: Counter[Kind] = Counter()
            for level in LEVELS:
                count(review_of(folder, home, level), level, told, right)
            print(f"\n{half}: {len(photos)} photos, {len(list(folder.iterdir())):,} files\n")
        print("\n".join(_lines(told, right)), flush=True)
    return 0


def make(folder: Path, photos: Sequence[Photo], hard: int) -> None:
    """Write the library; a file's name begins with what it shows."""
    pillow_heif.register_heif_opener()
    folder.mkdir()
    for number, photo in enumerate(photos):
        shows = f"photo-{number}-"
        photo.picture.save(folder / f"{shows}original.jpg", quality=92)
        for edit in EDITS[number % EVERY :: EVERY]:
            made = folder / f"{shows}{EDITS.index(edit)}{edit.suffix}"
            edit.make(photo.picture).save(made, **edit.options)
        for place, (name, further) in enumerate(FURTHER.items()):
            if name not in IN_OTHERS:
                chance = random.Random(number * 100 + place)
                further(photo.picture.convert("RGB"), [], chance).save(
                    folder / f"{shows}further-{place}.jpg", quality=85
                )
    for number, one in enumerate(hard_pictures(photos, hard)):
        # Views and bursts are made of the photos, and of one place those are one scene.
        shows = f"photo-{one.place}-{one.family}" if one.family in (VIEWS, BURSTS) else f"hard-{number}-"
        one.picture.convert("RGB").save(folder / f"{shows}-{number}.jpg".replace(" ", "_"), quality=85)


def count(review: OrganizeReview, level: Level, told: Counter[Kind], right: Counter[Kind]) -> None:
    """Count the matches of a review and those that are right."""
    names = [picture.record.name for picture in review.pictures]
    for match in review.matches:
        least = next(band for band in BANDS if match.score >= band)
        kind = Kind(level.value, match.sameness.value, least)
        told[kind] += 1
        right[kind] += _is_right(names[match.first], names[match.second], match.sameness)


def _is_right(one: str, other: str, sameness: Sameness) -> bool:
    made_of = [tuple(name.split("-")[:2]) for name in (one, other)]
    if made_of[0] != made_of[1] or made_of[0][0] == "hard":
        return False
    views, bursts = (sum(f"-{family.replace(' ', '_')}" in name for name in (one, other)) for family in (VIEWS, BURSTS))
    # A view is a part of its photo; two views, and what moved through a frame of a burst, are no copies.
    return not (sameness.is_copy and (views == 2 or bursts))


def most_wrong(wrong: int, of: int) -> float:
    """The share of wrong ones that there may be at most, with a confidence of 95 % (Wilson's bound)."""
    if not of:
        return 1.0
    z = 1.645
    share = wrong / of
    middle = share + z * z / (2 * of)
    width = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5
    return min(1.0, (middle + width) / (1 + z * z / of))


def _lines(told: Counter[Kind], right: Counter[Kind]) -> Iterator[str]:
    yield "| level | match | score from | matches | wrong | wrong at most, per thousand |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind in sorted(told, key=lambda kind: (kind.level, kind.sameness, -kind.least)):
        wrong = told[kind] - right[kind]
        most = 1000 * most_wrong(wrong, told[kind])
        yield f"| {kind.level} | {kind.sameness} | {kind.least:.2f} | {told[kind]:,} | {wrong} | {most:.1f} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.calibration", description=__doc__)
    folders = {"type": Path, "nargs": "+", "default": [], "metavar": "FOLDER"}
    parser.add_argument("--packages", **folders, help="folders with the unpacked packages that photos.txt is about")
    halves = [half.value for half in Half]
    parser.add_argument("--half", choices=halves, nargs="+", default=[Half.TUNED.value, Half.HELD_OUT.value])
    parser.add_argument("--sample", type=int, default=40, metavar="N", help="photos of each half (default: 40)")
    parser.add_argument("--hard", type=int, default=20, metavar="N", help="pictures of each hard set (default: 20)")
    parser.add_argument("--scratch", help="where the libraries are made, and removed afterwards")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
