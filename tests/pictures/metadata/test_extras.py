"""What a picture file holds beyond its first grey picture."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps
from PIL.PngImagePlugin import PngInfo

from image_sync.base.extras import Described, Extras, Tones
from image_sync.pictures.colour import chroma_of, same_colours
from image_sync.pictures.measure import measure, small_of
from image_sync.pictures.metadata.extras import described_in
from tests.pictures_made import save, scene

SIZE = (320, 240)


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


MOVIE = box(b"ftyp", b"mp42\0\0\0\0isom") + box(b"mdat", bytes(3000)) + box(b"moov", bytes(200))
RATED = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:Rating="4"/></x:xmpmeta>'
TITLED = b"<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Harbour</rdf:li></rdf:Alt></dc:title>"
TAGGED = b"<dc:subject><rdf:Bag><rdf:li>boat</rdf:li></rdf:Bag></dc:subject>"


def extras(path: Path) -> Extras:
    found = measure(os.fspath(path), path.stat().st_size, want_digest=False)
    assert found.fingerprint is not None, found.problem
    return found.fingerprint.extras


def jpeg(**options: object) -> bytes:
    stream = io.BytesIO()
    scene(1, SIZE).save(stream, "JPEG", **{"quality": 90, **options})
    return stream.getvalue()


@pytest.mark.parametrize(
    ("behind", "movie"),
    [
        (b"", False),
        (MOVIE, True),
        (bytes(40) + MOVIE + b"SEFT", True),
        (MOVIE[: len(MOVIE) // 2], False),
        (box(b"ftyp", b"mp42\0\0\0\0isom"), False),
        (bytes(5000), False),
    ],
    ids=["none", "Google's", "Samsung's", "cut in half", "a header alone", "zeros"],
)
def test_the_movie_of_a_motion_photo(tmp_path: Path, behind: bytes, movie: bool) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg() + behind)
    assert extras(path).movie is movie


def mpf(kind: int, behind: int, order: str = ">") -> bytes:
    """An MPF segment that names the first picture and one of ``kind``, so many bytes behind this index's header."""
    entries = struct.pack(f"{order}IIIHH", 0x030000, 0, 0, 0, 0) + struct.pack(f"{order}IIIHH", kind, 400, behind, 0, 0)
    head = b"MM\0*" if order == ">" else b"II*\0"
    table = struct.pack(f"{order}IH", 8, 1) + struct.pack(f"{order}HHII", 0xB002, 7, len(entries), 26)
    body = b"MPF\0" + head + table + struct.pack(f"{order}I", 0) + entries
    return b"\xff\xe2" + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize(
    ("kind", "whole", "expected"),
    [(0, True, (True, 0)), (0, False, (False, 0)), (0x020002, True, (False, 1)), (0x010001, True, (False, 0))],
    ids=["a gain map", "a gain map that was cut off", "another view", "a preview"],
)
def test_further_pictures_behind_a_jpeg(
    tmp_path: Path, order: str, kind: int, whole: bool, expected: tuple[bool, int]
) -> None:
    first = jpeg()
    length = len(mpf(kind, 0, order))
    place = len(first) + length - (2 + 4 + 4)
    data = first[:2] + mpf(kind, place, order) + first[2:] + (b"\xff\xd8" + bytes(500) if whole else b"")
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    found = extras(path)
    assert (found.gain_map, found.further) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda photo: photo, {"tones": Tones.COLOUR, "bits": 8, "alpha": False}),
        (lambda photo: photo.convert("L"), {"tones": Tones.GREY}),
        (lambda photo: photo.convert("L").convert("RGB"), {"tones": Tones.GREY}),
        (lambda photo: ImageOps.colorize(photo.convert("L"), (30, 20, 10), (255, 240, 215)), {"tones": Tones.GREY}),
        (lambda photo: photo.convert("1"), {"tones": Tones.TWO, "bits": 1}),
        (lambda photo: photo.convert("1").convert("L"), {"tones": Tones.TWO}),
        (lambda photo: photo.convert("RGBA"), {"alpha": False}),
        (lambda photo: _with_hole(photo), {"alpha": True}),
        (lambda photo: _deep(photo, 257), {"bits": 8}),
        (lambda photo: _deep(photo, 200), {"bits": 16}),
    ],
    ids=["colour", "grey", "grey in RGB", "sepia", "a fax", "a fax in grey", "opaque", "a hole", "8 of 16", "16"],
)
def test_channels(tmp_path: Path, made: object, expected: dict[str, object]) -> None:
    found = extras(save(made(scene(4, SIZE)), tmp_path / "a.png"))  # type: ignore[operator]
    assert {name: getattr(found, name) for name in expected} == expected


def _with_hole(photo: Image.Image) -> Image.Image:
    photo.putalpha(Image.linear_gradient("L").resize(photo.size))
    return photo


def _deep(photo: Image.Image, factor: int) -> Image.Image:
    import numpy as np

    return Image.fromarray(np.asarray(photo.convert("L")).astype(np.uint16) * factor)


@pytest.mark.parametrize(
    ("packet", "found"),
    [
        (b"", Described.NOTHING),
        (RATED, Described.RATING),
        (RATED.replace(b'"4"', b'"0"'), Described.NOTHING),
        (TITLED + TAGGED, Described.CAPTION | Described.KEYWORDS),
        (b"<dc:title><rdf:Alt><rdf:li xml:lang='x-default'/></rdf:Alt></dc:title>", Described.NOTHING),
    ],
)
def test_the_words_of_a_person(packet: bytes, found: Described) -> None:
    assert described_in(packet) == found


def test_words_in_a_file(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", (RATED + TAGGED).decode())
    assert extras(save(scene(2, SIZE), tmp_path / "a.png", pnginfo=info)).described == (
        Described.RATING | Described.KEYWORDS
    )


@pytest.mark.parametrize(
    ("words", "described"),
    [("OLYMPUS DIGITAL CAMERA", Described.NOTHING), ("Grandma at the harbour", Described.CAPTION)],
)
def test_what_a_camera_writes_is_no_caption(tmp_path: Path, words: str, described: Described) -> None:
    exif = Image.Exif()
    exif[0x010E] = words
    assert extras(save(scene(2, SIZE), tmp_path / "a.jpg", exif=exif)).described == described


# --- colours of two ---------------------------------------------------------------------------------------------------

TONINGS = {
    "pale": lambda photo: ImageEnhance.Color(photo).enhance(0.5),
    "saturated": lambda photo: ImageEnhance.Color(photo).enhance(1.6),
    "grey": lambda photo: photo.convert("L").convert("RGB"),
    "sepia": lambda photo: ImageOps.colorize(photo.convert("L"), (30, 20, 10), (255, 240, 215)),
    "contrast": lambda photo: ImageEnhance.Contrast(photo).enhance(1.3),
    "dark": lambda photo: ImageEnhance.Brightness(photo).enhance(0.7),
    "cropped": lambda photo: photo.crop((6, 5, photo.width - 6, photo.height - 5)),
}


def colours(photo: Image.Image) -> tuple[bytes, bytes]:
    return chroma_of(photo), small_of(photo.convert("L"), 1)


@pytest.mark.parametrize("name", TONINGS)
def test_a_toning_is_no_difference(name: str) -> None:
    for seed in range(8):
        photo = scene(seed, SIZE)
        chroma, small = colours(photo)
        assert same_colours(chroma, chroma_of(TONINGS[name](photo)), small), seed


def shirt(colour: tuple[int, int, int]) -> Image.Image:
    """A shirt of a ``colour``, with its folds, before a wall."""
    wall = ImageEnhance.Color(scene(21, (400, 400))).enhance(0.15)
    folds = scene(22, (160, 240)).convert("L")
    wall.paste(ImageOps.colorize(folds, tuple(part // 3 for part in colour), colour), (120, 90))
    return wall


def test_another_colour_of_one_thing_is_a_difference() -> None:
    shirts = [shirt(colour) for colour in ((200, 40, 40), (40, 60, 200), (30, 180, 50))]
    for one in shirts:
        for other in shirts:
            chroma, small = colours(one)
            assert same_colours(chroma, chroma_of(other), small) == (one is other)
