"""Frame count of an animation or a document of several pages, without decoding them.

Pillow counts a GIF's and a TIFF's by visiting each one, in a time that grows with the square of their number; a file
made of millions of empty frames would hold the program up for hours.  These walks are linear, end at ``MOST``
and decode nothing.
"""

from __future__ import annotations

from PIL import Image

from image_sync.pictures.content import Content
from image_sync.pictures.metadata.fast_exif import first_directory

MOST = 10_000


def count(picture: Image.Image, content: Content, format: str) -> int:
    """The number of frames of an opened picture, at least 1 and at most ``MOST``."""
    if format == "GIF":
        return max(1, _of_gif(content))
    if format == "TIFF":
        return max(1, _of_tiff(content))
    return max(1, min(int(getattr(picture, "n_frames", 1)), MOST))


def _of_tiff(content: Content) -> int:
    directory = first_directory(content)
    seen: set[int] = set()
    while directory is not None and directory.following not in seen and len(seen) < MOST:
        seen.add(directory.following)
        directory = directory.at(directory.following) if directory.following else None
    return len(seen)


def _of_gif(content: Content) -> int:
    """Blocks of a GIF89a (W3C): 0x2C begins an image, 0x21 an extension, 0x3B ends the file; the data of each come in
    sub-blocks of a length byte and so many bytes, up to a length of 0."""
    flags = content[10:11]
    at = 13 + _colours(flags[0] if flags else 0)
    number = 0
    while number < MOST:
        kind = content[at : at + 1]
        if kind == b"\x2c":
            number += 1
            local = content[at + 9 : at + 10]
            at += 11 + _colours(local[0] if local else 0)
        elif kind == b"\x21":
            at += 2
        else:
            break
        at = _behind_blocks(content, at)
    return number


def _colours(flags: int) -> int:
    """Bytes of the colour table that ``flags`` announces."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(content: Content, at: int) -> int:
    while True:
        length = content[at : at + 1]
        if not length or not length[0]:
            return at + 1
        at += 1 + length[0]
