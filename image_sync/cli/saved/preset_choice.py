"""The choices that a job begins with: those of a preset, where one is named; what is typed comes on top of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from image_sync.base import words
from image_sync.base.model import Refused
from image_sync.cli.arguments import Parser, wrong

PRESET = "--preset"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Values by the fields of a request, and what should be said of them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def texts(self, name: str) -> tuple[str, ...]:
        """The folders of a field; none where it has none."""
        value = self.values.get(name, ())
        return (value,) if isinstance(value, str) and value else tuple(value)


def add_preset(parser: Parser) -> None:
    """The option that names a preset."""
    group = parser.add_argument_group("where the choices come from")
    group.add_argument(
        PRESET, metavar="NAME", help="begin with the choices, and folders, kept under this name (see 'presets')"
    )


def beginning(values: argparse.Namespace, job: str, request: type[Any]) -> Beginning:
    """The choices that a command line begins with.  Raises ``ArgumentTypeError`` for a preset that can't be used."""
    name = getattr(values, "preset", None)
    if name is None:
        return Beginning()
    from image_sync.base.preset_file import load
    from image_sync.base.presets import choices_of, found

    kept = load()
    if kept.trouble:
        raise wrong(kept.trouble)
    try:
        chosen = choices_of(found(kept.presets, job, name), request)
    except Refused as refusal:
        raise wrong(f"{PRESET}: {refusal}") from None
    if chosen.wrong:
        raise wrong(words.sentences(chosen.wrong))
    return Beginning(chosen.values, (*chosen.unknown, *kept.remarks))
