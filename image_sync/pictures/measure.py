"""Measuring of one picture file: its fingerprint, its digest, or the problem that it can't be read.

This is the work that is done a hundred thousand times.  ``measure`` reads a file once, digests it where asked, decodes
it scaled and computes the fingerprint.  It is a plain function of its arguments: safe in threads (the decoders and the
digest let go of Python's lock), and picklable for processes and clusters.  It never raises for a bad file: the problem
is part of the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from image_sync.base.extras import Tones
from image_sync.base.model import FileKind, Fingerprint, Problem
from image_sync.pictures import content as contents
from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.colour import tones_of
from image_sync.pictures.content import Content
from image_sync.pictures.decode import Decoded, decode
from image_sync.pictures.errors import Unreadable, in_words
from image_sync.pictures.formats import kind_of
from image_sync.pictures.hashes import codes_of
from image_sync.pictures.raw import decode_raw, is_raw
from image_sync.pictures.upright import upright

_LITTLE_IN_MEMORY = 2**20
"""What is read at once of a file that isn't decoded as a whole: of a RAW little more than the preview is needed."""
_SIZE_POWER = 0.7
_LAPLACIAN_MOST = 2**20
"""Pixels that the sharpness is computed on; of an enormous picture that is the middle."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of measuring one file.  ``mark`` is ``Content.mark``, ``digest`` the MD5 in hexadecimal where it was
    asked for.

    Both are there when the file could be read; either ``fingerprint`` or ``problem`` is.
    """

    fingerprint: Fingerprint | None
    digest: str | None
    problem: Problem | None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The digests that tell a content from others without decoding it: ``mark`` as ``Content.mark`` has it, ``digest``
    the MD5.
    """

    mark: str | None
    digest: str | None
    problem: Problem | None = None


def measure(path: str, size: int, want_digest: bool) -> Measured:
    """Measure the picture at ``path``, which had ``size`` bytes when it was found; another size is a problem, since
    what is measured is remembered under the size and time that were found."""
    digest = mark = None
    try:
        with _read(path) as content:
            _check(content, size)
            mark = content.mark()
            if want_digest:
                digest = content.md5()
            return Measured(_fingerprint(_decoded(path, content)), digest, None, mark)
    except Exception as error:
        return Measured(None, digest, in_words(path, error), mark)


def identify(path: str, size: int, want_digest: bool) -> Identity:
    """The digests of the file at ``path``, or the problem that it can't be read."""
    try:
        with _read(path) as content:
            _check(content, size)
            return Identity(content.mark(), content.md5() if want_digest else None)
    except Exception as error:
        return Identity(None, None, in_words(path, error))


def digest_of(path: str) -> tuple[str | None, Problem | None]:
    """The MD5 of a file of any kind in hexadecimal, or the problem that it can't be read."""
    try:
        with contents.read(path, _LITTLE_IN_MEMORY) as content:
            return content.md5(), None
    except Exception as error:
        return None, in_words(path, error)


def _check(content: Content, size: int) -> None:
    if content.length != size:
        raise Unreadable("it has changed since it was found", "scan again", passing=True)


def _read(path: str) -> Content:
    return contents.read(path, _LITTLE_IN_MEMORY if kind_of(path) is FileKind.RAW else contents.IN_MEMORY)


def _decoded(path: str, content: Content) -> Decoded:
    return decode_raw(path, content) if is_raw(path, content) else decode(content)


def _fingerprint(decoded: Decoded) -> Fingerprint:
    width, height = decoded.upright_size
    exif = decoded.exif
    small = small_of(decoded.grey, exif.orientation)
    extras = decoded.extras
    if extras.tones is not Tones.TWO:
        extras = replace(extras, tones=tones_of(small, decoded.chroma))
    return Fingerprint(
        format=decoded.format,
        width=width,
        height=height,
        frames=decoded.frames,
        small=small,
        codes=codes_of(small),
        texture=texture_of(small),
        sharpness=sharpness_of(decoded.grey, decoded.size),
        jpeg_quality=decoded.jpeg_quality,
        has_exif=exif.entries > 0,
        has_gps=exif.has_gps,
        captured=exif.captured,
        camera=exif.model,
        extras=extras,
        chroma=decoded.chroma,
    )


def small_of(grey: Image.Image, orientation: int) -> bytes:
    """The upright 64x64 of a grey picture, row by row.

    Reduced by Pillow's triangle filter: over 46 photos, the codes of a scaled decode are then 0.9 of 256 bits from
    those of the full decode (boxes: 2.0; Lanczos: 1.0 at three times the cost), those of a copy of half the width 0.8.
    """
    return upright(grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR), orientation).tobytes()


def texture_of(small: bytes) -> float:
    """The standard deviation (0-127.5) of the pixels of ``small``; sums of whole numbers, so exact everywhere."""
    return math.sqrt(_variance(np.frombuffer(small, np.uint8).astype(np.float64)))


def _variance(values: npt.NDArray[np.float64]) -> float:
    """The variance of whole numbers; their sums are exact, so it is the same on every machine.

    Not as a dot product: for one of this length the BLAS wakes threads, which then spin beside the workers.
    """
    mean = float(values.sum()) / values.size
    np.multiply(values, values, out=values)
    return max(float(values.sum()) / values.size - mean * mean, 0.0)


def sharpness_of(grey: Image.Image, size: tuple[int, int]) -> float:
    """The sharpness of a picture of ``size``: how much fine detail its scaled decode shows; more is sharper.

    The variance of the Laplacian (Pech-Pacheco et al., 2000) of neighbouring pixels, times a power of the number of
    pixels in millions.  Among copies of one size the power changes nothing.  Without it a smaller copy would pass for
    the sharper one: of half the width it is 1.1 times as crisp in the mean of 36 photos, and 2.6 at most.  The price is
    that an enlarged copy (0.7 times as crisp at double the width) passes for sharper, as it has more pixels.
    """
    pixels = _middle(np.asarray(grey))
    if min(pixels.shape) < 3:
        return 0.0
    laplacian = _laplacian(pixels)
    millions = size[0] * size[1] / 1e6
    return _variance(laplacian.astype(np.float64).ravel()) * math.pow(millions, _SIZE_POWER)


def _laplacian(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.int16]:
    """The sum of the four neighbours less four times the pixel itself, without the border.

    Summed over the rows laid end to end, which is twice as fast; what that mixes up is in the border.
    """
    width = pixels.shape[1]
    row = pixels.astype(np.int16).ravel()
    end = row.size - width
    total = row[width - 1 : end - 1] + row[width + 1 : end + 1]
    total += row[: end - width]
    total += row[2 * width :]
    total -= row[width:end] << 2
    return total.reshape(-1, width)[:, 1:-1]


def _middle(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The middle part of a picture of more than ``_LAPLACIAN_MOST`` pixels; of the same shape."""
    height, width = pixels.shape
    if width * height <= _LAPLACIAN_MOST:
        return pixels
    share = (_LAPLACIAN_MOST / (width * height)) ** 0.5
    rows, columns = max(int(height * share), 3), max(int(width * share), 3)
    top, left = (height - rows) // 2, (width - columns) // 2
    return pixels[max(top, 0) : top + rows, max(left, 0) : left + columns]
