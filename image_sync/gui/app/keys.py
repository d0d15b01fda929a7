"""The keys of the window: one table that the bindings and the shortcut sheet are both made from.

No tkinter: sequences are Tk's notation, kept as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from image_sync.gui.widgets.i18n import _


class Command(Enum):
    """Command of a key; the page in front decides what it means there."""

    GO = "go"
    STOP = "stop"
    PAUSE = "pause"
    NO_MATCH = "no match"
    OPEN = "open"
    REVEAL = "reveal"
    UNDO = "undo"
    REDO = "redo"
    ONLY_THIS = "only this"
    KEEP_ALL = "keep all"
    LEAVE = "leave"
    BEST = "best"
    RULES = "rules"
    NTH = "nth"
    FIND = "find"
    SAVE = "save"
    LOAD = "load"
    COMPARE = "compare"
    HELP = "help"
    REFRESH = "refresh"


CONTROL, ALT, WINDOWS_ALT = 0x4, 0x8, 0x20000
"""Bits of the state of Tk's events; 0x8 is Cmd on a Mac, and Tk for Windows has a bit of its own for Alt."""


def with_modifier(state: int) -> bool:
    """Whether Ctrl, Alt or Cmd is held: Tk takes that for the plain letter where nothing else is bound."""
    return bool(state & (CONTROL | ALT | WINDOWS_ALT))


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``sequences`` in Tk's notation, ``keys`` as a person names them.  A ``letter`` is not heard while typing."""

    command: Command | None
    sequences: tuple[str, ...]
    keys: str
    words: str
    letter: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is a letter alone, without Ctrl or the like."""
        return any(sequence.startswith("<Key-") for sequence in self.sequences)


def shortcuts() -> tuple[Shortcut, ...]:
    """Every shortcut of the window, in the order of the sheet."""
    return (
        Shortcut(Command.GO, ("<Control-Return>", "<Control-KP_Enter>"), _("Ctrl+Enter"), _("Scan, or apply the plan")),
        Shortcut(Command.STOP, ("<Escape>",), _("Esc"), _("Stop what runs; leave a dialog or this sheet")),
        Shortcut(Command.PAUSE, ("<Key-p>", "<Key-P>"), _("P"), _("Pause, or go on"), letter=True),
        Shortcut(
            Command.UNDO,
            ("<Control-z>",),
            _("Ctrl+Z"),
            _("Take the last decision back; undo what was just applied"),
            letter=True,
        ),
        Shortcut(
            Command.REDO,
            ("<Control-Z>", "<Control-Shift-z>", "<Control-y>"),
            _("Ctrl+Shift+Z"),
            _("Take that decision again"),
            letter=True,
        ),
        *_decisions(),
        *_comparing(),
        Shortcut(Command.FIND, ("<Control-f>", "<Control-F>"), _("Ctrl+F"), _("Search in what was found")),
        Shortcut(Command.SAVE, ("<Control-s>", "<Control-S>"), _("Ctrl+S"), _("Save the review as a file")),
        Shortcut(Command.LOAD, ("<Control-l>", "<Control-L>"), _("Ctrl+L"), _("Open a saved review")),
        Shortcut(Command.OPEN, ("<Control-o>",), _("Ctrl+O"), _("Open the selected picture")),
        Shortcut(
            Command.REVEAL, ("<Control-O>", "<Control-Shift-o>"), _("Ctrl+Shift+O"), _("Show it in the file manager")
        ),
        Shortcut(Command.REFRESH, ("<F5>",), _("F5"), _("Look at the folders again")),
        Shortcut(Command.HELP, ("<F1>",), _("F1"), _("This sheet, and back")),
        Shortcut(None, (), _("↑ ↓ Home End Page"), _("Move in a list; with Shift, select a range")),
        Shortcut(None, (), _("→ ←"), _("Tiles: another picture; table: open or close a group")),
        Shortcut(None, (), _("↑ ↓"), _("Tiles: another group; a click with Ctrl or Shift selects several")),
        Shortcut(None, (), _("Ctrl+wheel"), _("Tiles: larger, smaller")),
        Shortcut(None, (), _("F2"), _("Import: correct the date or the description of what is selected")),
        Shortcut(None, (), _("Ctrl+A"), _("Select the whole list")),
        Shortcut(None, (), _("Alt+→ Alt+←"), _("Sync: the selected files go to the target, to the source")),
        Shortcut(None, (), _("Alt+↓ Alt+↑"), _("Sync: leave the selected files alone; take a choice back")),
        Shortcut(None, (), _("S T K X"), _("Sync: use the source, the target, keep both, leave alone")),
        Shortcut(None, (), _("Tab, Space"), _("Next control, press it")),
    )


def _comparing() -> tuple[Shortcut, ...]:
    """Shortcuts of the comparison of two pictures."""
    return (
        Shortcut(
            Command.COMPARE,
            ("<Key-c>", "<Key-C>"),
            _("C"),
            _("Compare the picture with the best"),
            letter=True,
        ),
        Shortcut(None, (), _("V F S D"), _("Compare: side by side, flicker, split, difference")),
        Shortcut(None, (), _("+ − 0 Z"), _("Compare: larger, smaller, whole, pixel by pixel; the wheel zooms")),
        Shortcut(None, (), _("W G I"), _("Compare: swap both, loupe, metadata")),
        Shortcut(None, (), _("← → ↑ ↓"), _("Compare: other picture, other group; with Shift, move both pictures")),
    )


def _decisions() -> tuple[Shortcut, ...]:
    """Shortcuts of the decisions about groups."""
    return (
        Shortcut(None, (), _("Space"), _("Keep the picture, or move it to “duplicates”")),
        Shortcut(
            Command.ONLY_THIS, ("<Key-k>", "<Key-K>"), _("K"), _("Keep only what is selected of the group"), letter=True
        ),
        Shortcut(Command.KEEP_ALL, ("<Key-a>", "<Key-A>"), _("A"), _("Keep all pictures of the group"), letter=True),
        Shortcut(
            Command.NTH,
            tuple(f"<Key-{number}>" for number in range(1, 10)),
            _("1 … 9"),
            _("Keep only that picture of the group"),
            letter=True,
        ),
        Shortcut(Command.LEAVE, ("<Key-l>", "<Key-L>"), _("L"), _("Leave the picture where it is"), letter=True),
        Shortcut(Command.BEST, ("<Key-b>", "<Key-B>"), _("B"), _("This picture is the best of its group"), letter=True),
        Shortcut(
            Command.RULES, ("<Key-r>", "<Key-R>"), _("R"), _("Choose in many groups at once, by rules"), letter=True
        ),
        Shortcut(None, (), _("Enter"), _("The group is reviewed, on to the next; Import: correct the date")),
        Shortcut(
            Command.NO_MATCH,
            ("<Key-n>", "<Key-N>"),
            _("N"),
            _("Not the same: the selected pictures leave their group, for ever"),
            letter=True,
        ),
    )
