"""Recording date of movies in containers that are no QuickTime: Matroska and WebM, Windows Media, AVCHD, DV.

Headers only are read, each part with a bound.  Matroska and Windows Media state UTC; AVCHD and DV the camera's own
clock.  What MPEG holds (``.mpg``, ``.vob``) states no date; camcorders write it into a file beside it (``.moi``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from image_sync.pictures.metadata.dates import Moment, believable, is_day, settled
from image_sync.pictures.metadata.reading import Window

_MATROSKA = b"\x1a\x45\xdf\xa3"
_SEGMENT, _INFO, _DATE = 0x18538067, 0x1549A966, 0x4461
"""Elements of Matroska (RFC 9559); ``DateUTC`` counts nanoseconds since the first moment of 2001."""
_MOST_PARTS = 500
_WINDOWS_MEDIA = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_WINDOWS_MEDIA_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
"""The file properties object: GUID, size, file's GUID and size, then the creation date in 100 ns since 1601."""
_AVCHD_DATE = b"MDPM"
"""``MDPM`` among the user data of H.264: a count, then tags of one byte with four bytes each."""
_AVCHD_HEAD = 512 * 1024
"""Bytes that are searched: AVCHD repeats its date with each group of pictures."""
_PACKET = 188
_DV_BLOCK = 80
_DV_HEAD = 12_000
_MOI_SIZE = 14


def other_movie_date(file: Window, zone: tzinfo | None) -> Moment | None:
    """The date of a movie that is no QuickTime and no AVI; ``None`` for anything else, or when it states none."""
    head = file.read(0, 16)
    if head[:4] == _MATROSKA:
        return _matroska(file, zone)
    if head == _WINDOWS_MEDIA:
        return _windows_media(file, zone)
    if head[:3] == b"\x1f\x07\0" and head[3:4] in (b"\x3f", b"\xbf"):
        return _dv(file.read(0, _DV_HEAD))
    before = transport_prefix(file.read(0, 4 * 192))
    return _avchd(file.read(0, _AVCHD_HEAD), before) if before is not None else None


def transport_prefix(head: bytes) -> int | None:
    """Bytes before each packet of an MPEG transport stream that begins with ``head``: 0, or 4 on a Blu-ray or card;
    ``None`` for anything else."""
    for before in (0, 4):
        places = range(before, min(len(head), 4 * (before + _PACKET)), before + _PACKET)
        if len(places) > 1 and all(head[at : at + 1] == b"G" for at in places):
            return before
    return None


# --- Matroska, Windows Media ------------------------------------------------------------------------------------------


def _matroska(file: Window, zone: tzinfo | None) -> Moment | None:
    for kind, segment in _elements(file):
        if kind != _SEGMENT:
            continue
        for inner, info in _elements(segment):
            if inner == _INFO:
                value = next((part for what, part in _elements(info) if what == _DATE), None)
                raw = value.read(0, 8) if value is not None and value.size == 8 else b""
                return _universal(datetime(2001, 1, 1), int.from_bytes(raw, "big", signed=True) / 1e9, zone)
    return None


def _elements(window: Window) -> Iterator[tuple[int, Window]]:
    """The elements of EBML (RFC 8794) side by side: their number with its mark, and what they hold."""
    at = 0
    for _ in range(_MOST_PARTS):
        head = window.read(at, 12)
        wide = _length(head[:1], 4)
        long = _length(head[wide : wide + 1], 8) if wide else 0
        if not long or len(head) < wide + long:
            return
        size = int.from_bytes(head[wide : wide + long], "big") & (1 << 7 * long) - 1
        if size == (1 << 7 * long) - 1:  # not known while it was written: it goes to the end
            size = window.size - at - wide - long
        yield int.from_bytes(head[:wide], "big"), window.part(at + wide + long, size)
        at += wide + long + size


def _length(first: bytes, most: int) -> int:
    """Bytes of a number that begins with ``first``; 0 for none of up to ``most``."""
    zeros = 8 - first[0].bit_length() if first else 8
    return zeros + 1 if zeros < most else 0


def _windows_media(file: Window, zone: tzinfo | None) -> Moment | None:
    at = 30
    for _ in range(_MOST_PARTS):
        head, size = file.read(at, 16), file.number(at + 16, 8, "little")
        if size < 24:
            return None
        if head == _WINDOWS_MEDIA_FILE:
            ticks = file.number(at + 48, 8, "little")
            return _universal(datetime(1601, 1, 1), ticks / 1e7, zone) if ticks > 0 else None
        at += size
    return None


def _universal(epoch: datetime, seconds: float, zone: tzinfo | None) -> Moment | None:
    try:
        when = epoch + timedelta(seconds=round(seconds))
    except (OverflowError, ValueError):
        return None
    known = believable(when.year) and when != epoch
    return settled(Moment(when, universal=True), zone) if known else None


# --- AVCHD, DV --------------------------------------------------------------------------------------------------------


def _avchd(data: bytes, before: int) -> Moment | None:
    """Tag 0x18: zone, century, year, month; tag 0x19: day, hour, minute, second; each a byte of two decimal digits."""
    for stream in _streams(data, before):
        at = stream.find(_AVCHD_DATE)
        while at >= 0:
            # H.264 puts a 3 between two zeros and what might be taken for a mark
            values = stream[at + 5 : at + 5 + 16].replace(b"\0\0\3", b"\0\0")
            if len(values) >= 10 and values[0] == 0x18 and values[5] == 0x19:
                return _in_decimals(*values[2:5], *values[6:10])
            at = stream.find(_AVCHD_DATE, at + 1)
    return None


def _streams(data: bytes, before: int) -> list[bytes]:
    """Contents of the packets of a transport stream, put together again for each of its streams."""
    found: dict[int, list[bytes]] = {}
    for at in range(before, len(data) - _PACKET + 1, before + _PACKET):
        packet = data[at : at + _PACKET]
        if packet[0] != 0x47:
            break
        number = int.from_bytes(packet[1:3], "big") & 0x1FFF
        start = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        if packet[3] & 0x10:
            found.setdefault(number, []).append(packet[start:])
    return [b"".join(pieces) for pieces in found.values()]


def _dv(data: bytes) -> Moment | None:
    """The packs of a DV frame (IEC 61834-4) that state when it was recorded: 0x62 the date, 0x63 the time."""
    packs: dict[int, bytes] = {}
    for block in range(_DV_BLOCK, 6 * _DV_BLOCK, _DV_BLOCK):
        if data[block : block + 1] and data[block] & 0xF0 == 0x50:  # auxiliary data of the picture
            for at in range(block + 3, block + 3 + 15 * 5, 5):
                packs.setdefault(data[at] if at < len(data) else 0, data[at + 1 : at + 5])
    date, time = packs.get(0x62, b""), packs.get(0x63, b"")
    if len(date) < 4:
        return None
    century = 0x19 if date[3] >= 0x90 else 0x20
    day = (century, date[3], date[2] & 0x1F, date[1] & 0x3F)
    clock = (time[3] & 0x3F, time[2] & 0x7F, time[1] & 0x7F) if len(time) == 4 else ()
    return _in_decimals(*day, *clock) if clock else None


def _in_decimals(century: int, year: int, month: int, day: int, hour: int, minute: int, second: int) -> Moment | None:
    """A moment whose parts are bytes of two decimal digits each."""
    parts = (century, year, month, day, hour, minute, second)
    if any(byte >> 4 > 9 or byte & 15 > 9 for byte in parts):
        return None
    century, year, month, day, hour, minute, second = ((byte >> 4) * 10 + (byte & 15) for byte in parts)
    return _moment(century * 100 + year, month, day, hour, minute, second)


# --- the file beside an MPEG of a camcorder ---------------------------------------------------------------------------


def camcorder_date(file: Window) -> Moment | None:
    """The date in the ``.moi`` that JVC's, Panasonic's and Canon's camcorders write beside a ``.mod`` or ``.tod``."""
    head = file.read(0, _MOI_SIZE)
    if len(head) < _MOI_SIZE or head[:2] != b"V6":
        return None
    month, day, hour, minute = head[8:12]
    return _moment(
        int.from_bytes(head[6:8], "big"), month, day, hour, minute, int.from_bytes(head[12:14], "big") // 1000
    )


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> Moment | None:
    if not is_day(year, month, day) or not believable(year) or hour > 23 or minute > 59 or second > 59:
        return None
    return Moment(datetime(year, month, day, hour, minute, second))
