"""Random trees on a real disk: every byte is somewhere afterwards, a second run rests, undo brings all back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.base.model import RunState
from image_sync.engine import Engine
from image_sync.jobs.photo_import.model import ImportReview
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.transfer import Transfer
from tests.jobs.photo_import.made import (
    SPRING,
    SUMMER,
    applied,
    mirrored,
    photo,
    pixels,
    plant,
    reviewed,
    stopped_after,
    undone,
)
from tests.pictures.metadata.metadata_made import movie, mvhd
from tests.trees import snapshot

CONTENTS = {
    "jpg": [photo("A"), photo("A", SPRING), photo("A", SUMMER), photo("B", SPRING), photo("C")],
    "png": [pixels("P", kind="PNG"), mirrored("P")],
    "cr2": [b"II*\0 one", b"II*\0 two"],
    "mov": [movie(mvhd(None)), movie(mvhd(None), media=500)],
    "xmp": [b"<x/>", b"<y/>"],
    "json": [b"{}"],
    "txt": [b"text", b""],
}
NAMES = ["a", "A", "a(1)", "b", "IMG_20190304_120102", "a.jpg", "Ä", "\udcff"]
FOLDERS = ["2004", "2004-03-05 Picnic", "Picnic", "trip", "05", "DCIM", "S_NoDate", "S_Duplicates", "new\nline"]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for _ in range(draw(st.integers(1, 8))):
        folder = draw(st.lists(st.sampled_from(FOLDERS), max_size=2))
        suffix = draw(st.sampled_from(["jpg", "jpg", "jpg", *CONTENTS]))
        name = f"{draw(st.sampled_from(NAMES))}.{suffix}"
        found["/".join([*folder, name])] = draw(st.sampled_from(CONTENTS[suffix]))
    return found


def digests(root: Path) -> Counter[str]:
    return Counter(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and ".image-sync" not in path.parts
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    arriving=trees(),
    standing=trees(),
    place=st.sampled_from(["apart", "same", "child"]),
    transfer=st.sampled_from([Transfer.MOVE, Transfer.MOVE, Transfer.COPY]),
    set_dates=st.booleans(),
)
def test_nothing_vanishes_a_second_run_rests_and_undo_restores(
    engine: Engine,
    tmp_path: Path,
    arriving: dict[str, bytes],
    standing: dict[str, bytes],
    place: str,
    transfer: Transfer,
    set_dates: bool,
) -> None:
    transfer = Transfer.MOVE if place == "same" else transfer  # in place nothing is copied
    root = tmp_path / "tree"
    shutil.rmtree(root, ignore_errors=True)
    output = root / "lib"
    source = {"same": output, "child": output / "Picnic"}.get(place, root / "in")
    for folder in (source, output):
        folder.mkdir(parents=True, exist_ok=True)
    plant(output, standing)
    plant(source, arriving, mtime=1_000_001_000.0)
    before, bytes_before = snapshot(root), digests(root)
    request = ImportRequest(os.fspath(source), os.fspath(output), prefix="S", transfer=transfer, set_dates=set_dates)
    result = applied(engine, reviewed(engine, request))
    assert result.problems == ()
    left = digests(root)
    if not set_dates:
        assert not bytes_before - left
        assert transfer is Transfer.COPY or left == bytes_before
    assert reviewed(engine, request).plan.operations == ()
    if result.run:
        assert undone(engine).state is RunState.UNDONE
    assert snapshot(root) == before


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(arriving=trees(), standing=trees(), pictures=st.integers(1, 9), in_place=st.booleans())
def test_a_scan_that_was_stopped_and_the_next_one_come_to_the_same_end(
    engine: Engine,
    tmp_path: Path,
    arriving: dict[str, bytes],
    standing: dict[str, bytes],
    pictures: int,
    in_place: bool,
) -> None:
    root = tmp_path / "tree"
    shutil.rmtree(root, ignore_errors=True)
    output = root / "lib"
    source = output if in_place else root / "in"
    for folder in (source, output):
        folder.mkdir(parents=True, exist_ok=True)
    plant(output, standing)
    plant(source, arriving, mtime=1_000_001_000.0)
    before, bytes_before = snapshot(root), digests(root)
    request = ImportRequest(os.fspath(source), os.fspath(output), prefix="S")
    first = stopped_after(engine, request, pictures).result
    results = [applied(engine, first)] if isinstance(first, ImportReview) else []
    results.append(applied(engine, reviewed(engine, request)))
    assert [result.problems for result in results] == [()] * len(results)
    assert digests(root) == bytes_before
    assert reviewed(engine, request).plan.operations == ()
    for result in results:
        assert not result.run or undone(engine).state is RunState.UNDONE
    assert snapshot(root) == before
