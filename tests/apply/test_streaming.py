"""Holes of a file are holes of its copy, and its bytes are the same whatever was a hole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.apply import streaming
from image_sync.apply.executor import execute
from image_sync.apply.undo import undo
from image_sync.base.control import CHUNK
from image_sync.base.model import Action, RunState
from tests.apply.trees import operation, plan, snapshot

PIECE = streaming.PIECE


@pytest.fixture
def holed(root: Path) -> Path:
    """Four data blocks in sixteen megabytes, the last of them a hole; skips where the disk has no holes."""
    path = root / "from" / "disk image.tif"
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        for at in (0, 3 * CHUNK + 17, 9 * CHUNK):
            stream.seek(at)
            stream.write(b"data" * 1000)
        stream.truncate(16 * CHUNK + 5)
    if not streaming.is_sparse(path.stat()):
        pytest.skip("this file system has no holes")
    return path


@pytest.mark.parametrize("action", [Action.COPY, Action.UPDATE])
def test_a_copy_has_the_holes_of_its_source(root: Path, holed: Path, action: Action) -> None:
    target = root / "to" / holed.name
    if action is Action.UPDATE:
        target.parent.mkdir()
        target.write_bytes(b"an older version")
    before = snapshot(root)
    done = execute(plan(operation(action, holed, target), root=root))
    assert done.state is RunState.FINISHED and not done.problems
    assert target.read_bytes() == holed.read_bytes()
    assert target.stat().st_mtime_ns == holed.stat().st_mtime_ns
    assert target.stat().st_blocks <= holed.stat().st_blocks + 4 * PIECE // 512
    undo(done.run)
    assert snapshot(root) == before


def test_zeros_that_are_no_holes_are_written(root: Path) -> None:
    source, target = root / "a.bmp", root / "b.bmp"
    source.write_bytes(bytes(4 * CHUNK))
    assert not streaming.is_sparse(source.stat())
    execute(plan(operation(Action.COPY, source, target), root=root))
    assert target.stat().st_blocks >= source.stat().st_blocks


PARTS = {"hole": bytes(PIECE), "zeros": bytes(3), "one": b"x", "more": bytes(PIECE) + b"y", "full": b"z" * PIECE}


@settings(deadline=None)
@given(
    parts=st.lists(st.sampled_from([*PARTS]), max_size=6), length=st.sampled_from([777, PIECE, 3 * PIECE + 1, 1 << 20])
)
def test_any_chunks_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], length: int
) -> None:
    whole = b"".join(PARTS[part] for part in parts)
    place = tmp_path_factory.mktemp("sparse")
    hole = place / "source"
    with hole.open("wb") as stream:
        stream.truncate(1 << 20)
    with hole.open("rb") as source, (place / "copy").open("wb") as copy:
        writer = streaming.Writer(copy.fileno(), source.fileno())
        for start in range(0, len(whole), length):
            writer.write(whole[start : start + length])
        writer.finish()
    assert (place / "copy").read_bytes() == whole
    os.unlink(place / "copy")
