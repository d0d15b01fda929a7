"""Files that are taken out of an archive: killed at any moment, archives that change or vanish, damaged members."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.apply import journal
from image_sync.apply.actions import unpacking
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.archives.opening import listed
from image_sync.base.model import Action, Operation, Plan, Refused, RunState, Stamp
from tests.apply import killing
from tests.apply.trees import age_folders, content, files, snapshot
from tests.archives.made import MTIME, archive, patched

RUN = "20260815-143022-3f2a"
TREE = {f"Takeout/{number % 3}/{number}.jpg": content(f"picture {number}", 3000 * number) for number in range(12)}
KINDS = pytest.mark.parametrize("name", ["a.zip", "a.tgz", "a.tar"])


def extractions(path: str, library: Path) -> Plan:
    """All members of an archive into a library, the last three behind their first."""
    steps: list[Operation] = []
    for number, (relative, member) in enumerate(listed(path).members.items()):
        source, target = os.path.join(path, relative), os.fspath(library / f"{number % 2}" / os.path.basename(relative))
        stamp, follows = Stamp(member.size, member.mtime_ns), 8 if number > 8 else None
        steps.append(Operation(Action.EXTRACT, source, target, "", stamp, follows=follows, member=member))
    return Plan("import", {"input": path, "output": os.fspath(library)}, tuple(steps))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    place = tmp_path / "library"
    place.mkdir()
    return place


@KINDS
def test_members_come_out_whole_with_their_times(tmp_path: Path, library: Path, name: str) -> None:
    path = archive(tmp_path / name, TREE)
    age_folders(tmp_path)
    before = snapshot(tmp_path)
    result = execute(extractions(path, library), run=RUN)
    assert (result.state, result.problems, result.done) == (RunState.FINISHED, (), len(TREE))
    found = {os.path.basename(place): data for place, data in files(snapshot(library)).items()}
    assert found == {os.path.basename(place): data for place, data in TREE.items()}
    assert os.stat(library / "1" / "3.jpg").st_mtime == MTIME + 2 * 3
    assert undo(RUN).problems == ()
    assert snapshot(tmp_path) == before


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here")
@pytest.mark.parametrize("way", ["resume", "undo"])
@pytest.mark.parametrize("name", ["a.zip", "a.tgz"])
def test_killed_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, way: str) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    path = archive(tmp_path / "in" / name, TREE)
    number = 0

    def fresh() -> tuple[Path, Callable[[], object]]:
        nonlocal number
        number += 1
        library = tmp_path / f"library{number}"
        library.mkdir()
        age_folders(library)
        monkeypatch.setenv("IMAGE_SYNC_STATE", os.fspath(tmp_path / f"state{number}"))
        todo = extractions(path, library)
        return library, lambda: execute(todo, run=RUN)

    count = killing.run(fresh()[1], 0)
    assert count is not None
    library, work = fresh()
    work()
    final = snapshot(library, folder_times=False)
    interrupted = 0
    for moment in range(1, count, max(1, count // 40)):
        library, work = fresh()
        before = snapshot(library)
        assert killing.run(work, moment) is None
        for place, data in files(snapshot(library)).items():
            assert os.path.basename(place).startswith(".image-sync-") or data in TREE.values(), f"{place} is torn"
        if not journal.history():
            assert snapshot(library) == before
            continue
        interrupted += journal.find(RUN).state is RunState.INTERRUPTED
        if way == "resume":
            assert (resume(RUN).problems, snapshot(library, folder_times=False)) == ((), final), moment
        assert undo(RUN).problems == ()
        assert snapshot(library) == before, moment
        shutil.rmtree(library)
    assert interrupted >= 10


def whys(problems: object) -> set[str]:
    return {problem.why for problem in problems}  # type: ignore[attr-defined]


def test_an_archive_that_changed_is_left_alone(tmp_path: Path, library: Path) -> None:
    path = archive(tmp_path / "a.zip", TREE)
    todo = extractions(path, library)
    os.utime(path, (MTIME + 1, MTIME + 1))
    result = execute(todo, run=RUN)
    assert result.done == 0
    assert "the archive changed since it was looked at" in " ".join(whys(result.problems))
    assert files(snapshot(library)) == {}


def test_a_damaged_member_is_one_problem(tmp_path: Path, library: Path) -> None:
    path = archive(tmp_path / "a.zip", TREE)
    patched(path, "Takeout/1/4.jpg", crc=1)
    result = execute(extractions(path, library), run=RUN)
    assert [problem.path for problem in result.problems] == [os.path.join(path, "Takeout", "1", "4.jpg")]
    assert "its check sum is wrong" in result.problems[0].why
    assert result.done == len(TREE) - 1 and not (library / "0" / "4.jpg").exists()


def test_undo_keeps_what_the_archive_no_longer_holds(tmp_path: Path, library: Path) -> None:
    path = archive(tmp_path / "a.zip", TREE)
    execute(extractions(path, library), run=RUN)
    after = snapshot(library, folder_times=False)
    os.rename(path, tmp_path / "elsewhere.zip")
    result = undo(RUN)
    assert len(result.problems) == len(TREE) and "the archive is no longer there" in result.problems[0].why
    assert snapshot(library, folder_times=False) == after
    os.rename(tmp_path / "elsewhere.zip", path)
    assert undo(RUN).problems == () and files(snapshot(library)) == {}


def test_undo_keeps_what_was_changed_since(tmp_path: Path, library: Path) -> None:
    path = archive(tmp_path / "a.zip", TREE)
    execute(extractions(path, library), run=RUN)
    (library / "0" / "2.jpg").write_bytes(b"edited")
    result = undo(RUN)
    assert [os.path.basename(problem.path) for problem in result.problems] == ["2.jpg"]
    assert list(files(snapshot(library)).values()) == [b"edited"]


def test_a_link_that_appears_after_the_look_is_not_followed(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "a.zip", {"0.jpg": content("picture")})
    outside = tmp_path / "outside"
    for folder in (outside, library / "0"):
        folder.mkdir()
    plain = unpacking.unpack

    def unpack(*given: object, **named: object) -> object:
        os.rename(library / "0", library / "moved away")
        (library / "0").symlink_to(outside)
        return plain(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(unpacking, "unpack", unpack)
    result = execute(extractions(path, library), run=RUN)
    assert (result.done, os.listdir(outside)) == (0, [])
    assert "link" in result.problems[0].why


def test_a_journal_cannot_name_an_archive_outside_of_its_run(tmp_path: Path, library: Path) -> None:
    path, other = archive(tmp_path / "a.zip", TREE), archive(tmp_path / "elsewhere" / "b.zip", TREE)
    planned = extractions(path, library)
    elsewhere = {os.path.basename(step.source): step.member for step in extractions(other, library).operations}
    steps = tuple(replace(step, member=elsewhere[os.path.basename(step.source)]) for step in planned.operations)
    execute(replace(planned, operations=steps), run=RUN)
    after = snapshot(tmp_path)
    for way in (undo, resume):
        with pytest.raises(
            Refused, match=r"not trusted: it names .*b\.zip, which lies outside of the folders of that run"
        ):
            way(RUN)
    assert snapshot(tmp_path) == after


@pytest.mark.parametrize(
    ("change", "words"), [({"size": -1}, "place that can't be"), ({"at": -5}, "place that can't be")]
)
def test_nor_a_place_that_cannot_be(tmp_path: Path, library: Path, change: dict[str, int], words: str) -> None:
    path = archive(tmp_path / "a.zip", TREE)
    planned = extractions(path, library)
    steps = tuple(replace(step, member=replace(step.member, **change)) for step in planned.operations if step.member)
    execute(replace(planned, operations=steps), run=RUN)
    with pytest.raises(Refused, match=words):
        resume(RUN)
