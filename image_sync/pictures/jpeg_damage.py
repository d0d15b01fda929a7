"""Damage of a JPEG that decodes all the same: coded data that are too many, too few, or out of order.

libjpeg goes on after almost any damage, with a warning that Pillow swallows; what comes out is shifted, tinted or grey
from the damaged place on.  But the coded data of a scan, or of each piece between two restart markers, must hold all
its blocks and nothing else.  So each piece is given to a decoder as a picture of its own, without its last byte: when
all blocks are there by then, the piece holds too much.  Then come that byte and as many filling bits as the decoder
looks ahead: when it still wants more, the piece holds too little.  It costs what a decode at an eighth costs.

A flipped bit within the value of one coefficient moves no other; that is not seen here.  Of a progressive file only the
order of its parts is examined: its scans can't be decoded one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from PIL import Image

from image_sync.pictures.content import Content
from image_sync.pictures.decode import EIGHTH
from image_sync.pictures.metadata.containers import END_OF_IMAGE, START_OF_SCAN

VERSION = 1
"""Raised whenever a file would be judged otherwise: what was remembered of older looks is void then."""

_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_RESTARTS = range(0xD0, 0xD8)
_DQT, _DRI, _DHT, _ADOBE = 0xDB, 0xDD, 0xC4, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8, 0xCC}
_NO_LENGTH = frozenset({0x01, *_RESTARTS})
_NEEDED = frozenset({_DQT, _DHT, _ADOBE})
"""Segments that a decoder needs beside the frame and the scan."""
_IN_CODE = re.compile(rb"\xff+[\x01-\xfe]")
"""A marker within coded data; there 255 is followed by 0.  Any number of 255 may stand before a marker."""
_LOOK_AHEAD = b"\xff\x00" * 8
"""64 bits, all ones: libjpeg fills a buffer of so many before it goes on.  No code is all ones."""
_WIDEST = 65_500
"""libjpeg's limit for a side of a picture."""


class Damage(Enum):
    """The damage of a JPEG's coded data, in words."""

    ENDS_EARLY = "its picture data end early"
    TOO_MUCH = "its picture data hold more than the picture has room for"
    TOO_LITTLE = "a part of its picture data is missing"
    OUT_OF_ORDER = "its picture data are not in order"
    NO_STEP = "a step of its quantisation table is zero"


class _Damaged(Exception):
    def __init__(self, damage: Damage) -> None:
        super().__init__(damage.value)
        self.damage = damage


def damage_of(content: Content) -> Damage | None:
    """The damage of a JPEG's first picture; ``None`` for a sound one, and for a file of another format or too large to
    be in memory.  What follows the end of the picture (previews, a movie, bytes of a camera) is no part of it."""
    if content[0:3] != b"\xff\xd8\xff" or content.data is None:
        return None
    try:
        for scan in scans(content.data):
            if damage := _damage_in(scan, content.data):
                return damage
    except _Damaged as found:
        return found.damage
    return None


# --- the parts of the file --------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """Coded data up to a restart marker (whose number, 0-7, follows) or to the end of the scan (-1)."""

    start: int
    end: int
    restart: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of a picture: ``components`` are the three bytes of each (number, sampling, table)."""

    marker: int
    precision: int
    height: int
    width: int
    components: tuple[bytes, ...]

    @classmethod
    def of(cls, marker: int, body: bytes) -> Frame:
        """The frame header that a segment's ``body`` holds."""
        parts = tuple(body[at : at + 3] for at in range(6, len(body) - 2, 3))
        number = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        return cls(marker, body[0] if body else 0, *number, parts)

    def segment(self, size: tuple[int, int], components: tuple[bytes, ...]) -> bytes:
        """A frame header like this one for a picture of another (width, height)."""
        width, height = size
        sides = height.to_bytes(2, "big") + width.to_bytes(2, "big")
        body = bytes([self.precision]) + sides + bytes([len(components)]) + b"".join(components)
        return bytes([0xFF, self.marker]) + (len(body) + 2).to_bytes(2, "big") + body


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan: what a decoder needs of the segments before it, its header, and its coded data in pieces."""

    frame: Frame
    tables: bytes
    header: bytes
    interval: int
    pieces: tuple[Piece, ...]


def scans(data: bytes) -> Iterator[Scan]:
    """The scans of the first picture in ``data``.  Raises where the markers make no sense."""
    at, interval, tables = 2, 0, b""
    frame: Frame | None = None
    while True:
        marker = _marker(data, at)
        if marker == END_OF_IMAGE:
            return
        if marker == 0xFF or marker in _NO_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment, at = data[at:end], end
        if marker in _FRAMES:
            frame = Frame.of(marker, segment[4:])
        elif marker == _DRI:
            interval = int.from_bytes(segment[4:6], "big")
        elif marker in _NEEDED:
            if marker == _DQT and _has_no_step(segment[4:]):
                raise _Damaged(Damage.NO_STEP)
            tables += segment
        elif marker == START_OF_SCAN and frame is not None:
            pieces = tuple(_pieces(data, end))
            at = pieces[-1].end
            yield Scan(frame, tables, segment, interval, pieces)


def _has_no_step(tables: bytes) -> bool:
    """Whether one of the quantisation tables (a DQT segment's body) has a step of zero, which no encoder writes."""
    at = 0
    while at < len(tables):
        wide = tables[at] >> 4
        steps = tables[at + 1 : at + 65 + 64 * bool(wide)]
        at += 65 + 64 * bool(wide)
        values = [steps[place : place + 2] for place in range(0, len(steps), 2)] if wide else [*zip(steps, strict=True)]
        if any(not any(value) for value in values):
            return True
    return False


def _marker(data: bytes, at: int) -> int:
    if at + 2 > len(data):
        raise _Damaged(Damage.ENDS_EARLY)
    if data[at] != 0xFF:
        raise _Damaged(Damage.OUT_OF_ORDER)
    return data[at + 1]


def _pieces(data: bytes, start: int) -> Iterator[Piece]:
    while found := _IN_CODE.search(data, start):
        marker = data[found.end() - 1]
        if marker not in _RESTARTS:
            yield Piece(start, found.start(), -1)
            return
        yield Piece(start, found.start(), marker & 7)
        start = found.end()
    raise _Damaged(Damage.ENDS_EARLY)


# --- the coded data ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    """Layout of a scan on the picture: its (width, height), its components, the (width, height) of one unit of blocks,
    and the units across and down."""

    size: tuple[int, int]
    components: tuple[bytes, ...]
    unit: tuple[int, int]

    @property
    def across(self) -> int:
        return -(-self.size[0] // self.unit[0])

    @property
    def down(self) -> int:
        return -(-self.size[1] // self.unit[1])


def _layout(scan: Scan) -> _Layout | None:
    """``None`` for what is not examined: scans of some but not all colours, and pictures without a height."""
    frame, header = scan.frame, scan.header[4:]
    most = tuple(max((_sampling(part)[axis] for part in frame.components), default=0) for axis in (0, 1))
    size = frame.width, frame.height
    if not all(size) or not all(most) or len(header) < 2:
        return None
    if header[0] == len(frame.components) > 1:
        return _Layout(size, frame.components, (8 * most[0], 8 * most[1]))
    own = next((part for part in frame.components if part[0] == header[1]), None)
    if header[0] != 1 or own is None:
        return None
    width, height = (-(-side * _sampling(own)[axis] // most[axis]) for axis, side in enumerate(size))
    return _Layout((width, height), (bytes([own[0], 0x11, own[2]]),), (8, 8))


def _sampling(component: bytes) -> tuple[int, int]:
    return component[1] >> 4, component[1] & 15


def _damage_in(scan: Scan, data: bytes) -> Damage | None:
    layout = _layout(scan)
    if layout is None:
        return None
    units = layout.across * layout.down
    if not _in_order(scan, units):
        return Damage.OUT_OF_ORDER
    if scan.frame.marker not in (_BASELINE, _EXTENDED) or scan.frame.precision != 8:
        return None
    if not scan.interval:
        return _damage_of_piece(scan, layout, layout.size, data[scan.pieces[0].start : scan.pieces[0].end])
    width = scan.interval * layout.unit[0]
    if width > _WIDEST:
        return None
    for piece in scan.pieces:
        number = min(scan.interval, units)
        units -= number
        if number and (
            damage := _damage_of_piece(
                scan, layout, (number * layout.unit[0], layout.unit[1]), data[piece.start : piece.end]
            )
        ):
            return damage
    return None


def _in_order(scan: Scan, units: int) -> bool:
    """Whether restart markers stand after every ``interval`` units and count from 0 to 7; one after the last, with
    nothing behind it, is harmless."""
    numbers = [piece.restart for piece in scan.pieces[:-1]]
    wanted = -(-units // scan.interval) - 1 if scan.interval else 0
    harmless = len(numbers) == wanted + 1 and scan.pieces[-1].start == scan.pieces[-1].end
    return numbers == [place % 8 for place in range(len(numbers))] and (len(numbers) == wanted or harmless)


def _damage_of_piece(scan: Scan, layout: _Layout, size: tuple[int, int], coded: bytes) -> Damage | None:
    """The damage of ``coded``, which should be a picture of ``size``."""
    head = b"\xff\xd8" + scan.tables + scan.frame.segment(size, layout.components) + scan.header
    decoder = _decoder(size, len(layout.components))
    last = len(coded) - (2 if coded.endswith(b"\xff\0") else 1)
    given = head + coded[: max(last, 0)]
    taken, _ = decoder.decode(given)
    if taken < 0:
        return Damage.TOO_MUCH
    taken, _ = decoder.decode(given[taken:] + coded[max(last, 0) :] + _LOOK_AHEAD)
    return None if taken < 0 else Damage.TOO_LITTLE


def _decoder(size: tuple[int, int], components: int) -> Any:
    """Pillow's decoder for a JPEG of ``size``, to grey (or all four colours) at an eighth of the size."""
    mode = "CMYK" if components == 4 else "L"
    small = -(-size[0] // EIGHTH), -(-size[1] // EIGHTH)
    decoder = Image._getdecoder(mode, "jpeg", (mode, ""), (EIGHTH, 0))
    decoder.setimage(Image.new(mode, small).im, (0, 0, *small))
    return decoder
