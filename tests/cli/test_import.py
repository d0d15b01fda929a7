"""``import`` on the command line: what can be typed, what is printed, the document, the exit codes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from image_sync import cli
from image_sync.cli import import_report
from image_sync.cli.commands import command
from image_sync.cli.photo_import import ImportSteps, request
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.transfer import Transfer
from tests.jobs.photo_import.made import SPRING, SUMMER, photo, pixels, plant
from tests.pictures.metadata.metadata_made import movie, mvhd
from tests.trees import files, snapshot


def parsed(*argv: str) -> ImportRequest:
    return request(command("import").parser().parse(argv))


TYPED = [
    (("a", "b"), {}),
    (("a", "b", "--move"), {}),
    (("a", "b", "--copy"), {"transfer": Transfer.COPY}),
    (("--small", "a", "b"), {"small": 360}),
    (("a", "--small", "b"), {"small": 360}),
    (("a", "b", "--small=200"), {"small": 200}),
    (("a", "b", "--convert", "--set-dates"), {"convert": True, "set_dates": True}),
    (("a", "b", "--timezone", "Europe/Berlin"), {"zone": "Europe/Berlin"}),
    (("a", "b", "--timezone=+02:00"), {"zone": "+02:00"}),
    (("a", "b", "--mtime-dates", "--flat-dates"), {"use_mtime": True, "flat_dates": True}),
    (("a", "b", "--albums"), {"albums": True}),
    (("a", "b", "--live-together", "--by-name"), {"live_together": True, "by_name": True}),
    (("a", "b", "--prefix", "S"), {"prefix": "S"}),
    (
        ("a", "b", "--folders", "{year}/{month} {description}", "--names={date}_{original}"),
        {"folders": "{year}/{month} {description}", "names": "{date}_{original}"},
    ),
    (("a", "b", "--audit"), {}),
    (("a", "b", "--no-audit"), {"audit": False}),
    (("a", "b", "--crowded", "500", "--rejudge"), {"crowded": 500, "rejudge": True}),
    (
        ("a", "b", "--include", "*.jpg", "--exclude", "x", "--exclude", "y"),
        {"include": ("*.jpg",), "exclude": ("x", "y")},
    ),
    (("a", "b", "--ignore", "Uploads"), {"ignored": (*ImportRequest("a", "b").ignored, "Uploads")}),
]


@pytest.mark.parametrize(("argv", "expected"), TYPED)
def test_what_is_typed_is_what_is_wanted(argv: tuple[str, ...], expected: dict[str, object]) -> None:
    assert parsed(*argv) == ImportRequest("a", "b", **expected)  # type: ignore[arg-type]


def test_two_inputs_and_folders_that_look_like_options() -> None:
    assert parsed("a", "b", "c") == ImportRequest("a", "c", "b")
    assert parsed("a", "b", "c", "d", "out") == ImportRequest("a", "out", "b", ("c", "d"))
    assert parsed("--", "-a", "--copy", "c") == ImportRequest("-a", "c", "--copy")


WRONG = [
    (("a",), "OUTPUT is missing"),
    ((), "INPUT is missing"),
    (("a", "b", "--small=big"), "'big' is no number of pixels"),
    (("a", "b", "--small=0"), "'0' is no number of pixels"),
    (("a", "b", "--crowded", "x"), "'x' is no number of entries"),
    (("a", "b", "--move", "--copy"), "exclude each other"),
    (("a", "b", "--link"), "there is no such option"),
]


@pytest.mark.parametrize(("argv", "words"), WRONG)
def test_what_is_typed_wrong_is_said_in_one_sentence(
    argv: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", *argv]) == 2
    said = capsys.readouterr()
    assert words in said.err and said.err.count("\n") == 1 and said.out == ""


# --- on real folders --------------------------------------------------------------------------------------------------


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A card and a library, side by side."""
    plant(
        tmp_path / "card",
        {
            "a.jpg": photo("A", SPRING),
            "2004-03-05 Picnic/b.jpg": photo("B", SUMMER),
            "trip/c.jpg": photo("C"),
            "dup.jpg": photo("D", SPRING),
            "m.mov": movie(mvhd(None)),
            "notes.txt": "n",
        },
    )
    plant(tmp_path / "lib", {"2003/05/06/dup.jpg": photo("D", SPRING), "2003/05/06/a.jpg": photo("X", SPRING)})
    return tmp_path


def run(folder: Path, *argv: str) -> int:
    return cli.main(["import", os.fspath(folder / "card"), os.fspath(folder / "lib"), *argv])


def test_a_dry_run_shows_the_destination_and_changes_nothing(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(card)
    assert run(card, "--dry-run") == 0
    assert snapshot(card) == before
    shown = capsys.readouterr().out
    for line in (
        "4 pictures and 1 movie: 4 new, 1 duplicate. Among them: 2 without a date, 1\n",
        "  renamed since the name is taken.",
        "  2004                   1  new folder\n    03-05 Picnic         1  new folder",
        "  2003                   1\n    05/06                1\n",
        "Move 5 files",
        "Dry run: nothing was changed. It would move 5 files.",
        "1 file is no picture and stays where it is.",
    ):
        assert line in shown
    texts = [line for line in shown.splitlines() if not line.startswith(("  Input", "  Output", "Dry run"))]
    assert max(map(len, texts)) <= 80


def test_verbose_shows_each_file_with_its_date_and_where_that_was_read(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(card, "--dry-run", "--verbose") == 0
    shown = capsys.readouterr().out
    for line in (
        "2003-05-06 EXIF, date taken    Input: a.jpg → 2003/05/06/a(1).jpg  (renamed since its name is taken)",
        "2010-07-08 EXIF, date taken    Input: 2004-03-05 Picnic/b.jpg → 2004/03-05 Picnic/b.jpg",
        "b.jpg  (its folder says 2004-03-05, 6 years from the camera's date)",
        "no date                        Input: trip/c.jpg → ImageSync_NoDate/trip/c.jpg\n",
        "Input: dup.jpg → ImageSync_Duplicates/2003/05/06/dup.jpg  (the same picture as 2003/05/06/dup.jpg)",
        "no picture                   Input: notes.txt",
    ):
        assert line in shown


def test_it_is_done_and_undone_and_a_second_run_rests(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(card)
    assert run(card, "--yes") == 0
    assert "Done: 7 of 7 changes" in capsys.readouterr().out
    assert files(card / "card") == ["notes.txt"]
    assert files(card / "lib") == [
        "2003/05/06/a(1).jpg",
        "2003/05/06/a.jpg",
        "2003/05/06/dup.jpg",
        "2004/03-05 Picnic/b.jpg",
        "ImageSync_Duplicates/2003/05/06/dup.jpg",
        "ImageSync_ImageMovies/ImageSync_NoDate/m.mov",
        "ImageSync_NoDate/trip/c.jpg",
    ]
    library = os.fspath(card / "lib")
    assert cli.main(["import", library, library, "--yes"]) == 0
    assert "There is nothing to do." in capsys.readouterr().out
    assert cli.main(["undo", "--yes"]) == 0
    assert snapshot(card) == before


def test_a_copy_run_twice_says_what_the_library_has(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = snapshot(card / "card")
    assert run(card, "--copy", "--yes") == 0
    assert snapshot(card / "card") == source
    capsys.readouterr()
    assert run(card, "--copy", "--yes", "--verbose") == 0
    shown = capsys.readouterr().out
    assert "4 pictures and 1 movie: 5 already in the library." in shown
    assert "(already in the library: 2003/05/06/dup.jpg)" in shown
    assert "There is nothing to do." in shown


def test_problems_make_an_exit_code_of_one(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (card / "card" / "z.jpg").write_bytes(b"")
    assert run(card, "--yes", "--quiet") == 1
    said = capsys.readouterr()
    assert "z.jpg: can't be imported: the file is empty" in said.err
    assert files(card / "card") == ["notes.txt", "z.jpg"]


@pytest.mark.parametrize(
    ("source", "output", "words"),
    [("card", "lib/ImageSync_Duplicates", "OUTPUT: "), ("nowhere", "lib", "nowhere is not there")],
)
def test_a_refusal_names_what_was_typed(
    card: Path, capsys: pytest.CaptureFixture[str], source: str, output: str, words: str
) -> None:
    assert cli.main(["import", os.fspath(card / source), os.fspath(card / output), "--yes"]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "pattern", "words"),
    [
        ("--folders", "{year}/{place}", "--folders: The pattern for folders can't be used: there is no field {place}"),
        ("--folders", "../{year}", "--folders: The pattern for folders can't be used: it leads out of the library"),
        ("--names", "{year}/{original}", "--names: The pattern for names can't be used: a name has no /"),
        ("--names", "{original}?", "--names: The pattern for names can't be used: '?' can't stand in a name"),
    ],
)
def test_a_wrong_pattern_is_refused_before_anything_is_read(
    card: Path, capsys: pytest.CaptureFixture[str], flag: str, pattern: str, words: str
) -> None:
    before = snapshot(card)
    assert run(card, flag, pattern, "--yes") == 2
    assert words in capsys.readouterr().err
    assert snapshot(card) == before


def test_patterns_of_ones_own_are_done_undone_and_at_rest(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(card)
    patterns = ("--folders", "{year}/{month} {description}", "--names", "{date}_{original}")
    assert run(card, "--yes", *patterns) == 0
    assert files(card / "lib") == [
        "2003/05/06/a.jpg",
        "2003/05/06/dup.jpg",
        "2003/05/2003-05-06_a.jpg",
        "2004/03 Picnic/2010-07-08_b.jpg",
        "ImageSync_Duplicates/2003/05/06/dup.jpg",
        "ImageSync_ImageMovies/ImageSync_NoDate/m.mov",
        "ImageSync_NoDate/trip/c.jpg",
    ]
    library = os.fspath(card / "lib")
    assert cli.main(["import", library, library, "--yes", *patterns]) == 0
    assert files(card / "lib/2003") == ["05/2003-05-06_a(1).jpg", "05/2003-05-06_a.jpg", "05/2003-05-06_dup.jpg"]
    capsys.readouterr()
    assert cli.main(["import", library, library, "--yes", *patterns]) == 0
    assert "There is nothing to do." in capsys.readouterr().out
    assert cli.main(["undo", "--yes"]) == 0
    assert cli.main(["undo", "--yes"]) == 0
    assert snapshot(card) == before


def test_a_disk_without_room_is_refused_after_the_plan(
    card: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    before = snapshot(card)
    for how in ("--yes", "--dry-run"):
        assert run(card, "--copy", how) == 2
        said = capsys.readouterr()
        assert "Copy 4 files" in said.out
        assert f"There is not enough room in {card / 'lib'}: " in said.err
    assert snapshot(card) == before


def test_the_better_place_of_a_poorer_copy_is_told(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    still = photo("L", SPRING)
    plant(card / "lib", {"2003/05-04 Wedding/still.jpg": still, "2003/x/e.jpg": photo("E", SPRING)})
    plant(card / "card", {"DCIM/IMG_1.jpg": still, "DCIM/IMG_1.mov": movie(mvhd(None)), "y/e.jpg": photo("E", SPRING)})
    assert run(card, "--dry-run", "--verbose") == 0
    shown = capsys.readouterr().out
    for line in (
        "IMG_1.jpg → 2003/05-04 Wedding/IMG_1.jpg  (gets the place of Output: 2003/05-04 Wedding/still.jpg, the same "
        "picture, which holds less)",
        "set aside    2003/05-04 Wedding/still.jpg → ImageSync_Duplicates/2003/05-04 Wedding/still.jpg",
        "y/e.jpg → 2003/y/e.jpg  (described as well as Output: 2003/x/e.jpg)",
        "1 picture stands in two folders, each of which describes it as well as the",
    ):
        assert line in shown


def test_the_document_tells_of_each_file(card: Path) -> None:
    target = card / "report.json"
    assert run(card, "--dry-run", "--quiet", "--json", os.fspath(target), "--set-dates") == 0
    document = json.loads(target.read_text())
    assert (document["job"], document["request"]["set_dates"], document["exit_code"]) == ("import", True, 0)
    told = {os.path.basename(entry["path"]): entry for entry in document["files"]}
    assert told["b.jpg"]["placed_by"] == {"date": "2004-03-05", "source": "folder name"}
    assert (told["b.jpg"]["date"], told["b.jpg"]["date_source"]) == ("2010-07-08T09:10:11", "EXIF, date taken")
    assert (told["dup.jpg"]["fate"], told["dup.jpg"]["duplicate"]) == ("duplicate", True)
    assert (told["a.jpg"]["rolled_over"], told["c.jpg"]["undated"], told["m.mov"]["movie"]) == (1, True, True)
    assert len(document["plan"]["operations"]) == 7


def test_a_plan_of_many_folders_is_cut_unless_verbose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = pixels("many")
    plant(tmp_path / "card", {f"{1900 + year} x{year}/a.jpg": data + bytes([year]) for year in range(60)})
    (tmp_path / "lib").mkdir()
    assert run(tmp_path, "--dry-run") == 0
    assert f"… and {2 * 60 - import_report.MOST_FOLDERS} more (--verbose shows all)" in capsys.readouterr().out
    assert run(tmp_path, "--dry-run", "--verbose") == 0
    assert "more (--verbose" not in capsys.readouterr().out


def test_the_steps_need_no_engine_to_say_what_is_wrong(tmp_path: Path) -> None:
    steps = ImportSteps(ImportRequest(os.fspath(tmp_path), "", zone="Nowhere"))
    assert [text.split(":")[0] for text in steps.check()] == ["--timezone", "OUTPUT"]
    assert steps.request()["folder1"] == os.fspath(tmp_path)
