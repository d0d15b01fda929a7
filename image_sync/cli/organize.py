"""The command ``organize``: what it is told, and how its review is shown.  Its rules stand in ``jobs``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence

from image_sync import ORGANIZE, Handling, OrganizeRequest, OrganizeReview, Transfer
from image_sync.cli import arguments, document, organize_report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.document import Json
from image_sync.cli.options import add_options, chosen_options, flag_of
from image_sync.cli.report import Detail
from image_sync.cli.saved.preset_choice import add_preset, beginning
from image_sync.cli.session import Session
from image_sync.cli.steps import Steps

_DESCRIPTION = """\
Find pictures that are the same or similar in one folder or several, and sort
them into OUTPUT: one folder for each group of pictures that match, one for the
rest. The plan is shown first, and every run can be undone."""

_EXAMPLES = """\
examples:
  image-sync organize Phone Backup Sorted --dry-run
  image-sync organize Phone Backup Sorted --copy --threshold 0.9
  image-sync organize Phone Backup Sorted --keep-best --reference Backup
  image-sync organize Phone Backup Sorted --level edited --dry-run
  image-sync organize Photos Sorted --dry-run
  image-sync organize Phone Camera Backup Sorted --between --keep-best
"""

_TRANSFERS = {
    Handling.GATHER: tuple(Transfer),
    Handling.KEEP_BEST: (Transfer.MOVE,),
    Handling.LINK_EXACT: (Transfer.LINK,),
}
"""The ways of a file that go with a handling: what is set aside is moved, what is linked is linked."""


def add_arguments(parser: Parser) -> None:
    """Arguments of ``organize``."""
    folders = parser.add_argument_group("folders")
    folders.add_argument(
        "places",
        metavar="FOLDER",
        nargs="*",
        help="pictures, searched with all folders below; the last is OUTPUT, where they are sorted to, made when it "
        "isn't there",
    )
    add_options(parser, OrganizeRequest)
    add_preset(parser)
    arguments.add_common(parser, measures=True)


def request(values: argparse.Namespace) -> OrganizeRequest:
    """The request that was parsed; raises ``ArgumentTypeError`` for choices that don't go together."""
    begin = beginning(values, ORGANIZE, OrganizeRequest)
    typed = chosen_options(values, OrganizeRequest, begin.values)
    handling = typed["handling"]
    if "transfer" in values.typed and typed["transfer"] not in _TRANSFERS[handling]:
        raise argparse.ArgumentTypeError(f"{flag_of(typed['transfer'])} does not go with {flag_of(handling)}")
    *inputs, output = values.places or (*begin.texts("folders"), *begin.texts("output")) or ("",)
    if not (output or values.places):
        raise argparse.ArgumentTypeError("FOLDER is missing")
    if not inputs:
        raise argparse.ArgumentTypeError("OUTPUT is missing")
    if "" in values.places:
        raise argparse.ArgumentTypeError("one of the folders has an empty name")
    references = dict.fromkeys(_input("--reference", folder, inputs) for folder in typed["references"])
    preferred = _input("--prefer", typed["preferred"], inputs) if typed["preferred"] else ""
    return OrganizeRequest(tuple(inputs), output, **{**typed, "references": tuple(references), "preferred": preferred})


def _input(option: str, folder: str, inputs: Sequence[str]) -> str:
    """The one of the input folders that ``folder`` is, however it is written."""
    for known in inputs:
        if os.path.realpath(folder) == os.path.realpath(known):
            return known
    raise argparse.ArgumentTypeError(f"{option} must be one of the input folders, not '{folder}'")


class OrganizeSteps(Steps[OrganizeRequest, OrganizeReview]):
    """Organize in the common flow."""

    job = ORGANIZE

    def __init__(self, chosen: OrganizeRequest) -> None:
        super().__init__(chosen)
        several = len(chosen.folders) > 1
        inputs = {f"folder{number}": f"FOLDER{number}" for number in range(1, len(chosen.folders) + 1)}
        self.places = {**(inputs if several else {"folder1": "FOLDER"}), "output": "OUTPUT", "between": "--between"}

    def request(self) -> Json:
        """The request, for the document; the first two folders by their former names as well."""
        first, second, *_more = (*self.chosen.folders, "")
        return {"folder1": first, "folder2": second, **super().request()}

    def describe(self, found: OrganizeReview, detail: Detail) -> Iterator[str]:
        """Groups, and what would be done."""
        return organize_report.review_lines(found, detail)

    def notes(self, found: OrganizeReview) -> Sequence[str]:
        """Notes of the plan, and the matches that were left out."""
        return organize_report.review_notes(found)

    def groups(self, found: OrganizeReview) -> Sequence[Json]:
        """All groups with all members."""
        return document.groups(found)


def prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    """The command's body; raises ``ArgumentTypeError``."""
    steps = OrganizeSteps(request(values))
    steps.said = beginning(values, ORGANIZE, OrganizeRequest).notes
    return lambda session: session.job(steps)


COMMANDS = (
    Command(
        name=ORGANIZE,
        places="FOLDER... OUTPUT",
        summary="sort folders: same and similar pictures together, the rest apart",
        description=_DESCRIPTION,
        add_arguments=add_arguments,
        prepare=prepare,
        examples=_EXAMPLES,
        request=request,
    ),
)
