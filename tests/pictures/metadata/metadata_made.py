"""EXIF blocks, XMP packets and movies that tests make byte by byte, so that they can be wrong as well."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from datetime import datetime, timezone

from PIL import Image, PngImagePlugin

from tests.pictures_made import scene

Value = str | int | bytes
MODIFIED, ORIGINAL, DIGITIZED = 0x0132, 0x9003, 0x9004
OFFSET_ORIGINAL, SUBSEC_ORIGINAL, MAKER_NOTE = 0x9011, 0x9291, 0x927C
_EXIF_POINTER = 0x8769


def exif_block(main: Mapping[int, Value], inner: Mapping[int, Value] | None = None, order: str = "<") -> bytes:
    """A TIFF structure with a main directory and, unless ``inner`` is ``None``, an EXIF directory.

    Texts become ASCII with a NUL, numbers LONG, bytes UNDEFINED.
    """
    fields = dict(main)
    if inner is not None:
        fields[_EXIF_POINTER] = 0
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    if inner is not None:
        fields[_EXIF_POINTER] = 8 + len(_directory(fields, 8, order))
    first = _directory(fields, 8, order)
    second = _directory(inner, 8 + len(first), order) if inner is not None else b""
    return head + first + second


def _directory(fields: Mapping[int, Value], at: int, order: str) -> bytes:
    table = struct.pack(order + "H", len(fields))
    values = b""
    values_at = at + 2 + 12 * len(fields) + 4
    for tag in sorted(fields):
        kind, count, data = _encoded(fields[tag], order)
        if len(data) > 4:
            place = struct.pack(order + "I", values_at + len(values))
            values += data + b"\0" * (len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        table += struct.pack(order + "HHI", tag, kind, count) + place
    return table + struct.pack(order + "I", 0) + values


def _encoded(value: Value, order: str) -> tuple[int, int, bytes]:
    if isinstance(value, int):
        return 4, 1, struct.pack(order + "I", value)
    if isinstance(value, bytes):
        return 7, len(value), value
    data = value.encode("latin-1") + b"\0"
    return 2, len(data), data


def xmp_packet(*attributes: str, inside: str = "") -> bytes:
    """An XMP packet whose description has ``attributes`` (``exif:DateTimeOriginal="..."``) and holds ``inside``."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
        ' xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        f"{' '.join(attributes)}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def picture(format: str, exif: bytes | None = None, xmp: bytes | None = None, seed: int = 1) -> bytes:
    """A small picture of ``format`` (as Pillow calls it) with the EXIF block and XMP packet given."""
    options: dict[str, object] = {}
    if exif is not None:
        options["exif"] = exif if format == "TIFF" else b"Exif\0\0" + exif
    if xmp is not None:
        options["xmp"] = xmp
        if format == "TIFF":
            options["tiffinfo"] = {0x02BC: xmp}
        if format == "PNG":
            options["pnginfo"] = _png_text("XML:com.adobe.xmp", xmp.decode())
    if format == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    target = io.BytesIO()
    scene(seed, (64, 48)).save(target, format, **options)
    return target.getvalue()


def _png_text(name: str, text: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(name, text, zip=len(text) % 2 == 0)
    return info


def jpeg(exif: bytes | None = None, *segments: tuple[int, bytes], behind: bytes = b"") -> bytes:
    """A JPEG with the EXIF block and further segments (marker, payload), and bytes behind its end."""
    target = io.BytesIO()
    scene(2, (48, 40)).save(target, "JPEG")
    plain = target.getvalue()
    parts = [] if exif is None else [(0xE1, b"Exif\0\0" + exif)]
    added = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload for marker, payload in (*parts, *segments)
    )
    return plain[:20] + added + plain[20:] + behind


def decoded(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Size and pixels of a picture; of one that a damaged header makes enormous, the size alone."""
    with Image.open(io.BytesIO(data)) as found:
        width, height = found.size
        return found.size, found.tobytes() if width * height < 50_000_000 else b""


# --- movies ---------------------------------------------------------------------------------------------------------


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of the ISO base media format."""
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def mvhd(recorded: datetime | None, version: int = 0) -> bytes:
    """A movie header that says when (UTC) the movie was recorded; ``None`` for a clock that was never set."""
    seconds = 0
    if recorded:
        seconds = int(recorded.replace(tzinfo=timezone.utc).timestamp()) + 2_082_844_800
    moment = struct.pack(">Q" if version else ">I", seconds)
    return box(b"mvhd", bytes([version, 0, 0, 0]), moment, moment, bytes(80))


def apple_meta(values: Mapping[str, str], *, full: bool = False) -> bytes:
    """Apple's ``meta`` box; ``full`` with the version that MPEG-4 puts first."""
    keys = b"".join(box(b"mdta", key.encode()) for key in values)
    items = b"".join(
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), text.encode()))
        for number, text in enumerate(values.values(), 1)
    )
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(14))
    return box(
        b"meta",
        bytes(4) if full else b"",
        handler,
        box(b"keys", struct.pack(">II", 0, len(values)), keys),
        box(b"ilst", items),
    )


def movie(*inside: bytes, brand: bytes = b"qt  ", media: int = 1000) -> bytes:
    """A movie whose header stands behind ``media`` bytes of pictures and sound."""
    return box(b"ftyp", brand, bytes(4), brand) + box(b"mdat", bytes(media)) + box(b"moov", *inside)


def avi(*chunks: tuple[bytes, bytes]) -> bytes:
    """An AVI with ``chunks`` (name, content) in its header list."""
    inner = b"hdrl" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    body = b"AVI " + b"LIST" + struct.pack("<I", len(inner)) + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body
