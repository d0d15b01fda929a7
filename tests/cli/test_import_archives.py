"""``import`` of archives on the command line: what is wrong with one is said in words, and nothing is lost."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync import cli
from tests.archives.made import archive, entry, patched
from tests.jobs.photo_import.made import SPRING, photo
from tests.trees import files, snapshot

Run = Callable[..., tuple[int, str]]
GOOD = {"good.jpg": photo("good", SPRING)}


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> Run:  # noqa: ARG001 - a state of its own
    """``import`` of archives into ``lib``: the exit code and all that was said."""
    (tmp_path / "lib").mkdir()

    def run(*inputs: str, more: tuple[str, ...] = ("--yes",)) -> tuple[int, str]:
        before = {path: (os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in inputs if os.path.exists(path)}
        code = cli.main(["import", *inputs, os.fspath(tmp_path / "lib"), *more])
        assert {path: (os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in before} == before
        said = capsys.readouterr()
        return code, " ".join((said.out + said.err).split())

    return run


# --- what is refused before anything is touched -----------------------------------------------------------------------


def half(path: str) -> str:
    data = Path(path).read_bytes()
    Path(path).write_bytes(data[: len(data) // 2])
    return path


def no_archive(path: str) -> str:
    Path(path).write_bytes(b"\x89PNG and so on")
    return path


def bomb(path: str) -> str:
    for number in range(40):
        patched(path, f"n{number:02}.jpg", size=60 << 20)
    return path


def in_pieces(path: str) -> str:
    data = bytearray(Path(path).read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 4, 1)
    Path(path).write_bytes(data)
    return path


REFUSED = [
    ("zip", half, "it ends early, as after a download that was cut off"),
    ("tgz", half, "it ends early, as after a download that was cut off. Download or copy it again."),
    ("zip", no_archive, "it is no archive, whatever it is called"),
    ("tgz", no_archive, "it is no archive, whatever it is called"),
    ("zip", bomb, "it would unpack to 2.3 GiB, "),
    ("zip", in_pieces, "it is one of several pieces that make one archive together"),
]


@pytest.mark.parametrize(("kind", "spoil", "words"), REFUSED, ids=lambda one: getattr(one, "__name__", str(one)[:8]))
def test_an_archive_that_cannot_be_read_is_refused_with_all_others(
    tmp_path: Path, run: Run, kind: str, spoil: Callable[[str], str], words: str
) -> None:
    """Half of an export would lose the dates that lie in the other half: nothing is done before all can be read."""
    good = archive(tmp_path / "in" / "good.zip", GOOD)
    bad = spoil(
        archive(tmp_path / "in" / f"bad.{kind}", {f"n{number:02}.jpg": photo(f"{number}") for number in range(40)})
    )
    code, said = run(good, bad)
    assert (code, files(tmp_path / "lib")) == (2, [])
    assert words in said and f"bad.{kind}" in said


def test_what_is_neither_folder_nor_archive(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.rar").write_bytes(b"Rar!")
    code, said = run(os.fspath(tmp_path / "a.rar"))
    assert code == 2 and "is not a folder, and no archive that is read here (zip, tgz, tar)" in said


# --- what is one problem ----------------------------------------------------------------------------------------------


def encrypted(path: str) -> None:
    patched(path, "bad.jpg", flags=1)


def deflate64(path: str) -> None:
    patched(path, "bad.jpg", method=9)


def wrong_sum(path: str) -> None:
    patched(path, "bad.jpg", crc=1)


def dense(path: str) -> None:
    patched(path, "bad.jpg", size=(1 << 31) - 1)


def header_gone(path: str) -> None:
    data = bytearray(Path(path).read_bytes())
    at = data.index(b"bad.jpg") - 30
    data[at : at + 4] = b"????"
    Path(path).write_bytes(data)


PROBLEMS = [
    (encrypted, "1 file in it stays there: encrypted: bad.jpg", "Unpack it with its password and import the folder."),
    (deflate64, "packed in a way that is not read here: bad.jpg (Deflate64)", "Unpack it with another program"),
    (
        wrong_sum,
        "bad.jpg: can't be imported: damaged in its archive: its check sum is wrong",
        "Download or copy it again.",
    ),
    (dense, "it would unpack to far more than any picture or movie does: bad.jpg", "It is taken for a trap."),
    (header_gone, "damaged in its archive: its header is not where the directory says", "Download or copy it again."),
]


@pytest.mark.parametrize(("spoil", "words", "hint"), PROBLEMS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_bad_member_is_one_problem_and_the_others_come_in(
    tmp_path: Path, run: Run, spoil: Callable[[str], None], words: str, hint: str
) -> None:
    path = archive(tmp_path / "in" / "a.zip", {"bad.jpg": photo("bad", SPRING), **GOOD})
    spoil(path)
    code, said = run(path)
    assert (code, files(tmp_path / "lib")) == (1, ["2003/05/06/good.jpg"])
    assert words in said and hint in said


def test_a_movie_is_found_damaged_when_it_is_taken_out(tmp_path: Path, run: Run) -> None:
    """Nobody reads a whole movie before: its sum is wrong when the last byte was read, and nothing is left of it."""
    from datetime import datetime

    from tests.pictures.metadata.metadata_made import box, movie, mvhd

    path = archive(
        tmp_path / "in" / "a.zip",
        {"bad.mp4": movie(mvhd(datetime(2019, 7, 4, 13))) + box(b"mdat", bytes(range(256)) * 4096), **GOOD},
    )
    patched(path, "bad.mp4", crc=1)
    code, said = run(path)
    assert (code, files(tmp_path / "lib")) == (1, ["2003/05/06/good.jpg"])
    assert "not taken out of its archive to" in said and "its check sum is wrong" in said


@pytest.mark.parametrize("name", ["../../out.jpg", "/abs.jpg", "C:\\win.jpg", "..\\up.jpg", "a/../../b.jpg"])
def test_a_name_that_leads_out_is_left_out(tmp_path: Path, run: Run, name: str) -> None:
    path = archive(tmp_path / "in" / "a.zip", {name: photo("bad", SPRING), **GOOD})
    before = snapshot(tmp_path / "in")
    code, said = run(path)
    assert (code, files(tmp_path / "lib")) == (1, ["2003/05/06/good.jpg"])
    assert "its name leads out of the archive, or is none" in said and name.split("\\")[-1] in said
    assert snapshot(tmp_path / "in") == before
    assert sorted(os.listdir(tmp_path)) == sorted({"in", "lib", *os.listdir(tmp_path)} - {"out.jpg", "b.jpg", "up.jpg"})


def test_a_link_is_not_followed(tmp_path: Path, run: Run) -> None:
    path = archive(tmp_path / "in" / "a.zip", GOOD)
    with zipfile.ZipFile(path, "a") as file:
        link = entry("link.jpg")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    code, said = run(path)
    assert (code, files(tmp_path / "lib")) == (1, ["2003/05/06/good.jpg"])
    assert "a link or a special file: link.jpg" in said


def test_thousands_of_encrypted_members_are_one_problem(tmp_path: Path, run: Run) -> None:
    tree = {f"n{number:03}.jpg": b"x" for number in range(200)}
    path = archive(tmp_path / "in" / "a.zip", tree)
    for name in tree:
        patched(path, name, flags=1)
    code, said = run(path)
    assert code == 1 and "200 files in it stay there: encrypted: n000.jpg, n001.jpg, n002.jpg and 197 more" in said
    assert "Problems (1)" in said


# --- what is no problem -----------------------------------------------------------------------------------------------


def test_an_archive_in_an_archive_or_a_folder_is_named(tmp_path: Path, run: Run) -> None:
    inner = Path(archive(tmp_path / "inner.zip", {"x.jpg": photo("X", SPRING)})).read_bytes()
    path = archive(tmp_path / "in" / "a.zip", {"sub/inner.zip": inner, **GOOD})
    code, said = run(path)
    assert (code, files(tmp_path / "lib")) == (0, ["2003/05/06/good.jpg"])
    assert "is not opened: sub/inner.zip. To import it, unpack it or name it as an input." in said
    code, said = run(os.fspath(tmp_path / "in"))
    assert code == 0 and "1 archive in" in said and "is not opened: a.zip." in said


def test_seventy_thousand_members(tmp_path: Path, run: Run) -> None:
    tree = {f"{number % 100}/{number}.txt": b"" for number in range(70_000)}
    code, said = run(archive(tmp_path / "in" / "a.zip", {**tree, **GOOD}, zipfile.ZIP_STORED))
    assert (code, files(tmp_path / "lib")) == (0, ["2003/05/06/good.jpg"])
    assert "70,000 files are no pictures and stay." in said


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_text_come_through(tmp_path: Path, run: Run) -> None:
    path = archive(tmp_path / "in" / "a.zip", {"Trip ?/b?d.jpg": photo("bad", SPRING)})
    data = bytearray(Path(path).read_bytes().replace(b"Trip ?/b?d", b"Trip \xfc/b\xffd"))
    struct.pack_into("<H", data, data.rindex(b"Trip") - 46 + 8, 0x800)  # it says that it is UTF-8
    Path(path).write_bytes(data)
    code, said = run(path)
    assert (code, files(tmp_path / "lib")) == (0, ["2003/Trip \udcfc/b\udcffd.jpg"])
    assert "\\xfc" in said


def test_a_name_that_no_disk_can_hold_is_one_problem(tmp_path: Path, run: Run) -> None:
    code, said = run(archive(tmp_path / "in" / "a.zip", {f"{'n' * 300}.jpg": photo("long", SPRING), **GOOD}))
    assert (code, files(tmp_path / "lib")) == (1, ["2003/05/06/good.jpg"])
    assert "the name or the path is too long for that disk" in said


def test_an_export_of_icloud(tmp_path: Path, run: Run) -> None:
    parts = [
        archive(
            tmp_path / "in" / f"iCloud Photos Part {number} of 2.zip",
            {
                f"iCloud Photos Part {number} of 2/Photos/IMG_{number}.JPG": photo(f"{number}", SPRING),
                f"iCloud Photos Part {number} of 2/Photos/Photo Details.csv": "imgName,originalCreationDate",
            },
        )
        for number in (1, 2)
    ]
    code, _ = run(*parts)
    assert (code, files(tmp_path / "lib")) == (0, ["2003/05/06/IMG_1.JPG", "2003/05/06/IMG_2.JPG"])


def test_the_document_tells_of_members_by_their_paths(tmp_path: Path, run: Run) -> None:
    path = archive(tmp_path / "in" / "a.zip", GOOD)
    out = tmp_path / "out.json"
    assert run(path, path.replace("a.zip", ""), more=("--dry-run", "--json", os.fspath(out)))[0] == 0
    told = json.loads(out.read_text())
    assert told["request"]["folder1"] == path and told["request"]["further"] == []
    (operation,) = told["plan"]["operations"]
    assert (operation["action"], operation["source"]) == ("extract", os.path.join(path, "good.jpg"))
    assert operation["archive"] == path
