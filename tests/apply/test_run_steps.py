"""What the history tells of a run step by step: done, failed, left out, taken back, and the room of what is kept."""

from __future__ import annotations

from pathlib import Path

from image_sync.apply import journal, versions
from image_sync.apply.executor import execute
from image_sync.apply.replay import RunStep, StepState
from image_sync.apply.replay import steps as steps_of
from image_sync.apply.undo import undo
from image_sync.base.control import Control
from image_sync.base.model import Action
from tests.apply.trees import operation, plan, put


def steps(run: str) -> list[RunStep]:
    return list(steps_of(journal.load(run)))


class StopsAfter(Control):
    """Stops at the checkpoint of that number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._left = number

    def checkpoint(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.stop()
        super().checkpoint()


def test_each_step_says_what_became_of_it(root: Path) -> None:
    a, b, c = (put(root / "one" / f"{name}.jpg", name) for name in "abc")
    made = plan(
        operation(Action.MOVE, a, root / "out" / "a.jpg"),
        operation(Action.COPY, b, root / "out" / "b.jpg"),
        operation(Action.MOVE, c, root / "out" / "c.jpg"),
        root=root,
    )
    put(root / "one" / "b.jpg", "changed since")
    run = execute(made).run
    found = steps(run)
    assert [one.state for one in found] == [StepState.DONE, StepState.FAILED, StepState.DONE]
    assert [(one.number, one.action, one.source) for one in found] == [
        (0, Action.MOVE, a), (1, Action.COPY, b), (2, Action.MOVE, c),
    ]  # fmt: skip
    assert found[1].problem is not None and found[1].problem.path and found[0].problem is None
    undo(run)
    assert [one.state for one in steps(run)] == [StepState.TAKEN_BACK, StepState.FAILED, StepState.TAKEN_BACK]


def test_what_was_not_begun_is_left_out(root: Path) -> None:
    files = [put(root / "one" / f"{number}.jpg", str(number)) for number in range(40)]
    made = plan(*(operation(Action.MOVE, path, root / "out" / Path(path).name) for path in files), root=root)
    run = execute(made, control=StopsAfter(5)).run
    states = [one.state for one in steps(run)]
    assert StepState.DONE in states and states[-1] is StepState.LEFT_OUT
    assert states == sorted(states, key=lambda state: state is StepState.LEFT_OUT)


def test_a_step_that_was_cut_off_is_unclear(root: Path) -> None:
    path = put(root / "one" / "a.jpg", "a")
    run = execute(plan(operation(Action.MOVE, path, root / "out" / "a.jpg"), root=root)).run
    place = Path(journal.runs_folder()) / run / journal.NAME
    lines = place.read_bytes().splitlines(keepends=True)
    place.write_bytes(b"".join(line for line in lines if b'"outcome"' not in line and b'"end"' not in line))
    assert [one.state for one in steps(run)] == [StepState.UNCLEAR]


def test_the_room_of_earlier_versions_is_that_of_the_run(root: Path) -> None:
    new, old = put(root / "one" / "a.jpg", "new"), put(root / "two" / "a.jpg", "the old one")
    kept = str(root / ".image-sync" / "versions")
    size = (root / "two" / "a.jpg").stat().st_size
    run = execute(plan(operation(Action.UPDATE, new, old, versions=kept), root=root)).run
    other = put(root / "one" / "b.jpg", "b")
    execute(plan(operation(Action.MOVE, other, root / "two" / "b.jpg"), root=root))
    roots = [str(root), str(root), str(root / "nowhere")]
    assert [(one.files, one.size) for one in versions.kept_by(run, roots)] == [(1, size)]
    undo(run)
    assert versions.kept_by(run, roots) == ()
