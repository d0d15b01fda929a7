"""Decoding of a thumbnail: small, upright, in colour, with the same care and readers as the scan.

Runs on the thumbnail threads, or for them in a worker process; what it needs is imported there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

    from image_sync.pictures.content import Content
    from image_sync.pictures.metadata.fast_exif import Exif


class Wish(Protocol):
    """Wish for a thumbnail of the file ``path``, no larger than ``box`` pixels in both directions."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def box(self) -> int:
        """Pixels."""


ENOUGH = 2
"""A picture is decoded at no less than this many times the size of its thumbnail, and reduced well from there."""


def decode(wish: Wish) -> Image:
    """The picture, upright, within ``wish.box`` pixels in both directions; raises whatever the decoders raise."""
    from image_sync.containment.shared import contained

    return contained(_decoded, wish, (wish.path,))


def _decoded(wish: Wish) -> Image:
    """The picture, decoded in this very process."""
    from image_sync.pictures import content as contents
    from image_sync.pictures.raw import find_preview, is_raw
    from image_sync.pictures.upright import upright

    with contents.read(wish.path) as content:
        if is_raw(wish.path, content):
            preview, exif, _ = find_preview(content)
            if preview is None:
                raise ValueError("a RAW file without a preview")
            small, own = _small(preview.of(content), wish.box)
            exif = exif if exif.entries else own
        else:
            small, exif = _small(content, wish.box)
        return upright(small, exif.orientation)


def _small(content: Content, box: int) -> tuple[Image, Exif]:
    """The first frame as it is stored, at most ``box`` pixels wide and high, and its EXIF."""
    from image_sync.pictures.decode import cost_of, exif_of, flattened, jpeg_cost, open_picture
    from image_sync.pictures.identify import format_of
    from image_sync.pictures.memory_budget import DECODE_BUDGET

    kind = format_of(content)
    picture = open_picture(content, kind)
    size = picture.size
    if kind != "JPEG":
        cost = cost_of(picture, content)
    picture.draft("RGB", (box * ENOUGH, box * ENOUGH))
    if kind == "JPEG":
        cost = jpeg_cost(content, picture, size)  # type: ignore[arg-type]
    with DECODE_BUDGET.holding(cost):
        picture.load()
        small = flattened(picture, max(1, min(picture.size) // (box * ENOUGH)))
        small.thumbnail((box, box))
    return small.convert("RGB"), exif_of(picture, content, kind)
