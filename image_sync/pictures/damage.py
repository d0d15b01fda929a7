"""Damage of a picture that decodes all the same, in words: of a JPEG by its coded data, of several frames by each."""

from __future__ import annotations

from dataclasses import dataclass

from image_sync.pictures import content as contents
from image_sync.pictures import frame_smalls, jpeg_damage
from image_sync.pictures.code_layout import SIDE
from image_sync.pictures.errors import pass_over

VERSION = 1000 * jpeg_damage.VERSION + frame_smalls.VERSION
"""Raised whenever a file would be judged otherwise: what was remembered of older looks is void then."""
LOST_FRAMES = "only {read} of {asked} of its frames or pages that were tried can be read"


@dataclass(frozen=True, slots=True)
class Look:
    """A file to be examined, and how many frames it says it has."""

    path: str
    frames: int


def damage_in_words(look: Look) -> str:
    """The damage of a picture in words; empty for a sound one, and for one that can't be read."""
    if look.frames > 1:
        read, asked = len(frame_smalls.smalls_of(look.path)) // SIDE**2, len(frame_smalls.sampled(look.frames))
        return LOST_FRAMES.format(read=read, asked=asked) if 0 < read < asked else ""
    try:
        with contents.read(look.path) as content:
            found = jpeg_damage.damage_of(content)
    except Exception as error:
        pass_over(look.path, error)
        return ""
    return found.value if found else ""
