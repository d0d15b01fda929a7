"""Any plan on any tree: done exactly as a model of it says, and taken back to the last nanosecond."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from image_sync.apply import executor, file_ops, journal
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Operation, Plan, RunResult, RunState, Stamp
from tests.apply import killing
from tests.apply.test_faults import StopAt
from tests.apply.trees import LONG_AGO, Tree, age_folders, files, plan, put, snapshot

pytestmark = pytest.mark.slow

RUN = "20260815-143022-3f2a"
NAMES = ("a", "b", "c", "a.jpg", "é 😀\n.jpg")
FOLDERS = ("", "a", "b", "a/b", "c/a/b")
PLACES = tuple(os.path.join(folder, name) for folder in FOLDERS for name in NAMES)
CONTENTS = (b"", b"one", b"two", b"three " * 500)
KEPT = ".image-sync"
ACTIONS = (
    *(Action.MOVE, Action.COPY, Action.LINK, Action.REPLACE_WITH_LINK, Action.UPDATE),
    *(Action.SET_ASIDE, Action.MAKE_FOLDER, Action.REMOVE_FOLDER),
)


@dataclass
class Model:
    """What a tree of files should be: an independent, obvious account of what each action does."""

    files: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {""})
    done: list[bool] = field(default_factory=list)

    def put(self, place: str, data: bytes, mtime_ns: int) -> bool:
        """A file, its folders made; ``False`` where a file is in the way."""
        if not self.can_make(os.path.dirname(place)) or place in self.files or place in self.folders:
            return False
        self.make(os.path.dirname(place))
        self.files[place] = (data, mtime_ns)
        return True

    def can_make(self, folder: str) -> bool:
        while folder:
            if folder in self.files:
                return False
            folder = os.path.dirname(folder)
        return True

    def make(self, folder: str) -> None:
        while folder not in self.folders:
            self.folders.add(folder)
            folder = os.path.dirname(folder)

    def is_empty(self, folder: str) -> bool:
        return not any(os.path.dirname(path) == folder for path in [*self.files, *(self.folders - {""})])

    def carry_out(self, action: Action, source: str, target: str, stale: bool, follows: int | None) -> None:
        possible = not stale and (follows is None or self.done[follows])
        self.done.append(possible and self._try(action, source, target))

    def _try(self, action: Action, source: str, target: str) -> bool:
        if action is Action.MAKE_FOLDER:
            if not self.can_make(target):
                return False
            self.make(target)
            return True
        if action is Action.REMOVE_FOLDER:
            if source not in self.folders or not self.is_empty(source):
                return False
            self.folders.remove(source)
            return True
        if source not in self.files or source == target:
            return False
        data, mtime_ns = self.files[source]
        if action is Action.SET_ASIDE:
            del self.files[source]
            return True
        if action in (Action.UPDATE, Action.REPLACE_WITH_LINK):
            return self._replace(action, source, target)
        if not self.put(target, data, mtime_ns):
            return False
        if action is Action.MOVE:
            del self.files[source]
        return True

    def _replace(self, action: Action, source: str, target: str) -> bool:
        if target not in self.files:
            return False
        if action is Action.REPLACE_WITH_LINK and self.files[source][0] != self.files[target][0]:
            return False
        self.files[target] = self.files[source]
        return True


Step = tuple[Action, str, str, Stamp | None, Stamp | None, int | None]


@dataclass(frozen=True)
class Case:
    """A tree, a plan for it (places below the root), and the model after the plan."""

    files: dict[str, tuple[bytes, int, int]]
    empty: frozenset[str]
    steps: tuple[Step, ...]
    model: Model

    def build(self, root: Path) -> Plan:
        for place, (data, mtime_ns, mode) in self.files.items():
            put(root / place, data, mtime_ns, mode)
        for folder in self.empty:
            (root / folder).mkdir(parents=True, exist_ok=True)
        age_folders(root)
        return plan(*(self._operation(root, *step) for step in self.steps), root=root)

    def _operation(
        self,
        root: Path,
        action: Action,
        source: str,
        target: str,
        expected: Stamp | None,
        replaces: Stamp | None,
        follows: int | None,
    ) -> Operation:
        here = os.fspath(root / source) if source else ""
        there = os.fspath(root / target) if target else ""
        return Operation(action, here, there, "by chance", expected, replaces, follows=follows)


@st.composite
def cases(draw: st.DrawFn, fitting: bool = False) -> Case:
    """Any tree and plan; with ``fitting`` every step of it can be done."""
    model, tree = Model(), {}
    for place in draw(st.lists(st.sampled_from(PLACES), max_size=9)):
        data, mtime_ns = draw(st.sampled_from(CONTENTS)), LONG_AGO + draw(st.integers(-(10**18), 10**18))
        if model.put(place, data, mtime_ns):
            tree[place] = (data, mtime_ns, draw(st.sampled_from((0o644, 0o600, 0o444))))
    empty = set()
    for folder in draw(st.lists(st.sampled_from(PLACES), max_size=2)):
        if model.can_make(folder):
            model.make(folder)
            empty.add(folder)
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, 12))):
        step = draw_step(draw, model, len(steps), fitting)
        if step is not None:
            steps.append(step)
    return Case(tree, frozenset(empty), tuple(steps), model)


def draw_step(draw: st.DrawFn, model: Model, number: int, fitting: bool) -> Step | None:
    """A step that mostly fits what stands there by then; sometimes it does not (``None`` if it has to)."""
    action = draw(st.sampled_from(ACTIONS))
    source = target = ""
    if action is Action.MAKE_FOLDER:
        target = draw(st.sampled_from(PLACES))
    elif action is Action.REMOVE_FOLDER:
        fitting = sorted(folder for folder in model.folders if folder and model.is_empty(folder))
        source = draw(st.sampled_from(fitting or PLACES))
    else:
        source = draw(st.sampled_from(sorted(model.files) or PLACES))
        if action in (Action.UPDATE, Action.REPLACE_WITH_LINK):
            others = sorted(place for place in model.files if place != source)
            twins = [place for place in others if source in model.files and _same(model, place, source)]
            target = draw(
                st.sampled_from((twins if action is Action.REPLACE_WITH_LINK else others) or others or PLACES)
            )
        elif action is not Action.SET_ASIDE:
            target = draw(st.sampled_from(PLACES))
    stale = source in model.files and draw(st.integers(0, 9)) == 0
    expected = _stamp(model, source, stale)
    replaces = _stamp(model, target, False) if action in (Action.UPDATE, Action.REPLACE_WITH_LINK) else None
    if action is Action.UPDATE and replaces is None:
        replaces = Stamp(1, 1)
    follows = draw(st.integers(0, number - 1)) if number and draw(st.integers(0, 4)) == 0 else None
    model.carry_out(action, source, target, stale, follows)
    if fitting and not model.done[-1]:
        model.done.pop()
        return None
    return action, source, target, expected, replaces, follows


def _same(model: Model, first: str, second: str) -> bool:
    return model.files[first][0] == model.files[second][0]


def _stamp(model: Model, place: str, stale: bool) -> Stamp | None:
    if place not in model.files:
        return None
    data, mtime_ns = model.files[place]
    return Stamp(len(data), mtime_ns + stale)


@contextmanager
def workplace() -> Iterator[Path]:
    """A fresh folder with a state of its own, in memory where that can be had."""
    memory = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
    base = Path(tempfile.mkdtemp(prefix="image-sync-test-", dir=memory))
    try:
        (base / "root").mkdir()
        flushless = patch.object(os, "fsync", lambda _: None)
        with patch.dict(os.environ, {"IMAGE_SYNC_STATE": os.fspath(base / "state")}), flushless:
            yield base / "root"
    finally:
        shutil.rmtree(base)


def visible(tree: Tree) -> dict[str, object]:
    return {name: data for name, data in files(tree).items() if not name.startswith(KEPT)}


def contents(tree: Tree) -> set[object]:
    return set(files(tree).values())


STATEFUL = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@STATEFUL
@given(cases(), st.integers(1, 9))
def test_done_as_the_model_says_and_undone_to_the_nanosecond(case: Case, group: int) -> None:
    with workplace() as root, patch.object(executor, "GROUP", group):
        wanted = case.build(root)
        before = snapshot(root)
        result = execute(wanted, run=RUN)
        after = snapshot(root)
        event(f"done {sum(case.model.done)} of {len(case.steps)}")
        assert [problem.path for problem in result.problems].count("") == 0
        assert (result.state, result.done) == (RunState.FINISHED, sum(case.model.done)), result.problems
        assert len(result.problems) == len(case.steps) - sum(case.model.done)
        assert visible(after) == {place: data for place, (data, _) in case.model.files.items()}
        assert {name: after[name][2] for name in visible(after)} == {
            place: mtime_ns for place, (_, mtime_ns) in case.model.files.items()
        }
        folders = {name for name, entry in after.items() if entry[0] == "folder" and not name.startswith(KEPT)}
        assert folders - {"."} == case.model.folders - {""}
        assert contents(before) <= contents(after), "something was destroyed"
        back = undo(RUN)
        assert (back.state, back.problems, back.done) == (RunState.UNDONE, (), result.done)
        assert snapshot(root) == before


def check_as_modelled(case: Case, root: Path, result: RunResult) -> None:
    """Only for a plan that fits: after a resumption, what could not be done at first is tried again."""
    if all(case.model.done):
        assert (result.state, result.done, result.problems) == (RunState.FINISHED, len(case.steps), ())
        assert visible(snapshot(root)) == {place: data for place, (data, _) in case.model.files.items()}


@STATEFUL
@given(cases() | cases(fitting=True), st.integers(1, 9), st.integers(1, 60), st.booleans(), st.integers(1, 40))
def test_stopped_anywhere(case: Case, group: int, moment: int, go_on: bool, later: int) -> None:
    assume(case.steps)
    with workplace() as root, patch.object(executor, "GROUP", group), patch.object(file_ops, "CHUNK", 1000):
        wanted = case.build(root)
        before = snapshot(root)
        result = execute(wanted, run=RUN, control=StopAt(moment))
        event(result.state.value)
        if go_on:
            check_as_modelled(case, root, resume(RUN))
        undo(RUN, control=StopAt(later))
        assert contents(before) <= contents(snapshot(root))
        back = undo(RUN)
        assert (back.state, back.problems) == (RunState.UNDONE, ())
        assert snapshot(root) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here")
@STATEFUL
@given(cases() | cases(fitting=True), st.integers(1, 300), st.integers(1, 300), st.booleans())
def test_killed_anywhere(case: Case, moment: int, later: int, go_on: bool) -> None:
    assume(case.steps)
    with workplace() as root:
        wanted = case.build(root)
        before = snapshot(root)
        killed = killing.run(lambda: execute(wanted, run=RUN), moment) is None
        event("killed" if killed else "came to its end")
        if not journal.history():
            assert snapshot(root) == before
            return
        assert contents(before) <= contents(snapshot(root))
        if go_on:
            killing.run(lambda: resume(RUN), later)
            check_as_modelled(case, root, resume(RUN))
        killing.run(lambda: undo(RUN), later)
        assert contents(before) <= contents(snapshot(root))
        back = undo(RUN)
        assert (back.state, back.problems) == (RunState.UNDONE, ())
        assert snapshot(root) == before
