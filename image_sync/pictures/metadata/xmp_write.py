"""Writer of the XMP packet of a picture file, touching nothing else.

JPEG, PNG, WebP, TIFF, and HEIC or AVIF that have a packet already.  Bytes in, bytes out; what a packet says is none of
this module's business (``xmp_edit``), and nothing of the result is checked here (``stated_write``).
"""

from __future__ import annotations

import struct

from image_sync.pictures.metadata.containers import (
    APP1,
    EXIF_HEADER,
    PNG_XMP,
    START_OF_SCAN,
    WEBP_EXIF,
    WEBP_XMP,
    XMP_CONTENT,
    XMP_HEADER,
    XMP_LIMIT,
    XMP_TAG,
    embedded,
    png_chunks,
    segments,
)
from image_sync.pictures.metadata.exif_edit import CannotWrite, table_with, writable
from image_sync.pictures.metadata.exif_write import (
    NO_PLACE,
    Edit,
    after_jfif,
    as_it_is,
    block_of,
    check_growth,
    check_tiff,
    jpeg_segment,
    moved_to_end,
    pictures_items,
    png_chunk,
    riff_chunk,
    starts,
    webp_parts,
    whole_webp,
)
from image_sync.pictures.metadata.reading import Window

_TWO = "it has two XMP packets, and nobody knows which one counts"


def packet_of(data: bytes) -> bytes:
    """The XMP packet of a file; empty when it has none.  Raises ``CannotWrite`` for one that is too large to read."""
    found = embedded(Window.of_bytes(data)).xmp
    if found is not None and found.size > XMP_LIMIT:
        raise CannotWrite("its XMP data is too large")
    return found.read(0, found.size) if found else b""


def with_packet(data: bytes, edit: Edit) -> bytes:
    """The file ``data`` with what ``edit`` makes of its XMP packet.

    Raises ``CannotWrite`` when the format has no safe place for it.
    """
    if data[:2] == b"\xff\xd8":
        return _jpeg(data, edit)
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _png(data, edit)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data, edit)
    if data[4:8] == b"ftyp":
        return _heif(data, edit)
    if data[:4] in (b"II*\0", b"MM\0*"):
        return _tiff(data, edit)
    raise CannotWrite(NO_PLACE)


def _jpeg(data: bytes, edit: Edit) -> bytes:
    found = list(segments(Window.of_bytes(data)))
    if not found or found[-1].marker != START_OF_SCAN:
        raise CannotWrite("the JPEG is damaged before its picture data begins")
    packets = [segment for segment in found if segment.marker == APP1 and starts(segment, XMP_HEADER)]
    if len(packets) > 1:
        raise CannotWrite(_TWO)
    if packets:
        start, end = packets[0].at, packets[0].payload.start + packets[0].payload.size
    else:
        blocks = [segment for segment in found if segment.marker == APP1 and starts(segment, EXIF_HEADER)]
        start = end = blocks[0].payload.start + blocks[0].payload.size if blocks else after_jfif(found)
    if end > len(data):
        raise CannotWrite("its metadata is cut off")
    check_growth(data, found, start, block_of(data))
    return data[:start] + jpeg_segment(XMP_HEADER + edit(packet_of(data))) + data[end:]


def _png(data: bytes, edit: Edit) -> bytes:
    chunks = list(png_chunks(Window.of_bytes(data)))
    names = [chunk.type for chunk in chunks]
    if names[:1] != [b"IHDR"] or b"IDAT" not in names or b"IEND" not in names:
        raise CannotWrite("the PNG is damaged or cut off")
    packets = [chunk for chunk in chunks if chunk.type == b"iTXt" and chunk.body.read(0, len(PNG_XMP)) == PNG_XMP]
    if len(packets) > 1:
        raise CannotWrite(_TWO)
    # After the keyword: not compressed, no method, no language, no translated keyword.
    content = png_chunk(b"iTXt", PNG_XMP + bytes(4) + edit(packet_of(data)))
    if packets:
        return data[: packets[0].at] + content + data[packets[0].at + 12 + packets[0].body.size :]
    at = chunks[names.index(b"IDAT")].at
    return data[:at] + content + data[at:]


def _webp(data: bytes, edit: Edit) -> bytes:
    chunks, canvas = webp_parts(data)
    packets = [chunk for chunk in chunks if chunk.type == b"XMP "]
    if len(packets) > 1:
        raise CannotWrite(_TWO)
    others = [chunk for chunk in chunks if chunk.type not in (b"VP8X", b"XMP ")]
    exif = WEBP_EXIF if any(chunk.type == b"EXIF" for chunk in others) else 0
    body = riff_chunk(b"VP8X", bytes([canvas[0] | exif | WEBP_XMP]) + canvas[1:])
    body += b"".join(map(as_it_is, others)) + riff_chunk(b"XMP ", edit(packet_of(data)))
    return whole_webp(body, data)


def _heif(data: bytes, edit: Edit) -> bytes:
    items = [item for item in pictures_items(data).items if item.content_type == XMP_CONTENT]
    if len(items) != 1 or len(items[0].extents) != 1 or items[0].method != 0:
        raise CannotWrite("a picture of this format needs an XMP packet already, in one piece")
    item, extent = items[0], items[0].extents[0]
    if item.base + extent.offset + extent.length > len(data):
        raise CannotWrite("its XMP data is cut off")
    return moved_to_end(data, extent, item.base, edit(packet_of(data)))


def _tiff(data: bytes, edit: Edit) -> bytes:
    check_tiff(data)
    tiff = writable(data)
    main = tiff.directory(tiff.first)
    old = main.entries.get(XMP_TAG) if main else None
    if old is not None and old.type not in (1, 7):
        raise CannotWrite("its XMP data is damaged")
    packet = edit(packet_of(data))
    result = bytearray(data + b"\0" * (len(data) % 2))
    entry = (old.type if old else 1, len(packet), struct.pack(tiff.byte_order + "I", len(result)))
    result += packet + b"\0" * (len(packet) % 2)
    directory_at = len(result)
    result += table_with(tiff, main, {XMP_TAG: entry})
    result[4:8] = struct.pack(tiff.byte_order + "I", directory_at)
    return bytes(result)
