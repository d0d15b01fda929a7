"""The page *Sync* without a window: rows, chips, counters, answers, words, and what may be pressed when."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.base.model import Plan
from image_sync.engine import Engine
from image_sync.gui.job.confirm_model import Confirmation
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.form import why_scan_again
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.job.query import parsed
from image_sync.gui.job.state import State
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.preferences import Preferences
from image_sync.gui.sync import saved_answers
from image_sync.gui.sync.confirm import Space, confirmation
from image_sync.gui.sync.form import SyncForm
from image_sync.gui.sync.page_model import SyncModel
from image_sync.gui.sync.rows import Chip, Column, SyncRows, next_answer, sign
from image_sync.gui.sync.versions_model import absence, facts, picture_on, place_on
from image_sync.gui.sync.words import answer_words, can_keep_both, deletes, entry_words, moment
from image_sync.gui.widgets.background import Background
from image_sync.jobs import registry
from image_sync.jobs.sync.model import (
    Agreed,
    Answer,
    Decision,
    Entry,
    EntryKind,
    Half,
    Kind,
    Side,
    Situation,
    SyncReview,
)
from image_sync.jobs.sync.packed_stats import TICK_NS
from image_sync.jobs.sync.request import Deletions, SyncRequest
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.decide import Choices

SECOND = 1_000_000_000
NOON = 1_700_000_000 * SECOND
MIB = 1024 * 1024


def file(content: str = "a", size: int = MIB, mtime_ns: int = NOON) -> Entry:
    return Entry(EntryKind.FILE, size, mtime_ns, 1, 1, content)


FOLDER = Entry(EntryKind.FOLDER)


def review_of(
    source: dict[str, Entry],
    target: dict[str, Entry],
    agreed: dict[str, Agreed] | None = None,
    deletions: Deletions = Deletions.ASK,
    answers: dict[str, Answer] | None = None,
    untouched: tuple[str, ...] = (),
) -> SyncReview:
    """The review that the rules make of two listings; ``untouched`` are not open."""
    opened = frozenset((source.keys() | target.keys() | (agreed or {}).keys()) - set(untouched))
    situation = Situation(Half("/left", source), Half("/right", target), agreed or {}, opened)
    found = sync.decide(situation, Choices(deletions))
    equal = sum(1 for one in found if one.kind is Kind.EQUAL) + len(untouched)
    request = SyncRequest("/left", "/right", deletions)
    bare = SyncReview(request, situation, found, found, Plan("sync", {}, ()), equal)
    return sync.reviewed(bare, Choices(deletions), answers or {})


def every_kind(answers: dict[str, Answer] | None = None) -> SyncReview:
    same, old = Agreed(file("g"), file("g")), Agreed(file("m"), file("m"))
    source = {
        "both.jpg": file("1", 2 * MIB),
        "equal.jpg": file("e"),
        "gone.jpg": file("g"),
        "moved here.jpg": file("m"),
        "new.jpg": file("n", 3 * MIB),
        "newer.jpg": file("x", 4 * MIB, NOON + 60 * SECOND),
        "pipe": file(),
        "untouched.jpg": file("u"),
    }
    target = {
        "both.jpg": file("2"),
        "equal.jpg": file("e"),
        "from right.jpg": file("r", 5 * MIB),
        "moved.jpg": file("m"),
        "newer.jpg": file("y"),
        "pipe": Entry(EntryKind.SPECIAL),
        "untouched.jpg": file("u"),
    }
    return review_of(
        source, target, {"gone.jpg": same, "moved.jpg": old}, answers=answers, untouched=("untouched.jpg",)
    )


def decision(path: str, review: SyncReview | None = None) -> Decision:
    return next(one for one in (review or every_kind()).decisions if one.path == path)


# --- rows -------------------------------------------------------------------------------------------------------------


def test_every_row_says_what_happens_where_and_why() -> None:
    rows = {row.decision.path: row for row in SyncRows(every_kind()).visible()}
    assert {path: (row.chip, row.cells[2]) for path, row in rows.items()} == {
        "both.jpg": (Chip.CONFLICT, "≠  conflict"),
        "from right.jpg": (Chip.COPY, "←  copy"),
        "gone.jpg": (Chip.DELETE, "?  delete"),
        "moved here.jpg": (Chip.RENAME, "→  rename"),
        "new.jpg": (Chip.COPY, "→  copy"),
        "newer.jpg": (Chip.UPDATE, "→  update"),
        "pipe": (Chip.PROBLEM, "!  problem"),
    }
    assert rows["new.jpg"].cells[1].startswith("3.0 MiB · 2023-11-14")
    assert rows["new.jpg"].cells[3] == ""
    assert rows["new.jpg"].cells[4] == "only in the source"
    assert rows["moved here.jpg"].cells[0] == "moved here.jpg  (before: moved.jpg)"
    assert rows["pipe"].cells[3] == "special file"


def test_chips_count_and_filter() -> None:
    rows = SyncRows(every_kind())
    assert dict(rows.chips) == {
        Chip.CONFLICT: "Conflict  1",
        Chip.DELETE: "Delete  1",
        Chip.COPY: "Copy  2",
        Chip.UPDATE: "Update  1",
        Chip.RENAME: "Rename  1",
        Chip.PROBLEM: "Problem  1",
        Chip.EQUAL: "Equal  2",
    }
    assert Chip.EQUAL not in rows.shown_chips
    for chip in rows.shown_chips - {Chip.COPY}:
        rows.toggle(chip)
    assert [row.decision.path for row in rows.visible()] == ["from right.jpg", "new.jpg"]
    rows.toggle(Chip.EQUAL)
    shown = [row.decision.path for row in rows.visible()]
    assert shown == ["equal.jpg", "from right.jpg", "new.jpg", "untouched.jpg"], "also what no rule was asked about"
    assert rows.row(rows.visible()[-1].key) is rows.visible()[-1]


def test_counters_tell_files_and_bytes_each_way() -> None:
    assert SyncRows(every_kind()).counters == "→ 2 files, 7.0 MiB     ← 1 file, 5.0 MiB"
    both = SyncRows(every_kind({"both.jpg": Answer.KEEP_BOTH}))
    assert both.counters == "→ 3 files, 9.0 MiB     ← 2 files, 6.0 MiB", "both versions go to the other side"
    assert SyncRows(review_of({}, {})).counters == "→ 0 files     ← 0 files"


@pytest.mark.parametrize(
    ("column", "first", "last"),
    [
        (Column.PATH, "both.jpg", "pipe"),
        (Column.SOURCE, "from right.jpg", "newer.jpg"),
        (Column.TARGET, "gone.jpg", "from right.jpg"),
        (Column.DEED, "both.jpg", "pipe"),
        (Column.WHY, "pipe", "moved here.jpg"),
    ],
)
def test_sorting(column: Column, first: str, last: str) -> None:
    rows = SyncRows(every_kind())
    rows.sort(Column.WHY if column is not Column.WHY else Column.PATH)
    rows.sort(column)
    paths = [row.decision.path for row in rows.visible()]
    assert (paths[0], paths[-1]) == (first, last)
    rows.sort(column)
    assert [row.decision.path for row in rows.visible()] == paths[::-1]


def test_keys_outlive_answers_and_only_what_changed_is_new() -> None:
    before = SyncRows(every_kind())
    after = SyncRows(every_kind({"both.jpg": Answer.SOURCE}), before)
    assert [row.key for row in after.visible()] == [row.key for row in before.visible()]
    changed = [new.decision.path for new in after.visible() if new is not before.row(new.key)]
    assert changed == ["both.jpg"]


def test_the_next_conflict_goes_round() -> None:
    rows = SyncRows(every_kind())
    keys = {row.decision.path: row.key for row in rows.visible()}
    assert rows.next_conflict("") == keys["both.jpg"]
    assert rows.next_conflict(keys["both.jpg"]) == keys["gone.jpg"]
    assert rows.next_conflict(keys["new.jpg"]) == keys["both.jpg"]
    assert SyncRows(review_of({"a": file()}, {})).next_conflict("") == ""


def test_headlines() -> None:
    assert SyncRows(every_kind()).headline == "1 conflict is open, 1 deletion is open"
    assert SyncRows(review_of({"a": file()}, {})).headline == "1 change"
    assert SyncRows(review_of({}, {})).headline == "Nothing to do"


def test_rows_of_permissions_say_them() -> None:
    here, there = replace(file(), permissions="600"), replace(file(), permissions="644:")
    alone = SyncRows(review_of({"a": here}, {"a": there}, {"a": Agreed(file(), file(), "644:")}))
    (row,) = alone.visible()
    assert (row.chip, row.cells[1], row.cells[2], row.cells[3]) == (
        Chip.PERMISSIONS,
        "rw-------",
        "→  permissions",
        "rw-r--r--",
    )
    assert dict(alone.chips) == {Chip.PERMISSIONS: "Permissions  1"}
    assert alone.counters == "→ 0 files     ← 0 files", "nothing is copied"
    assert not can_keep_both(row.decision)
    assert facts(row.decision, {})[-1].sign == "≠"
    both = SyncRows(review_of({"a": here}, {"a": there}))
    assert [row.cells[2] for row in both.visible()] == ["≠  conflict"]
    words = confirmation(alone.review, alone.ways, Space())
    assert ("What", "Change the permissions of 1 file") in words.facts


# --- answers and words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "ways"),
    [
        ("both.jpg", ["→  update  ✓", "←  update  ✓", "–  left alone  ✓", "→  update  ✓"]),
        ("newer.jpg", ["←  update  ✓", "–  left alone  ✓", "→  update  ✓"]),
        ("new.jpg", ["–  left alone  ✓", "←  delete  ✓", "→  copy  ✓"]),
        ("from right.jpg", ["–  left alone  ✓", "→  delete  ✓", "←  copy  ✓"]),
        ("moved here.jpg", ["←  rename  ✓", "–  left alone  ✓", "→  rename  ✓"]),
    ],
)
def test_a_click_turns_an_arrow_from_way_to_way(path: str, ways: list[str]) -> None:
    answers: dict[str, Answer] = {}
    seen = []
    for _click in ways:
        answers[path] = next_answer(decision(path, every_kind(answers)))
        seen.append(sign(decision(path, every_kind(answers))))
    assert seen == ways


def test_what_the_buttons_say_is_what_happens() -> None:
    two, gone, new = decision("both.jpg"), decision("gone.jpg"), decision("from right.jpg")
    assert [answer_words(two, answer) for answer in Answer] == [
        "Use the source", "Use the target", "Keep both", "Leave alone",
    ]  # fmt: skip
    assert (answer_words(gone, Answer.SOURCE), answer_words(gone, Answer.TARGET)) == (
        "Copy to the target", "Delete in the source",
    )  # fmt: skip
    assert (answer_words(new, Answer.SOURCE), answer_words(new, Answer.TARGET)) == (
        "Delete in the target", "Copy to the source",
    )  # fmt: skip
    assert [deletes(new, answer) for answer in Answer] == [True, False, False, False]
    assert can_keep_both(two)
    assert not can_keep_both(new)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, ""),
        (FOLDER, "folder"),
        (Entry(EntryKind.LINK, content="../a\nb"), "link to ../a"),
        (Entry(EntryKind.UNREAD), "not readable"),
    ],
)
def test_what_stands_on_a_side(entry: Entry | None, words: str) -> None:
    assert entry_words(entry).startswith(words)
    assert "\n" not in entry_words(entry)


@pytest.mark.parametrize("mtime_ns", [-(2**63), 2**63 - 1, -SECOND, 0])
def test_any_time_is_shown(mtime_ns: int) -> None:
    assert moment(mtime_ns)
    assert len(moment(0, exact=True)) == len("1970-01-01 00:00:00")


# --- both versions ----------------------------------------------------------------------------------------------------


def test_what_differs_is_marked() -> None:
    sizes = {Side.SOURCE: (400, 300), Side.TARGET: (200, 150)}
    found = {fact.name: fact for fact in facts(decision("newer.jpg"), sizes)}
    assert {name: fact.sign for name, fact in found.items()} == {"Size": ">", "Changed": ">", "Dimensions": "≠"}
    assert (found["Size"].source, found["Size"].target) == ("4.0 MiB", "1.0 MiB")
    assert (found["Dimensions"].source, found["Dimensions"].target) == ("400 × 300", "200 × 150")
    alike = facts(decision("both.jpg"), {Side.SOURCE: (4, 3), Side.TARGET: None})
    assert [(fact.name, fact.sign, fact.differs) for fact in alike] == [
        ("Size", ">", True), ("Changed", "=", False), ("Dimensions", "", False),
    ]  # fmt: skip
    one = facts(decision("new.jpg"), {})
    assert [(fact.target, fact.differs) for fact in one] == [("–", False), ("–", False)]


def test_pictures_are_looked_for_where_they_are() -> None:
    review = every_kind()
    moved = decision("moved here.jpg", review)
    assert place_on(moved, review, Side.SOURCE) == os.path.join("/left", "moved here.jpg")
    assert place_on(moved, review, Side.TARGET) == os.path.join("/right", "moved.jpg")
    assert picture_on(decision("new.jpg", review), review, Side.TARGET) is None
    assert absence(decision("new.jpg", review), Side.TARGET) == "not there"
    text = review_of({"a.txt": file()}, {})
    assert picture_on(text.decisions[0], text, Side.SOURCE) is None
    assert absence(text.decisions[0], Side.SOURCE) == "no preview"


# --- the form and the question ----------------------------------------------------------------------------------------


def test_the_form_asks_about_deletions_and_remembers_folders() -> None:
    form = SyncForm(Preferences(recent={"source": ("/a", "/b")}))
    assert form.source.choices == ["/a", "/b"]
    assert not form.filled_in
    form.source.pick("/b")
    form.target.pick("/c")
    assert form.filled_in
    assert form.request() == SyncRequest("/b", "/c", Deletions.ASK)
    remembered = form.remembered(Preferences(recent={"source": ("/a", "/b")}))
    assert remembered.recent == {"source": ("/b", "/a"), "target": ("/c",)}
    (deletions,) = [one.option for one in form.options if one.name == "deletions"]
    assert set(deletions.values) == set(Deletions)


@pytest.mark.parametrize(
    ("wanted", "again"),
    [
        (SyncRequest("/a", "/b"), False),
        (SyncRequest("/a", "/c"), True),
        (SyncRequest("/a", "/b", Deletions.PROPAGATE), True),
        (SyncRequest("/a", "/b", images_only=True), True),
        (SyncRequest("/a", "/b", verify=True), True),
    ],
)
def test_when_to_compare_again(wanted: SyncRequest, again: bool) -> None:
    assert bool(why_scan_again(SyncRequest("/a", "/b"), wanted)) is again


def test_the_rarer_choices_are_those_of_the_command() -> None:
    form = SyncForm(Preferences())
    assert form.request() == SyncRequest("", "", Deletions.ASK)
    assert form.unusual == 0
    form.include, form.exclude, form.litter = " *.jpg ; 2024/*;", "cache", True
    for text, wanted in (
        ("", None),
        ("2", 2 * SECOND),
        (" 1,5 ", 1_500_000_000),
        ("0", 0),
        ("two", -1),
        ("-1", -SECOND),
    ):
        form.tolerance_ns = text
        asked = form.request()
        assert asked.tolerance_ns == wanted
        mistakes = registry.check("sync", asked)
        form.show_mistakes(mistakes)
        assert bool(form.mistakes) is (wanted is not None and wanted < 0), text
    assert (asked.include, asked.exclude, asked.litter) == (("*.jpg", "2024/*"), ("cache",), True)
    assert form.unusual == 4
    form.tolerance_ns, form.verify, form.deletions = "2", True, Deletions.PROPAGATE
    again = SyncForm(form.remembered(Preferences()))
    assert (again.include, again.tolerance_ns, again.deletions) == (form.include, "2", Deletions.PROPAGATE)
    assert not again.verify, "to read every file is asked for each time"
    spoilt = SyncForm(Preferences(choices={"sync": {"include": True, "litter": "yes", "deletions": "never"}}))
    assert spoilt.request() == SyncRequest("", "", Deletions.ASK)


def test_the_question_before_it_is_applied() -> None:
    review = every_kind({"gone.jpg": Answer.TARGET})
    asked = confirmation(review, SyncRows(review).ways, Space(3 * MIB, None))
    assert ("To the target", "2 files, 7.0 MiB") in asked.facts
    assert ("To the source", "1 file, 5.0 MiB (3.0 MiB free there)") in asked.facts
    assert any("undone" in value for _name, value in asked.facts)
    assert "not hold quite the same" in asked.question
    assert asked.warnings[0].startswith("1 conflict is still open")
    assert asked.warnings[1].startswith("1 file is deleted on one side")
    unanswered = every_kind()
    left = confirmation(unanswered, SyncRows(unanswered).ways, Space()).warnings
    assert [words.partition(" is")[0] for words in left[:2]] == ["1 deletion", "1 conflict"]
    plain = review_of({"a": file()}, {})
    said = confirmation(plain, SyncRows(plain).ways, Space())
    assert said.question.startswith("Afterwards both folders hold the same")
    assert said.warnings == ()


# --- the page's model over the real engine ----------------------------------------------------------------------------


class Bench:
    """The model with a session and a background, driven without a window."""

    def __init__(self, folder: Path) -> None:
        self.left, self.right = folder / "left", folder / "right"
        for side in (self.left, self.right):
            side.mkdir()
        self.engine = Engine()
        port = Port(lambda: self.engine, registry.check, lambda _path, _control: "2 pictures", free_space, device)
        self.engine_link, self.background, self.counter = EngineLink(port.make_engine), Background(), Background()
        self.problems = ProblemsModel()
        self.model = SyncModel(self.engine_link, self.background, self.counter, port, PreferenceStore(), self.problems)

    def write(self, name: str, left: str | None, right: str | None, ages: tuple[int, int] = (0, 0)) -> None:
        for side, text, age in ((self.left, left, ages[0]), (self.right, right, ages[1])):
            if text is not None:
                (side / name).write_text(text)
                os.utime(side / name, (1_600_000_000 - age, 1_600_000_000 - age))

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, self.model.message
            self.engine_link.drain()
            self.background.deliver()
            self.counter.deliver()
            time.sleep(0.002)

    def settle(self) -> None:
        self.until(lambda: self.background.idle and self.counter.idle and not self.engine_link.busy)

    def fill_in(self) -> None:
        self.model.pick_folder("source", os.fspath(self.left))
        self.model.pick_folder("target", os.fspath(self.right))
        self.settle()

    def compare(self) -> None:
        time.sleep(2 * TICK_NS / 1e9)  # of a file that was written just now nothing is remembered
        self.model.scan()
        self.settle()

    def apply(self) -> None:
        self.model.apply()
        self.settle()

    @property
    def kinds(self) -> dict[str, Kind]:
        assert self.model.rows is not None
        return {row.decision.path: row.decision.kind for row in self.model.rows.visible()}

    def answer(self, path: str, answer: Answer | None) -> None:
        assert self.model.rows is not None
        rows = [row for row in self.model.rows.visible() if row.decision.path == path]
        self.model.answer(rows, answer)
        self.settle()


@pytest.fixture
def bench(tmp_path: Path, home: Path) -> Iterator[Bench]:  # noqa: ARG001 - the state folder
    bench = Bench(tmp_path)
    yield bench
    bench.engine_link.close()
    bench.background.close()
    bench.counter.close()


def test_answers_change_the_plan_and_can_be_taken_back(bench: Bench) -> None:
    bench.write("clash", "one", "two")
    bench.write("new", "n", None)
    bench.fill_in()
    bench.compare()
    assert bench.kinds == {"clash": Kind.CONFLICT, "new": Kind.COPY_TO_TARGET}
    bench.answer("clash", Answer.KEEP_BOTH)
    bench.answer("new", Answer.SKIP)
    assert bench.kinds == {"clash": Kind.KEEP_BOTH, "new": Kind.SKIP}
    bench.answer("new", None)
    assert bench.kinds == {"clash": Kind.KEEP_BOTH, "new": Kind.COPY_TO_TARGET}
    bench.model.answer_conflicts(Answer.SOURCE)
    bench.settle()
    assert bench.kinds["clash"] is Kind.KEEP_BOTH, "what is no open conflict any more keeps its answer"
    bench.apply()
    assert bench.model.state is State.DONE
    assert os.path.exists(bench.model.log)
    assert len(list(bench.right.glob("clash*"))) == 2
    assert (bench.right / "new").read_text() == "n"


def test_all_conflicts_at_once(bench: Bench) -> None:
    for number in range(5):
        bench.write(f"clash {number}", "one", "two!")
    bench.fill_in()
    bench.compare()
    assert not bench.model.can_apply, "there is nothing to apply as long as all is open"
    bench.model.answer_conflicts(Answer.TARGET)
    bench.settle()
    assert set(bench.kinds.values()) == {Kind.UPDATE_SOURCE}
    bench.apply()
    assert {path.read_text() for path in bench.left.glob("clash*")} == {"two!"}


def test_deletions_are_asked_and_the_memory_is_kept(bench: Bench) -> None:
    bench.write("a", "a", "a")
    bench.write("b", "b", "b")
    bench.fill_in()
    bench.compare()
    assert bench.model.state is State.DONE, "two folders that hold the same are remembered at once"
    assert bench.model.outcome is not None
    assert bench.model.outcome.headline == "There is nothing to do."
    assert not bench.model.can_undo
    (bench.right / "a").unlink()
    bench.compare()
    assert bench.kinds == {"a": Kind.DELETION}
    bench.answer("a", Answer.TARGET)
    assert bench.kinds == {"a": Kind.DELETE_IN_SOURCE}
    bench.apply()
    assert not (bench.left / "a").exists()
    bench.model.undo()
    bench.settle()
    assert (bench.left / "a").read_text() == "a"


def test_what_was_compared_before_a_change_of_folders_is_not_applied(bench: Bench, tmp_path: Path) -> None:
    bench.write("new", "n", None)
    bench.fill_in()
    bench.compare()
    assert bench.model.can_apply
    other = tmp_path / "other"
    other.mkdir()
    bench.model.pick_folder("target", os.fspath(other))
    bench.settle()
    assert bench.model.stale
    assert not bench.model.can_apply
    bench.apply()
    assert not list(other.iterdir())
    assert not (bench.right / "new").exists()


def test_mistakes_are_said_beside_the_field(bench: Bench) -> None:
    inner = bench.left / "inner"
    inner.mkdir()
    bench.model.pick_folder("source", os.fspath(bench.left))
    bench.model.pick_folder("target", os.fspath(inner))
    bench.settle()
    assert "inside" in bench.model.form.target.mistake
    assert not bench.model.can_scan
    bench.compare()
    assert bench.model.state is State.EMPTY


def test_a_refusal_forbids_to_apply_and_says_why(bench: Bench) -> None:
    for number in range(12):
        bench.write(f"file {number}", "x" * number, "x" * number)
    bench.fill_in()
    bench.compare()
    assert bench.model.state is State.DONE
    for number in range(11):
        (bench.right / f"file {number}").unlink()
    bench.compare()
    assert bench.model.state is State.REVIEW
    assert bench.model.refusal == bench.model.emptied
    assert bench.model.emptied.startswith("11 of the 12 files that both folders held")
    assert "--" not in bench.model.refusal, "there is no command line here"
    bench.model.answer_conflicts(Answer.SOURCE)
    bench.settle()
    assert not bench.model.can_apply
    asked: list[Confirmation] = []
    bench.model.ask_to_apply(asked.append)
    bench.settle()
    assert not asked

    bench.model.compare_deleted_on_purpose()
    bench.settle()
    assert not bench.model.refusal
    assert set(bench.model.answers.values()) == {Answer.SOURCE}, "what was answered before is taken over"
    bench.model.undo()
    bench.settle()
    bench.model.answer_conflicts(Answer.TARGET)
    bench.settle()
    bench.apply()
    assert [path.name for path in bench.left.glob("file*")] == ["file 11"]


def test_a_folder_that_went_away_meanwhile_is_refused(bench: Bench) -> None:
    bench.write("new", "n", None)
    bench.fill_in()
    bench.compare()
    bench.right.rename(bench.right.with_name("elsewhere"))
    bench.apply()
    assert bench.model.state is State.REVIEW
    assert "not what it was" in bench.model.message


# --- search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("both", {"both.jpg"}),
        ("is:conflict", {row.decision.path for row in SyncRows(every_kind()).visible() if row.chip is Chip.CONFLICT}),
        (">1.5MB both", {"both.jpg"}),
        ("date:2023 both", {"both.jpg"}),
        ("date:1999", set()),
        ("kind:jpg both", {"both.jpg"}),
        ("is:answered", set()),
    ],
)
def test_a_search_picks_out_rows(text: str, found: set[str]) -> None:
    rows = SyncRows(every_kind())
    rows.query = parsed(text)
    assert {row.decision.path for row in rows.visible()} == found
    after = SyncRows(every_kind(), rows)
    after.follow(rows)
    assert {row.decision.path for row in after.visible()} == found


# --- answers that outlive the window ----------------------------------------------------------------------------------


def test_answers_can_be_taken_back_and_given_again(bench: Bench) -> None:
    bench.write("a", "one", "two")
    bench.write("b", "b", None)
    bench.fill_in()
    bench.compare()
    was = bench.kinds
    bench.answer("b", Answer.SKIP)
    bench.answer("a", Answer.KEEP_BOTH)
    assert bench.kinds == {"a": Kind.KEEP_BOTH, "b": Kind.SKIP}
    bench.model.undo()
    bench.settle()
    assert bench.kinds == {**was, "b": Kind.SKIP}
    assert bench.model.message == "Taken back: a: Keep both"
    bench.model.undo()
    bench.settle()
    assert bench.kinds == was
    bench.model.redo()
    bench.settle()
    assert bench.kinds == {**was, "b": Kind.SKIP}
    assert (bench.left / "b").exists(), "no run was undone"


def test_answers_are_taken_over_by_the_next_comparison(bench: Bench) -> None:
    bench.write("a", "one", "two")
    bench.write("b", "b", None)
    bench.fill_in()
    bench.compare()
    bench.answer("a", Answer.KEEP_BOTH)
    bench.answer("b", Answer.SKIP)
    bench.compare()
    assert bench.kinds == {"a": Kind.KEEP_BOTH, "b": Kind.SKIP}
    assert bench.model.message.startswith("2 earlier decisions were taken over")
    (bench.left / "b").write_text("another")
    bench.compare()
    assert bench.model.answers == {"a": Answer.KEEP_BOTH}, "b is not what was decided about"


DECIDED = [Decision("a.jpg", Kind.CONFLICT, "", file("1"), file("2")), Decision("b.jpg", Kind.CONFLICT, "", file("1"))]
TOLD = {"a.jpg": Answer.KEEP_BOTH, "b.jpg": Answer.SKIP}


def test_answers_on_the_disk() -> None:
    one, other = SyncRequest("/left", "/right"), SyncRequest("/right", "/left")
    assert saved_answers.load(one, DECIDED) == {}
    saved_answers.save(one, TOLD, DECIDED)
    assert saved_answers.load(one, DECIDED) == TOLD
    assert saved_answers.load(other, DECIDED) == {}, "source and target are not the same the other way round"
    changed = [replace(DECIDED[0], target=file("3", mtime_ns=7)), DECIDED[1]]
    assert saved_answers.load(one, changed) == {"b.jpg": Answer.SKIP}
    assert os.stat(saved_answers.place_of(one)).st_mode & 0o077 == 0
    saved_answers.save(one, {}, DECIDED)
    assert not Path(saved_answers.place_of(one)).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"format": 99, "answers": {"a.jpg": "skip"}}',
        b'{"format": 1, "stamps": 3, "answers": 4}',
        b'{"format": 1, "stamps": {"a.jpg": null}, "answers": {"a.jpg": "skip"}}',
        b'{"format": 1, "stamps": {"a.jpg": [["FILE", 1048576, 1700000000000000000], null]}, "answers": {"a.jpg": []}}',
    ],
)
def test_damaged_answers_are_none(content: bytes) -> None:
    request = SyncRequest("/left", "/right")
    saved_answers.save(request, TOLD, DECIDED)
    Path(saved_answers.place_of(request)).write_bytes(content)
    assert saved_answers.load(request, DECIDED) == {}
