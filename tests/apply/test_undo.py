"""What undo does when the world went on: it takes back what is still as the run left it, and names the rest."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.apply import file_ops, file_state, journal
from image_sync.apply import undo as undo_module
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base.events import Stage
from image_sync.base.model import Action, Maker, Refused, RunState
from image_sync.base.progress import Reporter
from tests.apply.trees import LONG_AGO, age_folders, content, files, operation, plan, put, snapshot, stamp

RUN = "20260815-143022-3f2a"


def made(root: Path) -> Path:
    put(root / "one" / "a.jpg", "a", LONG_AGO + 1)
    put(root / "two" / "old.jpg", "old", LONG_AGO - 1)
    put(root / "two" / "same.jpg", "a", LONG_AGO - 2)
    age_folders(root)
    return root


def edit(name: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        put(root / name, "edited by hand", LONG_AGO + 50)

    return change


def edit_silently(name: str) -> Callable[[Path], None]:
    """Another file of the same size and time in its place."""

    def change(root: Path) -> None:
        path = root / name
        status = path.stat()
        put(path.with_name("other"), b"#" * status.st_size, status.st_mtime_ns)
        os.replace(path.with_name("other"), path)

    return change


def delete(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink()


def take(name: str) -> Callable[[Path], None]:
    return lambda root: (put(root / name, "somebody else's"), None)[1]


def folder_at(name: str) -> Callable[[Path], None]:
    return lambda root: put(root / name / "x", "x") and None


def replace_with_a_third_name_left(root: Path) -> None:
    """Another file in the place of the original; the link is still one of two names."""
    os.link(root / "out" / "a.jpg", root / "out" / "third.jpg")
    edit_silently("one/a.jpg")(root)


KEPT = f"two/.image-sync/versions/{RUN}"
WENT_ON = [
    (Action.MOVE, "one/a.jpg", "out/a.jpg", edit("out/a.jpg"), "changed since"),
    (Action.MOVE, "one/a.jpg", "out/a.jpg", edit_silently("out/a.jpg"), "changed since"),
    (Action.MOVE, "one/a.jpg", "out/a.jpg", delete("out/a.jpg"), "no longer where"),
    (Action.MOVE, "one/a.jpg", "out/a.jpg", take("one/a.jpg"), "old place is taken"),
    (Action.MOVE, "one/a.jpg", "out/a.jpg", folder_at("one/a.jpg"), "old place is taken"),
    (Action.COPY, "one/a.jpg", "out/a.jpg", edit("out/a.jpg"), "changed since"),
    (Action.COPY, "one/a.jpg", "out/a.jpg", delete("one/a.jpg"), "original is no longer there"),
    (Action.COPY, "one/a.jpg", "out/a.jpg", edit("one/a.jpg"), "another content"),
    (Action.COPY, "one/a.jpg", "out/a.jpg", edit_silently("one/a.jpg"), "another content"),
    (Action.LINK, "one/a.jpg", "out/a.jpg", delete("one/a.jpg"), "no longer a second name"),
    (Action.LINK, "one/a.jpg", "out/a.jpg", edit_silently("one/a.jpg"), "no longer a second name"),
    (Action.LINK, "one/a.jpg", "out/a.jpg", edit_silently("out/a.jpg"), "no longer a second name"),
    (Action.LINK, "one/a.jpg", "out/a.jpg", replace_with_a_third_name_left, "no longer a second name"),
    (Action.UPDATE, "one/a.jpg", "two/old.jpg", edit("two/old.jpg"), "changed since"),
    (Action.UPDATE, "one/a.jpg", "two/old.jpg", delete("one/a.jpg"), "original is no longer there"),
    (Action.UPDATE, "one/a.jpg", "two/old.jpg", edit_silently("one/a.jpg"), "another content"),
    (Action.UPDATE, "one/a.jpg", "two/old.jpg", delete(f"{KEPT}/old.jpg"), "no longer kept"),
    (Action.UPDATE, "one/a.jpg", "two/old.jpg", edit(f"{KEPT}/old.jpg"), "changed since it was kept"),
    (Action.UPDATE, "one/a.jpg", "two/old.jpg", edit_silently(f"{KEPT}/old.jpg"), "changed since it was kept"),
    (Action.REPLACE_WITH_LINK, "one/a.jpg", "two/same.jpg", edit_silently("two/same.jpg"), "changed since"),
    (Action.REPLACE_WITH_LINK, "one/a.jpg", "two/same.jpg", delete(f"{KEPT}/same.jpg"), "no longer kept"),
    (Action.SET_ASIDE, "two/old.jpg", "", take("two/old.jpg"), "old place is taken"),
    (Action.SET_ASIDE, "two/old.jpg", "", delete(f"{KEPT}/old.jpg"), "no longer where"),
    (Action.SET_ASIDE, "two/old.jpg", "", edit(f"{KEPT}/old.jpg"), "changed since"),
]


@pytest.mark.parametrize(("action", "source", "target", "change", "words"), WENT_ON)
def test_what_is_not_as_the_run_left_it_stays(
    root: Path, action: Action, source: str, target: str, change: Callable[[Path], None], words: str
) -> None:
    made(root)
    put(root / "one" / "witness.jpg", "w")
    age_folders(root)
    steps = [
        operation(Action.MOVE, root / "one" / "witness.jpg", root / "out" / "witness.jpg"),
        operation(action, root / source, root / target if target else ""),
    ]
    assert execute(plan(*steps, one=root / "one", two=root / "two", out=root / "out"), run=RUN).problems == ()
    change(root)
    meanwhile = files(snapshot(root))
    result = undo(RUN)
    assert (result.state, result.total, result.done) == (RunState.PARTLY_UNDONE, 2, 1)
    assert words in result.problems[0].why, result.problems
    assert journal.find(RUN).state is RunState.PARTLY_UNDONE
    meanwhile["one/witness.jpg"] = meanwhile.pop("out/witness.jpg")
    assert files(snapshot(root)) == meanwhile, "nothing but the other operation was taken back"


def test_a_second_try_takes_back_what_the_first_could_not(root: Path) -> None:
    made(root)
    before = snapshot(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg"),
        operation(Action.UPDATE, root / "two" / "same.jpg", root / "two" / "old.jpg"),
    ]
    execute(plan(*steps, one=root / "one", two=root / "two", out=root / "out"), run=RUN)
    put(root / "one" / "a.jpg", "in the way")
    first = undo()
    assert (first.run, first.state, first.done) == (RUN, RunState.PARTLY_UNDONE, 1)
    (root / "one" / "a.jpg").unlink()
    second = undo()
    assert (second.run, second.state, second.total, second.done) == (RUN, RunState.UNDONE, 1, 1)
    assert snapshot(root) == before
    third = undo(RUN)
    assert (third.state, third.total, third.done, third.problems) == (RunState.UNDONE, 0, 0, ())
    with pytest.raises(Refused, match="no run to undo"):
        undo()


def test_what_the_user_took_back_by_hand_is_no_problem(root: Path) -> None:
    made(root)
    before = snapshot(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg"),
        operation(Action.COPY, root / "two" / "same.jpg", root / "out" / "copy.jpg"),
        operation(Action.LINK, root / "two" / "same.jpg", root / "out" / "link.jpg"),
        operation(Action.SET_ASIDE, root / "two" / "old.jpg"),
    ]
    execute(plan(*steps, one=root / "one", two=root / "two", out=root / "out"), run=RUN)
    os.rename(root / "out" / "a.jpg", root / "one" / "a.jpg")
    os.unlink(root / "out" / "copy.jpg")
    os.unlink(root / "out" / "link.jpg")
    os.rename(root / KEPT / "old.jpg", root / "two" / "old.jpg")
    result = undo(RUN)
    assert (result.state, result.problems) == (RunState.UNDONE, ())
    assert snapshot(root) == before


def test_an_updated_file_that_was_deleted_since_comes_back_as_it_was(root: Path) -> None:
    made(root)
    before = snapshot(root)
    step = operation(Action.UPDATE, root / "one" / "a.jpg", root / "two" / "old.jpg")
    execute(plan(step, one=root / "one", two=root / "two"), run=RUN)
    os.unlink(root / "two" / "old.jpg")
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def test_a_file_that_a_backup_played_back_is_known_by_its_digest(root: Path) -> None:
    made(root)
    before = snapshot(root)
    digest = hashlib.md5(content("a")).hexdigest()
    expected = stamp(root / "one" / "a.jpg", digest)
    step = operation(Action.COPY, root / "one" / "a.jpg", root / "out" / "a.jpg", expected=expected)
    execute(plan(step, one=root / "one", out=root / "out"), run=RUN)
    shutil.copy2(root / "out" / "a.jpg", root / "out" / "b.jpg")
    os.utime(root / "out" / "b.jpg", ns=(LONG_AGO + 1, LONG_AGO + 1))
    os.replace(root / "out" / "b.jpg", root / "out" / "a.jpg")
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def test_a_folder_that_the_user_removed_is_made_again_as_it_was(root: Path) -> None:
    made(root)
    (root / "one").chmod(0o750)
    before = snapshot(root)
    step = operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg")
    execute(plan(step, all=root), run=RUN)
    (root / "one").rmdir()
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def test_what_the_user_put_into_a_made_folder_stays_there(root: Path) -> None:
    made(root)
    step = operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "x" / "a.jpg")
    execute(plan(step, one=root / "one", out=root / "out"), run=RUN)
    put(root / "out" / "x" / "mine.jpg", "mine")
    result = undo(RUN)
    assert (result.state, result.problems) == (RunState.UNDONE, ())
    assert files(snapshot(root / "out")) == {"x/mine.jpg": content("mine")}
    assert (root / "one" / "a.jpg").stat().st_mtime_ns == LONG_AGO + 1


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_the_folders_of_versions_go_with_the_last_of_them(root: Path, order: tuple[str, str]) -> None:
    made(root)
    before = snapshot(root)
    for number, name in (("1", "old.jpg"), ("2", "same.jpg")):
        step = operation(Action.SET_ASIDE, root / "two" / name)
        execute(plan(step, two=root / "two"), run=f"2026081{number}-143022-3f2a")
    put(root / "two" / ".image-sync" / "versions" / "other" / "x", "x")
    for number in order:
        assert undo(f"2026081{number}-143022-3f2a").problems == ()
    assert os.listdir(root / "two" / ".image-sync" / "versions") == ["other"]
    shutil.rmtree(root / "two" / ".image-sync" / "versions" / "other")
    step = operation(Action.SET_ASIDE, root / "two" / "old.jpg")
    execute(plan(step, two=root / "two"), run=RUN)
    undo(RUN)
    assert files(snapshot(root)) == files(before)
    assert not (root / "two" / ".image-sync").exists()


def test_runs_are_undone_one_after_another_the_newest_first(root: Path) -> None:
    made(root)
    before = snapshot(root)
    places = [root / "one" / "a.jpg", root / "x" / "a.jpg", root / "y" / "a.jpg", root / "z" / "a.jpg"]
    runs = [
        execute(plan(operation(Action.MOVE, here, there), root=root)).run for here, there in itertools.pairwise(places)
    ]
    assert [summary.run for summary in journal.history()] == runs[::-1]
    assert undo(runs[0]).state is RunState.PARTLY_UNDONE, "a later run took the file further"
    assert [undo().run for _ in runs] == [runs[2], runs[1], runs[0]]
    assert snapshot(root) == before


def test_a_coarse_disk_gives_the_exact_time_back(root: Path, far: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FAT disk rounds times to two seconds and numbers its files afresh each time it is plugged in."""
    near = root.stat().st_dev
    monkeypatch.setattr(file_state, "keeps_inodes", lambda device: device == near != far.stat().st_dev)
    put(root / "one" / "a.jpg", "a", LONG_AGO + 1)
    put(root / "one" / "b.jpg", "b", LONG_AGO + 2)
    age_folders(root)
    before = snapshot(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", far / "a.jpg"),
        operation(Action.COPY, root / "one" / "b.jpg", far / "b.jpg"),
    ]
    execute(plan(*steps, root=root, far=far), run=RUN)
    for name in ("a.jpg", "b.jpg"):
        shutil.copy(far / name, far / "again")
        os.replace(far / "again", far / name)
        os.utime(far / name, ns=(0, LONG_AGO // 2_000_000_000 * 2_000_000_000))
    assert undo(RUN).problems == ()
    assert snapshot(root) == before
    assert os.listdir(far) == []


def test_undo_tells_of_its_progress(root: Path) -> None:
    made(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg"),
        operation(Action.COPY, root / "two" / "old.jpg", root / "out" / "old.jpg"),
    ]
    wanted = plan(*steps, one=root / "one", two=root / "two", out=root / "out")
    execute(wanted, run=RUN)
    stages: list[tuple[Stage, int | None, int | None]] = []
    counted: list[tuple[int, int]] = []

    class Counting(Reporter):
        def stage(self, stage: Stage, total: int | None = None, bytes_total: int | None = None) -> None:
            stages.append((stage, total, bytes_total))
            super().stage(stage, total, bytes_total)

        def advance(self, items: int = 1, size: int = 0, current: str = "") -> None:
            counted.append((items, size))
            super().advance(items, size, current)

    result = undo(RUN, reporter=Counting())
    assert stages == [(Stage.UNDO, 2, wanted.size)]
    assert (sum(items for items, _ in counted), sum(size for _, size in counted)) == (2, wanted.size)
    assert (result.done, result.size) == (2, wanted.size)


# --- after a power cut ---------------------------------------------------------------------------


def cut_end(run: str) -> None:
    path = Path(journal.runs_folder()) / run / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    assert b'"is":"end"' in lines.pop()
    path.write_bytes(b"".join(lines))


def moved_twice(root: Path, far: Path) -> None:
    """A file that is moved on one disk, then to another, then on there; and one that is replaced twice."""
    made(root)
    expected = stamp(root / "one" / "a.jpg")
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "x" / "a.jpg"),
        operation(Action.MOVE, root / "x" / "a.jpg", far / "y" / "a.jpg", expected=expected),
        operation(Action.MOVE, far / "y" / "a.jpg", far / "z" / "a.jpg", expected=expected),
    ]
    assert execute(plan(*steps, root=root, far=far), run=RUN).problems == ()


def test_a_file_that_was_moved_twice_with_a_mount_between_goes_all_the_way_back(root: Path, far: Path) -> None:
    made(root)
    before = snapshot(root)
    moved_twice(root, far)
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


@pytest.mark.parametrize("told", [True, False])
def test_so_does_one_whose_undo_was_cut_off_in_between(
    root: Path, far: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    """``told``: the journal knows already of what was put back."""
    made(root)
    before = snapshot(root)
    moved_twice(root, far)
    undo_one = undo_module._Undoing._undo_one

    def cut_off(self: undo_module._Undoing, number: int) -> None:
        if number == 0:
            if told:
                self._write_undone()
            self._unwritten = []
            raise KeyboardInterrupt
        undo_one(self, number)

    with monkeypatch.context() as patch:
        patch.setattr(undo_module._Undoing, "_undo_one", cut_off)
        with pytest.raises(KeyboardInterrupt):
            undo(RUN)
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def played_back(root: Path) -> None:
    """All files of a tree in new inodes, as a backup brings them."""
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            shutil.copy2(path, path + ".new")
            os.replace(path + ".new", path)


def test_a_tree_that_was_played_back_from_a_backup_is_undone_by_its_digests(root: Path) -> None:
    made(root)
    before = files(snapshot(root))
    digest = hashlib.md5((root / "one" / "a.jpg").read_bytes()).hexdigest()
    steps = [
        operation(Action.COPY, root / "two" / "old.jpg", root / "out" / "copy.jpg"),
        operation(
            Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg", expected=stamp(root / "one" / "a.jpg", digest)
        ),
    ]
    assert execute(plan(*steps, root=root), run=RUN).problems == ()
    played_back(root)
    assert undo(RUN).problems == ()
    assert files(snapshot(root)) == before


def test_permissions_that_another_file_system_could_not_keep_come_back(
    root: Path, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "one" / "a.jpg", "a", mode=0o640)
    before = snapshot(root, folder_times=False)
    dress = file_ops._dress

    def as_fat(reading: int, writing: int, target: str, seen: file_state.Seen) -> None:
        dress(reading, writing, target, seen)
        os.chmod(target, 0o755 if target.startswith(os.fspath(far)) else 0o600)

    with monkeypatch.context() as patch:
        patch.setattr(file_ops, "_dress", as_fat)
        step = operation(Action.MOVE, root / "one" / "a.jpg", far / "a.jpg")
        assert execute(plan(step, root=root, far=far), run=RUN).problems == ()
        assert undo(RUN).problems == ()
    assert snapshot(root, folder_times=False) == before


@pytest.mark.parametrize("way", [resume, undo])
def test_renames_that_a_power_cut_took_back(root: Path, way: Callable[[str], object]) -> None:
    """The journal says done, the disk says no: both are believed as far as they go."""
    made(root)
    before = snapshot(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "x" / "a.jpg"),
        operation(Action.MOVE, root / "x" / "a.jpg", root / "y" / "a.jpg", expected=stamp(root / "one" / "a.jpg")),
        operation(Action.MOVE, root / "two" / "old.jpg", root / "y" / "old.jpg"),
        operation(Action.SET_ASIDE, root / "two" / "same.jpg"),
    ]
    execute(plan(*steps, root=root), run=RUN)
    after = files(snapshot(root))
    cut_end(RUN)
    os.rename(root / "y" / "a.jpg", root / "one" / "a.jpg")
    os.rename(root / ".image-sync" / "versions" / RUN / "two" / "same.jpg", root / "two" / "same.jpg")
    if way is resume:
        result = resume(RUN)
        assert (result.state, result.done, result.problems) == (RunState.FINISHED, 4, ())
        assert files(snapshot(root)) == after
    assert undo(RUN).state in (RunState.UNDONE, RunState.PARTLY_UNDONE)
    assert snapshot(root) == before


def test_renames_of_an_undo_that_a_power_cut_took_back(root: Path) -> None:
    made(root)
    before = snapshot(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "x" / "a.jpg"),
        operation(Action.MOVE, root / "x" / "a.jpg", root / "y" / "a.jpg", expected=stamp(root / "one" / "a.jpg")),
    ]
    execute(plan(*steps, root=root), run=RUN)
    undo(RUN)
    cut_end(RUN)
    (root / "y").mkdir()
    os.rename(root / "one" / "a.jpg", root / "y" / "a.jpg")
    assert journal.find(RUN).state is RunState.PARTLY_UNDONE
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


# --- what has no end -----------------------------------------------------------------------------


def test_there_is_nothing_to_resume_or_undo(root: Path) -> None:
    for act, words in ((resume, "no run to resume"), (undo, "no run to undo")):
        with pytest.raises(Refused, match=words):
            act()
        for name in ("20990101-000000-0000", "../x", "", "a/b", "x" * 200):
            if name:
                with pytest.raises(Refused, match="There is no run"):
                    act(name)
    assert execute(plan(root=root)).run == ""
    assert journal.history() == ()


def test_resuming_a_finished_run_tries_only_what_failed(root: Path) -> None:
    made(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "two" / "old.jpg"),
        operation(Action.COPY, root / "two" / "same.jpg", root / "out" / "same.jpg"),
    ]
    first = execute(plan(*steps, root=root), run=RUN)
    assert (first.done, len(first.problems)) == (1, 1)
    before = snapshot(root)
    again = resume(RUN)
    assert (again.done, len(again.problems)) == (1, 1)
    assert files(snapshot(root)) == files(before)
    os.rename(root / "two" / "old.jpg", root / "two" / "older.jpg")
    last = resume()
    assert (last.state, last.done, last.total, last.problems) == (RunState.FINISHED, 2, 2, ())
    assert journal.find(RUN).problems == 0
    idle = resume(RUN)
    assert (idle.done, idle.problems) == (2, ())
    with pytest.raises(Refused, match="no run to resume"):
        resume()


def test_what_was_tried_again_later_is_undone_sooner(root: Path) -> None:
    put(root / "a", "a")
    put(root / "b", "b")
    age_folders(root)
    before = snapshot(root)
    steps = [operation(Action.MOVE, root / "a", root / "b"), operation(Action.MOVE, root / "b", root / "c")]
    assert execute(plan(*steps, root=root), run=RUN).done == 1
    assert resume(RUN).done == 2
    assert files(snapshot(root)) == {"b": content("a"), "c": content("b")}
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def test_an_unclear_replacement_is_said_and_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off right after an update, and the file was edited since: neither old nor new can be told."""
    made(root)
    plain = file_ops.replace

    def cut(source: str, target: str) -> None:
        plain(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(file_ops, "replace", cut)
    step = operation(Action.UPDATE, root / "one" / "a.jpg", root / "two" / "old.jpg")
    with pytest.raises(KeyboardInterrupt):
        execute(plan(step, one=root / "one", two=root / "two"), run=RUN)
    monkeypatch.setattr(file_ops, "replace", plain)
    put(root / "two" / "old.jpg", "edited by hand", LONG_AGO + 70)
    before = files(snapshot(root))
    for act in (resume, undo, undo):
        result = act(RUN)
        assert "not clear" in result.problems[0].why
        assert os.fspath(root / KEPT / "old.jpg") in result.problems[0].hint
        assert files(snapshot(root)) == before
    assert result.state is RunState.PARTLY_UNDONE


def test_what_an_error_kept_from_being_undone_keeps_what_it_was_made_of(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was copied, and a sidecar made of the copy: the copy may not go before the sidecar did."""
    put(root / "a.jpg", "a")
    (root / "out").mkdir()
    before = snapshot(root, folder_times=False)
    copied, made = root / "out" / "a.jpg", root / "out" / "a.xmp"
    steps = [
        operation(Action.COPY, root / "a.jpg", copied),
        operation(
            Action.CONVERT,
            copied,
            made,
            maker=Maker.XMP,
            argument="2004-03-05T12:00:00",
            expected=stamp(root / "a.jpg"),
        ),
        operation(Action.COPY, root / "a.jpg", root / "out" / "other.jpg"),
    ]
    assert execute(plan(*steps, root=root), run=RUN).done == 3
    plain = file_ops.remove

    def fails(path: str) -> None:
        if path == os.fspath(made):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        plain(path)

    with monkeypatch.context() as patch:
        patch.setattr(file_ops, "remove", fails)
        result = undo(RUN)
    assert (result.state, result.done) == (RunState.PARTLY_UNDONE, 1)
    assert [problem.why for problem in result.problems] == [
        f"{made}: the disk reported an error",
        "what was done to it later could not be undone yet",
    ]
    assert copied.exists() and made.exists() and not (root / "out" / "other.jpg").exists()
    again = undo(RUN)
    assert (again.state, again.problems) == (RunState.UNDONE, ())
    assert snapshot(root, folder_times=False) == before


@pytest.mark.parametrize(("code", "told"), [(errno.EIO, 1), (errno.ENOTEMPTY, 0)])
def test_a_folder_that_the_system_keeps_is_named(
    root: Path, code: int, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "a.jpg", "a")
    execute(plan(operation(Action.MOVE, root / "a.jpg", root / "made" / "a.jpg"), root=root), run=RUN)
    plain = file_ops.remove_folder

    def kept(path: str) -> None:
        if path == os.fspath(root / "made"):
            raise OSError(code, os.strerror(code), path)
        plain(path)

    monkeypatch.setattr(file_ops, "remove_folder", kept)
    result = undo(RUN)
    assert result.state is RunState.UNDONE
    named = [(problem.path, problem.what) for problem in result.problems]
    assert named == [(os.fspath(root / "made"), "the folder that the run made was not removed")] * told
