"""Upright pictures by their EXIF orientation, whole or a part at a time.

The eight orientations are the numbers that EXIF has for them; 1 is upright as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

BAND = 256
"""Rows that are taken at a time where a copy of all would double the memory."""

TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture of each EXIF orientation upright; 1 is upright as it is."""
_TURNED = 5
"""From this orientation on rows are stored as columns."""
_FROM_THE_RIGHT = frozenset({2, 3, 7, 8})
_FROM_THE_BOTTOM = frozenset({3, 4, 6, 7})
"""Orientations whose stored columns, or rows, count the other way."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; the latter two are not in it."""


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """``picture`` turned and mirrored as its EXIF orientation asks for."""
    transposition = TRANSPOSITIONS.get(orientation)
    return picture if transposition is None else picture.transpose(transposition)


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height of the upright picture that is stored in ``size``."""
    return size[::-1] if orientation >= _TURNED else size


def upright_part(picture: Image.Image, box: Box, orientation: int) -> Image.Image:
    """``upright(picture, orientation).crop(box)`` without a copy of the whole."""
    left, top, right, bottom = box
    if orientation >= _TURNED:
        left, top, right, bottom = top, left, bottom, right
    if orientation in _FROM_THE_RIGHT:
        left, right = picture.width - right, picture.width - left
    if orientation in _FROM_THE_BOTTOM:
        top, bottom = picture.height - bottom, picture.height - top
    return upright(picture.crop((left, top, right, bottom)), orientation)


def upright_bands(picture: Image.Image, orientation: int, rows: int) -> Iterator[Image.Image]:
    """The upright picture from top to bottom, so many rows at a time."""
    width, height = upright_size(picture.size, orientation)
    for top in range(0, height, rows):
        yield upright_part(picture, (0, top, width, min(top + rows, height)), orientation)
