"""XMP packets: the statements about a picture that one makes, and adding of statements, so that nothing in it is lost.

What is added is inserted: a description of its own before the end of the packet, keywords at the end of the list that
is there.  All that was there stays as it is, byte for byte.  A packet that can't be read to its end is refused, and so
is one with a document type, as in ``xmp``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat
from xml.sax.saxutils import escape

from image_sync.base.stated import Position, Stated
from image_sync.pictures.metadata.exif_edit import CannotWrite
from image_sync.pictures.metadata.xmp import (
    DEPTH_LIMIT,
    DESCRIPTION,
    EXIF_SPACE,
    PHOTOSHOP_SPACE,
    RDF,
    ROOT,
    XMP_SPACE,
)

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": EXIF_SPACE,
    "photoshop": PHOTOSHOP_SPACE,
    "xmp": XMP_SPACE,
}
_ITEM = f"{RDF} li"
_ABOUT = f"{RDF} about"
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
_DEFAULT = "x-default"
_ITEM_LIMIT = 10_000
_TEXT_LIMIT = 2**20
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold."""
_COORDINATE = re.compile(r"\s*([0-9]{1,3}),([0-9.]+)(?:,([0-9.]+))?\s*([NSEWnsew])\s*", re.ASCII)
_FRACTION = re.compile(r"\s*([-+]?[0-9.]{1,20})(?:/([0-9]{1,12}))?\s*", re.ASCII)
_NO_RATING = re.compile(rb"""(?<=:Rating=["'])0(?=["'])|(?<=:Rating>)0(?=</)""")


def _name(prefix: str, name: str) -> str:
    return f"{_SPACES[prefix]} {name}"


TITLE, CAPTION, KEYWORDS = _name("dc", "title"), _name("dc", "description"), _name("dc", "subject")
ARTISTS, COPYRIGHT = _name("dc", "creator"), _name("dc", "rights")
RATING = _name("xmp", "Rating")
_NORTH, _EAST = _name("exif", "GPSLatitude"), _name("exif", "GPSLongitude")
_HEIGHT, _BELOW = _name("exif", "GPSAltitude"), _name("exif", "GPSAltitudeRef")
_TAKEN = _name("exif", "DateTimeOriginal")
_CREATED = _name("photoshop", "DateCreated")


class _Refused(Exception):
    """The packet has a document type, or is nested beyond reason."""


@dataclass(slots=True)
class Packet:
    """A packet as it was read: its properties by full name, each with its values, and the places for more.

    ``about`` is what the descriptions say they are about; ``end`` is the offset before which another one goes, and
    ``lists`` those at the ends of lists by the name of the property.  ``whole`` tells that it was read to its end.
    """

    values: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    about: str = ""
    end: int = -1
    lists: dict[str, int] = field(default_factory=dict)
    whole: bool = False

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a property, without blanks around them; empty ones don't count."""
        return tuple(stripped for _, text in self.values.get(name, ()) if (stripped := text.strip()))

    def text(self, name: str) -> str:
        """The value of a property, in the default language where there are several."""
        found = self.values.get(name, ())
        chosen = next((text for language, text in found if language == _DEFAULT), found[0][1] if found else "")
        return chosen.strip()


def read(data: bytes) -> Packet:
    """The properties of ``data``; of a damaged packet those before the damage, of what is no XMP none."""
    lead = len(data) - len(data.lstrip(b"\0 \t\r\n"))
    content = data.strip(b"\0 \t\r\n")
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(content, lead, parser)
    try:
        parser.Parse(content, True)
    except _Refused:
        return Packet()
    except (expat.ExpatError, ValueError, LookupError):
        return reader.packet
    reader.packet.whole = reader.packet.end >= 0
    return reader.packet


class _Reader:
    """Gathers the properties of the described picture, and where more could be put."""

    def __init__(self, content: bytes, lead: int, parser: expat.XMLParserType) -> None:
        self.packet = Packet()
        self._content, self._lead, self._parser = content, lead, parser
        self._path: list[str] = []
        self._text: list[str] = []
        self._size = 0
        self._language = ""
        self._listed = False
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._add
        parser.EndElementHandler = self._close

    def _refuse(self, *_: object) -> None:
        raise _Refused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= DEPTH_LIMIT:
            raise _Refused
        if name == DESCRIPTION and self._path[-1:] == [ROOT]:
            self._language = ""
            self.packet.about = self.packet.about or attributes.get(_ABOUT, attributes.get("about", ""))
            for attribute, value in attributes.items():
                if attribute != _ABOUT:
                    self._keep(attribute, value)
        self._path.append(name)
        if self._place == 1:
            self._listed = False
        self._language = attributes.get(_LANGUAGE, "")
        self._text, self._size = [], 0

    @property
    def _place(self) -> int:
        """1 in a property of the picture, 3 in an item of a list that is one; else 0."""
        if self._path[-3:-1] == [ROOT, DESCRIPTION]:
            return 1
        return 3 if self._path[-5:-3] == [ROOT, DESCRIPTION] and self._path[-1] == _ITEM else 0

    def _add(self, data: str) -> None:
        if self._place and self._size < _TEXT_LIMIT:
            self._text.append(data)
            self._size += len(data)

    def _close(self, name: str) -> None:
        text = "".join(self._text)
        if self._place == 3:
            self._listed = True
            self._keep(self._path[-3], text)
        elif self._place == 1 and not self._listed:
            self._keep(name, text)
        elif self._path[-4:-2] == [ROOT, DESCRIPTION] and name.startswith(f"{RDF} "):
            self._mark(self._path[-2])
        elif name == ROOT and self._is_end_tag():
            self.packet.end = self._lead + self._parser.CurrentByteIndex
        self._path.pop()
        self._text = []

    def _mark(self, name: str) -> None:
        if self._is_end_tag():
            self.packet.lists.setdefault(name, self._lead + self._parser.CurrentByteIndex)

    def _is_end_tag(self) -> bool:
        at = self._parser.CurrentByteIndex
        return self._content[at : at + 2] == b"</"

    def _keep(self, name: str, value: str) -> None:
        found = self.packet.values.setdefault(name, [])
        if len(found) < _ITEM_LIMIT:
            found.append((self._language, value))


# --- what it states ---------------------------------------------------------------------------------------------------


def stated_in(packet: Packet) -> Stated:
    """The statements of a packet; the dates are told by ``xmp``."""
    return Stated(
        position=_position(packet),
        rating=_rating(packet.text(RATING)),
        title=packet.text(TITLE),
        caption=packet.text(CAPTION),
        keywords=packet.texts(KEYWORDS),
        artists=packet.texts(ARTISTS),
        copyright=packet.text(COPYRIGHT),
    )


def _rating(text: str) -> int:
    number = _number(text)
    return int(number) if number is not None and (1 <= number <= 5 or number == -1) else 0


def _position(packet: Packet) -> Position | None:
    north, east = _angle(packet.text(_NORTH), 90), _angle(packet.text(_EAST), 180)
    if north is None or east is None or (not north and not east):
        return None
    height = _number(packet.text(_HEIGHT))
    below = packet.text(_BELOW) == "1"
    return Position(north, east, -height if height is not None and below else height)


def _angle(text: str, most: int) -> float | None:
    match = _COORDINATE.fullmatch(text)
    if not match:
        return None
    try:
        angle = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    except ValueError:
        return None
    return None if angle > most else -angle if match[4] in "SWsw" else angle


def _number(text: str) -> float | None:
    """``4``, ``4.5`` or ``340/10``."""
    match = _FRACTION.fullmatch(text)
    try:
        return float(match[1]) / float(match[2] or 1) if match else None
    except (ValueError, ZeroDivisionError):
        return None


# --- adding -----------------------------------------------------------------------------------------------------------


def with_more(data: bytes, added: Stated) -> bytes:
    """The packet ``data`` with the statements that ``added`` has and it lacks; a new packet where it is empty.

    All bytes of ``data`` are in the result, in their order, but a nought for no rating.  Raises ``CannotWrite`` for a
    packet that is damaged.
    """
    if not data.strip(b"\0 \t\r\n"):
        return new_packet(added)
    packet = read(data)
    if not packet.whole or data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data.strip(b"\0"):
        raise CannotWrite("its XMP data is damaged, or of a form that can't be added to")
    stated = stated_in(packet)
    keywords = [word for word in added.keywords if word not in stated.keywords]
    places: list[tuple[int, bytes]] = []
    if keywords and packet.values.get(KEYWORDS):
        if KEYWORDS not in packet.lists:
            raise CannotWrite("its keywords are of a form that can't be added to")
        places.append((packet.lists[KEYWORDS], _items(keywords).encode()))
        keywords = []
    texts = list(_properties(added, tuple(keywords), packet))
    if texts:
        places.append((packet.end, _description(packet.about, texts).encode()))
    result = data
    for at, text in sorted(places, reverse=True):
        result = result[:at] + text + result[at:]
    if added.rating and not stated.rating and RATING in packet.values:
        result = _with_rating(result, added.rating)
    return result


def _with_rating(data: bytes, rating: int) -> bytes:
    """The packet with a rating in the place of the nought that says that there is none."""
    result, number = _NO_RATING.subn(str(rating).encode(), data)
    if number != 1:
        raise CannotWrite("it states in a form of its own that there is no rating")
    return result


def new_packet(added: Stated) -> bytes:
    """A packet that makes these statements; as a file it is a sidecar."""
    description = _description("", list(_properties(added, added.keywords, Packet())))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{RDF}">\n{description} </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>\n'
    ).encode()


def _description(about: str, properties: list[tuple[str, str]]) -> str:
    prefixes = sorted({name.partition(":")[0] for name, _ in properties})
    spaces = "".join(f' xmlns:{prefix}="{_SPACES[prefix]}"' for prefix in prefixes)
    lines = "".join(f"   <{name}>{text}</{name}>\n" for name, text in properties)
    about = escape(legal(about), {'"': "&quot;"})
    return f'  <rdf:Description xmlns:rdf="{RDF}" rdf:about="{about}"{spaces}>\n{lines}  </rdf:Description>\n'


def _properties(added: Stated, keywords: tuple[str, ...], packet: Packet) -> Iterator[tuple[str, str]]:
    """The properties that are to be written, with their content, of those that ``packet`` has no value for."""
    if added.taken is not None and not packet.text(_TAKEN):
        when = _moment(added.taken, added.offset)
        yield "exif:DateTimeOriginal", when
        if not packet.text(_CREATED):
            yield "photoshop:DateCreated", when
    if added.position is not None and not packet.text(_NORTH) and not packet.text(_EAST):
        yield from _position_of(added.position)
    if added.rating and RATING not in packet.values:
        yield "xmp:Rating", str(added.rating)
    for name, full, text in (
        ("dc:title", TITLE, added.title),
        ("dc:description", CAPTION, added.caption),
        ("dc:rights", COPYRIGHT, added.copyright),
    ):
        if text and not packet.values.get(full):
            yield name, f'<rdf:Alt><rdf:li xml:lang="{_DEFAULT}">{_escaped(text)}</rdf:li></rdf:Alt>'
    if keywords:
        yield "dc:subject", f"<rdf:Bag>{_items(keywords, own=False)}</rdf:Bag>"
    if added.artists and not packet.values.get(ARTISTS):
        yield "dc:creator", f"<rdf:Seq>{_items(added.artists, own=False)}</rdf:Seq>"


def _items(texts: tuple[str, ...] | list[str], *, own: bool = True) -> str:
    """The items of a list; ``own`` names the name space on each, whatever it is called around it."""
    space = f' xmlns:rdf="{RDF}"' if own else ""
    return "".join(f"<rdf:li{space}>{_escaped(text)}</rdf:li>" for text in texts)


def _moment(taken: datetime, offset: int | None) -> str:
    text = taken.isoformat().rstrip("0") if taken.microsecond else taken.isoformat()
    if offset is None:
        return text
    hours, minutes = divmod(abs(offset), 60)
    return f"{text}{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"


def _position_of(position: Position) -> Iterator[tuple[str, str]]:
    yield "exif:GPSLatitude", _degrees(position.latitude, "NS")
    yield "exif:GPSLongitude", _degrees(position.longitude, "EW")
    if position.altitude is not None:
        yield "exif:GPSAltitude", f"{round(abs(position.altitude) * 100)}/100"
        yield "exif:GPSAltitudeRef", "1" if position.altitude < 0 else "0"


def _degrees(angle: float, sides: str) -> str:
    """``52,31.25N``: degrees and minutes, as XMP has it."""
    millionths = round(abs(angle) * 60 * 1_000_000)
    degrees, rest = divmod(millionths, 60 * 1_000_000)
    return f"{degrees},{rest / 1_000_000:.6f}{sides[angle < 0]}"


def _escaped(text: str) -> str:
    return escape(legal(text))


def legal(text: str) -> str:
    """``text`` without what no XML may hold."""
    return _ILLEGAL.sub("", text)
