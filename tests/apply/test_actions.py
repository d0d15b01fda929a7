"""Every action: the tree before, the tree after, and the tree after undo; and every reason to refuse."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.apply import file_ops, journal, ways
from image_sync.apply.executor import Follower, execute
from image_sync.apply.locks import hold_roots
from image_sync.apply.records import Result
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Operation, Outcome, Refused, RunState, Stamp
from tests.apply.trees import (
    LONG_AGO,
    age_folders,
    content,
    everything,
    files,
    operation,
    plan,
    pretend_two_disks,
    put,
    snapshot,
    stamp,
)

RUN = "20260815-143022-3f2a"
needs_links = pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="symbolic links are restricted")


def made(root: Path) -> Path:
    """Two folders with a few files."""
    put(root / "one" / "a.jpg", "a", LONG_AGO + 1, 0o640)
    put(root / "one" / "b.jpg", "b", LONG_AGO + 2)
    put(root / "two" / "a too.jpg", "a", LONG_AGO + 3, 0o600)
    put(root / "two" / "old.jpg", "old", LONG_AGO - 1, 0o604)
    put(root / "two" / "sub" / "c.jpg", "c", LONG_AGO - 2)
    (root / "two" / "empty").mkdir()
    age_folders(root)
    return root


VERSIONS = f"two/.image-sync/versions/{RUN}"
TABLE: list[tuple[str, Callable[[Path], list[Operation]], dict[str, str | None]]] = [
    (
        "move",
        lambda root: [operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "x" / "a.jpg")],
        {"one/a.jpg": None, "out/x/a.jpg": "a"},
    ),
    (
        "copy",
        lambda root: [operation(Action.COPY, root / "one" / "a.jpg", root / "two" / "a.jpg")],
        {"two/a.jpg": "a"},
    ),
    (
        "link",
        lambda root: [operation(Action.LINK, root / "one" / "a.jpg", root / "out" / "a.jpg")],
        {"out/a.jpg": "a"},
    ),
    (
        "replace with link",
        lambda root: [operation(Action.REPLACE_WITH_LINK, root / "one" / "a.jpg", root / "two" / "a too.jpg")],
        {f"{VERSIONS}/a too.jpg": "a"},
    ),
    (
        "update",
        lambda root: [operation(Action.UPDATE, root / "one" / "b.jpg", root / "two" / "old.jpg")],
        {"two/old.jpg": "b", f"{VERSIONS}/old.jpg": "old"},
    ),
    (
        "update where nothing stands",
        lambda root: [operation(Action.UPDATE, root / "one" / "b.jpg", root / "two" / "new.jpg")],
        {"two/new.jpg": "b"},
    ),
    (
        "set aside",
        lambda root: [operation(Action.SET_ASIDE, root / "two" / "sub" / "c.jpg")],
        {"two/sub/c.jpg": None, f"{VERSIONS}/sub/c.jpg": "c"},
    ),
    (
        "set aside where the plan says",
        lambda root: [
            operation(Action.SET_ASIDE, root / "two" / "sub" / "c.jpg", versions=os.fspath(root / "two" / "kept"))
        ],
        {"two/sub/c.jpg": None, f"two/kept/{RUN}/sub/c.jpg": "c"},
    ),
    (
        "swap two names by way of a third",
        lambda root: [
            operation(Action.MOVE, root / "one" / "a.jpg", root / "one" / "tmp"),
            operation(Action.MOVE, root / "one" / "b.jpg", root / "one" / "a.jpg"),
            operation(Action.MOVE, root / "one" / "tmp", root / "one" / "b.jpg"),
        ],
        {"one/a.jpg": "b", "one/b.jpg": "a"},
    ),
    (
        "a file gives way to a folder of its name",
        lambda root: [
            operation(Action.SET_ASIDE, root / "two" / "old.jpg"),
            operation(Action.MAKE_FOLDER, "", root / "two" / "old.jpg"),
            operation(Action.COPY, root / "one" / "a.jpg", root / "two" / "old.jpg" / "a.jpg"),
        ],
        {"two/old.jpg": None, f"{VERSIONS}/old.jpg": "old", "two/old.jpg/a.jpg": "a"},
    ),
    (
        "a file gives way to a folder, and a file in that goes aside too",
        lambda root: [
            operation(Action.SET_ASIDE, root / "two" / "old.jpg"),
            operation(Action.MOVE, root / "one" / "a.jpg", root / "two" / "old.jpg" / "a.jpg"),
            Operation(Action.SET_ASIDE, os.fspath(root / "two" / "old.jpg" / "a.jpg"), "", "", Stamp(2, LONG_AGO + 1)),
        ],
        {"two/old.jpg": None, "one/a.jpg": None, f"{VERSIONS}/old.jpg": "old", f"{VERSIONS}-2/old.jpg/a.jpg": "a"},
    ),
    (
        "a folder gives way to a file of its name",
        lambda root: [
            operation(Action.MOVE, root / "two" / "sub" / "c.jpg", root / "one" / "c.jpg"),
            operation(Action.REMOVE_FOLDER, root / "two" / "sub"),
            operation(Action.COPY, root / "one" / "a.jpg", root / "two" / "sub"),
        ],
        {"two/sub/c.jpg": None, "one/c.jpg": "c", "two/sub": "a"},
    ),
    (
        "a folder goes and comes again",
        lambda root: [
            operation(Action.REMOVE_FOLDER, root / "two" / "empty"),
            operation(Action.COPY, root / "one" / "a.jpg", root / "two" / "empty" / "a.jpg"),
        ],
        {"two/empty/a.jpg": "a"},
    ),
    (
        "one file is replaced twice",
        lambda root: [
            operation(Action.UPDATE, root / "one" / "a.jpg", root / "two" / "old.jpg"),
            Operation(
                Action.UPDATE,
                os.fspath(root / "one" / "b.jpg"),
                os.fspath(root / "two" / "old.jpg"),
                "again",
                Stamp(2, LONG_AGO + 2),
                Stamp(2, LONG_AGO + 1),
            ),
        ],
        {"two/old.jpg": "b", f"{VERSIONS}/old.jpg": "old", f"{VERSIONS}/old_2.jpg": "a"},
    ),
]


@pytest.mark.parametrize(("steps", "after"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_tree_after_and_after_undo(
    root: Path, steps: Callable[[Path], list[Operation]], after: dict[str, str | None]
) -> None:
    made(root)
    before = snapshot(root)
    wanted = files(before)
    for name, text in after.items():
        wanted.pop(name, None)
        if text is not None:
            wanted[name] = content(text)
    operations = steps(root)

    result = execute(plan(*operations, one=root / "one", two=root / "two", out=root / "out"), run=RUN)

    assert (result.state, result.done, result.problems) == (RunState.FINISHED, len(operations), ())
    assert files(snapshot(root)) == wanted
    back = undo(RUN)
    assert (back.state, back.done, back.problems) == (RunState.UNDONE, len(operations), ())
    assert snapshot(root) == before


def test_folders_are_made_and_removed(root: Path) -> None:
    made(root)
    (root / "two" / "empty").chmod(0o711)
    age_folders(root)
    before = snapshot(root)
    steps = [
        operation(Action.MAKE_FOLDER, "", root / "two" / "new" / "deep"),
        operation(Action.REMOVE_FOLDER, root / "two" / "empty"),
        operation(Action.MAKE_FOLDER, "", root / "two" / "sub"),
    ]
    assert execute(plan(*steps, two=root / "two"), run=RUN).done == 3
    assert (root / "two" / "new" / "deep").is_dir()
    assert not (root / "two" / "empty").exists()
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root) == before, "a folder that stood before stays, one that was removed has its mode and time"


def test_a_link_shares_the_file_and_a_replaced_one_too(root: Path) -> None:
    made(root)
    one, linked, twin = root / "one" / "a.jpg", root / "out" / "a.jpg", root / "two" / "a too.jpg"
    steps = [operation(Action.LINK, one, linked), operation(Action.REPLACE_WITH_LINK, one, twin)]
    assert execute(plan(*steps, one=root / "one", two=root / "two", out=root / "out")).problems == ()
    assert one.stat().st_ino == linked.stat().st_ino == twin.stat().st_ino
    assert one.stat().st_nlink == 3


def test_what_is_a_link_of_it_already_stays_untouched(root: Path) -> None:
    one = Path(put(root / "a.jpg", "a"))
    (root / "b.jpg").hardlink_to(one) if hasattr(one, "hardlink_to") else os.link(one, root / "b.jpg")
    age_folders(root)
    before = snapshot(root)
    result = execute(plan(operation(Action.REPLACE_WITH_LINK, one, root / "b.jpg"), root=root), run=RUN)
    assert (result.done, result.problems) == (1, ())
    assert snapshot(root) == before
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root) == before


def test_everything_at_once_and_back(root: Path, far: Path) -> None:
    steps = everything(root, far)
    before, before_far = snapshot(root), snapshot(far)
    result = execute(steps, run=RUN)
    assert result.problems == ()
    assert (result.state, result.done) == (RunState.FINISHED, len(steps.operations))
    assert result.size == steps.size
    assert (far / "out" / "f.jpg").read_bytes() == content("f", 3000)
    assert (root / "out" / "near.jpg").stat().st_mtime_ns == LONG_AGO + 99
    assert stat.S_IMODE((root / "out" / "near.jpg").stat().st_mode) == 0o444
    assert not (far / "in" / "from far.jpg").exists()
    back = undo(RUN)
    assert back.problems == ()
    assert (back.state, back.done) == (RunState.UNDONE, len(steps.operations))
    assert (snapshot(root), snapshot(far)) == (before, before_far)


def test_a_follower_is_left_when_its_leader_was_not_done(root: Path) -> None:
    put(root / "a.jpg", "a")
    put(root / "a.xmp", "x")
    put(root / "taken.jpg", "t")
    steps = [
        operation(Action.MOVE, root / "a.jpg", root / "taken.jpg"),
        operation(Action.MOVE, root / "a.xmp", root / "taken.xmp", follows=0),
    ]
    result = execute(plan(*steps, root=root), run=RUN)
    assert (result.done, len(result.problems)) == (0, 2)
    assert "a.jpg" in result.problems[1].why
    assert [journal.load(RUN).results[number].outcome for number in (0, 1)] == [Outcome.FAILED, Outcome.SKIPPED]
    assert (root / "a.xmp").exists()


@needs_links
@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE, Action.UPDATE, Action.SET_ASIDE])
def test_a_link_is_taken_as_a_link(root: Path, far: Path, action: Action) -> None:
    put(root / "secret.jpg", "not to be read")
    (root / "link").symlink_to("secret.jpg")
    os.utime(root / "link", ns=(LONG_AGO, LONG_AGO + 3), follow_symlinks=False)
    if action is Action.UPDATE:
        (far / "link").symlink_to("elsewhere")
    age_folders(root)
    before = snapshot(root), snapshot(far)
    target = "" if action is Action.SET_ASIDE else far / "link"
    step = operation(action, root / "link", target)
    assert step.link
    result = execute(plan(step, root=root, far=far), run=RUN)
    assert result.problems == ()
    place = Path(target) if target else root / ".image-sync" / "versions" / RUN / "link"
    assert os.readlink(place) == "secret.jpg"
    assert os.lstat(place).st_mtime_ns == LONG_AGO + 3
    if action is Action.UPDATE:
        assert os.readlink(far / ".image-sync" / "versions" / RUN / "link") == "elsewhere"
    assert undo(RUN).problems == ()
    assert (snapshot(root), snapshot(far)) == before


@needs_links
@pytest.mark.parametrize("planned", ["file", "link"])
def test_a_file_and_a_link_never_stand_for_each_other(root: Path, planned: str) -> None:
    """Even with the very stamp of the plan."""
    put(root / "a.jpg", b"12345")
    (root / "l.jpg").symlink_to("a.jpg")
    for name in ("a.jpg", "l.jpg"):
        os.utime(root / name, ns=(LONG_AGO, LONG_AGO), follow_symlinks=False)
    names = ("a.jpg", "l.jpg") if planned == "file" else ("l.jpg", "a.jpg")
    step = replace(operation(Action.MOVE, root / names[0], root / "out"), source=os.fspath(root / names[1]))
    before = files(snapshot(root))
    result = execute(plan(step, root=root))
    assert "is there now" in result.problems[0].why
    assert files(snapshot(root)) == before


@pytest.mark.parametrize("change", ["", "edit", "remove"])
def test_a_file_that_must_be_a_copy_is_compared_first(root: Path, change: str) -> None:
    put(root / "best.jpg", b"0123456789")
    put(root / "copy.jpg", b"0123456789")
    step = operation(Action.MOVE, root / "copy.jpg", root / "out" / "copy.jpg", same_as=os.fspath(root / "best.jpg"))
    if change == "edit":
        put(root / "best.jpg", b"012345678X")
    elif change == "remove":
        (root / "best.jpg").unlink()
    result = execute(plan(step, root=root), run=RUN)
    assert journal.load(RUN).operations[0] == step
    if not change:
        assert (result.done, os.listdir(root / "out")) == (1, ["copy.jpg"])
    else:
        assert result.done == 0
        assert ("no longer has the content" if change == "edit" else "no longer there") in result.problems[0].why
        assert os.fspath(root / "best.jpg") in result.problems[0].why
        assert (root / "copy.jpg").exists()


@pytest.mark.parametrize("change", ["", "edit", "remove", "one file", "one file, same bytes"])
def test_a_file_is_set_aside_only_while_another_stays_for_it(root: Path, change: str) -> None:
    best, copy = root / "best.jpg", root / "copy.jpg"
    put(best, b"the best")
    put(copy, b"a copy")
    if change.startswith("one file"):
        best.unlink()
        os.link(copy, best)
    stays = {"same_as": os.fspath(best)} if "bytes" in change else {"keeper": os.fspath(best), "keeps": stamp(best)}
    step = operation(Action.MOVE, copy, root / "out" / "copy.jpg", **stays)
    if change == "edit":
        put(best, b"another")
    elif change == "remove":
        best.unlink()
    result = execute(plan(step, root=root), run=RUN)
    assert journal.load(RUN).operations[0] == step
    assert result.done == (0 if change else 1)
    assert copy.exists() == bool(change)
    words = {"edit": "changed since", "remove": "no longer there", "": ""}.get(change, "that very file by another path")
    assert all(words in problem.why and os.fspath(best) in problem.why for problem in result.problems)
    assert len(result.problems) == bool(change)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o2775, 0o500])
def test_a_made_folder_is_like_its_source(root: Path, mode: int) -> None:
    (root / "one" / "album").mkdir(parents=True)
    (root / "one" / "album").chmod(mode)
    wanted = stat.S_IMODE((root / "one" / "album").stat().st_mode) | stat.S_IRWXU
    (root / "two").mkdir()
    step = operation(Action.MAKE_FOLDER, root / "one" / "album", root / "two" / "album")
    assert execute(plan(step, root=root), run=RUN).problems == ()
    assert stat.S_IMODE((root / "two" / "album").stat().st_mode) == wanted
    assert undo(RUN).problems == ()
    assert os.listdir(root / "two") == []


def test_results_are_told_group_by_group_once_they_stand(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("image_sync.apply.executor.GROUP", 2)
    steps = [operation(Action.COPY, put(root / name, name), root / "out" / name) for name in "abcde"]
    told: list[list[int]] = []

    def take(results: Sequence[Result]) -> None:
        assert all(Path(steps[result.number].destination).exists() for result in results)
        assert set(journal.load(RUN).results) >= {result.number for result in results}
        told.append([result.number for result in results])

    with hold_roots([os.fspath(root)]):
        with pytest.raises(Refused, match="Another run"):
            execute(plan(*steps, root=root))
        result = execute(plan(*steps, root=root), run=RUN, follower=Follower(take, held=True))
    assert result.done == 5
    assert told == [[0, 1], [2, 3], [4]]


# --- refusals -----------------------------------------------------------------------------------


def _grown(root: Path) -> None:
    put(root / "one" / "a.jpg", "a and more", LONG_AGO + 1)


def _touched(root: Path) -> None:
    os.utime(root / "one" / "a.jpg", ns=(LONG_AGO, LONG_AGO + 2))


def _gone(root: Path) -> None:
    (root / "one" / "a.jpg").unlink()


def _folder_instead(root: Path) -> None:
    (root / "one" / "a.jpg").unlink()
    (root / "one" / "a.jpg").mkdir()


def _link_instead(root: Path) -> None:
    (root / "one" / "a.jpg").rename(root / "one" / "real.jpg")
    (root / "one" / "a.jpg").symlink_to("real.jpg")


def _pipe_instead(root: Path) -> None:
    (root / "one" / "a.jpg").unlink()
    os.mkfifo(root / "one" / "a.jpg")


def _folder_linked(root: Path) -> None:
    (root / "one").rename(root / "elsewhere")
    (root / "one").mkdir()
    (root / "one").rmdir()
    (root / "one").symlink_to("elsewhere")


SOURCE_CHANGES: list[tuple[Callable[[Path], None], str]] = [
    (_grown, "changed since"),
    (_touched, "changed since"),
    (_gone, "no longer there"),
    (_folder_instead, "a folder is there now"),
]
if os.name != "nt":
    SOURCE_CHANGES += [(_link_instead, "a link is there now"), (_pipe_instead, "a special file is there now")]
SOURCE_ACTIONS = [Action.MOVE, Action.COPY, Action.LINK, Action.REPLACE_WITH_LINK, Action.UPDATE, Action.SET_ASIDE]


@pytest.mark.parametrize("action", SOURCE_ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize(("change", "words"), SOURCE_CHANGES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_source_that_is_not_what_was_planned(
    root: Path, action: Action, change: Callable[[Path], None], words: str
) -> None:
    made(root)
    target = {Action.REPLACE_WITH_LINK: "a too.jpg", Action.UPDATE: "old.jpg", Action.SET_ASIDE: ""}.get(
        action, "new.jpg"
    )
    step = operation(action, root / "one" / "a.jpg", root / "two" / target if target else "")
    change(root)
    before = snapshot(root)
    result = execute(plan(step, one=root / "one", two=root / "two"), run=RUN)
    assert (result.done, len(result.problems)) == (0, 1)
    assert words in result.problems[0].why
    assert result.problems[0].hint
    assert snapshot(root) == before
    assert undo(RUN).done == 0
    assert snapshot(root) == before


def _file_there(place: Path) -> None:
    put(place, "somebody else's")


def _folder_there(place: Path) -> None:
    place.mkdir(parents=True)


def _dangling_link_there(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to("nowhere")


@needs_links
@pytest.mark.parametrize("action", [Action.MOVE, Action.COPY, Action.LINK], ids=lambda action: action.name)
@pytest.mark.parametrize("appear", [_file_there, _folder_there, _dangling_link_there])
def test_a_destination_that_appeared_is_never_replaced(
    root: Path, action: Action, appear: Callable[[Path], None]
) -> None:
    made(root)
    place = root / "out" / "a.jpg"
    step = operation(action, root / "one" / "a.jpg", place)
    appear(place)
    before = snapshot(root)
    result = execute(plan(step, one=root / "one", out=root / "out"))
    assert (result.done, len(result.problems)) == (0, 1)
    assert "of that name is there now" in result.problems[0].why
    assert files(snapshot(root)) == files(before)
    assert os.path.lexists(place)


@pytest.mark.parametrize("action", [Action.MOVE, Action.COPY, Action.LINK], ids=lambda action: action.name)
def test_a_destination_that_appears_at_the_last_moment_is_never_replaced(
    root: Path, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the publishing step stands nothing but the system call itself."""
    made(root)
    place = root / "one" / "new.jpg"
    for name in ("rename", "link"):
        plain = getattr(file_ops, name)

        def late(source: str, target: str, plain=plain) -> None:  # type: ignore[no-untyped-def]
            if target == os.fspath(place):
                put(place, "somebody else's")
            plain(source, target)

        monkeypatch.setattr(file_ops, name, late)
    result = execute(plan(operation(action, root / "one" / "a.jpg", place), one=root / "one"))
    assert (result.done, len(result.problems)) == (0, 1)
    assert place.read_bytes() == content("somebody else's")
    assert (root / "one" / "a.jpg").read_bytes() == content("a")
    assert sorted(os.listdir(root / "one")) == ["a.jpg", "b.jpg", "new.jpg"]


@needs_links
@pytest.mark.parametrize("action", [Action.MOVE, Action.COPY, Action.LINK, Action.SET_ASIDE, Action.UPDATE])
def test_nothing_is_written_or_taken_through_a_link(root: Path, action: Action) -> None:
    made(root)
    outside = root / "outside"
    outside.mkdir()
    put(outside / "old.jpg", "old", LONG_AGO - 1)
    put(outside / "in" / "a.jpg", "a", LONG_AGO + 1)
    (root / "two" / "way").symlink_to(outside)
    (root / "one" / "way").symlink_to(outside / "in")
    source = root / "one" / "a.jpg" if action is not Action.SET_ASIDE else root / "one" / "way" / "a.jpg"
    target = {Action.SET_ASIDE: "", Action.UPDATE: root / "two" / "way" / "old.jpg"}.get(
        action, root / "two" / "way" / "deep" / "a.jpg"
    )
    before = files(snapshot(root))
    result = execute(plan(operation(action, source, target), one=root / "one", two=root / "two"))
    assert (result.done, len(result.problems)) == (0, 1)
    assert "link" in result.problems[0].why
    assert files(snapshot(root)) == before
    assert not (outside / "deep").exists()


@needs_links
def test_a_chosen_folder_may_be_reached_through_a_link(root: Path) -> None:
    put(root / "real" / "a.jpg", "a")
    (root / "chosen").symlink_to("real")
    age_folders(root)
    before = snapshot(root)
    chosen = root / "chosen"
    result = execute(plan(operation(Action.MOVE, chosen / "a.jpg", chosen / "x" / "a.jpg"), chosen=chosen), run=RUN)
    assert result.problems == ()
    assert (root / "real" / "x" / "a.jpg").exists()
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [("grow", "changed since"), ("remove", "no longer there"), ("folder", "a folder is there now")],
)
@pytest.mark.parametrize("action", [Action.UPDATE, Action.REPLACE_WITH_LINK], ids=lambda action: action.name)
def test_what_is_to_be_replaced_must_be_what_was_planned(root: Path, action: Action, change: str, words: str) -> None:
    made(root)
    place = root / "two" / "a too.jpg"
    step = operation(action, root / "one" / "a.jpg", place)
    if change == "grow":
        put(place, "a changed by hand")
    else:
        place.unlink()
    if change == "folder":
        place.mkdir()
    before = files(snapshot(root))
    result = execute(plan(step, one=root / "one", two=root / "two"))
    assert (result.done, len(result.problems)) == (0, 1)
    assert words in result.problems[0].why
    assert result.problems[0].path == os.fspath(place)
    assert files(snapshot(root)) == before
    assert not (root / "two" / ".image-sync").exists()


def test_files_of_other_content_are_not_linked(root: Path) -> None:
    one = put(root / "one.jpg", b"0123456789")
    two = put(root / "two.jpg", b"012345678X")
    result = execute(plan(operation(Action.REPLACE_WITH_LINK, one, two), root=root))
    assert "same content" in result.problems[0].why
    assert files(snapshot(root)) == {"one.jpg": b"0123456789", "two.jpg": b"012345678X"}


@pytest.mark.parametrize("action", [Action.COPY, Action.UPDATE], ids=lambda action: action.name)
@pytest.mark.parametrize("silent", [True, False])
def test_a_digest_in_the_plan_is_held_against_what_was_read(root: Path, action: Action, silent: bool) -> None:
    source = put(root / "a.jpg", b"as it was scanned")
    target = put(root / "b.jpg", "older") if action is Action.UPDATE else os.fspath(root / "b.jpg")
    planned = hashlib.md5(b"as it was scanned").hexdigest()
    step = operation(action, source, target, expected=Stamp(17, LONG_AGO, planned))
    if silent:
        put(source, b"as it is by now!!")
    before = snapshot(root, folder_times=False)
    result = execute(plan(step, root=root), run=RUN)
    assert result.done == (0 if silent else 1)
    if silent:
        assert "changed" in result.problems[0].why
        assert snapshot(root, folder_times=False) == before
    else:
        left = journal.load(RUN).results[0].left
        assert left is not None
        assert left.digest == planned


def test_a_folder_that_is_not_empty_stays(root: Path) -> None:
    made(root)
    result = execute(plan(operation(Action.REMOVE_FOLDER, root / "two" / "sub"), two=root / "two"))
    assert "not empty" in result.problems[0].why
    assert (root / "two" / "sub" / "c.jpg").exists()


def test_no_folder_where_a_file_stands(root: Path) -> None:
    made(root)
    steps = [
        operation(Action.MAKE_FOLDER, "", root / "two" / "old.jpg"),
        operation(Action.MOVE, root / "one" / "a.jpg", root / "two" / "old.jpg" / "a.jpg"),
    ]
    result = execute(plan(*steps, one=root / "one", two=root / "two"))
    assert (result.done, len(result.problems)) == (0, 2)
    assert all("stands where a folder is needed" in problem.why for problem in result.problems)
    assert (root / "two" / "old.jpg").read_bytes() == content("old")


def test_a_failed_operation_leaves_no_folder_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(root)

    def refuse(source: str, target: str) -> None:
        raise PermissionError(errno.EACCES, "no", source, None, target)

    monkeypatch.setattr(file_ops, "rename", refuse)
    step = operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "x" / "y" / "a.jpg")
    result = execute(plan(step, one=root / "one", out=root / "out"))
    assert "permission" in result.problems[0].why
    assert not (root / "out").exists()


def test_links_to_another_disk_are_a_problem_in_words(root: Path, far: Path) -> None:
    made(root)
    put(far / "same.jpg", "a")
    steps = [
        operation(Action.LINK, root / "one" / "a.jpg", far / "a.jpg"),
        operation(Action.REPLACE_WITH_LINK, root / "one" / "a.jpg", far / "same.jpg"),
    ]
    before = files(snapshot(far))
    result = execute(plan(*steps, one=root / "one", far=far))
    assert (result.done, len(result.problems)) == (0, 2)
    assert all("another disk" in problem.why for problem in result.problems)
    assert files(snapshot(far)) == before


@pytest.mark.parametrize("code", ["EPERM", "EOPNOTSUPP"])
def test_a_disk_without_links(root: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Links are a problem there; updates keep the old file as a copy; moves and copies go on."""
    made(root)
    before = snapshot(root)

    def refuse(source: str, target: str) -> None:
        raise OSError(getattr(errno, code), "no links here", source, None, target)

    monkeypatch.setattr(file_ops, "link", refuse)
    steps = [
        operation(Action.LINK, root / "one" / "a.jpg", root / "out" / "l.jpg"),
        operation(Action.REPLACE_WITH_LINK, root / "one" / "a.jpg", root / "two" / "a too.jpg"),
        operation(Action.UPDATE, root / "one" / "b.jpg", root / "two" / "old.jpg"),
        operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg"),
    ]
    result = execute(plan(*steps, one=root / "one", two=root / "two", out=root / "out"), run=RUN)
    assert [problem.why for problem in result.problems] == ["that disk allows no hard link here"] * 2
    assert result.done == 2
    assert (root / VERSIONS / "old.jpg").read_bytes() == content("old")
    assert (root / "two" / "old.jpg").read_bytes() == content("b")
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root) == before


@pytest.mark.parametrize("links", [True, False])
def test_without_an_exclusive_rename_nothing_is_replaced_either(
    root: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    monkeypatch.setattr(file_ops, "_exclusive_rename", lambda: lambda *_: errno.EINVAL)
    if not links:

        def refuse(source: str, target: str) -> None:
            raise OSError(errno.EPERM, "no links here", source, None, target)

        monkeypatch.setattr(file_ops, "link", refuse)
    made(root)
    before = snapshot(root)
    steps = [
        operation(Action.MOVE, root / "one" / "a.jpg", root / "out" / "a.jpg"),
        operation(Action.COPY, root / "one" / "b.jpg", root / "out" / "b.jpg"),
    ]
    assert execute(plan(*steps, one=root / "one", out=root / "out"), run=RUN).problems == ()
    assert sorted(os.listdir(root / "out")) == ["a.jpg", "b.jpg"]
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root) == before
    put(root / "taken.jpg", "t")
    with pytest.raises(FileExistsError):
        file_ops.rename(os.fspath(root / "one" / "a.jpg"), os.fspath(root / "taken.jpg"))
    assert (root / "taken.jpg").read_bytes() == content("t")


def test_a_name_the_system_has_no_bytes_for(root: Path) -> None:
    put(root / "a.jpg", "a")
    steps = [
        operation(Action.MOVE, root / "a.jpg", os.fspath(root / "b\0.jpg")),
        operation(Action.COPY, root / "a.jpg", os.fspath(root / "b\ud800.jpg")),
    ]
    result = execute(plan(*steps, root=root))
    if os.name != "nt":
        assert [problem.why for problem in result.problems] == ["the system can't hold such a name"] * 2
    assert files(snapshot(root)) == {"a.jpg": content("a")}


def test_without_a_place_for_versions_nothing_is_replaced(root: Path) -> None:
    made(root)
    before = files(snapshot(root))
    steps = [
        operation(Action.UPDATE, root / "one" / "b.jpg", root / "two" / "old.jpg"),
        operation(Action.SET_ASIDE, root / "two" / "old.jpg"),
    ]
    result = execute(plan(*steps, one=root / "one"))
    assert all("no place" in problem.why for problem in result.problems)
    assert (result.done, files(snapshot(root))) == (0, before)


def test_versions_of_two_folders_never_meet(root: Path) -> None:
    versions = os.fspath(root / "kept")
    for role in ("one", "two"):
        put(root / role / "sub" / "a.jpg", role)
    steps = [operation(Action.SET_ASIDE, root / role / "sub" / "a.jpg", versions=versions) for role in ("one", "two")]
    put(root / "kept" / RUN / "sub" / "a_2.jpg", "was here before")
    assert execute(plan(*steps, one=root / "one", two=root / "two"), run=RUN).problems == ()
    kept = files(snapshot(root / "kept" / RUN / "sub"))
    assert kept == {"a.jpg": content("one"), "a_2.jpg": content("was here before"), "a_3.jpg": content("two")}


@pytest.mark.parametrize("wrong", ["relative", "forward"])
def test_a_plan_that_is_none_is_not_begun(root: Path, wrong: str) -> None:
    put(root / "a.jpg", "a")
    step = operation(Action.MOVE, root / "a.jpg", "b.jpg" if wrong == "relative" else root / "b.jpg")
    if wrong == "forward":
        step = operation(Action.MOVE, root / "a.jpg", root / "b.jpg", follows=0)
    with pytest.raises(ValueError, match="operation 0"):
        execute(plan(step, root=root))
    assert journal.history() == ()
    assert (root / "a.jpg").exists()


def test_respelling_a_name_where_the_disk_folds_case(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On such a disk both spellings are one entry: the move goes by a plain rename, and comes back."""
    put(root / "photo.jpg", "p")
    age_folders(root)
    before = snapshot(root)
    plain_lstat, plain_rename = os.lstat, os.rename

    def actual(path: str) -> str:
        folder, name = os.path.split(os.fspath(path))
        if os.path.isdir(folder):
            name = next((entry for entry in os.listdir(folder) if entry.casefold() == name.casefold()), name)
        return os.path.join(folder, name)

    monkeypatch.setattr(ways, "_HAS", False)  # the pretended disk knows paths only
    monkeypatch.setattr(os, "lstat", lambda path, **more: plain_lstat(actual(path), **more))
    monkeypatch.setattr(os, "rename", lambda source, target, **_: plain_rename(actual(source), target))
    step = operation(Action.MOVE, root / "photo.jpg", root / "Photo.JPG")
    result = execute(plan(step, root=root), run=RUN)
    assert result.problems == ()
    assert os.listdir(root) == ["Photo.JPG"]
    assert undo(RUN).state is RunState.UNDONE
    assert snapshot(root) == before


def test_names_that_differ_in_case_never_meet_where_the_disk_folds_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "in" / "a.jpg", "a")
    put(root / "out" / "A.JPG", "another")
    plain = os.lstat
    there, asked = os.fspath(root / "out" / "A.JPG"), os.fspath(root / "out" / "a.jpg")
    monkeypatch.setattr(os, "lstat", lambda path, **more: plain(there if os.fspath(path) == asked else path, **more))
    result = execute(plan(operation(Action.MOVE, root / "in" / "a.jpg", asked), root=root))
    assert "of that name is there now" in result.problems[0].why
    assert files(snapshot(root)) == {"in/a.jpg": content("a"), "out/A.JPG": content("another")}


def test_two_hard_links_whose_names_differ_in_case_both_stay(root: Path) -> None:
    put(root / "a.jpg", "a")
    os.link(root / "a.jpg", root / "A.JPG")
    result = execute(plan(operation(Action.MOVE, root / "a.jpg", root / "A.JPG"), root=root))
    assert (result.done, sorted(os.listdir(root))) == (0, ["A.JPG", "a.jpg"])


def test_pretended_disks_behave_like_real_ones(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    pretend_two_disks(monkeypatch, other)
    steps = everything(root, other)
    before, before_other = snapshot(root), snapshot(other)
    assert execute(steps, run=RUN).problems == ()
    assert undo(RUN).problems == ()
    assert (snapshot(root), snapshot(other)) == (before, before_other)
