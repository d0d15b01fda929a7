"""The engine's events in the log: stages with counts and times, each problem once, how it ended."""

from __future__ import annotations

import logging

import pytest

from image_sync.base.event_log import LoggedEvents
from image_sync.base.events import Ending, Event, Finished, Note, ProblemFound, Progress, Stage, StageBegan
from image_sync.base.model import Action, Operation, Plan, Problem, RunResult, RunState

BAD = Problem("/a/b.jpg", "can't be read as a picture", "it ends early")
WORSE = Problem("/a/c.jpg", "can't be moved", "no permission")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.5
        return self.now


def told(caplog: pytest.LogCaptureFixture, *events: Event) -> list[str]:
    queue = LoggedEvents(Clock())
    with caplog.at_level(logging.INFO, logger="image_sync"):
        for event in events:
            queue.put(event)
    assert [queue.get_nowait() for _ in events] == list(events), "all of them pass through, in order"
    return [record.getMessage() for record in caplog.records]


def test_stages_have_counts_and_times(caplog: pytest.LogCaptureFixture) -> None:
    assert told(
        caplog,
        StageBegan(Stage.SCAN, 1, 2),
        Progress(Stage.SCAN, 3, None),
        Progress(Stage.SCAN, 4, None),
        StageBegan(Stage.MEASURE, 2, 2, 4),
        Progress(Stage.SCAN, 99, None),
        Finished(Ending.STOPPED),
    ) == [
        "Stage 1 of 2: Looking for files",
        "Looking for files: 4 items, 0 bytes, 1.500 s",
        "Stage 2 of 2: Reading pictures, 4 items",
        "Reading pictures: 1.500 s",
        "The job was stopped. ",
    ]


def test_each_problem_is_told_once_a_job(caplog: pytest.LogCaptureFixture) -> None:
    result = RunResult("run-1", RunState.FINISHED, 4, 3, 2048, (BAD, WORSE), 1.25)
    end = Finished(Ending.FINISHED, result)
    assert told(caplog, ProblemFound(BAD), Note("A note."), end, end) == [
        f"Problem: {BAD}",
        "Note: A note.",
        f"Problem: {WORSE}",
        "Run run-1: finished, 3 of 4 operations, 2.0 KiB, 1.250 s",
        "The job finished. ",
        # The next job tells what it met itself.
        f"Problem: {BAD}",
        f"Problem: {WORSE}",
        "Run run-1: finished, 3 of 4 operations, 2.0 KiB, 1.250 s",
        "The job finished. ",
    ]


def test_a_plan_is_told_by_its_counts(caplog: pytest.LogCaptureFixture) -> None:
    class Review:
        plan = Plan("sync", {}, (Operation(Action.COPY, "/a", "/b", "new"),) * 2, problems=(WORSE,))
        problems = (BAD,)

    assert told(caplog, Finished(Ending.PARTIAL, Review())) == [
        f"Problem: {BAD}",
        f"Problem: {WORSE}",
        "Plan of sync: copy 2, 0 bytes",
        "The job was stopped with a part of its result. ",
    ]


@pytest.mark.parametrize(
    ("ending", "level"),
    [(Ending.REFUSED, logging.WARNING), (Ending.CRASHED, logging.ERROR), (Ending.FINISHED, logging.INFO)],
)
def test_how_it_ended_is_told_as_loud_as_it_is(caplog: pytest.LogCaptureFixture, ending: Ending, level: int) -> None:
    assert told(caplog, Finished(ending, failure="because"))[-1].endswith(". because")
    assert caplog.records[-1].levelno == level
