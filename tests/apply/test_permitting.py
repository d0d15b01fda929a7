"""Permissions given to another file or folder: all or nothing, checked, and taken back exactly."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_sync.apply import journal
from image_sync.apply.actions import permissions
from image_sync.apply.actions.permissions import Permissions
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base import permission_text
from image_sync.base.model import Action, Operation, RunState
from tests.apply.trees import operation, plan, put

RUN = "20260815-143022-3f2a"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")


@pytest.fixture
def attributes(root: Path) -> bool:
    """Whether attributes can be tried on this disk."""
    return permissions.keeps_attributes(os.fspath(root))


@pytest.fixture
def two(root: Path, attributes: bool) -> Iterator[tuple[str, str]]:
    """Two files of one content and of different permissions."""
    one, other = put(root / "one" / "a.jpg", "a", mode=0o640), put(root / "two" / "a.jpg", "a", mode=0o755)
    if attributes:
        os.setxattr(one, "user.stars", b"five")
        os.setxattr(other, "user.stars", b"four")
        os.setxattr(other, "user.old", b"\0\xff")
    yield one, other


def held(path: str, with_attributes: bool) -> Permissions:
    return permissions.read(path, with_attributes)


def step(one: str, other: str, with_attributes: bool, **more: object) -> Operation:
    texts = permission_text.argument(held(one, with_attributes).text, held(other, with_attributes).text)
    more = {"replaces": None, **more} if os.path.isdir(other) else more
    return operation(Action.PERMIT, one, other, argument=texts, **more)


def test_bits_and_attributes_go_over_and_come_back(root: Path, two: tuple[str, str], attributes: bool) -> None:
    one, other = two
    before, wanted, times = held(other, attributes), held(one, attributes), os.stat(other).st_mtime_ns
    assert before != wanted
    assert execute(plan(step(one, other, attributes), root=root), run=RUN).problems == ()
    assert held(other, attributes) == wanted == held(one, attributes)
    assert undo(RUN).state is RunState.UNDONE
    assert held(other, attributes) == before
    assert os.stat(other).st_mtime_ns == times


def test_bits_alone_leave_attributes_as_they_are(root: Path, two: tuple[str, str], attributes: bool) -> None:
    one, other = two
    before = held(other, attributes)
    execute(plan(step(one, other, False), root=root), run=RUN)
    assert held(other, attributes) == Permissions(0o640, before.attributes)


def test_a_folder_gets_them_too(root: Path) -> None:
    one, other = root / "one", root / "two"
    put(one / "a", "a"), put(other / "a", "a")
    one.chmod(0o550)
    other.chmod(0o700)
    try:
        assert execute(plan(step(os.fspath(one), os.fspath(other), False), root=root), run=RUN).problems == ()
        assert stat.S_IMODE(other.stat().st_mode) == 0o550
        assert undo(RUN).problems == ()
        assert stat.S_IMODE(other.stat().st_mode) == 0o700
    finally:
        one.chmod(0o755)


def test_the_special_bits_stay_where_they_are(root: Path) -> None:
    one, other = put(root / "one", "a", mode=0o4711), put(root / "two", "a", mode=0o2755)
    execute(plan(step(one, other, False), root=root), run=RUN)
    assert stat.S_IMODE(os.stat(other).st_mode) == 0o2711


@pytest.mark.parametrize("changed", ["source", "destination", "content", "kind"])
def test_what_changed_since_it_was_planned_is_a_problem(root: Path, two: tuple[str, str], changed: str) -> None:
    one, other = two
    todo = plan(step(one, other, False, replaces=None if changed == "kind" else _stamp(other)), root=root)
    if changed == "content":
        Path(other).write_text("another content")
    elif changed == "kind":
        os.unlink(other)
        os.symlink(one, other)
    else:
        os.chmod(one if changed == "source" else other, 0o604)
    before = stat.S_IMODE(os.lstat(other).st_mode), stat.S_IMODE(os.stat(one).st_mode)
    result = execute(todo, run=RUN)
    assert result.done == 0 and len(result.problems) == 1
    assert (stat.S_IMODE(os.lstat(other).st_mode), stat.S_IMODE(os.stat(one).st_mode)) == before


def _stamp(path: str) -> object:
    return operation(Action.UPDATE, "", path).replaces


def test_permissions_that_changed_since_the_run_stay(root: Path, two: tuple[str, str]) -> None:
    one, other = two
    execute(plan(step(one, other, False), root=root), run=RUN)
    os.chmod(other, 0o777)
    result = undo(RUN)
    assert result.state is RunState.PARTLY_UNDONE and "permissions changed" in str(result.problems[0])
    assert stat.S_IMODE(os.stat(other).st_mode) == 0o777


@pytest.mark.parametrize("way", [resume, undo])
def test_what_a_crash_left_between_is_taken_back(
    root: Path, two: tuple[str, str], attributes: bool, monkeypatch: pytest.MonkeyPatch, way: object
) -> None:
    """The process ends after the attributes and before the bits."""
    if not attributes:
        pytest.skip("this disk keeps no attributes")
    one, other = two
    before, wanted = held(other, True), held(one, True)

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(permissions.os, "chmod", killed)
        patch.setattr(permissions.os, "supports_fd", {killed})
        with pytest.raises(Killed):
            execute(plan(step(one, other, True), root=root), run=RUN)
    path = Path(journal.runs_folder()) / RUN / journal.NAME
    path.write_bytes(b"".join(line for line in path.read_bytes().splitlines(True) if b'"is":"end"' not in line))
    assert held(other, True) not in (before, wanted)
    assert way(RUN).problems == ()  # type: ignore[operator]
    assert held(other, True) == (wanted if way is resume else before)


def test_a_failure_halfway_changes_nothing(
    root: Path, two: tuple[str, str], attributes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    before = held(other, attributes)
    give = permissions.give

    def failing(path: str, wanted: Permissions) -> None:
        give(path, Permissions(wanted.bits, before.attributes))
        if wanted.bits == 0o640:
            raise OSError(28, "full")

    monkeypatch.setattr(permissions, "give", failing)
    result = execute(plan(step(one, other, attributes), root=root), run=RUN)
    assert result.done == 0 and "not changed" in str(result.problems[0])
    assert held(other, attributes) == before


def test_a_link_on_the_way_is_not_followed(root: Path, two: tuple[str, str]) -> None:
    one, other = two
    outside = put(root.parent / "outside" / "a.jpg", "a", mode=0o755)
    todo = plan(step(one, other, False), root=root)
    os.rename(root / "two", root / "moved")
    os.symlink(root.parent / "outside", root / "two")
    assert execute(todo, run=RUN).done == 0
    assert stat.S_IMODE(os.stat(outside).st_mode) == 0o755


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "[true,null]",
        "[2048,null]",
        "[420,{}]",
        '[420,[["security.selinux",""]]]',
        '[420,[["user.a","*"]]]',
    ],
)
def test_permissions_that_nobody_wrote_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Permissions.decoded(text)


@pytest.mark.parametrize("attributes_of", [None, (), (("user.a", b"\0"), ("user.\udcff", b"x"))])
def test_permissions_survive_a_journal(attributes_of: tuple[tuple[str, bytes], ...] | None) -> None:
    known = Permissions(0o751, attributes_of)
    assert Permissions.decoded(known.encoded()) == known
    assert known.encoded().isascii()


def test_texts_tell_permissions_apart() -> None:
    some = [
        Permissions(0o644),
        Permissions(0o644, ()),
        Permissions(0o644, (("user.a", b"x"),)),
        Permissions(0o644, (("user.a", b"xy"),)),
        Permissions(0o644, (("user.ax", b"y"),)),
        Permissions(0o600, (("user.a", b"x"),)),
    ]
    assert len({one.text for one in some}) == len(some)
