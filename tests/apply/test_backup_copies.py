"""Second names that are made for a whole group: safe before the first file is replaced, gone where none was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.apply import disk, file_ops
from image_sync.apply.backup_copies import BackupCopies
from image_sync.apply.executor import execute
from image_sync.apply.undo import undo
from image_sync.base.control import Control
from image_sync.base.model import Action, Plan, RunState
from tests.apply.trees import content, files, operation, plan, put, snapshot

RUN = "20260815-143022-3f2a"
NAMES = ("a", "b", "c", "d")


@pytest.fixture
def updates(root: Path) -> Plan:
    """Four files in two folders, each to be replaced."""
    for name in NAMES:
        put(root / "new" / f"{name}.jpg", f"new {name}")
        put(root / "old" / f"{name > 'b'}" / f"{name}.jpg", f"old {name}")
    return plan(
        *(
            operation(Action.UPDATE, root / "new" / f"{name}.jpg", root / "old" / f"{name > 'b'}" / f"{name}.jpg")
            for name in NAMES
        ),
        root=root,
    )


def versions(root: Path) -> dict[str, bytes | str | None]:
    folder = root / ".image-sync"
    return files(snapshot(folder)) if folder.exists() else {}


def old(root: Path, name: str) -> Path:
    return root / "old" / f"{name > 'b'}" / f"{name}.jpg"


def just_before_the_turns(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    plain = BackupCopies.begin

    def begin(self: BackupCopies, *arguments: object) -> None:
        plain(self, *arguments)  # type: ignore[arg-type]
        deed()

    monkeypatch.setattr(BackupCopies, "begin", begin)


def test_each_folder_of_versions_is_flushed_once_and_before_any_file_is_replaced(
    root: Path, updates: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str]] = []
    flush, replace = disk.flush_folder, file_ops.replace

    def flushing(folder: str) -> None:
        calls.append(("flush", folder))
        flush(folder)

    def replacing(source: str, target: str) -> None:
        calls.append(("replace", target))
        replace(source, target)

    monkeypatch.setattr(disk, "flush_folder", flushing)
    monkeypatch.setattr(file_ops, "replace", replacing)
    assert execute(updates, run=RUN).done == 4
    base = os.fspath(root / ".image-sync" / "versions" / RUN / "old")
    kept = [call for call in calls if call[1] in (f"{base}/False", f"{base}/True")]
    assert kept == [("flush", f"{base}/False"), ("flush", f"{base}/True")]
    first = next(index for index, call in enumerate(calls) if call[0] == "replace")
    way = [base, os.fspath(root / ".image-sync" / "versions"), os.fspath(root)]
    assert {("flush", folder) for folder in way} | set(kept) <= set(calls[:first]), "and so is the way to them"


def test_what_stood_there_is_kept_and_comes_back(root: Path, updates: Plan) -> None:
    before = snapshot(root)
    assert execute(updates, run=RUN).done == 4
    assert sorted(map(str, versions(root).values())) == sorted(str(content(f"old {name}")) for name in NAMES)
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


@pytest.mark.parametrize("spoilt", [("a",), ("b",), ("a", "b"), NAMES])
def test_an_operation_that_fails_leaves_no_second_name(
    root: Path, updates: Plan, monkeypatch: pytest.MonkeyPatch, spoilt: tuple[str, ...]
) -> None:
    before = snapshot(root / "old", folder_times=False)

    def spoil() -> None:
        for name in spoilt:
            put(root / "new" / f"{name}.jpg", "written meanwhile")

    just_before_the_turns(monkeypatch, spoil)
    result = execute(updates, run=RUN)
    assert (result.done, len(result.problems)) == (4 - len(spoilt), len(spoilt))
    assert len(versions(root)) == result.done
    for name in spoilt:
        assert os.stat(old(root, name)).st_nlink == 1
    assert undo(RUN).problems == () if result.done else not (root / ".image-sync").exists()
    assert snapshot(root / "old", folder_times=False) == before
    assert not (root / ".image-sync").exists()


def test_a_file_that_was_replaced_meanwhile_is_not_lost(
    root: Path, updates: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else puts a new file in the place: the second name is the only one left of the old one."""

    def meddle() -> None:
        put(root / "mine.jpg", "mine")
        os.replace(root / "mine.jpg", old(root, "a"))

    just_before_the_turns(monkeypatch, meddle)
    result = execute(updates, run=RUN)
    assert (result.done, len(result.problems)) == (3, 1)
    assert old(root, "a").read_bytes() == content("mine")
    assert content("old a") in versions(root).values()


def test_a_second_name_that_vanished_is_made_again(root: Path, updates: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = root / ".image-sync" / "versions" / RUN / "old" / "False" / "a.jpg"
    just_before_the_turns(monkeypatch, kept.unlink)
    assert execute(updates, run=RUN).done == 4
    assert kept.read_bytes() == content("old a")


def test_a_stop_takes_away_what_was_kept_for_turns_that_did_not_come(
    root: Path, updates: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, control = snapshot(root), Control()
    just_before_the_turns(monkeypatch, control.stop)
    result = execute(updates, control=control, run=RUN)
    assert (result.state, result.done) == (RunState.STOPPED, 0)
    assert snapshot(root, folder_times=False) == {
        path: (*entry[:2], 0, *entry[3:]) if entry[0] == "folder" else entry for path, entry in before.items()
    }


def test_where_nothing_can_be_flushed_each_operation_says_so(
    root: Path, updates: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, flush = snapshot(root / "old", folder_times=False), disk.flush_folder

    def broken(folder: str) -> None:
        if ".image-sync" in folder:
            raise OSError(5, os.strerror(5), folder)
        flush(folder)

    monkeypatch.setattr(disk, "flush_folder", broken)
    result = execute(updates, run=RUN)
    assert result.done == 0
    assert {os.fspath(old(root, name)) for name in NAMES} <= {one.path for one in result.problems}
    assert snapshot(root / "old", folder_times=False) == before
    assert versions(root) == {}
