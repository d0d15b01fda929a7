"""Arguments of the command line as values; a wrong one is told in one sentence.

The parser and the types of values that more than one command takes.  Nothing here runs a job or looks into a folder.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from image_sync import HIGHEST_THRESHOLD, LOWEST_THRESHOLD
from image_sync.base import paths, words
from image_sync.base.errors import reason
from image_sync.base.model import ExitCode
from image_sync.cli import environment

PROGRAM = "image-sync"
MOST_WORKERS = 256

_PLACE = "\0"
"""Put before a word that follows ``--``, so that it is taken for no option; no argument of a process can hold it."""

_UNTYPED = object()
WORDS = "words"
"""Attribute of an option that holds the words which its value may be; for completion."""

_UNITS = {"": 1, "b": 1, "byte": 1, "bytes": 1}
for _power, _letter in enumerate("kmgt", start=1):
    for _end in ("", "b", "ib"):
        _UNITS[_letter + _end] = 1024**_power

_REWORDED = (
    (r"the following arguments are required: ([^,]+)", r"\1 is missing"),
    (r"the following arguments are required: (.+), ([^,]+)", r"\1 and \2 are missing"),
    (r"unrecognized arguments: (.+)", r"there is no such option or argument here: \1"),
    (r"argument ([^:]+): not allowed with argument (.+)", r"\1 and \2 exclude each other"),
    (r"argument ([^:]+): expected (?:one|at least one) argument", r"\1 needs a value"),
    (r"argument ([^:]+): ignored explicit argument .*", r"\1 takes no value"),
    (r"argument ([^:]+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 can't be \2; it is one of \3"),
    (r"argument ([^:]+): (.+)", r"\1: \2"),
)


def program() -> str:
    """Command that the user types to get here: ``image-sync``, or ``python3 main.py`` where that is the door."""
    door = sys.argv[0] if sys.argv else ""
    if os.path.basename(door) != "main.py":
        return PROGRAM
    python = "python" if os.name == "nt" else "python3"
    try:
        near = os.path.realpath(os.path.dirname(door)) == os.path.realpath(os.curdir)
    except OSError:  # the folder that one stands in is gone, with its disk for instance
        near = False
    return f"{python} {'main.py' if near else shlex.quote(paths.display(door))}"


class UsageError(Exception):
    """The command line can't be understood; the message is one sentence for the user."""


class Parser(argparse.ArgumentParser):
    """``ArgumentParser`` that says what is wrong in one sentence and where to read on."""

    def __init__(self, command: str, places: str, description: str, epilog: str = "") -> None:
        name = f"{program()} {command}"
        super().__init__(
            prog=name,
            usage=" ".join(part for part in (name, places, "[options]") if part),
            description=description,
            epilog=epilog or None,
            allow_abbrev=False,
            add_help=False,
            formatter_class=_Help,
        )
        self.command = command
        self.optional_values: dict[str, str] = {}
        """Options that may stand without a value, and what they mean then; a value needs ``=``."""
        self.words: tuple[str, ...] = ()
        """The words that the first place may be, where it is no path; for completion."""
        self.rest_words: frozenset[str] = frozenset()
        """Words with which the command line of another command begins: it is handed on as ``rest``."""

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Parsed words, options and places in any order; after ``--`` all is a place.  Raises ``UsageError``."""
        begins = next((number for number, word in enumerate(argv) if word in self.rest_words), len(argv))
        argv, rest = argv[:begins], argv[begins:]
        end = argv.index("--") if "--" in argv else len(argv)
        before = [
            f"{word}={self.optional_values[word]}" if word in self.optional_values else word for word in argv[:end]
        ]
        every = [*before, *(_PLACE + word for word in argv[end + 1 :])]
        values = self.parse_intermixed_args(every)
        values.typed = self._typed(every)
        values.rest = list(rest)
        for name, value in vars(values).items():
            if isinstance(value, str):
                setattr(values, name, value.removeprefix(_PLACE))
            elif isinstance(value, list) and name != "rest":
                setattr(values, name, [word.removeprefix(_PLACE) for word in value])
        return values

    def _typed(self, argv: Sequence[str]) -> frozenset[str]:
        """Names of the options that were typed, as against those that have their default."""
        once = [one.dest for one in self._actions if one.option_strings and not isinstance(one.default, list)]
        bare = argparse.Namespace(**dict.fromkeys(once, _UNTYPED))
        self.parse_intermixed_args(argv, bare)
        return frozenset(name for name in once if getattr(bare, name) is not _UNTYPED)

    def error(self, message: str) -> NoReturn:
        """Raise the sentence that ``message`` becomes."""
        for pattern, better in _REWORDED:
            if match := re.fullmatch(pattern, message, re.DOTALL):
                message = match.expand(better)
                break
        plain = paths.display(message.replace(_PLACE, "")) + self._meant(message)
        told = words.sentences((plain, f"Try '{self.prog} --help'"))
        raise UsageError(f"{PROGRAM} {self.command}: {told}")

    def _meant(self, message: str) -> str:
        """``; did you mean '--threshold'?`` where an option is nearly one that there is."""
        known = sorted(self._option_string_actions)
        for word in message.split(": ", 1)[-1].split() if message.startswith("there is no such option") else ():
            name = word.partition("=")[0]
            if name.startswith("-") and name not in known:
                begun = [one for one in known if one.startswith(name) and name.startswith("--")]
                if close := (begun if len(begun) == 1 else difflib.get_close_matches(name, known, n=1)):
                    return f"; did you mean '{close[0]}'?"
        return ""


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26)


@dataclass(frozen=True, slots=True)
class Common:
    """Options of every command: how much to say, where to write the document, whether to ask."""

    json: str = ""
    events: str = ""
    report: str = ""
    catalog: str | None = None
    workers: int | None = None
    io_workers: int | None = None
    cluster: str = ""
    cluster_path: Sequence[str] = ()
    quiet: bool = False
    silent: bool = False
    verbose: bool = False
    debug: bool = False
    yes: bool = False
    ask: bool = False
    dry_run: bool = False
    exit_code: bool = False


UNASKED = " (where there is no terminal to ask on it goes on as with --yes)"


def add_common(
    parser: argparse.ArgumentParser, *, changes: bool = True, measures: bool = False, unasked: str = UNASKED
) -> None:
    """The options that commands share: those that change files can be tried first, those that measure have workers.

    ``unasked`` says when nobody is asked either.
    """
    group = parser.add_argument_group("in every command" if not changes else "how it runs")
    if changes:
        group.add_argument("--dry-run", action="store_true", help="show what would be done, change nothing")
        group.add_argument(
            "--exit-code",
            action="store_true",
            help=f"with --dry-run: exit code {ExitCode.TO_DO.value} when there is something to do",
        )
        asking = group.add_mutually_exclusive_group()
        asking.add_argument("-y", "--yes", action="store_true", help=f"do not ask{unasked}")
        asking.add_argument("--ask", action="store_true", help="do nothing unless somebody can be asked and says yes")
    group.add_argument(
        "--json", metavar="FILE", default="", help="write all of it as JSON too; - for the standard output"
    )
    group.add_argument(
        "--events", metavar="FILE", default="", help="write what happens as JSON lines, as it happens; - likewise"
    )
    if measures and changes:
        group.add_argument(
            "--report",
            metavar="FILE",
            default="",
            help="write a page with pictures too (HTML, opens without a network)",
        )
    if measures:
        group.add_argument("--catalog", metavar="FILE", help="keep what was measured here")
        group.add_argument("--workers", metavar="N", type=workers, help="pictures read at a time (default: one a core)")
        group.add_argument(
            "--io-workers",
            metavar="N",
            type=io_workers,
            help="files read ahead (default: 8 on a network share, else 0)",
        )
        group.add_argument(
            "--cluster", metavar="ADDRESS", default="", help="read with the workers of this dask scheduler, or its file"
        )
        group.add_argument(
            "--cluster-path",
            metavar="HERE=THERE",
            action="append",
            default=[],
            help="the workers see the folder HERE as THERE",
        )
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-v", "--verbose", action="store_true", help="cut no list short")
    loudness.add_argument("-q", "--quiet", action="store_true", help="say only problems and the summary")
    loudness.add_argument("--silent", action="store_true", help="the same, and nothing when there is nothing to do")
    group.add_argument("--debug", action="store_true", help="log more, show a fault of the program in full")
    group.add_argument("-h", "--help", action="help", help="show this text")


def common(values: argparse.Namespace) -> Common:
    """The shared options out of what was parsed; raises ``ArgumentTypeError`` for those that don't go together."""
    environment.take_in(values, os.environ, {"catalog": str, "workers": workers})
    known = {name: getattr(values, name) for name in Common.__slots__ if hasattr(values, name)}
    found = Common(**known)
    if found.exit_code and not found.dry_run:
        raise wrong("--exit-code goes with --dry-run")
    if found.report in (found.json, found.events, "-") and found.report:
        raise wrong("--report wants a file of its own")
    if found.events and found.events == found.json:
        raise wrong("--json and --events can't go to the same place")
    return found


def threshold(text: str) -> float:
    """``0.85``, ``85`` and ``85%`` as 0.85; within the limits that the rules know."""
    try:
        number = float(text.strip().rstrip("%").replace(",", "."))
    except ValueError:
        raise wrong(f"{_quoted(text)} is no number") from None
    value = number / 100 if "%" in text or number > 1 else number
    if not LOWEST_THRESHOLD <= round(value, 9) <= HIGHEST_THRESHOLD:
        raise wrong(f"must be from {LOWEST_THRESHOLD:.2f} to {HIGHEST_THRESHOLD:.2f} (50% to 99%), not {_quoted(text)}")
    return round(value, 9)


def file_size(text: str) -> int:
    """``500``, ``5k``, ``2MB``, ``1.5 GiB`` in bytes; the units are binary, as they are shown."""
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?|[.,]\d+)\s*([a-z]*)", text.strip().lower(), re.ASCII)
    if not match or match[2] not in _UNITS:
        raise wrong(f"{_quoted(text)} is no size; write it like 500, 5k or 2MB")
    return int(float(match[1].replace(",", ".")) * _UNITS[match[2]])


def listed(place: str, *, null: bool) -> tuple[str, ...]:
    """The absolute paths that a file, or the standard input for ``-``, lists one a line or ended by null bytes."""
    try:
        if place == "-":
            source = getattr(sys.stdin, "buffer", None)
            content = source.read() if source is not None else os.fsencode(sys.stdin.read())
        else:
            with open(place, "rb") as stream:
                content = stream.read()
    except OSError as error:
        raise wrong(f"the list {_quoted(place)} can't be read: {reason(error)}") from None
    if b"\0" in content and not null:
        raise wrong(f"the list {_quoted(place)} has null bytes in it; say -0 if they end the names")
    names = content.split(b"\0") if null else [line.rstrip(b"\r") for line in content.split(b"\n")]
    here = os.getcwd()
    return tuple(os.path.join(here, os.fsdecode(name)) for name in dict.fromkeys(names) if name)


def workers(text: str) -> int:
    """A number of threads, from 1 to ``MOST_WORKERS``."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_WORKERS:
        raise wrong(f"must be a whole number from 1 to {MOST_WORKERS}, not {_quoted(text)}")
    return int(text)


def io_workers(text: str) -> int:
    """A number of threads that read ahead, from 0 to ``MOST_WORKERS``."""
    return 0 if text == "0" else workers(text)


def chosen(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """A comma list of ``names``, each at most once."""
    found = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for name in found:
        if name not in names:
            raise wrong(f"{_quoted(name)} is not one of {', '.join(names)}")
    if len(set(found)) < len(found) or not found:
        raise wrong("each word may stand once, and one at least must" if found else "names nothing")
    return found


def _quoted(text: str) -> str:
    return f"'{text}'"


def wrong(message: str) -> argparse.ArgumentTypeError:
    """The error of a value that can't be right, with the sentence for the user."""
    return argparse.ArgumentTypeError(message)


EXIT_CODES = f"""\
exit codes:
  {ExitCode.DONE.value:<4} all done
  {ExitCode.PROBLEMS.value:<4} done, with problems that the summary lists
  {ExitCode.REFUSED.value:<4} wrong usage, or refused (also by you) before anything was touched
  {ExitCode.FAULT.value:<4} a fault of the program, which is told in its log
  {ExitCode.TO_DO.value:<4} a dry run with --exit-code found something to do
  {ExitCode.STOPPED.value:<4} stopped"""
