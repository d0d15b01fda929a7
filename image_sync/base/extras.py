"""Holdings of a picture file beyond the size and the grey of its first picture, as values; nothing is read here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, IntEnum, auto


class Tones(IntEnum):
    """Tones that a picture is made of; more is better."""

    TWO = 1
    """Two tones, as a fax has."""
    GREY = 2
    """Shades of one tone: grey, sepia."""
    COLOUR = 3


class Described(Flag):
    """Words of a person on a picture, in the file or in a sidecar."""

    NOTHING = 0
    RATING = auto()
    CAPTION = auto()
    KEYWORDS = auto()


@dataclass(frozen=True, slots=True)
class Extras:
    """Holdings of a picture file beyond the size and the grey of its first picture.

    ``movie``: a movie behind the picture, as phones write for a motion photo.  ``gain_map``: what makes it brighter on
    a better screen.  ``further``: further pictures of other views (stereo, panorama), not previews.  ``bits`` of a
    channel.  ``alpha``: something is transparent.  ``wide``: its colour profile names more colours than sRGB has.
    """

    tones: Tones = Tones.COLOUR
    bits: int = 8
    alpha: bool = False
    wide: bool = False
    movie: bool = False
    gain_map: bool = False
    further: int = 0
    described: Described = Described.NOTHING


PLAIN = Extras()
"""Of an ordinary colour picture."""
