"""A progressive JPEG without the scans that don't show: the same picture, bit for bit, and nothing let through."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.pictures import decode
from image_sync.pictures.content import Content
from image_sync.pictures.errors import Unreadable
from image_sync.pictures.measure import measure
from image_sync.pictures.progressive import for_an_eighth
from tests.pictures_made import scene


def jpeg(picture: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **{"progressive": True, "quality": 85, **options})
    return stream.getvalue()


def eighth(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("L", (picture.width // 8, picture.height // 8))
        return np.asarray(picture)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(200, 700), st.integers(200, 700)),
    mode=st.sampled_from(["RGB", "L"]),
    subsampling=st.sampled_from([0, 1, 2]),
    quality=st.sampled_from([20, 75, 95]),
    restarts=st.sampled_from([0, 5]),
    number=st.integers(0, 5),
)
def test_an_eighth_is_the_same_bit_for_bit(
    size: tuple[int, int], mode: str, subsampling: int, quality: int, restarts: int, number: int
) -> None:
    picture = scene(number, size).convert(mode)
    whole = jpeg(picture, subsampling=subsampling, quality=quality, restart_marker_blocks=restarts)
    less = for_an_eighth(whole)
    assert less is not None
    assert len(less) < len(whole)
    assert np.array_equal(eighth(less), eighth(whole))


@pytest.mark.slow
def test_what_is_measured_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = scene(2, (1600, 1200))
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(picture, exif=exif))
    size = path.stat().st_size
    seen = []
    monkeypatch.setattr(decode.progressive, "for_an_eighth", lambda data: seen.append(for_an_eighth(data)) or seen[-1])
    quick = measure(str(path), size, True)
    assert [less is not None for less in seen] == [True]
    monkeypatch.setattr(decode.progressive, "for_an_eighth", lambda _: None)
    whole = measure(str(path), size, True)
    assert quick.fingerprint is not None
    assert whole.fingerprint is not None
    colours = [np.frombuffer(one.fingerprint.chroma, np.uint8).astype(int) for one in (quick, whole)]  # type: ignore[union-attr]
    assert np.abs(colours[0] - colours[1]).max() <= 1, "the last bit of a colour comes from the scans that are left out"
    alike = replace(quick.fingerprint, chroma=whole.fingerprint.chroma)
    assert whole == replace(quick, fingerprint=alike)
    assert (quick.fingerprint.width, quick.fingerprint.height) == (1200, 1600)


def test_a_sequential_or_small_picture_or_one_in_four_colours_takes_the_usual_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_: bytes) -> bytes:
        raise AssertionError("it was taken apart")

    monkeypatch.setattr(decode.progressive, "for_an_eighth", never)
    decode.decode(Content(jpeg(scene(1, (1600, 1200)), progressive=False)))
    decode.decode(Content(jpeg(scene(1, (800, 600)))))
    decode.decode(Content(jpeg(scene(1, (1600, 1200)).convert("CMYK"))))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.999])
def test_one_that_ends_early_is_refused_as_ever(share: float) -> None:
    whole = jpeg(scene(3, (1600, 1200)))
    cut = whole[: int(len(whole) * share)]
    assert for_an_eighth(cut) is None
    with pytest.raises((OSError, Unreadable, SyntaxError)):
        decode.decode(Content(cut))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_makes_it_fail(data: st.DataObject) -> None:
    """Whatever bytes it is given, the answer is some bytes or none."""
    whole = bytearray(_SMALL)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    less = for_an_eighth(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert less is None or less.endswith(b"\xff\xd9")


_SMALL = jpeg(scene(4, (160, 120)), restart_marker_blocks=3)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_jpeg(data: bytes) -> None:
    assert for_an_eighth(data) in (None, b"\xff\xd8\xff\xd9")
