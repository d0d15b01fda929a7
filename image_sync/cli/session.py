"""Run of any command: refuse, find out, show, ask, do, sum up, write the document, return a code.

The flow is written once here; a command fills it with its own steps.  No rule of a job stands here, and no file of the
user's is touched but through the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from image_sync.base import fault_count, paths, words
from image_sync.base.events import Ending
from image_sync.base.model import ExitCode, Plan, Problem, Refused, RunResult, RunState, Stopped
from image_sync.cli import report
from image_sync.cli.arguments import PROGRAM, Common, program
from image_sync.cli.document import Record, Target
from image_sync.cli.events import EventLines
from image_sync.cli.following import Following
from image_sync.cli.interrupts import Interrupts
from image_sync.cli.report import Detail
from image_sync.cli.steps import Found, Steps
from image_sync.cli.terminal import Console
from image_sync.cli.views import view_for

if TYPE_CHECKING:
    from image_sync import Engine, Review
    from image_sync.base.log import Log


def make_engine(options: Common) -> Engine:
    """The engine, loaded only by a command that needs it.  Raises ``Refused`` for a cluster that can't be meant."""
    from image_sync import Engine, cluster_of

    cluster = cluster_of(options.cluster, options.cluster_path) if options.cluster else None
    if cluster is None and options.cluster_path:
        raise Refused("--cluster-path tells how the workers of a cluster see a folder; it needs --cluster")
    return Engine(catalog=options.catalog, workers=options.workers, cluster=cluster, io_workers=options.io_workers)


_JOIN = 10.0
"""Seconds that the engine's thread may take to end once it has said that it ends."""
Result = TypeVar("Result")


class Declined(Exception):
    """The user said no."""


class CutOff(Exception):
    """A run failed in the middle; the message says how to go on."""


class Crashed(Exception):
    """A fault of the program ended what the engine did; the message is for the user, and it is in the log."""


class Session:
    """One command from its start to its exit code."""

    def __init__(
        self, name: str, options: Common, console: Console, target: Target, events: EventLines | None = None
    ) -> None:
        self.options, self.console = options, console
        self.record = Record(name, dry_run=options.dry_run)
        self.interrupts = Interrupts()
        self.detail = Detail(console.verbose, console.style)
        self.events = events or EventLines()
        self._target = target
        self._log: Log | None = None
        self._told: set[Problem | str] = set()
        self._review: Review[Any] | None = None

    # --- around everything ---

    def run(self, body: Callable[[Session], None], log: Log) -> ExitCode:
        """Run ``body``; whatever comes of it is said in words, written to the document and returned as a code."""
        self._log = log
        with self.interrupts:
            self._tell_trouble(log)
            try:
                self._check_ask()
                self._target.check()
                self._check_report()
                self.events.open()
            except Refused as refusal:
                return self._refused(str(refusal))
            self.events.began(self.record.job, self.options.dry_run)
            code = self._written(self._guarded(body))
            record = self.record
            self.events.ended(code.value, len(record.problems), record.failure, stopped=record.stopped)
            self.events.close()
            self._tell_trouble(log)
            log.tell(f"Exit code {code.value}, {words.count(len(self.record.problems), 'problem')}")
            return code

    def _check_ask(self) -> None:
        """Raise ``Refused`` where a question is insisted on and nobody can answer it."""
        if self.options.ask and not self.options.dry_run and not self.console.interactive:
            raise Refused("--ask wants a question answered, and there is no terminal to ask on; nothing was done.")

    def _tell_trouble(self, log: Log) -> None:
        """Say once that the log can't be written."""
        if log.trouble and log.trouble not in self._told:
            self._told.add(log.trouble)
            told = words.sentences((log.trouble[:1].upper() + log.trouble[1:], "It goes on without"))
            self.console.complain(f"{PROGRAM}: {told}")

    def _guarded(self, body: Callable[[Session], None]) -> ExitCode:
        faults_before = fault_count.met()
        try:
            body(self)
        except Refused as refusal:
            return self._refused(str(refusal))
        except CutOff as error:
            self._tell_failure(str(error))
            return ExitCode.PROBLEMS
        except Crashed as error:
            self._tell_failure(str(error))
            return ExitCode.FAULT
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
            from image_sync.base import faults

            self._tell_failure(faults.met(error, f"the command {self.record.job}").words)
            return ExitCode.FAULT
        if fault_count.met() > faults_before:
            return ExitCode.FAULT
        if self.record.stopped:
            return ExitCode.STOPPED
        if self.options.exit_code and self.record.to_do:
            return ExitCode.TO_DO
        return ExitCode.PROBLEMS if self.record.problems else ExitCode.DONE

    def _check_report(self) -> None:
        if self.options.report:
            from image_sync import check_report

            check_report(self.options.report)

    def reviewed(self, review: Review[Any]) -> None:
        """Keep the review for the report."""
        self._review = review

    def _reported(self, code: ExitCode) -> ExitCode:
        """Write the report, where one is wanted and there is anything to tell."""
        if not self.options.report or self._review is None:
            return code
        from image_sync import write_report

        try:
            write_report(self._review, self.options.report, self.record.result, tuple(self.record.problems))
        except Refused as refusal:
            self.alarm(str(refusal))
            return ExitCode.PROBLEMS if code is ExitCode.DONE else code
        self.console.say(f"The report is {paths.display(self.options.report)}.")
        return code

    def _written(self, code: ExitCode) -> ExitCode:
        code = self._reported(code)
        if not self._target.place:
            return code
        try:
            self._target.write(self.record.document(code))
        except OSError as error:
            self.alarm(f"The JSON report can't be written to {self._target}: {error.strerror or error}")
            return ExitCode.PROBLEMS if code is ExitCode.DONE else code
        return code

    def _refused(self, why: str) -> ExitCode:
        if self._log is not None:
            self._log.tell_refusal(why)
        self._tell_failure(why)
        return ExitCode.REFUSED

    def _tell_failure(self, why: str) -> None:
        self.record.failure = why
        self.alarm(why)

    def meet(self, problems: Sequence[Problem]) -> None:
        """Take in problems that the engine did not tell of itself."""
        self.record.add_problems(problems)
        if self._log is not None:
            self._log.tell_problems(problems)

    def alarm(self, text: str) -> None:
        """Say why it can't go on."""
        self.console.complain(f"{PROGRAM}: {paths.display(text)}")

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine, closed at the end; a catalog that can't be opened is a refusal."""
        try:
            engine = make_engine(self.options)
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
        self.record.add_notes(steps.said)
        if wrong := steps.check():
            raise Refused(words.sentences(wrong))
        with self.engine() as engine:
            self.record.add_notes(report.cut_off(engine.history(), program()))
            plan = self._look(engine, steps)
            if self.may_go_on(plan, asks=steps.asks):
                self.sum_up(self.carry_out(engine, lambda: engine.apply(plan)))

    def _look(self, engine: Engine, steps: Steps[Any, Found]) -> Plan:
        """The plan of what there is to do, shown; raises ``Stopped`` after a stop, when nothing may be done any
        more."""
        found = self.follow(engine, lambda: steps.start(engine), steps.found)
        if found is not None:
            self.reviewed(found)
            self.record.groups = steps.groups(found)
            self.planned(steps.plan(found))
            self.record.files = steps.files(found) if self.options.json else ()
            self.record.add_problems(steps.problems(found))
            self.record.add_notes(steps.notes(found))
        if self.record.stopped or found is None:
            share = f"{words.percent(found.partial)} of the pictures had been read. " if found is not None else ""
            raise Stopped(f"{share}What was read is remembered.")
        self.console.say_all(steps.describe(found, self.detail))
        self.tell_news()
        if refusal := steps.refusal(found):
            raise Refused(refusal)
        return steps.plan(found)

    def planned(self, plan: Plan) -> None:
        """Take the plan into the document, and tell of it."""
        self.record.plan = plan
        self.events.planned(plan)

    def may_go_on(self, plan: Plan, *, asks: bool = True) -> bool:
        """Whether the plan may be carried out; says why not."""
        if not plan.operations:
            self.console.tell_idle(*self._gap(), "There is nothing to do.")
            return False
        if self.options.dry_run:
            self.record.to_do = True
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
        if (asks or self.options.ask) and not self.options.yes and self.console.interactive:
            with self.interrupts.raising():
                agreed = self.console.ask(question)
            if not agreed:
                raise Declined

    def carry_out(self, engine: Engine, start: Callable[[], None]) -> RunResult | None:
        """Let the engine change files; raises ``CutOff`` when it failed in the middle, ``Refused`` before,
        ``Crashed`` at any time."""
        before = {run.run: run for run in engine.history()}
        try:
            return self.follow(engine, start, RunResult)
        except (Refused, Crashed) as error:
            changed = [run for run in engine.history() if before.get(run.run) != run]
            if not changed:
                raise
            kind = CutOff if isinstance(error, Refused) else Crashed
            raise kind(" ".join([str(error), *report.cut_off(changed, program())])) from error

    def sum_up(self, result: RunResult | None, *, verb: str = "Done", again: str = "resume") -> None:
        """Problems and summary of what was done; raises ``Stopped`` when that is nothing."""
        if result is None:
            raise Stopped
        if result.state in (RunState.FINISHED, RunState.UNDONE):
            self.record.stopped = False
        stopped = self.record.stopped
        self.record.result = result
        self.events.result(result)
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

        The result, ``None`` when it was stopped before there was one; raises ``Refused`` and ``Crashed`` with the
        engine's words.
        """
        if self.interrupts.asked:
            raise Stopped
        start()
        view = view_for(self.console)
        try:
            finished = Following(engine, view, self.interrupts, self.record, self.events.take).to_the_end()
        finally:
            view.close()
        engine.join(_JOIN)
        if finished.ending is Ending.REFUSED:
            raise Refused(finished.failure)
        if finished.ending is Ending.CRASHED:
            raise Crashed(finished.failure)
        self.record.stopped = self.record.stopped or finished.stopped
        return finished.result if isinstance(finished.result, kind) else None
