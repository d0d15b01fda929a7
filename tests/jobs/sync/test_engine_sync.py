"""*Sync* as a front drives it: the engine's methods, its events, looking first and carrying out later."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from image_sync.base import places
from image_sync.base.events import Event, Finished, Note, ProblemFound, Progress, Stage, StageBegan
from image_sync.base.model import Refused, RunResult, RunState
from image_sync.engine import Engine
from image_sync.jobs.sync.job import SyncJob
from image_sync.jobs.sync.model import Answer, Kind, SyncReview
from image_sync.jobs.sync.request import Deletions, SyncRequest
from tests.jobs.sync.running import OWN, Pair, contents, put, settle, tree


@pytest.fixture
def engine() -> Iterator[Engine]:
    found = Engine()
    yield found
    found.close()


def go(engine: Engine, start: Callable[[], None]) -> tuple[Finished, list[Event]]:
    """Start something and gather its events to the end."""
    start()
    events: list[Event] = []
    while not events or not isinstance(events[-1], Finished):
        events.append(engine.events.get(timeout=30))
    assert engine.join(10)
    finished = events[-1]
    assert isinstance(finished, Finished)
    return finished, events


def look(engine: Engine, pair: Pair, at_once: bool = False, **chosen: object) -> SyncReview:
    request = SyncRequest(os.fspath(pair.source), os.fspath(pair.target), **chosen)  # type: ignore[arg-type]
    finished, _ = go(engine, lambda: engine.start(SyncJob(request, at_once=at_once)))
    assert isinstance(finished.result, SyncReview), finished.failure
    return finished.result


def apply(engine: Engine, review: SyncReview) -> RunResult:
    finished, _ = go(engine, lambda: engine.apply(review.plan))
    assert isinstance(finished.result, RunResult), finished.failure
    return finished.result


def test_a_look_tells_how_far_it_is(engine: Engine, pair: Pair) -> None:
    put(pair.source, "a.jpg", b"x" * 1000)
    put(pair.target, "a.jpg", b"y" * 1000)
    os.mkfifo(pair.source / "pipe")
    os.mkfifo(pair.target / "b.jpg")
    put(pair.source, "b.jpg", "b")
    request = SyncRequest(os.fspath(pair.source), os.fspath(pair.target))
    finished, events = go(engine, lambda: engine.start(SyncJob(request)))
    assert [event.stage for event in events if isinstance(event, StageBegan)] == [
        Stage.SCAN,
        Stage.SCAN,
        Stage.MATCH,
        Stage.PLAN,
    ]
    progress = [event for event in events if isinstance(event, Progress) and event.stage is Stage.MATCH]
    last = progress[-1]
    assert (last.done, last.total, last.bytes_done, last.bytes_total) == (1, 1, 2000, 2000)
    assert any(isinstance(event, Note) and "pipe" in event.text for event in events)
    problems = [event.problem.path for event in events if isinstance(event, ProblemFound)]
    assert problems == [os.fspath(pair.source / "b.jpg")]
    assert isinstance(finished.result, SyncReview) and len(finished.result.problems) == 1


def test_looking_changes_nothing_and_waits(engine: Engine, pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    before = pair.trees()
    review = look(engine, pair)
    assert pair.trees() == before and not (pair.source / OWN).exists()
    assert not os.path.exists(os.path.join(places.state_folder(), "runs"))
    other = Engine()
    assert look(other, pair).count(Kind.COPY_TO_TARGET) == 1, "nobody is kept out by somebody who only looks"
    other.close()
    assert apply(engine, review).done == 1
    assert pair.same().keys() == {"a.jpg"}


def test_rows_are_turned_and_conflicts_answered(engine: Engine, pair: Pair) -> None:
    put(pair.source, "c.jpg", "one")
    put(pair.target, "c.jpg", "two")
    put(pair.source, "n.jpg", "mine")
    put(pair.source, "u.jpg", "new", age=1)
    put(pair.target, "u.jpg", "old!", age=9)
    review = look(engine, pair)
    assert [one.path for one in review.conflicts] == ["c.jpg"]
    answered = engine.replan(
        review, review.request, {"c.jpg": Answer.KEEP_BOTH, "n.jpg": Answer.TARGET, "u.jpg": Answer.TARGET}
    )
    kinds = {one.path: one.kind for one in answered.decisions}
    assert kinds == {"c.jpg": Kind.KEEP_BOTH, "n.jpg": Kind.DELETE_IN_SOURCE, "u.jpg": Kind.UPDATE_SOURCE}
    assert [one.kind for one in answered.found] == [one.kind for one in review.found], "what the rules say stays"
    back = engine.replan(answered, review.request, {"c.jpg": Answer.SKIP})
    assert {one.path: one.kind for one in back.decisions} == {
        "c.jpg": Kind.SKIP,
        "n.jpg": Kind.COPY_TO_TARGET,
        "u.jpg": Kind.UPDATE_TARGET,
    }
    again = engine.replan(
        back, review.request, {"c.jpg": Answer.KEEP_BOTH, "n.jpg": Answer.TARGET, "u.jpg": Answer.TARGET}
    )
    assert again.plan == answered.plan
    assert apply(engine, again).problems == ()
    held = {path: data for path, (_, data, _) in pair.same().items()}
    assert held == {"c.jpg": b"one", "c (conflict 2 2020-09-13).jpg": b"two", "u.jpg": b"old!"}
    assert contents(pair.source, pair.target) == {b"one", b"two", b"mine", b"new", b"old!"}


def test_another_request_needs_another_scan(engine: Engine, pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    review = look(engine, pair)
    typed = SyncRequest(os.path.join(pair.source, ""), os.fspath(pair.target))
    assert engine.replan(review, typed, {"a.jpg": Answer.TARGET}).decisions[0].kind is Kind.DELETE_IN_SOURCE
    (pair.source.parent / "third").mkdir()
    for change in ({"verify": True}, {"resolution": "skip"}, {"target": os.fspath(pair.source.parent / "third")}):
        with pytest.raises(Refused, match="need another scan"):
            engine.replan(review, replace(review.request, **change))  # type: ignore[arg-type]


def test_what_was_carried_out_later_is_remembered(engine: Engine, pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    put(pair.source, "same.jpg", "same")
    put(pair.target, "same.jpg", "same", age=5)
    settle()
    apply(engine, look(engine, pair))
    settle()
    (pair.target / "a.jpg").unlink()
    (pair.source / "same.jpg").unlink()
    kinds = {one.path: one.kind for one in look(engine, pair, deletions=Deletions.PROPAGATE, max_delete=1.0).decisions}
    assert kinds == {"a.jpg": Kind.DELETE_IN_SOURCE, "same.jpg": Kind.DELETE_IN_TARGET}


def test_a_refusal_after_the_scan_shows_what_was_found(engine: Engine, pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    apply(engine, look(engine, pair))
    settle()
    (pair.target / "a.jpg").unlink()
    review = look(engine, pair)
    assert "is empty, but at the last run it held 1 file" in review.refusal and review.decisions
    finished, _ = go(engine, lambda: engine.apply(review.plan))
    assert finished.failure == review.refusal
    assert tree(pair.target) == {}


def test_a_refusal_before_the_scan_is_a_failure(engine: Engine, pair: Pair) -> None:
    request = SyncRequest(os.fspath(pair.source), os.fspath(pair.source))
    finished, _ = go(engine, lambda: engine.start(SyncJob(request)))
    assert finished.result is None and "are the same folder" in finished.failure


def test_stop_while_reading(engine: Engine, pair: Pair) -> None:
    for number in range(200):
        put(pair.source, f"{number}.jpg", b"x" * 50_000 + str(number).encode())
        put(pair.target, f"{number}.jpg", b"y" * 50_000 + str(number).encode())
    request = SyncRequest(os.fspath(pair.source), os.fspath(pair.target))
    engine.start(SyncJob(request))
    while not isinstance(event := engine.events.get(timeout=30), StageBegan) or event.stage is not Stage.MATCH:
        pass
    engine.stop()
    while not isinstance(event := engine.events.get(timeout=30), Finished):
        pass
    assert event.stopped or isinstance(event.result, SyncReview)
    engine.join(10)
    assert look(engine, pair).count(Kind.CONFLICT) == 200


def test_undo_through_the_engine(engine: Engine, pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    result = apply(engine, look(engine, pair, at_once=True))
    finished, _ = go(engine, lambda: engine.undo(result.run))
    assert isinstance(finished.result, RunResult) and finished.result.state is RunState.UNDONE
    assert tree(pair.target) == {}
    assert look(engine, pair).count(Kind.COPY_TO_TARGET) == 1, "undone, not deleted"
