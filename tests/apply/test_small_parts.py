"""The small parts that actions are made of, as tables: marks, times, what is held of a copy, what is told of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.apply import file_state, streaming
from image_sync.apply.actions import moving, unpacking
from image_sync.apply.executor import execute
from image_sync.apply.file_state import COARSEST_NS
from image_sync.apply.folders import FolderBook, PathGuard
from image_sync.apply.records import Mark
from image_sync.apply.step_context import StepContext
from image_sync.archives.opening import listed
from image_sync.base.control import Control
from image_sync.base.model import Action
from image_sync.base.progress import Reporter
from tests.apply.trees import LONG_AGO, operation, plan, put, stamp
from tests.archives.made import archive


def seen(path: str) -> file_state.Seen:
    found = file_state.look(path)
    assert found is not None
    return found


# --- marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, fits",
    [
        ({}, True),
        ({"size": 1}, False),
        ({"inode": 1}, False),
        ({"mtime_ns": LONG_AGO + 1}, False),
        ({"device": -1}, True),
        ({"device": -1, "mtime_ns": LONG_AGO + 1}, False),
        ({"device": -1, "size": 1}, False),
        ({"inode": 0}, True),
        ({"inode": 0, "mtime_ns": LONG_AGO + COARSEST_NS}, True),
        ({"inode": 0, "mtime_ns": LONG_AGO - COARSEST_NS}, True),
        ({"inode": 0, "mtime_ns": LONG_AGO + COARSEST_NS + 1}, False),
    ],
)
def test_whether_a_file_is_the_one_that_was_marked(root: Path, change: dict[str, int], fits: bool) -> None:
    now = seen(put(root / "a.jpg", "a"))
    left = Mark(now.size, now.mtime_ns, now.device, now.inode)
    assert file_state.fits(now, replace(left, **change)) is fits
    folder = seen(os.fspath(root))
    assert not file_state.fits(folder, Mark(folder.size, folder.mtime_ns, folder.device, folder.inode))


@pytest.mark.parametrize(
    "apart, exact", [(0, True), (1, True), (-1, True), (COARSEST_NS, True), (COARSEST_NS + 1, False)]
)
def test_what_a_coarse_disk_rounded_off_comes_back(root: Path, apart: int, exact: bool) -> None:
    path = put(root / "a.jpg", "a")
    todo = operation(Action.MOVE, path, root / "b.jpg")
    os.utime(path, ns=(5, LONG_AGO + apart))
    moving._set_exact_time(todo, seen(path))
    status = os.stat(path)
    assert (status.st_atime_ns, status.st_mtime_ns) == (5, LONG_AGO if exact else LONG_AGO + apart)
    moving._set_exact_time(replace(todo, expected=None), seen(path))
    assert os.stat(path).st_mtime_ns == status.st_mtime_ns


@pytest.mark.skipif(os.name == "nt", reason="links take a privilege there")
def test_the_time_of_what_a_link_points_to_is_left_alone(root: Path) -> None:
    path, link = put(root / "a.jpg", "a"), root / "link"
    link.symlink_to("a.jpg")
    todo = replace(operation(Action.MOVE, path, root / "b.jpg"), source=os.fspath(link))
    os.utime(path, ns=(5, LONG_AGO + 9))
    moving._set_exact_time(todo, seen(os.fspath(link)))
    assert os.stat(path).st_mtime_ns == LONG_AGO + 9


# --- folders ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")
@pytest.mark.parametrize("who", ["nobody", "somebody", "the run"])
def test_only_a_folder_that_the_run_made_gets_the_permissions_of_another(root: Path, who: str) -> None:
    like, folder = root / "like", root / "out" / "made"
    like.mkdir()
    like.chmod(0o711)
    steps = [operation(Action.MAKE_FOLDER, like, folder)]
    if who == "somebody":
        folder.mkdir(parents=True)
        folder.chmod(0o750)
    elif who == "the run":
        steps.insert(0, operation(Action.MOVE, put(root / "a.jpg", "a"), folder / "a.jpg"))
    assert execute(plan(*steps, root=root)).problems == ()
    assert folder.stat().st_mode & 0o777 == (0o750 if who == "somebody" else 0o711)


# --- what is held of a copy -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digest", [None, "0" * 32])
@pytest.mark.parametrize("size", [streaming.HELD, streaming.HELD + 1])
def test_of_a_small_file_the_chunks_are_held_of_a_large_one_the_digest(size: int, digest: str | None) -> None:
    taken = streaming.Taken(size, digest, summed=True)
    for chunk in (b"one", b"two"):
        taken.add(chunk)
    small = size <= streaming.HELD
    assert taken.chunks == ([b"one", b"two"] if small else None)
    assert taken.digest == (None if small and digest is None else "5b9164ad6f496d9dee12ec7634ce253f")
    assert len(taken.sum) == 64 and streaming.Taken(size, digest, summed=False).sum == ""


# --- what is told -----------------------------------------------------------------------------------------------------


class Told(Reporter):
    """Takes down the bytes that it is told of."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def advance(self, items: int = 1, size: int = 0, current: str = "") -> None:
        self.sizes.append(size)
        super().advance(items, size, current)


def test_what_is_taken_out_of_an_archive_is_told_bit_by_bit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "CHUNK", 100)
    path, told = archive(root / "a.zip", {"a.jpg": b"x" * 250}), Told()
    member = listed(path).members["a.jpg"]
    tools = StepContext(PathGuard("run", [os.fspath(root)], FolderBook({}, set())), told, Control())
    tools.begin(path, 250)
    unpacking.unpack(member, os.fspath(root / "out.jpg"), tools, before=seen(path))
    assert told.sizes == [100, 100, 50]
    assert stamp(root / "out.jpg").size == 250
