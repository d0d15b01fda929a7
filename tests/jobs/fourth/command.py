"""The command ``gather``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from typing import ClassVar

from image_sync.base import words
from image_sync.cli import arguments
from image_sync.cli.arguments import Parser
from image_sync.cli.command import Command
from image_sync.cli.report import Detail
from image_sync.cli.session import Session
from image_sync.cli.steps import Steps
from tests.jobs.fourth.job import NAME, GatherRequest, GatherReview


class GatherSteps(Steps[GatherRequest, GatherReview]):
    job = NAME
    places: ClassVar[dict[str, str]] = {"folder": "FOLDER", "output": "OUTPUT"}

    def describe(self, found: GatherReview, detail: Detail) -> Iterator[str]:  # noqa: ARG002
        yield f"{words.count(len(found.files), 'text file')} in {found.request.folder}"


def add_arguments(parser: Parser) -> None:
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("output", metavar="OUTPUT")
    arguments.add_common(parser, measures=True)


def prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    steps = GatherSteps(GatherRequest(os.path.abspath(values.folder), os.path.abspath(values.output)))
    return lambda session: session.job(steps)


COMMANDS = (Command(NAME, "FOLDER OUTPUT", "copy all text files to one folder", "Copy text.", add_arguments, prepare),)
