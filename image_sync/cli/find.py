"""The command ``find``: where else one picture is.  The search itself stands in ``jobs``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from image_sync import Elsewhere, FoundPicture, OrganizeRequest, PictureSearch, certainty_of
from image_sync.base import paths, words
from image_sync.base.options import option_named
from image_sync.cli import arguments, report
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.document import Json
from image_sync.cli.options import add_declared
from image_sync.cli.organize_report import likeness
from image_sync.cli.searching import searched
from image_sync.cli.session import Session

_DESCRIPTION = """\
Say where else a picture is: identical files, identical pixels and similar
pictures, the best first. Folders are searched with all below them, and what
was measured before is not read again. Nothing is changed."""

_EXAMPLES = """\
examples:
  image-sync find beach.jpg Photos Backup
  image-sync find beach.jpg Photos --level exact
  image-sync find beach.jpg Photos --level edited --json -
"""


def _add_arguments(parser: Parser) -> None:
    places = parser.add_argument_group("what and where")
    places.add_argument("picture", metavar="PICTURE", help="the picture that is sought")
    places.add_argument("places", metavar="FOLDER", nargs="+", help="where to look; a single file may stand here too")
    add_declared(parser, (option_named(OrganizeRequest, name) for name in ("level", "threshold")))
    arguments.add_common(parser, changes=False, measures=True)


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    search = PictureSearch(values.picture, tuple(values.places), values.level, values.threshold)
    return lambda session: run(session, search)


def run(session: Session, search: PictureSearch) -> None:
    """Search, and list what was found."""
    answer = searched(session, search, Elsewhere)
    session.record.files = [_json(one) for one in answer.found]
    session.console.tell_all(lines(answer, search))
    session.tell_news()


def lines(answer: Elsewhere, search: PictureSearch) -> Iterator[str]:
    """Lines of the answer: the picture, then one for each place, whose path stands last."""
    where = words.listing([paths.display(place) for place in search.places])
    among = f"{words.count(answer.searched, 'picture')} in {where}"
    name = f"{paths.display(paths.name(answer.picture.path))} ({_facts(answer.picture)})"
    if not answer.found:
        yield f"{name} is nowhere else: nothing like it among {among}."
        return
    yield f"{name} is also here:"
    rows = [
        (
            likeness(one.sameness, one.score, turned=one.turned),
            words.size(one.size),
            _pixels(one),
            paths.display(one.path),
        )
        for one in answer.found
    ]
    yield from (f"  {line}" for line in report.columns(rows, right=(1, 2)))
    yield f"{words.count(len(answer.found), 'match', 'matches')} among {among}."


def _facts(one: FoundPicture) -> str:
    return ", ".join(filter(None, (_pixels(one), words.size(one.size))))


def _pixels(one: FoundPicture) -> str:
    return f"{one.width}×{one.height}" if one.width else ""


def _json(one: FoundPicture) -> Json:
    return {
        "path": one.path,
        "sameness": one.sameness.value,
        "score": round(one.score, 6),
        "certainty": certainty_of(one.sameness, one.score).value,
        "turned": one.turned,
        "size": one.size,
        "width": one.width or None,
        "height": one.height or None,
    }


COMMANDS = (
    Command(
        "find",
        "PICTURE FOLDER...",
        "say where else a picture is",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
    ),
)
