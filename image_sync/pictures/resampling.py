"""Detector of enlarged and sharpened copies: more pixels, or crisper edges, than the source, and no better for it.

``ranking.rank`` would take either for the best of a group.  Each test decodes two whole pictures, so it is for the
pairs whose order hangs on it (``ranking.enlarged_suspects``, ``ranking.sharpened_suspects``).

* An enlarged copy has, above the finest detail that the smaller picture can hold, nothing but what interpolation makes
  of that picture; so there it agrees, phase by phase, with the smaller one enlarged by ourselves.  In a photo that
  the smaller one was made of, that band holds detail of its own, which agrees with nothing.
* Of two pictures of one size that differ in sharpness, one was blurred or the other sharpened.  A blurred one has lost
  its finest octaves: from one to the next its power falls more steeply than lenses, sensors and JPEG leave it.  Where
  the softer one shows no such fall, nothing says that the crisper one is the better, and something else must decide.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from image_sync.pictures import content as contents
from image_sync.pictures.errors import pass_over
from image_sync.pictures.luminance import Luminance, luminance_of

VERSION = 2
"""Raised whenever a test would end otherwise: what was remembered of older ones is void then."""
LEAST_AGREEMENT = 0.42
"""Of 44 camera photos none agrees by more than 0.39 with any of 24 reduced copies of it (by 1.25 to 3, bilinear,
bicubic and Lanczos, quality 75 and 93).  The median over their enlarged copies, saved at quality 93, is 0.34-0.51 by
1.5, 0.54-0.75 by 2, 0.73-0.90 by 3; what isn't found was too soft to tell, and stays the one with more pixels."""
LEAST_RHYTHM, _CLEAR = 2.2, 5.0
"""Of 22 camera photos none has a rhythm of more than 3.4 in either direction at any of six scales; of copies enlarged
by 1.2 to 3 nine in ten have more than 5 in the clearer direction, and 2.2 in the other."""
_MOST_CURVATURE, _SMOOTH, _AROUND, _SLOWEST, _BLOCKS_APART = 40.0, 16, 40, 8, 5
STEEPEST = 5.0
"""By how much (in log2 of the power) a photo's octaves fall at most from one to the next, where nobody blurred it: true
of 9 in 10 of the same photos, and of 1 in 20 of those blurred by 1.5 pixels and more."""
PATCH = 1024
FEWEST = 128
_RIM = 8
"""Pixels around a part that interpolation may reach for."""
_OCTAVES = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2)
"""Frequencies in cycles per pixel."""

Grey = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """The paths of two pictures, the first of which may have been made from the second."""

    suspect: str
    source: str


def was_enlarged(pair: Pair) -> bool:
    """Whether the suspect, which has more pixels, is the source enlarged; ``False`` where one can't be decoded."""
    try:
        with _seen(pair.suspect) as large:
            patch, (width, height) = large.middle(PATCH), large.size
        with _seen(pair.source) as small:
            scale = width / small.size[0], height / small.size[1]
            agrees = agreement(patch, (width, height), small)
    except Exception as error:
        pass_over(pair.suspect, error)
        return False
    return agrees >= LEAST_AGREEMENT or rhythm(np.asarray(patch, np.float32), *scale) >= LEAST_RHYTHM


def may_be_sharpened(pair: Pair) -> bool:
    """Whether of two pictures of one size the suspect, which is crisper, may have been sharpened from the source, since
    that one was not blurred; ``False`` where it can't be decoded."""
    try:
        with _seen(pair.source) as source:
            patch = np.asarray(source.middle(PATCH))
    except Exception as error:
        pass_over(pair.source, error)
        return False
    return len(patch) >= FEWEST and steepest_fall(patch) < STEEPEST


def agreement(patch: Image.Image, size: tuple[int, int], small: Luminance) -> float:
    """The correlation (-1 to 1) of the finest detail of a picture of ``size``, ``patch`` being the square in its middle
    in mode L, with ``small`` enlarged to its size.

    The correlation of their spectra just above the highest frequency that ``small`` can hold.
    """
    across, down = size[0] / small.size[0], size[1] / small.size[1]
    side = patch.width
    if side < FEWEST or min(across, down) <= 1.0:
        return 0.0
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    right, bottom = min((left + side) / across, small.size[0]), min((top + side) / down, small.size[1])
    ours = _enlarged(small, (left / across, top / down, right, bottom), side)
    one, other = (_spectrum(np.asarray(picture, np.float32)) for picture in (patch, ours))
    highest = 0.5 / max(across, down)
    frequency = _frequencies(side)
    band = (frequency >= 1.08 * highest) & (frequency <= min(0.5, 1.4 * highest))
    one, other = one[band], other[band]
    power = float(np.sqrt((np.abs(one) ** 2).sum() * (np.abs(other) ** 2).sum()))
    return float(np.real((one * other.conj()).sum())) / power if power else 0.0


def _enlarged(small: Luminance, box: tuple[float, float, float, float], side: int) -> Image.Image:
    """A part of a picture, of fractions of pixels, enlarged to a square of ``side``."""
    left, top = (max(math.floor(edge) - _RIM, 0) for edge in box[:2])
    right, bottom = (min(math.ceil(edge) + _RIM, end) for edge, end in zip(box[2:], small.size, strict=True))
    inner = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    return small.part((left, top, right, bottom)).resize((side, side), Image.Resampling.BICUBIC, box=inner)


def rhythm(patch: Grey, across: float, down: float) -> float:
    """The clearness with which the curvature of a picture rises and falls in step with the pixels that it would be made
    of when it was enlarged ``across`` and ``down`` times: the less clear of its two directions, 0 if unknown.

    ``patch`` is the square in the picture's middle.

    (Gallagher, "Detection of linear and cubic interpolation in JPEG compressed images", 2005.)
    """
    clear = sorted(_beat(part, scale) for part, scale in ((patch, across), (patch.T, down)))
    return clear[0] if clear[1] >= _CLEAR else 0.0


def _beat(patch: Grey, scale: float) -> float:
    """The height by which the curvature's spectrum stands out at the frequency of the pixels before they were ``scale``
    times as many; 0 where the blocks of a JPEG have that frequency too."""
    frequency = 1 / scale % 1
    frequency = min(frequency, 1 - frequency)
    curvature = np.minimum(np.abs(patch[:, 2:] - 2 * patch[:, 1:-1] + patch[:, :-2]), _MOST_CURVATURE).mean(axis=0)
    length = len(curvature)
    place = round(frequency * length)
    if place < _SLOWEST or abs(frequency * 8 - round(frequency * 8)) * length / 8 < _BLOCKS_APART:
        return 0.0
    smooth = np.convolve(np.pad(curvature, _SMOOTH, mode="edge"), np.full(2 * _SMOOTH + 1, 1 / (2 * _SMOOTH + 1)))
    spectrum = np.abs(np.fft.rfft((curvature - smooth[2 * _SMOOTH : -2 * _SMOOTH]) * np.hanning(length)))
    around = spectrum[max(place - _AROUND, 4) : place + _AROUND + 1]
    return float(spectrum[place - 2 : place + 3].max() / max(float(np.median(around)), 1e-9))


def steepest_fall(luminance: npt.NDArray[np.uint8]) -> float:
    """By how much the power of a picture, shape (height, width), falls at most from one octave to the next, in log2."""
    side = min(PATCH, *luminance.shape)
    top, left = ((length - side) // 2 for length in luminance.shape)
    patch = luminance[top : top + side, left : left + side].astype(np.float32)
    power = np.abs(_spectrum(patch)) ** 2
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    means = [power[(frequency >= low) & (frequency < high)].mean() for low, high in itertools.pairwise(_OCTAVES)]
    octaves = np.log2(np.maximum(means, 1e-9))
    return float(np.max(octaves[:-1] - octaves[1:]))


def _spectrum(patch: Grey) -> npt.NDArray[np.complex128]:
    window = np.hanning(len(patch)).astype(np.float32)
    spectrum: npt.NDArray[np.complex128] = np.fft.rfft2((patch - patch.mean()) * (window[:, None] * window[None]))
    return spectrum


def _frequencies(side: int) -> Grey:
    """The higher of the two frequencies of each place in a spectrum, in cycles per pixel."""
    found: Grey = np.maximum(np.abs(np.fft.fftfreq(side))[:, None], np.fft.rfftfreq(side)[None])
    return found


@contextmanager
def _seen(path: str) -> Iterator[Luminance]:
    with contents.read(path) as content, luminance_of(content) as seen:
        yield seen
