"""The search and the second look in a whole scan: floods of candidates, what is said of a nearly exact one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from image_sync.base.events import Event, Finished, Note, Progress, Stage, StageBegan
from image_sync.base.model import Match
from image_sync.cli.arguments import Parser
from image_sync.cli.organize import add_arguments, request
from image_sync.engine import Engine
from image_sync.jobs.organize import verification
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.organize.search_history import SearchHistory
from image_sync.matching import search, verify
from tests.pictures_made import save, scene


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight scenes in three versions each."""
    place = tmp_path_factory.mktemp("pictures")
    for seed in range(8):
        picture = scene(seed, (320, 240))
        save(picture, place / f"{seed}.png")
        save(picture.resize((160, 120)), place / f"{seed} small.jpg", quality=80)
        save(picture.rotate(90, expand=True), place / f"{seed} turned.jpg", quality=90)
    return place


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(workers=2, catalog=os.fspath(tmp_path / "catalog"))
    yield made
    made.close()


def run(engine: Engine, folder: Path, tmp_path: Path, **choices: Any) -> tuple[OrganizeReview, list[Event]]:
    (tmp_path / "other").mkdir(exist_ok=True)
    chosen = OrganizeRequest((os.fspath(folder), os.fspath(tmp_path / "other")), os.fspath(tmp_path / "out"))
    engine.start(OrganizeJob(replace(chosen, **choices)))
    events: list[Event] = []
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        events.append(event)
    assert isinstance(event.result, OrganizeReview), event.failure
    return event.result, events


def as_a_set(review: OrganizeReview) -> set[Match]:
    return set(review.matches)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [0.5, 0.85])
def test_candidates_that_find_no_room_get_their_look_in_between(
    engine: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threshold: float
) -> None:
    monkeypatch.setattr(verification.Verification, "_remember", lambda *_: None)
    monkeypatch.setattr(SearchHistory, "known", lambda *_: {})
    wanted, _ = run(engine, folder, tmp_path, threshold=threshold, rotations=True)
    monkeypatch.setattr(verification, "WAITING", 3)
    monkeypatch.setattr(verification, "BLOCK", 5)
    monkeypatch.setattr(verification, "TOGETHER", 2)
    monkeypatch.setattr(search, "_PIECE", 1)
    found, events = run(engine, folder, tmp_path, threshold=threshold, rotations=True)
    assert len(wanted.matches) >= 16
    assert as_a_set(found) == as_a_set(wanted)
    totals = [event.total for event in events if isinstance(event, StageBegan) and event.stage is Stage.VERIFY]
    assert len(totals) == 1
    assert totals[0] is not None
    assert totals[0] < 30, "most were looked at before"
    last = [event for event in events if isinstance(event, Progress) and event.stage is Stage.VERIFY][-1]
    assert last.done == last.total == totals[0]


@pytest.mark.slow
def test_a_second_look_is_taken_once(
    engine: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = run(engine, folder, tmp_path, rotations=True)

    def never(*_: object, **__: object) -> list[bool]:
        raise AssertionError("looked at again")

    monkeypatch.setattr(verification, "_verdicts", never)
    monkeypatch.setattr(SearchHistory, "known", lambda *_: {})
    second, events = run(engine, folder, tmp_path, rotations=True)
    assert as_a_set(second) == as_a_set(first)
    last = [event for event in events if isinstance(event, Progress) and event.stage is Stage.VERIFY][-1]
    assert last.done == last.total
    assert last.total


def test_what_was_looked_at_before_a_stop_is_remembered(
    engine: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "TOGETHER", 1)
    plain = verification._verdicts
    looks = 0

    def stopping(look: verification._Look, threshold: float) -> list[bool]:
        nonlocal looks
        looks += 1
        if looks == 4:
            engine.stop()
        return plain(look, threshold)

    monkeypatch.setattr(verification, "_verdicts", stopping)
    (tmp_path / "other").mkdir()
    chosen = OrganizeRequest((os.fspath(folder), os.fspath(tmp_path / "other")), os.fspath(tmp_path / "out"))
    monkeypatch.setattr("image_sync.jobs.organize.scan.OrganizeScan.partial", lambda *_: None)
    engine.start(OrganizeJob(chosen))
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert event.stopped
    assert engine.join(10)
    before = verdicts(engine)
    assert before >= 1
    looks = 100
    run(engine, folder, tmp_path)
    assert looks - 100 == verdicts(engine) - before
    assert looks > 100


def verdicts(engine: Engine) -> int:
    """How many verdicts at the default threshold are remembered."""
    query = "SELECT count(*) FROM known_verdict v JOIN known_rule r ON r.id = v.rule WHERE r.text = ?"
    return int(engine.catalog._connection.execute(query, (f"{verify.VERSION}:0.850",)).fetchone()[0])


@pytest.mark.parametrize("exact", [False, True])
def test_it_says_when_the_search_was_nearly_exact(
    engine: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    asked: list[bool] = []
    plain = search.pairs_within

    def watched(*of: object, **how: object) -> object:
        asked.append(bool(how["exact"]))
        return plain(*of, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "pairs_within", watched)
    monkeypatch.setattr(search, "EXACT_UP_TO", 23)
    review, events = run(engine, folder, tmp_path, exact_search=exact)
    said = [note for note in review.plan.notes if "nearly exactly" in note]
    assert asked == [exact]
    assert len(said) == (not exact)
    assert [event.text for event in events if isinstance(event, Note) and "nearly exactly" in event.text] == said
    assert all(note.startswith("24 pictures") for note in said)
    monkeypatch.setattr(search, "EXACT_UP_TO", 24)
    assert not any("nearly" in note for note in run(engine, folder, tmp_path)[0].plan.notes)


@pytest.mark.parametrize(("words", "exact"), [("", False), ("--exact-search", True)])
def test_the_exact_search_on_the_command_line(words: str, exact: bool) -> None:
    parser = Parser("organize", "FOLDER1 FOLDER2 OUTPUT", "")
    add_arguments(parser)
    assert request(parser.parse(["A", "B", "C", *words.split()])).exact_search is exact
