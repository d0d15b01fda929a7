"""What goes wrong in the real world: full disks, missing rights, files that grow, disks that go, kills, two at once."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_sync.apply import executor
from image_sync.apply.undo import undo
from image_sync.base import places
from image_sync.base.control import Control
from image_sync.base.events import Stage, StageBegan
from image_sync.base.model import RunState, Stopped
from image_sync.jobs.sync import scan
from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions, SyncRequest
from tests.apply import killing
from tests.jobs.sync.running import OWN, Pair, contents, is_unfinished, kept, mode, put, run, settle, tree
from tests.privileges import without_privileges

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here")

MOMENTS = int(os.environ.get("IMAGE_SYNC_MOMENTS", "14"))
"""How many moments of a run it is killed at."""


# --- full disks -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """A real disk of ``size`` bytes at ``place``; ``False`` where none can be made."""
    place.mkdir(exist_ok=True)
    made = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None
    if made:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", os.fspath(place)]
        made = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", os.fspath(place)], check=True)


def test_a_full_disk_tears_nothing_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That there is not enough room is refused beforehand; here the room is taken by somebody else meanwhile."""
    source = tmp_path / "one"
    source.mkdir()
    with small_disk(tmp_path / "two", 4 << 20) as real:
        pair = Pair(source, tmp_path / "two")
        for number in range(6):
            put(source, f"{number}.jpg", bytes([number]) * 1_000_000)
        put(source, "small.jpg", "small")
        before = tree(source)
        if real:
            assert "not enough room" in pair.sync().refused
        with monkeypatch.context() as patched:
            patched.setattr(scan.disk, "room", lambda _: None)
            if not real:
                _pretend_full(patched, 4 << 20)
            ran = pair.sync()
        assert ran.problems and all("no room left" in problem.why for problem in ran.problems)
        assert tree(source) == before
        there = tree(pair.target)
        assert "small.jpg" in there and len(there) + len(ran.problems) == 7
        assert all(entry == before[path] for path, entry in there.items()), "torn"
        assert not [name for name in os.listdir(pair.target) if name.startswith(OWN)]
        for number in range(6):
            if f"{number}.jpg" in there:
                (pair.target / f"{number}.jpg").unlink()
                (source / f"{number}.jpg").unlink()
        pair.sync(max_delete=1.0)
        assert pair.same()
        pair.quiet()


def _pretend_full(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    original, written = os.write, [0]

    def write(handle: int, data: bytes) -> int:
        if len(data) > 100_000:
            written[0] += len(data)
            if written[0] > size:
                raise OSError(28, "No space left on device")
        return original(handle, data)

    monkeypatch.setattr(os, "write", write)


# --- rights ---------------------------------------------------------------------------------------------------------


def test_what_can_not_be_read_is_named_and_the_rest_is_synced(pair: Pair, home: Path) -> None:
    for name in ("closed/a.jpg", "open/b.jpg", "locked.jpg", "free.jpg"):
        put(pair.source, name, name)
    with without_privileges(pair.source, pair.target, home) as call:
        call(pair.sync)
        call(settle)
        call(_change_four, pair)
        with mode(pair.source / "closed", 0), mode(pair.source / "locked.jpg", 0):
            ran = call(_named, pair, Deletions.PROPAGATE)
    assert ran["problems"] == {os.fspath(pair.source / "closed"), os.fspath(pair.target / "locked.jpg")}
    assert (pair.target / "closed/a.jpg").exists(), "unread is not gone"
    assert (pair.target / "open/new.jpg").exists() and not (pair.target / "free.jpg").exists()
    assert (pair.target / "locked.jpg").read_bytes() == b"locked.jpg"
    pair.sync(deletions=Deletions.PROPAGATE)
    assert "closed/new too.jpg" in pair.same()
    pair.quiet()


def _change_four(pair: Pair) -> None:
    put(pair.source, "open/new.jpg", "new")
    put(pair.target, "closed/new too.jpg", "new")
    (pair.source / "free.jpg").unlink()
    put(pair.source, "locked.jpg", "changed", age=-9)


def _named(pair: Pair, deletions: Deletions) -> dict[str, object]:
    ran = pair.sync(deletions=deletions)
    found = {problem.path for problem in (*ran.problems, *(ran.result.problems if ran.result else ()))}
    return {"problems": found, "refused": ran.refused}


def test_a_folder_that_may_not_be_written_costs_only_itself(pair: Pair, home: Path) -> None:
    put(pair.source, "shut/a.jpg", "a")
    put(pair.source, "free/b.jpg", "b")
    (pair.target / "shut").mkdir()
    with without_privileges(pair.source, pair.target, home) as call, mode(pair.target / "shut", 0o555):
        found = call(_named, pair, Deletions.RESTORE)
    assert found == {"problems": {os.fspath(pair.source / "shut/a.jpg")}, "refused": ""}
    assert (pair.target / "free/b.jpg").exists()
    pair.sync()
    pair.same()


# --- files that change meanwhile -----------------------------------------------------------------------------------


def test_a_growing_file_is_never_copied_torn(pair: Pair) -> None:
    growing = put(pair.source, "movie.mov", b"x" * 100_000)
    put(pair.source, "a.jpg", "a")
    control, grown = threading.Event(), threading.Event()

    def grow() -> None:
        while not control.is_set():
            with open(growing, "ab") as stream:
                stream.write(b"y" * 1000)
            grown.set()
            time.sleep(0.001)

    thread = threading.Thread(target=grow)
    try:
        ran = pair.sync(between=lambda: (thread.start(), grown.wait(5)))
    finally:
        control.set()
        thread.join()
    assert [problem.path for problem in ran.problems] == [os.fspath(growing)]
    assert os.listdir(pair.target) == ["a.jpg"]
    assert pair.sync().done == 1
    assert pair.same()["movie.mov"][1] == growing.read_bytes()
    pair.quiet()


@pytest.mark.parametrize("side", ["source", "target"])
def test_what_changed_after_the_scan_is_left_and_caught_up(pair: Pair, side: str) -> None:
    put(pair.source, "a.mov", "new", age=0)
    put(pair.target, "a.mov", "old", age=9)
    put(pair.source, "b.jpg", "b")
    root = pair.source if side == "source" else pair.target
    ran = pair.sync(between=lambda: put(root, "a.mov", "newest", age=-5))
    assert len(ran.problems) == 1 and "changed since" in ran.problems[0].why
    assert contents(pair.source, pair.target) == {b"newest", b"b", b"old" if side == "source" else b"new"}
    pair.sync()
    assert pair.same()["a.mov"][1] == b"newest"
    pair.quiet()


def test_what_appeared_after_the_scan_is_not_overwritten(pair: Pair) -> None:
    put(pair.source, "a.jpg", "mine")
    ran = pair.sync(between=lambda: put(pair.target, "a.jpg", "yours"))
    assert len(ran.problems) == 1
    assert contents(pair.target) == {b"yours"}
    assert pair.sync().kinds == {"a.jpg": Kind.CONFLICT}


def test_what_vanished_after_the_scan_is_a_problem(pair: Pair) -> None:
    place = put(pair.source, "a.jpg", "a")
    put(pair.source, "b.jpg", "b")
    ran = pair.sync(between=place.unlink)
    assert len(ran.problems) == 1 and "no longer there" in ran.problems[0].why
    assert pair.same().keys() == {"b.jpg"}


def test_a_change_in_the_moment_of_copying_is_not_forgotten(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy stands and both files are looked at to be remembered; just before that one of them changes again."""
    from image_sync.jobs.sync.recording import Recorder

    put(pair.source, "a.jpg", "one")
    original = Recorder.finish

    def finish(recorder: Recorder) -> None:
        put(pair.target, "a.jpg", "two", age=-3)
        original(recorder)

    with monkeypatch.context() as patched:
        patched.setattr(Recorder, "finish", finish)
        pair.sync()
    assert pair.sync().kinds == {"a.jpg": Kind.UPDATE_SOURCE}
    assert pair.same()["a.jpg"][1] == b"two"


# --- disks that go --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replaced", [False, True])
def test_a_disk_that_goes_after_the_scan(pair: Pair, replaced: bool) -> None:
    put(pair.source, "a.jpg", "a")

    def take_out() -> None:
        pair.target.rename(pair.target.with_name("away"))
        if replaced:
            pair.target.mkdir()

    ran = pair.sync(between=take_out)
    assert "is not what it was when it was scanned" in ran.refused
    assert not (pair.target / "a.jpg").exists()


# --- kills ----------------------------------------------------------------------------------------------------------


def busy(pair: Pair) -> dict[str, object]:
    """Two folders with something of everything to do; what a sync of them is told."""
    for name in ("a.jpg", "b.jpg", "d/c.jpg", "d/d.jpg", "e.jpg", "gone.jpg", "f/g.jpg"):
        put(pair.source, name, f"first content of {name}", age=500)
    pair.sync()
    put(pair.source, "a.jpg", "changed here", age=1)
    put(pair.target, "b.jpg", "changed there", age=1)
    put(pair.source, "e.jpg", "one", age=3)
    put(pair.target, "e.jpg", "two", age=3)
    (pair.source / "d").rename(pair.source / "renamed")
    (pair.target / "gone.jpg").unlink()
    shutil.rmtree(pair.source / "f")
    put(pair.source, "f", "a file now")
    put(pair.source, "big.jpg", os.urandom(300_000))
    put(pair.target, "new/x.jpg", "x")
    (pair.target / "empty").mkdir()
    (pair.source / "link").symlink_to("a.jpg")
    return {"deletions": Deletions.PROPAGATE, "resolution": "keep-both", "max_delete": 1.0}


@pytest.mark.slow
@FORKS
def test_killed_at_every_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it is killed: no file torn, none lost, the next run ends what this one began, and undo still works."""
    count, number = 1, 0
    while number < MOMENTS:
        base = tmp_path / f"at{number}"
        base.mkdir()
        monkeypatch.setenv("XDG_STATE_HOME", os.fspath(base / "state"))
        monkeypatch.setenv("XDG_DATA_HOME", os.fspath(base / "data"))
        pair = Pair(base / "one", base / "two")
        pair.source.mkdir()
        pair.target.mkdir()
        chosen = busy(pair)
        held = contents(pair.source, pair.target)
        moment = 10**9 if number == 0 else number * count // MOMENTS
        ended = killing.run(lambda pair=pair, chosen=chosen: pair.sync(**chosen), max(1, moment))
        if number == 0:
            assert ended
            count = ended
        assert held <= contents(pair.source, pair.target), moment
        for path, (kind, data, _) in {**tree(pair.source), **tree(pair.target)}.items():
            assert kind != "file" or is_unfinished(path) or data in held, f"{path} is torn at {moment}"
        again = pair.sync(**chosen)
        assert again.refused == "" and again.problems == (), moment
        there = {path: entry[:2] for path, entry in pair.same().items()}
        assert held <= contents(pair.source, pair.target)
        assert not any(is_unfinished(path) for path in there), "a leftover of the killed run"
        assert there["a.jpg"][1] == b"changed here" and there["b.jpg"][1] == b"changed there"
        assert "renamed/c.jpg" in there and "gone.jpg" not in there
        pair.quiet(**chosen)
        number += 1


@FORKS
def test_a_killed_run_is_shown_and_can_be_undone(pair: Pair) -> None:
    from image_sync.apply import journal

    chosen = busy(pair)
    moment = 0
    while True:
        moment += 10
        before, planned = pair.trees(), pair.sync(**chosen, dry_run=True).kinds
        assert killing.run(lambda: pair.sync(**chosen), moment) is None
        runs = [summary for summary in journal.history() if summary.state is RunState.INTERRUPTED]
        if runs and runs[0].done:
            break
    assert undo(runs[0].run).state is RunState.UNDONE
    assert pair.trees() == before
    assert pair.sync(**chosen, dry_run=True).kinds == planned, "the memory is as it was before the run"
    assert pair.sync(**chosen).problems == ()
    pair.same()


# --- stops and pauses -----------------------------------------------------------------------------------------------


class StopAfter(Control):
    """A user who presses stop at the n-th checkpoint."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count

    def checkpoint(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.stop()
        super().checkpoint()


def test_stopped_at_any_moment(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "GROUP", 3)
    chosen = busy(pair)
    held = contents(pair.source, pair.target)
    stopped = 0
    for count in range(3, 400, 9):
        control = StopAfter(count)
        with contextlib.suppress(Exception):
            ran = pair.sync(control=control, **chosen)
            stopped += ran.result is None or ran.result.state is RunState.STOPPED
        assert held <= contents(pair.source, pair.target)
        if not control.stopped:
            break
    assert stopped or control.stopped is False
    pair.sync(**chosen)
    pair.quiet(**chosen)


@pytest.mark.parametrize("step", ["wanted_shots", "decide"])
def test_stopped_while_deciding_keeps_what_was_read(pair: Pair, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    for number in range(3):
        put(pair.source, f"{number}.jpg", "here")
        put(pair.target, f"{number}.jpg", "gone")
    settle()
    control, usual = Control(), getattr(scan.sync, step)

    def stopped(*given: object) -> object:
        control.stop()
        return usual(*given)

    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(scan.sync, step, stopped)
        pair.sync(control=control)
    to_read = [one.total for one in pair.sync().events if isinstance(one, StageBegan) and one.stage is Stage.MATCH]
    assert to_read == [0]


def test_a_stopped_run_is_logged(pair: Pair, tmp_path: Path) -> None:
    put(pair.source, "a.jpg", "a")
    control = Control()
    log = tmp_path / "log.json"
    with contextlib.suppress(Stopped):
        pair.sync(control=control, log_file=os.fspath(log), between=control.stop)
    found = json.loads(log.read_text("ascii"))
    assert found["status"] == "stopped"
    assert [(one["path"], one["status"]) for one in found["operations"]] == [("a.jpg", "not begun")]


# --- two at once ----------------------------------------------------------------------------------------------------


@FORKS
def test_a_second_process_is_refused_and_a_dead_one_is_not_waited_for(pair: Pair, tmp_path: Path) -> None:
    put(pair.source, "a.jpg", "a")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:

        def wait() -> None:
            os.write(writing, b"!")
            time.sleep(60)

        pair.sync(between=wait)
        os._exit(0)
    try:
        assert os.read(reading, 1) == b"!"
        third = tmp_path / "three"
        third.mkdir()
        assert f"(process {child})" in pair.sync().refused
        assert f"(process {child})" in run(SyncRequest(os.fspath(pair.target), os.fspath(third))).refused
        assert tree(pair.target) == {}
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
    assert pair.sync().done == 1, "a stale lock is taken over"


def test_a_look_without_consequences_needs_no_lock(pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    before = pair.trees(), sorted(os.listdir(places.state_folder())) if os.path.isdir(places.state_folder()) else []
    ran = pair.sync(dry_run=True)
    assert ran.kinds == {"a.jpg": Kind.COPY_TO_TARGET} and ran.result is None
    after = pair.trees(), sorted(os.listdir(places.state_folder())) if os.path.isdir(places.state_folder()) else []
    assert after == before


# --- versions -------------------------------------------------------------------------------------------------------


def test_versions_come_back_with_undo(pair: Pair) -> None:
    chosen = busy(pair)
    before = pair.trees()
    ran = pair.sync(**chosen)
    assert ran.result and kept(pair.source) and kept(pair.target)
    result = undo(ran.result.run)
    assert result.problems == ()
    assert pair.trees() == before
    assert not (pair.source / OWN).exists(), "only the run before it is left, and that kept nothing"


def test_an_answer_given_in_between_is_what_is_done(pair: Pair) -> None:
    put(pair.source, "a.jpg", "mine")
    put(pair.target, "b.jpg", "yours")
    ran = pair.sync({"a.jpg": Answer.TARGET, "b.jpg": Answer.SKIP})
    assert ran.kinds == {"a.jpg": Kind.DELETE_IN_SOURCE, "b.jpg": Kind.SKIP}
    assert tree(pair.source) == {} and kept(pair.source) == {"a.jpg": b"mine"}
    assert pair.sync().kinds == {"b.jpg": Kind.COPY_TO_SOURCE}
