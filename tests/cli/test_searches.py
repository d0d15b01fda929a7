"""The commands find and missing: what they print, for people, for other programs, and as a document."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_end_to_end import PROGRAM, call, call_here, environment
from tests.pictures_made import edited, save, scene
from tests.trees import snapshot


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "world"
    save(scene(1), place / "card" / "IMG_1.JPG", quality=95)
    save(scene(2), place / "card" / "IMG_2.JPG", quality=95)
    save(scene(3, (640, 480)), place / "card" / "IMG_3.JPG", quality=95)
    (place / "photos" / "2021").mkdir(parents=True)
    shutil.copy2(place / "card" / "IMG_1.JPG", place / "photos" / "2021" / "beach.jpg")
    save(edited(scene(1)), place / "photos" / "small.jpg", quality=70)
    save(edited(scene(3, (640, 480))), place / "photos" / "little.jpg", quality=70)
    (place / "card" / "notes.txt").write_text("no picture")
    monkeypatch.chdir(place)
    return place


def document(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def test_find_says_where_else_a_picture_is(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = snapshot(world)
    assert call_here("find", "card/IMG_1.JPG", "photos", "card") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("IMG_1.JPG (320×240, ") and lines[0].endswith(") is also here:")
    assert lines[1].startswith("  same file") and lines[1].endswith(os.fspath(world / "photos/2021/beach.jpg"))
    assert lines[2].lstrip()[:2].isdigit() and lines[2].endswith(os.fspath(world / "photos/small.jpg"))
    assert lines[3:] == ["2 matches among 5 pictures in photos and card."]
    assert snapshot(world) == before


def test_find_says_that_a_picture_is_nowhere_else(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert call_here("find", world / "card" / "IMG_2.JPG", "photos") == 0
    out = capfd.readouterr().out
    assert out.startswith("IMG_2.JPG (320×240, ")
    assert out.endswith("is nowhere else: nothing like it among 3 pictures in photos.\n")


def test_find_at_the_level_that_was_asked_for_as_a_document(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert call_here("find", "card/IMG_1.JPG", "photos", "--level", "exact", "--json", "-") == 0
    read = document(capfd.readouterr().out)
    assert (read["version"], read["job"], read["exit_code"]) == (1, "find", 0)
    assert read["request"] == {"picture": "card/IMG_1.JPG", "places": ["photos"], "level": "exact", "threshold": 0.85}
    (one,) = read["files"]
    assert one["path"] == os.fspath(world / "photos/2021/beach.jpg")
    assert (one["sameness"], one["score"], one["turned"]) == ("identical file", 1.0, False)
    assert one["size"] == (world / "photos/2021/beach.jpg").stat().st_size


def test_missing_lists_what_is_not_there_with_the_reason(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = snapshot(world)
    assert call_here("missing", "card", "photos") == 0
    out = capfd.readouterr().out
    lines = out.splitlines()
    assert lines[0] == "Not there"
    assert "nothing alike is there" in lines[1] and lines[1].endswith(os.fspath(world / "card/IMG_2.JPG"))
    assert "only a smaller copy is there (480×360, here 640×480)" in lines[2]
    assert lines[3].strip() == f"there: {world / 'photos/little.jpg'}"
    assert "1 other file was not looked for" in out
    assert lines[-1].startswith("2 of 3 files (") and lines[-1].endswith(") are not in photos. There: 1 identical.")
    assert snapshot(world) == before


def test_missing_says_that_all_is_there(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(world / "card", world / "photos" / "from the card")
    assert call_here("missing", "card", "photos", "--quiet") == 0
    assert capfd.readouterr().out == "All 3 files are in photos. There: 3 identical.\n"
    assert call_here("missing", "card/IMG_1.JPG", "photos", "--quiet") == 0
    assert capfd.readouterr().out == "The file is in photos. There: 1 identical.\n"


def test_missing_as_a_document(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert call_here("missing", "card", "photos", "--json", "-") == 0
    read = document(capfd.readouterr().out)
    assert read["request"] == {"source": "card", "places": ["photos"], "level": "pixels", "threshold": 0.85}
    files = {Path(one["path"]).name: one for one in read["files"]}
    assert {name: one["there"] for name, one in files.items()} == {
        "IMG_1.JPG": True,
        "IMG_2.JPG": False,
        "IMG_3.JPG": False,
    }
    assert files["IMG_1.JPG"]["at"] == os.fspath(world / "photos/2021/beach.jpg")
    assert (files["IMG_3.JPG"]["why"], files["IMG_2.JPG"]["why"]) == ("smaller copy", "nothing alike")
    assert files["IMG_3.JPG"]["nearest"] == os.fspath(world / "photos/little.jpg")
    assert files["IMG_2.JPG"]["nearest"] is None


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="such names are not on Windows")
@pytest.mark.parametrize(("option", "end"), [("-0", b"\0"), ("--null", b"\0"), ("--paths", b"\n")])
def test_the_paths_alone_go_to_another_program_byte_for_byte(world: Path, option: str, end: bytes) -> None:
    odd = os.fsencode(world / "card") + b"/new\x1b[2J caf\xe9.jpg"
    shutil.copy(world / "card" / "IMG_2.JPG", odd)
    ran = subprocess.run(
        [*PROGRAM, "missing", "card", "photos", option], capture_output=True, env=environment(), cwd=world, check=False
    )
    assert ran.returncode == 0, ran.stderr
    names = [os.fsencode(world / "card" / name) for name in ("IMG_2.JPG", "IMG_3.JPG")]
    assert sorted(ran.stdout.split(end)) == sorted([b"", *names, odd])


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk to write to")
def test_paths_that_can_not_be_written_are_no_fault(world: Path) -> None:
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [*PROGRAM, "missing", "card", "photos", "-0"], stdout=full, stderr=subprocess.PIPE, env=environment(),
            cwd=world, check=False,
        )  # fmt: skip
    assert ran.returncode == 0 and b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["find", "card/IMG_1.JPG"], 2, "FOLDER is missing"),
        (["find", "card", "photos"], 2, "card is a folder; name the one picture that is sought"),
        (["find", "gone.jpg", "photos"], 2, "There is no picture gone.jpg"),
        (["find", "card/IMG_1.JPG", "gone"], 2, "There is no file or folder gone"),
        (["find", "card/notes.txt", "photos"], 2, "card/notes.txt is no picture by its name"),
        (["find", "card/IMG_1.JPG", "photos", "--level", "nearly"], 2, "--level: 'nearly' is not one of"),
        (["find", "card/IMG_1.JPG", "photos", "--threshold", "2%"], 2, "--threshold: must be from"),
        (["missing", "card"], 2, "IN is missing"),
        (["missing", "gone", "photos"], 2, "There is no file or folder gone"),
        (["missing", "card", "card"], 2, "card can't be looked for in itself"),
        (["missing", "card", "photos", "-0", "--json", "-"], 2, "--null does not go with --json - or --events -"),
        (["missing", "card", "photos", "-0", "--paths"], 2, "exclude each other"),
    ],
)
def test_what_can_not_be_is_one_sentence(
    world: Path, argv: list[str], code: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(world)
    assert call_here(*argv) == code
    captured = capfd.readouterr()
    assert said in captured.err and captured.out == ""
    assert snapshot(world) == before


def test_what_can_not_be_read_is_a_problem_and_code_1(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (world / "photos" / "broken.jpg").write_text("text")
    assert call_here("find", "card/IMG_1.JPG", "photos") == 1
    out = capfd.readouterr().out
    assert "2 matches among 4 pictures in photos." in out and "Problems (1)" in out
    assert call_here("missing", "card", "photos", "--paths") == 1
    captured = capfd.readouterr()
    assert captured.out.splitlines() == [os.fspath(world / "card" / name) for name in ("IMG_2.JPG", "IMG_3.JPG")]
    assert "broken.jpg" in captured.err


@pytest.mark.slow
def test_help_names_the_new_commands() -> None:
    out = call("--help").stdout
    assert "find " in out and "missing " in out
    for name in ("find", "missing"):
        said = call(name, "--help").stdout
        assert "--level" in said and "exit codes:" in said
        assert said.count("which pictures match:") == 1
