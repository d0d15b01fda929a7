"""Pictures read by the workers of a real cluster on loopback: the same to the byte, whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from image_sync.base.events import Ending, Finished
from image_sync.base.model import Refused
from image_sync.cluster import pool as pool_module
from image_sync.cluster.request import Cluster, cluster_of
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.pictures.measure import measure
from tests.pictures_made import edited, save, scene

pytest.importorskip("distributed", reason="the package 'distributed' is not installed")

ROOT = Path(__file__).resolve().parents[2]
PICTURES = 60


class Processes:
    """A scheduler and workers, each a process of its own on loopback."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.file = place / "scheduler.json"
        self.scheduler = self._started("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", self.file)
        self._wait(self.file.exists)
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self) -> None:
        self.workers.append(
            self._started(
                "worker", "--scheduler-file", self.file, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                "--local-directory", self.place / f"worker{len(self.workers)}", "--death-timeout", "20",
            )
        )  # fmt: skip

    def _started(self, what: str, *arguments: object) -> subprocess.Popen[bytes]:
        program = f"import sys; from distributed.cli.dask_{what} import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", program, "--host", "127.0.0.1", *map(str, arguments)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @staticmethod
    def _wait(done: Any, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "the cluster did not start"
            time.sleep(0.02)

    def wait_for_workers(self, number: int) -> None:
        import distributed

        with distributed.Client(scheduler_file=os.fspath(self.file), set_as_default=False) as client:
            client.wait_for_workers(number, timeout=60)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Processes]:
    place = tmp_path / "cluster"
    place.mkdir()
    processes = Processes(place)
    try:
        for _ in range(2):
            processes.add_worker()
        processes.wait_for_workers(2)
        yield processes
    finally:
        processes.close()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    place = tmp_path / "photos"
    for number in range(PICTURES):
        save(scene(number), place / f"{number:03}.jpg", 1.5e9 + number)
    for number in range(0, PICTURES, 5):
        save(edited(scene(number)), place / "edited" / f"{number:03}.png", 1.5e9 + number)
        shutil.copy2(place / f"{number:03}.jpg", place / f"copy of {number:03}.jpg")
    (place / "bad.jpg").write_bytes(b"\xff\xd8\xff no picture")
    return place


def run(engine: Engine, folder: Path) -> Finished:
    engine.start(OrganizeJob(OrganizeRequest((os.fspath(folder),), os.fspath(folder.parent / "out"))))
    while not isinstance(event := engine.events.get(timeout=120), Finished):
        pass
    assert engine.join(60)
    return event


def outcome(ended: Finished, catalog: Path) -> tuple[object, ...]:
    """All that must be the same: groups, plan, problems, and every row of the catalog."""
    assert ended.ending is Ending.FINISHED, ended.failure + ended.details
    review: Any = ended.result
    rows = {}
    with sqlite3.connect(catalog) as connection:
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'known_%' AND type = 'table'"
        ):
            rows[table] = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    connection.close()
    return review.groups, review.plan.operations, review.problems, review.matches, rows


def alone(folder: Path, catalog: Path) -> tuple[object, ...]:
    engine = Engine(catalog=os.fspath(catalog), workers=2)
    ended = run(engine, folder)
    engine.close()
    return outcome(ended, catalog)


def with_cluster(processes: Processes, catalog: Path, **more: Any) -> Engine:
    return Engine(catalog=os.fspath(catalog), cluster=Cluster(os.fspath(processes.file), **more))


def test_two_workers_find_what_one_machine_finds(cluster: Processes, photos: Path, tmp_path: Path) -> None:
    expected = alone(photos, tmp_path / "one")
    engine = with_cluster(cluster, tmp_path / "many")
    assert outcome(run(engine, photos), tmp_path / "many") == expected
    engine.close()


@pytest.mark.parametrize("seed", range(2))
def test_a_worker_that_is_killed_costs_its_tasks_and_nothing_else(
    cluster: Processes, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(pool_module.ClusterPool, "together", 4)
    expected = alone(photos, tmp_path / "one")
    engine = with_cluster(cluster, tmp_path / "many")
    until = random.Random(seed).randrange(1, PICTURES // 2)
    engine.start(OrganizeJob(OrganizeRequest((os.fspath(photos),), os.fspath(photos.parent / "out"))))
    catalog = engine.catalog
    handed_out = 0
    submit = pool_module.ClusterPool.submit

    def counting(self: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal handed_out
        handed_out += 1
        if handed_out == until // 4 + 1:
            cluster.workers[0].send_signal(signal.SIGKILL)
        return submit(self, *arguments, **named)

    monkeypatch.setattr(pool_module.ClusterPool, "submit", counting)
    while not isinstance(event := engine.events.get(timeout=120), Finished):
        pass
    engine.join(60)
    assert catalog is engine.catalog
    assert outcome(event, tmp_path / "many") == expected
    assert cluster.workers[0].poll() is not None, "it was killed"
    engine.close()


def test_a_scheduler_that_is_killed_ends_the_run_in_words_and_another_goes_on(
    cluster: Processes, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "LOST_FOR", 1.0)
    monkeypatch.setattr(pool_module.ClusterPool, "together", 4)
    submit = pool_module.ClusterPool.submit
    handed_out = 0

    def counting(self: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal handed_out
        handed_out += 1
        if handed_out == 8:
            cluster.scheduler.send_signal(signal.SIGKILL)
        return submit(self, *arguments, **named)

    monkeypatch.setattr(pool_module.ClusterPool, "submit", counting)
    engine = with_cluster(cluster, tmp_path / "many")
    ended = run(engine, photos)
    engine.close()
    assert ended.ending is Ending.REFUSED, ended
    assert "is gone" in ended.failure
    assert "goes on from there" in ended.failure
    monkeypatch.setattr(pool_module.ClusterPool, "submit", submit)
    again = Engine(catalog=os.fspath(tmp_path / "many"), workers=2)
    finished = run(again, photos)
    again.close()
    one = outcome(finished, tmp_path / "many")
    assert one[:4] == alone(photos, tmp_path / "one")[:4]


def test_workers_that_see_the_folder_elsewhere(cluster: Processes, photos: Path, tmp_path: Path) -> None:
    """The folder is moved where only the workers look: what was found by then is read there."""
    elsewhere = tmp_path / "mounted elsewhere"
    os.rename(photos, elsewhere)
    photos.mkdir()
    engine = with_cluster(cluster, tmp_path / "many")
    (photos / "only here.jpg").write_bytes(b"\xff\xd8\xff")
    pool = pool_module.ClusterPool(
        Cluster(os.fspath(cluster.file), ((os.fspath(photos), os.fspath(elsewhere)),)), print
    )
    with pytest.raises(Refused, match="sees another folder at"):
        pool.view([os.fspath(photos)])
    size = (elsewhere / "001.jpg").stat().st_size
    work = partial(measure, size=size, want_digest=False)
    measured = pool.submit(work, os.fspath(photos / "001.jpg")).result(60)
    assert measured.problem is None
    assert measured == measure(os.fspath(elsewhere / "001.jpg"), size, False)
    pool.close()
    engine.close()


def test_a_worker_without_the_folder_is_refused(cluster: Processes, photos: Path, tmp_path: Path) -> None:
    nowhere = os.fspath(tmp_path / "nowhere")
    engine = with_cluster(cluster, tmp_path / "many", places=((os.fspath(photos), nowhere),))
    ended = run(engine, photos)
    engine.close()
    assert ended.ending is Ending.REFUSED
    assert "can't read" in ended.failure
    assert os.fspath(photos) in ended.failure


def test_a_cluster_without_workers_is_refused(tmp_path: Path, photos: Path) -> None:
    place = tmp_path / "cluster"
    place.mkdir()
    processes = Processes(place)
    try:
        engine = with_cluster(processes, tmp_path / "many")
        ended = run(engine, photos)
        engine.close()
        assert ended.ending is Ending.REFUSED
        assert "has no worker" in ended.failure
    finally:
        processes.close()


def test_a_scheduler_that_is_not_there_is_said_soon(
    tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "REACHED_WITHIN", 1.0)
    for scheduler in ("tcp://127.0.0.1:1", os.fspath(tmp_path / "no such file"), "nonsense"):
        engine = Engine(catalog=os.fspath(tmp_path / "c"), cluster=cluster_of(scheduler, ()))
        ended = run(engine, photos)
        engine.close()
        assert ended.ending is Ending.REFUSED, ended
        assert scheduler in ended.failure


def test_the_run_can_be_stopped(cluster: Processes, photos: Path, tmp_path: Path) -> None:
    engine = with_cluster(cluster, tmp_path / "many")
    engine.start(OrganizeJob(OrganizeRequest((os.fspath(photos),), os.fspath(photos.parent / "out"))))
    engine.stop()
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert event.stopped
    engine.close()
