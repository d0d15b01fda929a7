"""Storage that answers late or fails for a moment: read ahead in order, tried again, said in words."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from image_sync.archives import patience
from image_sync.base.events import Ending, Finished
from image_sync.engine import Engine
from image_sync.inventory import read_ahead
from image_sync.inventory.measuring import _by_device, _Task
from image_sync.inventory.read_ahead import AHEAD, io_workers, reading_ahead
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.pictures import content
from tests.pictures_made import save, scene
from tests.values import record


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(patience, "_failures", patience._Failures())


# --- patience ---------------------------------------------------------------------------------------------------------


class Failing:
    """Reading that fails some times, each with one error."""

    def __init__(self, times: int, number: int = errno.EIO) -> None:
        self.times, self.number, self.asked = times, number, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise OSError(self.number, os.strerror(self.number), "/x")
        return "read"


@pytest.mark.parametrize("times", [0, 1, 2])
def test_what_fails_for_a_moment_is_tried_again(times: int) -> None:
    read = Failing(times, errno.ETIMEDOUT)
    assert patience.patiently(read) == "read"
    assert read.asked == times + 1


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOSPC])
def test_what_fails_for_good_is_not(number: int) -> None:
    read = Failing(9, number)
    with pytest.raises(OSError) as raised:
        patience.patiently(read)
    assert (read.asked, patience.tries_of(raised.value)) == (1, 1)


def test_nobody_waits_for_storage_that_is_gone() -> None:
    for _ in range(patience.GONE_AFTER):
        with pytest.raises(OSError):
            patience.patiently(Failing(9))
    read = Failing(9)
    with pytest.raises(OSError):
        patience.patiently(read)
    assert read.asked == 1
    assert patience.patiently(Failing(0)) == "read"
    assert patience.patiently(Failing(1)) == "read", "it is back"


def test_a_file_that_fails_again_and_again_is_said_with_its_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        save(scene(number), tmp_path / "one" / f"{number}.jpg", 1.5e9)
    opened, failed = os.open, []

    def flaky(path: Any, *arguments: Any, **named: Any) -> int:
        name = os.path.basename(os.fspath(path)) if isinstance(path, str) else ""
        if name == "1.jpg" or (name == "2.jpg" and "2.jpg" not in failed):
            failed.append(name)
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return opened(path, *arguments, **named)

    monkeypatch.setattr(content.os, "open", flaky)
    review = scanned(tmp_path / "one")
    assert [(os.path.basename(one.path), "tried 3 times" in one.why) for one in review.problems] == [("1.jpg", True)]
    assert len(review.pictures) == 2


# --- read ahead -------------------------------------------------------------------------------------------------------


def scanned(folder: Path, **more: Any) -> Any:
    engine = Engine(catalog=os.fspath(folder.parent / "known"), workers=1, **more)
    engine.start(OrganizeJob(OrganizeRequest((os.fspath(folder),), os.fspath(folder.parent / "out"))))
    while not isinstance(event := engine.events.get(timeout=120), Finished):
        pass
    engine.close()
    assert event.ending is Ending.FINISHED, event.failure + event.details
    return event.result


def numbers(taken: list[int]) -> Iterator[int]:
    for number in range(100):
        taken.append(number)
        yield number


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_items_come_in_order_and_no_more_are_ahead_than_there_is_room(
    monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr(read_ahead, "fetch", fetched.append)
    taken: list[int] = []
    for expected, item in enumerate(reading_ahead(numbers(taken), str, workers)):
        assert item == expected
        assert len(taken) - item <= max(1, workers * AHEAD)
        assert not workers or str(item) in fetched
    assert len(taken) == 100
    assert sorted(fetched) == sorted(map(str, range(100))) if workers else not fetched


def test_so_many_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(4, timeout=30)
    monkeypatch.setattr(read_ahead, "fetch", lambda _path: together.wait())
    assert len(list(reading_ahead(range(8), str, 4))) == 8


def test_a_run_that_reads_ahead_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        save(scene(number % 4), tmp_path / "one" / f"{number}.jpg", 1.5e9)
    (tmp_path / "one" / "gone.jpg").symlink_to("nowhere")
    expected = scanned(tmp_path / "one")
    (tmp_path / "known").unlink()
    fetched: list[str] = []
    fetch = read_ahead.fetch
    monkeypatch.setattr(read_ahead, "fetch", lambda path: (fetched.append(path), fetch(path)))
    review = scanned(tmp_path / "one", io_workers=3)
    assert (review.groups, review.plan, review.problems) == (expected.groups, expected.plan, expected.problems)
    assert {os.path.basename(path) for path in fetched} == {f"{number}.jpg" for number in range(6)}
    fetched.clear()
    scanned(tmp_path / "one", io_workers=3)
    assert fetched == [], "a run over known pictures touches their folders only"


MOUNTS = "/dev/sda1 / ext4 rw 0 0\nnas:/photos /mnt/nas nfs4 rw 0 0\n//pc/x /mnt/my\\040share cifs rw 0 0\n"


@pytest.mark.parametrize(
    ("asked", "folders", "threads"),
    [
        (None, ["/home/me"], 0),
        (None, ["/home/me", "/mnt/nas/2020"], 8),
        (None, ["/mnt/nas"], 8),
        (None, ["/mnt/nas2"], 0),
        (None, ["/mnt/my share/a"], 8),
        (None, ["\\\\server\\share"], 8),
        (0, ["/mnt/nas"], 0),
        (5, ["/home/me"], 5),
    ],
)
def test_network_shares_are_read_ahead(tmp_path: Path, asked: int | None, folders: list[str], threads: int) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert io_workers(asked, folders, os.fspath(mounts)) == threads
    assert io_workers(None, ["/mnt/nas"], os.fspath(tmp_path / "no such file")) == 0


def test_devices_take_turns_each_in_its_order() -> None:
    tasks = [_Task(record(f"{n}.jpg", device=1 + (n > 3)), None, want_digest=False) for n in range(7)]
    assert [task.record.name for task in _by_device(tasks)] == [f"{n}.jpg" for n in (0, 4, 1, 5, 2, 6, 3)]
    assert _by_device(tasks[:3]) == tasks[:3]
