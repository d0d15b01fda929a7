"""Archives as inputs of *import*: the library of the unpacked folders, parts as one, albums, what is known."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from image_sync.base.model import Action
from image_sync.engine import Engine
from image_sync.jobs.photo_import.job import ImportJob
from image_sync.jobs.photo_import.joining import export_of
from image_sync.jobs.photo_import.model import Correction, Fate
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.transfer import Transfer
from image_sync.pictures import measure as measuring
from image_sync.pictures.metadata.dates import PartialDate
from tests.archives.made import archive
from tests.jobs.photo_import.made import SPRING, SUMMER, applied, finished, imported, photo, pixels, reviewed, undone
from tests.pictures.metadata.metadata_made import movie, mvhd
from tests.trees import files, snapshot

PHOTOS = "Takeout/Google Photos"
YEAR = f"{PHOTOS}/Photos from 2019"
KINDS = pytest.mark.parametrize("kind", ["zip", "tgz", "tar"])


def taken(second: int) -> str:
    """The JSON of a Takeout."""
    return json.dumps({"title": "x", "photoTakenTime": {"timestamp": f"{second}"}})


NEW_YEAR, JULY = taken(1546297200), taken(1562245200)
PART_1 = {
    f"{YEAR}/a.jpg": photo("A", "2019:07:04 10:00:00"),
    f"{YEAR}/b.jpg": photo("B"),
    f"{YEAR}/c.jpg": photo("C"),
    f"{YEAR}/c-edited.jpg": photo("D"),
    f"{YEAR}/IMG_7 (2).jpg": photo("E"),
    f"{YEAR}/movie.mp4": movie(mvhd(datetime(2019, 7, 4, 13))),
    f"{PHOTOS}/Italy/a.jpg": photo("A", "2019:07:04 10:00:00"),
    f"{PHOTOS}/Italy/only here.jpg": photo("F", SPRING),
    f"{PHOTOS}/Italy/metadata.json": json.dumps({"title": "Italy"}),
    f"{PHOTOS}/Trash/thrown.jpg": photo("G", SPRING),
    "Takeout/archive_browser.html": "<html>",
}
PART_2 = {
    f"{YEAR}/b.jpg.supplemental-metadata.json": NEW_YEAR,
    f"{YEAR}/c.jpg.json": JULY,
    f"{YEAR}/IMG_7 (2).jpg.supplemental-metadata.json": taken(800000000),
    f"{YEAR}/live.heic.json": JULY,
    f"{YEAR}/d.png": pixels("H", kind="PNG"),
    f"{YEAR}/d.png.json": JULY,
}


def chosen(folder: Path, inputs: Sequence[str], library: str = "lib", **options: object) -> ImportRequest:
    output = folder / library
    output.mkdir(exist_ok=True)
    first, second, *further = [*inputs, ""] if len(inputs) == 1 else inputs
    places = (first, os.fspath(output), second, tuple(further))
    return ImportRequest(*places, **{"prefix": "S", "zone": "UTC", **options})  # type: ignore[arg-type]


def packed(folder: Path, kind: str = "zip", *parts: Mapping[str, bytes | str]) -> list[str]:
    """The parts of a Takeout."""
    return [
        archive(folder / f"takeout-20240101T120000Z-{number:03}.{kind}", part)
        for number, part in enumerate(parts or (PART_1, PART_2), 1)
    ]


def unpacked(archives: Sequence[str], folder: Path) -> str:
    """What a person has who unpacks all of them into one folder, with their times."""
    folder.mkdir()
    for path in archives:
        shutil.unpack_archive(path, folder)
        if path.endswith(".zip"):
            _age_as_packed(path, folder)
    return os.fspath(folder)


def _age_as_packed(path: str, folder: Path) -> None:
    from image_sync.archives.opening import listed

    for relative, member in listed(path).members.items():
        os.utime(folder / relative, ns=(member.mtime_ns, member.mtime_ns))


def contents_and_times(library: Path) -> dict[str, tuple[object, object]]:
    """The files of a library without the earlier versions that are kept for undo."""
    tree = snapshot(library, folders=False)
    return {name: (what, when) for name, (what, _, when) in tree.items() if not name.startswith(".image-sync")}


# --- the same as from folders -----------------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("options", [{}, {"albums": True}, {"set_dates": True}], ids=["plain", "albums", "dates"])
def test_the_library_is_that_of_the_unpacked_folders(
    engine: Engine, tmp_path: Path, kind: str, options: dict[str, object]
) -> None:
    archives = packed(tmp_path / "in", kind)
    folder = unpacked(archives, tmp_path / "folder")
    before = snapshot(tmp_path / "in")
    assert imported(engine, chosen(tmp_path, [folder], "from-folder", transfer=Transfer.COPY, **options)).problems == ()
    assert imported(engine, chosen(tmp_path, archives, "from-archives", **options)).problems == ()
    found = contents_and_times(tmp_path / "from-archives")
    assert found == contents_and_times(tmp_path / "from-folder")
    assert len(found) >= 11
    assert snapshot(tmp_path / "in") == before


def test_where_each_picture_of_a_takeout_goes(engine: Engine, tmp_path: Path) -> None:
    assert imported(engine, chosen(tmp_path, packed(tmp_path / "in"))).problems == ()
    assert files(tmp_path / "lib") == [
        "1995/05/09/IMG_7 (2).jpg",
        "1995/05/09/IMG_7 (2).jpg.supplemental-metadata.json",
        "2003/05/06/only here.jpg",
        "2018/12/31/b.jpg",
        "2018/12/31/b.jpg.supplemental-metadata.json",
        "2019/07/04/a.jpg",
        "2019/07/04/c-edited.jpg",
        "2019/07/04/c.jpg",
        "2019/07/04/c.jpg.json",
        "2019/07/04/d.png",
        "2019/07/04/d.png.json",
        "S_ImageMovies/2019/07/04/movie.mp4",
    ]


def test_albums_by_choice(engine: Engine, tmp_path: Path) -> None:
    tree = {
        f"{YEAR}/a.jpg": photo("A", "2019:07:04 10:00:00"),
        f"{PHOTOS}/Italy/a.jpg": photo("A", "2019:07:04 10:00:00"),
        f"{PHOTOS}/Untitled(3)/b.jpg": photo("B", "2019:07:04 10:00:00"),
        f"{YEAR}/b.jpg": photo("B", "2019:07:04 10:00:00"),
    }
    (path,) = packed(tmp_path / "in", "zip", tree)
    assert imported(engine, chosen(tmp_path, [path], albums=True)).problems == ()
    assert files(tmp_path / "lib") == ["2019/07/04/b.jpg", "2019/Italy/a.jpg"]


@pytest.mark.parametrize("place", ["Takeout/Google Photos", "Google Fotos", ""])
def test_an_album_is_told_wherever_the_input_begins(engine: Engine, tmp_path: Path, place: str) -> None:
    tree = {
        "Photos from 2019/a.jpg": photo("A", "2019:07:04 10:00:00"),
        "Italy/a.jpg": photo("A", "2019:07:04 10:00:00"),
    }
    root = tmp_path / "in" / "Google Photos" if not place else tmp_path / "in"
    for name, data in tree.items():
        (root / place / name).parent.mkdir(parents=True, exist_ok=True)
        (root / place / name).write_bytes(data)
    assert imported(engine, chosen(tmp_path, [os.fspath(root)], transfer=Transfer.COPY)).problems == ()
    assert files(tmp_path / "lib") == ["2019/07/04/a.jpg"]


def test_a_good_library_is_not_made_worse_by_a_takeout(engine: Engine, tmp_path: Path) -> None:
    better = tmp_path / "lib" / "2017" / "02-12 Skiurlaub Zermatt" / "a.jpg"
    better.parent.mkdir(parents=True)
    better.write_bytes(photo("A", "2017:02:12 10:00:00"))
    tree = {f"{PHOTOS}/{name}/a.jpg": photo("A", "2017:02:12 10:00:00") for name in ("Photos from 2017", "Zermatt")}
    before = snapshot(tmp_path / "lib")
    review = reviewed(engine, chosen(tmp_path, packed(tmp_path / "in", "zip", tree)))
    assert [one.fate for one in review.placed] == [Fate.KNOWN, Fate.KNOWN]
    assert review.plan.operations == () and snapshot(tmp_path / "lib") == before


# --- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("takeout-001.zip", "takeout-002.zip", True),
        ("takeout-20240101T120000Z-001.zip", "takeout-20240101T120000Z-002.zip", True),
        ("takeout-20240101T120000Z-1-001.tgz", "takeout-20240101T120000Z-2-001.tgz", True),
        ("takeout-20240101T120000Z-001.zip", "takeout-20240101T120000Z-001 (1).zip", True),
        ("takeout-20240101T120000Z-001.zip", "takeout-20230101T120000Z-001.zip", False),
        ("iCloud Photos Part 1 of 5.zip", "iCloud Photos Part 2 of 5.zip", True),
        ("iCloud-Fotos Teil 1 von 5.zip", "iCloud-Fotos Teil 2 von 5.zip", True),
        ("mum.zip", "dad.zip", False),
        ("2019.zip", "2020.zip", False),
    ],
)
def test_parts_of_one_export_are_told_by_their_names(first: str, second: str, same: bool) -> None:
    assert (export_of(f"/x/{first}") == export_of(f"/y/{second}")) == same


def test_two_accounts_with_the_same_names_are_kept_apart(engine: Engine, tmp_path: Path) -> None:
    """A picture never gets the JSON of another account's picture of its name."""
    mine = archive(
        tmp_path / "in" / "takeout-20240101T120000Z-001.zip",
        {f"{YEAR}/1.jpg": photo("A"), f"{YEAR}/1.jpg.json": NEW_YEAR},
    )
    yours = archive(
        tmp_path / "in" / "takeout-20240202T120000Z-001.zip", {f"{YEAR}/1.jpg": photo("B"), f"{YEAR}/1.jpg.json": JULY}
    )
    assert imported(engine, chosen(tmp_path, [mine, yours])).problems == ()
    assert files(tmp_path / "lib") == [
        "2018/12/31/1.jpg",
        "2018/12/31/1.jpg.json",
        "2019/07/04/1.jpg",
        "2019/07/04/1.jpg.json",
    ]
    assert (tmp_path / "lib/2018/12/31/1.jpg").read_bytes() == photo("A")
    assert (tmp_path / "lib/2019/07/04/1.jpg").read_bytes() == photo("B")


@pytest.mark.parametrize(
    "names", [("takeout-001.zip", "takeout-002.zip"), ("one.zip", "two.zip")], ids=["parts", "strangers"]
)
def test_a_member_that_two_archives_have(engine: Engine, tmp_path: Path, names: tuple[str, str]) -> None:
    """The same content is kept once, two different ones are both kept."""
    one = archive(tmp_path / "in" / names[0], {"d/same.jpg": photo("A", SPRING), "d/other.jpg": photo("B", SPRING)})
    two = archive(tmp_path / "in" / names[1], {"d/same.jpg": photo("A", SPRING), "d/other.jpg": photo("C", SPRING)})
    assert imported(engine, chosen(tmp_path, [one, two])).problems == ()
    assert files(tmp_path / "lib") == ["2003/d/other(1).jpg", "2003/d/other.jpg", "2003/d/same.jpg"]
    contents = {(tmp_path / "lib/2003/d" / name).read_bytes() for name in ("other.jpg", "other(1).jpg")}
    assert contents == {photo("B", SPRING), photo("C", SPRING)}


@pytest.mark.parametrize("names", [("one.zip", "two.zip"), ("one", "two.tgz"), ("one.zip", "two")], ids=str)
def test_a_json_is_found_in_another_input_whatever_that_is_called(
    engine: Engine, tmp_path: Path, names: tuple[str, str]
) -> None:
    inputs = []
    for name, tree in zip(names, ({f"{YEAR}/b.jpg": photo("B")}, {f"{YEAR}/b.jpg.json": NEW_YEAR}), strict=True):
        path = archive(tmp_path / "in" / (name if "." in name else f"{name}.zip"), tree)
        inputs.append(path if "." in name else unpacked([path], tmp_path / name))
    assert imported(engine, chosen(tmp_path, inputs)).problems == ()
    assert files(tmp_path / "lib") == ["2018/12/31/b.jpg", "2018/12/31/b.jpg.json"]


def test_folders_and_archives_mixed_and_more_than_two(engine: Engine, tmp_path: Path) -> None:
    card = tmp_path / "card"
    (card / "DCIM").mkdir(parents=True)
    (card / "DCIM" / "x.jpg").write_bytes(photo("X", SUMMER))
    archives = [
        archive(tmp_path / "in" / f"{name}.zip", {f"{name}.jpg": photo(name, SPRING)}) for name in ("a", "b", "c")
    ]
    request = chosen(tmp_path, [*archives, os.fspath(card)])
    before = snapshot(tmp_path)
    review = reviewed(engine, request)
    assert review.plan.roots == {
        "input": archives[0],
        "input 2": archives[1],
        "input 3": archives[2],
        "input 4": os.fspath(card),
        "output": os.fspath(tmp_path / "lib"),
    }
    assert review.plan.counts()[Action.EXTRACT] == 3 and review.plan.counts()[Action.MOVE] == 1
    assert "The archives stay as they are: what is imported from them is copied." in review.notes
    assert applied(engine, review).problems == ()
    assert files(tmp_path / "lib") == ["2003/05/06/a.jpg", "2003/05/06/b.jpg", "2003/05/06/c.jpg", "2010/07/08/x.jpg"]
    assert undone(engine).problems == ()
    assert snapshot(tmp_path) == before


def test_an_archive_in_the_library_is_an_input_like_any_other(engine: Engine, tmp_path: Path) -> None:
    path = archive(tmp_path / "lib" / "Old" / "trip.zip", {"2004-03-05 Trip/a.jpg": photo("A", SPRING)})
    assert imported(engine, chosen(tmp_path, [path], crowded=10)).problems == ()
    assert files(tmp_path / "lib") == ["2004/03-05 Trip/a.jpg", "Old/trip.zip"]


# --- never twice, and what is known -----------------------------------------------------------------------------------


@KINDS
def test_a_second_run_has_nothing_to_do_and_reads_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    request = chosen(tmp_path, packed(tmp_path / "in", kind))
    assert imported(engine, request).problems == ()
    read: list[str] = []
    plain = measuring._decoded
    monkeypatch.setattr(measuring, "_decoded", lambda path, content: read.append(path) or plain(path, content))  # type: ignore[func-returns-value]
    review = reviewed(engine, request)
    assert (review.plan.operations, read) == ((), [])
    assert {one.fate for one in review.placed} == {Fate.KNOWN}


def test_an_archive_that_was_moved_is_known(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = packed(tmp_path / "in", "zip", PART_1)
    reviewed(engine, chosen(tmp_path, [path]))
    read: list[str] = []
    plain = measuring._decoded
    monkeypatch.setattr(measuring, "_decoded", lambda path, content: read.append(path) or plain(path, content))  # type: ignore[func-returns-value]
    os.rename(path, tmp_path / "in" / "renamed.zip")
    reviewed(engine, chosen(tmp_path, [os.fspath(tmp_path / "in" / "renamed.zip")]))
    assert read == []


def test_another_archive_of_the_same_name_is_another(engine: Engine, tmp_path: Path) -> None:
    """Sizes and times of the members, and the archive's time, are the same: only their contents differ."""
    first, second = photo("A", SPRING), photo("B", SUMMER)
    length = max(len(first), len(second))
    path = archive(tmp_path / "in" / "a.zip", {"a.jpg": first.ljust(length, b"\0")}, 0)
    assert reviewed(engine, chosen(tmp_path, [path])).placed[0].folder == "2003/05/06"
    archive(tmp_path / "in" / "a.zip", {"a.jpg": second.ljust(length, b"\0")}, 0)
    from image_sync.archives import opening

    opening.forget(path)  # another process
    (placed,) = reviewed(engine, chosen(tmp_path, [path])).placed
    assert placed.folder == "2010/07/08"
    assert imported(engine, chosen(tmp_path, [path])).problems == ()
    assert (tmp_path / "lib/2010/07/08/a.jpg").read_bytes().startswith(second)


def test_what_the_library_has_in_a_worse_place_makes_way(engine: Engine, tmp_path: Path) -> None:
    worse = tmp_path / "lib" / "S_NoDate" / "a.jpg"
    worse.parent.mkdir(parents=True)
    worse.write_bytes(photo("A"))
    path = archive(tmp_path / "in" / "a.zip", {"2004-03-05 Picnic/a.jpg": photo("A")})
    before = snapshot(tmp_path)
    assert imported(engine, chosen(tmp_path, [path])).problems == ()
    assert files(tmp_path / "lib") == ["2004/03-05 Picnic/a.jpg", "S_Duplicates/S_NoDate/a.jpg"]
    undone(engine)
    assert snapshot(tmp_path) == before


def test_corrections_and_other_choices_need_no_new_scan(engine: Engine, tmp_path: Path) -> None:
    (path,) = packed(tmp_path / "in", "zip", {"a.jpg": photo("A", SPRING)})
    request = chosen(tmp_path, [path])
    review = reviewed(engine, request)
    where = review.placed[0].arrival.path
    changed = engine.replan(review, replace(request, set_dates=True), {where: Correction(PartialDate(1999, 1, 2))})
    assert changed.placed[0].folder == "1999/01/02"
    assert applied(engine, changed).problems == ()
    assert [name for name in files(tmp_path / "lib") if not name.startswith(".")] == ["1999/01/02/a.jpg"]


def test_a_card_that_is_gone_meanwhile_is_refused_by_its_field(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.jpg": photo("A")})
    gone = os.fspath(tmp_path / "gone.zip")
    assert list(ImportJob.check(chosen(tmp_path, [path, gone]))) == ["folder2"]
    assert list(ImportJob.check(chosen(tmp_path, [path, os.fspath(tmp_path), gone]))) == ["further"]
    twice = ImportJob.check(chosen(tmp_path, [path, os.fspath(tmp_path), path]))
    assert twice == {"further": "This is the same archive as an input before it; one is enough"}


def test_a_stop_while_a_compressed_tar_is_listed(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from image_sync.archives import tape

    path = archive(tmp_path / "in" / "a.tgz", {f"{number}.jpg": photo(f"{number}") for number in range(20)})
    summed: list[int] = []
    plain = tape._Tape.sum_up

    def sum_up(self: tape._Tape, at: int, size: int) -> int:
        summed.append(at)
        engine.stop()
        return plain(self, at, size)

    monkeypatch.setattr(tape._Tape, "sum_up", sum_up)
    engine.start(ImportJob(chosen(tmp_path, [path])))
    end, _ = finished(engine)
    assert (end.result, len(summed)) == (None, 1)
