"""Traces of an earlier, stronger compression: found where they are, never where they are not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from image_sync.pictures.double_compression import earlier_quality, quality_behind
from image_sync.pictures.errors import PictureError, Unreadable
from image_sync.pictures.jpeg_quality import table_of
from tests.pictures_made import scene


def saved(picture: Image.Image, path: Path, **options: object) -> Path:
    picture.save(path, **options)
    return path


def through_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    with Image.open(stream) as opened:
        return opened.convert("RGB")


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return scene(1, (800, 600))


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [75, 85, 90])
@pytest.mark.parametrize("suffix", ["png", "bmp", "tif"])
def test_a_lossless_copy_tells_its_origin(tmp_path: Path, photo: Image.Image, earlier: int, suffix: str) -> None:
    copy = saved(through_jpeg(photo, earlier), tmp_path / f"a.{suffix}")
    assert abs((earlier_quality(str(copy)) or 0) - earlier) <= 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("earlier", "later"), [(75, 85), (75, 90), (75, 98), (80, 95), (85, 92), (85, 95), (88, 98), (90, 96)]
)
def test_a_copy_saved_less_compressed_tells_its_origin(
    tmp_path: Path, photo: Image.Image, earlier: int, later: int
) -> None:
    copy = saved(through_jpeg(photo, earlier), tmp_path / "a.jpg", quality=later)
    assert abs((earlier_quality(str(copy)) or 0) - earlier) <= 6


@pytest.mark.slow
@pytest.mark.parametrize("quality", [40, 60, 75, 80, 85, 90, 92, 95, 98, 100])
def test_a_picture_saved_once_is_not_accused(tmp_path: Path, photo: Image.Image, quality: int) -> None:
    assert earlier_quality(str(saved(photo, tmp_path / "a.jpg", quality=quality))) is None
    assert earlier_quality(str(saved(photo, tmp_path / "b.jpg", quality=quality, progressive=True))) is None


def test_a_picture_that_never_was_a_jpeg_is_not_accused(tmp_path: Path, photo: Image.Image) -> None:
    assert earlier_quality(str(saved(photo, tmp_path / "a.png"))) is None
    assert earlier_quality(str(saved(Image.new("RGB", (800, 600), "red"), tmp_path / "b.png"))) is None
    assert earlier_quality(str(saved(Image.new("RGB", (5, 5), "red"), tmp_path / "c.png"))) is None


def test_scaling_wipes_the_traces_out(tmp_path: Path, photo: Image.Image) -> None:
    smaller = through_jpeg(photo, 75).resize((600, 450), Image.Resampling.LANCZOS)
    assert earlier_quality(str(saved(smaller, tmp_path / "a.png"))) is None


def test_originals_of_cameras_are_not_accused(photo_data: Path) -> None:
    accused = {
        path.name
        for path in sorted((photo_data / "camera").glob("*.jpg"))
        if path.stat().st_size < 600_000 and earlier_quality(str(path)) is not None
    }
    assert accused == set()


def test_what_can_not_be_read_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert earlier_quality(str(tmp_path / "a.jpg")) is None
    with pytest.raises(PictureError, match="no longer there"):  # another day there may be one
        earlier_quality(str(tmp_path / "gone.jpg"))


def test_a_step_of_zero_in_a_table_is_a_damage_in_words(tmp_path: Path) -> None:
    path = tmp_path / "zero.jpg"
    scene(2, (400, 300)).save(path, quality=75)
    data = bytearray(path.read_bytes())
    at = data.index(b"\xff\xdb") + 5
    data[at + 1 : at + 20] = bytes(19)
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="zero"):
        earlier_quality(str(path))


def test_the_luminance_alone_is_enough() -> None:
    photo = scene(2, (800, 600))
    grey = np.asarray(through_jpeg(photo, 80).convert("L"))
    assert abs((quality_behind(grey, None) or 0) - 80) <= 3
    assert quality_behind(np.asarray(photo.convert("L")), table_of(80)) is None
