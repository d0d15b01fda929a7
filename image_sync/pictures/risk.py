"""Risk of decoding a file, told by its first bytes: only what can't crash, hang or grow needs no process of its own.

Harmless are pictures of moderate size that are decoded in one pass by code that the whole world runs: a JPEG of one
scan, a PNG that stands still, a plain BMP.  Everything else is a risk, and so is what this module can't make out.
"""

from __future__ import annotations

from typing import BinaryIO

from image_sync.archives.seen_at import seen_at
from image_sync.base.model import FileKind
from image_sync.pictures.formats import kind_of
from image_sync.pictures.metadata.containers import START_OF_SCAN

MOST_JPEG_PIXELS = 24_000_000
"""Of a JPEG: a tenth of a second of decoding to an eighth, a fifth in full."""
MOST_OTHER_PIXELS = 4_000_000
"""Of a PNG or BMP, which are always decoded in full: a tenth of a second."""
MOST_ON_DISK = 32 * 2**20
_MOST_PARTS = 64
"""Segments or chunks before the pixels that are gone through."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PLAIN_FRAMES = (0xC0, 0xC1)
_WITH_LENGTH = frozenset({0xC4, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)})
"""JPEG segments that may stand before the picture: tables, restart interval, comment, application data."""


def is_harmless(path: str) -> bool:
    """Whether the file at ``path`` can be decoded on a thread of the program.  ``True`` also for one that can't be read
    at all: whoever tries to decode it says why."""
    if kind_of(path) is FileKind.RAW:
        return False
    try:
        with open(seen_at(path), "rb") as stream:
            head = stream.read(64)
            if stream.seek(0, 2) > MOST_ON_DISK:
                return False
            if head.startswith(b"\xff\xd8\xff"):
                return _is_harmless_jpeg(stream)
            if head.startswith(_PNG):
                return _is_harmless_png(stream)
            return head.startswith(b"BM") and _is_harmless_bmp(head)
    except OSError:
        return True


def _is_harmless_jpeg(stream: BinaryIO) -> bool:
    """Whether one scan holds all of a baseline frame that is not too large."""
    at, colours = 2, 0
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        head = stream.read(10)
        if len(head) < 10 or head[0] != 0xFF:
            return False
        marker = head[1]
        if marker in _PLAIN_FRAMES and not colours:
            colours = head[9]
            height, width = int.from_bytes(head[5:7], "big"), int.from_bytes(head[7:9], "big")
            if not 0 < width * height <= MOST_JPEG_PIXELS:
                return False
        elif marker == START_OF_SCAN:
            return 0 < colours == head[4]
        elif marker not in _WITH_LENGTH:
            return False
        at += 2 + int.from_bytes(head[2:4], "big")
    return False


def _is_harmless_png(stream: BinaryIO) -> bool:
    """Whether a PNG is no animation and not too large."""
    at = len(_PNG)
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 16 or head[4:8] == b"acTL":
            return False
        if head[4:8] == b"IHDR":
            width, height = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
            if not 0 < width * height <= MOST_OTHER_PIXELS:
                return False
        elif at == len(_PNG):
            return False
        if head[4:8] == b"IDAT":
            return True
        at += 12 + int.from_bytes(head[:4], "big")
    return False


def _is_harmless_bmp(head: bytes) -> bool:
    """Whether a BMP is not compressed and not too large."""
    width, height = (int.from_bytes(head[at : at + 4], "little", signed=True) for at in (18, 22))
    known = int.from_bytes(head[14:18], "little") >= 40
    return known and not any(head[30:34]) and 0 < abs(width * height) <= MOST_OTHER_PIXELS
