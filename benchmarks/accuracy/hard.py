"""Different pictures that look alike: those of the tests, and what a camera takes one after another.

Within a set no two pictures are the same, but of views and bursts only those of one place are compared.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.accuracy import false_friends
from benchmarks.accuracy.photos import Photo
from tests.matching.hard_pictures import FAMILIES

VIEWS = "neighbouring views"
BURSTS = "bursts"
SETS = (*FAMILIES, VIEWS, BURSTS, *false_friends.MADE, *false_friends.ON_PHOTOS)
FRAMES = 4


@dataclass(frozen=True, slots=True)
class Hard:
    """A picture of a set; those with another ``place`` are not compared with it."""

    family: str
    place: int
    picture: Image.Image


def hard_pictures(photos: Sequence[Photo], count: int) -> Iterator[Hard]:
    """``count`` pictures of each made set and pairs of false friends, and views and bursts made of ``photos``."""
    for family, make in FAMILIES.items():
        yield from (Hard(family, 0, make(seed)) for seed in range(count))
    yield from _false_friends(photos, count)
    for place, photo in enumerate(photos):
        yield from (Hard(VIEWS, place, view) for view in _views(photo.picture, place))
        yield from (Hard(BURSTS, place, frame) for frame in _burst(photos, place))


def _false_friends(photos: Sequence[Photo], count: int) -> Iterator[Hard]:
    """Each pair at a place of its own."""
    for seed in range(count):
        for family, make in false_friends.MADE.items():
            yield from (Hard(family, seed, picture) for picture in make(seed))
        for family, make_on in false_friends.ON_PHOTOS.items():
            photo = photos[seed % len(photos)].picture
            yield from (Hard(family, seed, picture) for picture in make_on(seed, photo))


def _views(picture: Image.Image, seed: int) -> Iterator[Image.Image]:
    """What a camera sees that pans by a third of its field."""
    chance = random.Random(seed)
    width, height = round(picture.width * 0.55), round(picture.height * 0.75)
    top = chance.randint(0, picture.height - height)
    for step in range(3):
        left = min(round(step * width * chance.uniform(0.3, 0.4)), picture.width - width)
        yield picture.crop((left, top + step % 2 * 3, left + width, top + step % 2 * 3 + height)).resize((640, 480))


def _burst(photos: Sequence[Photo], place: int) -> Iterator[Image.Image]:
    """Frames of a hand-held camera: each a little aside, with noise of its own, while three things move through."""
    chance = random.Random(place)
    picture = photos[place].picture
    things = [_thing(photos[chance.randrange(len(photos))].picture, picture, chance) for _ in range(3)]
    at = [(chance.uniform(0, 0.7), chance.uniform(0, 0.7)) for _ in things]
    for frame in range(FRAMES):
        scene = picture.copy()
        for number, thing in enumerate(things):
            x, y = at[number]
            scene.paste(thing, (round(x * picture.width), round(y * picture.height)))
            at[number] = ((x + chance.uniform(0.1, 0.25)) % 0.8, (y + chance.uniform(-0.05, 0.05)) % 0.8)
        left, top = (round(side * chance.uniform(0, 0.06)) for side in picture.size)
        size = tuple(round(side * 0.94) for side in picture.size)
        yield _noisy(scene.crop((left, top, left + size[0], top + size[1])), place * FRAMES + frame)


def _thing(source: Image.Image, picture: Image.Image, chance: random.Random) -> Image.Image:
    """A piece of another photo, a quarter to a third as wide and high as the picture."""
    width, height = (round(side * chance.uniform(0.25, 0.33)) for side in picture.size)
    return source.resize((width * 2, height * 2)).crop((0, 0, width, height))


def _noisy(picture: Image.Image, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, 4, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
