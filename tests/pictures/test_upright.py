"""Parts of upright pictures are those of the whole upright picture, in every orientation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from image_sync.pictures.luminance import Luminance
from image_sync.pictures.upright import upright, upright_bands, upright_part, upright_size

ORIENTATIONS = range(1, 9)


def numbered(width: int, height: int) -> Image.Image:
    """Every pixel another value."""
    return Image.fromarray(np.arange(width * height, dtype=np.uint8).reshape(height, width))


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.tobytes() == other.tobytes()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@given(data=st.data(), stored=st.tuples(st.integers(1, 15), st.integers(1, 15)))
def test_a_part_is_that_of_the_whole(orientation: int, data: st.DataObject, stored: tuple[int, int]) -> None:
    picture = numbered(*stored)
    whole = upright(picture, orientation)
    assert whole.size == upright_size(stored, orientation)
    left, top = (data.draw(st.integers(0, side - 1)) for side in whole.size)
    right, bottom = (data.draw(st.integers(at + 1, side)) for at, side in zip((left, top), whole.size, strict=True))
    box = (left, top, right, bottom)
    assert same(upright_part(picture, box, orientation), whole.crop(box))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_bands_make_the_whole(orientation: int, rows: int) -> None:
    picture = numbered(13, 17)
    bands = list(upright_bands(picture, orientation, rows))
    assert b"".join(band.tobytes() for band in bands) == upright(picture, orientation).tobytes()
    assert all(band.height <= rows for band in bands)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("size", [(13, 17), (17, 12), (4, 4), (40, 5)])
def test_the_middle_is_that_of_the_upright_picture(orientation: int, size: tuple[int, int]) -> None:
    picture = numbered(*size)
    whole = upright(picture, orientation)
    side = min(8, *size)
    left, top = (whole.width - side) // 2, (whole.height - side) // 2
    middle = Luminance(picture, None, orientation).middle(8)
    assert same(middle, whole.crop((left, top, left + side, top + side)))


MODES = ["RGB", "RGBA", "LA", "P", "1", "CMYK", "I;16", "L"]


@pytest.mark.parametrize("mode", MODES)
def test_the_luminance_of_a_part_is_that_of_the_whole(mode: str) -> None:
    colours = Image.fromarray(np.random.default_rng(3).integers(0, 256, (20, 30, 4), dtype=np.uint8))
    picture = colours.convert("L").convert("I;16") if mode == "I;16" else colours.convert("RGB").convert(mode)
    if mode in ("RGBA", "LA"):
        picture.putalpha(colours.getchannel(3))
    from image_sync.pictures.decode import flattened

    whole = np.asarray(flattened(picture, 1).convert("L"))
    seen = Luminance(picture)
    assert np.array_equal(np.asarray(seen.part((3, 2, 21, 19))), whole[2:19, 3:21])
    assert np.array_equal(seen.stored_rows(4, 9), whole[4:9])
