"""The strip of years over the import: what stands in which bar, and how the keyboard goes along them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from image_sync.gui.photo_import.rows import ImportRows, Mark
from image_sync.gui.photo_import.timeline_model import Bar, bars
from image_sync.jobs.photo_import.model import Fate
from image_sync.pictures.metadata.dates import PartialDate
from tests.gui.photo_import.test_models import camera

if TYPE_CHECKING:
    from image_sync.gui.widgets.theme import Root


def dated(*days: PartialDate | None) -> ImportRows:
    """Rows of the camera's first picture, once for each day."""
    review = camera()
    one = next(placed for placed in review.placed if placed.fate is Fate.NEW and placed.day is not None)
    placed = tuple(replace(one, day=day, undated=day is None) for day in days)
    return ImportRows(replace(review, placed=placed, displaced=()))


def told(rows: ImportRows) -> list[tuple[str, int]]:
    return [(bar.label, len(bar.files)) for bar in bars(rows)]


def test_years_stand_on_one_axis_and_what_has_no_date_at_its_end() -> None:
    rows = dated(PartialDate(2008), PartialDate(2010, 3), PartialDate(2010, 3, 4), None)
    assert told(rows) == [("2008", 1), ("2009", 0), ("2010", 2), ("no date", 1)]


def test_a_single_year_is_told_by_its_months() -> None:
    found = told(dated(PartialDate(2010), PartialDate(2010, 3), PartialDate(2010, 3, 4)))
    assert found[0] == ("2010", 1)
    assert ("2010-03", 2) in found
    assert len(found) == 13


def test_empty_years_of_a_long_time_are_left_out() -> None:
    assert told(dated(PartialDate(1900), PartialDate(2020))) == [("1900", 1), ("2020", 1)]


def test_nothing_has_no_bars() -> None:
    assert told(dated()) == []


def test_a_bar_says_how_many_are_new_and_how_many_contradict() -> None:
    assert Bar("2008", ("a", "b"), 2).words == "2008: 2 files"
    words = "2008: 3 files, 1 new, 1 with dates that contradict each other"
    assert Bar("2008", ("a", "b", "c"), 1, 1).words == words


def test_a_filter_leaves_its_files_alone() -> None:
    rows = ImportRows(camera())
    everything = sum(len(bar.files) for bar in bars(rows))
    rows.toggle(Mark.DUPLICATE)
    assert 0 < sum(len(bar.files) for bar in bars(rows)) < everything


@pytest.fixture
def strip(tk_root: Root) -> tuple[object, list[Bar], Callable[[], None]]:
    import ttkbootstrap as ttk

    from image_sync.gui.photo_import.timeline import Timeline

    window = ttk.Toplevel(master=tk_root)
    window.geometry("600x120+0+0")
    taken: list[Bar] = []
    made = Timeline(window, taken.append)
    made.pack(fill="x")
    yield made, taken  # type: ignore[misc]
    window.destroy()


def test_arrows_go_from_bar_to_bar_and_pass_over_empty_ones(strip: tuple[object, list[Bar]]) -> None:
    made, taken = strip
    made.show([Bar("2008", ("a",), 1), Bar("2009"), Bar("2010", ("b",), 1, 1)])  # type: ignore[attr-defined]
    canvas = made.canvas  # type: ignore[attr-defined]
    canvas.update()
    canvas.focus_force()
    canvas.update()
    canvas.event_generate("<Right>")
    assert made.at == 2  # type: ignore[attr-defined]
    canvas.event_generate("<Right>")
    canvas.event_generate("<Return>")
    assert [bar.label for bar in taken] == ["2010"]
    assert "contradict" in str(made.told.cget("text"))  # type: ignore[attr-defined]
    signs = [canvas.itemcget(item, "text") for item in canvas.find_all() if canvas.type(item) == "text"]
    assert "!" in signs, "never by colour alone"
    canvas.event_generate("<Left>")
    assert made.at == 0  # type: ignore[attr-defined]
