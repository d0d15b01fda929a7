"""Rules of *sync* that look at more than one path: moves, folders, names that meet, unread parts, guards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from image_sync.base import paths
from image_sync.jobs.sync.model import Agreed, Kind, Side, Situation
from image_sync.jobs.sync.request import Deletions
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.changes import Case
from image_sync.jobs.sync.rules.decide import Choices
from image_sync.jobs.sync.rules.names import conflict_name
from image_sync.jobs.sync.rules.renames import renames
from tests.jobs.sync.rules.values import decided, entry, mirrored, situation

PROPAGATE, ASK = Choices(Deletions.PROPAGATE), Choices(Deletions.ASK)
Rows = dict[str, str]


def rows(whole: Situation, choices: Choices | None = None) -> dict[str, str]:
    """Each decision that isn't *equal*, as ``path: kind``; of a move as ``new: kind < old``."""
    found = {}
    for decision in decided(whole, choices):
        if decision.kind is not Kind.EQUAL:
            earlier = f" < {decision.earlier}" if decision.earlier else ""
            found[decision.path] = decision.kind.value + earlier
    return found


# --- moves ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choices", [Choices(), PROPAGATE, ASK])
@pytest.mark.parametrize(
    ("agreed", "source", "target", "expected"),
    [
        ({"p": "a@0"}, {"q": "a@0"}, {"p": "a@0"}, {"q": "rename in target < p"}),
        ({"p": "a@0"}, {"q": "a@5"}, {"p": "a@9"}, {"q": "rename in target < p"}),
        ({"p": "a@0"}, {"p": "a@0"}, {"q": "a@0"}, {"q": "rename in source < p"}),
        ({"p": ">x@0"}, {"q": ">x@0"}, {"p": ">x@0"}, {"q": "rename in target < p"}),
        ({"d/p": "a@0"}, {"e/p": "a@0"}, {"d/p": "a@0"}, {"e/p": "rename in target < d/p"}),
        (
            {"d/p": "a@0", "d/q": "b@0"},
            {"e/p": "a@0", "e/q": "b@0"},
            {"d/p": "a@0", "d/q": "b@0"},
            {"e/p": "rename in target < d/p", "e/q": "rename in target < d/q"},
        ),
        (  # two files of one content: the one that kept its name is the one that moved
            {"d/p": "a@0", "d/q": "a@0"},
            {"e/q": "a@0", "e/p": "a@0"},
            {"d/p": "a@0", "d/q": "a@0"},
            {"e/p": "rename in target < d/p", "e/q": "rename in target < d/q"},
        ),
        (  # moved and copied: one is a move, the other a copy
            {"p": "a@0"},
            {"q": "a@0", "r": "a@0"},
            {"p": "a@0"},
            {"q": "rename in target < p", "r": "copy to target"},
        ),
        (  # both sides gave it another name: both names are kept
            {"p": "a@0"},
            {"q": "a@0"},
            {"r": "a@0"},
            {"q": "copy to target", "r": "copy to source"},
        ),
        ({"p": "a@0"}, {"q": "a@0"}, {"q": "a@0"}, {}),
        (  # moved here, changed there: the change is kept under the old name
            {"p": "a@0"},
            {"q": "a@0"},
            {"p": "b@9"},
            {"p": "copy to source", "q": "copy to target"},
        ),
        (  # without a memory nothing was moved
            {},
            {"q": "a@0"},
            {"p": "a@0"},
            {"q": "copy to target", "p": "copy to source"},
        ),
        (  # what stands under the new name there is not the file: both are judged by themselves
            {"p": "a@0"},
            {"q": "a@0", "p": "a@0"},
            {"p": "a@0"},
            {"q": "copy to target"},
        ),
    ],
)
def test_moves(agreed: Rows, source: Rows, target: Rows, expected: Rows, choices: Choices) -> None:
    folders = {"e": "copy to target", "d": "set aside in target"} if "e/p" in expected else {}
    assert rows(situation(source, target, agreed), choices) == expected | folders


def test_empty_files_are_not_known_again() -> None:
    whole = situation({"q": "@0"}, {"p": "@0"}, {"p": "@0"})
    assert rows(whole) == {"q": "copy to target", "p": "copy to source"}


def test_a_thousand_files_of_one_size_are_each_read_once() -> None:
    agreed = {f"p{number}": f"{number}@0" for number in range(1000)}
    source = {f"q{number}": f"{number}@0" for number in range(1000)}
    found = rows(situation(source, agreed, agreed))
    assert found == {f"q{number}": f"rename in target < p{number}" for number in range(1000)}


@pytest.mark.parametrize("count", [100, 1000])
def test_renames_of_one_content_are_paired_in_linear_time(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Phones write thousands of equal sidecars: each path is looked at a few times, not once for each other."""
    one = entry("a@0")
    assert one is not None
    asked: list[str] = []
    name_of = paths.name
    monkeypatch.setattr(paths, "name", lambda path: (asked.append(path), name_of(path))[1])
    lost = [Case(f"d/p{number}", None, one, Agreed(one, one)) for number in range(count)]
    new = [Case(f"d/q{number}", one, None, None) for number in range(count)]
    found = list(renames([*lost, *new]))
    assert [(move.earlier, move.path) for move in found] == sorted((f"d/p{n}", f"d/q{n}") for n in range(count))
    assert 0 < len(asked) <= 10 * count


def test_a_change_of_case_alone_is_a_move_even_where_case_is_one() -> None:
    whole = situation({"P": "a@0"}, {"p": "a@0"}, {"p": "a@0"}, target_more={"folds": True})
    assert rows(whole) == {"P": "rename in target < p"}


# --- folders -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "source", "target", "restore", "propagate"),
    [
        ({}, {"d": "dir"}, {}, {"d": "copy to target"}, {"d": "copy to target"}),
        ({}, {"d/e": "dir"}, {}, {"d": "copy to target", "d/e": "copy to target"}, None),
        ({"d": "dir"}, {}, {"d": "dir"}, {"d": "copy to source"}, {"d": "set aside in target"}),
        (
            {"d/e": "dir"},
            {},
            {"d/e": "dir"},
            {"d": "copy to source", "d/e": "copy to source"},
            {"d": "set aside in target", "d/e": "set aside in target"},
        ),
        (
            {"d/p": "a@0"},
            {},
            {"d/p": "a@0"},
            {"d": "copy to source", "d/p": "copy to source"},
            {"d": "set aside in target", "d/p": "set aside in target"},
        ),
        (  # one was deleted, another is new: the folder stays, and comes back
            {"d/p": "a@0"},
            {},
            {"d/p": "a@0", "d/q": "b@0"},
            {"d": "copy to source", "d/p": "copy to source", "d/q": "copy to source"},
            {"d": "copy to source", "d/p": "set aside in target", "d/q": "copy to source"},
        ),
        (  # a new folder in a deleted one
            {"d/p": "a@0"},
            {},
            {"d/p": "a@0", "d/e": "dir"},
            {"d": "copy to source", "d/p": "copy to source", "d/e": "copy to source"},
            {"d": "copy to source", "d/p": "set aside in target", "d/e": "copy to source"},
        ),
        (  # a pipe holds the folder
            {"d/p": "a@0"},
            {},
            {"d/p": "a@0", "d/f": "fifo"},
            {"d": "copy to source", "d/p": "copy to source"},
            {"d/p": "set aside in target"},
        ),
        ({"d": "dir"}, {"d": "dir"}, {"d": "dir"}, {}, {}),
    ],
)
def test_folders_follow_what_is_in_them(
    agreed: Rows, source: Rows, target: Rows, restore: Rows, propagate: Rows | None
) -> None:
    whole = situation(source, target, agreed)
    assert rows(whole) == restore
    assert rows(whole, PROPAGATE) == (restore if propagate is None else propagate)


@pytest.mark.parametrize("choices", [PROPAGATE, ASK, Choices()])
def test_a_folder_with_something_unlisted_in_it_is_left(choices: Choices) -> None:
    whole = situation({}, {"d": "dir"}, {"d": "dir"}, target_more={"more": {"d"}})
    assert rows(whole, choices) == {}


def test_a_question_about_a_folder_is_one_about_its_files() -> None:
    whole = situation({}, {"d/p": "a@0"}, {"d/p": "a@0"})
    assert rows(whole, ASK) == {"d/p": "deletion to answer"}


# --- what is not known ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choices", [Choices(), PROPAGATE, ASK])
def test_nothing_is_done_at_or_below_what_could_not_be_read(choices: Choices) -> None:
    agreed = {"d/p": "a@0", "d/e/q": "b@0", "r": "c@0"}
    source = {"d": "dir", "r": "?"}
    target = {**agreed, "d/new": "z@0", "d/p": "changed@9"}
    whole = situation(source, target, agreed, source_more={"unread": {"d"}})
    assert rows(whole, choices) == {}
    assert rows(mirrored(whole), choices) == {}


def test_what_moved_into_an_unread_folder_is_not_deleted() -> None:
    """The file is gone from where it was and can't be seen where it is; nobody knows that."""
    whole = situation({"d": "dir"}, {"p": "a@0", "d": "dir"}, {"p": "a@0"}, source_more={"unread": {"d"}})
    assert rows(whole) == {"p": "copy to source"}


def test_nothing_below_a_folder_that_meets_a_file_is_judged_by_itself() -> None:
    whole = situation({"d": "a@0"}, {"d/p": "b@0", "d/e/q": "c@0"}, {"d/p": "b@0"})
    assert rows(whole, PROPAGATE) == {"d": "conflict"}
    linked = situation({"d": ">elsewhere@0"}, {"d/p": "b@0"}, {"d/p": "b@0"})
    assert rows(linked, PROPAGATE) == {"d": "conflict"}
    piped = situation({"d": "fifo"}, {"d/p": "b@0"}, {"d/p": "b@0"})
    assert rows(piped, PROPAGATE) == {"d": "problem"}
    unknown = situation({"d": "?"}, {"d/p": "b@0"}, {"d/p": "b@0"})
    assert rows(unknown, PROPAGATE) == {}


# --- names that meet -----------------------------------------------------------------------------------------------

COMPOSED, TAKEN_APART = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ({"a.jpg": "x@0"}, {"A.JPG": "y@0"}),
        ({COMPOSED: "x@0"}, {TAKEN_APART: "x@0"}),
        ({"d/p": "x@0"}, {"D/q": "y@0"}),
        ({"stra\u00dfe": "x@0"}, {"STRASSE": "y@0"}),
    ],
)
@pytest.mark.parametrize("folding", ["source", "target"])
def test_names_that_would_meet_are_a_problem(source: Rows, target: Rows, folding: str) -> None:
    more: Mapping[str, object] = {"folds": True}
    whole = situation(source, target, **{f"{folding}_more": more})
    decisions = decided(whole)
    assert {decision.kind for decision in decisions} == {Kind.PROBLEM}
    assert {*source, *target} <= {decision.path for decision in decisions}
    assert sync.make_plan(decisions, whole).operations == ()
    problems = [str(decision.problem) for decision in decisions]
    assert all("only case or Unicode form differ" in text for text in problems)


def test_names_that_differ_in_case_are_two_files_where_case_counts() -> None:
    assert rows(situation({"a.jpg": "x@0"}, {"A.JPG": "y@0"})) == {"a.jpg": "copy to target", "A.JPG": "copy to source"}


def test_two_names_of_one_side_never_meet_on_the_other() -> None:
    whole = situation({"a": "x@0", "A": "y@0", "b": "z@0"}, {}, target_more={"folds": True})
    assert rows(whole) == {"A": "problem", "a": "problem", "b": "copy to target"}


def test_a_file_that_stands_is_updated_whatever_meets_its_name() -> None:
    whole = situation({"a": "x@9", "A": "y@0"}, {"a": "z@0"}, target_more={"folds": True})
    assert rows(whole) == {"A": "problem", "a": "update target"}


@pytest.mark.parametrize(
    ("path", "side", "taken", "expected"),
    [
        ("t/a.jpg", Side.TARGET, set(), "t/a (conflict 2 2024-08-15).jpg"),
        ("a.jpg", Side.SOURCE, set(), "a (conflict 1 2024-08-15).jpg"),
        ("a", Side.TARGET, set(), "a (conflict 2 2024-08-15)"),
        (".hidden", Side.TARGET, set(), ".hidden (conflict 2 2024-08-15)"),
        ("a{}b.jpg", Side.TARGET, set(), "a{}b (conflict 2 2024-08-15).jpg"),
        ("a.jpg", Side.TARGET, {"a (conflict 2 2024-08-15).jpg"}, "a (conflict 2 2024-08-15 2).jpg"),
        ("n" * 251 + ".jpg", Side.TARGET, set(), "n" * 227 + " (conflict 2 2024-08-15).jpg"),
    ],
)
def test_names_of_conflicts(path: str, side: Side, taken: set[str], expected: str) -> None:
    noon = 1723723200 * 10**9
    assert conflict_name(path, side, noon, taken.__contains__) == expected


@pytest.mark.parametrize("mtime_ns", [-(2**63), 2**63 - 1, -(10**18), 0])
def test_no_time_is_too_far_off_for_a_name(mtime_ns: int) -> None:
    assert conflict_name("a.jpg", Side.TARGET, mtime_ns, set().__contains__).endswith(").jpg")


# --- guards --------------------------------------------------------------------------------------------------------


def numbered(count: int) -> Rows:
    return {f"{number}.jpg": f"{number}@0" for number in range(count)}


@pytest.mark.parametrize(
    ("held", "left", "share", "refused"),
    [
        (10, 5, 0.5, False),
        (10, 4, 0.5, True),
        (9, 1, None, False),
        (9, 1, 0.5, True),
        (3, 2, 0.0, True),
        (3, 2, 0.34, False),
        (9, 0, 0.5, True),
        (1, 0, 0.5, True),
        (1, 0, 1.0, False),
        (10, 0, 1.0, False),
        (10, 4, 0.6, False),
        (100, 95, 0.05, False),
        (100, 94, 0.05, True),
        (10, 9, 0.0, True),
        (0, 0, 0.5, False),
    ],
)
@pytest.mark.parametrize("side", list(Side))
def test_a_side_that_looks_emptied_is_refused(
    held: int, left: int, share: float | None, refused: bool, side: Side
) -> None:
    whole = situation(numbered(left), numbered(held), numbered(held))
    whole = whole if side is Side.SOURCE else mirrored(whole)
    words = sync.refusal(whole, decided(whole), share)
    assert bool(words) is refused
    assert not refused or (side.value in words and "--max-delete" in words)


def test_what_moved_is_not_gone() -> None:
    moved = {f"sorted/{path}": text for path, text in numbered(20).items()}
    whole = situation(moved, numbered(20), numbered(20))
    assert sync.refusal(whole, decided(whole), 0.5) == ""


def test_what_can_not_be_seen_is_not_gone() -> None:
    agreed = {f"d/{path}": text for path, text in numbered(20).items()}
    whole = situation({"d": "dir"}, agreed, agreed, source_more={"unread": {"d"}})
    assert sync.refusal(whole, decided(whole), 0.5) == ""


def test_the_words_name_a_share_that_would_do() -> None:
    whole = situation(numbered(3), numbered(11), numbered(11))
    assert "--max-delete 73" in sync.refusal(whole, decided(whole), 0.5)
    assert sync.refusal(whole, decided(whole), 0.73) == ""


def test_a_big_no_op_asks_nothing() -> None:
    whole = situation(numbered(50), numbered(50), numbered(50))
    assert replace(whole, open=()).paths() == ()
    assert sync.decide(replace(whole, open=()), Choices()) == ()
