"""Bursts on real folders: shots of a series are gathered and never set aside, their copies are; other screens part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.accuracy import false_friends
from image_sync.base.events import Finished
from image_sync.base.model import Sameness
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest
from tests.pictures.metadata.test_shots import exif
from tests.pictures_made import save, scene

pytestmark = pytest.mark.slow
pytest.importorskip("cv2")


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def review(engine: Engine, folder: Path, series: bool = False, level: Level = Level.SAME_SHOT) -> OrganizeReview:
    other = folder.parent / "other"
    other.mkdir(exist_ok=True)
    request = OrganizeRequest(
        (os.fspath(folder), os.fspath(other)),
        os.fspath(folder.parent / "out"),
        handling=Handling.KEEP_BEST,
        series=series,
        level=level,
    )
    engine.start(OrganizeJob(request))
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert engine.join(10)
    assert isinstance(event.result, OrganizeReview), event.failure
    return event.result


def set_aside(found: OrganizeReview) -> set[str]:
    return {Path(operation.source).name for operation in found.plan.operations}


def frame(number: int, seed: int = 3) -> Image.Image:
    """A frame of a burst by hand: a few pixels aside, with noise of its own."""
    picture = np.asarray(scene(seed, (660, 500)).crop((3 * number, 2 * number, 640 + 3 * number, 480 + 2 * number)))
    noise = np.random.default_rng(number).normal(0, 3, picture.shape)
    return Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8))


@pytest.fixture
def burst(tmp_path: Path) -> Path:
    """Three frames with their moments; of the second there is a copy without, and one with its EXIF."""
    folder = tmp_path / "photos"
    for number in range(3):
        block = exif("2020:05:01 10:20:30", f"{number + 1}0")
        save(frame(number), folder / f"IMG_{number}.jpg", exif=block, quality=95)
        if number == 1:
            save(frame(number), folder / "shared.jpg", quality=60)
            save(frame(number).resize((320, 240)), folder / "smaller.jpg", exif=block, quality=80)
    return folder


@pytest.mark.parametrize("level", [Level.SAME_SHOT, Level.EDITED])
def test_only_copies_of_a_frame_are_set_aside(engine: Engine, burst: Path, level: Level) -> None:
    for _ in range(2):  # From fresh looks, then from remembered ones.
        found = review(engine, burst, level=level)
        assert len(found.groups) == 1
        assert len(found.groups[0].members) == 5
        assert set_aside(found) == {"shared.jpg", "smaller.jpg"}
        reasons = {Path(one.source).name: one.reason for one in found.plan.operations}
        assert all("IMG_1.jpg" in reason for reason in reasons.values()), reasons


def test_a_series_counts_as_copies_for_who_asks(engine: Engine, burst: Path) -> None:
    assert len(set_aside(review(engine, burst, series=True))) == 4


def test_what_moves_tells_frames_without_times_apart(engine: Engine, tmp_path: Path) -> None:
    for number, left in enumerate((30, 240, 450)):
        picture = scene(5, (640, 480))
        picture.paste(scene(90, (70, 160)), (left, 180))
        save(picture, tmp_path / "photos" / f"{number}.jpg", quality=92)
        save(picture, tmp_path / "photos" / f"copy-{number}.jpg", quality=60)
    found = review(engine, tmp_path / "photos")
    assert set_aside(found) == {"copy-0.jpg", "copy-1.jpg", "copy-2.jpg"}
    kinds = {member.sameness for group in found.groups for member in group.members}
    assert Sameness.SERIES in kinds


@pytest.mark.parametrize("family", ["screens", "goods in two colours"])
def test_false_friends_are_in_no_group_and_their_copies_are(engine: Engine, tmp_path: Path, family: str) -> None:
    one, other = false_friends.MADE[family](4)
    for name, picture in (("one", one), ("other", other)):
        save(picture, tmp_path / "photos" / f"{name}.png")
        save(picture, tmp_path / "photos" / f"{name}.jpg", quality=70)
    found = review(engine, tmp_path / "photos")
    names = [picture.record.name for picture in found.pictures]
    groups = {frozenset(names[member.picture] for member in group.members) for group in found.groups}
    assert groups == {frozenset({"one.png", "one.jpg"}), frozenset({"other.png", "other.jpg"})}
