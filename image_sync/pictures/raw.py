"""Decoding of a camera RAW file through the JPEG preview that the camera put there for its own screen.

Developing sensor data takes seconds and a large library; the preview is what the photographer saw.  Most RAW formats
are TIFF structures whose directories point to previews; Fujifilm's header does so; Canon's CR3, Olympus and others hide
theirs, and are searched for anything that is a whole JPEG.  Where there is none, the optional reader rawpy is asked.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PIL import Image

from image_sync.base import paths
from image_sync.base.model import FileKind
from image_sync.pictures.content import IN_MEMORY, Content
from image_sync.pictures.decode import Decoded, decode_jpeg, flattened, scale_of
from image_sync.pictures.errors import Unreadable
from image_sync.pictures.formats import kind_of
from image_sync.pictures.identify import known_format
from image_sync.pictures.memory_budget import affordable
from image_sync.pictures.metadata.fast_exif import NOTHING, Directory, Exif, details_of, first_directory, read_tiff

_SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION = 0x00FE, 0x0100, 0x0101, 0x0103
_STRIPS, _STRIP_LENGTHS, _CHILDREN = 0x0111, 0x0117, 0x014A
_JPEG_AT, _JPEG_LENGTH = 0x0201, 0x0202
_PANASONIC_JPEG = 0x002E
_JPEG_COMPRESSIONS = (6, 7)
_MOST_DIRECTORIES = 64
_MOST_PREVIEW = 2**26
_SMALLEST_PREVIEW = 64
_FUJI = b"FUJIFILMCCD-RAW"
_SEARCHED = IN_MEMORY
_CANON_HEAD = 2**17
_SENSOR_BITS = 14
"""What most sensors give; the file is not asked."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The place of a JPEG in a RAW file, and its width and height."""

    start: int
    length: int
    size: tuple[int, int]

    def of(self, content: Content) -> Content:
        """The preview's own bytes."""
        return Content(content[self.start : self.start + self.length])


def is_raw(path: str, content: Content) -> bool:
    """Whether ``path`` is a RAW file by its name, and not by its content a JPEG that an editor saved under it."""
    return kind_of(path) is FileKind.RAW and content.length > 0 and known_format(content[0:64]) in (None, "TIFF")


def decode_raw(path: str, content: Content) -> Decoded:
    """Decode the largest preview.  ``size`` is that of the sensor's picture where the file tells it; EXIF is the RAW's
    own, or else the preview's.  Unreadable when there is no preview and no reader."""
    preview, exif, size = find_preview(content)
    if preview is None:
        decoded, exif = _by_rawpy(content), replace(exif, orientation=1)
    else:
        decoded = decode_jpeg(preview.of(content))
    return replace(
        decoded,
        format=paths.suffix(path)[1:].upper(),
        size=max(size, decoded.size, key=lambda pair: pair[0] * pair[1]),
        exif=exif if exif.entries else decoded.exif,
        jpeg_quality=None,
        extras=replace(decoded.extras, bits=_SENSOR_BITS, movie=False, gain_map=False, further=0),
    )


def find_preview(content: Content) -> tuple[Preview | None, Exif, tuple[int, int]]:
    """The largest preview, the EXIF of the RAW itself, and the size of the sensor's picture ((0, 0) if unknown)."""
    directories = list(_directories(content))
    exif = read_tiff(content) if directories else _canon_exif(content)
    places = [place for directory in directories for place in _places(directory)]
    places += _fuji_place(content)
    found = [preview for place in places if (preview := _preview_at(content, *place))]
    if not found:
        found = list(_searched(content))
    best = max(found, key=lambda preview: (preview.size[0] * preview.size[1], -preview.start), default=None)
    return best, exif, _sensor_size(directories)


# --- where previews are -----------------------------------------------------------------------------------------------


def _directories(content: Content) -> Iterator[Directory]:
    """All directories of a TIFF structure, children after their parents, each once."""
    first = first_directory(content)
    waiting = [first] if first else []
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        directory = waiting.pop(0)
        yield directory
        for offset in (*directory.numbers(_CHILDREN), directory.following):
            if offset and offset not in seen and (child := directory.at(offset)):
                seen.add(offset)
                waiting.append(child)


def _places(directory: Directory) -> Iterator[tuple[int, int]]:
    """Start and length of what a directory says is a JPEG."""
    if _JPEG_AT in directory.fields:
        yield directory.number(_JPEG_AT), directory.number(_JPEG_LENGTH)
    strips, lengths = directory.numbers(_STRIPS, 2), directory.numbers(_STRIP_LENGTHS, 2)
    if directory.number(_COMPRESSION) in _JPEG_COMPRESSIONS and len(strips) == len(lengths) == 1:
        yield strips[0], lengths[0]
    if _PANASONIC_JPEG in directory.fields:
        _, length, value = directory.fields[_PANASONIC_JPEG]
        yield int.from_bytes(value, "little" if directory.order == "<" else "big"), length


def _fuji_place(content: Content) -> list[tuple[int, int]]:
    head = content[0:92]
    if not head.startswith(_FUJI):
        return []
    return [(int.from_bytes(head[84:88], "big"), int.from_bytes(head[88:92], "big"))]


def _searched(content: Content) -> Iterator[Preview]:
    """The previews found by search: each begins as a JPEG and goes on as one as far as its frame, or to the end."""
    data = content[0:_SEARCHED]
    start = data.find(b"\xff\xd8\xff")
    while start >= 0:
        preview = _preview_at(content, start, len(data) - start)
        if preview is not None:
            yield preview
        start = data.find(b"\xff\xd8\xff", start + 3)


def _preview_at(content: Content, start: int, length: int) -> Preview | None:
    length = min(length, content.length - start, _MOST_PREVIEW)
    size = _frame_size(content, start, length)
    return Preview(start, length, size) if size and min(size) >= _SMALLEST_PREVIEW else None


def _frame_size(content: Content, start: int, length: int) -> tuple[int, int] | None:
    """Width and height of an ordinary JPEG at ``start``; ``None`` for anything else (sensor data is lossless JPEG)."""
    if start <= 0 or length < 4 or content[start : start + 2] != b"\xff\xd8":
        return None
    at, end = start + 2, start + length
    while at + 9 <= end:
        head = content[at : at + 9]
        if head[0] != 0xFF or head[1] < 0xC0 or head[1] == 0xDA:
            return None
        if head[1] in (0xC0, 0xC1, 0xC2):
            size = (int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big"))
            return size if head[4] == 8 and min(size) > 0 else None
        if head[1] == 0xC3:
            return None
        at += 2 + int.from_bytes(head[2:4], "big")
    return None


def _sensor_size(directories: list[Directory]) -> tuple[int, int]:
    sizes = [
        (directory.number(_WIDTH), directory.number(_HEIGHT))
        for directory in directories
        if directory.number(_SUBFILE) == 0
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def _canon_exif(content: Content) -> Exif:
    """A CR3 keeps the first directory and the Exif directory as two TIFF structures in boxes of their own."""
    head = content[0:_CANON_HEAD]
    if head[4:12] != b"ftypcrx ":
        return NOTHING
    general, details = head.find(b"CMT1"), head.find(b"CMT2")
    exif = read_tiff(head[general + 4 :]) if general > 0 else NOTHING
    directory = first_directory(head[details + 4 :]) if details > 0 else None
    times = details_of(directory) if directory else NOTHING
    return replace(exif, original=times.original, digitized=times.digitized)


# --- the optional reader ----------------------------------------------------------------------------------------------


def developed(content: Content) -> tuple[Image.Image, tuple[int, int]]:
    """The upright picture at half size in mode RGB, developed from the sensor's data, and its true size."""
    try:
        rawpy = importlib.import_module("rawpy")
    except ImportError:
        raise Unreadable("it carries no preview", "install the optional reader rawpy to see it", passing=True) from None
    with rawpy.imread(content.stream()) as raw:
        width, height = raw.sizes.iwidth, raw.sizes.iheight
        affordable(width, height, width * height * 8)
        picture = Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8))
    lies = (width > height) == (picture.width > picture.height)
    return picture, (width, height) if lies else (height, width)


def _by_rawpy(content: Content) -> Decoded:
    picture, size = developed(content)
    return Decoded("RAW", size, 1, flattened(picture, scale_of(picture.size)).convert("L"), NOTHING)
