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

from image_sync.base.extras import Tones

VERSION = 1
"""Raised whenever a pair would get another verdict."""
SIDE = 16
CHROMA_BYTES = 2 * SIDE * SIDE
_SMALL_SIDE = 64
_NEUTRAL = 128
_LEAST_SPREAD = 6.0
"""Levels by which a part's colour must leave the tint of its brightness to be a colour."""
_STEADY = 1e-6
"""Keeps the curve of a picture of one brightness from being any."""
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
    colours = _colours(chroma)
    if np.abs(colours).max() >= _STRONG:
        return Tones.COLOUR
    beyond = np.abs(colours - _tint(colours, _light(small))).max()
    return Tones.COLOUR if beyond >= _LEAST_SPREAD else Tones.GREY


def saturation_of(chroma: bytes) -> float:
    """The mean distance of a picture's colours from their mean, in levels; 0 for a picture without colours."""
    if not chroma:
        return 0.0
    colours = _colours(chroma)
    return float(np.sqrt((np.abs(colours - colours.mean()) ** 2).mean()))


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
    squares = terms.T @ terms + _STEADY * np.eye(3)
    found = np.linalg.solve(squares, terms.T @ colours.reshape(-1))
    return np.asarray(terms @ found).reshape(colours.shape)


# --- pairs ------------------------------------------------------------------------------------------------------------

_MOST_TURN, _MOST_GAIN, _MOST_TINT = np.pi / 6, 3.0, 24.0
"""How far a toning goes: the turn of a hue, the gain in saturation, and the levels of a tint."""
_DIFFERENT, _PARTS = 22.0, 3
"""Levels by which a part has another colour, and connected parts (of 256) that make a difference.  Of 46 photos none is
told apart from a copy of it that was compressed (quality 10), cropped by 5 %, turned by 2 degrees, made grey, sepia,
warm, cold, bright, dark, pale or saturated; two are from an equalised one."""


def same_colours(first: bytes, second: bytes, light: bytes) -> bool:
    """Whether the colours of two pictures that lie on one another may be those of one picture, toned.

    ``first`` and ``second`` are their ``chroma_of``, ``light`` the small grey of the first.  What has no colours agrees
    with everything.
    """
    if not first or not second:
        return True
    one, other = _colours(first), _colours(second)
    if np.abs(one - other).max() <= _DIFFERENT:
        return True
    return _apart(one, other, _light(light)) < _PARTS or _apart(other, one, _light(light)) < _PARTS


def _apart(source: Colours, copy: Colours, light: Floats) -> int:
    """Size of the largest compact part in which ``copy`` is no toning of ``source``, in parts of 256."""
    toned = _toned(source, copy, light)
    near = np.stack([_shifted(toned, down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)])
    low_b, high_b, low_r, high_r = near.real.min(0), near.real.max(0), near.imag.min(0), near.imag.max(0)
    blue = np.maximum(np.maximum(low_b - copy.real, copy.real - high_b), 0)
    red = np.maximum(np.maximum(low_r - copy.imag, copy.imag - high_r), 0)
    return _largest(np.hypot(blue, red) > _DIFFERENT)


def _toned(source: Colours, copy: Colours, light: Floats) -> Colours:
    """``source`` toned so that it comes as near to ``copy`` as a toning may: more or less saturated, turned a little in
    hue, a tint for lights and one for shadows."""
    tint = np.zeros_like(source)
    gain = 1.0 + 0.0j
    for _ in range(4):
        rest = copy - tint
        power = float((np.abs(source) ** 2).sum())
        gain = complex((source.conj() * rest).sum() / power) if power > 1 else 0j
        size, turn = min(abs(gain), _MOST_GAIN), float(np.clip(np.angle(gain), -_MOST_TURN, _MOST_TURN))
        gain = size * np.exp(1j * turn) if abs(np.angle(gain)) < np.pi / 2 else 0j
        tint = _tint(copy - gain * source, light)
        tint *= np.minimum(1, _MOST_TINT / np.maximum(np.abs(tint), 1e-9))
    return gain * source + tint


def _shifted(colours: Colours, down: int, across: int) -> Colours:
    padded = np.pad(colours, 1, mode="edge")
    return padded[1 + down : 1 + down + SIDE, 1 + across : 1 + across + SIDE]


def _largest(mask: npt.NDArray[np.bool_]) -> int:
    """The number of parts in the largest connected piece of ``mask``."""
    waiting, largest = {(int(row), int(column)) for row, column in np.argwhere(mask)}, 0
    while waiting:
        piece, size = [waiting.pop()], 0
        while piece:
            row, column = piece.pop()
            size += 1
            for step in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if step in waiting:
                    waiting.remove(step)
                    piece.append(step)
        largest = max(largest, size)
    return largest
