"""The look that edits get: what two pictures have in common, and the corners that lay one over the other."""

from __future__ import annotations

import builtins
import importlib.util
import random
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from image_sync.matching import features, overlap
from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.measure import small_of
from tests.matching.hard_pictures import FAMILIES
from tests.pictures_made import scene

SIZE = (640, 480)


def busy(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A scene with small things in it, as photos have: corners are found at them."""
    picture, chance = scene(seed, size), random.Random(seed)
    draw = ImageDraw.Draw(picture)
    for _ in range(90):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        box = (x, y, x + chance.randint(8, 50), y + chance.randint(8, 40))
        fill = tuple(chance.randrange(256) for _ in range(3))
        (draw.rectangle if chance.random() < 0.6 else draw.ellipse)(box, fill=fill)
    return picture


def small(picture: Image.Image) -> overlap.Bytes:
    return np.frombuffer(small_of(picture.convert("L"), 1), np.uint8).reshape(1, SIDE, SIDE)


def corners(picture: Image.Image) -> bytes:
    copy = picture.convert("L")
    copy.thumbnail((features.LONG_SIDE, features.LONG_SIDE))
    return features.describe(np.asarray(copy))


def score(first: Image.Image, second: Image.Image) -> float:
    """The score as the corners lay the second over the first; 0 when they don't."""
    found = features.map_between(corners(first), corners(second), (first.size, second.size))
    if found is None:
        return 0.0
    return float(overlap.scores(overlap.common_under(small(first), small(second), found.mapping[None]))[0])


def wanted(first: Image.Image, second: Image.Image) -> float:
    return float(overlap.score_wanted(small(first), small(second), 0.85)[0])


def captioned(picture: Image.Image) -> Image.Image:
    result = picture.copy()
    draw = ImageDraw.Draw(result)
    draw.rectangle((0, 430, 640, 480), fill="black")
    draw.text((20, 436), "Summer holiday", fill="white", font_size=30)
    return result


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "crop by a fifth": lambda picture: picture.crop((64, 48, 576, 432)),
    "crop at a corner": lambda picture: picture.crop((128, 0, 640, 384)),
    "border": lambda picture: ImageOps.expand(picture, 40, "white"),
    "letterbox": lambda picture: ImageOps.pad(picture, (640, 640)),
    "screenshot": lambda picture: ImageOps.pad(picture, (450, 900)),
    "caption": captioned,
    "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "half": lambda picture: picture.resize((320, 240)),
    "squeezed": lambda picture: picture.resize((640, 400)),
}


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS)
def test_corners_lay_an_edited_picture_over_its_original(edit: str) -> None:
    for seed in range(3):
        original = busy(seed)
        other = EDITS[edit](original)
        assert score(original, other) >= wanted(original, other)
        assert score(other, original) >= wanted(original, other)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_corners_join_no_two_of_a_hard_set(family: str) -> None:
    found = [FAMILIES[family](seed) for seed in range(4)]
    assert all(score(one, other) < wanted(one, other) for one, other in combinations(found, 2))


def test_corners_join_no_two_scenes() -> None:
    found = [busy(seed) for seed in range(6)]
    assert [score(one, other) for one, other in combinations(found, 2)] == [0.0] * 15


def test_views_that_share_a_half_are_no_edits_of_one_another() -> None:
    wide = busy(7, (1200, 480))
    assert score(wide.crop((0, 0, 640, 480)), wide.crop((320, 0, 960, 480))) == 0.0


def test_a_map_is_as_exact_as_the_corners() -> None:
    original = busy(8)
    found = features.map_between(corners(original), corners(original.crop((64, 48, 576, 432))), (SIZE, (512, 384)))
    assert found is not None
    assert found.witnesses >= 50
    assert np.abs(found.mapping - np.array([[1.25, 0, 0], [0, 1.25, 0]])).max() < 0.01


def test_too_little_to_say_anything() -> None:
    blank = Image.new("L", SIZE, 128)
    assert corners(blank) == b""
    assert features.map_between(b"", corners(scene(1, SIZE)), (SIZE, SIZE)) is None
    common = overlap.common_part(small(blank), small(blank))
    assert overlap.scores(common).tolist() == [0.0]


def test_the_score_is_half_and_half_of_what_agrees() -> None:
    common = overlap.Common(
        np.array([64, 64, 64, 7, 64]),
        np.array([1, 0.7, 0.49, 1, 1], np.float32),
        np.array([1, 0.95, 1, 1, 0.89], np.float32),
        # How little of the other is covered plays no part: a crop leaves much of it.
        np.array([0.5, 0.95, 1, 1, 0.89], np.float32),
    )
    assert overlap.scores(common) == pytest.approx([1.0, 0.85, 0, 0, 0])


def test_laid_over_is_the_same_whichever_comes_first() -> None:
    one, other = small(scene(9, SIZE)), small(scene(9, SIZE).crop((20, 20, 640, 480)))
    forth, back = overlap.common_part(one, other), overlap.common_part(other, one)
    assert forth.share == pytest.approx(back.share)
    assert overlap.scores(forth)[0] >= 0.85
    assert overlap.common_part(one[:0], other[:0]).share.shape == (0,)


def test_plain_ground_asks_for_more() -> None:
    pages = [small(FAMILIES["pages"](seed)) for seed in range(2)]
    scenes = [small(scene(seed)) for seed in range(2)]
    assert overlap.score_wanted(*scenes, 0.85)[0] == pytest.approx(0.85)
    assert overlap.score_wanted(*pages, 0.85)[0] == pytest.approx(overlap.PLAIN_SCORE)
    assert overlap.score_wanted(*pages, 0.95)[0] == pytest.approx(0.95)


@pytest.fixture
def asked_anew() -> object:
    features.available.cache_clear()
    yield
    features.available.cache_clear()


@pytest.mark.usefixtures("asked_anew")
def test_it_is_told_whether_opencv_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert features.available() is (importlib.util.find_spec("cv2") is not None)
    features.available.cache_clear()
    plain = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "cv2":
            raise ImportError("libGL.so.1: cannot open shared object file")
        return plain(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    assert features.available() is False


# --- frames -----------------------------------------------------------------------------------------------------------


def framed(picture: Image.Image) -> Image.Image:
    return ImageOps.expand(picture, 40, "white")


def smaller(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2))


@pytest.mark.parametrize(
    ("first", "second", "only"),
    [
        (framed(busy(1)), framed(busy(2)), True),
        (framed(busy(1)), smaller(framed(busy(1))), False),
        (framed(busy(1)), ImageOps.expand(busy(1), 44, "white"), False),
        # Not in the same frame: nothing is said.
        (busy(1), busy(2), False),
        (framed(busy(1)), busy(2), False),
    ],
)
def test_what_agrees_by_its_frame_only(first: Image.Image, second: Image.Image, only: bool) -> None:
    assert overlap.only_frames(small(first), small(second)).tolist() == [only]
    assert overlap.only_frames(small(second), small(first)).tolist() == [only]
