"""Pixel digest (do two files differ in more than their wrapping?) and colour thumbnails of a picture.

``pixel_digest`` is called on candidates only: it decodes the whole picture.  What it can't see exactly (more than eight
bits in several channels, sensor data) or within its bounds (an animation of thousands of frames, a JPEG that is too
large in full) it takes the stored bytes for, so that it may miss that two pictures are the same and never says so of
two that are not.
"""

from __future__ import annotations

import hashlib

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from image_sync.pictures import content as contents
from image_sync.pictures import frames
from image_sync.pictures.content import Content
from image_sync.pictures.decode import (
    BITS_PER_SAMPLE,
    EIGHTH,
    cost_of,
    exif_of,
    flattened,
    jpeg_cost,
    loaded,
    open_jpeg,
    open_picture,
    shines_through,
)
from image_sync.pictures.errors import PictureError, TooLarge, in_words
from image_sync.pictures.identify import format_of
from image_sync.pictures.memory_budget import DECODE_BUDGET
from image_sync.pictures.metadata.fast_exif import first_directory, read_exif
from image_sync.pictures.raw import developed, find_preview, is_raw
from image_sync.pictures.upright import BAND, upright, upright_bands, upright_size

MOST_PIXELS = 400_000_000
"""Pixels of several frames that are decoded for a digest: four seconds.  Of what has more, the stored bytes count."""
_DIGEST_BYTES = 16
_AS_THEY_ARE = frozenset({"CMYK", "LAB", "F", "I"})
"""Modes whose conversion to RGB would make different pixels equal."""


# --- the digest -------------------------------------------------------------------------------------------------------


def pixel_digest(path: str) -> str:
    """A digest (32 hexadecimal digits) of the size and the upright pixels of all frames.

    Equal for pictures that differ in metadata, container, lossless compression, palette or a needless alpha channel
    only.  Of a JPEG it is the first picture that counts, not previews and gain maps behind it.  PictureError in words
    when the picture can't be decoded.
    """
    try:
        with contents.read(path) as content:
            if is_raw(path, content):
                return _digest_of_bytes(content).hexdigest()
            return _digest_of_pixels(content)
    except Exception as error:
        raise PictureError(in_words(path, error)) from error


def _digest_of_bytes(content: Content) -> hashlib.blake2b:
    digest = hashlib.blake2b(b"bytes", digest_size=_DIGEST_BYTES)
    for piece in content.pieces():
        digest.update(piece)
    return digest


def _digest_of_pixels(content: Content) -> str:
    format = format_of(content)
    picture = open_picture(content, format)
    number = 1 if format == "JPEG" else frames.count(picture, content, format)
    if number > 1 and number * picture.width * picture.height > MOST_PIXELS:
        return _digest_of_bytes(content).hexdigest()
    try:
        cost = _cost(picture, content)
    except TooLarge:
        if format != "JPEG":
            raise
        _see_scaled(content)
        return _digest_of_bytes(content).hexdigest()
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for index in range(number):
        if index:
            picture.seek(index)
            cost = _cost(picture, content)
        with DECODE_BUDGET.holding(cost):
            picture.load()
            _add_frame(digest, picture, _orientation(picture, content, format))
    digest.update(_unseen(content))
    return digest.hexdigest()


def _cost(picture: Image.Image, content: Content) -> int:
    if isinstance(picture, JpegImageFile):
        return jpeg_cost(content, picture, picture.size)
    return cost_of(picture, content)


def _see_scaled(content: Content) -> None:
    """Raise what the first look raises for a JPEG that is too large even for that."""
    picture = open_jpeg(content)
    size = picture.size
    picture.draft("L", (size[0] // EIGHTH, size[1] // EIGHTH))
    jpeg_cost(content, picture, size)


def _add_frame(digest: hashlib.blake2b, frame: Image.Image, orientation: int) -> None:
    """Take in one frame as it is upright, and a word for what it held more than is decoded of it."""
    mode = _canonical_mode(frame)
    width, height = upright_size(frame.size, orientation)
    digest.update(f"{mode}{_depth(frame)} {width}x{height};".encode())
    for band in upright_bands(frame, orientation, BAND):
        digest.update(_canonical(band, mode))


def _orientation(picture: Image.Image, content: Content, format: str) -> int:
    if format == "JPEG":
        block = picture.info.get("exif")
        return read_exif(block).orientation if isinstance(block, bytes) else 1
    return exif_of(picture, content, format).orientation


def _depth(picture: Image.Image) -> str:
    """HEIC of ten bits is decoded to eight; an eight-bit copy of it is not the same."""
    depth = picture.info.get("bit_depth", 8)
    return f":{depth}" if depth != 8 else ""


def _canonical_mode(frame: Image.Image) -> str:
    if frame.mode.startswith("I;16"):
        return "I;16"
    if frame.mode in _AS_THEY_ARE:
        return frame.mode
    return "RGBA" if frame.has_transparency_data and shines_through(frame) else "RGB"


def _canonical(band: Image.Image, mode: str) -> bytes:
    if mode == "I;16":
        return np.asarray(band).astype("<u2").tobytes()
    if band.mode in _AS_THEY_ARE or band.mode == mode:
        return band.tobytes()
    if band.has_transparency_data:
        band = band.convert("RGBA")
    return band.convert(mode).tobytes()


def _unseen(content: Content) -> bytes:
    """A digest of the stored pixels of a file of which Pillow drops the lower bytes; empty for an ordinary file."""
    format = format_of(content)
    if format == "PNG" and content[24:25] == b"\x10" and content[25:26] != b"\0":
        return _png_data(content)
    if format == "TIFF":
        directory = first_directory(content)
        bits = directory.numbers(BITS_PER_SAMPLE) if directory else ()
        if directory is None or (len(bits) > 1 and max(bits) > 8):
            return _digest_of_bytes(content).digest()
    return b""


def _png_data(content: Content) -> bytes:
    """A digest of the compressed pixels of a PNG: its IDAT and fdAT chunks."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    at = 8
    while (head := content[at : at + 8]) and len(head) == 8:
        length = int.from_bytes(head[:4], "big")
        if head[4:] in (b"IDAT", b"fdAT"):
            digest.update(content[at + 8 : at + 8 + length])
        at += 12 + length
    return digest.digest()


# --- thumbnails -------------------------------------------------------------------------------------------------------


def thumbnail(path: str, box: int) -> Image.Image:
    """The upright picture in mode RGB, within ``box`` x ``box`` pixels and never enlarged; on white where transparent.

    An embedded thumbnail is used only where the decoder vouches for it (HEIC): those in EXIF are stale or letterboxed
    too often to decide by.  PictureError in words when the picture can't be decoded.
    """
    try:
        with contents.read(path) as content:
            picture, orientation = _raw_copy(content, box) if is_raw(path, content) else _copy(content, box)
            picture.thumbnail((box, box), Image.Resampling.BICUBIC, reducing_gap=2.0)
            return upright(picture.convert("RGB"), orientation)
    except Exception as error:
        raise PictureError(in_words(path, error)) from error


def _copy(content: Content, box: int) -> tuple[Image.Image, int]:
    format = format_of(content)
    if format == "JPEG":
        return _jpeg_copy(content, box)
    picture = open_picture(content, format)
    share = min(1.0, box / max(picture.size))
    if format == "HEIF":
        picture.draft("RGB", (round(picture.width * share), round(picture.height * share)))
    with loaded(picture, cost_of(picture, content)):
        small = flattened(picture, max(1, max(picture.size) // (2 * box)))
        small = small.copy() if small is picture else small
    return small, exif_of(picture, content, format).orientation


def _jpeg_copy(content: Content, box: int) -> tuple[Image.Image, int]:
    picture = open_jpeg(content)
    size = picture.size
    picture.draft("RGB", (box, box))
    with DECODE_BUDGET.holding(jpeg_cost(content, picture, size)):
        return flattened(picture, 1), _orientation(picture, content, "JPEG")


def _raw_copy(content: Content, box: int) -> tuple[Image.Image, int]:
    preview, exif, _ = find_preview(content)
    if preview is None:
        return developed(content)[0], 1
    picture, orientation = _jpeg_copy(preview.of(content), box)
    return picture, exif.orientation if exif.entries else orientation
