"""Arguments of the command line as values; a wrong one is told in one sentence.

The parser and the types of values that more than one command takes.  Nothing here runs a job or looks into a folder.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from image_sync import HIGHEST_THRESHOLD, LOWEST_THRESHOLD
from image_sync.base import paths, words
from image_sync.base.model import ExitCode

PROGRAM = "image-sync"
MOST_WORKERS = 256

_PLACE = "\0"
"""Put before a word that follows ``--``, so that it is taken for no option; no argument of a process can hold it."""

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

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Parsed words, options and places in any order; after ``--`` all is a place.  Raises ``UsageError``."""
        end = argv.index("--") if "--" in argv else len(argv)
        before = [
            f"{word}={self.optional_values[word]}" if word in self.optional_values else word for word in argv[:end]
        ]
        values = self.parse_intermixed_args([*before, *(_PLACE + word for word in argv[end + 1 :])])
        for name, value in vars(values).items():
            if isinstance(value, str):
                setattr(values, name, value.removeprefix(_PLACE))
            elif isinstance(value, list):
                setattr(values, name, [word.removeprefix(_PLACE) for word in value])
        return values

    def error(self, message: str) -> NoReturn:
        """Raise the sentence that ``message`` becomes."""
        for pattern, better in _REWORDED:
            if match := re.fullmatch(pattern, message, re.DOTALL):
                message = match.expand(better)
                break
        told = words.sentences((paths.display(message.replace(_PLACE, "")), f"Try '{self.prog} --help'"))
        raise UsageError(f"{PROGRAM} {self.command}: {told}")


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26)


@dataclass(frozen=True, slots=True)
class Common:
    """Options of every command: how much to say, where to write the document, whether to ask."""

    json: str = ""
    catalog: str | None = None
    workers: int | None = None
    io_workers: int | None = None
    cluster: str = ""
    cluster_path: Sequence[str] = ()
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    yes: bool = False
    dry_run: bool = False


def add_common(parser: argparse.ArgumentParser, *, changes: bool = True, measures: bool = False) -> None:
    """The options that commands share: those that change files can be tried first, those that measure have workers."""
    group = parser.add_argument_group("in every command" if not changes else "how it runs")
    if changes:
        group.add_argument("--dry-run", action="store_true", help="show what would be done, change nothing")
        group.add_argument("-y", "--yes", action="store_true", help="do not ask")
    group.add_argument(
        "--json", metavar="FILE", default="", help="write all of it as JSON too; - for the standard output"
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
    group.add_argument("--debug", action="store_true", help="log more, show a fault of the program in full")
    group.add_argument("-h", "--help", action="help", help="show this text")


def common(values: argparse.Namespace) -> Common:
    """The shared options out of what was parsed."""
    known = {name: getattr(values, name) for name in Common.__slots__ if hasattr(values, name)}
    return Common(**known)


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
  {ExitCode.STOPPED.value:<4} stopped"""
