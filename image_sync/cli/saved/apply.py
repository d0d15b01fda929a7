"""The command ``apply``: a plan that a dry run saved, maybe edited since, is checked, shown and carried out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from image_sync import JOBS, check_plan, job_title
from image_sync.base import paths, words
from image_sync.base.errors import reason
from image_sync.base.model import Plan, Refused
from image_sync.cli import arguments, report
from image_sync.cli.arguments import Parser, program
from image_sync.cli.command import Command
from image_sync.cli.document import STANDARD_OUTPUT
from image_sync.cli.report import Detail
from image_sync.cli.saved.plan_document import SavedPlan, Unreadable, read_plan, this_computer
from image_sync.cli.session import Session

STANDARD_INPUT = STANDARD_OUTPUT

_DESCRIPTION = """\
Carry out a plan that a job wrote with --dry-run --json. It may have been
edited since: operations taken out, put in another order, or given another
destination inside the plan's folders. Each file is looked at again before it
is touched; one that changed is left alone and told. The run can be undone."""

_EXAMPLES = """\
examples:
  image-sync organize Phone Sorted --dry-run --json plan.json
  image-sync apply plan.json
  jq '.plan.operations |= map(select(.size > 100000))' plan.json > less.json
  image-sync apply less.json --ask
"""


def _add_arguments(parser: Parser) -> None:
    which = parser.add_argument_group("which plan")
    which.add_argument("plan", metavar="PLAN.json", help="the document of a dry run; - for the standard input")
    arguments.add_common(parser)


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    return lambda session: run(session, values.plan)


def run(session: Session, place: str) -> None:
    """Read, check, show, ask, do, sum up."""
    session.record.request = {"plan": place}
    shown = "the standard input" if place == STANDARD_INPUT else paths.display(place)
    saved = _saved(place, shown)
    plan = saved.plan
    _check(plan, saved, shown)
    session.planned(plan)
    session.record.add_notes(_notes(saved))
    session.console.say_all(_lines(plan, session.detail))
    with session.engine() as engine:
        session.record.add_notes(report.cut_off(engine.history(), program()))
        session.tell_news()
        if session.may_go_on(plan):
            session.sum_up(session.carry_out(engine, lambda: engine.apply(plan)))


def _saved(place: str, shown: str) -> SavedPlan:
    try:
        return read_plan(_loaded(place))
    except OSError as error:
        raise Refused(f"{shown} can't be read: {reason(error)}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refused(f"{shown} holds no plan: it is no JSON, or it is cut off") from error
    except Unreadable as error:
        raise Refused(f"{shown} can't be applied: {error}") from error


def _loaded(place: str) -> Any:
    if place == STANDARD_INPUT:
        return json.load(sys.stdin)
    with open(place, encoding="utf-8-sig") as stream:
        return json.load(stream)


def _check(plan: Plan, saved: SavedPlan, shown: str) -> None:
    """Raise ``Refused`` for a plan that this computer can't carry out, or must not."""
    if plan.job not in JOBS:
        raise Refused(f"{shown} can't be applied: this version has no job '{paths.display(plan.job)}'")
    if saved.computer != this_computer():
        made = f"'{paths.display(saved.computer)}'" if saved.computer else "another computer"
        raise Refused(
            f"{shown} was made on {made}, and this is '{this_computer()}': its files are not those of that computer. "
            "Make a plan here with --dry-run --json"
        )
    check_plan(plan)


def _notes(saved: SavedPlan) -> tuple[str, ...]:
    if not saved.left_out:
        return ()
    them = "is left out: what it follows was" if saved.left_out == 1 else "are left out: what they follow was"
    return (f"{words.count(saved.left_out, 'operation')} {them} taken out of the plan.",)


def _lines(plan: Plan, detail: Detail) -> Iterator[str]:
    yield from report.title(f"Apply a plan of {job_title(plan.job)}", plan.roots, detail)
    yield from report.actions(plan, detail)
    if plan.operations:
        yield from report.operations(plan, detail)


COMMANDS = (
    Command(
        "apply",
        "PLAN.json",
        "carry out a plan that a dry run saved",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
    ),
)
