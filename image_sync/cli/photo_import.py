"""The command ``import``: what it is told, and how its review is shown.  Its rules stand in ``jobs``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from image_sync.base.model import Job
from image_sync.cli import arguments, import_report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.document import Json
from image_sync.cli.report import Detail
from image_sync.cli.session import Session
from image_sync.cli.steps import Steps
from image_sync.jobs.photo_import.model import ImportReview
from image_sync.jobs.photo_import.request import DEFAULT_CROWDED, DEFAULT_PREFIX, DEFAULT_SMALL, ImportRequest
from image_sync.jobs.transfer import Transfer

if TYPE_CHECKING:
    from image_sync.engine import Engine

_DESCRIPTION = """\
Bring photos and movies into a library by year and description: a picture goes
where its folder's name and its date say, nothing is taken in twice, and nothing
existing is renamed. With INPUT and OUTPUT the same folder, that library is put
in order in place. The plan is shown first, and every run can be undone."""

_EXAMPLES = """\
examples:
  image-sync import /media/card Pictures --dry-run
  image-sync import Phone Camera Pictures --copy --timezone Europe/Berlin
  image-sync import Pictures Pictures --convert --set-dates
"""

_FIELDS = {
    "folder1": "INPUT",
    "folder2": "INPUT2",
    "output": "OUTPUT",
    "zone": "--timezone",
    "prefix": "--prefix",
    "small": "--small",
    "crowded": "--crowded",
}
_MOST_PLACES = 3


def add_arguments(parser: Parser) -> None:
    """What ``import`` can be told."""
    folders = parser.add_argument_group("folders")
    folders.add_argument(
        "places", metavar="INPUT", nargs="+", help="one or two folders to import, then OUTPUT, the library"
    )
    _add_treatment(parser)
    _add_dates(parser)
    _add_after(parser)
    arguments.add_patterns(parser.add_argument_group("which files"))
    arguments.add_common(parser, measures=True)


def _add_treatment(parser: Parser) -> None:
    group = parser.add_argument_group("what becomes of them")
    ways = {
        Transfer.MOVE: "move files to OUTPUT (default)",
        Transfer.COPY: "copy them, change nothing in INPUT",
    }
    arguments.add_transfers(group, ways)
    group.add_argument(
        "--small",
        metavar="PIXELS",
        type=_pixels,
        default=0,
        help=f"pictures with no side longer than this go to a folder of their own (--small alone: {DEFAULT_SMALL})",
    )
    parser.optional_values["--small"] = str(DEFAULT_SMALL)
    group.add_argument("--live-together", action="store_true", help="keep the movie of a Live Photo beside its still")
    group.add_argument("--by-name", action="store_true", help="look for duplicates among similar names only")
    group.add_argument("--rejudge", action="store_true", help="in place: look at what was set aside once more")


def _add_dates(parser: Parser) -> None:
    group = parser.add_argument_group("dates and folders")
    group.add_argument(
        "--timezone", metavar="ZONE", default="", help="zone for dates in UTC, as Europe/Berlin or +02:00"
    )
    group.add_argument("--mtime-dates", action="store_true", help="take a file's modification time as a last resort")
    group.add_argument("--flat-dates", action="store_true", help="2004/Picnic instead of 2004/03-05 Picnic")
    group.add_argument("--prefix", metavar="NAME", default=DEFAULT_PREFIX, help="begins names like %(default)s_NoDate")
    group.add_argument(
        "--ignore", metavar="NAME", action="append", help="a folder name that describes nothing (may be repeated)"
    )


def _add_after(parser: Parser) -> None:
    group = parser.add_argument_group("afterwards")
    group.add_argument("--convert", action="store_true", help="make JPEGs of HEIC pictures, keep the originals apart")
    group.add_argument("--set-dates", action="store_true", help="write dates into pictures that have none")
    group.add_argument(
        "--audit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="remove folders that the import emptied, warn of full ones (default: yes)",
    )
    group.add_argument(
        "--crowded",
        metavar="N",
        type=_entries,
        default=DEFAULT_CROWDED,
        help="warn from here on (default: %(default)s)",
    )


def _pixels(text: str) -> int:
    return _number(text, "pixels")


def _entries(text: str) -> int:
    return _number(text, "entries")


def _number(text: str, what: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 10**8:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of {what}")
    return int(text)


def request(values: argparse.Namespace) -> ImportRequest:
    """What was parsed as a request; raises ``ArgumentTypeError`` for a wrong number of folders."""
    if not 2 <= len(values.places) <= _MOST_PLACES:
        raise argparse.ArgumentTypeError(
            "OUTPUT is missing" if len(values.places) < 2 else "there are at most two inputs and one output"
        )
    *inputs, output = values.places
    chosen = ImportRequest(
        folder1=inputs[0],
        folder2=inputs[1] if len(inputs) > 1 else "",
        output=output,
        transfer=values.transfer or Transfer.MOVE,
        small=values.small,
        convert=values.convert,
        set_dates=values.set_dates,
        zone=values.timezone,
        use_mtime=values.mtime_dates,
        flat_dates=values.flat_dates,
        live_together=values.live_together,
        by_name=values.by_name,
        prefix=values.prefix,
        audit=values.audit,
        crowded=values.crowded,
        rejudge=values.rejudge,
        include=tuple(values.include),
        exclude=tuple(values.exclude),
    )
    return chosen if not values.ignore else _with_ignored(chosen, values.ignore)


def _with_ignored(chosen: ImportRequest, names: Sequence[str]) -> ImportRequest:
    return replace(chosen, ignored=(*chosen.ignored, *names))


class ImportSteps(Steps[ImportRequest, ImportReview]):
    """Import in the common flow."""

    job = Job.IMPORT
    found = ImportReview
    places = _FIELDS

    def wrong(self) -> Mapping[str, str]:
        """What the engine finds wrong with the request."""
        from image_sync.engine import check_import

        return check_import(self.chosen)

    def start(self, engine: Engine) -> None:
        """Scan, read dates, compare with the library."""
        engine.import_photos(self.chosen)

    def describe(self, found: ImportReview, detail: Detail) -> Iterator[str]:
        """The destination, and what would be done."""
        return import_report.review_lines(found, detail)

    def files(self, found: ImportReview) -> Sequence[Json]:
        """Every picture and movie with its date, its place and why."""
        return import_report.files(found)

    def share(self, found: ImportReview) -> float:
        """The share of what had to be compared that was."""
        return found.partial


def prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    """The command's body; raises ``ArgumentTypeError``."""
    steps = ImportSteps(request(values))
    return lambda session: session.job(steps)


COMMANDS = (
    Command(
        name=Job.IMPORT.value,
        places="INPUT [INPUT2] OUTPUT",
        summary="bring photos into a library by year and description",
        description=_DESCRIPTION,
        add_arguments=add_arguments,
        prepare=prepare,
        examples=_EXAMPLES,
    ),
)
