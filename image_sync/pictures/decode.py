"""Scaled decoding of a picture's bytes to a small grey picture, within bounds of memory and time.

Every picture is decoded scaled: a JPEG by libjpeg itself, which then computes an eighth of each side from the mean of
each 8x8 block; a HEIC through the thumbnail that it carries, where that is a scaled copy; all others are decoded whole
and reduced at once.  What comes out has at least ``SHORT_SIDE`` pixels on its short side, if the picture has so many.

Size is checked before anything is allocated, here and not by Pillow (whose limit is one global number that knows
neither the format nor the scale).  Pictures that end early are refused: hashes of a half-grey picture match others.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageFile, JpegImagePlugin, TiffImagePlugin

from image_sync.base.extras import PLAIN, Extras, Tones
from image_sync.base.own_stderr import HUSHED
from image_sync.pictures import frames, jpeg_quality, progressive
from image_sync.pictures.colour import chroma_of
from image_sync.pictures.content import Content
from image_sync.pictures.errors import ENDS_EARLY, Failing, Unreadable
from image_sync.pictures.identify import ends_early, format_of
from image_sync.pictures.memory_budget import DECODE_BUDGET, affordable
from image_sync.pictures.metadata.containers import webp_canvas
from image_sync.pictures.metadata.extras import Channels, extras_of
from image_sync.pictures.metadata.fast_exif import NOTHING, Exif, first_directory, read_exif, read_tiff
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import Tag
from image_sync.pictures.upright import BAND, upright, upright_bands, upright_size

Image.MAX_IMAGE_PIXELS = None
warnings.filterwarnings("ignore", module=r"(PIL|pillow_heif|pi_heif)(\.|$)")

SHORT_SIDE = 120
"""Pixels that the short side of a scaled decode keeps.  640x480 at a quarter gives codes as near to those of the full
decode (1.0 bit of 256 away in the mean, 5 at most, over 46 photos) as at a half."""
EIGHTH = 8
_TINY = 16
HEIF_READERS = ("pillow_heif", "pi_heif")
"""Modules that read HEIC, in the order in which they are asked for: the second is the first without its encoder."""
_SCALES = (EIGHTH, 4, 2)
_MOST_SCANS = 200
"""A progressive JPEG has about ten scans; each costs a pass over all coefficients, so thousands are an attack."""

_BYTES_OF_FORMAT = {"WEBP": 16, "AVIF": 10, "HEIF": 8}
"""What these decoders hold for one pixel together with Pillow, whatever the mode.  Measured at 48 million pixels: 16.1,
9.3 and 7.4."""
_BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""What Pillow holds for one pixel; all other modes take four bytes.  What is converted is so in bands."""
WIDE_MODES = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})
"""Modes with more than eight bits in a channel, which Pillow's own conversion would clip to white."""
_ALPHA_MODES = frozenset({"LA", "La", "RGBA", "RGBa", "PA"})
_IN_BANDS = WIDE_MODES | _ALPHA_MODES | {"1", "P"}
BITS_PER_SAMPLE = 0x0102


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as it is stored, not yet upright.

    ``grey`` is its scaled-down copy in mode L, ``size`` its true (width, height), ``exif.orientation`` says how to make
    both upright.  ``jpeg_quality`` is ``None`` for other formats.  ``chroma`` is upright (``colour.chroma_of``), empty
    for a picture without colours.
    """

    format: str
    size: tuple[int, int]
    frames: int
    grey: Image.Image
    exif: Exif
    jpeg_quality: int | None = None
    extras: Extras = PLAIN
    chroma: bytes = b""

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        return upright_size(self.size, self.exif.orientation)


def decode(content: Content) -> Decoded:
    """Decode ``content`` to a small grey picture.  Unreadable, or whatever the libraries raise on damaged data."""
    format = format_of(content)
    if format == "JPEG":
        return decode_jpeg(content)
    return _decoded(content, format)


def scale_of(size: tuple[int, int]) -> int:
    """By how much each side of a picture of ``size`` may be divided: 8, 4, 2 or 1."""
    short = min(size)
    return next((scale for scale in _SCALES if short >= SHORT_SIDE * scale), 1)


# --- JPEG -------------------------------------------------------------------------------------------------------------


class _Jpeg(JpegImagePlugin.JpegImageFile):
    """Pillow's reader without what is of no use here: EXIF parsed for the resolution, a search for further pictures."""

    def _read_dpi_from_exif(self) -> None:
        pass


def open_jpeg(content: Content) -> JpegImagePlugin.JpegImageFile:
    """The first picture of a JPEG, its header read."""
    picture = _Jpeg(content.stream())
    if not picture.tile:
        raise EOFError("no picture data")
    # The whole file in one call: libjpeg starts each partly read row of blocks anew, and the lock is let go once.
    picture.decodermaxblock = max(content.length, ImageFile.MAXBLOCK)
    return picture


def decode_jpeg(content: Content) -> Decoded:
    """Decode a JPEG; its first bytes have been checked already."""
    picture = open_jpeg(content)
    width, height = size = picture.size
    quality = jpeg_quality.of_tables(picture.quantization, picture.layer[0][3] if picture.layer else 0)
    scale = scale_of(size)
    if scale == EIGHTH:
        picture = _without_detail(picture, content)
    coloured = picture.mode == "RGB"
    picture.draft("YCbCr" if coloured else "L", (width // scale, height // scale))
    with DECODE_BUDGET.holding(jpeg_cost(content, picture, size)):
        small = _loaded(picture)
    block = picture.info.get("exif")
    exif = read_exif(block) if block else NOTHING
    grey, chroma = _parted(small, exif.orientation)
    channels = Channels(profile=picture.info.get("icc_profile") or b"")
    return Decoded("JPEG", size, 1, grey, exif, quality, extras_of(content, "JPEG", channels), chroma)


def _loaded(picture: Image.Image) -> Image.Image:
    if picture.mode != "YCbCr":
        return flattened(picture, 1)
    picture.load()
    return picture


def _parted(small: Image.Image, orientation: int) -> tuple[Image.Image, bytes]:
    """The grey of a reduced picture, as it lies, and its colours, upright."""
    if small.mode == "L":
        return small, b""
    steps = max(small.width // (2 * _TINY), 1), max(small.height // (2 * _TINY), 1)
    tiny = upright(small.reduce(steps).resize((_TINY, _TINY), Image.Resampling.BOX), orientation)
    return (small.getchannel(0) if small.mode == "YCbCr" else small.convert("L")), chroma_of(tiny)


def _without_detail(picture: JpegImagePlugin.JpegImageFile, content: Content) -> JpegImagePlugin.JpegImageFile:
    """``picture``, just opened, for a decode to grey at an eighth: of a progressive one only what shows there."""
    if "progressive" not in picture.info or picture.mode not in ("L", "RGB") or content.data is None:
        return picture
    less = progressive.for_an_eighth(content.data)
    return picture if less is None else open_jpeg(Content(less))


def jpeg_cost(content: Content, picture: JpegImagePlugin.JpegImageFile, size: tuple[int, int]) -> int:
    """Bytes that decoding takes after ``draft``; Unreadable when they are too many.

    ``size`` is the one before ``draft``.  A JPEG of several scans keeps all its coefficients, two bytes each.
    """
    width, height = picture.size
    cost = width * height * (1 if picture.mode == "L" else 4)
    if _has_many_scans(content, picture):
        if content.count(b"\xff\xda") > _MOST_SCANS:
            raise Unreadable("a JPEG of hundreds of passes, made to take long rather than to be seen")
        most = max((across * down for _, across, down, _ in picture.layer), default=1) or 1
        coefficients = sum(across * down / most for _, across, down, _ in picture.layer)
        cost += int(size[0] * size[1] * coefficients * 2)
    affordable(*size, cost)
    return cost


def _has_many_scans(content: Content, picture: JpegImagePlugin.JpegImageFile) -> bool:
    """Progressive, or with a first scan (just read) of one of several colours."""
    if "progressive" in picture.info:
        return True
    assert picture.fp is not None
    end = picture.fp.tell()
    return picture.layers > 1 and content[end - 10 : end - 6] == b"\xff\xda\x00\x08"


# --- all other formats ------------------------------------------------------------------------------------------------


class _Tiff(TiffImagePlugin.TiffImageFile):
    """Pillow's reader without what libtiff tells the terminal of a damaged file."""

    def load(self) -> Any:
        """Decode the frame."""
        with HUSHED:
            return super().load()


def open_picture(content: Content, format: str) -> Image.Image:
    """The first frame of a picture of ``format``, its header read, nothing decoded."""
    if format == "JPEG":
        return open_jpeg(content)
    try:
        if format == "HEIF":
            return _heif_reader()(content.stream())
        if format == "WEBP":
            _afford_canvas(content)
        if format == "TIFF":
            with HUSHED:
                return _Tiff(content.stream())
        return Image.open(content.stream(), formats=(format,))
    except (MemoryError, Unreadable):
        raise
    except Exception as error:
        if ends_early(content, format):
            raise Unreadable(ENDS_EARLY) from error
        raise


def cost_of(picture: Image.Image, content: Content) -> int:
    """Bytes that decoding ``picture``, opened from ``content``, takes after ``draft``; Unreadable when they are too
    many."""
    width, height = picture.size
    cost = width * height * (_BYTES_OF_FORMAT.get(picture.format or "") or _BYTES_PER_PIXEL.get(picture.mode, 4))
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        # Pillow turns it upright, and holds it twice meanwhile.
        turned = picture.tag_v2.get(Tag.ORIENTATION, 1) != 1
        cost = cost * (1 + turned) + (content.length if content.data is not None else 0)
    affordable(width, height, cost)
    return cost


@contextmanager
def loaded(picture: Image.Image, cost: int) -> Iterator[Image.Image]:
    """``picture`` decoded, for the length of a ``with``: its pixels are gone before what they took is given back."""
    with DECODE_BUDGET.holding(cost):
        try:
            picture.load()
            yield picture
        finally:
            Image.Image.close(picture)  # its own would close the file, which others read on


def _afford_canvas(content: Content) -> None:
    """Refuse a WebP whose canvas is too large; libwebp makes two of them before it can be asked for its size."""
    fields = webp_canvas(Window.of_bytes(content[0:64]))
    if fields is not None:
        width, height = (int.from_bytes(fields[at : at + 3], "little") + 1 for at in (4, 7))
        affordable(width, height, width * height * _BYTES_OF_FORMAT["WEBP"])


def _heif_reader() -> Callable[[BinaryIO], Image.Image]:
    """The class itself, so that nothing need be registered with Pillow while other threads use it."""
    reasons = []
    for name in HEIF_READERS:
        try:
            reader: Callable[[BinaryIO], Image.Image] = importlib.import_module(name).HeifImageFile
        except ImportError as error:
            reasons.append(str(error))
        else:
            return reader
    raise Unreadable(Failing.NO_HEIC(what=str(reasons[0])), "install pillow-heif", passing=True)


def _decoded(content: Content, format: str) -> Decoded:
    picture = open_picture(content, format)
    size = picture.size
    number = frames.count(picture, content, format)
    if format == "HEIF":
        short = min(size)
        picture.draft("L", (-(-SHORT_SIDE * size[0] // short), -(-SHORT_SIDE * size[1] // short)))
    with loaded(picture, cost_of(picture, content)):
        if format == "TIFF":
            size = picture.size
        channels = _channels(picture, content, format)
        small = flattened(picture, scale_of(picture.size))
        small = small.copy() if small is picture else small
    exif = exif_of(picture, content, format)
    grey, chroma = _parted(small, exif.orientation)
    return Decoded(format, size, number, grey, exif, None, extras_of(content, format, channels), chroma)


def _channels(picture: Image.Image, content: Content, format: str) -> Channels:
    """Facts that the channels of a loaded picture tell."""
    alpha = picture.has_transparency_data and shines_through(picture)
    tones = Tones.TWO if _has_two_tones(picture) else Tones.COLOUR
    return Channels(tones, _bits(picture, content, format), alpha, picture.info.get("icc_profile") or b"")


def shines_through(picture: Image.Image) -> bool:
    """Whether any pixel of a loaded picture is not opaque; in bands, since a copy doubles the memory."""
    for band in upright_bands(picture, 1, BAND):
        if band.mode not in _ALPHA_MODES or band.mode == "PA":
            band = band.convert("RGBA")
        lowest, _ = band.getchannel(len(band.getbands()) - 1).getextrema()
        if isinstance(lowest, tuple) or lowest < 255:
            return not isinstance(lowest, tuple)
    return False


def _has_two_tones(picture: Image.Image) -> bool:
    return picture.mode == "1" or (picture.mode in ("L", "P") and sum(map(bool, picture.histogram())) <= 2)


def _bits(picture: Image.Image, content: Content, format: str) -> int:
    """Bits of a channel; numbers of 16 bits that only repeat eight are eight."""
    if picture.mode == "1":
        return 1
    if format in ("HEIF", "AVIF"):
        return int(picture.info.get("bit_depth") or 8)
    if picture.mode.startswith("I;16"):
        return 16 if _uses_low_byte(picture) else 8
    if format == "PNG":
        return 16 if content[24:25] == b"\x10" else 8
    directory = first_directory(content) if format == "TIFF" else None
    return max((*(directory.numbers(BITS_PER_SAMPLE) if directory else ()), 8))


def _uses_low_byte(picture: Image.Image) -> bool:
    for top in range(0, picture.height, max(1, picture.height // BAND)):
        row = np.asarray(picture.crop((0, top, picture.width, top + 1)))
        low, high = row & 255, row >> 8
        if ((low != 0) & (low != high)).any():
            return True
    return False


def exif_of(picture: Image.Image, content: Content, format: str) -> Exif:
    """The EXIF of a picture that has been loaded.  Pillow turns a TIFF upright by itself, so that its orientation is
    done with; libheif does the same, and pillow-heif says so in the EXIF that it hands out."""
    if format == "TIFF":
        exif = read_tiff(content)
        return replace(exif, orientation=1)
    block = picture.info.get("exif")
    if block is None:
        block = _from_text(picture.info.get("Raw profile type exif"))
    return read_exif(block) if isinstance(block, bytes) else NOTHING


def _from_text(profile: object) -> bytes | None:
    """ImageMagick writes EXIF into a PNG as lines of hexadecimal digits, after a name and a length."""
    if not isinstance(profile, str):
        return None
    try:
        return bytes.fromhex("".join(profile.split("\n")[3:]))
    except ValueError:
        return None


# --- modes ------------------------------------------------------------------------------------------------------------


def flattened(picture: Image.Image, scale: int) -> Image.Image:
    """``picture`` reduced by ``scale``, in mode L or RGB: on white where it is transparent, 8 bits a channel.

    What must be converted for that is so in bands: a copy of an enormous picture has no room beside it.
    """
    if picture.mode not in _IN_BANDS and "transparency" not in picture.info:
        return _in_grey_or_colour(picture, scale)
    factor, clear = (_factor(picture) if picture.mode in WIDE_MODES else 1.0), picture.has_transparency_data
    rows = scale * max(1, BAND // scale)
    result = None
    for top in range(0, picture.height, rows):
        band = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        small = _in_grey_or_colour(_unpacked(band, factor, clear), scale)
        if result is None:
            result = Image.new(small.mode, (small.width, -(-picture.height // scale)))
        result.paste(small, (0, top // scale))
    return picture if result is None else result


def _unpacked(band: Image.Image, factor: float, clear: bool) -> Image.Image:
    """Rows of a picture, in a mode whose pixels can be averaged; ``clear`` says that some may be transparent."""
    if band.mode in WIDE_MODES:
        return _eight_bits(band, factor)
    if band.mode == "1":
        return band.convert("L")
    if band.mode in ("P", "PA") or "transparency" in band.info:
        return band.convert("RGBA" if clear else "RGB")
    return band


def _in_grey_or_colour(picture: Image.Image, scale: int) -> Image.Image:
    if scale > 1:
        picture = picture.reduce(scale)
    if picture.mode in _ALPHA_MODES:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    if picture.mode == "LAB":
        return picture.getchannel(0)
    picture.load()
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


def _eight_bits(band: Image.Image, factor: float) -> Image.Image:
    """Rows of wide numbers in mode L: 16 bits by their upper byte, others times ``factor``."""
    values = np.asarray(band)
    if band.mode.startswith("I;16"):
        return Image.fromarray((values >> 8).astype(np.uint8))
    return Image.fromarray(np.clip(np.nan_to_num(values.astype(np.float64)) * factor, 0, 255).astype(np.uint8))


def _factor(picture: Image.Image) -> float:
    """The factor that brings the numbers of mode I or F into 0-255.

    They don't say their range: 1, 255 and 65535 are usual.
    """
    if picture.mode.startswith("I;16"):
        return 1.0
    extremes = picture.getextrema()
    highest = extremes[1] if isinstance(extremes[1], (int, float)) else 255.0
    usual = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
    return 255.0 / next((top for top in usual if highest <= top), float(highest))
