"""Which of two copies was altered, where only the other copies tell."""

from __future__ import annotations

import pytest

from image_sync.jobs.organize.rules.alterations import sharpened_alone

CASES = {
    "crisp and alone, the soft one has two like it": (300, 100, [98, 103, 100], [300, 98, 103], 0),
    "the other way round": (100, 300, [300, 98, 103], [98, 103, 100], 1),
    "the crisp one has a copy as crisp": (300, 100, [300, 98, 103], [300, 300, 98, 103], None),
    "one copy is no crowd": (300, 100, [98, 100], [300, 98], None),
    "hardly crisper": (120, 100, [98, 103, 100], [120, 98, 103], None),
    "no copies at all": (300, 100, [100], [300], None),
}


@pytest.mark.parametrize(("first", "second", "of_first", "of_second", "expected"), CASES.values(), ids=CASES)
def test_a_sharpened_copy_stands_alone(
    first: float, second: float, of_first: list[float], of_second: list[float], expected: int | None
) -> None:
    assert sharpened_alone(first, second, of_first, of_second) == expected
