"""The review of *import* as lines of text: how much comes in, the destination as a tree, each file's date and why.

Pure, like ``report``, whose rules for names and widths hold here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from image_sync import BY_FOLDER, Branch, Fate, ImportReview, Placed, destination
from image_sync.base import paths, words
from image_sync.base.model import Plan
from image_sync.base.said import document as said_document
from image_sync.cli import report
from image_sync.cli.document import Json
from image_sync.cli.report import Detail

MOST_FOLDERS = 40

_NO_DATE = "no date"


def review_lines(review: ImportReview, detail: Detail) -> Iterator[str]:
    """The whole review: folders, counts, the destination, what would be done; every file when verbose."""
    yield from report.title("Import", review.plan.roots, detail)
    yield ""
    yield from report.wrapped(found(review), "", "  ")
    yield from tree(destination(_shown(review, detail), review.world.folders), detail)
    yield from _what(review.plan, detail)
    if detail.verbose:
        yield from _one_by_one(review, detail)
        yield from _staying(review, detail)


def found(review: ImportReview) -> str:
    """``1,234 pictures and movies: 1,100 new, 20 in their place, 14 duplicates. 3 have no date.``"""
    placed = review.placed
    if not placed:
        return "There are no pictures here."
    movies = sum(1 for one in placed if one.movie)
    what = [words.count(len(placed) - movies, "picture")] if len(placed) > movies else []
    what += [words.count(movies, "movie")] if movies else []
    fates = [
        (review.count(Fate.NEW), "new"),
        (review.count(Fate.IN_PLACE), "in place already"),
        (review.count(Fate.DUPLICATE), "duplicate" if review.count(Fate.DUPLICATE) == 1 else "duplicates"),
        (review.count(Fate.KNOWN), "already in the library"),
        (review.count(Fate.STAYS), "can't be imported"),
    ]
    counts = ", ".join(f"{number:,} {name}" for number, name in fates if number)
    marks = [
        (sum(1 for one in placed if one.undated and one.fate is Fate.NEW), "without a date"),
        (sum(1 for one in placed if one.small), "small"),
        (sum(1 for one in placed if one.rolled_over), "renamed since the name is taken"),
        (sum(one.beside for one in placed), "in the library too, described as well"),
        (sum(not one.stays for one in review.displaced), "of the library set aside for a better place"),
        (sum(one.stays for one in review.displaced), "of the library moved to a better place"),
    ]
    more = ", ".join(f"{number:,} {name}" for number, name in marks if number)
    return f"{words.listing(what)}: {counts}." + (f" Among them: {more}." if more else "")


def _shown(review: ImportReview, detail: Detail) -> list[Placed]:
    """Placed files that the tree shows: what is to be done, and when verbose what stands in its place too."""
    return [one for one in review.placed if detail.verbose or one.fate is not Fate.IN_PLACE]


def tree(branches: Sequence[Branch], detail: Detail) -> Iterator[str]:
    """Years and system folders with what is below them, each with its number; folders to be made are marked."""
    if not branches:
        return
    yield from report.heading("Where they go", detail)
    rows = [row for branch in branches for row in _rows(branch, "")]
    lines = list(report.columns(rows, right=(1,)))
    yield from report.cut(lines, MOST_FOLDERS, detail, "  ")


def _rows(branch: Branch, above: str) -> Iterator[tuple[str, str, str]]:
    """The branch itself when it holds something or is a year, then those below it, written as paths below the year."""
    top = not above
    name = (
        (paths.display(branch.path) or "the output itself") if top else f"  {paths.display(branch.path[len(above) :])}"
    )
    if top or branch.direct:
        yield name, f"{branch.total if top else branch.direct:,}", "new folder" if branch.new else ""
    for child in branch.children:
        yield from _rows(child, above or branch.path + paths.SEPARATOR)


def _what(plan: Plan, detail: Detail) -> Iterator[str]:
    yield from report.heading("What will be done", detail)
    if not plan.operations:
        yield "  Nothing."
        return
    text = f"{report.done_in_words(plan).capitalize()} ({words.size(plan.size)})."
    folders = sum(1 for operation in plan.operations if not operation.destination)
    if folders:
        text += f" {words.count(folders, 'folder is', 'folders are')} empty then and removed."
    yield from report.wrapped(text, "  ", "  ")


# --- every file -------------------------------------------------------------------------------------------------------


def _one_by_one(review: ImportReview, detail: Detail) -> Iterator[str]:
    yield from report.heading("One by one", detail)
    for one in review.placed:
        yield f"  {line(one, review)}"
    for displaced in review.displaced:
        what = "better place" if displaced.stays else "set aside"
        yield f"  {what:<12} {paths.display(displaced.record.relative)} → {paths.display(displaced.target)}"


def line(placed: Placed, review: ImportReview) -> str:
    """Line of one picture: its date with the source, where it is, where it goes and why."""
    where = report.shown(placed.arrival.path, review.plan.roots)
    target = f" → {paths.display(placed.target)}" if placed.target else ""
    why = "; ".join(_reasons(placed, review))
    return f"{dated(placed):<30} {where}{target}{f'  ({why})' if why else ''}"


def _reasons(placed: Placed, review: ImportReview) -> Iterator[str]:
    """Reasons that the date alone does not tell of a place."""
    if placed.fate is not Fate.NEW or placed.moved_up:
        yield placed.why
        return
    if placed.takes_over:
        yield f"gets the place of {report.shown(placed.twin, review.plan.roots)}, the same picture, which holds less"
    elif placed.arrival.captured is not None and placed.dated_by == BY_FOLDER:
        apart = f", {placed.years_apart} years from the camera's date" if placed.years_apart else ""
        yield f"its folder says {placed.day}{apart}"
    if placed.small:
        yield "small"
    if placed.number:
        yield "renamed since its name is taken"
    if placed.twin and not placed.takes_over:
        what = "described as well as" if placed.beside else "the same picture as"
        yield f"{what} {report.shown(placed.twin, review.plan.roots)}"
    for made in placed.makes:
        yield f"{paths.display(paths.name(made))} is made of it"


def dated(placed: Placed) -> str:
    """``2003-05-06 EXIF, date taken``: the picture's own date; that of its folder where it has none."""
    captured = placed.arrival.captured
    if placed.dated_by and (placed.corrected or captured is None):
        return f"{placed.day} {placed.dated_by}"
    if captured is None:
        return _NO_DATE
    return f"{captured.when:%Y-%m-%d} {captured.source.value}"


def _staying(review: ImportReview, detail: Detail) -> Iterator[str]:
    if review.staying:
        yield from report.heading("Left where they are", detail)
        for one in review.staying:
            why = "sidecar without its picture" if one.sidecar else "no picture"
            yield f"  {why:<28} {report.shown(one.path, review.plan.roots)}"


# --- for the document -------------------------------------------------------------------------------------------------


def files(review: ImportReview) -> list[Json]:
    """Every picture and movie with its date, its place and why."""
    return [_file(one) for one in review.placed]


def _file(placed: Placed) -> Json:
    captured = placed.arrival.captured
    return {
        "path": placed.arrival.path,
        "companions": [record.path for record in placed.arrival.companions],
        "fate": placed.fate.value,
        "target": placed.target,
        "targets": list(placed.targets),
        "folder": placed.folder,
        "why": placed.why,
        "why_code": said_document(placed.why),
        "date": captured.when.isoformat() if captured else None,
        "date_source": captured.source.value if captured else None,
        "date_precision": captured.precision.value if captured else None,
        "utc_offset": captured.offset if captured else None,
        "placed_by": {"date": str(placed.day) if placed.day else None, "source": placed.dated_by},
        "doubtful_date": placed.arrival.doubt,
        "twin": placed.twin,
        "beside": placed.beside,
        "takes_over": placed.takes_over,
        "makes": list(placed.makes),
        "new_folder": placed.new_folder,
        "undated": placed.undated,
        "duplicate": placed.duplicate,
        "small": placed.small,
        "movie": placed.movie,
        "rolled_over": placed.number,
    }
