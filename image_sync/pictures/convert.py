"""Conversion of HEIC and HEIF pictures to JPEG, with all their metadata.

The pixels are stored upright, so the orientation becomes 1 in EXIF and XMP; nothing else of EXIF, ICC profile and XMP
is touched: the blocks are carried over as bytes, maker notes and all.  What can't be carried over whole is refused,
since a picture that lost its metadata is no replacement.  Bytes in, bytes out: no file is touched here.
"""

from __future__ import annotations

import io
import re

from PIL import Image

from image_sync.pictures.content import Content
from image_sync.pictures.decode import cost_of, exif_of, flattened, open_picture
from image_sync.pictures.errors import in_words
from image_sync.pictures.identify import format_of
from image_sync.pictures.memory_budget import DECODE_BUDGET
from image_sync.pictures.metadata.containers import EXIF_PREFIX, SEGMENT_LIMIT, embedded
from image_sync.pictures.metadata.exif_edit import with_orientation
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.upright import upright

QUALITY = 95
_CONVERTED = ("HEIF", "AVIF")
_XMP_ROOM = SEGMENT_LIMIT - len(b"http://ns.adobe.com/xap/1.0/\0")
_ORIENTATION_IN_XMP = re.compile(rb"(tiff:Orientation(?:\s*=\s*[\"']|>))[2-8](?=[\"'<])")
_FULL_COLOUR, _HALVED_COLOUR = 0, 2
"""Chroma subsampling as Pillow numbers it: 4:4:4 and 4:2:0."""


class CannotConvert(Exception):
    """The picture can't be converted without loss; the message says why, in words for a person."""


def to_jpeg(data: bytes, quality: int = QUALITY) -> bytes:
    """The main picture of the HEIC, HEIF or AVIF file ``data`` as a JPEG file of ``quality`` (1-100).

    EXIF, ICC profile and XMP come along, the orientation is 1; transparent parts become white.  Raises
    ``CannotConvert`` for a file that can't be decoded and for metadata that has no room in a JPEG (64 kB of each).
    """
    found = embedded(Window.of_bytes(data))
    exif = found.exif.read(0, found.exif.size) if found.exif else b""
    packet = found.xmp.read(0, found.xmp.size) if found.xmp else b""
    if len(exif) > SEGMENT_LIMIT - len(EXIF_PREFIX) or len(packet) > _XMP_ROOM:
        raise CannotConvert("its metadata is larger than a JPEG can hold")
    picture = _decoded(data)
    target = io.BytesIO()
    picture.save(
        target,
        "JPEG",
        quality=quality,
        subsampling=_HALVED_COLOUR if picture.info.get("chroma", 420) == 420 else _FULL_COLOUR,
        icc_profile=picture.info.get("icc_profile") or b"",
        exif=EXIF_PREFIX + with_orientation(exif, 1) if exif else b"",
        xmp=_ORIENTATION_IN_XMP.sub(rb"\g<1>1", packet),
    )
    return target.getvalue()


def _decoded(data: bytes) -> Image.Image:
    """The upright picture in a mode that JPEG has, with the ``info`` of the file."""
    content = Content(data)
    try:
        format = format_of(content)
        if format not in _CONVERTED:
            raise CannotConvert(f"it is no HEIC picture but {format}, whatever its name says")
        picture = open_picture(content, format)
        with DECODE_BUDGET.holding(cost_of(picture, content)):
            picture.load()
            result = upright(flattened(picture, 1), exif_of(picture, content, format).orientation)
    except CannotConvert:
        raise
    except Exception as error:  # what the decoders raise on damaged data is not documented
        raise CannotConvert(in_words("", error).why) from error
    result.info = dict(picture.info)
    return result
