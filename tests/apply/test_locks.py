"""One run at a time on the same folders, whatever became of the one before."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from image_sync.apply import locks
from image_sync.apply.locks import FileLock, hold_roots, holder
from image_sync.base import places
from image_sync.base.model import Refused


def held(tmp_path: Path, *names: str) -> list[str]:
    return [os.fspath(tmp_path / name) if name else os.fspath(tmp_path) for name in names]


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "ab").mkdir()
    (tmp_path / "link").symlink_to("a")
    return tmp_path


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [
        ("a", "a", True),
        ("a", "a/b/c", True),
        ("a/b/c", "a", True),
        ("a", "link/b", True),
        ("link", "a", True),
        ("a/b/c", "", True),
        ("a", "ab", False),
        ("a/b", "a/x", False),
    ],
)
def test_folders_that_meet(folders: Path, first: str, second: str, meets: bool) -> None:
    with hold_roots(held(folders, first, "elsewhere")):
        if meets:
            with pytest.raises(Refused, match=rf"Another run is working on .*process {os.getpid()}"):
                hold_roots(held(folders, second)).__enter__()
        else:
            with hold_roots(held(folders, second)):
                pass
    with hold_roots(held(folders, second)):
        pass


def test_a_refused_run_holds_nothing(folders: Path) -> None:
    with hold_roots(held(folders, "ab")):
        with pytest.raises(Refused), hold_roots(held(folders, "a", "ab")):
            pass
        with hold_roots(held(folders, "a")):
            pass
    assert [name for name in os.listdir(Path(places.state_folder()) / "locks") if name != "gate"] == []


def test_roots_are_given_back_after_an_error(folders: Path) -> None:
    with pytest.raises(OSError, match="inside"), hold_roots(held(folders, "a")):
        raise OSError("from inside")
    with hold_roots(held(folders, "a")):
        pass


def test_the_lock_of_a_killed_process_is_taken_over(folders: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from image_sync.apply.locks import hold_roots\n"
        "holding = hold_roots([sys.argv[1]])\n"
        "holding.__enter__()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    project = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code, os.fspath(folders / "a")], cwd=project).returncode == -9
    left = [name for name in os.listdir(Path(places.state_folder()) / "locks") if name.endswith(".lock")]
    assert len(left) == 1
    with hold_roots(held(folders, "a")):
        pass


def test_looking_does_not_disturb(tmp_path: Path) -> None:
    lock = FileLock(os.fspath(tmp_path / "lock"))
    assert holder(os.fspath(tmp_path / "lock")) is None
    assert lock.take("the root")
    found = holder(os.fspath(tmp_path / "lock"))
    assert found is not None
    assert (found.process, found.root) == (os.getpid(), "the root")
    assert not FileLock(os.fspath(tmp_path / "lock")).take()
    lock.give_back()
    assert holder(os.fspath(tmp_path / "lock")) is None
    assert lock.take()
    lock.give_back()


def test_a_state_folder_that_can_not_be_written_is_a_refusal(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folders / "file").write_bytes(b"")
    monkeypatch.setenv("IMAGE_SYNC_STATE", os.fspath(folders / "file"))
    with pytest.raises(Refused, match="can't be locked"), hold_roots(held(folders, "a")):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="the start of a process is known on Linux only")
@pytest.mark.parametrize(
    ("process", "born", "taken"),
    [("alive", "same", False), ("alive", "other", True), ("dead", "same", True), ("alive", "", False)],
)
def test_where_files_can_not_be_locked_the_process_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: str, born: str, taken: bool
) -> None:
    import fcntl

    def refuse(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, f"no locks here: {handle} {how}")

    monkeypatch.setattr(fcntl, "flock", refuse)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    who = os.getpid() if process == "alive" else dead.pid
    when = {"same": locks._born(os.getpid()), "other": "another boot/1", "": ""}[born]
    path = tmp_path / "lock"
    path.write_text(json.dumps([who, when, "root"]))
    assert (holder(os.fspath(path)) is None) == taken
    lock = FileLock(os.fspath(path))
    assert lock.take() == taken
    lock.give_back()
