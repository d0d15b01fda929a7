"""What may be typed, as tables: a request, or one sentence and code 2; help; what is loaded for it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from image_sync import __version__
from image_sync.cli.arguments import UsageError
from image_sync.cli.commands import command, commands
from image_sync.cli.organize import request
from image_sync.jobs.organize.request import Handling, OrganizeRequest, Preference
from image_sync.jobs.transfer import Transfer
from tests.cli.made import Line, result, sorted_out

PLAIN = OrganizeRequest(("A", "B"), "C")


def asked_for(*argv: str) -> OrganizeRequest:
    return request(command("organize").parser().parse(argv))


@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        ("A B C", PLAIN),
        ("A B C --threshold 0.9", replace(PLAIN, threshold=0.9)),
        ("A B C --threshold 90", replace(PLAIN, threshold=0.9)),
        ("A B C --threshold 90%", replace(PLAIN, threshold=0.9)),
        ("A B C --threshold=0,9", replace(PLAIN, threshold=0.9)),
        ("A B C --threshold .5", replace(PLAIN, threshold=0.5)),
        ("A B C --threshold 99", replace(PLAIN, threshold=0.99)),
        ("A B C --move", replace(PLAIN, transfer=Transfer.MOVE)),
        ("A B C --copy", replace(PLAIN, transfer=Transfer.COPY)),
        ("A --link B C", replace(PLAIN, transfer=Transfer.LINK)),
        ("A B C --handling gather --copy", replace(PLAIN, transfer=Transfer.COPY)),
        ("A B C --handling keep-best", replace(PLAIN, handling=Handling.KEEP_BEST)),
        ("A B C --handling KEEP_BEST", replace(PLAIN, handling=Handling.KEEP_BEST)),
        ("A B C --keep-best --move", replace(PLAIN, handling=Handling.KEEP_BEST)),
        ("A B C --link-exact", replace(PLAIN, handling=Handling.LINK_EXACT)),
        ("A B C --link-exact --link", replace(PLAIN, handling=Handling.LINK_EXACT, transfer=Transfer.LINK)),
        ("A B C --rotations", replace(PLAIN, rotations=True)),
        ("A B C --reference ./B", replace(PLAIN, references=("B",))),
        ("A B C --reference A --reference B --reference A/", replace(PLAIN, references=("A", "B"))),
        ("A B C --prefer B/", replace(PLAIN, preferred="B")),
        ("A B C --include *.jpg --include x --exclude y", replace(PLAIN, include=("*.jpg", "x"), exclude=("y",))),
        ("A B C --min-size 500", replace(PLAIN, minimum_size=500)),
        ("A B C --min-size 5k", replace(PLAIN, minimum_size=5120)),
        ("A B C --min-size 2MB", replace(PLAIN, minimum_size=2 << 20)),
        ("A B C --min-size 1.5GiB", replace(PLAIN, minimum_size=3 << 29)),
        (
            "A B C --best-order age,name",
            replace(
                PLAIN,
                best_order=(
                    Preference.AGE,
                    Preference.NAME,
                    Preference.PIXELS,
                    Preference.QUALITY,
                    Preference.SHARPNESS,
                    Preference.METADATA,
                ),
            ),
        ),
        ("A C", OrganizeRequest(("A",), "C")),
        ("A B D E C", OrganizeRequest(("A", "B", "D", "E"), "C")),
        ("A B --copy D C", OrganizeRequest(("A", "B", "D"), "C", transfer=Transfer.COPY)),
        ("A B C --between", replace(PLAIN, between=True)),
        ("A B D C --reference D/", OrganizeRequest(("A", "B", "D"), "C", references=("D",))),
        ("--copy -- -a -b --out", OrganizeRequest(("-a", "-b"), "--out", transfer=Transfer.COPY)),
    ],
)
def test_arguments_become_a_request(argv: str, asked: OrganizeRequest) -> None:
    assert asked_for(*argv.split()) == asked


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("organize", "FOLDER is missing"),
        ("organize A", "OUTPUT is missing"),
        ("organize A B C --thresh 0.9", "there is no such option or argument here: --thresh"),
        ("organize A B C --threshold", "--threshold needs a value"),
        ("organize A B C --threshold 0.49", "--threshold: must be from 0.50 to 0.99 (50% to 99%), not '0.49'"),
        ("organize A B C --threshold 0.991", "--threshold: must be from 0.50 to 0.99 (50% to 99%), not '0.991'"),
        ("organize A B C --threshold 1", "--threshold: must be from 0.50 to 0.99"),
        ("organize A B C --threshold 100%", "--threshold: must be from 0.50 to 0.99"),
        ("organize A B C --threshold nan", "--threshold: must be from 0.50 to 0.99"),
        ("organize A B C --threshold=-85", "--threshold: must be from 0.50 to 0.99"),
        ("organize A B C --threshold much", "--threshold: 'much' is no number"),
        ("organize A B C --copy --move", "--move and --copy exclude each other"),
        ("organize A B C --gather --keep-best", "--keep-best and --gather exclude each other"),
        ("organize A B C --keep-best --copy", "--copy does not go with --keep-best"),
        ("organize A B C --link-exact --move", "--move does not go with --link-exact"),
        ("organize A B C --handling burn", "--handling: 'burn' is not one of gather, keep-best, link-exact"),
        ("organize A B C --reference D", "--reference must be one of the input folders, not 'D'"),
        ("organize A B C --prefer C", "--prefer must be one of the input folders, not 'C'"),
        ("organize A B C --best-order size", "--best-order: 'size' is not one of pixels, quality,"),
        ("organize A B C --best-order age,age", "--best-order: each word may stand once"),
        ("organize A B C --min-size -5", "--min-size: '-5' is no size"),
        ("organize A B C --min-size 5x", "--min-size: '5x' is no size; write it like 500, 5k or 2MB"),
        ("organize A B C --workers 0", "--workers: must be a whole number from 1 to 256, not '0'"),
        ("organize A B C --workers many", "--workers: must be a whole number from 1 to 256, not 'many'"),
        ("organize A B C --quiet --verbose", "-v/--verbose and -q/--quiet exclude each other"),
        ("organize A B C --yes=1", "-y/--yes takes no value"),
        ("organise A B C", "there is no command 'organise'; did you mean 'organize'?"),
        ("--dry-run", "there is no option '--dry-run'. Try 'image-sync --help'."),
        ("undo one two", "there is no such option or argument here: two. Try"),
        ("undo one two?", "there is no such option or argument here: two? Try"),
        ("history --yes", "there is no such option or argument here: --yes"),
    ],
)
def test_wrong_usage_is_one_sentence_and_code_2(line: Line, argv: str, said: str) -> None:
    ran = line.run(*argv.split())
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err


def test_a_folder_of_an_empty_name_is_wrong_usage(line: Line) -> None:
    """A script whose variable is unset must not sort the folders that are left."""
    ran = line.run("organize", "A", "", "C")
    assert ran.code == 2
    assert "one of the folders has an empty name" in ran.err
    assert ran.err.startswith("image-sync") and ran.err.count("\n") == 1
    assert ran.engine.calls == []


def test_a_hostile_argument_does_not_disturb_the_terminal(line: Line) -> None:
    ran = line.run("organize", "A", "B", "C", "--threshold", "\x1b[2J\n" + os.fsdecode(b"\xff"))
    assert ran.code == 2
    assert "\\x1b[2J\\n\\xff" in ran.err and ran.err.count("\n") == 1


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version(line: Line, word: str) -> None:
    assert line.run(word).out == f"image-sync {__version__}\n"


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["help"], *([known.name, "--help"] for known in commands())])
def test_help_fits_in_80_columns(line: Line, argv: list[str]) -> None:
    ran = line.run(*argv)
    assert ran.code == 0 and ran.err == ""
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "exit codes:" in ran.out
    assert all(known.name in ran.out for known in commands()) or len(argv) > 1


def test_help_wins_over_what_is_missing(line: Line) -> None:
    assert line.run("organize", "--copy", "-h").code == 0


def test_no_arguments_open_the_window(line: Line) -> None:
    import image_sync.gui

    line.monkeypatch.setattr(image_sync.gui, "run", lambda: 7, raising=False)
    assert line.run().code == 7


def test_the_door_is_named_as_it_was_opened(line: Line) -> None:
    line.monkeypatch.setattr(sys, "argv", ["/opt/image sync/main.py", "organize"])
    assert "'/opt/image sync/main.py' COMMAND --help" in line.run("--help").out
    assert "\n  python3 '/opt/image sync/main.py' organize Phone " in line.run("organize", "--help").out
    line.monkeypatch.chdir(line.folder)
    line.monkeypatch.setattr(sys, "argv", [os.fspath(line.folder / "main.py")])
    ran = line.organize(engine=sorted_out())
    assert f"main.py undo {result().run}" in ran.out and os.fspath(line.folder / "main.py") not in ran.out


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody remove the folder that one stands in")
def test_a_folder_that_is_gone_under_ones_feet_is_no_fault(line: Line) -> None:
    folder = line.folder / "gone"
    folder.mkdir()
    line.monkeypatch.chdir(folder)
    folder.rmdir()
    line.monkeypatch.setattr(sys, "argv", ["/opt/main.py", "history"])
    assert line.run("history").code == 0
    ran = line.run("organize", "A", "B", "C")
    assert (ran.code, ran.err) == (
        2,
        "image-sync: FOLDER1: A is not there; is its disk connected, or has it yet to be made? "
        "FOLDER2: B is not there; is its disk connected, or has it yet to be made? "
        "OUTPUT: C can't be read: it is no longer there.\n",
    )


HEAVY = ["numpy", "PIL", "cv2", "scipy", "imagehash", "rich", "tkinter", "ttkbootstrap"]


@pytest.mark.parametrize("argv", ["--version", "--help", "organize --help", "history", "undo --dry-run"])
def test_nothing_heavy_is_loaded_for_a_small_command(argv: str) -> None:
    program = (
        "import sys; from image_sync.cli import main; main(sys.argv[1:]);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *argv.split()], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_usage_errors_are_raised_not_printed_by_the_parser() -> None:
    for known in commands():
        with pytest.raises(UsageError, match="no such option"):
            known.parser().parse(["A", "B", "C", "--nonsense"])
