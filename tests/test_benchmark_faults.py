"""The attack on runs, its bounded part: real plans are killed, failed and cut off from power; it sees what it should.

The long form is ``python -m benchmarks.faults`` (docs/safety.md).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import outside, parsers
from benchmarks.faults.errors import MODES as ERROR_MODES
from benchmarks.faults.errors import CommandErrors, Errors
from benchmarks.faults.kills import MODES as KILL_MODES
from benchmarks.faults.kills import Kills
from benchmarks.faults.power import MODES as POWER_MODES
from benchmarks.faults.power import PowerCuts
from benchmarks.faults.score import Score
from benchmarks.faults.worlds import KINDS, World, command, made
from image_sync.apply import disk, file_state, publishing, recovery
from tests.apply.trees import second_disk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked, and open files named by /proc"),
]
ROOT = Path(__file__).resolve().parents[1]
ATTACKED = ("organize gather far", "sync", "import move")


@pytest.fixture(scope="module", params=ATTACKED)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world on two disks, the near one in memory, with a plan of a real scan."""
    before = os.environ.copy()
    far = tmp_path_factory.mktemp("far")
    with second_disk(far) as near:
        (kind,) = (kind for kind in KINDS if kind.name == request.param)
        with made(kind, near or tmp_path_factory.mktemp("near"), far) as one:
            yield one
    os.environ.clear()
    os.environ.update(before)


def attacked_with(score: Score, row: str) -> int:
    return sum(number for name, number in score.points.items() if name.startswith(row))


def test_killed_at_changes_of_the_disk_in_run_undo_and_resume(world: World) -> None:
    score = Score()
    for mode in KILL_MODES:
        Kills(world, score, seed=1).attack(mode, 8)
    assert attacked_with(score, "killed") == 8 * len(KILL_MODES)
    assert score.faults == []


def test_errors_of_the_system_are_told_and_lose_nothing(world: World) -> None:
    score = Score()
    for mode in ERROR_MODES:
        Errors(world, score, seed=1).attack(mode, 8)
    assert attacked_with(score, "errors") == 8 * len(ERROR_MODES)
    assert score.faults == []
    assert score.notes["an error ends a run with problems"] + score.notes["an error ends a run refused"] > 3


def test_power_cuts_tear_and_lose_nothing_and_the_journal_tells_the_truth(world: World) -> None:
    score = Score()
    for mode in POWER_MODES:
        PowerCuts(world, score, seed=1).attack(mode, 12)
    assert attacked_with(score, "power cut") == 12 * len(POWER_MODES)
    assert score.faults == []


def test_whole_commands_with_errors_end_in_words(world: World) -> None:
    score = Score()
    CommandErrors(world, score, 1, command(world)).attack(3)
    assert attacked_with(score, "errors: whole commands") == 3
    assert score.faults == []


# --- the attack sees what it should -----------------------------------------------------------------------------------


@pytest.fixture
def one_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("IMAGE_SYNC_STATE", "")
    with second_disk(tmp_path) as near, made(KINDS[1], near or tmp_path / "near", tmp_path) as one:
        yield one


def test_a_flush_that_is_left_out_is_found_by_power_cuts(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy to the other disk that is not on it when its source goes."""
    monkeypatch.setattr(disk, "flush", lambda _handle: None)
    score = Score()
    PowerCuts(one_world, score, seed=1).attack("run", 30)
    assert any("torn" in fault or "lost" in fault for fault in score.faults)


def test_a_folder_that_is_not_flushed_is_found_by_power_cuts(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "flush_folder", lambda _folder: None)
    score = Score()
    PowerCuts(one_world, score, seed=1).attack("run", 30)
    assert any("lost" in fault for fault in score.faults)


def test_half_done_work_that_is_not_cleared_up_is_found_by_kills(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery.file_ops, "remove_quietly", lambda _path: None)
    score = Score()
    Kills(one_world, score, seed=1).attack("run", 30)
    assert any("not there before" in fault for fault in score.faults)


def test_a_source_that_goes_before_its_copy_stands_is_found_by_kills(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = publishing.publish_copy

    def too_early(source: str, *more: object) -> object:
        left = plain(source, *more)  # type: ignore[arg-type]
        data = Path(source).read_bytes()
        os.unlink(source)
        Path(source).write_bytes(data)
        return left

    monkeypatch.setattr(publishing, "publish_copy", too_early)
    score = Score()
    Kills(one_world, score, seed=1).attack("run", 30)
    assert score.faults


def test_an_error_that_nobody_catches_is_found(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = file_state.look

    def careless(path: str) -> file_state.Seen | None:
        try:
            return plain(path)
        except OSError as error:
            raise KeyError(path) from error

    monkeypatch.setattr(file_state, "look", careless)
    score = Score()
    Errors(one_world, score, seed=1).attack("run", 30)
    assert any("KeyError" in fault for fault in score.faults)


# --- from outside, and the command ------------------------------------------------------------------------------------


def test_random_jobs_hold_no_more_than_a_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IMAGE_SYNC_STATE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, os.fspath(tmp_path / "home" / name))
    score = Score()
    outside.attack(tmp_path, score, rounds=0, minutes=0.01, seed=3)
    assert score.points["random jobs"] > outside.WARM
    assert score.faults == []


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    argv = ["--only", "keep best", "--points", "6", "--errors", "6", "--commands", "1", "--power", "6"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults", *argv],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": os.fspath(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed: run and resume" in done.stdout
    assert "0 found" in done.stdout
    assert os.listdir(tmp_path) == []


# --- damaged input for the parsers ------------------------------------------------------------------------------------


def test_parsers_answer_or_raise_what_they_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsers, "_BATCH", 100)
    score = Score()
    parsers.attack(score, 3_200, seed=5)
    assert score.points["parsers"] == 3_200
    assert score.faults == []


def test_the_sound_inputs_of_the_parsers_are_read(tmp_path: Path) -> None:
    """Damage of what is not even read would find nothing."""
    refused = set()
    for parser in parsers.parsers(tmp_path):
        for seed in parser.seeds:
            try:
                parser.parse(seed)
            except parser.promised:
                refused.add(parser.name)
    assert refused == {"with_date", "with_stated", "sidecar_with"}


@pytest.mark.parametrize("deed", ["an index of its own", "a loop", "a crash"])
def test_a_parser_that_fails_is_found_with_its_input(deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(data: bytes) -> object:
        if data == b"sound":
            return None
        if deed == "a loop":
            while True:
                pass
        if deed == "a crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        return data[99]

    monkeypatch.setattr(parsers, "LONGEST", 0.05)
    score = Score()
    planted = parsers.Parser("planted", [b"sound"], parse, (ValueError,))
    parsers._batch(planted, score, 20, seed=1)
    told = {"an index of its own": "IndexError", "a loop": "computes for more", "a crash": "signal 11"}
    assert score.faults and told[deed] in score.faults[0] and "planted" in score.faults[0]


# --- two who meet -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [outside._under_signals, outside._two_at_once, outside._crossing])
def test_rounds_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: outside.Deed) -> None:
    for name in ("IMAGE_SYNC_STATE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, os.fspath(tmp_path / "home" / name))
    score = Score()
    choice = random.Random(8)
    for number in range(2):
        outside._round(tmp_path / f"round{number}", score, choice, deed, "rounds")
    assert score.points["rounds"] == 2
    assert score.faults == []
