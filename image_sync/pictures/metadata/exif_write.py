"""Writer of the capture date into a picture file, touching nothing else, or into an XMP sidecar where that is unsafe.

JPEG, PNG, WebP, TIFF, and HEIC or AVIF that have EXIF already.  Every byte of picture data stays as it is, every other
tag keeps its value and its place: both are checked on the result before it is given out, and what can't be written that
way is refused (``CannotWrite``).  RAW files are always refused.  Bytes in, bytes out: no file is touched here; the
caller writes the result to a temporary file and replaces nothing that it did not read back.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from datetime import datetime

from image_sync.pictures.metadata.boxes import Extent, Heif, boxes, child
from image_sync.pictures.metadata.containers import (
    APP1,
    END_OF_IMAGE,
    EXIF_HEADER,
    EXIF_PREFIX,
    SEGMENT_LIMIT,
    START_OF_SCAN,
    WEBP_EXIF,
    Chunk,
    Segment,
    embedded,
    png_chunks,
    riff_chunks,
    segments,
    webp_canvas,
)
from image_sync.pictures.metadata.exif_edit import (
    CannotWrite,
    dated_block,
    keeps_others,
    new_block,
    reaches_out,
    states,
)
from image_sync.pictures.metadata.exif_required import PLAIN, TIFF, Required, of_jpeg
from image_sync.pictures.metadata.image_data import same_image_data
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import Tag, Tiff

__all__ = ["CannotWrite", "same_image_data", "same_other_tags", "with_date", "xmp_sidecar"]

SIZE_LIMIT = 512 * 1024 * 1024
"""The largest file that is patched in memory."""
NO_PLACE = "dates can't be written into files of this format"
Edit = Callable[[bytes], bytes]
"""Makes a new EXIF block, or XMP packet, of the old one; of an empty one where there is none."""
_JFIF = (b"JFIF\0", b"JFXX\0")
_MULTI_PICTURE = b"MPF\0"


def with_date(data: bytes, when: datetime) -> bytes:
    """The file ``data`` with ``when`` as the date it was taken and digitized.

    The result has the same picture data and the same other tags, which was checked.  Raises ``CannotWrite`` with the
    reason in words when the format does not allow that, or the file is damaged.
    """
    if len(data) > SIZE_LIMIT:
        raise CannotWrite("the file is too large to be changed safely")
    about = _required(data)
    result = with_block(data, lambda block: dated_block(block, when, about) if block else new_block(when, about))
    if not same_image_data(data, result):
        raise CannotWrite("the picture itself would have changed")
    if not same_other_tags(data, result) or not states(block_of(result), when):
        raise CannotWrite("other data in the file would have changed")
    return result


def _required(data: bytes) -> Required:
    """Tags that EXIF demands of a new block in this file."""
    if data[:2] == b"\xff\xd8":
        return of_jpeg(Window.of_bytes(data))
    return TIFF if data[:4] in (b"II*\0", b"MM\0*") else PLAIN


def same_other_tags(first: bytes, second: bytes) -> bool:
    """Whether no tag of ``first`` but the dates taken and digitized is another in ``second``.

    A tag counts with its value and with where that stands; what EXIF demands of a new directory is no change.  A file
    without EXIF has none that could change.
    """
    block = block_of(first)
    return not block or keeps_others(block, block_of(second))


def xmp_sidecar(when: datetime) -> bytes:
    """An XMP file that states ``when`` as the capture date, to stand beside a picture that can't be changed."""
    stated = when.replace(microsecond=0, tzinfo=None).isoformat()
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about=""\n'
        '    xmlns:exif="http://ns.adobe.com/exif/1.0/"\n'
        '    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"\n'
        '    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
        f'    exif:DateTimeOriginal="{stated}"\n'
        f'    photoshop:DateCreated="{stated}"\n'
        f'    xmp:CreateDate="{stated}"/>\n'
        " </rdf:RDF>\n"
        "</x:xmpmeta>\n"
        '<?xpacket end="w"?>\n'
    ).encode()


def with_block(data: bytes, edit: Edit) -> bytes:
    """The file ``data`` with what ``edit`` makes of its EXIF block; that may only change within or grow.

    Nothing of the result is checked here.  Raises ``CannotWrite`` when the format has no safe place for it.
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


def block_of(data: bytes) -> bytes:
    """The EXIF block of a file; empty when it has none."""
    found = embedded(Window.of_bytes(data)).exif
    return data[found.start : found.start + found.size] if found else b""


# --- JPEG -----------------------------------------------------------------------------------------------------------


def _jpeg(data: bytes, edit: Edit) -> bytes:
    found = list(segments(Window.of_bytes(data)))
    if not found or found[-1].marker != START_OF_SCAN:
        raise CannotWrite("the JPEG is damaged before its picture data begins")
    blocks = [segment for segment in found if segment.marker == APP1 and starts(segment, EXIF_HEADER)]
    if len(blocks) > 1:
        raise CannotWrite("it has two EXIF blocks, and nobody knows which one counts")
    if not blocks:
        at = after_jfif(found)
        return data[:at] + jpeg_segment(EXIF_PREFIX + edit(b"")) + data[at:]
    segment = blocks[0]
    end = segment.payload.start + segment.payload.size
    if end > len(data) or segment.payload.size < len(EXIF_PREFIX):
        raise CannotWrite("its EXIF data is cut off")
    old = data[segment.payload.start + len(EXIF_PREFIX) : end]
    new = edit(old)
    if len(new) != len(old):
        check_growth(data, found, segment.at, old)
    header = data[segment.payload.start : segment.payload.start + len(EXIF_PREFIX)]
    return data[: segment.at] + jpeg_segment(header + new) + data[end:]


def starts(segment: Segment, text: bytes) -> bool:
    """Whether the payload of a segment begins with ``text``."""
    return segment.payload.read(0, len(text)) == text


def jpeg_segment(payload: bytes) -> bytes:
    """A segment of metadata.  Raises ``CannotWrite`` where it would be too large."""
    if len(payload) > SEGMENT_LIMIT:
        raise CannotWrite("its metadata is full: a JPEG has room for 64 kB of it")
    return bytes([0xFF, APP1]) + (len(payload) + 2).to_bytes(2, "big") + payload


def after_jfif(found: list[Segment]) -> int:
    """The offset at which a new EXIF block goes in: before everything but the JFIF header, which has to be first."""
    place = 2
    for segment in found:
        if segment.marker != 0xE0 or not any(starts(segment, name) for name in _JFIF):
            break
        place = segment.payload.start + segment.payload.size
    return place


def check_growth(data: bytes, found: list[Segment], at: int, block: bytes) -> None:
    """Refuse growth at the offset ``at`` when something counts on how far it is from there, or from the EXIF block."""
    if any(segment.at < at and starts(segment, _MULTI_PICTURE) for segment in found):
        raise CannotWrite("the other pictures in the file would not be found any more")
    if reaches_out(block) and data[_end_of_picture(data, found[-1]) :].strip(b"\0"):
        raise CannotWrite("the camera keeps data behind the picture, and it might not be found any more")


_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")


def _end_of_picture(data: bytes, scan: Segment) -> int:
    """The offset at which the first picture of a JPEG ends; the end of the file when that is not to be found."""
    first = data.find(bytes([0xFF, END_OF_IMAGE]), scan.at)
    if first < 0 or not data[first + 2 :].strip(b"\0"):
        return len(data)  # most files; no need to go from marker to marker
    at = scan.at
    while match := _NEXT_MARKER.search(data, at):
        if match[1][0] == END_OF_IMAGE:
            return match.end()
        at = match.end() + max(int.from_bytes(data[match.end() : match.end() + 2], "big"), 2)
    return len(data)


# --- PNG, WebP, TIFF ------------------------------------------------------------------------------------------------


def _png(data: bytes, edit: Edit) -> bytes:
    chunks = list(png_chunks(Window.of_bytes(data)))
    names = [chunk.type for chunk in chunks]
    if names[:1] != [b"IHDR"] or b"IDAT" not in names or b"IEND" not in names:
        raise CannotWrite("the PNG is damaged or cut off")
    if any(chunk.body.read(0, 17).startswith(b"Raw profile type ") for chunk in chunks if chunk.type != b"IDAT"):
        raise CannotWrite("it keeps its EXIF data in a text, which can't be changed safely")
    blocks = [chunk for chunk in chunks if chunk.type == b"eXIf"]
    if len(blocks) > 1:
        raise CannotWrite("it has two EXIF blocks, and nobody knows which one counts")
    if not blocks:
        at = chunks[names.index(b"IDAT")].at
        return data[:at] + png_chunk(b"eXIf", edit(b"")) + data[at:]
    chunk = blocks[0]
    return data[: chunk.at] + png_chunk(b"eXIf", _edited_chunk(chunk, edit)) + data[chunk.at + 12 + chunk.body.size :]


def _edited_chunk(chunk: Chunk, edit: Edit) -> bytes:
    content = chunk.body.read(0, chunk.body.size)
    start = len(EXIF_PREFIX) if content.startswith(EXIF_HEADER) else 0
    return content[:start] + edit(content[start:])


def png_chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    named = name + content
    return len(content).to_bytes(4, "big") + named + zlib.crc32(named).to_bytes(4, "big")


def _webp(data: bytes, edit: Edit) -> bytes:
    chunks, canvas = webp_parts(data)
    blocks = [chunk for chunk in chunks if chunk.type == b"EXIF"]
    if len(blocks) > 1:
        raise CannotWrite("it has two EXIF blocks, and nobody knows which one counts")
    exif = riff_chunk(b"EXIF", _edited_chunk(blocks[0], edit) if blocks else edit(b""))
    others_before = [chunk for chunk in chunks if chunk.type not in (b"VP8X", b"XMP ", b"EXIF")]
    packets = [chunk for chunk in chunks if chunk.type == b"XMP "]
    body = riff_chunk(b"VP8X", bytes([canvas[0] | WEBP_EXIF]) + canvas[1:])
    body += b"".join(map(as_it_is, others_before)) + exif + b"".join(map(as_it_is, packets))
    return whole_webp(body, data)


def webp_parts(data: bytes) -> tuple[list[Chunk], bytes]:
    """The chunks of a WebP file, and the fields of its extended header.  Raises ``CannotWrite`` for a damaged one."""
    file = Window.of_bytes(data)
    end = 8 + file.number(4, 4, "little")
    chunks = list(riff_chunks(file.part(0, end), 12))
    canvas = webp_canvas(file)
    last = chunks[-1] if chunks else None
    if (
        canvas is None
        or last is None
        or end > len(data)
        or end % 2
        or last.at + 8 + last.body.size not in (end, end - 1)
    ):
        raise CannotWrite("the WebP is damaged or cut off")
    return chunks, canvas


def whole_webp(body: bytes, old: bytes) -> bytes:
    """A WebP file of these chunks, with what stood behind the ``old`` one."""
    end = 8 + int.from_bytes(old[4:8], "little")
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body + old[end:]


def as_it_is(chunk: Chunk) -> bytes:
    """A chunk of a RIFF file with its header."""
    return riff_chunk(chunk.type, chunk.body.source.read(chunk.body.start, chunk.body.size))


def riff_chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a RIFF file, padded to an even length."""
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


_COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946})
"""TIFF: none, fax, LZW, JPEG, deflate, PackBits.  RAW files have compressions of their own."""
_COLOURS = frozenset({0, 1, 2, 3, 5, 6, 8})
"""TIFF: grey, RGB, palette, CMYK, YCbCr, Lab; no colour filter array."""


def _tiff(data: bytes, edit: Edit) -> bytes:
    check_tiff(data)
    return edit(data)


def check_tiff(data: bytes) -> None:
    """Raise ``CannotWrite`` for a TIFF structure that is damaged, or the sensor data of a camera."""
    tiff = Tiff.of(Window.of_bytes(data))
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None:
        raise CannotWrite("the TIFF is damaged")
    compression = tiff.number(main.entries.get(0x0103))
    colours = tiff.number(main.entries.get(0x0106))
    raw = Tag.SUB_IFDS in main.entries or Tag.DNG_VERSION in main.entries or data[8:10] == b"CR"
    if raw or compression not in _COMPRESSIONS or colours not in _COLOURS:
        raise CannotWrite("RAW files are never changed")


# --- HEIC, AVIF -----------------------------------------------------------------------------------------------------


def _heif(data: bytes, edit: Edit) -> bytes:
    items = pictures_items(data).exif_items()
    if len(items) != 1 or len(items[0].extents) != 1 or items[0].method != 0:
        raise CannotWrite("a picture of this format needs EXIF data already, in one piece")
    item, extent = items[0], items[0].extents[0]
    start = item.base + extent.offset
    header = 4 + Window.of_bytes(data).number(start, 4)
    if extent.length <= header or start + extent.length > len(data):
        raise CannotWrite("its EXIF data is cut off")
    old = data[start : start + extent.length]
    new = old[:header] + edit(old[header:])
    if len(new) == len(old):
        return data[:start] + new + data[start + len(old) :]
    return moved_to_end(data, extent, item.base, new)


def pictures_items(data: bytes) -> Heif:
    """The items of a HEIC or AVIF picture.  Raises ``CannotWrite`` for another file."""
    heif = Heif.of(Window.of_bytes(data))
    handler = child(heif.meta, b"hdlr") if heif else None
    if heif is None or handler is None or handler.read(8, 4) != b"pict":
        raise CannotWrite(NO_PLACE)
    return heif


def moved_to_end(data: bytes, extent: Extent, base: int, content: bytes) -> bytes:
    """The file with the item's content in a box behind all others, and its entry in the table pointing there."""
    end, types = 0, []
    for box in boxes(Window.of_bytes(data)):
        end, open_end = box.at + box.size, data[box.at : box.at + 4] == bytes(4)
        types.append(box.type)
        if open_end or end > len(data):
            raise CannotWrite("the file is cut off, or its last part has no end")
    if end != len(data) or b"mpvd" in types:
        raise CannotWrite("there is data behind the picture that might not be found any more")
    result = bytearray(data)
    for place, value in ((extent.offset_field, end + 8 - base), (extent.length_field, len(content))):
        if value < 0 or value >= 1 << 8 * place.width:
            raise CannotWrite("the table of the file's parts has no room for the change")
        result[place.at : place.at + place.width] = value.to_bytes(place.width, "big")
    return bytes(result) + (len(content) + 8).to_bytes(4, "big") + b"mdat" + content
