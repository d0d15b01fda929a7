"""Small grey pictures of some frames of an animation, or pages of a document."""

from __future__ import annotations

from collections.abc import Iterator

from image_sync.pictures import content as contents
from image_sync.pictures import frames
from image_sync.pictures.content import Content
from image_sync.pictures.decode import cost_of, exif_of, flattened, open_picture, scale_of
from image_sync.pictures.errors import pass_over
from image_sync.pictures.identify import format_of
from image_sync.pictures.measure import small_of
from image_sync.pictures.memory_budget import DECODE_BUDGET

SAMPLES = 16
VERSION = 1
"""Raised whenever other frames would be read, or would come out otherwise."""
_REACH = 256
"""Frames that are gone through at most: those of an animation are decoded one after the other."""


def sampled(number: int) -> tuple[int, ...]:
    """The frames of so many that are read: all of a few, else some that are spread over the first ``_REACH``."""
    last = min(number, _REACH) - 1
    if number <= SAMPLES:
        return tuple(range(number))
    return tuple(dict.fromkeys(round(place * last / (SAMPLES - 1)) for place in range(SAMPLES)))


def smalls_of(path: str) -> bytes:
    """The upright 64x64 greys of the ``sampled`` frames of the picture at ``path``, one after the other; those before
    the first that can't be decoded."""
    found: list[bytes] = []
    try:
        with contents.read(path) as content:
            for small in _smalls(content):
                found.append(small)
    except Exception as error:
        pass_over(path, error)  # what came before the damage is what there is
    return b"".join(found)


def _smalls(content: Content) -> Iterator[bytes]:
    format = format_of(content)
    picture = open_picture(content, format)
    for index in sampled(frames.count(picture, content, format)):
        if index:
            picture.seek(index)
        with DECODE_BUDGET.holding(cost_of(picture, content)):
            picture.load()
            grey = flattened(picture, scale_of(picture.size)).convert("L")
        yield small_of(grey, exif_of(picture, content, format).orientation)
