"""A fault planted in each stage of each job, in the pools and around the command: exit code 3, one sentence, a log.

Whatever was done to files by then is in the journal, and undo takes it back.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync import engine
from image_sync.apply import executor, file_ops
from image_sync.apply.step import Step
from image_sync.base.events import Stage
from image_sync.base.progress import Reporter
from image_sync.cli import front, main, session
from image_sync.inventory import measuring
from image_sync.jobs.organize import edited as edited_search
from image_sync.jobs.organize import matches
from image_sync.jobs.photo_import import contents, dating, probing
from image_sync.jobs.sync import reading
from image_sync.matching import search
from image_sync.pictures import alteration, damage, double_compression, frame_smalls, measure, resampling
from tests.logs import logged, logs
from tests.pictures_made import edited, save, scene
from tests.trees import snapshot

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = re.compile(
    r"image-sync: This is a fault of the program \(KeyError: 'planted'\); the details are in (/\S+\.log)\."
)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Two folders: an exact copy, an edited one, and pictures of one side only."""
    base = tmp_path / "world"
    save(scene(1), base / "one" / "beach.jpg", 1.5e9, quality=92)
    (base / "two").mkdir()
    shutil.copy2(base / "one" / "beach.jpg", base / "two" / "copy.jpg")
    save(edited(scene(1)), base / "two" / "small.png", 1.6e9)
    save(scene(2), base / "one" / "IMG_0002.jpg", 1.4e9)
    for number in range(3, 7):
        save(scene(number), base / "two" / f"cat{number}.jpg", 1.3e9)
        save(scene(number + 10), base / "one" / f"dog{number}.jpg", 1.3e9)
    save(scene(31), base / "one" / "again.png")
    save(scene(31), base / "two" / "again.bmp")
    # Of one name and size with another time: sync has to read both.
    for side, time in (("one", 1.2e9), ("two", 1.25e9)):
        save(scene(30), base / side / "both.bmp", time)
    return base


def command(job: str, world: Path, *options: str) -> list[str]:
    folders = [world / "one", world / "two", *([] if job == "sync" else [world / "out"])]
    return [job, *map(os.fspath, folders), "--yes", *options]


def planted(*_given: object, **_named: object) -> object:
    raise KeyError("planted")


def plant_in_stage(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    begin = Reporter.stage

    def fails(self: Reporter, began: Stage, total: int | None = None, bytes_total: int | None = None) -> None:
        begin(self, began, total, bytes_total)
        if began is stage:
            planted()

    monkeypatch.setattr(Reporter, "stage", fails)


def expect_fault(argv: list[str], capfd: Capture) -> None:
    """Run ``argv`` and meet the fault as a user does."""
    capfd.readouterr()
    assert main(argv) == 3
    said = capfd.readouterr().err
    assert "Traceback" not in said
    told = SENTENCE.findall(said)
    assert told == [os.fspath(logs()[-1])], said
    written = logs()[-1].read_text()
    assert "Traceback (most recent call last)" in written and "in planted" in written
    assert written.count("CRITICAL") == 1 and "Exit code 3" in written


STAGES = [
    ("organize", ("--level", "edited"), stage)
    for stage in (Stage.SCAN, Stage.MEASURE, Stage.MATCH, Stage.VERIFY, Stage.PLAN, Stage.APPLY)
]
STAGES += [("sync", (), stage) for stage in (Stage.SCAN, Stage.MATCH, Stage.PLAN, Stage.APPLY)]
STAGES += [("import", (), stage) for stage in (Stage.SCAN, Stage.MEASURE, Stage.MATCH, Stage.PLAN, Stage.APPLY)]


@pytest.mark.parametrize(("job", "options", "stage"), STAGES, ids=lambda value: getattr(value, "name", None))
def test_in_a_stage(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture, job: str, options: tuple[str, ...], stage: Stage
) -> None:
    before = snapshot(world)
    with monkeypatch.context() as patch:
        plant_in_stage(patch, stage)
        expect_fault(command(job, world, *options), capfd)
    if stage is Stage.APPLY:
        main(["undo", "--yes"])
    assert snapshot(world, folders=False) == {path: what for path, what in before.items() if (world / path).is_file()}


@pytest.mark.parametrize("way", ["undo", "resume"])
def test_while_a_run_is_undone_or_resumed(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture, way: str
) -> None:
    before = snapshot(world)
    if way == "resume":
        with monkeypatch.context() as patch:
            plant_in_stage(patch, Stage.APPLY)
            main(command("organize", world))
    else:
        assert main(command("organize", world)) == 0
    with monkeypatch.context() as patch:
        plant_in_stage(patch, Stage.UNDO if way == "undo" else Stage.APPLY)
        expect_fault([way, "--yes"], capfd)
    assert main(["undo", "--yes"]) == 0
    assert snapshot(world) == before


def test_in_the_middle_of_changing_files_it_says_how_to_go_on(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    before, done = snapshot(world), 0
    deed = executor._Execution._try

    def third(self: executor._Execution, step: Step) -> object:
        nonlocal done
        done += 1
        return deed(self, step) if done < 3 else planted()

    with monkeypatch.context() as patch:
        patch.setattr(executor._Execution, "_try", third)
        assert main(command("organize", world)) == 3
    said = capfd.readouterr().err
    assert SENTENCE.search(said) and "was cut off in the middle" in said and "resume" in said
    assert main(["undo", "--yes"]) == 0
    assert snapshot(world) == before


POOLS: list[tuple[str, tuple[str, ...], object, str]] = [
    ("organize", (), search, "_in_order"),
    ("organize", ("--copy",), file_ops, "copy"),
    ("sync", (), reading, "_read_into"),
    ("import", (), dating, "dated_together"),
]
ON_FILES: list[tuple[str, tuple[str, ...], object, str]] = [
    ("organize", (), measuring, "measured"),
    ("organize", (), measuring, "identified"),
    ("organize", ("--level", "pixels"), matches._PixelWork, "__call__"),
    ("organize", (), double_compression, "with_history"),
    ("organize", (), resampling, "was_enlarged"),
    ("organize", (), damage, "damage_in_words"),
    ("organize", (), alteration, "alteration"),
    ("organize", (), frame_smalls, "smalls_of"),
    ("organize", ("--level", "edited"), edited_search._CornerWork, "__call__"),
    ("import", (), dating, "_date_of"),
    ("import", (), contents, "_pixels_of"),
    ("import", ("--set-dates",), probing, "why_not"),
]


@pytest.mark.parametrize(("job", "options", "place", "name"), POOLS, ids=lambda value: str(value)[:40])
def test_in_a_pool(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture, job: str, options: tuple[str, ...], place: object,
    name: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(place, name, planted)
    expect_fault(command(job, world, *options), capfd)


@pytest.mark.parametrize(("job", "options", "place", "name"), ON_FILES, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("raised", [ZeroDivisionError("by nothing"), MemoryError(), OSError(24, "Too many open files")])
def test_whatever_one_file_provokes_is_its_own_problem(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture, job: str, options: tuple[str, ...], place: object,
    name: str, raised: Exception,
) -> None:  # fmt: skip
    met = 0

    def provoked(*_given: object, **_named: object) -> object:
        nonlocal met
        met += 1
        raise raised

    monkeypatch.setattr(place, name, provoked)
    code = main(command(job, world, *options))
    told = capfd.readouterr()
    assert code in (0, 1) and "Traceback" not in told.out + told.err and "fault of the program" not in told.err
    if met and name not in ("_pixels_of", "damage_in_words"):
        assert code == 1 and "Problem" in told.out


@pytest.mark.parametrize("job", ["organize", "sync", "import"])
def test_what_the_system_refuses_to_a_scan_is_a_refusal(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture, job: str
) -> None:
    """No file of its own answers for it: a library that can't be loaded, a disk that goes while it is asked."""
    before = snapshot(world)
    begin = Reporter.stage

    def fails(self: Reporter, *given: object, **named: object) -> None:
        begin(self, *given, **named)  # type: ignore[arg-type]
        raise OSError(24, "Too many open files", "/usr/lib/some library.py")

    monkeypatch.setattr(Reporter, "stage", fails)
    assert main(command(job, world)) == 2
    said = capfd.readouterr()
    assert "/usr/lib/some library.py can't be read: too many files are open. Nothing was touched." in said.err
    assert "Traceback" not in said.out + said.err and "fault of the program" not in said.err
    assert any("Traceback" in place.read_text() for place in logs()), "a developer finds where it was"
    assert snapshot(world) == before


@pytest.mark.parametrize("job", ["organize", "sync"])
def test_a_disk_that_goes_while_a_request_is_checked_is_said_in_words(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture, job: str
) -> None:
    def fails(*_given: object) -> bool:
        raise OSError(5, "Input/output error", os.fspath(world / "one"))

    monkeypatch.setattr(os.path, "samefile", fails)
    monkeypatch.setattr(os.path, "samestat", fails)
    assert main(command(job, world)) == 2
    said = capfd.readouterr()
    assert "can't be read: the disk reported an error" in said.err and "Traceback" not in said.err


def test_a_mistake_while_a_picture_is_read_is_no_damaged_picture(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    """The run goes on over the other pictures; it is not remembered that this one can't be read."""
    sharpness = measure.sharpness_of
    # What a mistake in the module's own line brings: a value that the line can't take.
    monkeypatch.setattr(measure, "sharpness_of", lambda grey, _size: sharpness(grey, None))  # type: ignore[arg-type]
    assert main(command("organize", world)) == 3
    told = capfd.readouterr()
    assert "can't be read for now: this is a fault of the program (TypeError" in told.out
    assert "damaged" not in told.out and "Traceback" not in told.out + told.err
    assert logged().count("Traceback") == 1, "the same in each picture is told in a line"
    monkeypatch.undo()
    shutil.rmtree(world / "out", ignore_errors=True)
    assert main(command("organize", world)) == 0


def test_in_the_body_of_a_command(world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture) -> None:
    monkeypatch.setattr(session.Session, "job", planted)
    report = world / "report.json"
    expect_fault(command("organize", world, "--json", os.fspath(report)), capfd)
    document = json.loads(report.read_text())
    assert document["exit_code"] == 3 and not document["stopped"]
    assert SENTENCE.fullmatch(f"image-sync: {document['failure']}")


def test_before_a_command_runs(monkeypatch: pytest.MonkeyPatch, capfd: Capture) -> None:
    monkeypatch.setattr(front, "_parsed", planted)
    assert main(["history"]) == 3
    assert SENTENCE.fullmatch(capfd.readouterr().err.strip())
    assert "in planted" in logged()


def test_when_the_engine_is_made(world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture) -> None:
    monkeypatch.setattr(engine.Engine, "history", planted)
    expect_fault(command("sync", world), capfd)


def test_in_a_thread_that_nobody_waits_for(world: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture) -> None:
    """The job is done all the same."""
    job = session.Session.job

    def with_thread(self: session.Session, steps: object) -> None:
        thread = threading.Thread(target=planted)
        thread.start()
        thread.join()
        job(self, steps)  # type: ignore[arg-type]

    monkeypatch.setattr(session.Session, "job", with_thread)
    expect_fault(command("organize", world, "--copy"), capfd)
    assert (world / "out").is_dir()


FRONTS: dict[str, Callable[[], str]] = {
    "a front that can't be loaded": lambda: (
        "import runpy, sys; sys.modules['image_sync.cli.front'] = None; sys.argv = ['image-sync', 'history']\n"
        "runpy.run_module('image_sync', run_name='__main__')"
    ),
    "the engine's thread": lambda: (
        "import sys\nfrom image_sync.jobs.organize.scan import OrganizeScan as S\n"
        "def broken(self): raise KeyError('planted')\n"
        "S._look = broken\nfrom image_sync.cli import run\n"
        "sys.argv = ['image-sync', 'organize', 'one', 'two', 'out', '--yes']; sys.exit(run())"
    ),
}


@pytest.mark.parametrize("name", FRONTS)
def test_as_a_process(world: Path, name: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", FRONTS[name]()], cwd=world, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 3, ran.stderr
    said = [line for line in ran.stderr.splitlines() if not line.startswith("[")]
    assert len(said) == 1 and said[0].startswith("image-sync: This is a fault of the program (")
    assert said[0].endswith(f"; the details are in {logs()[0]}.")
    assert "Traceback" in logged()


def test_an_unwritable_log_is_said_once_and_the_run_goes_on(
    world: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    place = home / "state" / "image-sync" / "logs"
    place.parent.mkdir(parents=True)
    place.write_text("a file stands here")
    assert main(command("organize", world, "--json", os.fspath(world / "report.json"))) == 0
    said = capfd.readouterr().err
    assert said.count("The log can't be written in") == 1 and "It goes on without." in said
    assert (world / "out").is_dir()
    monkeypatch.setattr(session.Session, "job", planted)
    assert main(command("organize", world)) == 3
    assert "there is no log of it: the log can't be written in" in capfd.readouterr().err


@pytest.mark.parametrize("argv", [[], ["--debug"]])
def test_the_window_can_be_opened_with_more_to_tell(monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    monkeypatch.setattr(front, "_window", lambda: 42)
    assert main(argv) == 42


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["organize", "--help"]])
def test_what_only_tells_keeps_no_log(argv: list[str]) -> None:
    assert main(argv) == 0
    assert logs() == []


def test_the_version_does_not_wait_for_the_log() -> None:
    code = "import sys; from image_sync.cli import main; main(['--version']); print('logging' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["organize", "/none", "/two", "/out"], "Refused: FOLDER1: /none "),
        (["organise"], "Refused: image-sync: there is no command 'organise'"),
        (["undo"], "Refused: There is no run that can be undone."),
    ],
)
def test_every_refusal_is_in_the_log(argv: list[str], told: str) -> None:
    assert main(argv) == 2
    assert told in logged() and f"Arguments: {' '.join(argv)}" in logged()


def test_a_conflict_left_open_is_in_the_log(world: Path) -> None:
    # Both sides changed since they were in step.
    assert main(command("sync", world)) == 0
    for side, number in (("one", 40), ("two", 41)):
        save(scene(number), world / side / "both.bmp", 1.7e9)
    assert main(command("sync", world)) == 1
    assert "both.bmp: conflict left open" in logs()[-1].read_text()


def test_a_run_is_in_the_log_from_its_start_to_its_end(world: Path) -> None:
    (world / "one" / "torn.jpg").write_bytes((world / "one" / "beach.jpg").read_bytes()[:2000])
    assert main(command("organize", world)) == 1
    text = logged()
    parts = ["Command line: Image Sync", "Arguments: organize", "Libraries: ", "Stage 1 of", "Problem: ", "torn.jpg"]
    parts += ["Plan of organize: move", "Applying: ", "Run ", "Exit code 1, 1 problem"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
