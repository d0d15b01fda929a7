"""The command ``state``: what the program keeps on this computer, where and how much, and the way to clear it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from image_sync.base import paths, words
from image_sync.base.model import Refused
from image_sync.cli import arguments, report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.session import Session

if TYPE_CHECKING:
    from image_sync import StateRoom

_DESCRIPTION = """\
Show what is kept on this computer: journals of runs, the log, the catalog of
measured pictures. With --clear what nobody needs any more is deleted; with
--clear --all everything, and no run can be undone after that."""


def _add_arguments(parser: Parser) -> None:
    group = parser.add_argument_group("permanent deletion")
    group.add_argument("--clear", action="store_true", help="delete what nobody needs any more")
    group.add_argument("--all", action="store_true", help="with --clear: also what undo needs, and the catalog")
    arguments.add_common(parser, unasked="")


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    if values.all and not values.clear:
        raise argparse.ArgumentTypeError("--all goes with --clear")
    return partial(run, clearing=values.clear, everything=values.all)


def run(session: Session, clearing: bool, everything: bool) -> None:
    """List what is kept; delete what was asked for."""
    from image_sync import clear_state, state_rooms

    found = state_rooms()
    session.console.tell_all(_lines(found))
    if not clearing:
        return
    what = "all of it; no run can be undone then" if everything else "spent journals, logs and catalogs set aside"
    if session.options.dry_run:
        session.record.to_do = True
        session.console.tell("", f"Dry run: nothing was changed. It would delete {what}.")
        return
    if not session.options.yes and not session.console.interactive:
        raise Refused("What is cleared is gone for good: say --yes to clear it without being asked.")
    session.confirm(f"Delete {what}?")
    problems = clear_state(everything=everything)
    session.meet(problems)
    session.tell_news()
    session.console.tell("", "Not all of it could be deleted." if problems else "Cleared.")


def _lines(found: Sequence[StateRoom]) -> Iterator[str]:
    rows = [("What", "Number", "Size", "Where")]
    rows += [(room.name, f"{room.files:,}", words.size(room.size), paths.display(room.path)) for room in found]
    yield from report.columns(rows, right=(1, 2))


COMMANDS = (
    Command("state", "", "what is kept on this computer, and how to clear it", _DESCRIPTION, _add_arguments, _prepare),
)
