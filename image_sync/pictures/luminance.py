"""Luminance of a whole picture, of which only parts are ever asked for: no copy of all of it is made.

For comparisons that need a picture at its full size.  It takes what decoding takes, and nothing on top.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from image_sync.pictures.content import Content
from image_sync.pictures.decode import WIDE_MODES, cost_of, exif_of, flattened, jpeg_cost, loaded, open_picture
from image_sync.pictures.identify import format_of
from image_sync.pictures.memory_budget import affordable
from image_sync.pictures.upright import Box, upright_part, upright_size


@dataclass(frozen=True, slots=True)
class Luminance:
    """A decoded picture as it is stored, with the quantisation table of a JPEG, row by row, and the EXIF orientation
    that makes it upright."""

    picture: Image.Image
    table: Sequence[int] | None = None
    orientation: int = 1

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright."""
        return upright_size(self.picture.size, self.orientation)

    def part(self, box: Box) -> Image.Image:
        """A part of the upright picture, in mode L."""
        return _grey(upright_part(self.picture, box, self.orientation))

    def middle(self, most: int) -> Image.Image:
        """The square in the middle of the upright picture, at most ``most`` pixels wide, in mode L."""
        width, height = self.size
        side = min(most, width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return self.part((left, top, left + side, top + side))

    def stored_rows(self, top: int, bottom: int) -> npt.NDArray[np.uint8]:
        """Rows of the picture as it is stored, shape (rows, width)."""
        return np.asarray(_grey(self.picture.crop((0, top, self.picture.width, bottom))))


def _grey(part: Image.Image) -> Image.Image:
    return flattened(part, 1).convert("L")


@contextmanager
def luminance_of(content: Content) -> Iterator[Luminance]:
    """The luminance of a picture, for the length of a ``with``.  Unreadable, or whatever the decoders raise."""
    format = format_of(content)
    picture = open_picture(content, format)
    table = None
    if isinstance(picture, JpegImageFile):
        size = picture.size
        picture.draft("L", size)
        cost = jpeg_cost(content, picture, size)
        tables: Mapping[int, Sequence[int]] = picture.quantization
        table = tables.get(picture.layer[0][3]) if picture.layer else None
    else:
        cost = cost_of(picture, content)
        if picture.mode in WIDE_MODES:
            affordable(*picture.size, cost := cost + picture.width * picture.height)
    with loaded(picture, cost):
        orientation = exif_of(picture, content, format).orientation
        # The range of wide numbers is that of the whole picture.
        yield Luminance(flattened(picture, 1) if picture.mode in WIDE_MODES else picture, table, orientation)
