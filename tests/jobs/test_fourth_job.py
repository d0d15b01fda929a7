"""A job more is a folder, a line of the registry, a command and a page: through the real engine and command line."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.base.events import Finished, Note, StageBegan
from image_sync.base.model import Refused, RunResult, RunState
from image_sync.cli import main
from image_sync.engine import Engine
from image_sync.jobs import registry
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.sync.job import SyncJob
from image_sync.jobs.sync.model import SyncReview
from image_sync.jobs.sync.request import SyncRequest
from tests.jobs.fourth.job import GatherJob, GatherRequest, GatherReview
from tests.jobs.fourth.registered import register
from tests.trees import files, snapshot


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine()
    yield made
    made.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    base = tmp_path / "place"
    (base / "in" / "deep").mkdir(parents=True)
    (base / "in" / "a.txt").write_text("a")
    (base / "in" / "deep" / "b.txt").write_text("b")
    (base / "in" / "c.jpg").write_text("no text")
    return base


def ended(engine: Engine, start: Callable[[], None]) -> tuple[Finished, list[object]]:
    start()
    events: list[object] = []
    while not isinstance(event := engine.events.get(timeout=30), Finished):
        events.append(event)
    assert engine.join(10)
    return event, events


def request(place: Path, **choices: str) -> GatherRequest:
    return replace(GatherRequest(os.fspath(place / "in"), os.fspath(place / "out")), **choices)


def test_it_is_scanned_planned_anew_applied_and_undone(engine: Engine, place: Path) -> None:
    before = snapshot(place)
    end, events = ended(engine, lambda: engine.start(registry.make("gather", request(place))))
    review = end.result
    assert isinstance(review, GatherReview), end.failure
    assert [event.of for event in events if isinstance(event, StageBegan)] == [2, 2]
    assert [event.text for event in events if isinstance(event, Note)] == ["Only text files are looked at."]
    assert snapshot(place) == before
    other = engine.replan(review, request(place, prefix="of "), frozenset({os.fspath(place / "in" / "a.txt")}))
    assert [os.path.basename(one.destination) for one in other.plan.operations] == ["of b.txt"]
    with pytest.raises(Refused, match="another scan"):
        engine.replan(review, request(place, folder="/elsewhere"))
    end, _ = ended(engine, lambda: engine.apply(other.plan))
    assert isinstance(end.result, RunResult) and end.result.state is RunState.FINISHED
    assert files(place / "out") == ["of b.txt"]
    (run,) = engine.history()
    assert (run.job, run.done) == ("gather", 1)
    end, _ = ended(engine, lambda: engine.undo(run.run))
    assert isinstance(end.result, RunResult) and end.result.state is RunState.UNDONE
    assert snapshot(place) == before


def test_what_belongs_to_it_is_asked_of_it(engine: Engine, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = GatherJob.apply
    monkeypatch.setattr(GatherJob, "apply", lambda *of: asked.append("apply") or plain(*of))
    monkeypatch.setattr(GatherJob, "after_undo", staticmethod(lambda run, _: asked.append(f"after {run}")))
    monkeypatch.setattr(GatherJob, "close", lambda _: asked.append("close"))
    end, _ = ended(engine, lambda: engine.start(GatherJob(request(place))))
    assert isinstance(end.result, GatherReview)
    assert isinstance(engine.job(GatherJob), GatherJob)
    end, _ = ended(engine, lambda: engine.apply(end.result.plan))  # type: ignore[attr-defined]
    assert isinstance(end.result, RunResult)
    run = end.result.run
    ended(engine, engine.undo)
    ended(engine, lambda: engine.start(GatherJob(request(place))))
    assert asked == ["apply", f"after {run}", "close"], "a new job of the name puts the former away"


def test_each_job_keeps_its_own_while_another_runs(engine: Engine, place: Path) -> None:
    end, _ = ended(engine, lambda: engine.start(GatherJob(request(place))))
    assert isinstance(end.result, GatherReview)
    first = engine.job(GatherJob)
    (place / "other").mkdir()
    pair = SyncJob(SyncRequest(os.fspath(place / "in"), os.fspath(place / "other")))
    compared, _ = ended(engine, lambda: engine.start(pair))
    assert isinstance(compared.result, SyncReview), compared.failure
    assert engine.job(GatherJob) is first and engine.job(SyncJob) is pair
    assert engine.replan(end.result, request(place, prefix="x")).plan.operations
    end, _ = ended(engine, lambda: engine.apply(compared.result.plan))  # type: ignore[attr-defined]
    assert isinstance(end.result, RunResult) and pair.log_place, "the owner carried it out"
    with pytest.raises(LookupError):
        engine.job(OrganizeJob)


def test_a_plan_is_carried_out_and_undone_where_nobody_knows_its_job(
    engine: Engine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, _ = ended(engine, lambda: engine.start(GatherJob(request(place))))
    assert isinstance(end.result, GatherReview)
    plan = end.result.plan
    monkeypatch.delitem(registry.JOBS, "gather")
    later = Engine()
    end, _ = ended(later, lambda: later.apply(plan))
    assert isinstance(end.result, RunResult) and end.result.done == 2
    assert [registry.title(run.job) for run in later.history()] == ["Gather"]
    end, _ = ended(later, later.undo)
    assert isinstance(end.result, RunResult) and end.result.state is RunState.UNDONE, end.failure
    with pytest.raises(Refused, match="another scan"):
        later.replan(GatherReview(request(place), (), plan), request(place))
    later.close()


def test_on_the_command_line(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(place)
    folders = [os.fspath(place / name) for name in ("in", "out")]
    assert main(["--help"]) == 0
    assert re.search(r"^  gather +copy all text files to one folder$", capsys.readouterr().out, re.MULTILINE)
    assert main(["gather", *folders, "--dry-run", "--json", os.fspath(place.parent / "told.json")]) == 0
    told = json.loads((place.parent / "told.json").read_text())
    assert (told["job"], len(told["plan"]["operations"])) == ("gather", 2)
    assert told["request"]["folder"] == folders[0] and told["notes"] == ["Only text files are looked at."]
    assert snapshot(place) == before
    assert main(["gather", "/nowhere", folders[1]]) == 2
    assert "FOLDER: There is no folder /nowhere." in capsys.readouterr().err
    assert main(["gather", *folders]) == 0
    assert files(place / "out") == ["a.txt", "b.txt"]
    capsys.readouterr()
    assert main(["history"]) == 0
    assert " gather " in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert "Gather, " in capsys.readouterr().out
    assert snapshot(place) == before
