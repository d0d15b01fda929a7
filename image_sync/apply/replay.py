"""Replay of a journal: its lines read back, each checked against its seal, and what they tell together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from image_sync.apply import records, seal
from image_sync.apply.records import End, FolderState, Header, Intent, Line, Mark, Result
from image_sync.apply.seal import Seals
from image_sync.base.errors import reason
from image_sync.base.model import Action, Operation, Outcome, Problem, Refused


@dataclass(slots=True)
class JournalReplay:
    """Replay of a journal: everything that it tells.

    ``intents`` are those of operations whose end is not known, ``made`` the folders that the run made, ``undone`` the
    operations that were taken back, ``back`` how the files lie that were put back.  ``end`` is set when the last line
    is an end.  ``damage`` says which lines could not be read, in words; a torn last line is none, since nothing that it
    announced had begun.  ``seals`` says whether somebody else changed a line that can be read.
    """

    header: Header
    operations: dict[int, Operation] = field(default_factory=dict)
    folders: dict[str, FolderState] = field(default_factory=dict)
    intents: dict[int, Intent] = field(default_factory=dict)
    results: dict[int, Result] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    undone: set[int] = field(default_factory=set)
    back: dict[str, Mark] = field(default_factory=dict)
    undo_begun: bool = False
    end: End | None = None
    damage: list[Problem] = field(default_factory=list)
    seals: Seals = Seals.NONE

    @property
    def done(self) -> list[int]:
        """The operations that were done, in the order in which they were (one that failed at first and was tried again
        comes late); also those that were undone again."""
        done = [number for number, result in self.results.items() if result.outcome is Outcome.DONE]
        return sorted(done) if self.damage else done

    def may_be_done(self, number: int) -> bool:
        """Whether an operation was done, or may have been when the process was ended."""
        result = self.results.get(number)
        if result is not None:
            return result.outcome is Outcome.DONE
        return number in self.intents or bool(self.damage)

    def take(self, line: Line) -> None:
        """Take one line in; raises ``ValueError`` when it says nothing sensible."""
        kind = line["is"]
        self.end = None
        if kind == "operation":
            number, operation = records.operation(line)
            self.operations[number] = operation
        elif kind == "folder":
            folder = records.folder(line)
            self.folders.setdefault(folder.path, folder)
        elif kind == "intent":
            intent = records.intent(line)
            self.intents[intent.number] = intent
            self.results.pop(intent.number, None)
        elif kind == "outcome":
            result = records.result(line)
            self.results.pop(result.number, None)
            self.results[result.number] = result
            self.made.update(result.made)
            self.intents.pop(result.number, None)
        else:
            self._take_rare(str(kind), line)

    def _take_rare(self, kind: str, line: Line) -> None:
        if kind == "cancelled":
            for number in records.numbers(line, "n"):
                self.intents.pop(number, None)
            self.made.update(records.texts(line, "made"))
        elif kind == "undone":
            self.undone.update(records.numbers(line, "n"))
            self.back.update(records.put_back(line))
        elif kind == "undo":
            self.undo_begun = True
        elif kind == "end":
            self.end = records.end(line)
        elif kind not in ("resume", "kept"):
            raise ValueError(kind)


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


def steps(story: JournalReplay) -> Iterator[RunStep]:
    """The steps that a journal tells of, in the order of the plan."""
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


def read(path: str, run: str) -> JournalReplay:
    """Read the whole journal of ``run`` at ``path``.  Raises ``Refused`` when its first line can't be read."""
    try:
        with open(path, "rb") as stream:
            first = stream.readline()
            story = JournalReplay(records.header(records.decode(first)))
            reading = _Reading(story, run, path, seal.key() if seal.is_sealed(first) else b"")
            reading.check(first)
            for number, text in enumerate(stream, start=2):
                reading.take(number, text)
    except OSError as error:
        raise Refused(f"The journal of {run} can't be read: {reason(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"The journal of {run} can't be read: {records.why_not(error)}.") from error
    missing = story.header.total - len(story.operations)
    if missing > 0:
        story.damage.append(_damaged(path, f"{missing} of {story.header.total} planned operations can't be read"))
    return story


class _Reading:
    """The reading of a journal, line by line, each with its seal where the first one has one."""

    def __init__(self, story: JournalReplay, run: str, path: str, key: bytes) -> None:
        self._story, self._run, self._path, self._key = story, run, path, key
        self._at = 0
        story.seals = Seals.SOUND if key else Seals.NONE

    def take(self, number: int, text: bytes) -> None:
        """Take a line in."""
        try:
            self._story.take(records.decode(text))
        except (ValueError, RecursionError):
            if text.endswith(b"\n"):
                self._story.damage.append(_damaged(self._path, f"line {number} can't be read"))
            self._at += len(text)
        else:
            self.check(text)

    def check(self, text: bytes) -> None:
        """Check the seal of a line that can be read."""
        if self._key and text.endswith(b"\n") and not seal.is_sound(text, self._key, self._run, self._at):
            self._story.seals = Seals.BROKEN
        self._at += len(text)


def _damaged(path: str, why: str) -> Problem:
    hint = "What it recorded was worked out from the files themselves where possible; look at them."
    return Problem(path, "the journal is damaged", why, hint)
