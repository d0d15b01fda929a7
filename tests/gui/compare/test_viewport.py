"""One zoom and one place for two pictures of different sizes: arithmetic, and properties over all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.gui.compare.viewport import (
    LARGEST,
    Viewport,
    fitting,
    frame_of,
    moved,
    place_in,
    seen,
    settled,
    zoomed,
)

SIZES = st.tuples(st.integers(1, 9000), st.integers(1, 9000))
ROOMS = st.tuples(st.integers(1, 3000), st.integers(1, 2000))


@pytest.mark.parametrize(
    ("size", "place"),
    [
        ((4000, 3000), (0, 0, 4000, 3000)),
        ((400, 300), (0, 0, 4000, 3000)),
        ((399, 300), (0, 0, 4000, 3000)),
        ((300, 300), (500, 0, 3500, 3000)),
        ((400, 200), (0, 500, 4000, 2500)),
    ],
)
def test_where_a_picture_lies_in_the_frame(size: tuple[int, int], place: tuple[float, ...]) -> None:
    assert frame_of((4000, 3000), size) == (4000, 3000)
    assert place_in((4000, 3000), size) == pytest.approx(place)


def test_the_whole_frame_fits_and_a_stamp_does_not_fill_a_screen() -> None:
    assert fitting((4000, 2000), (400, 400)) == pytest.approx(0.1)
    assert fitting((10, 10), (1000, 1000)) == 2.0
    assert settled(Viewport(), (4000, 2000), (400, 400)) == Viewport(0.1, 2000, 1000)


def test_zooming_keeps_the_point_under_the_mouse() -> None:
    frame, room, at = (4000, 3000), (800, 600), (200.0, 150.0)
    before = settled(Viewport(0.5, 1800, 1200), frame, room)
    after = zoomed(before, 2.0, at, frame, room)
    point = [
        (view.x + (at[0] - room[0] / 2) / view.zoom, view.y + (at[1] - room[1] / 2) / view.zoom)
        for view in (before, after)
    ]
    assert after.zoom == pytest.approx(1.0)
    assert point[0] == pytest.approx(point[1])


def test_dragging_stops_at_the_border() -> None:
    frame, room = (1000, 1000), (100, 100)
    assert moved(Viewport(1.0, 500, 500), 30, -20, frame, room) == Viewport(1.0, 470, 520)
    assert moved(Viewport(1.0, 500, 500), 9999, 0, frame, room) == Viewport(1.0, 50, 500)


@given(SIZES, SIZES)
def test_a_picture_lies_within_the_frame(frame: tuple[int, int], size: tuple[int, int]) -> None:
    left, top, right, bottom = place_in(frame, size)
    assert -1e-9 <= left < right <= frame[0] * (1 + 1e-9)
    assert -1e-9 <= top < bottom <= frame[1] * (1 + 1e-9)


@given(SIZES, ROOMS, st.lists(st.tuples(st.sampled_from("zm"), st.floats(0.2, 5), st.floats(-500, 500)), max_size=12))
def test_no_way_of_hands_leaves_the_frame(
    frame: tuple[int, int], room: tuple[int, int], hands: list[tuple[str, float, float]]
) -> None:
    view = Viewport()
    for what, factor, by in hands:
        at = (abs(by) % room[0], abs(by) % room[1])
        view = zoomed(view, factor, at, frame, room) if what == "z" else moved(view, by, -by, frame, room)
        least = fitting(frame, room)
        assert min(least, 1.0) * 0.999 <= view.zoom <= max(LARGEST, least) * 1.001
        left, top, right, bottom = seen(view, frame, room)
        assert left >= -1e-3 or (left + right) / 2 == pytest.approx(frame[0] / 2)
        assert top >= -1e-3 or (top + bottom) / 2 == pytest.approx(frame[1] / 2)
