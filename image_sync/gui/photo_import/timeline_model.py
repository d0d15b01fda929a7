"""The pictures of an import by when they were taken: years on one axis, or the months of a single year.

Made from the rows of the tree, as far as the filters and the search let them through.  No tkinter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from image_sync.gui.photo_import.rows import ImportRows
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.photo_import.model import Fate, Placed

MOST_YEARS = 60
"""Years that stand side by side with their gaps; beyond that the empty ones are left out."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One year or month: its files (by their keys), how many of them are new, and of how many the dates contradict."""

    label: str
    files: tuple[str, ...] = ()
    new: int = 0
    doubtful: int = 0

    @property
    def words(self) -> str:
        """``2008: 14 files, 12 new, 2 with dates that contradict each other``."""
        parts = [formatting.files(len(self.files))]
        if self.new != len(self.files):
            parts.append(_("{count} new").format(count=formatting.count(self.new)))
        if self.doubtful:
            words = _("{count} with dates that contradict each other")
            parts.append(words.format(count=formatting.count(self.doubtful)))
        return _("{when}: {what}").format(when=self.label, what=", ".join(parts))


def bars(rows: ImportRows) -> list[Bar]:
    """The bars, oldest first; at the end what has no date, where there is any."""
    years: dict[int, list[str]] = defaultdict(list)
    undated = []
    for key, placed in rows.files.items():
        if not rows.shows(placed) or placed.fate is Fate.STAYS:
            continue
        if placed.undated or placed.day is None:
            undated.append(key)
        else:
            years[placed.day.year].append(key)
    dated = _by_month(rows, next(iter(years.values()))) if len(years) == 1 else _by_year(rows, years)
    return [*dated, *([_bar(rows, _("no date"), undated)] if undated else [])]


def _by_year(rows: ImportRows, years: dict[int, list[str]]) -> list[Bar]:
    if not years:
        return []
    first, last = min(years), max(years)
    shown: Iterable[int] = range(first, last + 1) if last - first < MOST_YEARS else sorted(years)
    return [_bar(rows, str(year), years.get(year, ())) for year in shown]


def _by_month(rows: ImportRows, keys: Iterable[str]) -> list[Bar]:
    """The months of the one year; what is known to the year only stands in front."""
    months: dict[int, list[str]] = defaultdict(list)
    year = 0
    for key in keys:
        day = rows.files[key].day
        assert day is not None
        year = day.year
        months[day.month or 0].append(key)
    whole = [_bar(rows, str(year), months[0])] if months.get(0) else []
    named = [_bar(rows, f"{year}-{month:02}", months.get(month, ())) for month in range(1, MONTHS + 1)]
    return [*whole, *named]


def _bar(rows: ImportRows, label: str, keys: Iterable[str]) -> Bar:
    files = tuple(keys)
    placed: list[Placed] = [rows.files[key] for key in files]
    return Bar(
        label,
        files,
        sum(one.fate is Fate.NEW for one in placed),
        sum(1 for one in placed if one.years_apart and one.fate is Fate.NEW),
    )
