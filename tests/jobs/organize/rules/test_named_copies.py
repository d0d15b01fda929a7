"""Names that are a match's name with the mark of a copy, as a table."""

from __future__ import annotations

import pytest

from image_sync.base.model import Match, Sameness
from image_sync.jobs.organize.rules.named_copies import with_named_copies
from tests.values import picture

COPIES = [
    "IMG_1 2.jpg",
    "IMG_1-1.jpg",
    "IMG_1~2.jpg",
    "IMG_1 - コピー.jpg",
    "x/img_1 2.JPG",
    "IMG_1 (1).png",
    "IMG_1_1.jpg",
]
OTHERS = ["IMG_1.jpg", "x/IMG_1.png", "IMG_12.jpg", "IMG_2 2.jpg", "IMG_1 at home.jpg", "IMG_1.2019.jpg"]


@pytest.mark.parametrize(("name", "marked"), [*((name, True) for name in COPIES), *((name, False) for name in OTHERS)])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_name_with_a_mark_is_that_of_a_copy(name: str, marked: bool, swapped: bool) -> None:
    pictures = [picture("a/IMG_1.jpg"), picture(name, root="/two")]
    match = Match(0, 1, Sameness.SIMILAR, 0.9)
    if swapped:
        pictures.reverse()
    found = with_named_copies(pictures, [match])
    assert [one.copy_beside for one in found] == ([marked, False] if swapped else [False, marked])


def test_only_matches_tell_and_shots_of_a_series_do_not() -> None:
    pictures = [picture("IMG_1.jpg"), picture("b/IMG_1 2.jpg")]
    assert with_named_copies(pictures, []) == tuple(pictures)
    assert with_named_copies(pictures, [Match(0, 1, Sameness.SERIES, 0.99)]) == tuple(pictures)
