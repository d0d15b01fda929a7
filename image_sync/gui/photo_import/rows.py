"""The review of *import* without its widget: the destination as a tree, the files in it, the filters, the words.

Made from an ``ImportReview``.  A file keeps its key in every review that follows from corrections or choices, so that
a widget can keep what is selected.  No tkinter, no disk.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from image_sync.base import paths
from image_sync.gui.job.query import Query
from image_sync.gui.photo_import.facts import facts_of
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.wording import capital, worded
from image_sync.jobs.photo_import.model import Arrival, Branch, Correction, Displaced, Fate, ImportReview, Placed
from image_sync.jobs.photo_import.rules.places import BY_USER
from image_sync.jobs.photo_import.rules.reasons import Reason
from image_sync.jobs.photo_import.rules.tree import destination, folder_of
from image_sync.pictures.metadata.capture_date import CaptureDate, Precision

OUTSIDE = "/outside"
"""The key of the branch with what stays outside of the library; no folder below the output is called so."""
TOP = "/top"
"""The key of the library's own folder, whose path below itself is empty."""


class Mark(Enum):
    """Mark that a file can be picked out by."""

    NEW = "new"
    UNDATED = "no date"
    DUPLICATE = "duplicate"
    SMALL = "small"
    MOVIE = "movie"
    ROLLED_OVER = "rolled over"
    CORRECTED = "corrected"
    STAYS = "stays"
    IN_PLACE = "in place"
    CONTRADICTS = "contradicts"


_TESTS: Mapping[Mark, Callable[[Placed], bool]] = {
    Mark.NEW: lambda placed: placed.fate is Fate.NEW,
    Mark.UNDATED: lambda placed: placed.undated,
    Mark.DUPLICATE: lambda placed: placed.duplicate,
    Mark.SMALL: lambda placed: placed.small,
    Mark.MOVIE: lambda placed: placed.movie,
    Mark.ROLLED_OVER: lambda placed: placed.rolled_over,
    Mark.CORRECTED: lambda placed: placed.corrected,
    Mark.STAYS: lambda placed: placed.fate is Fate.STAYS,
    Mark.IN_PLACE: lambda placed: placed.fate is Fate.IN_PLACE,
    Mark.CONTRADICTS: lambda placed: placed.fate is Fate.NEW and placed.years_apart > 0,
}


def mark_words(mark: Mark) -> str:
    """Words of a filter."""
    return {
        Mark.NEW: _("New"),
        Mark.UNDATED: _("No date"),
        Mark.DUPLICATE: _("Duplicates"),
        Mark.SMALL: _("Small"),
        Mark.MOVIE: _("Movies"),
        Mark.ROLLED_OVER: _("Renamed"),
        Mark.CORRECTED: _("Corrected"),
        Mark.STAYS: _("Can't be read"),
        Mark.IN_PLACE: _("In place already"),
        Mark.CONTRADICTS: _("Dates contradict"),
    }[mark]


@dataclass(frozen=True, slots=True)
class FolderLine:
    """One folder of the tree as a row: ``key`` is unique, ``number`` counts what the filters let through."""

    key: str
    name: str
    number: str
    note: str
    new: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """One picture or movie of the tree as a row."""

    key: str
    name: str
    date: str
    source: str
    origin: str
    note: str
    marks: frozenset[Mark]


class ImportRows:
    """The tree of one review, as far as the ``filters`` and the search let it through."""

    def __init__(self, review: ImportReview, filters: Iterable[Mark] = (), query: Query | None = None) -> None:
        self.review = review
        self.query = query or Query()
        self.files: dict[str, Placed] = {f"f{number}": placed for number, placed in enumerate(review.placed)}
        self.files.update((f"x{number}", as_placed(one)) for number, one in enumerate(review.displaced))
        self._counts = Counter(mark for placed in self.files.values() for mark in marks_of(placed))
        self.filters: frozenset[Mark] = frozenset(mark for mark in filters if self._counts[mark])
        self._arrange()

    # --- filters ---

    @property
    def offered(self) -> list[tuple[Mark, str]]:
        """The filters that there are files for, with their words."""
        return [
            (mark, f"{mark_words(mark)} {formatting.count(self._counts[mark])}") for mark in Mark if self._counts[mark]
        ]

    def toggle(self, mark: Mark) -> None:
        """Pick out by ``mark`` too, or no longer."""
        self.filters ^= {mark}
        self._arrange()

    def search(self, query: Query) -> None:
        """Show only what ``query`` looks for."""
        self.query = query
        self._arrange()

    @property
    def shown(self) -> int:
        """Number of files that pass."""
        return sum(map(len, self._files_of.values()))

    def shows(self, placed: Placed) -> bool:
        """Whether a file passes: any of the filters picks it, and it is looked for.

        Without a filter or a search that are all that are not in their place already.
        """
        if self.query:
            return self.query.holds(facts_of(placed, [mark.value for mark in marks_of(placed)])) and (
                not self.filters or any(_TESTS[mark](placed) for mark in self.filters)
            )
        if not self.filters:
            return placed.fate is not Fate.IN_PLACE
        return any(_TESTS[mark](placed) for mark in self.filters)

    # --- the tree ---

    @property
    def folders(self) -> list[FolderLine]:
        """The outermost rows: years, system folders, and what stays outside."""
        return [_line(self._branches[key]) for key in self._top]

    def below(self, key: str) -> list[FolderLine]:
        """The folders directly in a folder."""
        branch = self._branches.get(key)
        return [_line(child, told=branch.new) for child in branch.children] if branch else []

    def in_folder(self, key: str) -> Iterator[FileLine]:
        """The files directly in a folder, by name; each is put in words when it is asked for."""
        return map(self.line, self._files_of.get(key, ()))

    def all_below(self, key: str) -> Iterator[str]:
        """Keys of all files in a folder and in those below it; a file's own key gives itself."""
        if key in self.files:
            yield key
            return
        yield from self._files_of.get(key, ())
        branch = self._branches.get(key)
        for child in branch.children if branch else ():
            yield from self.all_below(folder_key(child.path))

    def expanded(self, keys: Iterable[str]) -> list[str]:
        """Keys of all files that a selection of folders and files stands for, each once."""
        return list(dict.fromkeys(file for key in keys for file in self.all_below(key)))

    def way_to(self, file: str) -> list[str]:
        """Keys of the folders that must be open to see a file, the outermost first; empty when it is not shown."""
        placed = self.files.get(file)
        if placed is None or not self.shows(placed):
            return []
        folder = _folder(placed)
        if folder in ("", OUTSIDE):
            return [folder_key(folder)]
        parts = paths.components(folder)
        return [paths.join("", *parts[: number + 1]) for number in range(len(parts))]

    def line(self, file: str) -> FileLine:
        """One file as a row."""
        placed = self.files[file]
        name = paths.name(placed.target) if placed.target else placed.arrival.record.name
        day, source = date_words(placed, self.review.corrections.get(placed.arrival.path))
        return FileLine(
            file, shown(name), day, source, origin_words(placed, self.review), note_words(placed), marks_of(placed)
        )

    def _arrange(self) -> None:
        passing = {key: placed for key, placed in self.files.items() if self.shows(placed)}
        self._branches: dict[str, Branch] = {}
        self._files_of: dict[str, list[str]] = defaultdict(list)
        for key, placed in passing.items():
            self._files_of[folder_key(_folder(placed))].append(key)
        for held in self._files_of.values():
            held.sort(key=lambda key: (paths.folded(self._sorted_by(key)), key))
        top = [*destination(passing.values(), self.review.world.folders), *self._outside()]
        self._top = [folder_key(branch.path) for branch in top]
        self._know(top)

    def _sorted_by(self, key: str) -> str:
        placed = self.files[key]
        return paths.name(placed.target) if placed.target else placed.arrival.record.name

    def _outside(self) -> list[Branch]:
        number = len(self._files_of.get(OUTSIDE, ()))
        return [Branch(OUTSIDE, number, number, new=False)] if number else []

    def _know(self, branches: Iterable[Branch]) -> None:
        for branch in branches:
            self._branches[folder_key(branch.path)] = branch
            self._know(branch.children)

    # --- words ---

    @property
    def headline(self) -> str:
        """``1,234 pictures and movies · 1,100 new · 14 duplicates``."""
        review = self.review
        if not review.placed:
            return _("There are no pictures or movies here.")
        new, same = review.count(Fate.NEW), review.count(Fate.DUPLICATE, Fate.KNOWN)
        parts = [_amount(review.placed), _("{count} new").format(count=formatting.count(new))]
        if same:
            parts.append(ngettext("{count} duplicate", "{count} duplicates", same).format(count=formatting.count(same)))
        if review.count(Fate.IN_PLACE):
            parts.append(_("{count} in place").format(count=formatting.count(review.count(Fate.IN_PLACE))))
        return " · ".join(parts)

    @property
    def summary(self) -> str:
        """Summary of the tree: folders to be made, files without a date."""
        new = sum(branch.new for branch in self._branches.values())
        undated = sum(1 for one in self.review.placed if one.undated and one.fate is Fate.NEW)
        parts = []
        if new:
            words = ngettext("{count} new folder", "{count} new folders", new)
            parts.append(words.format(count=formatting.count(new)))
        if undated:
            parts.append(_("{count} without a date").format(count=formatting.count(undated)))
        if self.review.staying:
            others = len(self.review.staying)
            words = ngettext("{count} other file stays", "{count} other files stay", others)
            parts.append(words.format(count=formatting.count(others)))
        return " · ".join(parts)


# --- one file in words ------------------------------------------------------------------------------------------------


def as_placed(displaced: Displaced) -> Placed:
    """A picture of the library that makes way, or gets a better place, like any other file of the tree."""
    arrival = Arrival(displaced.record, inside=True)
    if displaced.stays:
        why = Reason.PLACE_OF_POORER(name=paths.display(paths.name(displaced.by)))
        return Placed(arrival, Fate.NEW, why, paths.parent(displaced.target), (displaced.target,), moved_up=True)
    why = Reason.BETTER_PLACE(place=paths.display(displaced.by))
    return Placed(arrival, Fate.DUPLICATE, why, paths.parent(displaced.target), (displaced.target,))


def marks_of(placed: Placed) -> frozenset[Mark]:
    """Marks that a file can be picked out by."""
    return frozenset(mark for mark, holds in _TESTS.items() if holds(placed))


def date_words(placed: Placed, correction: Correction | None = None) -> tuple[str, str]:
    """A file's date and where that was read: the user's, its own, or that of its folder where it has none."""
    captured = placed.arrival.captured
    if correction is not None and correction.date is not None:
        return str(correction.date), _(BY_USER)
    if placed.dated_by and placed.day is not None and (placed.corrected or captured is None):
        return str(placed.day), _(placed.dated_by)
    if captured is not None:
        return taken_words(captured), _(captured.source.value)
    if placed.arrival.doubt:
        return _("no date"), _("it says {date}, which can't be true").format(date=shown(placed.arrival.doubt))
    return (_("no date"), "") if placed.fate not in (Fate.STAYS, Fate.DUPLICATE) else ("", "")


def taken_words(captured: CaptureDate) -> str:
    """``2003-05-06 14:33``; the day alone where no more is known."""
    return formatting.day(captured.when) if captured.precision is Precision.DAY else formatting.clock(captured.when)


def origin_words(placed: Placed, review: ImportReview) -> str:
    """Words for where a file is now: below its input, or below the library."""
    record = placed.arrival.record
    if len(review.request.inputs) > 1 and not placed.arrival.inside:
        return shown(paths.join(paths.name(record.root), record.relative))
    return shown(record.relative)


def note_words(placed: Placed) -> str:
    """Words for what is special about a file; empty when nothing is."""
    arrival, parts = placed.arrival, []
    if placed.fate in (Fate.DUPLICATE, Fate.KNOWN, Fate.STAYS):
        parts.append(capital(worded(placed.why)))
    elif placed.fate is Fate.IN_PLACE:
        parts.append(_("In its place"))
    elif placed.moved_up:
        parts.append(capital(worded(placed.why)))
    elif placed.takes_over:
        words = _("Gets the place of {copy}, the same picture, which holds less")
        parts.append(words.format(copy=shown(paths.name(placed.twin))))
    elif placed.beside:
        parts.append(_("The library has it too, in a folder that describes it as well"))
    if placed.undated and placed.fate is Fate.NEW:
        parts.append(_("No date"))
    if placed.small:
        parts.append(_("Small"))
    if placed.years_apart:
        parts.append(_("Folder and camera are {count} years apart").format(count=placed.years_apart))
    if placed.rolled_over:
        parts.append(_("Renamed, its name is taken"))
    if placed.corrected:
        parts.append(_("Corrected"))
    if arrival.companions:
        words = ngettext("With {count} file of its own", "With {count} files of its own", len(arrival.companions))
        parts.append(words.format(count=len(arrival.companions)))
    if placed.makes:
        parts.append(_("Makes {names}").format(names=", ".join(shown(paths.name(one)) for one in placed.makes)))
    return " · ".join(parts)


def folder_key(path: str) -> str:
    """The key of a folder's row; names are unique below the output, but the output's own is empty."""
    return path or TOP


def _folder(placed: Placed) -> str:
    folder = folder_of(placed)
    return OUTSIDE if folder is None else folder


def _line(branch: Branch, told: bool = False) -> FolderLine:
    """A folder as a row; ``told`` says that the folder around it is new, so that it goes without saying."""
    names = {OUTSIDE: _("Not imported"), "": _("The library's own folder")}
    name = names.get(branch.path) or shown(branch.name)
    note = _("new folder") if branch.new and not told else ""
    return FolderLine(folder_key(branch.path), name, formatting.count(branch.total), note, branch.new)


def _amount(placed: Iterable[Placed]) -> str:
    movies = Counter(one.movie for one in placed)
    words = [formatting.pictures(movies[False])] if movies[False] else []
    if movies[True]:
        template = ngettext("{count} movie", "{count} movies", movies[True])
        words.append(template.format(count=formatting.count(movies[True])))
    return formatting.and_(words)
