"""The command ``organize``: what it is told, and how its review is shown.  Its rules stand in ``jobs``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from image_sync.base.model import Job
from image_sync.cli import arguments, document, organize_report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.document import Json
from image_sync.cli.report import Detail
from image_sync.cli.session import Session
from image_sync.cli.steps import Steps
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest, Preference
from image_sync.jobs.transfer import Transfer
from image_sync.matching.threshold import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from image_sync.engine import Engine

_DESCRIPTION = """\
Find pictures that are the same or similar in two folders, and sort them into
a third: one folder for each group of pictures that match, one for the rest.
The plan is shown first, and every run can be undone."""

_EXAMPLES = """\
examples:
  image-sync organize Phone Backup Sorted --dry-run
  image-sync organize Phone Backup Sorted --copy --threshold 0.9
  image-sync organize Phone Backup Sorted --keep-best --reference Backup
  image-sync organize Phone Backup Sorted --level edited --dry-run
"""

_FIELDS = {"folder1": "FOLDER1", "folder2": "FOLDER2", "output": "OUTPUT"}
_PREFERENCES = {preference.name.lower(): preference for preference in Preference}
_HANDLINGS = {handling.value.replace(" ", "-"): handling for handling in Handling}
_LEVELS = {level.value: level for level in Level}
_TRANSFERS = {
    Handling.GATHER: tuple(Transfer),
    Handling.KEEP_BEST: (Transfer.MOVE,),
    Handling.LINK_EXACT: (Transfer.LINK,),
}
"""The ways of a file that go with a handling: what is set aside is moved, what is linked is linked."""


def add_arguments(parser: Parser) -> None:
    """What ``organize`` can be told."""
    folders = parser.add_argument_group("folders")
    folders.add_argument("folder1", metavar="FOLDER1", help="pictures, searched with all folders below")
    folders.add_argument("folder2", metavar="FOLDER2", help="more pictures")
    folders.add_argument("output", metavar="OUTPUT", help="where they are sorted to; made when it isn't there")
    _add_matching(parser)
    _add_treatment(parser)
    _add_choice(parser)
    arguments.add_common(parser, measures=True)


def _add_matching(parser: Parser) -> None:
    group = parser.add_argument_group("which pictures match")
    group.add_argument(
        "--threshold",
        metavar="SHARE",
        type=arguments.threshold,
        default=DEFAULT_THRESHOLD,
        help="how similar they must be, 0.50 to 0.99 or 50%% to 99%% (default: %(default).2f)",
    )
    group.add_argument(
        "--level",
        metavar="LEVEL",
        choices=tuple(_LEVELS),
        default=Level.SAME_SHOT.value,
        help="how much they may differ: exact (identical files), pixels (identical pixels), same (one shot re-encoded, "
        "resized, toned: the default), edited (cropped, framed, captioned, turned)",
    )
    group.add_argument("--rotations", action="store_true", help="compare rotated and mirrored pictures too")
    group.add_argument(
        "--exact-search",
        action="store_true",
        help="miss no pair among more than 200,000 pictures either; takes longer",
    )


def _add_treatment(parser: Parser) -> None:
    group = parser.add_argument_group("what becomes of them")
    ways = {
        Transfer.MOVE: "move files to OUTPUT (default)",
        Transfer.COPY: "copy them, change nothing in the two folders",
        Transfer.LINK: "hard links instead of copies: no room, same disk",
    }
    arguments.add_transfers(group, ways)
    handling = group.add_mutually_exclusive_group()
    for how, words in (
        (Handling.GATHER, "one folder for each group, one for the rest (default)"),
        (Handling.KEEP_BEST, "leave the best where it is, set the others aside"),
        (Handling.LINK_EXACT, "make exact copies hard links, touch nothing else"),
    ):
        handling.add_argument(_option(how), dest="handling", action="store_const", const=how, help=words)
    handling.add_argument(
        "--handling", metavar="HOW", type=_handling, help=f"one of these three: {', '.join(_HANDLINGS)}"
    )


def _add_choice(parser: Parser) -> None:
    group = parser.add_argument_group("which files, and which is best")
    repeated: Any = {"action": "append", "default": []}
    arguments.add_patterns(group)
    group.add_argument(
        "--min-size", metavar="SIZE", type=arguments.file_size, default=0, help="no smaller files: 500, 5k, 2MB"
    )
    group.add_argument("--reference", metavar="FOLDER", **repeated, help="the one of the two that is never changed")
    group.add_argument("--prefer", metavar="FOLDER", default="", help="the one of the two whose pictures are best")
    group.add_argument(
        "--best-order",
        metavar="WORDS",
        type=_best_order,
        default=tuple(Preference),
        help=f"what makes a picture the best, in order (default: {','.join(_PREFERENCES)})",
    )


def _option(handling: Handling) -> str:
    return f"--{handling.value.replace(' ', '-')}"


def _handling(text: str) -> Handling:
    name = text.strip().lower().replace("_", "-").replace(" ", "-")
    if name not in _HANDLINGS:
        raise argparse.ArgumentTypeError(f"'{text}' is not one of {', '.join(_HANDLINGS)}")
    return _HANDLINGS[name]


def _best_order(text: str) -> tuple[Preference, ...]:
    """The named reasons first, the others behind them in their usual order."""
    named = tuple(_PREFERENCES[name] for name in arguments.chosen(text, tuple(_PREFERENCES)))
    return (*named, *(preference for preference in Preference if preference not in named))


def request(values: argparse.Namespace) -> OrganizeRequest:
    """What was parsed as a request; raises ``ArgumentTypeError`` for choices that don't go together."""
    handling = values.handling or Handling.GATHER
    if values.transfer not in (None, *_TRANSFERS[handling]):
        raise argparse.ArgumentTypeError(f"--{values.transfer.value} does not go with {_option(handling)}")
    chosen = OrganizeRequest(
        folder1=values.folder1,
        folder2=values.folder2,
        output=values.output,
        threshold=values.threshold,
        transfer=values.transfer or Transfer.MOVE,
        handling=handling,
        rotations=values.rotations,
        include=tuple(values.include),
        exclude=tuple(values.exclude),
        minimum_size=values.min_size,
        best_order=values.best_order,
        level=_LEVELS[values.level],
        exact_search=values.exact_search,
    )
    return replace(
        chosen,
        references=tuple(dict.fromkeys(_input("--reference", folder, chosen) for folder in values.reference)),
        preferred=_input("--prefer", values.prefer, chosen) if values.prefer else "",
    )


def _input(option: str, folder: str, chosen: OrganizeRequest) -> str:
    """The one of the two input folders that ``folder`` is, however it is written."""
    for known in (chosen.folder1, chosen.folder2):
        if os.path.realpath(folder) == os.path.realpath(known):
            return known
    raise argparse.ArgumentTypeError(f"{option} must be FOLDER1 or FOLDER2, not '{folder}'")


class OrganizeSteps(Steps[OrganizeRequest, OrganizeReview]):
    """Organize in the common flow."""

    job = Job.ORGANIZE
    found = OrganizeReview
    places = _FIELDS

    def wrong(self) -> Mapping[str, str]:
        """What the engine finds wrong with the folders."""
        from image_sync.engine import check_organize

        return check_organize(self.chosen)

    def start(self, engine: Engine) -> None:
        """Scan, read and compare."""
        engine.organize(self.chosen)

    def describe(self, found: OrganizeReview, detail: Detail) -> Iterator[str]:
        """Groups, and what would be done."""
        return organize_report.review_lines(found, detail)

    def notes(self, found: OrganizeReview) -> Sequence[str]:
        """Those of the plan, and the matches that were left out."""
        return organize_report.review_notes(found)

    def groups(self, found: OrganizeReview) -> Sequence[Json]:
        """All groups with all members."""
        return document.groups(found)

    def share(self, found: OrganizeReview) -> float:
        """The share of the pictures that were read."""
        return found.partial


def prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    """The command's body; raises ``ArgumentTypeError``."""
    steps = OrganizeSteps(request(values))
    return lambda session: session.job(steps)


COMMANDS = (
    Command(
        name=Job.ORGANIZE.value,
        places="FOLDER1 FOLDER2 OUTPUT",
        summary="sort two folders: same and similar pictures together, the rest apart",
        description=_DESCRIPTION,
        add_arguments=add_arguments,
        prepare=prepare,
        examples=_EXAMPLES,
    ),
)
