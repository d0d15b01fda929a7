"""*Import* through the engine: what a review tells, corrections, the registry, bad input, stop, and what is read."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from image_sync.base import places
from image_sync.base.events import Ending, Finished, Note, ProblemFound, Stage, StageBegan
from image_sync.base.model import Action, FileKind, Refused, RunState
from image_sync.engine import Engine
from image_sync.jobs.photo_import import contents, dating
from image_sync.jobs.photo_import import live_pairs as pairing
from image_sync.jobs.photo_import.job import ImportJob
from image_sync.jobs.photo_import.model import Correction, Fate, ImportReview
from image_sync.jobs.photo_import.registry import DIGEST, Dated, Registry
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource
from image_sync.pictures.metadata.dates import PartialDate, Precision
from tests.jobs.photo_import.made import (
    SPRING,
    SUMMER,
    applied,
    finished,
    imported,
    photo,
    pixels,
    plant,
    reviewed,
    stopped_after,
    undone,
    with_exif,
)
from tests.pictures.metadata.metadata_made import MAKER_NOTE, ORIGINAL, apple_meta, exif_block, movie, mvhd, xmp_packet
from tests.privileges import without_privileges
from tests.trees import files, snapshot
from tests.values import record


def request(folder: Path, **options: object) -> ImportRequest:
    source, output = folder / "in", folder / "lib"
    for path in (source, output):
        path.mkdir(exist_ok=True)
    return ImportRequest(os.fspath(source), os.fspath(output), **{"prefix": "S", **options})  # type: ignore[arg-type]


# --- what a review tells ----------------------------------------------------------------------------------------------


def test_a_review_tells_of_each_picture_where_it_goes_and_why(engine: Engine, tmp_path: Path) -> None:
    plant(
        tmp_path / "in",
        {
            "a.jpg": photo("A", SPRING),
            "2004-03-05 Trip/b.jpg": photo("B", SUMMER),
            "c.jpg": photo("C"),
            "IMG_20190304_120102.jpg": photo("D"),
            "e.mov": movie(mvhd(None)),
            "f.jpg": photo("F", SPRING),
            "z.jpg": b"",
            "notes.txt": "n",
            "lone.xmp": "x",
        },
    )
    plant(tmp_path / "lib", {"2003/05/06/x.jpg": photo("A", SPRING), "2003/05/06/f.jpg": photo("G")})
    review = reviewed(engine, request(tmp_path))
    told = {os.path.basename(one.arrival.path): one for one in review.placed}
    assert told["a.jpg"].fate is Fate.DUPLICATE and told["a.jpg"].twin == os.fspath(tmp_path / "lib/2003/05/06/x.jpg")
    assert (told["b.jpg"].folder, str(told["b.jpg"].day), told["b.jpg"].dated_by, told["b.jpg"].new_folder) == (
        "2004/03-05 Trip",
        "2004-03-05",
        "folder name",
        True,
    )
    assert told["b.jpg"].arrival.captured == CaptureDate(datetime(2010, 7, 8, 9, 10, 11), DateSource.EXIF_ORIGINAL)
    assert told["c.jpg"].undated and told["c.jpg"].dated_by == ""
    assert told["IMG_20190304_120102.jpg"].dated_by == "file name"
    assert told["e.mov"].movie and told["e.mov"].target == "S_ImageMovies/S_NoDate/e.mov"
    assert (told["f.jpg"].number, told["f.jpg"].target, told["f.jpg"].new_folder) == (1, "2003/05/06/f(1).jpg", False)
    assert told["z.jpg"].fate is Fate.STAYS and "empty" in told["z.jpg"].why
    assert [(os.path.basename(one.path), one.sidecar) for one in review.staying] == [
        ("lone.xmp", True),
        ("notes.txt", False),
    ]
    assert "1 sidecar has no picture and stays: lone.xmp." in review.notes
    assert [problem.path for problem in review.problems] == [os.fspath(tmp_path / "in/z.jpg")]


def test_the_stages_and_the_words_on_the_way(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING), "z.jpg": b""})
    plant(tmp_path / "lib", {"2003/05/06/a.jpg": photo("A")})
    engine.start(ImportJob(request(tmp_path)))
    _, events = finished(engine)
    stages = [event.stage for event in events if isinstance(event, StageBegan)]
    assert stages == [Stage.SCAN, Stage.MEASURE, Stage.MATCH, Stage.VERIFY, Stage.PLAN]
    assert [event.problem.why for event in events if isinstance(event, ProblemFound)] == ["the file is empty"]


def test_two_inputs_are_one_import(engine: Engine, tmp_path: Path) -> None:
    chosen = replace(request(tmp_path), folder2=os.fspath(tmp_path / "two"))
    plant(tmp_path / "in", {"2003_trip/a.jpg": photo("A", SPRING)})
    plant(tmp_path / "two", {"a.jpg": photo("A", SPRING), "2003_trip/b.jpg": photo("B", SPRING)})
    before = snapshot(tmp_path)
    assert imported(engine, chosen).problems == ()
    assert files(tmp_path / "lib") == ["2003/trip/a.jpg", "2003/trip/b.jpg", "S_Duplicates/2003/trip/a.jpg"]
    undone(engine)
    assert snapshot(tmp_path) == before


def test_an_input_in_the_other_is_one_of_its_own(engine: Engine, tmp_path: Path) -> None:
    chosen = replace(request(tmp_path), folder2=os.fspath(tmp_path / "in" / "2004 Trip"))
    plant(tmp_path / "in", {"2004 Trip/a.jpg": photo("A", SPRING), "b.jpg": photo("B", SPRING)})
    assert imported(engine, chosen).problems == ()
    assert files(tmp_path / "lib") == ["2003/05/06/a.jpg", "2003/05/06/b.jpg"]


def test_patterns_choose_pictures_and_never_split_them(engine: Engine, tmp_path: Path) -> None:
    tree = {"a.jpg": photo("A"), "a.xmp": "x", "b.png": pixels("B", kind="PNG"), "c.mov": b"m", "raw/d.jpg": photo("D")}
    plant(tmp_path / "in", tree)
    review = reviewed(engine, request(tmp_path, include=("*.jpg",), exclude=("raw",)))
    assert [os.path.basename(one.arrival.path) for one in review.placed] == ["a.jpg"]
    assert len(review.placed[0].targets) == 2


# --- Live Photos by their identifier ----------------------------------------------------------------------------------


def still(letter: str, identifier: str) -> bytes:
    note = b"Apple iOS\0\0\x01MM" + b"\0\x01" + b"\0\x11\0\x02" + len(identifier + "\0").to_bytes(4, "big")
    note += (len(note) + 8).to_bytes(4, "big") + bytes(4) + identifier.encode() + b"\0"
    return with_exif(pixels(letter), exif_block({}, {ORIGINAL: SPRING, MAKER_NOTE: note}))


def moving(identifier: str) -> bytes:
    return movie(mvhd(None), apple_meta({"com.apple.quicktime.content.identifier": identifier}))


def test_live_photos_are_paired_by_what_they_say_of_themselves(engine: Engine, tmp_path: Path) -> None:
    plant(
        tmp_path / "in",
        {
            "IMG_1.jpg": still("A", "ID-1"),
            "clip.mov": moving("ID-1"),
            "IMG_2.jpg": still("B", "ID-2"),
            "IMG_2.mov": moving("ID-OTHER"),
        },
    )
    review = reviewed(engine, request(tmp_path))
    units = {one.arrival.record.name: [each.name for each in one.arrival.companions] for one in review.placed}
    assert units == {"IMG_1.jpg": ["clip.mov"], "IMG_2.jpg": [], "IMG_2.mov": []}
    applied(engine, review)
    assert files(tmp_path / "lib") == [
        "2003/05/06/IMG_1.jpg",
        "2003/05/06/IMG_2.jpg",
        "S_ImageMovies/2003/05/06/clip.mov",
        "S_ImageMovies/S_NoDate/IMG_2.mov",
    ]


def test_a_live_photo_is_dated_by_either_half(engine: Engine, tmp_path: Path) -> None:
    clip = movie(mvhd(None), apple_meta({"com.apple.quicktime.creationdate": "2015-01-19T12:45:11-0800"}))
    plant(tmp_path / "in", {"IMG_1.jpg": photo("A"), "IMG_1.mov": clip})
    (placed,) = reviewed(engine, request(tmp_path)).placed
    assert placed.targets == ("2015/01/19/IMG_1.jpg", "S_ImageMovies/2015/01/19/IMG_1.mov")


def test_the_movie_of_a_live_photo_does_not_outvote_its_still(engine: Engine, tmp_path: Path) -> None:
    """It goes its own way, and the still must stay where it is without it."""
    clip = movie(mvhd(datetime(2004, 3, 5, 12)))
    plant(tmp_path / "in", {"IMG_20190304_120102.jpg": photo("A"), "IMG_20190304_120102.mov": clip})
    (placed,) = reviewed(engine, request(tmp_path)).placed
    name = "2019/03/04/IMG_20190304_120102"
    assert placed.targets == (f"{name}.jpg", f"S_ImageMovies/{name}.mov")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg.json", '{"photoTakenTime": {"timestamp": "1049000000"}}'),
        ("a.jpg.supplemental-metadata.json", '{"photoTakenTime": {"timestamp": "1049000000"}}'),
        ("a.xmp", xmp_packet('exif:DateTimeOriginal="2003-03-30T06:53:20"')),
    ],
)
def test_a_sidecar_dates_its_picture(engine: Engine, tmp_path: Path, name: str, content: str | bytes) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A"), name: content})
    (placed,) = reviewed(engine, request(tmp_path, zone="UTC")).placed
    assert placed.target == "2003/03/30/a.jpg"


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_moves_the_plan_at_once_and_lasts(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = request(tmp_path)
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING), "b.jpg": photo("B", SPRING)})
    review = reviewed(engine, chosen)
    with monkeypatch.context() as nothing_is_read:
        nothing_is_read.setattr(dating, "dated", None)
        nothing_is_read.setattr(contents, "_pixels_of", None)
        wrong = os.fspath(tmp_path / "in/a.jpg")
        corrected = engine.replan(review, chosen, {wrong: Correction(PartialDate(1985), ("Old", "Album"))})
        assert [one.target for one in corrected.placed] == ["1985/Old/Album/a.jpg", "2003/05/06/b.jpg"]
        assert corrected.corrections[wrong].levels == ("Old", "Album")
        year = engine.replan(corrected, chosen, {wrong: Correction(PartialDate(1985))})
        assert [one.target for one in year.placed] == ["1985/a.jpg", "2003/05/06/b.jpg"]
        assert engine.replan(year, chosen, {}).placed[0].target == "2003/05/06/a.jpg"
    applied(engine, engine.replan(review, chosen, {wrong: Correction(PartialDate(1985))}))
    in_place = replace(chosen, folder1=chosen.output)
    again = reviewed(engine, in_place)
    assert again.plan.operations == (), "the user's word outlasts EXIF's"
    assert [one.fate for one in again.placed] == [Fate.IN_PLACE, Fate.IN_PLACE]
    back = engine.replan(again, in_place, {again.placed[0].arrival.path: Correction(levels=("Trip",))})
    assert back.placed[0].target == "1985/Trip/a.jpg", "the year of its folder stays with its description"


def test_other_choices_are_planned_at_once_and_some_need_another_scan(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path)
    plant(tmp_path / "in", {"2004-03-05 x/a.jpg": photo("A"), "2004-03-05 x/b.gif": pixels("B", kind="GIF")})
    review = reviewed(engine, chosen)
    copied = engine.replan(review, replace(chosen, transfer=Transfer.COPY), {})
    assert [one.target for one in copied.placed] == ["2004/03-05 x/a.jpg", "2004/03-05 x/b.gif"]
    assert {operation.action for operation in copied.plan.operations} == {Action.COPY}
    dates = engine.replan(review, replace(chosen, set_dates=True), {})
    actions = [operation.action for operation in dates.plan.operations]
    assert actions == [Action.MOVE, Action.MOVE, Action.REWRITE, Action.CONVERT, Action.REMOVE_FOLDER]
    for change in ({"zone": "UTC"}, {"use_mtime": True}, {"small": 100}, {"prefix": "T"}, {"flat_dates": True}):
        with pytest.raises(Refused, match="another scan"):
            engine.replan(review, replace(chosen, **change), {})


# --- what is remembered -----------------------------------------------------------------------------------------------


def never(*_: object) -> None:
    raise AssertionError("read again")


def test_a_library_in_order_is_not_read_again(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = request(tmp_path)
    plant(
        tmp_path / "in",
        {
            "a.jpg": photo("A", SPRING),
            "x/b.jpg": photo("B"),
            "x/b.xmp": "x",
            "IMG_20190304_120102.jpg": photo("C"),
            "c.mov": movie(mvhd(None)),
        },
    )
    imported(engine, chosen)
    engine.close()
    monkeypatch.setattr(dating, "dated", never)
    monkeypatch.setattr(contents.Comparing, "run", never)
    again = Engine(workers=1)
    review = reviewed(again, replace(chosen, folder1=chosen.output))
    assert [one.fate for one in review.placed] == [Fate.IN_PLACE] * 3
    assert not any("not as the last import left it" in note for note in review.notes)
    again.close()


def test_what_was_copied_is_known_by_its_content_without_reading(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = request(tmp_path, transfer=Transfer.COPY)
    clip = movie(mvhd(None))
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING), "b.jpg": photo("B"), "c.mov": clip, "d.nef": b"II*\0 raw"})
    plant(tmp_path / "lib", {"S_ImageMovies/2003/c.mov": clip, "2003/x/d.nef": b"II*\0 raw"})
    imported(engine, chosen)
    reviewed(engine, chosen)
    engine.close()
    monkeypatch.setattr("image_sync.inventory.measuring.measured", never)
    monkeypatch.setattr("image_sync.pictures.measure.digest_of", never)
    monkeypatch.setattr("image_sync.pictures.pixels.pixel_digest", never)
    monkeypatch.setattr(dating, "dated", never)
    again = Engine(workers=1)
    review = reviewed(again, chosen)
    assert {one.fate for one in review.placed} == {Fate.KNOWN}
    again.close()


def test_a_library_that_changed_behind_our_back_is_looked_at_again(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path)
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING), "b.jpg": photo("B", SPRING), "c.jpg": photo("C", SPRING)})
    imported(engine, chosen)
    folder = tmp_path / "lib/2003/05/06"
    (folder / "a.jpg").unlink()
    plant(folder, {"b.jpg": photo("B", SUMMER)}, mtime=1_100_000_000)
    review = reviewed(engine, replace(chosen, folder1=chosen.output))
    assert (
        "The library is not as the last import left it: 1 changed and 1 gone. It was looked at again." in review.notes
    )
    assert [(one.fate, one.folder) for one in review.placed] == [
        (Fate.NEW, "2010/07/08"),
        (Fate.IN_PLACE, "2003/05/06"),
    ]
    assert not any("last import" in note for note in reviewed(engine, replace(chosen, folder1=chosen.output)).notes)


def test_sidecars_zones_and_switches_are_part_of_what_is_remembered(engine: Engine, tmp_path: Path) -> None:
    chosen = request(tmp_path, zone="UTC")
    late = '{"photoTakenTime": {"timestamp": "1049065200"}}'
    plant(tmp_path / "in", {"a.jpg": photo("A"), "a.jpg.json": late})
    assert reviewed(engine, chosen).placed[0].folder == "2003/03/30"
    assert reviewed(engine, replace(chosen, zone="+05:00")).placed[0].folder == "2003/03/31"
    plant(tmp_path / "in", {"a.jpg.json": late.replace("1049", "1149")}, mtime=1_200_000_000)
    assert reviewed(engine, chosen).placed[0].folder == "2006/05/31"
    (tmp_path / "in/a.jpg.json").unlink()
    assert reviewed(engine, chosen).placed[0].undated
    assert reviewed(engine, replace(chosen, use_mtime=True)).placed[0].folder == "2001/09/09"


def test_the_registry_gives_back_what_it_was_told() -> None:
    registry = Registry.open(None)
    told = {
        "a.jpg": Dated(CaptureDate(datetime(2003, 5, 6, 7, 8, 9, 10), DateSource.EXIF_ORIGINAL, -480)),
        "b.jpg": Dated(
            CaptureDate(datetime(2019, 3, 4), DateSource.FILE_NAME, None, Precision.DAY), "", ("b.jpg", "b.nef")
        ),
        "c.jpg": Dated(None, "2099-01-01", ("c.jpg",)),
        "d.jpg": Dated(),
        "\udcff.jpg": Dated(None, "", ("\udcff.jpg",)),
    }
    records = {name: record(name, root="/lib", size=number) for number, name in enumerate(told, 1)}
    registry.remember_dates((os.fsencode(records[name].path), records[name], 7, dated) for name, dated in told.items())
    registry.settle([records["a.jpg"]])
    registry.remember_facts(DIGEST, {records["a.jpg"]: "d1"})
    registry.close()
    registry = Registry.open(None)
    recalled = registry.recall(["/lib", "/other"])
    for name, dated in told.items():
        path = os.fsencode(records[name].path)
        assert recalled.date_of(path, records[name], 7) == dated
        assert recalled.date_of(path, records[name], 8) is None
        assert recalled.date_of(path, replace(records[name], mtime_ns=1), 7) is None
    assert recalled.is_settled(b"/lib/a.jpg", records["a.jpg"])
    assert not recalled.is_settled(b"/lib/b.jpg", records["b.jpg"])
    assert registry.facts(DIGEST, [records["a.jpg"], records["b.jpg"]]) == {records["a.jpg"]: "d1"}
    assert registry.facts(DIGEST, [replace(records["a.jpg"], size=99)]) == {}
    assert registry.recall(["/li"]).dates == {}
    registry.forget([b"/lib/a.jpg"])
    assert b"/lib/a.jpg" not in registry.recall(["/lib"]).dates
    registry.close()


def test_a_registry_of_another_layout_is_begun_anew(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING)})
    reviewed(engine, request(tmp_path))
    engine.close()
    with sqlite3.connect(places.catalog_path()) as connection:
        connection.execute("UPDATE import_layout SET number = 99")
        connection.execute("DROP TABLE import_date")
    connection.close()
    again = Engine(workers=1)
    assert reviewed(again, request(tmp_path)).placed[0].folder == "2003/05/06"
    again.close()


def test_without_a_catalog_an_import_works_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no folder").write_text("in the way")
    monkeypatch.setattr(places, "catalog_path", lambda: os.fspath(tmp_path / "no folder" / "catalog.sqlite3"))
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING)})
    made = Engine(workers=1)
    made.start(ImportJob(request(tmp_path)))
    end, events = finished(made)
    assert any("nothing will be remembered" in event.text for event in events if isinstance(event, Note))
    assert end.result is not None
    assert applied(made, end.result).problems == ()  # type: ignore[arg-type]
    assert files(tmp_path / "lib") == ["2003/05/06/a.jpg"]
    made.close()


# --- moves and copies -------------------------------------------------------------------------------------------------


def test_a_move_within_a_file_system_is_a_rename(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("image_sync.apply.file_ops.copy", never)
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING), "b.jpg": photo("A", SPRING), "c.mov": movie(mvhd(None))})
    inodes = {path.name: path.stat().st_ino for path in (tmp_path / "in").iterdir()}
    assert imported(engine, request(tmp_path)).problems == ()
    found = {path.name: path.stat().st_ino for path in (tmp_path / "lib").rglob("*") if path.is_file()}
    assert found == inodes


@pytest.mark.parametrize("transfer", [Transfer.MOVE, Transfer.COPY])
def test_times_and_modes_survive(engine: Engine, tmp_path: Path, transfer: Transfer) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING), "a.xmp": "x"})
    source = tmp_path / "in" / "a.jpg"
    source.chmod(0o604)
    os.utime(source, ns=(1, 1_234_567_890_123_456_789))
    imported(engine, request(tmp_path, transfer=transfer))
    status = (tmp_path / "lib/2003/05/06/a.jpg").stat()
    assert (status.st_mtime_ns, status.st_mode & 0o777) == (1_234_567_890_123_456_789, 0o604)


# --- bad input --------------------------------------------------------------------------------------------------------


def test_an_output_that_is_not_there_yet_is_made(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING)})
    chosen = ImportRequest(os.fspath(tmp_path / "in"), os.fspath(tmp_path / "new" / "lib"))
    review = reviewed(engine, chosen)
    assert not (tmp_path / "new").exists()
    applied(engine, review)
    assert files(tmp_path / "new") == ["lib/2003/05/06/a.jpg"]


REFUSED = [
    ("in", "lib/S_Duplicates/x", "output", "where an import puts duplicates"),
    ("in", "S_NoDate", "output", "where an import puts pictures without a date"),
    ("lib/S_Small", "lib", "folder1", "where an import puts small pictures"),
    ("lib/S_ImageMovies/2003", "lib", "folder1", "where an import puts movies"),
    ("lib/.image-sync/versions", "lib", "folder1", "where earlier versions are kept"),
    ("nowhere", "lib", "folder1", "is its disk connected"),
    ("in/a.jpg", "lib", "folder1", "is not a folder"),
    ("", "lib", "folder1", "Choose a folder or an archive to import"),
    ("in", "", "output", "Choose the library"),
    ("in", "in/a.jpg", "output", "is not a folder"),
    ("in", "in/a.jpg/lib", "output", "is not a folder"),
]


@pytest.mark.parametrize(("source", "output", "field", "words"), REFUSED)
def test_what_is_refused_is_said_before_anything_is_looked_at(
    engine: Engine, tmp_path: Path, source: str, output: str, field: str, words: str
) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A")})
    for folder in (
        "lib/S_Duplicates/x",
        "lib/S_Small",
        "lib/S_ImageMovies/2003",
        "lib/.image-sync/versions",
        "S_NoDate",
    ):
        (tmp_path / folder).mkdir(parents=True)
    chosen = ImportRequest(
        os.fspath(tmp_path / source) if source else "", os.fspath(tmp_path / output) if output else "", prefix="S"
    )
    wrong = ImportJob.check(chosen)
    assert list(wrong) == [field] and words in wrong[field]
    engine.start(ImportJob(chosen))
    end, _ = finished(engine)
    assert isinstance(end, Finished) and words in end.failure


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"transfer": Transfer.LINK}, "transfer"),
        ({"zone": "Nowhere/Land"}, "zone"),
        ({"prefix": ""}, "prefix"),
        ({"prefix": "a/b"}, "prefix"),
        ({"prefix": ".hidden"}, "prefix"),
        ({"small": -1}, "small"),
        ({"crowded": 0}, "crowded"),
        ({"folder2": "in"}, "folder2"),
    ],
)
def test_choices_that_cannot_be_are_refused(tmp_path: Path, change: dict[str, object], field: str) -> None:
    chosen = request(tmp_path)
    if "folder2" in change:
        change = {"folder2": os.fspath(tmp_path / "in" / ".")}
    assert list(ImportJob.check(replace(chosen, **change))) == [field]  # type: ignore[arg-type]


def unreadable(folder: Path) -> tuple[list[str], list[str], list[str]]:
    (folder / "in/secret.jpg").chmod(0)
    (folder / "in/closed").chmod(0)
    try:
        made = Engine(workers=1)
        review = reviewed(made, request(folder))
        applied(made, review)
        made.close()
        whys = [f"{os.path.basename(problem.path)}: {problem.why}" for problem in review.problems]
        return whys, files(folder / "lib"), sorted(os.listdir(folder / "in"))
    finally:
        (folder / "in/closed").chmod(0o755)


def test_what_cannot_be_read_stays_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    plant(
        folder / "in",
        {"a.jpg": photo("A", SPRING), "secret.jpg": photo("B", SPRING), "closed/c.jpg": photo("C", SPRING)},
    )
    (folder / "lib").mkdir()
    with without_privileges(folder) as as_somebody:
        for name in ("STATE", "DATA", "CONFIG", "CACHE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", os.fspath(folder / "home" / name))
        (folder / "home").mkdir()
        (folder / "home").chmod(0o777)
        problems, library, left = as_somebody(unreadable, folder)
    assert problems == ["closed: no permission", "secret.jpg: no permission"]
    assert library == ["2003/05/06/a.jpg"]
    assert left == ["closed", "secret.jpg"]
    assert (folder / "in/closed/c.jpg").exists()


def test_damaged_files_stay_and_are_said(engine: Engine, tmp_path: Path) -> None:
    whole = movie(mvhd(datetime(2015, 12, 12)), media=5000)
    plant(
        tmp_path / "in",
        {
            "half.mp4": whole[: len(whole) // 2],
            "whole.mp4": whole,
            "cut.jpg": photo("A", SPRING)[:400],
            "text.jpg": "no picture",
            "empty.nef": b"",
            "good.jpg": photo("B", SPRING),
        },
    )
    review = reviewed(engine, request(tmp_path))
    said = {os.path.basename(problem.path): problem.why for problem in review.problems}
    assert sorted(said) == ["cut.jpg", "empty.nef", "half.mp4", "text.jpg"]
    assert said["half.mp4"] == "damaged: the movie ends early"
    assert said["empty.nef"] == "the file is empty"
    applied(engine, review)
    assert files(tmp_path / "in") == ["cut.jpg", "empty.nef", "half.mp4", "text.jpg"]


CORRUPT = {
    "an endless count": exif_block({0x8769: 26}, None)[:-4] + b"\xff\xff\xff\xff",
    "a directory beyond the end": b"II*\0\xff\xff\xff\x7f",
    "a directory in a circle": exif_block({0x8769: 8}, None),
    "no directory": b"II*\0\x08\0\0\0\xff\xff",
    "garbage": bytes(range(256)),
}


@pytest.mark.parametrize("block", CORRUPT.values(), ids=CORRUPT)
def test_corrupt_exif_is_no_date_and_no_harm(engine: Engine, tmp_path: Path, block: bytes) -> None:
    plant(tmp_path / "in", {"2004 x/a.jpg": with_exif(pixels("A"), block)})
    review = reviewed(engine, request(tmp_path, set_dates=True))
    assert [one.target for one in review.placed] == ["2004/x/a.jpg"]
    assert review.problems == ()


@pytest.mark.parametrize(
    ("stated", "said"), [("2099:01:01 00:00:00", "2099-01-01"), ("0012:05:06 00:00:00", "0012-05-06")]
)
def test_a_date_that_cannot_be_true_is_said(engine: Engine, tmp_path: Path, stated: str, said: str) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A", stated), "b.mov": movie(mvhd(datetime(2039, 1, 1)))})
    review = reviewed(engine, request(tmp_path))
    assert review.placed[0].undated and review.placed[0].arrival.doubt == said
    assert (
        f"2 files state a date that can't be true, which is passed over: a.jpg ({said}) and b.mov (2039-01-01)."
        in review.notes
    )
    assert review.problems == ()


def test_a_file_that_vanishes_or_changes_on_the_way_is_a_problem(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "in", {name: photo(name, SPRING) for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg")})
    plain = dating.dated

    def vanishing(task: dating.Task) -> object:
        if task.files[0][0].endswith("a.jpg"):
            os.unlink(task.files[0][0])
        return plain(task)

    monkeypatch.setattr(dating, "dated", vanishing)
    review = reviewed(engine, request(tmp_path))
    assert [(os.path.basename(problem.path), problem.why) for problem in review.problems] == [
        ("a.jpg", "it is no longer there")
    ]
    (tmp_path / "in/b.jpg").unlink()
    plant(tmp_path / "in", {"c.jpg": photo("other", SPRING)}, mtime=1_100_000_000)
    plant(tmp_path / "lib", {"2003/05/06/d.jpg": "in the way"})
    result = applied(engine, review)
    assert sorted(os.path.basename(problem.path) for problem in result.problems) == ["b.jpg", "c.jpg", "d.jpg"]
    assert (tmp_path / "in/c.jpg").read_bytes() == photo("other", SPRING)
    assert (tmp_path / "in/d.jpg").read_bytes() == photo("d.jpg", SPRING)


def test_links_are_not_followed_and_take_their_names(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A", SPRING)})
    plant(tmp_path / "elsewhere", {"b.jpg": photo("B", SPRING)})
    (tmp_path / "in/linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "lib/2003/05/06").mkdir(parents=True)
    (tmp_path / "lib/2003/05/06/a.jpg").symlink_to("nowhere")
    assert imported(engine, request(tmp_path)).problems == ()
    assert (tmp_path / "lib/2003/05/06/a(1).jpg").read_bytes() == photo("A", SPRING)
    assert files(tmp_path / "elsewhere") == ["b.jpg"]


def partial(end: Finished) -> ImportReview:
    assert end.stopped and not end.failure
    assert isinstance(end.result, ImportReview)
    return end.result


def test_a_stop_keeps_what_was_compared_and_the_next_import_takes_the_rest(engine: Engine, tmp_path: Path) -> None:
    tree = {f"{number:02}.jpg": photo(f"{number}", SPRING) for number in range(30)}
    plant(tmp_path / "in", {**tree, "clip.mov": movie(mvhd(None)), "notes.txt": "n"})
    chosen = request(tmp_path)
    before = snapshot(tmp_path)
    review = partial(stopped_after(engine, chosen, 12))
    assert 12 <= len(review.placed) < 31
    assert review.partial == pytest.approx(len(review.placed) / 31)
    assert snapshot(tmp_path) == before
    (said,) = (note for note in review.plan.notes if "stopped" in note)
    assert said.startswith(f"The scan was stopped: {len(review.placed)} of 31 pictures and movies had been compared")
    again = engine.replan(review, replace(chosen, set_dates=True), {})
    assert (again.partial, said in again.plan.notes) == (review.partial, True)
    assert applied(engine, engine.replan(again, chosen, {})).problems == ()
    assert len(files(tmp_path / "lib")) == len(review.placed)
    assert imported(engine, chosen).problems == ()
    assert len([name for name in files(tmp_path / "lib") if name.startswith("2003/05/06")]) == 30
    assert files(tmp_path / "in") == ["notes.txt"]


def test_a_stop_takes_nothing_in_while_the_library_is_not_all_known(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "in", {f"{number:02}.jpg": photo(f"{number}", SPRING) for number in range(6)})
    plant(tmp_path / "lib/2003/05/06", {f"x{number:02}.jpg": photo(f"{number}") for number in range(30)})
    end = stopped_after(engine, request(tmp_path), 8)
    assert (end.stopped, end.result, end.failure) == (True, None, "")
    reviewed(engine, request(tmp_path))
    plant(tmp_path / "in", {f"y{number:02}.jpg": photo(f"new {number}", SPRING) for number in range(20)})
    review = partial(stopped_after(engine, request(tmp_path), 40))
    fates = {os.path.basename(one.arrival.path): one.fate for one in review.placed}
    assert [fates[f"{number:02}.jpg"] for number in range(6)] == [Fate.DUPLICATE] * 6
    assert 6 < len(fates) < 26


def test_a_stop_in_place_leaves_names_to_what_was_not_looked_at(engine: Engine, tmp_path: Path) -> None:
    tree = {f"{number:02}/a.jpg": photo(f"{number}", SPRING) for number in range(30)}
    plant(tmp_path / "lib", {**tree, "2003/05/06/a(1).jpg": b""})
    chosen = ImportRequest(os.fspath(tmp_path / "lib"), os.fspath(tmp_path / "lib"), prefix="S")
    (tmp_path / "in").mkdir()
    review = partial(stopped_after(engine, chosen, 10))
    placed = [one for one in review.placed if one.fate is Fate.NEW]
    assert 10 <= len(placed) < 30
    assert len({one.target for one in placed}) == len(placed)
    assert "2003/05/06/a(1).jpg" not in {one.target for one in placed}
    before = len(files(tmp_path / "lib"))
    assert applied(engine, review).problems == ()
    assert len(files(tmp_path / "lib")) == before


def test_a_stop_in_place_knows_what_was_not_looked_at(engine: Engine, tmp_path: Path) -> None:
    """Pictures that were not compared before the stop stand where they stand: their folders are not emptied."""
    tree = {f"from {number % 3}/{number:02}.jpg": photo(f"{number}", SPRING) for number in range(30)}
    plant(tmp_path / "lib", tree)
    chosen = ImportRequest(os.fspath(tmp_path / "lib"), os.fspath(tmp_path / "lib"), prefix="S")
    (tmp_path / "in").mkdir()
    review = partial(stopped_after(engine, chosen, 14))
    seen = {os.path.relpath(one.arrival.path, tmp_path / "lib") for one in review.placed}
    left = set(tree) - seen
    assert seen and left
    assert review.world is not None
    known = {os.path.relpath(record.path, tmp_path / "lib") for record in review.world.library}
    assert left <= known, "what was not compared is still in the library"
    removed = {one.source for one in review.plan.operations if one.action is Action.REMOVE_FOLDER}
    assert not removed & {os.fspath(tmp_path / "lib" / os.path.dirname(name)) for name in left}
    assert applied(engine, review).problems == ()
    assert left <= set(files(tmp_path / "lib"))


def test_a_second_stop_ends_what_is_made_of_the_first(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "in", {f"{number:02}.jpg": photo(f"{number}", SPRING) for number in range(30)})
    plain = contents.looked_at

    def stopping(*arguments: object) -> set[str]:
        engine.stop()
        return plain(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("image_sync.jobs.photo_import.scan.looked_at", stopping)
    end = stopped_after(engine, request(tmp_path), 12)
    assert (end.stopped, end.result, end.failure) == (True, None, "")


def test_a_stop_leaves_no_review_and_loses_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "in", {f"{number}.jpg": photo(f"{number}", SPRING) for number in range(40)})
    plain = dating.dated

    def stopping(task: dating.Task) -> object:
        engine.stop()
        return plain(task)

    with monkeypatch.context() as patch:
        patch.setattr(dating, "dated", stopping)
        engine.start(ImportJob(request(tmp_path)))
        end, _ = finished(engine)
    assert (end.stopped, end.result, end.failure) == (True, None, "")
    assert imported(engine, request(tmp_path)).state is RunState.FINISHED


def test_real_photos_of_all_kinds_go_and_come_back(engine: Engine, tmp_path: Path, photo_data: Path) -> None:
    (tmp_path / "in").mkdir()
    small = [path for path in sorted((photo_data / "camera").iterdir()) if path.stat().st_size < 700_000]
    for path in small[:25]:
        shutil.copy2(path, tmp_path / "in")
    before = snapshot(tmp_path / "in")
    assert imported(engine, request(tmp_path, zone="UTC")).problems == ()
    assert files(tmp_path / "in") == []
    assert (
        reviewed(engine, replace(request(tmp_path, zone="UTC"), folder1=os.fspath(tmp_path / "lib"))).plan.operations
        == ()
    )
    undone(engine)
    assert snapshot(tmp_path / "in") == before


def test_pairing_reads_nothing_where_there_are_no_movies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "content_identifier", never)
    from image_sync.base.control import Control

    registry = Registry.open(None)
    assert pairing.live_pairs([record("a.jpg"), record("b/c.mov", kind=FileKind.MOVIE)], registry, Control()) == {}
    registry.close()


def test_what_was_compared_with_nothing_is_said(engine: Engine, tmp_path: Path) -> None:
    plant(tmp_path / "lib", {"S_NoDate/a.jpg": photo("A"), "2003/trip/b.jpg": photo("A", SPRING)})
    (tmp_path / "in").mkdir()
    chosen = ImportRequest(os.fspath(tmp_path / "lib"), os.fspath(tmp_path / "lib"), prefix="S")
    review = reviewed(engine, chosen)
    assert review.plan.operations == ()
    corrections = {os.fspath(tmp_path / "lib/S_NoDate/a.jpg"): Correction(PartialDate(2003, 5, 6))}
    corrected = engine.replan(review, chosen, corrections)
    assert corrected.placed[1].target == "2003/05/06/a.jpg"
    assert "1 picture was not compared with the library; scan again to see duplicates." in corrected.plan.notes
    engine.start(ImportJob(chosen, corrections))
    end, _ = finished(engine)
    again = end.result
    assert isinstance(again, ImportReview)
    assert again.placed[1].target == "S_Duplicates/2003/trip/a.jpg"
    assert not any("not compared" in note for note in again.plan.notes)


def test_a_disk_that_cannot_hold_it_is_refused_before(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "in", {"a.jpg": photo("A")})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    moved = reviewed(engine, request(tmp_path))
    assert moved.refusal == ""
    before = snapshot(tmp_path)
    copied = reviewed(engine, request(tmp_path, transfer=Transfer.COPY))
    assert copied.refusal.startswith(f"There is not enough room in {tmp_path / 'lib'}: ")
    engine.apply(copied.plan)
    end, _ = finished(engine)
    assert (end.ending, end.failure) == (Ending.REFUSED, copied.refusal)
    assert snapshot(tmp_path) == before
    moved = engine.replan(copied, request(tmp_path), {})
    assert isinstance(moved, ImportReview) and moved.refusal == ""


def test_what_is_not_read_is_counted_by_kind_and_stays(engine: Engine, tmp_path: Path) -> None:
    plant(
        tmp_path / "in",
        {
            "a.jpg": photo("A", SPRING),
            **{f"x/{name}": "not read" for name in ("a.jxl", "b.JXL", "c.psd", "d.tga")},
            **{f"code/{name}": "package main" for name in ("go.mod", "goose.ts", "fig.mp", "notes.txt")},
            "tape/MOV001.MOD": b"\0\0\1\xba" + bytes(3000),
            "tape/MOV001.MOI": b"V6\0\0\0\0\x07\xd7\x0c\x18\x12\x1e\xaf\xc8" + bytes(300),
        },
    )
    review = reviewed(engine, request(tmp_path))
    assert {placed.target for placed in review.placed} == {"2003/05/06/a.jpg", "S_ImageMovies/2007/tape/MOV001.MOD"}
    assert review.notes == (
        "4 pictures are of a kind that can't be read here and stay: 2 JPEG XL (.jxl), 1 Photoshop (.psd) and 1 .tga.",
        "4 files are no pictures and stay.",
    )
    applied(engine, review)
    assert "S_ImageMovies/2007/tape/MOV001.MOI" in files(tmp_path / "lib")
    assert len(files(tmp_path / "in")) == 8


def test_a_file_never_takes_the_name_of_a_folder_on_the_way(engine: Engine, tmp_path: Path) -> None:
    plant(
        tmp_path / "in",
        {"2003/trip.jpg/a.jpg": photo("A"), "2003/trip.jpg/b.jpg": photo("B"), "2003/c.jpg": photo("C")},
    )
    plant(tmp_path / "in/x", {"2003 y/trip.jpg": photo("D")})
    plant(tmp_path / "lib", {"2003/trip.jpg/z.jpg": photo("Z")})
    assert imported(engine, request(tmp_path)).problems == ()
    assert "2003/trip.jpg/a.jpg" in files(tmp_path / "lib")


def test_a_library_is_put_in_order_by_moving_only(tmp_path: Path) -> None:
    chosen = request(tmp_path, transfer=Transfer.COPY)
    assert ImportJob.check(chosen) == {}
    assert list(ImportJob.check(replace(chosen, folder1=chosen.output + "/."))) == ["transfer"]
    assert list(ImportJob.check(replace(chosen, folder2=chosen.output))) == ["transfer"]


# --- what an archive of a family brings -------------------------------------------------------------------------------

BINS = (
    *(".Trashes/501", "$RECYCLE.BIN/S-1-5-21", ".Trash-1000/files", "DCIM/.thumbnails", "@eaDir/x.jpg", ".@__thumb"),
    *("lost+found", "System Volume Information", "#recycle", "LOST.DIR"),
)
HALF_FILES = ("DCIM/.trashed-1700000000-IMG_1.jpg", "DCIM/.pending-1700000000-IMG_2.jpg", "DCIM/._IMG_3.jpg")


def test_nothing_comes_out_of_a_bin(engine: Engine, tmp_path: Path) -> None:
    thrown = {f"{folder}/t{number}.jpg": photo(f"T{number}", SPRING) for number, folder in enumerate(BINS)}
    halves = {name: photo(name, SPRING) for name in HALF_FILES}
    plant(tmp_path / "in", {**thrown, **halves, "DCIM/100CANON/a.jpg": photo("A", SPRING)})
    # What lies in the library's own bin is no picture of the library.
    plant(tmp_path / "lib", {".Trash-1000/files/a.jpg": photo("A", SPRING)})
    review = reviewed(engine, request(tmp_path))
    assert [one.target for one in review.placed] == ["2003/05/06/a.jpg"]
    assert any("Bins and thumbnails" in note and "lost+found" in note for note in review.notes)
    assert applied(engine, review).problems == ()
    assert set(files(tmp_path / "in")) == set(thrown) | set(halves)


def test_a_takeout_is_read_as_its_pictures_say(engine: Engine, tmp_path: Path) -> None:
    taken = json.dumps({"title": "x", "photoTakenTime": {"timestamp": "1546297200"}})  # 2018-12-31 23:00 UTC
    year = "Takeout/Google Fotos/Fotos von 2019"
    plant(
        tmp_path / "in",
        {
            f"{year}/a.jpg": photo("A", "2019:07:04 10:00:00"),
            f"{year}/b.jpg": photo("B"),
            f"{year}/b.jpg.supplemental-metadata.json": taken,
            f"{year}/IMG_7 (2).jpg": photo("C"),
            f"{year}/IMG_7 (2).jpg.supplemental-metadata.json": taken,
            f"{year}/d.jpg": photo("D"),
            f"{year}/d.jpg.json": taken,
            f"{year}/d-bearbeitet.jpg": photo("E"),
            f"{year}/undated.jpg": photo("F"),
        },
    )
    chosen = replace(request(tmp_path), zone="UTC")
    assert imported(engine, chosen).problems == ()
    day = "2018/12/31"
    assert set(files(tmp_path / "lib")) == {
        "2019/07/04/a.jpg",
        *(f"{day}/b.jpg", f"{day}/b.jpg.supplemental-metadata.json"),
        *(f"{day}/IMG_7 (2).jpg", f"{day}/IMG_7 (2).jpg.supplemental-metadata.json"),
        *(f"{day}/d.jpg", f"{day}/d.jpg.json", f"{day}/d-bearbeitet.jpg"),
        "2019/undated.jpg",
    }
    again = reviewed(engine, replace(chosen, folder1=chosen.output))
    assert again.plan.operations == ()


def test_a_folder_that_contradicts_the_camera_is_named(engine: Engine, tmp_path: Path) -> None:
    plant(
        tmp_path / "in",
        {
            "2019-11-02 Harbour/a.jpg": photo("A", "2015:08:01 10:00:00"),
            "2015 Harbour/b.jpg": photo("B", "2015:08:01 10:00:00"),
            "2016 New Year/c.jpg": photo("C", "2015:12:31 23:00:00"),
            "Backup 2019-11-02/d.jpg": photo("D", "2015:08:01 10:00:00"),
        },
    )
    review = reviewed(engine, request(tmp_path))
    notes = [note for note in review.notes + review.plan.notes if "years away" in note]
    assert set(notes) == {
        "1 picture lies in a folder that is years away from the camera's date: "
        "a.jpg (folder 2019-11-02, camera 2015-08-01)."
    }
    assert {one.target for one in review.placed} == {
        "2019/11-02 Harbour/a.jpg",
        "2015/Harbour/b.jpg",
        "2016/New Year/c.jpg",
        "2015/08/01/d.jpg",
    }
