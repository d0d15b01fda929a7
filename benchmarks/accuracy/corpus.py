"""The corpus on disk: each photo as it is and in every edit, and the hard sets; a file's name tells what it is.

The edits are dealt out to several libraries, each with the photos as they are: of one photo a library then has ten
versions and not eighty, and the program's time goes into pairs that tell something.  One more library, the crowd, has
many more photos in a handful of edits: there the false pairs are counted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image

from benchmarks.accuracy.edits import CROWD as CROWD_EDITS
from benchmarks.accuracy.edits import EDITS
from benchmarks.accuracy.hard import SETS, Hard, hard_pictures
from benchmarks.accuracy.photos import Photo

ORIGINAL = -1
LIBRARIES = 8
HARD = "hard"
CROWD = "crowd"
_EDITED = re.compile(r"photo (\d+) edit (-?\d+)")
_HARD = re.compile(r"hard (\d+) place (\d+) ")


@dataclass(frozen=True, slots=True)
class What:
    """What a file holds: ``photo`` in ``edit`` (an index into ``EDITS``, or ``ORIGINAL``), or one of a hard ``set``."""

    photo: int = -1
    edit: int = ORIGINAL
    set: str = ""
    place: int = -1


def what(name: str) -> What:
    """What the file of this name holds."""
    if match := _EDITED.match(name):
        return What(int(match[1]), int(match[2]))
    match = _HARD.match(name)
    assert match, name
    return What(set=SETS[int(match[1])], place=int(match[2]))


def make(folder: Path, photos: Sequence[Photo], crowd: Sequence[Photo], hard: int) -> None:
    """Fill ``folder``; pictures are made by as many processes as there are cores."""
    for library in (*libraries(folder), folder / CROWD, folder / HARD):
        library.mkdir(parents=True)
    tasks = [(folder, number, photo.picture) for number, photo in enumerate(photos)]
    in_crowd = [(folder / CROWD, number, photo.picture) for number, photo in enumerate(crowd)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        _drain(pool.map(_save_edits, tasks, chunksize=2))
        _drain(pool.map(_save_in_crowd, in_crowd, chunksize=8))
        _drain(pool.map(_save_hard, ((folder, n, h) for n, h in enumerate(hard_pictures(photos, hard))), chunksize=16))


def libraries(folder: Path) -> list[Path]:
    """The folders with all edits that the program is run on, one after another."""
    return [folder / str(number) for number in range(LIBRARIES)]


def _drain(results: Iterable[None]) -> None:
    for _ in results:
        pass


def _save_edits(task: tuple[Path, int, Image.Image]) -> None:
    folder, number, picture = task
    for library in libraries(folder):
        _save_original(library, number, picture)
    for place in range(len(EDITS)):
        _save_edit(folder / str(place % LIBRARIES), number, place, picture)


def _save_in_crowd(task: tuple[Path, int, Image.Image]) -> None:
    folder, number, picture = task
    _save_original(folder, number, picture)
    for place, edit in enumerate(EDITS):
        if edit.name in CROWD_EDITS:
            _save_edit(folder, number, place, picture)


def _save_original(library: Path, number: int, picture: Image.Image) -> None:
    picture.save(library / f"photo {number} edit {ORIGINAL}.jpg", "JPEG", quality=92)


def _save_edit(library: Path, number: int, place: int, picture: Image.Image) -> None:
    pillow_heif.register_heif_opener()
    edit = EDITS[place]
    edit.make(picture).save(library / f"photo {number} edit {place}{edit.suffix}", **edit.options)


def _save_hard(task: tuple[Path, int, Hard]) -> None:
    folder, number, hard = task
    name = f"hard {SETS.index(hard.family)} place {hard.place} {number}.jpg"
    hard.picture.convert("RGB").save(folder / HARD / name, quality=85)
