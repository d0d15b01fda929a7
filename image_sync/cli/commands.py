"""The registry of commands: one module each, one entry here; a module is loaded when its command is wanted.

A command knows its arguments and its body; parsing, asking, reporting and exit codes are the same for all of them and
stand elsewhere.
"""

from __future__ import annotations

from importlib import import_module

from image_sync.cli.arguments import EXIT_CODES, program
from image_sync.cli.command import Command

_MODULES = {
    "organize": "organize",
    "sync": "sync",
    "import": "photo_import",
    "undo": "runs",
    "resume": "runs",
    "history": "runs",
    "versions": "versions",
}
NAMES = tuple(_MODULES)


def command(name: str) -> Command:
    """The command called ``name``, which is one of ``NAMES``."""
    module = import_module(f"image_sync.cli.{_MODULES[name]}")
    found: tuple[Command, ...] = module.COMMANDS
    return next(one for one in found if one.name == name)


def commands() -> tuple[Command, ...]:
    """All commands, in the order in which they are shown."""
    return tuple(map(command, NAMES))


def overview() -> str:
    """What ``--help`` without a command says."""
    name = program()
    known = commands()
    width = max(map(len, NAMES))
    lines = [f"  {one.name:<{width}}  {one.summary}" for one in known]
    return f"""\
Photos in two places: see what would be done first, undo it afterwards.

usage:
  {name}                   open the window
  {name} COMMAND ...       do it from here
  {name} COMMAND --help    what a command can be told
  {name} --version         which version this is

commands:
{chr(10).join(lines)}

{EXIT_CODES}
"""
