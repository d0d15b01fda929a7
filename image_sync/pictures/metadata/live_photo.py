"""Live Photo identifier, which ties the still and the movie together.

Apple writes the same UUID into the maker note of the still and into the metadata of the movie; names are only a guess
beside it.  Headers only are read.
"""

from __future__ import annotations

from image_sync.archives.opening import open_binary
from image_sync.pictures.metadata.containers import embedded, is_movie
from image_sync.pictures.metadata.movie_dates import CONTENT_IDENTIFIER, apple_value
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import Tag, Tiff

_APPLE = b"Apple iOS\0"
_APPLE_HEADER = 14
"""The maker note begins with its name, a version and its byte order; offsets in it count from its start."""
_CONTENT_IDENTIFIER_TAG = 0x0011


def content_identifier(path: str) -> str | None:
    """The Live Photo identifier of the still or movie at ``path``; ``None`` when it has none.

    Raises ``OSError`` when the file can't be read.
    """
    with open_binary(path) as stream:
        file = Window.of_stream(stream)
        text = apple_value(file, CONTENT_IDENTIFIER) if is_movie(file) else _of_still(file)
    return text.strip().upper() or None


def _of_still(file: Window) -> str:
    exif = embedded(file).exif
    tiff = Tiff.of(exif) if exif else None
    if tiff is None:
        return ""
    inner = tiff.below(tiff.directory(tiff.first), Tag.EXIF_IFD)
    entry = inner.entries.get(Tag.MAKER_NOTE) if inner else None
    if entry is None:
        return ""
    note = tiff.window.part(entry.value_at, entry.size)
    if note.read(0, len(_APPLE)) != _APPLE:
        return ""
    order = "little" if note.read(12, 2) == b"II" else "big"
    directory = Tiff(note, order, _APPLE_HEADER).directory(_APPLE_HEADER)
    found = directory.entries.get(_CONTENT_IDENTIFIER_TAG) if directory else None
    return note.read(found.value_at, min(found.size, 256)).decode("latin-1").split("\0")[0] if found else ""
