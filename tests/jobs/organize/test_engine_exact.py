"""Level *exact*: sizes, then digests where sizes meet; a picture is decoded only when it has a copy, and once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_sync.base.events import Event, Finished, ProblemFound
from image_sync.base.model import UNMEASURED, Sameness
from image_sync.engine import Engine
from image_sync.inventory import measuring
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level, OrganizeRequest
from tests.pictures_made import save, scene


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(workers=2, catalog=os.fspath(tmp_path / "catalog"))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A picture in three copies, one without, two of one size, and two copies of what is no picture."""
    place = tmp_path / "pictures"
    original = save(scene(1), place / "beach.jpg", quality=90)
    shutil.copy(original, place / "beach copy.jpg")
    shutil.copy(original, place / "other name.jpg")
    save(scene(2), place / "alone.png")
    save(scene(3), place / "one size.bmp")
    save(scene(4), place / "same size.bmp")
    for name in ("broken.jpg", "broken copy.jpg"):
        (place / name).write_bytes(b"this is no picture")
    (place / "broken, alone.jpg").write_bytes(b"this is none either, and longer")
    return place


def run(engine: Engine, folder: Path, level: Level = Level.EXACT) -> tuple[OrganizeReview, list[Event]]:
    other = folder.parent / "other"
    other.mkdir(exist_ok=True)
    engine.start(
        OrganizeJob(
            OrganizeRequest((os.fspath(folder), os.fspath(other)), os.fspath(folder.parent / "out"), level=level)
        )
    )
    events: list[Event] = []
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        events.append(event)
    assert engine.join(10)
    assert isinstance(event.result, OrganizeReview), event.failure
    return event.result, events


def names(review: OrganizeReview) -> set[frozenset[str]]:
    """The groups, by the names of their members."""
    return {
        frozenset(review.pictures[member.picture].record.name for member in group.members) for group in review.groups
    }


def problems(events: list[Event]) -> list[str]:
    return [os.path.basename(event.problem.path) for event in events if isinstance(event, ProblemFound)]


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The names of the files that are decoded, and of those whose bytes are read to tell them apart."""
    seen: dict[str, list[str]] = {"measured": [], "identified": []}
    for step, files in seen.items():
        plain = getattr(measuring, step)

        def watched(task: measuring._Task, plain: object = plain, files: list[str] = files) -> object:
            files.append(task.record.name)
            return plain(task)  # type: ignore[operator]

        monkeypatch.setattr(measuring, step, watched)
    return seen


COPIES = {"beach.jpg", "beach copy.jpg", "other name.jpg"}
BROKEN = {"broken.jpg", "broken copy.jpg"}


def test_copies_are_found_and_nothing_else_is_decoded(
    engine: Engine, folder: Path, worked: dict[str, list[str]]
) -> None:
    review, events = run(engine, folder)
    assert names(review) == {frozenset(COPIES), frozenset(BROKEN)}
    assert {match.sameness for match in review.matches} == {Sameness.IDENTICAL_FILE}
    assert problems(events) == []
    assert len(worked["measured"]) == 2
    assert set(worked["measured"]) & COPIES
    assert set(worked["measured"]) & BROKEN
    assert sorted(worked["identified"]) == sorted(COPIES | BROKEN | {"one size.bmp", "same size.bmp"})


def test_members_of_groups_are_measured_and_all_files_are_sorted(engine: Engine, folder: Path) -> None:
    review, _ = run(engine, folder)
    measured = {picture.record.name for picture in review.pictures if picture.fingerprint != UNMEASURED}
    assert measured == COPIES
    assert len(review.plan.operations) == len(review.pictures) == len(list(folder.iterdir()))
    assert {group.context for group in review.groups} == {"beach", "broken"}


def test_a_second_run_decodes_nothing_it_knows(engine: Engine, folder: Path, worked: dict[str, list[str]]) -> None:
    first, _ = run(engine, folder)
    for files in worked.values():
        files.clear()
    second, _ = run(engine, folder)
    assert names(second) == names(first)
    assert set(worked["measured"]) <= BROKEN
    assert not set(worked["identified"]) & COPIES


def test_what_was_passed_over_is_measured_when_more_is_asked_for(engine: Engine, folder: Path) -> None:
    run(engine, folder)
    review, events = run(engine, folder, Level.SAME_SHOT)
    assert {picture.record.name for picture in review.pictures} == {
        path.name for path in folder.iterdir() if "broken" not in path.name
    }
    assert UNMEASURED not in {picture.fingerprint for picture in review.pictures}
    assert len(problems(events)) == 3
    exact, events = run(engine, folder)
    assert names(exact) == {frozenset(COPIES), frozenset(BROKEN)}
    assert problems(events) == []
    assert all((picture.fingerprint == UNMEASURED) == ("broken" in picture.record.name) for picture in exact.pictures)


def test_a_copy_of_what_is_known_elsewhere_is_not_decoded(
    engine: Engine, folder: Path, tmp_path: Path, worked: dict[str, list[str]]
) -> None:
    run(engine, folder)
    moved = tmp_path / "elsewhere" / "pictures"
    for name in ("beach.jpg", "other name.jpg"):
        moved.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / name, moved / name)
    worked["measured"].clear()
    review, _ = run(engine, moved)
    assert worked["measured"] == []
    assert len(review.groups) == 1
    assert all(picture.fingerprint.width == 320 for picture in review.pictures)


def test_empty_files_are_no_copies_of_one_another(engine: Engine, folder: Path) -> None:
    for name in ("empty.jpg", "empty too.jpg"):
        (folder / name).write_bytes(b"")
    review, events = run(engine, folder)
    assert names(review) == {frozenset(COPIES), frozenset(BROKEN)}
    assert sorted(problems(events)) == ["empty too.jpg", "empty.jpg"]


def test_a_file_that_is_gone_is_a_problem(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = measuring.identified

    def gone(task: measuring._Task) -> object:
        if task.record.name == "other name.jpg":
            os.unlink(task.record.path)
        return plain(task)

    monkeypatch.setattr(measuring, "identified", gone)
    review, events = run(engine, folder)
    assert problems(events) == ["other name.jpg"]
    assert frozenset(COPIES - {"other name.jpg"}) in names(review)
