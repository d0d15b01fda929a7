"""The memory belongs to two roots, not to two paths: disks by turns, moved roots, clones, restored disks, marks."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.jobs.sync import disks, identity, replica
from image_sync.jobs.sync.disks import Disk, disk_of
from image_sync.jobs.sync.identity import identities, identity_of
from image_sync.jobs.sync.model import Kind, Side
from image_sync.jobs.sync.packed_stats import is_set_back, pack
from image_sync.jobs.sync.recording import Recorder
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import OWN, Pair, put, settle, tree
from tests.privileges import without_privileges

PROPAGATE = {"deletions": Deletions.PROPAGATE, "max_delete": 1.0}
FIRST_TIME = "compared for the first time"


@pytest.fixture
def synced(pair: Pair) -> Pair:
    """Four photos on both sides, as the first run left them."""
    put(pair.source, "a.jpg", "as shot", 900)
    for name in ("b.jpg", "c.jpg", "d/e.jpg"):
        put(pair.source, name, name, 900)
    assert pair.sync().done
    settle()
    return pair


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """All file systems are like FAT: no ids that last, so that marks tell who a root is."""
    real = disks.disk_of
    monkeypatch.setattr("image_sync.jobs.sync.disks._kind", lambda _root: "vfat")
    monkeypatch.setattr("image_sync.jobs.sync.disks.folds", lambda *_: False)
    assert not real(os.getcwd()).lasting


def notes(pair: Pair, **chosen: object) -> str:
    """What another run would say."""
    ran = pair.sync(dry_run=True, **chosen)
    assert ran.review is not None, ran.refused
    return " ".join(ran.review.notes)


def swap(path: Path, aside: Path, other: Path) -> None:
    """Take the disk at ``path`` out and plug ``other`` in instead."""
    path.rename(aside)
    other.rename(path)


# --- by the file system's word --------------------------------------------------------------------------------------


def test_a_plain_first_sync_leaves_two_equal_trees(synced: Pair) -> None:
    assert tree(synced.source, own=True) == tree(synced.target, own=True)


def test_another_disk_under_the_same_path_has_no_memory(synced: Pair, tmp_path: Path) -> None:
    shutil.copytree(synced.target, tmp_path / "second", symlinks=True)
    put(synced.source, "a.jpg", "edited on Wednesday", -5)
    put(synced.source, "new.jpg", "new on Wednesday", -5)
    assert synced.sync().done == 2
    swap(synced.target, tmp_path / "first", tmp_path / "second")
    assert FIRST_TIME in notes(synced)
    ran = synced.sync(**PROPAGATE)
    assert ran.kinds == {"a.jpg": Kind.UPDATE_TARGET, "new.jpg": Kind.COPY_TO_TARGET}
    assert synced.same()["a.jpg"][1] == b"edited on Wednesday"


def test_disks_by_turns_keep_a_memory_each(synced: Pair, tmp_path: Path) -> None:
    shutil.copytree(synced.target, tmp_path / "second", symlinks=True)
    swap(synced.target, tmp_path / "first", tmp_path / "second")
    synced.sync()
    settle()
    (synced.source / "b.jpg").unlink()
    assert synced.sync(**PROPAGATE).kinds == {"b.jpg": Kind.DELETE_IN_TARGET}
    swap(synced.target, tmp_path / "second", tmp_path / "first")
    assert FIRST_TIME not in notes(synced), "this disk is known"
    assert synced.sync(**PROPAGATE).kinds == {"b.jpg": Kind.DELETE_IN_TARGET}
    synced.quiet(**PROPAGATE)


def test_a_root_that_moved_keeps_its_memory(synced: Pair, tmp_path: Path) -> None:
    (tmp_path / "mounted elsewhere").mkdir()
    moved = Pair(synced.source, tmp_path / "mounted elsewhere/disk")
    synced.target.rename(moved.target)
    (synced.source / "b.jpg").unlink()
    assert moved.sync(**PROPAGATE).kinds == {"b.jpg": Kind.DELETE_IN_TARGET}
    turned = Pair(moved.target, moved.source)
    turned.quiet(**PROPAGATE)


def test_a_folder_that_was_made_anew_is_another(synced: Pair) -> None:
    """A file system gives a new folder the file id of the old one; its birth tells them apart."""
    shutil.rmtree(synced.target)
    synced.target.mkdir()
    ran = synced.sync(**PROPAGATE)
    assert ran.refused == "" and set(ran.kinds.values()) == {Kind.COPY_TO_TARGET}
    assert "max-delete" not in notes(synced)


def set_back(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the change times of ``place`` and all below it be an hour older: as they are in an old image of the disk."""
    inside = {os.lstat(found).st_ino for found in [place, *place.rglob("*")]}
    looking = os.lstat

    class Older:
        def __init__(self, status: os.stat_result) -> None:
            self._status = status
            self.st_ctime_ns = status.st_ctime_ns - 3600 * 10**9

        def __getattr__(self, name: str) -> object:
            return getattr(self._status, name)

    def lstat(path: object, **more: object) -> object:
        status = looking(path, **more)  # type: ignore[arg-type]
        return Older(status) if status.st_ino in inside else status

    monkeypatch.setattr("image_sync.jobs.sync.left_roots.os.lstat", lstat)


def test_a_disk_that_went_back_has_no_memory(synced: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    (synced.source / "b.jpg").unlink()
    assert FIRST_TIME not in notes(synced)
    with monkeypatch.context() as patched:
        set_back(synced.target, patched)
        told = notes(synced, **PROPAGATE)
        assert FIRST_TIME in told and "older than the last run left it" in told
        assert synced.sync(**PROPAGATE, dry_run=True).kinds == {"b.jpg": Kind.COPY_TO_SOURCE}
    assert synced.sync(**PROPAGATE, dry_run=True).kinds == {"b.jpg": Kind.DELETE_IN_TARGET}, "a preview forgets nothing"


@pytest.mark.parametrize("deed", ["delete", "rename", "replace", "make", "edit"])
def test_what_people_do_is_not_going_back(synced: Pair, deed: str) -> None:
    folder = synced.target / "d"
    deeds: dict[str, Callable[[], object]] = {
        "delete": lambda: shutil.rmtree(folder),
        "rename": lambda: folder.rename(synced.target / "renamed"),
        "replace": lambda: (folder.rename(synced.target / "renamed"), folder.mkdir()),
        "make": lambda: (folder / "deep/er").mkdir(parents=True),
        "edit": lambda: put(folder, "e.jpg", "edited"),
    }
    deeds[deed]()
    assert FIRST_TIME not in notes(synced)


def test_a_file_of_the_same_id_that_changed_earlier_was_set_back() -> None:
    def look(ctime: int, inode: int = 7) -> bytes:
        status = os.stat_result((0o100644, inode, 1, 1, 0, 0, 5, 0, 0, 0, 0.0, 0.0, 0.0, 0, 5 * 10**9, ctime))
        return pack(status, lasting=True)

    assert is_set_back(look(10**18), look(10**18 + 1))
    assert not is_set_back(look(10**18 + 1), look(10**18)) and not is_set_back(look(10**18), look(10**18))
    assert not is_set_back(look(10**18, inode=8), look(10**18 + 1))


def test_two_roots_of_one_identity_are_told_apart_by_their_paths(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_own_key", lambda _root, _disk: "fs:1/2/3")
    put(pair.source, "a.jpg", "a")
    pair.sync()
    settle()
    assert "a clone of the other's disk" in notes(pair)
    (pair.source / "a.jpg").unlink()
    assert pair.sync(**PROPAGATE).kinds == {"a.jpg": Kind.DELETE_IN_TARGET}


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_three_disks_by_turns(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Pictures is edited, backed up to whichever disk is plugged in under the one path, and never loses an edit."""
    base = tmp_path_factory.mktemp("turns")
    pair = Pair(base / "Pictures", base / "disk")
    pair.source.mkdir()
    for number in range(3):
        (base / f"disk {number}").mkdir()
        put(pair.source, f"{number}.jpg", f"as shot {number}", 9000)
    for turn in range(data.draw(st.integers(2, 6))):
        plugged = base / f"disk {data.draw(st.integers(0, 2))}"
        plugged.rename(pair.target)
        path = f"{data.draw(st.integers(0, 2))}.jpg"
        if data.draw(st.booleans()):
            put(pair.source, path, f"edit {turn} of {path}", -turn)
        else:
            (pair.source / f"new {turn}.jpg").write_text(f"new {turn}")
        before = tree(pair.source)
        ran = pair.sync(**PROPAGATE)
        assert ran.refused == "" and ran.problems == ()
        assert pair.same() == before, "nobody edited anything on the disks"
        settle()
        pair.target.rename(plugged)


# --- by the mark ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("forgetful")
def test_where_ids_do_not_last_a_mark_tells_the_root(pair: Pair, tmp_path: Path) -> None:
    put(pair.source, "a.jpg", "a", 900)
    assert pair.sync(dry_run=True).kinds
    assert not (pair.source / OWN).exists() and not (pair.target / OWN).exists(), "a preview writes no mark"
    pair.sync()
    marks = [replica.read(os.fspath(root)).mark for root in (pair.source, pair.target)]
    assert all(marks) and marks[0] != marks[1]
    pair.quiet()
    assert [replica.read(os.fspath(root)).mark for root in (pair.source, pair.target)] == marks, "nothing was done"
    moved = Pair(pair.source, tmp_path / "elsewhere")
    pair.target.rename(moved.target)
    (pair.source / "a.jpg").unlink()
    assert moved.sync(**PROPAGATE).kinds == {"a.jpg": Kind.DELETE_IN_TARGET}


@pytest.mark.usefixtures("forgetful")
def test_a_copy_of_a_marked_disk_that_lags_behind_is_known(pair: Pair, tmp_path: Path) -> None:
    put(pair.source, "a.jpg", "as shot", 900)
    pair.sync()
    shutil.copytree(pair.target, tmp_path / "image")
    put(pair.source, "a.jpg", "edited", -5)
    put(pair.source, "new.jpg", "new", -5)
    assert pair.sync().done == 2
    swap(pair.target, tmp_path / "first", tmp_path / "image")
    assert FIRST_TIME in notes(pair)
    assert pair.sync(**PROPAGATE).kinds == {"a.jpg": Kind.UPDATE_TARGET, "new.jpg": Kind.COPY_TO_TARGET}
    swap(pair.target, tmp_path / "image", tmp_path / "first")
    assert FIRST_TIME in notes(pair), "by now the other one is remembered"


BAD_MARKS = [
    b"",
    b"{",
    b"[]",
    b"\xff\xfe",
    b"[" * 9000,
    b"x" * 70_000,
    b'{"version": 1}',
    b'{"version": true, "name": "' + b"0" * 32 + b'", "generation": 0, "tokens": []}',
    b'{"version": 1, "name": "../../../etc", "generation": 0, "tokens": []}',
    b'{"version": 1, "name": "' + b"0" * 32 + b'", "generation": -1, "tokens": []}',
    b'{"version": 1, "name": "' + b"0" * 32 + b'", "generation": 1, "tokens": [7]}',
]


@pytest.mark.parametrize("data", BAD_MARKS, ids=range(len(BAD_MARKS)))
@pytest.mark.usefixtures("forgetful")
def test_a_damaged_mark_is_no_mark_and_is_kept(pair: Pair, data: bytes) -> None:
    put(pair.source, "a.jpg", "a", 900)
    pair.sync()
    place = Path(replica.place_of(os.fspath(pair.target)))
    place.write_bytes(data)
    (pair.source / "a.jpg").unlink()
    assert "is damaged" in notes(pair)
    ran = pair.sync(**PROPAGATE)
    assert ran.kinds == {"a.jpg": Kind.COPY_TO_SOURCE} and ran.problems == (), "without a memory nothing is deleted"
    assert [kept.read_bytes() for kept in place.parent.glob("replica.damaged-*")] == [data]
    assert replica.read(os.fspath(pair.target)).mark
    pair.quiet()


@pytest.mark.usefixtures("forgetful")
def test_the_mark_of_a_newer_version_is_left_alone(pair: Pair) -> None:
    put(pair.source, "a.jpg", "a", 900)
    pair.sync()
    place = Path(replica.place_of(os.fspath(pair.target)))
    newer = json.dumps({"version": replica.VERSION + 1, "something": "else"})
    place.write_text(newer)
    assert "known by its path alone" in notes(pair) and "newer version" in notes(pair)
    assert pair.sync().refused == ""
    pair.quiet()
    assert place.read_text() == newer


@pytest.mark.usefixtures("forgetful")
def test_the_mark_of_another_pair_deletes_nothing(pair: Pair, tmp_path: Path) -> None:
    """Somebody copied the folder of marks along from another disk."""
    other = Pair(tmp_path / "three", tmp_path / "four")
    for one in (pair, other):
        one.source.mkdir(exist_ok=True)
        one.target.mkdir(exist_ok=True)
        for name in ("a.jpg", "b.jpg"):
            put(one.source, name, f"{name} of {one.source.name}", 900)
        one.sync()
    shutil.copyfile(replica.place_of(os.fspath(other.target)), replica.place_of(os.fspath(pair.target)))
    (pair.source / "a.jpg").unlink()
    before = tree(pair.target)
    ran = pair.sync(**PROPAGATE)
    assert ran.kinds == {"a.jpg": Kind.COPY_TO_SOURCE} and ran.problems == ()
    assert tree(pair.target) == before == pair.same()
    other.quiet()


@pytest.mark.parametrize("what", ["link", "folder link", "folder", "pipe"])
@pytest.mark.usefixtures("forgetful")
def test_a_mark_is_never_written_through_a_link(pair: Pair, tmp_path: Path, what: str) -> None:
    put(pair.source, "a.jpg", "a", 900)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = Path(replica.place_of(os.fspath(pair.target)))
    if what == "folder link":
        place.parent.symlink_to(elsewhere)
    else:
        place.parent.mkdir()
        {"link": lambda: place.symlink_to(elsewhere / "mark"), "folder": place.mkdir, "pipe": lambda: os.mkfifo(place)}[
            what
        ]()
    ran = pair.sync()
    assert ran.refused == "" and (pair.target / "a.jpg").exists()
    assert list(elsewhere.iterdir()) == []
    assert "known by its path alone" in notes(pair)
    pair.quiet()


@pytest.mark.usefixtures("forgetful")
def test_a_root_that_may_not_be_marked_is_known_by_its_path(tmp_path: Path) -> None:
    root = tmp_path / "read-only"
    root.mkdir()
    root.chmod(0o555)
    with without_privileges(tmp_path) as call:
        found = call(lambda: identity_of(os.fspath(root), disk_of(os.fspath(root))))
    assert found.key == f"path:{os.path.realpath(root)}" and "no mark can be written" in found.note


@pytest.mark.usefixtures("forgetful")
def test_a_mark_that_can_not_be_written_is_said(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pair.source, "a.jpg", "a", 900)

    def full(_root: str, _mark: replica.Mark) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(replica, "write", full)
        ran = pair.sync()
    assert ran.done == 1 and "could not be marked" in " ".join(str(event) for event in ran.events)
    (pair.source / "a.jpg").unlink()
    assert pair.sync(**PROPAGATE).kinds == {"a.jpg": Kind.COPY_TO_SOURCE}


@pytest.mark.usefixtures("forgetful")
def test_a_disk_that_is_taken_out_during_the_run_is_not_made_again(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pair.source, "a.jpg", "a", 900)
    finish = Recorder.finish

    def taken_out(recorder: Recorder) -> None:
        finish(recorder)
        pair.target.rename(pair.target.with_name("away"))

    monkeypatch.setattr(Recorder, "finish", taken_out)
    pair.sync()
    assert not pair.target.exists()
    with pytest.raises(FileNotFoundError):
        replica.write(os.fspath(pair.target), replica.Mark.new())
    assert not pair.target.exists()


@pytest.mark.usefixtures("forgetful")
def test_a_marked_disk_that_may_not_be_written_now_is_known(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card with its lock on: it is synced from, and its mark stays as it is, even one that no run has left."""
    place = Path(replica.place_of(os.fspath(pair.source)))
    replica.write(os.fspath(pair.source), replica.Mark.new())
    put(pair.source, "a.jpg", "a", 900)
    before = place.read_bytes()
    monkeypatch.setattr(identity, "_is_writable", lambda root: root != os.fspath(pair.source))
    assert pair.sync().done == 1 and place.read_bytes() == before
    (pair.source / "a.jpg").unlink()
    assert pair.sync(**PROPAGATE).kinds == {"a.jpg": Kind.DELETE_IN_TARGET}


@pytest.mark.parametrize("marked", [False, True])
def test_a_root_that_is_swapped_during_the_run_is_refused(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marked: bool
) -> None:
    if marked:
        monkeypatch.setattr("image_sync.jobs.sync.disks._kind", lambda _root: "vfat")
        # a FAT disk's root has the same file id on each disk
        monkeypatch.setattr("image_sync.jobs.sync.disks.disk_of", lambda _root: Disk(1, "vfat", False, 1))
    put(pair.source, "a.jpg", "a", 900)
    pair.sync()
    (tmp_path / "second").mkdir()
    put(tmp_path / "second", "other.jpg", "other")
    put(pair.source, "b.jpg", "b")
    ran = pair.sync(between=lambda: swap(pair.target, tmp_path / "first", tmp_path / "second"))
    assert "is not what it was when it was scanned" in ran.refused
    assert list(tree(pair.target)) == ["other.jpg"]


@pytest.mark.usefixtures("forgetful")
def test_another_machine_that_synced_meanwhile_is_noticed(pair: Pair) -> None:
    """Two machines share one root: the second marks it between the first one's scan and its first change."""
    put(pair.source, "a.jpg", "a", 900)
    pair.sync()
    root = os.fspath(pair.target)

    def by_another() -> None:
        mark = replica.read(root).mark
        assert mark
        replica.write(root, mark.after_run())

    put(pair.source, "b.jpg", "b")
    assert "Scan again" in pair.sync(between=by_another).refused
    assert pair.sync().kinds == {"b.jpg": Kind.COPY_TO_TARGET}, "its token is in the mark, so the memory holds"


def test_a_mark_keeps_so_many_tokens_and_no_more() -> None:
    mark = replica.Mark.new()
    for _ in range(replica.KEPT + 9):
        mark = mark.after_run()
    assert mark.generation == replica.KEPT + 9 and len(mark.tokens) == replica.KEPT


@pytest.mark.parametrize(
    ("kind", "word"), [("ext4", "fs:"), ("xfs", ""), ("nfs4", ""), ("vfat", ""), ("fuse.sshfs", "")]
)
def test_who_tells_a_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, word: str) -> None:
    """XFS and others put the number of the device where an id should be: only a uuid counts there."""
    monkeypatch.setattr(identity, "_UUIDS", os.fspath(tmp_path / "none"))
    monkeypatch.setattr("image_sync.jobs.sync.disks._kind", lambda _root: kind)
    root = os.fspath(tmp_path)
    assert identity_of(root, disk_of(root)).key.startswith(word or "mark:")


def test_without_a_birth_nothing_is_sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_birth_ns", lambda _root: 0)
    root = os.fspath(tmp_path)
    assert identity_of(root, replace(disk_of(root), kind="ext4")).key.startswith("mark:")


def test_siblings_are_never_one(tmp_path: Path) -> None:
    roots = []
    for number in range(4):
        (tmp_path / str(number)).mkdir()
        roots.append(os.fspath(tmp_path / str(number)))
    for one, two in itertools.combinations(roots, 2):
        both = {Side.SOURCE: one, Side.TARGET: two}
        found = identities(both, {side: disk_of(root) for side, root in both.items()})
        assert found[Side.SOURCE].key != found[Side.TARGET].key and not found[Side.SOURCE].note
