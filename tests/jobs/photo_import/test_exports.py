"""What an exported library says of its pictures beside them: what was thrown away, and when they were taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from image_sync.engine import Engine
from tests.archives.made import archive
from tests.jobs.photo_import.made import SPRING, applied, photo, plant, reviewed
from tests.jobs.photo_import.test_archives import chosen
from tests.trees import files, snapshot

HEAD = "imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate\n"
Tree = Mapping[str, bytes | str]


def row(name: str, when: str = "", deleted: str = "no") -> str:
    return f'{name},AfQj57,no,no,{deleted},"{when}",10,"Saturday June 4,2022 12:11 PM GMT"\n'


JULY = "Thursday July 4,2019 1:25 PM GMT"
ICLOUD = {
    "iCloud Photos Part 1 of 2/Photos/IMG_0001.JPG": photo("A"),
    "iCloud Photos Part 1 of 2/Photos/IMG_0002.JPG": photo("B", SPRING),
    "iCloud Photos Part 1 of 2/Photos/IMG_0003.JPG": photo("C"),
    "iCloud Photos Part 1 of 2/Photos/IMG_0004.JPG": photo("D"),
    "iCloud Photos Part 1 of 2/Photos/Photo Details.csv": HEAD
    + row("IMG_0001.JPG", JULY)
    + row("IMG_0002.JPG", JULY)
    + row("IMG_0003.JPG", JULY, "yes"),
    "iCloud Photos Part 1 of 2/Recently Deleted/IMG_0009.JPG": photo("E", SPRING),
}
SECOND = {
    "iCloud Photos Part 2 of 2/Photos/IMG_0001.JPG": photo("F"),
    "iCloud Photos Part 2 of 2/Photos/IMG_0005.JPG": photo("G"),
    "iCloud Photos Part 2 of 2/Photos/Photo Details-1.csv": HEAD
    + row("IMG_0004.JPG", "Monday March 11,2024 8:34 PM GMT")
    + row("IMG_0001.JPG", "Friday December 31,2021 11:59 PM GMT"),
}


def as_folder(folder: Path, *parts: Tree) -> list[str]:
    for part in parts:
        plant(folder / "in", part)
    return [str(folder / "in")]


def as_archives(folder: Path, *parts: Tree) -> list[str]:
    return [
        archive(folder / f"iCloud Photos Part {number} of {len(parts)}.zip", part)
        for number, part in enumerate(parts, 1)
    ]


@pytest.mark.parametrize("made", [as_folder, as_archives], ids=["folder", "archives"])
def test_apples_list(engine: Engine, tmp_path: Path, made: Callable[..., list[str]]) -> None:
    inputs = made(tmp_path, ICLOUD, SECOND)
    before = snapshot(tmp_path / "in") if made is as_folder else {}
    review = reviewed(engine, chosen(tmp_path, inputs))
    assert any("1 picture lay in the bin when" in note and "IMG_0003.JPG" in note for note in review.notes)
    assert any("1 file in the bin of iCloud (" in note and "Recently Deleted" in note for note in review.notes)
    assert {Path(one.arrival.path).name for one in review.placed if not one.arrival.captured} == {"IMG_0005.JPG"}
    applied(engine, review)
    # A picture's own date counts before the list's; of two pictures of one name each has that of its own part.
    assert set(files(tmp_path / "lib")) == {
        "2019/07/04/IMG_0001.JPG",
        "2003/05/06/IMG_0002.JPG",
        "2024/03/11/IMG_0004.JPG",
        "2021/12/31/IMG_0001.JPG",
        "S_NoDate/IMG_0005.JPG",
    }
    if before:
        thrown = ("Recently Deleted", "IMG_0003", "Photo Details")
        assert set(files(tmp_path / "in")) == {
            name for name in files_of(before) if any(word in name for word in thrown)
        }


def files_of(shot: Mapping[str, object]) -> list[str]:
    return [name for name in shot if name.endswith((".JPG", ".csv"))]


def test_the_list_is_known_again(engine: Engine, tmp_path: Path) -> None:
    """A list that came later, or was mended, gives its date although the picture was read before."""
    plant(tmp_path / "in", {"Photos/IMG_1.JPG": photo("A")})
    wanted = chosen(tmp_path, [str(tmp_path / "in")])
    assert reviewed(engine, wanted).placed[0].arrival.captured is None
    for when, day in ((JULY, "2019/07/04"), ("Monday March 11,2024 8:34 PM GMT", "2024/03/11")):
        plant(tmp_path / "in", {"Photos/Photo Details.csv": HEAD + row("IMG_1.JPG", when)})
        assert reviewed(engine, wanted).placed[0].target == f"{day}/IMG_1.JPG"


def test_what_google_photos_had_in_its_bin(engine: Engine, tmp_path: Path) -> None:
    year = "Takeout/Google Photos/Photos from 2019"
    trashed = json.dumps({"title": "x", "photoTakenTime": {"timestamp": "1562245200"}, "trashed": True})
    kept = json.dumps({"title": '"trashed"', "photoTakenTime": {"timestamp": "1562245200"}, "trashed": False})
    plant(
        tmp_path / "in",
        {
            f"{year}/a.jpg": photo("A"),
            f"{year}/a.jpg.json": trashed,
            f"{year}/a-edited.jpg": photo("B"),
            f"{year}/b.jpg": photo("C"),
            f"{year}/b.jpg.json": kept,
            f"{year}/c.jpg": photo("D", SPRING),
            f"{year}/c.jpg.json": '{"trashed": tru',
        },
    )
    review = reviewed(engine, chosen(tmp_path, [str(tmp_path / "in")]))
    assert {one.target for one in review.placed} == {"2019/07/04/b.jpg", "2003/05/06/c.jpg"}
    (said,) = (note for note in review.notes if "lay in the bin" in note)
    assert "2 pictures lay in the bin" in said
    assert "a-edited.jpg" in said


def test_a_library_keeps_what_its_sidecars_say_was_thrown_away(engine: Engine, tmp_path: Path) -> None:
    trashed = json.dumps({"photoTakenTime": {"timestamp": "1562245200"}, "trashed": True})
    plant(tmp_path / "lib", {"2003/05/06/a.jpg": photo("A", SPRING), "2003/05/06/a.jpg.json": trashed})
    before = snapshot(tmp_path / "lib")
    review = reviewed(engine, chosen(tmp_path, [str(tmp_path / "lib")]))
    assert [one.arrival.record.name for one in review.placed] == ["a.jpg"]
    applied(engine, review)
    assert snapshot(tmp_path / "lib") == before


@pytest.mark.parametrize("albums", [False, True])
def test_apples_albums_by_choice(engine: Engine, tmp_path: Path, albums: bool) -> None:
    tree = {f"iCloud Photos/Photos/IMG_{number}.JPG": photo(letter, SPRING) for number, letter in enumerate("ABC")}
    lists = {
        "iCloud Photos/Albums/Italy.csv": "Images\nIMG_0.JPG\nIMG_1.JPG\n",
        "iCloud Photos/Albums/Rome.csv": "Images\nIMG_1.JPG\n",
        "iCloud Photos/Albums/taxes.csv": "year,paid\n2019,IMG_2.JPG\n",
    }
    plant(tmp_path / "in", {**tree, **lists})
    applied(engine, reviewed(engine, chosen(tmp_path, [str(tmp_path / "in")], albums=albums)))
    # Of two albums the smaller one says more.
    day = "2003/05/06"
    said = {"2003/Italy/IMG_0.JPG", "2003/Rome/IMG_1.JPG", f"{day}/IMG_2.JPG"}
    assert set(files(tmp_path / "lib")) == (said if albums else {f"{day}/IMG_{number}.JPG" for number in range(3)})
    assert set(files(tmp_path / "in")) == set(lists)
