"""The commands that look after runs: ``undo``, ``resume`` and ``history``.

Which runs there are and what can be done with them is the engine's to know; a run may be named by the beginning of its
name, as long as that is clear.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from image_sync.base import paths, words
from image_sync.base.model import Refused, RunState, RunSummary
from image_sync.cli import arguments, report
from image_sync.cli.arguments import Parser, program
from image_sync.cli.command import Command
from image_sync.cli.session import Session

if TYPE_CHECKING:
    from image_sync import Outlook

_UNDO = """\
Take a run back: every file returns to where it was, with its name, its
content and its times. Without RUN it is the newest one that can be undone."""

_RESUME = """\
Finish a run that was stopped or interrupted, or try again what failed in one.
Without RUN it is the newest unfinished one, else the newest in which something
failed."""

_HISTORY = "List the runs that changed something, the newest first."


def add_run(parser: Parser) -> None:
    """Arguments of ``undo`` and ``resume``."""
    which = parser.add_argument_group("which run")
    which.add_argument("run", metavar="RUN", nargs="?", default="", help="its name, or the beginning of it")
    arguments.add_common(parser)


def add_nothing(parser: Parser) -> None:
    """``history`` needs nothing but the common options."""
    arguments.add_common(parser, changes=False)


def prepare_undo(values: argparse.Namespace) -> Callable[[Session], None]:
    """The body of ``undo``."""
    return partial(undo, name=values.run)


def prepare_resume(values: argparse.Namespace) -> Callable[[Session], None]:
    """The body of ``resume``."""
    return partial(resume, name=values.run)


def prepare_history(values: argparse.Namespace) -> Callable[[Session], None]:  # noqa: ARG001 - one shape for all
    """The body of ``history``."""
    return history


def undo(session: Session, name: str) -> None:
    """Show the run, ask, take it back."""
    with session.engine() as engine:
        run = pick(engine.history(), name, lambda run: run.can_be_undone, "undone")
        if run.state is RunState.UNDONE:
            session.console.tell_idle(f"Run {paths.display(run.run)} was undone already: there is nothing to do.")
        elif _agreed(session, run, "Undo", run.done, engine.outlook(run.run, undo=True)):
            result = session.carry_out(engine, lambda: engine.undo(run.run))
            session.sum_up(result, verb="Undone", again="undo")


def resume(session: Session, name: str) -> None:
    """Show the run, ask, finish it."""
    with session.engine() as engine:
        runs = sorted(engine.history(), key=lambda run: not run.state.can_be_resumed)  # those cut off come first
        run = pick(runs, name, lambda run: run.can_be_resumed, "resumed")
        if run.state is RunState.FINISHED and run.done == run.total:
            session.console.tell_idle(f"Run {paths.display(run.run)} has come to its end: there is nothing to do.")
        elif _agreed(session, run, "Resume", run.total - run.done, engine.outlook(run.run, undo=False)):
            session.sum_up(session.carry_out(engine, lambda: engine.resume(run.run)))


def history(session: Session) -> None:
    """List all runs."""
    with session.engine() as engine:
        runs = engine.history()
    session.record.runs = runs
    session.record.add_notes(report.unreadable(runs))
    session.console.tell_all(report.history(runs, program(), session.detail))


def pick(runs: Sequence[RunSummary], name: str, fits: Callable[[RunSummary], bool], what: str) -> RunSummary:
    """The run called ``name``, or the only one whose name begins so; without a name the newest in a state that fits.

    A run that is named is taken in whatever state it is: the engine knows what can be done with it.
    Raises ``Refused``.
    """
    if not name:
        found = [run for run in runs if fits(run)]
        if not found:
            raise Refused(f"There is no run that can be {what}.")
        return found[0]
    found = [run for run in runs if run.run == name] or [run for run in runs if run.run.startswith(name)]
    if not found:
        raise Refused(f"There is no run called '{name}'; '{program()} history' lists them all.")
    if len(found) > 1:
        raise Refused(f"'{name}' is the beginning of {len(found)} runs; '{program()} history' lists them all.")
    return found[0]


def _agreed(session: Session, run: RunSummary, verb: str, changes: int, places: Sequence[Outlook]) -> bool:
    """Show the run and ask; ``False`` for a dry run."""
    session.record.runs = (run,)
    session.console.say_all(report.run_card(verb, run, session.detail))
    session.console.say_all(report.places(places, session.detail, back=verb == "Undo"))
    what = f"{words.count(changes, 'change')} of run {paths.display(run.run)}"
    if session.options.dry_run:
        session.record.to_do = changes > 0
        session.console.tell(f"Dry run: nothing was changed. It would {verb.lower()} {what}.")
        return False
    session.confirm(f"{verb} {what}?")
    return True


COMMANDS = (
    Command("undo", "[RUN]", "take a run back", _UNDO, add_run, prepare_undo),
    Command("resume", "[RUN]", "finish a run that was stopped or interrupted", _RESUME, add_run, prepare_resume),
    Command("history", "", "list the runs", _HISTORY, add_nothing, prepare_history),
)
