"""The man page, made of the declared commands and options: ``python -m image_sync.cli.shell.man_page``.

It writes ``docs/image-sync.1``; a test holds that to be current.  Pure but for that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from image_sync import __version__
from image_sync.base.model import ExitCode
from image_sync.cli.arguments import EXIT_CODES, PROGRAM
from image_sync.cli.environment import STATE, VARIABLES
from image_sync.cli.shell.declared import Described, Flag, Section, described

PLACE = Path(__file__).resolve().parents[3] / "docs" / f"{PROGRAM}.1"
_FILES = (
    ("~/.local/state/image-sync", "journals of all runs, which undo needs, and logs"),
    ("~/.local/share/image-sync", "the catalog of readings, a cache"),
    ("~/.config/image-sync", "the window's preferences, presets.toml"),
)
_ROFF = {
    "\\": "\\e",
    "-": "\\-",
    "'": "\\(aq",
    "~": "\\(ti",
    "^": "\\(ha",
    "`": "\\(ga",
    "“": "\\(lq",
    "”": "\\(rq",
    "…": "...",
}
"""Characters that mean something to roff, or are not in ASCII, and how they are written."""
_EXAMPLE = re.compile(rf"^  ({PROGRAM} .*)$", re.MULTILINE)


def page() -> str:
    """The whole page, as roff."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Made by "python -m image_sync.cli.shell.man_page" of the declarations of the options.'
    yield f'.TH IMAGE\\-SYNC 1 "" "Image Sync {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"{_text(PROGRAM)} \\- organize, sync and import photos; see first, undo afterwards"
    yield ".SH SYNOPSIS"
    yield from (f".B {_text(PROGRAM)}", ".br")
    for one in described():
        yield f".B {_text(f'{PROGRAM} {one.command.name}')}"
        yield _text(" ".join(filter(None, (one.command.places, "[options]"))))
        yield ".br"
    yield from (f".B {_text(PROGRAM)} \\-\\-version", ".SH DESCRIPTION")
    yield "Without arguments it opens the window. Every job shows its plan before it does anything, and every run can"
    yield "be undone. On a terminal one is asked once; without a terminal nobody is asked, and a job acts as with"
    yield ".BR \\-\\-yes ,"
    yield "unless"
    yield ".B \\-\\-ask"
    yield "is given."
    yield ".SH COMMANDS"
    for one in described():
        yield from _command(one)
    yield from _exit_codes()
    yield from _pairs("ENVIRONMENT", [*((one.name, one.words) for one in VARIABLES), STATE])
    yield from _pairs("FILES", _FILES)
    yield ".SH SEE ALSO"
    yield from (".BR rsync (1),", ".BR rclone (1),", ".BR jq (1)")


def _command(one: Described) -> Iterator[str]:
    yield f".SS {_text(f'{PROGRAM} {one.command.name} {one.command.places}'.strip())}"
    yield _text(" ".join(one.command.description.split()))
    for section in one.sections:
        yield from _section(section)
    if examples := _EXAMPLE.findall(one.command.examples):
        yield from (".PP", "Examples:", ".PP", ".nf", ".RS")
        yield from map(_text, examples)
        yield from (".RE", ".fi")


def _section(section: Section) -> Iterator[str]:
    yield ".PP"
    yield f".I {_text(section.title)}"
    for place in section.places:
        yield from (".TP", f".I {_text(place.metavar)}", _text(place.help))
    for flag in section.flags:
        yield from (".TP", _flag(flag), _text(flag.help or "see above"))


def _flag(flag: Flag) -> str:
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in flag.names)
    joint = "[=" if flag.optional else " "
    return f"{names}{joint}\\fI{_text(flag.metavar)}\\fR{']' if flag.optional else ''}" if flag.metavar else names


def _exit_codes() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    told = dict(re.findall(r"^  (\d+)\s+(.*)$", EXIT_CODES, re.MULTILINE))
    for code in ExitCode:
        yield from (".TP", f".B {code.value}", _text(told[str(code.value)]))


def _pairs(title: str, pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {title}"
    for name, words in pairs:
        yield from (".TP", f".B {_text(name)}", _text(words))


def _text(text: str) -> str:
    """Text that roff takes for nothing else: no control line, no escape; hyphens are hyphens."""
    for plain, meant in _ROFF.items():
        text = text.replace(plain, meant)
    return "\\&" + text if text.startswith(".") else text


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8", newline="\n")
    print(os.fspath(PLACE))
