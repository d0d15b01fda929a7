"""Which pictures lie in a cell of a collage, cut to it, and what only seems to."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from image_sync.matching import cells, features, placing
from image_sync.matching.placing import Relation
from tests.matching.test_placing import look
from tests.pictures_made import scene

WIDE, TALL = (640, 480), (480, 640)
CANVAS = (960, 800)
OTHERS = [scene(seed, WIDE) for seed in (41, 42, 43)]


def in_cells(pictures: list[Image.Image], across: int, gap: int, ground: str = "white") -> Image.Image:
    """A collage with so many cells in a row, each filled wholly."""
    down = -(-len(pictures) // across)
    result = Image.new("RGB", CANVAS, ground)
    width, height = CANVAS[0] // across, CANVAS[1] // down
    for number, picture in enumerate(pictures):
        cell = ImageOps.fit(picture, (width - gap, height - gap))
        result.paste(cell, (number % across * width + gap // 2, number // across * height + gap // 2))
    return result


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("size", [WIDE, TALL], ids=["wide", "tall"])
@pytest.mark.parametrize("gap", [0, 6, 20])
def test_a_picture_is_found_in_whatever_cell_it_is_cut_to(place: int, size: tuple[int, int], gap: int) -> None:
    picture = scene(34, size)
    shown = [*OTHERS[:place], picture, *OTHERS[place:]]
    found = look(picture, in_cells(shown, 2, gap))
    assert found is not None and found.relation is Relation.SECOND_HOLDS


def test_one_of_three_in_a_row_is_in_a_cell_too() -> None:
    picture = scene(34, TALL)
    collage = in_cells([OTHERS[0], picture, OTHERS[1]], 3, 8, "black")
    found, back = look(picture, collage), look(collage, picture)
    assert found is not None and found.relation is Relation.SECOND_HOLDS
    assert back is not None and back.relation is Relation.FIRST_HOLDS


def test_two_crops_of_one_scene_are_not_in_one_another() -> None:
    wide = scene(34, (1200, 900))
    left, right = wide.crop((0, 0, 800, 600)), wide.crop((400, 300, 1200, 900))
    for share in (1.0, 0.6):
        small = right.resize((round(right.width * share), round(right.height * share)))
        found = look(left, small)
        assert found is None or not found.relation.holds


def test_another_picture_in_the_cell_is_none() -> None:
    collage = in_cells([OTHERS[0], scene(34, WIDE), OTHERS[1], OTHERS[2]], 2, 6)
    for seed in (31, 35, 77):
        assert look(scene(seed, WIDE), collage) is None


@pytest.mark.parametrize(
    ("matrix", "may"),
    [
        ([[0.5, 0, 10], [0, 0.5, 20], [0, 0, 1]], True),
        ([[1, 0, 0], [0, 1, 30], [0, 0, 1]], False),
        ([[0.05, 0, 10], [0, 0.05, 20], [0, 0, 1]], False),
        ([[0.5, 0, 10], [0, 0.5, 20], [0.001, 0, 1]], False),
    ],
    ids=["small", "as large", "a dot", "at an angle"],
)
def test_only_by_some_maps_a_picture_comes_into_a_cell(matrix: list[list[float]], may: bool) -> None:
    assert cells.may_be(np.array(matrix)) is may


def test_a_cell_ends_where_the_picture_is_cut() -> None:
    picture, collage = scene(34, WIDE), in_cells([OTHERS[0], scene(34, WIDE), OTHERS[1], OTHERS[2]], 2, 6)
    small, large = (features.as_described(np.asarray(one.convert("L"))) for one in (picture, collage))
    (guess, *_) = (
        guess
        for guess in placing.maps(features.describe(small), features.describe(large), (picture.size, collage.size))
        if cells.may_be(guess.matrix)
    )
    found = cells.cell(small, large, np.asarray(guess.matrix, np.float64), guess.witnesses)
    assert found is not None
    scale = features.LONG_SIDE / CANVAS[0]
    assert np.abs(np.array(found.box) - np.array([483, 3, 957, 397]) * scale).max() <= 5
