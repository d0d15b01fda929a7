"""The rules for many groups without their window: which count in which order, and what they would do, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.jobs.organize.request import Handling
from image_sync.jobs.organize.rules.bulk import AT_FIRST, BulkRules, Tally, Trait

_SEPARATOR = ","
_OFF = "-"
"""Before a rule that is written down and does not count."""


@dataclass(frozen=True, slots=True)
class BulkQuestion:
    """Question that the rules answer: ``groups`` are shown, ``hidden`` are not; ``tried`` tells what rules would do.

    ``folders`` are those that a rule can prefer.
    """

    groups: int
    hidden: int
    folders: tuple[str, ...]
    handling: Handling
    tried: Callable[[BulkRules, bool], Tally]


def trait_words(trait: Trait) -> str:
    """Words of a rule."""
    return {
        Trait.UNDAMAGED: _("not damaged"),
        Trait.WHOLE: _("shows the whole picture (no crop, no frame)"),
        Trait.RESOLUTION: _("highest resolution"),
        Trait.RICHEST: _("holds the most (movie, colour, place, camera data)"),
        Trait.SHARPNESS: _("sharpest"),
        Trait.FORMAT: _("best format and quality (RAW, HEIC, less compressed)"),
        Trait.LARGEST: _("largest file"),
        Trait.OLDEST: _("oldest"),
        Trait.NEWEST: _("newest"),
        Trait.NAME: _("original name (no “copy”, no “edited”)"),
        Trait.FOLDER: _("in this folder:"),
    }[trait]


class RuleList:
    """List of all rules in the order in which they count, those that do and those that don't."""

    def __init__(self, saved: str = "") -> None:
        known = {trait.value: trait for trait in Trait}
        told = [part for part in saved.split(_SEPARATOR) if part.removeprefix(_OFF) in known]
        order = [known[part.removeprefix(_OFF)] for part in told]
        self.order: list[Trait] = list(dict.fromkeys((*order, *AT_FIRST, *Trait)))
        self.on: set[Trait] = {known[part] for part in told if part in known} if told else set(AT_FIRST)

    @property
    def saved(self) -> str:
        """The list as it is written down."""
        return _SEPARATOR.join(trait.value if trait in self.on else _OFF + trait.value for trait in self.order)

    def toggle(self, place: int) -> None:
        """Let the rule at ``place`` count, or no longer."""
        self.on ^= {self.order[place]}

    def shift(self, place: int, step: int) -> int:
        """Move a rule up or down; its new place."""
        target = min(len(self.order) - 1, max(0, place + step))
        self.order.insert(target, self.order.pop(place))
        return target

    def rules(self, folder: str) -> BulkRules:
        """The rules that count."""
        return BulkRules(tuple(trait for trait in self.order if trait in self.on), folder)

    def lines(self) -> list[str]:
        """One line for each rule: a tick where it counts, its place among those that do, its words."""
        number, lines = 0, []
        for trait in self.order:
            number += trait in self.on
            lines.append(f"✓ {number}.  {trait_words(trait)}" if trait in self.on else f"      {trait_words(trait)}")
        return lines


def folders_of(paths_of_pictures: Iterable[str], roots: Sequence[str]) -> list[str]:
    """Folders that can be preferred: the chosen ones, and those directly below them that hold pictures."""
    below = set()
    for path in paths_of_pictures:
        for root in roots:
            if root and paths.is_inside(path, root):
                first, *deeper = paths.components(path[len(root) :].lstrip(paths.SEPARATOR))
                if deeper:
                    below.add(paths.join(root, first))
    return [*dict.fromkeys(root for root in roots if root), *sorted(below)]


def tally_words(tally: Tally, handling: Handling) -> tuple[str, ...]:
    """Outcome of the rules in lines: what is kept and set aside, what is left as it is, what to think of."""
    lines = []
    if tally.groups:
        keep = ngettext("Keeps {count} picture", "Keeps {count} pictures", tally.kept)
        aside = (
            ngettext("makes {count} a link", "makes {count} links", tally.aside)
            if handling is Handling.LINK_EXACT
            else ngettext("moves {count} to the duplicates", "moves {count} to the duplicates", tally.aside)
        )
        told = f"{keep.format(count=formatting.count(tally.kept))}, {aside.format(count=formatting.count(tally.aside))}"
        lines.append(f"{told} ({formatting.size(tally.size)}).")
    else:
        lines.append(_("There is nothing left to decide in the groups that are shown."))
    if tally.reviewed:
        words = ngettext(
            "{count} group that you reviewed stays as it is.",
            "{count} groups that you reviewed stay as they are.",
            tally.reviewed,
        )
        lines.append(words.format(count=formatting.count(tally.reviewed)))
    if tally.damaged:
        words = ngettext(
            "{count} kept picture is damaged, though a whole one would go: let “not damaged” come first.",
            "{count} kept pictures are damaged, though whole ones would go: let “not damaged” come first.",
            tally.damaged,
        )
        lines.append(words.format(count=formatting.count(tally.damaged)))
    return tuple(lines)
