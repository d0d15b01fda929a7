"""The closer look: what one small place says of two pictures, and which edits leave nothing that stands out."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from benchmarks.accuracy import false_friends
from image_sync.matching import colours, difference
from image_sync.matching.difference import Difference
from tests.pictures_made import scene

pytest.importorskip("cv2")

Edit = Callable[[Image.Image], Image.Image]
OTHER = {Difference.OTHER, Difference.LETTERS, Difference.MOVED}


def seen(picture: Image.Image) -> NDArray[np.uint8]:
    small = picture.convert("RGB")
    small.thumbnail((difference.LONG_SIDE, difference.LONG_SIDE))
    return np.asarray(small)


def said(one: Image.Image, other: Image.Image, rigour: float = 1.0) -> Difference:
    return difference.difference(seen(one), seen(other), rigour)


def jpeg(quality: int) -> Edit:
    def make(picture: Image.Image) -> Image.Image:
        stream = io.BytesIO()
        picture.convert("RGB").save(stream, "JPEG", quality=quality)
        return Image.open(stream).convert("RGB")

    return make


def scaled(share: float) -> Edit:
    return lambda picture: picture.resize((round(picture.width * share), round(picture.height * share)))


def photo(seed: int) -> Image.Image:
    """A scene with things on it, in several colours."""
    picture = scene(seed, (640, 480))
    draw = ImageDraw.Draw(picture)
    for number, colour in enumerate(("#a03020", "#2050a0", "#40803a")):
        left, top = 60 + 190 * number, 90 + 60 * (seed + number) % 200
        draw.ellipse((left, top, left + 120, top + 90), fill=colour)
        draw.line((left, top, left + 130, top + 100), fill="#f0e0d0", width=3)
    return picture.filter(ImageFilter.GaussianBlur(0.7))


EDITS: dict[str, Edit] = {
    "as it is": lambda picture: picture,
    "saved at 10": jpeg(10),
    "saved at 60": jpeg(60),
    "half as large": scaled(0.5),
    "a quarter": scaled(0.25),
    "brighter": lambda picture: picture.point(lambda value: min(255, round(value * 1.3))),
    "harder": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "gamma": lambda picture: picture.point(lambda value: round(255 * (value / 255) ** 0.7)),
    "grey": lambda picture: picture.convert("L").convert("RGB"),
    "sepia": lambda picture: ImageOps.colorize(picture.convert("L"), "#100800", "#fff0d8"),
    "saturated": lambda picture: ImageEnhance.Color(picture).enhance(1.5),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(2)),
    "sharpened": lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 100, 2)),
    "cropped by two per cent": lambda picture: picture.crop((6, 5, picture.width - 6, picture.height - 5)),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("seed", range(3))
def test_an_edit_of_the_whole_is_no_difference(name: str, seed: int) -> None:
    picture = photo(seed)
    assert said(picture, EDITS[name](picture)) is Difference.NONE
    assert said(EDITS[name](picture), picture) is Difference.NONE


@pytest.mark.parametrize("family", false_friends.MADE)
@pytest.mark.parametrize("seed", (0, 1, 2, 3, 4, 6))
def test_false_friends_differ_and_their_copies_do_not(family: str, seed: int) -> None:
    one, other = false_friends.MADE[family](seed)
    assert said(one, jpeg(85)(other)) in OTHER
    for copy in (jpeg(60)(one), scaled(0.5)(one), jpeg(75)(scaled(0.75)(one))):
        assert said(one, copy) is Difference.NONE


@pytest.mark.parametrize("family", false_friends.ON_PHOTOS)
@pytest.mark.parametrize("seed", range(4))
def test_other_texts_on_one_photo_differ(family: str, seed: int) -> None:
    one, other = false_friends.ON_PHOTOS[family](seed, photo(seed))
    assert said(one, other) in OTHER
    assert said(one, jpeg(60)(one)) is Difference.NONE


def walked(picture: Image.Image, left: int) -> Image.Image:
    """Somebody in the picture."""
    result = picture.copy()
    result.paste(scene(77, (60, 150)), (left, 200))
    return result


@pytest.mark.parametrize("seed", range(3))
def test_who_walks_through_makes_another_moment(seed: int) -> None:
    picture = photo(seed)
    assert said(walked(picture, 40), walked(picture, 400)) is Difference.MOVED


@pytest.mark.parametrize("seed", range(3))
def test_what_is_laid_over_one_of_the_two_is_an_edit(seed: int) -> None:
    picture = photo(seed)
    marked = picture.copy()
    ImageDraw.Draw(marked).rectangle((40, 400, 240, 440), fill="#ffee00")
    assert said(picture, marked) is Difference.SECOND_COVERED
    assert said(marked, picture) is Difference.FIRST_COVERED
    assert Difference.FIRST_COVERED.swapped is Difference.SECOND_COVERED


def test_at_the_lowest_threshold_nothing_is_a_difference() -> None:
    one, other = false_friends.screen(0)
    assert said(one, other) is Difference.OTHER
    assert said(one, other, rigour=0) is Difference.NONE


def test_one_hue_for_another_is_another_thing_and_a_toning_is_not() -> None:
    one, other = (seen(picture) for picture in false_friends.goods(4))
    assert colours.differ(one, other)
    assert not colours.differ(one, one)
    assert not colours.differ(seen(photo(1)), seen(EDITS["grey"](photo(1))))
