"""Facts of two pictures beside each other: of the file, of the picture, and all that its metadata states.

Reads headers only, on a thread of the background; what is drawn of it is values.  No tkinter.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

from image_sync.base import paths
from image_sync.base.said import N_
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, language, speak
from image_sync.pictures.metadata.xmp import RDF

LONGEST = 400
"""Letters of a value that are told."""
MOST_FACTS = 400
XMP_LIMIT = 1024 * 1024
_DULL = frozenset({"MakerNote", "PrintImageMatching", "UserComment", "ComponentsConfiguration", "CFAPattern"})
"""Blocks of bytes that say nothing to a reader; a comment is told where it is text."""
_POINTERS = frozenset({0x8769, 0x8825, 0xA005})
_EXIF, _GPS = 0x8769, 0x8825
_DEPTH = 60


_NAMES = {
    "DateTimeOriginal": N_("Taken"),
    "OffsetTimeOriginal": N_("Taken, time zone"),
    "DateTimeDigitized": N_("Digitized"),
    "DateTime": N_("Changed by a program"),
    "Make": N_("Camera maker"),
    "Model": N_("Camera"),
    "LensModel": N_("Lens"),
    "ExposureTime": N_("Exposure"),
    "FNumber": N_("Aperture"),
    "ISOSpeedRatings": "ISO",
    "FocalLength": N_("Focal length"),
    "FocalLengthIn35mmFilm": N_("Focal length, 35 mm"),
    "ImageDescription": N_("Description"),
    "XPTitle": N_("Title"),
    "XPKeywords": N_("Keywords"),
}
"""What people call the tags that they look for; all others keep the names of the standard."""
_FIRST = tuple(_NAMES)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is about and what both pictures say of it; empty where one says nothing."""

    name: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.left != self.right

    @property
    def sign(self) -> str:
        """``≠`` where both say something else, ``◂`` or ``▸`` where only the left or the right says something."""
        if not self.differs:
            return ""
        return "≠" if self.left and self.right else "◂" if self.left else "▸"


def facts_of(path: str) -> dict[str, str]:
    """Facts that a picture file states, by name, in the order in which it is told.  Raises ``OSError``."""
    status = os.stat(path)
    found = {
        _("Name"): shown(paths.name(path)),
        _("Folder"): shown(paths.parent(path)),
        _("Size"): f"{formatting.size(status.st_size)} ({formatting.count(status.st_size)} B)",
        _("Changed"): formatting.clock(datetime.fromtimestamp(status.st_mtime), exact=True),
    }
    # Whatever a strange or damaged header makes a reader raise: what was read until then is told.
    with contextlib.suppress(Exception):
        from image_sync.containment.shared import contained

        found.update(contained(_in_language, (language(), path), (path,)))
    return found


def side_by_side(left: Mapping[str, str], right: Mapping[str, str]) -> tuple[Fact, ...]:
    """The facts of both, each once: in the order of the left, what only the right has after what stands before it."""
    names = list(left)
    at = 0
    for name in right:
        if name in left:
            at = names.index(name) + 1
        else:
            names.insert(at, name)
            at += 1
    return tuple(Fact(name, left.get(name, ""), right.get(name, "")) for name in names)


def _in_language(asked: tuple[str, str]) -> dict[str, str]:
    """Facts of the picture in the language that the window speaks, which a worker process was not told yet."""
    spoken, path = asked
    if spoken != language():
        speak(spoken)
    return _of_picture(path)


def _of_picture(path: str) -> dict[str, str]:
    from image_sync.pictures import content as contents
    from image_sync.pictures.decode import open_picture
    from image_sync.pictures.identify import format_of

    found: dict[str, str] = {}
    with contents.read(path) as content:
        kind = format_of(content)
        picture = open_picture(content, kind)
        found[_("Format")] = kind
        found[_("Dimensions")] = formatting.dimensions(*picture.size)
        found[_("Colours")] = picture.mode
        frames = getattr(picture, "n_frames", 1)
        if frames > 1:
            found[_("Frames")] = formatting.count(frames)
        found.update(_of_coding(picture))
        exif = picture.getexif()
        tags = {**_of_directory(exif), **_of_directory(exif.get_ifd(_EXIF))}
        found.update({_(_NAMES[tag]): tags.pop(tag) for tag in _FIRST if tag in tags})
        found.update(_of_place(exif.get_ifd(_GPS)))
        found.update({_spaced(tag): told for tag, told in tags.items()})
    with open(path, "rb", buffering=0) as stream:
        found.update(_of_packets(stream))
    return dict(list(found.items())[:MOST_FACTS])


def _of_coding(picture: Any) -> dict[str, str]:
    """Facts of its coding: the quality of a JPEG, its profile of colours, the steps between its shades."""
    from image_sync.pictures import jpeg_quality

    found = {}
    tables = getattr(picture, "quantization", None)
    if tables:
        quality = jpeg_quality.of_tables(tables, 0)
        if quality is not None:
            found[_("JPEG quality")] = str(quality)
        found[_("Progressive")] = _("yes") if picture.info.get("progressive") else _("no")
    profile = picture.info.get("icc_profile")
    if profile:
        found[_("Colour profile")] = _profile_name(profile)
    return found


def _profile_name(profile: bytes) -> str:
    import io

    from PIL import ImageCms

    with contextlib.suppress(Exception):
        return _told(ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip())
    return formatting.size(len(profile))


def _of_directory(directory: Mapping[int, Any]) -> dict[str, str]:
    """The values of a directory of EXIF by the standard's names of its tags."""
    from PIL.ExifTags import TAGS

    found = {}
    for tag, value in directory.items():
        name = TAGS.get(tag, f"0x{tag:04X}")
        if tag in _POINTERS or (name in _DULL and not isinstance(value, str)):
            continue
        told = _value(name, value)
        if told:
            found[name] = told
    return found


def _of_place(directory: Mapping[int, Any]) -> dict[str, str]:
    """The position as a map takes it, and what else is stated of it."""
    from PIL.ExifTags import GPSTAGS

    found: dict[str, str] = {}
    with contextlib.suppress(Exception):
        north, east = (_degrees(directory[at], str(directory[at - 1])) for at in (2, 4))
        found[_("Position")] = f"{north:.6f}, {east:.6f}"
    for tag, value in directory.items():
        if tag not in (1, 2, 3, 4):
            name = GPSTAGS.get(tag, f"GPS 0x{tag:04X}")
            told = _value(name, value)
            if told:
                found[_spaced(name)] = told
    return found


def _degrees(parts: Any, side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if side[:1] in "SW" else 1)


def _value(name: str, value: Any) -> str:
    """A value of EXIF as a person reads it."""
    with contextlib.suppress(Exception):
        if name == "ExposureTime" and 0 < float(value) < 1:
            return f"1/{1 / float(value):.0f} s"
        if name == "ExposureTime":
            return f"{float(value):g} s"
        if name == "FNumber":
            return f"f/{float(value):g}"
        if name in ("FocalLength", "FocalLengthIn35mmFilm"):
            return f"{float(value):g} mm"
        if isinstance(value, bytes):
            if name.startswith("XP"):
                return _told(value.decode("utf-16-le", "ignore"))
            text = value.removeprefix(b"ASCII\0\0\0").rstrip(b"\0 ")
            return _told(text.decode("ascii")) if text.isascii() and text.isalnum() else ""
        if isinstance(value, tuple | list):
            return _told(", ".join(_number(part) for part in value))
        if isinstance(value, str):
            return _told(value)
        return _number(value)
    return ""


def _number(value: Any) -> str:
    try:
        return f"{float(value):.6g}"
    except (TypeError, ValueError, ZeroDivisionError):
        return _told(str(value))


def _spaced(name: str) -> str:
    """``DateTimeOriginal`` as ``Date Time Original``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)


def _told(text: str) -> str:
    clean = shown(text.replace("\0", "").strip())
    return clean if len(clean) <= LONGEST else clean[:LONGEST] + "…"


# --- XMP and IPTC -----------------------------------------------------------------------------------------------------


def _of_packets(stream: Any) -> dict[str, str]:
    from image_sync.pictures.metadata.containers import embedded
    from image_sync.pictures.metadata.reading import Window

    packet = embedded(Window.of_stream(stream)).xmp
    return xmp_facts(packet.read(0, XMP_LIMIT)) if packet is not None else {}


class _Properties:
    """Gathers the properties of an XMP packet: attributes of its descriptions, texts of its elements."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) >= _DEPTH:
            raise ValueError("too deep")
        if name.endswith(" Description") and len(self._path) <= 2:
            for attribute, value in attributes.items():
                self._keep(attribute, value)
        self._path.append(name)
        self._text = []

    def text(self, data: str) -> None:
        if len(self._text) < 50:
            self._text.append(data)

    def end(self, _name: str) -> None:
        owner = next((name for name in reversed(self._path) if not name.startswith(RDF)), "")
        self._path.pop()
        if self._text:
            self._keep(owner, "".join(self._text))
            self._text = []

    def _keep(self, name: str, value: str) -> None:
        namespace, _space, word = name.rpartition(" ")
        told = _told(value)
        if told and word and not namespace.startswith((RDF, "http://www.w3.org/XML")) and "x:xmpmeta" not in name:
            self.found.setdefault(f"XMP {_spaced(word)}", []).append(told)


def xmp_facts(packet: bytes) -> dict[str, str]:
    """The properties that an XMP packet states; what stands before it is damaged, where it is."""
    collector = _Properties()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    # A document type could define entities without end: a packet has none.
    parser.StartDoctypeDeclHandler = _refuse
    with contextlib.suppress(expat.ExpatError, ValueError):
        parser.Parse(packet.rstrip(b"\0 \n\r\t"), True)
    return {name: _told(", ".join(_once(values))) for name, values in collector.found.items()}


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _refuse(*_: object) -> None:
    raise ValueError("a document type")
