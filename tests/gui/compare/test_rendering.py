"""Golden pixels of every way to compare, on a made pair of different sizes; and what they must be in words.

The golden pictures are made by ``python -m tests.gui.compare.test_rendering`` and looked at before they are kept.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from image_sync.gui.compare.loading import turned
from image_sync.gui.compare.regions import regions_of
from image_sync.gui.compare.rendering import GAP, MARK, Layer, Mode, Pair, Scene, loupe, rendered, split
from image_sync.gui.compare.viewport import Viewport

GOLDEN = Path(__file__).parent / "golden"
ROOM = (240, 150)
GROUND = (20, 30, 40)
NEAR = 6
"""Levels by which Pillow's versions may round otherwise."""


def left_picture() -> Image.Image:
    """A sky above a field, a red house and a yellow sun; 400 x 300."""
    across, down = np.meshgrid(np.linspace(0, 1, 400), np.linspace(0, 1, 300))
    pixels = np.stack([80 + 60 * across, 140 + 60 * down, np.where(down < 0.6, 230, 60) + 0 * across], axis=2)
    picture = Image.fromarray(pixels.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 150, 160, 240), fill=(170, 40, 30))
    draw.ellipse((300, 30, 350, 80), fill=(250, 220, 60))
    return picture


def right_picture() -> Image.Image:
    """The same at half the size, with a white door in the house and without the sun."""
    picture = left_picture()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((100, 200, 124, 240), fill=(255, 255, 255))
    draw.rectangle((296, 26, 354, 84), fill=(140, 160, 230))
    return picture.resize((200, 150), Image.Resampling.BOX)


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair(Layer(left_picture()), Layer(right_picture()))


WHOLE, NEARER = Viewport(), Viewport(1.5, 120, 190)
SCENES = {
    f"{mode.name.lower()}-{name}": Scene(mode, view, ROOM, GROUND)
    for mode in Mode
    for name, view in (("whole", WHOLE), ("near", NEARER))
}


def made(pair: Pair, scene: Scene) -> list[Image.Image]:
    pictures = list(rendered(pair, scene))
    return [split(pictures[0], pictures[1], 0.4)] if scene.mode is Mode.SPLIT else pictures


@pytest.mark.parametrize("name", SCENES)
def test_golden_pixels(pair: Pair, name: str) -> None:
    for number, picture in enumerate(made(pair, SCENES[name])):
        assert picture.size == ROOM
        golden = np.asarray(Image.open(GOLDEN / f"{name}-{number}.png").convert("RGB"), dtype=int)
        apart = np.abs(np.asarray(picture, dtype=int) - golden)
        assert apart.max() <= NEAR, f"{name}: {int((apart > NEAR).sum())} values differ"


def test_side_by_side_shows_the_same_part_of_both(pair: Pair) -> None:
    (both,) = rendered(pair, Scene(Mode.SIDE, NEARER, ROOM, GROUND))
    half = (ROOM[0] - GAP) // 2
    left, right = (both.crop((start, 0, start + half, ROOM[1])) for start in (0, ROOM[0] - half))
    found = regions_of(left, right)
    assert len(found.boxes) == 1, "the door alone is seen, so near"
    assert both.getpixel((half + GAP // 2, 75)) == GROUND


def test_the_regions_that_differ_are_the_door_and_the_sun(pair: Pair) -> None:
    boxes = pair.regions.boxes
    assert len(boxes) == 2
    sun, door = ([edge * (400, 300)[side % 2] for side, edge in enumerate(box)] for box in boxes)
    assert sun == pytest.approx([296, 26, 354, 84], abs=18)
    assert door == pytest.approx([100, 200, 124, 240], abs=18)
    assert 0.02 < pair.regions.share < 0.05


def test_a_copy_saved_again_and_halved_shows_no_difference(tmp_path: Path) -> None:
    picture = left_picture()
    picture.resize((200, 150), Image.Resampling.LANCZOS).save(tmp_path / "a.jpg", quality=70)
    with Image.open(tmp_path / "a.jpg") as small:
        found = Pair(Layer(picture), Layer(small.convert("RGB"))).regions
    assert found.boxes == ()
    assert found.share == 0


def test_the_difference_is_marked_and_boxed(pair: Pair) -> None:
    (picture,) = rendered(pair, Scene(Mode.DIFFERENCE, WHOLE, (400, 300), GROUND))
    pixels = np.asarray(picture, dtype=int)
    marked = np.abs(pixels - MARK).sum(axis=2) < 40
    assert marked[30:80, 300:350].mean() > 0.5, "the sun"
    assert marked[205:235, 102:122].mean() > 0.5, "the door"
    assert not marked[100:140, 20:280].any(), "nothing in between"


def test_flicker_and_split_hold_both_pictures(pair: Pair) -> None:
    left, right = rendered(pair, Scene(Mode.FLICKER, WHOLE, ROOM, GROUND))
    assert left.size == right.size == ROOM
    both = split(left, right, 0.5)
    assert both.crop((0, 0, 110, 150)).tobytes() == left.crop((0, 0, 110, 150)).tobytes()
    assert both.crop((130, 0, 240, 150)).tobytes() == right.crop((130, 0, 240, 150)).tobytes()
    assert split(left, right, 7.0).getpixel((100, 100)) == left.getpixel((100, 100))


def test_swapped_the_regions_stay(pair: Pair) -> None:
    known = pair.regions
    other = pair.swapped()
    assert other.regions is known
    assert (other.left, other.right) == (pair.right, pair.left)
    assert other.frame == pair.frame


def test_another_shape_lies_in_the_middle() -> None:
    narrow = Layer(Image.new("RGB", (100, 300), (200, 0, 0)))
    pair = Pair(Layer(left_picture()), narrow)
    seen = pair.view(narrow, WHOLE, (400, 300), GROUND)
    assert seen.getpixel((200, 150)) == (200, 0, 0)
    assert seen.getpixel((20, 150)) == GROUND


def test_near_each_pixel_is_seen_as_it_is() -> None:
    picture = Image.new("RGB", (40, 40), (0, 0, 0))
    picture.putpixel((20, 20), (255, 255, 255))
    pair = Pair(Layer(picture), Layer(picture.copy()))
    seen = pair.view(pair.left, Viewport(8.0, 20.5, 20.5), (80, 80), GROUND)
    white = np.asarray(seen)[:, :, 0] == 255
    assert white.sum() == 64
    assert white[36:44, 36:44].all()


def test_the_loupe_shows_the_point_of_both(pair: Pair) -> None:
    left, right = (loupe(pair, layer, (112.0, 220.0), 40, 2.0) for layer in (pair.left, pair.right))
    assert left.getpixel((20, 20)) == (170, 40, 30)
    assert right.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("turn", range(8))
def test_a_picture_is_turned_as_its_hashes_are(turn: int) -> None:
    from image_sync.pictures.hashes import turned as turned_small

    small = np.random.default_rng(turn).integers(0, 256, (64, 64), dtype=np.uint8)
    picture = turned(Image.fromarray(small), turn)
    assert np.asarray(picture).tobytes() == turned_small(small.tobytes(), turn)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, scene in SCENES.items():
        for number, picture in enumerate(made(Pair(Layer(left_picture()), Layer(right_picture())), scene)):
            picture.save(GOLDEN / f"{name}-{number}.png", optimize=True)
