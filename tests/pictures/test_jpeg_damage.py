"""Damage of JPEGs that decode all the same: what is found, and that no sound file is accused."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.pictures.content import Content
from image_sync.pictures.jpeg_damage import Damage, damage_of, scans
from tests.pictures_made import scene

SIZE = (320, 240)


def jpeg(seed: int = 1, mode: str = "RGB", size: tuple[int, int] = SIZE, **options: object) -> bytes:
    stream = io.BytesIO()
    scene(seed, size).convert(mode).save(stream, "JPEG", **{"quality": 90, **options})
    return stream.getvalue()


def damage(data: bytes) -> Damage | None:
    return damage_of(Content(data))


def coded(data: bytes) -> tuple[int, int]:
    """Where the coded data of a file begin and end."""
    pieces = [piece for scan in scans(data) for piece in scan.pieces]
    return pieces[0].start, pieces[-1].end


@settings(max_examples=60, deadline=None)
@given(
    mode=st.sampled_from(["RGB", "L", "CMYK"]),
    size=st.tuples(st.integers(24, 330), st.integers(32, 250)),
    quality=st.integers(5, 100),
    progressive=st.booleans(),
    optimize=st.booleans(),
    subsampling=st.sampled_from([0, 1, 2]),
    restarts=st.sampled_from([{}, {"restart_marker_rows": 1}, {"restart_marker_blocks": 7}]),
    behind=st.sampled_from([b"", b"\0" * 900, b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 9, b"\xff\xd8\xff\xe0 cut"]),
)
def test_a_sound_file_is_never_accused(
    mode: str,
    size: tuple[int, int],
    quality: int,
    progressive: bool,
    optimize: bool,
    subsampling: int,
    restarts: dict[str, int],
    behind: bytes,
) -> None:
    layout = {"subsampling": subsampling} if mode == "RGB" else {}
    ways = {"quality": quality, "progressive": progressive, "optimize": optimize, **layout, **restarts}
    assert damage(jpeg(2, mode, size, **ways) + behind) is None


def test_filling_bytes_before_the_end_are_no_damage() -> None:
    data = jpeg()
    assert damage(data[:-2] + b"\xff" * 5 + b"\xff\xd9") is None


@pytest.mark.parametrize(
    "options", [{}, {"restart_marker_rows": 1}, {"subsampling": 0}], ids=["plain", "restarts", "4:4:4"]
)
def test_a_lost_sector_is_found(options: dict[str, int]) -> None:
    """512 bytes of zeros, as a failing disk leaves them, anywhere in the coded data."""
    data = jpeg(size=(640, 480), **options)
    start, end = coded(data)
    places = random.Random(5).sample(range(start, end - 512), 20)
    found = [damage(data[:place] + bytes(512) + data[place + 512 :]) for place in places]
    assert sum(found_one is not None for found_one in found) >= 19


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data, start, end: data[: (start + end) // 2], Damage.ENDS_EARLY),
        (lambda data, start, end: data[: (start + end) // 2] + b"\xff\xd9", Damage.TOO_LITTLE),
        (lambda data, start, end: data[: start + 400] + data[start:end] + data[end:], Damage.TOO_MUCH),
    ],
    ids=["cut off", "cut off and ended", "doubled in part"],
)
def test_what_is_wrong_is_named(change: object, expected: Damage) -> None:
    data = jpeg()
    assert damage(change(data, *coded(data))) is expected  # type: ignore[operator]


@pytest.mark.parametrize("step", [0, 17, 63])
def test_a_quantisation_table_without_a_step_is_named(step: int) -> None:
    stream = io.BytesIO()
    scene(3).save(stream, "JPEG", quality=80)
    data = bytearray(stream.getvalue())
    assert damage_of(Content(bytes(data))) is None
    data[data.index(b"\xff\xdb") + 5 + step] = 0
    assert damage_of(Content(bytes(data))) is Damage.NO_STEP


def test_restart_markers_out_of_turn_are_found() -> None:
    data = jpeg(restart_marker_rows=1)
    place = data.index(b"\xff\xd1")
    assert damage(data[:place] + b"\xff\xd4" + data[place + 2 :]) is Damage.OUT_OF_ORDER


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", b"\xff\xd8\xff\xda\0\0"])
def test_what_is_no_jpeg_or_hardly_one_does_no_harm(content: bytes) -> None:
    assert damage(content) in (None, Damage.ENDS_EARLY, Damage.OUT_OF_ORDER)


def test_a_scan_header_that_names_no_colour_does_no_harm() -> None:
    data = jpeg(progressive=True)
    first = data.index(b"\xff\xda")
    length = int.from_bytes(data[first + 2 : first + 4], "big")
    damage(data[:first] + b"\xff\xda\x00\x03\x01" + data[first + 2 + length :])


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_nothing_that_is_done_to_a_file_makes_it_fall_over(data: st.DataObject) -> None:
    content = bytearray(jpeg(3, size=(64, 48), restart_marker_blocks=3))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(3, len(content) - 1))] = data.draw(st.integers(0, 255))
    damage(bytes(content))


def test_the_picture_is_not_decoded_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    new = Image.new
    monkeypatch.setattr(Image, "new", lambda mode, size, *rest: sizes.append(size) or new(mode, size, *rest))
    assert damage(jpeg(size=(640, 480))) is None
    assert sizes == [(80, 60)]
