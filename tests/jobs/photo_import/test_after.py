"""What follows an import: dates that are set, HEIC that becomes JPEG, emptied and full folders; each taken back."""

from __future__ import annotations

import io
import os
import stat
from functools import lru_cache
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.base.model import Action, RunState
from image_sync.engine import Engine
from image_sync.jobs.photo_import.model import Correction, Fate
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.capture_date import DateSource, capture_date
from image_sync.pictures.metadata.dates import PartialDate
from image_sync.pictures.metadata.exif_write import same_image_data
from tests.jobs.photo_import.made import SPRING, applied, photo, pixels, plant, reviewed, undone
from tests.pictures.metadata.metadata_made import ORIGINAL, exif_block, xmp_packet
from tests.pictures_made import scene
from tests.trees import files, snapshot


@lru_cache(maxsize=8)
def heic(seed: int = 1, taken: str = "") -> bytes:
    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    options = {"exif": b"Exif\0\0" + exif_block({0x0112: 6}, {ORIGINAL: taken})} if taken else {}
    scene(seed, (64, 48)).save(target, "HEIF", quality=60, **options)
    return target.getvalue()


def request(folder: Path, **options: object) -> ImportRequest:
    source, output = folder / "in", folder / "lib"
    for path in (source, output):
        path.mkdir(exist_ok=True)
    return ImportRequest(os.fspath(source), os.fspath(output), **{"prefix": "S", **options})  # type: ignore[arg-type]


def in_place(folder: Path, **options: object) -> ImportRequest:
    return ImportRequest(os.fspath(folder / "lib"), os.fspath(folder / "lib"), **{"prefix": "S", **options})  # type: ignore[arg-type]


def original(path: Path) -> str:
    """The date taken that EXIF states."""
    found = capture_date(os.fspath(path), use_name=False)
    assert found is not None and found.source is DateSource.EXIF_ORIGINAL
    return found.when.isoformat(" ")


# --- conversion -------------------------------------------------------------------------------------------------------


def test_99_a_heic_becomes_a_jpeg_and_its_original_is_kept(engine: Engine, tmp_path: Path) -> None:
    chosen = in_place(tmp_path, convert=True)
    data = heic(1, "2003:05:06 07:08:09")
    plant(tmp_path / "lib", {"2003/trip/IMG.HEIC": data})
    before = snapshot(tmp_path)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    library = tmp_path / "lib"
    assert files(library) == ["2003/trip/IMG.jpg", "S_Migrated/2003/trip/IMG.HEIC"]
    assert (library / "S_Migrated/2003/trip/IMG.HEIC").read_bytes() == data
    made = library / "2003/trip/IMG.jpg"
    assert made.stat().st_mtime_ns == before["lib/2003/trip/IMG.HEIC"][2]
    assert original(made) == "2003-05-06 07:08:09"
    with Image.open(made) as picture:
        assert (picture.format, picture.getexif().get(0x0112)) == ("JPEG", 1)
    assert reviewed(engine, chosen).plan.operations == (), "case 101"
    assert undone(engine).state is RunState.UNDONE
    assert snapshot(tmp_path) == before


def test_what_arrives_is_converted_with_its_sidecars(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, convert=True)
    plant(
        tmp_path / "in",
        {
            "2003_trip/IMG.HEIC": heic(1),
            "2003_trip/IMG.HEIC.json": "{}",
            "2003_trip/IMG.xmp": "x",
            "2003_trip/IMG.MOV": b"not looked into",
        },
    )
    plant(tmp_path / "lib", {"2003/other/IMG.jpg": photo("J"), "2003/other/IMG.heif": heic(2)})
    before = snapshot(tmp_path)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    assert files(tmp_path / "lib") == [
        "2003/other/IMG(1).jpg",
        "2003/other/IMG.jpg",
        "2003/trip/IMG.jpg",
        "2003/trip/IMG.jpg.json",
        "2003/trip/IMG.xmp",
        "S_ImageMovies/2003/trip/IMG.MOV",
        "S_Migrated/2003/other/IMG.heif",
        "S_Migrated/2003/trip/IMG.HEIC",
    ]
    assert (tmp_path / "lib/2003/other/IMG.jpg").read_bytes() == photo("J")
    assert reviewed(engine, chosen).plan.operations == ()
    assert reviewed(engine, in_place(tmp_path, convert=True)).plan.operations == ()
    assert undone(engine).state is RunState.UNDONE
    assert snapshot(tmp_path) == before


def test_a_converted_picture_is_known_when_it_comes_again(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, convert=True, transfer=Transfer.COPY)
    plant(tmp_path / "in", {"2003_trip/IMG.HEIC": heic(1)})
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    again = reviewed(engine, chosen)
    assert again.plan.operations == ()
    assert [one.fate for one in again.placed] == [Fate.KNOWN]
    moving = request(tmp_path)
    assert applied(engine, reviewed(engine, moving)).problems == ()
    assert "S_Duplicates/2003/trip/IMG.HEIC" in files(tmp_path / "lib")


def test_what_cannot_be_converted_stays_a_heic(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, convert=True)
    plant(tmp_path / "in", {"2003_trip/IMG.HEIC": photo("J", SPRING)})
    result = applied(engine, reviewed(engine, chosen))
    assert "it is no HEIC picture but JPEG" in str(result.problems[0])
    assert files(tmp_path / "lib") == ["2003/trip/IMG.HEIC"]


def test_the_list_of_what_is_converted_is_the_users(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, convert=True, convert_suffixes=("*.HIF",))
    plant(tmp_path / "in", {"2003_trip/a.HEIC": heic(1), "2003_trip/b.hif": heic(2)})
    applied(engine, reviewed(engine, chosen))
    assert files(tmp_path / "lib") == ["2003/trip/a.HEIC", "2003/trip/b.jpg", "S_Migrated/2003/trip/b.hif"]


# --- dates ------------------------------------------------------------------------------------------------------------


def test_102_a_date_is_set_on_the_librarys_copy_only(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, set_dates=True, transfer=Transfer.COPY)
    data = photo("A")
    plant(tmp_path / "in", {"2004-03-05 trip/a.jpg": data})
    (tmp_path / "in/2004-03-05 trip/a.jpg").chmod(0o640)
    source = snapshot(tmp_path / "in")
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    assert snapshot(tmp_path / "in") == source
    copy = tmp_path / "lib/2004/03-05 trip/a.jpg"
    assert original(copy) == "2004-03-05 00:00:00"
    assert same_image_data(data, copy.read_bytes())
    assert copy.stat().st_mtime_ns == (tmp_path / "in/2004-03-05 trip/a.jpg").stat().st_mtime_ns
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640
    assert reviewed(engine, chosen).plan.operations == ()
    assert reviewed(engine, in_place(tmp_path, set_dates=True)).plan.operations == ()
    assert undone(engine).state is RunState.UNDONE
    assert files(tmp_path / "lib") == []


PNG, GIF = pixels("P", kind="PNG"), pixels("G", kind="GIF")
SET = {
    "the folder's day": ("2004-03-05 x/a.jpg", photo("A"), "2004-03-05 00:00:00"),
    "the name": ("x/IMG_20190304_120102.jpg", photo("A"), "2019-03-04 12:01:02"),
    "the name, in a dated folder": ("2004-03-05 x/IMG_20190304_120102.jpg", photo("A"), "2019-03-04 12:01:02"),
    "a PNG": ("2004-03-05/a.png", PNG, "2004-03-05 00:00:00"),
    "a blank date": ("2004-03-05/a.jpg", photo("A", "0000:00:00 00:00:00"), "2004-03-05 00:00:00"),
}
LEFT = {
    "a month": ("2004-03 x/a.jpg", photo("A")),
    "a year": ("2004/a.jpg", photo("A")),
    "no date at all": ("x/a.jpg", photo("A")),
    "a date that is there": ("2004-03-05 x/a.jpg", photo("A", SPRING)),
    "a date of a change": ("2004-03-05 x/a.jpg", photo("A", modified="2015:01:01 00:00:00")),
}


@pytest.mark.slow
@pytest.mark.parametrize(("place", "data", "expected"), SET.values(), ids=SET)
def test_a_day_is_written(engine: Engine, tmp_path: Path, place: str, data: bytes, expected: str) -> None:
    chosen = request(tmp_path, set_dates=True)
    plant(tmp_path / "in", {place: data})
    before = snapshot(tmp_path)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    (path,) = [path for path in (tmp_path / "lib").rglob("*") if path.is_file() and ".image-sync" not in path.parts]
    assert original(path) == expected
    assert reviewed(engine, in_place(tmp_path, set_dates=True)).plan.operations == ()
    undone(engine)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(("place", "data"), LEFT.values(), ids=LEFT)
def test_nothing_less_than_a_day_is_written(engine: Engine, tmp_path: Path, place: str, data: bytes) -> None:
    plant(tmp_path / "in", {place: data})
    plan = reviewed(engine, request(tmp_path, set_dates=True)).plan
    assert {operation.action for operation in plan.operations} == {Action.MOVE, Action.REMOVE_FOLDER}


def test_a_modification_time_is_never_written(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A")})
    plan = reviewed(engine, request(tmp_path, set_dates=True, use_mtime=True)).plan
    assert [operation.action for operation in plan.operations] == [Action.MOVE]


def test_where_a_date_cannot_be_written_a_sidecar_states_it(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, set_dates=True)
    plant(tmp_path / "in", {"2004-03-05 x/a.gif": GIF, "2004-03-05 x/b.nef": b"II*\0 sensor data"})
    before = snapshot(tmp_path)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    folder = tmp_path / "lib/2004/03-05 x"
    assert sorted(path.name for path in folder.iterdir()) == ["a.gif", "a.gif.xmp", "b.nef", "b.nef.xmp"]
    assert ((folder / "a.gif").read_bytes(), (folder / "b.nef").read_bytes()) == (GIF, b"II*\0 sensor data")
    found = capture_date(os.fspath(folder / "b.nef"), sidecars=[os.fspath(folder / "b.nef.xmp")])
    assert found is not None and found.when.isoformat() == "2004-03-05T00:00:00"
    assert reviewed(engine, in_place(tmp_path, set_dates=True)).plan.operations == ()
    undone(engine)
    assert snapshot(tmp_path) == before


def test_a_sidecar_that_stands_there_is_left_as_it_is(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"2004-03-05 x/a.gif": GIF, "2004-03-05 x/a.gif.xmp": xmp_packet()})
    review = reviewed(engine, request(tmp_path, set_dates=True))
    assert {operation.action for operation in review.plan.operations} == {Action.MOVE, Action.REMOVE_FOLDER}
    assert any("have an XMP sidecar already" in note for note in review.plan.notes)


def test_a_converted_picture_gets_its_date_at_once(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, set_dates=True, convert=True)
    plant(tmp_path / "in", {"2004-03-05 x/a.heic": heic(1)})
    before = snapshot(tmp_path)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    assert files(tmp_path / "lib") == ["2004/03-05 x/a.jpg", "S_Migrated/2004/03-05 x/a.heic"]
    assert original(tmp_path / "lib/2004/03-05 x/a.jpg") == "2004-03-05 00:00:00"
    assert (tmp_path / "lib/S_Migrated/2004/03-05 x/a.heic").read_bytes() == heic(1)
    undone(engine)
    assert snapshot(tmp_path) == before


def test_a_corrected_date_is_written_too(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, set_dates=True)
    plant(tmp_path / "in", {"x/a.jpg": photo("A", SPRING), "x/b.gif": GIF})
    review = reviewed(engine, chosen)
    corrections = {
        os.fspath(tmp_path / "in/x" / name): Correction(PartialDate(1985, 7, 9)) for name in ("a.jpg", "b.gif")
    }
    review = engine.replan(review, chosen, corrections)
    assert applied(engine, review).problems == ()
    assert [name for name in files(tmp_path / "lib") if ".image-sync" not in name] == [
        "1985/x/a.jpg",
        "1985/x/b.gif",
        "1985/x/b.gif.xmp",
    ]
    assert original(tmp_path / "lib/1985/x/a.jpg") == "1985-07-09 00:00:00"
    assert reviewed(engine, in_place(tmp_path)).plan.operations == ()


# --- audit ------------------------------------------------------------------------------------------------------------


def test_104_folders_that_the_import_emptied_go_and_no_others(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path)
    plant(
        tmp_path / "in",
        {"trip/day1/a.jpg": photo("A"), "trip/b.jpg": photo("B"), "kept/c.jpg": photo("C"), "kept/notes.txt": "n"},
    )
    (tmp_path / "in/empty before").mkdir()
    (tmp_path / "in/linked").mkdir()
    plant(tmp_path / "in/linked", {"d.jpg": photo("D")})
    (tmp_path / "in/linked/link").symlink_to("nowhere")
    before = snapshot(tmp_path)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    assert sorted(os.listdir(tmp_path / "in")) == ["empty before", "kept", "linked"]
    undone(engine)
    assert snapshot(tmp_path) == before


def test_emptied_folders_stay_when_that_is_wanted_or_nothing_was_moved(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"trip/a.jpg": photo("A")})
    copied = reviewed(engine, request(tmp_path, transfer=Transfer.COPY))
    assert [operation.action for operation in copied.plan.operations] == [Action.COPY]
    left = reviewed(engine, request(tmp_path, audit=False))
    assert [operation.action for operation in left.plan.operations] == [Action.MOVE]


def test_folders_in_the_library_go_when_a_better_place_empties_them(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"2003_trip/a.jpg": photo("A", SPRING)})
    plant(tmp_path / "lib", {"2003/05/06/a.jpg": photo("A", SPRING)})
    applied(engine, reviewed(engine, request(tmp_path)))
    assert sorted(os.listdir(tmp_path / "lib/2003")) == ["trip"]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "limit", "warned"), [(101, 100, True), (100, 100, False), (4, 3, True)])
def test_106_full_folders_are_named(engine: Engine, tmp_path: Path, number: int, limit: int, warned: bool) -> None:
    chosen = request(tmp_path, crowded=limit)
    standing = {f"2003/trip/{place}.txt": "" for place in range(number - 2)}
    plant(tmp_path / "lib", {**standing, "2003/trip/a.jpg": photo("A", SPRING)})
    plant(tmp_path / "lib/S_Duplicates", {f"x/{place}": "" for place in range(number)})
    plant(tmp_path / "in", {"2003_trip/b.jpg": photo("B", SPRING)})
    review = reviewed(engine, chosen)
    assert review.crowded == ((("2003/trip", number),) if warned else ())
    assert any(f"2003/trip ({number})" in note for note in review.plan.notes) is warned
    assert reviewed(engine, request(tmp_path, crowded=limit, audit=False)).crowded == ()


# --- set aside before -------------------------------------------------------------------------------------------------


def test_duplicates_are_judged_again_on_request_only(engine: Engine, tmp_path: Path) -> None:
    tree = {
        "S_Duplicates/2003/05/06/alone.jpg": photo("A", SPRING),
        "S_Duplicates/2003/trip/twin.jpg": photo("B", SPRING),
        "2003/trip/b.jpg": photo("B", SPRING),
    }
    plant(tmp_path / "lib", tree)
    assert reviewed(engine, in_place(tmp_path)).plan.operations == ()
    chosen = in_place(tmp_path, rejudge=True)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    assert files(tmp_path / "lib") == ["2003/05/06/alone.jpg", "2003/trip/b.jpg", "S_Duplicates/2003/trip/twin.jpg"]
    assert reviewed(engine, chosen).plan.operations == ()


def test_a_rewritten_picture_is_read_again_though_it_looks_the_same(engine: Engine, tmp_path: Path) -> None:
    """A blank date has room for a real one: neither size nor time of the file tell of the change, nor of the undo."""
    chosen = in_place(tmp_path, set_dates=True)
    plant(tmp_path / "lib", {"2004/03/05/a.jpg": photo("A", "0000:00:00 00:00:00", digitized="0000:00:00 00:00:00")})
    path = tmp_path / "lib/2004/03/05/a.jpg"
    before = path.stat()
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    again = reviewed(engine, chosen)
    assert again.plan.operations == ()
    assert again.placed[0].arrival.captured is not None
    undone(engine)
    assert [one.action for one in reviewed(engine, chosen).plan.operations] == [Action.REWRITE]


# --- dates that folders state -----------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("2019-07-04", "24.12.2003", "July 4, 2019", "4.-10. Juli 2019", "2003-05", "August 2019", "2004", "Backup"),
        *(" - ", " ", " to ", "-", "05", "06 Sommer", "10 km Lauf", "1830", "Trip", "12", "/", "Photos from 2019"),
    ]
)
FOLDER = st.lists(PIECES, min_size=1, max_size=5).map("".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["2003-05 - 06 Sommer", "2003-10 - 10 km Lauf", "2019-07-04 - 2019-07-10"])
@given(st.lists(FOLDER, min_size=6, max_size=12))
def test_dates_are_written_once(engine: Engine, tmp_path_factory: pytest.TempPathFactory, folders: list[str]) -> None:
    tmp_path = tmp_path_factory.mktemp("once")
    plant(tmp_path / "in", {f"{folder}/u{number}.jpg": photo(f"U{number}") for number, folder in enumerate(folders)})
    chosen = request(tmp_path, set_dates=True)
    assert applied(engine, reviewed(engine, chosen)).problems == ()
    again = reviewed(engine, in_place(tmp_path, set_dates=True))
    assert [(operation.action, operation.source) for operation in again.plan.operations] == []


def test_a_weaker_date_inside_is_not_overwritten(engine: Engine, tmp_path: Path) -> None:
    scanned = photo("A", digitized="2021:05:05 10:00:00")
    plant(tmp_path / "in", {"IMG_19981225_180000.jpg": scanned, "IMG_19981226_180000.jpg": photo("B")})
    assert applied(engine, reviewed(engine, request(tmp_path, set_dates=True))).problems == ()
    assert (tmp_path / "lib/1998/12/25/IMG_19981225_180000.jpg").read_bytes() == scanned
    assert original(tmp_path / "lib/1998/12/26/IMG_19981226_180000.jpg") == "1998-12-26 18:00:00"
