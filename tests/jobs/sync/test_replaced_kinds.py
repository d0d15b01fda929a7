"""A folder that a file took the place of, and the other way round; a log that lies in one of the two folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.apply.undo import undo
from image_sync.base.model import RunState
from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import Pair, contents, kept, put, settle, tree


@pytest.fixture
def synced(pair: Pair) -> Pair:
    for path in ("d/a.jpg", "d/e/b.jpg", "f.txt"):
        put(pair.source, path, f"content of {path}", 99)
    assert pair.sync().done
    settle()
    return pair


def replace_folder(pair: Pair) -> None:
    shutil.rmtree(pair.source / "d")
    put(pair.source, "d", "a file now")


def replace_file(pair: Pair) -> None:
    (pair.source / "f.txt").unlink()
    put(pair.source, "f.txt/in it", "in the folder now")


@pytest.mark.parametrize("deletions", list(Deletions))
def test_a_folder_that_a_file_replaced_goes_through(synced: Pair, deletions: Deletions) -> None:
    before = synced.trees()[1]
    replace_folder(synced)
    ran = synced.sync(deletions=deletions, max_delete=1.0)
    assert ran.kinds == {"d": Kind.UPDATE_TARGET} and ran.problems == ()
    assert synced.same()["d"][1] == b"a file now"
    assert set(kept(synced.target).values()) == {b"content of d/a.jpg", b"content of d/e/b.jpg"}
    assert ran.result
    settle()
    synced.quiet(deletions=deletions)
    assert undo(ran.result.run).state is RunState.UNDONE
    assert tree(synced.target) == before


def test_a_file_that_a_folder_replaced_goes_through(synced: Pair) -> None:
    replace_file(synced)
    ran = synced.sync()
    assert ran.kinds == {"f.txt": Kind.UPDATE_TARGET} and ran.problems == ()
    assert synced.same()["f.txt/in it"][1] == b"in the folder now"
    assert list(kept(synced.target).values()) == [b"content of f.txt"]
    settle()
    synced.quiet()


@pytest.mark.parametrize(
    "deed",
    [
        lambda pair: put(pair.target, "d/a.jpg", "an edit"),
        lambda pair: put(pair.target, "d/e/new.jpg", "new"),
        lambda pair: os.mkfifo(pair.target / "d/pipe"),
        lambda pair: (pair.target / "d/a.jpg").rename(pair.target / "d/c.jpg"),
        lambda pair: put(pair.target, "d/.DS_Store", "not synced"),
        lambda pair: put(pair.source, "d", ""),
    ],
    ids=["edited", "new", "pipe", "renamed", "not synced", "empty"],
)
def test_what_happened_on_the_other_side_makes_it_a_conflict(synced: Pair, deed: Callable[[Pair], object]) -> None:
    replace_folder(synced)
    deed(synced)
    before = synced.trees()
    assert synced.sync(max_delete=1.0).kinds["d"] is Kind.CONFLICT
    assert synced.trees() == before


def test_a_touch_below_the_folder_is_nothing(synced: Pair) -> None:
    replace_folder(synced)
    os.utime(synced.target / "d/a.jpg")
    assert synced.sync(max_delete=1.0).kinds["d"] is Kind.UPDATE_TARGET


# --- what was renamed onto it -----------------------------------------------------------------------------------------


def folder_onto_file(root: Path) -> None:
    (root / "f.txt").unlink()
    (root / "d").rename(root / "f.txt")


def folder_onto_file_and_more(root: Path) -> None:
    folder_onto_file(root)
    put(root, "f.txt/new.jpg", "new")


def file_onto_folder(root: Path) -> None:
    shutil.rmtree(root / "d")
    (root / "f.txt").rename(root / "d")


def swapped(root: Path) -> None:
    (root / "f.txt").rename(root / "aside")
    (root / "d").rename(root / "f.txt")
    (root / "aside").rename(root / "d")


def folder_away_and_file_onto_it(root: Path) -> None:
    (root / "d").rename(root / "elsewhere")
    (root / "f.txt").rename(root / "d")


def file_into_a_folder_of_its_name(root: Path) -> None:
    (root / "f.txt").rename(root / "aside")
    (root / "f.txt").mkdir()
    (root / "aside").rename(root / "f.txt/f.txt")


def inner_file_to_the_name_of_its_folder(root: Path) -> None:
    (root / "d/a.jpg").rename(root / "aside")
    shutil.rmtree(root / "d")
    (root / "aside").rename(root / "d")


RENAMED = [
    folder_onto_file,
    folder_onto_file_and_more,
    file_onto_folder,
    swapped,
    folder_away_and_file_onto_it,
    file_into_a_folder_of_its_name,
    inner_file_to_the_name_of_its_folder,
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("deletions", list(Deletions))
@pytest.mark.parametrize("deed", RENAMED)
def test_what_was_renamed_onto_another_kind_goes_over_in_one_run(
    synced: Pair, deed: Callable[[Path], None], deletions: Deletions, turned: bool
) -> None:
    """Nothing comes back under its old name, whatever is to become of deletions, and the next run has nothing to do."""
    here, there = (synced.target, synced.source) if turned else (synced.source, synced.target)
    before, held = tree(there), contents(synced.source, synced.target)
    deed(here)
    wanted = tree(here)
    ran = synced.sync(deletions=deletions, max_delete=1.0)
    assert ran.problems == () and ran.review is not None and ran.review.questions == ()
    assert synced.same() == wanted
    assert contents(synced.source, synced.target) >= held
    settle()
    synced.quiet(deletions=deletions)
    assert ran.result and undo(ran.result.run).state is RunState.UNDONE
    assert tree(there) == before and tree(here) == wanted


@pytest.mark.parametrize("answer", [Answer.TARGET, Answer.SKIP])
def test_what_went_along_is_not_deleted_where_the_user_stops_it(synced: Pair, answer: Answer) -> None:
    folder_onto_file(synced.source)
    ran = synced.sync({"f.txt": answer}, max_delete=1.0)
    assert ran.kinds["d/a.jpg"] is Kind.COPY_TO_SOURCE
    assert all((root / "d/a.jpg").is_file() for root in (synced.source, synced.target))


def test_a_copy_that_fails_keeps_the_old_file(synced: Pair) -> None:
    folder_onto_file(synced.source)
    ran = synced.sync(between=lambda: (synced.source / "f.txt/a.jpg").unlink(), max_delete=1.0)
    assert (synced.target / "d/a.jpg").read_bytes() == b"content of d/a.jpg"
    assert any("goes with" in problem.why for problem in ran.problems)


def test_what_was_renamed_onto_another_kind_is_not_missing(pair: Pair) -> None:
    for number in range(12):
        put(pair.source, f"d/{number}.jpg", f"content {number}", 99)
    put(pair.source, "f.txt", "a file", 99)
    pair.sync()
    settle()
    folder_onto_file(pair.source)
    assert pair.sync().refused == ""


# --- the log --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("folder", [".", "logs"])
def test_a_log_in_one_of_the_folders_makes_no_change_of_its_own(synced: Pair, folder: str, turned: bool) -> None:
    root = synced.target if turned else synced.source
    (root / folder).mkdir(exist_ok=True)
    log = os.fspath(root / folder / "log.json")
    assert synced.sync(log_file=log).problems == ()
    settle()
    for _ in range(2):
        again = synced.sync(log_file=log)
        assert again.kinds == {} and again.done == 0
        settle()
    other = synced.source if turned else synced.target
    assert (root / folder / "log.json").is_file() and not (other / folder / "log.json").exists()
    put(synced.source, "f.txt", "edited")
    assert synced.sync(log_file=log).kinds == {"f.txt": Kind.UPDATE_TARGET}
