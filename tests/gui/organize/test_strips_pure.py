"""Where strips and tiles lie, and what is chosen among them, without a display."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.gui.organize import strip_selection as choosing
from image_sync.gui.organize.strip_layout import Hit, Measures, StripLayout, flowed
from image_sync.gui.organize.strip_selection import Selection, Shelf, TileKey

MEASURES = Measures(cell_width=100, cell_height=200, head=50, pad=10, gap=5)


def test_strips_stand_beside_each_other_where_they_fit() -> None:
    layout = StripLayout([2, 3, 2], 700, MEASURES)
    first, second, third = (layout.strip(number) for number in range(3))
    assert first.top == second.top == 5
    assert first.left == 5
    assert second.left == first.right + 5
    assert second.right == 695, "the line is filled"
    assert third.top == first.bottom + 5
    assert third.left == 5
    assert first.height == 50 + 200 + 10


def test_a_strip_that_is_too_wide_has_several_rows() -> None:
    layout = StripLayout([10], 450, MEASURES)
    assert layout.columns(0) == 4
    assert layout.strip(0).height == 50 + 3 * 200 + 10
    assert (layout.tile(0, 5).left, layout.tile(0, 5).top) == (5 + 10 + 105, 5 + 50 + 200), "four share 420 pixels"


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=40),
    st.integers(60, 2000),
    st.integers(0, 20_000),
    st.integers(1, 900),
)
def test_what_lies_between_two_heights(sizes: list[int], width: int, top: int, height: int) -> None:
    """The strips and tiles that are named are those whose boxes meet the window, and no other."""
    layout = StripLayout(sizes, width, MEASURES)
    boxes = [layout.strip(strip) for strip in range(len(sizes))]
    assert all(one.bottom <= layout.height for one in boxes)
    named = layout.strips_between(top, top + height)
    met = [strip for strip, box in enumerate(boxes) if box.top <= top + height and box.bottom > top]
    assert set(met) <= set(named)
    for strip in met:
        tiles = [layout.tile(strip, tile) for tile in range(sizes[strip])]
        seen = [tile for tile, box in enumerate(tiles) if box.top <= top + height and box.bottom > top]
        assert set(seen) <= set(layout.tiles_between(strip, top, top + height))
        assert all(box.bottom <= boxes[strip].bottom for box in tiles)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=20), st.integers(120, 1500))
def test_every_tile_is_found_where_it_lies_and_no_strips_overlap(sizes: list[int], width: int) -> None:
    layout = StripLayout(sizes, width, MEASURES)
    for strip, size in enumerate(sizes):
        for tile in range(size):
            box = layout.tile(strip, tile)
            assert layout.hit(box.left + 50, box.top + 100) == Hit(strip, tile)
        frame = layout.strip(strip)
        assert layout.hit(frame.left, frame.top) == Hit(strip, None)


def test_a_group_of_thousands_names_only_what_is_in_sight() -> None:
    layout = StripLayout([5000], 1000, MEASURES)
    assert len(layout.tiles_between(0, 50_000, 50_800)) <= 9 * 6


@pytest.mark.parametrize(
    ("widths", "told", "places"),
    [
        ([], 0, []),
        ([30, 30], 2, [(0, 0), (35, 0)]),
        ([60, 60, 60], 2, [(0, 0), (0, 1), (65, 1)]),
        ([60, 60, 60, 60], 2, [(0, 0), (0, 1), (65, 1)]),
        ([90, 90], 2, [(0, 0), (0, 1)]),
        ([90, 90, 90], 1, [(0, 0), (0, 1)]),
    ],
)
def test_chips_flow_and_the_rest_is_counted(widths: list[int], told: int, places: list[tuple[int, int]]) -> None:
    assert flowed(widths, room=100, lines=2, gap=5, more=20) == (told, places)


# --- what is chosen ---------------------------------------------------------------------------------------------------

MEMBERS = [[0, 1], [2, 3, 4], [5, 6]]
SHELF = Shelf((2, 0, 1), MEMBERS)


def test_arrows_go_from_picture_to_picture_across_groups() -> None:
    selection = choosing.at_group(SHELF, 2)
    way = []
    for _ in range(8):
        tile = choosing.beside(selection, SHELF, 1)
        assert tile is not None
        way.append(tile.picture)
        selection = choosing.at_tile(tile)
    assert way == [5, 6, 0, 1, 2, 3, 4, 4]


def test_arrows_go_from_group_to_group_and_stop_at_the_ends() -> None:
    selection = choosing.at_group(SHELF, 0)
    assert choosing.group_beside(selection, SHELF, 1) == 1
    assert choosing.group_beside(selection, SHELF, -5) == 2
    assert choosing.group_beside(selection, SHELF, 99) == 1


def test_a_group_as_a_whole_has_no_picture_chosen() -> None:
    assert choosing.at_group(SHELF, 1).chosen(MEMBERS) == [(1, [])]
    assert choosing.at_tile(TileKey(1, 3)).chosen(MEMBERS) == [(1, [3])]


def test_a_range_over_two_groups() -> None:
    selection = choosing.extended(choosing.at_tile(TileKey(0, 1)), SHELF, TileKey(1, 3))
    assert selection.chosen(MEMBERS) == [(1, [2, 3]), (0, [1])]
    back = choosing.extended(selection, SHELF, TileKey(0, 0))
    assert back.chosen(MEMBERS) == [(0, [0, 1])]


def test_one_more_and_one_less() -> None:
    selection = choosing.toggled(choosing.at_tile(TileKey(0, 1)), TileKey(2, 6))
    assert selection.chosen(MEMBERS) == [(2, [6]), (0, [1])]
    selection = choosing.toggled(selection, TileKey(0, 1))
    assert selection.chosen(MEMBERS) == [(2, [6])]
    assert choosing.toggled(selection, TileKey(2, 6)).chosen(MEMBERS) == [(2, [6])], "something stays chosen"


def test_everything() -> None:
    chosen = choosing.everything(choosing.at_group(SHELF, 0), SHELF).chosen(MEMBERS)
    assert chosen == [(0, [0, 1]), (1, [2, 3, 4]), (2, [5, 6])]


def test_the_selection_follows_its_pictures_into_another_review() -> None:
    now = Shelf((0, 1), [[4, 2], [1, 0]])
    selection = choosing.extended(choosing.at_tile(TileKey(1, 2)), SHELF, TileKey(1, 4))
    after = choosing.followed(selection, SHELF, now)
    assert after.cursor == TileKey(0, 4)
    assert after.chosen(now.members) == [(0, [4, 2])]


def test_where_the_group_is_gone_its_neighbour_is_chosen() -> None:
    selection = choosing.at_tile(TileKey(2, 6))
    now = Shelf((1, 0), [[0, 1], [2, 3, 4]])
    assert choosing.followed(selection, SHELF, now).chosen(now.members) == [(1, [])]
    last = choosing.at_tile(TileKey(1, 2))
    one = Shelf((0,), [[0, 1]])
    assert choosing.followed(last, SHELF, one).chosen(one.members) == [(0, [])]
    assert choosing.followed(last, SHELF, Shelf((), ())) == Selection()


@given(st.data())
def test_no_way_of_keys_leaves_the_shelf(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    numbers = iter(range(100))
    members = [[next(numbers) for _ in range(size)] for size in sizes]
    shelf = Shelf(tuple(data.draw(st.permutations(range(len(sizes))))), members)
    selection = choosing.at_group(shelf, shelf.order[0])
    for step in data.draw(st.lists(st.sampled_from(["left", "right", "up", "down", "more", "all"]), max_size=30)):
        if step in ("left", "right", "more"):
            tile = choosing.beside(selection, shelf, -1 if step == "left" else 1)
            assert tile is not None
            assert shelf.holds(tile)
            one = choosing.extended(selection, shelf, tile) if step == "more" else choosing.at_tile(tile)
            selection = one
        elif step == "all":
            selection = choosing.everything(selection, shelf)
        else:
            group = choosing.group_beside(selection, shelf, 1 if step == "down" else -1)
            assert group is not None
            selection = choosing.at_group(shelf, group)
        chosen = selection.chosen(members)
        assert chosen
        assert chosen[0][0] == selection.group
        assert replace(selection) == selection
