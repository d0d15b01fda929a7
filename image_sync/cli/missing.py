"""The command ``missing``: what of a card or folder is in none of others yet.  The search stands in ``jobs``."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from image_sync import Level, Missing, MissingFile, MissingSearch, OrganizeRequest, PresentFile
from image_sync.base import paths, words
from image_sync.base.model import Sameness
from image_sync.base.options import option_named
from image_sync.cli import arguments, report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.document import STANDARD_OUTPUT, Json
from image_sync.cli.options import add_declared
from image_sync.cli.report import Detail
from image_sync.cli.searching import searched
from image_sync.cli.session import Session

MOST_FILES = 30
_DESCRIPTION = """\
List what of FROM (a card, a phone, a folder) is in none of the folders IN yet,
by content and whatever it is called there, with the reason for each. Pictures
are compared by their pixels, movies and sidecars by their bytes. Nothing is
changed."""

_EXAMPLES = """\
examples:
  image-sync missing /media/card Photos
  image-sync missing Phone Photos Backup --level same
  image-sync missing /media/card Photos -0 | xargs -0 cp -t Rescue
"""
_LEVEL = (
    "what counts as there: exact (identical files), pixels (identical pixels too: the default), same (similar "
    "pictures too, unless they are smaller or damaged), edited (cropped, framed, captioned, turned)"
)
_SAME = {
    Sameness.IDENTICAL_FILE: "identical",
    Sameness.IDENTICAL_PIXELS: "with the same pixels",
    Sameness.SIMILAR: "similar",
}


def _add_arguments(parser: Parser) -> None:
    places = parser.add_argument_group("what and where")
    places.add_argument("source", metavar="FROM", help="what is looked for, with all folders below")
    places.add_argument("places", metavar="IN", nargs="+", help="where it should be, with all folders below")
    level = option_named(OrganizeRequest, "level")
    level = replace(level, default=Level.PIXELS, option=replace(level.option, help=_LEVEL))
    add_declared(parser, (level, option_named(OrganizeRequest, "threshold")))
    output = parser.add_argument_group("for other programs").add_mutually_exclusive_group()
    output.add_argument("--paths", action="store_true", help="print the paths of what is missing alone, one a line")
    output.add_argument("-0", "--null", action="store_true", help="the same, each ended by a null byte (for xargs -0)")
    arguments.add_common(parser, changes=False, measures=True)


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    end = "\0" if values.null else "\n" if values.paths else ""
    if end and STANDARD_OUTPUT in (values.json, values.events):
        alone = "--null" if values.null else "--paths"
        raise argparse.ArgumentTypeError(f"{alone} does not go with --json - or --events -")
    search = MissingSearch(values.source, tuple(values.places), values.level, values.threshold)
    return lambda session: run(session, search, end)


def run(session: Session, search: MissingSearch, end: str = "") -> None:
    """Search, and list what is missing; with an ``end`` the paths alone, each with that behind it."""
    answer = searched(session, search, Missing)
    session.record.files = [*map(_missing_json, answer.missing), *map(_present_json, answer.present)]
    if end:
        session.console.hand_over((one.path for one in answer.missing), end)
        session.console.warn(*(line for line in report.problems(answer.problems, session.detail) if line))
        return
    session.console.say_all(_list(answer, session.detail))
    session.tell_news()
    session.console.tell_all(_summary(answer, search))


def _list(answer: Missing, detail: Detail) -> Iterator[str]:
    """A line for each missing file, its path last, and one for what is near."""
    if not answer.missing:
        return
    yield detail.style.bold("Not there")
    most = len(answer.missing) if detail.verbose or len(answer.missing) <= MOST_FILES + 1 else MOST_FILES
    shown = answer.missing[:most]
    rows = [(words.size(one.size), one.words, paths.display(one.path)) for one in shown]
    for one, line in zip(shown, report.columns(rows, right=(0,)), strict=True):
        yield f"  {line}"
        if one.nearest:
            yield f"      there: {paths.display(one.nearest)}"
    if most < len(answer.missing):
        yield f"  … and {len(answer.missing) - most:,} more (--verbose shows all)"


def _summary(answer: Missing, search: MissingSearch) -> Iterator[str]:
    where = words.listing([paths.display(place) for place in search.places])
    total, gone = len(answer.missing) + len(answer.present), len(answer.missing)
    if not total:
        return
    if answer.missing:
        yield ""
    size = words.size(sum(one.size for one in answer.missing))
    there = f" There: {words.listing(_how(answer.present))}." if answer.present else ""
    if gone:
        verb = "is" if gone == 1 else "are"
        yield f"{gone:,} of {words.count(total, 'file')} ({size}) {verb} not in {where}.{there}"
    else:
        all_of_it = "The file is" if total == 1 else f"All {total:,} files are"
        yield f"{all_of_it} in {where}.{there}"


def _how(present: Sequence[PresentFile]) -> list[str]:
    counts = Counter(one.sameness for one in present)
    return [f"{counts[sameness]:,} {word}" for sameness, word in _SAME.items() if counts[sameness]]


def _missing_json(one: MissingFile) -> Json:
    return {
        "path": one.path,
        "there": False,
        "size": one.size,
        "why": one.why.value,
        "words": one.words,
        "nearest": one.nearest or None,
    }


def _present_json(one: PresentFile) -> Json:
    return {"path": one.path, "there": True, "at": one.at, "sameness": one.sameness.value}


COMMANDS = (
    Command(
        "missing",
        "FROM IN...",
        "list what of a card or folder is not in others yet",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
    ),
)
