"""Each place where a step is refused, given up or settled, met on purpose: in words, and nothing is lost or left."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.apply import disk, executor, file_ops, file_state, journal, locks, publishing, records, replay, seal
from image_sync.apply.actions import copying, making, permitting, replacing, unpacking
from image_sync.apply.executor import execute, resume
from image_sync.apply.folders import FolderBook, PathGuard
from image_sync.apply.locks import hold_roots
from image_sync.apply.records import FolderState, Intent, Mark, Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.undo import undo
from image_sync.apply.words import Trouble
from image_sync.archives.opening import listed
from image_sync.base import places
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.control import Control
from image_sync.base.model import Action, Maker, Operation, Outcome, Plan, Refused, RunState, Stamp
from image_sync.base.progress import Reporter
from tests.apply.trees import content, operation, plan, put, snapshot, stamp
from tests.archives.made import archive

RUN = "20260815-143022-3f2a"
POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX's rules")


def tools(root: Path) -> StepContext:
    """What a step is carried out with, below ``root``."""
    return StepContext(PathGuard(RUN, [os.fspath(root)], FolderBook({}, set())), Reporter(), Control())


def mark(path: str) -> Mark:
    seen = file_state.look(path)
    assert seen is not None
    return file_state.mark(seen)


def fails(code: int) -> Callable[..., object]:
    def failing(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return failing


# --- settling: what a crash left is not claimed where it can't be told ------------------------------------------------


def copy_step(root: Path) -> tuple[Step, str, str]:
    one = put(root / "one.jpg", "content")
    two = os.fspath(root / "two.jpg")
    return Step(operation(Action.COPY, one, two), Intent(0, source=mark(one))), one, two


def test_a_copy_that_stands_is_settled_as_done(root: Path) -> None:
    step, one, two = copy_step(root)
    put(two, "content")
    assert copying.settle_copy(step, tools(root)) == Result(0, Outcome.DONE, mark(two))
    os.unlink(one)
    assert copying.settle_copy(step, tools(root)) is not None, "a source that went since does not unmake it"


@pytest.mark.parametrize("what", ["other bytes", "other size", "a name of it", "a folder for it", "taken"])
def test_what_may_be_no_copy_is_not_claimed(root: Path, what: str) -> None:
    step, one, two = copy_step(root)
    put(two, {"other bytes": "CONTENT", "other size": "content and more"}.get(what, "content"))
    if what == "a name of it":
        os.unlink(two)
        os.link(one, two)
    elif what == "a folder for it":
        os.unlink(one)
        os.mkdir(one)
    elif what == "taken":
        step = Step(step.operation, replace(step.intent, taken=True))
    before = snapshot(root)
    assert copying.settle_copy(step, tools(root)) is None
    assert snapshot(root) == before


def test_a_plain_copy_of_an_update_is_settled_as_a_copy(root: Path) -> None:
    step, _, two = copy_step(root)
    put(two, "content")
    fresh = Step(replace(step.operation, action=Action.UPDATE, replaces=None), step.intent)
    assert replacing.settle_update(fresh, tools(root)) == Result(0, Outcome.DONE, mark(two))


def test_an_earlier_file_on_another_device_number_is_told_by_its_bytes(root: Path) -> None:
    """The inode of the intent is of no use after a mount: then content says that nothing was replaced."""
    two = put(root / "two.jpg", "old content")
    version = put(root / ".image-sync" / "kept.jpg", "old content")
    step = Step(
        operation(Action.UPDATE, put(root / "one.jpg", "new"), two, replaces=stamp(two)),
        Intent(0, version=version, source=mark(os.fspath(root / "one.jpg")), destination=replace(mark(two), device=-1)),
    )
    assert replacing.settle_update(step, tools(root)) is None
    assert not os.path.exists(version) and Path(two).read_bytes() == content("old content")


@POSIX
@pytest.mark.parametrize("what", ["gone", "nothing noted", "as before", "between", "unclear"])
def test_permissions_after_a_crash(root: Path, what: str) -> None:
    one, two = put(root / "one.jpg", "a", mode=0o640), put(root / "two.jpg", "a", mode=0o600)
    todo = operation(Action.PERMIT, one, two, argument="640 600", replaces=stamp(two))
    step = Step(todo, Intent(0, before="" if what == "nothing noted" else permitting.before(todo)))
    if what == "gone":
        os.unlink(two)
    elif what == "unclear":
        os.chmod(two, 0o755)
    elif what == "between":
        os.chmod(two, 0o640)
        assert permitting.settle_permitted(step, tools(root)) == replace(
            step.done(left=mark(two)), before=step.intent.before
        )
        return
    if what == "unclear":
        with pytest.raises(Trouble, match="not clear how far"):
            permitting.settle_permitted(step, tools(root))
        assert os.stat(two).st_mode & 0o777 == 0o755
        return
    assert permitting.settle_permitted(step, tools(root)) is None
    assert what == "gone" or os.stat(two).st_mode & 0o777 == 0o600


# --- doing: the last look -------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    "change, words",
    [
        ("no text", "not said which permissions"),
        ("a folder there", "is there now"),
        ("another kind", "is there now"),
        ("gone", "no longer there"),
        ("not kept", "does not keep these permissions"),
    ],
)
def test_permissions_that_can_not_be_given(
    root: Path, change: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = put(root / "one.jpg", "a", mode=0o640), put(root / "two.jpg", "a", mode=0o600)
    todo = operation(Action.PERMIT, one, two, argument="640 600", replaces=stamp(two))
    if change == "no text":
        todo = replace(todo, argument="nothing")
    elif change == "gone":
        os.unlink(two)
    elif change == "a folder there":
        todo = replace(todo, expected=None, replaces=None)
        os.unlink(two)
        os.mkdir(two)
    elif change == "another kind":
        os.unlink(two)
        os.mkfifo(two)
    else:
        monkeypatch.setattr(permitting.permissions, "give", lambda *_: None)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert words in problem.why
    assert os.stat(one).st_mode & 0o777 == 0o640
    if change == "not kept":
        assert os.stat(two).st_mode & 0o777 == 0o600


def test_a_file_that_is_another_is_not_rewritten_in_place(root: Path) -> None:
    one, two = put(root / "one.jpg", "a"), put(root / "two.jpg", "a")
    todo = operation(Action.REWRITE, one, two, maker=Maker.DATED, argument="2020-01-02T03:04:05", replaces=stamp(two))
    before = snapshot(root, folder_times=False)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert "own content" in problem.why
    assert snapshot(root, folder_times=False) == before


def test_what_can_not_get_its_name_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails at the very last call of a conversion."""
    monkeypatch.setattr(publishing.makers, "made", lambda *_: b"made")
    monkeypatch.setattr(file_ops, "rename", fails(errno.EIO))
    todo = operation(Action.CONVERT, put(root / "a.heic", "a"), root / "out" / "a.jpg", maker=Maker.JPEG, argument="90")
    before = snapshot(root, folder_times=False)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert problem.why and snapshot(root, folder_times=False) == before


def test_an_exact_copy_that_changes_while_it_is_linked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = put(root / "one.jpg", "same"), put(root / "two.jpg", "same")
    plain = replacing.hard_link

    def linked(source: str, target: str) -> None:
        plain(source, target)
        with open(source, "ab") as stream:
            stream.write(b"more")

    monkeypatch.setattr(replacing, "hard_link", linked)
    todo = operation(Action.REPLACE_WITH_LINK, one, two)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert "changed while it was compared" in problem.why
    assert sorted(os.listdir(root)) == ["one.jpg", "two.jpg"] and Path(two).read_bytes() == content("same")


@pytest.mark.parametrize("made", ["copy", "conversion"])
def test_what_vanishes_before_it_is_published(root: Path, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program clears up the folder in that very moment."""
    name = "copy" if made == "copy" else "make"
    plain = getattr(file_ops, name)

    def gone(source: str, target: str, *more: object, **and_more: object) -> object:
        done = plain(source, target, *more, **and_more)
        os.unlink(target)
        return done

    monkeypatch.setattr(file_ops, name, gone)
    monkeypatch.setattr(publishing.makers, "made", lambda *_: b"made")
    source = put(root / "a.heic", "a")
    more = {"maker": Maker.JPEG, "argument": "90"} if made == "conversion" else {}
    todo = operation(Action.CONVERT if more else Action.COPY, source, root / "b.jpg", **more)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert "vanished before it was finished" in problem.why and "clear up" in problem.hint
    assert os.listdir(root) == ["a.heic"]


def test_a_disk_that_is_full_is_not_tried_again_by_a_conversion(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing.makers, "made", lambda *_: b"made")
    monkeypatch.setattr(file_ops.streaming, "write_all", fails(errno.ENOSPC))
    steps = [
        operation(Action.CONVERT, put(root / f"{name}.heic", name), root / f"{name}.jpg", maker=Maker.JPEG)
        for name in "ab"
    ]
    monkeypatch.setattr(disk, "room", lambda _folder: 0)
    result = execute(plan(*steps, root=root), run=RUN)
    assert len(result.problems) == 2 and all("no room" in problem.why for problem in result.problems)
    assert sorted(os.listdir(root)) == ["a.heic", "b.heic"]


@POSIX
def test_a_link_that_changes_while_it_is_copied(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = root / "link"
    source.symlink_to("here")
    plain = os.symlink

    def symlink(pointed: str, name: str, **more: object) -> None:
        plain(pointed, name, **more)  # type: ignore[arg-type]
        source.unlink()
        plain("elsewhere", source)

    todo = operation(Action.COPY, source, root / "copy")
    monkeypatch.setattr(os, "symlink", symlink)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert "changed" in problem.why
    assert os.listdir(root) == ["link"] and os.readlink(source) == "elsewhere"


# --- names, where the system has no rename that spares ----------------------------------------------------------------


@pytest.fixture(params=["links", "no links"])
def plain_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(file_ops, "_exclusive_rename", lambda: None)
    if request.param == "no links":
        monkeypatch.setattr(file_ops, "link", fails(errno.EPERM))
    way: str = request.param
    return way


@POSIX
def test_a_move_whose_second_half_fails_leaves_one_name(
    root: Path, plain_disk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = put(root / "one.jpg", "a"), os.fspath(root / "two.jpg")
    second = "_unlink" if plain_disk == "links" else "_put_over"
    plain = getattr(file_ops, second)
    failed: list[str] = []

    def half(path: str, *more: str) -> None:
        if path == one and not failed:
            failed.append(path)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        plain(path, *more)

    monkeypatch.setattr(file_ops, second, half)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        file_ops.rename(one, two)
    assert failed and os.listdir(root) == ["one.jpg"] and Path(one).read_bytes() == content("a")
    file_ops.rename(one, two)
    assert os.listdir(root) == ["two.jpg"]


@POSIX
def test_an_error_that_is_no_lack_of_links_is_raised_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = put(root / "one.jpg", "a")
    monkeypatch.setattr(file_ops, "_exclusive_rename", lambda: None)
    monkeypatch.setattr(file_ops, "link", fails(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        file_ops.rename(one, os.fspath(root / "two.jpg"))
    assert os.listdir(root) == ["one.jpg"]


@POSIX
def test_of_two_names_of_one_file_the_replaced_one_stays(root: Path) -> None:
    one, two = put(root / "one.jpg", "a"), os.fspath(root / "two.jpg")
    os.link(one, two)
    file_ops.replace(one, two)
    assert os.listdir(root) == ["two.jpg"] and os.stat(two).st_nlink == 1


def test_short_reads_are_read_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = put(root / "one", content("a", 5000)), put(root / "two", content("a", 5000))
    plain = os.read
    monkeypatch.setattr(os, "read", lambda handle, size: plain(handle, min(size, 7)))
    assert file_ops.same_bytes(one, two, lambda: None)
    put(two, content("a", 4999) + b"!")
    assert not file_ops.same_bytes(one, two, lambda: None)


# --- flushes ----------------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("code, told", [(errno.EIO, True), (errno.EINVAL, False)])
def test_a_folder_that_the_disk_will_not_flush_is_told(
    root: Path, code: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a system can't flush folders at all, there is nothing to tell."""
    monkeypatch.setattr(os, "fsync", fails(code))
    found = list(disk.flush_folders({os.fspath(root)}))
    assert [problem.path for problem in found] == ([os.fspath(root)] if told else [])
    assert all("may not be safe" in problem.what for problem in found)
    disk.flush_folder(os.fspath(root / "gone"))


def test_room_and_device_of_what_nobody_knows(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = os.fspath(root / "not" / "there")
    assert disk.room(deep) and disk.device(deep) == os.stat(root).st_dev
    monkeypatch.setattr(disk, "standing", lambda _folder: "a\0b")
    assert disk.room(deep) is None and disk.device(deep) is None


def test_versions_that_can_not_be_flushed_ahead_are_given_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for a whole group at once is then kept one by one, by each operation."""
    steps = []
    for name in "abc":
        put(root / "one" / f"{name}.jpg", f"new {name}")
        put(root / "two" / f"{name}.jpg", f"old {name}")
        steps.append(operation(Action.UPDATE, root / "one" / f"{name}.jpg", root / "two" / f"{name}.jpg"))
    plain, failed = disk.flush_folder, []

    def flush(folder: str) -> None:
        if "versions" in folder and not failed:
            failed.append(folder)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        plain(folder)

    monkeypatch.setattr(disk, "flush_folder", flush)
    before = snapshot(root, folder_times=False)
    assert execute(plan(*steps, root=root), run=RUN).problems == ()
    assert failed and all((root / "two" / f"{name}.jpg").read_bytes() == content(f"new {name}") for name in "abc")
    monkeypatch.setattr(disk, "flush_folder", plain)
    assert undo(RUN).state is RunState.UNDONE and snapshot(root, folder_times=False) == before


@pytest.mark.parametrize("what", ["gone", "a folder", "another time"])
def test_only_what_will_be_replaced_is_kept_ahead(root: Path, what: str) -> None:
    steps = []
    for name in "abc":
        put(root / "one" / f"{name}.jpg", f"new {name}")
        put(root / "two" / f"{name}.jpg", f"old {name}")
        steps.append(operation(Action.UPDATE, root / "one" / f"{name}.jpg", root / "two" / f"{name}.jpg"))
    changed = root / "two" / "b.jpg"
    changed.unlink()
    if what == "a folder":
        changed.mkdir()
    elif what == "another time":
        put(changed, "old b, by somebody", 5)
    (problem,) = execute(plan(*steps, root=root), run=RUN).problems
    assert problem.path == os.fspath(changed)
    kept = [name for _, _, names in os.walk(root / ".image-sync") for name in names]
    assert sorted(kept) == ["a.jpg", "c.jpg"]


# --- archives ---------------------------------------------------------------------------------------------------------


def member_of(root: Path, data: bytes = b"packed" * 50) -> tuple[ArchiveMember, Operation]:
    path = archive(root / "a.zip", {"in/a.jpg": data})
    member = listed(path).members["in/a.jpg"]
    source, target = os.path.join(path, "in/a.jpg"), os.fspath(root / "out.jpg")
    expected = Stamp(member.size, member.mtime_ns)
    return member, Operation(Action.EXTRACT, source, target, "", expected=expected, member=member)


def test_an_archive_that_became_a_folder(root: Path) -> None:
    member, todo = member_of(root)
    os.unlink(member.archive)
    os.mkdir(member.archive)
    (problem,) = execute(plan(todo, root=root), run=RUN).problems
    assert problem.path.startswith(member.archive) and "a folder is there now" in problem.why


def test_a_plan_that_does_not_say_which_member_is_meant() -> None:
    with pytest.raises(Trouble, match="where it lies in its archive"):
        unpacking.known(None)


def test_a_member_of_another_digest_is_not_taken_out(root: Path) -> None:
    _, todo = member_of(root)
    assert todo.expected is not None
    wrong = replace(todo, expected=replace(todo.expected, digest="0" * 32))
    (problem,) = execute(plan(wrong, root=root), run=RUN).problems
    assert "not what was looked at" in problem.why
    assert os.listdir(root) == ["a.zip"]


@pytest.mark.parametrize("change, same", [("nothing", True), ("other bytes", False), ("other size", False)])
def test_whether_a_file_is_still_the_member(root: Path, change: str, same: bool) -> None:
    data = b"packed" * 50
    member, _ = member_of(root, data)
    changed = {"nothing": data, "other bytes": data[:-1] + b"!", "other size": data + b"!"}[change]
    assert unpacking.is_unpacked(member, put(root / "out.jpg", changed), tools(root)) is same


def test_a_damaged_archive_proves_nothing(root: Path) -> None:
    member, todo = member_of(root)
    assert execute(plan(todo, root=root), run=RUN).problems == ()
    status = os.stat(member.archive)
    damaged = bytearray(Path(member.archive).read_bytes())
    damaged[member.at + 40 : member.at + 60] = bytes(20)
    put(member.archive, bytes(damaged), status.st_mtime_ns)
    (problem,) = undo(RUN).problems
    assert problem.why and Path(todo.destination).read_bytes() == b"packed" * 50


# --- undoing ----------------------------------------------------------------------------------------------------------


def test_what_the_journal_does_not_know_is_not_taken_back(root: Path) -> None:
    one, two = put(root / "one.jpg", "a"), put(root / "two.jpg", "a")
    with pytest.raises(Trouble, match="does not say how it was left"):
        copying.remove_copy(operation(Action.COPY, one, two), Result(0, Outcome.DONE), tools(root))
    assert os.path.exists(two)


@pytest.mark.parametrize("remove", [copying.remove_copy, making.remove_made])
def test_what_is_gone_needs_no_taking_back(root: Path, remove: Callable[..., None]) -> None:
    one, two = put(root / "one.jpg", "a"), put(root / "two.jpg", "a")
    result = Result(0, Outcome.DONE, left=mark(two))
    os.unlink(two)
    remove(operation(Action.COPY, one, two), result, tools(root))
    assert os.listdir(root) == ["one.jpg"]


def test_what_was_made_and_changed_by_stealth_stays(root: Path) -> None:
    """Size and time are those of before: the digest tells."""
    one, two = put(root / "one.heic", "a"), put(root / "two.jpg", b"made of it")
    left = replace(mark(two), digest="0" * 32)
    with pytest.raises(Trouble, match="changed since the run put it there"):
        making.remove_made(operation(Action.CONVERT, one, two), Result(0, Outcome.DONE, left=left), tools(root))
    assert os.path.exists(two)


@POSIX
@pytest.mark.parametrize("what", ["already", "gone", "back by itself", "no note"])
def test_permissions_are_taken_back_only_where_they_were_given(root: Path, what: str) -> None:
    one, two = put(root / "one.jpg", "a", mode=0o640), put(root / "two.jpg", "a", mode=0o600)
    todo = operation(Action.PERMIT, one, two, argument="640 600", replaces=stamp(two))
    before = permitting.before(todo)
    result = Result(0, Outcome.DONE, already=what == "already", before="" if what == "no note" else before)
    if what == "gone":
        os.unlink(two)
    elif what == "already":
        os.chmod(two, 0o640)
    if what in ("gone", "no note"):
        with pytest.raises(Trouble, match="no longer there" if what == "gone" else "does not say which"):
            permitting.take_back_permissions(todo, result, tools(root))
        return
    permitting.take_back_permissions(todo, result, tools(root))
    assert os.stat(two).st_mode & 0o777 == (0o640 if what == "already" else 0o600)


def test_a_version_on_another_disk_goes_back(root: Path, far: Path) -> None:
    """Its content is copied, the copy replaces what the run put there, and only then it goes."""
    target = put(root / "a.jpg", "new")
    version = put(far / "kept" / "a.jpg", "old", 77)
    put(root / "source.jpg", "new")
    result = Result(0, Outcome.DONE, left=mark(target), version=version, kept=mark(version))
    replacing.restore_version(operation(Action.UPDATE, root / "source.jpg", target), result, tools(root))
    assert Path(target).read_bytes() == content("old") and os.stat(target).st_mtime_ns == 77
    assert not os.path.exists(version) and sorted(os.listdir(root)) == ["a.jpg", "source.jpg"]


def test_a_link_of_an_exact_copy_that_was_changed_since_stays(root: Path) -> None:
    one, two = put(root / "one.jpg", "same"), put(root / "two.jpg", "same", 5)
    assert execute(plan(operation(Action.REPLACE_WITH_LINK, one, two), root=root), run=RUN).problems == ()
    status = os.stat(two)
    os.unlink(two)
    put(two, "SAME", status.st_mtime_ns)
    (problem,) = undo(RUN).problems
    assert problem.path == two and Path(two).read_bytes() == content("SAME")


def test_the_journal_is_lost_in_the_middle_of_an_undo(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is back stays back, it is said, and another undo ends it."""
    steps = [operation(Action.MOVE, put(root / f"{n}.jpg", str(n)), root / "out" / f"{n}.jpg") for n in range(4)]
    before = snapshot(root, folder_times=False)
    execute(plan(*steps, root=root), run=RUN)
    plain, calls = journal.Journal.flush, []

    def flush(self: journal.Journal) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise journal.JournalLost(OSError(errno.EIO, os.strerror(errno.EIO)))
        plain(self)

    monkeypatch.setattr(executor, "GROUP", 1)
    monkeypatch.setattr(journal.Journal, "flush", flush)
    result = undo(RUN)
    assert result.state is RunState.PARTLY_UNDONE
    assert any("journal" in problem.what.lower() or "journal" in problem.why.lower() for problem in result.problems)
    monkeypatch.setattr(journal.Journal, "flush", plain)
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root, folder_times=False) == before


# --- journals, locks --------------------------------------------------------------------------------------------------


def lines_of(root: Path) -> Iterator[records.Line]:
    """One line of each kind of a sound journal."""
    one, two = put(root / "one.jpg", "a"), os.fspath(root / "two.jpg")
    todo = operation(Action.COPY, one, two)
    lines = (
        records.header_line(RUN, Plan("sync", {"root": os.fspath(root)}, (todo,)), (), 5.0, 7),
        records.operation_line(0, todo),
        records.folder_line(FolderState(os.fspath(root), 5, 0o755, (0, 0))),
        records.intent_line(Intent(0, source=mark(one))),
        records.result_line(Result(0, Outcome.DONE, left=mark(one))),
        records.undone_line([0], {one: mark(one)}),
    )
    for line in lines:
        yield json.loads(records.encode(line))


READERS: dict[object, Callable[[records.Line], object]] = {
    "run": records.header,
    "operation": records.operation,
    "folder": records.folder,
    "intent": records.intent,
    "outcome": records.result,
    "undone": records.put_back,
}


@pytest.mark.parametrize("wrong", [None, 5, "text", [], ["text"], {}, [[1, 2]], True, 2**80, -1])
def test_a_line_with_a_value_of_another_shape_is_damage(root: Path, wrong: object) -> None:
    """Every value of every line exchanged: it is refused as ``ValueError``, or has the shape that is asked for."""
    refused = set()
    for line in lines_of(root):
        read = READERS[line["is"]]
        assert read(line) is not None
        for key in line:
            try:
                read({**line, key: wrong})
            except ValueError:
                refused.add((line["is"], key))
    assert refused


@pytest.mark.parametrize(
    "kind, key, wrong",
    [
        ("run", "roots", []),
        ("run", "at", "noon"),
        ("run", "job", ""),
        ("undone", "back", 5),
        ("undone", "back", [["path"]]),
        ("folder", "owner", "me"),
        ("folder", "owner", [1]),
        ("operation", "expected", [1]),
        ("operation", "member", ["a"]),
        ("intent", "source", [1, 2, 3, 4, 5]),
        ("outcome", "problem", ["what", "why"]),
        ("outcome", "problem", [1, 2, 3, 4]),
        ("outcome", "problem", "text"),
    ],
)
def test_a_line_of_the_wrong_shape_is_refused(root: Path, kind: str, key: str, wrong: object) -> None:
    (line,) = (told for told in lines_of(root) if told["is"] == kind)
    READERS[kind](line)
    with pytest.raises(ValueError):
        READERS[kind]({**line, key: wrong})


def test_a_journal_that_can_not_be_read_is_refused_in_words(root: Path) -> None:
    """A folder stands in its place."""
    with pytest.raises(Refused, match=r"The journal of .* can't be read: "):
        replay.read(os.fspath(root), RUN)


def test_a_run_whose_journal_another_process_holds_is_not_begun(root: Path) -> None:
    folder = os.path.join(journal.runs_folder(), RUN)
    places.make_private(places.state_folder())
    os.makedirs(folder)
    held = locks.FileLock(os.path.join(folder, journal.LOCK))
    assert held.take()
    try:
        todo = plan(operation(Action.MOVE, put(root / "a.jpg", "a"), root / "b.jpg"), root=root)
        with pytest.raises(Refused):
            execute(todo, run=RUN)
    finally:
        held.give_back()
    assert os.listdir(root) == ["a.jpg"]


def test_who_can_not_get_through_the_gate_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "GATE_SECONDS", 0.01)
    folder = os.path.join(places.state_folder(), "locks")
    places.make_private(places.state_folder())
    places.make_private(folder)
    gate = locks.FileLock(os.path.join(folder, locks.GATE))
    assert gate.take()
    try:
        with pytest.raises(Refused, match="has been starting"), hold_roots([os.fspath(root)]):
            raise AssertionError("held")
    finally:
        gate.give_back()
    with hold_roots([os.fspath(root)]):
        pass


def test_who_comes_second_to_a_lock_is_refused_in_words(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was free when it was looked at, and taken a moment later."""
    monkeypatch.setattr(locks, "_refuse_held", lambda *_: None)
    with hold_roots([os.fspath(root)]), pytest.raises(Refused), hold_roots([os.fspath(root)]):
        raise AssertionError("held twice")
    with hold_roots([os.fspath(root)]):
        pass


@pytest.mark.parametrize("what, words", [("mode", "a mode that can't be"), ("mark", "a size or a time that can't be")])
def test_a_journal_without_seals_is_bounded(root: Path, what: str, words: str) -> None:
    """Journals of earlier versions have no seals; what they say is still held within what can be."""
    execute(plan(operation(Action.MOVE, put(root / "a.jpg", "a"), root / "b.jpg"), root=root), run=RUN)
    path = Path(journal.runs_folder()) / RUN / journal.NAME
    lines = [json.loads(seal._split(line)[0]) for line in path.read_bytes().splitlines()]
    for line in lines:
        if line["is"] == "outcome":
            if what == "mode":
                line["mode"] = 1 << 20
            else:
                line["left"][1] = 1 << 70
    path.write_bytes(b"".join(records.encode(line) for line in lines))
    with pytest.raises(Refused, match=words):
        undo(RUN)
    assert os.listdir(root) == ["b.jpg"]
    with pytest.raises(Refused):
        resume(RUN)


def test_an_error_of_the_moment_leaves_no_second_name_that_was_kept_ahead(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    for number, name in enumerate("ab"):
        put(root / "one" / f"{name}.jpg", f"new {name}")
        old = put(root / "two" / f"{name}.jpg", f"old {name}")
        todo = operation(Action.UPDATE, root / "one" / f"{name}.jpg", old)
        steps.append(Step(todo, Intent(number, version=os.fspath(root / ".image-sync" / "versions" / f"{name}.jpg"))))
    before, with_tools = snapshot(root, folder_times=False), tools(root)
    with_tools.keeping.begin(steps, with_tools, ())
    assert snapshot(root, folder_times=False) != before
    plain, failed = os.lstat, []

    def lstat(path: str, **more: object) -> os.stat_result:
        if not failed:
            failed.append(path)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return plain(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "lstat", lstat)
    with_tools.drop()
    monkeypatch.undo()
    assert failed and snapshot(root, folder_times=False) == before
