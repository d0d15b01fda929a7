"""Facts of one picture of a group that the search of *organize* can ask about."""

from __future__ import annotations

from image_sync.base import paths
from image_sync.base.model import FileKind, Member, Picture, PictureFate, Sameness
from image_sync.gui.job.query import Facts

_FATES = {PictureFate.KEEP: "kept", PictureFate.SET_ASIDE: "aside", PictureFate.LEAVE: "left"}
_SAMENESS = {
    Sameness.IDENTICAL_FILE: "identical",
    Sameness.IDENTICAL_PIXELS: "pixels",
    Sameness.SIMILAR: "similar",
    Sameness.SERIES: "series",
    Sameness.WITHIN: "within",
    Sameness.WITHIN: "within",
}
_ALSO = {"heif": "heic", "jpeg": "jpg", "tiff": "tif", "mpo": "jpg"}
"""Names that a format has beside its own."""


def facts_of(picture: Picture, member: Member, fate: PictureFate, reviewed: bool) -> Facts:
    """Facts of a member of a group."""
    known, record = picture.fingerprint, picture.record
    return Facts(
        name=record.name,
        folder=paths.parent(record.path),
        size=record.size,
        score=int(member.score * 100 + 1e-6),
        kinds=_kinds(picture),
        states=_states(picture, member, fate, reviewed),
        camera=known.camera,
        date=known.captured,
        pixels=known.pixels or None,
    )


def _kinds(picture: Picture) -> frozenset[str]:
    name = picture.fingerprint.format.casefold()
    kinds = {name, _ALSO.get(name, name), paths.suffix(picture.record.name).lstrip(".").casefold()}
    if picture.record.kind is FileKind.RAW:
        kinds.add("raw")
    return frozenset(kinds - {""})


def _states(picture: Picture, member: Member, fate: PictureFate, reviewed: bool) -> frozenset[str]:
    facts = {
        "reviewed": reviewed,
        "open": not reviewed,
        "reference": picture.reference,
        "damaged": bool(picture.damage),
        "cropped": picture.shows_less,
        "altered": bool(picture.altered),
        "gps": picture.fingerprint.has_gps,
        "turned": bool(member.turn),
    }
    return frozenset({_FATES[fate], _SAMENESS[member.sameness], *(word for word, holds in facts.items() if holds)})
