"""The page *Import* without its widgets: the form, the tree and its filters, corrections, words, tables all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from image_sync.base.model import Action, FileKind, Operation, Problem
from image_sync.gui import preferences
from image_sync.gui.job.form import why_scan_again
from image_sync.gui.job.query import parsed
from image_sync.gui.job.tile import MOST_TILES
from image_sync.gui.photo_import import saved_corrections
from image_sync.gui.photo_import.confirm import confirmation, nothing_to_do
from image_sync.gui.photo_import.correction import CorrectionForm, Typed, read_date
from image_sync.gui.photo_import.form import ImportForm
from image_sync.gui.photo_import.rows import OUTSIDE, TOP, ImportRows, Mark, mark_words
from image_sync.gui.photo_import.tiles import tiles_of
from image_sync.gui.preferences import Preferences
from image_sync.jobs.photo_import.model import Arrival, Branch, Correction, Displaced, Fate, ImportReview, World
from image_sync.jobs.photo_import.request import DEFAULT_CROWDED, ImportRequest
from image_sync.jobs.photo_import.rules.plan import conclude
from image_sync.jobs.room import Room
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource, Precision
from image_sync.pictures.metadata.dates import PartialDate
from tests.values import record

REQUEST = ImportRequest(folder1="/card", output="/library")
PROBLEM = Problem("/card/broken.jpg", "can't be imported", "it ends too early")


def arrival(path: str, taken: str = "", source: DateSource = DateSource.EXIF_ORIGINAL, **facts: object) -> Arrival:
    """A picture of the input; a suffix of movies makes it a movie."""
    kind = FileKind.MOVIE if path.endswith(".mov") else FileKind.PICTURE
    found = record(path, root="/card", kind=kind)
    captured = CaptureDate(datetime.fromisoformat(taken), source) if taken else None
    folder = path.rpartition("/")[0]
    return Arrival(found, folder=folder, captured=captured, width=4000, height=3000, **facts)  # type: ignore[arg-type]


def review_of(
    *arrivals: Arrival,
    request: ImportRequest = REQUEST,
    corrections: dict[str, Correction] | None = None,
    folders: tuple[str, ...] = (),
    contents: dict[str, int] | None = None,
    library: tuple[str, ...] = (),
) -> ImportReview:
    """What the rules make of these arrivals."""
    standing = tuple(record(path, root="/library") for path in library)
    world = World(arrivals, standing, contents or {}, folders)
    made = conclude(world, request, corrections or {})
    return ImportReview(
        request, made.placed, made.plan, made.displaced, corrections=corrections or {}, world=world
    )  # fmt: skip


def camera() -> ImportReview:
    """One of everything that a filter tells apart."""
    return review_of(
        arrival("one.jpg", "2019-07-24T11:25:40"),
        arrival("two.jpg", "2019-07-24T12:00:00"),
        arrival("b/one.jpg", "2019-07-24T11:25:40"),
        arrival("undated.jpg"),
        replace(arrival("icon.jpg", "2019-08-01T00:00:00"), width=64, height=64),
        arrival("film.mov", "2020-01-02T03:04:05"),
        arrival("twin.jpg", "2010-01-02T03:04:05"),
        arrival("broken.jpg", problem=PROBLEM),
        request=replace(REQUEST, small=360),
        folders=("2019", "2010", "2010/01", "2010/01/02"),
        contents={"/card/twin.jpg": 1, "/library/2010/01/02/known.jpg": 1},
        library=("2010/01/02/known.jpg",),
    )


def keys_of(rows: ImportRows) -> dict[str, str]:
    """Keys of the files by where they are now."""
    return {one.arrival.record.relative: key for key, one in rows.files.items()}


# --- the tree ---------------------------------------------------------------------------------------------------------


def test_the_tree_has_years_first_and_counts_what_is_below() -> None:
    rows = ImportRows(camera())
    assert [(line.name, line.number, line.note) for line in rows.folders] == [
        ("2019", "3", ""),
        ("ImageSync_Duplicates", "1", "new folder"),
        ("ImageSync_ImageMovies", "1", "new folder"),
        ("ImageSync_NoDate", "1", "new folder"),
        ("ImageSync_Small", "1", "new folder"),
        ("Not imported", "1", ""),
    ]
    assert [(line.key, line.number) for line in rows.below("2019")] == [("2019/07", "2"), ("2019/b", "1")]
    assert [line.name for line in rows.in_folder("2019/07/24")] == ["one.jpg", "two.jpg"]
    assert [line.origin for line in rows.in_folder(OUTSIDE)] == ["broken.jpg"]
    assert rows.headline == "7 pictures and 1 movie · 6 new · 1 duplicate"
    assert rows.summary == "16 new folders · 1 without a date"


@pytest.mark.parametrize(
    ("relative", "date", "source", "note"),
    [
        ("one.jpg", "2019-07-24 11:25", "EXIF, date taken", ""),
        ("undated.jpg", "no date", "", "No date"),
        ("icon.jpg", "2019-08-01 00:00", "EXIF, date taken", "Small"),
        ("twin.jpg", "2010-01-02 03:04", "EXIF, date taken", "The same picture as 2010/01/02/known.jpg"),
        ("broken.jpg", "", "", "It ends too early"),
    ],
)
def test_a_file_says_its_date_and_what_is_special(relative: str, date: str, source: str, note: str) -> None:
    rows = ImportRows(camera())
    line = rows.line(keys_of(rows)[relative])
    assert (line.date, line.source, line.note) == (date, source, note)


def test_other_sources_and_rare_fates_in_words() -> None:
    day = CaptureDate(datetime(2019, 3, 4), DateSource.FILE_NAME, precision=Precision.DAY)
    rows = ImportRows(
        review_of(
            replace(arrival("IMG-20190304.jpg"), captured=day),
            arrival("2004-03 Trip/old.jpg"),
            arrival("future.jpg", doubt="2099-01-01"),
            arrival("raw.jpg", "2019-03-04T00:00:00", companions=(record("raw.xmp", root="/card"),)),
            replace(arrival("2019/03/04/here.jpg", "2019-03-04T01:00:00"), inside=True),
            arrival("a/here.jpg", "2019-03-04T01:00:00"),
            request=replace(REQUEST, ignored=("a",)),
        )
    )
    lines = {one: rows.line(key) for one, key in keys_of(rows).items()}
    assert (lines["IMG-20190304.jpg"].date, lines["IMG-20190304.jpg"].source) == ("2019-03-04", "file name")
    assert (lines["2004-03 Trip/old.jpg"].date, lines["2004-03 Trip/old.jpg"].source) == ("2004-03", "folder name")
    assert lines["future.jpg"].source == "it says 2099-01-01, which can't be true"
    assert lines["raw.jpg"].note == "With 1 file of its own"
    assert lines["2019/03/04/here.jpg"].note == "In its place"
    assert "1 in place" in rows.headline


def test_two_inputs_are_told_apart() -> None:
    both = replace(REQUEST, folder2="/phone")
    rows = ImportRows(review_of(arrival("one.jpg", "2019-07-24T11:25:40"), request=both))
    assert rows.line("f0").origin == "card/one.jpg"


def test_a_picture_that_makes_way_stands_among_the_duplicates() -> None:
    review = camera()
    way = Displaced(record("2010/old.jpg", root="/library"), "ImageSync_Duplicates/2010/old.jpg", "2010/Trip/new.jpg")
    rows = ImportRows(replace(review, displaced=(way,)))
    assert rows.folders[1].number == "2"
    line = rows.line("x0")
    assert line.origin == "2010/old.jpg"
    assert "2010/Trip/new.jpg" in line.note
    assert Mark.DUPLICATE in line.marks
    asked = confirmation(rows.review, Room())
    assert any("1 picture of the library is set aside" in words for words in asked.warnings)


def test_a_picture_that_gets_a_better_place_is_told_so() -> None:
    place = Displaced(record("2010/old.jpg", root="/library"), "2010/Trip/old.jpg", "/card/new.jpg", stays=True)
    rows = ImportRows(replace(camera(), displaced=(place,)))
    assert rows.line("x0").note == "A better place, which new.jpg has: the same picture, but that one holds less"
    assert Mark.DUPLICATE not in rows.line("x0").marks
    assert not any("set aside" in words for words in confirmation(rows.review, Room()).warnings)


def test_what_stands_twice_and_what_takes_a_place_over_is_told() -> None:
    contents = {"/card/Trip/a.jpg": 1, "/card/Party/a.jpg": 1}
    rows = ImportRows(
        review_of(
            arrival("Trip/a.jpg", "2019-07-24T11:25:40"),
            arrival("Party/a.jpg", "2019-07-24T11:25:40"),
            contents=contents,
        )
    )
    notes = {rows.line(key).note for key in rows.files}
    assert notes == {"", "The library has it too, in a folder that describes it as well"}
    over = replace(rows.review.placed[0], beside=False, takes_over=True, twin="/library/2019/Trip/old.jpg")
    rows = ImportRows(replace(rows.review, placed=(over,)))
    assert rows.line("f0").note == "Gets the place of old.jpg, the same picture, which holds less"


# --- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((), {"one.jpg", "two.jpg", "b/one.jpg", "undated.jpg", "icon.jpg", "film.mov", "twin.jpg", "broken.jpg"}),
        ((Mark.UNDATED,), {"undated.jpg"}),
        ((Mark.DUPLICATE,), {"twin.jpg"}),
        ((Mark.SMALL,), {"icon.jpg"}),
        ((Mark.MOVIE,), {"film.mov"}),
        ((Mark.STAYS,), {"broken.jpg"}),
        ((Mark.SMALL, Mark.MOVIE), {"icon.jpg", "film.mov"}),
    ],
)
def test_filters_pick_out(marks: tuple[Mark, ...], expected: set[str]) -> None:
    rows = ImportRows(camera())
    for mark in marks:
        rows.toggle(mark)
    shown = rows.expanded(line.key for line in rows.folders)
    assert {rows.files[key].arrival.record.relative for key in shown} == expected
    assert all(rows.way_to(key) for key in shown)
    assert not any(rows.way_to(key) for key in rows.files if key not in shown)
    for mark in marks:
        rows.toggle(mark)
    assert len(rows.expanded(line.key for line in rows.folders)) == len(rows.files)


def test_only_filters_that_pick_something_are_offered_and_kept() -> None:
    rows = ImportRows(camera(), {Mark.SMALL, Mark.CORRECTED})
    assert rows.filters == {Mark.SMALL}
    assert [words for _mark, words in rows.offered] == [
        *("New 6", "No date 1", "Duplicates 1", "Small 1", "Movies 1", "Can't be read 1"),
    ]
    assert len({mark_words(mark) for mark in Mark}) == len(Mark)


def test_what_is_renamed_can_be_picked_out() -> None:
    rows = ImportRows(
        review_of(
            arrival("a/one.jpg", "2019-07-24T11:25:40"),
            arrival("b/one.jpg", "2019-07-24T11:25:41"),
            request=replace(REQUEST, ignored=("a", "b")),
        )
    )
    rows.toggle(Mark.ROLLED_OVER)
    lines = [(line.name, line.note) for line in rows.in_folder("2019/07/24")]
    assert lines == [("one(1).jpg", "Renamed, its name is taken")]


def test_what_is_in_its_place_is_shown_when_asked_for() -> None:
    here = replace(arrival("2019/07/24/one.jpg", "2019-07-24T11:25:40"), inside=True)
    rows = ImportRows(review_of(here, arrival("two.jpg", "2019-07-24T12:00:00"), folders=("2019/07/24",)))
    assert rows.expanded(["2019"]) == ["f1"]
    rows.toggle(Mark.IN_PLACE)
    assert rows.expanded(["2019"]) == ["f0"]


def test_a_branch_without_a_path_is_the_library_itself() -> None:
    rows = ImportRows(camera())
    rows._know([Branch("", 1, 1, new=False)])
    assert rows._branches[TOP].path == ""


# --- corrections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("", None),
        ("2004", PartialDate(2004)),
        (" 2004-03 ", PartialDate(2004, 3)),
        ("2004-3-5", PartialDate(2004, 3, 5)),
        ("2004/03/05", PartialDate(2004, 3, 5)),
        ("20040305", PartialDate(2004, 3, 5)),
    ],
)
def test_dates_as_they_are_typed(text: str, date: PartialDate | None) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize("text", ["2004-13", "2004-02-30", "yesterday", "12", "0012-05-06", "2004 Picnic", "2999"])
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        read_date(text)


def form_for(review: ImportReview, *relatives: str) -> CorrectionForm:
    chosen = [one for one in review.placed if one.arrival.record.relative in relatives]
    return CorrectionForm(chosen, review.request, review.corrections)


TYPED = [
    (Typed("1999-12-24", ""), Correction(PartialDate(1999, 12, 24)), "1999/12/24"),
    (Typed("1999", "Christmas"), Correction(PartialDate(1999), ("Christmas",)), "1999/Christmas"),
    (Typed("", "Italy/Rome"), Correction(None, ("Italy", "Rome")), "ImageSync_NoDate/Italy/Rome"),
]


@pytest.mark.parametrize(("typed", "correction", "place"), TYPED)
def test_what_is_typed_becomes_a_correction(typed: Typed, correction: Correction, place: str) -> None:
    form = form_for(camera(), "undated.jpg")
    assert form.start == Typed("", "")
    assert form.title == "undated.jpg"
    assert form.corrections(typed) == {"/card/undated.jpg": correction}
    assert form.preview(typed) == f"{place}  (1 file)"
    again = review_of(arrival("undated.jpg"), corrections=form.corrections(typed))
    assert again.placed[0].folder == place, "the plan says what the preview said"


def test_a_field_that_was_not_changed_changes_nothing() -> None:
    known = {"/card/2004-03-05 Trip/one.jpg": Correction(PartialDate(1999, 12, 24))}
    review = review_of(
        arrival("2004-03-05 Trip/one.jpg", "2004-03-05T10:00:00"),
        arrival("2004-03-05 Trip/two.jpg", "2004-03-05T10:00:00"),
        corrections=known,
    )
    form = form_for(review, "2004-03-05 Trip/one.jpg", "2004-03-05 Trip/two.jpg")
    assert form.title == "2 files"
    assert form.start == Typed("", "Trip")
    assert len(form.mixed) == 1
    assert form.corrections(form.start) == known
    assert form.corrections(Typed("", "")) == {
        "/card/2004-03-05 Trip/one.jpg": Correction(PartialDate(1999, 12, 24), ()),
        "/card/2004-03-05 Trip/two.jpg": Correction(None, ()),
    }
    assert form.can_take_back
    assert form.taken_back() == {}
    rows = ImportRows(review)
    assert (rows.line("f0").date, rows.line("f0").source) == ("1999-12-24", "your correction")
    assert form_for(review, "2004-03-05 Trip/one.jpg").start.date == "1999-12-24"


def test_many_places_are_counted() -> None:
    review = review_of(*(arrival(f"{month}.jpg", f"2019-0{month}-01T00:00:00") for month in range(1, 7)))
    form = CorrectionForm(review.placed, REQUEST, {})
    assert form.preview(form.start).splitlines()[-1] == "and 3 other folders"
    assert form.preview(Typed("2004-13", "")) == ""
    assert "is no date" in form.mistake(Typed("2004-13", ""))


# --- tiles ------------------------------------------------------------------------------------------------------------


def test_tiles_of_a_folder_and_of_a_file() -> None:
    rows = ImportRows(camera())
    tiles, records, left_out, marked = tiles_of(rows, ["2019/07/24"], "2019/07/24")
    assert [tile.title for tile in tiles] == ["one.jpg", "two.jpg"]
    assert [found.relative for found in records] == ["one.jpg", "two.jpg"]
    assert (left_out, marked) == (0, None)
    key = keys_of(rows)["undated.jpg"]
    tiles, _records, _left, marked = tiles_of(rows, [key], key)
    assert tiles[0].mark == "No date"
    assert tiles[0].lines[:2] == ("no date", "to ImageSync_NoDate")
    assert marked == tiles[0].picture == 3


def test_a_large_selection_is_cut() -> None:
    rows = ImportRows(review_of(*(arrival(f"{number}.jpg", "2019-07-24T11:25:40") for number in range(MOST_TILES + 5))))
    tiles, records, left_out, _marked = tiles_of(rows, ["2019"], "2019")
    assert (len(tiles), len(records), left_out) == (MOST_TILES, MOST_TILES, 5)


# --- the form ---------------------------------------------------------------------------------------------------------


def test_the_form_makes_a_request() -> None:
    form = ImportForm(Preferences(exclude="*.gif; cache/*"))
    form.folder1.text, form.output.text = "/card", "/library"
    assert form.filled_in
    assert form.request(Preferences()) == REQUEST
    assert form.request(Preferences(exclude="*.gif; cache/*")).exclude == ("*.gif", "cache/*")
    form.small, form.small_limit, form.zone, form.ignored = True, " 512 ", " UTC ", "Scans;  Phone "
    form.transfer, form.convert, form.folder2.text = Transfer.COPY, True, "/phone"
    request = form.request(Preferences())
    assert (request.small, request.zone, request.ignored) == (512, "UTC", ("Scans", "Phone"))
    assert (request.transfer, request.convert, request.inputs) == (Transfer.COPY, True, ("/card", "/phone"))
    form.small_limit = "many"
    assert form.request(Preferences()).small < 0, "the engine refuses it in words"
    form.zone = "this computer's"
    assert form.request(Preferences()).zone == ""


def test_prefix_and_crowded_folders_of_the_form() -> None:
    form = ImportForm(Preferences())
    assert form.unusual == 0
    form.prefix, form.crowded = " Family ", "40"
    assert (form.request(Preferences()).prefix, form.request(Preferences()).crowded) == ("Family", 40)
    assert form.unusual == 2
    form.crowded = "some"
    assert form.request(Preferences()).crowded < 1, "the engine refuses it in words"
    form.audit = False
    assert form.request(Preferences()).crowded == DEFAULT_CROWDED, "nobody warns, so nothing can be wrong with it"


def test_the_next_form_begins_with_the_choices_of_the_last_scan(home: Path) -> None:  # noqa: ARG001 - preferences
    form = ImportForm(Preferences())
    form.transfer, form.prefix, form.small, form.small_limit, form.audit = Transfer.COPY, "Family", True, "500", False
    form.rejudge = True
    preferences.save_preferences(form.remembered(Preferences()))
    again = ImportForm(preferences.load_preferences())
    assert (again.transfer, again.prefix, again.small, again.small_limit, again.audit) == (
        Transfer.COPY, "Family", True, "500", False,
    )  # fmt: skip
    assert not again.rejudge, "that is asked for each time"
    assert (preferences.load_preferences().choices["import"]["zone"], again.zone) == ("", "this computer's")
    damaged = Preferences(
        choices={"import": {"prefix": True, "small": "yes", "transfer": "link", "folder1": "/x", "zone": "UTC"}}
    )
    kept = ImportForm(damaged)
    assert (kept.prefix, kept.small, kept.transfer, kept.folder1.text) == ("ImageSync", False, Transfer.MOVE, "")
    assert kept.zone == "UTC"


def test_the_form_keeps_mistakes_and_folders() -> None:
    form = ImportForm(Preferences())
    form.folder1.text = "/card"
    form.show_mistakes({"folder1": "no", "output": "Choose the library", "zone": "no such zone"})
    assert (form.folder1.mistake, form.output.mistake) == ("no", "")
    assert form.mistakes == {"zone": "no such zone"}
    kept = form.remembered(Preferences())
    assert kept.recent == {"import folder1": ("/card",)}
    assert ImportForm(kept).folder1.choices == ["/card"]


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({}, False),
        ({"transfer": Transfer.COPY}, False),
        ({"convert": True}, False),
        ({"set_dates": True}, False),
        ({"flat_dates": True}, True),
        ({"live_together": True}, True),
        ({"audit": False}, False),
        ({"by_name": True}, True),
        ({"folder2": "/phone"}, True),
        ({"output": "/other"}, True),
        ({"exclude": ("*.gif",)}, True),
        ({"zone": "UTC"}, True),
        ({"use_mtime": True}, True),
        ({"small": 360}, True),
        ({"ignored": ()}, True),
        ({"rejudge": True}, True),
    ],
)
def test_what_needs_another_scan(change: dict[str, object], again: bool) -> None:
    assert bool(why_scan_again(REQUEST, replace(REQUEST, **change))) is again  # type: ignore[arg-type]


# --- the question before and the words after --------------------------------------------------------------------------


def test_the_question_says_what_happens() -> None:
    review = camera()
    asked = confirmation(review, Room(needed=0, free=10**9))
    assert "leave the folder" in asked.question
    assert ("What", "Move 7 files") in asked.facts
    assert asked.verb == "Import"
    assert any("1 file has no date" in words for words in asked.warnings)
    copied = confirmation(replace(review, request=replace(REQUEST, transfer=Transfer.COPY)), Room())
    assert "The input stays as it is" in copied.question


def test_nothing_to_do_is_said_with_the_reason() -> None:
    here = replace(arrival("2019/07/24/one.jpg", "2019-07-24T11:25:40"), inside=True)
    review = review_of(here)
    assert review.count(Fate.IN_PLACE) == 1
    assert not any(isinstance(one, Operation) and one.action is Action.MOVE for one in review.plan.operations)
    said = nothing_to_do(review)
    assert said.good
    assert said.facts == ("1 file is in its place.",)
    assert not nothing_to_do(replace(review, problems=(PROBLEM,))).good


# --- search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("film", {"film.mov"}),
        ("kind:movie", {"film.mov"}),
        ("date:2010", {"twin.jpg"}),
        ("is:no-date", {"undated.jpg"}),
        ("is:small", {"icon.jpg"}),
        ("folder:b name:one", {"b/one.jpg"}),
        ("pixels<1MP", {"icon.jpg"}),
        ("zebra", set()),
    ],
)
def test_a_search_picks_out(text: str, found: set[str]) -> None:
    rows = ImportRows(camera())
    rows.search(parsed(text))
    shown = {rows.files[key].arrival.record.relative for key in rows.expanded(line.key for line in rows.folders)}
    assert shown == found
    assert rows.shown == len(found)
    again = ImportRows(camera(), rows.filters, rows.query)
    assert again.shown == len(found)
    rows.search(parsed(""))
    assert rows.shown == ImportRows(camera()).shown


def test_a_search_also_finds_what_is_in_its_place_and_goes_with_filters() -> None:
    here = Arrival(record("2019/07/24/here.jpg", root="/library"), folder="2019/07/24", inside=True)
    rows = ImportRows(review_of(here, arrival("film.mov", "2020-01-02T03:04:05"), folders=("2019/07/24",)))
    rows.search(parsed("here"))
    assert rows.shown == 1
    rows.toggle(Mark.MOVIE)
    assert rows.shown == 0


# --- corrections on the disk ------------------------------------------------------------------------------------------

ARRIVALS = [arrival("one.jpg"), arrival("caf\udce9.jpg"), arrival("film.mov")]
CORRECTED = {
    "/card/one.jpg": Correction(PartialDate(2004, 3), ("Picnic", "Lake")),
    "/card/caf\udce9.jpg": Correction(PartialDate(2004)),
    "/card/film.mov": Correction(None, ()),
}


def test_corrections_come_back_for_what_is_as_it_was(home: Path) -> None:  # noqa: ARG001 - the state folder
    assert saved_corrections.load(REQUEST, ARRIVALS) == {}
    saved_corrections.save(REQUEST, CORRECTED, ARRIVALS)
    assert saved_corrections.load(REQUEST, ARRIVALS) == CORRECTED
    touched = replace(ARRIVALS[0], record=replace(ARRIVALS[0].record, mtime_ns=7))
    assert set(saved_corrections.load(REQUEST, [touched, *ARRIVALS[1:]])) == {*CORRECTED} - {"/card/one.jpg"}
    assert saved_corrections.load(replace(REQUEST, output="/other"), ARRIVALS) == {}
    saved_corrections.save(REQUEST, {}, ARRIVALS)
    assert not Path(saved_corrections.place_of(REQUEST)).exists()


@pytest.mark.parametrize(
    "written",
    [
        None,
        7,
        [],
        {},
        {"date": "2004-13"},
        {"date": "soon"},
        {"date": 2004},
        {"date": "", "levels": ["Picnic"]},
        {"levels": "Picnic"},
        {"levels": [1]},
    ],
)
def test_what_is_no_correction_is_passed_over(home: Path, written: object) -> None:  # noqa: ARG001 - the state folder
    saved_corrections.save(REQUEST, CORRECTED, ARRIVALS)
    place = Path(saved_corrections.place_of(REQUEST))
    document = json.loads(place.read_text())
    document["corrections"] = {"/card/one.jpg": written}
    place.write_text(json.dumps(document))
    assert saved_corrections.load(REQUEST, ARRIVALS) == {}
