"""Undo of a sync brings the memory of the pair back: the compare after it is the compare of before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.apply.undo import undo
from image_sync.base.model import RunState
from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import Pair, put, settle

PATHS = ("a.jpg", "b.jpg", "c.jpg", "d/a.jpg", "d/b.jpg", "e/f/a.jpg")
Plan = dict[str, tuple[Kind, str]]


def plan(pair: Pair, deletions: Deletions) -> Plan:
    """What a compare says of each path that isn't equal: what becomes of it, and where it was before."""
    ran = pair.sync(deletions=deletions, dry_run=True, max_delete=1.0)
    assert ran.review is not None, ran.refused
    return {one.path: (one.kind, one.earlier) for one in ran.review.decisions if one.kind is not Kind.EQUAL}


def do(root: Path, deed: str, path: str, other: str, number: int) -> None:
    place, goal = root / path, root / other
    if deed == "write":
        put(root, path, f"{number} of {path}" * 3, number)
    elif place.is_file():
        if deed == "delete":
            place.unlink()
        elif deed == "touch":
            put(root, path, place.read_bytes(), -number)
        elif deed == "rename" and not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            place.rename(goal)


deeds = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "touch", "rename", "rename"]),
        st.booleans(),
        st.sampled_from(PATHS),
        st.sampled_from([*PATHS, "new.jpg", "d/new.jpg"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=5,
)


@given(
    before=st.lists(st.sampled_from(PATHS), unique=True, min_size=1),
    alike=st.booleans(),
    rounds=st.lists(deeds, min_size=1, max_size=3),
    deletions=st.sampled_from(list(Deletions)),
    answer=st.sampled_from([None, Answer.SOURCE, Answer.TARGET, Answer.KEEP_BOTH]),
)
@settings(max_examples=25, deadline=None)
def test_the_compare_after_an_undo_is_that_of_before(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[str],
    alike: bool,
    rounds: list[list[tuple[str, bool, str, str, int]]],
    deletions: Deletions,
    answer: Answer | None,
) -> None:
    """After some runs, with answers, the last is taken back, and the plan is the one that it was made from."""
    base = tmp_path_factory.mktemp("undone")
    pair = Pair(base / "one", base / "two")
    pair.source.mkdir()
    for path in before:
        put(pair.source, path, f"content of {path}", 9)
    shutil.copytree(pair.source, pair.target) if alike else pair.target.mkdir()
    pair.sync()
    settle()
    for number, round_of_deeds in enumerate(rounds):
        for deed, here, path, other, seed in round_of_deeds:
            do(pair.source if here else pair.target, deed, path, other, seed + 10 * number)
        planned = plan(pair, deletions)
        ran = pair.sync(deletions=deletions, resolution=answer.value if answer else "", max_delete=1.0)
        assert ran.result is not None and ran.problems == (), ran.refused
        settle()
    if ran.result.run:
        assert undo(ran.result.run).state is RunState.UNDONE
        assert plan(pair, deletions) == planned
        assert plan(pair, deletions) == planned, "and it is so the next time"


def test_a_rename_that_was_undone_is_a_rename_again(pair: Pair) -> None:
    for number in range(4):
        put(pair.source, f"f{number}.txt", f"file {number}")
    pair.sync()
    settle()
    (pair.source / "f2.txt").rename(pair.source / "g2.txt")
    planned = plan(pair, Deletions.RESTORE)
    assert planned == {"g2.txt": (Kind.RENAME_IN_TARGET, "f2.txt")}
    ran = pair.sync()
    assert ran.result
    undo(ran.result.run)
    assert plan(pair, Deletions.RESTORE) == planned


def test_an_older_run_is_undone_while_a_newer_stands(pair: Pair) -> None:
    """What only the older one did is as before it; what the newer changed since stays what the newer left."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        put(pair.source, name, f"first {name}", 90)
    pair.sync()
    settle()
    (pair.source / "a.jpg").unlink()
    put(pair.source, "b.jpg", "second b", 50)
    older = pair.sync(deletions=Deletions.PROPAGATE)
    settle()
    put(pair.source, "c.jpg", "third c", 20)
    pair.sync()
    settle()
    assert older.result
    undo(older.result.run)
    assert plan(pair, Deletions.PROPAGATE) == {
        "a.jpg": (Kind.DELETE_IN_TARGET, ""),
        "b.jpg": (Kind.UPDATE_TARGET, ""),
    }


def test_answered_deletions_come_back_as_questions(pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    put(pair.source, "b.jpg", "b")
    pair.sync()
    settle()
    (pair.source / "a.jpg").unlink()
    planned = plan(pair, Deletions.ASK)
    ran = pair.sync({"a.jpg": Answer.SOURCE}, deletions=Deletions.ASK)
    assert ran.done == 1 and not (pair.target / "a.jpg").exists()
    assert ran.result
    undo(ran.result.run)
    assert plan(pair, Deletions.ASK) == planned == {"a.jpg": (Kind.DELETION, "")}
