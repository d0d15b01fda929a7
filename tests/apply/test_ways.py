"""Nothing is written through a link, also not through one that appears after the way was looked at."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.apply import file_ops, outlook, ways
from image_sync.apply.executor import execute
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Refused, RunResult, RunState
from tests.apply.trees import age_folders, files, operation, plan, put, snapshot

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
RUN = "20260815-143022-3f2a"


def tree(root: Path) -> Path:
    """Folders of a run, and one that is none of its business."""
    put(root / "one" / "deep" / "a.jpg", "a")
    put(root / "two" / "deep" / "old.jpg", "old", 10**18)
    put(root / "two" / "deep" / "same.jpg", "a")
    (root / "two" / "deep" / "empty").mkdir()
    outside = root.parent / "outside"
    put(outside / "old.jpg", "not yours", 10**18)
    put(outside / "same.jpg", "a")
    (outside / "empty").mkdir()
    return outside


def swap(folder: Path, outside: Path) -> None:
    """A link in the place of a folder that was looked at a moment ago."""
    os.rename(folder, folder.with_name("moved away"))
    folder.symlink_to(outside)


ACTIONS: dict[str, tuple[Action, str, str]] = {
    "copy": (Action.COPY, "one/deep/a.jpg", "two/deep/new.jpg"),
    "copy into a new folder": (Action.COPY, "one/deep/a.jpg", "two/deep/new/new.jpg"),
    "move": (Action.MOVE, "one/deep/a.jpg", "two/deep/new.jpg"),
    "move away": (Action.MOVE, "two/deep/same.jpg", "one/deep/new.jpg"),
    "link": (Action.LINK, "one/deep/a.jpg", "two/deep/new.jpg"),
    "update": (Action.UPDATE, "one/deep/a.jpg", "two/deep/old.jpg"),
    "replace with link": (Action.REPLACE_WITH_LINK, "one/deep/a.jpg", "two/deep/same.jpg"),
    "set aside": (Action.SET_ASIDE, "two/deep/old.jpg", ""),
    "make folder": (Action.MAKE_FOLDER, "", "two/deep/made"),
    "remove folder": (Action.REMOVE_FOLDER, "two/deep/empty", ""),
}


def after_the_look(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Do ``change`` once, when all looks at the ways are done and before the first call that changes a name."""
    done = False

    def first(plain: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal done
            if not done:
                done = True
                change()
            return plain(*given, **named)

        return call

    for name in ("copy", "rename", "link", "make_folder", "remove_folder", "replace"):
        monkeypatch.setattr(file_ops, name, first(getattr(file_ops, name)))


@pytest.mark.parametrize("name", ACTIONS)
def test_a_link_that_appears_after_the_look_is_not_followed(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tree(root)
    before = snapshot(outside)
    action, source, target = ACTIONS[name]
    step = operation(action, *(root / path if path else "" for path in (source, target)))
    with monkeypatch.context() as patch:
        after_the_look(patch, lambda: swap(root / "two" / "deep", outside))
        result = execute(plan(step, one=root / "one", two=root / "two"), run=RUN)
    assert snapshot(outside) == before
    assert (result.done, len(result.problems)) == (0, 1)
    assert "link" in result.problems[0].why
    assert (root / "one" / "deep" / "a.jpg").exists()
    assert (root / "two" / "moved away" / "old.jpg").read_bytes() == b"old|"


@pytest.mark.parametrize("name", ["move", "set aside", "update", "copy", "remove folder"])
def test_nor_is_one_while_a_run_is_undone(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tree(root)
    action, source, target = ACTIONS[name]
    step = operation(action, *(root / path if path else "" for path in (source, target)))
    assert execute(plan(step, one=root / "one", two=root / "two"), run=RUN).done == 1
    before = snapshot(outside)
    result: RunResult
    with monkeypatch.context() as patch:
        plain = file_ops.remove

        def removing(path: str) -> None:
            swap(root / "two" / "deep", outside)
            plain(path)

        if name == "copy":
            patch.setattr(file_ops, "remove", removing)
        else:
            after_the_look(patch, lambda: swap(root / "two" / "deep", outside))
        result = undo(RUN)
    assert snapshot(outside) == before
    assert result.done == 0 and len(result.problems) >= 1


def test_the_chosen_folder_itself_may_be_reached_through_a_link(root: Path) -> None:
    tree(root)
    (root / "link").symlink_to(root / "two")
    step = operation(Action.COPY, root / "one" / "deep" / "a.jpg", root / "link" / "deep" / "b.jpg")
    assert execute(plan(step, one=root / "one", two=root / "link")).problems == ()
    assert (root / "two" / "deep" / "b.jpg").exists()


def test_a_place_is_its_name_in_the_open_folder(root: Path) -> None:
    put(root / "sub" / "a", "a")
    with ways.place(os.fspath(root / "sub" / "a")) as (name, folder):
        assert (name, folder) == (os.fspath(root / "sub" / "a"), None), "nobody works there"
    with ways.within([os.fspath(root)]):
        with ways.place(os.fspath(root / "sub" / "a")) as (name, folder):
            assert name == "a" and folder is not None
            assert os.path.samestat(os.stat(name, dir_fd=folder), os.stat(root / "sub" / "a"))
        (root / "way").symlink_to(root / "sub")
        with pytest.raises(OSError) as met, ways.place(os.fspath(root / "way" / "a")):
            pass
        assert met.value.errno == errno.ELOOP
        with pytest.raises(FileNotFoundError), ways.place(os.fspath(root / "none" / "a")):
            pass
    assert ways._roots == []


def test_no_descriptor_is_left_open(root: Path) -> None:
    tree(root)
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for number in range(20):
        step = operation(Action.COPY, root / "one" / "deep" / "a.jpg", root / "two" / "deep" / f"{number}.jpg")
        execute(plan(step, one=root / "one", two=root / "two"))
    assert not before or len(os.listdir("/proc/self/fd")) <= before + 1


def test_the_looks_are_still_there(root: Path) -> None:
    """The walk by descriptors is the second guard, not the only one."""
    outside = tree(root)
    swap(root / "two" / "deep", outside)
    step = operation(Action.COPY, root / "one" / "deep" / "a.jpg", root / "two" / "deep" / "b.jpg")
    result = execute(plan(step, one=root / "one", two=root / "two"))
    assert "nothing is written through links" in result.problems[0].why


def test_a_link_that_was_in_the_way_does_not_keep_the_rest_from_being_undone(root: Path) -> None:
    put(root / "one" / "a.jpg", "a")
    put(root / "one" / "b.jpg", "b")
    put(root / "outside" / "deep" / "c.jpg", "c")
    (root / "two").mkdir()
    (root / "two" / "sub").symlink_to(root / "outside")
    age_folders(root)
    before = snapshot(root)
    steps = (
        operation(Action.MOVE, root / "one" / "a.jpg", root / "two" / "sub" / "deep" / "a.jpg"),
        operation(Action.MOVE, root / "one" / "b.jpg", root / "two" / "b.jpg"),
    )
    run = execute(plan(*steps, one=root / "one", two=root / "two"))
    assert (run.done, [problem.why for problem in run.problems]) == (
        1,
        [f"{root / 'two' / 'sub'}: it is a link, and nothing is written through links"],
    )
    assert [one.number for one in outlook.of_undo(run.run)] == [1]
    undone = undo(run.run)
    assert (undone.state, undone.problems) == (RunState.UNDONE, ())
    assert snapshot(root) == before


def test_a_folder_that_became_a_link_after_the_run_is_refused_with_what_to_do(root: Path) -> None:
    put(root / "one" / "a.jpg", "a")
    (root / "two").mkdir()
    age_folders(root)
    before = snapshot(root)
    step = operation(Action.MOVE, root / "one" / "a.jpg", root / "two" / "sub" / "a.jpg")
    run = execute(plan(step, one=root / "one", two=root / "two")).run
    os.rename(root / "two" / "sub", root / "elsewhere")
    (root / "two" / "sub").symlink_to(root / "elsewhere")
    with pytest.raises(Refused, match=r"a link leads there.*put it back in the place of the link and try again"):
        undo(run)
    (root / "two" / "sub").unlink()
    os.rename(root / "elsewhere", root / "two" / "sub")
    assert undo(run).state is RunState.UNDONE
    assert files(snapshot(root)) == files(before)
