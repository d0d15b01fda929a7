"""Finder of the EXIF block and the XMP packet in a picture file of any format, told by the file's first bytes.

JPEG, JPEG XL, HEIC, AVIF, TIFF, PNG, WebP and camera RAW files (all that are built on TIFF, and CR3, RAF, MRW).
Nothing is decoded: the result are windows on the places.  The name of the file does not matter.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from image_sync.pictures.metadata.boxes import Heif, boxes, child
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import Tiff

XMP_LIMIT = 4 * 1024 * 1024
"""The largest XMP packet that is read."""
_EXIF_LIMIT = 1024 * 1024
_CHUNK_LIMIT = 100_000
_SEGMENTS_LOOKED_AT = 2_000
_FILL_LIMIT = 4_096
EXIF_HEADER = b"Exif\0"
EXIF_PREFIX = b"Exif\0\0"
"""What stands before the TIFF structure in a JPEG's EXIF segment; some programs write other than the second NUL."""
SEGMENT_LIMIT = 65_533
"""Bytes that a JPEG segment may hold beside its length."""
XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
XMP_TAG = 0x02BC
"""The tag of a TIFF that holds its XMP packet."""
_IPTC_TAG = 0x83BB
WEBP_XMP, WEBP_EXIF, WEBP_ALPHA = 0x04, 0x08, 0x10
"""Flags of the extended WebP header: the file has an XMP or an EXIF chunk, the picture has transparent parts."""
XMP_CONTENT = b"application/rdf+xml"
"""The type of the item that holds the XMP packet of a HEIF file."""
PNG_XMP = b"XML:com.adobe.xmp\0"
"""What the text chunk with the XMP packet of a PNG begins with."""
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
"""The box of Canon's CR3 that holds its TIFF structures (CMT1: main, CMT2: EXIF)."""
PICTURE_BRANDS = frozenset(
    {
        b"heic",
        b"heix",
        b"heim",
        b"heis",
        b"hevc",
        b"hevx",
        b"hevm",
        b"hevs",
        b"mif1",
        b"msf1",
        b"avif",
        b"avis",
        b"crx ",
    }
)
MOVIE_TYPES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


@dataclass(frozen=True, slots=True)
class Embedded:
    """The metadata that a picture holds: EXIF as a TIFF structure, the EXIF directory where it is apart, XMP, and IPTC.

    ``iptc`` is a block of Photoshop's resources in a JPEG, the bare records in a TIFF.  ``text_date`` is what the text
    of a PNG says under ``Creation Time``, ``changed`` its ``tIME`` chunk.
    """

    exif: Window | None = None
    exif_details: Window | None = None
    xmp: Window | None = None
    iptc: Window | None = None
    text_date: str = ""
    changed: bytes = b""


def embedded(file: Window) -> Embedded:
    """Find the metadata of the picture ``file``; an empty result for what is none, or has none."""
    head = file.read(0, 32)
    if head[:2] == b"\xff\xd8":
        return _jpeg(file)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return _png(file)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(file)
    if head[:15] == b"FUJIFILMCCD-RAW":
        return _jpeg(file.part(file.number(84, 4), file.number(88, 4)))
    if head[:4] == b"\0MRM":
        return Embedded(_minolta(file))
    if head[4:8] == b"JXL ":
        exif = child(file, b"Exif")
        return Embedded(exif.part(4) if exif else None, None, child(file, b"xml "))
    if head[4:8] == b"ftyp":
        return _canon(file) if head[8:12] == b"crx " else _heif(file)
    return _tiff(file)


def is_movie(file: Window) -> bool:
    """Whether the file is a QuickTime or MP4 movie; HEIF pictures and CR3 are not, though some have a movie's boxes."""
    head = file.read(0, 12)
    if head[4:8] == b"ftyp":
        return head[8:12] not in PICTURE_BRANDS and child(file, b"moov") is not None
    return head[4:8] in MOVIE_TYPES


# --- JPEG -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """A JPEG segment: its marker, where the marker stands, and its payload (without the length)."""

    marker: int
    at: int
    payload: Window


_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
START_OF_SCAN = 0xDA
END_OF_IMAGE = 0xD9
APP1 = 0xE1
APP13 = 0xED
PHOTOSHOP = b"Photoshop 3.0\0"


def segments(file: Window) -> Iterator[Segment]:
    """The segments before the picture data, the start of the scan last when it is there."""
    at = 2
    for _ in range(_SEGMENTS_LOOKED_AT):
        head = file.read(at, 4)
        if head[:2] == b"\xff\xff":
            at += _fill_bytes(file.read(at, _FILL_LIMIT))
            head = file.read(at, 4)
        if len(head) < 2 or head[0] != 0xFF or head[1] in (0, END_OF_IMAGE):
            return
        if head[1] in _STANDALONE:
            at += 2
            continue
        length = int.from_bytes(head[2:4], "big")
        if len(head) < 4 or length < 2:
            return
        yield Segment(head[1], at, file.part(at + 4, length - 2))
        if head[1] == START_OF_SCAN:
            return
        at += 2 + length


def _fill_bytes(data: bytes) -> int:
    """The number of fill bytes (0xFF) before the marker that ``data`` begins with; any number is legal."""
    return len(data) - len(data.lstrip(b"\xff")) - 1


def _jpeg(file: Window) -> Embedded:
    exif = xmp = iptc = None
    for segment in segments(file):
        if segment.marker == APP13 and iptc is None and segment.payload.read(0, len(PHOTOSHOP)) == PHOTOSHOP:
            iptc = segment.payload.part(len(PHOTOSHOP))
        if segment.marker != APP1:
            continue
        head = segment.payload.read(0, len(XMP_HEADER))
        if exif is None and head[:5] == EXIF_HEADER:
            exif = segment.payload.part(6)
        elif xmp is None and head == XMP_HEADER:
            xmp = segment.payload.part(len(XMP_HEADER))
    return Embedded(exif, None, xmp, iptc)


# --- PNG, WebP ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of a PNG or RIFF file: its type, where it begins with its header, and what it holds."""

    type: bytes
    at: int
    body: Window


def png_chunks(file: Window) -> Iterator[Chunk]:
    """The chunks of a PNG file."""
    at = 8
    for _ in range(_CHUNK_LIMIT):
        head = file.read(at, 8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[:4], "big")
        yield Chunk(head[4:8], at, file.part(at + 8, size))
        at += size + 12


def riff_chunks(window: Window, start: int = 0) -> Iterator[Chunk]:
    """The chunks side by side in a RIFF file or list."""
    at = start
    for _ in range(_CHUNK_LIMIT):
        head = window.read(at, 8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:8], "little")
        yield Chunk(head[:4], at, window.part(at + 8, size))
        at += 8 + size + size % 2


_CREATION = b"Creation Time\0"


def _png(file: Window) -> Embedded:
    exif = xmp = None
    text, changed = "", b""
    for chunk in png_chunks(file):
        if chunk.type == b"eXIf":
            exif = exif or _without_header(chunk.body)
        elif chunk.type in (b"zTXt", b"tEXt") and chunk.body.read(0, 17).startswith(b"Raw profile type "):
            exif = exif or _raw_profile(chunk)
        elif chunk.type == b"iTXt" and chunk.body.read(0, len(PNG_XMP)) == PNG_XMP:
            xmp = xmp or _international_text(chunk.body)
        elif chunk.type in _TEXTS and not text and chunk.body.read(0, len(_CREATION)) == _CREATION:
            text = _creation_text(chunk)
        elif chunk.type == b"tIME":
            changed = chunk.body.read(0, 8)
    return Embedded(exif, None, xmp, None, text, changed)


_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def _creation_text(chunk: Chunk) -> str:
    """The text of a chunk whose keyword is ``Creation Time``, plain, compressed or international."""
    if chunk.type == b"tEXt":
        return chunk.body.read(len(_CREATION), 64).decode("latin-1")
    if chunk.type == b"zTXt":
        return _inflated(chunk.body.read(len(_CREATION) + 1, _TEXT_LIMIT), 64).decode("latin-1")
    text = _international_text(chunk.body)
    return text.read(0, 64).decode("utf-8", "replace") if text else ""


_TEXT_LIMIT = 4096


def _without_header(block: Window) -> Window:
    return block.part(6) if block.read(0, 5) == EXIF_HEADER else block


def _international_text(body: Window) -> Window | None:
    """The text of an ``iTXt`` chunk: keyword, compression flag and method, language, translated keyword, text."""
    data = body.read(0, XMP_LIMIT)
    keyword_end = data.find(b"\0")
    language_end = data.find(b"\0", keyword_end + 3)
    start = data.find(b"\0", language_end + 1) + 1
    if keyword_end < 0 or language_end < 0 or not start:
        return None
    compressed = data[keyword_end + 1 : keyword_end + 2] == b"\1"
    return Window.of_bytes(_inflated(data[start:], XMP_LIMIT) if compressed else data[start:])


def _raw_profile(chunk: Chunk) -> Window | None:
    """EXIF as ImageMagick keeps it in a text chunk: hexadecimal digits after a name and a length."""
    keyword, _, rest = chunk.body.read(0, 2 * _EXIF_LIMIT).partition(b"\0")
    if keyword not in (b"Raw profile type exif", b"Raw profile type APP1"):
        return None
    text = _inflated(rest[1:], 2 * _EXIF_LIMIT) if chunk.type == b"zTXt" else rest
    lines = text.split(b"\n", 3)
    try:
        block = bytes.fromhex(lines[3].decode("ascii")) if len(lines) == 4 else b""
    except ValueError:
        return None
    return _without_header(Window.of_bytes(block)) if block else None


def _inflated(data: bytes, limit: int) -> bytes:
    """``data`` decompressed, at most ``limit`` bytes of it; nothing when it is damaged."""
    try:
        return zlib.decompressobj().decompress(data, limit)
    except zlib.error:
        return b""


def _webp(file: Window) -> Embedded:
    exif = xmp = None
    for chunk in riff_chunks(file, 12):
        if chunk.type == b"EXIF":
            exif = exif or _without_header(chunk.body)
        elif chunk.type == b"XMP ":
            xmp = xmp or chunk.body
    return Embedded(exif, None, xmp)


def webp_canvas(file: Window) -> bytes | None:
    """The fields of the extended header (``VP8X``) of a WebP file: flags without that of EXIF, width and height.

    For a simple file it is what such a header would have to say; ``None`` when that can't be told.
    """
    chunk = next(riff_chunks(file, 12), None)
    head = chunk.body.read(0, 10) if chunk else b""
    if chunk is None or len(head) < 10:
        return None
    if chunk.type == b"VP8X":
        return bytes([head[0] & ~WEBP_EXIF]) + head[1:]
    if chunk.type == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height, flags = *(int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8)), 0
    elif chunk.type == b"VP8L" and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        width, height, flags = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, WEBP_ALPHA * (bits >> 28 & 1)
    else:
        return None
    if not width or not height:
        return None
    return bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


# --- HEIF, TIFF, RAW ------------------------------------------------------------------------------------------------


def _heif(file: Window) -> Embedded:
    heif = Heif.of(file)
    return Embedded(heif.exif(), None, heif.xmp()) if heif else Embedded()


def _canon(file: Window) -> Embedded:
    movie = child(file, b"moov")
    for box in boxes(movie) if movie else ():
        if box.type == b"uuid" and box.body.read(0, 16) == _CANON:
            inner = box.body.part(16)
            return Embedded(child(inner, b"CMT1"), child(inner, b"CMT2"))
    return Embedded()


def _minolta(file: Window) -> Window | None:
    """The TIFF block of a Minolta MRW file: blocks of a four-byte name and a length after the first eight bytes."""
    at = 8
    for _ in range(16):
        name, size = file.read(at, 4), file.number(at + 4, 4)
        if name == b"\0TTW":
            return file.part(at + 8, size)
        if size < 0:
            return None
        at += 8 + size
    return None


def _tiff(file: Window) -> Embedded:
    tiff = Tiff.of(file)
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None:
        return Embedded()
    xmp, iptc = main.entries.get(XMP_TAG), main.entries.get(_IPTC_TAG)
    return Embedded(
        file,
        None,
        file.part(xmp.value_at, xmp.size) if xmp and xmp.type in (1, 7) else None,
        file.part(iptc.value_at, iptc.size) if iptc else None,
    )
