"""RAW+JPEG on real folders: one unit that moves together, and is set aside together or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from image_sync.apply.executor import execute
from image_sync.apply.undo import undo
from image_sync.base.events import Finished
from image_sync.base.model import Operation
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.pictures.errors import LEFT
from tests.pictures.test_raw import CAMERA, SENSOR, Builder, jpeg, long, short
from tests.pictures_made import save, scene
from tests.trees import files, snapshot

RUN = "20260815-143022-3f2a"
SIZE = (640, 480)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def reviewed(engine: Engine, root: Path, **changes: object) -> OrganizeReview:
    one, two, out = (os.fspath(root / name) for name in ("one", "two", "out"))
    engine.start(OrganizeJob(OrganizeRequest((one, two), out, **changes)))  # type: ignore[arg-type]
    event: Any = None
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert engine.join(10)
    assert event.failure == "" and isinstance(event.result, OrganizeReview)
    return event.result


def raw(picture: Image.Image, path: Path, readable: bool = True) -> None:
    """A RAW file with a preview of ``picture``, or with none that can be read."""
    made = Builder()
    preview = jpeg(picture) if readable else b"no preview"
    strip = [short(0x0103, 6), long(0x0111, made.lay(preview)), long(0x0117, len(preview))]
    made.lay(SENSOR)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.finished(made.directory([*CAMERA, *strip])))


def shot(folder: Path, seed: int, name: str = "IMG_1", readable: bool = True) -> None:
    """A shot of two halves."""
    save(scene(seed, SIZE), folder / f"{name}.jpg", 1e9, quality=90)
    raw(scene(seed, SIZE), folder / f"{name}.cr2", readable)


def moved(operations: tuple[Operation, ...], root: Path) -> dict[str, str]:
    return {os.path.relpath(one.source, root): os.path.relpath(one.destination, root / "out") for one in operations}


def test_both_halves_move_together_wherever_they_go(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "one", 1)
    shot(tmp_path / "one", 2, "IMG_2")
    save(scene(1, SIZE).resize((320, 240)), tmp_path / "two" / "small.jpg")
    before = snapshot(tmp_path)
    review = reviewed(engine, tmp_path)
    found = moved(review.plan.operations, tmp_path)
    folder = os.path.dirname(found["one/IMG_1.jpg"])
    assert folder.startswith("similar_")
    assert found == {
        "one/IMG_1.jpg": f"{folder}/IMG_1.jpg",
        "one/IMG_1.cr2": f"{folder}/IMG_1.cr2",
        "two/small.jpg": f"{folder}/small.jpg",
        "one/IMG_2.jpg": "unique_images/IMG_2.jpg",
        "one/IMG_2.cr2": "unique_images/IMG_2.cr2",
    }
    followers = [one for one in review.plan.operations if one.source.endswith(".cr2")]
    assert all(review.plan.operations[one.follows or 0].source == one.source[:-3] + "jpg" for one in followers)
    assert (review.shots, len(review.pictures)) == (3, 5)
    assert execute(review.plan, run=RUN).problems == ()
    assert files(tmp_path / "out") == sorted(found.values())
    assert undo(RUN).problems == ()
    assert snapshot(tmp_path) == before


def test_a_whole_copy_of_a_shot_is_set_aside_as_a_whole(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "one", 1)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    review = reviewed(engine, tmp_path, handling=Handling.KEEP_BEST)
    assert moved(review.plan.operations, tmp_path) == {
        "two/IMG_1.jpg": "duplicates/two/IMG_1.jpg",
        "two/IMG_1.cr2": "duplicates/two/IMG_1.cr2",
    }


def test_the_half_that_is_alone_is_set_aside_for_the_whole_shot(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "two", 1)
    (tmp_path / "one").mkdir()
    shutil.copy2(tmp_path / "two" / "IMG_1.jpg", tmp_path / "one")
    review = reviewed(engine, tmp_path, handling=Handling.KEEP_BEST)
    assert moved(review.plan.operations, tmp_path) == {"one/IMG_1.jpg": "duplicates/one/IMG_1.jpg"}
    assert review.groups[0].why_best == "has the RAW file beside the picture, which the other lacks"
    os.replace(tmp_path / "one" / "IMG_1.jpg", tmp_path / "IMG_1.jpg")
    shutil.copy2(tmp_path / "two" / "IMG_1.cr2", tmp_path / "one")
    review = reviewed(engine, tmp_path, handling=Handling.KEEP_BEST)
    assert moved(review.plan.operations, tmp_path) == {"one/IMG_1.cr2": "duplicates/one/IMG_1.cr2"}


def test_two_shots_of_which_the_pictures_are_copies_alone_are_not_copies(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "one", 1)
    shot(tmp_path / "two", 1)
    raw(scene(7, SIZE), tmp_path / "two" / "IMG_1.cr2")
    assert reviewed(engine, tmp_path, handling=Handling.KEEP_BEST).plan.operations == ()


def test_a_raw_file_is_never_set_aside_for_a_bare_picture_in_a_reference(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "one", 1)
    save(scene(1, SIZE), tmp_path / "two" / "IMG_1.jpg", 1e9, quality=90)
    changes = {"handling": Handling.KEEP_BEST, "references": (os.fspath(tmp_path / "two"),)}
    review = reviewed(engine, tmp_path, **changes)
    assert review.plan.operations == ()
    assert "They stay where they are, since the picture that stays has no RAW file: “IMG_1.jpg”." in review.plan.notes


def test_a_half_that_cannot_be_read_goes_along_and_is_not_said_to_stay(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "one", 1, readable=False)
    (tmp_path / "two").mkdir()
    review = reviewed(engine, tmp_path)
    assert moved(review.plan.operations, tmp_path) == {
        "one/IMG_1.jpg": "unique_images/IMG_1.jpg",
        "one/IMG_1.cr2": "unique_images/IMG_1.cr2",
    }
    assert [(os.path.basename(one.path), one.hint) for one in review.problems] == [("IMG_1.cr2", "")]


def test_exact_links_are_made_of_each_half(engine: Engine, tmp_path: Path) -> None:
    shot(tmp_path / "one", 1)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    review = reviewed(engine, tmp_path, handling=Handling.LINK_EXACT)
    assert {os.path.basename(one.destination) for one in review.plan.operations} == {"IMG_1.jpg", "IMG_1.cr2"}
    assert review.shots == 4


def test_only_what_is_left_is_said_to_be_left(engine: Engine, tmp_path: Path) -> None:
    """Files of every kind of damage: whatever a plan takes along is not said to stay."""
    one = tmp_path / "one"
    shot(one, 1, readable=False)
    frames = [scene(seed, (128, 64)) for seed in range(3)]
    frames[0].save(one / "anim.png", save_all=True, append_images=frames[1:])
    data = (one / "anim.png").read_bytes()
    (one / "cut.png").write_bytes(data[: len(data) * 2 // 3])
    (one / "empty.jpg").write_bytes(b"")
    (one / "text.jpg").write_bytes(b"hello")
    whole = save(scene(4, SIZE), one / "whole.jpg").read_bytes()
    (one / "half.jpg").write_bytes(whole[: len(whole) // 2])
    shutil.copytree(one, tmp_path / "two")
    for handling in (Handling.GATHER, Handling.KEEP_BEST):
        review = reviewed(engine, tmp_path, handling=handling, check=True)
        taken = {operation.source for operation in review.plan.operations}
        said = {problem.path for problem in review.problems if problem.hint == LEFT}
        assert taken and said
        assert taken & said == set()
