"""The command ``versions``: what earlier runs have kept in a folder, and the one way to delete it for good."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from image_sync.base import paths, words
from image_sync.base.model import Refused
from image_sync.base.own_files import KEPT_DAYS
from image_sync.cli import arguments
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.session import Session

if TYPE_CHECKING:
    from image_sync import Kept

_DESCRIPTION = f"""\
Show what earlier runs have kept in FOLDER: the files that they replaced or
set aside, from which they can be undone. With --clear those that are older
than {KEPT_DAYS} days are deleted for good, and their runs can't be undone any more."""


def _add_arguments(parser: Parser) -> None:
    folders = parser.add_argument_group("folders")
    folders.add_argument("folders", metavar="FOLDER", nargs="+", help="a folder in which runs have kept files")
    group = parser.add_argument_group("permanent deletion")
    group.add_argument("--clear", action="store_true", help="delete the old ones for good")
    age = group.add_mutually_exclusive_group()
    age.add_argument("--older-than", metavar="DAYS", type=_days, help=f"what is old (default: {KEPT_DAYS} days)")
    age.add_argument("--all", action="store_true", help="all of them, however old")
    arguments.add_common(parser, unasked="")


def _days(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 36500:
        raise argparse.ArgumentTypeError(f"must be a number of days, not '{text}'")
    return number


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    if not values.clear and (values.all or values.older_than is not None):
        raise argparse.ArgumentTypeError("--all and --older-than go with --clear")
    days = 0.0 if values.all else KEPT_DAYS if values.older_than is None else values.older_than
    return partial(run, folders=values.folders, days=days if values.clear else None)


def run(session: Session, folders: Sequence[str], days: float | None) -> None:
    """List the versions; with a number of ``days``, delete those that are older."""
    from image_sync import clear_versions, kept_versions, versions_older_than

    found = [one for folder in folders for one in kept_versions(folder)]
    session.console.say_all(_lines(found, folders))
    if days is None:
        return
    old = versions_older_than(found, days) if days else tuple(found)
    if not old:
        session.console.tell_idle("", "There is nothing to clear.")
        return
    what = f"{words.count(sum(one.files for one in old), 'file')} ({words.size(sum(one.size for one in old))})"
    if session.options.dry_run:
        session.record.to_do = True
        session.console.tell("", f"Dry run: nothing was changed. It would delete {what} for good.")
        return
    if not session.options.yes and not session.console.interactive:
        raise Refused("What is cleared is gone for good: say --yes to clear it without being asked.")
    session.confirm(f"Delete {what} for good? {_undo(old)}")
    problems = clear_versions(old)
    session.meet(problems)
    session.tell_news()
    session.console.tell("", f"Cleared: {what}." if not problems else f"Not all of {what} could be cleared.")


def _undo(old: Sequence[Kept]) -> str:
    runs = len({one.run for one in old})
    return f"{words.count(runs, 'run')} can't be undone any more then."


def _lines(found: Sequence[Kept], folders: Sequence[str]) -> Iterator[str]:
    if not found:
        yield f"Nothing is kept in {words.listing([paths.display(folder) for folder in folders])}."
        return
    for one in found:
        when = words.moment(datetime.fromtimestamp(one.at).isoformat())
        amount = f"{words.count(one.files, 'file'):>12}  {words.size(one.size):>10}"
        yield f"{one.run}  {when}  {amount}  {paths.display(one.root)}"
    total = words.size(sum(one.size for one in found))
    yield ""
    yield f"{words.count(sum(one.files for one in found), 'file')}, {total} in all."


COMMANDS = (
    Command(
        "versions",
        "FOLDER...",
        "show or clear the earlier files that runs have kept",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
    ),
)
