"""Cards of a strip: what is said on the tile of each picture, and above the tiles of each group.

Turns the values of a review into words; it holds no rule and imports no tkinter.  A card is made when it is in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.base.model import Group, Member, PictureFate
from image_sync.base.said import Said
from image_sync.gui.organize.rows import SYMBOLS, GroupsModel, fate_words, sameness_summary, sameness_words
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.wording import worded
from image_sync.jobs.organize.rules.contrast import Contrast, Difference, contrast
from image_sync.jobs.organize.rules.reasons import Best

LESS = frozenset(Difference) - {Difference.LARGER, Difference.MORE_DATE, Difference.MORE_PLACE, Difference.OTHER_FORMAT}
"""Differences in which the copy is the lesser one; the others are told without a colour."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One difference from the keeper: a word or two, the same as a sentence, and whether it is a warning."""

    words: str
    meaning: str
    less: bool = False
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One picture as its tile shows it.  ``match`` says how it matches the best one, and is empty for that."""

    picture: int
    fate: PictureFate
    state: str
    best: bool
    match: str
    name: str
    folder: str
    facts: str
    chips: tuple[Chip, ...]
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One group as it is told above its tiles."""

    title: str
    facts: str
    sentence: str
    reviewed: bool


def card(model: GroupsModel, group: int, place: int) -> Card:
    """The card of the picture at a place of a group."""
    found = model.review.groups[group]
    member = found.members[place]
    picture, keeper = model.picture(member.picture), model.picture(found.best.picture)
    known, fate, best = picture.fingerprint, model.state(group, member.picture), place == 0
    measures = (formatting.dimensions(known.width, known.height), formatting.size(picture.record.size))
    return Card(
        picture=member.picture,
        fate=fate,
        state=f"{SYMBOLS[fate]} {fate_words(fate, model.handling)}",
        best=best,
        match="" if best else match_words(member),
        name=shown(picture.record.name),
        folder=shown(paths.parent(picture.record.path)),
        facts=" · ".join(filter(None, measures)),
        chips=tuple(chip_of(one) for one in contrast(picture, keeper, member)),
        reference=picture.reference,
    )


def head(model: GroupsModel, group: int) -> Head:
    """The words above a group's tiles."""
    found = model.review.groups[group]
    number = ngettext("{count} picture", "{count} pictures", len(found.members))
    others = found.members[1:]
    lowest = min((member.score for member in others), default=1.0)
    facts = [number.format(count=formatting.count(len(found.members))), sameness_summary(others)]
    if any(member.score < 1.0 for member in others):
        facts.append(formatting.score(lowest))
    return Head(model.name(group), " · ".join(facts), sentence(model, found), model.is_reviewed(group))


def sentence(model: GroupsModel, group: Group) -> str:
    """Reason why the best picture of a group is the best, in one sentence."""
    name = shown(model.picture(group.best.picture).record.name)
    why = first_reason(group.why_best)
    if not why:
        return _("{name} is the best.").format(name=name)
    return _("{name} is the best – {why}.").format(name=name, why=worded(why))


def first_reason(why: str) -> str:
    """Reason against the next best one; what tells the best from the others is on their tiles."""
    while isinstance(why, Said) and why.saying is Best.ONE_AND_MORE:
        first = why.values["first"]
        assert isinstance(first, str)
        why = first
    return why


def match_words(member: Member) -> str:
    """Words for how a picture matches the best one, as short as a tile needs them."""
    if member.score >= 1.0:
        return sameness_words(member.sameness)
    return formatting.score(member.score)


# --- chips ------------------------------------------------------------------------------------------------------------


def chip_of(one: Contrast) -> Chip:
    """The words of a difference."""
    words, meaning = _CHIPS[one.difference]()
    told = one.value
    if one.difference in (Difference.SMALLER, Difference.LARGER):
        told = _share(float(one.value))
    elif one.difference is Difference.ROTATED:
        told = f"{int(one.value) * 90}°"
    elif one.difference is Difference.DAMAGED:
        told = worded(one.value)
    elif one.difference is Difference.FEWER_FRAMES:
        told = formatting.count(int(one.value))
    return Chip(
        words.format(value=told),
        meaning.format(value=told),
        one.difference in LESS,
        one.difference is Difference.DAMAGED,
    )


def _share(share: float) -> str:
    """``1/4`` of the pixels, ``60 %``, ``2×``."""
    return f"{formatting.number(share)}×" if share >= 1.5 else formatting.percent(share)


_CHIPS = {
    Difference.DAMAGED: lambda: (_("damaged"), _("It is damaged: {value}.")),
    Difference.CROPPED: lambda: (_("cropped"), _("It shows less: it is cropped, or has a border or a caption.")),
    Difference.SMALLER: lambda: (_("smaller"), _("It has {value} of the pixels.")),
    Difference.LARGER: lambda: (_("larger"), _("It has {value} as many pixels.")),
    Difference.ENLARGED: lambda: (_("enlarged"), _("It was enlarged from a smaller picture.")),
    Difference.BLURRED: lambda: (_("blurred"), _("It was blurred.")),
    Difference.SHARPENED: lambda: (_("sharpened"), _("It was sharpened.")),
    Difference.TONED: lambda: (_("other tones"), _("Its light or its colours were changed.")),
    Difference.GREY: lambda: (_("grey"), _("It has no colours.")),
    Difference.TWO_TONES: lambda: (_("black and white"), _("It has two tones only.")),
    Difference.COMPRESSED: lambda: (_("compressed"), _("It is more compressed.")),
    Difference.FEWER_FRAMES: lambda: (_("fewer frames"), _("It has fewer frames or pages: {value}.")),
    Difference.NO_MOVIE: lambda: (_("no movie"), _("The movie of the moment is missing.")),
    Difference.NO_GAIN_MAP: lambda: (_("no HDR"), _("The brightness map for better screens is missing.")),
    Difference.NO_ALPHA: lambda: (_("not transparent"), _("Its transparent parts were filled.")),
    Difference.FEWER_SHADES: lambda: (_("{value} bit"), _("It has fewer shades: {value} bits a channel.")),
    Difference.ROTATED: lambda: (_("rotated"), _("It is rotated by {value}.")),
    Difference.MIRRORED: lambda: (_("mirrored"), _("It is mirrored.")),
    Difference.NO_DATE: lambda: (_("no date"), _("It does not say when it was taken.")),
    Difference.NO_PLACE: lambda: (_("no GPS"), _("It does not say where it was taken.")),
    Difference.NO_CAMERA: lambda: (_("no camera"), _("It does not name the camera.")),
    Difference.MORE_DATE: lambda: (_("has a date"), _("It says when it was taken, the best one does not.")),
    Difference.MORE_PLACE: lambda: (_("has GPS"), _("It says where it was taken, the best one does not.")),
    Difference.OTHER_FORMAT: lambda: ("{value}", _("Another format: {value}.")),
    Difference.NAMED_COPY: lambda: (_("named a copy"), _("Its name is one that programs give to copies.")),
}


def chip_sentences(chips: Sequence[Chip]) -> str:
    """All differences as sentences."""
    return " ".join(chip.meaning for chip in chips)
