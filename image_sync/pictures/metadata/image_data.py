"""Comparison of the picture data of two files, byte for byte, whatever their EXIF block says.

The proof behind the writers of metadata: nothing is decoded, so nothing is forgiven.  Of a file everything counts but
its EXIF block: a date may be written into that, and into nothing else; and, where that is said, its XMP packet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator

from image_sync.pictures.metadata.boxes import Heif, Item, boxes, child
from image_sync.pictures.metadata.containers import (
    APP1,
    EXIF_HEADER,
    PNG_XMP,
    START_OF_SCAN,
    WEBP_XMP,
    XMP_CONTENT,
    XMP_HEADER,
    XMP_TAG,
    Segment,
    png_chunks,
    riff_chunks,
    segments,
    webp_canvas,
)
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import Directory, Tag, Tiff

_STRIPS, _TILES = (0x0111, 0x0117), (0x0144, 0x0145)
_HEIF_PARTS = (b"hdlr", b"pitm", b"iinf", b"iref", b"iprp", b"idat", b"grpl")
_TIMES_OVER = 4
"""How often the bytes of a file may be digested: parts may overlap, but a small file must not make work for days."""
_COST_OF_A_PART = 16
_ALLOWANCE = 2**20

Part = tuple[Hashable, ...]


def same_image_data(first: bytes, second: bytes, *, beside_xmp: bool = False) -> bool:
    """Whether two files (JPEG, HEIC, AVIF, PNG, WebP, TIFF) are the same in all that is not their EXIF block.

    ``beside_xmp`` lets the XMP packet be another too, and be there in one only, and an EXIF block in one of two TIFFs.
    Files of another format are the same only when they are equal.  A file without picture data, or one whose parts lie
    in each other, is never the same as any.
    """
    try:
        parts = tuple(_File(first, beside_xmp).parts())
        return bool(parts) and parts == tuple(_File(second, beside_xmp).parts())
    except _Entangled:
        return False


class _Entangled(Exception):
    """The parts of the file, taken together, are far larger than the file."""


class _File:
    """One file as the parts that must not change, each by its digest: pictures may be large, digests are not."""

    def __init__(self, data: bytes, beside_xmp: bool) -> None:
        self._data = data
        self._beside_xmp = beside_xmp
        self._window = Window.of_bytes(data)
        self._room = _TIMES_OVER * len(data) + _ALLOWANCE

    def parts(self) -> Iterator[Part]:
        """The parts in a fixed order."""
        data = self._data
        if data[:2] == b"\xff\xd8":
            return iter(self._jpeg())
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return self._png()
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return self._webp()
        if data[4:8] == b"ftyp":
            return self._heif()
        if data[:4] in (b"II*\0", b"MM\0*"):
            return self._tiff()
        return iter(((data,),) if data else ())

    def _digest(self, start: int, size: int) -> bytes:
        piece = memoryview(self._data)[start : start + size]
        self._room -= len(piece) + _COST_OF_A_PART
        if self._room < 0:
            raise _Entangled
        return hashlib.sha256(piece).digest()

    def _of(self, window: Window | None) -> bytes:
        return self._digest(window.start, window.size) if window else b""

    def _jpeg(self) -> tuple[Part, ...]:
        """All segments but EXIF, and everything from the start of the scan to the end of the file."""
        parts: list[Part] = []
        for segment in segments(self._window):
            if segment.marker == START_OF_SCAN:
                return (*parts, (START_OF_SCAN, self._digest(segment.at, len(self._data))))
            if not self._is_changing(segment):
                parts.append((segment.marker, self._of(segment.payload)))
        return ()

    def _is_changing(self, segment: Segment) -> bool:
        if segment.marker != APP1:
            return False
        if segment.payload.read(0, len(EXIF_HEADER)) == EXIF_HEADER:
            return True
        return self._beside_xmp and segment.payload.read(0, len(XMP_HEADER)) == XMP_HEADER

    def _png(self) -> Iterator[Part]:
        """All chunks but EXIF, each with its checksum, and what stands behind the last."""
        end = 8
        for chunk in png_chunks(self._window):
            end = chunk.at + 12 + chunk.body.size
            packet = chunk.type == b"iTXt" and chunk.body.read(0, len(PNG_XMP)) == PNG_XMP
            if chunk.type != b"eXIf" and not (packet and self._beside_xmp):
                yield (chunk.type, self._digest(chunk.at, 12 + chunk.body.size))
        yield (b"", self._digest(end, len(self._data)))

    def _webp(self) -> Iterator[Part]:
        """All chunks but EXIF, the size and the features of the picture, and what stands behind it."""
        canvas = webp_canvas(self._window)
        if canvas and self._beside_xmp:
            canvas = bytes([canvas[0] & ~WEBP_XMP]) + canvas[1:]
        yield (b"canvas", canvas)
        end = 8 + self._window.number(4, 4, "little")
        for chunk in riff_chunks(self._window.part(0, end), 12):
            if chunk.type not in (b"EXIF", b"VP8X") and not (chunk.type == b"XMP " and self._beside_xmp):
                yield (chunk.type, self._of(chunk.body))
        yield (b"", self._digest(end, len(self._data)))

    def _heif(self) -> Iterator[Part]:
        """The data of all items but EXIF, their properties and relations, and the boxes beside them."""
        heif = Heif.of(self._window)
        if heif is None:
            return
        for item in heif.items:
            changing = item.type == b"Exif" or (self._beside_xmp and item.content_type == XMP_CONTENT)
            yield (item.id, item.type, b"" if changing else tuple(self._extents(heif, item)))
        for name in _HEIF_PARTS:
            yield (name, self._of(child(heif.meta, name)))
        for box in boxes(self._window):
            if box.type not in (b"meta", b"mdat", b"free"):
                yield (box.type, self._of(box.body))

    def _extents(self, heif: Heif, item: Item) -> Iterator[bytes]:
        place = heif.origin(item)
        for extent in item.extents if place else ():
            yield self._of(place.part(item.base + extent.offset, extent.length or None) if place else None)

    def _tiff(self) -> Iterator[Part]:
        """All tags of every page, and the strips and tiles with their places."""
        tiff = Tiff.of(self._window)
        changing = {int(Tag.EXIF_IFD), *((int(Tag.GPS_IFD), XMP_TAG) if self._beside_xmp else ())}
        for number, page in enumerate(tiff.directories() if tiff else ()):
            for entry in page.entries.values():
                if entry.tag not in changing:
                    value = self._digest(entry.value_at, entry.size)
                    yield (number, entry.tag, entry.type, entry.count, value)
            for tags in (_STRIPS, _TILES):
                for place, length in _pieces(tiff, page, tags):
                    yield (place, length, self._digest(place, length))


def _pieces(tiff: Tiff | None, page: Directory, tags: tuple[int, int]) -> Iterator[tuple[int, int]]:
    places, lengths = (tiff.numbers(page.entries.get(tag)) if tiff else () for tag in tags)
    return zip(places, lengths, strict=False)
