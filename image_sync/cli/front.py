"""Front of the command line: which command, its arguments, its streams, its exit code.

Nothing here knows what a command does.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence

from image_sync import __version__
from image_sync.base import guard, own_stderr, paths, words
from image_sync.base.model import ExitCode
from image_sync.cli import arguments
from image_sync.cli.arguments import PROGRAM, Common, UsageError, program
from image_sync.cli.command import Body, Command
from image_sync.cli.commands import command, names, overview
from image_sync.cli.document import STANDARD_OUTPUT, Target
from image_sync.cli.events import EventLines
from image_sync.cli.session import Session
from image_sync.cli.terminal import Console, fit, standard_streams

FRONT = "Command line"
DEBUG = "--debug"
_GENERAL = ("--help", "--version", DEBUG)


def run() -> int:
    """Run the process's own command line."""
    own_stderr.set_apart()
    return main(sys.argv[1:])


def main(argv: Sequence[str]) -> int:
    """Run a command line (without the program's name) and return the exit code; no arguments open the window."""
    if list(argv) in ([], [DEBUG]):
        return _window()
    return guard.guarded(lambda: _run(argv), "the command line")


def _run(argv: Sequence[str]) -> int:
    output, errors, source = standard_streams()
    console = Console(output, errors, source)
    try:
        if argv[0] in ("-h", "--help", "help"):
            console.tell(overview().rstrip())
            return ExitCode.DONE.value
        if argv[0] in ("-V", "--version"):
            console.tell(f"{PROGRAM} {__version__}")
            return ExitCode.DONE.value
        chosen = _command(argv[0])
        common, body = _parsed(chosen, argv[1:], console)
    except UsageError as error:
        console.complain(str(error))
        return _refused(argv, str(error))
    except _Helped:
        return ExitCode.DONE.value
    human = errors if STANDARD_OUTPUT in (common.json, common.events) else output
    console = Console(human, errors, source, quiet=common.quiet, silent=common.silent, verbose=common.verbose)
    session = Session(chosen.name, common, console, Target(common.json, fit(output)), EventLines(common.events, output))
    from image_sync.base import faults, log

    with log.started(FRONT, argv, debug=common.debug) as kept, faults.caught_everywhere():
        return session.run(body, kept).value


def _refused(argv: Sequence[str], why: str) -> int:
    from image_sync.base import log

    with log.started(FRONT, argv) as kept:
        kept.tell_refusal(why)
    return ExitCode.REFUSED.value


class _Helped(Exception):
    """The command's help was all that was wanted."""


def _command(name: str) -> Command:
    if name in names():
        return command(name)
    known = _GENERAL if name.startswith("-") else names()
    close = difflib.get_close_matches(name.lower(), known, n=1)
    what = "option" if name.startswith("-") else "command"
    told = f"there is no {what} '{paths.display(name)}'"
    ways = [f"{told}; did you mean '{close[0]}'?"] if close else [told, f"Try '{program()} --help'"]
    raise UsageError(f"{PROGRAM}: {words.sentences(ways)}")


def _parsed(chosen: Command, argv: Sequence[str], console: Console) -> tuple[Common, Body]:
    parser = chosen.parser()
    if any(word in ("-h", "--help") for word in argv[: _end_of_options(argv)]):
        console.tell(parser.format_help().rstrip())
        raise _Helped
    values = parser.parse(argv)
    try:
        return arguments.common(values), chosen.prepare(values)
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))


def _end_of_options(argv: Sequence[str]) -> int:
    return argv.index("--") if "--" in argv else len(argv)


def _window() -> int:
    from image_sync.gui import run as open_window

    return open_window()
