"""Layout of a picture's codes: which hashes there are, in what order, of how many bits, and of what.

To add a hash: name it here, compute its bits in ``hashes``, and raise ``version.MEASURED``.  All sizes below, and all
that follow from them elsewhere, change with it.  Loads nothing, so that a plain command may ask for a size.
"""

from __future__ import annotations

from enum import IntEnum


class Hash(IntEnum):
    """The hashes of a picture; the value is the place among its codes."""

    AVERAGE = 0
    PERCEPTUAL = 1
    DIFFERENCE = 2
    WAVELET = 3


TELLING = (Hash.PERCEPTUAL, Hash.DIFFERENCE)
"""The two that tell most pairs apart."""
HASH_SIDE = 8
"""A hash has one bit for each cell of a square of so many cells."""
HASH_BITS = HASH_SIDE**2
CODE_BITS = HASH_BITS * len(Hash)
"""Bits of all hashes together."""
CODE_BYTES = CODE_BITS // 8
OUTLINE_SIDE = 16
"""The finer hash, of outlines, that is asked where the others agree has one bit for each of so many squared."""
OUTLINE_BITS = OUTLINE_SIDE**2
OUTLINE_BYTES = OUTLINE_BITS // 8
SIDE = 64
"""Width and height of the small grey picture that the hashes are made of."""
TURNS = 8
"""Positions of a picture: four quarter turns of it, and four of its mirror image."""
SAME_PIXELS_RADIUS = 2
"""Equal pixels give equal hashes; a container may round its pixels, and two bits are room for that."""
