"""The command ``completion``: it prints the completion script of a shell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

from image_sync.cli import arguments
from image_sync.cli.arguments import Parser, wrong
from image_sync.cli.command import Command
from image_sync.cli.session import Session

_SHELLS = ("bash", "zsh", "fish", "powershell")
_DESCRIPTION = """\
Print the script by which a shell completes commands, options and their words."""

_EXAMPLES = """\
examples:
  image-sync completion bash > /etc/bash_completion.d/image-sync
  image-sync completion zsh > ~/.zfunc/_image-sync
  image-sync completion fish > ~/.config/fish/completions/image-sync.fish
  image-sync completion powershell >> $PROFILE
"""


def _add_arguments(parser: Parser) -> None:
    which = parser.add_argument_group("which shell")
    which.add_argument("shell", metavar="SHELL", help="bash, zsh, fish or powershell")
    parser.words = _SHELLS
    arguments.add_common(parser, changes=False)


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    if values.shell not in _SHELLS:
        raise wrong(f"SHELL is one of {', '.join(_SHELLS)}, not '{values.shell}'")
    return partial(run, shell=values.shell)


def run(session: Session, shell: str) -> None:
    """Print the script."""
    from image_sync.cli.shell.completion import script

    session.console.hand_over(script(shell).splitlines(), "\n")


COMMANDS = (
    Command(
        "completion",
        "bash|zsh|fish|powershell",
        "print the completion script of a shell",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
    ),
)
