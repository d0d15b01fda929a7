"""Colour of a picture, as small as it gets: the two colour differences (Cb, Cr) of 16x16 parts, and what they tell.

A grey copy, a sepia one and a warmer one are versions of one picture: the whole is toned alike.  A shirt in another
colour is another shirt.  So one picture's colours are laid over the other's as a toning would (more or less saturated,
a hue turned a little, one tint for the lights and one for the shadows), and what no toning explains, in a compact part,
is a difference.  Nothing here reads a file.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from image_sync.base.model import Tones

VERSION = 1
"""Raised whenever a pair would get another verdict."""
SIDE = 16
CHROMA_BYTES = 2 * SIDE * SIDE
_SMALL_SIDE = 64
_NEUTRAL = 128
_LEAST_SPREAD = 6.0
"""Levels by which a part's colour must leave the tint of its brightness to be a colour."""
_STRONG = 48.0
"""Levels from which on a tint is a colour; sepia has some 30."""

Floats = npt.NDArray[np.float64]
Colours = npt.NDArray[np.complex128]


def chroma_of(picture: Image.Image) -> bytes:
    """The colour differences of an upright picture in mode RGB or YCbCr: 16x16 bytes of Cb, then of Cr."""
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    _, blue, red = (small if small.mode == "YCbCr" else small.convert("YCbCr")).split()
    return blue.tobytes() + red.tobytes()


def tones_of(small: bytes, chroma: bytes) -> Tones:
    """Whether a picture has colour, by its grey 64x64 and its colour differences; a toned grey one has none."""
    if not chroma:
        return Tones.GREY
    colours, light = _colours(chroma), _light(small)
    beyond = np.abs(colours - _tint(colours, light)).max() >= _LEAST_SPREAD
    return Tones.COLOUR if beyond or np.abs(colours).max() >= _STRONG else Tones.GREY


def _colours(chroma: bytes) -> Colours:
    """Cb + i Cr of each part, about grey, shape (16, 16)."""
    blue, red = np.frombuffer(chroma, np.uint8).reshape(2, SIDE, SIDE).astype(np.float64) - _NEUTRAL
    return blue + 1j * red


def _light(small: bytes) -> Floats:
    """The brightness of each part (0-1), shape (16, 16)."""
    step = _SMALL_SIDE // SIDE
    grey = np.frombuffer(small, np.uint8).reshape(SIDE, step, SIDE, step)
    return np.asarray(grey.mean(axis=(1, 3)) / 255)


def _tint(colours: Colours, light: Floats) -> Colours:
    """The colour that brightness alone gives: a curve of the second degree through all parts."""
    terms = np.stack([np.ones_like(light), light, light * light], axis=-1).reshape(-1, 3)
    found = np.linalg.lstsq(terms, colours.reshape(-1), rcond=None)[0]
    return np.asarray(terms @ found).reshape(colours.shape)
