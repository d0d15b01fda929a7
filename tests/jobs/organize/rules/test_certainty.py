"""How sure a match is said to be, by its kind and score."""

from __future__ import annotations

import pytest

from image_sync.base.model import Sameness
from image_sync.jobs.organize.rules.certainty import (
    ALMOST_CERTAIN_FROM,
    PROVED,
    VERY_LIKELY_FROM,
    Certainty,
    certainty_of,
)


@pytest.mark.parametrize(
    ("sameness", "score", "said"),
    [
        (Sameness.IDENTICAL_FILE, 1.0, "certain"),
        (Sameness.IDENTICAL_PIXELS, 1.0, "certain"),
        (Sameness.SIMILAR, 1.0, "almost certain"),
        (Sameness.SIMILAR, 0.86, "very likely"),
        (Sameness.SIMILAR, 0.7, "likely"),
        (Sameness.SERIES, 0.9, "very likely"),
        (Sameness.SERIES, 0.7, "likely"),
        (Sameness.WITHIN, 0.9, "very likely"),
        (Sameness.WITHIN, 0.6, "likely"),
    ],
)
def test_a_match_is_as_sure_as_was_counted(sameness: Sameness, score: float, said: str) -> None:
    assert certainty_of(sameness, score).value == said


@pytest.mark.parametrize("sameness", [kind for kind in Sameness if kind not in PROVED])
def test_only_equal_bytes_and_pixels_are_certain_and_more_alike_is_never_less_sure(sameness: Sameness) -> None:
    order = list(Certainty)
    said = [order.index(certainty_of(sameness, score / 100)) for score in range(50, 101)]
    assert said == sorted(said, reverse=True)
    assert Certainty.CERTAIN not in {order[one] for one in said}


@pytest.mark.parametrize("limits", [ALMOST_CERTAIN_FROM, VERY_LIKELY_FROM])
def test_a_limit_belongs_to_what_it_says(limits: dict[Sameness, float]) -> None:
    for sameness, least in limits.items():
        assert certainty_of(sameness, least) is not certainty_of(sameness, least - 1e-6)
