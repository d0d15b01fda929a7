"""Faults injected for real: full disks, missing permission, files that change underneath, stops, hostile names."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from image_sync.apply import disk, file_ops, file_state, journal, streaming
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.apply.words import Trouble
from image_sync.base.control import Control
from image_sync.base.model import Action, Maker, Plan, Refused, RunResult, RunState
from image_sync.base.progress import Reporter
from tests.apply.trees import (
    LONG_AGO,
    age_folders,
    content,
    everything,
    files,
    operation,
    plan,
    pretend_two_disks,
    put,
    snapshot,
)

RUN = "20260815-143022-3f2a"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534


# --- full disks ---------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 1 MiB: mounted when we may, else writes below the folder fail as on a full one."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", os.fspath(folder)]
    if IS_ROOT and shutil.which("mount") and subprocess.run(command, capture_output=True).returncode == 0:
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", os.fspath(folder)], check=True)
        return
    _pretend_full(folder, 1 << 20, monkeypatch)
    yield folder


def _pretend_full(folder: Path, size: int, patch: pytest.MonkeyPatch) -> None:
    plain_write, plain_usage, base = os.write, shutil.disk_usage, os.fspath(folder)

    def used() -> int:
        return sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(base) for name in names)

    def write(handle: int, data: bytes) -> int:
        if os.readlink(f"/proc/self/fd/{handle}").startswith(base):
            fits = size - used()
            if fits <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            data = bytes(data)[:fits]
        return plain_write(handle, data)

    def usage(path: str) -> object:
        if os.fspath(path).startswith(base):
            return type("Usage", (), {"free": size - used()})
        return plain_usage(path)

    patch.setattr(os, "write", write)
    patch.setattr(shutil, "disk_usage", usage)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd") and not IS_ROOT, reason="no way to make a small disk here")
@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE], ids=lambda action: action.name)
def test_a_full_disk(root: Path, small_disk: Path, action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fits is done, what does not is a problem each, nothing torn is left, and with room the rest is done."""
    if action is Action.MOVE and os.stat(small_disk).st_dev == os.stat(root).st_dev:
        pretend_two_disks(monkeypatch, small_disk)
    names = [("a", 300_000), ("b", 400_000), ("c", 350_000), ("d", 200_000), ("e", 390_000), ("f", 10_000)]
    steps = [
        operation(action, put(root / f"{name}.jpg", content(name, size)), small_disk / "out" / f"{name}.jpg")
        for name, size in names
    ]
    put(small_disk / "ballast", b"x" * 500_000)
    age_folders(root)
    age_folders(small_disk)
    before = snapshot(root)
    opened: list[str] = []
    plain = file_ops.copy

    def counted(source: str, target: str, *more: object, **and_more: object) -> str | None:
        opened.append(os.path.basename(source))
        return plain(source, target, *more, **and_more)  # type: ignore[arg-type]

    monkeypatch.setattr(file_ops, "copy", counted)
    result = execute(plan(*steps, root=root, small=small_disk), run=RUN)

    assert result.state is RunState.FINISHED
    assert [os.path.basename(problem.path) for problem in result.problems] == ["b.jpg", "c.jpg", "e.jpg"]
    assert all("no room" in problem.why and "resume" in problem.hint for problem in result.problems)
    if action is Action.MOVE:
        assert opened == ["a.jpg", "b.jpg", "d.jpg", "f.jpg"], "what can't fit after a first failure is not even begun"
    assert sorted(os.listdir(small_disk / "out")) == ["a.jpg", "d.jpg", "f.jpg"]
    left = {f"{name}.jpg" for name, _ in names} if action is Action.COPY else {"b.jpg", "c.jpg", "e.jpg"}
    assert set(os.listdir(root)) == left

    os.unlink(small_disk / "ballast")
    assert [os.path.basename(problem.path) for problem in resume(RUN).problems] == ["c.jpg", "e.jpg"]
    assert (small_disk / "out" / "b.jpg").read_bytes() == content("b", 400_000)
    assert (undo(RUN).state, os.listdir(small_disk)) == (RunState.UNDONE, [])
    assert snapshot(root) == before


def test_the_journals_disk_is_full_in_the_middle(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends early, and what it did can be undone or resumed when there is room again."""
    monkeypatch.setattr("image_sync.apply.executor.GROUP", 4)
    steps = [
        operation(Action.MOVE, put(root / f"{number}.jpg", str(number)), root / "out" / f"{number}.jpg")
        for number in range(20)
    ]
    age_folders(root)
    before = snapshot(root)
    plain = os.write
    written = 0

    def write(handle: int, data: bytes) -> int:
        nonlocal written
        written += 1
        if written > 5:
            if written == 6:
                return plain(handle, bytes(data)[:30])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return plain(handle, data)

    monkeypatch.setattr(os, "write", write)
    result = execute(plan(*steps, root=root), run=RUN)
    monkeypatch.setattr(os, "write", plain)
    assert result.state is RunState.INTERRUPTED
    assert "journal" in result.problems[-1].why
    assert "resume or undo" in result.problems[-1].hint
    assert 0 < len(os.listdir(root / "out")) < 20
    assert journal.find(RUN).state is RunState.INTERRUPTED
    assert resume(RUN).done == 20
    assert len(os.listdir(root / "out")) == 20
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


@pytest.mark.parametrize("broken", ["open", "fsync"])
def test_without_a_journal_nothing_is_touched(root: Path, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    age_folders(root)
    before = snapshot(root)
    if broken == "open":
        place = root.parent / "a file, no folder"
        place.write_bytes(b"")
        monkeypatch.setenv("IMAGE_SYNC_STATE", os.fspath(place))
    else:

        def fail(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Refused, match=r"journal|locked"):
        execute(plan(operation(Action.MOVE, root / "a.jpg", root / "out" / "b.jpg"), root=root))
    assert snapshot(root) == before
    assert journal.history() == ()


# --- missing permission -------------------------------------------------------------------------


def unprivileged(base: Path, work: Callable[[], RunResult]) -> RunResult:
    """``work`` as a user who is not root; ``base`` belongs to that user."""
    if not IS_ROOT:
        return work()
    file_ops._exclusive_rename()  # what is loaded late may lie where only root can read
    disk.room(os.fspath(base))
    for folder, folders, names in os.walk(base):
        for name in ["", *folders, *names]:
            os.lchown(os.path.join(folder, name), NOBODY, NOBODY)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, pickle.dumps(work()))
        except BaseException as error:
            os.write(writing, pickle.dumps(RuntimeError(repr(error))))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        result = pickle.loads(stream.read())
    os.waitpid(child, 0)
    if isinstance(result, Exception):
        raise result
    assert isinstance(result, RunResult)
    return result


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a user who is not root can reach, with the state in it."""
    base = Path(tempfile.mkdtemp(prefix="image-sync-test-"))
    base.chmod(0o755)
    (base / "state").mkdir()
    monkeypatch.setenv("IMAGE_SYNC_STATE", os.fspath(base / "state"))
    yield base
    for folder, folders, _ in os.walk(base):
        for name in folders:
            os.chmod(os.path.join(folder, name), 0o755)
    shutil.rmtree(base)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are another matter there")
def test_missing_permission_is_a_problem_each(shared: Path) -> None:
    one, locked, out = shared / "one", shared / "locked", shared / "out"
    put(one / "fine.jpg", "fine")
    put(one / "secret.jpg", "secret", mode=0o000)
    put(one / "old.jpg", "old")
    put(locked / "kept.jpg", "kept")
    put(shared / "hidden" / "in.jpg", "hidden")
    out.mkdir()
    steps = [
        operation(Action.MOVE, locked / "kept.jpg", out / "kept.jpg"),
        operation(Action.COPY, one / "secret.jpg", out / "secret.jpg"),
        operation(Action.COPY, one / "fine.jpg", locked / "fine.jpg"),
        operation(Action.COPY, one / "fine.jpg", locked / "deep" / "fine.jpg"),
        operation(Action.SET_ASIDE, locked / "kept.jpg"),
        operation(Action.UPDATE, one / "fine.jpg", locked / "kept.jpg"),
        operation(Action.COPY, shared / "hidden" / "in.jpg", out / "in.jpg"),
        operation(Action.MOVE, one / "fine.jpg", out / "fine.jpg"),
    ]
    locked.chmod(0o555)
    (shared / "hidden").chmod(0o000)
    wanted = plan(*steps, one=one, locked=locked, out=out)
    result = unprivileged(shared, lambda: execute(wanted))
    assert (result.state, result.done, len(result.problems)) == (RunState.FINISHED, 1, 7)
    assert all("permission" in problem.why for problem in result.problems)
    assert os.listdir(out) == ["fine.jpg"]
    assert os.listdir(locked) == ["kept.jpg"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are another matter there")
def test_a_move_to_another_disk_does_not_begin_where_the_source_could_not_go(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = shared / "far"
    put(shared / "one" / "a.jpg", "a")
    far.mkdir()
    pretend_two_disks(monkeypatch, far)
    step = operation(Action.MOVE, shared / "one" / "a.jpg", far / "x" / "a.jpg")
    (shared / "one").chmod(0o555)
    monkeypatch.setattr(file_ops, "copy", None)
    result = unprivileged(shared, lambda: execute(plan(step, one=shared / "one", far=far)))
    assert "permission" in result.problems[0].why
    assert os.listdir(far) == []
    assert os.listdir(shared / "one") == ["a.jpg"]


def test_a_source_that_can_not_go_takes_its_copy_along(root: Path, far: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    plain = file_ops.remove

    def remove(path: str) -> None:
        if path == os.fspath(root / "a.jpg"):
            raise PermissionError(errno.EPERM, "immutable", path)
        plain(path)

    monkeypatch.setattr(file_ops, "remove", remove)
    result = execute(plan(operation(Action.MOVE, root / "a.jpg", far / "a.jpg"), root=root, far=far))
    assert "permission" in result.problems[0].why
    assert os.listdir(far) == []
    assert files(snapshot(root)) == {"a.jpg": content("a")}


def test_an_unreadable_disk_is_a_problem_in_words(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [operation(Action.COPY, put(root / name, name), root / "out" / name) for name in ("a", "b")]
    plain = os.read

    def read(handle: int, size: int) -> bytes:
        data = plain(handle, size)
        if data == content("a"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data

    monkeypatch.setattr(os, "read", read)
    result = execute(plan(*steps, root=root))
    assert (result.done, len(result.problems)) == (1, 1)
    assert "disk reported an error" in result.problems[0].why
    assert os.listdir(root / "out") == ["b"]


# --- files that change underneath ---------------------------------------------------------------


class Meddling(Control):
    """Does something at the n-th checkpoint, as another program would meanwhile."""

    def __init__(self, moment: int, act: Callable[[], object]) -> None:
        super().__init__()
        self._moment, self._act = moment, act
        self.count = 0

    def checkpoint(self) -> None:
        self.count += 1
        if self.count == self._moment:
            self._act()
        super().checkpoint()


def _append(path: Path) -> None:
    with open(path, "ab") as stream:
        stream.write(b"more")


def _rewrite(path: Path) -> None:
    with open(path, "r+b") as stream:
        stream.write(b"other")


def _shorten(path: Path) -> None:
    os.truncate(path, 100)


def _vanish(path: Path) -> None:
    path.unlink()


def _another(path: Path) -> None:
    put(path.with_name("new"), b"y" * 5_000)
    os.replace(path.with_name("new"), path)


@pytest.mark.parametrize("change", [_append, _rewrite, _shorten, _vanish, _another])
@pytest.mark.parametrize("action", [Action.COPY, Action.UPDATE, Action.MOVE], ids=lambda action: action.name)
def test_a_source_that_changes_while_it_is_copied(
    root: Path, far: Path, action: Action, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_ops, "CHUNK", 1000)
    source = Path(put(root / "in" / "growing.mov", content("movie", 5_000)))
    target = far / "growing.mov"
    if action is Action.UPDATE:
        put(target, "earlier")
    step = operation(action, source, target)
    before = files(snapshot(far))
    control = Meddling(4, lambda: change(source))
    result = execute(plan(step, root=root, far=far), control=control)
    assert (result.done, len(result.problems)) == (0, 1)
    assert any(word in result.problems[0].why for word in ("changed", "no longer there"))
    assert files(snapshot(far)) == before
    assert source.exists() == (change is not _vanish)


def test_what_is_to_be_replaced_changes_meanwhile(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_ops, "CHUNK", 1000)
    new, old = put(root / "new.jpg", content("new", 5_000)), Path(put(root / "old.jpg", "old"))
    step = operation(Action.UPDATE, new, old)
    result = execute(plan(step, root=root), control=Meddling(3, lambda: _append(old)))
    assert "changed just now" in result.problems[0].why
    assert old.read_bytes() == content("old") + b"more"
    assert sorted(os.listdir(root)) == ["new.jpg", "old.jpg"]


def test_a_copy_of_what_changes_meanwhile_is_none(root: Path) -> None:
    source, target = Path(put(root / "a", content("a", 3000))), os.fspath(root / "b")
    seen = file_state.look(os.fspath(source))
    assert seen is not None

    class Watch:
        def checkpoint(self) -> None:
            _append(source)

        def moved(self, size: int) -> None:
            assert size == 3000

    with pytest.raises(Trouble, match="changed"):
        file_ops.copy(os.fspath(source), target, Watch(), before=seen)
    assert not os.path.exists(target)


@pytest.mark.parametrize("held", [streaming.HELD, 100])
def test_what_was_written_is_read_again(root: Path, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that stores something else than it was given is found out, for small files and for large ones."""
    monkeypatch.setattr(streaming, "HELD", held)
    source = put(root / "a.jpg", content("a", 3_000))
    plain = os.write

    def write(handle: int, data: bytes) -> int:
        copy = bytearray(data)
        if bytes(data[:2]) == b"a|":
            copy[1500] ^= 1
        return plain(handle, copy)

    monkeypatch.setattr(os, "write", write)
    result = execute(plan(operation(Action.COPY, source, root / "out" / "a.jpg"), root=root))
    assert "not what was read" in result.problems[0].why
    assert os.listdir(root) == ["a.jpg"]


@pytest.mark.parametrize("held", [streaming.HELD, 100])
def test_a_disk_that_takes_little_at_a_time(root: Path, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HELD", held)
    monkeypatch.setattr(file_ops, "CHUNK", 700)
    source = put(root / "a.jpg", content("a", 3_001))
    plain_write, plain_read = os.write, os.read
    monkeypatch.setattr(os, "write", lambda handle, data: plain_write(handle, bytes(data)[:501]))
    monkeypatch.setattr(os, "read", lambda handle, size: plain_read(handle, min(size, 401)))
    result = execute(plan(operation(Action.COPY, source, root / "out" / "a.jpg"), root=root))
    assert result.problems == ()
    assert (root / "out" / "a.jpg").read_bytes() == content("a", 3_001)


def test_a_chosen_folder_whose_disk_goes_is_not_made_again(root: Path) -> None:
    steps = [
        operation(Action.MOVE, put(root / "one" / name, name), root / "usb" / "photos" / name) for name in ("a", "b")
    ]
    (root / "usb" / "photos").mkdir(parents=True)
    wanted = plan(*steps, one=root / "one", usb=root / "usb" / "photos")

    def unplug() -> None:
        shutil.rmtree(root / "usb")

    result = execute(wanted, control=Meddling(1, unplug), run=RUN)
    assert (result.done, len(result.problems)) == (0, 2)
    assert "no longer" in result.problems[0].why
    assert not (root / "usb").exists()
    for act in (resume, undo):
        with pytest.raises(Refused, match="Connect its disk"):
            act(RUN)
    (root / "usb" / "photos").mkdir(parents=True)
    assert resume(RUN).done == 2


# --- stops and errors ---------------------------------------------------------------------------


class StopAt(Control):
    """Stops at the n-th checkpoint."""

    def __init__(self, moment: int) -> None:
        super().__init__()
        self.left = moment

    def checkpoint(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.stop()
        super().checkpoint()


@pytest.mark.slow
@pytest.mark.parametrize("way", [resume, undo])
def test_stopped_at_every_checkpoint(
    tmp_path: Path, far: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[str], RunResult]
) -> None:
    monkeypatch.setattr(file_ops, "CHUNK", 2500)
    monkeypatch.setattr("image_sync.apply.executor.GROUP", 5)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    moment, stopped = 0, True
    while stopped:
        moment += 3
        root, away, run = tmp_path / f"r{moment}", far / f"f{moment}", f"20260815-{moment:06}-3f2a"
        steps = everything(root, away)
        before = snapshot(root), snapshot(away)
        result = execute(steps, control=StopAt(moment), run=run)
        stopped = result.state is RunState.STOPPED
        assert stopped or result.state is RunState.FINISHED
        assert result.problems == ()
        assert not any(name.endswith(".part") for tree in (snapshot(root), snapshot(away)) for name in tree)
        assert journal.find(run).state is result.state
        assert journal.find(run).done == result.done
        if way is resume:
            assert resume(run).done == len(steps.operations)
            shutil.rmtree(root)
            shutil.rmtree(away)
        else:
            assert undo(run).problems == ()
            assert (snapshot(root), snapshot(away)) == before
    assert moment > 30


def test_a_stop_in_the_middle_of_an_undo(root: Path, far: Path) -> None:
    steps = everything(root, far)
    before = snapshot(root), snapshot(far)
    execute(steps, run=RUN)
    result = undo(RUN, control=StopAt(6))
    assert result.state is RunState.PARTLY_UNDONE
    assert 0 < result.done < len(steps.operations) - 4
    with pytest.raises(Refused, match="being undone"):
        resume(RUN)
    again = undo(RUN)
    assert (again.state, again.done) == (RunState.UNDONE, len(steps.operations) - result.done)
    assert (snapshot(root), snapshot(far)) == before


def test_a_pause_holds_a_copy_and_a_stop_ends_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_ops, "CHUNK", 1000)
    source = put(root / "a.jpg", content("a", 50_000))
    control = Control()
    seen = threading.Event()

    class Watching(Reporter):
        def advance(self, items: int = 1, size: int = 0, current: str = "") -> None:
            super().advance(items, size, current)
            if size == 1000 and not seen.is_set():
                control.pause()
                seen.set()

    results: list[RunResult] = []
    wanted = plan(operation(Action.COPY, source, root / "out" / "a.jpg"), root=root)
    worker = threading.Thread(target=lambda: results.append(execute(wanted, control=control, reporter=Watching())))
    worker.start()
    assert seen.wait(10)
    deadline = time.monotonic() + 10
    while not (parts := os.listdir(root / "out")) and time.monotonic() < deadline:
        time.sleep(0.001)
    assert [name.endswith(".part") for name in parts] == [True]
    control.stop()
    worker.join(10)
    assert results[0].state is RunState.STOPPED
    assert not (root / "out").exists()


def test_what_a_stopped_run_did_not_begin_is_nobody_elses(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user then does by hand at the very places of the plan is not taken for the run's."""
    monkeypatch.setattr("image_sync.apply.prefetch.LARGEST", 0)
    steps = [operation(Action.COPY, put(root / name, name), root / "out" / name) for name in "abc"]
    (root / "out").mkdir()
    assert execute(plan(*steps, root=root), run=RUN, control=StopAt(3)).done == 1
    shutil.copy2(root / "b", root / "out" / "b")
    assert undo(RUN).problems == ()
    assert os.listdir(root / "out") == ["b"]


@pytest.mark.parametrize("error", [RuntimeError, MemoryError, KeyboardInterrupt])
def test_an_error_of_our_own_is_not_hidden_and_loses_nothing(
    root: Path, far: Path, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = everything(root, far)
    before = snapshot(root), snapshot(far)
    plain = file_ops._dress

    def fail(reading: int, writing: int, target: str, seen: object) -> None:
        if target.startswith(os.fspath(far)):
            raise error("injected")
        plain(reading, writing, target, seen)  # type: ignore[arg-type]

    monkeypatch.setattr(file_ops, "_dress", fail)
    with pytest.raises(error, match="injected"):
        execute(steps, run=RUN)
    monkeypatch.setattr(file_ops, "_dress", plain)
    assert not any(name.endswith(".part") for tree in (snapshot(root), snapshot(far)) for name in tree)
    assert journal.find(RUN).state is RunState.INTERRUPTED
    assert journal.find(RUN).done >= 10
    assert resume(RUN).done == len(steps.operations)
    assert undo(RUN).problems == ()
    assert (snapshot(root), snapshot(far)) == before


@pytest.mark.parametrize("action", [Action.UPDATE, Action.REPLACE_WITH_LINK], ids=lambda action: action.name)
def test_an_interrupt_right_after_a_file_was_replaced_keeps_the_old_one(
    root: Path, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "new.jpg", b"same" if action is Action.REPLACE_WITH_LINK else b"new one")
    put(root / "old.jpg", b"same", LONG_AGO + 4)
    age_folders(root)
    before = snapshot(root)
    plain = file_ops.replace

    def late(source: str, target: str) -> None:
        plain(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(file_ops, "replace", late)
    with pytest.raises(KeyboardInterrupt):
        execute(plan(operation(action, root / "new.jpg", root / "old.jpg"), root=root), run=RUN)
    monkeypatch.setattr(file_ops, "replace", plain)
    assert (root / ".image-sync" / "versions" / RUN / "old.jpg").read_bytes() == b"same"
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


# --- hostile names, times and modes -------------------------------------------------------------

NAMES = [
    "line\nbreak.jpg",
    "😀 emoji.jpg",
    "tab\tand \x1b[31mred.jpg",
    " space before and after ",
    "dots...",
    "-rf",
    "#*?[x]$(y)`z`'\".jpg",
    "e\u0301 decomposed.jpg",
    "\u202eturned.jpg",
    "x" * 251 + ".jpg",
    "é" * 125 + ".jpg",
]
if os.name == "posix" and os.uname().sysname == "Linux":
    NAMES += [os.fsdecode(b"\xff\xfe not text.jpg"), os.fsdecode(b"\x80" * 255)]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:24])
def test_hostile_names(root: Path, far: Path, name: str) -> None:
    folder = name[:60].strip() or "x"
    put(root / "one" / folder / name, "content")
    put(root / "two" / name, "earlier", LONG_AGO - 9)
    put(root / "three" / name, "set aside")
    put(root / "four" / name, "goes far")
    age_folders(root)
    age_folders(far)
    before = snapshot(root), snapshot(far)
    steps = [
        operation(Action.UPDATE, root / "one" / folder / name, root / "two" / name),
        operation(Action.SET_ASIDE, root / "three" / name),
        operation(Action.COPY, root / "one" / folder / name, root / "out" / name),
        operation(Action.MOVE, root / "one" / folder / name, root / "moved" / folder / name),
        operation(Action.MOVE, root / "four" / name, far / name),
    ]
    result = execute(plan(*steps, root=root, far=far), run=RUN)
    assert result.problems == ()
    assert (root / "two" / name).read_bytes() == content("content")
    assert (root / ".image-sync" / "versions" / RUN / "three" / name).read_bytes() == content("set aside")
    assert undo(RUN).problems == ()
    assert (snapshot(root), snapshot(far)) == before


def test_a_name_that_is_too_long_is_a_problem(root: Path) -> None:
    put(root / "a.jpg", "a")
    result = execute(plan(operation(Action.MOVE, root / "a.jpg", root / ("x" * 300)), root=root))
    assert "too long" in result.problems[0].why
    assert (root / "a.jpg").exists()


TIMES = [-47_304_000_123_456_789, 4_102_444_800_999_999_999, 1, 0]  # 1968, 2100, and around the beginning


@pytest.mark.parametrize("mtime_ns", TIMES)
@pytest.mark.parametrize("mode", [0o644, 0o444, 0o600, 0o755])
def test_times_and_modes_come_along(root: Path, far: Path, mtime_ns: int, mode: int) -> None:
    for number, name in enumerate(("copied", "moved", "gone far", "new", "aside")):
        put(root / name, name, mtime_ns + number, mode)
    put(root / "old", "old", mtime_ns - 5, mode)
    age_folders(root, mtime_ns - 10**15)
    before = snapshot(root)
    wanted = {name: (entry[2], entry[3]) for name, entry in before.items() if entry[0] == "file"}
    steps = [
        operation(Action.COPY, root / "copied", far / "copied"),
        operation(Action.MOVE, root / "moved", root / "out" / "moved"),
        operation(Action.MOVE, root / "gone far", far / "gone far"),
        operation(Action.UPDATE, root / "new", root / "old"),
        operation(Action.SET_ASIDE, root / "aside"),
    ]
    assert execute(plan(*steps, root=root, far=far), run=RUN).problems == ()
    versions = root / ".image-sync" / "versions" / RUN
    places = {
        "copied": far / "copied",
        "moved": root / "out" / "moved",
        "gone far": far / "gone far",
        "new": root / "old",
        "old": versions / "old",
        "aside": versions / "aside",
    }
    assert {
        name: (path.stat().st_mtime_ns, stat.S_IMODE(path.stat().st_mode)) for name, path in places.items()
    } == wanted
    assert undo(RUN).problems == ()
    assert snapshot(root) == before
    assert os.listdir(far) == []


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_come_along(root: Path) -> None:
    source = put(root / "a.jpg", "a")
    try:
        os.setxattr(source, "user.comment", b"by grandma")
    except OSError:
        pytest.skip("this file system keeps no extended attributes")
    os.chmod(source, 0o444)
    assert execute(plan(operation(Action.COPY, source, root / "b.jpg"), root=root)).problems == ()
    assert os.getxattr(root / "b.jpg", "user.comment") == b"by grandma"
    assert os.stat(root / "b.jpg").st_mtime_ns == LONG_AGO


@pytest.mark.skipif(not IS_ROOT, reason="only root can give files away")
def test_the_owner_comes_along(root: Path, far: Path) -> None:
    source = put(root / "a.jpg", "a")
    os.chown(source, 1234, 2345)
    os.chmod(source, 0o6755)
    assert execute(plan(operation(Action.MOVE, source, far / "a.jpg"), root=root, far=far), run=RUN).problems == ()
    status = os.stat(far / "a.jpg")
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o6755)


@pytest.mark.skipif(not hasattr(os, "fchmod"), reason="no modes here")
@pytest.mark.parametrize("call", ["chmod", "chown", "listxattr"])
@pytest.mark.parametrize(("code", "done"), [(errno.EIO, 0), (errno.EROFS, 0), (errno.EPERM, 1), (errno.ENOTSUP, 1)])
def test_a_disk_that_fails_is_no_disk_that_keeps_no_permissions(
    root: Path, call: str, code: int, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy without its mode is published where the disk can keep none, not where it fails just now."""
    if call == "chown" and not IS_ROOT:
        pytest.skip("only root can give files away")
    source = put(root / "a.jpg", "a", mode=0o640)
    if call == "chown":
        os.chown(source, 1234, 2345)

    def fails(*_given: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fails)
    monkeypatch.setattr(os, "supports_fd", os.supports_fd | {fails})
    (root / "out").mkdir()
    result = execute(plan(operation(Action.COPY, source, root / "out" / "b.jpg"), root=root))
    assert (result.done, len(result.problems)) == (done, 1 - done)
    assert len(os.listdir(root / "out")) == done


def test_folders_of_a_cut_off_move_are_known_though_one_can_t_be_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resume meets an error at the folder that the run had made: its undo removes it all the same."""
    wanted = plan(operation(Action.MOVE, put(root / "a.jpg", "a"), root / "made" / "a.jpg"), root=root)
    before = snapshot(root, folder_times=False)

    def cut_off(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "settled", cut_off)
        with pytest.raises(KeyboardInterrupt):
            execute(wanted, run=RUN)
    plain, failed = os.lstat, 0

    def lstat(path: str, **more: object) -> os.stat_result:
        nonlocal failed
        if os.fspath(path) == os.fspath(root / "made"):
            failed += 1
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return plain(path, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", lstat)
        resume(RUN)
    assert failed
    assert undo(RUN).problems == ()
    assert snapshot(root, folder_times=False) == before


def test_an_error_of_the_moment_leaves_no_second_name_among_the_versions(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file can't be replaced, and the look whether it still stands fails once."""
    put(root / "new.jpg", "new")
    put(root / "old.jpg", "old")
    plain, failing = os.lstat, 0

    def no_replace(*places: str) -> None:
        nonlocal failing
        failing = 1
        raise OSError(errno.EIO, os.strerror(errno.EIO), places[-1])

    def lstat(path: str, **more: object) -> os.stat_result:
        nonlocal failing
        if failing and os.fspath(path) == os.fspath(root / "old.jpg"):
            failing = 0
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return plain(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(file_ops, "replace", no_replace)
    monkeypatch.setattr(os, "lstat", lstat)
    result = execute(plan(operation(Action.UPDATE, root / "new.jpg", root / "old.jpg"), root=root))
    assert (result.done, len(result.problems), failing) == (0, 1, 0)
    assert sorted(os.listdir(root)) == ["new.jpg", "old.jpg"]


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("way", [undo, resume])
def test_a_full_disk_of_the_journal_refuses_an_undo_in_words(
    root: Path, way: Callable[[str], RunResult], call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it begins can't be written: then nothing is done, and once there is room all is."""
    steps = [operation(Action.MOVE, put(root / name, name), root / "out" / name) for name in "abc"]
    assert execute(plan(*steps, root=root), run=RUN, control=StopAt(3)).done < 3
    before = snapshot(root)
    with monkeypatch.context() as patch:

        def full(*_given: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr(os, call, full)
        with pytest.raises(
            Refused, match=f"journal of {RUN} can't be written: there is no room left.*Nothing was done"
        ):
            way(RUN)
    assert snapshot(root) == before
    assert undo(RUN).problems == ()
    assert sorted(os.listdir(root)) == ["a", "b", "c"]


@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE, errno.ENOENT])
@pytest.mark.parametrize("convert", [False, True], ids=["copied", "made"])
def test_a_copy_that_can_t_be_looked_at_is_not_left_lying(
    root: Path, code: int, convert: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name in the problem is the system's reason, and no half of it stays under a temporary name."""
    source = put(root / "a.jpg", "a")
    plain, failed = os.lstat, 0

    def lstat(path: str, **more: object) -> os.stat_result:
        nonlocal failed
        if str(path).endswith(".part") and os.path.exists(path) and not failed:
            failed += 1
            raise OSError(code, os.strerror(code), path)
        return plain(path, **more)  # type: ignore[arg-type]

    (root / "out").mkdir()
    step = operation(Action.COPY, source, root / "out" / "b.jpg")
    if convert:
        made = {"maker": Maker.XMP, "argument": "2004-03-05T12:00:00"}
        step = operation(Action.CONVERT, source, root / "out" / "b.xmp", **made)
    monkeypatch.setattr(os, "lstat", lstat)
    result = execute(plan(step, root=root))
    assert (failed, result.done, len(result.problems)) == (1, 0, 1)
    assert "vanished" in result.problems[0].why or code != errno.ENOENT
    assert os.listdir(root / "out") == []


def test_nobody_elses_temporary_file_is_touched(root: Path) -> None:
    put(root / "a.jpg", "a")
    foreign = Path(file_ops.temporary(os.fspath(root), RUN, 0))
    put(foreign, "not what you think")
    put(root / ".image-sync-20200101-000000-0000-0.part", "of another run")
    result = execute(plan(operation(Action.COPY, root / "a.jpg", root / "b.jpg"), root=root), run=RUN)
    assert (result.done, len(result.problems)) == (0, 1)
    assert foreign.read_bytes() == content("not what you think")
    assert len(os.listdir(root)) == 3


# --- progress -----------------------------------------------------------------------------------


def test_progress_counts_every_operation_and_byte(root: Path, far: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_ops, "CHUNK", 700)
    steps = everything(root, far)
    put(root / "one" / "late.jpg", "late")
    wanted = Plan(
        steps.job,
        steps.roots,
        (*steps.operations, operation(Action.COPY, root / "one" / "late.jpg", root / "one" / "late.jpg")),
    )
    items: list[int] = []
    sizes: list[int] = []

    class Counting(Reporter):
        def advance(self, items_: int = 1, size: int = 0, current: str = "") -> None:
            items.append(items_)
            sizes.append(size)
            super().advance(items_, size, current)

    reporter = Counting()
    result = execute(wanted, reporter=reporter)
    assert (sum(items), sum(sizes)) == (len(wanted.operations), wanted.size)
    assert len([size for size in sizes if size == 700]) > 20, "a copy is told of chunk by chunk"
    assert reporter.problems == result.problems
    assert len(result.problems) == 1
