"""Progress: coalesced, with a rate and a time left that can be believed."""

from __future__ import annotations

import queue

import pytest

from image_sync.base.control import Control
from image_sync.base.events import Event, ProblemFound, Progress, Stage, StageBegan
from image_sync.base.model import Problem, Stopped
from image_sync.base.progress import SNAPSHOTS_A_SECOND, Reporter


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def drained(events: queue.Queue[Event]) -> list[Event]:
    found = []
    while not events.empty():
        found.append(events.get())
    return found


def test_many_items_become_few_snapshots() -> None:
    events: queue.Queue[Event] = queue.Queue()
    clock = Clock()
    reporter = Reporter(events, stages=5, clock=clock)
    reporter.stage(Stage.MEASURE, 10_000)
    for _ in range(10_000):
        clock.now += 0.0005
        reporter.advance(1, 100, "/a.jpg")
    reporter.flush()
    began, *snapshots = drained(events)
    assert began == StageBegan(Stage.MEASURE, 1, 5, 10_000)
    assert 2 < len(snapshots) <= 5 * SNAPSHOTS_A_SECOND + 1
    last = snapshots[-1]
    assert isinstance(last, Progress)
    assert (last.done, last.total, last.bytes_done) == (10_000, 10_000, 1_000_000)


@pytest.mark.parametrize(("sizes", "expected"), [(None, 30.0), (4000, 30.0), (13_000, 120.0)])
def test_the_time_left_follows_the_items_or_the_bytes(sizes: int | None, expected: float) -> None:
    events: queue.Queue[Event] = queue.Queue()
    clock = Clock()
    reporter = Reporter(events, clock=clock)
    reporter.stage(Stage.MEASURE, 400, sizes)
    for _ in range(100):
        clock.now += 0.1
        reporter.advance(1, 10)
    last = drained(events)[-1]
    assert isinstance(last, Progress)
    assert last.rate == pytest.approx(10.0, rel=0.05)
    assert last.seconds_left == pytest.approx(expected, rel=0.05)


def test_problems_are_told_at_once_and_kept() -> None:
    events: queue.Queue[Event] = queue.Queue()
    reporter = Reporter(events)
    problem = Problem("/a.jpg", "can't be read", "it is text")
    reporter.problem(problem)
    assert drained(events) == [ProblemFound(problem)]
    assert reporter.problems == (problem,)


def test_a_stop_ends_a_pause() -> None:
    control = Control()
    control.checkpoint()
    control.pause()
    assert control.paused
    control.stop()
    with pytest.raises(Stopped):
        control.checkpoint()
