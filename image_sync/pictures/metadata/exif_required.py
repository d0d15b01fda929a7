"""Tags that EXIF demands beside a date, so that a block which is written anew is a valid one (CIPA DC-008, 4.6.8).

They say nothing that the picture does not: its size, its resolution where it states one, its channels.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from image_sync.pictures.metadata.containers import segments
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import LONG

_SHORT, RATIONAL, _UNDEFINED = 3, 5, 7
_VERSION, _COMPONENTS, _FLASHPIX, _COLOURS, _WIDTH, _HEIGHT = 0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003
_ACROSS, _DOWN, _UNIT, _POSITIONING = 0x011A, 0x011B, 0x0128, 0x0213
DEMANDED = frozenset({_VERSION, _COMPONENTS, _FLASHPIX, _COLOURS, _WIDTH, _HEIGHT})
"""Tags of the EXIF directory that a new one gets."""
_SRGB, _UNCALIBRATED = 1, 0xFFFF
_CHANNELS = {1: b"\1\0\0\0", 3: b"\1\2\3\0"}
"""Components by their number: grey, or brightness and two colours."""
_INCH, _CENTIMETRE = 2, 3
_USUAL_RESOLUTION = 72
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JFIF, _PROFILE = b"JFIF\0", b"ICC_PROFILE\0"

Added = tuple[int, int, bytes]
"""An entry that is added to a directory: type, count, and its four bytes, which are a value or where that stands."""


@dataclass(frozen=True, slots=True)
class Required:
    """Tags of the EXIF directory (``inner``) and of the main one, as type, count and number or bytes; ``resolution``
    is that across and down."""

    inner: dict[int, tuple[int, int, int | bytes]] = field(default_factory=dict)
    main: dict[int, tuple[int, int, int | bytes]] = field(default_factory=dict)
    resolution: tuple[int, int] = (_USUAL_RESOLUTION, _USUAL_RESOLUTION)

    def inner_entries(self, order: str) -> dict[int, Added]:
        """The entries of the EXIF directory."""
        return {tag: (kind, count, _value(order, kind, value)) for tag, (kind, count, value) in self.inner.items()}

    def main_entries(self, order: str, at: int) -> dict[int, Added]:
        """The entries of the main directory; what is too long for them stands from ``at`` on."""
        found = {}
        for tag, (kind, count, value) in self.main.items():
            place = at + 8 * (tag == _DOWN)
            found[tag] = (kind, count, _value(order, kind, place if kind == RATIONAL else value))
        return found

    def far(self, order: str) -> bytes:
        """The values of the main directory that are too long for its entries."""
        across, down = self.resolution
        return struct.pack(order + "4I", across, 1, down, 1) if self.main else b""


def _value(order: str, kind: int, value: int | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    return struct.pack(order + ("H2x" if kind == _SHORT else "I"), value)


PLAIN = Required({_VERSION: (_UNDEFINED, 4, b"0232")})
"""Of a format in which EXIF demands nothing else."""
TIFF = Required(
    {
        _VERSION: (_UNDEFINED, 4, b"0232"),
        _FLASHPIX: (_UNDEFINED, 4, b"0100"),
        _COLOURS: (_SHORT, 1, _UNCALIBRATED),
    }
)
"""Of a TIFF, whose main directory is the picture's own."""


def of_jpeg(file: Window) -> Required:
    """Tags that EXIF demands of a JPEG; its size and channels are in the header of its frame."""
    width = height = channels = 0
    unit, across, down, profile = _INCH, _USUAL_RESOLUTION, _USUAL_RESOLUTION, False
    for segment in segments(file):
        payload = segment.payload
        if segment.marker in _FRAMES:
            height, width, channels = payload.number(1, 2), payload.number(3, 2), payload.number(5, 1)
        elif segment.marker == 0xE0 and payload.read(0, 5) == _JFIF and payload.number(7, 1) in (1, 2):
            unit = _INCH if payload.number(7, 1) == 1 else _CENTIMETRE
            across, down = max(payload.number(8, 2), 1), max(payload.number(10, 2), 1)
        elif segment.marker == 0xE2 and payload.read(0, len(_PROFILE)) == _PROFILE:
            profile = True
    if width <= 0 or height <= 0:
        return PLAIN
    inner: dict[int, tuple[int, int, int | bytes]] = {
        **TIFF.inner,
        _COLOURS: (_SHORT, 1, _UNCALIBRATED if profile or channels not in _CHANNELS else _SRGB),
        _COMPONENTS: (_UNDEFINED, 4, _CHANNELS.get(channels, bytes(4))),
        _WIDTH: (LONG, 1, width),
        _HEIGHT: (LONG, 1, height),
    }
    main: dict[int, tuple[int, int, int | bytes]] = {
        _ACROSS: (RATIONAL, 1, 0),
        _DOWN: (RATIONAL, 1, 0),
        _UNIT: (_SHORT, 1, unit),
        _POSITIONING: (_SHORT, 1, 1),
    }
    return Required(inner, main, (across, down))
