"""Which files are decoded on a thread of the program, and which are a risk."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.pictures import risk
from image_sync.pictures.risk import is_harmless
from tests.pictures_made import scene


def saved(format: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    target = io.BytesIO()
    scene(1, size).save(target, format, **options)
    return target.getvalue()


def grey() -> bytes:
    target = io.BytesIO()
    scene(1).convert("L").save(target, "JPEG")
    return target.getvalue()


def with_second_scan() -> bytes:
    """A JPEG whose first scan holds one of its three colours."""
    data = saved("JPEG")
    at = data.index(b"\xff\xda")
    return data[:at] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + data[at + 14 :]


def with_size(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + data[at + 9 :]


def with_frames(data: bytes) -> bytes:
    """A PNG that says that it is animated."""
    return data[:33] + b"\0\0\0\x08acTL" + bytes(12) + data[33:]


KINDS: list[tuple[str, Callable[[], bytes], bool]] = [
    ("a.jpg", lambda: saved("JPEG"), True),
    ("with exif.jpg", lambda: saved("JPEG", exif=b"Exif\0\0" + bytes(60_000)), True),
    ("named otherwise.heic", lambda: saved("JPEG"), True),
    ("grey.jpg", grey, True),
    ("progressive.jpg", lambda: saved("JPEG", progressive=True), False),
    ("several scans.jpg", with_second_scan, False),
    ("as large as may be.jpg", lambda: with_size(saved("JPEG"), 6000, 4000), True),
    ("large.jpg", lambda: with_size(saved("JPEG"), 6001, 4000), False),
    ("no height.jpg", lambda: with_size(saved("JPEG"), 6000, 0), False),
    ("fill bytes.jpg", lambda: saved("JPEG")[:2] + b"\xff" * 1000 + saved("JPEG")[2:], False),
    ("many segments.jpg", lambda: saved("JPEG")[:2] + b"\xff\xfe\0\2" * 1000 + saved("JPEG")[2:], False),
    ("cut.jpg", lambda: saved("JPEG")[:100], False),
    ("JPEG inside.nef", lambda: saved("JPEG"), False),
    ("a.png", lambda: saved("PNG"), True),
    ("large.png", lambda: saved("PNG", (4001, 1000)), False),
    ("animated.png", lambda: with_frames(saved("PNG")), False),
    ("cut.png", lambda: saved("PNG")[:20], False),
    ("a.bmp", lambda: saved("BMP"), True),
    ("compressed.bmp", lambda: saved("BMP")[:30] + b"\x01" + saved("BMP")[31:], False),
    ("large.bmp", lambda: saved("BMP")[:18] + (4001).to_bytes(4, "little") * 2 + saved("BMP")[26:], False),
    ("a.gif", lambda: saved("GIF"), False),
    ("a.tif", lambda: saved("TIFF"), False),
    ("a.webp", lambda: saved("WEBP"), False),
    ("empty.jpg", bytes, False),
    ("text.jpg", lambda: b"no picture at all" * 10, False),
]


@pytest.mark.parametrize(("name", "made", "harmless"), KINDS, ids=[name for name, _, _ in KINDS])
def test_a_kind_of_file(tmp_path: Path, name: str, made: Callable[[], bytes], harmless: bool) -> None:
    path = tmp_path / name
    path.write_bytes(made())
    assert is_harmless(str(path)) is harmless


def test_a_file_that_takes_long_to_read_is_a_risk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(saved("JPEG"))
    monkeypatch.setattr(risk, "MOST_ON_DISK", path.stat().st_size - 1)
    assert not is_harmless(str(path))


def test_who_decodes_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert is_harmless(str(tmp_path / "none.jpg"))
