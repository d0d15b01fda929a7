"""The page Organize without its widgets: from empty to done, and everything that may come between."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from image_sync.base.control import Control
from image_sync.base.events import Note, ProblemFound, Stage, StageBegan
from image_sync.base.model import PictureFate, Problem, RunState, RunSummary
from image_sync.gui.job.confirm_model import Confirmation
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.job.state import Part, State
from image_sync.gui.organize import saved_decisions
from image_sync.gui.organize.form import OrganizeForm
from image_sync.gui.organize.page_model import OrganizeModel
from image_sync.gui.pages.history_model import HistoryModel, cells, details, job_words, state_words
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.background import Background
from image_sync.jobs import registry
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.transfer import Transfer
from tests.gui.scripted import ScriptedEngine, picture_of, port_to, review_of

PROBLEM = Problem("/one/broken.jpg", "can't be read as a picture", "it ends too early")


class Kept:
    """Preferences that live as long as the test."""

    def __init__(self) -> None:
        self.preferences = Preferences()

    def save(self, preferences: Preferences) -> None:
        self.preferences = preferences


@dataclass
class World:
    """A page's model with everything around it, driven as the window's timer does."""

    engine: ScriptedEngine
    mistakes: dict[str, str] = field(default_factory=dict)
    counts: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    memory: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.engine_link = EngineLink(lambda: self.engine)
        self.background, self.counter = Background(), Background(3)
        self.problems = ProblemsModel()
        port = port_to(self.engine, lambda _request: dict(self.mistakes), self._describe)
        self.port = port
        self.model = OrganizeModel(self.engine_link, self.background, self.counter, port, self.memory, self.problems)
        self.model.watchers.append(self.parts.append)

    def _describe(self, path: str, _control: Control) -> str:
        self.counts.append(path)
        return f"12 pictures in {path}"

    def turn(self) -> None:
        self.engine_link.drain()
        self.background.deliver()
        self.counter.deliver()
        time.sleep(0.002)

    def until(self, condition: Callable[[], bool], patience: float = 20.0) -> None:
        end = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < end, f"still {self.model.state}, {self.model.message!r}"
            self.turn()

    def settle(self) -> None:
        self.until(lambda: self.background.idle and self.counter.idle)

    def fill_in(self) -> None:
        for name, path in (("folder1", "/one"), ("folder2", "/two"), ("output", "/out")):
            self.model.type_folder(name, path)
        self.model.look()
        self.settle()

    def review(self) -> OrganizeReview:
        assert self.model.groups is not None
        return self.model.groups.review

    def scan(self) -> None:
        self.fill_in()
        self.model.scan()
        self.until(lambda: self.model.state is State.REVIEW)
        self.settle()

    def close(self) -> None:
        for part in (self.background, self.counter, self.engine_link):
            part.close()


def found(request: OrganizeRequest) -> OrganizeReview:
    beach = [picture_of("/one", "beach.jpg"), picture_of("/two", "beach.jpg"), picture_of("/two", "beach-2.jpg")]
    cat = [picture_of("/one", "cat.jpg"), picture_of("/two", "cat.jpg")]
    return review_of(request, {"Beach": beach, "Cat": cat}, rest=[picture_of("/one", "x.jpg")], problems=[PROBLEM])


@pytest.fixture
def world() -> Iterator[World]:
    made = World(ScriptedEngine(found))
    yield made
    made.close()


# --- the form ---------------------------------------------------------------------------------------------------------


def test_one_folder_is_enough(world: World) -> None:
    world.model.type_folder("folder1", "/one")
    world.model.type_folder("output", "/out")
    world.model.look()
    world.settle()
    assert world.model.can_scan
    assert world.model.request.folders == ("/one",)


def test_folders_are_added_and_taken_off_the_list(world: World) -> None:
    world.fill_in()
    assert not world.model.form.can_remove, "two rows stay"
    world.model.remove_folder("folder1")
    world.model.add_folder()
    assert world.model.request.folders == ("/one", "/two"), "an empty row does not count"
    world.model.add_folder()
    world.model.pick_folder("folder4", "/four")
    world.model.set_reference("folder4", True)
    world.settle()
    assert world.model.request.folders == ("/one", "/two", "", "/four")
    assert world.model.form.field("folder4").holds == "12 pictures in /four"
    world.model.remove_folder("folder2")
    world.settle()
    assert [field.name for field in world.model.form.fields] == ["folder1", "folder2", "folder3", "output"]
    assert world.model.request.folders == ("/one", "", "/four")
    assert world.model.request.references == ("/four",)
    assert world.model.form.field("folder3").holds == "12 pictures in /four"
    assert world.model.form.field("folder2").holds == ""
    world.model.remove_folder("folder3")
    world.settle()
    assert (world.model.request.folders, world.model.request.references) == (("/one",), ())
    assert not world.model.form.can_remove


def test_a_folder_more_needs_another_scan_and_an_empty_row_none(world: World) -> None:
    world.scan()
    world.model.add_folder()
    world.settle()
    assert world.model.stale == ""
    world.model.pick_folder("folder3", "/three")
    world.settle()
    assert world.model.stale == "Other folders need a new scan."
    world.model.remove_folder("folder3")
    world.settle()
    assert world.model.stale == ""


def test_the_number_of_folders_and_what_was_in_them_is_remembered(world: World) -> None:
    world.model.add_folder()
    world.model.type_folder("folder3", "/three")
    world.model.add_folder()
    world.scan()
    assert world.memory.preferences.choices["organize"]["folders"] == 3
    again = World(ScriptedEngine(found), memory=world.memory)
    assert [field.name for field in again.model.form.inputs] == ["folder1", "folder2", "folder3"]
    assert again.model.form.field("folder3").choices == ["/three"]
    again.close()


@pytest.mark.parametrize(("saved", "rows"), [(-3, 2), (0, 2), (5, 5), (10**9, 12), ("many", 2), (True, 2), (2.5, 2)])
def test_a_remembered_number_that_can_not_be_is_no_matter(saved: object, rows: int) -> None:
    form = OrganizeForm(Preferences(choices={"organize": {"folders": saved}}))  # type: ignore[dict-item]
    assert len(form.inputs) == rows


def test_while_a_job_runs_the_list_stays(world: World) -> None:
    world.fill_in()
    world.model.add_folder()
    world.model.scan()
    world.model.add_folder()
    world.model.remove_folder("folder1")
    assert [field.path for field in world.model.form.inputs] == ["/one", "/two", ""]
    world.until(lambda: world.model.state is State.REVIEW)


def test_an_empty_page_offers_nothing(world: World) -> None:
    world.model.refresh()
    world.settle()
    assert world.model.state is State.EMPTY
    assert not world.model.can_scan
    world.model.scan()
    world.model.apply()
    world.model.undo()
    world.model.resume()
    world.model.not_a_match(0, [])
    assert world.engine.calls == []


def test_scan_may_be_pressed_once_the_folders_are_right(world: World) -> None:
    world.mistakes = {"output": "The output lies inside folder 1."}
    world.fill_in()
    assert not world.model.can_scan
    assert world.model.form.output.mistake == "The output lies inside folder 1."
    world.model.scan()
    assert world.model.state is State.EMPTY
    world.mistakes = {}
    world.model.type_folder("output", "/elsewhere")
    world.settle()
    assert not world.model.can_scan, "not before it was looked at"
    assert world.model.typing
    world.model.look()
    assert not world.model.typing
    assert not world.model.can_scan, "not before it was checked"
    world.settle()
    assert world.model.can_scan
    assert world.model.form.output.mistake == ""


def test_each_folder_says_what_it_holds(world: World) -> None:
    world.fill_in()
    form = world.model.form
    assert form.folder1.holds == "12 pictures in /one"
    assert form.folder2.holds == "12 pictures in /two"
    assert form.output.holds.endswith(" free")
    assert sorted(world.counts) == ["/one", "/two"], "the output is not counted, and nothing is counted twice"
    world.model.type_folder("folder1", "")
    world.model.look()
    world.settle()
    assert form.folder1.holds == ""


def test_a_count_that_comes_late_is_not_shown_for_another_folder(world: World) -> None:
    for text in ("/a", "/a/b", "/a/b/c"):
        world.model.type_folder("folder1", text)
        world.model.look()
    world.settle()
    assert world.model.form.folder1.holds == "12 pictures in /a/b/c"


def test_scan_pressed_while_the_check_runs_begins_after_it(world: World) -> None:
    world.fill_in()
    world.model.type_folder("folder2", "/three")
    world.model.scan()
    assert world.model.state is State.EMPTY
    world.until(lambda: world.model.state is State.SCANNING)
    assert world.engine.calls[0][1].folders[1] == "/three"  # type: ignore[attr-defined]


def test_scan_pressed_while_the_check_runs_does_not_begin_when_it_finds_a_mistake(world: World) -> None:
    world.fill_in()
    world.mistakes = {"folder2": "There is no such folder."}
    world.model.type_folder("folder2", "/three")
    world.model.scan()
    world.settle()
    assert world.model.state is State.EMPTY
    assert world.engine.calls == []
    world.mistakes = {}
    world.model.type_folder("folder2", "/two")
    world.model.look()
    world.settle()
    assert world.model.state is State.EMPTY, "a wish that failed is forgotten"


# --- scanning ---------------------------------------------------------------------------------------------------------


def test_a_scan_ends_in_a_review_and_is_remembered(world: World) -> None:
    world.scan()
    assert len(world.review().groups) == 2
    assert world.problems.problems == (PROBLEM,)
    assert world.memory.preferences.recent["folder1"] == ("/one",)
    assert world.model.can_apply
    assert not world.model.working


def test_while_scanning_nothing_else_may_be_pressed(world: World) -> None:
    world.engine.gate.clear()
    world.fill_in()
    world.model.scan()
    world.turn()
    assert world.model.state is State.SCANNING
    assert world.model.working
    assert not world.model.can_scan
    assert not world.model.can_apply
    world.model.scan()
    world.model.start_over()
    assert [name for name, _ in world.engine.calls] == ["organize"]
    assert world.model.state is State.SCANNING


def test_stop_keeps_what_was_found_and_says_so(world: World) -> None:
    world.engine.gate.clear()
    world.fill_in()
    world.model.scan()
    world.until(lambda: world.model.progress.share is not None and world.model.progress.share > 0)
    world.engine_link.stop()
    world.until(lambda: world.model.state is State.REVIEW)
    assert world.model.groups is not None
    assert world.model.groups.remarks[0] == "Partial: the scan was stopped at 62 %."


def test_stop_before_anything_was_found_goes_back_to_the_form(world: World) -> None:
    world.engine.gate.clear()
    world.engine.found = lambda _request: None  # type: ignore[assignment,return-value]
    world.fill_in()
    world.engine._start = _without_partial(world.engine._start)  # type: ignore[method-assign]
    world.model.scan()
    world.engine_link.stop()
    world.until(lambda: world.model.state is State.EMPTY)
    assert world.model.message == "Stopped before anything was found."


def _without_partial(start: Callable[..., None]) -> Callable[..., None]:
    return lambda work, partial=None: start(work)  # noqa: ARG005


def test_a_refusal_goes_back_to_the_form_with_its_words(world: World) -> None:
    world.engine.failure = "The folder /one can't be read: permission denied."
    world.fill_in()
    world.model.scan()
    world.until(lambda: world.model.state is State.EMPTY)
    assert world.model.message == "The folder /one can't be read: permission denied."
    assert world.model.groups is None


def test_problems_are_listed_while_they_are_met_and_forgotten_by_the_next_scan(world: World) -> None:
    world.engine.problems = [Problem("/one/a.jpg", "what", "why")]
    world.engine.gate.clear()
    world.fill_in()
    world.model.scan()
    world.until(lambda: len(world.problems) == 1)
    assert world.model.progress.problems == 1
    world.engine.gate.set()
    world.until(lambda: world.model.state is State.REVIEW)
    assert len(world.problems) == 2
    world.engine.problems = []
    world.model.scan()
    assert len(world.problems) == 0
    world.until(lambda: world.model.state is State.REVIEW)


# --- the review follows the choices -----------------------------------------------------------------------------------


def test_another_way_of_transfer_replans_at_once_and_scans_nothing(world: World) -> None:
    world.scan()
    world.model.form.transfer = Transfer.COPY
    world.model.options_changed()
    assert not world.model.can_apply, "not while the plan is being made anew"
    world.settle()
    assert world.model.can_apply
    assert {operation.action.value for operation in world.review().plan.operations} == {"copy"}
    assert [name for name, _ in world.engine.calls] == ["organize", "replan"]


@pytest.mark.parametrize("threshold", [0.6, 0.95])
def test_another_threshold_asks_for_a_new_scan(world: World, threshold: float) -> None:
    world.scan()
    world.model.form.set_share("threshold", threshold)
    world.model.options_changed()
    world.settle()
    assert world.model.stale == "Another similarity needs a new scan."
    assert not world.model.can_apply
    assert world.model.can_scan
    world.model.form.set_share("threshold", 0.85)
    world.model.options_changed()
    world.settle()
    assert world.model.stale == ""
    assert world.model.can_apply


def test_changes_while_scanning_are_followed_when_it_ends(world: World) -> None:
    world.engine.gate.clear()
    world.fill_in()
    world.model.scan()
    world.model.form.transfer = Transfer.COPY
    world.model.options_changed()
    world.engine.gate.set()
    world.until(lambda: world.model.state is State.REVIEW)
    world.settle()
    assert {operation.action.value for operation in world.review().plan.operations} == {"copy"}


def test_a_plan_that_can_not_be_made_anew_is_not_applied(world: World) -> None:
    world.scan()

    def fails(_review: OrganizeReview, _request: OrganizeRequest, _choices: object = None) -> OrganizeReview:
        raise OSError("the disk is gone")

    world.engine.replan = fails  # type: ignore[method-assign]
    world.model.form.transfer = Transfer.COPY
    world.model.options_changed()
    world.settle()
    assert "the disk is gone" in world.model.stale
    assert not world.model.can_apply


def test_not_a_match_takes_the_member_out_for_ever(world: World) -> None:
    world.scan()
    world.model.not_a_match(0, [2])
    world.settle()
    assert [len(group.members) for group in world.review().groups] == [2, 2]
    assert [(a.record.path, b.record.path) for a, b in world.engine.refused] == [
        (os.path.join("/one", "beach.jpg"), os.path.join("/two", "beach-2.jpg"))
    ]


def test_not_a_match_on_a_group_of_two_needs_no_member(world: World) -> None:
    world.scan()
    world.model.not_a_match(1, [])
    world.settle()
    assert [group.context for group in world.review().groups] == ["Beach"]


@pytest.mark.parametrize("picture", [None, 0])
def test_not_a_match_on_the_best_of_three_asks_which(world: World, picture: int | None) -> None:
    world.scan()
    world.model.not_a_match(0, [] if picture is None else [picture])
    world.settle()
    assert world.engine.refused == []
    assert "Select the picture" in world.model.message


def test_two_decisions_in_a_row_are_both_kept(world: World) -> None:
    world.scan()
    world.model.not_a_match(0, [1])
    world.model.not_a_match(0, [2])
    world.settle()
    assert len(world.engine.refused) == 2
    assert [group.context for group in world.review().groups] == ["Cat"]
    assert world.model.can_apply


# --- applying ---------------------------------------------------------------------------------------------------------


def confirmed(world: World) -> Confirmation:
    asked: list[Confirmation] = []
    world.model.ask_to_apply(asked.append)
    world.settle()
    assert len(asked) == 1
    return asked[0]


def test_apply_asks_first_and_then_does_what_was_shown(world: World) -> None:
    world.scan()
    question = confirmed(world)
    assert dict(question.facts)["What"] == "Move 6 files"
    assert "1 file could not be read" in question.warnings[-1]
    assert [name for name, _ in world.engine.calls] == ["organize"], "asking applies nothing"
    plan = world.review().plan
    world.model.apply()
    world.until(lambda: world.model.state is State.DONE)
    assert world.engine.calls[-1] == ("apply", plan)
    assert world.model.outcome is not None
    assert world.model.outcome.headline == "Done."
    assert PROBLEM in world.problems.problems, "what could not be read is still listed"


def test_the_question_is_not_put_when_the_plan_changed_meanwhile(world: World) -> None:
    world.scan()
    asked: list[Confirmation] = []
    world.model.form.transfer = Transfer.COPY
    world.model.ask_to_apply(asked.append)
    world.model.options_changed()
    world.settle()
    assert asked == []


def test_an_empty_plan_can_not_be_applied(world: World) -> None:
    world.engine.found = lambda request: review_of(request, {})
    world.scan()
    assert not world.model.can_apply


def test_undo_after_apply(world: World) -> None:
    world.scan()
    world.model.apply()
    world.until(lambda: world.model.state is State.DONE)
    assert world.model.can_undo
    world.model.undo()
    assert world.model.state is State.UNDOING
    world.until(lambda: world.model.state is State.DONE)
    assert world.engine.calls[-1] == ("undo", "run-1")
    assert world.model.outcome is not None
    assert world.model.outcome.headline.startswith("Undone")
    assert not world.model.can_undo


def test_a_stopped_run_can_go_on(world: World) -> None:
    world.scan()
    world.engine.gate.clear()
    world.model.apply()
    world.until(lambda: (world.model.progress.share or 0) > 0)
    world.engine_link.stop()
    world.until(lambda: world.model.state is State.DONE)
    assert world.model.can_resume
    assert world.model.can_undo
    world.engine.gate.set()
    world.model.resume()
    assert world.model.state is State.APPLYING
    world.until(lambda: world.model.state is State.DONE)
    assert world.engine.calls[-1] == ("resume", "run-1")
    assert not world.model.can_resume


def test_a_run_that_could_not_begin_leaves_the_review(world: World) -> None:
    world.scan()
    world.engine.failure = "Another run is using this folder."
    world.model.apply()
    world.until(lambda: world.model.state is not State.APPLYING)
    assert world.model.state is State.REVIEW
    assert world.model.message == "Another run is using this folder."
    world.engine.failure = ""
    assert world.model.can_apply


def test_start_over_shows_the_form_alone(world: World) -> None:
    world.scan()
    world.model.apply()
    world.until(lambda: world.model.state is State.DONE)
    world.model.start_over()
    world.settle()
    assert world.model.state is State.EMPTY
    assert world.model.groups is None
    assert world.model.can_scan


def told(world: World, deed: Callable[[], object]) -> list[Part]:
    """What watchers hear of while something is done, each part once, in order."""
    world.parts.clear()
    deed()
    return list(dict.fromkeys(world.parts))


def test_watchers_hear_of_each_change_and_of_nothing_else(world: World) -> None:
    """A part that is not told of stays stale on the page; one too many is drawn in vain."""
    model = world.model
    assert told(world, lambda: model.handle(ProblemFound(PROBLEM))) == [Part.PROGRESS]
    assert told(world, lambda: model.handle(Note("a word"))) == [Part.MESSAGE]
    assert told(world, lambda: model.handle(StageBegan(Stage.SCAN, 1, 5))) == [Part.PROGRESS]
    world.fill_in()
    everything = {Part.ROWS, Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE}
    assert set(told(world, model.scan)) == everything, "rows of an earlier scan go as the next begins"
    world.until(lambda: model.state is State.REVIEW)
    world.settle()
    begun = told(world, model.apply)
    assert Part.ROWS not in begun and set(begun) == everything - {Part.ROWS}
    world.until(lambda: model.state is State.DONE)
    assert set(told(world, model.start_over)) == everything


def test_watchers_hear_when_a_folder_was_looked_at(world: World) -> None:
    """The number of pictures and the mistakes come later than the path; both are shown in the form."""
    world.model.type_folder("folder1", "/somewhere else")
    world.model.look()
    world.parts.clear()
    world.until(lambda: world.model.form.field("folder1").holds == "12 pictures in /somewhere else")
    world.settle()
    assert world.parts
    assert set(world.parts) <= {Part.FORM, Part.STATE}
    assert Part.FORM in world.parts


# --- history ----------------------------------------------------------------------------------------------------------


def summary(run: str, state: RunState, done: int = 5) -> RunSummary:
    roots = {"folder 1": "/one", "output": "/out"}
    return RunSummary(run, "organize", "2026-11-20T08:35:58", state, 10, done, 2048, roots, 1)


RUNS = (
    summary("c", RunState.FINISHED),
    summary("b", RunState.INTERRUPTED),
    summary("a", RunState.UNDONE),
    summary("0", RunState.STOPPED, done=0),
)


@pytest.fixture
def history(world: World) -> HistoryModel:
    world.engine.runs = RUNS
    made = HistoryModel(world.engine_link, world.background, world.problems)
    made.refresh()
    world.settle()
    return made


def test_a_run_as_a_row() -> None:
    assert cells(RUNS[0]) == (
        "2026-11-20 08:35", "Organize", "finished", "5 of 10", "2.0 KiB", "1", "Folder 1: /one · Output: /out",
    )  # fmt: skip
    assert len({state_words(state) for state in RunState}) == len(RunState)
    assert [job_words(job) for job in (*registry.JOBS, "another")] == ["Organize", "Sync", "Import", "Another"]


def test_what_can_be_done_with_each_run(history: HistoryModel) -> None:
    assert [history.can_undo(run) for run in history.runs] == [True, True, False, False]
    assert [history.can_resume(run) for run in history.runs] == [True, True, False, True]
    assert history.interrupted == RUNS[1]
    assert not history.can_undo(None)
    assert not history.can_resume(None)
    assert history.run("b") == RUNS[1]
    assert history.run("nothing") is None


@pytest.mark.parametrize(("deed", "state"), [("undo", RunState.UNDONE), ("resume", RunState.FINISHED)])
def test_undo_and_resume_of_an_older_run(world: World, history: HistoryModel, deed: str, state: RunState) -> None:
    changed = (replace(RUNS[1], state=state),)
    world.engine.runs = changed
    getattr(history, deed)("b")
    assert history.working
    assert not history.can_undo(RUNS[0]), "one at a time"
    world.until(lambda: not history.working)
    world.settle()
    assert world.engine.calls[-1] == (deed, "b")
    assert history.outcome is not None
    assert history.runs == changed, "the list is read anew"


def test_an_undo_that_was_cut_off_is_offered(world: World) -> None:
    cut = replace(RUNS[0], state=RunState.PARTLY_UNDONE, cut_off=True)
    world.engine.runs = (replace(cut, cut_off=False), cut)
    made = HistoryModel(world.engine_link, world.background, world.problems)
    made.refresh()
    world.settle()
    assert made.interrupted == cut


def test_a_run_that_can_not_be_read_says_why() -> None:
    broken = replace(RUNS[0], state=RunState.UNREADABLE, trouble="a newer version of the program made it")
    assert "can't be read: a newer version of the program made it." in details(broken)


def test_a_failure_of_undo_is_said(world: World, history: HistoryModel) -> None:
    world.engine.failure = "The journal of this run is gone."
    history.undo("b")
    world.until(lambda: not history.working)
    assert history.failure == "The journal of this run is gone."
    assert history.outcome is None


def test_a_history_that_can_not_be_read_is_said(world: World) -> None:
    def fails() -> tuple[RunSummary, ...]:
        raise OSError("no permission")

    world.engine.history = fails  # type: ignore[method-assign]
    made = HistoryModel(world.engine_link, world.background, world.problems)
    made.refresh()
    world.settle()
    assert "no permission" in made.failure


def test_recent_folders_survive_undecodable_bytes(world: World, tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    world.model.pick_folder("folder1", path)
    world.model.type_folder("folder2", "/two")
    world.model.type_folder("output", "/out")
    world.model.scan()
    world.until(lambda: world.model.state is State.REVIEW)
    assert world.engine.calls[0][1].folders[0] == path  # type: ignore[attr-defined]
    assert world.memory.preferences.recent["folder1"] == (path,)


# --- what the engine says on the way ----------------------------------------------------------------------------------


def test_notes_of_a_scan_stay_with_its_review(world: World) -> None:
    world.engine.notes = ["The catalog was damaged and is begun anew.", "OpenCV is not there."]
    world.scan()
    assert set(world.model.notes) == set(world.engine.notes)
    assert world.model.message == ""
    world.engine.notes = []
    world.model.type_folder("output", "/elsewhere")
    world.scan()
    assert world.model.notes == [], "they belong to one scan"


def test_notes_of_a_run_are_told_with_what_came_of_it(world: World) -> None:
    world.scan()
    world.engine.notes = ["The journal could not be flushed."]
    world.model.apply()
    world.until(lambda: world.model.state is State.DONE)
    assert world.model.outcome is not None
    assert world.model.outcome.facts[-1] == "The journal could not be flushed."
    world.engine.notes = []
    world.model.undo()
    world.until(lambda: world.model.state is State.DONE and not world.engine_link.busy)
    assert "The journal could not be flushed." not in world.model.outcome.facts


def test_what_a_row_of_the_history_has_no_room_for() -> None:
    run = RunSummary(
        "20261120-1",
        "import",
        "2026-11-20T08:35:58",
        RunState.FINISHED,
        3,
        3,
        9,
        {"input": "/card", "output": "/lib"},
    )
    assert details(run).splitlines() == ["Input: /card", "Output: /lib", "Run: 20261120-1"]


# --- decisions --------------------------------------------------------------------------------------------------------


def test_decisions_are_on_the_disk_at_once_and_taken_over_by_the_next_scan(world: World) -> None:
    world.scan()
    model = world.model
    assert model.decide("leave", lambda deciding: deciding.with_fates(0, {1: PictureFate.LEAVE}))
    assert model.groups is not None
    assert model.groups.state(0, 1) is PictureFate.LEAVE, "shown before the plan is there"
    world.settle()
    assert Path(saved_decisions.place_of(model.request)).is_file()
    another = World(world.engine)
    another.scan()
    another.settle()
    assert another.model.groups is not None
    assert another.model.groups.state(0, 1) is PictureFate.LEAVE
    assert "taken over" in another.model.message
    another.model.undo()
    another.settle()
    assert another.model.groups.state(0, 1) is PictureFate.KEEP
    assert not Path(saved_decisions.place_of(model.request)).exists()


def test_the_plan_is_that_of_the_decisions_and_only_of_reviewed_groups(world: World) -> None:
    world.scan()
    before = len(world.review().plan.operations)
    world.model.set_only_reviewed(True)
    world.settle()
    assert len(world.review().plan.operations) == 0
    world.model.decide("reviewed", lambda deciding: deciding.reviewed(0))
    world.settle()
    assert 0 < len(world.review().plan.operations) < before
    assert world.model.groups is not None
    assert (world.model.groups.reviewed, world.model.groups.next_open(0)) == (1, 1)


def test_not_the_same_can_be_taken_back(world: World) -> None:
    world.scan()
    world.model.not_a_match(0, [2])
    world.settle()
    assert 2 not in {member.picture for member in world.review().groups[0].members}
    world.model.undo()
    world.settle()
    assert 2 in {member.picture for member in world.review().groups[0].members}
    assert world.model.message.startswith("Taken back: not the same")


def test_the_last_kept_picture_stays_and_it_says_why(world: World) -> None:
    world.scan()
    fates = {0: PictureFate.SET_ASIDE, 1: PictureFate.SET_ASIDE, 2: PictureFate.LEAVE}
    assert not world.model.decide("aside", lambda deciding: deciding.with_fates(0, fates))
    assert world.model.message == "One picture of every group is kept. Keep another one first."
    assert not world.model.history.can_undo


def test_pictures_of_several_groups_are_told_apart_in_one_step(world: World) -> None:
    world.scan()
    world.model.not_the_same([(0, [1, 2]), (1, [4])])
    world.settle()
    assert len(world.engine.refused) == 3
    assert world.review().groups == ()
    assert "3 pictures" in world.model.message
    world.model.undo()
    world.settle()
    assert world.engine.refused == []
    assert [len(group.members) for group in world.review().groups] == [3, 2]
