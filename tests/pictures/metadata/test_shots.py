"""Shots: which camera at which moment, and when two files surely hold two of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from image_sync.pictures.metadata.shots import NO_SHOT, Shot, other_moments, shot_of
from tests.pictures_made import save, scene


def exif(taken: str, fraction: str = "", image: str = "", model: str = "X100") -> bytes:
    block = Image.Exif()
    block[0x010F], block[0x0110] = "Fuji", model
    details = block.get_ifd(0x8769)
    details[0x9003] = taken
    if fraction:
        details[0x9291] = fraction
    if image:
        details[0xA420] = image
    return block.tobytes()


def test_a_shot_is_read_from_what_the_camera_wrote(tmp_path: Path) -> None:
    path = save(scene(1), tmp_path / "a.jpg", exif=exif("2020:05:01 10:20:30", "450", "00ab"))
    assert shot_of(os.fspath(path)) == Shot("Fuji", "X100", "", "2020-05-01T10:20:30", "45", "ab")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe1\0\x10Exif\0\0II", b"nothing of that kind"])
def test_what_states_nothing_is_no_shot(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    assert shot_of(os.fspath(path)) == NO_SHOT
    assert shot_of(os.fspath(tmp_path / "missing.jpg")) == NO_SHOT


def shot(taken: str = "10:00:00", fraction: str = "", **more: str) -> Shot:
    values = {"make": "Canon", "model": "EOS 7D", **more}
    return Shot(taken=f"2020-05-01T{taken}" if taken else "", fraction=fraction, **values)


CASES = {
    "a second later": (shot(), shot("10:00:01"), True),
    "a tenth of a second later": (shot(fraction="1"), shot(fraction="2"), True),
    "the same moment": (shot(fraction="1"), shot(fraction="1"), False),
    "one without the fraction": (shot(fraction="1"), shot(), False),
    "other ids in one second": (shot(image="a"), shot(image="b"), True),
    "one id": (shot(image="a"), shot(image="a"), False),
    "another camera": (shot(), shot("10:00:01", model="EOS R"), False),
    "two cameras of one model": (shot(serial="1"), shot("10:00:01", serial="2"), False),
    "no camera": (shot(model=""), shot("10:00:01", model=""), False),
    "no moment": (shot(""), shot("10:00:01"), False),
    "the clock set right by an hour": (shot(), shot("11:00:00"), False),
    "an hour and a second": (shot(), shot("11:00:01"), True),
}


@pytest.mark.parametrize("name", CASES)
def test_two_moments(name: str) -> None:
    one, other, apart = CASES[name]
    assert other_moments(one, other) is apart
    assert other_moments(other, one) is apart
