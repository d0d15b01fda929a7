"""Statements about a picture: what its file, or a sidecar beside it, says of the picture in fields that programs share.

Values that go from the reader of metadata to the rules, and through the argument of an operation to its writer.  Pure:
nothing here knows a format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class Fact(Enum):
    """One kind of statement, in words for the user."""

    TAKEN = "the capture date"
    OFFSET = "the time zone"
    POSITION = "the place"
    RATING = "the rating"
    TITLE = "the title"
    CAPTION = "the caption"
    KEYWORDS = "keywords"
    ARTISTS = "the artist"
    COPYRIGHT = "the copyright"


@dataclass(frozen=True, slots=True)
class Position:
    """Position on earth: degrees north and east, metres above the sea where that is known."""

    latitude: float
    longitude: float
    altitude: float | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """Statements about one picture; what is empty (or ``None``, or 0) is not stated.

    ``taken`` is when it was taken, on the camera's clock, and ``offset`` that clock's distance from UTC in minutes.
    ``rating`` is 1 to 5, or -1 for a rejected picture.  ``doubtful`` tells that a date is stated which can't be true.
    """

    taken: datetime | None = None
    offset: int | None = None
    position: Position | None = None
    rating: int = 0
    title: str = ""
    caption: str = ""
    keywords: tuple[str, ...] = ()
    artists: tuple[str, ...] = ()
    copyright: str = ""
    doubtful: bool = False

    def __bool__(self) -> bool:
        return bool(self.facts)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The kinds of statements that are there, in the order of ``Fact``."""
        has = {
            Fact.TAKEN: self.taken is not None,
            Fact.OFFSET: self.offset is not None and self.taken is None,
            Fact.POSITION: self.position is not None,
            Fact.RATING: self.rating != 0,
            Fact.TITLE: bool(self.title),
            Fact.CAPTION: bool(self.caption),
            Fact.KEYWORDS: bool(self.keywords),
            Fact.ARTISTS: bool(self.artists),
            Fact.COPYRIGHT: bool(self.copyright),
        }
        return tuple(fact for fact in Fact if has[fact])

    @property
    def has_words(self) -> bool:
        """Whether there is more than date, zone and position: what EXIF has no good place for."""
        return bool(set(self.facts) - {Fact.TAKEN, Fact.OFFSET, Fact.POSITION})

    def to_text(self) -> str:
        """The statements as one line of ASCII that ``from_text`` reads."""
        place = self.position
        fields: dict[str, object] = {
            "taken": self.taken.isoformat() if self.taken else None,
            "offset": self.offset,
            "position": [place.latitude, place.longitude, place.altitude] if place else None,
            "rating": self.rating,
            "title": self.title,
            "caption": self.caption,
            "keywords": list(self.keywords),
            "artists": list(self.artists),
            "copyright": self.copyright,
        }
        given = {name: value for name, value in fields.items() if value not in (None, "", [], 0) or name == "offset"}
        return json.dumps({name: value for name, value in given.items() if value is not None}, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Stated:
        """The statements that ``to_text`` wrote.  Raises ``ValueError`` for anything else."""
        fields: Any = json.loads(text)
        if not isinstance(fields, dict):
            raise ValueError("these are no statements about a picture")
        try:
            place, taken = fields.get("position"), fields.get("taken")
            return cls(
                taken=datetime.fromisoformat(taken) if taken else None,
                offset=None if fields.get("offset") is None else int(fields["offset"]),
                position=Position(*place) if place else None,
                rating=int(fields.get("rating", 0)),
                title=str(fields.get("title", "")),
                caption=str(fields.get("caption", "")),
                keywords=tuple(map(str, fields.get("keywords", ()))),
                artists=tuple(map(str, fields.get("artists", ()))),
                copyright=str(fields.get("copyright", "")),
            )
        except (TypeError, KeyError) as error:
            raise ValueError(f"these are no statements about a picture: {error}") from error


NOTHING = Stated()
"""Of a picture of which nothing is stated."""
