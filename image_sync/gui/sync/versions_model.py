"""Both versions of one row side by side: what stands there, what differs, and which files their pictures are.

Made from a ``SyncRow``; how large a picture is comes later, from a thread that reads it.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from image_sync.base import paths, permission_text
from image_sync.base.model import FileKind
from image_sync.gui.sync.words import entry_words, moment
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.sync.model import Decision, Entry, EntryKind, Side, SyncReview
from image_sync.pictures.formats import kind_of

EQUAL, OTHER, MORE, LESS = "=", "≠", ">", "<"
_DRAWN = (FileKind.PICTURE, FileKind.RAW)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a name, what it is on both sides, and between them ``=``, ``≠``, or which of the two is more."""

    name: str
    source: str
    target: str
    sign: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two sides are known not to be alike."""
        return self.sign not in ("", EQUAL)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that can be drawn: ``path`` as it was at ``mtime_ns``."""

    path: str
    mtime_ns: int


def picture_on(decision: Decision, review: SyncReview, side: Side) -> PictureFile | None:
    """The picture that stands on one side; ``None`` when there is none, or it is no picture."""
    entry, place = decision.on(side), place_on(decision, review, side)
    if entry is None or entry.kind is not EntryKind.FILE or kind_of(place) not in _DRAWN:
        return None
    return PictureFile(place, entry.mtime_ns)


def place_on(decision: Decision, review: SyncReview, side: Side) -> str:
    """The absolute path on one side, where it is still called as before by its earlier name."""
    half = review.situation.half(side)
    renamed = decision.earlier and half.look(decision.path) is None
    return paths.join(half.root, decision.earlier if renamed else decision.path)


def absence(decision: Decision, side: Side) -> str:
    """Words that are said where a side has nothing to show."""
    if decision.on(side) is None:
        return _("not there")
    return _("no preview")


def facts(decision: Decision, dimensions: Mapping[Side, tuple[int, int] | None]) -> list[Fact]:
    """Facts of both versions; ``dimensions`` are those of the pictures that were read by now."""
    source, target = decision.source, decision.target
    files = [entry for entry in (source, target) if entry is not None and entry.kind is EntryKind.FILE]
    if not files and not decision.permissions:
        sign = EQUAL if source == target else OTHER if source and target else ""
        return [Fact(_("What"), entry_words(source) or "–", entry_words(target) or "–", sign)]
    found = []
    if files:
        found.append(_fact(_("Size"), source, target, lambda entry: entry.size, formatting.size))
        found.append(_fact(_("Changed"), source, target, lambda entry: entry.mtime_ns, _exact))
    if dimensions:
        here, there = (dimensions.get(side) for side in Side)
        said = [formatting.dimensions(*size) if size else "–" for size in (here, there)]
        sign = (EQUAL if here == there else OTHER) if here and there else ""
        found.append(Fact(_("Dimensions"), said[0], said[1], sign))
    if decision.permissions:
        said = [permission_text.words(entry.permissions) if entry else "–" for entry in (source, target)]
        found.append(Fact(_("Permissions"), said[0], said[1], OTHER))
    if decision.earlier:
        found.append(Fact(_("Before"), shown(decision.earlier), ""))
    return found


def _fact(
    name: str, source: Entry | None, target: Entry | None, of: Callable[[Entry], int], words: Callable[[int], str]
) -> Fact:
    said = [words(of(entry)) if entry else "–" for entry in (source, target)]
    ahead = of(source) - of(target) if source and target else 0
    sign = "" if source is None or target is None else MORE if ahead > 0 else LESS if ahead < 0 else EQUAL
    return Fact(name, said[0], said[1], sign)


def _exact(mtime_ns: int) -> str:
    return moment(mtime_ns, exact=True)
