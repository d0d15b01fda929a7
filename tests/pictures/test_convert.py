"""HEIC to JPEG: upright pixels, and EXIF, ICC profile and XMP carried over as they are."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from image_sync.pictures.convert import CannotConvert, to_jpeg
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource, capture_date
from image_sync.pictures.metadata.containers import embedded
from image_sync.pictures.metadata.exif_edit import with_orientation
from image_sync.pictures.metadata.reading import Window
from tests.pictures.metadata import metadata_made as made
from tests.pictures.metadata.metadata_made import MAKER_NOTE, ORIGINAL
from tests.pictures_made import scene

ORIENTATION = 0x0112
NOTE = bytes(range(256)) * 2
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SIZE = (160, 96)


def heif(format: str = "HEIF", picture: Image.Image | None = None, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    (picture or scene(1, SIZE)).save(target, format, quality=95, **options)
    return target.getvalue()


def block(orientation: int | None, order: str = ">") -> bytes:
    main: dict[int, made.Value] = {0x010F: "Maker of phones"}
    whole = made.exif_block(
        {**main, ORIENTATION: orientation or 1}, {ORIGINAL: "2010:07:08 09:10:11", MAKER_NOTE: NOTE}, order
    )
    if orientation is None:
        whole = made.exif_block(main, {ORIGINAL: "2010:07:08 09:10:11", MAKER_NOTE: NOTE}, order)
    return whole


def exif_of(data: bytes) -> bytes:
    window = embedded(Window.of_bytes(data)).exif
    return window.read(0, window.size) if window else b""


def distance(first: Image.Image, second: Image.Image) -> float:
    """Mean difference of two pictures of one size, 0-255."""
    arrays = [np.asarray(picture.convert("RGB"), dtype=np.float32) for picture in (first, second)]
    return float(np.abs(arrays[0] - arrays[1]).mean())


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_metadata_come_along(tmp_path: Path, format: str, order: str) -> None:
    packet = made.xmp_packet('xmp:CreatorTool="a phone"')
    before = heif(format, exif=b"Exif\0\0" + block(1, order), xmp=packet, icc_profile=PROFILE)
    after = to_jpeg(before)
    path = tmp_path / "a.jpg"
    path.write_bytes(after)
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", SIZE)
        assert picture.info["icc_profile"] == PROFILE
        assert picture.info["xmp"] == packet
        assert distance(picture, scene(1, SIZE)) < 6
    assert exif_of(after) == exif_of(before) and NOTE in exif_of(after)
    found = capture_date(str(path))
    assert found is not None and found.source is DateSource.EXIF_ORIGINAL


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_of_any_orientation_becomes_upright(orientation: int) -> None:
    """Pillow turns the EXIF orientation of a new AVIF into the turn that the format has of its own."""
    before = heif("AVIF", exif=b"Exif\0\0" + block(orientation))
    with Image.open(io.BytesIO(before)) as source:
        upright = ImageOps.exif_transpose(source)
    with Image.open(io.BytesIO(to_jpeg(before))) as picture:
        assert picture.size == upright.size
        assert picture.getexif().get(ORIENTATION, 1) == 1
        assert distance(picture, upright) < 6


@pytest.mark.slow
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_heic_is_shown_as_it_says_itself_and_exif_follows(orientation: int, order: str) -> None:
    """The EXIF of a HEIC may tell an orientation, but the pixels are turned by the format's own means alone."""
    upright = heif(exif=b"Exif\0\0" + block(1, order))
    place = upright.index(block(1, order))
    before = upright[:place] + with_orientation(block(1, order), orientation) + upright[place + len(block(1, order)) :]
    assert before != upright and len(before) == len(upright)
    assert to_jpeg(before) == to_jpeg(upright)


def test_a_picture_without_exif_or_orientation() -> None:
    assert exif_of(to_jpeg(heif())) == b""
    assert exif_of(to_jpeg(heif(exif=b"Exif\0\0" + block(None)))).find(NOTE) > 0


@pytest.mark.parametrize("text", ['tiff:Orientation="6"', "tiff:Orientation = '8'"])
def test_the_orientation_in_xmp_is_1_as_well(text: str) -> None:
    after = to_jpeg(heif(xmp=made.xmp_packet(text)))
    with Image.open(io.BytesIO(after)) as picture:
        assert text.replace("6", "1").replace("8", "1").encode() in picture.info["xmp"]


def test_the_orientation_in_xmp_as_an_element() -> None:
    after = to_jpeg(heif(xmp=made.xmp_packet(inside="<tiff:Orientation>6</tiff:Orientation>")))
    with Image.open(io.BytesIO(after)) as picture:
        assert b"<tiff:Orientation>1</tiff:Orientation>" in picture.info["xmp"]


def test_transparent_parts_become_white() -> None:
    clear = scene(1, SIZE).convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 80, 96))
    with Image.open(io.BytesIO(to_jpeg(heif(picture=clear)))) as picture:
        assert picture.mode == "RGB"
        red, green, blue = picture.getpixel((20, 50))  # type: ignore[misc]
        assert min(red, green, blue) > 245


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "damaged"),
        (made.jpeg(), "no HEIC picture but JPEG"),
        (made.movie(), "movie"),
        (heif(exif=b"Exif\0\0" + made.exif_block({}, {MAKER_NOTE: bytes(66_000)})), "larger than a JPEG can hold"),
        (heif(xmp=made.xmp_packet() + b" " * 66_000), "larger than a JPEG can hold"),
    ],
)
def test_what_can_not_be_converted_whole_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(CannotConvert, match=words):
        to_jpeg(data)


WHOLE = heif(exif=b"Exif\0\0" + block(6), xmp=made.xmp_packet())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_picture_cut_off_is_refused(share: float) -> None:
    with pytest.raises(CannotConvert):
        to_jpeg(WHOLE[: int(len(WHOLE) * share)])


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False))
def test_damage_is_refused_or_gives_a_jpeg(chance: random.Random) -> None:
    data = bytearray(WHOLE)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(min(len(data), chance.choice([100, 900, len(data)])))
        data[at : at + 2] = chance.randbytes(2)
    try:
        after = to_jpeg(bytes(data))
    except CannotConvert as error:
        assert str(error)
        return
    with Image.open(io.BytesIO(after)) as picture:
        picture.load()
        assert picture.format == "JPEG"


def test_a_real_heic(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "camera" / "IMG_2927.HEIC"
    target = tmp_path / "IMG_2927.jpg"
    target.write_bytes(to_jpeg(source.read_bytes()))
    assert capture_date(str(target)) == capture_date(str(source))
    assert isinstance(capture_date(str(target)), CaptureDate)
    with Image.open(source) as old, Image.open(target) as new:
        assert old.size == new.size and new.getexif()[ORIENTATION] == 1
        assert old.info["icc_profile"] == new.info["icc_profile"] and old.info["xmp"] == new.info["xmp"]
        assert distance(old.reduce(8), new.reduce(8)) < 2
