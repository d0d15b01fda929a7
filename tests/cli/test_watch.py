"""``watch``: it waits, lets settle, imports, goes on, and stops when it is told to."""

from __future__ import annotations

import importlib.util
import os
import plistlib
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.cli.watching import changes
from image_sync.cli.watching.changes import Bell, state_of
from tests.cli.made import Line
from tests.cli.test_end_to_end import PROGRAM, call, environment
from tests.jobs.photo_import.made import SPRING, photo
from tests.trees import files, snapshot

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
PATIENCE = 60.0
posix = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not on Windows")


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.05)


def imported(library: Path) -> int:
    return sum(name.endswith(".jpg") for name in files(library)) if library.exists() else 0


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", [["--poll", "0.2"], []], ids=["by looking", "by the system"])
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_imports_what_comes_until_it_is_stopped(tmp_path: Path, how: list[str], ending: int) -> None:
    inbox, library = tmp_path / "in", tmp_path / "library"
    inbox.mkdir()
    words = ["watch", inbox, library, "--settle", "0.3", *how]
    process = subprocess.Popen(
        [*PROGRAM, *map(os.fspath, words)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith(f"Watching {inbox}: ")
        (inbox / "a.jpg").write_bytes(photo("A", SPRING))
        until(lambda: imported(library) == 1, "the first picture")
        (inbox / "deep").mkdir()
        (inbox / "deep" / "b.jpg").write_bytes(photo("B", SPRING))
        until(lambda: imported(library) == 2, "the second picture")
        until(lambda: files(inbox) == [], "the emptied folder")
    finally:
        process.send_signal(ending)
        out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert out.count("To take it back: image-sync undo ") == 2
    call("undo")
    call("undo")
    assert imported(library) == 0 and len(files(inbox)) == 2


def test_a_preset_and_the_options_of_import(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.jpg").write_bytes(photo("A", SPRING))
    before = snapshot(inbox)
    call("presets", "save", "Box", "import", inbox, tmp_path / "lib", "--copy")
    call("watch", "--preset", "Box", "--once", "--settle", "0.1", "--poll", "0.1", "--dry-run")
    assert not (tmp_path / "lib").exists()
    call("watch", "--preset", "Box", "--once", "--settle", "0.1", "--poll", "0.1")
    assert imported(tmp_path / "lib") == 1 and snapshot(inbox) == before


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("watch", "INPUT is missing"),
        ("watch in", "OUTPUT is missing"),
        ("watch nowhere out", "nowhere is not there; is its disk connected"),
        ("watch one two --settle never", "--settle: must be a number of seconds"),
        ("watch one two --poll 0", "--poll: must be a number of seconds"),
        ("watch one two --ask", "--ask does not go with 'watch'"),
    ],
)
def test_what_can_not_be_is_refused(line: Line, argv: str, said: str) -> None:
    line.monkeypatch.chdir(line.folder)
    ran = line.run(*argv.split())
    assert ran.code == 2 and said in " ".join(ran.err.split())


def test_a_state_tells_of_every_change(tmp_path: Path) -> None:
    place = tmp_path / "a"
    states = [state_of([str(tmp_path)])]
    place.write_text("1")
    states.append(state_of([str(tmp_path)]))
    place.write_text("22")
    states.append(state_of([str(tmp_path)]))
    os.utime(place, (1, 1))
    states.append(state_of([str(tmp_path)]))
    place.rename(tmp_path / "b")
    states.append(state_of([str(tmp_path)]))
    assert all(one != other for number, one in enumerate(states) for other in states[:number])
    assert state_of([str(tmp_path / "b")]) == state_of([str(tmp_path)])


def test_without_watchdog_it_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_observer", lambda places, rung: None)  # noqa: ARG005
    with Bell([str(tmp_path)], None) as bell:
        assert bell.every == changes.BY_LOOKING
        slept: list[float] = []
        assert bell.wait(lambda seconds: slept.append(seconds) is None)
        assert sum(slept) == changes.BY_LOOKING
        assert not bell.wait(lambda _: False)


@pytest.mark.skipif(importlib.util.find_spec("watchdog") is None, reason="watchdog is not installed")
def test_the_system_rings(tmp_path: Path) -> None:
    with Bell([str(tmp_path)], None) as bell:
        assert bell.every == changes.BY_BELL
        threading.Timer(0.2, (tmp_path / "a").touch).start()
        began = time.monotonic()
        assert bell.wait(lambda seconds: time.sleep(min(seconds, 0.1)) is None)
        assert time.monotonic() - began < changes.BY_BELL


# --- services --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_the_unit_validates(tmp_path: Path) -> None:
    text = (PACKAGING / "linux" / "image-sync-watch@.service").read_text(encoding="utf-8")
    assert "ExecStart=%h/.local/bin/image-sync watch --preset %I --silent" in text
    place = tmp_path / "image-sync-watch@Card.service"
    place.write_text(text.replace("%h/.local/bin/image-sync", "/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--user", "--man=no", os.fspath(place)]
    world = {**os.environ, "XDG_RUNTIME_DIR": os.fspath(tmp_path)}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=world)
    told = [one for one in (ran.stdout + ran.stderr).splitlines() if "image-sync" in one]
    assert told == []


def test_the_launch_agent_is_a_property_list() -> None:
    with open(PACKAGING / "macos" / "image-sync-watch.plist", "rb") as stream:
        found = plistlib.load(stream)
    assert found["ProgramArguments"][1:] == ["watch", "--preset", "Card", "--silent"]
    assert found["Label"] == "image-sync-watch" and found["KeepAlive"] == {"SuccessfulExit": False}


def test_an_emptied_folder_is_waited_for_and_not_looked_at_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that was there after a round and is taken away by hand is no reason for another round, nor for haste."""
    from types import SimpleNamespace

    from image_sync.cli.watching import command

    states = [{"a": (1, 1)}, {"a": (1, 1)}, {"a": (1, 1)}, {}, {}]
    monkeypatch.setattr(command, "state_of", lambda places: states.pop(0))  # noqa: ARG005
    rounds: list[object] = []
    monkeypatch.setattr(command, "_round", lambda session, steps: rounds.append(steps))  # noqa: ARG005
    session = SimpleNamespace(interrupts=SimpleNamespace(asked=False))
    steps = SimpleNamespace(chosen=SimpleNamespace(inputs=("in",)))
    waits = iter([True, True, False])
    bell = SimpleNamespace(wait=lambda sleep: next(waits))  # noqa: ARG005
    command._watch(session, steps, command._Pace(0.0, 1.0, once=False), bell)  # type: ignore[arg-type]
    assert len(rounds) == 1 and states == []
