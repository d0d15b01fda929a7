"""A review as a file: it comes back whole, and what is wrong with a file is said and never taken."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from image_sync.base.model import PictureFate, Refused
from image_sync.gui.job import review_file, saved_review
from image_sync.gui.job.state import State
from image_sync.gui.organize import saved_decisions
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions
from image_sync.jobs.sync.request import SyncRequest
from tests.gui.organize.test_page_model import World, found
from tests.gui.scripted import ScriptedEngine

CHOICES = {"folders": ("/one", "/two"), "output": "/out", "handling": Handling.KEEP_BEST}
WORK = {"stamps": {"/one/a.jpg": [1, 2], "/two/caf\udce9.jpg": [3, 4]}, "fates": {"/one/a.jpg": "keep"}, "best": []}


@pytest.fixture
def saved(tmp_path: Path) -> str:
    place = str(tmp_path / "mine.review.json")
    review_file.save(place, "organize", OrganizeRequest, CHOICES, WORK)
    return place


def changed(place: str, **fields: Any) -> str:
    document = json.loads(Path(place).read_bytes())
    Path(place).write_text(json.dumps({**document, **fields}))
    return place


def test_a_review_comes_back_and_can_be_read_by_people(saved: str) -> None:
    opened = review_file.opened(saved, "organize", OrganizeRequest)
    assert opened.choices == CHOICES and opened.work == WORK
    text = Path(saved).read_text(encoding="ascii")
    for words in ('"version": 1', '"job": "organize"', '"handling": "keep-best"', '"/one/a.jpg": "keep"'):
        assert words in text
    assert os.listdir(os.path.dirname(saved)) == ["mine.review.json"]


def test_a_choice_of_another_version_is_said_and_passed_over(saved: str) -> None:
    choices = json.loads(Path(saved).read_bytes())["choices"]
    opened = review_file.opened(changed(saved, choices={**choices, "colour": "red"}), "organize", OrganizeRequest)
    assert opened.choices == CHOICES and "“colour”" in opened.remarks[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "a letter"}, "something else"),
        ({"version": 2}, "newer version"),
        ({"version": "1"}, "version is missing"),
        ({"version": True}, "version is missing"),
        ({"version": 0}, "version is missing"),
        ({"job": 3}, "missing in it"),
        ({"job": "sync"}, "a review of Sync. Open it on that page"),
        ({"job": "tag"}, "a review of Tag"),
        ({"choices": []}, "missing in it"),
        ({"choices": {"folders": 3}}, "a list of folders"),
        ({"choices": {"level": "much"}}, "one of exact"),
        ({"choices": {"level": {"a": 1}}}, "one of exact"),
        ({"choices": {"best_order": [["age"]]}}, "a list of"),
        ({"work": None}, "missing in it"),
        ({"work": {"fates": {"/etc/passwd": "set aside"}}}, r"outside its folders \(passwd\)"),
        ({"work": {"best": ["/one/../etc/passwd"]}}, "outside its folders"),
        ({"work": {"reviewed": ["/one/../../etc/passwd"]}}, "outside its folders"),
        ({"work": {"stamps": {"../a.jpg": None}}}, "outside its folders"),
        ({"work": {"reviewed": ["/onesie/a.jpg", "/b", "/c", "/d", "/e"]}}, r"a\.jpg, b, c and 2 more"),
        ({"work": {"reviewed": [3]}}, "outside its folders"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(saved: str, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        review_file.opened(changed(saved, **fields), "organize", OrganizeRequest)
    assert "mine.review.json" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff", b"[" * 100_000, b"[]", b'{"kind": 1}'], ids=range(6))
def test_a_file_that_is_no_review_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(Refused, match=r"x\.json is no review that can be opened"):
        review_file.opened(str(tmp_path / "x.json"), "organize", OrganizeRequest)
    with pytest.raises(Refused, match="no longer there"):
        review_file.opened(str(tmp_path / "y.json"), "organize", OrganizeRequest)


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Refused, match=r"can't be saved as .*x\.json: there is no room left"):
        review_file.save(str(tmp_path / "x.json"), "sync", SyncRequest, {}, {})
    assert os.listdir(tmp_path) == []


def test_names_of_both_sides_are_relative_and_stay_inside() -> None:
    good = {"answers": {"2021/a.jpg": "skip", "..dots/b..jpg": "skip"}}
    assert list(saved_review.strangers(good, ["/one"])) == []
    assert list(saved_review.strangers({"answers": {"a/../../b": "skip"}}, ["/one"])) == ["a/../../b"]


def test_a_folder_that_is_a_link_holds_what_its_place_holds(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    work = {"fates": {str(tmp_path / "real" / "a.jpg"): "keep", str(tmp_path / "link" / "b.jpg"): "keep"}}
    assert list(saved_review.strangers(work, [str(tmp_path / "link")])) == []


# --- on the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> Iterator[World]:
    made = World(ScriptedEngine(found))
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[World]:
    """Another window, later."""
    made = World(ScriptedEngine(found))
    yield made
    made.close()


def decided(world: World) -> Decisions:
    """A scan of which one decision was made."""
    world.scan()
    assert world.model.decide("leave", lambda deciding: deciding.with_fates(1, {4: PictureFate.LEAVE}))
    world.settle()
    return world.model.history.now


def forget_autosave(world: World) -> None:
    os.remove(saved_decisions.place_of(world.model.request))


def test_a_review_is_saved_and_opened_with_its_folders_choices_and_decisions(
    world: World, other: World, tmp_path: Path
) -> None:
    world.model.form.handling = Handling.KEEP_BEST  # type: ignore[attr-defined]
    world.model.set_reference("folder2", True)
    now = decided(world)
    place = str(tmp_path / "mine.review.json")
    world.model.save_review(place)
    world.settle()
    assert world.model.message == f"The review is saved as {place}."
    forget_autosave(world)

    other.model.open_review(place)
    other.until(lambda: other.model.state is State.REVIEW)
    other.settle()
    assert other.engine.calls[0] == ("organize", world.model.request)
    assert other.model.history.now == now
    assert other.model.message == f"Opened: {place}. 2 decisions were taken over; Ctrl+Z forgets them"
    assert saved_decisions.load(other.model.request, other.review().pictures) == now, "written at once, as all are"
    other.model.undo()
    assert other.model.history.now == Decisions()


def test_what_was_decided_since_can_be_had_back(world: World, other: World, tmp_path: Path) -> None:
    saved = decided(world)
    place = str(tmp_path / "mine.review.json")
    world.model.save_review(place)
    world.model.decide("keep", lambda deciding: deciding.all_kept(0))
    world.settle()
    since = world.model.history.now
    assert since != saved

    other.model.open_review(place)
    other.until(lambda: other.model.history.now == saved)
    other.model.undo()
    assert other.model.history.now == since, "what was kept on its own is one step back"


def test_a_file_that_changed_since_is_said_and_not_decided(world: World, other: World, tmp_path: Path) -> None:
    decided(world)
    place = str(tmp_path / "mine.review.json")
    world.model.save_review(place)
    world.settle()
    forget_autosave(world)

    def touched(request: OrganizeRequest) -> Any:
        review = found(request)
        pictures = [replace(one, record=replace(one.record, mtime_ns=7)) for one in review.pictures]
        return replace(review, pictures=tuple(pictures))

    other.engine.found = touched
    other.model.open_review(place)
    other.until(lambda: "Nothing that was decided in it holds" in other.model.message)
    assert not other.model.history.now
    assert any("2 decisions were not taken over" in note and "cat.jpg" in note for note in other.model.notes)


def test_with_other_folders_it_is_not_taken_over(world: World, other: World, tmp_path: Path) -> None:
    """A folder that is not there is said at its field; a scan of another one takes nothing over."""
    decided(world)
    place = str(tmp_path / "mine.review.json")
    world.model.save_review(place)
    world.settle()
    forget_autosave(world)
    other.mistakes["folder1"] = "/one does not exist"
    other.model.open_review(place)
    other.until(lambda: other.model.form.field("folder1").mistake != "")
    other.settle()
    assert other.model.state is State.EMPTY and other.model.form.field("folder2").path == "/two"
    other.mistakes.clear()
    other.model.pick_folder("folder1", "/three")
    other.settle()
    other.model.scan()
    other.until(lambda: other.model.state is State.REVIEW)
    other.settle()
    assert not other.model.history.now and "Opened" not in other.model.message


def test_a_broken_file_leaves_the_page_as_it_was(world: World, tmp_path: Path) -> None:
    now = decided(world)
    (tmp_path / "x.json").write_text("{")
    world.model.open_review(str(tmp_path / "x.json"))
    world.settle()
    assert "is no review that can be opened" in world.model.message
    assert world.model.state is State.REVIEW and world.model.history.now == now


def test_a_decision_of_the_last_moment_is_written_when_the_window_closes(world: World) -> None:
    """The background may be at other work for as long as it takes."""
    world.scan()
    world.background.close()
    assert world.model.decide("leave", lambda deciding: deciding.with_fates(1, {4: PictureFate.LEAVE}))
    assert not saved_decisions.load(world.model.request, world.review().pictures)
    world.model.keep_hand_work()
    assert saved_decisions.load(world.model.request, world.review().pictures) == world.model.history.now


def test_apply_asked_for_while_the_plan_is_made_waits_for_it(world: World) -> None:
    """The key is no word for another scan, and the question is about the plan that follows from all decisions."""
    world.scan()
    calls = len(world.engine.calls)
    questions: list[Any] = []
    assert world.model.decide(
        "leave", lambda deciding: deciding.with_fates(1, {3: PictureFate.LEAVE, 4: PictureFate.LEAVE})
    )
    assert world.model.planning and not world.model.can_apply
    world.model.ask_to_apply(questions.append)
    world.settle()
    assert len(questions) == 1
    assert [name for name, _what in world.engine.calls[calls:]] == ["replan"]
    world.model.ask_to_apply(questions.append)
    world.settle()
    assert questions[0] == questions[1]
