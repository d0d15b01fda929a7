"""What counts as there, what is missing and why: a row a case, at every level."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import Picture, Sameness
from image_sync.jobs.organize.request import Level
from image_sync.jobs.organize.rules.missing import Near, Why, verdict, words_of
from tests import values

FILE, PIXELS, SIMILAR, SERIES, WITHIN = Sameness


def picture(width: int = 4000, frames: int = 1, damage: str = "") -> Picture:
    shape = replace(values.fingerprint(width=width, height=width * 3 // 4), frames=frames)
    return Picture(values.record(f"{width}.jpg", root="/there"), shape, damage=damage)


SOUGHT = picture(frames=2)
SAME = picture(frames=2)
EXACT, AT_PIXELS, SHOT, EDITED = Level
# By level: what is said where this is all that is there.
TABLE: dict[str, tuple[list[Near], dict[Level, Why | None]]] = {
    "nothing": ([], {EXACT: Why.OTHER_BYTES, AT_PIXELS: Why.NOTHING_ALIKE, SHOT: Why.NOTHING_ALIKE}),
    "the same file": ([Near(SAME, FILE, 1.0)], {EXACT: None, AT_PIXELS: None, SHOT: None}),
    "the same file, damaged as it is": ([Near(picture(damage="cut"), FILE, 1.0)], {EXACT: None, AT_PIXELS: None}),
    "the same pixels": ([Near(SAME, PIXELS, 1.0)], {AT_PIXELS: None, SHOT: None, EDITED: None}),
    "the same pixels, in a damaged file": ([Near(picture(damage="cut"), PIXELS, 1.0)], {AT_PIXELS: Why.DAMAGED}),
    "saved again": ([Near(SAME, SIMILAR, 0.97)], {AT_PIXELS: Why.NOT_IDENTICAL, SHOT: None, EDITED: None}),
    "larger": ([Near(picture(8000, 2), SIMILAR, 0.97)], {AT_PIXELS: Why.NOT_IDENTICAL, SHOT: None}),
    "smaller": (
        [Near(picture(1600, 2), SIMILAR, 0.97)],
        {AT_PIXELS: Why.SMALLER, SHOT: Why.SMALLER, EDITED: Why.SMALLER},
    ),
    "damaged": ([Near(picture(frames=2, damage="cut"), SIMILAR, 0.97)], {AT_PIXELS: Why.DAMAGED, SHOT: Why.DAMAGED}),
    "a still of an animation": ([Near(picture(8000), SIMILAR, 0.97)], {SHOT: Why.LESS}),
    "the same pixels without the movie": ([Near(picture(), PIXELS, 1.0)], {AT_PIXELS: Why.LESS, EXACT: Why.LESS}),
    "a crop": ([Near(picture(8000, 2), SIMILAR, 0.9, part=-1)], {SHOT: Why.PART, EDITED: Why.PART}),
    "what it was cut from": ([Near(picture(8000, 2), SIMILAR, 0.9, part=1)], {EDITED: None}),
    "a collage": ([Near(picture(8000, 2), WITHIN, 0.9, part=1)], {EDITED: Why.WITHIN}),
    "what the collage shows": ([Near(picture(8000, 2), WITHIN, 0.9, part=-1)], {EDITED: Why.PART}),
    "another shot": ([Near(SAME, SERIES, 0.99)], {AT_PIXELS: Why.SERIES, SHOT: Why.SERIES, EDITED: Why.SERIES}),
    "small and large": ([Near(picture(1600, 2), SIMILAR, 0.99), Near(SAME, SIMILAR, 0.9)], {SHOT: None}),
    "the least grave is told": (
        [Near(SAME, SERIES, 0.99), Near(picture(1600, 2), SIMILAR, 0.9)],
        {SHOT: Why.SMALLER, AT_PIXELS: Why.SMALLER},
    ),
}


@pytest.mark.parametrize(("case", "level"), [(case, level) for case, (_, row) in TABLE.items() for level in row])
def test_what_is_there_and_why_not(case: str, level: Level) -> None:
    nears, row = TABLE[case]
    assert verdict(SOUGHT, nears, level).why is row[level]


def test_the_sentences() -> None:
    small = Near(picture(1600), SIMILAR, 0.97)
    assert words_of(Why.SMALLER, SOUGHT, small) == "only a smaller copy is there (1600×1200, here 4000×3000)"
    assert words_of(Why.NOT_IDENTICAL, SOUGHT, small) == "a similar one is there (97 %), no identical one"
    still = words_of(Why.LESS, SOUGHT, Near(picture(), SIMILAR, 0.9))
    assert still == "only a copy with less is there: this one has 2 pictures: the other has one"
    for why in set(Why) - {Why.SMALLER, Why.NOT_IDENTICAL, Why.LESS}:
        assert words_of(why, SOUGHT, None)


nears = st.builds(
    Near,
    st.builds(picture, st.sampled_from([800, 4000, 8000]), st.integers(1, 3), st.sampled_from(["", "cut"])),
    st.sampled_from(Sameness),
    st.sampled_from([0.86, 0.97]),
    st.integers(-1, 1),
)


@given(st.lists(nears, max_size=5))
def test_more_that_is_there_never_makes_it_missing_and_a_series_or_less_never_makes_it_there(some: list[Near]) -> None:
    for level, cut in product(Level, range(len(some))):
        if verdict(SOUGHT, some[:cut], level).why is None:
            assert verdict(SOUGHT, some, level).why is None
    for level in Level:
        found = verdict(SOUGHT, some, level)
        if found.why is None:
            assert found.near is not None and found.near.sameness is not Sameness.SERIES
            if found.near.sameness is Sameness.SIMILAR:
                kept, sought = found.near.picture, SOUGHT.fingerprint
                assert not kept.damage and kept.fingerprint.width >= sought.width
                assert kept.fingerprint.frames >= sought.frames
