"""Patch of the capture date and the orientation in an EXIF block, so that nothing else in it moves.

Maker notes, thumbnails and the values of other tags stand at offsets that their own data may count on.  So a date that
is there is overwritten where it stands, and anything new (a date, the directory that lists it) is appended behind the
block, with the one pointer to it changed.  The block only ever grows at its end.  Files and formats are none of this
module's business (``exif_write``).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from image_sync.pictures.metadata.exif_required import DEMANDED, PLAIN, Added, Required
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import (
    ASCII,
    ENTRY_LIMIT,
    ENTRY_SIZE,
    LONG,
    Directory,
    Entry,
    Tag,
    Tiff,
    exif_moments,
)

DATE_SIZE = 20
"""``YYYY:MM:DD HH:MM:SS`` and a NUL, as EXIF has it."""
_DATES = (Tag.DATE_TIME_ORIGINAL, Tag.DATE_TIME_DIGITIZED)
_DIRECTORIES = (Tag.EXIF_IFD, Tag.GPS_IFD, Tag.INTEROPERABILITY_IFD)
_THUMBNAIL, _THUMBNAIL_SIZE = 0x0201, 0x0202
_LOOKS_AT_A_BYTE = 4
_ROOM_FOR_ENTRIES = 2**20
_MAGIC = 42
_ROOMY = 64
"""Bytes that a place for a date may have: some cameras end it with more than one NUL."""
LARGEST = 2**32 - 1
"""Bytes that a TIFF structure can address."""


class CannotWrite(Exception):
    """The date can't be written into this file without risk; the message says why, in words for a person."""


Value = tuple[int, int, int, int, int, bytes]
"""A tag as it stands: directory, tag, type, size, offset of the value (0 when it is in the entry), digest of it."""


def exif_text(when: datetime) -> bytes:
    """``when`` as EXIF writes a date, with its final NUL."""
    return f"{when.year:04}:{when.month:02}:{when.day:02} {when:%H:%M:%S}\0".encode("ascii")


def new_block(when: datetime, about: Required = PLAIN) -> bytes:
    """The smallest EXIF block (big-endian TIFF) that states ``when`` as date taken and date digitized, and what EXIF
    demands beside them."""
    main_size = 2 + ENTRY_SIZE * (1 + len(about.main)) + 4
    inner_at = 8 + main_size
    values_at = inner_at + 2 + ENTRY_SIZE * (2 + len(about.inner)) + 4
    resolutions_at = values_at + 2 * DATE_SIZE
    main = {**about.main_entries(">", resolutions_at), int(Tag.EXIF_IFD): (LONG, 1, struct.pack(">I", inner_at))}
    inner = {**about.inner_entries(">"), **_date_entries(">", values_at)}
    head = struct.pack(">2sHI", b"MM", _MAGIC, 8)
    return head + _table(">", main) + _table(">", inner) + 2 * exif_text(when) + about.far(">")


def _date_entries(order: str, at: int) -> dict[int, Added]:
    return {
        int(tag): (ASCII, DATE_SIZE, struct.pack(order + "I", at + index * DATE_SIZE))
        for index, tag in enumerate(_DATES)
    }


def _table(order: str, entries: dict[int, Added]) -> bytes:
    pieces = [struct.pack(order + "HHI4s", tag, *entry) for tag, entry in sorted(entries.items())]
    return struct.pack(order + "H", len(pieces)) + b"".join(pieces) + bytes(4)


def dated_block(block: bytes, when: datetime, about: Required = PLAIN) -> bytes:
    """The TIFF structure ``block`` with ``when`` as date taken and date digitized.

    All other tags keep their value and its offset, which is checked before this returns; where there was no EXIF
    directory, the new one has what EXIF demands.  Raises ``CannotWrite``.
    """
    for write in (_in_place, partial(_appended, about=about)):
        result = write(block, when)
        if result is not None and states(result, when) and keeps_others(block, result):
            return result
    raise CannotWrite("its EXIF data is damaged, and a date could not be added without changing other tags")


def with_orientation(block: bytes, orientation: int) -> bytes:
    """``block`` with the orientation of the picture (1-8) overwritten where it stands; unchanged when it has none."""
    tiff = Tiff.of(Window.of_bytes(block))
    main = tiff.directory(tiff.first) if tiff else None
    entry = main.entries.get(Tag.ORIENTATION) if main else None
    if tiff is None or entry is None or tiff.number(entry) < 0:
        return block
    value = struct.pack(tiff.byte_order + ("H" if entry.size == 2 else "I"), orientation)
    return block[: entry.value_at] + value + block[entry.value_at + entry.size :]


def states(block: bytes, when: datetime) -> bool:
    """Whether ``block`` reads as taken and digitized at ``when`` (to the second)."""
    tiff = Tiff.of(Window.of_bytes(block))
    inner = tiff.below(tiff.directory(tiff.first), Tag.EXIF_IFD) if tiff else None
    text = exif_text(when)[:-1].decode("ascii")
    if tiff is None or any(tiff.text(inner, tag) != text for tag in _DATES):
        return False
    found = exif_moments(Window.of_bytes(block)).original
    return found is None or found.when.replace(microsecond=0) == when.replace(microsecond=0)


def others(block: bytes) -> tuple[Value, ...]:
    """All tags but the two dates, with the values and where they stand; the thumbnail's bytes count as a value.

    Two blocks for which this is equal differ in nothing but these dates, and in where directories stand.  Raises
    ``CannotWrite`` for a block whose values, taken together, are far larger than itself.
    """
    return tuple(value for value in values(block) if not _is_dating(value))


def values(block: bytes) -> tuple[Value, ...]:
    """All tags of ``block`` with the values and where they stand; the thumbnail's bytes count as a value.

    Raises ``CannotWrite`` for a block whose values, taken together, are far larger than itself.
    """
    tiff = Tiff.of(Window.of_bytes(block))
    return tuple(_within(_values(tiff), len(block))) if tiff else ()


def _is_dating(value: Value) -> bool:
    directory, tag = value[:2]
    return tag == Tag.EXIF_IFD or (directory == Tag.EXIF_IFD and tag in _DATES)


def keeps_others(before: bytes, after: bytes) -> bool:
    """Whether all tags of a block but the two dates are the same in another, which may have a new EXIF directory with
    what EXIF demands."""
    old, new = others(before), others(after)
    if old == new:
        return True
    tiff = Tiff.of(Window.of_bytes(before))
    if tiff is None or tiff.below(tiff.directory(tiff.first), Tag.EXIF_IFD) is not None:
        return False
    return old == tuple(value for value in new if not (value[0] == Tag.EXIF_IFD and value[1] in DEMANDED))


def _within(values: Iterable[Value], length: int) -> Iterator[Value]:
    """The values, as long as what they hold of the ``length`` bytes of the block is not many times as much."""
    room = _LOOKS_AT_A_BYTE * length + _ROOM_FOR_ENTRIES
    for value in values:
        _, _, _, size, offset, _ = value
        room -= ENTRY_SIZE + min(size, max(length - offset, 0))
        if room < 0:
            raise CannotWrite("its EXIF data is damaged: its parts lie in each other")
        yield value


def _values(tiff: Tiff) -> Iterator[Value]:
    pending = [(number, directory) for number, directory in enumerate(tiff.directories())]
    seen: set[int] = set()
    while pending:
        name, directory = pending.pop()
        if directory.at in seen or len(seen) > ENTRY_LIMIT:
            continue
        seen.add(directory.at)
        for entry in directory.entries.values():
            below = [tiff.below(directory, Tag(entry.tag))] if entry.tag in _DIRECTORIES else []
            if entry.tag == Tag.SUB_IFDS:
                below = [tiff.directory(at) for at in tiff.numbers(entry, ENTRY_LIMIT)]
            pending += [(entry.tag, found) for found in below if found]
            yield _value(tiff, name, entry)
        yield from _thumbnail(tiff, name, directory)


def _value(tiff: Tiff, name: int, entry: Entry) -> Value:
    far = entry.value_at if entry.size > 4 else 0
    return (name, entry.tag, entry.type, entry.size, far, _digest(tiff, entry.value_at, max(entry.size, 4)))


def _thumbnail(tiff: Tiff, name: int, directory: Directory) -> Iterator[Value]:
    at = tiff.number(directory.entries.get(_THUMBNAIL))
    size = tiff.number(directory.entries.get(_THUMBNAIL_SIZE))
    if at >= 0 and size > 0:
        yield (name, _THUMBNAIL, 0, size, at, _digest(tiff, at, size))


def _digest(tiff: Tiff, at: int, size: int) -> bytes:
    return hashlib.sha256(tiff.window.read(at, size)).digest()


def reaches_out(block: bytes) -> bool:
    """Whether a tag of ``block`` may point behind it: to a preview that some cameras append to the file."""
    tiff = Tiff.of(Window.of_bytes(block))
    if tiff is None:
        return False
    inner = tiff.below(tiff.directory(tiff.first), Tag.EXIF_IFD)
    if inner and Tag.MAKER_NOTE in inner.entries:
        return True
    return any(tiff.number(each.entries.get(_THUMBNAIL)) >= len(block) for each in tiff.directories())


def _in_place(block: bytes, when: datetime) -> bytes | None:
    """The dates overwritten where they stand; ``None`` unless both have a place of the right size."""
    tiff = writable(block)
    inner = tiff.below(tiff.directory(tiff.first), Tag.EXIF_IFD)
    result = bytearray(block)
    for tag in _DATES:
        entry = inner.entries.get(tag) if inner else None
        if entry is None or entry.type != ASCII or not DATE_SIZE <= entry.count <= _ROOMY:
            return None
        if entry.value_at + entry.count > len(block):
            return None
        result[entry.value_at : entry.value_at + entry.count] = exif_text(when).ljust(entry.count, b"\0")
    return bytes(result)


def _appended(block: bytes, when: datetime, about: Required) -> bytes | None:
    """The dates and a new EXIF directory behind the block, and the pointer to it changed."""
    tiff = writable(block)
    main = tiff.directory(tiff.first)
    result = bytearray(block + b"\0" * (len(block) % 2))
    dates_at = len(result)
    result += 2 * exif_text(when)
    pointer = main.entries.get(Tag.EXIF_IFD) if main else None
    inner = tiff.below(main, Tag.EXIF_IFD)
    if main is None or (pointer is not None and (inner is None or pointer.type != LONG)):
        return None
    order = tiff.byte_order
    added = _date_entries(order, dates_at)
    inner_at = len(result)
    result += table_with(tiff, inner, added if inner else {**about.inner_entries(order), **added})
    if pointer:
        result[pointer.value_at : pointer.value_at + 4] = struct.pack(tiff.byte_order + "I", inner_at)
    else:
        main_at = len(result)
        result += table_with(tiff, main, {int(Tag.EXIF_IFD): (LONG, 1, struct.pack(order + "I", inner_at))})
        result[4:8] = struct.pack(tiff.byte_order + "I", main_at)
    return bytes(result) if len(result) <= LARGEST else None


def table_with(tiff: Tiff, old: Directory | None, added: dict[int, Added]) -> bytes:
    """The table of ``old`` with the entries ``added`` (type, count, value) in their places."""
    entries: list[tuple[int, bytes]] = []
    if old:
        table = tiff.window.read(old.at + 2, old.count * ENTRY_SIZE)
        if len(table) < old.count * ENTRY_SIZE:
            raise CannotWrite("its EXIF data is cut off")
        pieces = (table[at : at + ENTRY_SIZE] for at in range(0, len(table), ENTRY_SIZE))
        entries = [(struct.unpack_from(tiff.byte_order + "H", piece)[0], piece) for piece in pieces]
    entries = [(tag, piece) for tag, piece in entries if tag not in added]
    for tag, values in sorted(added.items()):
        place = next((index for index, (other, _) in enumerate(entries) if other > tag), len(entries))
        entries.insert(place, (tag, struct.pack(tiff.byte_order + "HHI4s", tag, *values)))
    following = max(old.following, 0) if old else 0
    count = struct.pack(tiff.byte_order + "H", len(entries))
    return count + b"".join(piece for _, piece in entries) + struct.pack(tiff.byte_order + "I", following)


def writable(block: bytes) -> Tiff:
    """The structure of ``block``.  Raises ``CannotWrite`` where that is damaged."""
    tiff = Tiff.of(Window.of_bytes(block))
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None or tiff.window.number(2, 2, tiff.order) != _MAGIC:
        raise CannotWrite("its EXIF data is damaged")
    if main.count > ENTRY_LIMIT:
        raise CannotWrite("its EXIF data is damaged")
    return tiff
