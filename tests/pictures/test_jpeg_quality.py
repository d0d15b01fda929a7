"""The quality of a JPEG from its quantisation tables."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from image_sync.pictures.jpeg_quality import of_tables, table_of
from tests.pictures_made import scene


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_exact_for_what_the_usual_library_saves(mode: str) -> None:
    picture = scene(1, (48, 32)).convert(mode)
    estimates = {}
    for quality in range(1, 101):
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=quality)
        with Image.open(data) as saved:
            estimates[quality] = of_tables(saved.quantization, saved.layer[0][3])
    assert {quality: estimates[quality] for quality in range(10, 101)} == {
        quality: quality for quality in range(10, 101)
    }
    assert all(abs(estimates[quality] - quality) <= 3 for quality in range(1, 10))


def test_a_camera_s_own_table_is_taken_for_the_one_of_the_same_sum() -> None:
    for quality in (20, 50, 75, 90, 97):
        reversed_table = table_of(quality)[::-1]
        assert abs((of_tables({0: reversed_table}, 0) or 0) - quality) <= 1


@pytest.mark.parametrize("tables", [{}, {1: table_of(80)}, {0: table_of(80)[:10]}])
def test_without_a_whole_table_nothing_is_claimed(tables: dict[int, tuple[int, ...]]) -> None:
    assert of_tables(tables, 0) is None
