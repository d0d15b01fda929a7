"""What the tests of the command line share: values, an engine that follows a script, streams, a command line."""

from __future__ import annotations

import errno
import io
import os
import queue
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from image_sync.apply.outlook import Outlook
from image_sync.base.events import Ending, Event, Finished, Progress, Stage, StageBegan
from image_sync.base.model import (
    Action,
    Group,
    Member,
    Operation,
    Picture,
    Plan,
    Problem,
    RunResult,
    RunState,
    RunSummary,
    Sameness,
)
from image_sync.base.paths import join
from image_sync.cli import main, session
from image_sync.jobs.job import Job
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from tests import values
from tests.doubled_stops import doubled_stops

PHONE, BACKUP, SORTED = "/home/ann/Phone", "/media/backup", "/home/ann/Sorted"
MIB = 1 << 20


def picture(root: str, relative: str, size: int = MIB, width: int = 4000, reference: bool = False) -> Picture:
    """A picture as it would have been measured."""
    shape = values.fingerprint(width=width, height=width * 3 // 4)
    return Picture(values.record(relative, root=root, size=size), shape, reference=reference)


def review(
    groups: Sequence[Sequence[Picture]] = (), alone: Sequence[Picture] = (), *, problems: Sequence[Problem] = ()
) -> OrganizeReview:
    """A review in which the first picture of each group is its best, the second the same file, the others similar."""
    pictures: list[Picture] = []
    found: list[Group] = []
    operations: list[Operation] = []
    for number, members in enumerate(groups):
        kept = []
        for place, member in enumerate(members):
            sameness = Sameness.IDENTICAL_FILE if place < 2 else Sameness.SIMILAR
            kept.append(Member(len(pictures), sameness, 1.0 if place < 2 else 0.9789, turn=place % 3 // 2))
            pictures.append(member)
            if not member.reference:
                operations.append(moved(member, f"similar_Beach_{number}", number))
        found.append(Group(tuple(kept), "Beach", "more pixels than the others"))
    pictures += alone
    operations += [moved(member, "unique_images") for member in alone]
    roots = {"folder 1": PHONE, "folder 2": BACKUP, "output": SORTED}
    plan = Plan("organize", roots, tuple(operations), problems=tuple(problems))
    return OrganizeReview(OrganizeRequest((PHONE, BACKUP), SORTED), tuple(pictures), tuple(found), plan)


def moved(member: Picture, folder: str, group: int | None = None) -> Operation:
    """The move of a picture to a folder of the output."""
    destination = join(SORTED, folder, member.record.name)
    return Operation(Action.MOVE, member.record.path, destination, "no match", member.record.stamp, group=group)


def small_review(**options: Sequence[Problem]) -> OrganizeReview:
    """Three alike and one alone."""
    alike = [picture(PHONE, "2021/beach.jpg"), picture(BACKUP, "beach.jpg"), picture(BACKUP, "small.jpg", 2**18, 1600)]
    return review([alike], [picture(PHONE, "cat.jpg")], **options)


def result(state: RunState = RunState.FINISHED, done: int = 4, problems: Sequence[Problem] = ()) -> RunResult:
    """What came of applying four operations."""
    return RunResult("20251120-083012-ab12", state, 4, done, 3 * MIB, tuple(problems), 12.3)


def run(name: str = "20251120-083012-ab12", state: RunState = RunState.FINISHED, done: int = 4) -> RunSummary:
    """A run of the history."""
    roots = {"folder 1": PHONE, "folder 2": BACKUP, "output": SORTED}
    return RunSummary(name, "organize", "2025-11-20T08:30:12", state, 4, done, 3 * MIB, roots)


class ScriptedEngine:
    """An engine that answers each job with the events that were written down for it, and remembers what it was asked.

    The script of a job is a sequence of events, or a function that is handed the engine and returns them.
    """

    Script = Iterable[Event] | Callable[["ScriptedEngine"], Iterable[Event]]

    def __init__(self, history: Sequence[RunSummary] = (), **scripts: Script) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.calls: list[tuple[str, object]] = []
        self.stops = 0
        self.closed = False
        self.busy = False
        self.runs, self.scripts = tuple(history), scripts
        self.places: tuple[Outlook, ...] = ()

    def start(self, job: Job[Any, Any]) -> None:
        self._play(job.name, job.request)

    def apply(self, plan: Plan) -> None:
        self._play("apply", plan)

    def undo(self, name: str = "") -> None:
        self._play("undo", name)

    def resume(self, name: str = "") -> None:
        self._play("resume", name)

    def history(self) -> tuple[RunSummary, ...]:
        return self.runs

    def outlook(self, run: str, *, undo: bool) -> tuple[Outlook, ...]:  # noqa: ARG002
        return self.places

    def stop(self) -> None:
        self.stops += 1

    def join(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        return True

    def close(self) -> None:
        self.closed = True

    @property
    def asked(self) -> list[str]:
        """The jobs that were started, in order."""
        return [name for name, _ in self.calls]

    def _play(self, job: str, what: object) -> None:
        self.calls.append((job, what))
        script = self.scripts[job]
        for event in script(self) if callable(script) else script:
            self.events.put(event)


class Terminal(io.StringIO):
    """A stream with a person at the other end, who types ``typed``."""

    def __init__(self, typed: str = "") -> None:
        super().__init__(typed)

    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    """A stream whose reader went away after ``most`` writes."""

    def __init__(self, most: int = 0) -> None:
        super().__init__()
        self._most = most

    def write(self, text: str) -> int:
        if self._most <= 0:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        self._most -= 1
        return super().write(text)


TROUBLE = Problem("/a/b.jpg", "can't be read as a picture", "the file ends too early")
SCAN = [
    StageBegan(Stage.SCAN, 1, 2),
    Progress(Stage.SCAN, 4, None, current="/a/b"),
    StageBegan(Stage.MEASURE, 2, 2, 4),
    Progress(Stage.MEASURE, 4, 4),
]


def done(state: RunState = RunState.FINISHED, number: int = 4, problems: Sequence[Problem] = ()) -> Finished:
    """The end of a run that came to its end."""
    return Finished(Ending.FINISHED, result(state, number, problems))


def refused(why: str) -> Finished:
    """The end of a job that was refused."""
    return Finished(Ending.REFUSED, failure=why)


def ends(found: object = None, *before: Event, ending: Ending = Ending.FINISHED) -> list[Event]:
    """A scan that ends with ``found``."""
    return [*SCAN, *before, Finished(ending, found)]


RUNS = [
    run("20251120-083012-ab12", RunState.UNDONE),
    run("20251119-101112-cd34", RunState.FINISHED),
    run("20251119-090000-ef56", RunState.STOPPED, 2),
]

hostile = st.text(
    st.one_of(
        st.sampled_from("\n\r\t\x1b\x07\x9b\u2028\u202e\u0000[]"),
        st.integers(0xDC80, 0xDCFF).map(chr),
        st.characters(blacklist_categories=["Cs"]),
    ),
    min_size=1,
    max_size=30,
).filter(lambda name: "/" not in name and name not in (".", ".."))


@dataclass
class Ran:
    """What came of a command line."""

    code: int
    out: str
    err: str
    engine: ScriptedEngine


@dataclass
class Line:
    """A command line in a world of its own: two folders with nothing in them, streams, an engine with a script."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def run(
        self,
        *argv: str,
        engine: ScriptedEngine | None = None,
        out: io.StringIO | None = None,
        err: io.StringIO | None = None,
        source: io.StringIO | None = None,
    ) -> Ran:
        made = engine or ScriptedEngine()
        out, err = out or io.StringIO(), err or io.StringIO()
        self.monkeypatch.setattr(session, "make_engine", lambda catalog, workers: made)  # noqa: ARG005
        for name, stream in (("stdout", out), ("stderr", err), ("stdin", source or io.StringIO())):
            self.monkeypatch.setattr(sys, name, stream)
        code = main(argv)
        assert doubled_stops(out.getvalue() + err.getvalue()) == []
        return Ran(code, out.getvalue(), err.getvalue(), made)

    def organize(self, *options: str, engine: ScriptedEngine, **streams: io.StringIO) -> Ran:
        folders = (os.fspath(self.folder / name) for name in ("one", "two", "out"))
        return self.run("organize", *folders, *options, engine=engine, **streams)


def sorted_out() -> ScriptedEngine:
    """An engine that finds the small review and applies it."""
    return ScriptedEngine(organize=ends(small_review()), apply=[done()])
