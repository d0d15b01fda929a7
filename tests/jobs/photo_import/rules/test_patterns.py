"""Patterns of folders and names: what they make, what is said of wrong ones, and that nothing moves twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import import checks
from image_sync.jobs.photo_import.model import Arrival
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.folder_names import FolderRules
from image_sync.jobs.photo_import.rules.pattern_fields import (
    folder_example,
    folder_pattern,
    name_example,
    name_pattern,
)
from image_sync.jobs.photo_import.rules.pattern_names import PatternNames
from image_sync.jobs.photo_import.rules.pattern_places import PatternFolders
from image_sync.jobs.photo_import.rules.patterns import as_value
from image_sync.jobs.photo_import.rules.places import Places
from image_sync.pictures.formats import kind_of
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource, Precision
from image_sync.pictures.metadata.dates import PartialDate
from tests.jobs.photo_import.rules.world import INPUT, OUTPUT, Disk, File, concluded

USUAL = "{year}/{month}-{day} {description}"


def by(text: str) -> PatternFolders:
    return PatternFolders(folder_pattern(text), FolderRules(prefix="S"))


# --- what they make ---------------------------------------------------------------------------------------------------

MADE = [
    (USUAL, (2019, 7, 4), ("Picnic",), "", "2019/07-04 Picnic"),
    (USUAL, (2019, 7), ("Picnic",), "", "2019/07 Picnic"),
    (USUAL, (2019,), ("Picnic",), "", "2019/Picnic"),
    (USUAL, (2019, 7, 4), (), "", "2019/07-04"),
    (USUAL, (2019,), (), "", "2019"),
    (USUAL, (2019, 7, 4), ("Picnic", "Lake"), "", "2019/07-04 Picnic/Lake"),
    ("{description} ({year}-{month})", (2019, 7, 4), ("Picnic",), "", "Picnic (2019-07)"),
    ("{description} ({year})/{camera}", (2019, 7), ("Picnic", "Lake"), "Canon", "Picnic (2019)/Lake/Canon"),
    ("{year}/{camera}/{month}", (2019, 7, 4), ("Picnic",), "Canon EOS", "2019/Canon EOS/07"),
    ("{year}/{camera}/{month}", (2019, 7, 4), (), "", "2019/07"),
    ("{year} [{camera}] {month}", (2019, 7, 4), (), "", "2019 07"),
    ("{year}/Camera {camera}", (2019,), (), "", "2019"),
    ("Photos/{year}", (2019, 7, 4), (), "", "Photos/2019"),
    ("{year}/{year}-{month}-{day}", (2019, 7, 4), (), "", "2019/2019-07-04"),
    ("{year}/{month} - {description}", (2019,), ("Picnic",), "", "2019/Picnic"),
    ("{year}{month}{day}_{description}", (2019, 7, 4), ("Picnic",), "", "20190704_Picnic"),
]


@pytest.mark.parametrize(("pattern", "day", "levels", "camera", "expected"), MADE)
def test_folders(pattern: str, day: tuple[int, ...], levels: tuple[str, ...], camera: str, expected: str) -> None:
    assert by(pattern).folder(PartialDate(*day), levels, camera) == expected.replace("/", paths.SEPARATOR)


WRONG = [
    ("{year}/{monht}", "there is no field {monht}"),
    ("{month}/{day}", "it needs {year}"),
    ("{year}/{day}", "{day} tells nothing without {month}"),
    ("", "a part of it is empty"),
    ("{year}//{month}", "a part of it is empty"),
    ("{year}/", "a part of it is empty"),
    ("{year}/ - ", "a part of it is empty"),
    ("/{year}", "it leads out of the library"),
    ("~/{year}", "it leads out of the library"),
    ("../{year}", "it leads out of the library"),
    ("{year}/../..", "it leads out of the library"),
    ("{year}/{month", "a curly bracket has no counterpart"),
    ("{year}/}{", "a curly bracket has no counterpart"),
    ("C:/{year}", "':' can't stand in a name"),
    ("{year}\\{month}", "'\\\\' can't stand in a name"),
    ("{year}/{month}?", "'?' can't stand in a name"),
    ("{year}/a\nb", "'\\n' can't stand in a name"),
    ("{year}/.{month}", "begins with a dot is hidden"),
    ("{year}/{description}.", "end with a dot"),
    ("{year}/ {month}", "begin or end with a space"),
    ("{year}/CON", "CON is no name on every disk"),
    ("{year}" + "x" * 300, "longer than 200 characters"),
]


@pytest.mark.parametrize(("pattern", "words"), WRONG)
def test_what_is_wrong_with_a_pattern_of_folders(pattern: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        folder_pattern(pattern)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{name}", "there is no field {name}; there are {date}, {time}"),
        ("photo", "every picture would have the same name"),
        ("{year}/{original}", "a name has no /"),
        ("../{original}", "a name has no /"),
        ("..", "it leads out of the library"),
        (".{original}", "begins with a dot is hidden"),
        ("{original}*", "'*' can't stand in a name"),
        ("", "it is empty"),
    ],
)
def test_what_is_wrong_with_a_pattern_of_names(pattern: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        name_pattern(pattern)
    assert words in str(caught.value)


def test_a_wrong_pattern_is_a_mistake_of_its_field(tmp_path: Any) -> None:
    (tmp_path / "in").mkdir()
    request = ImportRequest(str(tmp_path / "in"), str(tmp_path / "lib"), folders="{yeer}", names="a/b{date}")
    wrong = checks.check(request)
    assert wrong["folders"].startswith(
        "The pattern for folders can't be used: there is no field {yeer}; there are {year}"
    )
    assert wrong["names"] == (
        "The pattern for names can't be used: a name has no /; folders have a pattern of their own"
    )


def test_examples_for_who_is_typing() -> None:
    assert folder_example(USUAL) == "2019/07-04 Picnic · 2019/07-04"
    assert name_example("{date}_{camera}_{original}") == "2019-07-04_Canon EOS 70D_IMG_1234.JPG"
    assert folder_example("") == name_example("") == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [("HP/Compaq  R70", "HP Compaq R70"), ("..", ""), (" a:b\n", "a b"), ("x" * 100, "x" * 60), ("<NIKON>", "NIKON")],
)
def test_what_a_file_states_as_part_of_a_name(text: str, value: str) -> None:
    assert as_value(text) == value


# --- names ------------------------------------------------------------------------------------------------------------

TAKEN = CaptureDate(datetime(2019, 7, 4, 18, 30, 45), DateSource.EXIF_ORIGINAL)
DAY = CaptureDate(datetime(2019, 7, 4), DateSource.FILE_NAME, None, Precision.DAY)


def unit(*names: str, captured: CaptureDate | None = TAKEN, camera: str = "Canon") -> Arrival:
    first, *others = (FileRecord("/in", name, 1, 2, 2, 1, 1, 1, 0o644, kind_of(name)) for name in names)
    return Arrival(first, tuple(others), captured=captured, camera=camera)


NAMED = [
    ("{date}_{camera}_{original}", unit("IMG_1.JPG"), ("2019-07-04_Canon_IMG_1.JPG",)),
    ("{date}_{camera}_{original}", unit("IMG_1.JPG", camera=""), ("2019-07-04_IMG_1.JPG",)),
    ("{date}_{camera}_{original}", unit("IMG_1.JPG", captured=None), ("Canon_IMG_1.JPG",)),
    ("{date}_{time}", unit("IMG_1.JPG"), ("2019-07-04_18-30-45.JPG",)),
    ("{date}_{time}", unit("IMG_1.JPG", captured=DAY), ("2019-07-04.JPG",)),
    ("{date}_{time}", unit("IMG_1.JPG", captured=None), ("IMG_1.JPG",)),
    (
        "{date}_{original}",
        unit("a.jpg", "a.cr2", "a.MOV", "a.jpg.xmp", "A.aae", "a.jpg.supplemental-metadata.json"),
        (
            *("2019-07-04_a.jpg", "2019-07-04_a.cr2", "2019-07-04_a.MOV", "2019-07-04_a.jpg.xmp", "2019-07-04_a.aae"),
            "2019-07-04_a.jpg.supplemental-metadata.json",
        ),
    ),
    (
        "{date}",
        unit("IMG_1.heic", "IMG_O1.AAE", "IMG_1.AAE"),
        ("2019-07-04.heic", "2019-07-04.AAE", "2019-07-04_IMG_1.AAE"),
    ),
    ("{date}_{original}", unit("2019-07-04_a.jpg"), ("2019-07-04_a.jpg",)),
    ("{date}_{original}", unit("2018-07-04_a.jpg"), ("2019-07-04_2018-07-04_a.jpg",)),
    ("{date}", unit("2019-07-04(3).jpg"), ("2019-07-04(3).jpg",)),
    ("{date}_{original}_{time}", unit("2019-07-04_a_18-30-45.jpg", captured=DAY), ("2019-07-04_a_18-30-45.jpg",)),
]


@pytest.mark.parametrize(("pattern", "arrival", "expected"), NAMED)
def test_names_of_a_unit(pattern: str, arrival: Arrival, expected: tuple[str, ...]) -> None:
    assert PatternNames(name_pattern(pattern)).names(arrival) == expected


NAME_PATTERNS = st.sampled_from(
    ["{date}_{camera}_{original}", "{original}", "{date}_{time}", "{camera} {date} {original}", "{original}-{date}"]
)
STEMS = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=90)


@settings(max_examples=400, deadline=None)
@given(NAME_PATTERNS, STEMS, st.sampled_from([TAKEN, DAY, None]), st.sampled_from(["", "Canon EOS", "a_b"]))
def test_a_name_by_a_pattern_is_kept_and_fits_any_disk(
    pattern: str, stem: str, captured: CaptureDate | None, camera: str
) -> None:
    names = PatternNames(name_pattern(pattern))
    (name,) = names.names(unit(stem + ".jpg", captured=captured, camera=camera))
    assert len(name.encode()) <= paths.NAME_LIMIT and paths.SEPARATOR not in name and name not in ("", ".", "..")
    again = unit(name, captured=captured, camera=camera)
    assert names.names(again) == (name,)
    numbered = paths.numbered(name, 2, "({})")
    places = Places(ImportRequest(INPUT, OUTPUT, names=pattern))
    assert places.is_named(unit(numbered, captured=captured, camera=camera))


# --- read back --------------------------------------------------------------------------------------------------------

PATTERNS = [
    USUAL,
    "{year}/{year}-{month}-{day} {description}",
    "{year}/{month}/{day}/{description}",
    "{year}/{month}/{day}",
    "{year}/{description}",
    "{year}",
    "{description} ({year}-{month})",
    "{description}/{year}/{month}-{day}",
    "{camera}/{year}/{month} {description}",
    "{year}/{camera}/{month}",
    "{year}/{month} - {description} [{camera}]",
    "Photos/{year}/{month}_{description}",
    "{year}{month}{day} {description}",
]
WORDS = st.sampled_from(
    [
        *(
            "Picnic",
            "12 Monkeys",
            "05",
            "10 km Lauf",
            "2015 Concert",
            "to 2019-07-10 Italy",
            "July",
            "4th of July",
            "iPhone",
        ),
        *("New folder", "Sep 2019", "a_b", "x", "Weihnachten 24.12.", "1830", "100CANON", "DCIM", "2004", "kids 3"),
    ]
)
DAYS = st.one_of(
    st.builds(PartialDate, st.integers(1990, 2024)),
    st.builds(PartialDate, st.integers(1990, 2024), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1990, 2024), st.integers(1, 12), st.integers(1, 28)),
)
SOURCES = st.lists(
    st.one_of(WORDS, st.builds(str, DAYS), st.builds(lambda day, word: f"{day} {word}", DAYS, WORDS)), max_size=3
).map("/".join)
TAKEN_ON = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2024, 12, 31)))
CAMERAS = st.sampled_from(["", "Canon EOS 70D", "iPhone 12", "2000D"])
HEALTH = list(HealthCheck)


def place_of(places: Places, folder: str, taken: date | None, camera: str) -> Any:
    captured = CaptureDate(datetime(taken.year, taken.month, taken.day), DateSource.EXIF_ORIGINAL) if taken else None
    record = FileRecord("/in", paths.join(folder, "a.jpg"), 1, 2, 2, 1, 1, 1, 0o644, FileKind.PICTURE)
    return places.of(Arrival(record, folder=folder, captured=captured, camera=camera))


@settings(max_examples=1500, deadline=None, suppress_health_check=HEALTH)
@given(
    st.sampled_from(PATTERNS), SOURCES, st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2024, 12, 31))), CAMERAS
)
def test_a_placed_folder_is_read_as_what_it_was_made_from(
    pattern: str, source: str, taken: date | None, camera: str
) -> None:
    """Read again it is its own place, with the same date as far as the pattern states it."""
    places = Places(ImportRequest(INPUT, OUTPUT, prefix="S", folders=pattern))
    first = place_of(places, source.replace("/", paths.SEPARATOR), taken, camera)
    again = place_of(places, first.folder, taken, camera)
    assert again.folder == first.folder
    assert not first.folder.startswith(("/", "..")) and first.folder
    if first.day is not None and not first.undated:
        read = places.read(first.folder, camera).date
        assert read is not None
        stated = len({"year", "month", "day"} & folder_pattern(pattern).fields)
        assert first.day.cut(min(read.parts, first.day.parts)) == read.cut(min(read.parts, first.day.parts))
        assert read.parts <= max(stated, 1) or first.folder[:4].isdigit()


TREES = st.dictionaries(
    st.tuples(SOURCES, st.sampled_from(["a.jpg", "b.jpg", "a.mov", "a.cr2", "a.jpg.json", "IMG_20190304_120102.jpg"])),
    st.builds(File, st.sampled_from("ABCDE"), st.sampled_from(["", "2003-05-06", "2019-07-04"])),
    max_size=8,
)


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=HEALTH)
@given(TREES, st.sampled_from(PATTERNS), st.one_of(st.just(""), NAME_PATTERNS), st.booleans())
def test_a_library_by_a_pattern_is_at_rest(
    files: dict[tuple[str, str], File], folders: str, names: str, in_place: bool
) -> None:
    """Nothing is lost, and neither a second import nor one of the library into itself has anything to do."""
    root = OUTPUT if in_place else INPUT
    tree = {
        paths.join(root, folder.replace("/", paths.SEPARATOR), name): File(file.look, file.taken, number)
        for number, ((folder, name), file) in enumerate(files.items(), 1)
    }
    folded = {paths.folded(path): path for path in tree}
    disk = Disk({path: tree[path] for path in folded.values()}, {INPUT, OUTPUT})
    before = sorted(file.number for file in disk.files.values())
    request = ImportRequest(root, OUTPUT, prefix="S", folders=folders, names=names)
    disk.carry_out(concluded(disk, request))
    assert sorted(file.number for file in disk.files.values()) == before
    assert concluded(disk, request).plan.operations == ()
    inside = ImportRequest(OUTPUT, OUTPUT, prefix="S", folders=folders, names=names)
    assert concluded(disk, inside).plan.operations == ()


def test_two_pictures_of_one_name_are_numbered() -> None:
    files = {
        f"{INPUT}/{name}": File(name, "2019-07-04", number)
        for number, name in enumerate(["a.jpg", "b.jpg", "c.jpg"], 1)
    }
    disk = Disk(files, {INPUT, OUTPUT})
    request = ImportRequest(INPUT, OUTPUT, prefix="S", folders="{year}", names="{date}")
    disk.carry_out(concluded(disk, request))
    assert sorted(path for path in disk.files) == [
        f"{OUTPUT}/2019/2019-07-04(1).jpg",
        f"{OUTPUT}/2019/2019-07-04(2).jpg",
        f"{OUTPUT}/2019/2019-07-04.jpg",
    ]


def test_words_that_a_pattern_has_no_place_for_are_told() -> None:
    disk = Disk({f"{INPUT}/2019-07-04 Picnic/a.jpg": File("A", "2019-07-04", 1)}, {INPUT, OUTPUT})
    conclusion = concluded(disk, ImportRequest(INPUT, OUTPUT, prefix="S", folders="{year}/{month}"))
    assert [note for note in conclusion.plan.notes if "{description}" in note] == [
        "The words of 1 folder are not kept, since the pattern has no {description}: Picnic."
    ]
