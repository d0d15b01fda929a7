"""Command: name, words, arguments and body, so that each is described in one place."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from image_sync.cli.arguments import EXIT_CODES, PROGRAM, Parser, program
from image_sync.cli.session import Session

Body = Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``places`` are the names of what stands after it, ``summary`` is its line in the overview.

    ``prepare`` turns what was parsed into its body; it raises ``argparse.ArgumentTypeError`` for what does not
    go together.
    """

    name: str
    places: str
    summary: str
    description: str
    add_arguments: Callable[[Parser], None]
    prepare: Callable[[argparse.Namespace], Body]
    examples: str = ""
    request: Callable[[argparse.Namespace], Any] | None = None
    """The request of what was parsed, of a job's command; it raises ``argparse.ArgumentTypeError``."""

    def parser(self) -> Parser:
        """The parser of this command's arguments; the examples in its help can be typed as they stand."""
        examples = self.examples.replace(f"{PROGRAM} {self.name}", f"{program()} {self.name}")
        parser = Parser(
            self.name, self.places, self.description, "\n".join(part for part in (examples, EXIT_CODES) if part)
        )
        self.add_arguments(parser)
        return parser
