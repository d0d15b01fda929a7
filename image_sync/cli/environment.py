"""Environment variables that stand for common options; what is typed counts before them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "IMAGE_SYNC_"
_TRUE, _FALSE = ("1", "yes", "true", "on"), ("", "0", "no", "false", "off")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: the option that it stands for, its words, and the options beside which it says nothing."""

    option: str
    words: str
    switch: bool = True
    unless: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the variable: ``IMAGE_SYNC_DRY_RUN``."""
        return PREFIX + self.option.upper()


_LOUDNESS = ("quiet", "silent", "verbose")
VARIABLES = (
    Variable("catalog", "the file in which readings are kept, as --catalog", switch=False),
    Variable("workers", "pictures read at a time, as --workers", switch=False),
    Variable("dry_run", "1: change nothing, as --dry-run"),
    Variable("ask", "1: do nothing unless somebody can be asked, as --ask", unless=("yes", "dry_run")),
    Variable("quiet", "1: problems and the summary only, as --quiet", unless=_LOUDNESS),
    Variable("silent", "1: nothing when nothing is to do, as --silent", unless=_LOUDNESS),
    Variable("verbose", "1: cut no list short, as --verbose", unless=_LOUDNESS),
    Variable("debug", "1: log more, as --debug"),
)
STATE = ("IMAGE_SYNC_STATE", "the folder of journals and logs")
"""The one variable without an option."""


def take_in(
    values: argparse.Namespace, environment: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]]
) -> None:
    """Put what the variables say into parsed options that were not typed.

    ``readers`` give the values of options that are no switches.  Raises ``ArgumentTypeError`` with the variable's name.
    """
    for variable in VARIABLES:
        said = environment.get(variable.name)
        if said is None or not hasattr(values, variable.option):
            continue
        if any(getattr(values, name, False) for name in (variable.option, *variable.unless)):
            continue
        try:
            value = _switch(said) if variable.switch else readers[variable.option](said)
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentTypeError(f"{variable.name}: {error}") from None
        setattr(values, variable.option, value)


def _switch(text: str) -> bool:
    word = text.strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise argparse.ArgumentTypeError(f"must be 1 or 0, not '{text}'")
    return word in _TRUE
