"""Holdings of a picture file beside its first picture: a movie, a gain map, further pictures, words of a person.

Only headers are read, and nothing is believed that is not whole: a movie whose end is cut off is no movie, and a gain
map that the header announces must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from image_sync.base.extras import Described, Extras, Tones
from image_sync.pictures.content import Content
from image_sync.pictures.metadata.boxes import boxes
from image_sync.pictures.metadata.containers import APP1, XMP_HEADER, embedded, segments
from image_sync.pictures.metadata.fast_exif import Directory, first_directory
from image_sync.pictures.metadata.reading import Window

_APP2 = 0xE2
_MPF = b"MPF\0"
_ISO_GAIN_MAP = b"urn:iso:std:iso:ts:21496:-1\0"
_GAIN_MAP_WORDS = (b"hdrgm:Version", b"hdrgainmap", b'Semantic="GainMap"', b"HDRGainMap")
_MPF_ENTRIES, _MPF_ENTRY = 0xB002, 16
_MPF_VIEWS = range(0x020000, 0x030000)
"""Types of pictures in the Multi-Picture Format (CIPA DC-007) that show something of their own: panorama, disparity,
multi-angle.  Others are previews of the first picture."""
_END = b"\xff\xd9"
_HEIF_HEAD = 2**18
_MOST_GAP = 64
_HEIF_GAIN_MAPS = (b":aux:hdrgainmap", b"tmap")
_WIDE_PROFILES = re.compile(
    b"|".join(
        name.encode("latin-1") + b"|" + name.encode("utf-16-be")
        for name in (
            "Display P3",
            "Adobe RGB",
            "AdobeRGB",
            "ProPhoto",
            "ROMM",
            "BT.2020",
            "Rec2020",
            "BT.2100",
            "DCI-P3",
            "Wide Gamut",
        )
    )
)
_DESCRIBING = {
    Described.RATING: re.compile(rb"""Rating(?:=["']|>)\s*[1-5]"""),
    Described.CAPTION: re.compile(rb"<dc:(?:description|title)\b(?:(?!</dc:).)*?<rdf:li[^>]*>\s*[^<\s]", re.DOTALL),
    Described.KEYWORDS: re.compile(rb"<dc:subject\b(?:(?!</dc:).)*?<rdf:li[^>]*>\s*[^<\s]", re.DOTALL),
}
_MOST_WORDS = 2**18
_RATING_TAG, _DESCRIPTION_TAG, _TITLE_TAG, _KEYWORDS_TAG = 0x4746, 0x010E, 0x9C9B, 0x9C9E
MACHINE_WORDS = re.compile(
    r"(?i)(?:.*digital\s+(?:still\s+)?camera|.*\bdsc( picture)?|dcf [\d.]+|exif.jpeg|default|screenshot|\W*)\W*"
)
"""What cameras write into the description by themselves."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Facts that decoding tells of a picture's channels."""

    tones: Tones = Tones.COLOUR
    bits: int = 8
    alpha: bool = False
    profile: bytes = b""


def extras_of(content: Content, format: str, channels: Channels) -> Extras:
    """The holdings of a picture beside the grey of its first frame."""
    file = Window.of_bytes(content.data) if content.data is not None else Window.of_stream(content.stream())
    movie = gain_map = False
    further = 0
    if format == "JPEG":
        gain_map, further = _of_jpeg(file)
        movie = content[content.length - 2 : content.length] != _END and _movie_behind(content)
    elif format in ("HEIF", "AVIF"):
        head = content[0:_HEIF_HEAD]
        gain_map = any(word in head for word in _HEIF_GAIN_MAPS)
        movie = any(box.type == b"mpvd" and box.at + box.size <= file.size for box in boxes(file))
    return Extras(
        tones=channels.tones,
        bits=channels.bits,
        alpha=channels.alpha,
        wide=channels.tones is Tones.COLOUR and bool(_WIDE_PROFILES.search(channels.profile)),
        movie=movie,
        gain_map=gain_map,
        further=further,
        described=_described(file),
    )


# --- JPEG -------------------------------------------------------------------------------------------------------------


def _of_jpeg(file: Window) -> tuple[bool, int]:
    """Whether a gain map is there, and how many further pictures of other views."""
    announced, behind = False, []
    for segment in segments(file):
        payload = segment.payload
        if segment.marker == _APP2 and payload.read(0, 4) == _MPF:
            behind = list(_further_pictures(file, payload.part(4)))
        elif segment.marker == _APP2 and payload.read(0, len(_ISO_GAIN_MAP)) == _ISO_GAIN_MAP:
            announced = True
        elif segment.marker == APP1 and payload.read(0, len(XMP_HEADER)) == XMP_HEADER:
            packet = payload.read(0, payload.size)
            announced = announced or any(word in packet for word in _GAIN_MAP_WORDS)
    views = sum(kind in _MPF_VIEWS for kind in behind)
    unnamed = any(kind == 0 for kind in behind)
    return unnamed or (announced and bool(behind)), max(views, 0)


def _further_pictures(file: Window, index: Window) -> Iterator[int]:
    """The types of the pictures that the index names behind the first one, as far as they are whole."""
    directory = first_directory(_Bytes(index))
    entries = directory.data(_MPF_ENTRIES, 4096) if directory else b""
    order = "little" if directory is not None and directory.order == "<" else "big"
    for at in range(_MPF_ENTRY, len(entries) - _MPF_ENTRY + 1, _MPF_ENTRY):
        entry = Window.of_bytes(entries[at : at + _MPF_ENTRY])
        kind, size, place = (entry.number(part, 4, order) for part in (0, 4, 8))
        start = index.start - file.start + place
        if size > 4 and start + size <= file.size and file.read(start, 2) == b"\xff\xd8":
            yield kind & 0xFFFFFF


class _Bytes:
    """A window that answers slices, as the reader of directories asks for."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def __getitem__(self, part: slice) -> bytes:
        start, stop = part.start or 0, self._window.size if part.stop is None else part.stop
        return self._window.read(start, max(stop - start, 0))


def _movie_behind(content: Content) -> bool:
    """Whether a whole MP4 movie follows the picture, as Google's and Samsung's phones write it; a few bytes may follow
    that."""
    data = content[0 : content.length]
    at = data.find(b"ftyp")
    while at >= 4:
        movie = Window.of_bytes(data[at - 4 :])
        found = {box.type: box.at + box.size for box in boxes(movie)}
        if {b"ftyp", b"moov"} <= found.keys() and found.get(b"mdat", 0) <= movie.size:
            return True
        at = data.find(b"ftyp", at + 4)
    return False


# --- words ------------------------------------------------------------------------------------------------------------


def described_in(packet: bytes) -> Described:
    """Words of a person in an XMP packet."""
    found = Described.NOTHING
    for kind, pattern in _DESCRIBING.items():
        if pattern.search(packet[:_MOST_WORDS]):
            found |= kind
    return found


def _described(file: Window) -> Described:
    places = embedded(file)
    found = described_in(places.xmp.read(0, _MOST_WORDS)) if places.xmp else Described.NOTHING
    directory = first_directory(_Bytes(places.exif)) if places.exif else None
    return found | (_in_exif(directory) if directory else Described.NOTHING)


def _in_exif(directory: Directory) -> Described:
    found = Described.NOTHING
    if 1 <= directory.number(_RATING_TAG) <= 5:
        found |= Described.RATING
    caption = directory.text(_DESCRIPTION_TAG)
    if any(directory.data(_TITLE_TAG, 64)) or (caption and not MACHINE_WORDS.fullmatch(caption)):
        found |= Described.CAPTION
    if any(directory.data(_KEYWORDS_TAG, 64)):
        found |= Described.KEYWORDS
    return found
