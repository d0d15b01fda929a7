"""What was enlarged or sharpened is known for it, and no original is accused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter

from image_sync.base.model import FileRecord, Fingerprint, Match, Picture, Sameness
from image_sync.jobs.organize.request import Preference
from image_sync.jobs.organize.rules.ranking import enlarged_suspects, rank, sharpened_suspects, why_best
from image_sync.pictures.errors import PictureError
from image_sync.pictures.formats import kind_of
from image_sync.pictures.resampling import Pair, may_be_sharpened, was_enlarged
from tests import photos as shipped
from tests.pictures_made import scene

ORDER = tuple(Preference)
LANCZOS = Image.Resampling.LANCZOS
Edit = Callable[[Image.Image], Image.Image]


def resized(factor: float) -> Edit:
    return lambda full: full.resize((round(full.width * factor), round(full.height * factor)), LANCZOS)


@pytest.fixture(scope="module")
def photos(photo_data: Path) -> list[Image.Image]:
    """Parts of photos, as sharp as their cameras made them."""
    if (photo_data / "camera" / "coffee.jpg").is_file():
        return [shipped.photo(name) for name in ("coffee", "motorcycle_left", "astronaut")]
    names = ("Canon PowerShot S30", "Nikon D5000", "Kodak ProBack")
    found = []
    for name in names:
        with Image.open(photo_data / "camera" / f"{name}.jpg") as opened:
            found.append(opened.convert("RGB"))
    return found


def saved(picture: Image.Image, path: Path, quality: int = 93) -> str:
    picture.save(path, quality=quality)
    return str(path)


@pytest.mark.parametrize("factor", [0.4, 0.5, 0.7, 0.8])
def test_no_original_is_taken_for_an_enlarged_copy_of_what_was_made_of_it(
    tmp_path: Path, photos: list[Image.Image], factor: float
) -> None:
    for photo in photos:
        pair = Pair(saved(photo, tmp_path / "a.jpg"), saved(resized(factor)(photo), tmp_path / "b.jpg", 75))
        assert not was_enlarged(pair)


def crisp(number: int) -> Image.Image:
    """A scene with detail as fine as its pixels, which an enlarged copy can't have."""
    return scene(number, (800, 600)).filter(ImageFilter.UnsharpMask(1, 60, 0))


@pytest.mark.slow
@pytest.mark.parametrize("factor", [2, 2.5, 3])
@pytest.mark.parametrize("resampling", [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, LANCZOS])
def test_an_enlarged_copy_is_known_and_its_original_is_not_accused(
    tmp_path: Path, factor: float, resampling: Image.Resampling
) -> None:
    photo = crisp(3)
    size = (round(photo.width * factor), round(photo.height * factor))
    enlarged, original = photo.resize(size, resampling), saved(photo, tmp_path / "b.jpg")
    assert was_enlarged(Pair(saved(enlarged, tmp_path / "a.jpg"), original))
    half = saved(photo.resize((400, 300), resampling), tmp_path / "c.jpg")
    assert not was_enlarged(Pair(original, half))


def test_another_orientation_flag_does_not_disturb(tmp_path: Path) -> None:
    photo = crisp(4)
    stored = resized(2)(photo).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    stored.save(tmp_path / "a.jpg", quality=93, exif=exif)
    assert was_enlarged(Pair(str(tmp_path / "a.jpg"), saved(photo, tmp_path / "b.jpg")))


SHARPENED: dict[str, Edit] = {
    "sharpened": lambda full: full.filter(ImageFilter.SHARPEN),
    "unsharp mask": lambda full: full.filter(ImageFilter.UnsharpMask(2, 150, 3)),
    "far too much": lambda full: full.filter(ImageFilter.UnsharpMask(4, 300, 0)),
}


@pytest.mark.parametrize("edit", SHARPENED)
def test_a_sharpened_copy_is_known_by_its_natural_original(
    tmp_path: Path, photos: list[Image.Image], edit: str
) -> None:
    for photo in photos:
        copy = saved(SHARPENED[edit](photo), tmp_path / "a.jpg")
        assert may_be_sharpened(Pair(copy, saved(photo, tmp_path / "b.jpg")))


@pytest.mark.parametrize("radius", [1.5, 2, 4])
def test_beside_a_blurred_copy_nobody_is_accused(tmp_path: Path, photos: list[Image.Image], radius: float) -> None:
    for photo in photos:
        blurred = photo.filter(ImageFilter.GaussianBlur(radius))
        assert not may_be_sharpened(Pair(saved(photo, tmp_path / "a.jpg"), saved(blurred, tmp_path / "b.jpg")))


def test_what_cannot_be_decoded_accuses_nobody(tmp_path: Path) -> None:
    good = saved(crisp(5), tmp_path / "good.jpg")
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    tiny = saved(Image.new("RGB", (20, 20), "red"), tmp_path / "tiny.jpg")
    for other in (str(tmp_path / "bad.jpg"), tiny):
        assert not was_enlarged(Pair(other, good))
        assert not was_enlarged(Pair(good, other))
        assert not may_be_sharpened(Pair(good, other))
    for look in (was_enlarged, may_be_sharpened):
        with pytest.raises(PictureError, match="no longer there"):
            look(Pair(good, str(tmp_path / "gone.jpg")))


# --- who is looked at, and what follows -------------------------------------------------------------------------------


def picture(name: str, **known: Any) -> Picture:
    record = FileRecord("/photos", name, 1000, 10**18, 0, 1, 2, 1, 0o644, kind_of(name))
    values: dict[str, Any] = {"format": "JPEG", "width": 4000, "height": 3000, "jpeg_quality": 90, **known}
    values = {"frames": 1, "small": b"", "codes": b"", "texture": 50.0, "sharpness": 500.0, **values}
    return Picture(record, Fingerprint(**values))


def similar(*pairs: tuple[int, int], turn: int = 0, sameness: Sameness = Sameness.SIMILAR) -> list[Match]:
    return [Match(first, second, sameness, 0.95, turn) for first, second in pairs]


def test_the_larger_of_two_is_looked_at_where_nothing_speaks_for_it() -> None:
    found = [
        picture("0.jpg"),
        picture("1.jpg", width=2000, height=1500),
        picture("2.jpg", width=2000, height=1500, has_exif=True, camera="T"),
        picture("3.jpg", has_exif=True, camera="T"),
        picture("4.jpg", width=3900, height=2925),
        picture("5.jpg", width=600, height=450),
        picture("6.jpg", width=2000, height=2000),
        picture("7.nef"),
        picture("8.jpg", width=3000, height=2250),
    ]
    assert enlarged_suspects(found, similar((0, 1))) == {0: 1}
    assert enlarged_suspects(found, similar((1, 0))) == {0: 1}
    assert enlarged_suspects(found, similar((0, 1), (0, 8), (1, 8))) == {0: 8, 8: 1}
    assert enlarged_suspects(found, similar((0, 2))) == {0: 2}
    for nobody in ((3, 1), (0, 4), (0, 5), (0, 6), (7, 1), (0, 3)):
        assert enlarged_suspects(found, similar(nobody)) == {}
    assert enlarged_suspects(found, similar((0, 1), turn=1)) == {}
    assert enlarged_suspects(found, similar((0, 1), sameness=Sameness.IDENTICAL_PIXELS)) == {}


def test_the_crisper_of_two_is_looked_at_where_it_would_win_by_that() -> None:
    found = [
        picture("0.jpg", sharpness=900.0),
        picture("1.jpg", sharpness=500.0),
        picture("2.jpg", sharpness=300.0),
        picture("3.jpg", sharpness=500.0, jpeg_quality=70),
        picture("4.jpg", sharpness=500.0, width=2000, height=1500),
        picture("5.jpg", sharpness=901.0),
        picture("6.jpg", sharpness=900.0, captured="2020-01-02T03:04:05"),
        picture("7.jpg", sharpness=500.0, captured="2020-01-02T03:04:06"),
    ]
    assert sharpened_suspects(found, similar((0, 1), (2, 1), (0, 2))) == {0: 1, 1: 2}
    assert sharpened_suspects(found, similar((1, 6))) == {6: 1}
    for nobody in ((0, 3), (0, 4), (0, 5), (6, 7)):
        assert sharpened_suspects(found, similar(nobody)) == {}
    assert sharpened_suspects(found, similar((0, 1), turn=4)) == {}


def test_the_accused_come_after_what_they_were_made_from() -> None:
    original = picture("b.jpg", width=2000, height=1500)
    enlarged = replace(picture("a.jpg"), enlarged_from=original.fingerprint.pixels)
    assert rank(original, ORDER, "") < rank(enlarged, ORDER, "")
    why = "not enlarged: the 4000 × 3000 of the other were made from fewer pixels"
    assert why_best(original, [enlarged], ORDER, "") == why
    smaller = picture("c.jpg", width=1900, height=1425)
    assert rank(enlarged, ORDER, "") < rank(smaller, ORDER, "")


def test_what_may_be_sharpened_is_no_sharper_than_its_source() -> None:
    original = picture("a (1).jpg", has_exif=True)
    sharpened = replace(picture("a.jpg", sharpness=2000.0), sharpened_from=500.0)
    assert rank(original, ORDER, "") < rank(sharpened, ORDER, "")
    assert why_best(original, [sharpened], ORDER, "") == "has camera data, which the other lacks"
    blurred = picture("b.jpg", sharpness=200.0)
    assert rank(sharpened, ORDER, "") < rank(blurred, ORDER, "")
    assert why_best(sharpened, [blurred], ORDER, "") == "sharper: 150 % more fine detail"
