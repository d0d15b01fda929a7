"""Declared commands and options as values, read off the parsers: what completion and man page are made of."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import lru_cache

from image_sync.cli.arguments import WORDS, Parser
from image_sync.cli.command import Command
from image_sync.cli.commands import commands


@dataclass(frozen=True, slots=True)
class Flag:
    """An option: its names, what stands for its value (empty: it takes none), and the words that the value may be."""

    names: tuple[str, ...]
    help: str
    metavar: str = ""
    words: tuple[str, ...] = ()
    optional: bool = False

    @property
    def takes_path(self) -> bool:
        """Whether its value is a file or a folder."""
        return self.metavar in ("FILE", "FOLDER")


@dataclass(frozen=True, slots=True)
class Place:
    """Argument behind a command: its name in the usage, and its help."""

    metavar: str
    help: str


@dataclass(frozen=True, slots=True)
class Section:
    """Options under one heading."""

    title: str
    places: tuple[Place, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A command with all that can be typed behind it."""

    command: Command
    sections: tuple[Section, ...]
    words: tuple[str, ...] = ()
    """The words that its first place may be, where it is no path."""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All of its options."""
        return tuple(flag for section in self.sections for flag in section.flags)


@lru_cache(maxsize=1)
def described() -> tuple[Described, ...]:
    """All commands, in the order in which they are shown."""
    return tuple(map(_described, commands()))


def _described(command: Command) -> Described:
    parser = command.parser()
    sections = tuple(filter(None, (_section(parser, group) for group in parser._action_groups)))
    return Described(command, sections, getattr(parser, WORDS, ()))


def _section(parser: Parser, group: argparse._ArgumentGroup) -> Section | None:
    places, flags = [], []
    for action in group._group_actions:
        if action.option_strings:
            flags.append(_flag(parser, action))
        else:
            places.append(Place(str(action.metavar or action.dest), _help(parser, action)))
    if not (places or flags):
        return None
    return Section(group.title or "", tuple(places), tuple(flags))


def _flag(parser: Parser, action: argparse.Action) -> Flag:
    names = tuple(action.option_strings)
    words = tuple(map(str, getattr(action, WORDS, ()) if action.choices is None else action.choices))
    metavar = str(action.metavar or "VALUE") if action.nargs != 0 else ""
    return Flag(names, _help(parser, action), metavar, words, names[-1] in parser.optional_values)


def _help(parser: Parser, action: argparse.Action) -> str:
    formatter = parser._get_formatter()
    return formatter._expand_help(action) if action.help else ""
