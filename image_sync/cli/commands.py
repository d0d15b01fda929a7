"""The registry of commands: those of the jobs, and those that look after runs; a module is loaded when it is wanted.

A command knows its arguments and its body; parsing, asking, reporting and exit codes are the same for all of them and
stand elsewhere.
"""

from __future__ import annotations

from importlib import import_module

from image_sync import JOBS
from image_sync.cli.arguments import EXIT_CODES, program
from image_sync.cli.command import Command

_OTHERS = {
    "find": "image_sync.cli.find",
    "missing": "image_sync.cli.missing",
    "watch": "image_sync.cli.watching.command",
    "presets": "image_sync.cli.saved.presets",
    "apply": "image_sync.cli.saved.apply",
    "undo": "image_sync.cli.runs",
    "resume": "image_sync.cli.runs",
    "history": "image_sync.cli.runs",
    "completion": "image_sync.cli.shell.command",
    "versions": "image_sync.cli.versions",
    "state": "image_sync.cli.state",
}
"""The modules of the commands that are no job."""


def names() -> tuple[str, ...]:
    """The names of all commands, in the order in which they are shown."""
    return (*(name for name, entry in JOBS.items() if entry.command), *_OTHERS)


def command(name: str) -> Command:
    """The command called ``name``, which is one of ``names``."""
    module = import_module(_OTHERS.get(name) or JOBS[name].command)
    found: tuple[Command, ...] = module.COMMANDS
    return next(one for one in found if one.name == name)


def commands() -> tuple[Command, ...]:
    """All commands, in the order in which they are shown."""
    return tuple(map(command, names()))


def overview() -> str:
    """Overview that ``--help`` without a command shows."""
    name = program()
    known = commands()
    width = max(len(one.name) for one in known)
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

On a terminal a plan is shown and you are asked once. Without one (cron, a pipe)
nobody is asked, and it is carried out as with --yes; --ask refuses there, and
--dry-run changes nothing anywhere. Every run can be undone.

{EXIT_CODES}
"""
