"""Killed at every moment: nothing is lost, and resume and undo bring exactly the one tree or the other."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from image_sync.apply import executor, file_ops, journal
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base import places
from image_sync.base.model import Action, Operation, Plan, RunState
from tests.apply import killing, trees
from tests.apply.trees import Tree, age_folders, content, everything, files, operation, plan, put, snapshot

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here"),
]
RUN = "20260815-143022-3f2a"
TEMPORARY = ".image-sync-"


@pytest.fixture(autouse=True)
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill takes nothing from the system's cache, so that waiting for the disk would prove nothing here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


class World:
    """The same tree and plan as often as they are wanted, each with a state folder of its own."""

    def __init__(self, base: Path, far: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._base, self._far, self._patch = base, far, monkeypatch
        self._number = 0
        self.root = self.far = base
        self.plan: Plan
        self.before: tuple[Tree, Tree]

    def fresh(self) -> None:
        self.remove()
        self._number += 1
        self.root = self._base / f"near{self._number}"
        self.far = self._far / f"far{self._number}"
        for folder in (self.root, self.far):
            folder.mkdir()
        self._patch.setenv("IMAGE_SYNC_STATE", os.fspath(self._base / f"state{self._number}"))
        self.plan = everything(self.root, self.far)
        self.before = self.now()

    def remove(self) -> None:
        if self._number:
            for folder in (self.root, self.far, Path(places.state_folder())):
                shutil.rmtree(folder, ignore_errors=True)

    def now(self, folder_times: bool = True) -> tuple[Tree, Tree]:
        return snapshot(self.root, folder_times), snapshot(self.far, folder_times)

    def contents(self) -> set[object]:
        return {data for tree in self.before for data in files(tree).values()}

    def check_whole(self) -> None:
        """Every content is somewhere, and every name but those of unfinished copies holds a whole content."""
        found: set[object] = set()
        for tree in self.now():
            for name, data in files(tree).items():
                if not os.path.basename(name).startswith(TEMPORARY):
                    assert data in self.contents(), f"{name} is torn"
                    found.add(data)
        assert found == self.contents(), "something is lost"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The trees are built hundreds of times: mostly in memory, where that is the second disk."""
    with trees.second_disk(tmp_path) as other:
        far = tmp_path / "far"
        far.mkdir()
        if other is None:
            trees.pretend_two_disks(monkeypatch, far)
        yield World(other or tmp_path, far, monkeypatch)


def moments(count: int, wanted: int, seed: int) -> list[int]:
    """``wanted`` of ``count`` moments, spread evenly and jittered."""
    choice = random.Random(seed)
    step = count / wanted
    return [max(1, min(count, round(number * step + choice.uniform(0, step)))) for number in range(wanted)]


def count_moments(world: World, work: Callable[[], object], prepare: Callable[[], object] = lambda: None) -> int:
    world.fresh()
    prepare()
    count = killing.run(work, 0)
    assert count is not None
    return count


def begun() -> bool:
    return bool(journal.history())


def final_tree(world: World) -> tuple[Tree, Tree]:
    world.fresh()
    assert execute(world.plan, run=RUN).problems == ()
    return world.now(folder_times=False)


def cut_journal_to_last_flush() -> None:
    """What a power cut does to lines that were written and not flushed: the outcomes after the last intents."""
    path = Path(journal.runs_folder()) / RUN / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    while lines and not (b'"is":"intent"' in lines[-1] or b'"is":"operation"' in lines[-1]):
        lines.pop()
    path.write_bytes(b"".join(lines))


@pytest.mark.parametrize("powercut", [False, True], ids=["killed", "power cut"])
@pytest.mark.parametrize("way", ["resume", "undo"])
def test_killed_while_executing(world: World, way: str, powercut: bool) -> None:
    final = final_tree(world)
    count = count_moments(world, lambda: execute(world.plan, run=RUN))
    interrupted = 0
    for moment in moments(count, 40, seed=len(way) + powercut):
        world.fresh()
        assert killing.run(lambda: execute(world.plan, run=RUN), moment) is None
        world.check_whole()
        if not begun():
            assert world.now() == world.before, "touched before the journal stood"
            continue
        if powercut:
            cut_journal_to_last_flush()
        state = journal.find(RUN).state
        assert state in (RunState.INTERRUPTED, RunState.FINISHED)
        interrupted += state is RunState.INTERRUPTED
        if way == "resume":
            result = resume(RUN)
            assert (result.state, result.problems) == (RunState.FINISHED, ()), moment
            assert result.done == result.total == len(world.plan.operations)
            assert world.now(folder_times=False) == final, moment
            result = undo(RUN)
        else:
            result = undo(RUN)
        assert (result.state, result.problems) == (RunState.UNDONE, ()), moment
        assert world.now() == world.before, moment
        assert (undo(RUN).done, world.now()) == (0, world.before)
    assert interrupted >= 25


def test_killed_while_undoing(world: World) -> None:
    count = count_moments(world, lambda: undo(RUN), lambda: execute(world.plan, run=RUN))
    for moment in moments(count, 40, seed=3):
        world.fresh()
        execute(world.plan, run=RUN)
        assert killing.run(lambda: undo(RUN), moment) is None
        world.check_whole()
        assert journal.find(RUN).state in (RunState.FINISHED, RunState.PARTLY_UNDONE, RunState.UNDONE)
        result = undo(RUN)
        assert (result.state, result.problems) == (RunState.UNDONE, ()), moment
        assert world.now() == world.before, moment


def test_killed_while_resuming(world: World) -> None:
    final = final_tree(world)
    world.fresh()
    half = killing.run(lambda: execute(world.plan, run=RUN), 0)
    assert half is not None

    def cut_off() -> None:
        assert killing.run(lambda: execute(world.plan, run=RUN), half // 2) is None

    count = count_moments(world, lambda: resume(RUN), cut_off)
    for moment in moments(count, 25, seed=4):
        world.fresh()
        cut_off()
        assert killing.run(lambda: resume(RUN), moment) is None
        world.check_whole()
        result = resume(RUN)
        assert (result.state, result.problems) == (RunState.FINISHED, ()), moment
        assert world.now(folder_times=False) == final, moment


def test_killed_twice_while_undoing_a_run_that_was_killed(world: World) -> None:
    count = count_moments(world, lambda: execute(world.plan, run=RUN))
    for seed, moment in enumerate(moments(count - 120, 20, seed=5)):
        world.fresh()
        assert killing.run(lambda: execute(world.plan, run=RUN), moment + 100) is None
        for again in (random.Random(seed).randrange(1, 200), random.Random(seed).randrange(1, 80)):
            killing.run(lambda: undo(RUN), again)
            world.check_whole()
        result = undo(RUN)
        assert (result.state, result.problems) == (RunState.UNDONE, ()), moment
        assert world.now() == world.before, moment


def _gives_way(root: Path) -> list[Operation]:
    """A file that others were made from makes room for a folder of its name."""
    return [
        operation(Action.UPDATE, root / "b", root / "a.jpg"),
        operation(Action.SET_ASIDE, root / "b"),
        operation(Action.MOVE, root / "c", root / "b" / "c"),
    ]


def _alike(root: Path) -> list[Operation]:
    """Files of the same bytes and time replace each other: only their inodes tell them apart."""
    return [
        operation(Action.REPLACE_WITH_LINK, root / "b", root / "c"),
        operation(Action.SET_ASIDE, root / "b"),
        operation(Action.UPDATE, root / "c", root / "d"),
    ]


def _not_there(root: Path) -> list[Operation]:
    """What can't be done must not be taken for done: a folder that never was, a copy that stood there before."""
    return [
        operation(Action.REMOVE_FOLDER, root / "never"),
        operation(Action.COPY, root / "b", root / "d"),
        operation(Action.MOVE, root / "b", root / "d"),
        operation(Action.MAKE_FOLDER, "", root / "stands"),
        operation(Action.LINK, root / "b", root / "second"),
    ]


@pytest.mark.parametrize("exclusive", [True, False], ids=["one step", "by way of a link"])
@pytest.mark.parametrize("steps", [_gives_way, _alike, _not_there])
def test_killed_at_every_moment_of_a_tricky_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: Callable[[Path], list[Operation]], exclusive: bool
) -> None:
    if not exclusive:
        monkeypatch.setattr(file_ops, "_exclusive_rename", lambda: None)
    number = 0

    def fresh(base: Path) -> Path:
        nonlocal number
        number += 1
        monkeypatch.setenv("IMAGE_SYNC_STATE", os.fspath(base / f"state{number}"))
        root = base / f"root{number}"
        for name in ("a.jpg", "b", "c", "d"):
            put(root / name, b"the same")
        (root / "stands").mkdir()
        os.link(root / "c", root / "second")
        age_folders(root)
        return root

    with trees.second_disk(tmp_path) as memory:
        base = memory or tmp_path
        root = fresh(base)
        count = killing.run(lambda: execute(plan(*steps(root), root=root), run=RUN), 0)
        root = fresh(base)
        done = execute(plan(*steps(root), root=root)).done
        assert count is not None
        tried = 0
        for moment in range(2, count + 1, 2):  # after each call, which is before the next
            root = fresh(base)
            before = snapshot(root)
            wanted = plan(*steps(root), root=root)
            assert killing.run(lambda wanted=wanted: execute(wanted, run=RUN), moment) is None  # type: ignore[misc]
            if begun():
                tried += 1
                assert moment % 4 or resume(RUN).done == done
                result = undo(RUN)
                assert (result.state, result.problems) == (RunState.UNDONE, ()), moment
            assert snapshot(root) == before, moment
        assert tried > 20


CHILD = """
import pickle, sys
from image_sync.apply.executor import execute
with open(sys.argv[1], "rb") as stream:
    plan = pickle.load(stream)
print("begins", flush=True)
execute(plan, run=sys.argv[2])
"""


def test_killed_from_outside_at_any_time(tmp_path: Path) -> None:
    """A process of its own, killed by the clock while it copies and moves a few hundred files."""
    import pickle

    choice = random.Random(11)
    for number, way in enumerate([resume, undo, resume, undo]):
        root = tmp_path / f"tree{number}"
        run = f"20260815-14302{number}-3f2a"
        steps = []
        for index in range(240):
            source = put(root / "one" / f"{index % 7}" / f"{index}.jpg", content(str(index), 20_000))
            action = Action.MOVE if index % 2 else Action.COPY
            steps.append(operation(action, source, root / "two" / f"{index % 5}" / f"{index}.jpg"))
        age_folders(root)
        before = snapshot(root)
        wanted = plan(*steps, one=root / "one", two=root / "two")
        (tmp_path / "plan").write_bytes(pickle.dumps(wanted))
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, os.fspath(tmp_path / "plan"), run],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[2],
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"begins\n"
        time.sleep(choice.uniform(0.02, 0.12))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if not any(summary.run == run for summary in journal.history()):
            assert snapshot(root) == before
            continue
        if way is resume:
            assert resume(run).done == len(steps)
            assert not any(TEMPORARY in name for name in snapshot(root))
            moved = {f"one/{i % 7}/{i}.jpg": f"two/{i % 5}/{i}.jpg" for i in range(240)}
            now = files(snapshot(root))
            assert all(now[target] == before[source][1] for source, target in moved.items())
            assert sum(name.startswith("one") for name in now) == 120
        result = undo(run)
        assert (result.state, result.problems) == (RunState.UNDONE, ())
        assert snapshot(root) == before


def test_the_run_of_a_living_process_is_neither_resumed_nor_undone(world: World) -> None:
    """The child waits in the middle of its run while this process looks at it."""
    from image_sync.base.control import Control
    from image_sync.base.model import Refused

    world.fresh()
    reading, writing = os.pipe()
    go_on, let_go = os.pipe()
    child = os.fork()
    if child == 0:

        class Waiting(Control):
            def checkpoint(self) -> None:
                os.write(writing, b"x")
                os.read(go_on, 1)

        try:
            execute(world.plan, control=Waiting(), run=RUN)
        finally:
            os._exit(0)
    try:
        os.read(reading, 1)
        assert journal.find(RUN).state is RunState.RUNNING
        for act in (resume, undo):
            with pytest.raises(Refused, match="still going on"):
                act(RUN)
        inside = plan(operation(Action.MAKE_FOLDER, "", world.root / "one" / "x"), inside=world.root / "one" / "x")
        for other in (world.plan, inside):
            with pytest.raises(Refused, match=f"Another run is working on .*process {child}"):
                execute(other)
        assert len(journal.history()) == 1
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for handle in (reading, writing, go_on, let_go):
            os.close(handle)
    assert journal.find(RUN).state is RunState.INTERRUPTED
    assert undo(RUN).problems == ()
    assert world.now() == world.before
    assert executor.execute(world.plan).problems == ()
