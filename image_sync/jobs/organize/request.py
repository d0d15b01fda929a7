"""Request of *organize*: everything the user chose for one run, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from image_sync.jobs.transfer import Transfer
from image_sync.matching.threshold import DEFAULT_THRESHOLD


class Level(Enum):
    """How much two pictures may differ and still match; each level finds what those before it find."""

    EXACT = "exact"
    """Identical files."""
    PIXELS = "pixels"
    """Identical pixels too: only metadata or the container differ."""
    SAME_SHOT = "same"
    """One shot re-encoded, resized, toned, filtered, slightly cropped, at or above the threshold."""
    EDITED = "edited"
    """Cropped by up to a fifth, framed, captioned, turned and mirrored too."""


class Handling(Enum):
    """What becomes of a group."""

    GATHER = "gather"
    """All members go to ``similar_<context>/``, the rest to ``unique_images/``."""
    KEEP_BEST = "keep best"
    """The best stays where it is, the others go to ``duplicates/`` in the output."""
    LINK_EXACT = "link exact"
    """Exact copies become hard links of the best; nothing else is touched."""


class Preference(Enum):
    """One reason to call a picture better than another; their order is the user's."""

    PIXELS = "more pixels"
    QUALITY = "less compressed"
    SHARPNESS = "sharper"
    METADATA = "has camera data"
    NAME = "original name"
    AGE = "older file"


@dataclass(frozen=True, slots=True)
class OrganizeRequest:
    """What the user chose for *organize*.  Folders are as typed; ``minimum_size`` is in bytes.

    ``references`` are those of the two input folders that are never changed.  ``include`` and ``exclude`` are glob
    patterns on the path below the input folder (and on the name alone).  ``preferred`` is the input folder whose
    pictures are called best before any other reason; empty for none.  ``level`` is how much two pictures may differ;
    the threshold and ``rotations`` matter from ``SAME_SHOT`` on, ``EDITED`` looks at all positions anyway.
    ``exact_search`` searches more than 200,000 pictures exactly too, which fewer always are.
    """

    folder1: str
    folder2: str
    output: str
    threshold: float = DEFAULT_THRESHOLD
    transfer: Transfer = Transfer.MOVE
    handling: Handling = Handling.GATHER
    rotations: bool = False
    references: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    minimum_size: int = 0
    best_order: tuple[Preference, ...] = tuple(Preference)
    preferred: str = ""
    level: Level = Level.SAME_SHOT
    exact_search: bool = False
