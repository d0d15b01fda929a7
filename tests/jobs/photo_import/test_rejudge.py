"""``--rejudge``: only what an earlier import set aside is judged anew, and what lies in its place is not set aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import image_sync
from image_sync.jobs.photo_import.model import Fate
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.transfer import Transfer
from tests.pictures_made import save, scene


@pytest.fixture
def library(tmp_path: Path) -> ImportRequest:
    """A library with one picture, and its twin among the duplicates."""
    save(scene(1), tmp_path / "card" / "2004-03-05 Picnic" / "a.jpg")
    save(scene(1), tmp_path / "card" / "2004-03-05 Picnic" / "b.jpg")
    request = ImportRequest(
        folder1=str(tmp_path / "card"), output=str(tmp_path / "library"), transfer=Transfer.MOVE, rejudge=True
    )
    assert image_sync.apply(image_sync.import_photos(request)).problems == ()
    return request


def test_only_what_was_set_aside_counts_as_set_aside(library: ImportRequest) -> None:
    review = image_sync.import_photos(replace(library, folder1=library.output))
    told = {one.record.name: one.aside for one in review.world.arrivals}
    assert sorted(told.values()) == [False, True], told
    (kept,) = [placed for placed in review.placed if not placed.arrival.aside]
    assert kept.fate is Fate.IN_PLACE
    assert review.plan.operations == ()
