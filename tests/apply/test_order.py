"""In which order things reach the disk: what a later step relies on is flushed before it, as a power cut would tell."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.apply import disk, file_ops, journal
from image_sync.apply.executor import execute, resume
from image_sync.apply.prefetch import Prefetch
from image_sync.apply.undo import undo
from image_sync.base.control import Control
from image_sync.base.model import Action, Maker, Operation, Plan, RunState
from tests.apply import killing
from tests.apply.trees import content, operation, plan, put, stamp
from tests.pictures_made import scene

RUN = "20260815-143022-3f2a"
pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files can't be named here")


class Trace:
    """Every call that changes names or waits for the disk, as ``(call, name of the file or folder)``.

    ``flushed`` is what a file held each time when it was flushed: only that outlives a power cut.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.calls: list[tuple[str, str]] = []
        self.flushed: dict[str, list[bytes]] = {}
        self._root = os.fspath(root)
        plain_flush, plain_write = os.fsync, os.write
        monkeypatch.setattr(os, "fsync", lambda handle: (self._note_flush(handle), plain_flush(handle))[1])
        monkeypatch.setattr(
            os, "write", lambda handle, data: (self._note("write", _name(handle)), plain_write(handle, data))[1]
        )
        for name in ("rename", "link", "replace", "remove"):
            monkeypatch.setattr(file_ops, name, self._around(name, getattr(file_ops, name)))

    def _around(self, name: str, plain: Callable[..., None]) -> Callable[..., None]:
        def call(*paths: str) -> None:
            self._note(name, paths[-1])
            plain(*paths)

        return call

    def _note(self, call: str, path: str) -> None:
        self.calls.append((call, self._short(path)))

    def _note_flush(self, handle: int) -> None:
        path = _name(handle)
        self._note("flush", path)
        if os.path.isfile(path):
            self.flushed.setdefault(self._short(path), []).append(Path(path).read_bytes())

    def _short(self, path: str) -> str:
        if os.path.basename(os.path.dirname(path)) == "runs" and os.path.isdir(path):
            return "run"
        if os.path.basename(path) == "runs":
            return "runs"
        if path.endswith(journal.NAME):
            return "journal"
        if path.endswith(journal.NAME + ".part"):
            return "plan"
        if path.endswith(".part"):
            return "part"
        return os.path.relpath(path, self._root) if path.startswith(self._root) else path

    def first(self, *call: str) -> int:
        return self.calls.index((call[0], call[1]))

    def in_order(self, *calls: tuple[str, str]) -> None:
        """Each of ``calls`` comes somewhere after the one before it."""
        at = -1
        for call in calls:
            assert call in self.calls[at + 1 :], f"no {call} after {calls[: calls.index(call)]} in {self.calls}"
            at = self.calls.index(call, at + 1)


def _name(handle: int) -> str:
    return os.readlink(f"/proc/self/fd/{handle}")


def test_intents_are_on_the_disk_before_a_file_is_moved(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    trace = Trace(monkeypatch, root)
    execute(plan(operation(Action.MOVE, root / "a.jpg", root / "b.jpg"), root=root))
    named = [("flush", "plan"), ("flush", "run"), ("flush", "runs")]
    trace.in_order(*named, ("write", "journal"), ("flush", "journal"), ("rename", "b.jpg"))
    (whole,) = trace.flushed["plan"]
    assert b"b.jpg" in whole, "the plan itself is on the disk, not an empty file"
    assert whole.endswith(b"\n")
    moved = trace.first("rename", "b.jpg")
    before = [call for call in trace.calls[:moved] if call[1] == "journal"]
    assert before[-1] == ("flush", "journal")
    assert ("write", "journal") in before
    assert ("flush", "journal") in trace.calls[moved:], "and its end after it"


def test_a_copy_is_on_the_disk_before_it_has_its_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    trace = Trace(monkeypatch, root)
    execute(plan(operation(Action.COPY, root / "a.jpg", root / "out" / "a.jpg"), root=root))
    steps = [("flush", "journal"), ("write", "part"), ("flush", "part"), ("rename", "out/a.jpg"), ("flush", "out")]
    trace.in_order(*steps, ("write", "journal"), ("flush", "journal"))


def test_the_source_goes_after_its_copy_is_safe(root: Path, far: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    trace = Trace(monkeypatch, root)
    step = operation(Action.MOVE, root / "a.jpg", far / "a.jpg")
    execute(plan(step, root=root, far=far))
    published = ("rename", os.fspath(far / "a.jpg"))
    trace.in_order(("flush", "part"), published, ("flush", os.fspath(far)), ("remove", "a.jpg"), ("write", "journal"))


@pytest.mark.parametrize("action", [Action.UPDATE, Action.REPLACE_WITH_LINK], ids=lambda action: action.name)
def test_the_old_file_is_safe_before_it_is_replaced(
    root: Path, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "new.jpg", "same")
    put(root / "old.jpg", "same", 10**18)
    trace = Trace(monkeypatch, root)
    execute(plan(operation(action, root / "new.jpg", root / "old.jpg"), root=root), run=RUN)
    kept = f".image-sync/versions/{RUN}"
    trace.in_order(("link", f"{kept}/old.jpg"), ("flush", kept), ("replace", "old.jpg"), ("flush", "."))


def test_what_was_undone_is_safe_before_the_journal_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    execute(plan(operation(Action.COPY, root / "a.jpg", root / "b.jpg"), root=root), run=RUN)
    trace = Trace(monkeypatch, root)
    undo(RUN)
    trace.in_order(("flush", "journal"), ("remove", "b.jpg"), ("flush", "."), ("write", "journal"))
    assert b'"undo"' in trace.flushed["journal"][0], "that it begins is on the disk before it does"


def test_a_resume_is_on_the_disk_before_it_begins(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [operation(Action.MOVE, put(root / f"{name}.jpg", name), root / "out" / f"{name}.jpg") for name in "ab"]
    control = Control()
    plain = file_ops.rename

    def stop_then(*paths: str) -> None:
        plain(*paths)
        control.stop()

    with monkeypatch.context() as patched:
        patched.setattr(file_ops, "rename", stop_then)
        patched.setattr("image_sync.apply.executor.GROUP", 1)
        result = execute(plan(*steps, root=root), run=RUN, control=control)
    assert (result.state, result.done) == (RunState.STOPPED, 1)
    trace = Trace(monkeypatch, root)
    assert resume(RUN).done == 2
    changed = trace.first("rename", "out/b.jpg")
    assert ("flush", "journal") in trace.calls[:changed]
    assert b'"resume"' in trace.flushed["journal"][0]


def test_folders_whose_names_changed_are_flushed_when_an_undo_ends(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", "a")
    execute(plan(operation(Action.MOVE, root / "a.jpg", root / "out" / "b.jpg"), root=root), run=RUN)
    trace = Trace(monkeypatch, root)
    undo(RUN)
    trace.in_order(("rename", "a.jpg"), ("flush", "."))


def test_folders_that_an_undo_removes_are_gone_from_the_disk_before_the_journal_ends(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "in" / "a.jpg", "a")
    execute(plan(operation(Action.COPY, root / "in" / "a.jpg", root / "in" / "made" / "b.jpg"), root=root), run=RUN)
    trace = Trace(monkeypatch, root)
    monkeypatch.setattr(file_ops, "remove_folder", trace._around("remove folder", file_ops.remove_folder))
    undo(RUN)
    trace.in_order(("remove folder", "in/made"), ("flush", "in"), ("write", "journal"), ("flush", "journal"))


@pytest.mark.parametrize("way", [undo, resume], ids=["undo", "resume"])
def test_what_a_killed_run_left_is_gone_from_the_disk_before_the_journal_calls_it_cancelled(
    root: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[str], object]
) -> None:
    put(root / "a.jpg", "a" * 100)
    (root / "out").mkdir()
    wanted = plan(operation(Action.COPY, root / "a.jpg", root / "out" / "b.jpg"), root=root)
    killing.run(lambda: execute(wanted, run=RUN), killing_moment(wanted, root))
    (left,) = (root / "out").glob("*.part")
    trace = Trace(monkeypatch, root)
    way(RUN)
    gone, flushed = ("remove", "part"), ("flush", "out")
    trace.in_order(gone, flushed, ("write", "journal"))
    begun = trace.calls.index(("flush", "journal"))
    between = trace.calls[begun + 1 : trace.first(*flushed)]
    assert ("write", "journal") not in between
    assert not left.exists()


def killing_moment(wanted: Plan, root: Path) -> int:
    """The first moment at which a copy is begun and not finished."""
    for moment in range(1, 400):
        assert killing.run(lambda: execute(wanted, run=RUN), moment) is None
        if list((root / "out").glob("*.part")):
            break
        journal.discard(RUN)
    for part in (root / "out").glob("*.part"):
        part.unlink()
    journal.discard(RUN)
    return moment


DAY = "2004-03-05T12:00:00"


def made_of(root: Path, action: Action) -> tuple[Operation, str]:
    """An operation whose content is made, and the name that it gets below ``root``."""
    photo = Path(put(root / "a.jpg", jpeg()))
    if action is Action.REWRITE:
        step = operation(action, photo, photo, maker=Maker.DATED, argument=DAY, replaces=stamp(photo))
        return step, "a.jpg"
    return operation(action, photo, root / "out" / "a.xmp", maker=Maker.XMP, argument=DAY), "out/a.xmp"


def jpeg() -> bytes:
    target = io.BytesIO()
    scene(1, (48, 32)).save(target, "JPEG")
    return target.getvalue()


@pytest.mark.parametrize("action", [Action.CONVERT, Action.REWRITE], ids=lambda action: action.name)
def test_what_is_made_is_on_the_disk_before_it_has_its_name(
    root: Path, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, name = made_of(root, action)
    trace = Trace(monkeypatch, root)
    result = execute(plan(step, root=root), run=RUN)
    assert result.done == 1
    published = ("replace" if action is Action.REWRITE else "rename", name)
    folder = os.path.dirname(name) or "."
    trace.in_order(("flush", "journal"), ("flush", "part"), published, ("flush", folder), ("write", "journal"))
    assert trace.flushed["part"][0] == (root / name).read_bytes(), "all of it"
    if action is Action.REWRITE:
        kept = f".image-sync/versions/{RUN}"
        trace.in_order(("link", f"{kept}/a.jpg"), ("flush", kept), published)


@pytest.mark.parametrize("action", [Action.CONVERT, Action.REWRITE], ids=lambda action: action.name)
def test_a_source_that_changes_while_something_is_made_of_it_stays(
    root: Path, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look: what was written into the source meanwhile is neither replaced nor taken for the whole."""
    step, name = made_of(root, action)
    source = root / "a.jpg"
    plain = disk.flush

    def late(handle: int) -> None:
        if _name(handle).endswith(".part"):
            source.write_bytes(b"written just now")
        plain(handle)

    monkeypatch.setattr(disk, "flush", late)
    result = execute(plan(step, root=root))
    assert result.done == 0
    assert len(result.problems) == 1
    assert source.read_bytes() == b"written just now"
    assert name == "a.jpg" or not (root / name).exists()
    assert not list(root.rglob("*.part"))


def test_the_source_changes_while_its_copy_is_being_made_safe(
    root: Path, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last moment before it would go: what was written into it meanwhile must not go with it."""
    source = Path(put(root / "a.jpg", "a"))
    plain = disk.flush_folder

    def late(folder: str) -> None:
        if folder == os.fspath(far) and source.read_bytes() == content("a"):
            source.write_bytes(b"written just now")
        plain(folder)

    monkeypatch.setattr(disk, "flush_folder", late)
    result = execute(plan(operation(Action.MOVE, source, far / "a.jpg"), root=root, far=far))
    assert "changed while it was copied" in result.problems[0].why
    assert source.read_bytes() == b"written just now"
    assert os.listdir(far) == []


def test_copies_made_ahead_give_room_to_those_whose_turn_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that holds two of four files: those that come first get it, whichever was written first."""
    out = root / "out"
    out.mkdir()
    steps = [operation(Action.COPY, put(root / f"{name}.jpg", name * 40), out / f"{name}.jpg") for name in "abcd"]
    plain_begin, plain_copy = Prefetch.begin, file_ops.copy

    def begin(self: Prefetch, *arguments: object) -> None:
        plain_begin(self, *arguments)  # type: ignore[arg-type]
        for copy in reversed(self._copies.values()):
            copy.made.exception()

    def copy(source: str, target: str, *more: object, **and_more: object) -> str | None:
        if len(os.listdir(out)) >= 2:
            raise OSError(28, os.strerror(28), target)
        return plain_copy(source, target, *more, **and_more)  # type: ignore[arg-type]

    monkeypatch.setattr(Prefetch.__init__, "__defaults__", (1,))
    monkeypatch.setattr(Prefetch, "begin", lambda self, steps, tools, done: begin(self, list(steps)[::-1], tools, done))
    monkeypatch.setattr(file_ops, "copy", copy)
    result = execute(plan(*steps, root=root))
    assert sorted(os.listdir(out)) == ["a.jpg", "b.jpg"]
    assert [os.path.basename(problem.path) for problem in result.problems] == ["c.jpg", "d.jpg"]
