"""The table of actions: every action has all that an action needs, and each does what its row says."""

from __future__ import annotations

import os
import string
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from image_sync.apply import action_table, journal
from image_sync.apply.action_table import TABLE, ActionWords, Keeps
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.archives.opening import listed
from image_sync.base.model import Action, Maker, Operation, Plan, Stamp
from image_sync.base.stated import Stated
from tests.apply.trees import Tree, age_folders, operation, plan, put, snapshot
from tests.archives.made import archive
from tests.pictures.metadata.metadata_made import jpeg

RUN = "20260815-143022-3f2a"
EVERY = pytest.mark.parametrize("action", list(Action), ids=lambda action: action.name)


def make(root: Path) -> Path:
    folder = root / "empty"
    folder.mkdir()
    return folder


PLANNED: dict[Action, Callable[[Path, str, str], Operation]] = {
    Action.MOVE: lambda root, one, _: operation(Action.MOVE, one, root / "out" / "new.jpg"),
    Action.COPY: lambda root, one, _: operation(Action.COPY, one, root / "out" / "new.jpg"),
    Action.LINK: lambda root, one, _: operation(Action.LINK, one, root / "out" / "new.jpg"),
    Action.REPLACE_WITH_LINK: lambda _, one, same: operation(Action.REPLACE_WITH_LINK, one, same),
    Action.UPDATE: lambda root, one, _: operation(Action.UPDATE, one, root / "two" / "other.jpg"),
    Action.SET_ASIDE: lambda _, one, __: operation(Action.SET_ASIDE, one),
    Action.MAKE_FOLDER: lambda root, _, __: operation(Action.MAKE_FOLDER, "", root / "out"),
    Action.REMOVE_FOLDER: lambda root, _, __: operation(Action.REMOVE_FOLDER, root / "empty"),
    Action.CONVERT: lambda root, one, _: operation(
        Action.CONVERT, one, root / "out" / "a.xmp", maker=Maker.XMP, argument="2004-03-05T00:00:00"
    ),
    Action.REWRITE: lambda _, one, __: operation(
        Action.REWRITE, one, one, maker=Maker.XMP, argument="2004-03-05T00:00:00", replaces=planned_on(one)
    ),
    Action.MERGE: lambda root, _, __: operation(
        Action.MERGE,
        root / "two" / "p.jpg",
        root / "two" / "p.jpg",
        maker=Maker.STATED,
        argument=Stated(rating=4).to_text(),
        replaces=planned_on(root / "two" / "p.jpg"),
    ),
    Action.PERMIT: lambda root, one, _: operation(
        Action.PERMIT, private(one), root / "two" / "other.jpg", argument="600 644"
    ),
    Action.EXTRACT: lambda root, _, __: extraction(archive(root / "a.zip", {"in/a.jpg": b"packed"}), "in/a.jpg", root),
}
"""One operation of each action, among ``one/a.jpg``, its exact copy ``two/same.jpg``, ``two/other.jpg``, and
the picture ``two/p.jpg``."""


def extraction(path: str, name: str, root: Path) -> Operation:
    member = listed(path).members[name]
    stamp = Stamp(member.size, member.mtime_ns)
    source, target = os.path.join(path, name), os.fspath(root / "out" / "new.jpg")
    return Operation(Action.EXTRACT, source, target, "", expected=stamp, member=member)


def planned_on(path: Path | str) -> Stamp:
    status = os.stat(path)
    return Stamp(status.st_size, status.st_mtime_ns)


def private(path: str) -> str:
    os.chmod(path, 0o600)
    return path


def planned(root: Path, action: Action) -> Plan:
    one, same = put(root / "one" / "a.jpg", "a picture"), put(root / "two" / "same.jpg", "a picture")
    put(root / "two" / "other.jpg", "another picture")
    put(root / "two" / "p.jpg", jpeg())
    make(root)
    step = PLANNED[action](root, one, same)
    age_folders(root)
    return plan(step, root=root)


def forget_the_outcome() -> None:
    """The journal as a crash leaves it just after the operation."""
    path = Path(journal.runs_folder()) / RUN / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b'"is":"outcome"' not in line and b'"is":"end"' not in line))


# --- the table ---


@EVERY
def test_every_action_has_a_row(action: Action) -> None:
    assert action in TABLE
    assert action in PLANNED, "an operation of it is missing here"


@EVERY
def test_an_action_is_done_and_taken_back(root: Path, action: Action) -> None:
    todo = planned(root, action)
    before = snapshot(root)
    result = execute(todo, run=RUN)
    assert (result.done, result.problems) == (1, ())
    assert snapshot(root) != before
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


@EVERY
@pytest.mark.parametrize("way", [resume, undo])
def test_an_action_that_was_done_is_settled_as_done(root: Path, action: Action, way: Callable[[str], object]) -> None:
    todo = planned(root, action)
    before = snapshot(root)
    execute(todo, run=RUN)
    after = snapshot(root)
    forget_the_outcome()
    result = (resume if way is resume else undo)(RUN)
    assert (result.done, result.problems) == (1, ())
    assert snapshot(root) == (after if way is resume else before)


@EVERY
def test_an_action_that_was_announced_only_is_settled_as_not_begun(root: Path, action: Action) -> None:
    todo = planned(root, action)
    before = snapshot(root)
    execute(todo, run=RUN)
    undo(RUN)
    forget_the_outcome()
    path = Path(journal.runs_folder()) / RUN / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b'"is":"und' not in line))
    result = undo(RUN)
    assert (result.total, result.problems) == (0, ())
    assert snapshot(root) == before


def _folders(tree: Tree) -> set[str]:
    return {name for name, entry in tree.items() if entry[0] == "folder"}


@EVERY
def test_what_a_row_says_is_what_happens(root: Path, action: Action) -> None:
    row, todo = TABLE[action], planned(root, action)
    step = todo.operations[0]
    before = snapshot(root, folder_times=False)
    execute(todo, run=RUN)
    after = snapshot(root, folder_times=False)
    stands = step.member.archive if step.member else step.source
    assert row.leaves == bool(stands and not os.path.lexists(stands))
    kept = [name for name in after if name.startswith(os.path.join(".image-sync", "versions", RUN) + os.sep)]
    assert (row.keeps is not Keeps.NOTHING) == any(after[name][0] == "file" for name in kept)
    same = all(after.get(name, ())[:4] == before[name][:4] for name in before)
    assert row.source_stays <= same
    files = [name for name in after if after[name][0] == "file" and before.get(name) != after[name]]
    assert row.on_folders == ((not files and not row.leaves) or _folders(after) < _folders(before))
    assert row.in_place == (step.source == step.destination)
    assert (row.needs_source, row.needs_destination) == (bool(step.source), bool(step.destination))
    assert action_table.kept_path(step) in (step.source, step.destination, "")
    assert action_table.about(step) == (step.destination if row.about_destination else step.source)


# --- its words ---


@EVERY
def test_every_action_has_words(action: Action) -> None:
    words = TABLE[action].words
    taken = {"phrase": [""], "phrase_back": [""], "one": ["count"], "many": ["count"]}
    allowed = {"fate": {"place", "name"}, "line": {"source", "destination"}}
    for field in fields(ActionWords):
        text = getattr(words, field.name)
        if isinstance(text, bool):
            continue
        if isinstance(text, tuple):  # for one and for many
            assert len(text) == 2 and all(text)
            continue
        holes = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert holes == taken.get(field.name, holes)
        assert set(holes) <= set(taken.get(field.name, ())) | allowed.get(field.name, set())
        assert text or field.name in ("verb", "fate", "line")


def test_no_two_actions_are_called_the_same() -> None:
    for name in ("phrase", "phrase_back", "one", "many"):
        called = [getattr(row.words, name) for row in TABLE.values()]
        assert len(set(called)) == len(called)


@EVERY
def test_the_journal_knows_every_action(root: Path, action: Action) -> None:
    todo = planned(root, action)
    execute(todo, run=RUN)
    assert journal.load(RUN).operations == dict(enumerate(todo.operations))


@EVERY
def test_a_problem_says_what_was_not_done(action: Action) -> None:
    step = Operation(action, "/one/a", "/two/b", "because")
    told = action_table.forward(step, OSError(28, "full"))
    assert told.what.startswith(TABLE[action].words.failed)
    assert ("/two/b" in told.what) == TABLE[action].words.names_destination
    assert action_table.back(step, OSError(28, "full")).what == TABLE[action].words.not_undone
