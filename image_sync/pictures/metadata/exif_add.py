"""Adding of a date, its time zone and a position to an EXIF block that has none, so that nothing else in it moves.

Unlike ``exif_edit``, which sets a date, this never changes what is stated: a tag that says something stays, and only
what is missing or blank is written, behind the block, with the pointers to it changed.  Files and formats are none of
this module's business (``stated_write``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from datetime import datetime

from image_sync.base.stated import Position, Stated
from image_sync.pictures.metadata.exif_edit import (
    LARGEST,
    CannotWrite,
    Value,
    exif_text,
    table_with,
    values,
    writable,
)
from image_sync.pictures.metadata.exif_required import PLAIN, RATIONAL, Added
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import ASCII, LONG, Directory, Tag, Tiff

BYTE = 1
EMPTY_BLOCK = b"MM\0*\0\0\0\x08" + bytes(6)
"""An EXIF block (big-endian TIFF) that says nothing: one directory without entries."""
_SECOND_PARTS = 10_000
_ALTITUDE_PARTS = 100
_BLANK = b"\0 0:/.-"
_DIRECTORIES = (Tag.EXIF_IFD, Tag.GPS_IFD)

Tags = Mapping[int, tuple[int, bytes]]
"""Values to be written by their tags: type and bytes."""


class GpsTag:
    """The tags of the GPS directory that make a position."""

    VERSION, NORTH, LATITUDE, EAST, LONGITUDE, BELOW, ALTITUDE = range(7)


def with_stated(block: bytes, added: Stated) -> bytes:
    """The TIFF structure ``block`` (may be empty) with date, zone and position of ``added``, as far as it lacks them.

    All other tags keep their value and its place, which is checked before this returns.  Raises ``CannotWrite``.
    """
    block = block or EMPTY_BLOCK
    tiff = writable(block)
    wanted = {Tag.EXIF_IFD: _dates(tiff, added), Tag.GPS_IFD: _position(tiff, added.position)}
    result = _appended(tiff, block, wanted)
    _check(block, result, wanted)
    return result


def _dates(tiff: Tiff, added: Stated) -> Tags:
    main = tiff.directory(tiff.first)
    inner = tiff.below(main, Tag.EXIF_IFD)
    found: dict[int, tuple[int, bytes]] = {}
    if added.taken is not None and _is_blank(tiff, inner, (Tag.DATE_TIME_ORIGINAL,)):
        found = _date_tags(added.taken)
        if not _is_blank(tiff, inner, (Tag.SUBSEC_TIME_ORIGINAL,)):
            raise CannotWrite("it states the part of a second without the date")
    if added.offset is not None and _is_blank(tiff, inner, (Tag.OFFSET_TIME_ORIGINAL,)):
        found[Tag.OFFSET_TIME_ORIGINAL] = ASCII, offset_text(added.offset).encode("ascii") + b"\0"
    if found and inner is None:
        found |= {tag: (kind, value) for tag, (kind, _, value) in PLAIN.inner_entries(tiff.byte_order).items()}
    return found


def _date_tags(taken: datetime) -> dict[int, tuple[int, bytes]]:
    found: dict[int, tuple[int, bytes]] = {Tag.DATE_TIME_ORIGINAL: (ASCII, exif_text(taken))}
    if taken.microsecond:
        digits = f"{taken.microsecond:06}".rstrip("0").encode("ascii")
        found[Tag.SUBSEC_TIME_ORIGINAL] = ASCII, digits + b"\0"
    return found


def offset_text(minutes: int) -> str:
    """``+02:00`` of 120 minutes."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _position(tiff: Tiff, position: Position | None) -> Tags:
    if position is None:
        return {}
    place = tiff.below(tiff.directory(tiff.first), Tag.GPS_IFD)
    if not _is_blank(tiff, place, (GpsTag.LATITUDE, GpsTag.LONGITUDE)):
        return {}
    order = tiff.byte_order
    found = {
        GpsTag.NORTH: (ASCII, b"S\0" if position.latitude < 0 else b"N\0"),
        GpsTag.LATITUDE: (RATIONAL, _degrees(position.latitude, order)),
        GpsTag.EAST: (ASCII, b"W\0" if position.longitude < 0 else b"E\0"),
        GpsTag.LONGITUDE: (RATIONAL, _degrees(position.longitude, order)),
    }
    if position.altitude is not None and _is_blank(tiff, place, (GpsTag.ALTITUDE,)):
        metres = round(abs(position.altitude) * _ALTITUDE_PARTS)
        found[GpsTag.BELOW] = BYTE, bytes([position.altitude < 0])
        found[GpsTag.ALTITUDE] = RATIONAL, struct.pack(order + "II", metres, _ALTITUDE_PARTS)
    if place is None:
        found[GpsTag.VERSION] = BYTE, b"\2\3\0\0"
    return found


def _degrees(angle: float, order: str) -> bytes:
    """Degrees, minutes and seconds as three rationals."""
    parts = round(abs(angle) * 3600 * _SECOND_PARTS)
    minutes, seconds = divmod(parts, 60 * _SECOND_PARTS)
    return struct.pack(order + "6I", minutes // 60, 1, minutes % 60, 1, seconds, _SECOND_PARTS)


def _is_blank(tiff: Tiff, directory: Directory | None, tags: Iterable[int]) -> bool:
    """Whether none of the tags says anything: not there, or blanks, zeros and what stands between them."""
    entries = [directory.entries[tag] for tag in tags if directory and tag in directory.entries]
    return not any(tiff.value(entry).strip(_BLANK) for entry in entries if not _is_zero(tiff.value(entry), entry.type))


def _is_zero(value: bytes, kind: int) -> bool:
    """Whether all numbers of a list of rationals are nought, or none is a number."""
    if kind != RATIONAL:
        return False
    halves = [value[at : at + 4].strip(b"\0") for at in range(0, len(value), 4)]
    return not any(halves[0::2]) or not any(halves[1::2])


# --- the block --------------------------------------------------------------------------------------------------------


def _appended(tiff: Tiff, block: bytes, wanted: Mapping[Tag, Tags]) -> bytes:
    """The values and their directories behind the block, and the pointers to them changed."""
    main = tiff.directory(tiff.first)
    result = bytearray(block)
    pointers: dict[int, Added] = {}
    for name, tags in wanted.items():
        if not tags:
            continue
        old = tiff.below(main, name)
        pointer = main.entries.get(name) if main else None
        if pointer is not None and (old is None or tiff.number(pointer) < 0 or pointer.size != 4):
            raise CannotWrite("its EXIF data is damaged")
        entries = {tag: _value_of(result, kind, data, tiff) for tag, (kind, data) in sorted(tags.items())}
        place = struct.pack(tiff.byte_order + "I", _added(result, table_with(tiff, old, entries)))
        pointers[int(name)] = (pointer.type if pointer else LONG, 1, place)
    if main is not None and pointers.keys() <= main.entries.keys():
        for pointer_tag, (_, _, place) in pointers.items():
            at = main.entries[pointer_tag].value_at
            result[at : at + 4] = place
    elif pointers:
        result[4:8] = struct.pack(tiff.byte_order + "I", _added(result, table_with(tiff, main, pointers)))
    if len(result) > LARGEST:
        raise CannotWrite("the file is too large to be changed safely")
    return bytes(result)


def _added(result: bytearray, data: bytes) -> int:
    """The offset at which ``data`` was put behind what is there; even, as TIFF wants it."""
    result += b"\0" * (len(result) % 2)
    place = len(result)
    result += data
    return place


def _value_of(result: bytearray, kind: int, data: bytes, tiff: Tiff) -> Added:
    """An entry; a value that has no room in its four bytes goes behind the block."""
    count = len(data) // 8 if kind == RATIONAL else len(data)
    if len(data) > 4:
        return kind, count, struct.pack(tiff.byte_order + "I", _added(result, data))
    return kind, count, data.ljust(4, b"\0")


def _check(old: bytes, new: bytes, wanted: Mapping[Tag, Tags]) -> None:
    """Raise ``CannotWrite`` unless each tag that was not written is what it was, and each that was reads as it is."""
    written = {(int(name), tag) for name, tags in wanted.items() for tag in tags}
    after = values(new)
    if not set(_kept(values(old), written)) == set(_kept(after, written)):
        raise CannotWrite("other data in the file would have changed")
    if not written <= {(name, tag) for name, tag, *_ in after}:
        raise CannotWrite("its EXIF data is damaged, and nothing could be added")
    tiff = Tiff.of(Window.of_bytes(new))
    main = tiff.directory(tiff.first) if tiff else None
    for name, tags in wanted.items():
        directory = tiff.below(main, name) if tiff else None
        for tag, (_, data) in tags.items():
            entry = directory.entries.get(tag) if directory else None
            if tiff is None or entry is None or tiff.value(entry) != data:
                raise CannotWrite("its EXIF data is damaged, and nothing could be added")


def _kept(found: Iterable[Value], written: set[tuple[int, int]]) -> Iterable[Value]:
    return (value for value in found if value[1] not in _DIRECTORIES and (value[0], value[1]) not in written)
