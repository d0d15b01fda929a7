"""How any command runs: refuse, find out, show, ask, do, sum up, write the document, return a code.

The flow is written once here; a command fills it with its own steps.  No rule of a job stands here, and no file of the
user's is touched but through the engine.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from image_sync.base import paths, words
from image_sync.base.model import ExitCode, Plan, Problem, Refused, RunResult, RunState, Stopped
from image_sync.cli import report
from image_sync.cli.arguments import PROGRAM, Common, program
from image_sync.cli.document import Record, Target
from image_sync.cli.following import Following
from image_sync.cli.interrupts import Interrupts
from image_sync.cli.report import Detail
from image_sync.cli.steps import Found, Steps
from image_sync.cli.terminal import Console
from image_sync.cli.views import view_for

if TYPE_CHECKING:
    from image_sync.engine import Engine


def make_engine(catalog: str | None, workers: int | None) -> Engine:
    """The engine, loaded only by a command that needs it."""
    from image_sync.engine import Engine

    return Engine(catalog=catalog, workers=workers)


_JOIN = 10.0
Result = TypeVar("Result")
"""Seconds that the engine's thread may take to end once it has said that it ends."""


class Declined(Exception):
    """The user said no."""


class CutOff(Exception):
    """A run failed in the middle; the message says how to go on."""


class Session:
    """One command from its start to its exit code."""

    def __init__(self, name: str, options: Common, console: Console, target: Target) -> None:
        self.options, self.console = options, console
        self.record = Record(name, dry_run=options.dry_run)
        self.interrupts = Interrupts()
        self.detail = Detail(console.verbose, console.style)
        self._target = target
        self._told: set[Problem | str] = set()

    # --- around everything ---

    def run(self, body: Callable[[Session], None]) -> ExitCode:
        """Run ``body``; whatever comes of it is said in words, written to the document and returned as a code."""
        with self.interrupts:
            try:
                self._target.check()
            except Refused as refusal:
                return self._refused(str(refusal))
            return self._written(self._guarded(body))

    def _guarded(self, body: Callable[[Session], None]) -> ExitCode:
        try:
            body(self)
        except Refused as refusal:
            return self._refused(str(refusal))
        except CutOff as error:
            self.record.failure = str(error)
            self.alarm(str(error))
            return ExitCode.PROBLEMS
        except Declined:
            self.record.failure = "The answer was no"
            self.console.tell("Nothing was changed.")
            return ExitCode.REFUSED
        except (Stopped, KeyboardInterrupt) as stop:
            self.record.stopped = True
            self.console.tell(*self._gap(), "Stopped before anything was changed.", *filter(None, [str(stop)]))
            if self.console.gone:
                self.alarm(f"The output can't be written ({self.console.gone}), so nothing was changed.")
        except Exception as error:
            return self._broken(error)
        if self.record.stopped:
            return ExitCode.STOPPED
        return ExitCode.PROBLEMS if self.record.problems else ExitCode.DONE

    def _written(self, code: ExitCode) -> ExitCode:
        if not self._target.place:
            return code
        try:
            self._target.write(self.record.document(code))
        except OSError as error:
            self.alarm(f"The JSON report can't be written to {self._target}: {error.strerror or error}")
            return ExitCode.PROBLEMS if code is ExitCode.DONE else code
        return code

    def _refused(self, why: str) -> ExitCode:
        self.record.failure = why
        self.alarm(why)
        return ExitCode.REFUSED

    def _broken(self, error: Exception) -> ExitCode:
        self.record.failure = f"{type(error).__name__}: {error}"
        self.alarm(f"This is a fault of the program itself: {self.record.failure}")
        if self.console.verbose:
            self.console.warn(traceback.format_exc().rstrip())
        return ExitCode.PROBLEMS

    def alarm(self, text: str) -> None:
        """Say why it can't go on."""
        self.console.complain(f"{PROGRAM}: {paths.display(text)}")

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine, closed at the end; a catalog that can't be opened is a refusal."""
        try:
            engine = make_engine(self.options.catalog, self.options.workers)
        except OSError as error:
            raise Refused(f"{paths.display(error.filename or '')}: {error.strerror or error}".lstrip(": ")) from error
        try:
            yield engine
        finally:
            engine.close()

    # --- the parts of a job ---

    def job(self, steps: Steps[Any, Found]) -> None:
        """Find out, show, ask, do, sum up."""
        self.record.request = steps.request()
        if wrong := steps.check():
            raise Refused(" ".join(f"{text.rstrip('.')}." for text in wrong))
        with self.engine() as engine:
            self.record.add_notes(report.cut_off(engine.history(), program()))
            plan = self._look(engine, steps)
            if self._may_go_on(plan, asks=steps.asks):
                self.sum_up(self.carry_out(engine, lambda: engine.apply(plan)))

    def _look(self, engine: Engine, steps: Steps[Any, Found]) -> Plan:
        """What there is to do, shown; raises ``Stopped`` after a stop, when nothing may be done any more."""
        found = self.follow(engine, lambda: steps.start(engine), steps.found)
        if found is not None:
            self.record.plan, self.record.groups = steps.plan(found), steps.groups(found)
            self.record.files = steps.files(found) if self.options.json else ()
            self.record.add_problems(steps.problems(found))
            self.record.add_notes(steps.notes(found))
        if self.record.stopped or found is None:
            share = f"{words.percent(found.partial)} of the pictures had been read. " if found is not None else ""
            raise Stopped(f"{share}What was read is remembered.")
        self.console.say_all(steps.describe(found, self.detail))
        self.tell_news()
        return steps.plan(found)

    def _may_go_on(self, plan: Plan, *, asks: bool) -> bool:
        """Whether the plan may be carried out; says why not."""
        if not plan.operations:
            self.console.tell(*self._gap(), "There is nothing to do.")
            return False
        if self.options.dry_run:
            hint = "" if self.console.verbose or self.console.quiet else " --verbose lists each of them."
            would = f"It would {report.done_in_words(plan)}."
            self.console.tell(*self._gap(), f"Dry run: nothing was changed. {would}{hint}")
            return False
        self.confirm(report.question(plan), asks=asks)
        return True

    def confirm(self, question: str, *, asks: bool = True) -> None:
        """Ask once, where there is somebody to ask; raises ``Declined`` on a no, ``Stopped`` on a stop before it."""
        self.console.say("")
        if self.interrupts.asked or self.console.gone:
            raise Stopped
        if asks and not self.options.yes and self.console.interactive:
            with self.interrupts.raising():
                agreed = self.console.ask(question)
            if not agreed:
                raise Declined

    def carry_out(self, engine: Engine, start: Callable[[], None]) -> RunResult | None:
        """Let the engine change files; raises ``CutOff`` when it failed in the middle, ``Refused`` before."""
        before = {run.run: run for run in engine.history()}
        try:
            return self.follow(engine, start, RunResult)
        except Refused as refusal:
            changed = [run for run in engine.history() if before.get(run.run) != run]
            if not changed:
                raise
            raise CutOff(" ".join([str(refusal), *report.cut_off(changed, program())])) from refusal

    def sum_up(self, result: RunResult | None, *, verb: str = "Done", again: str = "resume") -> None:
        """Problems and summary of what was done; raises ``Stopped`` when that is nothing."""
        if result is None:
            raise Stopped
        if result.state in (RunState.FINISHED, RunState.UNDONE):
            self.record.stopped = False
        stopped = self.record.stopped
        self.record.result = result
        self.record.add_problems(result.problems)
        self.tell_news()
        self.console.tell(*self._gap(), *report.summary(result, verb=verb, stopped=stopped))
        unfinished = stopped or result.state is RunState.INTERRUPTED
        self.console.tell(*report.ways_on(result, program(), again if unfinished else "", undo=again != "undo"))

    def tell_news(self) -> None:
        """Say the notes and the problems that were not said yet; when quiet the problems only, on the error stream."""
        notes = [note for note in self.record.notes if note not in self._told]
        problems = [problem for problem in self.record.problems if problem not in self._told]
        self._told.update(notes, problems)
        self.console.say_all(report.notes(notes, self.detail))
        lines = report.problems(problems, self.detail)
        if self.console.quiet:
            self.console.warn(*(line for line in lines if line))
        else:
            self.console.say_all(lines)

    def _gap(self) -> tuple[str, ...]:
        return () if self.console.quiet else ("",)

    # --- the event loop ---

    def follow(self, engine: Engine, start: Callable[[], None], kind: type[Result]) -> Result | None:
        """Start something in the engine and draw its progress until its end.

        The result, ``None`` when it was stopped before there was one; raises ``Refused`` with the engine's words.
        """
        if self.interrupts.asked:
            raise Stopped
        start()
        view = view_for(self.console)
        try:
            finished = Following(engine, view, self.interrupts, self.record).to_the_end()
        finally:
            view.close()
        engine.join(_JOIN)
        if finished.failure:
            raise Refused(finished.failure)
        self.record.stopped = self.record.stopped or finished.stopped
        return finished.result if isinstance(finished.result, kind) else None
