"""Decisions on the disk: written at once, taken over for what is as it was, and never trusted."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.base.model import PictureFate
from image_sync.gui.organize.saved_decisions import load, place_of, save
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions
from tests.values import picture

REQUEST = OrganizeRequest(("/one", "/two"), "/out")
PICTURES = [picture("a.jpg"), picture("caf\udce9.jpg"), picture("b.jpg", root="/two")]
PATHS = [one.record.path for one in PICTURES]
TOLD = Decisions(
    {PATHS[0]: PictureFate.KEEP, PATHS[1]: PictureFate.SET_ASIDE, PATHS[2]: PictureFate.LEAVE},
    frozenset({PATHS[1]}),
    frozenset({PATHS[0]}),
    True,
)


def test_what_was_decided_comes_back() -> None:
    assert load(REQUEST, PICTURES) == Decisions()
    save(REQUEST, TOLD, PICTURES)
    assert load(REQUEST, PICTURES) == TOLD
    assert load(OrganizeRequest(("/two", "/one"), "/elsewhere"), PICTURES) == TOLD, (
        "the same folders the other way round"
    )
    assert load(OrganizeRequest(("/one", "/three"), "/out"), PICTURES) == Decisions()
    assert os.stat(place_of(REQUEST)).st_mode & 0o077 == 0
    save(REQUEST, Decisions(), PICTURES)
    assert not Path(place_of(REQUEST)).exists()
    save(REQUEST, Decisions(), PICTURES)


def test_only_what_is_as_it_was_is_taken_over() -> None:
    save(REQUEST, TOLD, PICTURES)
    touched = replace(PICTURES[0], record=replace(PICTURES[0].record, mtime_ns=7))
    found = load(REQUEST, [touched, PICTURES[1]])
    assert found == Decisions({PATHS[1]: PictureFate.SET_ASIDE}, frozenset({PATHS[1]}), frozenset(), True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"format": 99, "fates": {PATHS[0]: "keep"}}).encode(),
        json.dumps({"format": 1, "stamps": [], "fates": [], "best": {}, "reviewed": 7}).encode(),
        json.dumps(
            {"format": 1, "stamps": {}, "fates": {"/etc/passwd": "set aside"}, "best": ["/etc/passwd"]}
        ).encode(),
        json.dumps({"format": 1, "stamps": {PATHS[0]: [1000, 10**18]}, "fates": {PATHS[0]: ["x"]}}).encode(),
    ],
    ids=range(10),
)
def test_what_is_damaged_or_of_another_version_or_about_other_files_counts_for_nothing(content: bytes) -> None:
    place = Path(place_of(REQUEST))
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    assert not load(REQUEST, PICTURES)
