"""Which of two versions shows less: crops, borders, letterboxes, captions, and what is no such thing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from image_sync.matching import cropping, features, overlap
from image_sync.matching.cropping import ShowsLess
from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.measure import small_of
from tests.matching.test_overlap import busy, corners

Edit = Callable[[Image.Image], Image.Image]


def small(picture: Image.Image) -> overlap.Bytes:
    return np.frombuffer(small_of(picture.convert("L"), 1), np.uint8).reshape(1, SIDE, SIDE)


def said(first: Image.Image, second: Image.Image) -> ShowsLess:
    one, other = small(first), small(second)
    maps, sure = cropping.maps(one, other)
    if not sure.all():
        found = features.map_between(corners(first), corners(second), (first.size, second.size))
        assert found
        maps = found.mapping[None]
    return ShowsLess(int(cropping.shows_less(one, other, maps)[0]))


def banded(ground: str, ink: str) -> Edit:
    def edit(picture: Image.Image) -> Image.Image:
        result = picture.copy()
        draw = ImageDraw.Draw(result)
        draw.rectangle((0, 424, 640, 480), fill=ground)
        draw.text((20, 432), "Summer holiday, the lake", fill=ink, font_size=28)
        return result

    return edit


LESS: dict[str, Edit] = {
    "crop around": lambda picture: picture.crop((32, 24, 608, 456)),
    "crop at a corner": lambda picture: picture.crop((64, 48, 640, 480)),
    "white border": lambda picture: ImageOps.expand(picture, 32, "white"),
    "black border": lambda picture: ImageOps.expand(picture, 20, "black"),
    "letterbox": lambda picture: ImageOps.pad(picture, (640, 560)),
    "black caption": banded("black", "white"),
    "white caption": banded("white", "black"),
}
NO_LESS: dict[str, Edit] = {
    "itself": lambda picture: picture,
    "smaller": lambda picture: picture.resize((160, 120)),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.3),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.6),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "grey": lambda picture: picture.convert("L").convert("RGB"),
}


@pytest.mark.parametrize("seed", [1, 2, 5])
@pytest.mark.parametrize("edit", LESS.values(), ids=LESS.keys())
def test_an_edit_shows_less_than_the_original(edit: Edit, seed: int) -> None:
    original = busy(seed)
    assert said(original, edit(original)) is ShowsLess.SECOND
    assert said(edit(original), original) is ShowsLess.FIRST


@pytest.mark.parametrize("seed", [1, 2, 5])
@pytest.mark.parametrize("edit", NO_LESS.values(), ids=NO_LESS.keys())
def test_what_leaves_the_picture_whole_shows_no_less(edit: Edit, seed: int) -> None:
    original = busy(seed)
    assert said(original, edit(original)) is ShowsLess.NEITHER
    assert said(edit(original), original) is ShowsLess.NEITHER


def test_a_thing_on_a_plain_ground_is_not_its_crop_in_a_frame() -> None:
    """The ground around goes on inside: who cuts it off makes a crop."""
    thing = Image.new("RGB", (640, 480), "white")
    thing.paste(busy(3).resize((240, 180)).rotate(30, expand=True, fillcolor="white"), (130, 90))
    crop = thing.crop((70, 50, 570, 430))
    assert said(thing, crop) is ShowsLess.SECOND


def test_a_sky_that_was_cut_off_is_no_frame() -> None:
    picture = Image.new("RGB", (640, 480), (235, 240, 250))
    picture.paste(busy(4).crop((0, 0, 640, 400)), (0, 80))
    assert said(picture, picture.crop((0, 60, 640, 480))) is ShowsLess.SECOND


def test_many_pairs_give_what_one_gives() -> None:
    pairs = [(busy(seed), edit(busy(seed))) for seed in (1, 2) for edit in LESS.values()]
    one, other = (np.concatenate([small(pair[side]) for pair in pairs]) for side in (0, 1))
    maps, _ = cropping.maps(one, other)
    together = cropping.shows_less(one, other, maps).tolist()
    alone = [int(cropping.shows_less(one[k : k + 1], other[k : k + 1], maps[k : k + 1])[0]) for k in range(len(pairs))]
    assert together == alone


def test_no_pairs_no_verdicts() -> None:
    nothing = np.empty((0, SIDE, SIDE), np.uint8)
    assert len(cropping.shows_less(nothing, nothing, np.empty((0, 2, 3), np.float32))) == 0


def test_what_differs_is_not_surely_laid_over() -> None:
    assert not cropping.maps(small(busy(1)), small(busy(2)))[1].any()
