"""Refused in words, before anything is touched."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from image_sync.apply.locks import hold_roots
from image_sync.base import places
from image_sync.jobs.sync import checks, job, scan
from image_sync.jobs.sync.request import Deletions, SyncRequest
from tests.jobs.sync.running import Pair, put, run, settle, tree
from tests.privileges import without_privileges


def refused(source: object, target: object, **chosen: object) -> str:
    ran = run(SyncRequest(str(source), str(target), **chosen))  # type: ignore[arg-type]
    assert ran.result is None
    return ran.refused


def test_folders_that_are_none(pair: Pair, tmp_path: Path) -> None:
    file = put(tmp_path, "file.jpg", "x")
    assert "is not there; is its disk connected, or has it yet to be made?" in refused(tmp_path / "gone", pair.target)
    assert "is not there" in refused(pair.source, tmp_path / "gone")
    assert "is not a folder" in refused(file, pair.target)
    assert "Choose a folder for the target" in refused(pair.source, "")
    assert not (tmp_path / "gone").exists()
    both = checks.check(SyncRequest("", os.fspath(file)))
    assert set(both) == {"source", "target"}


def test_a_dangling_link_is_no_folder(pair: Pair, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    assert "is not a folder" in refused(link, pair.target)


def test_one_folder_twice(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "are the same folder" in refused(pair.source, pair.source)
    assert "are the same folder" in refused(f"{pair.source}/", pair.source / "." / "")
    link = tmp_path / "link"
    link.symlink_to(pair.source)
    assert "are the same folder, by another way" in refused(pair.source, link)
    monkeypatch.chdir(pair.source)
    assert "are the same folder" in refused(".", pair.source)


def test_one_inside_the_other(pair: Pair, tmp_path: Path) -> None:
    inner = pair.source / "in" / "ner"
    inner.mkdir(parents=True)
    assert "lies inside the source" in refused(pair.source, inner)
    assert "lies inside the target" in refused(inner, pair.source)
    link = tmp_path / "link"
    link.symlink_to(inner)
    assert "lies inside the source" in refused(pair.source, link)
    sibling = tmp_path / "one more"
    sibling.mkdir()
    assert checks.check(SyncRequest(os.fspath(pair.source), os.fspath(sibling))) == {}


def test_neighbours_with_one_beginning_are_apart(tmp_path: Path) -> None:
    for name in ("photos", "photos2"):
        (tmp_path / name).mkdir()
    assert checks.check(SyncRequest(os.fspath(tmp_path / "photos"), os.fspath(tmp_path / "photos2"))) == {}


def test_the_place_of_versions_is_no_side(pair: Pair) -> None:
    versions = pair.source / ".image-sync" / "versions"
    versions.mkdir(parents=True)
    assert "where earlier versions are kept" in refused(versions, pair.target)


def test_choices_that_make_no_sense(pair: Pair) -> None:
    assert "not 'newest'" in refused(pair.source, pair.target, resolution="newest")
    assert "between 0 and 100" in refused(pair.source, pair.target, max_delete=50)
    assert "0 or more" in refused(pair.source, pair.target, tolerance_ns=-1)


def test_an_unreadable_folder(pair: Pair, home: Path) -> None:
    put(pair.source, "a.jpg", "x")
    with without_privileges(pair.source, pair.target, home) as call:
        pair.target.chmod(0o000)
        try:
            words = call(refused, pair.source, pair.target)
        finally:
            pair.target.chmod(0o755)
    assert "can't be read: no permission" in words


def test_a_side_that_can_not_be_written(pair: Pair, home: Path) -> None:
    put(pair.source, "a.jpg", "x")
    with without_privileges(pair.source, pair.target, home) as call:
        pair.target.chmod(0o555)
        try:
            words = call(refused, pair.source, pair.target)
        finally:
            pair.target.chmod(0o755)
    assert "Nothing can be written in" in words
    assert tree(pair.target) == {}


@pytest.fixture
def dozen(pair: Pair) -> Pair:
    """Two folders in step that hold a dozen files."""
    for number in range(12):
        put(pair.source, f"d/{number}.jpg", f"content {number}")
    pair.sync()
    settle()
    return pair


@pytest.mark.parametrize("deletions", list(Deletions))
@pytest.mark.parametrize("side", ["source", "target"])
def test_an_emptied_side(dozen: Pair, deletions: Deletions, side: str) -> None:
    emptied = dozen.source if side == "source" else dozen.target
    shutil.rmtree(emptied / "d")
    before = dozen.trees()
    ran = dozen.sync(deletions=deletions)
    assert f"The {side}" in ran.refused and "Is its disk connected?" in ran.refused
    assert dozen.trees() == before


def test_a_side_that_vanished(dozen: Pair) -> None:
    dozen.target.rename(dozen.target.with_name("away"))
    assert "is its disk connected, or" in dozen.sync().refused
    assert not dozen.target.exists(), "a missing folder is never made"


def test_most_files_gone(dozen: Pair) -> None:
    for number in range(7):
        (dozen.source / f"d/{number}.jpg").unlink()
    words = dozen.sync(deletions=Deletions.PROPAGATE).refused
    assert "7 of the 12 files" in words and "--max-delete 59" in words
    assert len(tree(dozen.target)) == 13
    assert dozen.sync(deletions=Deletions.PROPAGATE, max_delete=0.59).done == 7


def test_moving_everything_is_no_deletion(dozen: Pair) -> None:
    (dozen.source / "d").rename(dozen.source / "e")
    assert dozen.sync().refused == ""
    assert "e/3.jpg" in dozen.same()


def test_an_empty_side_in_the_first_run_is_welcome(pair: Pair) -> None:
    put(pair.source, "a.jpg", "x")
    assert pair.sync().done == 1


def test_no_room(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pair.source, "a.jpg", b"x" * 1000)
    monkeypatch.setattr(scan.disk, "room", lambda _: 999)
    words = pair.sync().refused
    assert "There is not enough room in" in words and "1,000 bytes would be written, 999 bytes are free" in words
    assert tree(pair.target) == {}


def test_two_runs_at_once(pair: Pair) -> None:
    put(pair.source, "a.jpg", "x")
    with hold_roots([os.fspath(pair.target)]):
        assert f"Another run is working on {pair.target} (process {os.getpid()})" in pair.sync().refused
    with hold_roots([os.fspath(pair.target.parent)]):
        assert "Another run is working on" in pair.sync().refused
    assert tree(pair.target) == {}
    assert pair.sync().done == 1


# --- the log --------------------------------------------------------------------------------------------------------


def log_of(place: Path) -> dict[str, object]:
    found = json.loads(place.read_text("ascii"))
    assert isinstance(found, dict)
    return found


def test_a_log_that_can_not_be_written_is_said_before(pair: Pair, tmp_path: Path) -> None:
    put(pair.source, "a.jpg", "x")
    for place in (tmp_path, tmp_path / "no" / "folder" / "log.json", Path("/proc/version")):
        words = refused(pair.source, pair.target, log_file=os.fspath(place))
        assert "The log can't be written to" in words
    assert tree(pair.target) == {}


def test_a_refusal_is_a_sentence_that_ends_once(pair: Pair, tmp_path: Path) -> None:
    assert refused(tmp_path / "none", pair.target).endswith(
        "is not there; is its disk connected, or has it yet to be made?"
    )
    assert refused(pair.source, pair.source).endswith("are the same folder.")
    words = refused(pair.source, pair.target, log_file=os.fspath(tmp_path / "no" / "log.json"))
    assert words.endswith(f"there is no folder {tmp_path / 'no'}. Name another file with --log-file.")


def test_a_usual_log_that_can_not_be_written_is_no_reason_to_stop(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pair.source, "a.jpg", "x")
    occupied = put(pair.source.parent, "occupied", "")
    monkeypatch.setattr(job.SyncLog, "check", _check_in(occupied / "log.json"))
    ran = pair.sync()
    assert ran.done == 1
    assert any("The log can't be written" in str(event) for event in ran.events)


def _check_in(place: Path) -> object:
    original = job.SyncLog.check

    def check(log: job.SyncLog) -> None:
        log.place = os.fspath(place)
        original(log)

    return check


def test_a_refusal_is_logged(pair: Pair, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    with hold_roots([os.fspath(pair.target)]):
        pair.sync(log_file=os.fspath(log))
    found = log_of(log)
    assert found["status"] == "refused" and "Another run" in str(found["error"])
    assert found["source"] == os.fspath(pair.source)


def test_logs_go_to_the_state_folder_by_themselves(pair: Pair) -> None:
    put(pair.source, "a.jpg", "x")
    pair.sync()
    pair.sync()
    logs = sorted(name for name in os.listdir(places.state_folder()) if name.startswith("sync_log_"))
    assert len(logs) == 2 and all(name.endswith(".json") for name in logs)
    statuses = {log_of(Path(places.state_folder()) / name)["status"] for name in logs}
    assert statuses == {"finished"}
