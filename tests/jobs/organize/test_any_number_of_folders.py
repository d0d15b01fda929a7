"""One folder or many: the same groups wherever the pictures lie, from the scan to the undo."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.base.events import Finished
from image_sync.base.model import RunResult, RunState
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from tests.pictures_made import edited, save, scene
from tests.trees import files, snapshot

NAMES = ("beach.png", "strand.jpg", "ocean.webp", "tower.jpg", "spire.jpg", "cat.png", "dog.jpg")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(catalog=os.fspath(tmp_path / "catalog.sqlite3"))
    yield made
    made.close()


def ended(engine: Engine) -> Finished:
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert engine.join(10)
    return event


def scanned(engine: Engine, folders: Sequence[Path], output: Path, **options: object) -> OrganizeReview:
    engine.start(OrganizeJob(OrganizeRequest(tuple(map(os.fspath, folders)), os.fspath(output), **options)))  # type: ignore[arg-type]
    end = ended(engine)
    assert isinstance(end.result, OrganizeReview), end.failure
    return end.result


def applied(engine: Engine, review: OrganizeReview) -> RunResult:
    engine.apply(review.plan)
    end = ended(engine)
    assert isinstance(end.result, RunResult), end.failure
    return end.result


def groups(review: OrganizeReview) -> list[tuple[str, ...]]:
    """The groups as names, the best first."""
    return [tuple(review.pictures[member.picture].record.name for member in group.members) for group in review.groups]


def make(place: Path) -> Path:
    """Seven pictures: one scene three times, one file twice, two alone."""
    save(scene(1), place / "beach.png", 1e9)
    save(edited(scene(1)), place / "strand.jpg", 1.1e9, quality=80)
    save(scene(1), place / "ocean.webp", 1.2e9, quality=60)
    save(scene(2), place / "tower.jpg", 1e9, quality=95)
    shutil.copy(place / "tower.jpg", place / "spire.jpg")
    os.utime(place / "spire.jpg", (1.3e9, 1.3e9))
    save(scene(3), place / "cat.png", 1e9)
    save(scene(4), place / "dog.jpg", 1e9)
    return place


EXPECTED = [("beach.png", "ocean.webp", "strand.jpg"), ("tower.jpg", "spire.jpg")]


def spread(source: Path, root: Path, spots: Sequence[int]) -> list[Path]:
    """The pictures of ``source`` copied to folders below ``root``, each to the one that its number names."""
    folders = [root / f"input {number}" for number in range(max(spots) + 1)]
    for folder in folders:
        folder.mkdir(parents=True)
    for name, home in zip(NAMES, spots, strict=True):
        shutil.copy2(source / name, folders[home] / name)
    return folders


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spots=st.lists(st.integers(0, 4), min_size=7, max_size=7), number=st.integers(1, 10**9))
def test_any_partition_over_folders_gives_the_groups_of_one_folder(
    engine: Engine, tmp_path: Path, spots: list[int], number: int
) -> None:
    source = tmp_path / "all"
    if not source.exists():
        make(source)
    root = tmp_path / f"world {number}"
    shutil.rmtree(root, ignore_errors=True)
    one = scanned(engine, [source], tmp_path / "out")
    many = scanned(engine, spread(source, root, spots), tmp_path / "out")
    assert groups(many) == groups(one) == EXPECTED
    assert {group.why_best for group in many.groups} == {group.why_best for group in one.groups}


@pytest.mark.parametrize("spots", [(0,) * 7, (0, 1, 2, 0, 1, 2, 0), (0, 1, 2, 3, 4, 5, 6)])
def test_from_any_number_of_folders_to_a_sorted_one_and_back(
    engine: Engine, tmp_path: Path, spots: tuple[int, ...]
) -> None:
    folders = spread(make(tmp_path / "all"), tmp_path / "in", spots)
    before = snapshot(tmp_path / "in")
    review = scanned(engine, folders, tmp_path / "out")
    assert snapshot(tmp_path / "in") == before and not (tmp_path / "out").exists(), "a preview writes nothing"
    assert list(review.plan.roots) == [*(f"folder {place}" for place in range(1, len(folders) + 1)), "output"]
    result = applied(engine, review)
    assert (result.state, result.done, result.problems) == (RunState.FINISHED, 7, ())
    assert {name.split("/")[0] for name in files(tmp_path / "out")} == {
        "similar_beach",
        "similar_tower",
        "unique_images",
    }
    assert files(tmp_path / "in") == []
    engine.undo(result.run)
    assert isinstance(end := ended(engine).result, RunResult) and end.state is RunState.UNDONE
    assert snapshot(tmp_path / "in") == before and not (tmp_path / "out").exists()


def test_any_of_the_folders_can_be_one_that_is_never_changed(engine: Engine, tmp_path: Path) -> None:
    folders = spread(make(tmp_path / "all"), tmp_path / "in", (0, 1, 2, 1, 2, 2, 2))
    third = os.fspath(folders[2])
    before = snapshot(folders[2])
    review = scanned(engine, folders, tmp_path / "out", references=(third,), handling=Handling.KEEP_BEST)
    assert all(not operation.source.startswith(third) for operation in review.plan.operations)
    assert len(review.plan.operations) == 3, "beach and strand for ocean, tower for spire"
    assert applied(engine, review).state is RunState.FINISHED
    assert snapshot(folders[2]) == before


def test_between_folders_only_what_another_folder_has_too_is_a_copy(engine: Engine, tmp_path: Path) -> None:
    folders = spread(make(tmp_path / "all"), tmp_path / "in", (0, 1, 0, 1, 1, 0, 1))
    every = scanned(engine, folders, tmp_path / "out")
    assert sorted(map(len, groups(every))) == [2, 3]
    between = scanned(engine, folders, tmp_path / "out", between=True)
    # tower and spire are one file in one folder; beach and ocean are in one too, but strand of the other is like both
    assert groups(between) == [("beach.png", "ocean.webp", "strand.jpg")]
    reasons = {Path(operation.source).name: operation.reason for operation in between.plan.operations}
    assert reasons["tower.jpg"] == reasons["spire.jpg"] == "no match in another folder"
    assert len(reasons) == 7, "every picture is sorted all the same"


def test_between_needs_two_folders(tmp_path: Path) -> None:
    make(tmp_path / "all")
    alone = OrganizeRequest(os.fspath(tmp_path / "all"), os.fspath(tmp_path / "out"), between=True)
    assert OrganizeJob.check(alone) == {
        "between": "Only one folder is chosen; matches between folders need two or more"
    }


def test_folders_inside_one_another_are_each_looked_at_once_and_that_is_said(engine: Engine, tmp_path: Path) -> None:
    outer, middle, inner = tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"
    for place, folder in enumerate((outer, middle, inner)):
        save(scene(place), folder / f"p{place}.png")
    save(scene(7), middle / "done" / "result.png")
    review = scanned(engine, (inner, outer, middle), middle / "done")
    assert sorted((picture.record.root, picture.record.relative) for picture in review.pictures) == [
        (os.fspath(outer), "p0.png"),
        (os.fspath(middle), "p1.png"),
        (os.fspath(inner), "p2.png"),
    ]
    assert review.groups == ()
    assert [note for note in review.notes if "lies inside" in note] == [
        f"{middle} lies inside {outer} and is taken as a folder of its own.",
        f"{inner} lies inside {middle} and is taken as a folder of its own.",
        f"{middle / 'done'} lies inside {middle} and is not searched.",
    ]


def test_one_file_with_names_in_three_folders_is_one_picture(engine: Engine, tmp_path: Path) -> None:
    save(scene(1), tmp_path / "a" / "one.jpg")
    for place in ("b", "c"):
        (tmp_path / place).mkdir()
        os.link(tmp_path / "a" / "one.jpg", tmp_path / place / "one.jpg")
    before = snapshot(tmp_path / "c")
    review = scanned(
        engine,
        [tmp_path / place for place in "abc"],
        tmp_path / "out",
        references=(os.fspath(tmp_path / "c"),),
        handling=Handling.KEEP_BEST,
    )
    assert [picture.record.root for picture in review.pictures] == [os.fspath(tmp_path / "c")]
    assert (review.groups, review.plan.operations) == ((), ())
    assert "2 more paths lead to files that are listed already: not copies, left alone." in review.notes
    assert snapshot(tmp_path / "c") == before


@pytest.mark.parametrize("twin", ["a", "a/../a", "link"])
def test_a_folder_given_twice_is_told_with_the_number_of_the_first(tmp_path: Path, twin: str) -> None:
    for place in ("a", "b"):
        save(scene(1), tmp_path / place / "one.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    folders = tuple(os.fspath(tmp_path / place) for place in ("b", "a", "", twin))
    assert OrganizeJob.check(OrganizeRequest(folders, os.fspath(tmp_path / "out"))) == {
        "folder4": "This is the same folder as Folder 2; choose another one"
    }


def test_folders_as_before_any_number_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="the input folders are one sequence"):
        OrganizeRequest("/one", "/two", "/out")  # type: ignore[arg-type]
    assert OrganizeRequest(Path("/one"), "/out").folders == ("/one",)  # type: ignore[arg-type]
    assert OrganizeRequest([Path("/one"), "/two"], "/out").folders == ("/one", "/two")  # type: ignore[list-item,arg-type]
