"""The command line as a user has it: a process of its own, real pictures, real signals, a real terminal."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from image_sync.cli import main
from tests.doubled_stops import doubled_stops
from tests.pictures_made import edited, save, scene
from tests.trees import files, snapshot

PROGRAM = [sys.executable, "-m", "image_sync"]

SLOWLY = """
import os, sys, time
from image_sync.base import progress
from image_sync.cli import run
advance = progress.Reporter.advance
def slow(self, *given, **named):
    if self._stage.name in ("MEASURE", "APPLY"):
        if float(os.environ["A_STEP_TAKES"]) > 1:
            print("In the middle of a step", file=sys.stderr, flush=True)
        time.sleep(float(os.environ["A_STEP_TAKES"]))
    advance(self, *given, **named)
progress.Reporter.advance = slow
sys.exit(run())
"""
"""The same program on a slow disk: there is time to press a key."""

posix = pytest.mark.skipif(os.name == "nt", reason="signals and terminals of this kind are not on Windows")


def environment() -> dict[str, str]:
    """This checkout, the test's own home, a plain terminal."""
    here = os.fspath(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": here, "TERM": "xterm", "COLUMNS": "80"}


def call(*argv: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the program to its end; it must end with ``code``."""
    words = [os.fspath(word) for word in argv]
    ran = subprocess.run(
        [*PROGRAM, *words], capture_output=True, encoding="utf-8", env=environment(), stdin=subprocess.DEVNULL
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert doubled_stops(ran.stdout + ran.stderr) == []
    return ran


def call_here(*argv: str | Path) -> int:
    """The same in this process, which has the heavy modules loaded already."""
    return main([os.fspath(word) for word in argv])


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Two folders: a picture with its exact copy and an edited one, four without a match, one with a sidecar."""
    base = tmp_path / "world"
    save(scene(1), base / "one" / "2021" / "beach.jpg", 1.5e9, quality=92)
    (base / "two" / "copies").mkdir(parents=True)
    shutil.copy2(base / "one" / "2021" / "beach.jpg", base / "two" / "copies" / "beach (2).jpg")
    save(edited(scene(1)), base / "two" / "small.png", 1.6e9)
    for number in range(2, 5):
        save(scene(number), base / "one" / f"IMG_000{number}.jpg", 1.4e9 + number)
    save(scene(5), base / "two" / "cat.jpg", 1.3e9)
    (base / "two" / "cat.xmp").write_text("<x:xmpmeta/>")
    return base


def places(world: Path) -> tuple[Path, Path, Path]:
    return world / "one", world / "two", world / "out"


def document(world: Path) -> Any:
    return json.loads((world.parent / "report.json").read_text())


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_a_dry_run_changes_nothing_and_tells_all(world: Path) -> None:
    before = snapshot(world)
    ran = call("organize", *places(world), "--dry-run", "--json", world.parent / "report.json")
    assert snapshot(world) == before
    assert "Dry run: nothing was changed. It would move 8 files." in ran.stdout
    read = document(world)
    (group,) = read["groups"]
    assert {Path(member["path"]).name: member["sameness"] for member in group["members"][1:]}.keys() == (
        {"beach.jpg", "beach (2).jpg", "small.png"} - {Path(group["members"][0]["path"]).name}
    )
    sources = sorted(os.path.relpath(entry["source"], world) for entry in read["plan"]["operations"])
    assert sources == files(world)
    assert all(Path(entry["destination"]).is_relative_to(world / "out") for entry in read["plan"]["operations"])
    assert read["exit_code"] == 0 and read["result"] is None and read["problems"] == []


def test_a_run_is_in_the_history_and_undo_brings_everything_back(world: Path) -> None:
    before = snapshot(world)
    ran = call("organize", *places(world), "--json", world.parent / "report.json")
    assert files(world / "one") == files(world / "two") == []
    assert len(files(world / "out")) == 8
    assert sorted(path.name for path in (world / "out").iterdir()) == ["similar_beach", "unique_images"]
    name = document(world)["result"]["run"]
    assert f"image-sync undo {name}" in ran.stdout
    listed = call("history").stdout
    assert name in listed and "finished" in listed
    undone = call("undo", name)
    assert "Undone: " in undone.stdout
    assert snapshot(world) == before
    assert "undone" in call("history").stdout
    assert "There is no run that can be undone." in call("undo", code=2).stderr


def test_a_second_run_on_copied_folders_finds_the_same(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert call_here("organize", *places(world), "--copy", "--json", world.parent / "report.json") == 0
    first = document(world)
    assert call_here("organize", *places(world), "--copy", "--dry-run", "--json", world.parent / "report.json") == 0
    again = document(world)
    assert again["groups"] == first["groups"]
    assert "There is nothing to do." in capfd.readouterr().out


@pytest.mark.parametrize(
    ("options", "moved"),
    [
        (["--reference", "two"], 4),
        (["--keep-best"], 2),
        (["--exclude", "IMG_*"], 5),
        (["--include", "*.png"], 1),
        (["--threshold", "99"], 8),
    ],
)
def test_the_options_arrive(world: Path, options: Sequence[str], moved: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world)
    assert call_here("organize", "one", "two", "out", "--dry-run", "--json", "../report.json", *options) == 0
    assert len(document(world)["plan"]["operations"]) == moved


def test_quiet_output_is_the_summary_and_nothing_else(world: Path) -> None:
    ran = call("organize", *places(world), "--quiet")
    assert ran.stderr == ""
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == ["Done", "To take it back"]


def test_the_document_on_the_standard_output_is_all_there_is(world: Path) -> None:
    ran = call("organize", *places(world), "--json", "-", "--dry-run")
    assert json.loads(ran.stdout)["job"] == "organize"
    assert "Group 1" in ran.stderr


# --- bad input --------------------------------------------------------------------------------------------------------


def test_bad_files_are_problems_and_the_rest_is_done(world: Path) -> None:
    (world / "one" / "note.jpg").write_text("not a picture")
    (world / "one" / "empty.jpg").touch()
    whole = (world / "one" / "IMG_0002.jpg").read_bytes()
    (world / "two" / "torn.jpg").write_bytes(whole[:200])
    ran = call("organize", *places(world), "--json", world.parent / "report.json", code=1)
    read = document(world)
    assert read["exit_code"] == 1
    assert {Path(problem["path"]).name for problem in read["problems"]} == {"note.jpg", "empty.jpg", "torn.jpg"}
    assert "Problems (3)" in ran.stdout
    assert len(files(world / "out")) == 8
    assert files(world / "one") == ["empty.jpg", "note.jpg"]


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (("none", "two", "out"), "FOLDER1: none is not there"),
        (("one/2021/beach.jpg", "two", "out"), "FOLDER1: "),
        (("one", "one", "out"), "FOLDER2: This is the same folder"),
        (("one", "./one/../one", "out"), "FOLDER2: This is the same folder"),
        (("one", "two", "one", "out"), "FOLDER3: This is the same folder as Folder 1"),
        (("none", "out"), "FOLDER: none is not there"),
        (("one", "out", "--between"), "--between: Only one folder is chosen"),
        (("one", "two", "one"), "OUTPUT: "),
        (("one", "two", "."), "OUTPUT: "),
        (("one", "two", "one/2021/beach.jpg"), "OUTPUT: "),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_touched(
    world: Path,
    folders: Sequence[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = snapshot(world)
    monkeypatch.chdir(world)
    assert call_here("organize", *folders, "--json", "../report.json") == 2
    assert snapshot(world) == before
    assert said in capfd.readouterr().err
    assert document(world)["exit_code"] == 2 and said in document(world)["failure"]


def test_folders_without_pictures_leave_nothing_to_do(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert call_here("organize", tmp_path / "one", tmp_path / "two", tmp_path / "out") == 0
    assert "There is nothing to do." in capfd.readouterr().out
    assert not (tmp_path / "out").exists()


@posix
def test_hostile_names_pass_through_unharmed(world: Path) -> None:
    names = [
        b"new\nline.jpg",
        b"caf\xe9.jpg",
        b"\x1b[2Jclear.jpg",
        "\U0001f4f7 寺.jpg".encode(),
        b"[bold]x.jpg",
        b"-y.jpg",
    ]
    for number, name in enumerate(names):
        save(scene(20 + number), world / "made.jpg").rename(world / "one" / os.fsdecode(name))
    before = snapshot(world)
    ran = call("organize", *places(world), "--verbose", "--json", world.parent / "report.json")
    assert "\x1b" not in ran.stdout + ran.stderr
    assert "new\\nline.jpg" in ran.stdout and "caf\\xe9.jpg" in ran.stdout and "[bold]x.jpg" in ran.stdout
    found = {os.fsencode(entry["destination"]) for entry in document(world)["plan"]["operations"]}
    assert {os.fsencode(world / "out" / "unique_images") + b"/" + name for name in names} <= found
    assert all(os.path.exists(name) for name in found)
    call("undo")
    assert snapshot(world) == before


# --- stopping ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Thirty pictures, twenty-seven of them copies of three."""
    base = tmp_path / "many"
    for number in range(3):
        original = save(scene(40 + number), base / "one" / f"beach {number}.jpg", 1.5e9)
        for copy in range(9):
            (base / "two" / str(copy)).mkdir(parents=True, exist_ok=True)
            shutil.copy2(original, base / "two" / str(copy) / f"copy {number}.jpg")
    return base


@contextlib.contextmanager
def slow(*argv: str | Path, step: str = "0.04") -> Iterator[subprocess.Popen[str]]:
    """The program on a slow disk, with Ctrl-C as a terminal's child has it."""
    words = [os.fspath(word) for word in argv]
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    process = subprocess.Popen(
        [sys.executable, "-c", heeding + SLOWLY, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**environment(), "A_STEP_TAKES": step},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def stopped_at(
    process: subprocess.Popen[str], words: str, number: int = signal.SIGINT, *, appeared: Path | None = None
) -> str:
    """Send a signal when the line with ``words`` came and a file ``appeared``; all that was said until the end."""
    assert process.stderr is not None
    assert any(words in line for line in process.stderr)
    while appeared is not None and not files(appeared) and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return out + err


@pytest.mark.slow
@posix
def test_ctrl_c_while_applying_leaves_what_can_be_resumed_and_undone(many: Path) -> None:
    before = snapshot(many)
    with slow("organize", *places(many), "--json", many.parent / "report.json") as process:
        said = stopped_at(process, "Applying", appeared=many / "out")
        assert process.returncode == 130, said
    assert "Stopping cleanly" in said and "Stopped: " in said
    assert len(files(many)) == 30
    read = document(many)
    assert read["stopped"] and read["exit_code"] == 130
    assert 0 < read["result"]["done"] < 30
    assert len(files(many / "out")) == read["result"]["done"]
    name = read["result"]["run"]
    assert f"image-sync resume {name}" in said and f"image-sync undo {name}" in said
    call("resume", name)
    assert len(files(many / "out")) == 30
    call("undo", name)
    assert snapshot(many) == before


@pytest.mark.slow
@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_reading_changes_nothing(many: Path, number: int) -> None:
    before = snapshot(many)
    with slow("organize", *places(many)) as process:
        said = stopped_at(process, "Reading pictures", number)
        assert process.returncode == 130, said
    assert "Stopped before anything was changed." in said
    assert snapshot(many) == before


@pytest.mark.slow
@posix
def test_the_second_ctrl_c_leaves_at_once_and_the_run_can_be_undone(many: Path) -> None:
    before = snapshot(many)
    with slow("organize", *places(many), "--copy") as process:
        said = stopped_at(process, "Applying", signal.SIGKILL, appeared=many / "out")
        assert process.returncode == -signal.SIGKILL, said
    with slow("resume", step="30") as process:
        assert process.stderr is not None
        lines = iter(process.stderr)
        assert any("In the middle of a step" in line for line in lines)
        process.send_signal(signal.SIGINT)
        assert any("Stopping cleanly" in line for line in lines)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert process.returncode == 130 and any("Left at once." in line for line in lines)
    noted = " ".join(call("organize", *places(many), "--copy", "--dry-run").stdout.split())
    assert "was cut off in the middle: 'image-sync resume " in noted
    call("undo")
    assert snapshot(many) == before


# --- a real terminal --------------------------------------------------------------------------------------------------


class Screen:
    """A pseudo terminal with the program in it."""

    def __init__(self, *argv: str | Path, step: str = "0") -> None:
        import fcntl
        import pty
        import struct
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._ours = ours
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)" + SLOWLY]
            + [os.fspath(word) for word in argv],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment(), "A_STEP_TAKES": step},
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = b""

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._ours)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def wait_for(self, words: bytes) -> None:
        """Read until ``words`` are shown."""
        while words not in self.shown:
            assert self._read(), self.shown

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._ours, keys)

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        return self.process.wait(timeout=60)

    def _read(self) -> bool:
        try:
            some = os.read(self._ours, 65536)
        except OSError:
            return False
        self.shown += some
        return bool(some)


@pytest.mark.slow
@posix
@pytest.mark.parametrize(("keys", "code", "moved"), [(b"y\n", 0, 30), (b"n\n", 2, 0), (b"\x03", 130, 0)])
def test_the_question_on_a_terminal(many: Path, keys: bytes, code: int, moved: int) -> None:
    before = snapshot(many)
    with Screen("organize", *places(many)) as screen:
        screen.wait_for(b"Move 30 files (")
        screen.type(keys)
        assert screen.end() == code, screen.shown
    assert b"\x1b[1mGroup 1\x1b[0m" in screen.shown
    assert len(files(many / "out")) == moved
    assert moved or snapshot(many) == before
    assert screen.shown.count(b"\x1b[?25l") == screen.shown.count(b"\x1b[?25h")


@pytest.mark.slow
@posix
def test_ctrl_c_on_a_terminal_in_the_middle(many: Path) -> None:
    with Screen("organize", *places(many), "--yes", step="0.04") as screen:
        screen.wait_for(b"Applying 1/1")
        screen.type(b"\x03")
        assert screen.end() == 130, screen.shown
    assert b"Stopping cleanly; once more to leave at once." in screen.shown
    assert b"To go on:        image-sync resume " in screen.shown


# --- real photos ------------------------------------------------------------------------------------------------------


def test_real_photos(photo_data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "report.json"
    folders = (photo_data / "edits", photo_data / "orientation", tmp_path / "out")
    assert call_here("organize", *folders, "--copy", "--json", place) == 0
    read = json.loads(place.read_text())
    said = capfd.readouterr().out
    assert len(read["groups"]) >= 3
    assert f"in {len(read['groups'])} groups" in said
    for group in read["groups"]:
        roots = {"orientation" if "/orientation/" in member["path"] else "edits" for member in group["members"]}
        assert len(roots) == 1, "a bridge is no landscape"
    pictures = [name for name in files(folders[0]) + files(folders[1]) if name.endswith(".jpg")]
    assert len(files(tmp_path / "out")) == len(pictures)


def test_what_a_level_can_do_without_its_library_is_said(
    world: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("image_sync.matching.features.available", lambda: False)
    report = world.parent / "report.json"
    assert call_here("organize", *places(world), "--level", "edited", "--dry-run", "--json", report) == 0
    assert "OpenCV is not there" in capsys.readouterr().out
    assert any(note.startswith("OpenCV is not there") for note in document(world)["notes"])
