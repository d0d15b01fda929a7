"""The registry of commands: one module each, one entry here.

A command knows its arguments and its body; parsing, asking, reporting and exit codes are the same for all of them and
stand elsewhere.
"""

from __future__ import annotations

from image_sync.cli import organize, photo_import, runs, sync, versions
from image_sync.cli.arguments import EXIT_CODES, program
from image_sync.cli.command import Command

COMMANDS: tuple[Command, ...] = (organize.COMMAND, sync.COMMAND, photo_import.COMMAND, *runs.COMMANDS, versions.COMMAND)


def overview() -> str:
    """What ``--help`` without a command says."""
    name = program()
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS]
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
