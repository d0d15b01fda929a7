"""The command ``import``: what it is told, and how its review is shown.  Its rules stand in ``jobs``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence

from image_sync import IMPORT, ImportRequest, ImportReview
from image_sync.cli import arguments, import_report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.document import Json
from image_sync.cli.options import add_options, chosen_options
from image_sync.cli.report import Detail
from image_sync.cli.saved.preset_choice import add_preset, beginning
from image_sync.cli.session import Session
from image_sync.cli.steps import Steps

_DESCRIPTION = """\
Bring photos and movies into a library by year and description: a picture goes
where its folder's name and its date say, nothing is taken in twice, and nothing
existing is renamed. An archive (zip, tgz) is read as it is, all parts of an
export as one; nothing is moved out of it. With INPUT and OUTPUT the same
folder, that library is put in order in place. The plan is shown first, and
every run can be undone."""

_EXAMPLES = """\
examples:
  image-sync import /media/card Pictures --dry-run
  image-sync import Phone Camera Pictures --copy --timezone Europe/Berlin
  image-sync import takeout-001.zip takeout-002.zip Pictures
  image-sync import Pictures Pictures --convert --set-dates
  image-sync import Card Pictures --folders "{year}/{month} {description}"
"""

_FIELDS = {
    "folder1": "INPUT",
    "folder2": "INPUT",
    "further": "INPUT",
    "output": "OUTPUT",
    "zone": "--timezone",
    "prefix": "--prefix",
    "small": "--small",
    "crowded": "--crowded",
    "folders": "--folders",
    "names": "--names",
}


def add_arguments(parser: Parser) -> None:
    """Arguments of ``import``."""
    folders = parser.add_argument_group("folders")
    folders.add_argument(
        "places", metavar="INPUT", nargs="*", help="folders and archives (zip, tgz) to import, then OUTPUT, the library"
    )
    add_options(parser, ImportRequest)
    add_preset(parser)
    arguments.add_common(parser, measures=True)


def request(values: argparse.Namespace) -> ImportRequest:
    """The request that was parsed; raises ``ArgumentTypeError`` where the output is missing."""
    begin = beginning(values, IMPORT, ImportRequest)
    kept = [place for name in ("folder1", "folder2", "further", "output") for place in begin.texts(name)]
    places = values.places or kept
    if len(places) < 2:
        raise argparse.ArgumentTypeError("OUTPUT is missing" if places else "INPUT is missing")
    first, *others, output = places
    second, further = "".join(others[:1]), tuple(others[1:])
    return ImportRequest(first, output, second, further, **chosen_options(values, ImportRequest, begin.values))


class ImportSteps(Steps[ImportRequest, ImportReview]):
    """Import in the common flow."""

    job = IMPORT
    places = _FIELDS

    def describe(self, found: ImportReview, detail: Detail) -> Iterator[str]:
        """The destination, and what would be done."""
        return import_report.review_lines(found, detail)

    def refusal(self, found: ImportReview) -> str:
        """A disk that can't hold the import is told before anything is touched."""
        return found.refusal

    def files(self, found: ImportReview) -> Sequence[Json]:
        """Every picture and movie with its date, its place and why."""
        return import_report.files(found)


def prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    """The command's body; raises ``ArgumentTypeError``."""
    steps = ImportSteps(request(values))
    steps.said = beginning(values, IMPORT, ImportRequest).notes
    return lambda session: session.job(steps)


COMMANDS = (
    Command(
        name=IMPORT,
        places="INPUT... OUTPUT",
        summary="bring photos into a library by year and description",
        description=_DESCRIPTION,
        add_arguments=add_arguments,
        prepare=prepare,
        examples=_EXAMPLES,
        request=request,
    ),
)
