"""By what the catalog finds again what was decided: verdicts, searches, and the pairs that a person refused.

Each key is a value that names all that a decision hangs on, and one function that writes it as the catalog's text.
Whoever changes that text forgets what older catalogs know; the tests pin it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import Enum

from image_sync.base.model import Fingerprint

Version = int | str


class VerdictKind(Enum):
    """Kind of a verdict on two contents; the value is what its text begins with."""

    SAME = ""
    """Whether they are versions of one shot."""
    EDITED = "edited "
    """How similar they are where one may be cropped, framed or captioned."""
    SHOWS_LESS = "shows less "
    """Whether the first shows less than the second."""
    TRIMMED = "trimmed "
    """How similar they are where one has a little cut off each side."""
    PLACED = "placed "
    """How one lies on the other, where it is a small part of it or was put into it, and how similar they are."""
    PROPOSED = "proposed "
    """How many corners of two pictures say that one lies on the other (``matching.feature_index``)."""
    DIFFERENCE = "differs "
    """In what two that pass for the same differ in one place."""
    ENLARGED = "was_enlarged:"
    """Whether the first was enlarged from the second."""
    SHARPENED = "may_be_sharpened:"
    """Whether the first may have been sharpened from the second."""
    ALTERED = "altered:"
    """Which of the two was blurred or sharpened, and how, as a share (``organize.alterations``)."""


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """Key of a verdict: everything that it hangs on besides the two contents.

    ``versions`` are those of what gives the verdict, ``threshold`` the similarity asked for where one is.  ``turn`` is
    the position (0-7) of the second content; it has a column of its own and is no part of the text.
    """

    kind: VerdictKind
    versions: tuple[Version, ...]
    threshold: float | None = None
    turn: int = 0

    def turned(self, turn: int) -> VerdictRule:
        """This rule for another position of the second content."""
        return replace(self, turn=turn)

    def key(self) -> str:
        """The text by which the catalog knows the rule."""
        asked = "" if self.threshold is None else f":{self.threshold:.3f}"
        return f"{self.kind.value}{'-'.join(map(str, self.versions))}{asked}"


@dataclass(frozen=True, slots=True)
class SearchRule:
    """Key of a search: everything besides the contents that its outcome hangs on, its ``verdicts`` and proposals.

    ``proposals`` names the versions and radii of what proposes pairs, ``exact`` whether none of them is passed over.
    """

    verdicts: VerdictRule
    proposals: tuple[Version, ...]
    exact: bool

    def key(self) -> str:
        """The text by which the catalog knows the rule."""
        kind = "same " if self.verdicts.kind is VerdictKind.SAME else ""
        return f"{kind}{self.verdicts.key()} {' '.join(map(str, self.proposals))} {self.exact:d}"


@dataclass(frozen=True, slots=True)
class ContentKey:
    """Key of a picture's content, wherever the file lies: everything that was measured, and its size.

    ``small`` is the small grey picture.  Two different contents with one key differ in nothing that is measured.
    """

    small: bytes
    size: int
    format: str
    width: int
    height: int
    frames: int
    jpeg_quality: int | None
    has_exif: bool
    has_gps: bool
    captured: str
    camera: str

    @classmethod
    def of(cls, fingerprint: Fingerprint, size: int) -> ContentKey:
        """The key of a content of ``size`` bytes; ``fingerprint.small`` must be there."""
        known = fingerprint
        return cls(
            small=known.small,
            size=size,
            format=known.format,
            width=known.width,
            height=known.height,
            frames=known.frames,
            jpeg_quality=known.jpeg_quality,
            has_exif=known.has_exif,
            has_gps=known.has_gps,
            captured=known.captured,
            camera=known.camera,
        )

    def key(self) -> str:
        """The text by which the catalog knows the content: what people refused is found by it for ever."""
        # The words are those of the first catalogs, which described a whole fingerprint: they stay as they were.
        facts = (
            f"{self.size} Fingerprint(format={self.format!r}, width={self.width!r}, height={self.height!r}, "
            f"frames={self.frames!r}, small=b'', codes=b'', texture=0.0, sharpness=0.0, "
            f"jpeg_quality={self.jpeg_quality!r}, has_exif={self.has_exif!r}, has_gps={self.has_gps!r}, "
            f"captured={self.captured!r}, camera={self.camera!r}, earlier_quality=None)"
        )
        return hashlib.blake2b(self.small + facts.encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class RefusedPair:
    """Two contents, by their keys, that a person said are no match; which of them comes first is of no consequence."""

    low: str
    high: str

    @classmethod
    def of(cls, first: str, second: str) -> RefusedPair:
        """The pair of two contents."""
        return cls(*sorted((first, second)))

    def key(self) -> tuple[str, str]:
        """The two columns by which the catalog knows the pair."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Refusal:
    """Decision of a person that two contents are no match: ``decided`` is when (ISO 8601, local), ``files`` of which
    paths it was said, empty where that was not written down."""

    pair: RefusedPair
    decided: str
    files: tuple[str, str]
