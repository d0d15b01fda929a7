"""Which of two copies was blurred or sharpened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter
from scipy import ndimage

from image_sync.pictures import alteration as alterations
from image_sync.pictures.alteration import Alteration, TwoCopies, alteration
from tests.photos import CAMERA
from tests.pictures_made import save

FILTERS: dict[str, tuple[Callable[[Image.Image], Image.Image], Alteration]] = {
    "blurred": (lambda photo: photo.filter(ImageFilter.GaussianBlur(1.0)), Alteration.SECOND_BLURRED),
    "much blurred": (lambda photo: photo.filter(ImageFilter.GaussianBlur(2.5)), Alteration.SECOND_BLURRED),
    "smoothed": (lambda photo: photo.filter(ImageFilter.SMOOTH), Alteration.SECOND_BLURRED),
    "sharpened": (lambda photo: photo.filter(ImageFilter.UnsharpMask(2, 150, 2)), Alteration.SECOND_SHARPENED),
    "crisper": (lambda photo: photo.filter(ImageFilter.SHARPEN), Alteration.SECOND_SHARPENED),
    "saved again": (lambda photo: photo, Alteration.NEITHER),
    "contrast": (lambda photo: ImageEnhance.Contrast(photo).enhance(0.85), Alteration.NEITHER),
}
SWAPPED = {
    Alteration.NEITHER: Alteration.NEITHER,
    Alteration.SECOND_BLURRED: Alteration.FIRST_BLURRED,
    Alteration.SECOND_SHARPENED: Alteration.FIRST_SHARPENED,
}


@pytest.fixture(scope="module")
def photos(photo_data: Path) -> list[Image.Image]:
    """Photos as their cameras made them, made a little smaller so that no block of theirs is left."""
    found = []
    names = sorted((photo_data / "camera").glob("*.jpg"))
    for path in [path for path in names if path.stem in CAMERA or "Canon PowerShot" in path.stem][:6]:
        with Image.open(path) as opened:
            photo = opened.convert("RGB")
        if min(photo.size) >= 300:
            photo.thumbnail((1200, 1200))
            found.append(photo.resize((photo.width * 4 // 5, photo.height * 4 // 5), Image.Resampling.LANCZOS))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", FILTERS)
def test_which_was_altered_and_how(tmp_path: Path, photos: list[Image.Image], name: str) -> None:
    change, expected = FILTERS[name]
    assert photos
    found = []
    for number, photo in enumerate(photos):
        original = save(photo, tmp_path / f"{number}.jpg", quality=90)
        with Image.open(original) as opened:
            copy = save(change(opened.convert("RGB")), tmp_path / f"{number} copy.jpg", quality=92)
        one, other = os.fspath(original), os.fspath(copy)
        said = alteration(TwoCopies(one, other))
        assert alteration(TwoCopies(other, one)) is SWAPPED.get(said, Alteration.SECOND_BLURRED), number
        found.append(said)
    assert found.count(expected) >= len(photos) - 1, found


def test_what_cannot_be_read_or_is_of_another_size_is_not_judged(tmp_path: Path) -> None:
    one = os.fspath(save(Image.new("RGB", (300, 300)), tmp_path / "a.jpg"))
    other = os.fspath(save(Image.new("RGB", (200, 200)), tmp_path / "b.jpg"))
    bad = tmp_path / "c.jpg"
    bad.write_bytes(b"\xff\xd8\xff nothing")
    assert alteration(TwoCopies(one, other)) is Alteration.NEITHER
    assert alteration(TwoCopies(one, os.fspath(bad))) is Alteration.NEITHER
    assert alteration(TwoCopies(one, one)) is Alteration.NEITHER


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (40, 3), (64, 64)])
def test_the_highest_near_is_that_of_scipy(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(7).normal(size=shape).astype(np.float32)
    assert np.array_equal(alterations._highest_near(values), ndimage.maximum_filter(values, 7))
    assert np.array_equal(-alterations._highest_near(-values), ndimage.minimum_filter(values, 7))
