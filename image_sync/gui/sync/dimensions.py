"""Dimensions of a picture from its head alone: nothing is decoded.

Runs on a background thread only; what it needs is imported there.
"""

from __future__ import annotations


def dimensions(path: str) -> tuple[int, int]:
    """Width and height in pixels, upright; raises whatever the readers raise."""
    from image_sync.containment.shared import contained

    return contained(_read, path, (path,))


def _read(path: str) -> tuple[int, int]:
    from image_sync.pictures import content as contents
    from image_sync.pictures.decode import exif_of, open_picture
    from image_sync.pictures.identify import format_of
    from image_sync.pictures.upright import upright_size

    with contents.read(path) as content:
        kind = format_of(content)
        picture = open_picture(content, kind)
        return upright_size(picture.size, exif_of(picture, content, kind).orientation)
