"""The small view models: folder fields, the form, progress, confirmation and outcome, problems, thumbnails, keys."""

from __future__ import annotations

import csv
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.events import ProblemFound, Progress, Stage, StageBegan
from image_sync.base.model import Action, Operation, Plan, Problem, RunResult, RunState, Stamp
from image_sync.base.options import options_of
from image_sync.gui.app.keys import Command, shortcuts
from image_sync.gui.job.confirm_model import action_words, apply_words, confirmation, outcome, room
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.form import names, why_scan_again
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.job.progress_model import ProgressModel, stage_words
from image_sync.gui.organize.form import OrganizeForm, best_order, left_out_words
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drop import folder_of
from image_sync.gui.widgets.thumbnails import LeastRecent, ThumbnailLoader, Wish
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest, Preference
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.room import Room
from image_sync.jobs.sync.request import SyncRequest
from image_sync.jobs.transfer import Transfer

UNDECODABLE = os.fsdecode(b"/photos/caf\xe9")

# --- formatting -------------------------------------------------------------------------------------------------------


def test_plurals_and_numbers() -> None:
    assert formatting.files(1) == "1 file"
    assert formatting.pictures(12480) == "12,480 pictures"
    assert formatting.groups(318) == "318 groups"
    assert [formatting.problems(number) for number in (0, 1, 2)] == ["no problems", "1 problem", "2 problems"]
    assert formatting.rate(0) == ""
    assert formatting.time_left(None) == ""
    assert formatting.dimensions(4000, 3000) == "4000 × 3000"


@given(st.floats(min_value=0.0, max_value=1.0, exclude_max=True))
def test_what_is_not_quite_the_same_never_reads_as_the_same(share: float) -> None:
    if share < 1 - 1e-6:
        assert formatting.score(share) != "100 %"


# --- folder fields ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/photos", "/photos"),
        ("  /photos  ", "/photos"),
        ("'/with space'", "/with space"),
        ('"/quoted"', "/quoted"),
        ("", ""),
        ("   ", ""),
        ("'", "'"),
    ],
)
def test_what_is_typed_becomes_a_path(text: str, path: str) -> None:
    assert FolderField("folder1", "Folder 1", text).path == path


def test_a_tilde_is_the_home(home: Path) -> None:
    assert FolderField("folder1", "Folder 1", "~/Pictures").path == os.path.join(home, "Pictures")


def test_a_path_that_can_not_be_shown_is_still_the_path() -> None:
    field = FolderField("folder1", "Folder 1")
    field.pick(UNDECODABLE)
    assert field.text == "/photos/caf\\xe9"
    assert field.path == UNDECODABLE


def test_a_recent_folder_that_can_not_be_shown_is_found_again_by_its_text() -> None:
    field = FolderField("folder1", "Folder 1")
    field.remember([UNDECODABLE, "/other"])
    assert field.choices == ["/photos/caf\\xe9", "/other"]
    field.text = field.choices[0]
    assert field.path == UNDECODABLE


# --- the form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_type", [OrganizeRequest, SyncRequest, ImportRequest])
def test_each_member_of_an_option_has_words_of_its_own(request_type: type) -> None:
    offered = [declared for declared in options_of(request_type) if declared.option.values]
    assert offered
    for declared in offered:
        values = declared.option.values
        assert set(values) <= set(type(next(iter(values))))
        assert len({value.words for value in values.values()}) == len(values)
        meanings = [value.meaning for value in values.values() if value.meaning]
        assert len(set(meanings)) == len(meanings)


@given(st.lists(st.sampled_from([preference.value for preference in Preference] + ["", "nonsense"])))
def test_a_saved_order_always_names_every_reason_once(saved: list[str]) -> None:
    order = best_order(",".join(saved))
    assert sorted(order, key=lambda each: each.value) == sorted(Preference, key=lambda each: each.value)
    known = [value for value in dict.fromkeys(saved) if value not in ("", "nonsense")]
    assert [preference.value for preference in order[: len(known)]] == known


def test_patterns_are_separated_by_semicolons() -> None:
    assert names(" *.gif ;; thumbs/* ;") == ("*.gif", "thumbs/*")


def test_the_request_holds_what_was_chosen() -> None:
    preferences = Preferences(
        exclude="*.gif; cache/*",
        minimum_size=2048,
        best_order="older file",
        preferred="folder2",
        choices={"organize": {"threshold": 0.9}},
    )
    form = OrganizeForm(preferences)
    form.folder1.text, form.folder2.text, form.output.text = "/a", "/b", "/out"
    form.folder2.reference = True
    form.transfer, form.handling, form.rotations = Transfer.LINK, Handling.KEEP_BEST, True
    request = form.request(preferences)
    assert (request.folders, request.output) == (("/a", "/b"), "/out")
    assert (request.transfer, request.handling, request.rotations) == (Transfer.LINK, Handling.KEEP_BEST, True)
    assert (request.threshold, request.references, request.preferred) == (0.9, ("/b",), "/b")
    assert (request.exclude, request.minimum_size) == (("*.gif", "cache/*"), 2048)
    assert request.best_order[0] is Preference.AGE


def test_what_was_chosen_is_remembered_for_the_next_launch() -> None:
    form = OrganizeForm(Preferences(recent={"folder1": ("/old",)}))
    form.folder1.text, form.folder2.text, form.output.text = "/a", "/b", "/out"
    form.set_share("threshold", 0.912)
    form.transfer, form.handling, form.rotations = Transfer.COPY, Handling.LINK_EXACT, True
    kept = form.remembered(Preferences(recent={"folder1": ("/old",)}))
    assert kept.recent["folder1"] == ("/a", "/old")
    again = OrganizeForm(kept)
    assert (again.threshold, again.transfer, again.handling, again.rotations) == (
        0.91, Transfer.COPY, Handling.LINK_EXACT, True,
    )  # fmt: skip
    assert again.folder1.choices == ["/a", "/old"]


@pytest.mark.parametrize("saved", [float("nan"), -3.0, 7.0])
def test_a_damaged_threshold_is_brought_within_its_limits(saved: float) -> None:
    assert 0.5 <= OrganizeForm(Preferences(choices={"organize": {"threshold": saved}})).threshold <= 0.99


def test_unknown_saved_choices_fall_back() -> None:
    form = OrganizeForm(Preferences(choices={"organize": {"transfer": "teleport", "handling": "burn"}}))
    assert (form.transfer, form.handling) == (Transfer.MOVE, Handling.GATHER)


def test_an_empty_field_is_no_mistake_until_something_is_typed() -> None:
    form = OrganizeForm(Preferences())
    form.folder1.text = "/nowhere"
    form.show_mistakes(
        {"folder1": "there is no such folder", "folder2": "choose a folder", "output": "choose a folder"}
    )
    assert [field.mistake for field in form.fields] == ["there is no such folder", "", ""]
    form.show_mistakes({})
    assert not any(field.mistake for field in form.fields)


SCANNED = OrganizeRequest(("/a", "/b"), "/out", threshold=0.85)


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({}, False),
        ({"transfer": Transfer.COPY}, False),
        ({"handling": Handling.KEEP_BEST}, False),
        ({"threshold": 0.95}, True),
        ({"references": ("/a",)}, True),
        ({"preferred": "/b"}, True),
        ({"best_order": (Preference.AGE, Preference.PIXELS)}, True),
        ({"threshold": 0.84}, True),
        ({"rotations": True}, True),
        ({"folders": ("/other", "/b")}, True),
        ({"folders": ("/a", "/b", "/c")}, True),
        ({"folders": ("/a",)}, True),
        ({"between": True}, False),
        ({"output": "/other"}, True),
        ({"exclude": ("*.gif",)}, True),
        ({"minimum_size": 1}, True),
        ({"level": Level.EDITED}, True),
        ({"level": Level.EXACT}, True),
        ({"exact_search": True}, True),
    ],
)
def test_which_changes_need_a_new_scan(change: dict[str, object], again: bool) -> None:
    assert bool(why_scan_again(SCANNED, replace(SCANNED, **change))) is again  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "change", "again"),
    [
        (Level.EXACT, {"threshold": 0.6}, False),
        (Level.PIXELS, {"threshold": 0.6}, False),
        (Level.EDITED, {"threshold": 0.6}, True),
        (Level.EXACT, {"rotations": True}, False),
        (Level.EDITED, {"rotations": True}, False),
    ],
)
def test_a_choice_that_means_nothing_at_a_level_needs_no_new_scan(
    level: Level, change: dict[str, object], again: bool
) -> None:
    scanned = replace(SCANNED, level=level)
    assert bool(why_scan_again(scanned, replace(scanned, **change))) is again  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("include", "exclude", "size", "words"),
    [
        ((), (), 0, ""),
        (("*.jpg", "*.heic"), (), 0, "As Settings say: only *.jpg *.heic."),
        (("*.jpg",), ("x/*",), 2048, "As Settings say: only *.jpg, none of x/*, no files below 2.0 KiB."),
    ],
)
def test_what_settings_leave_out_is_said(
    include: tuple[str, ...], exclude: tuple[str, ...], size: int, words: str
) -> None:
    assert left_out_words(include, exclude, size) == words


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_before_anything_is_known() -> None:
    progress = ProgressModel()
    assert (progress.share, progress.overall, progress.counts, progress.speed, progress.current) == (
        None,
        0.0,
        "",
        "",
        "",
    )
    assert progress.stage == progress.title == "Beginning"


def test_progress_of_a_stage_with_a_total() -> None:
    progress = ProgressModel()
    progress.handle(StageBegan(Stage.MEASURE, 2, 4, 22394))
    assert progress.share == 0.0
    progress.handle(
        Progress(
            Stage.MEASURE, 13871, 22394, rate=412.3, seconds_left=20.4, current="/x/2021/IMG_2417.HEIC", problems=2
        )
    )
    assert progress.stage == "Reading pictures · 2 of 4"
    assert progress.counts == "13,871 of 22,394"
    assert progress.speed == "412/s · about 20 s left"
    assert progress.current.endswith("2021/IMG_2417.HEIC")
    assert progress.share == pytest.approx(13871 / 22394)
    assert progress.overall == pytest.approx((1 + 13871 / 22394) / 4)
    assert progress.title == "61 % Reading pictures"
    assert progress.problems == 2


def test_progress_by_bytes_where_they_are_known() -> None:
    progress = ProgressModel()
    progress.handle(StageBegan(Stage.APPLY, 1, 1, 4))
    progress.handle(Progress(Stage.APPLY, 1, 4, bytes_done=3 * 2**30, bytes_total=4 * 2**30))
    assert progress.share == 0.75
    assert progress.stage == "Applying"
    assert progress.counts == "1 of 4 · 3.0 GiB of 4.0 GiB"


def test_a_stage_without_a_total_has_no_share() -> None:
    progress = ProgressModel()
    progress.handle(StageBegan(Stage.SCAN, 1, 4))
    progress.handle(Progress(Stage.SCAN, 120, None, current="/x"))
    assert progress.share is None
    assert progress.counts == "120"
    assert progress.title == "Looking for files"


def test_a_late_snapshot_of_the_stage_before_is_not_shown() -> None:
    progress = ProgressModel()
    progress.handle(StageBegan(Stage.SCAN, 1, 2))
    progress.handle(StageBegan(Stage.MEASURE, 2, 2, 10))
    progress.handle(Progress(Stage.SCAN, 999, None))
    assert progress.counts == ""


def test_problems_are_counted_once_whether_told_or_in_a_snapshot() -> None:
    progress = ProgressModel()
    progress.handle(StageBegan(Stage.MEASURE, 1, 1, 10))
    for number in range(3):
        progress.handle(ProblemFound(Problem(f"/{number}", "what", "why")))
    progress.handle(Progress(Stage.MEASURE, 5, 10, problems=3))
    assert progress.problems == 3
    progress.reset()
    assert progress.problems == 0


def test_every_stage_has_words() -> None:
    assert len({stage_words(stage) for stage in Stage}) == len(Stage)


# --- before and after a run -------------------------------------------------------------------------------------------


def plan_of(*actions: Action, size: int = 1000) -> Plan:
    operations = tuple(
        Operation(action, f"/in/{number}.jpg", f"/out/{number}.jpg", "because", Stamp(size, 1))
        for number, action in enumerate(actions)
    )
    return Plan("organize", {"folder 1": "/in", "folder 2": "/two", "output": "/out"}, operations)


def test_every_action_has_words_for_one_and_many() -> None:
    for action in Action:
        assert "1 " in action_words(action, 1)
        assert "1,234 " in action_words(action, 1234)


def test_a_confirmation_says_counts_bytes_place_room_and_the_way_back() -> None:
    question = confirmation(plan_of(*[Action.MOVE] * 413, size=5 * 2**20), Room(0, 412 * 2**30))
    facts = dict(question.facts)
    assert facts["What"] == "Move 413 files"
    assert facts["Amount"] == "2.0 GiB"
    assert facts["Where to"] == "/out"
    assert facts["Room there"] == "412 GiB free, none is needed"
    assert "undone" in facts["Way back"]
    assert question.verb == "Move"
    assert question.warnings == ()


def test_a_confirmation_of_several_kinds_lists_each() -> None:
    question = confirmation(plan_of(Action.MAKE_FOLDER, Action.MOVE, Action.MOVE, Action.REPLACE_WITH_LINK), Room())
    said = [value for _name, value in question.facts]
    assert said[:3] == ["Make 1 folder", "Move 2 files", "Replace 1 exact copy by a hard link"]
    assert question.verb == "Apply"


def test_a_confirmation_tells_whether_the_originals_stay() -> None:
    assert "originals stay" in confirmation(plan_of(Action.COPY), Room()).question
    assert "change their place" in confirmation(plan_of(Action.MOVE), Room()).question
    assert "change their place" in confirmation(plan_of(Action.COPY, Action.MOVE), Room()).question


def test_a_confirmation_warns() -> None:
    question = confirmation(plan_of(Action.COPY), Room(1000, 999), partial=0.62, problems=2)
    assert len(question.warnings) == 3
    assert "not enough room" in question.warnings[0]
    assert "62 %" in question.warnings[1]
    assert "2 files could not be read" in question.warnings[2]


@pytest.mark.parametrize(
    ("actions", "devices", "needed"),
    [
        ([Action.MOVE] * 3, {"/in": 1, "/two": 1, "/out": 1}, 0),
        ([Action.MOVE] * 3, {"/in": 2, "/two": 1, "/out": 1}, 3000),
        ([Action.COPY] * 3, {"/in": 1, "/two": 1, "/out": 1}, 3000),
        ([Action.LINK] * 3, {"/in": 1, "/two": 1, "/out": 1}, 0),
        ([Action.COPY, Action.MOVE, Action.LINK], {"/in": 2, "/two": 1, "/out": 1}, 2000),
    ],
)
def test_the_room_that_a_plan_needs(actions: list[Action], devices: dict[str, int], needed: int) -> None:
    found = room(plan_of(*actions), devices.get, lambda _path: 5 << 20)
    assert (found.needed, found.free) == (needed, 5 << 20)
    assert not found.short


def test_the_apply_button_counts_files_and_not_folders() -> None:
    assert apply_words(plan_of(Action.MAKE_FOLDER, Action.MOVE, Action.COPY)) == "Apply 2 changes…"
    assert apply_words(plan_of(Action.MOVE)) == "Apply 1 change…"


PROBLEM = Problem("/in/1.jpg", "could not be moved", "it changed since the scan", "scan again")


@pytest.mark.parametrize(
    ("state", "done", "problems", "undone", "expected"),
    [
        (RunState.FINISHED, 10, (), False, ("Done.", True, True, False)),
        (RunState.FINISHED, 9, (PROBLEM,), False, ("Done, with problems.", False, True, False)),
        (RunState.FINISHED, 0, (PROBLEM,), False, ("Done, with problems.", False, False, False)),
        (
            RunState.STOPPED, 4, (), False,
            ("Stopped: what was done so far is kept and can be undone.", False, True, True),
        ),
        (RunState.UNDONE, 10, (), True, ("Undone: everything is back where it was.", True, False, False)),
        (
            RunState.PARTLY_UNDONE, 9, (PROBLEM,), True,
            ("Partly undone: what could not be brought back is listed in Problems.", False, True, False),
        ),
    ],
)  # fmt: skip
def test_what_is_said_after_a_run(
    state: RunState, done: int, problems: tuple[Problem, ...], undone: bool, expected: tuple[str, bool, bool, bool]
) -> None:
    said = outcome(RunResult("r", state, 10, done, 2**20, problems, 12.0), undone=undone)
    assert (said.headline, said.good, said.can_undo, said.can_resume) == expected
    what = "taken back" if undone else "made"
    assert said.facts[0] == f"{done} of 10 changes were {what} · 1.0 MiB · 12 s"
    assert (len(said.facts) == 2) is bool(problems)


# --- problems ---------------------------------------------------------------------------------------------------------


def test_problems_are_kept_once_and_in_order() -> None:
    model, told = ProblemsModel(), []
    model.watchers.append(lambda: told.append(len(model)))
    other = Problem("", "the disk is full", "no room")
    model.add(PROBLEM)
    model.add(other, PROBLEM)
    model.add(PROBLEM)
    assert model.problems == (PROBLEM, other)
    assert told == [1, 2]
    assert model.rows()[1][0] == "(no single file)"
    assert len(model.rows(1)) == 1
    model.clear()
    model.clear()
    assert told == [1, 2, 0]


def test_exported_problems_can_be_read_again(tmp_path: Path) -> None:
    model = ProblemsModel()
    nasty = Problem(os.fsdecode(b"/in/tab\there\xff\n.jpg"), "what", 'it says "no"', "")
    model.add(PROBLEM, nasty)
    target = tmp_path / "problems.tsv"
    model.export(os.fspath(target))
    with open(target, encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, dialect="excel-tab"))
    assert rows[1] == ["/in/1.jpg", "could not be moved", "it changed since the scan", "scan again"]
    assert rows[2] == ["/in/tab\\there\\xff\\n.jpg", "what", 'it says "no"', ""]


# --- thumbnails -------------------------------------------------------------------------------------------------------


def collect(loader: ThumbnailLoader, number: int) -> dict[str, object]:
    found: dict[str, object] = {}
    end = time.monotonic() + 10.0
    while len(found) < number:
        assert time.monotonic() < end, f"only {sorted(found)} came"
        found.update({wish.path: image for wish, image in loader.made()})
        time.sleep(0.001)
    return found


def test_thumbnails_come_from_other_threads_and_failures_are_told() -> None:
    threads = set()

    def decode(wish: Wish) -> str:
        threads.add(threading.current_thread())
        if wish.path == "bad":
            raise OSError("truncated")
        return f"image of {wish.path}"

    loader = ThumbnailLoader(decode)  # type: ignore[arg-type]
    loader.wish([Wish("a", 1, 160), Wish("bad", 1, 160)])
    assert collect(loader, 2) == {"a": "image of a", "bad": None}
    assert threading.current_thread() not in threads
    loader.close()


def test_a_new_wish_replaces_what_was_not_begun() -> None:
    gate, began = threading.Event(), threading.Event()
    decoded: list[str] = []

    def decode(wish: Wish) -> str:
        decoded.append(wish.path)
        began.set()
        gate.wait(10.0)
        return wish.path

    loader = ThumbnailLoader(decode, threads=1)  # type: ignore[arg-type]
    loader.wish([Wish("a", 1, 160), Wish("b", 1, 160), Wish("c", 1, 160)])
    assert began.wait(10.0)
    loader.wish([Wish("d", 1, 160)])
    gate.set()
    assert set(collect(loader, 2)) == {"a", "d"}
    assert decoded == ["a", "d"]
    loader.close()


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 40)), max_size=60))
def test_a_bounded_store_keeps_the_newest_within_its_limit(puts: list[tuple[int, int]]) -> None:
    store: LeastRecent[int, str] = LeastRecent(100)
    sizes: dict[int, int] = {}
    for key, size in puts:
        store.put(key, f"{key}", size)
        sizes[key] = size
        assert key in store, "what was just put stays"
        held = [each for each in sizes if each in store]
        assert store.size == sum(sizes[each] for each in held)
        assert store.size <= 100
        assert len(store) == len(held)


def test_what_is_asked_for_is_dropped_last() -> None:
    store: LeastRecent[str, int] = LeastRecent(3)
    for number, key in enumerate("abc"):
        store.put(key, number, 1)
    assert store.get("a") == 0
    store.put("d", 3, 1)
    assert "b" not in store
    assert store.get("a") == 0
    store.put("huge", 9, 50)
    assert store.get("huge") == 9
    assert len(store) == 1
    store.clear()
    assert (len(store), store.size, store.get("huge")) == (0, 0, None)


# --- keys and drops ---------------------------------------------------------------------------------------------------


def test_no_key_is_bound_twice_and_every_command_has_one() -> None:
    sequences = [sequence for shortcut in shortcuts() for sequence in shortcut.sequences]
    assert len(sequences) == len(set(sequences))
    assert {shortcut.command for shortcut in shortcuts()} - {None} == set(Command)
    assert all(shortcut.keys and shortcut.words for shortcut in shortcuts())


def test_a_single_letter_is_not_heard_while_typing() -> None:
    for shortcut in shortcuts():
        if any(sequence.startswith("<Key-") for sequence in shortcut.sequences):
            assert shortcut.letter


def test_the_first_folder_of_a_drop_counts(tmp_path: Path) -> None:
    folder, file = tmp_path / "a folder", tmp_path / "b.jpg"
    folder.mkdir()
    file.write_bytes(b"")
    assert folder_of((os.fspath(folder), os.fspath(file))) == os.fspath(folder)
    assert folder_of((os.fspath(file),)) == os.fspath(tmp_path)
    assert folder_of((os.fspath(tmp_path / "gone"),)) == ""
    assert folder_of(()) == ""
