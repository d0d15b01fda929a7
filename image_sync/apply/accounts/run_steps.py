"""Steps of a run as its journal tells them, one by one: what was to be done, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from image_sync.apply import journal, versions
from image_sync.apply.replay import JournalReplay
from image_sync.base.model import Action, Outcome, Problem, Refused


class StepState(Enum):
    """Fate of one step."""

    DONE = "done"
    TAKEN_BACK = "taken back"
    FAILED = "failed"
    LEFT_OUT = "left out"
    """It was not begun, or what it follows was not done."""
    UNCLEAR = "unclear"
    """The process was ended in the middle of it; undo and resume find out."""


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step of a run, its paths absolute; ``problem`` is why it failed."""

    number: int
    action: Action
    source: str
    destination: str
    reason: str
    size: int
    state: StepState
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """Room that the earlier versions of a run take below its folders."""

    files: int = 0
    size: int = 0


def steps(run: str) -> tuple[RunStep, ...]:
    """The steps of ``run`` in the order of its plan.  Raises ``Refused`` when its journal can't be read."""
    story = journal.load(run)
    return tuple(_steps(story))


def kept_room(run: str) -> KeptRoom:
    """The room that ``run`` keeps earlier versions in; a folder that is not there counts for nothing.

    Raises ``Refused`` when the journal can't be read.
    """
    files = size = 0
    for root in set(journal.find(run).roots.values()):
        try:
            found = [one for one in versions.kept(root) if one.run == run or one.run.startswith(f"{run}-")]
        except Refused:
            continue
        files += sum(one.files for one in found)
        size += sum(one.size for one in found)
    return KeptRoom(files, size)


def _steps(story: JournalReplay) -> Iterator[RunStep]:
    for number, operation in sorted(story.operations.items()):
        result = story.results.get(number)
        if number in story.undone:
            state = StepState.TAKEN_BACK
        elif result is not None and result.outcome is Outcome.DONE:
            state = StepState.DONE
        elif result is not None and result.problem is not None:
            state = StepState.FAILED
        elif number in story.intents:
            state = StepState.UNCLEAR
        else:
            state = StepState.LEFT_OUT
        yield RunStep(
            number,
            operation.action,
            operation.source,
            operation.destination,
            operation.reason,
            operation.size,
            state,
            result.problem if result is not None and state is StepState.FAILED else None,
        )
