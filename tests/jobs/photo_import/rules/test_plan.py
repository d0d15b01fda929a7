"""The rules of *import* on trees that never were on a disk: nothing vanishes, nothing moves twice, no order matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.base import paths
from image_sync.base.model import Action, FileKind
from image_sync.jobs.photo_import.model import Arrival, Correction, Fate, Placed
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.places import Places, date_of, levels_of
from image_sync.jobs.photo_import.rules.slots import Slots
from image_sync.jobs.photo_import.rules.tree import destination
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.dates import PartialDate
from tests.jobs.photo_import.rules.world import INPUT, OUTPUT, Disk, File, concluded

NAMES = (
    *("a.jpg", "A.JPG", "a(1).jpg", "b.jpg", "b.jpeg", "c.heic", "c.png", "IMG_20190304_120102.jpg"),
    *("a.cr2", "b.nef", "a.mov", "c.mov", "d.avi"),
    *("a.xmp", "a.jpg.xmp", "a.jpg.json", "b.aae", "d.thm", "a.wav", "notes.txt"),
)
FOLDERS = (
    *("2004", "2004-03", "2004-03-05", "2003-05-06 Picnic", "Picnic 2003", "Picnic", "picnic", "trip", "12 Monkeys"),
    *("05", "06", "DCIM", "100CANON", "Pictures", "S_NoDate", "S_Small", "S_Duplicates", "S_ImageMovies", "x" * 250),
)
DAYS = ("", "", "2003-05-06", "2004-03-05", "2010-07-08")

FILES = st.builds(
    File,
    st.sampled_from("ABCD"),
    st.sampled_from(DAYS),
    side=st.sampled_from([100, 1000]),
    more=st.sampled_from([0, 0, 1]),
)
PLACES = st.lists(st.sampled_from(FOLDERS), max_size=3).map("/".join)


def trees(root: str, most: int) -> st.SearchStrategy[dict[str, File]]:
    """Files below ``root``; no two names that one file system could not hold side by side."""
    files = st.dictionaries(st.tuples(PLACES, st.sampled_from(NAMES)), FILES, max_size=most)
    return files.map(lambda found: _distinct({paths.join(root, *place): file for place, file in found.items()}))


def _distinct(files: dict[str, File]) -> dict[str, File]:
    folders = {paths.folded(paths.parent(path)): paths.parent(path) for path in files}
    unique = {paths.folded(path): path for path in files if folders[paths.folded(paths.parent(path))] in path}
    return {path: files[path] for path in unique.values()}


@st.composite
def disks(draw: st.DrawFn) -> tuple[Disk, ImportRequest]:
    """An input, a library, and what is chosen."""
    where = draw(st.sampled_from(["apart", "same", "child", "parent"]))
    output = "/in/lib" if where == "parent" else OUTPUT
    source = {"same": output, "child": f"{output}/Picnic"}.get(where, INPUT)
    found = {**draw(trees(output, 8)), **draw(trees(source, 8))}
    found = _distinct(found)
    numbered = {path: replace(file, number=number) for number, (path, file) in enumerate(found.items(), 1)}
    disk = Disk(numbered, {"/in", output, source})
    request = ImportRequest(
        source,
        output,
        transfer=draw(st.sampled_from([Transfer.MOVE, Transfer.MOVE, *([Transfer.COPY] if source != output else [])])),
        prefix="S",
        small=draw(st.sampled_from([0, 0, 360])),
        flat_dates=draw(st.booleans()),
        live_together=draw(st.booleans()),
        by_name=draw(st.booleans()),
        convert=draw(st.booleans()),
        crowded=3,
    )
    return disk, request


def numbers(disk: Disk) -> Counter[int]:
    return Counter(file.number for file in disk.files.values())


calm = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@calm
@given(disks(), st.integers(0, 9))
def test_nothing_vanishes_nothing_moves_twice_and_no_order_matters(
    chosen: tuple[Disk, ImportRequest], order: int
) -> None:
    disk, request = chosen
    before = Counter(numbers(disk))
    other = Disk(dict(disk.files), set(disk.folders))
    sources = dict(disk.files)
    disk.carry_out(concluded(disk, request))
    assert all(numbers(disk)[number] >= 1 for number in before), "a file vanished"
    if request.transfer is Transfer.COPY:
        kept = [path for path in sources if not path.endswith(".heic") and not _inside(path, request)]
        assert all(disk.files[path] == sources[path] for path in kept), "a copy leaves its source alone"
    else:
        assert {number: count for number, count in numbers(disk).items() if number in before} == dict(before)
    again = concluded(disk, request)
    assert again.plan.operations == (), "a second run has something to do"
    other.carry_out(concluded(other, request, order=order))
    assert other.files == disk.files, "the order of the scan matters"
    assert other.folders == disk.folders


def _inside(path: str, request: ImportRequest) -> bool:
    return paths.is_inside(path, request.output)


@pytest.mark.slow
@calm
@given(disks())
def test_every_picture_ends_below_a_year_or_where_it_was(chosen: tuple[Disk, ImportRequest]) -> None:
    disk, request = chosen
    for placed in concluded(disk, request).placed:
        if placed.fate is Fate.NEW and placed.target:
            parts = paths.components(placed.target)
            inner = parts[1:] if parts[0] in ("S_Small", "S_ImageMovies") else parts
            assert inner[0] == "S_NoDate" or (len(inner[0]) == 4 and inner[0].isdigit())
            assert (inner[0] == "S_NoDate") is placed.undated


@pytest.mark.slow
@calm
@given(disks())
def test_units_are_never_split(chosen: tuple[Disk, ImportRequest]) -> None:
    """The files of a unit end in one folder, but for the movie (and its sidecars), which has a tree of its own."""
    disk, request = chosen
    conclusion = concluded(disk, request)
    for placed in conclusion.placed:
        if not placed.target or placed.fate is not Fate.NEW:
            continue
        for record, target in zip(placed.arrival.files, placed.targets, strict=True):
            in_movies = "S_ImageMovies" in paths.components(target) and not placed.movie
            assert in_movies or paths.parent(target) == paths.parent(placed.target), (record, placed)
            assert not in_movies or any(one.kind is FileKind.MOVIE for one in placed.arrival.companions)


# --- the twin of a twin ---------------------------------------------------------------------------------------------


def importing(arriving: dict[str, File], library: dict[str, File] | None = None, **options: Any) -> Disk:
    """The disk after an import from ``/in`` to ``/lib``."""
    files = {f"{INPUT}/{path}": file for path, file in arriving.items()}
    files |= {f"{OUTPUT}/{path}": file for path, file in (library or {}).items()}
    numbered = {path: replace(file, number=number) for number, (path, file) in enumerate(files.items(), 1)}
    disk = Disk(numbered, {INPUT, OUTPUT})
    disk.carry_out(concluded(disk, ImportRequest(INPUT, OUTPUT, prefix="S", **options)))
    return disk


def library(disk: Disk) -> list[str]:
    return sorted(path[len(OUTPUT) + 1 :] for path in disk.files if paths.is_inside(path, OUTPUT))


A, B = File("A", "2003-05-06"), File("B", "2003-05-06")


def test_a_better_newcomer_displaces_every_worse_copy() -> None:
    disk = importing(
        {"2003_trip/day/a.jpg": A}, {"2003/05/06/a.jpg": A, "2003/trip/a.jpg": A, "2003/party/day/a.jpg": A}
    )
    assert library(disk) == [
        "2003/party/day/a.jpg",
        "2003/trip/day/a.jpg",
        "S_Duplicates/2003/05/06/a.jpg",
        "S_Duplicates/2003/trip/a.jpg",
    ]


def test_a_place_that_is_vacated_can_be_taken_in_the_same_run() -> None:
    disk = importing({"2003_trip/a.jpg": A, "a.jpg": B}, {"2003/05/06/a.jpg": A})
    assert library(disk) == ["2003/05/06/a.jpg", "2003/trip/a.jpg", "S_Duplicates/2003/05/06/a.jpg"]
    assert disk.files[f"{OUTPUT}/2003/05/06/a.jpg"].look == "B"


def test_an_operation_waits_for_the_one_that_makes_room() -> None:
    disk = Disk({f"{INPUT}/2003_trip/a.jpg": A, f"{INPUT}/a.jpg": B, f"{OUTPUT}/2003/05/06/a.jpg": A}, {INPUT, OUTPUT})
    operations = concluded(disk, ImportRequest(INPUT, OUTPUT, prefix="S")).plan.operations
    (taking,) = [one for one in operations if one.destination == f"{OUTPUT}/2003/05/06/a.jpg"]
    assert taking.follows is not None
    assert operations[taking.follows].source == f"{OUTPUT}/2003/05/06/a.jpg"


def test_names_beyond_the_limit_stay_within_it() -> None:
    name = "x" * 251 + ".jpg"
    disk = importing({f"p{number}/{name}": File(f"look {number}") for number in range(3)} | {}, flat_dates=True)
    assert all(len(path.encode()) <= 255 for file in library(disk) for path in file.split("/"))
    disk = importing({name: A, f"1/{name}": B})
    assert library(disk) == sorted([f"2003/05/06/{'x' * 248}(1).jpg", f"2003/05/06/{name}"])


# --- corrections ------------------------------------------------------------------------------------------------------

CORRECTIONS = [
    ("a.jpg", "2003-05-06", Correction(PartialDate(2010, 7, 8)), "2010/07/08/a.jpg"),
    ("a.jpg", "", Correction(PartialDate(1985)), "1985/a.jpg"),
    ("a.jpg", "", Correction(PartialDate(1985, 7)), "1985/07/a.jpg"),
    ("a.jpg", "2003-05-06", Correction(levels=("Picnic",)), "2003/Picnic/a.jpg"),
    ("a.jpg", "", Correction(levels=("Picnic", "Lake")), "S_NoDate/Picnic/Lake/a.jpg"),
    ("a.jpg", "", Correction(PartialDate(1985, 7, 9), ("Picnic",)), "1985/Picnic/a.jpg"),
    ("2004-03-05 Trip/a.jpg", "2003-05-06", Correction(PartialDate(2010, 7, 8)), "2010/07-08 Trip/a.jpg"),
    ("2004-03 Trip/a.jpg", "", Correction(PartialDate(2010, 7, 8)), "2010/07 Trip/a.jpg"),
    ("2004-03-05 Trip/a.jpg", "", Correction(PartialDate(2010)), "2010/Trip/a.jpg"),
    ("2004-03-05 Trip/a.jpg", "", Correction(levels=("Lake",)), "2004/03-05 Lake/a.jpg"),
    ("2004-03-05 Trip/a.jpg", "", Correction(levels=()), "2004/03/05/a.jpg"),
    ("2004-03-05 Trip/a.jpg", "2003-05-06", Correction(levels=()), "2003/05/06/a.jpg"),
    ("2004/a.jpg", "2003-05-06", Correction(PartialDate(2010, 7, 8)), "2010/a.jpg"),
    ("Trip/a.jpg", "", Correction(), "S_NoDate/Trip/a.jpg"),
]


@pytest.mark.parametrize(("source", "taken", "correction", "expected"), CORRECTIONS)
def test_the_user_knows_better(source: str, taken: str, correction: Correction, expected: str) -> None:
    disk = Disk({f"{INPUT}/{source}": File("A", taken)}, {INPUT, OUTPUT})
    request = ImportRequest(INPUT, OUTPUT, prefix="S")
    conclusion = concluded(disk, request, {f"{INPUT}/{source}": correction})
    disk.carry_out(conclusion)
    assert library(disk) == [expected]
    assert conclusion.placed[0].corrected
    if correction.date is not None:
        assert conclusion.placed[0].dated_by == "your correction"


def test_a_correction_may_find_a_twin() -> None:
    disk = Disk({f"{INPUT}/a.jpg": File("A"), f"{OUTPUT}/2003/trip/a.jpg": A}, {INPUT, OUTPUT})
    conclusion = concluded(
        disk,
        ImportRequest(INPUT, OUTPUT, prefix="S"),
        {f"{INPUT}/a.jpg": Correction(PartialDate(2003), ("trip", "lake"))},
    )
    disk.carry_out(conclusion)
    assert library(disk) == ["2003/trip/lake/a.jpg", "S_Duplicates/2003/trip/a.jpg"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2004", (2004,)),
        ("2004-03", (2004, 3)),
        ("2004-3-5", (2004, 3, 5)),
        ("20040305", (2004, 3, 5)),
        ("2004/03/05", (2004, 3, 5)),
    ],
)
def test_dates_as_they_are_typed(text: str, expected: tuple[int, ...]) -> None:
    assert date_of(f" {text} ") == PartialDate(*expected)
    assert date_of("") is None


@pytest.mark.parametrize("text", ["yesterday", "13", "0012-01-01", "2099-01-01", "2004-13-45", "2004 Picnic", "x2004"])
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        date_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trip", ("Trip",)),
        (" Trip / Day 1 ", ("Trip", "Day 1")),
        ("a\\b", ("a", "b")),
        ("../x", ("x",)),
        ("", ()),
        ("a\nb", ("a b",)),
    ],
)
def test_descriptions_as_they_are_typed(text: str, expected: tuple[str, ...]) -> None:
    assert levels_of(text) == expected


# --- the tree that is shown -------------------------------------------------------------------------------------------


def placed(target: str) -> Placed:
    return Placed(Arrival(None), Fate.NEW, "", targets=(target,))  # type: ignore[arg-type]


def shown(branches: Iterable[Any], depth: int = 0) -> list[str]:
    lines = []
    for one in branches:
        lines.append(f"{'  ' * depth}{one.name} {one.direct}/{one.total}{' new' if one.new else ''}")
        lines += shown(one.children, depth + 1)
    return lines


def test_the_destination_is_a_tree_with_counts() -> None:
    targets = ["2003/05/06/a.jpg", "2003/05/06/b.jpg", "2003/trip/c.jpg", "2003/d.jpg", "S_NoDate/e.jpg", "f.jpg"]
    branches = destination(map(placed, targets), ["2003", "2003/Trip"])
    assert shown(branches) == [
        " 1/1",
        "2003 1/4",
        "  05 0/2 new",
        "    06 2/2 new",
        "  trip 1/1",
        "S_NoDate 1/1 new",
    ]


def test_slots_are_the_smallest_free_ones() -> None:
    slots = Slots(["x/a.jpg", "x/A(1).JPG", "x/a(3).jpg"])
    assert slots.free(["a.jpg"], ["x"]).targets == ("x/a(2).jpg",)
    slots.take(["x/a(2).jpg"])
    assert slots.free(["a.jpg"], ["X"]).targets == ("X/a(4).jpg",)
    slots.vacate("x/a.jpg", 7)
    found = slots.free(["a.jpg"], ["x"])
    assert (found.targets, found.after) == (("x/a.jpg",), 7)


def test_places_know_their_system_folders() -> None:
    places = Places(ImportRequest(INPUT, OUTPUT, prefix="S"))
    assert places.plain("S_ImageMovies/2003/trip") == "2003/trip"
    assert places.plain("S_NoDate/trip") == "S_NoDate/trip"
    assert places.plain("Summer/trip") == "Summer/trip"
    arrival = Arrival(None, folder="2004-03-05 Trip")  # type: ignore[arg-type]
    place = places.of(arrival)
    assert (place.folder, str(place.day), place.dated_by, place.undated) == (
        "2004/03-05 Trip",
        "2004-03-05",
        "folder name",
        False,
    )
    assert date(2004, 3, 5) and Action.MOVE


def test_the_richer_of_two_with_different_dates_gets_no_place_that_its_own_date_would_leave() -> None:
    disk = Disk(
        {
            "/lib/2004/a.jpg": File("D", "2004-03-05", 2, 100, 1),
            "/lib/2004-03/a.jpg": File("D", "2003-05-06", 3, 100, 0),
        },
        {"/lib", "/lib/2004", "/lib/2004-03"},
    )
    request = ImportRequest(folder1="/lib", output="/lib", prefix="S", crowded=3)
    disk.carry_out(concluded(disk, request))
    assert sorted(disk.files) == ["/lib/2003/05/a.jpg", "/lib/2004/a.jpg"], "neither is set aside for the other"
    assert concluded(disk, request).plan.operations == ()
