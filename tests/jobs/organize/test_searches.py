"""Searches without a plan: where else a picture is, and what is missing; they see what *organize* sees."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from image_sync import Engine, Level, MissingWhy, Refused, Sameness, find_missing, find_picture, find_similar
from image_sync.base.events import Event, StageBegan
from image_sync.base.model import FileRecord
from image_sync.inventory.catalog import Catalog, Known
from image_sync.jobs.organize.job import OrganizeJob
from tests.jobs.organize.test_any_number_of_folders import groups, scanned
from tests.jobs.organize.test_engine_whole import MOVIE
from tests.pictures_made import edited, save, scene
from tests.trees import snapshot

SIZE = (640, 480)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(catalog=os.fspath(tmp_path / "catalog.sqlite3"))
    yield made
    made.close()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Four versions of one scene, one of them twice; a blank; others."""
    place = tmp_path / "library"
    whole = scene(1, SIZE)
    save(whole, place / "2021" / "beach.png")
    save(edited(whole), place / "small.jpg", quality=70)
    save(whole.crop((32, 24, 608, 456)), place / "trimmed.jpg", quality=90)
    save(whole.crop((64, 48, 640, 480)), place / "cut.jpg", quality=90)
    save(whole.rotate(180), place / "turned.jpg", quality=90)
    save(whole, place / "beach.bmp")
    shutil.copy2(place / "small.jpg", place / "2021" / "small again.jpg")
    for seed in (2, 3, 4, 5):
        save(scene(seed, SIZE), place / "others" / f"{seed}.jpg")
    return place


@pytest.mark.slow
@pytest.mark.parametrize("level", list(Level))
def test_a_picture_is_found_where_a_scan_of_all_would_match_it(engine: Engine, library: Path, level: Level) -> None:
    """The search for one is no other search: every picture of the library asked in turn, against all pairs at once."""
    review = scanned(engine, [library], library.parent / "out", level=level)
    places = [picture.record.path for picture in review.pictures]
    leader = list(range(len(places)))
    for match in review.matches:
        if match.sameness is Sameness.IDENTICAL_FILE:
            leader[match.second] = match.first
    pairs = {
        (leader[one], leader[other]) for match in review.matches for one, other in ((match.first, match.second),) * 2
    }
    pairs |= {(other, one) for one, other in pairs} | {(one, one) for one in range(len(places))}
    for asked, place in enumerate(places):
        expected = {
            other for index, other in enumerate(places) if (leader[asked], leader[index]) in pairs and (index != asked)
        }
        assert {one.path for one in find_picture(place, library, level, engine=engine).found} == expected
    assert any(len(one.members) > 2 for one in review.groups) or level in (Level.EXACT, Level.PIXELS)


def test_the_best_comes_first_and_says_how_it_is_the_same(engine: Engine, library: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.png"
    shutil.copy2(library / "2021" / "beach.png", asked)
    before = snapshot(tmp_path / "library")
    answer = find_picture(asked, [library], engine=engine)
    told = [(Path(one.path).name, one.sameness.value) for one in answer.found]
    assert told[:2] == [("beach.png", "identical file"), ("beach.bmp", "identical pixels")]
    assert {name for name, how in told[2:]} == {"small.jpg", "small again.jpg", "trimmed.jpg"}
    assert [one.score for one in answer.found] == sorted((one.score for one in answer.found), reverse=True)
    assert (answer.picture.width, answer.picture.height, answer.searched) == (640, 480, 11)
    assert snapshot(tmp_path / "library") == before
    edited_too = find_picture(asked, [library], Level.EDITED, engine=engine)
    turned = {Path(one.path).name: one.turned for one in edited_too.found}
    assert turned["turned.jpg"] and not turned["cut.jpg"]


def test_a_search_reads_nothing_twice_and_leaves_remembered_searches_alone(engine: Engine, library: Path) -> None:
    scanned(engine, [library], library.parent / "out")
    remembered = searches(library.parent)
    assert remembered
    asked = save(scene(1, SIZE), library.parent / "asked.jpg", quality=50)
    find_picture(asked, library, engine=engine)
    find_picture(asked, [library, library / "2021"], engine=engine)
    assert searches(library.parent) == remembered
    events: list[Event] = []
    find_picture(asked, library, engine=engine, listener=events.append)
    totals = {event.stage.name: event.total for event in events if isinstance(event, StageBegan)}
    assert (totals["MEASURE"], totals["MATCH"]) == (12, 1), "one is compared with all, not all with all"


def searches(place: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(place / "catalog.sqlite3") as connection:
        return sorted(connection.execute("SELECT rule, contents FROM known_search"))


def test_what_is_no_match_is_heeded(engine: Engine, library: Path) -> None:
    review = scanned(engine, [library], library.parent / "out")
    names = {picture.record.name: picture for picture in review.pictures}

    def found() -> set[str]:
        return {
            Path(one.path).name for one in find_picture(names["beach.png"].record.path, library, engine=engine).found
        }

    before = found()
    engine.job(OrganizeJob).not_a_match(names["beach.png"], names["trimmed.jpg"])
    assert found() == before - {"trimmed.jpg"} != before


def test_a_catalog_that_is_found_damaged_on_the_way_costs_time_and_no_answer(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Engine(catalog=os.fspath(tmp_path / "damaged.sqlite3"))
    before = find_picture(library / "small.jpg", library, engine=made)
    lookup, failures = Catalog.lookup, [sqlite3.DatabaseError("database disk image is malformed")]

    def broken_once(catalog: Catalog, records: Sequence[FileRecord], version: int) -> list[Known | None]:
        if failures:
            raise failures.pop()
        return lookup(catalog, records, version)

    monkeypatch.setattr(Catalog, "lookup", broken_once)
    answer = find_picture(library / "small.jpg", library, engine=made)
    made.close()
    assert answer.found == before.found and len(answer.found) > 2
    assert any("begun anew" in note for note in answer.notes)


@pytest.mark.slow
def test_what_has_a_twentieth_cut_off_each_side_is_found(engine: Engine, tmp_path: Path) -> None:
    """The hashes of the whole propose none of these: they are 40 to 46 bits apart, and 38 are a candidate."""
    seeds = (57, 90, 51, 78)
    for seed in seeds:
        picture = scene(seed, SIZE)
        save(picture, tmp_path / "library" / f"{seed}.jpg", quality=92)
        save(picture.crop((32, 24, 608, 456)), tmp_path / "cut" / f"{seed} cut.jpg", quality=80)
    scanned(engine, [tmp_path / "library"], tmp_path / "out")
    for seed in seeds:
        for asked, place, name in (("cut", "library", f"{seed}.jpg"), ("library", "cut", f"{seed} cut.jpg")):
            sought = next((tmp_path / asked).glob(f"{seed}[. ]*"))
            found = find_picture(sought, tmp_path / place, engine=engine).found
            assert [Path(one.path).name for one in found] == [name]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "There is no picture of no name"),
        ("gone.jpg", "There is no picture gone.jpg"),
        ("library", "library is a folder; name the one picture that is sought, then the folders"),
        ("notes.txt", "notes.txt is no picture by its name"),
        ("text.jpg", "can't be read as a picture: it holds text, not a picture"),
        ("empty.jpg", "can't be read as a picture"),
        ("dead.jpg", "dead.jpg can't be read"),
        ("pipe.jpg", "pipe.jpg is no picture by its name"),
    ],
)
def test_what_can_not_be_sought_is_said(
    engine: Engine, library: Path, asked: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library.parent)
    Path("notes.txt").write_text("no picture")
    Path("text.jpg").write_text("no picture either")
    Path("empty.jpg").touch()
    Path("dead.jpg").symlink_to("nowhere")
    os.mkfifo("pipe.jpg")
    with pytest.raises(Refused) as refusal:
        find_picture(asked, library, engine=engine)
    assert said in str(refusal.value)
    with pytest.raises(Refused, match="There is no file or folder"):
        find_picture(library / "small.jpg", [library, "gone"], engine=engine)


# --- missing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(tmp_path: Path, library: Path) -> Path:
    """A card of which the library has some."""
    place = tmp_path / "card"
    shutil.copytree(library / "others", place / "DCIM")
    os.rename(place / "DCIM" / "2.jpg", place / "DCIM" / "IMG_0002.JPG")
    save(scene(5, SIZE), place / "DCIM" / "5.jpg", quality=99)
    save(scene(9, SIZE), place / "DCIM" / "new.jpg")
    save(scene(1, SIZE).resize((1280, 960)), place / "DCIM" / "large.jpg", quality=95)
    save(scene(1, SIZE), place / "DCIM" / "beach.tif")
    (place / "DCIM" / "MVI_1.MOV").write_bytes(b"movie" * 999)
    (library / "clip.mov").write_bytes(b"movie" * 999)
    (place / "DCIM" / "MVI_2.MOV").write_bytes(b"other" * 999)
    (place / "DCIM" / "new.xmp").write_text("<xmp/>")
    (place / "DCIM" / "broken.jpg").write_text("text")
    (place / "DCIM" / "also broken.jpg").write_text("exet")
    (library / "broken there.jpg").write_text("exet")
    (place / "index.dat").write_bytes(b"no picture")
    return place


def test_what_of_a_card_is_missing_and_why(engine: Engine, card: Path, library: Path) -> None:
    before = snapshot(card.parent / "library"), snapshot(card)
    answer = find_missing(card, library, engine=engine)
    assert {Path(one.path).name: (one.why, Path(one.nearest).name) for one in answer.missing} == {
        "5.jpg": (MissingWhy.NOT_IDENTICAL, "5.jpg"),
        "new.jpg": (MissingWhy.NOTHING_ALIKE, ""),
        "large.jpg": (MissingWhy.SMALLER, "beach.png"),
        "MVI_2.MOV": (MissingWhy.OTHER_BYTES, ""),
        "new.xmp": (MissingWhy.OTHER_BYTES, ""),
        "broken.jpg": (MissingWhy.OTHER_BYTES, ""),
    }
    assert {Path(one.path).name: (Path(one.at).name, one.sameness.value) for one in answer.present} == {
        "IMG_0002.JPG": ("2.jpg", "identical file"),
        "3.jpg": ("3.jpg", "identical file"),
        "4.jpg": ("4.jpg", "identical file"),
        "beach.tif": ("beach.png", "identical pixels"),
        "MVI_1.MOV": ("clip.mov", "identical file"),
        "also broken.jpg": ("broken there.jpg", "identical file"),
    }
    assert any("1 other file was not looked for" in note for note in answer.notes)
    assert {Path(problem.path).name for problem in answer.problems} >= {"broken.jpg", "also broken.jpg"}
    assert (snapshot(card.parent / "library"), snapshot(card)) == before


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (Level.EXACT, {"5.jpg", "new.jpg", "large.jpg", "beach.tif", "MVI_2.MOV", "new.xmp", "broken.jpg"}),
        (Level.SAME_SHOT, {"new.jpg", "large.jpg", "MVI_2.MOV", "new.xmp", "broken.jpg"}),
        (Level.EDITED, {"new.jpg", "large.jpg", "MVI_2.MOV", "new.xmp", "broken.jpg"}),
    ],
)
def test_the_level_says_what_counts_as_there(
    engine: Engine, card: Path, library: Path, level: Level, names: set[str]
) -> None:
    assert {Path(one.path).name for one in find_missing(card, library, level, engine=engine).missing} == names


def test_every_file_is_told_once_and_what_is_copied_there_is_missing_no_more(
    engine: Engine, card: Path, library: Path
) -> None:
    listed = {os.fspath(path) for path in card.rglob("*") if path.is_file() and path.name != "index.dat"}
    answer = find_missing(card, library, engine=engine)
    told = [one.path for one in (*answer.missing, *answer.present)]
    assert sorted(told) == sorted(listed)
    for number, one in enumerate(answer.missing):
        shutil.copy(one.path, library / f"{number} {Path(one.path).name}")
    assert find_missing(card, library, engine=engine).missing == ()
    assert find_missing(card, library, Level.EXACT, engine=engine).missing[0].why is MissingWhy.OTHER_BYTES


@pytest.mark.parametrize("level", [Level.EXACT, Level.PIXELS, Level.SAME_SHOT])
def test_one_file_by_two_paths_is_no_copy_of_itself(engine: Engine, card: Path, library: Path, level: Level) -> None:
    os.link(card / "DCIM" / "new.jpg", library / "linked.jpg")
    os.link(card / "DCIM" / "MVI_2.MOV", library / "linked.mov")
    whys = {Path(one.path).name: one.why for one in find_missing(card, library, level, engine=engine).missing}
    assert whys["new.jpg"] is whys["MVI_2.MOV"] is MissingWhy.ITSELF
    shutil.copy(card / "DCIM" / "new.jpg", library / "copied.jpg")
    left = {Path(one.path).name for one in find_missing(card, library, level, engine=engine).missing}
    assert "new.jpg" not in left


def test_a_place_inside_the_other_is_a_place_of_its_own(engine: Engine, library: Path) -> None:
    inner = find_missing(library / "others", library, engine=engine)
    assert {Path(one.path).name for one in inner.missing} == {"2.jpg", "3.jpg", "4.jpg", "5.jpg"}
    assert any("lies inside" in note and "place of its own" in note for note in inner.notes)
    shutil.copy(library / "others" / "2.jpg", library / "2 again.jpg")
    assert {Path(one.path).name for one in find_missing(library / "others", library, engine=engine).missing} == {
        "3.jpg",
        "4.jpg",
        "5.jpg",
    }
    outer = find_missing(library, library / "others", engine=engine)
    assert "2 again.jpg" in {Path(one.path).name for one in outer.present}
    assert not {one.path for one in outer.missing} & {os.fspath(path) for path in (library / "others").iterdir()}


def test_what_can_not_be_asked_is_said(engine: Engine, card: Path, library: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(card)
    for same in (card, tmp_path / "card" / ".." / "card", tmp_path / "link"):
        with pytest.raises(Refused, match="can't be looked for in itself"):
            find_missing(card, [library, same], engine=engine)
    with pytest.raises(Refused, match="There is no file or folder"):
        find_missing(tmp_path / "gone", library, engine=engine)
    with pytest.raises(Refused, match="There is no file or folder"):
        find_missing(card, "", engine=engine)
    (tmp_path / "empty").mkdir()
    nothing = find_missing(tmp_path / "empty", library, engine=engine)
    assert (nothing.missing, nothing.present) == ((), ())
    assert any("There is nothing to look for" in note for note in nothing.notes)
    assert len(find_missing(card, tmp_path / "empty", engine=engine).missing) == 12


def test_a_damaged_copy_is_not_there(engine: Engine, tmp_path: Path) -> None:
    sound = save(scene(5, (480, 360)), tmp_path / "card" / "a.jpg", quality=92)
    save(scene(5, (480, 360)), tmp_path / "library" / "b.jpg", quality=90)
    found = find_missing(tmp_path / "card", tmp_path / "library", Level.SAME_SHOT, engine=engine)
    assert [one.at for one in found.present] == [os.fspath(tmp_path / "library" / "b.jpg")]
    copy = tmp_path / "library" / "b.jpg"
    data = copy.read_bytes()
    hole = len(data) * 15 // 16
    copy.write_bytes(data[:hole] + bytes(600) + data[hole + 600 :])
    (one,) = find_missing(sound, tmp_path / "library", Level.SAME_SHOT, engine=engine).missing
    assert one.why is MissingWhy.DAMAGED and one.nearest == os.fspath(copy)


def test_a_still_is_no_copy_of_the_photo_with_its_movie(engine: Engine, tmp_path: Path) -> None:
    still = save(scene(1, SIZE), tmp_path / "library" / "PXL_1.jpg", quality=92)
    (tmp_path / "card").mkdir()
    (tmp_path / "card" / "PXL_1.MP.jpg").write_bytes(still.read_bytes() + MOVIE)
    for level in (Level.PIXELS, Level.SAME_SHOT):
        (one,) = find_missing(tmp_path / "card", tmp_path / "library", level, engine=engine).missing
        assert one.words.endswith("this one has the movie of the moment, which the other lacks")
    assert find_missing(tmp_path / "library", tmp_path / "card", engine=engine).missing == ()


def test_kinds_and_groups_are_those_of_organize(engine: Engine, library: Path) -> None:
    review = scanned(engine, [library], library.parent / "out")
    found = find_similar(library, engine=engine)
    assert [tuple(Path(one.path).name for one in group.pictures) for group in found.groups] == groups(review)
