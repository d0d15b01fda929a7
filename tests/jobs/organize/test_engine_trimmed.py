"""What has a twentieth cut off each side is a version of the same shot at the default level."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from image_sync.engine import Engine
from image_sync.jobs.organize.request import Level
from tests.jobs.organize.test_engine_levels import matched, run
from tests.pictures_made import save, scene

pytestmark = pytest.mark.slow


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def cut(picture: Image.Image, share: float) -> Image.Image:
    across, down = round(picture.width * share), round(picture.height * share)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def test_a_twentieth_off_each_side_is_found_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for seed in range(12):
        picture = scene(seed, (640, 480))
        save(picture, folder / f"{seed}.jpg", quality=92)
        save(cut(picture, 0.05), folder / f"{seed} cut.jpg", quality=80)
    wanted = {frozenset((f"{seed}.jpg", f"{seed} cut.jpg")) for seed in range(12)}
    for _ in range(2):  # The second time what was searched before is not searched again.
        review, _ = run(engine, folder, Level.SAME_SHOT)
        assert set(matched(review)) == wanted
    assert len(review.groups) == 12
