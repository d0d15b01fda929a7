"""The window's side of the engine: one job at a time, coalesced snapshots, pause, stop, and the end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from image_sync.base.events import Event, Finished, Note, Progress, Stage, StageBegan
from image_sync.gui.job.engine_link import EngineLink
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.request import OrganizeRequest
from tests.gui.scripted import ScriptedEngine, picture_of, review_of

REQUEST = OrganizeRequest(("/one", "/two"), "/out")


class Heard:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def handle(self, event: Event) -> None:
        self.events.append(event)

    @property
    def end(self) -> Finished | None:
        return next((event for event in self.events if isinstance(event, Finished)), None)


@pytest.fixture
def engine() -> ScriptedEngine:
    pictures = [picture_of("/one", "a.jpg"), picture_of("/two", "a.jpg")]
    return ScriptedEngine(lambda request: review_of(request, {"a": pictures}))


@pytest.fixture
def engine_link(engine: ScriptedEngine) -> Iterator[EngineLink]:
    made = EngineLink(lambda: engine)
    yield made
    made.close()
    assert engine.closed


def drain_until_end(engine_link: EngineLink, heard: Heard) -> Finished:
    end = time.monotonic() + 20.0
    while heard.end is None:
        assert time.monotonic() < end, "the job never ended"
        engine_link.drain()
        time.sleep(0.002)
    return heard.end


def test_the_engine_is_made_at_the_first_need() -> None:
    made: list[int] = []
    engine_link = EngineLink(lambda: made.append(1))  # type: ignore[arg-type,return-value,func-returns-value]
    engine_link.drain()
    engine_link.close()
    assert made == []


def test_a_job_reaches_its_listener_and_ends(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    heard = Heard()
    assert engine_link.start(heard, lambda port: port.start(OrganizeJob(REQUEST)))
    assert engine_link.busy
    assert drain_until_end(engine_link, heard).result == engine.found(REQUEST)
    assert not engine_link.busy
    assert not engine.busy, "the engine is free when the end is told"
    stages = [event.stage for event in heard.events if isinstance(event, StageBegan)]
    assert stages == [Stage.SCAN, Stage.MEASURE]


def test_only_one_job_at_a_time(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    first, second = Heard(), Heard()
    assert engine_link.start(first, lambda port: port.start(OrganizeJob(REQUEST)))
    assert not engine_link.start(second, lambda port: port.undo(""))
    engine.gate.set()
    drain_until_end(engine_link, first)
    assert second.events == []
    assert engine_link.start(second, lambda port: port.undo(""))
    drain_until_end(engine_link, second)


def test_a_job_that_can_not_start_leaves_the_session_free(engine_link: EngineLink) -> None:
    def job(_port: object) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        engine_link.start(Heard(), job)
    assert not engine_link.busy


def test_of_several_snapshots_only_the_newest_is_handed_out(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    heard = Heard()
    engine.pretends = True
    engine_link.start(heard, lambda _port: None)
    for done in range(50):
        engine.events.put(Progress(Stage.SCAN, done, None))
    engine.events.put(Note("between"))
    for done in range(50, 60):
        engine.events.put(Progress(Stage.SCAN, done, None))
    engine_link.drain(5.0)
    kept = [event.done if isinstance(event, Progress) else "note" for event in heard.events]
    assert kept == [49, "note", 59]


@pytest.mark.slow
def test_a_drain_ends_in_time_whatever_is_waiting(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    class Slow(Heard):
        def handle(self, event: Event) -> None:
            super().handle(event)
            time.sleep(0.01)

    slow = Slow()
    engine.pretends = True
    engine_link.start(slow, lambda _port: None)
    for number in range(50):
        engine.events.put(Note(str(number)))
    engine_link.drain(0.02)
    assert 1 <= len(slow.events) <= 4
    engine_link.drain(60.0)
    assert [event.text for event in slow.events if isinstance(event, Note)] == [str(number) for number in range(50)]


def test_a_worker_that_vanishes_is_noticed(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    heard = Heard()
    engine_link.start(heard, lambda _port: engine.events.put(Note("its last words")))
    assert "without a word" in drain_until_end(engine_link, heard).failure
    assert isinstance(heard.events[0], Note), "what it said before is told first"
    assert not engine_link.busy


def test_pause_holds_and_goes_on(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    heard, told = Heard(), []
    engine_link.watchers.append(lambda: told.append((engine_link.busy, engine_link.paused, engine_link.stopping)))
    engine.gate.clear()
    engine_link.start(heard, lambda port: port.start(OrganizeJob(REQUEST)))
    engine_link.pause_or_go_on()
    assert engine_link.paused
    engine.gate.set()
    time.sleep(0.1)
    engine_link.drain()
    assert heard.end is None, "a paused job does not end"
    engine_link.pause_or_go_on()
    assert drain_until_end(engine_link, heard).result is not None
    assert told == [(True, False, False), (True, True, False), (True, False, False), (False, False, False)]


def test_stop_ends_a_paused_job_and_keeps_what_was_found(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    heard = Heard()
    engine.gate.clear()
    engine_link.start(heard, lambda port: port.start(OrganizeJob(REQUEST)))
    engine_link.pause_or_go_on()
    engine_link.stop()
    assert engine_link.stopping
    assert not engine_link.paused
    end = drain_until_end(engine_link, heard)
    assert end.stopped
    assert end.result is not None
    engine_link.stop()
    assert not engine_link.stopping, "there is nothing to stop any more"


def test_a_listener_starts_the_next_job_at_the_end_of_its_own(engine_link: EngineLink, engine: ScriptedEngine) -> None:
    after = Heard()

    class First(Heard):
        def handle(self, event: Event) -> None:
            super().handle(event)
            if isinstance(event, Finished):
                engine.gate.clear()
                assert engine_link.start(after, lambda port: port.undo(""))

    first = First()
    assert engine_link.start(first, lambda port: port.start(OrganizeJob(REQUEST)))
    assert engine.join(20.0), "its worker is gone before its last words are drained"
    drain_until_end(engine_link, first)
    engine_link.drain()
    assert after.end is None, "the next job runs, and nobody says that it ended without a word"
    engine.gate.set()
    assert drain_until_end(engine_link, after).failure == ""
