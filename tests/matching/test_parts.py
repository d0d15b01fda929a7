"""Parts of small pictures: windows, frames, and the codes that they have."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from image_sync.jobs.organize.edited import PART
from image_sync.matching import parts
from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.hashes import codes_of_many
from image_sync.pictures.measure import small_of
from tests.pictures_made import scene


def small(picture: Image.Image) -> parts.Bytes:
    return np.frombuffer(small_of(picture.convert("L"), 1), np.uint8).reshape(1, SIDE, SIDE)


def distance(first: parts.Bytes, second: parts.Bytes) -> int:
    return int(np.bitwise_count(first ^ second).sum())


def cut(picture: Image.Image, box: tuple[float, float, float, float]) -> Image.Image:
    width, height = picture.size
    left, top, right, bottom = box
    return picture.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))


def test_the_whole_seen_is_the_whole() -> None:
    picture = small(scene(1))
    assert np.array_equal(parts.cropped(picture, parts.boxes_for(parts.WHOLE, 1)), picture)


@pytest.mark.parametrize("box", parts.WINDOWS)
def test_a_window_has_nearly_the_codes_of_the_crop(box: tuple[float, float, float, float]) -> None:
    picture = scene(2, (640, 480))
    window = codes_of_many(parts.cropped(small(picture), parts.boxes_for(box, 1)))
    assert distance(window, codes_of_many(small(cut(picture, box)))) <= 12


@pytest.mark.parametrize("width", [0.8, 0.85, 0.9])
@pytest.mark.parametrize("height", [0.8, 0.85, 0.9])
def test_every_crop_by_a_fifth_or_less_is_near_a_window(width: float, height: float) -> None:
    boxes = [parts.WHOLE, *parts.WINDOWS]
    for seed in range(2):
        picture = scene(seed, (640, 480))
        windows = codes_of_many(
            np.concatenate([parts.cropped(small(picture), parts.boxes_for(box, 1)) for box in boxes])
        )
        for across, down in ((0, 0), (0.5, 0.5), (1, 0), (0.3, 0.8)):
            left, top = across * (1 - width), down * (1 - height)
            crop = codes_of_many(small(cut(picture, (left, top, left + width, top + height))))
            assert min(distance(code, crop[0]) for code in windows) <= PART


@pytest.mark.parametrize("colour", ["white", "black", "#808080"])
@pytest.mark.parametrize("border", [(13, 13, 13, 13), (40, 40, 40, 160), (0, 120, 0, 120), (200, 0, 200, 0)])
def test_a_frame_is_found_to_a_pixel(border: tuple[int, int, int, int], colour: str) -> None:
    framed = ImageOps.expand(scene(3, (640, 480)), border, colour)
    found, boxes = parts.framed(small(framed))
    left, top, right, bottom = border
    width, height = framed.size
    assert found.tolist() == [True]
    wanted = (left / width, top / height, 1 - right / width, 1 - bottom / height)
    assert np.abs(boxes[0] - wanted).max() <= 1.6 / SIDE


def test_the_inside_of_a_frame_has_the_codes_of_the_picture() -> None:
    picture = scene(4, (640, 480))
    framed = small(ImageOps.pad(picture, (640, 640), color="black"))
    inside = codes_of_many(parts.cropped(framed, parts.framed(framed)[1]))
    assert distance(inside, codes_of_many(small(picture))) <= 30
    assert distance(codes_of_many(framed), codes_of_many(small(picture))) > 45


def test_a_clock_in_a_frame_does_not_hide_it() -> None:
    screen = ImageOps.pad(scene(5, (640, 480)), (450, 900), color="black")
    screen.paste("white", (20, 8, 120, 30))
    screen.paste("white", (400, 8, 440, 30))
    _, boxes = parts.framed(small(screen))
    assert np.abs(boxes[0] - (0, 0.3125, 1, 0.6875)).max() <= 1.6 / SIDE


@pytest.mark.parametrize(
    "picture",
    [scene(6), Image.new("L", (200, 200), 90), ImageOps.pad(Image.new("L", (20, 20), 90), (300, 300))],
    ids=["a scene", "nothing", "a spot"],
)
def test_no_frame(picture: Image.Image) -> None:
    found, boxes = parts.framed(small(picture))
    assert found.tolist() == [False]
    assert boxes.tolist() == [list(parts.WHOLE)]


def test_none_is_none() -> None:
    nothing = np.empty((0, SIDE, SIDE), np.uint8)
    found, boxes = parts.framed(nothing)
    assert len(found) == len(boxes) == len(parts.cropped(nothing, boxes)) == 0


# --- the same frame around two pictures -------------------------------------------------------------------------------

Frame = tuple[tuple[int, int, int, int], str]
ALL_AROUND, WIDER, ON_TWO_SIDES = (30, 30, 30, 30), (80, 80, 80, 80), (0, 90, 0, 90)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((ALL_AROUND, "white"), (ALL_AROUND, "white"), True),
        ((ON_TWO_SIDES, "black"), (ON_TWO_SIDES, "black"), True),
        ((ALL_AROUND, "white"), (ALL_AROUND, "black"), False),
        ((ALL_AROUND, "white"), (WIDER, "white"), False),
        ((ALL_AROUND, "white"), ((0, 0, 0, 0), "white"), False),
        # A band on one side is a caption, or a sky.
        (((0, 0, 0, 90), "white"), ((0, 0, 0, 90), "white"), False),
    ],
)
def test_two_pictures_lie_in_the_same_frame(first: Frame, second: Frame, same: bool) -> None:
    one, other = (small(ImageOps.expand(scene(seed, (640, 480)), *frame)) for seed, frame in ((3, first), (4, second)))
    alike, boxes = parts.framed_alike(one, other)
    assert alike.tolist() == [same]
    if same:
        left, top, right, bottom = first[0]
        size = np.array((640 + left + right, 480 + top + bottom) * 2)
        expected = np.array((left, top, size[0] - right, size[1] - bottom)) / size
        assert np.abs(boxes[0] - expected).max() <= 3 / SIDE
        assert (boxes[0][[0, 1]] >= expected[[0, 1]] - 0.5 / SIDE).all()


def test_the_same_frame_is_that_of_either_picture() -> None:
    one, other = (small(ImageOps.expand(scene(seed, (640, 480)), 30, "white")) for seed in (3, 4))
    for first, second in zip(parts.framed_alike(one, other), parts.framed_alike(other, one), strict=True):
        assert np.array_equal(first, second)
