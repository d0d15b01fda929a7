"""Pictures without a match as a list: what becomes of each; made from the rows of a review, without tkinter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.base.model import Member, PictureFate, Sameness
from image_sync.gui.job.tile import Tile
from image_sync.gui.organize.facts import facts_of
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.model import OrganizeReview


@dataclass(frozen=True, slots=True)
class AloneRow:
    """One picture; ``cells`` are the texts of the columns in their order."""

    picture: int
    cells: tuple[str, ...]


def column_words() -> tuple[tuple[str, str], ...]:
    """Keys and words of the columns."""
    return (
        ("name", _("Picture")),
        ("size", _("Size")),
        ("pixels", _("Pixels")),
        ("fate", _("What happens")),
        ("folder", _("Folder")),
    )


def without_match(review: OrganizeReview) -> tuple[int, ...]:
    """The pictures in no group, by their index; the RAW half of another picture goes with that."""
    grouped = {member.picture for group in review.groups for member in group.members}
    return tuple(index for index, picture in enumerate(review.pictures) if index not in grouped and not picture.half_of)


def looked_for(model: GroupsModel, pictures: Sequence[int]) -> list[int]:
    """Pictures that the search lets through, by their name."""
    if model.query:
        pictures = [
            index
            for index in pictures
            if model.query.holds(
                facts_of(
                    model.picture(index), Member(index, Sameness.IDENTICAL_FILE, 1.0), PictureFate.KEEP, reviewed=False
                )
            )
        ]
    return sorted(pictures, key=lambda index: (paths.folded(model.picture(index).record.name), index))


def row_of(model: GroupsModel, index: int) -> AloneRow:
    """The row of one picture."""
    picture = model.picture(index)
    known, record = picture.fingerprint, picture.record
    return AloneRow(
        index,
        (
            shown(record.name),
            formatting.size(record.size),
            formatting.dimensions(known.width, known.height),
            fate_of(model, index),
            shown(paths.parent(record.path)),
        ),
    )


def fate_of(model: GroupsModel, index: int) -> str:
    """Fate of a picture without a match: that there is none goes without saying here."""
    return model.fate(model.picture(index)).split(": ")[0]


def tile_of(model: GroupsModel, index: int) -> Tile:
    """One picture as the preview shows it."""
    picture = model.picture(index)
    known, record = picture.fingerprint, picture.record
    measures = (formatting.dimensions(known.width, known.height), formatting.size(record.size))
    facts = (" · ".join(filter(None, measures)), fate_of(model, index))
    return Tile(index, record.path, best=False, mark="", title=shown(record.name), lines=facts)
