"""A unit and a copy of one of its parts: one of them stays, the richer one, at the better place, in any order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.base import paths
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.described import Worth, worth_of
from image_sync.jobs.photo_import.rules.target import agrees
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.dates import PartialDate
from tests.jobs.photo_import.rules.world import INPUT, OUTPUT, Disk, File, concluded

DAY = "2019-07-06"
STILL, MOVIE, RAW = File("still", DAY), File("movie", DAY), File("raw", DAY)
UNITS = {
    "Live Photo": {"IMG_1.jpg": STILL, "IMG_1.mov": MOVIE},
    "RAW and JPEG": {"IMG_1.jpg": STILL, "IMG_1.cr2": RAW},
    "motion photo": {"IMG_1.jpg": File("still", DAY, more=1)},
}
COPIES = {"still.jpg": STILL}


def numbered(files: dict[str, File]) -> dict[str, File]:
    return {
        path: File(file.look, file.taken, number, file.side, file.more)
        for number, (path, file) in enumerate(files.items(), 1)
    }


def imported(*batches: dict[str, File], **options: object) -> dict[str, str]:
    """Contents of the library (less what was set aside) after imports of some batches one after the other."""
    files: dict[str, File] = {}
    for batch in batches:
        arriving = {f"{INPUT}/{path}": file for path, file in batch.items()}
        disk = Disk(numbered(files | arriving), {INPUT, OUTPUT})
        chosen = ImportRequest(INPUT, OUTPUT, prefix="S", **options)  # type: ignore[arg-type]
        disk.carry_out(concluded(disk, chosen))
        files = {path: file for path, file in disk.files.items() if paths.is_inside(path, OUTPUT)}
        again = Disk(dict(files), set(disk.folders))
        assert concluded(again, ImportRequest(OUTPUT, OUTPUT, prefix="S")).plan.operations == ()
    kept = {path[len(OUTPUT) + 1 :]: file.look for path, file in files.items()}
    return {path: look for path, look in kept.items() if not path.startswith("S_Duplicates")}


def at(folder: str, files: dict[str, File]) -> dict[str, File]:
    return {paths.join(folder, name): file for name, file in files.items()}


@pytest.mark.parametrize("what", UNITS)
@pytest.mark.parametrize("described", ["2019-07-04 Wedding", "2019-07 Italy", "Wedding"])
def test_they_end_as_one_unit_at_the_better_place(what: str, described: str) -> None:
    unit, copy = at("DCIM/100CANON", UNITS[what]), at(described, COPIES)
    place = {"2019-07-04 Wedding": "2019/07-04 Wedding", "2019-07 Italy": "2019/07 Italy", "Wedding": "2019/Wedding"}
    wanted = {
        paths.join("S_ImageMovies" * name.endswith(".mov"), place[described], name): file.look
        for name, file in UNITS[what].items()
    }
    assert imported(unit, copy) == imported(copy, unit) == imported(unit | copy) == wanted


@pytest.mark.parametrize("what", ["Live Photo", "RAW and JPEG"])
def test_a_copied_unit_takes_the_place_of_its_still(what: str) -> None:
    unit, copy = at("DCIM/100CANON", UNITS[what]), at("2019-07-04 Wedding", COPIES)
    found = imported(copy, unit, transfer=Transfer.COPY)
    assert sorted(found.values()) == sorted(file.look for file in UNITS[what].values())
    assert all("2019/07-04 Wedding" in path for path in found)


FOLDERS = st.sampled_from(
    [
        *("", "2019", "2019-07", "2019-07-06", "Wedding", "2019-07-04 Wedding", "2019-07-04 Wedding/church"),
        *("2011-01-01 Old", "iPhone Anna", "unsorted", "DCIM/100CANON", "2019 Wedding", "2019-07-05 Party"),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(UNITS)), st.lists(FOLDERS, min_size=1, max_size=3), FOLDERS, st.randoms())
def test_a_unit_and_its_copies_are_one_in_any_order(what: str, copies: list[str], folder: str, chance: object) -> None:
    """However they come, no copy of a part stands beside the whole."""
    unit = {f"camera/{name}": file for name, file in at(folder, UNITS[what]).items()}
    batches = [
        unit,
        *({f"c{n}/{path}": file} for n, where in enumerate(copies) for path, file in at(where, COPIES).items()),
    ]
    batches = [{path.split("/", 1)[1]: file for path, file in batch.items()} for batch in batches]
    chance.shuffle(batches)  # type: ignore[attr-defined]
    looks = sorted(imported(*batches).values())
    assert looks == sorted(file.look for file in UNITS[what].values())


WORTHS = [
    ((), Worth.NOTHING),
    (("unsorted",), Worth.UNSORTED),
    (("New Folder (2)",), Worth.UNSORTED),
    (("Neuer Ordner",), Worth.UNSORTED),
    (("Nouveau dossier 3",), Worth.UNSORTED),
    (("zu sortieren",), Worth.EVENT),  # "zu" is no word of ours: in doubt it was written on purpose
    (("Opa",), Worth.WHOSE),
    (("Mama und Papa",), Worth.WHOSE),
    (("iPhone",), Worth.WHOSE),
    (("iPhone von Anna",), Worth.WHOSE),
    (("Anna's phone",), Worth.WHOSE),
    (("Canon EOS 70D",), Worth.WHOSE),
    (("Samsung Galaxy S7 Bernd",), Worth.WHOSE),
    (("Skiurlaub Zermatt",), Worth.EVENT),
    (("New Zealand",), Worth.EVENT),
    (("Old Town",), Worth.EVENT),
    (("Papas 60. Geburtstag",), Worth.EVENT),
    (("Handy Hochzeit Maria und Jan",), Worth.EVENT),
    (("x",), Worth.EVENT),
    (("y",), Worth.EVENT),
    (("day1",), Worth.EVENT),
    (("12 Monkeys",), Worth.EVENT),
    (("\N{BEACH WITH UMBRELLA}",), Worth.EVENT),
    (("Opa", "unsorted"), Worth.WHOSE),
    (("iPhone", "Wedding"), Worth.EVENT),
]


@pytest.mark.parametrize(("levels", "worth"), WORTHS)
def test_the_worth_of_a_description(levels: tuple[str, ...], worth: Worth) -> None:
    assert worth_of(levels) is worth


@pytest.mark.parametrize(
    ("folder", "taken", "expected"),
    [
        ((2019,), "2019-12-31", True),
        ((2019,), "2020-01-20", True),
        ((2019,), "2020-02-20", False),
        ((2019, 7), "2019-08-20", True),
        ((2019, 7), "2019-10-20", False),
        ((2019, 2), "2019-03-31", True),
        ((2019, 7, 4), "2019-07-20", True),
        ((2019, 7, 4), "2019-05-01", False),
        ((2019, 12, 31), "2020-01-01", True),
        ((2015, 7, 4), "2019-07-04", False),
    ],
)
def test_a_folder_agrees_with_a_camera_within_a_month(folder: tuple[int, ...], taken: str, expected: bool) -> None:
    from datetime import date

    assert agrees(PartialDate(*folder), date.fromisoformat(taken)) is expected


@pytest.mark.parametrize("away", ["2011-07-04 Party", "2011 Party/day 1", "2016-07 Party"])
def test_a_folder_years_away_loses_against_one_that_agrees(away: str) -> None:
    """However exact its date is, and however many levels it has."""
    wrong, right = at(away, COPIES), at("2019 Wedding", {"other.jpg": STILL})
    for batches in ((wrong, right), (right, wrong), (wrong | right,)):
        assert imported(*batches) == {"2019/Wedding/other.jpg": "still"}


def test_a_takeout_moves_no_dated_event_to_the_duplicates() -> None:
    event = {"2017/02-12 Skiurlaub Zermatt/a.jpg": File("A", "2017-02-13")}
    disk = Disk(
        numbered(
            {f"{OUTPUT}/{path}": file for path, file in event.items()}
            | {f"{INPUT}/Takeout Anna/Google Photos/Anna/Alben/Berge/a.jpg": File("A", "2017-02-13")}
            | {f"{INPUT}/2011-05-06 Backup Anna/Handy/Fotos von Anna/a.jpg": File("A", "2017-02-13")}
        ),
        {INPUT, OUTPUT},
    )
    disk.carry_out(concluded(disk, ImportRequest(INPUT, OUTPUT, prefix="S")))
    assert f"{OUTPUT}/2017/02-12 Skiurlaub Zermatt/a.jpg" in disk.files


def test_what_the_rule_keeps_twice_is_counted() -> None:
    files = {f"{INPUT}/x/a.jpg": File("A", DAY), f"{INPUT}/y/a.jpg": File("A", DAY)}
    disk = Disk(numbered(files), {INPUT, OUTPUT})
    conclusion = concluded(disk, ImportRequest(INPUT, OUTPUT, prefix="S"))
    assert sum(one.beside for one in conclusion.placed) == 1
    (note,) = [note for note in conclusion.plan.notes if "as well as" in note]
    assert note.startswith("1 picture stands in two folders") and "2019/y/a.jpg as well as 2019/x/a.jpg" in note
