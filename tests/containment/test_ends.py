"""No worker outlives the program, however that ends; and the whole program goes on over whatever a decoder does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.containment.planting import PLANTED, plant
from tests.containment.test_workers import eventually, gone
from tests.logs import logged
from tests.pictures_made import edited, save, scene
from tests.trees import snapshot

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's /proc"), pytest.mark.slow]

SCRIPT = """
import sys
sys.path[:0] = sys.argv[2:]
import image_sync
print(len(image_sync.find_similar(sys.argv[1]).groups), flush=True)
"""
"""As people write them: without a guard against being imported."""


def children(pid: int) -> list[int]:
    """The worker processes of a process."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and (folder / "stat").read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def script(tmp_path: Path, folder: Path, harmful: bool = True) -> subprocess.Popen[str]:
    place = tmp_path / "script.py"
    place.write_text(SCRIPT)
    more = [os.fspath(PLANTED)] if harmful else []
    return subprocess.Popen(
        [sys.executable, os.fspath(place), os.fspath(folder), *more, os.fspath(ROOT)], stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    save(scene(1), folder / "one.webp")
    save(edited(scene(1)), folder / "two.gif")
    return folder


def test_a_plain_script_gets_its_result_and_leaves_nobody_behind(tmp_path: Path, pictures: Path) -> None:
    process = script(tmp_path, pictures, harmful=False)
    seen: set[int] = set()
    while process.poll() is None:
        seen.update(children(process.pid))
        time.sleep(0.01)
    assert process.communicate()[0] == "1\n" and process.returncode == 0
    assert seen and all(map(gone, seen))


@pytest.mark.parametrize("deed", ["sleep", "compute", "hold_the_lock"])
def test_a_killed_program_takes_its_workers_along(tmp_path: Path, pictures: Path, deed: str) -> None:
    plant(pictures / "bad.heic", deed)
    process = script(tmp_path, pictures)
    found: list[int] = []

    def at_it() -> bool:
        found[:] = [pid for pid in children(process.pid) if reads(pid)]
        return bool(found)

    assert eventually(at_it)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert eventually(lambda: all(map(gone, found)))


def reads(pid: int) -> bool:
    """Whether a worker has got as far as the harmful decoder."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return False
    return "_ctypes" in maps


def test_the_command_line_names_each_file_once_and_does_the_rest(tmp_path: Path, pictures: Path) -> None:
    for deed in ("segfault", "eat_in_c", "be_killed"):
        plant(pictures / f"{deed}.heic", deed)
    (tmp_path / "empty").mkdir()
    before = snapshot(pictures)
    folders = [os.fspath(folder) for folder in (pictures, tmp_path / "empty", tmp_path / "out")]
    report = tmp_path / "report.json"
    run = partial(image_sync, "organize", *folders, "--yes", "--json", os.fspath(report))
    said = run("--dry-run")
    problems = {
        "segfault.heic": "can't be read as a picture",
        "eat_in_c.heic": "can't be read as a picture",
        "be_killed.heic": "can't be read for now",
    }
    assert told(report) == problems
    assert said.count("the decoder crashed on it, twice") == 2 and "Traceback" not in said
    assert snapshot(pictures) == before
    # What lies in the file is remembered; what may pass is tried again.
    heard = logged().count("The worker process that read")
    assert heard == 6
    assert run() and told(report) == problems
    assert logged().count("The worker process that read") == heard + 2
    assert {path.name for path in (tmp_path / "out").rglob("*.*")} == {"one.webp", "two.gif"}
    image_sync("undo", "--yes", code=0)
    assert snapshot(pictures) == before


def image_sync(*arguments: str, code: int = 1) -> str:
    """What the program says."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([os.fspath(PLANTED), os.fspath(ROOT)])}
    command = [sys.executable, "-m", "image_sync", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def told(report: Path) -> dict[str, str]:
    """The problems in a report, by file."""
    return {Path(one["path"]).name: one["what"] for one in json.loads(report.read_text())["problems"]}
