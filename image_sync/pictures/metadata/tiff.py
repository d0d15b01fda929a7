"""TIFF reader, for EXIF, TIFF pictures and most camera RAW files: directories of tagged values.

A reader only, and a bounded one: offsets and counts are taken for what they are, claims of a file.  What of it means a
date is told by ``exif_moments``; ``exif_edit`` uses the same directories to patch a date in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from image_sync.pictures.metadata.dates import Moment, microseconds, offset_minutes, spelled
from image_sync.pictures.metadata.reading import Window

ENTRY_LIMIT = 2000
"""Entries of one directory that are read; the fullest camera directories have some hundreds."""
ENTRY_SIZE = 12
ASCII, LONG = 2, 4
TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_MAGIC = {b"*\0", b"\0*", b"RO", b"RS", b"OR", b"U\0"}
"""TIFF in both byte orders, Olympus ORF (three ways), Panasonic RW2."""
_TEXT_LIMIT = 64


class Tag(IntEnum):
    """The tags that are read."""

    MAKE = 0x010F
    ORIENTATION = 0x0112
    DATE_TIME = 0x0132
    SUB_IFDS = 0x014A
    EXIF_IFD = 0x8769
    GPS_IFD = 0x8825
    GPS_TIME = 0x0007
    GPS_DATE = 0x001D
    DATE_TIME_ORIGINAL = 0x9003
    DATE_TIME_DIGITIZED = 0x9004
    OFFSET_TIME = 0x9010
    OFFSET_TIME_ORIGINAL = 0x9011
    OFFSET_TIME_DIGITIZED = 0x9012
    MAKER_NOTE = 0x927C
    SUBSEC_TIME = 0x9290
    SUBSEC_TIME_ORIGINAL = 0x9291
    SUBSEC_TIME_DIGITIZED = 0x9292
    INTEROPERABILITY_IFD = 0xA005
    DNG_VERSION = 0xC612


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a directory.  ``at`` is where it stands, ``value_at`` where its ``size`` bytes of value stand."""

    tag: int
    type: int
    count: int
    at: int
    value_at: int
    size: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries of a directory by tag (the first of each), as they stand at ``at``; ``following`` is the next one's
    offset, 0 for none and -1 when the file ends before it."""

    at: int
    count: int
    entries: dict[int, Entry]
    following: int


@dataclass(frozen=True, slots=True)
class Tiff:
    """A TIFF structure; offsets count from the start of ``window``."""

    window: Window
    order: str
    first: int

    @classmethod
    def of(cls, window: Window) -> Tiff | None:
        """The structure that begins with the window; ``None`` when it is none."""
        head = window.read(0, 8)
        if len(head) < 8 or head[:2] not in (b"II", b"MM") or head[2:4] not in _MAGIC:
            return None
        order = "little" if head[:2] == b"II" else "big"
        return cls(window, order, window.number(4, 4, order))

    @property
    def byte_order(self) -> str:
        """The byte order as ``struct`` writes it."""
        return "<" if self.order == "little" else ">"

    def directory(self, at: int) -> Directory | None:
        """The directory at ``at``; ``None`` when nothing of one is there."""
        count = self.window.number(at, 2, self.order)
        if at <= 0 or count < 0:
            return None
        taken = min(count, ENTRY_LIMIT)
        data = self.window.read(at + 2, taken * ENTRY_SIZE)
        data = data[: len(data) - len(data) % ENTRY_SIZE]
        entries: dict[int, Entry] = {}
        place = at + 2
        for tag, kind, number, value in struct.iter_unpack(self.byte_order + "HHII", data):
            size = TYPE_SIZES.get(kind, 0) * number
            if tag not in entries:
                entries[tag] = Entry(tag, kind, number, place, value if size > 4 else place + 8, size)
            place += ENTRY_SIZE
        return Directory(at, count, entries, self.window.number(at + 2 + count * ENTRY_SIZE, 4, self.order))

    def directories(self) -> Iterator[Directory]:
        """The main directories in their chain, each once."""
        seen: set[int] = set()
        at = self.first
        while at not in seen and len(seen) < ENTRY_LIMIT:
            seen.add(at)
            directory = self.directory(at)
            if directory is None:
                return
            yield directory
            at = directory.following

    def below(self, directory: Directory | None, tag: Tag) -> Directory | None:
        """The directory that ``tag`` of another one points to."""
        entry = directory.entries.get(tag) if directory else None
        return self.directory(self.number(entry)) if entry else None

    def number(self, entry: Entry | None) -> int:
        """The value of an entry of one short or long; -1 for anything else."""
        if entry is None or entry.count != 1 or entry.type not in (3, 4, 13):
            return -1
        return self.window.number(entry.value_at, entry.size, self.order)

    def numbers(self, entry: Entry | None, limit: int = 1_000_000) -> tuple[int, ...]:
        """The values of an entry of shorts or longs; none for anything else, or when they are not all there."""
        if entry is None or entry.type not in (3, 4, 13) or entry.count > limit:
            return ()
        data = self.window.read(entry.value_at, entry.size)
        if len(data) < entry.size:
            return ()
        return struct.unpack(f"{self.byte_order}{entry.count}{'H' if entry.type == 3 else 'I'}", data)

    def value(self, entry: Entry) -> bytes:
        """The bytes of an entry's value, as far as they are there."""
        return self.window.read(entry.value_at, entry.size)

    def text(self, directory: Directory | None, tag: Tag) -> str:
        """The short text under ``tag``; empty when there is none."""
        entry = directory.entries.get(tag) if directory else None
        if entry is None or entry.type not in (1, ASCII, 7, 129):
            return ""
        return self.window.read(entry.value_at, min(entry.size, _TEXT_LIMIT)).decode("latin-1").split("\0")[0]


@dataclass(frozen=True, slots=True)
class ExifMoments:
    """The dates of an EXIF block: when taken, digitized, last changed; ``None`` for each that is not there.

    ``satellites`` is the date of the position (UTC).
    """

    original: Moment | None = None
    digitized: Moment | None = None
    modified: Moment | None = None
    satellites: Moment | None = None


def exif_moments(window: Window, details: Window | None = None) -> ExifMoments:
    """The dates in the TIFF structure ``window``.

    ``details`` is a structure whose first directory is the EXIF directory, for formats that keep it apart (CR3).
    """
    tiff = Tiff.of(window)
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None:
        return ExifMoments()
    source, inner = _details(tiff, main, details)
    return ExifMoments(
        _moment(source, inner, Tag.DATE_TIME_ORIGINAL, Tag.SUBSEC_TIME_ORIGINAL, Tag.OFFSET_TIME_ORIGINAL)
        or _moment(tiff, main, Tag.DATE_TIME_ORIGINAL, Tag.SUBSEC_TIME_ORIGINAL, Tag.OFFSET_TIME_ORIGINAL),
        _moment(source, inner, Tag.DATE_TIME_DIGITIZED, Tag.SUBSEC_TIME_DIGITIZED, Tag.OFFSET_TIME_DIGITIZED),
        _modified(tiff, main, source, inner),
        _gps_moment(tiff, tiff.below(main, Tag.GPS_IFD)),
    )


def stated_dates(window: Window, details: Window | None = None) -> tuple[str, ...]:
    """The dates of an EXIF block as they are written, believable or not, in the order in which they count."""
    tiff = Tiff.of(window)
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None:
        return ()
    source, inner = _details(tiff, main, details)
    texts = (
        source.text(inner, Tag.DATE_TIME_ORIGINAL),
        source.text(inner, Tag.DATE_TIME_DIGITIZED),
        tiff.text(main, Tag.DATE_TIME),
    )
    return tuple(text for text in texts if text.strip())


def original_date(window: Window, details: Window | None = None) -> str:
    """The date taken of an EXIF block as it is written, believable or not; empty when there is none."""
    tiff = Tiff.of(window)
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None:
        return ""
    source, inner = _details(tiff, main, details)
    return source.text(inner, Tag.DATE_TIME_ORIGINAL) or tiff.text(main, Tag.DATE_TIME_ORIGINAL)


def _details(tiff: Tiff, main: Directory, details: Window | None) -> tuple[Tiff, Directory | None]:
    """The EXIF directory and the structure that it is in."""
    apart = Tiff.of(details) if details else None
    return (apart, apart.directory(apart.first)) if apart else (tiff, tiff.below(main, Tag.EXIF_IFD))


def _gps_moment(tiff: Tiff, position: Directory | None) -> Moment | None:
    """The date and time of a position, in UTC; ``None`` unless both are there."""
    day = spelled(tiff.text(position, Tag.GPS_DATE))
    entry = position.entries.get(Tag.GPS_TIME) if position else None
    if day is None or entry is None or entry.type != 5 or entry.count != 3:
        return None
    data = tiff.value(entry)
    if len(data) < 24:
        return None
    parts = struct.unpack(tiff.byte_order + "6I", data)
    hour, minute, second = (parts[at] // parts[at + 1] if parts[at + 1] else 99 for at in (0, 2, 4))
    if hour > 23 or minute > 59 or second > 59:
        return None
    return Moment(day.when.replace(hour=hour, minute=minute, second=second), universal=True)


def _modified(tiff: Tiff, main: Directory, source: Tiff, inner: Directory | None) -> Moment | None:
    moment = spelled(tiff.text(main, Tag.DATE_TIME))
    return moment and _refined(moment, source, inner, Tag.SUBSEC_TIME, Tag.OFFSET_TIME)


def _moment(tiff: Tiff, directory: Directory | None, tag: Tag, subsec: Tag, offset: Tag) -> Moment | None:
    moment = spelled(tiff.text(directory, tag))
    return moment and _refined(moment, tiff, directory, subsec, offset)


def _refined(moment: Moment, tiff: Tiff, directory: Directory | None, subsec: Tag, offset: Tag) -> Moment:
    """``moment`` with the part of a second and the offset that stand in tags of their own."""
    part = microseconds(tiff.text(directory, subsec))
    minutes = offset_minutes(tiff.text(directory, offset))
    when = moment.when.replace(microsecond=part) if part else moment.when
    return Moment(when, moment.offset if minutes is None else minutes, moment.precision, moment.universal)
