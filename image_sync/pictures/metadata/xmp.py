"""Capture date in an XMP packet, embedded or in a sidecar.

XMP is XML from strangers: a document type, and with it every entity, is refused before it can expand, and only the
properties of the picture itself count, not those of its history or of what it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from xml.parsers import expat

from image_sync.pictures.metadata.dates import Moment, settled, spelled

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EXIF_SPACE = "http://ns.adobe.com/exif/1.0/"
PHOTOSHOP_SPACE = "http://ns.adobe.com/photoshop/1.0/"
XMP_SPACE = "http://ns.adobe.com/xap/1.0/"
_TAKEN = (f"{EXIF_SPACE} DateTimeOriginal", f"{PHOTOSHOP_SPACE} DateCreated")
"""Best first: when it was taken, when what it shows was made."""
_DIGITIZED = (f"{EXIF_SPACE} DateTimeDigitized", f"{XMP_SPACE} CreateDate")
"""When it was digitized, when the file was made."""
_DATES = (*_TAKEN, *_DIGITIZED)
ROOT, DESCRIPTION = f"{RDF} RDF", f"{RDF} Description"
DEPTH_LIMIT = 200


class _Refused(Exception):
    """The packet is no XMP that a picture needs."""


class _Collector:
    """Gathers the values of the properties of the described picture."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= DEPTH_LIMIT:
            raise _Refused
        if name == DESCRIPTION and self._path[-1:] == [ROOT]:
            for attribute, value in attributes.items():
                self._keep(attribute, value)
        self._path.append(name)
        self._text = []

    def text(self, data: str) -> None:
        if self._is_property() and len(self._text) < 100:
            self._text.append(data)

    def end(self, name: str) -> None:
        if self._is_property():
            self._keep(name, "".join(self._text))
        self._path.pop()

    def _is_property(self) -> bool:
        return self._path[-3:-1] == [ROOT, DESCRIPTION]

    def _keep(self, name: str, value: str) -> None:
        if name in _DATES and value.strip():
            self.values.setdefault(name, value.strip())


@dataclass(frozen=True, slots=True)
class XmpMoments:
    """The dates of an XMP packet: when taken, when digitized; ``None`` for each that is not there."""

    taken: Moment | None = None
    digitized: Moment | None = None


def xmp_moment(packet: bytes, zone: tzinfo | None = None) -> Moment | None:
    """The best date in ``packet``; ``None`` when it has none, is damaged, or is no XMP."""
    moments = xmp_moments(packet, zone)
    return moments.taken or moments.digitized


def xmp_moments(packet: bytes, zone: tzinfo | None = None) -> XmpMoments:
    """The dates in ``packet``; none when it is damaged from the start, or is no XMP.

    A date that names its offset is left on that clock, one in UTC is shown in ``zone``.
    """
    collector = _Collector()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = collector.start
    parser.CharacterDataHandler = collector.text
    parser.EndElementHandler = collector.end
    try:
        parser.Parse(packet.strip(b"\0 \t\r\n"), True)
    except _Refused:
        return XmpMoments()
    except (expat.ExpatError, ValueError, LookupError):
        pass  # what stood before the damage counts
    return XmpMoments(*(_first(collector.values, names, zone) for names in (_TAKEN, _DIGITIZED)))


def _first(values: dict[str, str], names: tuple[str, ...], zone: tzinfo | None) -> Moment | None:
    for name in names:
        moment = spelled(values.get(name, ""))
        if moment:
            return settled(moment, zone)
    return None


def _refuse(*_: object) -> None:
    raise _Refused
